#include "app/store/sarap-database.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "app/base/sarap-file.h"
#include "app/store/sarap-journal-writer.h"
#include "app/store/sarap-record-keys.h"
#include "app/store/sarap-schema.h"
#include "app/store/sarap-sqlite.h"
#include "app/store/sarap-store-private.h"
#include "app/store/sarap-store-resource.h"

/*  1. WAL with synchronous=FULL, read back at open: every commit is synced before it is told. (DELETE
 *     or NORMAL lose acknowledged answers in a power cut.)
 *  2. This connection is the only one that writes and checkpoints; locking_mode=EXCLUSIVE keeps every
 *     other program out, and no shared-memory file is needed.
 *  3. A new database becomes visible under its name only when it is complete and synced.
 *  4. A database of a newer program is closed without a checkpoint: not one byte of it changes. */

struct _SarapDatabase
{
  sqlite3 *connection;
  SarapRecordKeys *keys;
  SarapJournalWriter *journals; /* NULL: no second copies */
  GHashTable *queries;          /* name → SarapQuery */
  guint depth;                  /* of transactions */
  GPtrArray *unchecked;         /* tables that are still to be checked; NULL: none are */
};

struct _SarapQuery
{
  SarapDatabase *database;
  char *name;
  sqlite3_stmt *statement;
  GError **error;
  gboolean failed;
};

static void
query_free (gpointer data)
{
  SarapQuery *self = data;

  sqlite3_finalize (self->statement);
  g_free (self->name);
  g_free (self);
}

static sqlite3 *
connect_file (const char *path, int flags, GError **error)
{
  sqlite3 *connection = NULL;

  if (sqlite3_open_v2 (path, &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | flags, NULL) != SQLITE_OK)
    {
      sarap_sqlite_set_error (connection, path, error);
      sqlite3_close (connection);
      return NULL;
    }
  sqlite3_extended_result_codes (connection, 1);
  sqlite3_db_config (connection, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  return connection;
}

static gboolean
set_durable (sqlite3 *connection, GError **error)
{
  g_autofree char *mode = NULL;
  gint64 level = 0;

  mode = sarap_sqlite_dup_text (connection, "PRAGMA journal_mode = WAL", error);
  if (mode == NULL || !sarap_sqlite_execute (connection, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON", error))
    return FALSE;
  if (!sarap_sqlite_get_int (connection, "PRAGMA synchronous", &level, error))
    return FALSE;
  if (g_strcmp0 (mode, "wal") == 0 && level == 2)
    return TRUE;
  g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_IO, "the file system cannot keep answers safely (journal %s, synchronous %d)", mode, (int) level);
  return FALSE;
}

static gboolean
check_integrity (sqlite3 *connection, gboolean check_all, GError **error)
{
  g_autofree char *result = sarap_sqlite_dup_text (connection, check_all ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)", error);

  if (result == NULL)
    return FALSE;
  if (g_str_equal (result, "ok"))
    return TRUE;
  g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_CORRUPT, "sarap.db is damaged: %s", result);
  return FALSE;
}

/* A file larger than this is checked table by table while nothing else is asked for. */
static goffset check_limit = 16 * 1024 * 1024;

/* For tests. */
void
sarap_database_set_check_limit (goffset size)
{
  check_limit = size;
}

static GPtrArray *
list_tables (sqlite3 *connection, GError **error)
{
  g_autofree char *names = sarap_sqlite_dup_text (connection, "SELECT group_concat (name, char (10)) FROM sqlite_schema WHERE type = 'table'", error);
  g_auto (GStrv) each = g_strsplit (names ? names : "", "\n", -1);
  GPtrArray *tables = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; each[i] != NULL; i++)
    g_ptr_array_add (tables, g_strdup (each[i]));
  return tables;
}

gboolean
sarap_database_is_unchecked (SarapDatabase *self)
{
  return self->unchecked != NULL;
}

/* One table with its indexes. Errors: CORRUPT; the rest is not checked then. */
gboolean
sarap_database_check_next (SarapDatabase *self, GError **error)
{
  const char *name = g_ptr_array_index (self->unchecked, self->unchecked->len - 1);
  g_autofree char *pragma = g_strdup_printf ("PRAGMA quick_check('%s')", name);
  g_autofree char *result = sarap_sqlite_dup_text (self->connection, pragma, error);
  gboolean ok = g_strcmp0 (result, "ok") == 0;

  if (result != NULL && !ok)
    g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_CORRUPT, "sarap.db is damaged: %s", result);
  g_ptr_array_set_size (self->unchecked, self->unchecked->len - 1);
  if (!ok || self->unchecked->len == 0)
    g_clear_pointer (&self->unchecked, g_ptr_array_unref);
  return ok;
}

static void
remove_with_log (const char *path)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autofree char *memory = g_strconcat (path, "-shm", NULL);

  g_unlink (path);
  g_unlink (log);
  g_unlink (memory);
}

/* Closing checkpoints too, but keeps silent about a full disk: the file without its log would be damaged. */
static gboolean
empty_log (sqlite3 *connection, const char *path, GError **error)
{
  int n_frames = 0, n_done = 0;

  if (sqlite3_wal_checkpoint_v2 (connection, NULL, SQLITE_CHECKPOINT_TRUNCATE, &n_frames, &n_done) == SQLITE_OK && n_frames == n_done)
    return TRUE;
  g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_IO, "%s cannot be written: %s", path, sqlite3_errmsg (connection));
  return FALSE;
}

/* Takes @connection. */
static SarapDatabase *
database_new (sqlite3 *connection, SarapKeyring *keyring)
{
  SarapDatabase *self = g_new0 (SarapDatabase, 1);

  self->connection = connection;
  self->keys = sarap_record_keys_new (self, connection, keyring);
  self->queries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, query_free);
  return self;
}

static gboolean
database_free (SarapDatabase *self)
{
  gboolean ok;

  g_hash_table_unref (self->queries);
  g_clear_pointer (&self->unchecked, g_ptr_array_unref);
  g_clear_pointer (&self->journals, sarap_journal_writer_free);
  ok = sqlite3_close (self->connection) == SQLITE_OK;
  sarap_record_keys_free (self->keys);
  g_free (self);
  return ok;
}

static gboolean
make_schema (const char *path, SarapKeyring *keyring, GError **error)
{
  sqlite3 *connection = connect_file (path, SQLITE_OPEN_CREATE, error);
  SarapDatabase *self;
  gboolean ok;

  if (connection == NULL)
    return FALSE;
  self = database_new (connection, keyring);
  ok = sarap_sqlite_execute (connection, "PRAGMA locking_mode = EXCLUSIVE", error) &&
       set_durable (connection, error) &&
       sarap_schema_migrate (connection, 0, sarap_schema_get_newest (), error) &&
       empty_log (connection, path, error);
  if (database_free (self) || !ok)
    return ok;
  g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_IO, "%s cannot be closed", path);
  return FALSE;
}

/* Makes an empty store's database at @path, where there is none yet. What an earlier try left
 * under the temporary name is removed first. */
gboolean
sarap_database_create (const char *path, SarapKeyring *keyring, GError **error)
{
  g_autofree char *temporary = g_strconcat (path, ".new", NULL);

  remove_with_log (temporary);
  if (!make_schema (temporary, keyring, error))
    {
      remove_with_log (temporary);
      return FALSE;
    }
  g_chmod (temporary, 0600); /* the folder may be one that others read */
  return sarap_file_publish (temporary, path, error) || sarap_store_take_error (error);
}

static gboolean
check_before_write (SarapDatabase *self, const char *path, gboolean check_all, int *version, GError **error)
{
  sqlite3 *connection = self->connection;
  GStatBuf status;
  gboolean is_later = !check_all && g_stat (path, &status) == 0 && status.st_size > check_limit;
  gboolean ok;

  sqlite3_db_config (connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  ok = sarap_sqlite_execute (connection, "PRAGMA locking_mode = EXCLUSIVE", error) &&
       sarap_schema_check (connection, version, error) &&
       (is_later || check_integrity (connection, check_all, error));
  if (ok && is_later)
    self->unchecked = list_tables (connection, error);
  if (ok)
    sqlite3_db_config (connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
  return ok;
}

/* @check_all: the last run did not end cleanly, so every index entry is checked too. After a clean end a large file is left
 * to sarap_database_check_next(). @version is the schema that
 * was found: sarap_database_migrate() comes next. */
SarapDatabase *
sarap_database_open (const char *path, SarapKeyring *keyring, gboolean check_all, int *version, GError **error)
{
  sqlite3 *connection = connect_file (path, 0, error);
  SarapDatabase *self;

  if (connection == NULL)
    return NULL;
  self = database_new (connection, keyring);
  if (check_before_write (self, path, check_all, version, error) && set_durable (connection, error))
    return self;
  database_free (self);
  return NULL;
}

/* Takes the steps from schema @version to @target. */
gboolean
sarap_database_migrate (SarapDatabase *self, int version, int target, GError **error)
{
  return sarap_schema_migrate (self->connection, version, target, error);
}

/* Writes the whole file anew: nothing of rows that are gone stays in it, nor in the log. */
gboolean
sarap_database_scrub (SarapDatabase *self, GError **error)
{
  return sarap_sqlite_execute (self->connection, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)", error);
}

/* For sarap-record-keys.c. */
SarapRecordKeys *
sarap_database_peek_keys (SarapDatabase *self)
{
  return self->keys;
}

/* Empties the log into the file, which is whole by itself until the next write. */
gboolean
sarap_database_settle (SarapDatabase *self, GError **error)
{
  return empty_log (self->connection, sqlite3_db_filename (self->connection, NULL), error);
}

static sqlite3_file *
get_file (SarapDatabase *self)
{
  sqlite3_file *file = NULL;

  sqlite3_file_control (self->connection, NULL, SQLITE_FCNTL_FILE_POINTER, &file);
  return file;
}

/* Bytes of the file, whose log must be empty. */
goffset
sarap_database_get_size (SarapDatabase *self)
{
  sqlite3_file *file = get_file (self);
  sqlite3_int64 size = 0;

  return file->pMethods->xFileSize (file, &size) == SQLITE_OK ? size : 0;
}

gboolean
sarap_database_read_block (SarapDatabase *self, goffset at, void *block, gsize size, GError **error)
{
  sqlite3_file *file = get_file (self);

  if (file->pMethods->xRead (file, block, size, at) == SQLITE_OK)
    return TRUE;
  g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_IO, "sarap.db cannot be read at byte %" G_GOFFSET_FORMAT, at);
  return FALSE;
}

/* From here each record that changes has a journal in @store_folder. */
void
sarap_database_keep_journals (SarapDatabase *self, const char *store_folder)
{
  g_return_if_fail (self->journals == NULL);
  self->journals = sarap_journal_writer_new (self, store_folder);
}

/* For sarap-journal-writer.c. (nullable) */
SarapJournalWriter *
sarap_database_peek_journals (SarapDatabase *self)
{
  return self->journals;
}

/* Nothing of what was deleted stays in the log. */
gboolean
sarap_database_empty_log (SarapDatabase *self, GError **error)
{
  return empty_log (self->connection, "sarap.db", error);
}

/* Checkpoints and closes. FALSE when the log could not be emptied: nothing is lost, but the end
 * was not clean. */
gboolean
sarap_database_close (SarapDatabase *self)
{
  gboolean clean;

  clean = sqlite3_wal_checkpoint_v2 (self->connection, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK;
  return database_free (self) && clean;
}

gboolean
sarap_database_in_transaction (SarapDatabase *self)
{
  return !sqlite3_get_autocommit (self->connection);
}

/* Runs @func in a transaction; inside another one, in a savepoint of it. When SQLite itself gave
 * up the outer transaction (disk full, I/O), sarap_database_in_transaction() is FALSE afterwards. */
gboolean
sarap_database_transact (SarapDatabase *self, SarapDatabaseFunc func, gpointer data, GError **error)
{
  gboolean nested = self->depth > 0;
  gboolean ok;

  if (!sarap_sqlite_execute (self->connection, nested ? "SAVEPOINT inner" : "BEGIN IMMEDIATE", error))
    return FALSE;
  self->depth++;
  ok = func (self, data, error);
  self->depth--;
  if (ok)
    ok = sarap_sqlite_execute (self->connection, nested ? "RELEASE inner" : "COMMIT", error);
  if (!ok && sarap_database_in_transaction (self))
    sqlite3_exec (self->connection, nested ? "ROLLBACK TO inner; RELEASE inner" : "ROLLBACK", NULL, NULL, NULL);
  return ok;
}

gint64
sarap_database_get_last_row (SarapDatabase *self)
{
  return sqlite3_last_insert_rowid (self->connection);
}

static void
query_fail (SarapQuery *self)
{
  if (!self->failed)
    sarap_sqlite_set_error (self->database->connection, self->name, self->error);
  self->failed = TRUE;
}

static void
query_prepare (SarapQuery *self)
{
  g_autofree char *path = g_strconcat ("/org/sarap/store/query/", self->name, ".sql", NULL);
  g_autoptr (GBytes) text = g_resource_lookup_data (sarap_store_get_resource (), path, 0, NULL);

  if (text == NULL)
    g_error ("There is no query %s", self->name);
  if (sqlite3_prepare_v3 (self->database->connection, g_bytes_get_data (text, NULL), g_bytes_get_size (text), SQLITE_PREPARE_PERSISTENT, &self->statement, NULL) != SQLITE_OK)
    query_fail (self);
}

SarapQuery *
sarap_database_query (SarapDatabase *self, const char *name, GError **error)
{
  SarapQuery *query = g_hash_table_lookup (self->queries, name);

  if (query == NULL)
    {
      query = g_new0 (SarapQuery, 1);
      query->database = self;
      query->name = g_strdup (name);
      g_hash_table_insert (self->queries, query->name, query);
    }
  query->error = error;
  query->failed = FALSE;
  if (query->statement == NULL)
    query_prepare (query);
  g_assert (query->statement == NULL || !sqlite3_stmt_busy (query->statement));
  return query;
}

static int
find_parameter (SarapQuery *self, const char *parameter)
{
  char name[64];
  int index;

  g_snprintf (name, sizeof name, ":%s", parameter);
  index = sqlite3_bind_parameter_index (self->statement, name);
  if (index == 0)
    g_error ("Query %s has no parameter %s", self->name, name);
  return index;
}

void
sarap_query_bind_text (SarapQuery *self, const char *parameter, const char *value)
{
  if (!self->failed && sqlite3_bind_text (self->statement, find_parameter (self, parameter), value, -1, SQLITE_TRANSIENT) != SQLITE_OK)
    query_fail (self);
}

void
sarap_query_bind_int (SarapQuery *self, const char *parameter, gint64 value)
{
  if (!self->failed && sqlite3_bind_int64 (self->statement, find_parameter (self, parameter), value) != SQLITE_OK)
    query_fail (self);
}

/* @value stays alive until the query is finished; NULL binds NULL. */
void
sarap_query_bind_bytes (SarapQuery *self, const char *parameter, GBytes *value)
{
  gsize size = 0;
  const void *data = value ? g_bytes_get_data (value, &size) : NULL;
  int result;

  if (self->failed)
    return;
  if (value != NULL && size == 0)
    result = sqlite3_bind_zeroblob (self->statement, find_parameter (self, parameter), 0);
  else
    result = sqlite3_bind_blob64 (self->statement, find_parameter (self, parameter), data, size, SQLITE_STATIC);
  if (result != SQLITE_OK)
    query_fail (self);
}

/* TRUE while there is a row to read. */
gboolean
sarap_query_next (SarapQuery *self)
{
  int result;

  if (self->failed)
    return FALSE;
  result = sqlite3_step (self->statement);
  if (result == SQLITE_ROW)
    return TRUE;
  if (result != SQLITE_DONE)
    query_fail (self);
  sqlite3_reset (self->statement);
  return FALSE;
}

gboolean
sarap_query_finish (SarapQuery *self)
{
  if (self->statement != NULL)
    {
      sqlite3_reset (self->statement);
      sqlite3_clear_bindings (self->statement);
    }
  self->error = NULL;
  return !self->failed;
}

gboolean
sarap_query_run (SarapQuery *self)
{
  while (sarap_query_next (self))
    ;
  return sarap_query_finish (self);
}

/* How many rows the statement changed; 0 also on failure. */
guint
sarap_query_run_counting (SarapQuery *self)
{
  return sarap_query_run (self) ? sqlite3_changes (self->database->connection) : 0;
}

static int
find_column (SarapQuery *self, const char *column)
{
  int n = sqlite3_column_count (self->statement);

  for (int i = 0; i < n; i++)
    if (strcmp (sqlite3_column_name (self->statement, i), column) == 0)
      return i;
  g_error ("Query %s has no column %s", self->name, column);
}

/* Borrowed until the next step; NULL for NULL. */
const char *
sarap_query_get_text (SarapQuery *self, const char *column)
{
  return (const char *) sqlite3_column_text (self->statement, find_column (self, column));
}

char *
sarap_query_dup_text (SarapQuery *self, const char *column)
{
  return g_strdup (sarap_query_get_text (self, column));
}

gint64
sarap_query_get_int (SarapQuery *self, const char *column)
{
  return sqlite3_column_int64 (self->statement, find_column (self, column));
}

/* Returns: (transfer full) (nullable) */
GBytes *
sarap_query_dup_bytes (SarapQuery *self, const char *column)
{
  int index = find_column (self, column);

  if (sqlite3_column_type (self->statement, index) == SQLITE_NULL)
    return NULL;
  return g_bytes_new (sqlite3_column_blob (self->statement, index), sqlite3_column_bytes (self->statement, index));
}
