#include <glib.h>
#include <string.h>

#include "tests/form/form-support.h"

#define ROWS "<instance><data id='small'><n/><sum/><count/><r jr:template=''><x/><p/></r></data></instance>"
#define ROWS_BINDS                                                                                                                 \
  "<bind nodeset='/data/n' type='int'/><bind nodeset='/data/r/x' type='int'/><bind nodeset='/data/r/p' calculate='position(..)'/>" \
  "<bind nodeset='/data/sum' calculate='sum(/data/r/x)'/><bind nodeset='/data/count' calculate='count(/data/r)'/>"
#define ROWS_BODY "<group ref='/data/r'><repeat nodeset='/data/r'><input ref='/data/r/x'/></repeat></group>"

static void
add (SarapInterview *interview, const char *path, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ref = sarap_interview_add_instance (interview, path, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (ref, ==, expected);
}

static void
test_adding_and_removing_moves_sums_and_positions (void)
{
  g_autoptr (SarapInterview) interview = begin (ROWS ROWS_BINDS, ROWS_BODY);

  assert_value (interview, "/data/sum", "0");
  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *ref = g_strdup_printf ("/data/r[%u]", i);
      g_autofree char *x = g_strdup_printf ("%s/x", ref);
      g_autofree char *value = g_strdup_printf ("%u", i * 10);

      add (interview, "/data/r", ref);
      answer_ok (interview, x, value);
    }
  assert_value (interview, "/data/sum", "60");
  assert_value (interview, "/data/r[3]/p", "3");
  g_assert_true (sarap_interview_remove_instance (interview, "/data/r[1]", NULL));
  assert_value (interview, "/data/sum", "50");
  assert_value (interview, "/data/count", "2");
  assert_value (interview, "/data/r[2]/p", "2");
  assert_value (interview, "/data/r[2]/x", "30");
}

static void
test_a_lowered_count_keeps_the_answers (void)
{
  g_autoptr (SarapInterview) interview = begin (ROWS ROWS_BINDS, "<input ref='/data/n'/><repeat nodeset='/data/r' jr:count='/data/n'><input ref='/data/r/x'/></repeat>");
  g_autoptr (GPtrArray) state = NULL;
  g_autoptr (SarapInterview) restored = NULL;
  g_autoptr (SarapClock) clock = sarap_clock_new_system ();

  g_assert_false (sarap_interview_can_add_instance (interview, "/data/r"));
  answer_ok (interview, "/data/n", "2");
  answer_ok (interview, "/data/r[2]/x", "7");
  answer_ok (interview, "/data/n", "1");
  assert_value (interview, "/data/count", "1");
  assert_value (interview, "/data/sum", "0");
  state = sarap_interview_dup_state (interview);
  answer_ok (interview, "/data/n", "2");
  assert_value (interview, "/data/sum", "7");
  restored = sarap_interview_restore (sarap_interview_get_form (interview), clock, NULL, state, NULL, NULL);
  g_assert_cmpuint (sarap_interview_get_n_instances (restored, "/data/r"), ==, 1);
  answer_ok (restored, "/data/n", "2");
  assert_value (restored, "/data/r[2]/x", "7");
}

static void
test_paths_inside_mean_the_same_instance (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='s'><r jr:template=''><x/><y/><all/></r></data></instance><bind nodeset='/data/r/y' calculate='/data/r/x * 2'/>"
                                                "<bind nodeset='/data/r/all' calculate='sum(../../r/x)'/>",
                                                "<repeat nodeset='/data/r'><input ref='/data/r/x'/></repeat>");

  add (interview, "/data/r", "/data/r[1]");
  add (interview, "/data/r", "/data/r[2]");
  answer_ok (interview, "/data/r[1]/x", "3");
  answer_ok (interview, "/data/r[2]/x", "4");
  assert_value (interview, "/data/r[1]/y", "6");
  assert_value (interview, "/data/r[2]/y", "8");
  assert_value (interview, "/data/r[1]/all", "7");
}

static void
test_running_totals (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='s'><r jr:template=''><x/><t/></r></data></instance>"
                                                "<bind nodeset='/data/r/t' type='int' calculate=\"../x + if(position(..) = 1, 0, indexed-repeat(/data/r/t, /data/r, position(..) - 1))\"/>",
                                                "<repeat nodeset='/data/r'><input ref='/data/r/x'/></repeat>");

  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *ref = g_strdup_printf ("/data/r[%u]", i);
      g_autofree char *x = g_strdup_printf ("%s/x", ref);

      add (interview, "/data/r", ref);
      answer_ok (interview, x, "5");
    }
  assert_value (interview, "/data/r[3]/t", "15");
  answer_ok (interview, "/data/r[1]/x", "1");
  assert_value (interview, "/data/r[3]/t", "11");
}

static void
test_indexes_follow_what_they_point_at (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='s'><pick/><r jr:template=''><x/><before/></r><picked/></data></instance><bind nodeset='/data/pick' type='int'/>"
                                                "<bind nodeset='/data/r/before' calculate=\"if(position(..) &gt; 1, indexed-repeat(/data/r/x, /data/r, position(..) - 1), 'none')\"/>"
                                                "<bind nodeset='/data/picked' calculate='indexed-repeat(/data/r/x, /data/r, /data/pick)'/>",
                                                "<input ref='/data/pick'/><repeat nodeset='/data/r'><input ref='/data/r/x'/></repeat>");

  answer_ok (interview, "/data/pick", "2");
  add (interview, "/data/r", "/data/r[1]");
  add (interview, "/data/r", "/data/r[2]");
  answer_ok (interview, "/data/r[1]/x", "a");
  answer_ok (interview, "/data/r[2]/x", "b");
  assert_value (interview, "/data/r[1]/before", "none");
  assert_value (interview, "/data/r[2]/before", "a");
  assert_value (interview, "/data/picked", "b");
  answer_ok (interview, "/data/pick", "3");
  assert_value (interview, "/data/picked", "");
  add (interview, "/data/r", "/data/r[3]");
  answer_ok (interview, "/data/r[3]/x", "c");
  assert_value (interview, "/data/picked", "c");
  g_assert_true (sarap_interview_remove_instance (interview, "/data/r[1]", NULL));
  assert_value (interview, "/data/r[1]/before", "none");
  assert_value (interview, "/data/r[2]/before", "b");
  assert_value (interview, "/data/picked", "");
}

static void
test_nodes_of_one_name_without_a_repeat (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='s'><x>1</x><x>2</x><sum/></data></instance><bind nodeset='/data/sum' calculate='sum(/data/x)'/>", "<input ref='/data/x'/>");

  assert_value (interview, "/data/sum", "3");
  answer_ok (interview, "/data/x", "5");
  assert_value (interview, "/data/sum", "7");
}

static void
test_nested_repeats_and_their_events (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='s'><o jr:template=''><name/><i jr:template=''><v/></i></o></data></instance>",
                                                "<repeat nodeset='/data/o'><input ref='/data/o/name'/><repeat nodeset='/data/o/i'>"
                                                "<setvalue event='odk-new-repeat' ref='/data/o/i/v' value=\"concat(../../name, '-', position(..))\"/><input ref='/data/o/i/v'/></repeat></repeat>");

  add (interview, "/data/o", "/data/o[1]");
  add (interview, "/data/o", "/data/o[2]");
  answer_ok (interview, "/data/o[2]/name", "second");
  add (interview, "/data/o[2]/i", "/data/o[2]/i[1]");
  add (interview, "/data/o[2]/i", "/data/o[2]/i[2]");
  assert_value (interview, "/data/o[2]/i[2]/v", "second-2");
  g_assert_cmpuint (sarap_interview_get_n_instances (interview, "/data/o[1]/i"), ==, 0);
  assert_evaluates (interview, "count(/data/o/i)", "2");
}

static void
test_xml_and_back (void)
{
  g_autoptr (SarapInterview) interview = begin (ROWS ROWS_BINDS, ROWS_BODY);
  g_autoptr (SarapClock) clock = sarap_clock_new_system ();
  g_autoptr (GBytes) xml = NULL;
  g_autoptr (GBytes) again = NULL;
  g_autoptr (SarapInterview) copy = NULL;
  g_autoptr (GError) error = NULL;

  add (interview, "/data/r", "/data/r[1]");
  add (interview, "/data/r", "/data/r[2]");
  answer_ok (interview, "/data/r[2]/x", "9");
  xml = sarap_interview_serialize (interview);
  copy = sarap_interview_new_from_xml (sarap_interview_get_form (interview), clock, NULL, xml, &error);
  g_assert_no_error (error);
  again = sarap_interview_serialize (copy);
  g_assert_true (g_bytes_equal (xml, again));
}

static void
replay_cb (SarapInterview *interview, GPtrArray *changes, gpointer data)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const SarapChange *change = g_ptr_array_index (changes, i);

      g_ptr_array_add (data, sarap_change_new (change->kind, change->ref, change->value));
    }
}

static void
test_changes_replay_removals (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='small'><r jr:template=''><x>1</x></r></data></instance>", ROWS_BODY);
  g_autoptr (GPtrArray) changes = sarap_interview_dup_state (interview);
  g_autoptr (SarapClock) clock = sarap_clock_new_system ();
  g_autoptr (SarapInterview) restored = NULL;
  g_autoptr (GBytes) xml = NULL;
  g_autoptr (GBytes) again = NULL;

  g_signal_connect (interview, "changed", G_CALLBACK (replay_cb), changes);
  for (guint i = 1; i <= 4; i++)
    {
      g_autofree char *ref = g_strdup_printf ("/data/r[%u]", i);
      g_autofree char *x = g_strdup_printf ("%s/x", ref);

      add (interview, "/data/r", ref);
      answer_ok (interview, x, ref[8] == '2' ? "" : "3");
    }
  g_assert_true (sarap_interview_remove_instance (interview, "/data/r[3]", NULL));
  g_assert_true (sarap_interview_remove_instance (interview, "/data/r[1]", NULL));
  restored = sarap_interview_restore (sarap_interview_get_form (interview), clock, NULL, changes, NULL, NULL);
  xml = sarap_interview_serialize (interview);
  again = sarap_interview_serialize (restored);
  g_assert_true (g_bytes_equal (xml, again));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/repeats/adding-and-removing-moves-sums-and-positions", test_adding_and_removing_moves_sums_and_positions);
  g_test_add_func ("/form/repeats/a-lowered-count-keeps-the-answers", test_a_lowered_count_keeps_the_answers);
  g_test_add_func ("/form/repeats/paths-inside-mean-the-same-instance", test_paths_inside_mean_the_same_instance);
  g_test_add_func ("/form/repeats/running-totals", test_running_totals);
  g_test_add_func ("/form/repeats/indexes-follow-what-they-point-at", test_indexes_follow_what_they_point_at);
  g_test_add_func ("/form/repeats/nodes-of-one-name-without-a-repeat", test_nodes_of_one_name_without_a_repeat);
  g_test_add_func ("/form/repeats/nested-repeats-and-their-events", test_nested_repeats_and_their_events);
  g_test_add_func ("/form/repeats/xml-and-back", test_xml_and_back);
  g_test_add_func ("/form/repeats/changes-replay-removals", test_changes_replay_removals);
  return g_test_run ();
}
