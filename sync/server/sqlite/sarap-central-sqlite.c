#include "sync/server/sqlite/sarap-central-sqlite-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

/*  1. One process has the database (a lock beside it), and in it one connection writes and
 *     checkpoints: SQLite before 3.51.3 may corrupt a WAL database that two write.
 *  2. Writes are durable when a call returns (WAL, synchronous=FULL).
 *  3. A second connection reads; it sees what is committed.
 */

static void implement_store (SarapCentralStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SarapCentralSqlite, sarap_central_sqlite, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (SARAP_TYPE_CENTRAL_STORE, implement_store))

gboolean
sarap_central_sqlite_begin (SarapCentralSqlite *self, GError **error)
{
  sarap_sqlite_lock (self->writer);
  if (sarap_sqlite_run (self->writer, "BEGIN IMMEDIATE", error))
    return TRUE;
  sarap_sqlite_unlock (self->writer);
  return FALSE;
}

/* Keeps what was done when @ok, else undoes it. */
gboolean
sarap_central_sqlite_end (SarapCentralSqlite *self, gboolean ok, GError **error)
{
  ok = ok && sarap_sqlite_run (self->writer, "COMMIT", error);
  if (!ok)
    sarap_sqlite_run (self->writer, "ROLLBACK", NULL);
  sarap_sqlite_unlock (self->writer);
  return ok;
}

gboolean
sarap_central_sqlite_has_changed (SarapCentralSqlite *self, const char *what, GError **error)
{
  if (sarap_sqlite_get_n_changes (self->writer) > 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no such %s", what);
  return FALSE;
}

gint64
sarap_central_sqlite_next_sequence (SarapCentralSqlite *self, GError **error)
{
  sqlite3_stmt *statement = sarap_sqlite_start (self->writer, "submission-next-sequence", NULL);
  gint64 sequence = 0;

  if (sarap_sqlite_next (self->writer, statement, error))
    sequence = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return sequence;
}

static gboolean
set_setting (SarapCentralStore *store, const char *name, const char *value, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  gboolean ok;

  if (!sarap_central_sqlite_begin (self, error))
    return FALSE;
  ok = sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "setting-set", "s:name", name, "s:value", value, NULL), error);
  return sarap_central_sqlite_end (self, ok, error);
}

static char *
dup_setting (SarapCentralStore *store, const char *name)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  sqlite3_stmt *statement;
  char *value = NULL;

  sarap_sqlite_lock (self->reader);
  statement = sarap_sqlite_start (self->reader, "setting-get", "s:name", name, NULL);
  if (sarap_sqlite_next (self->reader, statement, NULL))
    value = sarap_sqlite_dup_text (statement, 0);
  sqlite3_reset (statement);
  sarap_sqlite_unlock (self->reader);
  return value;
}

static void
implement_store (SarapCentralStoreInterface *iface)
{
  iface->set_setting = set_setting;
  iface->dup_setting = dup_setting;
  sarap_central_sqlite_implement_accounts (iface);
  sarap_central_sqlite_implement_forms (iface);
  sarap_central_sqlite_implement_accept (iface);
  sarap_central_sqlite_implement_keys (iface);
  sarap_central_sqlite_implement_quarantine (iface);
  sarap_central_sqlite_implement_submissions (iface);
}

static void
sarap_central_sqlite_finalize (GObject *object)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (object);

  g_clear_pointer (&self->reader, sarap_sqlite_close);
  g_clear_pointer (&self->writer, sarap_sqlite_close);
  if (self->lock >= 0)
    close (self->lock);
  G_OBJECT_CLASS (sarap_central_sqlite_parent_class)->finalize (object);
}

static void
sarap_central_sqlite_class_init (SarapCentralSqliteClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sarap_central_sqlite_finalize;
}

static void
sarap_central_sqlite_init (SarapCentralSqlite *self)
{
  self->lock = -1;
}

static gboolean
take_lock (SarapCentralSqlite *self, const char *path, GError **error)
{
  g_autofree char *name = g_strconcat (path, ".lock", NULL);

  self->lock = open (name, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (self->lock < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", name, g_strerror (errno));
      return FALSE;
    }
  if (flock (self->lock, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s is in use by another program", path);
  return FALSE;
}

/* Makes the database when there is none. G_IO_ERROR_BUSY: another process has it. */
SarapCentralStore *
sarap_central_sqlite_open (const char *path, GError **error)
{
  g_autoptr (SarapCentralSqlite) self = g_object_new (SARAP_TYPE_CENTRAL_SQLITE, NULL);

  if (!take_lock (self, path, error))
    return NULL;
  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !sarap_sqlite_create (path, error))
    return NULL;
  self->writer = sarap_sqlite_open (path, TRUE, error);
  if (self->writer == NULL || !sarap_sqlite_migrate (self->writer, error))
    return NULL;
  self->reader = sarap_sqlite_open (path, FALSE, error);
  if (self->reader == NULL)
    return NULL;
  return SARAP_CENTRAL_STORE (g_steal_pointer (&self));
}

/* Only reads, so it needs no lock while another process has the database (rule 1); takes it when none has. */
SarapCentralStore *
sarap_central_sqlite_open_reader (const char *path, GError **error)
{
  g_autoptr (SarapCentralSqlite) self = g_object_new (SARAP_TYPE_CENTRAL_SQLITE, NULL);
  g_autoptr (GError) busy = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: there is no such database", path);
      return NULL;
    }
  if (!take_lock (self, path, &busy) && !g_error_matches (busy, G_IO_ERROR, G_IO_ERROR_BUSY))
    {
      g_propagate_error (error, g_steal_pointer (&busy));
      return NULL;
    }
  self->reader = sarap_sqlite_open (path, FALSE, error);
  return self->reader ? SARAP_CENTRAL_STORE (g_steal_pointer (&self)) : NULL;
}
