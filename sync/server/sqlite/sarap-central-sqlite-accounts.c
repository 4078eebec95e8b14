#include "sync/server/sqlite/sarap-central-sqlite-private.h"

static gint64
add_project (SarapCentralStore *store, const char *name, gint64 now, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  gint64 id;
  gboolean ok;

  if (!sarap_central_sqlite_begin (self, error))
    return 0;
  ok = sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "project-add", "s:name", name, "i:now", now, NULL), error);
  id = sarap_sqlite_get_last_id (self->writer);
  return sarap_central_sqlite_end (self, ok, error) ? id : 0;
}

static GPtrArray *
list_projects (SarapCentralStore *store, gint64 supervisor, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  g_autoptr (GPtrArray) projects = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_central_project_free);
  g_autoptr (GError) failure = NULL;
  sqlite3_stmt *statement;

  sarap_sqlite_lock (self->reader);
  statement = sarap_sqlite_start (self->reader, "project-list", "i:supervisor", supervisor, NULL);
  while (sarap_sqlite_next (self->reader, statement, &failure))
    {
      SarapCentralProject *project = g_new0 (SarapCentralProject, 1);

      project->id = sqlite3_column_int64 (statement, 0);
      project->name = sarap_sqlite_dup_text (statement, 1);
      project->n_forms = sqlite3_column_int64 (statement, 2);
      project->created_at = sqlite3_column_int64 (statement, 3);
      g_ptr_array_add (projects, project);
    }
  sarap_sqlite_unlock (self->reader);
  if (failure == NULL)
    return g_steal_pointer (&projects);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

static gboolean
has_project (SarapCentralStore *store, gint64 project)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  sqlite3_stmt *statement;
  gboolean found;

  sarap_sqlite_lock (self->reader);
  statement = sarap_sqlite_start (self->reader, "project-get", "i:project", project, NULL);
  found = sarap_sqlite_next (self->reader, statement, NULL);
  sqlite3_reset (statement);
  sarap_sqlite_unlock (self->reader);
  return found;
}

static gint64
add_app_user (SarapCentralStore *store, gint64 project, const char *name, const char *key_hash, gint64 now, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  gint64 id;
  gboolean ok;

  if (!sarap_central_sqlite_begin (self, error))
    return 0;
  ok = sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "app-user-add", "i:project", project, "s:name", name, "s:key_hash", key_hash, "i:now", now, NULL), error);
  id = sarap_sqlite_get_last_id (self->writer);
  return sarap_central_sqlite_end (self, ok, error) ? id : 0;
}

static SarapAppUser *
read_app_user (sqlite3_stmt *statement)
{
  SarapAppUser *user = g_new0 (SarapAppUser, 1);

  user->id = sqlite3_column_int64 (statement, 0);
  user->project = sqlite3_column_int64 (statement, 1);
  user->name = sarap_sqlite_dup_text (statement, 2);
  user->is_revoked = sqlite3_column_int (statement, 3);
  return user;
}

static SarapAppUser *
find_app_user (SarapCentralStore *store, const char *key_hash, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  SarapAppUser *user = NULL;
  sqlite3_stmt *statement;

  sarap_sqlite_lock (self->reader);
  statement = sarap_sqlite_start (self->reader, "app-user-get", "s:key_hash", key_hash, NULL);
  if (sarap_sqlite_next (self->reader, statement, error))
    {
      user = read_app_user (statement);
      sqlite3_reset (statement);
    }
  sarap_sqlite_unlock (self->reader);
  return user;
}

static GPtrArray *
list_app_users (SarapCentralStore *store, gint64 project, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  g_autoptr (GPtrArray) users = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_app_user_free);
  g_autoptr (GError) failure = NULL;
  sqlite3_stmt *statement;

  sarap_sqlite_lock (self->reader);
  statement = sarap_sqlite_start (self->reader, "app-user-list", "i:project", project, NULL);
  while (sarap_sqlite_next (self->reader, statement, &failure))
    {
      SarapAppUser *user = read_app_user (statement);

      user->created_at = sqlite3_column_int64 (statement, 4);
      user->revoked_at = sqlite3_column_int64 (statement, 5);
      user->n_submissions = sqlite3_column_int64 (statement, 6);
      user->last_sent_at = sqlite3_column_int64 (statement, 7);
      g_ptr_array_add (users, user);
    }
  sarap_sqlite_unlock (self->reader);
  if (failure == NULL)
    return g_steal_pointer (&users);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

static gboolean
revoke_app_user (SarapCentralStore *store, gint64 project, gint64 app_user, gint64 now, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  gboolean ok;

  if (!sarap_central_sqlite_begin (self, error))
    return FALSE;
  ok = sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "app-user-revoke", "i:project", project, "i:app_user", app_user, "i:now", now, NULL), error) &&
       sarap_central_sqlite_has_changed (self, "app user", error);
  return sarap_central_sqlite_end (self, ok, error);
}

static gboolean
replace_key (SarapCentralStore *store, gint64 project, gint64 app_user, const char *key_hash, gint64 now, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  gboolean ok;

  if (!sarap_central_sqlite_begin (self, error))
    return FALSE;
  ok = sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "app-user-forget-key", "i:project", project, "i:app_user", app_user, "i:now", now, NULL), error) &&
       sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "app-user-set-key", "i:project", project, "i:app_user", app_user, "s:key_hash", key_hash, NULL), error) &&
       sarap_central_sqlite_has_changed (self, "app user", error);
  return sarap_central_sqlite_end (self, ok, error);
}

static gboolean
set_supervisor (SarapCentralStore *store, const char *email, const char *password_hash, gint64 project, gboolean is_administrator, gint64 now, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  gboolean ok;

  if (!sarap_central_sqlite_begin (self, error))
    return FALSE;
  ok = sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "supervisor-set", "s:email", email, "s:password_hash", password_hash, "i:now", now, NULL), error) &&
       sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "assignment-add", "s:email", email, "i:project", project, "i:is_administrator", (gint64) is_administrator, NULL), error) &&
       sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "session-remove-all", "s:email", email, NULL), error);
  return sarap_central_sqlite_end (self, ok, error);
}

static SarapSupervisor *
find_supervisor (SarapCentralStore *store, const char *email, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  SarapSupervisor *supervisor = NULL;
  sqlite3_stmt *statement;

  sarap_sqlite_lock (self->reader);
  statement = sarap_sqlite_start (self->reader, "supervisor-get", "s:email", email, NULL);
  if (sarap_sqlite_next (self->reader, statement, error))
    {
      supervisor = g_new0 (SarapSupervisor, 1);
      supervisor->id = sqlite3_column_int64 (statement, 0);
      supervisor->email = sarap_sqlite_dup_text (statement, 1);
      supervisor->password_hash = sarap_sqlite_dup_text (statement, 2);
      sqlite3_reset (statement);
    }
  sarap_sqlite_unlock (self->reader);
  return supervisor;
}

static SarapProjectRole
get_role (SarapCentralStore *store, gint64 supervisor, gint64 project)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  SarapProjectRole role = SARAP_PROJECT_ROLE_NONE;
  sqlite3_stmt *statement;

  sarap_sqlite_lock (self->reader);
  statement = sarap_sqlite_start (self->reader, "assignment-get", "i:supervisor", supervisor, "i:project", project, NULL);
  if (sarap_sqlite_next (self->reader, statement, NULL))
    role = sqlite3_column_int (statement, 0) ? SARAP_PROJECT_ROLE_ADMINISTRATOR : SARAP_PROJECT_ROLE_SUPERVISOR;
  sqlite3_reset (statement);
  sarap_sqlite_unlock (self->reader);
  return role;
}

static gboolean
add_session (SarapCentralStore *store, const char *token_hash, gint64 supervisor, gint64 now, gint64 expires_at, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  gboolean ok;

  if (!sarap_central_sqlite_begin (self, error))
    return FALSE;
  ok = sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "session-expire", "i:now", now, NULL), error) &&
       sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "session-add", "s:token_hash", token_hash, "i:supervisor", supervisor, "i:now", now, "i:expires_at", expires_at, NULL), error);
  return sarap_central_sqlite_end (self, ok, error);
}

static SarapSupervisor *
find_session (SarapCentralStore *store, const char *token_hash, gint64 now, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  SarapSupervisor *supervisor = NULL;
  sqlite3_stmt *statement;

  sarap_sqlite_lock (self->reader);
  statement = sarap_sqlite_start (self->reader, "session-get", "s:token_hash", token_hash, "i:now", now, NULL);
  if (sarap_sqlite_next (self->reader, statement, error))
    {
      supervisor = g_new0 (SarapSupervisor, 1);
      supervisor->id = sqlite3_column_int64 (statement, 0);
      supervisor->email = sarap_sqlite_dup_text (statement, 1);
      sqlite3_reset (statement);
    }
  sarap_sqlite_unlock (self->reader);
  return supervisor;
}

static gboolean
remove_session (SarapCentralStore *store, const char *token_hash, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  gboolean ok;

  if (!sarap_central_sqlite_begin (self, error))
    return FALSE;
  ok = sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "session-remove", "s:token_hash", token_hash, NULL), error);
  return sarap_central_sqlite_end (self, ok, error);
}

void
sarap_central_sqlite_implement_accounts (SarapCentralStoreInterface *iface)
{
  iface->add_project = add_project;
  iface->list_projects = list_projects;
  iface->has_project = has_project;
  iface->add_app_user = add_app_user;
  iface->find_app_user = find_app_user;
  iface->list_app_users = list_app_users;
  iface->revoke_app_user = revoke_app_user;
  iface->replace_key = replace_key;
  iface->set_supervisor = set_supervisor;
  iface->find_supervisor = find_supervisor;
  iface->get_role = get_role;
  iface->add_session = add_session;
  iface->find_session = find_session;
  iface->remove_session = remove_session;
}
