#include <glib.h>
#include <string.h>

#include "tests/form/form-support.h"

/* Lists from files, from the form and from the interview itself. */

static GBytes *
find_media (const char *name, gpointer data)
{
  static const char *const files[][2] = {
    { "towns.csv", "name,label,label_kk,region\nala,Almaty,Алматы,south\nast,Astana,Астана,north\nkok,Kokshetau,Көкшетау,north\n" },
    { "towns.xml", "<root>\n<item><name>x</name><label>From XML</label></item>\n</root>" },
    { "places.geojson", "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"id\":\"p1\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[76.9,43.2]},\"properties\":{\"name\":\"hall\"}}]}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    if (strcmp (files[i][0], name) == 0)
      return g_bytes_new_static (files[i][1], strlen (files[i][1]));
  return NULL;
}

static SarapInterview *
begin_with_lists (const char *model, const char *body, const char *last_saved)
{
  g_autofree char *xml = form_xml (model, body);
  g_autoptr (GBytes) bytes = g_bytes_new (xml, strlen (xml));
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapForm) form = sarap_form_load (bytes, "lists.xml", find_media, NULL, NULL, NULL, &error);
  g_autoptr (SarapClock) clock = sarap_clock_new_system ();
  const SarapInterviewSettings settings = { .last_saved = last_saved };
  SarapInterview *interview;

  g_assert_no_error (error);
  interview = sarap_interview_new (form, clock, &settings, &error);
  g_assert_no_error (error);
  return interview;
}

#define LANGUAGES "<itext><translation lang='English (en)'/><translation lang='Kazakh (kk)'/></itext>"
#define INSTANCE "<instance><data id='s'><region/><town/><name/><n/></data></instance>"
#define TOWNS "<instance id='towns' src='jr://file-csv/towns.csv'/>"
#define TOWN_SELECT "<input ref='/data/region'/><select1 ref='/data/town'><itemset nodeset=\"instance('towns')/root/item[region = /data/region]\"><value ref='name'/><label ref='label'/></itemset></select1>"

static void
test_a_column_of_the_language_is_the_label (void)
{
  g_autoptr (SarapInterview) interview = begin_with_lists (LANGUAGES INSTANCE TOWNS, TOWN_SELECT, NULL);
  g_autofree char *english = NULL;
  g_autofree char *kazakh = NULL;
  g_autofree char *display = NULL;

  answer_ok (interview, "/data/region", "north");
  english = choices_text (interview, "/data/town");
  g_assert_cmpstr (english, ==, "ast=Astana kok=Kokshetau");
  answer_ok (interview, "/data/town", "kok");
  g_assert_true (sarap_interview_set_language (interview, "kk"));
  kazakh = choices_text (interview, "/data/town");
  display = sarap_interview_dup_display_value (interview, "/data/town");
  g_assert_cmpstr (kazakh, ==, "ast=Астана kok=Көкшетау");
  g_assert_cmpstr (display, ==, "Көкшетау");
}

static void
test_lists_answer_expressions (void)
{
  g_autoptr (SarapInterview) interview = begin_with_lists (INSTANCE TOWNS "<instance id='x' src='jr://file/towns.xml'/><instance id='p' src='jr://file/places.geojson'/>"
                                                                          "<bind nodeset='/data/name' calculate=\"instance('towns')/root/item[name = /data/town]/label\"/>",
                                                           "<input ref='/data/town'/>", NULL);

  answer_ok (interview, "/data/town", "ala");
  assert_value (interview, "/data/name", "Almaty");
  answer_ok (interview, "/data/town", "nowhere");
  assert_value (interview, "/data/name", "");
  assert_evaluates (interview, "instance('x')/root/item[name = 'x']/label", "From XML");
  assert_evaluates (interview, "instance('p')/root/item[name = 'hall']/geometry", "43.2 76.9 0 0");
  assert_evaluates (interview, "pulldata('towns', 'label', 'name', 'kok')", "Kokshetau");
}

static void
test_a_missing_list_is_named_and_empty (void)
{
  g_autofree char *xml = form_xml (INSTANCE "<instance id='gone' src='jr://file-csv/gone.csv'/>", "<input ref='/data/town'/>");
  g_autoptr (GBytes) bytes = g_bytes_new (xml, strlen (xml));
  g_autoptr (SarapProblems) problems = sarap_problems_new ("lists.xml");
  g_autoptr (SarapForm) form = sarap_form_load (bytes, "lists.xml", find_media, NULL, NULL, problems, NULL);
  g_autoptr (SarapInterview) interview = begin_form (form);

  g_assert_cmpuint (sarap_problems_get_length (problems), ==, 1);
  g_assert_nonnull (strstr (sarap_problems_peek (problems, 0)->message, "gone.csv"));
  assert_evaluates (interview, "count(instance('gone')/root/item)", "0");
}

static void
test_the_last_saved_record_gives_defaults (void)
{
  const char *model = INSTANCE "<instance id='last' src='jr://instance/last-saved'/><setvalue event='odk-instance-first-load' ref='/data/region' value=\"instance('last')/data/region\"/>";
  g_autoptr (SarapInterview) second = begin_with_lists (model, "<input ref='/data/region'/>", "<data id='s'><region>south</region></data>");
  g_autoptr (SarapInterview) first = begin_with_lists (model, "<input ref='/data/region'/>", NULL);

  assert_value (second, "/data/region", "south");
  assert_value (first, "/data/region", "");
}

static void
test_a_seed_keeps_the_order (void)
{
  const char *body = "<input ref='/data/n'/><select1 ref='/data/town'><itemset nodeset=\"randomize(instance('l')/root/item, /data/n)\"><value ref='name'/><label ref='name'/></itemset></select1>";
  g_autoptr (SarapInterview) interview = begin_with_lists (INSTANCE "<instance id='l'><root><item><name>A</name></item><item><name>B</name></item><item><name>C</name></item>"
                                                                    "<item><name>D</name></item><item><name>E</name></item><item><name>F</name></item></root></instance>",
                                                           body, NULL);
  g_autofree char *order = NULL;

  answer_ok (interview, "/data/n", "42");
  order = choices_text (interview, "/data/town");
  g_assert_cmpstr (order, ==, "A=A F=F C=C B=B D=D E=E");
}

static void
test_choices_come_from_a_repeat (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='s'><person jr:template=''><name/></person><head/></data></instance>",
                                                "<repeat nodeset='/data/person'><input ref='/data/person/name'/></repeat>"
                                                "<select1 ref='/data/head'><itemset nodeset=\"/data/person[name != '']\"><value ref='name'/><label ref='name'/></itemset></select1>");
  g_autofree char *choices = NULL;

  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *ref = sarap_interview_add_instance (interview, "/data/person", NULL);
      g_autofree char *name = g_strdup_printf ("%s/name", ref);

      answer_ok (interview, name, i == 1 ? "Aru" : i == 2 ? ""
                                                          : "Dias");
    }
  choices = choices_text (interview, "/data/head");
  g_assert_cmpstr (choices, ==, "Aru=Aru Dias=Dias");
  answer_ok (interview, "/data/head", "Dias");
  g_assert_true (sarap_interview_remove_instance (interview, "/data/person[3]", NULL));
  assert_value (interview, "/data/head", "");
}

static void
test_entities_are_written (void)
{
  g_autoptr (SarapInterview) interview = begin ("<instance><data id='s'><name/><new/><meta><instanceID/><entity dataset='centres' id='' create=''><label/></entity></meta></data></instance>"
                                                "<bind nodeset='/data/meta/entity/@id' type='string' readonly='true()'/><setvalue ref='/data/meta/entity/@id' event='odk-instance-first-load' value='uuid()'/>"
                                                "<bind nodeset='/data/meta/entity/@create' calculate=\"if(/data/new = 'yes', 1, '')\" type='string' readonly='true()'/>"
                                                "<bind nodeset='/data/meta/entity' relevant=\"/data/name != ''\"/><bind nodeset='/data/meta/entity/label' calculate='/data/name'/>",
                                                "<input ref='/data/name'/><input ref='/data/new'/>");
  g_autoptr (GBytes) before = sarap_interview_serialize (interview);
  g_autoptr (GBytes) after = NULL;
  g_autofree char *expected = NULL;

  g_assert_null (g_strstr_len (g_bytes_get_data (before, NULL), (gssize) g_bytes_get_size (before), "entity"));
  answer_ok (interview, "/data/name", "Hall 1");
  answer_ok (interview, "/data/new", "yes");
  g_assert_cmpuint (strlen (sarap_interview_peek_value (interview, "/data/meta/entity/@id")), ==, 36);
  after = sarap_interview_serialize (interview);
  expected = g_strdup_printf ("<entity dataset=\"centres\" id=\"%s\" create=\"1\"><label>Hall 1</label></entity>", sarap_interview_peek_value (interview, "/data/meta/entity/@id"));
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (after, NULL), (gssize) g_bytes_get_size (after), expected));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/lists/a-column-of-the-language-is-the-label", test_a_column_of_the_language_is_the_label);
  g_test_add_func ("/form/lists/answer-expressions", test_lists_answer_expressions);
  g_test_add_func ("/form/lists/a-missing-list-is-named-and-empty", test_a_missing_list_is_named_and_empty);
  g_test_add_func ("/form/lists/the-last-saved-record-gives-defaults", test_the_last_saved_record_gives_defaults);
  g_test_add_func ("/form/lists/a-seed-keeps-the-order", test_a_seed_keeps_the_order);
  g_test_add_func ("/form/lists/choices-come-from-a-repeat", test_choices_come_from_a_repeat);
  g_test_add_func ("/form/entities/are-written", test_entities_are_written);
  return g_test_run ();
}
