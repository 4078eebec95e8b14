#include "tests/sync/sync-support.h"

#include <string.h>

#include "app/store/sarap-store-forms.h"
#include "sync/client/sarap-enrolment.h"
#include "tests/support/sarap-temporary.h"

GBytes *
support_bytes (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

/* A form with one text and N_PHOTOS images; @has_list: it names centres.csv. */
char *
support_form (const char *id, const char *version, gboolean has_list)
{
  GString *text = g_string_new ("<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" xmlns:jr=\"http://openrosa.org/javarosa\" xmlns:orx=\"http://openrosa.org/xforms\">"
                                "<h:head><h:title>Visit</h:title><model>");

  g_string_append_printf (text, "<instance><data id=\"%s\" version=\"%s\"><note/>", id, version);
  for (guint i = 1; i <= N_PHOTOS; i++)
    g_string_append_printf (text, "<photo%u/>", i);
  g_string_append (text, "<orx:meta><orx:instanceID/></orx:meta></data></instance>");
  if (has_list)
    g_string_append (text, "<instance id=\"centres\" src=\"jr://file-csv/centres.csv\"/>");
  g_string_append (text, "<bind nodeset=\"/data/note\" type=\"string\"/>");
  for (guint i = 1; i <= N_PHOTOS; i++)
    g_string_append_printf (text, "<bind nodeset=\"/data/photo%u\" type=\"binary\"/>", i);
  g_string_append (text, "<bind nodeset=\"/data/orx:meta/orx:instanceID\" type=\"string\" readonly=\"true()\" jr:preload=\"uid\"/></model></h:head>"
                         "<h:body><input ref=\"/data/note\"><label>Note</label></input>");
  for (guint i = 1; i <= N_PHOTOS; i++)
    g_string_append_printf (text, "<upload ref=\"/data/photo%u\" mediatype=\"image/*\"><label>Photo</label></upload>", i);
  g_string_append (text, "</h:body></h:html>");
  return g_string_free (text, FALSE);
}

Device *
device_new (void)
{
  Device *self = g_new0 (Device, 1);
  g_autofree char *pem = NULL;

  self->folder = sarap_temporary_new ();
  self->store = sarap_temporary_open (self->folder);
  self->ca = sarap_test_ca_new ();
  pem = sarap_test_ca_issue (self->ca, "127.0.0.1", -3600, 3600);
  self->server = sarap_fault_server_new (pem);
  sarap_fault_server_set_receipts (self->server, TRUE);
  device_enrol (self, "127.0.0.1");
  return self;
}

void
device_free (Device *self)
{
  sarap_fault_server_free (self->server);
  sarap_test_ca_free (self->ca);
  sarap_store_close (self->store);
  g_object_unref (self->store);
  sarap_temporary_remove (self->folder);
  g_free (self->folder);
  g_free (self);
}

void
device_enrol (Device *self, const char *host)
{
  g_autofree char *url = sarap_fault_server_dup_url (self->server, host);
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_parse (url, NULL);
  g_autoptr (GError) error = NULL;

  enrolment->ca = g_strdup (sarap_test_ca_get_pem (self->ca));
  sarap_enrolment_save (enrolment, self->store, &error);
  g_assert_no_error (error);
}

void
device_add_form (Device *self)
{
  g_autofree char *text = support_form ("visit", "1", FALSE);
  g_autoptr (GBytes) xml = support_bytes (text);
  g_autoptr (SarapProblems) problems = sarap_problems_new ("visit.xml");
  g_autoptr (GError) error = NULL;

  sarap_store_add_form (self->store, xml, "visit.xml", NULL, "file", problems, NULL, &error);
  g_assert_no_error (error);
}

static GBytes *
make_photo (const char *note, guint number, gsize size)
{
  guint8 *bytes = g_malloc (size);
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_str_hash (note) + number);

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8) g_rand_int (rand);
  return g_bytes_new_take (bytes, size);
}

/* A finalized record with @n_photos of @size bytes. Returns: its id */
char *
support_fill (SarapStore *store, const char *note, guint n_photos, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapForm) form = sarap_store_load_form (store, "visit", NULL, &error);
  SarapInterviewSettings settings = { 0 };
  g_autoptr (SarapInterview) interview = NULL;
  g_autoptr (SarapRecorder) recorder = NULL;

  g_assert_no_error (error);
  interview = sarap_interview_new (form, sarap_store_get_clock (store), &settings, &error);
  g_assert_no_error (error);
  recorder = sarap_recorder_new (store, interview, "volunteer", &error);
  g_assert_no_error (error);
  g_assert_cmpint (sarap_interview_answer (interview, "/data/note", note, NULL), ==, SARAP_ANSWER_OK);
  for (guint i = 1; i <= n_photos; i++)
    {
      g_autofree char *ref = g_strdup_printf ("/data/photo%u", i);
      g_autoptr (GBytes) photo = make_photo (note, i, size);

      sarap_recorder_attach (recorder, ref, photo, "jpg", &error);
      g_assert_no_error (error);
    }
  sarap_recorder_finalize (recorder, &error);
  g_assert_no_error (error);
  return g_strdup (sarap_interview_get_instance_id (interview));
}

char *
device_fill (Device *self, const char *note, guint n_photos, gsize size)
{
  return support_fill (self->store, note, n_photos, size);
}

SarapRecordState
device_get_state (Device *self, const char *id)
{
  g_autoptr (SarapRecord) record = sarap_store_find_record (self->store, id, NULL);

  g_assert_nonnull (record);
  return sarap_record_get_state (record);
}

char *
device_get_message (Device *self, const char *id)
{
  g_autoptr (SarapRecord) record = sarap_store_find_record (self->store, id, NULL);

  return g_strdup (sarap_record_get_message (record));
}

/* One round by a person's wish. The form list of the server is empty. */
gboolean
device_sync (Device *self, SarapSyncResult *result, GError **error)
{
  return sarap_sync_run (self->store, TRUE, NULL, NULL, result, NULL, error);
}
