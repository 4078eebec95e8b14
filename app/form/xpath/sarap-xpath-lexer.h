#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TOKEN_END,
  TOKEN_NUMBER,
  TOKEN_LITERAL,
  TOKEN_NAME,     /* QName, prefix:*, or * as a name test */
  TOKEN_OPERATOR, /* and or mod div * and all signs */
  TOKEN_OPEN,
  TOKEN_CLOSE,
  TOKEN_OPEN_BRACKET,
  TOKEN_CLOSE_BRACKET,
  TOKEN_COMMA,
  TOKEN_AT,
  TOKEN_AXIS, /* :: */
  TOKEN_DOT,
  TOKEN_DOT_DOT,
  TOKEN_SLASH,
  TOKEN_SLASH_SLASH,
  TOKEN_VARIABLE,
} TokenKind;

typedef struct
{
  TokenKind kind;
  const char *start;
  gsize length;
  double number;
} Token;

typedef struct
{
  const char *source;
  const char *at;
  Token token; /* the current one */
  Token next;
  gboolean has_next;
  TokenKind before; /* kind of the token before the current one; END at the start */
} Lexer;

void sarap_lexer_init (Lexer *lexer, const char *source);
/* FALSE with @error at a character that begins no token. */
gboolean sarap_lexer_advance (Lexer *lexer, GError **error);
gboolean sarap_lexer_peek (Lexer *lexer, Token *next, GError **error);
gboolean sarap_token_is (const Token *token, const char *text);

G_END_DECLS
