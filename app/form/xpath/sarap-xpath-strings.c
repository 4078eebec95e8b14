#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>
#include <string.h>

/* 1. Characters are Unicode characters, not bytes or UTF-16 units.
 * 2. substring() counts from 1 and rounds (XPath 1.0, 4.2); substr() counts from 0, its end is
 *    exclusive, negative positions count from the end.
 * 3. concat() and join() take each node of a node-set.
 * 4. regex() must match the whole text; a pattern that needs too many steps is an error. Patterns
 *    are written for Java, whose \p{IsX} is \p{X} here. */

#define SPACES " \t\r\n"
#define MATCH_LIMIT "(*LIMIT_MATCH=1000000)(*LIMIT_DEPTH=100000)"

gboolean
xpath_call_string (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  if (call->call.n == 0)
    {
      if (focus->node == NULL)
        return xpath_fail (self, call, "%s() has no node to read", call->call.name);
      xpath_node_text (self, focus->node, result);
      return TRUE;
    }
  return xpath_argument_text (self, call, 0, focus, result) != NULL;
}

/* concat and join */
typedef struct
{
  GString *text;
  const char *separator;
  gboolean is_started;
} Joint;

static gboolean
append_joined (XPathEvaluator *self, XPathValue *value, gpointer data)
{
  Joint *joint = data;

  if (joint->is_started)
    g_string_append (joint->text, joint->separator);
  g_string_append (joint->text, xpath_to_text (self, value));
  joint->is_started = TRUE;
  return TRUE;
}

static gboolean
join_arguments (XPathEvaluator *self, const XPathExpr *call, guint first, const XPathFocus *focus, const char *separator, XPathValue *result)
{
  g_autoptr (GString) text = g_string_new (NULL);
  Joint joint = { text, separator, FALSE };

  if (!xpath_arguments_foreach (self, call, first, focus, append_joined, &joint))
    return FALSE;
  xpath_value_take_text (result, g_string_free (g_steal_pointer (&text), FALSE));
  return TRUE;
}

gboolean
xpath_call_concat (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  return join_arguments (self, call, 0, focus, "", result);
}

gboolean
xpath_call_join (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) holder = XPATH_VALUE_INIT;
  const char *separator = xpath_argument_text (self, call, 0, focus, &holder);

  return separator != NULL && join_arguments (self, call, 1, focus, separator, result);
}

/* Searching */
static gboolean
read_two (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *first, XPathValue *second)
{
  return xpath_argument_text (self, call, 0, focus, first) != NULL && xpath_argument_text (self, call, 1, focus, second) != NULL;
}

typedef gboolean (*TextTest) (const char *text, const char *part);

static gboolean
test_two (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, TextTest test, XPathValue *result)
{
  g_auto (XPathValue) text = XPATH_VALUE_INIT;
  g_auto (XPathValue) part = XPATH_VALUE_INIT;

  if (!read_two (self, call, focus, &text, &part))
    return FALSE;
  xpath_value_set_boolean (result, test (text.text, part.text));
  return TRUE;
}

gboolean
xpath_call_starts_with (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  return test_two (self, call, focus, g_str_has_prefix, result);
}

gboolean
xpath_call_ends_with (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  return test_two (self, call, focus, g_str_has_suffix, result);
}

static gboolean
has_part (const char *text, const char *part)
{
  return strstr (text, part) != NULL;
}

gboolean
xpath_call_contains (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  return test_two (self, call, focus, has_part, result);
}

gboolean
xpath_call_substring_before (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) text = XPATH_VALUE_INIT;
  g_auto (XPathValue) part = XPATH_VALUE_INIT;
  const char *found;

  if (!read_two (self, call, focus, &text, &part))
    return FALSE;
  found = strstr (text.text, part.text);
  xpath_value_take_text (result, g_strndup (text.text, found ? found - text.text : 0));
  return TRUE;
}

gboolean
xpath_call_substring_after (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) text = XPATH_VALUE_INIT;
  g_auto (XPathValue) part = XPATH_VALUE_INIT;
  const char *found;

  if (!read_two (self, call, focus, &text, &part))
    return FALSE;
  found = strstr (text.text, part.text);
  xpath_value_take_text (result, g_strdup (found ? found + strlen (part.text) : ""));
  return TRUE;
}

/* Cutting. @start and @end count characters from 0, within the text. */
static void
cut (XPathValue *result, const char *text, glong start, glong end)
{
  const char *first = g_utf8_offset_to_pointer (text, start);

  xpath_value_take_text (result, end <= start ? g_strdup ("") : g_strndup (first, g_utf8_offset_to_pointer (first, end - start) - first));
}

/* Half toward +infinity, as round() of XPath 1.0. */
static double
round_position (double position)
{
  return floor (position + 0.5);
}

gboolean
xpath_call_substring (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) holder = XPATH_VALUE_INIT;
  const char *text = xpath_argument_text (self, call, 0, focus, &holder);
  double start, length = INFINITY, end, n;

  if (text == NULL || !xpath_argument_number (self, call, 1, focus, &start))
    return FALSE;
  if (call->call.n == 3 && !xpath_argument_number (self, call, 2, focus, &length))
    return FALSE;
  n = g_utf8_strlen (text, -1);
  end = round_position (start) + round_position (length);
  start = round_position (start);
  if (isnan (start) || isnan (end))
    xpath_value_borrow_text (result, "");
  else
    cut (result, text, (glong) CLAMP (start - 1, 0, n), (glong) CLAMP (end - 1, 0, n));
  return TRUE;
}

static glong
place_of (double position, glong length)
{
  position = isnan (position) ? 0 : trunc (position);
  if (position < 0)
    position += length;
  return (glong) CLAMP (position, 0, (double) length);
}

gboolean
xpath_call_substr (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) holder = XPATH_VALUE_INIT;
  const char *text = xpath_argument_text (self, call, 0, focus, &holder);
  double start, end = INFINITY;
  glong length;

  if (text == NULL || !xpath_argument_number (self, call, 1, focus, &start))
    return FALSE;
  if (call->call.n == 3 && !xpath_argument_number (self, call, 2, focus, &end))
    return FALSE;
  length = g_utf8_strlen (text, -1);
  cut (result, text, place_of (start, length), place_of (end, length));
  return TRUE;
}

gboolean
xpath_call_string_length (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  if (!xpath_call_string (self, call, focus, result))
    return FALSE;
  xpath_value_set_number (result, g_utf8_strlen (result->text, -1));
  return TRUE;
}

gboolean
xpath_call_normalize_space (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (!xpath_call_string (self, call, focus, result))
    return FALSE;
  for (const char *at = result->text + strspn (result->text, SPACES); *at != '\0';)
    {
      gsize length = strcspn (at, SPACES);

      g_string_append_printf (text, "%s%.*s", text->len ? " " : "", (int) length, at);
      at += length;
      at += strspn (at, SPACES);
    }
  xpath_value_take_text (result, g_string_free (g_steal_pointer (&text), FALSE));
  return TRUE;
}

gboolean
xpath_call_translate (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) text = XPATH_VALUE_INIT;
  g_auto (XPathValue) from = XPATH_VALUE_INIT;
  g_auto (XPathValue) to = XPATH_VALUE_INIT;
  g_autoptr (GString) out = g_string_new (NULL);
  glong n_to;

  if (!read_two (self, call, focus, &text, &from) || xpath_argument_text (self, call, 2, focus, &to) == NULL)
    return FALSE;
  n_to = g_utf8_strlen (to.text, -1);
  for (const char *at = text.text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);
      const char *found = g_utf8_strchr (from.text, -1, character);
      glong index = found ? g_utf8_pointer_to_offset (from.text, found) : 0;

      if (found == NULL)
        g_string_append_unichar (out, character);
      else if (index < n_to)
        g_string_append_unichar (out, g_utf8_get_char (g_utf8_offset_to_pointer (to.text, index)));
    }
  xpath_value_take_text (result, g_string_free (g_steal_pointer (&out), FALSE));
  return TRUE;
}

/* Patterns */
static GRegex *
compile_pattern (const char *pattern, GError **error)
{
  g_autoptr (GString) text = g_string_new (MATCH_LIMIT "\\A(?:");

  g_string_append (text, pattern);
  g_string_append (text, ")\\z");
  g_string_replace (text, "\\p{Is", "\\p{", 0);
  g_string_replace (text, "\\P{Is", "\\P{", 0);
  return g_regex_new (text->str, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, error);
}

gboolean
xpath_call_regex (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) text = XPATH_VALUE_INIT;
  g_auto (XPathValue) pattern = XPATH_VALUE_INIT;
  g_autoptr (GRegex) regex = NULL;
  g_autoptr (GError) error = NULL;
  gboolean matches;

  if (!read_two (self, call, focus, &text, &pattern))
    return FALSE;
  regex = compile_pattern (pattern.text, &error);
  if (regex == NULL)
    return xpath_fail (self, call, "the pattern “%s” of regex() is wrong: %s", pattern.text, error->message);
  matches = g_regex_match_full (regex, text.text, -1, 0, G_REGEX_MATCH_DEFAULT, NULL, &error);
  if (error != NULL)
    return xpath_fail (self, call, "the pattern “%s” of regex() needs too many steps", pattern.text);
  xpath_value_set_boolean (result, matches);
  return TRUE;
}
