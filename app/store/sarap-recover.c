#include "app/store/sarap-recover.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/base/sarap-file.h"
#include "app/store/sarap-journal-check.h"
#include "app/store/sarap-journal-forms.h"
#include "app/store/sarap-journal-restore.h"
#include "app/store/sarap-salvage.h"
#include "app/store/sarap-schema.h"
#include "app/store/sarap-store-private.h"
#include "app/store/sarap-store-records.h"

/*  1. Journals, media and the damaged database are only read. The new database is made beside and takes the name
 *     sarap.db in one step; the damaged one keeps its bytes under another name.
 *  2. A journal that goes as far as the rows is the better copy: it checks itself. Rows that go further are kept.
 *  3. The next start checks everything once more, as after any unclean end. */

typedef struct
{
  char *folder;
  char *database;
  char *new_database;
  SarapKeyring *keyring;
  GHashTable *journals; /* id → SarapJournalContents */
  GHashTable *numbers;  /* id → number of a record whose rows are left out */
  SarapRecovery *result;
  int lock;
} Recover;

static void
damage_free (gpointer data)
{
  SarapDamage *damage = data;

  g_free (damage->file);
  g_free (damage->record);
  g_free (damage);
}

static void
tell (SarapRecovery *self, SarapDamageKind kind, const char *file, const char *record, goffset offset, goffset size)
{
  SarapDamage *damage = g_new (SarapDamage, 1);

  *damage = (SarapDamage){ kind, g_strdup (file), g_strdup (record), offset, size };
  g_ptr_array_add (self->damages, damage);
}

void
sarap_recovery_free (SarapRecovery *self)
{
  g_ptr_array_unref (self->damages);
  g_free (self->kept);
  g_free (self);
}

static void
recover_clear (Recover *self)
{
  g_free (self->folder);
  g_free (self->database);
  g_free (self->new_database);
  g_clear_object (&self->keyring);
  g_clear_pointer (&self->journals, g_hash_table_unref);
  g_clear_pointer (&self->numbers, g_hash_table_unref);
  g_clear_pointer (&self->result, sarap_recovery_free);
  if (self->lock >= 0)
    close (self->lock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Recover, recover_clear)

static void
read_journal (Recover *self, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *shown = g_build_filename ("journal", name, NULL);
  SarapJournalContents *contents = sarap_journal_read (path, NULL);

  if (contents == NULL)
    {
      tell (self->result, SARAP_DAMAGE_JOURNAL, shown, NULL, 0, 0);
      return;
    }
  if (contents->size != contents->file_size)
    tell (self->result, SARAP_DAMAGE_JOURNAL_END, shown, contents->head.id, contents->size, contents->file_size - contents->size);
  if (contents->has_damaged_slot)
    tell (self->result, SARAP_DAMAGE_JOURNAL_KEY, shown, contents->head.id, 0, 0);
  g_hash_table_insert (self->journals, contents->head.id, contents);
}

static void
read_journals (Recover *self)
{
  g_autoptr (GPtrArray) paths = sarap_journal_list (self->folder);

  for (guint i = 0; i < paths->len; i++)
    read_journal (self, g_ptr_array_index (paths, i));
}

static gboolean
skip_record (const char *id, const SarapSalvagedRecord *record, gpointer data)
{
  Recover *self = data;
  const SarapJournalContents *contents = g_hash_table_lookup (self->journals, id);
  SarapJournalReach reach;

  if (contents == NULL || contents->has_damaged_slot || record->state == SARAP_RECORD_SENT)
    return FALSE;
  reach = sarap_journal_contents_get_reach (contents);
  if (reach.revision < record->revision || reach.state < record->state)
    return FALSE;
  g_hash_table_insert (self->numbers, g_strdup (id), g_memdup2 (&record->number, sizeof record->number));
  return TRUE;
}

static void
tell_table (const char *table, gpointer data)
{
  Recover *self = data;

  tell (self->result, SARAP_DAMAGE_DATABASE, table, NULL, 0, 0);
}

static gboolean
has_record (SarapDatabase *db, const char *id, gboolean *has, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "journal-find", error);

  sarap_query_bind_text (query, "id", id);
  *has = sarap_query_next (query);
  return sarap_query_finish (query);
}

typedef struct
{
  Recover *recover;
  const SarapJournalContents *contents;
} Restoring;

static gboolean
restore_record (SarapDatabase *db, gpointer data, GError **error)
{
  Restoring *restoring = data;
  const gint64 *number = g_hash_table_lookup (restoring->recover->numbers, restoring->contents->head.id);

  return sarap_journal_restore (db, restoring->recover->folder, restoring->contents, number ? *number : 0, error);
}

static gboolean
restore_journal (SarapDatabase *db, Recover *self, const SarapJournalContents *contents, GError **error)
{
  Restoring restoring = { self, contents };
  g_autoptr (GError) failed = NULL;
  gboolean has;

  if (!has_record (db, contents->head.id, &has, error) || has)
    return has;
  if (sarap_database_transact (db, restore_record, &restoring, &failed))
    {
      self->result->n_from_journals++;
      self->result->n_answers += sarap_journal_contents_get_reach (contents).n_answers;
      return TRUE;
    }
  g_warning ("%s: %s", contents->head.id, failed->message);
  tell (self->result, SARAP_DAMAGE_RECORD, contents->head.id, NULL, 0, 0);
  if (sarap_database_in_transaction (db))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

static int
compare_journals (gconstpointer a, gconstpointer b)
{
  const SarapJournalContents *one = *(gpointer *) a, *other = *(gpointer *) b;

  if (one->head.created_at != other->head.created_at)
    return one->head.created_at < other->head.created_at ? -1 : 1;
  return strcmp (one->head.id, other->head.id);
}

/* In the order in which the records were begun. */
static gboolean
restore_journals (SarapDatabase *db, Recover *self, GError **error)
{
  g_autoptr (GPtrArray) journals = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer contents;

  g_hash_table_iter_init (&iter, self->journals);
  while (g_hash_table_iter_next (&iter, NULL, &contents))
    g_ptr_array_add (journals, contents);
  g_ptr_array_sort (journals, compare_journals);
  for (guint i = 0; i < journals->len; i++)
    if (!restore_journal (db, self, g_ptr_array_index (journals, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
check_files (SarapDatabase *db, Recover *self, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "restore-file-list", error);

  while (sarap_query_next (query))
    {
      g_autofree char *path = g_build_filename (self->folder, "media", sarap_query_get_text (query, "sha256"), NULL);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        tell (self->result, SARAP_DAMAGE_FILE_MISSING, sarap_query_get_text (query, "name"), sarap_query_get_text (query, "id"), 0, 0);
    }
  return sarap_query_finish (query);
}

static gboolean
count (SarapDatabase *db, SarapRecovery *result, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "restore-count", error);

  if (sarap_query_next (query))
    {
      result->n_records = sarap_query_get_int (query, "records");
      result->n_forms = sarap_query_get_int (query, "forms");
    }
  return sarap_query_finish (query);
}

static gboolean
fill (SarapDatabase *db, gpointer data, GError **error)
{
  Recover *self = data;
  g_autoptr (GError) damage = NULL;

  if (sarap_journal_forms_exist (self->folder) && sarap_journal_forms_restore (db, self->folder, &damage) < 0)
    {
      g_warning ("%s", damage->message);
      tell (self->result, SARAP_DAMAGE_FORMS, "journal/forms", NULL, 0, 0);
    }
  return restore_journals (db, self, error) && check_files (db, self, error) && count (db, self->result, error);
}

static void
remove_new (Recover *self)
{
  const char *const ends[] = { "", "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *path = g_strconcat (self->new_database, ends[i], NULL);

      g_unlink (path);
    }
}

static gboolean
make_database (Recover *self, GError **error)
{
  SarapDatabase *db;
  gboolean ok;
  int version;

  remove_new (self);
  if (!sarap_database_create (self->new_database, self->keyring, error))
    return FALSE;
  if (g_file_test (self->database, G_FILE_TEST_EXISTS) && !sarap_salvage (self->database, self->new_database, skip_record, tell_table, self, error))
    return FALSE;
  db = sarap_database_open (self->new_database, self->keyring, TRUE, &version, error);
  if (db == NULL)
    return FALSE;
  ok = sarap_database_transact (db, fill, self, error) && sarap_database_empty_log (db, error);
  return sarap_database_close (db) && ok;
}

static gboolean
fail_errno (const char *path, GError **error)
{
  int number = errno;

  g_set_error (error, SARAP_STORE_ERROR, number == ENOSPC ? SARAP_STORE_ERROR_FULL : SARAP_STORE_ERROR_IO, "%s: %s", path, g_strerror (number));
  return FALSE;
}

/* The old log goes before the new database comes: it must never be read with it. */
static gboolean
keep_damaged (Recover *self, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%dT%H%M%S");
  g_autofree char *kept = g_strconcat (self->database, ".damaged-", time, NULL);
  g_autofree char *log = g_strconcat (self->database, "-wal", NULL);
  g_autofree char *kept_log = g_strconcat (kept, "-wal", NULL);

  if (!g_file_test (self->database, G_FILE_TEST_EXISTS))
    return TRUE;
  if (link (self->database, kept) != 0)
    return fail_errno (kept, error);
  if (g_file_test (log, G_FILE_TEST_EXISTS) && g_rename (log, kept_log) != 0)
    return fail_errno (kept_log, error);
  self->result->kept = g_steal_pointer (&kept);
  return TRUE;
}

static gboolean
publish (Recover *self, GError **error)
{
  g_autofree char *mark = g_build_filename (self->folder, "unclean", NULL);
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);

  if (!keep_damaged (self, error))
    return FALSE;
  return (sarap_file_write (mark, empty, 0600, error) && sarap_file_publish (self->new_database, self->database, error)) || sarap_store_take_error (error);
}

static gboolean
begin (Recover *self, GError **error)
{
  g_autofree char *keys = g_build_filename (self->folder, "keys", NULL);
  g_autofree char *journals = g_build_filename (self->folder, "journal", NULL);

  if (!g_file_test (self->database, G_FILE_TEST_EXISTS) && !g_file_test (journals, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_NOT_FOUND, "%s: there is no store in this folder", self->folder);
      return FALSE;
    }
  self->lock = sarap_store_lock_folder (self->folder, error);
  if (self->lock < 0)
    return FALSE;
  self->keyring = sarap_keyring_open (keys, error);
  return self->keyring != NULL || sarap_store_take_error (error);
}

/* Makes sarap.db anew; no PIN is needed. Errors: NOT_FOUND (no store there), IN_USE, NEWER (nothing was touched), FULL,
 * IO. Returns: (transfer full) what was found */
SarapRecovery *
sarap_store_recover (const char *folder, GError **error)
{
  g_auto (Recover) self = { .lock = -1 };

  self.folder = g_canonicalize_filename (folder, NULL);
  self.database = g_build_filename (self.folder, "sarap.db", NULL);
  self.new_database = g_build_filename (self.folder, "sarap.db.recovered", NULL);
  self.journals = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) sarap_journal_contents_free);
  self.numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self.result = g_new0 (SarapRecovery, 1);
  self.result->damages = g_ptr_array_new_with_free_func (damage_free);
  if (!begin (&self, error))
    return NULL;
  read_journals (&self);
  if (make_database (&self, error) && publish (&self, error))
    return g_steal_pointer (&self.result);
  remove_new (&self);
  return NULL;
}
