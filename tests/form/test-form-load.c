#include <glib.h>
#include <string.h>

#include "tests/form/form-support.h"

#define INSTANCE "<instance><data id='small' version='3'><a/><b/><g><c/></g><r><x/></r></data></instance>"

static void
test_describes_itself (void)
{
  g_autoptr (SarapForm) form = load_form ("<submission base64RsaPublicKey='KEY'/>" INSTANCE "<bind nodeset='/data/a' type='int'/>",
                                          "<input ref='/data/a' appearance='numbers big'><label>Age</label></input>");
  const SarapElement *age = sarap_form_find_question (form, "a");

  g_assert_cmpstr (sarap_form_get_id (form), ==, "small");
  g_assert_cmpstr (sarap_form_get_version (form), ==, "3");
  g_assert_cmpstr (sarap_form_get_title (form), ==, "Small form");
  g_assert_cmpstr (sarap_form_get_submission_key (form), ==, "KEY");
  g_assert_cmpint (sarap_element_get_question_kind (age), ==, SARAP_QUESTION_INTEGER);
  g_assert_true (sarap_element_has_appearance (age, "big"));
  g_assert_false (sarap_element_has_appearance (age, "bi"));
  g_assert_true (g_str_has_prefix (sarap_form_get_hash (form), "md5:"));
}

static void
assert_refused (const char *model, const char *body, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapForm) form = try_form (model, body, NULL, &error);

  g_assert_null (form);
  g_assert_nonnull (error);
  if (strstr (error->message, part) == NULL)
    g_error ("\"%s\" does not name %s", error->message, part);
}

static void
test_refuses_what_leads_nowhere (void)
{
  assert_refused (INSTANCE "<bind nodeset='/data/zz'/>", "", "/data/zz");
  assert_refused (INSTANCE, "<input ref='/data/zz'/>", "/data/zz");
  assert_refused (INSTANCE, "<input><label>x</label></input>", "ref");
  assert_refused (INSTANCE, "<select1 ref='/data/a'/>", "no choices");
  assert_refused (INSTANCE, "<repeat><input ref='/data/r/x'/></repeat>", "nodeset");
  assert_refused (INSTANCE "<bind nodeset='/data/a' calculate='nonsense(1)'/>", "", "nonsense");
  assert_refused (INSTANCE "<bind nodeset='/data/a' calculate='1 +'/>", "", "calculate");
  assert_refused (INSTANCE "<setvalue event='odk-never' ref='/data/a'/>", "", "odk-never");
  assert_refused ("", "", "no instance");
}

static void
test_names_the_way_of_a_cycle (void)
{
  assert_refused (INSTANCE "<bind nodeset='/data/a' calculate='/data/b + 1'/><bind nodeset='/data/b' calculate='/data/g/c + 1'/>"
                           "<bind nodeset='/data/g/c' calculate='/data/a + 1'/>",
                  "", "/data/a → /data/b → /data/g/c → /data/a");
  assert_refused (INSTANCE "<bind nodeset='/data/a' calculate='/data/a + 1'/>", "", "reads /data/a itself");
  assert_refused (INSTANCE "<bind nodeset='/data/g' relevant=\"/data/g/c = 'x'\"/>", "", "/data/g");
  assert_refused (INSTANCE "<bind nodeset='/data/a' required=\"/data/a = ''\"/>", "", "required");
}

static void
test_allows_a_constraint_on_itself (void)
{
  g_autoptr (SarapForm) form = load_form (INSTANCE "<bind nodeset='/data/a' constraint='/data/a &gt; 3'/>", "");

  g_assert_nonnull (form);
}

static void
test_warns_about_what_it_does_not_know (void)
{
  g_autoptr (SarapProblems) problems = sarap_problems_new ("small.xml");
  g_autoptr (SarapForm) form = try_form (INSTANCE, "<hologram ref='/data/a'/>", problems, NULL);

  g_assert_nonnull (form);
  g_assert_cmpuint (sarap_problems_get_length (problems), ==, 1);
  g_assert_nonnull (strstr (sarap_problems_peek (problems, 0)->message, "hologram"));
}

static void
test_merges_the_group_around_a_repeat (void)
{
  g_autoptr (SarapForm) form = load_form (INSTANCE, "<group ref='/data/r'><label>Rows</label><repeat nodeset='/data/r'><input ref='/data/r/x'/></repeat></group>");
  const SarapElement *body = sarap_form_get_body (form);
  const SarapElement *repeat = sarap_element_peek_child (body, 0);
  g_autofree char *label = sarap_form_dup_label (form, repeat, NULL);

  g_assert_cmpuint (sarap_element_get_n_children (body), ==, 1);
  g_assert_cmpint (sarap_element_get_kind (repeat), ==, SARAP_ELEMENT_REPEAT);
  g_assert_cmpstr (label, ==, "Rows");
  g_assert_true (sarap_form_find_element (form, "/data/r") == repeat);
}

static void
test_finds_languages_by_code (void)
{
  g_autoptr (SarapForm) form = load_form ("<itext><translation lang='Russian (ru)'><text id='a'><value>Возраст</value></text></translation>"
                                          "<translation lang='Kazakh (kk)' default='true()'><text id='a'><value>Жас</value></text></translation></itext>" INSTANCE,
                                          "<input ref='/data/a'><label ref=\"jr:itext('a')\"/></input>");
  g_autofree char *label = sarap_form_dup_label (form, sarap_form_find_question (form, "a"), NULL);
  g_autofree char *russian = sarap_form_dup_label (form, sarap_form_find_question (form, "a"), "ru");

  g_assert_cmpstr (sarap_form_get_default_language (form), ==, "Kazakh (kk)");
  g_assert_cmpstr (sarap_form_find_language (form, "ru"), ==, "Russian (ru)");
  g_assert_null (sarap_form_find_language (form, "en"));
  g_assert_cmpstr (label, ==, "Жас");
  g_assert_cmpstr (russian, ==, "Возраст");
}

static void
test_lists_choices_without_filters (void)
{
  g_autoptr (SarapForm) form = load_form (INSTANCE "<instance id='l'><root><item><name>x</name><label>X</label><k>1</k></item><item><name>y</name><label>Y</label><k>2</k></item></root></instance>",
                                          "<select1 ref='/data/a'><itemset nodeset=\"randomize(instance('l')/root/item[k = /data/b], 7)\"><value ref='name'/><label ref='label'/></itemset></select1>");
  g_autoptr (GPtrArray) choices = sarap_form_dup_choices (form, sarap_form_find_question (form, "a"), NULL);

  g_assert_cmpuint (choices->len, ==, 2);
  g_assert_cmpstr (((SarapChoice *) choices->pdata[1])->value, ==, "y");
  g_assert_cmpstr (((SarapChoice *) choices->pdata[1])->label, ==, "Y");
}

static void
append_questions (GString *instance, GString *body, guint n)
{
  g_string_append (instance, "<instance><data id='big'>");
  for (guint i = 0; i < n; i++)
    {
      g_string_append_printf (instance, "<q%u/>", i);
      g_string_append_printf (body, "<input ref='/data/q%u'/>", i);
    }
  g_string_append (instance, "</data></instance>");
}

static void
test_takes_twenty_thousand_questions_and_no_more (void)
{
  g_autoptr (GString) instance = g_string_new (NULL);
  g_autoptr (GString) body = g_string_new (NULL);
  g_autoptr (SarapForm) form = NULL;

  append_questions (instance, body, 20000);
  form = load_form (instance->str, body->str);
  g_assert_nonnull (sarap_form_find_question (form, "q19999"));
  g_string_truncate (instance, 0);
  g_string_truncate (body, 0);
  append_questions (instance, body, 20001);
  assert_refused (instance->str, body->str, "20001 questions");
}

static void
test_finds_a_long_cycle_at_once (void)
{
  g_autoptr (GString) instance = g_string_new ("<instance><data id='big'>");
  g_autoptr (GString) binds = g_string_new ("</data></instance>");
  gint64 start;

  for (guint i = 0; i < 20000; i++)
    {
      g_string_append_printf (instance, "<q%u/>", i);
      g_string_append_printf (binds, "<bind nodeset='/data/q%u' calculate='/data/q%u + 1'/>", i, (i + 1) % 20000);
    }
  g_string_append (instance, binds->str);
  start = g_get_monotonic_time ();
  assert_refused (instance->str, "", "… (19989 more)");
  g_test_message ("%d ms", (int) ((g_get_monotonic_time () - start) / 1000));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/load/describes-itself", test_describes_itself);
  g_test_add_func ("/form/load/refuses-what-leads-nowhere", test_refuses_what_leads_nowhere);
  g_test_add_func ("/form/load/names-the-way-of-a-cycle", test_names_the_way_of_a_cycle);
  g_test_add_func ("/form/load/allows-a-constraint-on-itself", test_allows_a_constraint_on_itself);
  g_test_add_func ("/form/load/warns-about-what-it-does-not-know", test_warns_about_what_it_does_not_know);
  g_test_add_func ("/form/load/merges-the-group-around-a-repeat", test_merges_the_group_around_a_repeat);
  g_test_add_func ("/form/load/finds-languages-by-code", test_finds_languages_by_code);
  g_test_add_func ("/form/load/lists-choices-without-filters", test_lists_choices_without_filters);
  /* Not under the sanitizers: too slow, and GLib never frees a table of names that it outgrew. */
  if (g_getenv ("SARAP_SANITIZED") == NULL)
    g_test_add_func ("/form/load/takes-twenty-thousand-questions-and-no-more", test_takes_twenty_thousand_questions_and_no_more);
  if (g_getenv ("SARAP_SANITIZED") == NULL)
    g_test_add_func ("/form/load/finds-a-long-cycle-at-once", test_finds_a_long_cycle_at_once);
  return g_test_run ();
}
