#include <glib.h>
#include <string.h>
#include <time.h>

#include "app/form/sarap-interview-private.h"
#include "tests/form/form-support.h"

/* What a change recomputes: n_runs of the interview counts the evaluations of the last operation. */

static void
assert_runs (SarapInterview *interview, const char *ref, const char *value, guint expected)
{
  g_autoptr (GError) error = NULL;

  sarap_interview_answer (interview, ref, value, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (interview->n_runs, ==, expected);
}

static void
test_a_change_runs_what_depends_on_it_once (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='s'><a/><b/><left/><right/><both/><far/><other/></data></instance>"
                                                "<bind nodeset='/data/far' calculate='/data/both + 1'/><bind nodeset='/data/both' calculate='/data/left + /data/right'/>"
                                                "<bind nodeset='/data/left' calculate='/data/a + 1'/><bind nodeset='/data/right' calculate='/data/a * 2'/>"
                                                "<bind nodeset='/data/other' calculate='/data/b + 1'/>",
                                                "<input ref='/data/a'/><input ref='/data/b'/>");

  assert_runs (interview, "/data/a", "3", 4);
  assert_value (interview, "/data/far", "11");
  assert_runs (interview, "/data/b", "1", 1);
  assert_runs (interview, "/data/b", "1", 0);
}

/* What comes out the same is not passed on. */
static void
test_an_equal_result_stops (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='s'><a/><big/><after/></data></instance><bind nodeset='/data/big' calculate='/data/a &gt; 10'/>"
                                                "<bind nodeset='/data/after' calculate='string(/data/big)'/>",
                                                "<input ref='/data/a'/>");

  assert_runs (interview, "/data/a", "3", 1);
  assert_runs (interview, "/data/a", "30", 2);
}

static void
test_instances_run_what_sees_them (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='s'><sum/><n/><other/><r jr:template=''><x/><twice/></r></data></instance><bind nodeset='/data/r/twice' calculate='../x * 2'/>"
                                                "<bind nodeset='/data/sum' calculate='sum(/data/r/x)'/><bind nodeset='/data/n' calculate='count(/data/r)'/><bind nodeset='/data/other' calculate='1 + 1'/>",
                                                "<group ref='/data/r'><repeat nodeset='/data/r'><input ref='/data/r/x'/></repeat></group>");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    {
      g_free (sarap_interview_add_instance (interview, "/data/r", &error));
      g_assert_no_error (error);
      g_assert_cmpuint (interview->n_runs, ==, 3); /* its own calculation, sum and count */
    }
  assert_runs (interview, "/data/r[2]/x", "5", 2);
  assert_value (interview, "/data/sum", "5");
  g_assert_true (sarap_interview_remove_instance (interview, "/data/r[2]", &error));
  g_assert_cmpuint (interview->n_runs, ==, 2);
  assert_value (interview, "/data/sum", "0");
  assert_value (interview, "/data/n", "2");
}

static void
test_a_large_cycle_is_found_at_once (void)
{
  GString *nodes = g_string_new ("<instance><data id='s'>");
  GString *binds = g_string_new (NULL);
  g_autofree char *model = NULL;
  g_autoptr (GError) error = NULL;
  clock_t start;

  for (guint i = 0; i < 20000; i++)
    {
      g_string_append_printf (nodes, "<q%u/>", i);
      g_string_append_printf (binds, "<bind nodeset='/data/q%u' calculate='/data/q%u + 1'/>", i, (i + 1) % 20000);
    }
  g_string_append (nodes, "</data></instance>");
  model = g_strconcat (nodes->str, binds->str, NULL);
  g_string_free (nodes, TRUE);
  g_string_free (binds, TRUE);
  start = clock (); /* time of the processor: the machine may be busy */
  g_assert_null (try_form (model, "", NULL, &error));
  g_assert_cmpfloat ((double) (clock () - start) / CLOCKS_PER_SEC, <, g_getenv ("SARAP_SANITIZED") ? 20 : 1);
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "/data/q"));
  g_assert_nonnull (strstr (error->message, "Cycle"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/graph/a-change-runs-what-depends-on-it-once", test_a_change_runs_what_depends_on_it_once);
  g_test_add_func ("/form/graph/an-equal-result-stops", test_an_equal_result_stops);
  g_test_add_func ("/form/graph/instances-run-what-sees-them", test_instances_run_what_sees_them);
  g_test_add_func ("/form/graph/a-large-cycle-is-found-at-once", test_a_large_cycle_is_found_at_once);
  return g_test_run ();
}
