#include "tests/form/xpath-support.h"

/* XPath 1.0, sections 2, 3 and 5. Each result is written as the names of its nodes in document
 * order, texts as their text in quotes. */

static const char document[] =
    "<d xmlns='urn:default' xmlns:p='urn:p' id='top'>"
    "<a id='1' n='x'>one<b>two</b>three</a>"
    "<!--note--><?go fast?><?stop?>"
    "<c id='2'><b>four</b><b/><p:b>five</p:b><b>six</b></c>"
    "<div><mod>3</mod></div><or>7</or><and.or>8</and.or><текст>9</текст><e·1>10</e·1>"
    "<plain xmlns='' xmlns:p='urn:other'/></d>";

typedef struct
{
  const char *expression;
  const char *wanted;
} Case;

static char *
describe (const GPtrArray *nodes)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < nodes->len; i++)
    {
      const SarapNode *node = g_ptr_array_index (nodes, i);

      if (i > 0)
        g_string_append_c (text, ' ');
      if (node->kind == SARAP_NODE_TEXT)
        g_string_append_printf (text, "'%s'", sarap_node_peek_text (node));
      else if (node->kind == SARAP_NODE_COMMENT)
        g_string_append (text, "#comment");
      else if (node->kind == SARAP_NODE_DOCUMENT)
        g_string_append (text, "#document");
      else
        g_string_append_printf (text, "%s%s", node->kind == SARAP_NODE_ATTRIBUTE ? "@" : "", node->name);
    }
  return g_string_free (text, FALSE);
}

static void
assert_nodes (const Case *cases, gsize n)
{
  g_auto (Fixture) fixture = { 0 };

  xpath_fixture_set_up (&fixture, document, "UTC");
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SarapXPath) xpath = sarap_xpath_compile (cases[i].expression, NULL, &error);
      SarapXPathContext context = { .node = sarap_tree_get_root (fixture.tree), .host = &fixture.host, .host_data = &fixture };
      g_auto (SarapXPathValue) value = { 0 };
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      g_assert_true (sarap_xpath_evaluate (xpath, &context, &value, &error));
      g_assert_cmpint (value.type, ==, SARAP_XPATH_NODESET);
      text = describe (value.nodes);
      g_test_message ("%s", cases[i].expression);
      g_assert_cmpstr (text, ==, cases[i].wanted);
    }
}

static void
test_forward (void)
{
  static const Case cases[] = {
    { "self::node()", "d" },
    { "self::x", "" },
    { "child::b", "" },
    { "child::*[1]/child::node()", "'one' b 'three'" },
    { "a/b/node()", "'two'" },
    { "c/b[2]/node()", "" },
    { "descendant::b", "b b b b" },
    { "descendant-or-self::d", "d" },
    { "a/descendant::node()", "'one' b 'two' 'three'" },
    { "a/descendant::text()", "'one' 'two' 'three'" },
    { "a//text()", "'one' 'two' 'three'" },
    { "/descendant::b[2]", "b" },
    { "//b[1]", "b b" },
    { "//b[. = 'six']", "b" },
    { "a/following-sibling::*[1]", "c" },
    { "a/following::node()[1]", "#comment" },
    { "a/b/following::text()[2]", "'four'" },
    { "a/@id/following::node()[1]", "'one'" },
    { "a/@id/following-sibling::node()", "" },
    { "c/*", "b b b b" },
    { "c/p:*", "b" },
    { "c/p:b/following-sibling::b", "b" },
    { "/", "#document" },
    { "/*", "d" },
    { "/node()", "d" },
    { ".//mod", "mod" },
  };

  assert_nodes (cases, G_N_ELEMENTS (cases));
}

static void
test_backward (void)
{
  static const Case cases[] = {
    { "a/b/..", "a" },
    { "a/b/text()/..", "b" },
    { "a/b/text()/ancestor::*", "d a b" },
    { "a/b/ancestor::*[1]", "a" },
    { "a/b/ancestor-or-self::node()", "#document d a b" },
    { "a/@id/..", "a" },
    { "a/@n/ancestor-or-self::node()[2]", "a" },
    { "c/preceding-sibling::node()", "a #comment go stop" },
    { "c/preceding-sibling::node()[1]", "stop" },
    { "c/preceding-sibling::node()[last()]", "a" },
    { "(c/preceding-sibling::node())[1]", "a" },
    { "c/preceding::text()", "'one' 'two' 'three'" },
    { "c/preceding::text()[1]", "'three'" },
    { "c/b[1]/text()/preceding::node()[1]", "stop" },
    { "c/b[last()]/preceding-sibling::b[1]/following-sibling::*[2]", "b" },
    { "c/b[3]/preceding-sibling::*[position() < 3]", "b b" },
    { "/..", "" },
  };

  assert_nodes (cases, G_N_ELEMENTS (cases));
}

static void
test_node_tests (void)
{
  static const Case cases[] = {
    { "comment()", "#comment" },
    { "processing-instruction()", "go stop" },
    { "processing-instruction('stop')", "stop" },
    { "processing-instruction( \"go\" )", "go" },
    { "text()", "" },
    { "@*", "@id" },
    { "@node()", "@id" },
    { "attribute::id", "@id" },
    { "@text()", "" },
    { "a/@*[2]", "@n" },
  };

  assert_nodes (cases, G_N_ELEMENTS (cases));
}

static void
test_namespace_axis (void)
{
  static const Case cases[] = {
    { "count(namespace::*)", "3" },
    { "namespace::p", "urn:p" },
    { "a/b/namespace::p", "urn:p" },
    { "plain/namespace::p", "urn:other" },
    { "count(plain/namespace::node())", "2" },
    { "name(a/namespace::*[. = 'urn:p'])", "p" },
    { "string(namespace::xml)", "http://www.w3.org/XML/1998/namespace" },
    { "count(a/namespace::p | a/namespace::p | c/namespace::p)", "2" },
    { "name(a/namespace::p/..)", "a" },
    { "namespace-uri(namespace::p)", "" },
    { "name((a/@id | a/namespace::p | a)[2])", "p" },
    { "count(a/@id/namespace::*)", "0" },
  };
  g_auto (Fixture) fixture = { 0 };

  xpath_fixture_set_up (&fixture, document, "UTC");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    xpath_assert_text (&fixture, cases[i].expression, cases[i].wanted);
}

static void
test_unions_and_filters (void)
{
  static const Case cases[] = {
    { "c | a", "a c" },
    { "(c | a)[1]", "a" },
    { "(c | a)[2]/b[2]", "b" },
    { "c/b | a/b | //b", "b b b b" },
    { "a/text() | a/@id | a/b | a", "a @id 'one' b 'three'" },
    { "a/b/text() | a/b | a/b/text()", "b 'two'" },
    { "(//b)[last()]", "b" },
    { "id('2 1')", "a c" },
    { "id(a/@id)/@id", "@id" },
    { "c/b[2][1]", "b" },
    { "c/b[position() = 1 or position() = 2][2]", "b" },
    { "c/b[position() = true()]", "b b b" },
    { "c/b[position() = (../b/@none | ../../div/mod)]", "b" },
    { "c/b[last() - 1]", "b" },
    { "c/b[1.5]", "" },
    { "c/b[0]", "" },
    { "c/b['0']", "b b b" },
    { "*[@id][2]", "c" },
    { "*[2][@id]", "c" },
  };

  assert_nodes (cases, G_N_ELEMENTS (cases));
}

static void
test_names_and_operators (void)
{
  static const Case cases[] = {
    { "div/mod", "3" },
    { "div/mod mod 2", "1" },
    { "div div div", "1" },
    { "or or or", "true" },
    { "or*or", "49" },
    { "or * 2", "14" },
    { "* * 1", "NaN" },
    { "count(*|*)", "8" },
    { "or - 1", "6" },
    { "or -1", "6" },
    { "or-1 = ''", "true" },
    { "and.or", "8" },
    { "текст", "9" },
    { "e·1", "10" },
    { "child :: div / child :: mod", "3" },
    { "1 = 1 = 1", "true" },
    { "3 > 2 > 1", "false" },
    { "1 < 2 = true()", "true" },
    { "1 or 0 and 0", "true" },
    { "2 - 1 - 1", "0" },
    { "-or|none", "-7" },
    { "--or", "7" },
    { ".5 + 5.", "5.5" },
    { "'\"'", "\"" },
    { "\"it's\"", "it's" },
    { "''", "" },
  };
  g_auto (Fixture) fixture = { 0 };

  xpath_fixture_set_up (&fixture, document, "UTC");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    xpath_assert_text (&fixture, cases[i].expression, cases[i].wanted);
}

static void
test_broken (void)
{
  static const struct
  {
    const char *expression;
    const char *place;
  } cases[] = {
    { "", "character 1" },
    { "a/", "character 3" },
    { "//", "character 3" },
    { "a//", "character 4" },
    { "@", "character 2" },
    { "a::b", "character 1" },
    { "a[]", "character 3" },
    { "a]", "character 2" },
    { "()", "character 2" },
    { "f(,)", "character 3" },
    { "f(1,)", "character 5" },
    { "1 2", "character 3" },
    { "a b", "character 3" },
    { "a !b", "character 3" },
    { "a = = b", "character 5" },
    { "'a''b'", "character 4" },
    { "a | ", "character 5" },
    { "../..x", "character 6" },
    { "текст[", "character 7" },
    { "text(1)", "character 6" },
    { "a/position()", "character 3" },
    { "$v", "character 1" },
    { "1e3", "character 2" },
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/xpath/forward-axes", test_forward);
  g_test_add_func ("/form/xpath/backward-axes-count-from-the-nearest", test_backward);
  g_test_add_func ("/form/xpath/node-tests", test_node_tests);
  g_test_add_func ("/form/xpath/namespace-axis", test_namespace_axis);
  g_test_add_func ("/form/xpath/unions-and-filters", test_unions_and_filters);
  g_test_add_func ("/form/xpath/names-that-are-operators", test_names_and_operators);
  g_test_add_func ("/form/xpath/broken-expressions-name-the-place", test_broken);
  return g_test_run ();
}
