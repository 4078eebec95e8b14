#include "sync/server/sqlite/sarap-central-sqlite-private.h"

static gboolean
add_project_keys (SarapCentralStore *store, gint64 project, const char *use_key, const char *spare_key, gint64 now, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  gboolean ok;

  if (!sarap_central_sqlite_begin (self, error))
    return FALSE;
  ok = sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "project-keys-add", "i:project", project, "s:use_key", use_key, "s:spare_key", spare_key, "i:now", now, NULL), error);
  return sarap_central_sqlite_end (self, ok, error);
}

static SarapProjectKeys *
find_project_keys (SarapCentralStore *store, gint64 project, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  SarapProjectKeys *keys = NULL;
  sqlite3_stmt *statement;

  sarap_sqlite_lock (self->reader);
  statement = sarap_sqlite_start (self->reader, "project-keys-get", "i:project", project, NULL);
  if (sarap_sqlite_next (self->reader, statement, error))
    {
      keys = g_new0 (SarapProjectKeys, 1);
      keys->use_key = sarap_sqlite_dup_text (statement, 0);
      keys->spare_key = sarap_sqlite_dup_text (statement, 1);
      keys->use_proof = sarap_sqlite_dup_text (statement, 2);
      keys->spare_proof = sarap_sqlite_dup_text (statement, 3);
      keys->proven_at = sqlite3_column_int64 (statement, 4);
      sqlite3_reset (statement);
    }
  sarap_sqlite_unlock (self->reader);
  return keys;
}

static gboolean
ask_for_proof (SarapCentralStore *store, gint64 project, const char *use_proof, const char *spare_proof, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  gboolean ok;

  if (!sarap_central_sqlite_begin (self, error))
    return FALSE;
  ok = sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "project-keys-ask", "i:project", project, "s:use_proof", use_proof, "s:spare_proof", spare_proof, NULL), error) &&
       sarap_central_sqlite_has_changed (self, "pair of keys", error);
  return sarap_central_sqlite_end (self, ok, error);
}

static gboolean
note_proof (SarapCentralStore *store, gint64 project, gint64 now, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  gboolean ok;

  if (!sarap_central_sqlite_begin (self, error))
    return FALSE;
  ok = sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "project-keys-prove", "i:project", project, "i:now", now, NULL), error) &&
       sarap_central_sqlite_has_changed (self, "pair of keys", error);
  return sarap_central_sqlite_end (self, ok, error);
}

void
sarap_central_sqlite_implement_keys (SarapCentralStoreInterface *iface)
{
  iface->add_project_keys = add_project_keys;
  iface->find_project_keys = find_project_keys;
  iface->ask_for_proof = ask_for_proof;
  iface->note_proof = note_proof;
}
