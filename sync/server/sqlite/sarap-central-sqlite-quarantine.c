#include "sync/server/sqlite/sarap-central-sqlite-private.h"

static SarapQuarantined *
read_quarantined (sqlite3_stmt *statement)
{
  SarapQuarantined *quarantined = g_new0 (SarapQuarantined, 1);

  quarantined->id = sqlite3_column_int64 (statement, 0);
  quarantined->app_user = sqlite3_column_int64 (statement, 1);
  quarantined->submitter = sarap_sqlite_dup_text (statement, 2);
  quarantined->instance_id = sarap_sqlite_dup_text (statement, 3);
  quarantined->reason = sarap_sqlite_dup_text (statement, 4);
  quarantined->sha256 = sarap_sqlite_dup_text (statement, 5);
  quarantined->size = sqlite3_column_int64 (statement, 6);
  quarantined->received_at = sqlite3_column_int64 (statement, 7);
  quarantined->decision = sarap_sqlite_dup_text (statement, 8);
  quarantined->decided_by = sarap_sqlite_dup_text (statement, 9);
  quarantined->comment = sarap_sqlite_dup_text (statement, 10);
  quarantined->decided_at = sqlite3_column_int64 (statement, 11);
  quarantined->accepted_as = sarap_sqlite_dup_text (statement, 12);
  return quarantined;
}

static GPtrArray *
list_quarantined (SarapCentralStore *store, gint64 project, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_quarantined_free);
  g_autoptr (GError) failure = NULL;
  sqlite3_stmt *statement;

  sarap_sqlite_lock (self->reader);
  statement = sarap_sqlite_start (self->reader, "quarantine-list", "i:project", project, "i:id", G_GINT64_CONSTANT (0), NULL);
  while (sarap_sqlite_next (self->reader, statement, &failure))
    g_ptr_array_add (list, read_quarantined (statement));
  sarap_sqlite_unlock (self->reader);
  if (failure == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

static SarapQuarantined *
find_quarantined (SarapCentralStore *store, gint64 project, gint64 id, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  g_autoptr (SarapQuarantined) found = NULL;
  g_autoptr (GError) failure = NULL;
  sqlite3_stmt *statement;

  sarap_sqlite_lock (self->reader);
  statement = sarap_sqlite_start (self->reader, "quarantine-list", "i:project", project, "i:id", id, NULL);
  if (sarap_sqlite_next (self->reader, statement, &failure))
    {
      found = read_quarantined (statement);
      found->xml = sarap_sqlite_dup_blob (statement, 13);
      found->files = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_central_file_free);
      sqlite3_reset (statement);
      statement = sarap_sqlite_start (self->reader, "quarantine-files", "i:quarantine", id, NULL);
      while (sarap_sqlite_next (self->reader, statement, &failure))
        g_ptr_array_add (found->files, sarap_central_file_new ((const char *) sqlite3_column_text (statement, 0), (const char *) sqlite3_column_text (statement, 1), sqlite3_column_int64 (statement, 2)));
    }
  sarap_sqlite_unlock (self->reader);
  if (failure == NULL)
    return g_steal_pointer (&found);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

static gboolean
keep_quarantined (SarapCentralStore *store, gint64 project, gint64 id, const char *actor, const char *comment, gint64 now, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  gboolean ok;

  if (!sarap_central_sqlite_begin (self, error))
    return FALSE;
  ok = sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "quarantine-decide", "i:project", project, "i:id", id, "s:decision", "kept", "s:actor", actor, "s:comment", comment, "i:now", now, "i:submission", G_GINT64_CONSTANT (0), NULL), error) &&
       sarap_central_sqlite_has_changed (self, "record waiting in quarantine", error);
  return sarap_central_sqlite_end (self, ok, error);
}

static gint64
count_quarantined (SarapCentralStore *store, gint64 project)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  sqlite3_stmt *statement;
  gint64 n = 0;

  sarap_sqlite_lock (self->reader);
  statement = sarap_sqlite_start (self->reader, "quarantine-count", "i:project", project, NULL);
  if (sarap_sqlite_next (self->reader, statement, NULL))
    n = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  sarap_sqlite_unlock (self->reader);
  return n;
}

void
sarap_central_sqlite_implement_quarantine (SarapCentralStoreInterface *iface)
{
  iface->list_quarantined = list_quarantined;
  iface->find_quarantined = find_quarantined;
  iface->keep_quarantined = keep_quarantined;
  iface->count_quarantined = count_quarantined;
}
