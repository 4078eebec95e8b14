#include "sync/server/sqlite/sarap-sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/base/sarap-file.h"

#define RESOURCES "/org/sarap/server/sqlite/"

struct _SarapSqlite
{
  sqlite3 *database;
  GHashTable *statements; /* name of the query → sqlite3_stmt */
  GMutex mutex;
};

static gboolean
set_error (SarapSqlite *self, GError **error)
{
  int code = sqlite3_errcode (self->database);

  g_set_error (error, G_IO_ERROR, code == SQLITE_FULL ? G_IO_ERROR_NO_SPACE : G_IO_ERROR_FAILED, "the database failed: %s", sqlite3_errmsg (self->database));
  return FALSE;
}

gboolean
sarap_sqlite_run (SarapSqlite *self, const char *sql, GError **error)
{
  return sqlite3_exec (self->database, sql, NULL, NULL, NULL) == SQLITE_OK || set_error (self, error);
}

static char *
read_pragma (SarapSqlite *self, const char *pragma)
{
  g_autofree char *sql = g_strconcat ("PRAGMA ", pragma, NULL);
  sqlite3_stmt *statement = NULL;
  char *value = NULL;

  if (sqlite3_prepare_v2 (self->database, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step (statement) == SQLITE_ROW)
    value = sarap_sqlite_dup_text (statement, 0);
  sqlite3_finalize (statement);
  return value;
}

/* The only settings under which simulated power cuts lost nothing. */
static gboolean
assert_durable (SarapSqlite *self, GError **error)
{
  g_autofree char *journal = read_pragma (self, "journal_mode");
  g_autofree char *synchronous = read_pragma (self, "synchronous");

  if (g_strcmp0 (journal, "wal") == 0 && g_strcmp0 (synchronous, "2") == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the database is not durable here (journal_mode %s, synchronous %s): put it on a local disk", journal, synchronous);
  return FALSE;
}

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

/* The writer checkpoints; readers never do. */
SarapSqlite *
sarap_sqlite_open (const char *path, gboolean is_writer, GError **error)
{
  g_autoptr (SarapSqlite) self = g_new0 (SarapSqlite, 1);

  g_mutex_init (&self->mutex);
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize_statement);
  if (sqlite3_open_v2 (path, &self->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
    {
      set_error (self, error);
      return NULL;
    }

  sqlite3_busy_timeout (self->database, 10000);
  if (!sarap_sqlite_run (self, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -32768", error) ||
      !sarap_sqlite_run (self, is_writer ? "PRAGMA wal_autocheckpoint = 4000" : "PRAGMA query_only = 1; PRAGMA wal_autocheckpoint = 0", error) ||
      !assert_durable (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
sarap_sqlite_close (SarapSqlite *self)
{
  g_hash_table_unref (self->statements);
  sqlite3_close (self->database);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* An empty database in WAL mode that is either there whole or not at all. */
gboolean
sarap_sqlite_create (const char *path, GError **error)
{
  g_autofree char *temporary = g_strconcat (path, ".new", NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  sqlite3 *database = NULL;
  gboolean ok;
  int descriptor;

  unlink (temporary);
  ok = sqlite3_open_v2 (temporary, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == SQLITE_OK &&
       sqlite3_exec (database, "PRAGMA journal_mode = WAL; PRAGMA user_version = 0", NULL, NULL, NULL) == SQLITE_OK;
  if (!ok)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s cannot be made: %s", path, sqlite3_errmsg (database));
  sqlite3_close (database);
  if (!ok)
    return FALSE;

  descriptor = open (temporary, O_RDONLY | O_CLOEXEC);
  ok = descriptor >= 0 && fchmod (descriptor, 0600) == 0 && fsync (descriptor) == 0 && rename (temporary, path) == 0;
  if (!ok)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s cannot be made: %s", path, g_strerror (errno));
  if (descriptor >= 0)
    close (descriptor);
  return ok && sarap_file_sync_folder (folder, error);
}

static char *
dup_resource (const char *folder, const char *name)
{
  g_autofree char *path = g_strconcat (RESOURCES, folder, name, ".sql", NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  return bytes ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : NULL;
}

/* Climbs from the database's schema to the newest; a newer one than ours is refused. */
gboolean
sarap_sqlite_migrate (SarapSqlite *self, GError **error)
{
  g_autofree char *version = read_pragma (self, "user_version");
  guint64 present = version ? g_ascii_strtoull (version, NULL, 10) : 0;

  for (guint64 next = 1;; next++)
    {
      g_autofree char *name = g_strdup_printf ("%03" G_GUINT64_FORMAT, next);
      g_autofree char *schema = dup_resource ("schema/", name);
      g_autofree char *sql = NULL;

      if (schema == NULL && present >= next)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "the database has schema %" G_GUINT64_FORMAT "; this program knows only %" G_GUINT64_FORMAT ": use a newer one", present, next - 1);
          return FALSE;
        }
      if (schema == NULL)
        return TRUE;
      if (next <= present)
        continue;
      sql = g_strdup_printf ("BEGIN IMMEDIATE;\n%s\nPRAGMA user_version = %" G_GUINT64_FORMAT ";\nCOMMIT;", schema, next);
      if (!sarap_sqlite_run (self, sql, error))
        {
          sqlite3_exec (self->database, "ROLLBACK", NULL, NULL, NULL);
          return FALSE;
        }
    }
}

void
sarap_sqlite_lock (SarapSqlite *self)
{
  g_mutex_lock (&self->mutex);
}

void
sarap_sqlite_unlock (SarapSqlite *self)
{
  g_mutex_unlock (&self->mutex);
}

static sqlite3_stmt *
find_statement (SarapSqlite *self, const char *query)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, query);
  g_autofree char *sql = NULL;

  if (statement != NULL)
    {
      sqlite3_reset (statement);
      sqlite3_clear_bindings (statement);
      return statement;
    }
  sql = dup_resource ("query/", query);
  if (sql == NULL)
    g_error ("there is no query %s", query);
  if (sqlite3_prepare_v3 (self->database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
    g_error ("query %s: %s", query, sqlite3_errmsg (self->database));
  g_hash_table_insert (self->statements, g_strdup (query), statement);
  return statement;
}

static void
bind_value (sqlite3_stmt *statement, const char *query, const char *parameter, va_list *arguments)
{
  int index = sqlite3_bind_parameter_index (statement, parameter + 1);

  if (index == 0)
    g_error ("query %s has no parameter %s", query, parameter + 1);
  switch (*parameter)
    {
    case 'i':
      sqlite3_bind_int64 (statement, index, va_arg (*arguments, gint64));
      break;
    case 's':
      sqlite3_bind_text (statement, index, va_arg (*arguments, const char *), -1, SQLITE_TRANSIENT);
      break;
    case 'b':
      {
        GBytes *bytes = va_arg (*arguments, GBytes *);

        sqlite3_bind_blob64 (statement, index, g_bytes_get_size (bytes) ? g_bytes_get_data (bytes, NULL) : "", g_bytes_get_size (bytes), SQLITE_TRANSIENT);
        break;
      }
    default:
      g_assert_not_reached ();
    }
}

/* The statement of query/@query.sql with its parameters bound: "i:name", gint64; "s:name", text or
 * NULL; "b:name", GBytes; NULL at the end. Owned by the connection, which must be locked. */
sqlite3_stmt *
sarap_sqlite_start (SarapSqlite *self, const char *query, ...)
{
  sqlite3_stmt *statement = find_statement (self, query);
  const char *parameter;
  va_list arguments;

  va_start (arguments, query);
  while ((parameter = va_arg (arguments, const char *)) != NULL)
    bind_value (statement, query, parameter, &arguments);
  va_end (arguments);
  return statement;
}

/* TRUE when a row stands in @statement. At the end and after an error it is reset. */
gboolean
sarap_sqlite_next (SarapSqlite *self, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    set_error (self, error);
  sqlite3_reset (statement);
  return FALSE;
}

/* Runs to the end what gives no rows, or leaves the rest. */
gboolean
sarap_sqlite_finish (SarapSqlite *self, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);
  gboolean ok = code == SQLITE_DONE || code == SQLITE_ROW || set_error (self, error);

  sqlite3_reset (statement);
  return ok;
}

gint64
sarap_sqlite_get_last_id (SarapSqlite *self)
{
  return sqlite3_last_insert_rowid (self->database);
}

gint64
sarap_sqlite_get_n_changes (SarapSqlite *self)
{
  return sqlite3_changes64 (self->database);
}

/* NULL for NULL. */
char *
sarap_sqlite_dup_text (sqlite3_stmt *statement, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}

GBytes *
sarap_sqlite_dup_blob (sqlite3_stmt *statement, int column)
{
  gconstpointer bytes = sqlite3_column_blob (statement, column);

  return g_bytes_new (bytes, (gsize) sqlite3_column_bytes (statement, column));
}
