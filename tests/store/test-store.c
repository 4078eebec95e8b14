#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>

#include "app/store/sarap-database.h"
#include "app/store/sarap-record-keys.h"
#include "app/store/sarap-store.h"
#include "app/store/sarap-store-records.h"
#include "tests/support/sarap-temporary.h"

static void
test_settings_stay (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autoptr (SarapStore) store = sarap_temporary_open (folder);

  g_assert_null (sarap_store_dup_setting (store, "pin"));
  g_assert_true (sarap_store_set_setting (store, "pin", "қазақша", NULL));
  g_clear_object (&store);
  store = sarap_temporary_open (folder);
  {
    g_autofree char *value = sarap_store_dup_setting (store, "pin");

    g_assert_cmpstr (value, ==, "қазақша");
  }
  g_assert_true (sarap_store_set_setting (store, "pin", NULL, NULL));
  g_assert_null (sarap_store_dup_setting (store, "pin"));
  g_clear_object (&store);
  sarap_temporary_remove (folder);
}

static void
assert_open_fails (const char *folder, gboolean create, int code)
{
  g_autoptr (SarapClock) clock = sarap_clock_new_system ();
  g_autoptr (GError) error = NULL;

  g_assert_null (sarap_store_open (folder, clock, create, &error));
  g_assert_error (error, SARAP_STORE_ERROR, code);
}

static void
test_second_program_is_refused (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autoptr (SarapStore) store = sarap_temporary_open (folder);

  assert_open_fails (folder, TRUE, SARAP_STORE_ERROR_IN_USE);
  sarap_store_close (store);
  {
    g_autoptr (SarapStore) second = sarap_temporary_open (folder);

    g_assert_nonnull (second);
  }
  g_clear_object (&store);
  sarap_temporary_remove (folder);
}

/* A disk that is full from the N-th write on, for every file that SQLite opens. */
static struct
{
  sqlite3_vfs vfs;
  sqlite3_io_methods database, log; /* SQLite locks the database only */
  int (*write) (sqlite3_file *file, const void *data, int size, sqlite3_int64 at);
  int n_writes_left;
} disk;

static int
write_while_there_is_room (sqlite3_file *file, const void *data, int size, sqlite3_int64 at)
{
  return disk.n_writes_left-- > 0 ? disk.write (file, data, size, at) : SQLITE_FULL;
}

static int
open_on_disk (sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out_flags)
{
  sqlite3_vfs *real = vfs->pAppData;
  sqlite3_io_methods *methods = flags & SQLITE_OPEN_MAIN_DB ? &disk.database : &disk.log;
  int result = real->xOpen (real, path, file, flags, out_flags);

  if (result != SQLITE_OK)
    return result;
  *methods = *file->pMethods;
  disk.write = methods->xWrite;
  methods->xWrite = write_while_there_is_room;
  file->pMethods = methods;
  return SQLITE_OK;
}

static gboolean
make_on_full_disk (const char *folder, int n_writes)
{
  g_autoptr (SarapClock) clock = sarap_clock_new_system ();
  g_autoptr (SarapStore) store = NULL;

  disk.n_writes_left = n_writes;
  store = sarap_store_open (folder, clock, TRUE, NULL);
  if (store != NULL)
    sarap_store_close (store);
  disk.n_writes_left = G_MAXINT;
  return store != NULL;
}

static void
test_store_made_on_a_full_disk_opens_later (void)
{
  gboolean was_made = FALSE;

  disk.vfs = *sqlite3_vfs_find (NULL);
  disk.vfs.pAppData = sqlite3_vfs_find (NULL);
  disk.vfs.zName = "disk";
  disk.vfs.xOpen = open_on_disk;
  g_assert_cmpint (sqlite3_vfs_register (&disk.vfs, TRUE), ==, SQLITE_OK);
  for (int n = 0; !was_made; n += g_getenv ("SARAP_LONG") ? 1 : 4)
    {
      g_autofree char *folder = sarap_temporary_new ();
      g_autoptr (SarapStore) store = NULL;

      was_made = make_on_full_disk (folder, n);
      store = sarap_temporary_open (folder);
      g_assert_true (sarap_store_set_setting (store, "pin", "1", NULL));
      g_clear_object (&store);
      sarap_temporary_remove (folder);
    }
  sqlite3_vfs_unregister (&disk.vfs);
}

static void
test_missing_store_is_not_made (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autofree char *inside = g_build_filename (folder, "store", NULL);

  assert_open_fails (inside, FALSE, SARAP_STORE_ERROR_NOT_FOUND);
  g_assert_false (g_file_test (inside, G_FILE_TEST_EXISTS));
  sarap_temporary_remove (folder);
}

static void
execute (const char *folder, const char *sql)
{
  g_autofree char *path = g_build_filename (folder, "sarap.db", NULL);
  sqlite3 *connection;

  g_assert_cmpint (sqlite3_open (path, &connection), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (connection, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (connection);
}

static char *
hash_of_database (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "sarap.db", NULL);
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) bytes, size);
}

static void
test_newer_store_stays_untouched (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autofree char *before = NULL, *after = NULL;

  g_object_unref (sarap_temporary_open (folder));
  execute (folder, "PRAGMA user_version = 999; CREATE TABLE future (x)");
  before = hash_of_database (folder);
  assert_open_fails (folder, TRUE, SARAP_STORE_ERROR_NEWER);
  after = hash_of_database (folder);
  g_assert_cmpstr (after, ==, before);
  sarap_temporary_remove (folder);
}

static void
test_foreign_database_is_refused (void)
{
  g_autofree char *folder = sarap_temporary_new ();

  execute (folder, "PRAGMA application_id = 7; CREATE TABLE theirs (x)");
  assert_open_fails (folder, TRUE, SARAP_STORE_ERROR_CORRUPT);
  sarap_temporary_remove (folder);
}

static void
damaged_cb (SarapStore *store, guint topic, gboolean *is_told)
{
  *is_told |= topic == SARAP_STORE_TOPIC_DAMAGED;
}

/* A large file does not hold up the start. */
static void
test_damage_is_told_after_opening (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autofree char *path = g_build_filename (folder, "sarap.db", NULL);
  g_autoptr (SarapStore) store = sarap_temporary_open (folder);
  g_autofree char *bytes = NULL, *value = g_strnfill (3000, 'x');
  gboolean is_told = FALSE;
  gsize size;

  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *key = g_strdup_printf ("key-%02u", i);

      g_assert_true (sarap_store_set_setting (store, key, value, NULL));
    }
  sarap_store_close (store);
  g_clear_object (&store);
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  memset (bytes + size - 4096 * 20, 0x5a, 64);
  g_assert_true (g_file_set_contents (path, bytes, size, NULL));
  assert_open_fails (folder, TRUE, SARAP_STORE_ERROR_CORRUPT);

  sarap_database_set_check_limit (0);
  store = sarap_temporary_open (folder);
  g_signal_connect (store, "changed", G_CALLBACK (damaged_cb), &is_told);
  while (!is_told)
    g_main_context_iteration (NULL, TRUE);
  sarap_database_set_check_limit (16 * 1024 * 1024);
  sarap_store_close (store);
  sarap_temporary_remove (folder);
}

static void
test_damage_is_found (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autofree char *path = g_build_filename (folder, "sarap.db", NULL);
  g_autofree char *bytes = NULL;
  gsize size;

  g_object_unref (sarap_temporary_open (folder));
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  memset (bytes + 4096, 0x5a, 64);
  g_assert_true (g_file_set_contents (path, bytes, size, NULL));
  assert_open_fails (folder, TRUE, SARAP_STORE_ERROR_CORRUPT);
  sarap_temporary_remove (folder);
}

static void
test_half_made_database_is_made_anew (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autofree char *path = g_build_filename (folder, "sarap.db.new", NULL);

  g_assert_true (g_file_set_contents (path, "half", 4, NULL));
  g_object_unref (sarap_temporary_open (folder));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  sarap_temporary_remove (folder);
}

static void
test_empty_database_climbs_the_ladder (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autofree char *path = g_build_filename (folder, "sarap.db", NULL);
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_object_unref (sarap_temporary_open (folder));
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_assert_cmpmem (bytes + 18, 2, "\2\2", 2);     /* WAL to read and to write */
  g_assert_cmpmem (bytes + 60, 4, "\0\0\0\6", 4); /* user_version */
  g_assert_cmpmem (bytes + 68, 4, "SARP", 4);
  sarap_temporary_remove (folder);
}

static void
test_first_schema_climbs_with_its_records (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autofree char *path = g_build_filename (SARAP_TEST_FOLDER, "..", "app", "store", "sql", "schema", "001-initial.sql", NULL);
  g_autofree char *schema = NULL;
  g_autoptr (SarapStore) store = NULL;
  g_autoptr (SarapRecord) record = NULL;

  g_assert_true (g_file_get_contents (path, &schema, NULL, NULL));
  execute (folder, schema);
  execute (folder, "INSERT INTO form (number, id, version, title, hash, origin, is_current, added_at, xml) VALUES (1, 'f', '', 'F', '', '', 1, 1, '');"
                   "INSERT INTO record (id, form, owner, page, created_at, updated_at) VALUES ('uuid:1', 1, 'volunteer', '/data/a', 1, 1);"
                   "PRAGMA application_id = 1396789840; PRAGMA user_version = 1");
  store = sarap_temporary_open (folder);
  record = sarap_store_find_record (store, "uuid:1", NULL);
  g_assert_nonnull (record);
  g_assert_cmpstr (sarap_record_get_page (record), ==, "/data/a");
  g_assert_cmpuint (sarap_record_get_page_number (record), ==, 0);
  g_assert_cmpint (sarap_record_get_failure (record), ==, -1);
  g_clear_object (&store);
  sarap_temporary_remove (folder);
}

static void
test_clean_end_leaves_no_mark (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autofree char *mark = g_build_filename (folder, "unclean", NULL);
  g_autofree char *log = g_build_filename (folder, "sarap.db-wal", NULL);
  g_autoptr (SarapStore) store = sarap_temporary_open (folder);

  g_assert_true (g_file_test (mark, G_FILE_TEST_EXISTS));
  g_clear_object (&store);
  g_assert_false (g_file_test (mark, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (log, G_FILE_TEST_EXISTS));
  sarap_temporary_remove (folder);
}

static void
assert_prepares (sqlite3 *connection, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  sqlite3_stmt *statement = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  if (!g_str_has_prefix (text, "-- in: ") || strstr (text, "  out: ") == NULL)
    g_error ("%s does not begin with its inputs and outputs", name);
  if (sqlite3_prepare_v2 (connection, text, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", name, sqlite3_errmsg (connection));
  sqlite3_finalize (statement);
}

static void
test_every_query_fits_the_schema (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autofree char *path = g_build_filename (folder, "sarap.db", NULL);
  g_autofree char *queries = g_build_filename (SARAP_TEST_FOLDER, "..", "app", "store", "sql", "query", NULL);
  g_autoptr (GDir) dir = g_dir_open (queries, 0, NULL);
  g_autofree char *keys = g_build_filename (folder, "keys", NULL);
  g_autoptr (SarapKeyring) keyring = sarap_keyring_create (keys, NULL, NULL, NULL);
  SarapRecordKeys *functions;
  sqlite3 *connection;
  const char *name;

  g_object_unref (sarap_temporary_open (folder));
  g_assert_cmpint (sqlite3_open (path, &connection), ==, SQLITE_OK);
  functions = sarap_record_keys_new (NULL, connection, keyring);
  while ((name = g_dir_read_name (dir)) != NULL)
    assert_prepares (connection, queries, name);
  sqlite3_close (connection);
  sarap_record_keys_free (functions);
  sarap_temporary_remove (folder);
}

#define N_THREADS 8
#define N_WRITES 50

typedef struct
{
  SarapStore *store;
  guint number;
} Worker;

static gpointer
work (gpointer data)
{
  Worker *worker = data;

  for (guint i = 0; i < N_WRITES; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u/%u", worker->number, i);
      g_autofree char *found = NULL;

      g_assert_true (sarap_store_set_setting (worker->store, key, key, NULL));
      found = sarap_store_dup_setting (worker->store, key);
      g_assert_cmpstr (found, ==, key);
    }
  return NULL;
}

static void
test_threads_see_their_writes (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autoptr (SarapStore) store = sarap_temporary_open (folder);
  GThread *threads[N_THREADS];
  Worker workers[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    {
      workers[i] = (Worker){ store, i };
      threads[i] = g_thread_new ("worker", work, &workers[i]);
    }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_clear_object (&store);
  sarap_temporary_remove (folder);
}

static void
changed_cb (SarapStore *store, guint topic, guint *topics)
{
  *topics |= 1u << topic;
}

static void
test_changes_are_told_in_the_main_context (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autoptr (SarapStore) store = sarap_temporary_open (folder);
  guint topics = 0;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_signal_connect (store, "changed", G_CALLBACK (changed_cb), &topics);
  g_assert_true (sarap_store_set_setting (store, "a", "b", NULL));
  g_assert_cmpuint (topics, ==, 0);
  while (topics == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (topics, ==, 1u << SARAP_STORE_TOPIC_SETTINGS);
  g_clear_object (&store);
  sarap_temporary_remove (folder);
}

static void
test_closed_store_refuses (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autoptr (SarapStore) store = sarap_temporary_open (folder);
  g_autoptr (GError) error = NULL;

  sarap_store_close (store);
  g_assert_false (sarap_store_set_setting (store, "a", "b", &error));
  g_assert_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_IO);
  g_clear_object (&store);
  sarap_temporary_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/settings-stay", test_settings_stay);
  g_test_add_func ("/store/second-program-is-refused", test_second_program_is_refused);
  g_test_add_func ("/store/missing-store-is-not-made", test_missing_store_is_not_made);
  g_test_add_func ("/store/store-made-on-a-full-disk-opens-later", test_store_made_on_a_full_disk_opens_later);
  g_test_add_func ("/store/newer-store-stays-untouched", test_newer_store_stays_untouched);
  g_test_add_func ("/store/foreign-database-is-refused", test_foreign_database_is_refused);
  g_test_add_func ("/store/damage-is-found", test_damage_is_found);
  g_test_add_func ("/store/damage-is-told-after-opening", test_damage_is_told_after_opening);
  g_test_add_func ("/store/half-made-database-is-made-anew", test_half_made_database_is_made_anew);
  g_test_add_func ("/store/empty-database-climbs-the-ladder", test_empty_database_climbs_the_ladder);
  g_test_add_func ("/store/first-schema-climbs-with-its-records", test_first_schema_climbs_with_its_records);
  g_test_add_func ("/store/clean-end-leaves-no-mark", test_clean_end_leaves_no_mark);
  g_test_add_func ("/store/every-query-fits-the-schema", test_every_query_fits_the_schema);
  g_test_add_func ("/store/threads-see-their-writes", test_threads_see_their_writes);
  g_test_add_func ("/store/changes-are-told-in-the-main-context", test_changes_are_told_in_the_main_context);
  g_test_add_func ("/store/closed-store-refuses", test_closed_store_refuses);
  return g_test_run ();
}
