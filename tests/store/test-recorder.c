#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include "app/report/sarap-record-source.h"
#include "app/store/sarap-store-forms.h"
#include "app/store/sarap-store-outbox.h"
#include "app/store/sarap-store-private.h"
#include "tests/support/sarap-many-records.h"
#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-visit.h"

typedef struct
{
  char *folder;
  SarapStore *store;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = sarap_temporary_new ();
  self->store = sarap_temporary_open (self->folder);
  sarap_visit_add_form (self->store);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->store);
  sarap_temporary_remove (self->folder);
  g_free (self->folder);
}

static void
reopen (Fixture *self)
{
  g_clear_object (&self->store);
  self->store = sarap_temporary_open (self->folder);
}

static char *
dup_id (SarapRecorder *recorder)
{
  return g_strdup (sarap_interview_get_instance_id (sarap_recorder_get_interview (recorder)));
}

static SarapRecorder *
resume (Fixture *self, const char *id)
{
  g_autoptr (GError) error = NULL;
  SarapRecorder *recorder = sarap_recorder_resume (self->store, id, NULL, &error);

  g_assert_no_error (error);
  return recorder;
}

static char *
add_violation (SarapRecorder *recorder, const char *kind)
{
  g_autoptr (GError) error = NULL;
  char *ref = sarap_interview_add_instance (sarap_recorder_get_interview (recorder), "/data/violation", &error);
  g_autofree char *question = g_strconcat (ref, "/kind", NULL);

  g_assert_no_error (error);
  sarap_visit_answer (recorder, question, kind);
  return ref;
}

static char *
serialize (SarapInterview *interview)
{
  g_autoptr (GBytes) xml = sarap_interview_serialize (interview);

  return g_strndup (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml));
}

static void
test_draft_comes_back_as_it_was (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecord) record = NULL;
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (self->store, "volunteer");
  g_autofree char *id = dup_id (recorder);
  g_autofree char *first = NULL, *second = NULL, *third = NULL, *before = NULL, *after = NULL, *page = NULL;

  sarap_visit_answer (recorder, "/data/name", "Айжан");
  sarap_visit_answer (recorder, "/data/age", "30");
  sarap_visit_answer (recorder, "/data/age", NULL);
  first = add_violation (recorder, "late");
  second = add_violation (recorder, "rude");
  third = add_violation (recorder, "bribe");
  g_assert_true (sarap_interview_remove_instance (sarap_recorder_get_interview (recorder), second, NULL));
  g_assert_true (sarap_interview_set_language (sarap_recorder_get_interview (recorder), "kk"));
  sarap_recorder_set_page (recorder, "/data/remark", 7, 23);
  before = serialize (sarap_recorder_get_interview (recorder));
  g_clear_object (&recorder);
  reopen (self);

  recorder = resume (self, id);
  after = serialize (sarap_recorder_get_interview (recorder));
  g_assert_cmpstr (after, ==, before);
  g_assert_nonnull (strstr (after, "<kind>bribe</kind>"));
  g_assert_null (strstr (after, "rude"));
  page = sarap_recorder_dup_page (recorder);
  g_assert_cmpstr (page, ==, "/data/remark");
  record = sarap_store_find_record (self->store, id, NULL);
  g_assert_cmpstr (sarap_record_get_page (record), ==, "/data/remark");
  g_assert_cmpuint (sarap_record_get_page_number (record), ==, 7);
  g_assert_cmpuint (sarap_record_get_n_pages (record), ==, 23);
  g_assert_cmpstr (sarap_interview_get_language (sarap_recorder_get_interview (recorder)), ==, "Kazakh (kk)");
  g_assert_cmpstr (sarap_interview_get_instance_id (sarap_recorder_get_interview (recorder)), ==, id);
}

static void
test_emptied_repeat_stays_empty (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (self->store, "volunteer");
  g_autofree char *id = dup_id (recorder);
  g_autofree char *ref = NULL, *again = NULL;

  ref = add_violation (recorder, "late");
  g_assert_true (sarap_interview_remove_instance (sarap_recorder_get_interview (recorder), ref, NULL));
  again = add_violation (recorder, NULL);
  g_clear_object (&recorder);
  recorder = resume (self, id);
  g_assert_cmpuint (sarap_interview_get_n_instances (sarap_recorder_get_interview (recorder), "/data/violation"), ==, 1);
  g_assert_cmpstr (sarap_interview_peek_value (sarap_recorder_get_interview (recorder), "/data/violation[1]/kind"), ==, "");
  g_assert_cmpstr (sarap_interview_peek_value (sarap_recorder_get_interview (recorder), "/data/total"), ==, "1");
}

static void
test_draft_reads_as_it_would_be_sent (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (self->store, "volunteer");
  g_autofree char *id = dup_id (recorder);
  g_autofree char *text = NULL;
  g_autoptr (GBytes) xml = NULL;

  sarap_visit_answer (recorder, "/data/name", "A & B");
  g_assert_true (sarap_recorder_flush (recorder, NULL));
  xml = sarap_store_dup_record_xml (self->store, id, NULL);
  text = serialize (sarap_recorder_get_interview (recorder));
  g_assert_cmpmem (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml), text, strlen (text));
}

typedef struct
{
  guint64 last;
  guint n;
} Saved;

static void
saved_cb (SarapRecorder *recorder, guint64 sequence, Saved *saved)
{
  g_assert_cmpuint (sequence, >, saved->last);
  saved->last = sequence;
  saved->n++;
}

static void
test_saved_is_told_in_order (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (self->store, "volunteer");
  Saved saved = { 0, 0 };

  g_signal_connect (recorder, "saved", G_CALLBACK (saved_cb), &saved);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *value = g_strdup_printf ("%u", i);

      sarap_visit_answer (recorder, "/data/age", value);
    }
  while (saved.n < 20)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (saved.last, ==, 20);
}

static void
failed_cb (SarapRecorder *recorder, GError *error, guint *n)
{
  g_assert_true (error->domain == SARAP_STORE_ERROR);
  (*n)++;
}

/* No file grows beyond @size bytes: the disk is full. */
static void
limit_files (rlim_t size)
{
  struct rlimit limit;

  getrlimit (RLIMIT_FSIZE, &limit);
  limit.rlim_cur = size;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static rlim_t
size_of_log (Fixture *self)
{
  g_autofree char *path = g_build_filename (self->folder, "sarap.db-wal", NULL);
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  return status.st_size;
}

static gboolean
wait_at_gate (SarapDatabase *db, gpointer gate, GError **error)
{
  g_mutex_lock (gate);
  g_mutex_unlock (gate);
  return TRUE;
}

static void
ignore_done (gpointer gate, const GError *error)
{
}

/* There is room for the small answers, but none of them is told as saved after the one that is not. */
static void
test_full_disk_is_told_and_made_good (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (self->store, "volunteer");
  g_autofree char *id = dup_id (recorder);
  g_autofree char *long_text = g_strnfill (60000, 'x');
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  Saved saved = { 0, 0 };
  guint n_failed = 0;
  GMutex gate;

  signal (SIGXFSZ, SIG_IGN);
  g_signal_connect (recorder, "failed", G_CALLBACK (failed_cb), &n_failed);
  sarap_visit_answer (recorder, "/data/name", "before");
  g_assert_true (sarap_recorder_flush (recorder, NULL));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_signal_connect (recorder, "saved", G_CALLBACK (saved_cb), &saved);
  limit_files (size_of_log (self) + 60000);
  g_mutex_init (&gate);
  g_mutex_lock (&gate);
  sarap_store_push (self->store, wait_at_gate, ignore_done, &gate);
  sarap_visit_answer (recorder, "/data/remark", long_text);
  for (guint i = 0; i < 150; i++)
    sarap_visit_answer (recorder, "/data/age", i % 2 ? "50" : "60");
  g_mutex_unlock (&gate);
  g_assert_false (sarap_recorder_flush (recorder, &error));
  g_assert_true (error->domain == SARAP_STORE_ERROR);
  while (n_failed + saved.n < 152)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (saved.n, ==, 0);
  limit_files (RLIM_INFINITY);
  g_assert_true (sarap_recorder_flush (recorder, NULL));
  text = serialize (sarap_recorder_get_interview (recorder));
  g_clear_object (&recorder);
  reopen (self);
  recorder = resume (self, id);
  {
    g_autofree char *again = serialize (sarap_recorder_get_interview (recorder));

    g_assert_cmpstr (again, ==, text);
    g_assert_nonnull (strstr (again, "<age>50</age>"));
  }
}

static void
execute_on_closed (Fixture *self, const char *sql, const char *message)
{
  g_autofree char *path = g_build_filename (self->folder, "sarap.db", NULL);
  sqlite3 *connection;

  g_clear_object (&self->store);
  g_assert_cmpint (sqlite3_open (path, &connection), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (connection, sql, NULL, NULL, NULL), ==, message ? SQLITE_CONSTRAINT : SQLITE_OK);
  if (message != NULL)
    g_assert_cmpstr (sqlite3_errmsg (connection), ==, message);
  sqlite3_close (connection);
  self->store = sarap_temporary_open (self->folder);
}

static guint
count_listed (Fixture *self, const SarapRecordFilter *filter)
{
  g_autoptr (GPtrArray) records = sarap_store_list_records (self->store, filter, 0, 10, NULL);

  return records->len;
}

static void
test_list_is_of_one_owner_and_state (Fixture *self, gconstpointer data)
{
  g_autofree char *finished = sarap_visit_finish (self->store, "a");
  g_autoptr (SarapRecorder) draft = sarap_visit_begin (self->store, "staff");

  sarap_visit_answer (draft, "/data/name", "b");
  g_assert_true (sarap_recorder_flush (draft, NULL));
  g_assert_cmpuint (count_listed (self, &(SarapRecordFilter){ .state = -1 }), ==, 2);
  g_assert_cmpuint (count_listed (self, &(SarapRecordFilter){ .owner = "staff", .state = -1 }), ==, 1);
  g_assert_cmpuint (count_listed (self, &(SarapRecordFilter){ .owner = "kiosk", .state = -1 }), ==, 0);
  g_assert_cmpuint (count_listed (self, &(SarapRecordFilter){ .state = SARAP_RECORD_FINALIZED }), ==, 1);
  g_assert_cmpuint (count_listed (self, &(SarapRecordFilter){ .owner = "staff", .state = SARAP_RECORD_FINALIZED }), ==, 0);
}

/* Two hands on one draft: the first end counts, and what was not finalized can be no record that was sent. */
static void
test_draft_ends_once (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecorder) first = sarap_visit_begin (self->store, "volunteer"), second = NULL;
  g_autofree char *id = dup_id (first);
  g_autoptr (GPtrArray) due = NULL;
  g_autoptr (GError) error = NULL;

  sarap_visit_answer (first, "/data/name", "Дана");
  g_assert_true (sarap_recorder_flush (first, NULL));
  g_assert_false (sarap_store_note_sent (self->store, id, NULL, NULL, "thanks", &error));
  g_assert_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_STATE);
  g_clear_error (&error);
  due = sarap_store_list_due (self->store, G_MAXINT64, NULL);
  g_assert_cmpuint (due->len, ==, 0);

  second = resume (self, id);
  g_assert_true (sarap_recorder_finalize (first, NULL));
  g_assert_false (sarap_recorder_finalize (second, &error));
  g_assert_nonnull (error);
}

static void
test_finalized_record_is_immutable (Fixture *self, gconstpointer data)
{
  g_autofree char *id = sarap_visit_finish (self->store, "Дана");
  g_autoptr (SarapRecord) record = sarap_store_find_record (self->store, id, NULL);
  g_autoptr (GBytes) xml = sarap_store_dup_record_xml (self->store, id, NULL);
  g_autoptr (GBytes) again = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (sarap_record_get_state (record), ==, SARAP_RECORD_FINALIZED);
  g_assert_cmpstr (sarap_record_get_name (record), ==, "Visit Дана");
  g_assert_cmpint (sarap_record_get_finalized_at (record), >, 0);
  g_assert_null (sarap_recorder_resume (self->store, id, NULL, &error));
  g_assert_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_STATE);
  g_clear_error (&error);
  g_assert_false (sarap_store_delete_draft (self->store, id, &error));
  g_assert_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_STATE);
  execute_on_closed (self, "UPDATE record_xml SET xml = 'other'", "a finalized record is immutable");
  execute_on_closed (self, "DELETE FROM record_xml", "a finalized record is kept");
  execute_on_closed (self, "UPDATE record SET name = 'other'", "a finalized record is immutable");
  execute_on_closed (self, "UPDATE record SET state = 0", "a record does not go back");
  execute_on_closed (self, "DELETE FROM record", "a finalized record is kept");
  execute_on_closed (self, "INSERT INTO attachment (record, name, sha256, size) SELECT number, 'x', 'y', 1 FROM record", "a finalized record is immutable");
  again = sarap_store_dup_record_xml (self->store, id, NULL);
  g_assert_true (g_bytes_equal (again, xml));
}

static void
test_violations_keep_the_draft (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (self->store, "volunteer");
  g_autofree char *id = dup_id (recorder);
  g_autoptr (SarapRecord) record = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (sarap_recorder_finalize (recorder, &error));
  g_assert_error (error, SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_INVALID);
  g_clear_error (&error);
  sarap_visit_answer (recorder, "/data/name", "late answer");
  g_assert_true (sarap_recorder_finalize (recorder, &error));
  record = sarap_store_find_record (self->store, id, NULL);
  g_assert_cmpint (sarap_record_get_state (record), ==, SARAP_RECORD_FINALIZED);
}

static guint
count_media (Fixture *self)
{
  const char *name;
  g_autofree char *path = g_build_filename (self->folder, "media", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += !g_str_has_suffix (name, ".xml"); /* forms */
  return n;
}

static void
test_replaced_photo_is_dropped (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (self->store, "volunteer");
  g_autofree char *id = dup_id (recorder);
  g_autoptr (GBytes) first = g_bytes_new_static ("first", 5);
  g_autoptr (GBytes) second = g_bytes_new_static ("second", 6);
  g_autoptr (GBytes) found = NULL;
  g_autoptr (GPtrArray) attachments = NULL;
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, second);
  SarapAttachment *attachment;

  sarap_visit_answer (recorder, "/data/name", "x");
  g_assert_true (sarap_recorder_attach (recorder, "/data/photo", first, "jpg", NULL));
  g_assert_true (sarap_recorder_attach (recorder, "/data/photo", second, "../JPG", NULL));
  found = sarap_recorder_dup_attachment (recorder, "/data/photo", NULL);
  g_assert_true (g_bytes_equal (found, second));
  g_assert_cmpuint (count_media (self), ==, 2);
  g_assert_true (sarap_recorder_finalize (recorder, NULL));
  attachments = sarap_store_list_attachments (self->store, id, NULL);
  g_assert_cmpuint (attachments->len, ==, 1);
  attachment = g_ptr_array_index (attachments, 0);
  g_assert_cmpstr (attachment->sha256, ==, sha256);
  g_assert_true (g_str_has_suffix (attachment->name, ".jpg"));
  g_assert_cmpint (attachment->size, ==, 6);
  g_assert_cmpuint (count_media (self), ==, 1);
}

static void
test_deleted_draft_takes_its_files (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (self->store, "volunteer");
  g_autoptr (SarapRecorder) other = sarap_visit_begin (self->store, "volunteer");
  g_autofree char *id = dup_id (recorder);
  g_autofree char *source = g_build_filename (self->folder, "own.png", NULL);
  g_autoptr (GBytes) shared = g_bytes_new_static ("shared", 6);

  g_assert_true (g_file_set_contents (source, "a picture", -1, NULL));
  g_assert_true (sarap_recorder_attach_file (recorder, "/data/photo", source, NULL));
  g_assert_true (sarap_recorder_attach (recorder, "/data/photo", shared, "png", NULL));
  g_assert_true (sarap_recorder_attach (other, "/data/photo", shared, "png", NULL));
  g_assert_true (sarap_recorder_flush (recorder, NULL));
  g_clear_object (&recorder);
  g_assert_true (sarap_store_delete_draft (self->store, id, NULL));
  g_assert_cmpuint (count_media (self), ==, 1);
  g_assert_null (sarap_store_find_record (self->store, id, NULL));
  g_assert_cmpuint (sarap_store_count_records (self->store, NULL, NULL), ==, 1);
}

static void
set_media (Fixture *self, const char *name, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GError) error = NULL;

  sarap_store_set_form_media (self->store, "visit", NULL, name, bytes, &error);
  g_assert_no_error (error);
}

static void
test_replaced_list_is_read_anew (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapForm) before = sarap_store_load_form (self->store, "visit", "1", NULL);
  g_autoptr (SarapForm) same = sarap_store_load_form (self->store, "visit", NULL, NULL);
  g_autoptr (SarapForm) after = NULL;
  g_autoptr (GBytes) list = NULL;
  g_autoptr (GHashTable) hashes = NULL;

  g_assert_true (before == same);
  set_media (self, "centres.csv", "name,label\n");
  set_media (self, "centres.csv", "name,label\na,A\n");
  after = sarap_store_load_form (self->store, "visit", NULL, NULL);
  g_assert_true (after != before);
  list = sarap_form_dup_media (after, "centres.csv");
  g_assert_cmpmem (g_bytes_get_data (list, NULL), g_bytes_get_size (list), "name,label\na,A\n", 15);
  g_assert_cmpuint (count_media (self), ==, 1);
  hashes = sarap_store_list_form_media (self->store, "visit", "1", NULL);
  g_assert_cmpstr (g_hash_table_lookup (hashes, "centres.csv"), ==, "md5:4020958f8c43fbc96d8b94eac85e9e0c");
}

static void
test_versions_stand_side_by_side (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (SARAP_TEST_FOLDER, "data", "forms", "visit.xml", NULL);
  g_autofree char *text = NULL;
  g_autofree char *id = NULL;
  g_autofree char *draft = NULL;
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (self->store, "volunteer");
  g_autoptr (GBytes) newer = NULL;
  g_autoptr (GPtrArray) forms = NULL, current = NULL;
  g_autoptr (SarapProblems) problems = sarap_problems_new (NULL);
  g_autoptr (SarapForm) form = NULL;

  draft = dup_id (recorder);
  g_clear_object (&recorder);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  memcpy (strstr (text, "id=\"visit\" version=\"1\""), "id=\"visit\" version=\"2\"", 22);
  newer = g_bytes_new (text, strlen (text));
  g_assert_true (sarap_store_add_form (self->store, newer, "visit.xml", NULL, "https://example", problems, &id, NULL));
  forms = sarap_store_list_forms (self->store, FALSE, NULL);
  current = sarap_store_list_forms (self->store, TRUE, NULL);
  g_assert_cmpuint (forms->len, ==, 2);
  g_assert_cmpuint (current->len, ==, 1);
  g_assert_cmpstr (((SarapFormEntry *) g_ptr_array_index (current, 0))->version, ==, "2");
  g_assert_cmpstr (((SarapFormEntry *) g_ptr_array_index (current, 0))->origin, ==, "https://example");
  form = sarap_store_load_form (self->store, "visit", NULL, NULL);
  g_assert_cmpstr (sarap_form_get_version (form), ==, "2");
  recorder = resume (self, draft);
  g_assert_cmpstr (sarap_form_get_version (sarap_interview_get_form (sarap_recorder_get_interview (recorder))), ==, "1");
}

static void
test_kiosk_visit_is_counted_not_offered (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (self->store, "kiosk");
  g_autofree char *id = dup_id (recorder);
  SarapRecordFilter abandoned = { .state = SARAP_RECORD_ABANDONED };
  g_autoptr (GError) error = NULL;

  sarap_visit_answer (recorder, "/data/name", "visitor");
  g_clear_object (&recorder);
  reopen (self);
  g_assert_cmpuint (sarap_store_count_records (self->store, &abandoned, NULL), ==, 1);
  g_assert_null (sarap_recorder_resume (self->store, id, NULL, &error));
  g_assert_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_STATE);
  g_clear_error (&error);
  g_assert_null (sarap_store_dup_record_xml (self->store, id, &error));
  g_assert_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_STATE);
}

static void
assert_state (Fixture *self, const char *id, SarapRecordState state, guint n_attempts, const char *message)
{
  g_autoptr (SarapRecord) record = sarap_store_find_record (self->store, id, NULL);

  g_assert_cmpint (sarap_record_get_state (record), ==, state);
  g_assert_cmpuint (sarap_record_get_n_attempts (record), ==, n_attempts);
  g_assert_cmpstr (sarap_record_get_message (record), ==, message);
}

static guint
count_due (Fixture *self, gint64 now)
{
  g_autoptr (GPtrArray) due = sarap_store_list_due (self->store, now, NULL);

  return due->len;
}

static void
test_outbox_waits_and_sends_once (Fixture *self, gconstpointer data)
{
  g_autofree char *id = sarap_visit_finish (self->store, "a");
  g_autoptr (GBytes) receipt = g_bytes_new_static ("<receipt/>", 10);
  g_autoptr (GBytes) kept = NULL;
  g_auto (GStrv) parts = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (count_due (self, 0), ==, 1);
  g_assert_true (sarap_store_note_attempt (self->store, id, NULL));
  g_assert_true (sarap_store_note_part (self->store, id, "a.jpg", NULL));
  g_assert_true (sarap_store_note_part (self->store, id, "a.jpg", NULL));
  g_assert_true (sarap_store_note_failure (self->store, id, 5, "413 too large", 5000, NULL));
  assert_state (self, id, SARAP_RECORD_FINALIZED, 1, "413 too large");
  g_assert_cmpuint (count_due (self, 4999), ==, 0);
  g_assert_cmpuint (count_due (self, 5000), ==, 1);
  parts = sarap_store_list_parts (self->store, id, NULL);
  g_assert_cmpuint (g_strv_length (parts), ==, 1);
  g_assert_true (sarap_store_note_sent (self->store, id, receipt, NULL, "thanks", NULL));
  assert_state (self, id, SARAP_RECORD_SENT, 1, "thanks");
  g_assert_cmpuint (count_due (self, G_MAXINT64), ==, 0);
  kept = sarap_store_dup_receipt (self->store, id, NULL);
  g_assert_true (g_bytes_equal (kept, receipt));
  g_assert_false (sarap_store_note_sent (self->store, id, receipt, NULL, "again", &error));
  g_assert_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_STATE);
  g_clear_error (&error);
  g_assert_false (sarap_store_note_attempt (self->store, "uuid:none", &error));
  g_assert_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_NOT_FOUND);
}

static void
test_review_reaches_the_own_record (Fixture *self, gconstpointer data)
{
  g_autofree char *id = sarap_visit_finish (self->store, "a");
  g_autoptr (SarapRecord) record = NULL;

  g_assert_true (sarap_store_note_review (self->store, id, SARAP_REVIEW_HAS_ISSUES, "Сурет жоқ", "boss", 10, NULL));
  record = sarap_store_find_record (self->store, id, NULL);
  g_assert_cmpint (sarap_record_get_review_state (record), ==, SARAP_REVIEW_HAS_ISSUES);
  g_assert_cmpstr (sarap_record_get_review_comment (record), ==, "Сурет жоқ");
}

static void
test_search_folds_case (Fixture *self, gconstpointer data)
{
  g_autofree char *one = sarap_visit_finish (self->store, "Қайрат");
  g_autofree char *other = sarap_visit_finish (self->store, "Bolat");
  SarapRecordFilter filter = { .state = -1, .search = "ҚАЙР" };
  SarapRecordFilter title = { .state = -1, .search = "CENTRE" };
  g_autoptr (GPtrArray) found = sarap_store_list_records (self->store, &filter, 0, 10, NULL);

  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpstr (sarap_record_get_id (g_ptr_array_index (found, 0)), ==, one);
  g_assert_cmpuint (sarap_store_count_records (self->store, &title, NULL), ==, 2);
}

#define N_MANY 10000

static void
items_changed_cb (GListModel *list, guint position, guint removed, guint added, guint *changes)
{
  (*changes)++;
}

static void
test_long_list_pages_and_follows (Fixture *self, gconstpointer data)
{
  g_autoptr (GListModel) list = NULL;
  g_autoptr (SarapRecord) newest = NULL;
  g_autoptr (SarapRecorder) recorder = NULL;
  guint changes = 0;

  sarap_many_records_add (self->store, N_MANY, SARAP_RECORD_DRAFT);
  list = sarap_record_list_new (self->store, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, N_MANY);
  for (guint i = 0; i < N_MANY; i++)
    {
      g_autoptr (SarapRecord) record = g_list_model_get_item (list, i);

      g_assert_cmpint (sarap_record_get_created_at (record), ==, N_MANY - i);
    }
  sarap_record_list_set_search (list, "NAME 77");
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 111);
  sarap_record_list_set_search (list, NULL);
  g_signal_connect (list, "items-changed", G_CALLBACK (items_changed_cb), &changes);
  recorder = sarap_visit_begin (self->store, "staff");
  while (changes == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, N_MANY + 1);
  newest = g_list_model_get_item (list, 0);
  g_assert_cmpstr (sarap_record_get_owner (newest), ==, "staff");
}

static gboolean
collect_cb (const SarapSourceRecord *record, gpointer data)
{
  g_string_append_printf (data, "%s %s\n", record->id, record->submitter);
  return TRUE;
}

static void
test_source_gives_final_records_oldest_first (Fixture *self, gconstpointer data)
{
  g_autofree char *one = sarap_visit_finish (self->store, "a");
  g_autofree char *other = NULL;
  g_autofree char *expected = NULL;
  g_autoptr (SarapRecorder) draft = sarap_visit_begin (self->store, "volunteer");
  g_autoptr (GString) found = g_string_new (NULL);

  g_usleep (2000);
  other = sarap_visit_finish (self->store, "b");
  expected = g_strdup_printf ("%s volunteer\n%s volunteer\n", one, other);
  g_assert_true (sarap_record_source_foreach (SARAP_RECORD_SOURCE (self->store), "visit", collect_cb, found, NULL));
  g_assert_cmpstr (found->str, ==, expected);
}

#define ADD(name, func) g_test_add ("/store/recorder/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("draft-comes-back-as-it-was", test_draft_comes_back_as_it_was);
  ADD ("emptied-repeat-stays-empty", test_emptied_repeat_stays_empty);
  ADD ("draft-reads-as-it-would-be-sent", test_draft_reads_as_it_would_be_sent);
  ADD ("saved-is-told-in-order", test_saved_is_told_in_order);
  ADD ("full-disk-is-told-and-made-good", test_full_disk_is_told_and_made_good);
  ADD ("draft-ends-once", test_draft_ends_once);
  ADD ("list-is-of-one-owner-and-state", test_list_is_of_one_owner_and_state);
  ADD ("finalized-record-is-immutable", test_finalized_record_is_immutable);
  ADD ("violations-keep-the-draft", test_violations_keep_the_draft);
  ADD ("replaced-photo-is-dropped", test_replaced_photo_is_dropped);
  ADD ("deleted-draft-takes-its-files", test_deleted_draft_takes_its_files);
  ADD ("replaced-list-is-read-anew", test_replaced_list_is_read_anew);
  ADD ("versions-stand-side-by-side", test_versions_stand_side_by_side);
  ADD ("kiosk-visit-is-counted-not-offered", test_kiosk_visit_is_counted_not_offered);
  ADD ("outbox-waits-and-sends-once", test_outbox_waits_and_sends_once);
  ADD ("review-reaches-the-own-record", test_review_reaches_the_own_record);
  ADD ("search-folds-case", test_search_folds_case);
  ADD ("long-list-pages-and-follows", test_long_list_pages_and_follows);
  ADD ("source-gives-final-records-oldest-first", test_source_gives_final_records_oldest_first);
  return g_test_run ();
}
