#include "app/base/sarap-json.h"

#include "app/base/sarap-problem.h"

#include <string.h>

static JsonNode *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return sarap_json_parse (bytes, "list.json", error);
}

/* @n times @open, then @n times @close. */
static char *
nested (const char *open, const char *close, guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (text, open);
  g_string_append (text, "1");
  for (guint i = 0; i < n; i++)
    g_string_append (text, close);
  return g_string_free (text, FALSE);
}

static void
assert_depth (const char *open, const char *close, guint n, gboolean is_allowed)
{
  g_autofree char *text = nested (open, close, n);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = parse (text, &error);

  if (is_allowed)
    {
      g_assert_no_error (error);
      return;
    }
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, "list.json"));
  g_assert_nonnull (strstr (error->message, "deeper than 100"));
}

static void
depth_is_limited (void)
{
  assert_depth ("[", "]", 99, TRUE);
  assert_depth ("[", "]", 100, TRUE);
  assert_depth ("[", "]", 101, FALSE);
  assert_depth ("[", "]", 1000000, FALSE);
  assert_depth ("{\"a\":", "}", 100, TRUE);
  assert_depth ("{\"a\":", "}", 101, FALSE);
}

static void
brackets_in_strings_do_not_nest (void)
{
  g_autofree char *brackets = g_strnfill (5000, '[');
  g_autofree char *text = g_strconcat ("[\"\\\"", brackets, "\\\\\", 1]", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = parse (text, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (root)), ==, 2);
}

/* json-glib skips comments: a quote in one would hide all brackets behind it. */
static void
comments_are_refused (void)
{
  g_autofree char *brackets = g_strnfill (1000000, '[');
  static const char *const hidden[] = { "/*\"*/", "//\"\n" };

  for (guint i = 0; i < G_N_ELEMENTS (hidden); i++)
    {
      g_autofree char *text = g_strconcat (hidden[i], brackets, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (text, &error));
      g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT);
    }
}

static void
other_types_count_as_absent (void)
{
  g_autoptr (JsonNode) root = parse ("{\"a\": null, \"b\": [], \"c\": {}, \"d\": 1, \"e\": \"x\"}", NULL);
  JsonObject *object = sarap_json_peek_root (root);

  for (const char *name = "abcd"; *name != '\0'; name++)
    {
      const char member[2] = { *name, '\0' };

      g_assert_null (sarap_json_peek_string (object, member));
    }
  g_assert_cmpstr (sarap_json_peek_string (object, "e"), ==, "x");
  g_assert_cmpint (sarap_json_peek_int (object, "e", 7), ==, 7);
  g_assert_null (sarap_json_peek_array (object, "c"));
  g_assert_false (sarap_json_peek_boolean (object, "d"));
}

static void
what_is_no_json_is_refused (void)
{
  static const char *const texts[] = { "", " ", "{", "[1,", "\xff", "\"\xed\xa0\x80\"", "{\"a\" 1}" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (texts[i], &error));
      g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED);
    }
}

static void
numbers_print_exactly (void)
{
  static const double numbers[] = { 1e20, -1e-7, 1e300, 5e-324, 0.1, 110, 1.5e21, 0 };
  g_autoptr (JsonNode) root = json_node_alloc ();
  g_autoptr (JsonArray) array = json_array_new ();
  g_autoptr (JsonNode) back = NULL;
  g_autofree char *text = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    json_array_add_double_element (array, numbers[i]);
  json_array_add_string_element (array, "1e+20.0 \\\" 1e+20.0");
  json_node_init_array (root, array);
  text = sarap_json_print (root, FALSE);
  g_assert_true (g_str_has_prefix (text, "[1e+20,"));
  g_assert_true (g_str_has_suffix (text, "1e+20.0\"]"));
  back = parse (text, NULL);
  g_assert_nonnull (back);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_assert_cmpfloat (json_array_get_double_element (json_node_get_array (back), i), ==, numbers[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/json/depth-is-limited", depth_is_limited);
  g_test_add_func ("/base/json/brackets-in-strings-do-not-nest", brackets_in_strings_do_not_nest);
  g_test_add_func ("/base/json/comments-are-refused", comments_are_refused);
  g_test_add_func ("/base/json/other-types-count-as-absent", other_types_count_as_absent);
  g_test_add_func ("/base/json/what-is-no-json-is-refused", what_is_no_json_is_refused);
  g_test_add_func ("/base/json/numbers-print-exactly", numbers_print_exactly);
  return g_test_run ();
}
