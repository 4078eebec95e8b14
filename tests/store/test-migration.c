#include "app/store/sarap-custody-check.h"
#include "app/store/sarap-recover.h"
#include "app/store/sarap-store-received.h"
#include "tests/support/sarap-temporary.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/support/sarap-figure.h"

/* Stores of every schema that was ever released lie in tests/data/stores. */

#define N_KILLS 50
#define N_KILLS_LONG 1000
#define LONGEST_LIFE 250000 /* µs; the steps take about a third of it */

static const char *program;

static char *
unpack (const char *folder, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".tar.xz", NULL);
  g_autofree char *archive = g_build_filename (SARAP_TEST_FOLDER, "data", "stores", file, NULL);
  const char *command[] = { "tar", "-xJf", archive, "-C", folder, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  return g_build_filename (folder, strrchr (name, '-') + 1, NULL);
}

static SarapRecord *
find_named (SarapStore *store, SarapRecordState state, const char *form)
{
  SarapRecordFilter filter = { .state = state, .form_id = form };
  g_autoptr (GPtrArray) records = sarap_store_list_records (store, &filter, 0, 100, NULL);

  g_assert_cmpuint (records->len, >, 0);
  return g_object_ref (g_ptr_array_index (records, 0));
}

static void
assert_contains (GBytes *bytes, const char *text)
{
  g_assert_nonnull (memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text)));
}

static void
assert_draft (SarapStore *store)
{
  g_autoptr (SarapRecord) record = find_named (store, SARAP_RECORD_DRAFT, "visit");
  g_autoptr (SarapRecorder) recorder = sarap_recorder_resume (store, sarap_record_get_id (record), NULL, NULL);
  SarapInterview *interview = sarap_recorder_get_interview (recorder);

  g_assert_cmpstr (sarap_record_get_name (record), ==, "Visit Канарейка draft");
  g_assert_cmpstr (sarap_interview_peek_value (interview, "/data/remark"), ==, "remark-canary-draft");
  g_assert_cmpstr (sarap_interview_peek_value (interview, "/data/violation[1]/kind"), ==, "bribe-canary");
}

static void
assert_finalized (SarapStore *store)
{
  g_autoptr (SarapRecord) record = find_named (store, SARAP_RECORD_FINALIZED, "visit");
  const char *id = sarap_record_get_id (record);
  g_autoptr (GBytes) xml = sarap_store_dup_record_xml (store, id, NULL);
  g_autoptr (GPtrArray) attachments = sarap_store_list_attachments (store, id, NULL);
  const SarapAttachment *attachment = g_ptr_array_index (attachments, 0);
  g_autoptr (GBytes) photo = sarap_store_dup_attachment (store, id, attachment->name, NULL);
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, photo);

  g_assert_cmpstr (sarap_record_get_name (record), ==, "Visit Канарейка final");
  assert_contains (xml, "<remark>remark-canary-final</remark>");
  g_assert_cmpuint (attachments->len, ==, 1);
  g_assert_cmpuint (g_bytes_get_size (photo), ==, 70012);
  assert_contains (photo, "PHOTO-BYTES-xxx");
  g_assert_cmpstr (attachment->sha256, ==, sha256);
}

/* What was sent is the project's: it opens with the private half that lies beside the store. */
static void
assert_sent (SarapStore *store, const char *folder)
{
  g_autoptr (SarapRecord) record = find_named (store, SARAP_RECORD_SENT, "kz_unknown_customer_audit");
  g_autofree char *path = g_strconcat (folder, "-project-key", NULL);
  g_autoptr (SarapProjectKey) key = sarap_project_key_read (path, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) xml = NULL;

  g_assert_cmpstr (sarap_record_get_name (record), ==, "");
  g_assert_null (sarap_store_dup_record_xml (store, sarap_record_get_id (record), &error));
  g_assert_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_LOCKED);
  sarap_keyring_open_project_key (sarap_store_get_keyring (store), key);
  xml = sarap_store_dup_record_xml (store, sarap_record_get_id (record), NULL);
  assert_contains (xml, sarap_record_get_id (record));
}

static void
assert_no_plain_text (const char *folder)
{
  static const char *const canaries[] = { "Канарейка", "remark-canary", "bribe-canary", "queue-canary", "PHOTO-BYTES", "akm_kokshetau", "v1/key" };
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *bytes = NULL;
      gsize size;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        {
          if (!g_str_equal (name, "media")) /* forms' lists name every centre */
            assert_no_plain_text (path);
          continue;
        }
      g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
      for (guint i = 0; i < G_N_ELEMENTS (canaries); i++)
        if (memmem (bytes, size, canaries[i], strlen (canaries[i])) != NULL)
          g_error ("%s holds %s", path, canaries[i]);
    }
}

static void
assert_no_plain_photo (const char *folder)
{
  g_autofree char *media = g_build_filename (folder, "media", NULL);
  g_autoptr (GDir) dir = g_dir_open (media, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (media, name, NULL);
      g_autofree char *bytes = NULL;
      gsize size;

      g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
      g_assert_null (memmem (bytes, size, "PHOTO-BYTES", 11));
    }
}

static void
test_volunteer_of_schema_1 (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autofree char *inside = unpack (folder, "schema-1-volunteer");
  g_autoptr (SarapStore) store = sarap_temporary_open (inside);
  g_autofree char *enrolment = NULL;

  for (int i = 0; i < 2; i++)
    {
      assert_draft (store);
      assert_finalized (store);
      assert_sent (store, inside);
      g_assert_cmpuint (sarap_store_count_records (store, NULL, NULL), ==, 75);
      enrolment = sarap_store_dup_setting (store, "enrolment");
      g_assert_nonnull (strstr (enrolment, "https://"));
      g_clear_pointer (&enrolment, g_free);
      g_clear_object (&store);
      assert_no_plain_text (inside);
      assert_no_plain_photo (inside);
      store = sarap_temporary_open (inside);
    }
  g_clear_object (&store);
  sarap_temporary_remove (folder);
}

static void
test_supervisor_of_schema_1 (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autofree char *inside = unpack (folder, "schema-1-supervisor");
  g_autoptr (SarapStore) store = sarap_temporary_open (inside);
  SarapSubmissionFilter filter = { .form_id = "kz_unknown_customer_audit", .region = "akm", .review_state = -1 };
  g_autoptr (GPtrArray) submissions = NULL;
  g_autoptr (GBytes) xml = NULL;
  SarapSubmission *submission;

  g_assert_cmpuint (sarap_store_count_submissions (store, NULL, NULL), ==, 512);
  submissions = sarap_store_list_submissions (store, &filter, 0, 100, NULL);
  g_assert_cmpuint (submissions->len, >, 0);
  submission = g_ptr_array_index (submissions, 0);
  g_assert_cmpstr (sarap_submission_get_region (submission), ==, "akm");
  xml = sarap_store_dup_submission_xml (store, sarap_submission_get_id (submission), NULL);
  assert_contains (xml, "<region>akm</region>");
  g_clear_object (&store);
  assert_no_plain_text (inside);
  sarap_temporary_remove (folder);
}

/* The first schema with a chain of custody: it still verifies, with journals and keys as they were written. */
static void
test_device_of_schema_6 (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autofree char *inside = unpack (folder, "schema-6-device");
  g_autoptr (SarapStore) store = sarap_temporary_open (inside);
  g_autoptr (SarapRecord) record = find_named (store, SARAP_RECORD_FINALIZED, "visit");
  g_autoptr (GBytes) xml = sarap_store_dup_record_xml (store, sarap_record_get_id (record), NULL);
  g_autoptr (SarapCustodyReport) report = NULL;
  g_autoptr (SarapRecovery) recovery = NULL;
  g_autofree char *path = g_build_filename (inside, "sarap.db", NULL);
  g_autoptr (GError) error = NULL;

  assert_draft (store);
  assert_contains (xml, "<remark>remark-canary-final</remark>");
  report = sarap_store_check_custody (store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->n_entries, ==, 2);
  g_assert_cmpuint (report->faults->len, ==, 0);
  g_clear_object (&store);
  assert_no_plain_text (inside);

  g_assert_cmpint (g_unlink (path), ==, 0);
  recovery = sarap_store_recover (inside, &error);
  g_assert_no_error (error);
  store = sarap_temporary_open (inside);
  assert_draft (store);
  g_clear_object (&store);
  sarap_temporary_remove (folder);
}

/* safety.md A1 and A9: this program once more, which opens the store, is killed at any moment. */
static void
kill_while_migrating (const char *folder)
{
  const char *argv[] = { program, "--open", folder, NULL };
  g_autoptr (GError) error = NULL;
  GPid victim;

  g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &victim, &error);
  g_assert_no_error (error);
  g_usleep (g_test_rand_int_range (0, LONGEST_LIFE));
  kill (victim, SIGKILL);
  g_assert_cmpint (waitpid (victim, NULL, 0), ==, victim);
}

static void
test_killed_while_migrating (void)
{
  guint n_kills = g_getenv ("SARAP_LONG") ? N_KILLS_LONG : g_getenv ("SARAP_SANITIZED") ? N_KILLS / 5
                                                                                        : N_KILLS;
  guint n_lost = 0;

  for (guint i = 0; i < n_kills; i += 2)
    {
      g_autofree char *folder = sarap_temporary_new ();
      g_autofree char *inside = unpack (folder, "schema-1-volunteer");
      g_autoptr (SarapStore) store = NULL;

      kill_while_migrating (inside);
      kill_while_migrating (inside);
      store = sarap_temporary_open (inside);
      n_lost += 75 - MIN (75, sarap_store_count_records (store, NULL, NULL));
      assert_draft (store);
      assert_finalized (store);
      assert_sent (store, inside);
      g_clear_object (&store);
      assert_no_plain_text (inside);
      sarap_temporary_remove (folder);
    }
  sarap_figure_at_most ("A9", n_lost, 0);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--open"))
    {
      g_object_unref (sarap_temporary_open (argv[2]));
      return 0;
    }
  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/migration/volunteer-of-schema-1", test_volunteer_of_schema_1);
  g_test_add_func ("/store/migration/supervisor-of-schema-1", test_supervisor_of_schema_1);
  g_test_add_func ("/store/migration/device-of-schema-6", test_device_of_schema_6);
  g_test_add_func ("/store/migration/killed-at-any-moment", test_killed_while_migrating);
  return g_test_run ();
}
