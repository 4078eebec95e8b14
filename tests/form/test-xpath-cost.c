#include "tests/form/xpath-support.h"

#include <stdlib.h>

/* Everyday expressions take nothing from the heap once they are compiled. Every allocation of the
 * process is counted; sanitizers need malloc for themselves. */

#if defined(__SANITIZE_ADDRESS__) || !defined(__GLIBC__)
#define IS_COUNTED FALSE
static guint n_allocations;
#else
#define IS_COUNTED TRUE
static guint n_allocations;

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *memory, size_t size);

void *
malloc (size_t size)
{
  n_allocations++;
  return __libc_malloc (size);
}

void *
calloc (size_t n, size_t size)
{
  n_allocations++;
  return __libc_calloc (n, size);
}

void *
realloc (void *memory, size_t size)
{
  n_allocations++;
  return __libc_realloc (memory, size);
}
#endif

static const char document[] =
    "<data><age>17</age><name>Айгүл</name><empty/><when>2026-03-01</when><picked>red blue</picked>"
    "<rep><v>10</v><w>a</w></rep><rep><v>20</v><w>b</w></rep></data>";

static guint
count_allocations (Fixture *fixture, const char *expression)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapXPath) xpath = sarap_xpath_compile (expression, NULL, &error);
  SarapXPathContext context = { .node = sarap_node_find_child (sarap_tree_get_root (fixture->tree), sarap_node_intern ("age")), .host = &fixture->host, .host_data = fixture };
  gboolean value;
  guint before;

  g_assert_no_error (error);
  g_assert_true (sarap_xpath_evaluate_boolean (xpath, &context, &value, &error));
  before = n_allocations;
  for (int i = 0; i < 100; i++)
    sarap_xpath_evaluate_boolean (xpath, &context, &value, &error);
  return n_allocations - before;
}

static void
test_everyday_expressions (void)
{
  static const char *const expressions[] = {
    "/data/age",
    "../name",
    ". >= 18",
    ". > 0 and . < 120 or . = 999",
    "/data/age = 17",
    "../name = 'Айгүл'",
    "../name != ''",
    "not(../empty = '')",
    "../age * 12 + 3 - 4 div 2 mod 5 > -1",
    "if(../age < 18, 'minor', 'adult')",
    "selected(../picked, 'blue')",
    "not(selected(../picked, ' green '))",
    "count-selected(../picked) = 2",
    "string-length(../name) > 3",
    "contains(../name, 'гүл') and starts-with(../name, 'А')",
    "coalesce(../empty, ../age) = 17",
    "round(../age div 2) + int(../age div 2) + abs(-1)",
    "number(../age) + number(true())",
    "boolean-from-string('true')",
    "max(../age, 5) > min(../age, 5)",
    "position(..)",
    "current()/../age = 17",
    "true() and not(false())",
  };
  g_auto (Fixture) fixture;

  xpath_fixture_set_up (&fixture, document, "UTC");
  if (!IS_COUNTED)
    {
      g_test_skip ("malloc belongs to the sanitizer");
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (expressions); i++)
    {
      guint n = count_allocations (&fixture, expressions[i]);

      g_test_message ("%u in 100 evaluations of %s", n, expressions[i]);
      if (n > 0)
        g_test_fail ();
    }
  g_assert_cmpuint (count_allocations (&fixture, "concat(../name, '!')"), >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/xpath/everyday-expressions-do-not-allocate", test_everyday_expressions);
  return g_test_run ();
}
