#include <glib.h>
#include <string.h>

#include "tests/form/form-support.h"

#define ABC "<instance><data id='small'><a/><b/><c/><g><d/></g></data></instance>"

static void
test_keeps_a_wrong_answer (void)
{
  g_autoptr (SarapInterview) interview = begin (ABC "<bind nodeset='/data/a' type='int' constraint='. &lt; 10' jr:constraintMsg='Less than ten'/>"
                                                    "<bind nodeset='/data/b' required='/data/a &gt; 3' jr:requiredMsg='Say b'/>",
                                                "<input ref='/data/a'/><input ref='/data/b'/>");
  g_autofree char *message = NULL;

  answer (interview, "/data/a", "12", SARAP_ANSWER_CONSTRAINT_VIOLATED);
  assert_value (interview, "/data/a", "12");
  sarap_interview_validate (interview, "/data/a", &message);
  g_assert_cmpstr (message, ==, "Less than ten");
  answer (interview, "/data/a", "4.5", SARAP_ANSWER_CONSTRAINT_VIOLATED);
  answer (interview, "/data/a", "99999999999", SARAP_ANSWER_CONSTRAINT_VIOLATED);
  answer_ok (interview, "/data/a", " 04 ");
  assert_value (interview, "/data/a", "4");
  answer (interview, "/data/b", "", SARAP_ANSWER_REQUIRED_BUT_EMPTY);
  answer_ok (interview, "/data/a", "");
  answer_ok (interview, "/data/b", "");
}

static void
test_expressions_see_only_values_of_the_type (void)
{
  g_autoptr (SarapInterview) interview = begin (ABC "<bind nodeset='/data/a' type='int'/><bind nodeset='/data/b' type='time'/><bind nodeset='/data/c' calculate=\"concat('[', /data/a, '][', /data/b, ']')\"/>",
                                                "<input ref='/data/a'/><input ref='/data/b'/><range ref='/data/g/d' start='1' end='5' step='1'/>");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) draft = NULL;
  g_autoptr (GBytes) refused = NULL;

  answer (interview, "/data/a", "2.5", SARAP_ANSWER_CONSTRAINT_VIOLATED);
  answer (interview, "/data/b", "25:00", SARAP_ANSWER_CONSTRAINT_VIOLATED);
  assert_value (interview, "/data/a", "2.5");
  assert_value (interview, "/data/b", "25:00");
  assert_value (interview, "/data/c", "[2][]");
  answer (interview, "/data/a", "2147483648", SARAP_ANSWER_CONSTRAINT_VIOLATED);
  assert_value (interview, "/data/c", "[][]");
  draft = sarap_interview_serialize (interview);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (draft, NULL), (gssize) g_bytes_get_size (draft), "<a>2147483648</a>"));
  answer_ok (interview, "/data/a", "2");
  answer_ok (interview, "/data/b", "");
  answer (interview, "/data/g/d", "-5", SARAP_ANSWER_CONSTRAINT_VIOLATED);
  assert_evaluates (interview, "/data/g/d", "");
  refused = sarap_interview_finalize (interview, &error);
  g_assert_error (error, SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_INVALID);
}

static void
test_defaults_are_cast_and_warned_about (void)
{
  g_autoptr (SarapProblems) problems = sarap_problems_new ("small.xml");
  g_autoptr (SarapForm) form = try_form ("<instance><data id='s'><a>2.5</a><b>noon</b><c> 7 </c></data></instance><bind nodeset='/data/a' type='int'/><bind nodeset='/data/b' type='time'/><bind nodeset='/data/c' type='int'/>", "", problems, NULL);
  g_autoptr (SarapInterview) interview = begin_form (form);

  assert_value (interview, "/data/a", "2");
  assert_value (interview, "/data/b", "");
  assert_value (interview, "/data/c", "7");
  g_assert_cmpuint (sarap_problems_get_length (problems), ==, 2);
  g_assert_nonnull (strstr (sarap_problems_peek (problems, 1)->message, "noon"));
}

static void
test_irrelevant_nodes_read_blank_and_keep_their_value (void)
{
  g_autoptr (SarapInterview) interview = begin (ABC "<bind nodeset='/data/g' relevant=\"/data/a = 'yes'\"/><bind nodeset='/data/c' calculate='concat(\"-\", /data/g/d)'/>",
                                                "<input ref='/data/a'/><group ref='/data/g'><input ref='/data/g/d'/></group>");

  g_assert_false (sarap_interview_is_relevant (interview, "/data/g/d"));
  answer_ok (interview, "/data/a", "yes");
  answer_ok (interview, "/data/g/d", "seen");
  assert_value (interview, "/data/c", "-seen");
  answer_ok (interview, "/data/a", "no");
  assert_value (interview, "/data/c", "-");
  assert_evaluates (interview, "count(/data/g/d)", "0");
  answer_ok (interview, "/data/a", "yes");
  assert_value (interview, "/data/c", "-seen");
}

static void
test_calculates_in_order (void)
{
  g_autoptr (SarapInterview) interview = begin (ABC "<bind nodeset='/data/g/d' type='int' calculate='/data/b * 2'/><bind nodeset='/data/b' calculate='/data/a + 1'/>"
                                                    "<bind nodeset='/data/c' calculate='concat(/data/a, \" \", /data/b, \" \", /data/g/d)'/><bind nodeset='/data/a' type='int'/>",
                                                "<input ref='/data/a'/>");

  answer_ok (interview, "/data/a", "20");
  assert_value (interview, "/data/c", "20 21 42");
}

static void
count_cb (SarapInterview *interview, GPtrArray *changes, gpointer data)
{
  GString *text = data;

  for (guint i = 0; i < changes->len; i++)
    {
      const SarapChange *change = g_ptr_array_index (changes, i);

      g_string_append_printf (text, "%d %s %s;", change->kind, change->ref, change->value ? change->value : "-");
    }
}

static void
record_cb (SarapInterview *interview, GPtrArray *changes, gpointer data)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const SarapChange *change = g_ptr_array_index (changes, i);

      g_ptr_array_add (data, sarap_change_new (change->kind, change->ref, change->value));
    }
}

static void
test_tells_what_changed_and_no_more (void)
{
  g_autoptr (SarapInterview) interview = begin (ABC "<bind nodeset='/data/b' calculate='/data/a + 1'/><bind nodeset='/data/c' calculate='/data/g/d'/>", "<input ref='/data/a'/>");
  g_autoptr (GString) text = g_string_new (NULL);

  g_signal_connect (interview, "changed", G_CALLBACK (count_cb), text);
  answer_ok (interview, "/data/a", "1");
  answer_ok (interview, "/data/a", "1");
  g_assert_cmpstr (text->str, ==, "0 /data/a 1;0 /data/b 2;");
}

static void
test_orders_several_choices_like_the_list (void)
{
  g_autoptr (SarapInterview) interview = begin (ABC, "<select ref='/data/a'><item><label>One</label><value>one</value></item><item><label>Two</label><value>two</value></item></select>");
  g_autofree char *display = NULL;

  answer_ok (interview, "/data/a", "two  one two");
  assert_value (interview, "/data/a", "one two");
  display = sarap_interview_dup_display_value (interview, "/data/a");
  g_assert_cmpstr (display, ==, "One, Two");
}

static void
test_shows_places_and_times_to_people (void)
{
  g_autoptr (SarapInterview) interview = begin (ABC "<bind nodeset='/data/a' type='geopoint'/><bind nodeset='/data/b' type='dateTime'/>", "<input ref='/data/a'/><input ref='/data/b'/>");
  g_autofree char *place = NULL, *time = NULL;

  answer_ok (interview, "/data/a", "43.25654 76.92848 786 6.5");
  answer_ok (interview, "/data/b", "2017-04-14T16:05:00.000+05:00");
  place = sarap_interview_dup_display_value (interview, "/data/a");
  time = sarap_interview_dup_display_value (interview, "/data/b");
  g_assert_cmpstr (place, ==, "43.25654, 76.92848");
  g_assert_true (g_str_has_suffix (time, " 16:05"));
}

#define CASCADE                                                                                                                          \
  ABC "<instance id='l'><root><item><name>x1</name><label>X one</label><k>x</k></item><item><name>x2</name><label>X two</label><k>x</k>" \
      "</item><item><name>y1</name><label>Y one</label><k>y</k></item></root></instance>"
#define CASCADE_BODY                                                                                                           \
  "<input ref='/data/a'/><select1 ref='/data/b'><itemset nodeset=\"instance('l')/root/item[k = /data/a]\"><value ref='name'/>" \
  "<label ref='label'/></itemset></select1>"

static void
test_a_choice_filtered_away_comes_back (void)
{
  g_autoptr (SarapInterview) interview = begin (CASCADE "<bind nodeset='/data/c' calculate=\"jr:choice-name(/data/b, '/data/b')\"/>", CASCADE_BODY);
  g_autofree char *choices = NULL;

  answer_ok (interview, "/data/a", "x");
  answer_ok (interview, "/data/b", "x2");
  assert_value (interview, "/data/c", "X two");
  answer_ok (interview, "/data/a", "y");
  assert_value (interview, "/data/b", "");
  assert_value (interview, "/data/c", "");
  choices = choices_text (interview, "/data/b");
  g_assert_cmpstr (choices, ==, "y1=Y one");
  answer_ok (interview, "/data/a", "x");
  assert_value (interview, "/data/b", "x2");
  answer_ok (interview, "/data/a", "y");
  answer_ok (interview, "/data/b", "y1");
  answer_ok (interview, "/data/a", "x");
  assert_value (interview, "/data/b", "");
}

#define SEVERAL_BODY                                                                                                           \
  "<input ref='/data/a'/><select ref='/data/b'><itemset nodeset=\"instance('l')/root/item[k != /data/a]\"><value ref='name'/>" \
  "<label ref='label'/></itemset></select>"

static void
test_some_choices_filtered_away_come_back (void)
{
  g_autoptr (SarapInterview) interview = begin (CASCADE, SEVERAL_BODY);

  answer_ok (interview, "/data/b", "x1 y1");
  answer_ok (interview, "/data/a", "y");
  assert_value (interview, "/data/b", "x1");
  answer_ok (interview, "/data/a", "z");
  assert_value (interview, "/data/b", "x1 y1");
}

static void
test_a_choice_filtered_away_comes_back_to_a_draft (void)
{
  g_autoptr (SarapForm) form = load_form (CASCADE, CASCADE_BODY);
  g_autoptr (SarapInterview) interview = begin_form (form);
  g_autoptr (GPtrArray) journal = sarap_interview_dup_state (interview);
  g_autoptr (SarapClock) clock = sarap_clock_new_at (1790000000000, "Asia/Almaty");
  g_autoptr (SarapInterview) draft = NULL;
  g_autoptr (SarapInterview) cleared = NULL;

  g_signal_connect (interview, "changed", G_CALLBACK (record_cb), journal);
  answer_ok (interview, "/data/a", "x");
  answer_ok (interview, "/data/b", "x2");
  answer_ok (interview, "/data/a", "y");
  draft = sarap_interview_restore (form, clock, NULL, journal, NULL, NULL);
  assert_value (draft, "/data/b", "");
  answer_ok (draft, "/data/a", "x");
  assert_value (draft, "/data/b", "x2");
  answer_ok (interview, "/data/b", "");
  cleared = sarap_interview_restore (form, clock, NULL, journal, NULL, NULL);
  answer_ok (cleared, "/data/a", "x");
  assert_value (cleared, "/data/b", "");
}

static void
test_speaks_the_language_asked_for (void)
{
  g_autoptr (SarapInterview) interview = begin ("<itext><translation lang='English (en)'><text id='q'><value>Hello <output value='/data/b'/>!</value><value form='guidance'>Say it</value></text></translation>"
                                                "<translation lang='Kazakh (kk)'><text id='q'><value>Сәлем <output value='/data/b'/>!</value></text></translation></itext>" ABC,
                                                "<input ref='/data/b'/><input ref='/data/a'><label ref=\"jr:itext('q')\"/></input>");
  g_autofree char *english = NULL;
  g_autofree char *kazakh = NULL;

  answer_ok (interview, "/data/b", "Aru");
  english = sarap_interview_dup_label (interview, "/data/a");
  g_assert_true (sarap_interview_set_language (interview, "kk"));
  g_assert_false (sarap_interview_set_language (interview, "fr"));
  kazakh = sarap_interview_dup_label (interview, "/data/a");
  g_assert_cmpstr (english, ==, "Hello Aru!");
  g_assert_cmpstr (kazakh, ==, "Сәлем Aru!");
}

static void
test_preloads_and_finalizes (void)
{
  g_autoptr (SarapInterview) interview = begin (ABC "<bind nodeset='/data/a' jr:preload='property' jr:preloadParams='deviceid'/><bind nodeset='/data/b' type='dateTime' jr:preload='timestamp' jr:preloadParams='end'/>"
                                                    "<bind nodeset='/data/g/d' required='true()'/>",
                                                "<input ref='/data/g/d'/>");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) refused = sarap_interview_finalize (interview, &error);
  g_autoptr (GBytes) xml = NULL;
  g_autofree char *expected = NULL;
  const char *end;

  g_assert_error (error, SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_INVALID);
  assert_value (interview, "/data/a", "device-7");
  assert_value (interview, "/data/b", "");
  answer_ok (interview, "/data/g/d", "a < b");
  xml = sarap_interview_finalize (interview, NULL);
  end = sarap_interview_peek_value (interview, "/data/b");
  g_assert_true (g_str_has_prefix (end, "2026-09-21T19:13:2"));
  g_assert_true (g_str_has_suffix (end, "+05:00"));
  expected = g_strdup_printf ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<data xmlns:orx=\"http://openrosa.org/xforms\" id=\"small\"><a>device-7</a>"
                              "<b>%s</b><c/><g><d>a &lt; b</d></g><orx:meta><orx:instanceID>%s</orx:instanceID></orx:meta></data>",
                              end, sarap_interview_get_instance_id (interview));
  g_assert_true (g_str_has_prefix (sarap_interview_get_instance_id (interview), "uuid:"));
  g_assert_cmpmem (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml), expected, strlen (expected));
}

static void
test_runs_actions (void)
{
  g_autoptr (SarapInterview) interview = begin (ABC "<setvalue event='odk-instance-first-load' ref='/data/c' value='1 + 1'/>",
                                                "<input ref='/data/a'><setvalue event='xforms-value-changed' ref='/data/b' value=\"concat('was ', /data/a)\"/></input>");

  assert_value (interview, "/data/c", "2");
  answer_ok (interview, "/data/a", "k");
  assert_value (interview, "/data/b", "was k");
  answer_ok (interview, "/data/b", "other");
  answer_ok (interview, "/data/a", "k");
  assert_value (interview, "/data/b", "other");
}

static void
test_restores_from_its_changes (void)
{
  g_autoptr (SarapForm) form = load_form (ABC "<bind nodeset='/data/a' calculate='once(random())'/><bind nodeset='/data/c' calculate='random()'/>", "<input ref='/data/b'/>");
  g_autoptr (SarapInterview) interview = begin_form (form);
  g_autoptr (SarapInterview) restored = NULL;
  g_autoptr (SarapClock) clock = sarap_clock_new_system ();
  g_autoptr (GPtrArray) state = NULL;
  g_autoptr (GPtrArray) unfit = NULL;
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) after = NULL;

  answer_ok (interview, "/data/b", "x");
  state = sarap_interview_dup_state (interview);
  g_ptr_array_add (state, sarap_change_new (SARAP_CHANGE_VALUE, "/data/gone", "old"));
  restored = sarap_interview_restore (form, clock, NULL, state, &unfit, NULL);
  before = sarap_interview_serialize (interview);
  after = sarap_interview_serialize (restored);
  g_assert_true (g_bytes_equal (before, after));
  g_assert_cmpuint (unfit->len, ==, 1);
  g_assert_cmpstr (((SarapChange *) unfit->pdata[0])->ref, ==, "/data/gone");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/interview/keeps-a-wrong-answer", test_keeps_a_wrong_answer);
  g_test_add_func ("/form/interview/expressions-see-only-values-of-the-type", test_expressions_see_only_values_of_the_type);
  g_test_add_func ("/form/interview/defaults-are-cast-and-warned-about", test_defaults_are_cast_and_warned_about);
  g_test_add_func ("/form/interview/irrelevant-nodes-read-blank-and-keep-their-value", test_irrelevant_nodes_read_blank_and_keep_their_value);
  g_test_add_func ("/form/interview/calculates-in-order", test_calculates_in_order);
  g_test_add_func ("/form/interview/tells-what-changed-and-no-more", test_tells_what_changed_and_no_more);
  g_test_add_func ("/form/interview/orders-several-choices-like-the-list", test_orders_several_choices_like_the_list);
  g_test_add_func ("/form/interview/shows-places-and-times-to-people", test_shows_places_and_times_to_people);
  g_test_add_func ("/form/interview/a-choice-filtered-away-comes-back", test_a_choice_filtered_away_comes_back);
  g_test_add_func ("/form/interview/some-choices-filtered-away-come-back", test_some_choices_filtered_away_come_back);
  g_test_add_func ("/form/interview/a-choice-filtered-away-comes-back-to-a-draft", test_a_choice_filtered_away_comes_back_to_a_draft);
  g_test_add_func ("/form/interview/speaks-the-language-asked-for", test_speaks_the_language_asked_for);
  g_test_add_func ("/form/interview/preloads-and-finalizes", test_preloads_and_finalizes);
  g_test_add_func ("/form/interview/runs-actions", test_runs_actions);
  g_test_add_func ("/form/interview/restores-from-its-changes", test_restores_from_its_changes);
  return g_test_run ();
}
