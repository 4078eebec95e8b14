#include "tests/form/xpath-support.h"

#define ALL(cases) (cases), G_N_ELEMENTS (cases)

typedef struct
{
  const char *expression;
  const char *text;
} Case;

static const char document[] =
    "<data version='7'><c>A</c><c>B</c><c>C</c><c>D</c><c>E</c><c>F</c><picked> red  blue </picked>"
    "<n>4</n><n/><n>-10</n><bad>x</bad><bad>1</bad><empty/><town>shy</town></data>";

static void
assert_cases (const Case *cases, gsize n)
{
  g_auto (Fixture) fixture = { 0 };

  xpath_fixture_set_up (&fixture, document, "Asia/Almaty");
  for (gsize i = 0; i < n; i++)
    xpath_assert_text (&fixture, cases[i].expression, cases[i].text);
}

static void
test_numbers (void)
{
  static const Case cases[] = {
    { "0.1 + 0.2", "0.3" },
    { "1000000000000 * 10", "10000000000000" },
    { "1 div 1000000000", "0.000000001" },
    { "110", "110" },
    { "-0", "0" },
    { "int('')", "NaN" },
    { "int(-2.9)", "-2" },
    { "number('1e3')", "NaN" },
    { "number(' -.5 ')", "-0.5" },
    { "5 mod -3", "2" },
    { "round(2.5)", "3" },
    { "round(-2.5)", "-2" },
    { "round(1.455, 2)", "1.46" },
    { "round(-1.455, 2)", "-1.45" },
    { "round(1250, -2)", "1300" },
    { "round(7, 31)", "NaN" },
    { "pow(2, 10) + sqrt(16) + abs(-1)", "1029" },
    { "round(atan2(1, 1) * 4 - pi(), 9)", "0" },
  };

  assert_cases (ALL (cases));
}

static void
test_aggregates (void)
{
  static const Case cases[] = {
    { "sum(n)", "-6" },
    { "sum(nothing)", "0" },
    { "sum(bad)", "NaN" },
    { "min(n)", "-10" },
    { "max(n)", "4" },
    { "max(-4, -1)", "-1" },
    { "min(nothing)", "NaN" },
    { "avg(n)", "-3" },
    { "count(n)", "3" },
    { "count-non-empty(n)", "2" },
    { "checklist(-1, 2, n[1] = 4, true(), 1 = 2)", "true" },
    { "weighted-checklist(3, 5, true(), 2, false(), 9, true(), 1)", "true" },
  };

  assert_cases (ALL (cases));
}

static void
test_truth (void)
{
  static const Case cases[] = {
    { "'' = 0", "false" },
    { "empty = ''", "true" },
    { "nothing = ''", "true" },
    { "boolean(empty)", "false" },
    { "boolean(town)", "true" },
    { "if('false', 1, 2)", "1" },
    { "if(empty, 1, 2)", "2" },
    { "c = 'E'", "true" },
    { "c != 'E'", "true" },
    { "n < -5", "true" },
    { "1 = 1.0000000000001", "true" },
    { "boolean-from-string('TRUE')", "false" },
    { "boolean-from-string(1)", "true" },
    { "coalesce(empty, nothing, 'c')", "c" },
  };

  assert_cases (ALL (cases));
}

static void
test_texts (void)
{
  static const Case cases[] = {
    { "substr('қазақ', 1, 3)", "аз" },
    { "substr('hello', -3, -1)", "ll" },
    { "substr('hello', 4, 2)", "" },
    { "substring('12345', 1.5, 2.6)", "234" },
    { "substring('12345', 2)", "2345" },
    { "string-length('жол')", "3" },
    { "translate('bar', 'abc', 'AB')", "BAr" },
    { "normalize-space('  a \n b ')", "a b" },
    { "concat(c, '!')", "ABCDEF!" },
    { "join('-', c, 1)", "A-B-C-D-E-F-1" },
    { "substring-before('a=b', '=')", "a" },
    { "substring-after('a=b', '=')", "b" },
    { "regex('77011234567', '[0-9]{11}')", "true" },
    { "regex('x77011234567', '[0-9]{11}')", "false" },
    { "regex('Әлия', '\\p{IsCyrillic}+|\\p{L}+')", "true" },
    { "digest('abc', 'SHA-1', 'hex')", "a9993e364706816aba3e25717850c26c9cd0d89d" },
    { "digest('abc', 'MD5')", "kAFQmDzST7DWlj99KOF/cg==" },
    { "base64-decode('0LbQvtC7')", "жол" },
    { "base64-decode('?')", "" },
    { "version()", "7" },
  };

  assert_cases (ALL (cases));
}

static void
test_selections (void)
{
  static const Case cases[] = {
    { "selected(picked, ' blue ')", "true" },
    { "selected(picked, 'blu')", "false" },
    { "selected(empty, '')", "true" },
    { "selected(picked, '')", "false" },
    { "count-selected(picked)", "2" },
    { "selected-at(picked, 1)", "blue" },
    { "selected-at(picked, 2)", "" },
    { "selected-at(picked, -1)", "" },
  };

  assert_cases (ALL (cases));
}

static void
test_shuffle (void)
{
  static const Case cases[] = {
    { "concat(randomize(c, 42))", "AFCBDE" },
    { "concat(randomize(c, -42))", "EDAFBC" },
    { "concat(randomize(c, 1))", "BFEACD" },
    { "concat(randomize(c, 0))", "CBEAFD" },
    { "concat(randomize(c, '11111111'))", "ACDBFE" },
    { "concat(randomize(c, '42')) = concat(randomize(c, 42.9))", "true" },
    { "concat(randomize(c, 'jol')) = concat(randomize(c, 'jol'))", "true" },
    { "count(randomize(c))", "6" },
  };

  assert_cases (ALL (cases));
}

static void
test_chance_is_the_hosts (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GRand) one = g_rand_new_with_seed (5);
  g_autoptr (GRand) other = g_rand_new_with_seed (5);
  g_autofree char *first = NULL, *again = NULL;

  xpath_fixture_set_up (&fixture, document, "UTC");
  fixture.host.rand = one;
  first = xpath_fixture_try (&fixture, "uuid()", NULL);
  fixture.host.rand = other;
  again = xpath_fixture_try (&fixture, "uuid()", NULL);
  g_assert_true (g_uuid_string_is_valid (first));
  g_assert_cmpstr (first, ==, again);
  xpath_assert_text (&fixture, "string-length(uuid(12))", "12");
  xpath_assert_text (&fixture, "uuid(0)", "");
  xpath_assert_fails (&fixture, "uuid(1000000)", SARAP_XPATH_ERROR_VALUE);
}

static void
test_places (void)
{
  static const Case cases[] = {
    { "round(distance('0 0;0 1'), 3)", "111318.845" },
    { "distance('43.2 76.9', '43.2 76.9')", "0" },
    { "round(area('0 0;0 0.001;0.001 0.001;0.001 0;0 0'), 3)", "12391.885" },
    { "area('43.2 76.9')", "0" },
    { "geofence('0.5 0.5 0 0', '0 0;0 1;1 1;1 0;0 0')", "true" },
    { "geofence('0.5 1.5 0 0', '0 0;0 1;1 1;1 0;0 0')", "false" },
    { "geofence('', '0 0;0 1;1 1;1 0;0 0')", "false" },
  };
  g_auto (Fixture) fixture = { 0 };

  assert_cases (ALL (cases));
  xpath_fixture_set_up (&fixture, document, "UTC");
  xpath_assert_fails (&fixture, "distance('here', '43.2 76.9')", SARAP_XPATH_ERROR_VALUE);
  xpath_assert_fails (&fixture, "distance('0 0;0 1', '0 2')", SARAP_XPATH_ERROR_VALUE);
}

static void
test_slow_patterns_are_errors (void)
{
  g_auto (Fixture) fixture = { 0 };

  xpath_fixture_set_up (&fixture, document, "UTC");
  xpath_assert_fails (&fixture, "regex('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '(a+)+[bc]')", SARAP_XPATH_ERROR_VALUE);
  xpath_assert_fails (&fixture, "regex('a', '(')", SARAP_XPATH_ERROR_VALUE);
}

static void
test_once_keeps_the_first_value (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (SarapXPath) xpath = sarap_xpath_compile ("once(6 * 7)", NULL, NULL);
  SarapXPathContext context = { 0 };
  g_autofree char *first = NULL, *kept = NULL;

  xpath_fixture_set_up (&fixture, document, "UTC");
  context.node = sarap_node_find_child (sarap_tree_get_root (fixture.tree), sarap_node_intern ("empty"));
  first = sarap_xpath_evaluate_string (xpath, &context, NULL);
  g_assert_cmpstr (first, ==, "42");
  sarap_node_set_text (context.node, "8");
  context.node->is_relevant = FALSE;
  kept = sarap_xpath_evaluate_string (xpath, &context, NULL);
  g_assert_cmpstr (kept, ==, "8");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/xpath/numbers", test_numbers);
  g_test_add_func ("/form/xpath/aggregates-skip-blanks", test_aggregates);
  g_test_add_func ("/form/xpath/empty-is-not-zero", test_truth);
  g_test_add_func ("/form/xpath/texts-count-characters", test_texts);
  g_test_add_func ("/form/xpath/selections-are-words", test_selections);
  g_test_add_func ("/form/xpath/shuffle-follows-the-seed", test_shuffle);
  g_test_add_func ("/form/xpath/chance-is-the-hosts", test_chance_is_the_hosts);
  g_test_add_func ("/form/xpath/places-on-the-sphere", test_places);
  g_test_add_func ("/form/xpath/slow-patterns-are-errors", test_slow_patterns_are_errors);
  g_test_add_func ("/form/xpath/once-keeps-first-value", test_once_keeps_the_first_value);
  return g_test_run ();
}
