#include "app/form/xpath/sarap-xpath-private.h"

#include <string.h>

/* 1. Section 3.7 of XPath 1.0: after an operand, `*` multiplies and a name is an operator. There
 *    no other name can stand, so `1or1` and `5 mod2` need no spaces.
 * 2. A name may hold `-` and `.`: `a-b` is one name, `a - b` a difference.
 * 3. Beyond ASCII, names are made of what XML 1.0, fifth edition, section 2.3, allows.
 * 4. Positions in messages count characters, not bytes, from 1. */

static const struct
{
  const char *text;
  XPathOperator operator;
} symbols[] = {
  { "!=", XPATH_UNEQUAL },
  { "<=", XPATH_LESS_OR_EQUAL },
  { ">=", XPATH_GREATER_OR_EQUAL },
  { "=", XPATH_EQUAL },
  { "<", XPATH_LESS },
  { ">", XPATH_GREATER },
  { "+", XPATH_PLUS },
  { "-", XPATH_MINUS },
  { "|", XPATH_UNION },
},
  words[] = {
    { "*", XPATH_TIMES },
    { "or", XPATH_OR },
    { "and", XPATH_AND },
    { "div", XPATH_DIV },
    { "mod", XPATH_MOD },
  };

static const char *const punctuation[] = { "//", "/", "..", ".", "::", "(", ")", "[", "]", "@", "," };

/* Beyond ASCII; a name may begin with those of the first table. */
static const struct
{
  gunichar first;
  gunichar last;
} name_starts[] = { { 0xC0, 0xD6 }, { 0xD8, 0xF6 }, { 0xF8, 0x2FF }, { 0x370, 0x37D }, { 0x37F, 0x1FFF }, { 0x200C, 0x200D }, { 0x2070, 0x218F }, { 0x2C00, 0x2FEF }, { 0x3001, 0xD7FF }, { 0xF900, 0xFDCF }, { 0xFDF0, 0xFFFD }, { 0x10000, 0xEFFFF } },
  name_rests[] = { { 0xB7, 0xB7 }, { 0x300, 0x36F }, { 0x203F, 0x2040 } };

static gboolean
is_name_start (const char *at)
{
  gunichar character;

  if ((*at & 0x80) == 0)
    return g_ascii_isalpha (*at) || *at == '_';
  character = g_utf8_get_char (at);
  for (gsize i = 0; i < G_N_ELEMENTS (name_starts); i++)
    if (character >= name_starts[i].first && character <= name_starts[i].last)
      return TRUE;
  return FALSE;
}

static gboolean
is_name_character (const char *at)
{
  gunichar character;

  if ((*at & 0x80) == 0)
    return g_ascii_isalnum (*at) || *at == '_' || *at == '-' || *at == '.';
  character = g_utf8_get_char (at);
  for (gsize i = 0; i < G_N_ELEMENTS (name_rests); i++)
    if (character >= name_rests[i].first && character <= name_rests[i].last)
      return TRUE;
  return is_name_start (at);
}

static const char *
skip_name (const char *at)
{
  while (is_name_character (at))
    at = g_utf8_next_char (at);
  return at;
}

static void
finish (XPathLexer *self, XPathToken *token, XPathTokenKind kind, const char *end)
{
  token->kind = kind;
  token->length = end - token->start;
  self->at = end;
}

static void
read_number (XPathLexer *self, XPathToken *token)
{
  const char *end = self->at;
  g_autofree char *text = NULL;

  while (g_ascii_isdigit (*end))
    end++;
  if (*end == '.')
    end++;
  while (g_ascii_isdigit (*end))
    end++;
  text = g_strndup (self->at, end - self->at);
  if (!xpath_text_to_plain_number (text, &token->number))
    token->number = g_ascii_strtod (text, NULL);
  finish (self, token, XPATH_TOKEN_NUMBER, end);
}

static gboolean
read_literal (XPathLexer *self, XPathToken *token, GError **error)
{
  const char *end = strchr (self->at + 1, *self->at);

  if (end == NULL)
    {
      g_set_error (error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_SYNTAX, "the text that begins at character %u has no closing %c", token->position, *self->at);
      return FALSE;
    }
  token->start = self->at + 1;
  finish (self, token, XPATH_TOKEN_LITERAL, end);
  self->at = end + 1;
  return TRUE;
}

static void
read_name (XPathLexer *self, XPathToken *token)
{
  const char *end = *self->at == '*' ? self->at + 1 : skip_name (self->at);

  if (*end == ':' && *self->at != '*')
    {
      if (is_name_start (end + 1))
        end = skip_name (end + 1);
      else if (end[1] == '*')
        end += 2;
    }
  finish (self, token, XPATH_TOKEN_NAME, end);
}

/* Inline: it is asked for every sign of every expression. */
static inline gboolean
begins_with (const char *at, const char *text)
{
  while (*text != '\0' && *at == *text)
    {
      at++;
      text++;
    }
  return *text == '\0';
}

static gboolean
read_word_operator (XPathLexer *self, XPathToken *token)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (begins_with (self->at, words[i].text))
      {
        token->operator= words[i].operator;
        finish (self, token, XPATH_TOKEN_OPERATOR, self->at + strlen (words[i].text));
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_symbol (XPathLexer *self, XPathToken *token)
{
  for (gsize i = 0; i < G_N_ELEMENTS (symbols); i++)
    if (begins_with (self->at, symbols[i].text))
      {
        token->operator= symbols[i].operator;
        finish (self, token, XPATH_TOKEN_OPERATOR, self->at + strlen (symbols[i].text));
        return TRUE;
      }
  for (gsize i = 0; i < G_N_ELEMENTS (punctuation); i++)
    if (begins_with (self->at, punctuation[i]))
      {
        finish (self, token, XPATH_TOKEN_PUNCTUATION, self->at + strlen (punctuation[i]));
        return TRUE;
      }
  return FALSE;
}

static gboolean
ends_operand (const XPathToken *token)
{
  if (token->kind == XPATH_TOKEN_PUNCTUATION)
    return *token->start == ')' || *token->start == ']' || *token->start == '.';
  return token->kind == XPATH_TOKEN_NUMBER || token->kind == XPATH_TOKEN_LITERAL || token->kind == XPATH_TOKEN_NAME;
}

static gboolean
read_token (XPathLexer *self, XPathToken *token, GError **error)
{
  if (*self->at == '\0')
    finish (self, token, XPATH_TOKEN_END, self->at);
  else if (*self->at == '"' || *self->at == '\'')
    return read_literal (self, token, error);
  else if (g_ascii_isdigit (*self->at) || (*self->at == '.' && g_ascii_isdigit (self->at[1])))
    read_number (self, token);
  else if (self->after_operand && read_word_operator (self, token))
    return TRUE;
  else if (is_name_start (self->at) || *self->at == '*')
    read_name (self, token);
  else if (!read_symbol (self, token))
    {
      g_set_error (error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_SYNTAX, "“%.*s” at character %u cannot stand in an expression",
                   (int) (g_utf8_next_char (self->at) - self->at), self->at, token->position);
      return FALSE;
    }
  return TRUE;
}

/* The next token; at the end XPATH_TOKEN_END again and again. FALSE: no token can begin here. */
gboolean
xpath_lexer_next (XPathLexer *self, XPathToken *token, GError **error)
{
  const char *start = self->at + strspn (self->at, " \t\r\n");

  self->position += start - self->at;
  token->start = self->at = start;
  token->position = self->position;
  if (!read_token (self, token, error))
    return FALSE;
  self->position += g_utf8_strlen (start, self->at - start);
  self->after_operand = ends_operand (token);
  return TRUE;
}
