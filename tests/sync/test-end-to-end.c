#include <glib/gstdio.h>
#include <string.h>

#include "app/base/sarap-file.h"
#include "app/store/sarap-custody-check.h"
#include "app/store/sarap-project-keys.h"
#include "app/store/sarap-store-forms.h"
#include "app/store/sarap-store-outbox.h"
#include "app/store/sarap-store-received.h"
#include "app/vault/sarap-statement.h"
#include "sync/client/sarap-enrolment.h"
#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-test-server.h"
#include "tests/sync/sync-support.h"

#define PASSWORD "a long enough password"
#define CENTRES "centre,label\n1,Орталық\n2,Centre two\n"

/* The real server behind nginx, a volunteer's store and a supervisor's. */
typedef struct
{
  SarapTestServer *server;
  gint64 project;
  char *form_folder;
  char *enrolment; /* text of the volunteer's */
  char *folder;
  SarapStore *volunteer;
  char *supervisor_folder;
  SarapStore *supervisor;
} Project;

static void
publish_form (Project *self, const char *version, const char *centres)
{
  g_autofree char *file = g_build_filename (self->form_folder, "visit.xml", NULL);
  g_autofree char *list = g_build_filename (self->form_folder, "centres.csv", NULL);
  g_autofree char *text = support_form ("visit", version, TRUE);

  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  g_assert_true (g_file_set_contents (list, centres, -1, NULL));
  sarap_test_server_add_form (self->server, self->project, file, self->form_folder);
}

static void
enrol (Project *self)
{
  g_autoptr (SarapEnrolment) enrolment = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) titles = NULL;

  self->enrolment = sarap_test_server_add_app_user (self->server, self->project, "Aigerim");
  enrolment = sarap_enrolment_parse (self->enrolment, &error);
  g_assert_no_error (error);
  if (enrolment->ca == NULL)
    g_file_get_contents (sarap_test_server_get_ca_file (self->server), &enrolment->ca, NULL, NULL);
  sarap_enrolment_check (enrolment, &titles, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (titles[0], ==, "Visit");
  sarap_enrolment_save (enrolment, self->volunteer, &error);
  g_assert_no_error (error);
}

static void
sign_in (Project *self)
{
  g_autofree char *text = sarap_test_server_add_supervisor (self->server, self->project, "boss@example.org", PASSWORD);
  g_autofree char *ca = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (sarap_test_server_get_ca_file (self->server), &ca, NULL, NULL);
  g_assert_false (sarap_supervisor_sign_in (self->supervisor, text, ca, "boss@example.org", "a wrong password", &error));
  g_assert_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_DENIED);
  g_clear_error (&error);
  sarap_supervisor_sign_in (self->supervisor, text, ca, "boss@example.org", PASSWORD, &error);
  g_assert_no_error (error);
}

static Project *
project_new (void)
{
  Project *self = g_new0 (Project, 1);

  self->server = sarap_test_server_new ();
  self->project = sarap_test_server_add_project (self->server, "Audit");
  self->form_folder = sarap_temporary_new ();
  self->folder = sarap_temporary_new ();
  self->volunteer = sarap_temporary_open (self->folder);
  self->supervisor_folder = sarap_temporary_new ();
  self->supervisor = sarap_temporary_open (self->supervisor_folder);
  publish_form (self, "1", CENTRES);
  enrol (self);
  return self;
}

static void
project_free (Project *self)
{
  sarap_store_close (self->volunteer);
  g_object_unref (self->volunteer);
  sarap_store_close (self->supervisor);
  g_object_unref (self->supervisor);
  sarap_temporary_remove (self->folder);
  sarap_temporary_remove (self->supervisor_folder);
  sarap_temporary_remove (self->form_folder);
  sarap_test_server_free (self->server);
  g_free (self->folder);
  g_free (self->supervisor_folder);
  g_free (self->form_folder);
  g_free (self->enrolment);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Project, project_free)

static SarapSyncResult
round_of (SarapStore *store)
{
  SarapSyncResult result;
  g_autoptr (GError) error = NULL;

  sarap_sync_run (store, TRUE, NULL, NULL, &result, NULL, &error);
  g_assert_no_error (error);
  return result;
}

static void
assert_media (SarapStore *store, const char *version, const char *text)
{
  g_autoptr (GBytes) bytes = sarap_store_dup_form_media (store, "visit", version, "centres.csv", NULL);

  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

static SarapRecordState
get_state (SarapStore *store, const char *id)
{
  g_autoptr (SarapRecord) record = sarap_store_find_record (store, id, NULL);

  g_assert_nonnull (record);
  return sarap_record_get_state (record);
}

static void
test_forms_come_and_follow (void)
{
  g_autoptr (Project) project = project_new ();
  SarapSyncResult result = round_of (project->volunteer);
  g_autoptr (GPtrArray) forms = NULL;

  g_assert_cmpuint (result.n_forms_updated, ==, 1);
  assert_media (project->volunteer, "1", CENTRES);
  g_assert_cmpuint (round_of (project->volunteer).n_forms_updated, ==, 0);

  publish_form (project, "2", CENTRES "3,Three\n");
  g_assert_cmpuint (round_of (project->volunteer).n_forms_updated, ==, 1);
  assert_media (project->volunteer, "2", CENTRES "3,Three\n");
  assert_media (project->volunteer, "1", CENTRES);
  forms = sarap_store_list_forms (project->volunteer, TRUE, NULL);
  g_assert_cmpuint (forms->len, ==, 1);
  g_assert_cmpstr (((SarapFormEntry *) g_ptr_array_index (forms, 0))->version, ==, "2");
}

static void
assert_received (SarapStore *supervisor, SarapStore *volunteer, const char *id)
{
  g_autoptr (SarapSubmission) submission = sarap_store_find_submission (supervisor, id, NULL);
  g_autoptr (GBytes) xml = sarap_temporary_dup_record_xml (volunteer, id);
  g_autoptr (GBytes) received = sarap_store_dup_submission_xml (supervisor, id, NULL);
  g_autoptr (GPtrArray) attachments = sarap_store_list_attachments (volunteer, id, NULL);

  g_assert_nonnull (submission);
  g_assert_cmpstr (sarap_submission_get_form_id (submission), ==, "visit");
  g_assert_cmpstr (sarap_submission_get_submitter (submission), ==, "Aigerim");
  g_assert_cmpint (sarap_submission_get_review_state (submission), ==, SARAP_REVIEW_NONE);
  g_assert_true (g_bytes_equal (xml, received));
  for (guint i = 0; i < attachments->len; i++)
    {
      const SarapAttachment *attachment = g_ptr_array_index (attachments, i);
      g_autoptr (GBytes) bytes = sarap_store_dup_submission_attachment (supervisor, id, attachment->name, NULL);
      g_autofree char *sha256 = bytes ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes) : NULL;

      g_assert_cmpstr (sha256, ==, attachment->sha256);
    }
}

/* Nothing was changed, and every receipt was signed by the server that the enrolment names. */
static void
assert_custody (SarapStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapCustodyReport) report = sarap_store_check_custody (store, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (report->faults->len, ==, 0);
  g_assert_cmpuint (report->n_unsigned, ==, 0);
}

/* A device that was enrolled with another server believes no receipt of this one. */
static void
test_receipt_of_another_server_is_refused (void)
{
  g_autoptr (Project) project = project_new ();
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_load (project->volunteer);
  g_autofree char *seed = sarap_server_key_generate ();
  g_autofree char *id = NULL;

  round_of (project->volunteer);
  id = support_fill (project->volunteer, "first", 1, 100);
  g_assert_nonnull (enrolment->server_key);
  g_free (enrolment->server_key);
  enrolment->server_key = sarap_server_key_dup_public (seed);
  g_assert_true (sarap_enrolment_save (enrolment, project->volunteer, NULL));
  g_assert_cmpuint (round_of (project->volunteer).n_sent, ==, 0);
  g_assert_cmpint (get_state (project->volunteer, id), ==, SARAP_RECORD_FINALIZED);
}

/* The outbox needs no PIN; what is sealed with it comes with the round after. */
static void
test_a_locked_store_sends (void)
{
  g_autoptr (Project) project = project_new ();
  g_autofree char *id = NULL;
  g_autoptr (SarapRecord) record = NULL;
  SarapKeyring *keyring = sarap_store_get_keyring (project->volunteer);
  SarapSyncResult result = round_of (project->volunteer);

  g_assert_false (result.was_locked);
  id = support_fill (project->volunteer, "locked", 0, 0);
  g_assert_true (sarap_keyring_set_pin (keyring, "2468", NULL));
  sarap_store_lock (project->volunteer);
  publish_form (project, "2", CENTRES "3,Three\n");
  result = round_of (project->volunteer);
  g_assert_true (result.was_locked);
  g_assert_cmpuint (result.n_sent, ==, 1);
  g_assert_cmpuint (result.n_forms_updated, ==, 1);
  g_assert_cmpint (get_state (project->volunteer, id), ==, SARAP_RECORD_SENT);

  sign_in (project);
  round_of (project->supervisor);
  g_assert_true (sarap_store_decide (project->supervisor, id, SARAP_REVIEW_APPROVED, "", "boss@example.org", NULL));
  round_of (project->supervisor);
  g_assert_cmpuint (round_of (project->volunteer).n_reviews, ==, 0);
  g_assert_true (sarap_keyring_unlock (keyring, "2468", NULL));
  g_assert_cmpuint (round_of (project->volunteer).n_reviews, ==, 1);
}

static void
test_volunteer_and_supervisor_meet (void)
{
  g_autoptr (Project) project = project_new ();
  g_autofree char *id = NULL, *other = NULL;
  g_autoptr (SarapRecord) record = NULL;
  g_autoptr (SarapSubmission) submission = NULL;
  g_autoptr (GPtrArray) reviews = NULL;
  g_autoptr (GBytes) receipt = NULL;

  round_of (project->volunteer);
  id = support_fill (project->volunteer, "Қабылдау бөлмесі", 3, 20000);
  other = support_fill (project->volunteer, "second", 0, 0);
  g_assert_cmpuint (round_of (project->volunteer).n_sent, ==, 2);
  g_assert_cmpint (get_state (project->volunteer, id), ==, SARAP_RECORD_SENT);
  receipt = sarap_store_dup_receipt (project->volunteer, id, NULL);
  g_assert_nonnull (receipt);
  assert_custody (project->volunteer);

  sign_in (project);
  g_assert_cmpuint (round_of (project->supervisor).n_received, ==, 2);
  assert_received (project->supervisor, project->volunteer, id);
  assert_received (project->supervisor, project->volunteer, other);
  assert_media (project->supervisor, "1", CENTRES);
  g_assert_cmpuint (round_of (project->supervisor).n_received, ==, 0);

  g_assert_true (sarap_store_decide (project->supervisor, id, SARAP_REVIEW_HAS_ISSUES, "Фото бұлыңғыр", "boss@example.org", NULL));
  g_assert_true (sarap_store_decide (project->supervisor, id, SARAP_REVIEW_APPROVED, "жақсы", "boss@example.org", NULL));
  g_assert_cmpuint (round_of (project->supervisor).n_decisions, ==, 2);
  submission = sarap_store_find_submission (project->supervisor, id, NULL);
  g_assert_cmpint (sarap_submission_get_review_state (submission), ==, SARAP_REVIEW_APPROVED);
  g_assert_cmpuint (round_of (project->supervisor).n_decisions, ==, 0);

  g_assert_cmpuint (round_of (project->volunteer).n_reviews, ==, 2);
  record = sarap_store_find_record (project->volunteer, id, NULL);
  g_assert_cmpint (sarap_record_get_review_state (record), ==, SARAP_REVIEW_APPROVED);
  g_assert_cmpstr (sarap_record_get_review_comment (record), ==, "жақсы");
  reviews = sarap_store_list_reviews (project->volunteer, id, NULL);
  g_assert_cmpuint (reviews->len, ==, 2);
  g_assert_cmpstr (((SarapReview *) g_ptr_array_index (reviews, 0))->comment, ==, "Фото бұлыңғыр");
  g_assert_cmpuint (round_of (project->volunteer).n_reviews, ==, 0);
}

static guint
count_received (Project *project)
{
  SarapSubmissionFilter filter = { .review_state = -1 };

  round_of (project->supervisor);
  return sarap_store_count_submissions (project->supervisor, &filter, NULL);
}

static gpointer
round_thread (gpointer store)
{
  sarap_sync_run (store, TRUE, NULL, NULL, NULL, NULL, NULL);
  return NULL;
}

/* The server dies and comes back at any moment of an upload; each record ends there exactly once. */
static void
test_killed_server_gets_each_record_once (void)
{
  g_autoptr (Project) project = project_new ();
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  guint n_left = 8;

  round_of (project->volunteer);
  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *note = g_strdup_printf ("record %u", i);

      g_ptr_array_add (ids, support_fill (project->volunteer, note, 2, 100000));
    }
  for (guint round = 0; n_left > 0 && round < 12; round++)
    {
      GThread *thread = g_thread_new ("round", round_thread, project->volunteer);

      g_usleep (30000 + g_random_int_range (0, 200000));
      sarap_test_server_kill (project->server);
      g_thread_join (thread);
      sarap_test_server_start (project->server);
      n_left = 0;
      for (guint i = 0; i < ids->len; i++)
        n_left += get_state (project->volunteer, g_ptr_array_index (ids, i)) != SARAP_RECORD_SENT;
    }
  round_of (project->volunteer);
  sign_in (project);
  g_assert_cmpuint (count_received (project), ==, ids->len);
  for (guint i = 0; i < ids->len; i++)
    {
      g_assert_cmpint (get_state (project->volunteer, g_ptr_array_index (ids, i)), ==, SARAP_RECORD_SENT);
      assert_received (project->supervisor, project->volunteer, g_ptr_array_index (ids, i));
    }
}

static void
test_stick_that_is_not_in_is_told (void)
{
  g_autofree char *folder = sarap_temporary_new (), *stick = g_build_filename (folder, "stick", NULL);
  g_autoptr (SarapStore) store = sarap_temporary_open (folder);
  g_autoptr (GError) error = NULL;

  g_assert_false (sarap_handover_export (store, stick, NULL, &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_false (sarap_handover_take_receipts (store, stick, NULL, &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING);
  g_assert_false (g_file_test (stick, G_FILE_TEST_EXISTS));
  g_clear_object (&store);
  sarap_temporary_remove (folder);
}

static void
test_stick_carries_records_and_receipts (void)
{
  g_autoptr (Project) project = project_new ();
  g_autofree char *stick = sarap_temporary_new ();
  g_autofree char *first = NULL, *second = NULL, *number = g_strdup_printf ("%" G_GINT64_FORMAT, project->project);
  g_autofree char *out = NULL, *again = NULL, *seed = sarap_server_key_generate ();
  g_autoptr (SarapEnrolment) enrolment = NULL, stranger = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  round_of (project->volunteer);
  first = support_fill (project->volunteer, "by stick", 2, 3000);
  second = support_fill (project->volunteer, "by both ways", 0, 0);
  sarap_handover_export (project->volunteer, stick, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (get_state (project->volunteer, first), ==, SARAP_RECORD_FINALIZED);
  sarap_handover_take_receipts (project->volunteer, stick, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 0);

  out = sarap_test_server_admin (project->server, NULL, "import", "--project", number, stick, NULL);
  again = sarap_test_server_admin (project->server, NULL, "import", "--project", number, stick, NULL);
  enrolment = sarap_enrolment_load (project->volunteer);
  stranger = sarap_enrolment_load (project->volunteer);
  g_free (stranger->server_key);
  stranger->server_key = sarap_server_key_dup_public (seed);
  g_assert_true (sarap_enrolment_save (stranger, project->volunteer, NULL));
  g_assert_false (sarap_handover_take_receipts (project->volunteer, stick, &n, &error));
  g_assert_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER);
  g_clear_error (&error);
  g_assert_cmpint (get_state (project->volunteer, first), ==, SARAP_RECORD_FINALIZED);
  g_assert_true (sarap_enrolment_save (enrolment, project->volunteer, NULL));
  sarap_handover_take_receipts (project->volunteer, stick, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (get_state (project->volunteer, first), ==, SARAP_RECORD_SENT);
  g_assert_cmpint (get_state (project->volunteer, second), ==, SARAP_RECORD_SENT);
  assert_custody (project->volunteer);
  g_assert_cmpuint (round_of (project->volunteer).n_sent, ==, 0);
  sign_in (project);
  g_assert_cmpuint (count_received (project), ==, 2);
  sarap_temporary_remove (stick);
}

static void
test_stranger_is_turned_away (void)
{
  g_autoptr (Project) project = project_new ();
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_load (project->volunteer);
  g_autoptr (GError) error = NULL;
  char *key = strstr (enrolment->url, "/key/") + strlen ("/key/");

  *key = *key == 'a' ? 'b' : 'a';
  g_assert_false (sarap_enrolment_check (enrolment, NULL, NULL, &error));
  g_assert_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_DENIED);
  g_assert_null (strstr (error->message, key));
  sarap_enrolment_save (enrolment, project->volunteer, NULL);
  g_clear_error (&error);
  g_assert_false (sarap_sync_run (project->volunteer, TRUE, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_DENIED);
}

/* A revoked device is told so, loses nothing, and goes on when it gets a new key. */
static void
test_revoked_device_keeps_its_records (void)
{
  g_autoptr (Project) project = project_new ();
  g_autofree char *id = NULL, *text = NULL, *list = NULL;
  g_autoptr (SarapEnrolment) enrolment = NULL;
  g_autoptr (GError) error = NULL;

  round_of (project->volunteer);
  g_free (support_fill (project->volunteer, "before", 1, 500));
  round_of (project->volunteer);
  id = support_fill (project->volunteer, "after it", 2, 500);
  g_free (sarap_test_server_admin (project->server, NULL, "app-user", "revoke", "--project", "1", "1", NULL));
  g_assert_false (sarap_sync_run (project->volunteer, TRUE, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_DENIED);
  g_assert_nonnull (strstr (error->message, "access of this device was withdrawn"));
  g_assert_cmpint (get_state (project->volunteer, id), ==, SARAP_RECORD_FINALIZED);
  assert_media (project->volunteer, "1", CENTRES);
  list = sarap_test_server_admin (project->server, NULL, "app-user", "list", "--project", "1", NULL);
  g_assert_nonnull (strstr (list, "\"revoked\""));

  text = sarap_test_server_admin (project->server, NULL, "app-user", "key", "--project", "1", "1", NULL);
  enrolment = sarap_enrolment_parse (text, NULL);
  g_assert_true (sarap_enrolment_save (enrolment, project->volunteer, NULL));
  g_assert_cmpuint (round_of (project->volunteer).n_sent, ==, 1);
  g_assert_cmpint (get_state (project->volunteer, id), ==, SARAP_RECORD_SENT);
  sign_in (project);
  g_assert_cmpuint (count_received (project), ==, 2);
}

static SarapProjectKey *
read_key (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  SarapProjectKey *key = sarap_project_key_read (path, &error);

  g_assert_no_error (error);
  g_assert_true (sarap_project_key_is_private (key));
  return key;
}

/* What @key reads in the drill @text. */
static char *
answer_drill (const char *text, SarapProjectKey *key)
{
  const char *line = strstr (text, sarap_project_key_peek_fingerprint (key));
  g_autofree char *base64 = g_strndup (line + 17, strcspn (line + 17, "\n"));
  gsize size;
  guint8 *bytes = g_base64_decode (base64, &size);
  g_autoptr (GBytes) sealed = g_bytes_new_take (bytes, size);
  g_autoptr (GBytes) word = sarap_project_key_unseal (key, SARAP_DRILL_CONTEXT, sealed, NULL);

  g_assert_nonnull (word);
  return g_strndup (g_bytes_get_data (word, NULL), g_bytes_get_size (word));
}

/* Makes the project's keys into @folder and shows that they work; until then no device is enrolled. */
static void
make_keys (Project *project, const char *folder)
{
  g_autofree char *drill = NULL, *use = NULL, *drawer = NULL;
  g_autoptr (SarapProjectKey) use_key = NULL, drawer_key = NULL;
  int status;

  g_free (sarap_test_server_admin (project->server, NULL, "project", "keys", "--project", "1", folder, NULL));
  use_key = read_key (folder, "project-use.key");
  drawer_key = read_key (folder, "project-drawer.key");
  g_free (sarap_test_server_admin (project->server, &status, "project", "keys", "--project", "1", folder, NULL));
  g_assert_cmpint (status, ==, 1);
  g_free (sarap_test_server_admin (project->server, &status, "app-user", "add", "--project", "1", "too early", NULL));
  g_assert_cmpint (status, ==, 1);

  drill = sarap_test_server_admin (project->server, NULL, "project", "drill", "--project", "1", NULL);
  use = answer_drill (drill, use_key);
  drawer = answer_drill (drill, drawer_key);
  g_free (sarap_test_server_admin (project->server, &status, "project", "live", "--project", "1", drawer, use, NULL));
  g_assert_cmpint (status, ==, 1);
  g_free (sarap_test_server_admin (project->server, NULL, "project", "live", "--project", "1", use, drawer, NULL));
}

static void
assert_opens (Project *project, const char *id, SarapProjectKey *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) xml = NULL;

  sarap_store_close (project->volunteer);
  g_object_unref (project->volunteer);
  project->volunteer = sarap_temporary_open (project->folder);
  g_assert_true (sarap_keyring_open_project_key (sarap_store_get_keyring (project->volunteer), key));
  xml = sarap_store_dup_record_xml (project->volunteer, id, &error);
  g_assert_no_error (error);
  g_assert_nonnull (xml);
}

/* The paper of a pair is worth as much as its file. */
static void
assert_code_says (const char *folder, const char *name, SarapProjectKey *key)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = sarap_enrolment_read_qr (path, NULL);
  g_autofree char *wanted = sarap_project_key_to_private_text (key);

  g_assert_cmpstr (text, ==, wanted);
}

/* A device that worked alone joins a project: the project reads what was filled before and after. */
static void
test_keys_of_the_project_open_everything (void)
{
  g_autoptr (Project) project = project_new ();
  g_autofree char *folder = sarap_temporary_new (), *sent = NULL, *waiting = NULL, *after = NULL;
  g_autofree char *own_path = g_strconcat (project->folder, "-project-key", NULL), *sealed_path = g_strconcat (own_path, ".sealed", NULL);
  g_autoptr (SarapProjectKey) own = sarap_project_key_read (own_path, NULL), opened = NULL, use = NULL, drawer = NULL;
  g_autoptr (GPtrArray) keys = NULL;

  round_of (project->volunteer);
  sent = support_fill (project->volunteer, "sent", 1, 100);
  round_of (project->volunteer);
  waiting = support_fill (project->volunteer, "waiting", 1, 100);
  make_keys (project, folder);
  use = read_key (folder, "project-use.key");
  drawer = read_key (folder, "project-drawer.key");
  assert_code_says (folder, "project-drawer.png", drawer);
  g_clear_pointer (&project->enrolment, g_free);
  enrol (project);

  g_assert_false (g_file_test (own_path, G_FILE_TEST_EXISTS));
  opened = sarap_project_key_open_sealed (sealed_path, drawer, NULL);
  g_assert_cmpstr (sarap_project_key_peek_fingerprint (opened), ==, sarap_project_key_peek_fingerprint (own));
  keys = sarap_keyring_list_project_keys (sarap_store_get_keyring (project->volunteer));
  g_assert_cmpuint (keys->len, ==, 2);
  after = support_fill (project->volunteer, "after", 0, 0);
  g_assert_cmpuint (round_of (project->volunteer).n_sent, ==, 2);
  assert_opens (project, sent, drawer);
  assert_opens (project, waiting, use);
  assert_opens (project, after, drawer);
  g_assert_false (sarap_keyring_open_project_key (sarap_store_get_keyring (project->volunteer), own));
  assert_custody (project->volunteer);
  g_unlink (sealed_path);
  sarap_temporary_remove (folder);
}

/* What a closed form refuses waits on the device, with the server's words. */
static void
test_closed_form_leaves_records_unsent (void)
{
  g_autoptr (Project) project = project_new ();
  g_autofree char *closing = NULL, *closed = NULL;
  g_autoptr (SarapRecord) record = NULL;
  SarapSyncResult result;

  round_of (project->volunteer);
  closing = support_fill (project->volunteer, "closing", 0, 0);
  closed = support_fill (project->volunteer, "closed", 1, 500);
  g_free (sarap_test_server_admin (project->server, NULL, "form", "state", "--project", "1", "visit", "closed", NULL));
  result = round_of (project->volunteer);
  g_assert_cmpuint (result.n_sent, ==, 0);
  g_assert_cmpuint (result.n_failed, ==, 2);
  record = sarap_store_find_record (project->volunteer, closed, NULL);
  g_assert_cmpint (sarap_record_get_state (record), ==, SARAP_RECORD_FINALIZED);
  g_assert_nonnull (strstr (sarap_record_get_message (record), "is closed"));

  g_free (sarap_test_server_admin (project->server, NULL, "form", "state", "--project", "1", "visit", "closing", NULL));
  g_assert_cmpuint (round_of (project->volunteer).n_sent, ==, 2);
}

/* Keys and passwords stand in no log of server, nginx or the device's program (safety.md C8). */
static void
test_logs_hold_no_secrets (void)
{
  g_autoptr (Project) project = project_new ();
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_load (project->volunteer);
  g_autoptr (SarapEnrolment) supervisor = NULL;
  g_autofree char *key = g_strndup (strstr (enrolment->url, "/key/") + strlen ("/key/"), 64);
  static const char *const logs[] = { "access.log", "nginx.log", "server.log" };

  round_of (project->volunteer);
  g_free (support_fill (project->volunteer, "x", 0, 0));
  round_of (project->volunteer);
  sign_in (project);
  round_of (project->supervisor);
  supervisor = sarap_enrolment_load_supervisor (project->supervisor);
  for (gsize i = 0; i < G_N_ELEMENTS (logs); i++)
    {
      g_autofree char *path = g_build_filename (sarap_test_server_get_folder (project->server), logs[i], NULL);
      g_autofree char *text = NULL;

      if (!g_file_get_contents (path, &text, NULL, NULL))
        continue;
      g_assert_null (strstr (text, key));
      g_assert_null (strstr (text, supervisor->password));
      g_assert_null (strstr (text, PASSWORD));
    }
}

/* Runs sarap-sync on the volunteer's store, which is closed meanwhile. Returns: its standard output */
static char *
run_program (Project *project, int expected, ...)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char *out = NULL;
  va_list rest;

  g_ptr_array_add (arguments, (gpointer) SARAP_SYNC_PROGRAM);
  va_start (rest, expected);
  for (char *word = va_arg (rest, char *); word != NULL; word = va_arg (rest, char *))
    g_ptr_array_add (arguments, word);
  va_end (rest);
  g_ptr_array_add (arguments, NULL);
  sarap_store_close (project->volunteer);
  g_clear_object (&project->volunteer);
  process = g_subprocess_newv ((const char *const *) arguments->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, expected);
  project->volunteer = sarap_temporary_open (project->folder);
  return out;
}

static void
test_program_does_one_round (void)
{
  g_autoptr (Project) project = project_new ();
  g_autofree char *store = g_strdup (project->folder), *file = g_build_filename (project->form_folder, "project.sarap", NULL);
  g_autofree char *first = NULL, *second = NULL, *third = NULL, *fourth = NULL, *id = NULL, *other = NULL, *line = NULL, *plain = NULL;
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_load (project->volunteer);
  g_autofree char *text = sarap_enrolment_to_text (enrolment);

  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  g_assert_true (sarap_store_set_setting (project->volunteer, "enrolment", NULL, NULL));
  g_free (run_program (project, 1, "--store", store, "--once", NULL));
  g_free (run_program (project, 2, "--once", NULL));
  first = run_program (project, 0, "--store", store, "--enrol", file, "--once", "--json", NULL);
  g_assert_nonnull (strstr (first, "{\"step\":\"form\",\"ok\":true,\"message\":\"Visit\"}\n"));

  id = support_fill (project->volunteer, "by program", 1, 500);
  second = run_program (project, 0, "--store", store, "--once", "--json", NULL);
  line = g_strdup_printf ("{\"step\":\"record\",\"id\":\"%s\",\"ok\":true", id);
  g_assert_nonnull (strstr (second, line));
  g_assert_cmpint (get_state (project->volunteer, id), ==, SARAP_RECORD_SENT);

  other = support_fill (project->volunteer, "no server", 0, 0);
  sarap_test_server_stop (project->server);
  third = run_program (project, 3, "--store", store, "--once", NULL);
  g_assert_cmpint (get_state (project->volunteer, other), ==, SARAP_RECORD_FINALIZED);
  sarap_test_server_start (project->server);
  fourth = run_program (project, 0, "--store", store, "--once", NULL);
  plain = g_strdup_printf ("record %s ok", other);
  g_assert_nonnull (strstr (fourth, plain));
  g_assert_cmpint (get_state (project->volunteer, other), ==, SARAP_RECORD_SENT);
}

/* What the server refuses leaves neither store nor keys behind. */
static void
test_refused_person_leaves_no_store (void)
{
  g_autoptr (Project) project = project_new ();
  g_autofree char *store = g_build_filename (project->form_folder, "desk", NULL), *key = g_strconcat (store, "-project-key", NULL);
  g_autofree char *file = g_build_filename (project->form_folder, "boss.sarap", NULL), *password = g_build_filename (project->form_folder, "password", NULL);
  g_autofree char *text = sarap_test_server_add_supervisor (project->server, project->project, "boss@example.org", PASSWORD);
  const char *url = sarap_test_server_get_url (project->server), *ca = sarap_test_server_get_ca_file (project->server);
  g_autoptr (SarapStore) desk = NULL;
  g_autoptr (SarapEnrolment) kept = NULL;

  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  g_assert_true (g_file_set_contents_full (password, "a wrong password", -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  g_free (run_program (project, 1, "--store", store, "--sign-in", url, "--ca", ca, "--name", "boss@example.org", "--password-file", password, NULL));
  g_free (run_program (project, 1, "--store", store, "--enrol", file, "--password-file", password, NULL));
  g_free (run_program (project, 1, "--store", store, "--enrol", file, NULL));
  g_assert_false (g_file_test (store, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (key, G_FILE_TEST_EXISTS));

  g_assert_true (g_file_set_contents_full (password, PASSWORD, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  g_free (run_program (project, 0, "--store", store, "--enrol", file, "--ca", ca, "--password-file", password, NULL));
  desk = sarap_temporary_open (store);
  kept = sarap_enrolment_load_supervisor (desk);
  g_assert_nonnull (kept);
  g_assert_cmpstr (kept->username, ==, "boss@example.org");
  g_assert_cmpstr (kept->password, !=, PASSWORD);
  sarap_store_close (desk);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/end-to-end/keys-of-the-project-open-everything", test_keys_of_the_project_open_everything);
  g_test_add_func ("/sync/end-to-end/forms-come-and-follow", test_forms_come_and_follow);
  g_test_add_func ("/sync/end-to-end/volunteer-and-supervisor-meet", test_volunteer_and_supervisor_meet);
  g_test_add_func ("/sync/end-to-end/receipt-of-another-server-is-refused", test_receipt_of_another_server_is_refused);
  g_test_add_func ("/sync/end-to-end/a-locked-store-sends", test_a_locked_store_sends);
  g_test_add_func ("/sync/end-to-end/killed-server-gets-each-record-once", test_killed_server_gets_each_record_once);
  g_test_add_func ("/sync/end-to-end/stick-that-is-not-in-is-told", test_stick_that_is_not_in_is_told);
  g_test_add_func ("/sync/end-to-end/stick-carries-records-and-receipts", test_stick_carries_records_and_receipts);
  g_test_add_func ("/sync/end-to-end/stranger-is-turned-away", test_stranger_is_turned_away);
  g_test_add_func ("/sync/end-to-end/revoked-device-keeps-its-records", test_revoked_device_keeps_its_records);
  g_test_add_func ("/sync/end-to-end/closed-form-leaves-records-unsent", test_closed_form_leaves_records_unsent);
  g_test_add_func ("/sync/end-to-end/program-does-one-round", test_program_does_one_round);
  g_test_add_func ("/sync/end-to-end/refused-person-leaves-no-store", test_refused_person_leaves_no_store);
  g_test_add_func ("/sync/end-to-end/logs-hold-no-secrets", test_logs_hold_no_secrets);
  return g_test_run ();
}
