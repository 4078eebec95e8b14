#include "sync/server/sqlite/sarap-central-sqlite-private.h"

static SarapCentralForm *
read_form (sqlite3_stmt *statement)
{
  SarapCentralForm *form = sarap_central_form_new ();

  form->row = sqlite3_column_int64 (statement, 0);
  form->project = sqlite3_column_int64 (statement, 1);
  form->xml_form_id = sarap_sqlite_dup_text (statement, 2);
  form->version = sarap_sqlite_dup_text (statement, 3);
  form->title = sarap_sqlite_dup_text (statement, 4);
  form->hash = sarap_sqlite_dup_text (statement, 5);
  form->state = sarap_sqlite_dup_text (statement, 6);
  form->is_encrypted = sqlite3_column_int (statement, 7);
  form->file_paths = g_strsplit ((const char *) sqlite3_column_text (statement, 8), "\n", -1);
  return form;
}

/* Returns: the row of the form, new or the same as before; 0 on error. */
static gint64
put_form (SarapCentralSqlite *self, SarapCentralForm *form, gint64 now, GError **error)
{
  g_autofree char *paths = g_strjoinv ("\n", form->file_paths);
  sqlite3_stmt *statement = sarap_sqlite_start (self->writer, "form-get", "i:project", form->project, "s:xml_form_id", form->xml_form_id, "s:version", form->version, NULL);
  g_autoptr (SarapCentralForm) known = NULL;
  g_autoptr (GError) failure = NULL;

  if (sarap_sqlite_next (self->writer, statement, &failure))
    known = read_form (statement);
  sqlite3_reset (statement);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return 0;
    }
  if (known != NULL && !g_str_equal (known->hash, form->hash))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "form %s version \"%s\" is there with other content: raise the version", form->xml_form_id, form->version);
      return 0;
    }
  if (known != NULL)
    return known->row;

  if (!sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "form-add", "i:project", form->project, "s:xml_form_id", form->xml_form_id, "s:version", form->version, "s:title", form->title, "s:hash", form->hash, "b:xml", form->xml, "i:is_encrypted", (gint64) form->is_encrypted, "s:file_paths", paths, "i:now", now, NULL), error))
    return 0;
  return sarap_sqlite_get_last_id (self->writer);
}

static gboolean
add_form (SarapCentralStore *store, SarapCentralForm *form, GPtrArray *media, gint64 now, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  gint64 row;
  gboolean ok;

  if (!sarap_central_sqlite_begin (self, error))
    return FALSE;
  row = put_form (self, form, now, error);
  ok = row != 0 && sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "media-clear", "i:form", row, NULL), error);
  for (guint i = 0; ok && i < media->len; i++)
    {
      const SarapCentralFile *file = g_ptr_array_index (media, i);

      ok = sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "media-add", "i:form", row, "s:name", file->name, "s:sha256", file->sha256, "s:md5", file->md5, "i:size", file->size, NULL), error);
    }
  return sarap_central_sqlite_end (self, ok, error);
}

static gboolean
set_form_state (SarapCentralStore *store, gint64 project, const char *xml_form_id, const char *state, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  gboolean ok;

  if (!sarap_central_sqlite_begin (self, error))
    return FALSE;
  ok = sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "form-set-state", "i:project", project, "s:xml_form_id", xml_form_id, "s:state", state, NULL), error) &&
       sarap_central_sqlite_has_changed (self, "form", error);
  return sarap_central_sqlite_end (self, ok, error);
}

static GPtrArray *
list_forms (SarapCentralStore *store, gint64 project, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  g_autoptr (GPtrArray) forms = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_central_form_unref);
  g_autoptr (GError) failure = NULL;
  sqlite3_stmt *statement;

  sarap_sqlite_lock (self->reader);
  statement = sarap_sqlite_start (self->reader, "form-list", "i:project", project, NULL);
  while (sarap_sqlite_next (self->reader, statement, &failure))
    {
      SarapCentralForm *form = read_form (statement);

      form->n_submissions = sqlite3_column_int64 (statement, 9);
      g_ptr_array_add (forms, form);
    }
  sarap_sqlite_unlock (self->reader);
  if (failure == NULL)
    return g_steal_pointer (&forms);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

static SarapCentralForm *
find_form (SarapCentralStore *store, gint64 project, const char *xml_form_id, const char *version, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  SarapCentralForm *form = NULL;
  sqlite3_stmt *statement;

  sarap_sqlite_lock (self->reader);
  statement = sarap_sqlite_start (self->reader, "form-get", "i:project", project, "s:xml_form_id", xml_form_id, "s:version", version, NULL);
  if (sarap_sqlite_next (self->reader, statement, error))
    {
      form = read_form (statement);
      form->xml = sarap_sqlite_dup_blob (statement, 9);
      sqlite3_reset (statement);
    }
  sarap_sqlite_unlock (self->reader);
  return form;
}

static GPtrArray *
list_media (SarapCentralStore *store, gint64 form_row, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  g_autoptr (GPtrArray) media = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_central_file_free);
  g_autoptr (GError) failure = NULL;
  sqlite3_stmt *statement;

  sarap_sqlite_lock (self->reader);
  statement = sarap_sqlite_start (self->reader, "media-list", "i:form", form_row, NULL);
  while (sarap_sqlite_next (self->reader, statement, &failure))
    {
      SarapCentralFile *file = sarap_central_file_new ((const char *) sqlite3_column_text (statement, 0), (const char *) sqlite3_column_text (statement, 1), sqlite3_column_int64 (statement, 2));

      file->md5 = sarap_sqlite_dup_text (statement, 3);
      g_ptr_array_add (media, file);
    }
  sarap_sqlite_unlock (self->reader);
  if (failure == NULL)
    return g_steal_pointer (&media);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

void
sarap_central_sqlite_implement_forms (SarapCentralStoreInterface *iface)
{
  iface->add_form = add_form;
  iface->set_form_state = set_form_state;
  iface->list_forms = list_forms;
  iface->find_form = find_form;
  iface->list_media = list_media;
}
