#include "tests/form/xpath-support.h"

static const char document[] = "<data><a-b>7</a-b><a>5</a><b>2</b><empty/></data>";

static void
test_operators_bind (void)
{
  g_auto (Fixture) fixture = { 0 };

  xpath_fixture_set_up (&fixture, document, "UTC");
  xpath_assert_text (&fixture, "2 + 3 * 4 - 6 div 2", "11");
  xpath_assert_text (&fixture, "7 mod 4 = 3 and not(1 > 2)", "true");
  xpath_assert_text (&fixture, "- - 4 - -1", "5");
  xpath_assert_text (&fixture, "8 div 4 div 2", "1");
  xpath_assert_text (&fixture, "-7 mod 3", "-1");
}

static void
test_names_hold_minus_signs (void)
{
  g_auto (Fixture) fixture = { 0 };

  xpath_fixture_set_up (&fixture, document, "UTC");
  xpath_assert_text (&fixture, "a-b", "7");
  xpath_assert_text (&fixture, "a -b", "3");
  xpath_assert_text (&fixture, "a*b", "10");
  xpath_assert_text (&fixture, "3mod2", "1");
  xpath_assert_text (&fixture, "count(*)", "4");
}

static void
test_errors_name_the_place (void)
{
  static const struct
  {
    const char *expression;
    const char *place;
  } cases[] = {
    { "1 + ", "character 5" },
    { "'жол' = )", "character 9" },
    { "1 + “2”", "character 5" },
    { "if(1, 2", "character 8" },
    { "a[1", "character 4" },
    { "concat('x", "character 8" },
    { "sideways::a", "character 1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SarapXPath) xpath = sarap_xpath_compile (cases[i].expression, NULL, &error);

      g_assert_null (xpath);
      g_assert_error (error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_SYNTAX);
      g_test_message ("%s: %s", cases[i].expression, error->message);
      g_assert_nonnull (strstr (error->message, cases[i].place));
    }
}

/* @n times @open, then "1", then @n times @close. */
static char *
nest (const char *open, const char *close, guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (text, open);
  g_string_append_c (text, '1');
  for (guint i = 0; i < n; i++)
    g_string_append (text, close);
  return g_string_free (text, FALSE);
}

static void
assert_depth (const char *open, const char *close, guint n, gboolean is_allowed)
{
  g_autofree char *text = nest (open, close, n);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapXPath) xpath = sarap_xpath_compile (text, NULL, &error);

  if (is_allowed)
    g_assert_no_error (error);
  else
    g_assert_error (error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_LIMIT);
}

static void
test_depth_is_limited (void)
{
  static const char *const pairs[][2] = { { "(", ")" }, { "abs(", ")" }, { "a[", "]" } };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      assert_depth (pairs[i][0], pairs[i][1], 63, TRUE);
      assert_depth (pairs[i][0], pairs[i][1], 64, TRUE);
      assert_depth (pairs[i][0], pairs[i][1], 65, FALSE);
      assert_depth (pairs[i][0], pairs[i][1], 10000, FALSE);
    }
}

static void
test_length_is_limited (void)
{
  g_autofree char *most = g_strnfill (65536, ' ');
  g_autofree char *more = g_strnfill (65537, ' ');
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapXPath) xpath = NULL;

  most[0] = more[0] = '1';
  xpath = sarap_xpath_compile (most, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (xpath);
  g_assert_null (sarap_xpath_compile (more, NULL, &error));
  g_assert_error (error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_LIMIT);
}

static void
test_length_is_not_depth (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GString) sum = g_string_new ("0"), signs = g_string_new (NULL), steps = g_string_new (".");

  xpath_fixture_set_up (&fixture, document, "UTC");
  while (sum->len < 65000)
    g_string_append (sum, sum->len % 4 == 1 ? "+1" : "-1");
  while (signs->len < 65000)
    g_string_append (signs, "--");
  g_string_append (signs, "3");
  while (steps->len < 65000)
    g_string_append (steps, "/.");
  g_string_append (steps, "/a");
  xpath_assert_text (&fixture, sum->str, "0");
  xpath_assert_text (&fixture, signs->str, "3");
  xpath_assert_text (&fixture, steps->str, "5");
}

static void
test_unknown_functions_wait (void)
{
  g_auto (Fixture) fixture = { 0 };

  xpath_fixture_set_up (&fixture, document, "UTC");
  xpath_assert_text (&fixture, "if(true(), 1, nonsense(3))", "1");
  xpath_assert_text (&fixture, "false() and substr()", "false");
  xpath_assert_fails (&fixture, "if(false(), 1, nonsense(3))", SARAP_XPATH_ERROR_FUNCTION);
  xpath_assert_fails (&fixture, "true() and substr()", SARAP_XPATH_ERROR_FUNCTION);
}

static void
test_broken_calls_are_found (void)
{
  static const struct
  {
    const char *expression;
    const char *problem;
  } cases[] = {
    { "if(true(), 1, 2 + nonsense(3))", "there is no function nonsense() (character 19)" },
    { "a[selecte(., 'x')]", "there is no function selecte() (character 3); is selected() meant?" },
    { "'ж' = Count-Select(a)", "there is no function Count-Select() (character 7); is count-selected() meant?" },
    { "jr:choicename(a, 'b')", "there is no function jr:choicename() (character 1); is jr:choice-name() meant?" },
    { "extract-signed(a, 'key')", "extract-signed() is not supported (character 1): signed values cannot be checked here" },
    { "x()", "there is no function x() (character 1)" },
    { "a[not()]", "not() cannot have 0 arguments, it needs 1 (character 3)" },
    { "count(a) + substr('x')", "substr() cannot have 1 arguments, it needs 2 to 3 (character 12)" },
    { "if(1, 2)", "if() cannot have 2 arguments, it needs 3 (character 1)" },
    { "coalesce()", "coalesce() cannot have 0 arguments, it needs 1 or more (character 1)" },
    { "weighted-checklist(1, 2, a)", "weighted-checklist() cannot have 3 arguments, it needs 2 or more, an even number (character 1)" },
    { "indexed-repeat(a, b, 1, c)", "indexed-repeat() cannot have 4 arguments, it needs 3 or more, an odd number (character 1)" },
    { "concat(a, 1, today(), pow(2, 3))", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SarapXPath) xpath = sarap_xpath_compile (cases[i].expression, NULL, NULL);
      g_autofree char *problem = sarap_xpath_dup_broken_call (xpath);

      g_assert_cmpstr (problem, ==, cases[i].problem);
    }
}

static double
evaluate_with_namespaces (SarapTree *tree, const char *expression, GHashTable *namespaces)
{
  g_autoptr (SarapXPath) xpath = sarap_xpath_compile (expression, namespaces, NULL);
  SarapXPathContext context = { .node = sarap_tree_get_root (tree) };
  double number = -1;

  g_assert_true (sarap_xpath_evaluate_number (xpath, &context, &number, NULL));
  return number;
}

static void
test_namespaces (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GHashTable) namespaces = g_hash_table_new (g_str_hash, g_str_equal);

  xpath_fixture_set_up (&fixture, "<d xmlns='urn:one' xmlns:t='urn:two'><x>1</x><t:x>2</t:x></d>", "UTC");
  g_hash_table_insert (namespaces, (gpointer) "two", (gpointer) "urn:two");
  g_assert_cmpfloat (evaluate_with_namespaces (fixture.tree, "count(x)", namespaces), ==, 0);
  g_assert_cmpfloat (evaluate_with_namespaces (fixture.tree, "two:x", namespaces), ==, 2);
  g_hash_table_insert (namespaces, (gpointer) "", (gpointer) "");
  g_assert_cmpfloat (evaluate_with_namespaces (fixture.tree, "x", namespaces), ==, 1);
  g_assert_cmpfloat (evaluate_with_namespaces (fixture.tree, "t:x", NULL), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/xpath/operators-bind-by-level", test_operators_bind);
  g_test_add_func ("/form/xpath/names-hold-minus-signs", test_names_hold_minus_signs);
  g_test_add_func ("/form/xpath/errors-name-the-place", test_errors_name_the_place);
  g_test_add_func ("/form/xpath/depth-is-limited", test_depth_is_limited);
  g_test_add_func ("/form/xpath/length-is-limited", test_length_is_limited);
  g_test_add_func ("/form/xpath/length-is-not-depth", test_length_is_not_depth);
  g_test_add_func ("/form/xpath/unknown-functions-fail-when-reached", test_unknown_functions_wait);
  g_test_add_func ("/form/xpath/broken-calls-are-found", test_broken_calls_are_found);
  g_test_add_func ("/form/xpath/default-namespaces-do-not-matter-to-forms", test_namespaces);
  return g_test_run ();
}
