/* Functions on text. Characters are Unicode characters, never bytes.
 *
 *  1. substring() is XPath's: 1-based, rounded. substr(s, start[, end]) is 0-based, end exclusive,
 *     negative counts from the end.
 *  2. regex() matches the whole text.
 *  3. concat() and join() take every node of a node-set.
 */
#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>
#include <string.h>

#define REGEX_MATCH_LIMIT 1000000

typedef struct
{
  Value first, second;
  const char *a, *b;
} Pair;

static gboolean
eval_pair (Eval *eval, const Expr *call, Pair *pair)
{
  return sarap_xpath_eval_text (eval, call->arguments[0], &pair->first, &pair->a) &&
         sarap_xpath_eval_text (eval, call->arguments[1], &pair->second, &pair->b);
}

static void
pair_clear (Pair *pair)
{
  value_clear (&pair->first);
  value_clear (&pair->second);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)
#define PAIR_INIT                      \
  {                                    \
    VALUE_INIT, VALUE_INIT, NULL, NULL \
  }

static gboolean
fn_contains (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Pair) pair = PAIR_INIT;

  if (!eval_pair (eval, call, &pair))
    return FALSE;
  value_set_boolean (result, strstr (pair.a, pair.b) != NULL);
  return TRUE;
}

static gboolean
fn_starts_with (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Pair) pair = PAIR_INIT;

  if (!eval_pair (eval, call, &pair))
    return FALSE;
  value_set_boolean (result, g_str_has_prefix (pair.a, pair.b));
  return TRUE;
}

static gboolean
fn_ends_with (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Pair) pair = PAIR_INIT;

  if (!eval_pair (eval, call, &pair))
    return FALSE;
  value_set_boolean (result, g_str_has_suffix (pair.a, pair.b));
  return TRUE;
}

static gboolean
fn_substring_before (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Pair) pair = PAIR_INIT;
  const char *found;

  if (!eval_pair (eval, call, &pair))
    return FALSE;
  found = strstr (pair.a, pair.b);
  value_take_text (result, g_strndup (pair.a, found ? found - pair.a : 0));
  return TRUE;
}

static gboolean
fn_substring_after (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Pair) pair = PAIR_INIT;
  const char *found;

  if (!eval_pair (eval, call, &pair))
    return FALSE;
  found = strstr (pair.a, pair.b);
  value_take_text (result, g_strdup (found ? found + strlen (pair.b) : ""));
  return TRUE;
}

static double
round_half_up (double number)
{
  return floor (number + 0.5);
}

static char *
copy_characters (const char *text, double from, double to, glong length)
{
  from = MAX (from, 0);
  to = MIN (to, length);
  if (!(from < to))
    return g_strdup ("");
  return g_utf8_substring (text, (glong) from, (glong) to);
}

static gboolean
fn_substring (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Value) value = VALUE_INIT;
  const char *text;
  double start, count = INFINITY;
  glong length;

  if (!sarap_xpath_eval_text (eval, call->arguments[0], &value, &text) ||
      !sarap_xpath_eval_number (eval, call->arguments[1], &start) ||
      (call->n_arguments > 2 && !sarap_xpath_eval_number (eval, call->arguments[2], &count)))
    return FALSE;
  length = g_utf8_strlen (text, -1);
  start = round_half_up (start) - 1;
  value_take_text (result, copy_characters (text, start, start + (isinf (count) ? count : round_half_up (count)), length));
  return TRUE;
}

static gboolean
fn_substr (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Value) value = VALUE_INIT;
  const char *text;
  double start, end;
  glong length;

  if (!sarap_xpath_eval_text (eval, call->arguments[0], &value, &text) || !sarap_xpath_eval_number (eval, call->arguments[1], &start))
    return FALSE;
  length = g_utf8_strlen (text, -1);
  end = length;
  if (call->n_arguments > 2 && !sarap_xpath_eval_number (eval, call->arguments[2], &end))
    return FALSE;
  start = trunc (start);
  end = trunc (end);
  value_take_text (result, copy_characters (text, start < 0 ? start + length : start, end < 0 ? end + length : end, length));
  return TRUE;
}

static gboolean
fn_string_length (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Value) value = VALUE_INIT;
  g_autofree char *owned = NULL;
  const char *text;

  if (call->n_arguments == 0)
    text = sarap_xpath_node_text (eval->node, &owned);
  else if (!sarap_xpath_eval_text (eval, call->arguments[0], &value, &text))
    return FALSE;
  value_set_number (result, g_utf8_strlen (text, -1));
  return TRUE;
}

static gboolean
fn_normalize_space (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Value) value = VALUE_INIT;
  g_autofree char *owned = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  const char *text;

  if (call->n_arguments == 0)
    text = sarap_xpath_node_text (eval->node, &owned);
  else if (!sarap_xpath_eval_text (eval, call->arguments[0], &value, &text))
    return FALSE;
  for (; *text != '\0'; text++)
    {
      gboolean is_space = *text == ' ' || *text == '\t' || *text == '\n' || *text == '\r';

      if (!is_space)
        g_string_append_c (out, *text);
      else if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c (out, ' ');
    }
  if (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  value_take_text (result, g_string_free (g_steal_pointer (&out), FALSE));
  return TRUE;
}

static gboolean
fn_translate (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Pair) pair = PAIR_INIT;
  g_auto (Value) third = VALUE_INIT;
  g_autoptr (GString) out = g_string_new (NULL);
  const char *to;
  glong n_to;

  if (!eval_pair (eval, call, &pair) || !sarap_xpath_eval_text (eval, call->arguments[2], &third, &to))
    return FALSE;
  n_to = g_utf8_strlen (to, -1);
  for (const char *at = pair.a; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);
      const char *found = g_utf8_strchr (pair.b, -1, character);
      glong index = found ? g_utf8_pointer_to_offset (pair.b, found) : -1;

      if (index < 0)
        g_string_append_unichar (out, character);
      else if (index < n_to)
        g_string_append_unichar (out, g_utf8_get_char (g_utf8_offset_to_pointer (to, index)));
    }
  value_take_text (result, g_string_free (g_steal_pointer (&out), FALSE));
  return TRUE;
}

/* Texts of the arguments from @first on, a node-set giving one each. */
static gboolean
append_all (Eval *eval, const Expr *call, guint first, const char *separator, GString *out)
{
  gboolean is_first = TRUE;

  for (guint i = first; i < call->n_arguments; i++)
    {
      g_auto (Value) value = VALUE_INIT;
      guint n;

      if (!sarap_xpath_eval (eval, call->arguments[i], &value))
        return FALSE;
      n = value.type == SARAP_XPATH_NODESET ? value.n_nodes : 1;
      for (guint k = 0; k < n; k++, is_first = FALSE)
        {
          g_autofree char *owned = NULL;

          if (!is_first)
            g_string_append (out, separator);
          g_string_append (out, value.type == SARAP_XPATH_NODESET ? sarap_xpath_node_text (value_nodes (&value)[k], &owned) : value_text (&value));
        }
    }
  return TRUE;
}

static gboolean
fn_concat (Eval *eval, const Expr *call, Value *result)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (!append_all (eval, call, 0, "", out))
    return FALSE;
  value_take_text (result, g_string_free (g_steal_pointer (&out), FALSE));
  return TRUE;
}

static gboolean
fn_join (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Value) value = VALUE_INIT;
  g_autoptr (GString) out = g_string_new (NULL);
  const char *separator;

  if (!sarap_xpath_eval_text (eval, call->arguments[0], &value, &separator) || !append_all (eval, call, 1, separator, out))
    return FALSE;
  value_take_text (result, g_string_free (g_steal_pointer (&out), FALSE));
  return TRUE;
}

static gboolean
fn_regex (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Pair) pair = PAIR_INIT;
  g_autoptr (GRegex) regex = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *whole = NULL;
  gboolean matches;

  if (!eval_pair (eval, call, &pair))
    return FALSE;
  whole = g_strdup_printf ("(*LIMIT_MATCH=%d)^(?:%s)\\z", REGEX_MATCH_LIMIT, pair.b);
  regex = g_regex_new (whole, G_REGEX_DOLLAR_ENDONLY, 0, &error);
  if (regex == NULL)
    return sarap_xpath_fail (eval, "“%s” is no regular expression: %s", pair.b, error->message);
  matches = g_regex_match_full (regex, pair.a, -1, 0, 0, NULL, &error);
  if (error != NULL)
    return sarap_xpath_fail (eval, "“%s” takes too long to match: %s", pair.b, error->message);
  value_set_boolean (result, matches);
  return TRUE;
}

static gboolean
find_digest (const char *name, GChecksumType *type)
{
  static const struct
  {
    const char *name;
    GChecksumType type;
  } types[] = { { "MD5", G_CHECKSUM_MD5 }, { "SHA-1", G_CHECKSUM_SHA1 }, { "SHA-256", G_CHECKSUM_SHA256 }, { "SHA-384", G_CHECKSUM_SHA384 }, { "SHA-512", G_CHECKSUM_SHA512 } };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_ascii_strcasecmp (name, types[i].name) == 0)
      {
        *type = types[i].type;
        return TRUE;
      }
  return FALSE;
}

static gboolean
fn_digest (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Pair) pair = PAIR_INIT;
  g_auto (Value) third = VALUE_INIT;
  g_autoptr (GChecksum) checksum = NULL;
  const char *encoding = "base64";
  GChecksumType type;
  guint8 bytes[64];
  gsize length = sizeof bytes;

  if (!eval_pair (eval, call, &pair) || (call->n_arguments > 2 && !sarap_xpath_eval_text (eval, call->arguments[2], &third, &encoding)))
    return FALSE;
  if (!find_digest (pair.b, &type))
    return sarap_xpath_fail (eval, "digest() knows MD5, SHA-1, SHA-256, SHA-384 and SHA-512, not “%s”", pair.b);
  if (g_ascii_strcasecmp (encoding, "hex") == 0)
    {
      value_take_text (result, g_compute_checksum_for_string (type, pair.a, -1));
      return TRUE;
    }
  if (g_ascii_strcasecmp (encoding, "base64") != 0)
    return sarap_xpath_fail (eval, "digest() writes hex or base64, not “%s”", encoding);
  checksum = g_checksum_new (type);
  g_checksum_update (checksum, (const guchar *) pair.a, -1);
  g_checksum_get_digest (checksum, bytes, &length);
  value_take_text (result, g_base64_encode (bytes, length));
  return TRUE;
}

static gboolean
fn_base64_decode (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Value) value = VALUE_INIT;
  g_autofree guchar *bytes = NULL;
  const char *text;
  gsize length;

  if (!sarap_xpath_eval_text (eval, call->arguments[0], &value, &text))
    return FALSE;
  bytes = g_base64_decode (text, &length);
  value_take_text (result, g_utf8_make_valid ((const char *) bytes, length));
  return TRUE;
}

const Function sarap_xpath_text_functions[] = {
  { "contains", 2, 2, fn_contains },
  { "starts-with", 2, 2, fn_starts_with },
  { "ends-with", 2, 2, fn_ends_with },
  { "substring-before", 2, 2, fn_substring_before },
  { "substring-after", 2, 2, fn_substring_after },
  { "substring", 2, 3, fn_substring },
  { "substr", 2, 3, fn_substr },
  { "string-length", 0, 1, fn_string_length },
  { "normalize-space", 0, 1, fn_normalize_space },
  { "translate", 3, 3, fn_translate },
  { "concat", 0, -1, fn_concat },
  { "join", 1, -1, fn_join },
  { "regex", 2, 2, fn_regex },
  { "digest", 2, 3, fn_digest },
  { "base64-decode", 1, 1, fn_base64_decode },
  { NULL },
};
