#include <glib.h>
#include <string.h>

#include "app/form/sarap-move.h"
#include "app/store/sarap-store-forms.h"
#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-visit.h"

/* A draft whose form has got a newer version. */

#define FORM(version, model, body) "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml' xmlns:orx='http://openrosa.org/xforms' xmlns:jr='http://openrosa.org/javarosa'>" \
                                   "<h:head><h:title>Visit</h:title><model><instance><data id='visit' version='" version "'>" model "</h:head><h:body>" body "</h:body></h:html>"
#define ITEM(value, label) "<item><label>" label "</label><value>" value "</value></item>"

static const char first[] = FORM ("1", "<who/><years/><why/><gone/><r jr:template=''><x/></r><orx:meta><orx:instanceID/><orx:instanceName/></orx:meta></data></instance><bind nodeset='/data/meta/instanceName' calculate='/data/who'/></model>", "<input ref='/data/who'><label>Who</label></input><input ref='/data/years'><label>Years</label></input>"
                                                                                                                                                                                                                                                  "<select1 ref='/data/why'><label>Why</label>" ITEM ("late", "Came late") ITEM ("rude", "Was rude") "</select1>"
                                                                                                                                                                                                                                                                                                                                                     "<input ref='/data/gone'><label>What else</label></input><repeat nodeset='/data/r'><input ref='/data/r/x'><label>Window</label></input></repeat>");
static const char second[] = FORM ("2", "<who/><years/><why/><r><x/></r><new/><orx:meta><orx:instanceID/><orx:instanceName/></orx:meta></data></instance><bind nodeset='/data/years' type='int'/><bind nodeset='/data/meta/instanceName' calculate=\"concat(/data/who, ' (2)')\"/></model>", "<input ref='/data/who'/><input ref='/data/years'/><select1 ref='/data/why'>" ITEM ("late", "Came late") "</select1><group ref='/data/r'><input ref='/data/r/x'/></group><input ref='/data/new'/>");

typedef struct
{
  char *folder;
  SarapStore *store;
  char *id;
} Fixture;

static void
add_form (SarapStore *store, const char *xml)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (xml, strlen (xml));
  g_autoptr (GError) error = NULL;

  sarap_store_add_form (store, bytes, "visit.xml", NULL, "file", NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  static const char *const answers[][2] = { { "/data/who", "Айжан" }, { "/data/years", "thirty" }, { "/data/why", "rude" }, { "/data/gone", "noise" }, { "/data/r[1]/x", "3" }, { "/data/r[2]/x", "5" } };
  g_autoptr (SarapRecorder) recorder = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = sarap_temporary_new ();
  self->store = sarap_temporary_open (self->folder);
  add_form (self->store, first);
  recorder = sarap_visit_begin (self->store, "volunteer");
  self->id = g_strdup (sarap_interview_get_instance_id (sarap_recorder_get_interview (recorder)));
  for (guint i = sarap_interview_get_n_instances (sarap_recorder_get_interview (recorder), "/data/r"); i < 2; i++)
    g_free (sarap_interview_add_instance (sarap_recorder_get_interview (recorder), "/data/r", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    sarap_visit_answer (recorder, answers[i][0], answers[i][1]);
  g_assert_true (sarap_recorder_flush (recorder, &error));
  g_assert_false (sarap_store_has_newer_form (self->store, self->id));
  g_clear_object (&recorder);
  add_form (self->store, second);
  g_assert_true (sarap_store_has_newer_form (self->store, self->id));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->store);
  sarap_temporary_remove (self->folder);
  g_free (self->folder);
  g_free (self->id);
}

static void
reopen (Fixture *self)
{
  g_clear_object (&self->store);
  self->store = sarap_temporary_open (self->folder);
}

static SarapRecorder *
resume (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  SarapRecorder *recorder = sarap_recorder_resume (self->store, self->id, NULL, &error);

  g_assert_no_error (error);
  return recorder;
}

static void
move (Fixture *self, guint expected)
{
  g_autoptr (GError) error = NULL;
  guint n_aside;

  g_assert_true (sarap_store_move_draft (self->store, self->id, NULL, &n_aside, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_aside, ==, expected);
}

static void
assert_aside (Fixture *self)
{
  static const char *const expected[][3] = { { "/data/years", "Years", "thirty" }, { "/data/why", "Why", "Was rude" }, { "/data/gone", "What else", "noise" }, { "/data/r[2]/x", "Window", "5" } };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) aside = sarap_store_list_aside (self->store, self->id, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (aside->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < aside->len; i++)
    {
      const SarapAside *item = g_ptr_array_index (aside, i);

      g_assert_cmpstr (item->ref, ==, expected[i][0]);
      g_assert_cmpstr (item->label, ==, expected[i][1]);
      g_assert_cmpstr (item->text, ==, expected[i][2]);
    }
}

static void
test_a_draft_may_stay_with_its_version (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecorder) recorder = NULL;

  reopen (self);
  recorder = resume (self);
  g_assert_cmpstr (sarap_form_get_version (sarap_interview_get_form (sarap_recorder_get_interview (recorder))), ==, "1");
  g_assert_cmpstr (sarap_interview_peek_value (sarap_recorder_get_interview (recorder), "/data/gone"), ==, "noise");
}

static void
test_a_moved_draft_keeps_what_fits_and_shows_the_rest (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecorder) recorder = NULL;
  g_autoptr (SarapRecord) record = NULL;
  SarapInterview *interview;

  move (self, 4);
  move (self, 0);
  reopen (self);
  recorder = resume (self);
  interview = sarap_recorder_get_interview (recorder);
  g_assert_cmpstr (sarap_form_get_version (sarap_interview_get_form (interview)), ==, "2");
  g_assert_cmpstr (sarap_interview_get_instance_id (interview), ==, self->id);
  g_assert_cmpstr (sarap_interview_peek_value (interview, "/data/who"), ==, "Айжан");
  g_assert_cmpstr (sarap_interview_peek_value (interview, "/data/years"), ==, "");
  g_assert_cmpstr (sarap_interview_peek_value (interview, "/data/why"), ==, "");
  g_assert_cmpstr (sarap_interview_peek_value (interview, "/data/r/x"), ==, "3");
  record = sarap_store_find_record (self->store, self->id, NULL);
  g_assert_cmpstr (sarap_record_get_name (record), ==, "Айжан (2)");
  g_assert_cmpstr (sarap_record_get_form_version (record), ==, "2");
  assert_aside (self);
}

static void
test_what_is_aside_stays_with_the_finalized_record (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecorder) recorder = NULL;
  g_autoptr (GBytes) xml = NULL;
  g_autoptr (GError) error = NULL;

  move (self, 4);
  recorder = resume (self);
  sarap_visit_answer (recorder, "/data/new", "n");
  g_assert_true (sarap_recorder_finalize (recorder, &error));
  g_clear_object (&recorder);
  reopen (self);
  xml = sarap_store_dup_record_xml (self->store, self->id, &error);
  g_assert_no_error (error);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (xml, NULL), (gssize) g_bytes_get_size (xml), "version=\"2\""));
  assert_aside (self);
}

static void
test_only_drafts_move (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecorder) recorder = resume (self);
  g_autoptr (GError) error = NULL;
  guint n_aside;

  g_assert_true (sarap_recorder_finalize (recorder, &error));
  g_assert_false (sarap_store_has_newer_form (self->store, self->id));
  g_assert_false (sarap_store_move_draft (self->store, self->id, NULL, &n_aside, &error));
  g_assert_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_STATE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/store/versions/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("a-draft-may-stay-with-its-version", test_a_draft_may_stay_with_its_version);
  ADD ("a-moved-draft-keeps-what-fits-and-shows-the-rest", test_a_moved_draft_keeps_what_fits_and_shows_the_rest);
  ADD ("what-is-aside-stays-with-the-finalized-record", test_what_is_aside_stays_with_the_finalized_record);
  ADD ("only-drafts-move", test_only_drafts_move);
  return g_test_run ();
}
