#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "app/store/sarap-store-outbox.h"
#include "tests/support/sarap-canary.h"
#include "tests/support/sarap-figure.h"
#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-visit.h"

/* safety.md A10, C1 and C2: whoever changes bytes of a store, or moves them, is found out when an answer is read; whoever
 * searches its files finds no answer. */

#define N_FLIPS 50
#define N_FLIPS_LONG 1000
#define N_CANARIES 200
#define N_RECORDS 4 /* the first is a draft */

typedef struct
{
  char *folder;
  char *store;
  char *ids[N_RECORDS];
  GPtrArray *paths;    /* files of the closed store */
  GPtrArray *contents; /* GBytes */
  char *baseline;
} Fixture;

static void
collect (Fixture *self, const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      char *path = g_build_filename (folder, name, NULL), *bytes;
      gsize size;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        {
          collect (self, path);
          g_free (path);
          continue;
        }
      g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
      g_ptr_array_add (self->paths, path);
      g_ptr_array_add (self->contents, g_bytes_new_take (bytes, size));
    }
}

static void
put_back (Fixture *self)
{
  g_autofree char *log = g_build_filename (self->store, "sarap.db-wal", NULL), *mark = g_build_filename (self->store, "unclean", NULL);

  g_unlink (log);
  g_unlink (mark);
  for (guint i = 0; i < self->paths->len; i++)
    {
      GBytes *bytes = g_ptr_array_index (self->contents, i);

      g_assert_true (g_file_set_contents_full (g_ptr_array_index (self->paths, i), g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    }
}

static void
add_bytes (GString *text, GBytes *bytes)
{
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  g_string_append_printf (text, "%s\n", hash);
}

static gboolean
add_record (SarapStore *store, const char *id, GString *text)
{
  g_autoptr (GBytes) xml = sarap_store_dup_record_xml (store, id, NULL);
  g_autoptr (GPtrArray) files = xml ? sarap_store_list_attachments (store, id, NULL) : NULL;

  if (files == NULL)
    return FALSE;
  g_string_append_len (text, g_bytes_get_data (xml, NULL), g_bytes_get_size (xml));
  for (guint i = 0; i < files->len; i++)
    {
      const SarapAttachment *file = g_ptr_array_index (files, i);
      g_autoptr (GBytes) bytes = sarap_store_dup_attachment (store, id, file->name, NULL);

      if (bytes == NULL)
        return FALSE;
      add_bytes (text, bytes);
    }
  return TRUE;
}

/* Everything that was answered, or NULL when some of it was found to be changed. */
static char *
read_answers (Fixture *self)
{
  g_autoptr (SarapClock) clock = sarap_clock_new_system ();
  g_autofree char *key_path = g_strconcat (self->store, "-project-key", NULL);
  g_autoptr (SarapProjectKey) key = sarap_project_key_read (key_path, NULL);
  g_autoptr (SarapStore) store = sarap_store_open (self->store, clock, FALSE, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  if (store == NULL)
    return NULL;
  sarap_keyring_open_project_key (sarap_store_get_keyring (store), key);
  for (guint i = 0; i < N_RECORDS; i++)
    if (!add_record (store, self->ids[i], text))
      return NULL;
  return g_strdup (text->str);
}

static char *
hold_visit (SarapStore *store, guint number)
{
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (store, "volunteer");
  g_autofree char *name = g_strdup_printf ("person-%u", number), *remark = g_strdup_printf ("remark-%u", number), *age = g_strdup_printf ("%u", number + 20);
  g_autoptr (GBytes) photo = g_bytes_new (remark, strlen (remark));
  g_autoptr (GError) error = NULL;

  sarap_visit_answer (recorder, "/data/name", name);
  sarap_visit_answer (recorder, "/data/remark", remark);
  sarap_visit_answer (recorder, "/data/age", age);
  sarap_recorder_attach (recorder, "/data/photo", photo, "jpg", &error);
  g_assert_no_error (error);
  if (number > 0)
    sarap_recorder_finalize (recorder, &error);
  else
    sarap_recorder_flush (recorder, &error);
  g_assert_no_error (error);
  return g_strdup (sarap_interview_get_instance_id (sarap_recorder_get_interview (recorder)));
}

static void
make_folder (Fixture *self)
{
  self->folder = g_strdup ("/dev/shm/sarap-test-XXXXXX");
  if (g_mkdtemp (self->folder) == NULL)
    {
      g_free (self->folder);
      self->folder = sarap_temporary_new ();
    }
  self->store = g_build_filename (self->folder, "store", NULL);
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->contents = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapStore) store = NULL;

  make_folder (self);
  store = sarap_temporary_open (self->store);
  sarap_visit_add_form (store);
  for (guint i = 0; i < N_RECORDS; i++)
    self->ids[i] = hold_visit (store, i);
  g_clear_object (&store);
  collect (self, self->store);
  self->baseline = read_answers (self);
  g_assert_nonnull (self->baseline);
  put_back (self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  sarap_temporary_remove (self->folder);
  g_ptr_array_unref (self->paths);
  g_ptr_array_unref (self->contents);
  for (guint i = 0; i < N_RECORDS; i++)
    g_free (self->ids[i]);
  g_free (self->folder);
  g_free (self->store);
  g_free (self->baseline);
}

static void
flip (Fixture *self)
{
  gsize total = 0, at, size;
  guint i;
  g_autofree char *bytes = NULL;

  for (i = 0; i < self->contents->len; i++)
    total += g_bytes_get_size (g_ptr_array_index (self->contents, i));
  at = g_test_rand_int_range (0, total);
  for (i = 0; at >= g_bytes_get_size (g_ptr_array_index (self->contents, i)); i++)
    at -= g_bytes_get_size (g_ptr_array_index (self->contents, i));
  g_assert_true (g_file_get_contents (g_ptr_array_index (self->paths, i), &bytes, &size, NULL));
  bytes[at] ^= 1 << g_test_rand_int_range (0, 8);
  g_assert_true (g_file_set_contents_full (g_ptr_array_index (self->paths, i), bytes, size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
test_flips (Fixture *self, gconstpointer data)
{
  guint n = g_getenv ("SARAP_LONG") ? N_FLIPS_LONG : N_FLIPS, n_found = 0, n_silent = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *answers = NULL;

      put_back (self);
      flip (self);
      answers = read_answers (self);
      n_found += answers == NULL;
      n_silent += answers != NULL && !g_str_equal (answers, self->baseline);
    }
  g_test_message ("%u of %u flips found by opening and reading", n_found, n);
  sarap_figure_at_most ("A10", n_silent, 0);
}

/* --- rows and files at other places ------------------------------------------------------------------- */

static const char *const tamperings[] = {
  /* swapped */
  "UPDATE answer SET sealed = (SELECT sealed FROM answer AS other WHERE other.ref <> answer.ref ORDER BY random () LIMIT 1) WHERE ref = (SELECT ref FROM answer ORDER BY random () LIMIT 1)",
  "UPDATE record_xml SET xml = (SELECT xml FROM record_xml AS other WHERE other.record <> record_xml.record ORDER BY random () LIMIT 1)",
  "UPDATE record_key SET sealed = (SELECT sealed FROM record_key AS other WHERE other.record <> record_key.record AND other.holder = record_key.holder ORDER BY random () LIMIT 1) WHERE holder NOT IN ('user')",
  "UPDATE attachment SET sha256 = (SELECT sha256 FROM attachment AS other WHERE other.record <> attachment.record ORDER BY random () LIMIT 1)",
  /* an older answer again */
  "UPDATE answer SET sealed = (SELECT sealed FROM answer_history AS old WHERE old.record = answer.record AND old.revision <> answer.revision ORDER BY random () LIMIT 1) WHERE ref = (SELECT ref FROM answer ORDER BY random () LIMIT 1)",
  /* cut */
  "UPDATE answer SET sealed = substr (sealed, 1, abs (random ()) % length (sealed)) WHERE ref = (SELECT ref FROM answer ORDER BY random () LIMIT 1)",
  "UPDATE record_xml SET xml = substr (xml, 1, abs (random ()) % length (xml))",
  "UPDATE record_key SET sealed = substr (sealed, 1, abs (random ()) % length (sealed))",
};

static void
drop_triggers (sqlite3 *connection)
{
  static const char *const names[] = { "record_xml_fixed", "attachment_not_changed" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *sql = g_strdup_printf ("DROP TRIGGER IF EXISTS %s", names[i]);

      g_assert_cmpint (sqlite3_exec (connection, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    }
}

static void
tamper (Fixture *self, const char *sql)
{
  g_autofree char *path = g_build_filename (self->store, "sarap.db", NULL);
  sqlite3 *connection;

  g_assert_cmpint (sqlite3_open (path, &connection), ==, SQLITE_OK);
  drop_triggers (connection);
  if (sqlite3_exec (connection, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (connection));
  g_assert_cmpint (sqlite3_changes (connection), >, 0);
  sqlite3_close (connection);
}

static void
test_moved_rows (Fixture *self, gconstpointer data)
{
  guint n = g_getenv ("SARAP_LONG") ? N_FLIPS_LONG : N_FLIPS, n_accepted = 0;

  for (guint i = 0; i < n; i++)
    {
      const char *sql = tamperings[i % G_N_ELEMENTS (tamperings)];
      g_autofree char *answers = NULL;

      put_back (self);
      tamper (self, sql);
      answers = read_answers (self);
      if (answers != NULL)
        g_test_message ("accepted: %s", sql);
      n_accepted += answers != NULL;
    }
  sarap_figure_at_most ("C2", n_accepted, 0);
}

/* --- canaries ----------------------------------------------------------------------------------------- */

static char **
new_canaries (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < N_CANARIES; i++)
    {
      g_autofree char *word = g_strdup_printf ("Канарейка-%03u-%08x", i, g_test_rand_int ());

      g_strv_builder_add (builder, word);
    }
  return g_strv_builder_end (builder);
}

static SarapRecorder *
fill_canaries (SarapStore *store, char **words)
{
  SarapRecorder *recorder = sarap_visit_begin (store, "volunteer");
  SarapInterview *interview = sarap_recorder_get_interview (recorder);
  g_autofree char *all = g_strjoinv (" ", words);
  g_autoptr (GBytes) photo = g_bytes_new (all, strlen (all));

  sarap_visit_answer (recorder, "/data/name", words[0]);
  sarap_visit_answer (recorder, "/data/remark", words[1]);
  for (guint i = 2; i < N_CANARIES; i++)
    {
      g_autofree char *ref = sarap_interview_add_instance (interview, "/data/violation", NULL);
      g_autofree char *kind = g_strdup_printf ("/data/violation[%u]/kind", i - 1);

      sarap_visit_answer (recorder, kind, words[i]);
    }
  g_assert_true (sarap_recorder_attach (recorder, "/data/photo", photo, "jpg", NULL));
  g_assert_true (sarap_recorder_flush (recorder, NULL));
  return recorder;
}

/* Copies the files of the open store, as a kill would leave them, and opens the copy. */
static guint
count_after_kill (Fixture *self, char **words)
{
  g_autofree char *killed = g_build_filename (self->folder, "killed", NULL), *command = g_strdup_printf ("cp -r %s %s", self->store, killed);
  g_autoptr (SarapStore) store = NULL;

  g_assert_cmpint (system (command), ==, 0);
  store = sarap_temporary_open (killed);
  g_clear_object (&store);
  return sarap_canary_count (self->folder, (const char *const *) words);
}

static void
test_canaries (void)
{
  Fixture self = { 0 };
  g_auto (GStrv) words = new_canaries ();
  g_autoptr (SarapStore) store = NULL;
  g_autoptr (SarapRecorder) draft = NULL;
  g_autoptr (SarapRecorder) kept = NULL;
  const char *const *all = (const char *const *) words;
  const char *id;
  guint n;

  make_folder (&self);
  store = sarap_temporary_open (self.store);
  sarap_visit_add_form (store);
  draft = fill_canaries (store, words);
  n = sarap_canary_count (self.folder, all);
  n += count_after_kill (&self, words);
  kept = fill_canaries (store, words);
  id = sarap_interview_get_instance_id (sarap_recorder_get_interview (kept));
  g_assert_true (sarap_recorder_finalize (kept, NULL));
  n += sarap_canary_count (self.folder, all);
  g_assert_true (sarap_store_note_attempt (store, id, NULL) && sarap_store_note_sent (store, id, NULL, NULL, "", NULL));
  n += sarap_canary_count (self.folder, all);
  g_assert_true (sarap_store_delete_draft (store, sarap_interview_get_instance_id (sarap_recorder_get_interview (draft)), NULL));
  n += sarap_canary_count (self.folder, all);
  g_clear_object (&draft);
  g_clear_object (&kept);
  g_clear_object (&store);
  n += sarap_canary_count (self.folder, all);
  sarap_figure_at_most ("C1", n, 0);
  tear_down (&self, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/store/tamper/flips", Fixture, NULL, set_up, test_flips, tear_down);
  g_test_add ("/store/tamper/moved-rows", Fixture, NULL, set_up, test_moved_rows, tear_down);
  g_test_add_func ("/store/tamper/canaries", test_canaries);
  return g_test_run ();
}
