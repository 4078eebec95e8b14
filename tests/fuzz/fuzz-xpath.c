#include "tests/form/xpath-support.h"
#include "tests/fuzz/fuzz-target.h"

/* An expression, over a small document with a list. */

static void
ignore_path_cb (const char *path, const char *limit, gpointer data)
{
  g_assert_nonnull (path);
}

static void
analyze (const SarapXPath *xpath)
{
  sarap_xpath_foreach_path (xpath, "/data/g/a", ignore_path_cb, NULL);
  sarap_xpath_is_pure (xpath);
  sarap_xpath_uses_position (xpath);
  g_free (sarap_xpath_dup_broken_call (xpath));
}

static void
evaluate (Fixture *fixture, const SarapXPath *xpath)
{
  SarapXPathContext context = { .node = sarap_tree_get_root (fixture->tree)->first_child, .host = &fixture->host, .host_data = fixture };
  g_auto (SarapXPathValue) value = { 0 };
  g_autofree char *text = NULL;

  if (!sarap_xpath_evaluate (xpath, &context, &value, NULL))
    return;
  text = sarap_xpath_value_to_string (&value);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  sarap_xpath_value_to_number (&value);
  sarap_xpath_value_to_boolean (&value);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static Fixture fixture;
  g_autofree char *expression = g_strndup ((const char *) data, size);
  g_autoptr (SarapXPath) xpath = NULL;

  if (fixture.tree == NULL)
    xpath_fixture_set_up (&fixture, "<data><g><a>1</a><b x='y'>two words</b><b>2026-03-01</b></g><r><n>1</n></r><r><n>2.5</n></r><p>43.2 76.9 0 0; 43.3 77 0 0; 43.1 77 0 0</p><e/></data>", "Asia/Almaty");
  xpath = sarap_xpath_compile (expression, NULL, NULL);
  if (xpath == NULL)
    return 0;
  analyze (xpath);
  evaluate (&fixture, xpath);
  return 0;
}
