/* Tokens of XPath 1.0, section 3.7:
 *
 *  1. If there is a token before and it is none of @ :: ( [ , or an operator, then * multiplies
 *     and and, or, mod, div are operators.
 *  2. A name may hold letters, digits, - _ . and one colon between two names.
 */
#include "app/form/xpath/sarap-xpath-lexer.h"

#include <string.h>

#include "app/form/xpath/sarap-xpath.h"

void
sarap_lexer_init (Lexer *lexer, const char *source)
{
  memset (lexer, 0, sizeof *lexer);
  lexer->source = lexer->at = source;
}

gboolean
sarap_token_is (const Token *token, const char *text)
{
  return token->length == strlen (text) && strncmp (token->start, text, token->length) == 0;
}

static gboolean
is_name_start (const char *at)
{
  return g_ascii_isalpha (*at) || *at == '_' || (guchar) *at >= 0x80;
}

static gboolean
is_name_part (const char *at)
{
  return is_name_start (at) || g_ascii_isdigit (*at) || *at == '-' || *at == '.';
}

/* Rule 1. */
static gboolean
operator_may_follow (TokenKind before)
{
  return before != TOKEN_END && before != TOKEN_AT && before != TOKEN_AXIS && before != TOKEN_OPEN &&
         before != TOKEN_OPEN_BRACKET && before != TOKEN_COMMA && before != TOKEN_OPERATOR &&
         before != TOKEN_SLASH && before != TOKEN_SLASH_SLASH;
}

static void
take (Lexer *lexer, Token *token, TokenKind kind, gsize length)
{
  token->kind = kind;
  token->start = lexer->at;
  token->length = length;
  lexer->at += length;
}

static gboolean
take_literal (Lexer *lexer, Token *token, GError **error)
{
  const char *end = strchr (lexer->at + 1, *lexer->at);

  if (end == NULL)
    {
      g_set_error (error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_SYNTAX, "position %u: the text that begins here has no closing quote",
                   (guint) (lexer->at - lexer->source) + 1);
      return FALSE;
    }
  take (lexer, token, TOKEN_LITERAL, end - lexer->at + 1);
  token->start++;
  token->length -= 2;
  return TRUE;
}

static void
take_number (Lexer *lexer, Token *token)
{
  const char *end = lexer->at;
  g_autofree char *digits = NULL;

  while (g_ascii_isdigit (*end))
    end++;
  if (*end == '.')
    for (end++; g_ascii_isdigit (*end); end++)
      ;
  digits = g_strndup (lexer->at, end - lexer->at);
  token->number = g_ascii_strtod (digits, NULL);
  take (lexer, token, TOKEN_NUMBER, end - lexer->at);
}

static void
take_name (Lexer *lexer, Token *token, TokenKind before)
{
  const char *end = lexer->at;

  while (is_name_part (end))
    end++;
  if (*end == ':' && end[1] == '*')
    end += 2;
  else if (*end == ':' && end[1] != ':' && is_name_start (end + 1))
    for (end++; is_name_part (end); end++)
      ;
  take (lexer, token, TOKEN_NAME, end - lexer->at);
  if (operator_may_follow (before) && (sarap_token_is (token, "and") || sarap_token_is (token, "or") || sarap_token_is (token, "mod") || sarap_token_is (token, "div")))
    token->kind = TOKEN_OPERATOR;
}

static gboolean
take_sign (Lexer *lexer, Token *token, TokenKind before)
{
  static const struct
  {
    const char *text;
    TokenKind kind;
  } signs[] = {
    { "::", TOKEN_AXIS },
    { "..", TOKEN_DOT_DOT },
    { "//", TOKEN_SLASH_SLASH },
    { "!=", TOKEN_OPERATOR },
    { "<=", TOKEN_OPERATOR },
    { ">=", TOKEN_OPERATOR },
    { "(", TOKEN_OPEN },
    { ")", TOKEN_CLOSE },
    { "[", TOKEN_OPEN_BRACKET },
    { "]", TOKEN_CLOSE_BRACKET },
    { ",", TOKEN_COMMA },
    { "@", TOKEN_AT },
    { ".", TOKEN_DOT },
    { "/", TOKEN_SLASH },
    { "=", TOKEN_OPERATOR },
    { "<", TOKEN_OPERATOR },
    { ">", TOKEN_OPERATOR },
    { "+", TOKEN_OPERATOR },
    { "-", TOKEN_OPERATOR },
    { "|", TOKEN_OPERATOR },
  };

  if (*lexer->at == '*')
    {
      take (lexer, token, operator_may_follow (before) ? TOKEN_OPERATOR : TOKEN_NAME, 1);
      return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (g_str_has_prefix (lexer->at, signs[i].text))
      {
        take (lexer, token, signs[i].kind, strlen (signs[i].text));
        return TRUE;
      }
  return FALSE;
}

static gboolean
scan (Lexer *lexer, Token *token, TokenKind before, GError **error)
{
  while (*lexer->at == ' ' || *lexer->at == '\t' || *lexer->at == '\n' || *lexer->at == '\r')
    lexer->at++;
  if (*lexer->at == '\0')
    take (lexer, token, TOKEN_END, 0);
  else if (*lexer->at == '"' || *lexer->at == '\'')
    return take_literal (lexer, token, error);
  else if (g_ascii_isdigit (*lexer->at) || (*lexer->at == '.' && g_ascii_isdigit (lexer->at[1])))
    take_number (lexer, token);
  else if (*lexer->at == '$' && is_name_start (lexer->at + 1))
    {
      lexer->at++;
      take_name (lexer, token, TOKEN_END);
      token->kind = TOKEN_VARIABLE;
    }
  else if (is_name_start (lexer->at))
    take_name (lexer, token, before);
  else if (!take_sign (lexer, token, before))
    {
      g_set_error (error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_SYNTAX, "position %u: unexpected character “%.*s”",
                   (guint) (lexer->at - lexer->source) + 1, (int) (g_utf8_next_char (lexer->at) - lexer->at), lexer->at);
      return FALSE;
    }
  return TRUE;
}

gboolean
sarap_lexer_advance (Lexer *lexer, GError **error)
{
  TokenKind before = lexer->token.start ? lexer->token.kind : TOKEN_END;

  lexer->before = before;
  if (lexer->has_next)
    {
      lexer->token = lexer->next;
      lexer->has_next = FALSE;
      return TRUE;
    }
  return scan (lexer, &lexer->token, before, error);
}

gboolean
sarap_lexer_peek (Lexer *lexer, Token *next, GError **error)
{
  if (!lexer->has_next)
    {
      if (!scan (lexer, &lexer->next, lexer->token.kind, error))
        return FALSE;
      lexer->has_next = TRUE;
    }
  *next = lexer->next;
  return TRUE;
}
