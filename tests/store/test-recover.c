#include <glib/gstdio.h>
#include <string.h>

#include "app/store/sarap-journal.h"
#include "app/store/sarap-recover.h"
#include "app/store/sarap-store-forms.h"
#include "app/store/sarap-store-outbox.h"
#include "tests/support/sarap-figure.h"
#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-visit.h"

/* What the journals bring back, and what is never brought back. */

#define N_ANSWERS 10000
#define TARGET_SECONDS 5

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

static char *
dup_path (Fixture *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

static char *
dup_id (SarapRecorder *recorder)
{
  return g_strdup (sarap_interview_get_instance_id (sarap_recorder_get_interview (recorder)));
}

static void
close_store (Fixture *self)
{
  sarap_store_close (self->store);
  g_clear_object (&self->store);
}

static void
lose_database (Fixture *self)
{
  g_autofree char *path = dup_path (self, "sarap.db");

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static SarapRecovery *
recover (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  SarapRecovery *recovery = sarap_store_recover (self->folder, &error);

  g_assert_no_error (error);
  self->store = sarap_temporary_open (self->folder);
  return recovery;
}

static char *
begin_draft (Fixture *self)
{
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (self->store, "volunteer");
  SarapInterview *interview = sarap_recorder_get_interview (recorder);
  g_autoptr (GBytes) photo = g_bytes_new_static ("photo", 5);
  g_autofree char *first = sarap_interview_add_instance (interview, "/data/violation", NULL);
  g_autofree char *second = sarap_interview_add_instance (interview, "/data/violation", NULL);

  sarap_visit_answer (recorder, "/data/name", "Айжан");
  sarap_visit_answer (recorder, "/data/violation[1]/kind", "late");
  sarap_visit_answer (recorder, "/data/violation[2]/kind", "rude");
  sarap_interview_remove_instance (interview, first, NULL);
  sarap_visit_answer (recorder, "/data/age", "33");
  g_assert_true (sarap_recorder_attach (recorder, "/data/photo", photo, "jpg", NULL));
  sarap_recorder_set_page (recorder, "/data/age", 2, 5);
  g_assert_true (sarap_recorder_flush (recorder, NULL));
  return dup_id (recorder);
}

static void
assert_value (SarapRecorder *recorder, const char *ref, const char *value)
{
  g_assert_cmpstr (sarap_interview_peek_value (sarap_recorder_get_interview (recorder), ref), ==, value);
}

static void
assert_draft (Fixture *self, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapRecorder) recorder = sarap_recorder_resume (self->store, id, NULL, &error);
  g_autofree char *page = NULL;
  g_autoptr (GBytes) photo = NULL;
  g_autoptr (SarapRecord) record = sarap_store_find_record (self->store, id, NULL);

  g_assert_no_error (error);
  page = sarap_recorder_dup_page (recorder);
  assert_value (recorder, "/data/name", "Айжан");
  assert_value (recorder, "/data/age", "33");
  assert_value (recorder, "/data/total", "1");
  assert_value (recorder, "/data/violation[1]/kind", "rude");
  g_assert_cmpstr (page, ==, "/data/age");
  g_assert_cmpstr (sarap_record_get_name (record), ==, "Visit Айжан");
  photo = sarap_recorder_dup_attachment (recorder, "/data/photo", &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (photo, NULL), g_bytes_get_size (photo), "photo", 5);
}

static void
test_everything_comes_back_from_journals_alone (Fixture *self, gconstpointer data)
{
  g_autofree char *draft = begin_draft (self);
  g_autofree char *final = sarap_visit_finish (self->store, "Дана");
  g_autoptr (GBytes) before = sarap_store_dup_record_xml (self->store, final, NULL);
  g_autoptr (SarapRecovery) recovery = NULL;
  g_autoptr (GBytes) after = NULL;

  close_store (self);
  lose_database (self);
  recovery = recover (self);
  g_assert_cmpuint (recovery->n_records, ==, 2);
  g_assert_cmpuint (recovery->n_from_journals, ==, 2);
  g_assert_cmpuint (recovery->n_forms, ==, 1);
  g_assert_cmpuint (recovery->damages->len, ==, 0);
  g_assert_null (recovery->kept);
  assert_draft (self, draft);
  after = sarap_store_dup_record_xml (self->store, final, NULL);
  g_assert_nonnull (after);
  g_assert_true (g_bytes_equal (after, before));
  g_free (sarap_visit_finish (self->store, "after"));
}

static void
test_missing_database_is_not_made_anew (Fixture *self, gconstpointer data)
{
  g_autofree char *draft = begin_draft (self);
  g_autoptr (SarapClock) clock = sarap_clock_new_system ();
  g_autoptr (GError) error = NULL;

  close_store (self);
  lose_database (self);
  g_assert_null (sarap_store_open (self->folder, clock, TRUE, &error));
  g_assert_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_CORRUPT);
}

/* The first two pages are the schema and the first table. */
static void
test_damaged_database_gives_what_it_has (Fixture *self, gconstpointer data)
{
  g_autofree char *draft = begin_draft (self);
  g_autofree char *sent = sarap_visit_finish (self->store, "Дана");
  g_autofree char *path = dup_path (self, "sarap.db");
  g_autofree char *bytes = NULL;
  g_autoptr (SarapRecovery) recovery = NULL;
  g_autoptr (SarapRecord) record = NULL;
  gsize size;

  g_assert_true (sarap_store_note_sent (self->store, sent, NULL, NULL, "", NULL));
  g_assert_true (sarap_store_set_setting (self->store, "color", "red", NULL));
  close_store (self);
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  memset (bytes + size - 4096, 0x5a, 4096);
  g_assert_true (g_file_set_contents (path, bytes, size, NULL));
  recovery = recover (self);
  g_assert_nonnull (recovery->kept);
  g_assert_true (g_file_test (recovery->kept, G_FILE_TEST_EXISTS));
  assert_draft (self, draft);
  record = sarap_store_find_record (self->store, sent, NULL);
  g_assert_nonnull (record);
  g_assert_cmpint (sarap_record_get_state (record), ==, SARAP_RECORD_SENT);
}

static void
test_no_database_at_all_under_its_name (Fixture *self, gconstpointer data)
{
  g_autofree char *draft = begin_draft (self);
  g_autofree char *path = dup_path (self, "sarap.db");
  g_autoptr (SarapRecovery) recovery = NULL;

  close_store (self);
  g_assert_true (g_file_set_contents (path, "rubbish", -1, NULL));
  recovery = recover (self);
  g_assert_cmpuint (recovery->damages->len, ==, 1);
  assert_draft (self, draft);
}

static char *
dup_journal (Fixture *self, const char *id)
{
  return sarap_journal_dup_path (self->folder, id);
}

/* The disk forgets the database's commits, not the journal's. */
static void
test_journal_ahead_is_taken_over (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (self->store, "volunteer");
  g_autofree char *id = dup_id (recorder);
  g_autofree char *path = dup_path (self, "sarap.db");
  g_autofree char *mark = dup_path (self, "unclean");
  g_autofree char *bytes = NULL;
  gsize size;

  sarap_visit_answer (recorder, "/data/name", "early");
  g_assert_true (sarap_recorder_flush (recorder, NULL));
  close_store (self);
  g_clear_object (&recorder);
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  self->store = sarap_temporary_open (self->folder);
  recorder = sarap_recorder_resume (self->store, id, NULL, NULL);
  sarap_visit_answer (recorder, "/data/name", "late");
  g_assert_true (sarap_recorder_flush (recorder, NULL));
  close_store (self);
  g_clear_object (&recorder);
  g_assert_true (g_file_set_contents (path, bytes, size, NULL));
  g_assert_true (g_file_set_contents (mark, "", 0, NULL));
  self->store = sarap_temporary_open (self->folder);
  recorder = sarap_recorder_resume (self->store, id, NULL, NULL);
  assert_value (recorder, "/data/name", "late");
}

static void
test_journal_cut_short_is_made_anew (Fixture *self, gconstpointer data)
{
  g_autofree char *id = begin_draft (self);
  g_autofree char *path = dup_journal (self, id);
  g_autofree char *mark = dup_path (self, "unclean");
  g_autofree char *bytes = NULL;
  g_autoptr (SarapRecovery) recovery = NULL;
  gsize size;

  close_store (self);
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_assert_true (g_file_set_contents (path, bytes, size - 700, NULL));
  g_assert_true (g_file_set_contents (mark, "", 0, NULL));
  self->store = sarap_temporary_open (self->folder);
  close_store (self);
  lose_database (self);
  recovery = recover (self);
  g_assert_cmpuint (recovery->damages->len, ==, 0);
  assert_draft (self, id);
}

static void
test_damage_is_told_with_its_place (Fixture *self, gconstpointer data)
{
  g_autofree char *id = begin_draft (self);
  g_autofree char *path = dup_journal (self, id);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *bytes = NULL;
  g_autoptr (SarapRecovery) recovery = NULL;
  const SarapDamage *damage;
  gsize size;

  close_store (self);
  lose_database (self);
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  bytes[size - 10] ^= 1;
  g_assert_true (g_file_set_contents (path, bytes, size, NULL));
  recovery = recover (self);
  g_assert_cmpuint (recovery->damages->len, ==, 1);
  damage = g_ptr_array_index (recovery->damages, 0);
  g_assert_cmpint (damage->kind, ==, SARAP_DAMAGE_JOURNAL_END);
  g_assert_true (g_str_has_suffix (damage->file, name));
  g_assert_cmpstr (damage->record, ==, id);
  g_assert_cmpint (damage->offset + damage->size, ==, size);
}

static guint
count_journals (Fixture *self)
{
  g_autofree char *path = dup_path (self, "journal");
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += g_str_has_suffix (name, ".journal");
  return n;
}

static void
test_deleted_and_sent_records_leave_no_journal (Fixture *self, gconstpointer data)
{
  g_autofree char *draft = begin_draft (self);
  g_autofree char *sent = sarap_visit_finish (self->store, "Дана");

  g_assert_cmpuint (count_journals (self), ==, 2);
  g_assert_true (sarap_store_delete_draft (self->store, draft, NULL));
  g_assert_cmpuint (count_journals (self), ==, 1);
  g_assert_true (sarap_store_note_sent (self->store, sent, NULL, NULL, "", NULL));
  g_assert_cmpuint (count_journals (self), ==, 0);
}

static void
test_finalized_record_has_no_user_key_in_its_journal (Fixture *self, gconstpointer data)
{
  g_autofree char *draft = begin_draft (self);
  g_autofree char *final = sarap_visit_finish (self->store, "Дана");
  g_autofree char *draft_path = dup_journal (self, draft);
  g_autofree char *final_path = dup_journal (self, final);
  g_autoptr (SarapJournalContents) of_draft = sarap_journal_read (draft_path, NULL);
  g_autoptr (SarapJournalContents) of_final = sarap_journal_read (final_path, NULL);

  g_assert_nonnull (of_draft->head.slots[SARAP_JOURNAL_USER]);
  g_assert_null (of_draft->head.slots[SARAP_JOURNAL_SYNC]);
  g_assert_null (of_final->head.slots[SARAP_JOURNAL_USER]);
  g_assert_nonnull (of_final->head.slots[SARAP_JOURNAL_SYNC]);
}

static void
test_kiosk_visit_has_no_user_key_in_its_journal (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (self->store, "kiosk");
  g_autofree char *id = dup_id (recorder);
  g_autofree char *path = dup_journal (self, id);
  g_autoptr (SarapJournalContents) contents = sarap_journal_read (path, NULL);

  g_assert_nonnull (contents);
  g_assert_null (contents->head.slots[SARAP_JOURNAL_USER]);
  g_assert_cmpuint (g_hash_table_size (contents->head.project_keys), ==, 1);
}

/* An answer that cannot reach its journal is not told as saved. */
static void
test_nothing_is_saved_without_its_journal (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = dup_path (self, "journal");
  g_autofree char *away = dup_path (self, "away");
  g_autoptr (SarapForm) form = sarap_store_load_form (self->store, "visit", NULL, NULL);
  g_autoptr (SarapInterview) interview = sarap_interview_new (form, sarap_store_get_clock (self->store), NULL, NULL);
  g_autoptr (SarapRecorder) recorder = NULL;

  g_assert_cmpint (g_rename (folder, away), ==, 0);
  g_assert_null (sarap_recorder_new (self->store, interview, "volunteer", NULL));
  g_assert_cmpuint (sarap_store_count_records (self->store, NULL, NULL), ==, 0);
  g_assert_cmpint (g_rename (away, folder), ==, 0);
  recorder = sarap_recorder_new (self->store, interview, "volunteer", NULL);
  g_assert_nonnull (recorder);
}

static void
test_locked_store_is_recovered (Fixture *self, gconstpointer data)
{
  g_autofree char *draft = begin_draft (self);
  g_autoptr (SarapRecovery) recovery = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (sarap_keyring_set_pin (sarap_store_get_keyring (self->store), "480213", NULL));
  close_store (self);
  lose_database (self);
  recovery = recover (self);
  g_assert_cmpuint (recovery->n_records, ==, 1);
  g_assert_null (sarap_recorder_resume (self->store, draft, NULL, &error));
  g_assert_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_LOCKED);
  g_assert_true (sarap_keyring_unlock (sarap_store_get_keyring (self->store), "480213", NULL));
  assert_draft (self, draft);
}

static void
test_many_answers_come_back_in_time (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (self->store, "volunteer");
  g_autofree char *id = dup_id (recorder);
  g_autoptr (SarapRecovery) recovery = NULL;
  gint64 start;

  for (guint i = 0; i < N_ANSWERS; i++)
    {
      g_autofree char *value = g_strdup_printf ("%u", i);

      sarap_visit_answer (recorder, "/data/remark", value);
    }
  g_assert_true (sarap_recorder_flush (recorder, NULL));
  close_store (self);
  g_clear_object (&recorder);
  lose_database (self);
  start = g_get_monotonic_time ();
  recovery = recover (self);
  sarap_figure_at_most ("A3-recover-10000-answers-s", (g_get_monotonic_time () - start) / 1e6, TARGET_SECONDS);
  g_assert_cmpuint (recovery->n_answers, >=, N_ANSWERS);
  recorder = sarap_recorder_resume (self->store, id, NULL, NULL);
  assert_value (recorder, "/data/remark", "9999");
}

#define ADD(name, test) g_test_add ("/store/recover/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_fatal_mask (NULL, G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  ADD ("everything-comes-back-from-journals-alone", test_everything_comes_back_from_journals_alone);
  ADD ("missing-database-is-not-made-anew", test_missing_database_is_not_made_anew);
  ADD ("damaged-database-gives-what-it-has", test_damaged_database_gives_what_it_has);
  ADD ("no-database-at-all-under-its-name", test_no_database_at_all_under_its_name);
  ADD ("journal-ahead-is-taken-over", test_journal_ahead_is_taken_over);
  ADD ("journal-cut-short-is-made-anew", test_journal_cut_short_is_made_anew);
  ADD ("damage-is-told-with-its-place", test_damage_is_told_with_its_place);
  ADD ("deleted-and-sent-records-leave-no-journal", test_deleted_and_sent_records_leave_no_journal);
  ADD ("finalized-record-has-no-user-key-in-its-journal", test_finalized_record_has_no_user_key_in_its_journal);
  ADD ("kiosk-visit-has-no-user-key-in-its-journal", test_kiosk_visit_has_no_user_key_in_its_journal);
  ADD ("nothing-is-saved-without-its-journal", test_nothing_is_saved_without_its_journal);
  ADD ("locked-store-is-recovered", test_locked_store_is_recovered);
  ADD ("many-answers-come-back-in-time", test_many_answers_come_back_in_time);
  return g_test_run ();
}
