#include "sync/server/sarap-central.h"

#include <string.h>

#include "app/vault/sarap-secret.h"
#include "app/vault/sarap-statement.h"
#include "sync/server/sqlite/sarap-central-sqlite.h"

#define SQLITE_PREFIX "sqlite:"
#define SIGNING_KEY "signing-key"

/* Versions remembered at most: more than a project has, less than memory. */
#define MOST_FORMS 256

static const char *
peek_path (const char *database, GError **error)
{
  if (g_str_has_prefix (database, SQLITE_PREFIX) && database[strlen (SQLITE_PREFIX)] != '\0')
    return database + strlen (SQLITE_PREFIX);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s: not available in this build; use sqlite:PATH", database);
  return NULL;
}

static SarapCentral *
open_with (const char *database, SarapCentralStore *(*open_store) (const char *, GError **), SarapMedia *(*open_media) (const char *, GError **), GError **error)
{
  g_autoptr (SarapCentral) self = NULL;
  g_autofree char *folder = NULL;
  const char *path = peek_path (database, error);

  if (path == NULL)
    return NULL;
  self = g_new0 (SarapCentral, 1);
  g_mutex_init (&self->mutex);
  self->forms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) sarap_central_form_unref);
  self->clock = sarap_clock_new_from_environment ();
  self->store = open_store (path, error);
  if (self->store == NULL)
    return NULL;
  folder = g_path_get_dirname (path);
  self->media = open_media (folder, error);
  self->signing_key = sarap_central_store_dup_setting (self->store, SIGNING_KEY);
  return self->media ? g_steal_pointer (&self) : NULL;
}

/* Made once; devices learn its public half when they are enrolled. */
static gboolean
make_signing_key (SarapCentral *self, GError **error)
{
  self->signing_key = sarap_server_key_generate ();
  return sarap_central_store_set_setting (self->store, SIGNING_KEY, self->signing_key, error);
}

/* @database: "sqlite:PATH". G_IO_ERROR_NOT_SUPPORTED: a kind that this build does not have;
 * G_IO_ERROR_BUSY: another process has it. */
SarapCentral *
sarap_central_open (const char *database, GError **error)
{
  g_autoptr (SarapCentral) self = open_with (database, sarap_central_sqlite_open, sarap_media_open, error);
  gboolean ok = self != NULL && (self->signing_key != NULL || make_signing_key (self, error));

  return ok ? g_steal_pointer (&self) : NULL;
}

/* For reading, also while a server has it; nothing that writes may be called. */
SarapCentral *
sarap_central_open_reader (const char *database, GError **error)
{
  return open_with (database, sarap_central_sqlite_open_reader, sarap_media_open_reader, error);
}

void
sarap_central_free (SarapCentral *self)
{
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->media, sarap_media_free);
  sarap_secret_wipe_text (self->signing_key);
  g_hash_table_unref (self->forms);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* One version; NULL without an error when there is none. */
SarapCentralForm *
sarap_central_find_form (SarapCentral *self, gint64 project, const char *xml_form_id, const char *version, GError **error)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT "\n%s\n%s", project, xml_form_id, version);
  SarapCentralForm *form;

  g_mutex_lock (&self->mutex);
  form = g_hash_table_lookup (self->forms, key);
  if (form != NULL)
    sarap_central_form_ref (form);
  g_mutex_unlock (&self->mutex);
  if (form != NULL)
    return form;

  form = sarap_central_store_find_form (self->store, project, xml_form_id, version, error);
  if (form == NULL)
    return NULL;
  g_mutex_lock (&self->mutex);
  if (g_hash_table_size (self->forms) >= MOST_FORMS)
    g_hash_table_remove_all (self->forms);
  g_hash_table_replace (self->forms, g_steal_pointer (&key), sarap_central_form_ref (form));
  g_mutex_unlock (&self->mutex);
  return form;
}

gint64
sarap_central_get_now (SarapCentral *self)
{
  return sarap_clock_get_now (self->clock);
}
