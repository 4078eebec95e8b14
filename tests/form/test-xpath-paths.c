#include "tests/form/xpath-support.h"

static const char document[] =
    "<data><g><x>1</x><y>2</y></g>"
    "<rep><v>10</v><w>a</w></rep><rep><v>20</v><w>b</w></rep><rep><v>30</v><w>c</w></rep>"
    "<town>shy</town><rank>1</rank><south>south</south></data>";

static SarapNode *
child (SarapNode *parent, const char *name, guint index)
{
  SarapNode *node = sarap_node_find_child (parent, sarap_node_intern (name));

  for (; index > 0; index--)
    node = node->next;
  return node;
}

static char *
evaluate_at (Fixture *fixture, SarapNode *node, const char *expression)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapXPath) xpath = sarap_xpath_compile (expression, NULL, &error);
  SarapXPathContext context = { .node = node, .host = &fixture->host, .host_data = fixture };
  char *text = sarap_xpath_evaluate_string (xpath, &context, &error);

  g_assert_no_error (error);
  return text;
}

static void
assert_at (Fixture *fixture, SarapNode *node, const char *expression, const char *wanted)
{
  g_autofree char *text = evaluate_at (fixture, node, expression);

  g_test_message ("%s", expression);
  g_assert_cmpstr (text, ==, wanted);
}

static void
set_up_repeats (Fixture *fixture)
{
  xpath_fixture_set_up (fixture, document, "UTC");
  for (guint i = 0; i < 3; i++)
    child (sarap_tree_get_root (fixture->tree), "rep", i)->is_repeat = TRUE;
}

static void
test_axes (void)
{
  g_auto (Fixture) fixture = { 0 };

  xpath_fixture_set_up (&fixture, document, "UTC");
  xpath_assert_text (&fixture, "count(//v)", "3");
  xpath_assert_text (&fixture, "concat(rep[2]/preceding-sibling::rep/w, rep[2]/following-sibling::rep/w)", "ac");
  xpath_assert_text (&fixture, "name(//w[. = 'b']/ancestor::*[1])", "rep");
  xpath_assert_text (&fixture, "name(//w[. = 'b']/ancestor::*[last()])", "data");
  xpath_assert_text (&fixture, "count(g/following::*)", "12");
  xpath_assert_text (&fixture, "count(town/preceding::v)", "3");
  xpath_assert_text (&fixture, "concat(rep[3]/w | rep[1]/w | rep[3]/w)", "ac");
  xpath_assert_text (&fixture, "sum(rep[v > 15]/v)", "50");
  xpath_assert_text (&fixture, "concat((//w)[2], rep[position() = 3]/w, rep[last()]/w)", "bcc");
  xpath_assert_text (&fixture, "string(town/text())", "shy");
  xpath_assert_text (&fixture, "count(//v/..)", "3");
}

static void
test_absolute_paths_stay_in_the_instance (void)
{
  g_auto (Fixture) fixture = { 0 };
  SarapNode *second;

  set_up_repeats (&fixture);
  second = child (child (sarap_tree_get_root (fixture.tree), "rep", 1), "w", 0);
  assert_at (&fixture, second, "/data/rep/v", "20");
  assert_at (&fixture, second, "sum(../../rep/v)", "60");
  assert_at (&fixture, second, "count(/data/rep)", "3");
  assert_at (&fixture, second, "sum(/data/rep[true()]/v)", "60");
  assert_at (&fixture, second, "position(..)", "2");
  assert_at (&fixture, second, "/data/rep[position() = position(current()/..) - 1]/v", "10");
  assert_at (&fixture, sarap_tree_get_root (fixture.tree), "sum(/data/rep/v)", "60");
}

static void
test_indexed_repeat (void)
{
  g_auto (Fixture) fixture = { 0 };
  SarapNode *second;

  set_up_repeats (&fixture);
  second = child (child (sarap_tree_get_root (fixture.tree), "rep", 1), "w", 0);
  assert_at (&fixture, second, "indexed-repeat(/data/rep/v, /data/rep, 3)", "30");
  assert_at (&fixture, second, "indexed-repeat(../v, .., 1)", "10");
  assert_at (&fixture, second, "indexed-repeat(/data/rep/v, /data/rep, 0)", "10");
  assert_at (&fixture, second, "indexed-repeat(/data/rep/v, /data/rep, '')", "10");
  assert_at (&fixture, second, "indexed-repeat(/data/rep/v, /data/rep, 9)", "");
  xpath_assert_fails (&fixture, "indexed-repeat(/data/rep/v, /data/g, 1)", SARAP_XPATH_ERROR_VALUE);
}

static void
test_irrelevant_nodes_leave (void)
{
  g_auto (Fixture) fixture = { 0 };
  SarapNode *root;

  set_up_repeats (&fixture);
  root = sarap_tree_get_root (fixture.tree);
  child (child (root, "rep", 1), "v", 0)->is_relevant = FALSE;
  assert_at (&fixture, root, "sum(rep/v)", "40");
  assert_at (&fixture, root, "count(rep/v)", "2");
  assert_at (&fixture, root, "rep[2]/v = ''", "true");
  assert_at (&fixture, child (child (root, "rep", 1), "v", 0), "../w", "b");
}

static void
test_candidate_is_the_node (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (SarapXPath) xpath = sarap_xpath_compile (". > 5 and ../x = 6", NULL, NULL);
  SarapXPathContext context = { .candidate = "6" };
  gboolean value = FALSE;

  xpath_fixture_set_up (&fixture, document, "UTC");
  context.node = child (child (sarap_tree_get_root (fixture.tree), "g", 0), "x", 0);
  g_assert_true (sarap_xpath_evaluate_boolean (xpath, &context, &value, NULL));
  g_assert_true (value);
}

static void
test_lists_answer_from_an_index (void)
{
  g_auto (Fixture) fixture = { 0 };

  xpath_fixture_set_up (&fixture, document, "UTC");
  xpath_assert_text (&fixture, "instance('towns')/root/item[name = 'ast']/region", "north");
  xpath_assert_text (&fixture, "instance('towns')/root/item[name = current()/town]/rank", "3");
  xpath_assert_text (&fixture, "count(instance('towns')/root/item[region = /data/south])", "3");
  xpath_assert_text (&fixture, "instance('towns')/root/item[/data/south = region and rank = 3]/name", "shy");
  xpath_assert_text (&fixture, "instance('towns')/root/item[rank = 1]/name", "alm");
  xpath_assert_text (&fixture, "instance('towns')/root/item[rank = '1']/name", "");
  xpath_assert_text (&fixture, "instance('towns')/root/item[name = '']/rank", "4");
  xpath_assert_text (&fixture, "count(instance('towns')/root/item[region = 'south'][2])", "1");
  xpath_assert_text (&fixture, "instance('towns')/root/item[region = 'south'][2]/name", "shy");
  xpath_assert_text (&fixture, "instance('towns')/root/item[absent = '']/name", "alm");
  xpath_assert_text (&fixture, "pulldata('towns', 'rank', 'name', town)", "3");
  xpath_assert_text (&fixture, "pulldata('towns', 'rank', 'name', 'none')", "");
  xpath_assert_fails (&fixture, "instance('villages')/root/item", SARAP_XPATH_ERROR_VALUE);
}

static guint
count_indexes (SarapTree *tree)
{
  GHashTable *indexes = *sarap_tree_peek_indexes (tree);

  return indexes != NULL ? g_hash_table_size (indexes) : 0;
}

static void
test_look_ups_are_not_scans (void)
{
  g_auto (Fixture) fixture = { 0 };

  xpath_fixture_set_up (&fixture, document, "UTC");
  xpath_assert_text (&fixture, "count(instance('towns')/root/item[contains(name, 's')])", "2");
  g_assert_cmpuint (count_indexes (fixture.list), ==, 0);
  xpath_assert_text (&fixture, "instance('towns')/root/item[name = 'ast']/rank", "2");
  xpath_assert_text (&fixture, "instance('towns')/root/item[name = 'shy']/rank", "3");
  g_assert_cmpuint (count_indexes (fixture.list), ==, 1);
  xpath_assert_text (&fixture, "instance('towns')/root/item[region = 'south' and rank = 3]/name", "shy");
  g_assert_cmpuint (count_indexes (fixture.list), ==, 3);
  xpath_assert_text (&fixture, "/data/rep[w = 'b']/v", "20");
  g_assert_cmpuint (count_indexes (fixture.tree), ==, 0);
}

static void
collect_cb (const char *path, const char *limit, gpointer data)
{
  GString *text = data;

  g_string_append_printf (text, "%s%s", text->len ? " " : "", path);
  if (limit == NULL || !g_str_equal (path, limit))
    g_string_append_printf (text, "<%s", limit ? limit : "?");
}

static void
assert_paths (const char *expression, const char *wanted)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (SarapXPath) xpath = sarap_xpath_compile (expression, NULL, NULL);

  g_assert_nonnull (xpath);
  sarap_xpath_foreach_path (xpath, "/data/rep/v", collect_cb, text);
  g_test_message ("%s", expression);
  g_assert_cmpstr (text->str, ==, wanted);
}

static void
test_analysis_names_what_is_read (void)
{
  assert_paths ("1 + 2", "");
  assert_paths (". > 5", "/data/rep/v");
  assert_paths ("../w + ../w", "/data/rep/w</data/rep");
  assert_paths ("../../g/x", "/data/g/x</data");
  assert_paths ("/data/g/x", "/data/g/x</data/g");
  assert_paths ("current()/../w", "/data/rep/w</data/rep");
  assert_paths ("sum(../../rep/w)", "/data/rep/w</data");
  assert_paths ("position(..)", "/data/rep");
  assert_paths ("count(/data/rep[w = /data/g/x]/v)", "/data/rep/w< /data/g/x</data/g /data/rep/v<");
  assert_paths ("instance('t')/root/item[name = current()/../w]/label", "instance(t) /data/rep/w</data/rep");
  assert_paths ("pulldata('t', 'a', 'b', ../w)", "instance(t) /data/rep/w</data/rep");
  assert_paths ("indexed-repeat(/data/rep/w, /data/rep, /data/g/x)", "/data/rep/w< /data/rep< /data/g/x</data/g");
  assert_paths ("//v", "/*<");
  assert_paths ("../*", "/data/rep/*<");
  assert_paths ("../../g//x", "/data/g/*<");
  assert_paths ("../w/text()", "/data/rep/w</data/rep");
  assert_paths ("../w/node()", "/data/rep/w</data/rep /data/rep/w/*<");
  assert_paths ("depend(../w, /data/g/x)", "/data/rep/w</data/rep /data/g/x</data/g");
  assert_paths ("if(../w, ../a, ../b)/c", "/data/rep/w</data/rep /data/rep/a</data/rep /data/rep/b</data/rep /data/rep/w/c< /data/rep/a/c< /data/rep/b/c<");
  assert_paths ("../w[string-length() > 1]/@k", "/data/rep/w</data/rep /data/rep/w/@k</data/rep");
  assert_paths ("once(../w)", "/data/rep/w</data/rep");
  assert_paths ("jr:choice-name(../w, ' /data/rep/w2 ')", "/data/rep/w2 /data/rep/w</data/rep");
}

static void
test_analysis_knows_impure_functions (void)
{
  static const struct
  {
    const char *expression;
    gboolean is_pure;
    gboolean uses_position;
  } cases[] = {
    { "a + b", TRUE, FALSE },
    { "a[now() > b]", FALSE, FALSE },
    { "once(a)", FALSE, FALSE },
    { "concat('x', uuid())", FALSE, FALSE },
    { "randomize(a, 3)", TRUE, FALSE },
    { "randomize(a)", FALSE, FALSE },
    { "a[position() = 2]", TRUE, FALSE },
    { "1 - position(..)", TRUE, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SarapXPath) xpath = sarap_xpath_compile (cases[i].expression, NULL, NULL);

      g_test_message ("%s", cases[i].expression);
      g_assert_cmpint (sarap_xpath_is_pure (xpath), ==, cases[i].is_pure);
      g_assert_cmpint (sarap_xpath_uses_position (xpath), ==, cases[i].uses_position);
    }
}

static void
test_order_follows_changes (void)
{
  g_auto (Fixture) fixture = { 0 };
  SarapNode *root, *first;

  xpath_fixture_set_up (&fixture, document, "UTC");
  root = sarap_tree_get_root (fixture.tree);
  xpath_assert_text (&fixture, "concat(rep[3]/w | rep[1]/w)", "ac");
  first = child (root, "rep", 0);
  sarap_node_unlink (first);
  sarap_node_append (root, first);
  xpath_assert_text (&fixture, "concat(rep[3]/w | rep[1]/w)", "ba");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/xpath/axes", test_axes);
  g_test_add_func ("/form/xpath/absolute-paths-stay-in-the-instance", test_absolute_paths_stay_in_the_instance);
  g_test_add_func ("/form/xpath/indexed-repeat-takes-one-instance", test_indexed_repeat);
  g_test_add_func ("/form/xpath/irrelevant-nodes-leave-node-sets", test_irrelevant_nodes_leave);
  g_test_add_func ("/form/xpath/candidate-is-the-node", test_candidate_is_the_node);
  g_test_add_func ("/form/xpath/lists-answer-from-an-index", test_lists_answer_from_an_index);
  g_test_add_func ("/form/xpath/look-ups-are-not-scans", test_look_ups_are_not_scans);
  g_test_add_func ("/form/xpath/analysis-names-what-is-read", test_analysis_names_what_is_read);
  g_test_add_func ("/form/xpath/analysis-knows-impure-functions", test_analysis_knows_impure_functions);
  g_test_add_func ("/form/xpath/order-follows-changes", test_order_follows_changes);
  return g_test_run ();
}
