#include "sync/server/sarap-central-source.h"

#include "app/vault/sarap-sensitive.h"

/* The records of one project as reports read them. */

#define PAGE 200

struct _SarapCentralSource
{
  GObject parent_instance;
  SarapCentral *central;
  gint64 project;
};

typedef struct
{
  SarapCentral *central;
  gint64 form;
} Media;

static void implement_source (SarapRecordSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SarapCentralSource, sarap_central_source, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (SARAP_TYPE_RECORD_SOURCE, implement_source))

static gboolean
tell (SarapCentralSource *self, const SarapCentralSubmission *submission, SarapSourceFunc func, gpointer data, gboolean *goes_on, GError **error)
{
  g_autoptr (GBytes) stored = sarap_central_store_dup_xml (self->central->store, submission->row, error);
  g_autoptr (GPtrArray) no_keys = g_ptr_array_new ();
  g_autoptr (GBytes) xml = stored ? sarap_sensitive_open (stored, no_keys, TRUE) : NULL;
  const SarapSourceRecord record = {
    .id = submission->instance_id,
    .form_version = submission->version,
    .submitter = submission->submitter,
    .review_state = submission->review_state ? submission->review_state : "",
    .received_at = submission->created_at,
    .xml = xml,
  };

  if (xml == NULL)
    return FALSE;
  *goes_on = func (&record, data);
  return TRUE;
}

static gboolean
foreach_record (SarapRecordSource *source, const char *form_id, SarapSourceFunc func, gpointer data, GError **error)
{
  SarapCentralSource *self = SARAP_CENTRAL_SOURCE (source);
  gint64 after = 0;
  gboolean goes_on = TRUE;

  while (goes_on)
    {
      g_autoptr (GPtrArray) page = sarap_central_store_list_records (self->central->store, self->project, form_id, after, PAGE, error);

      if (page == NULL)
        return FALSE;
      for (guint i = 0; goes_on && i < page->len; i++)
        {
          const SarapCentralSubmission *submission = g_ptr_array_index (page, i);

          if (!tell (self, submission, func, data, &goes_on, error))
            return FALSE;
          after = submission->row;
        }
      goes_on &= page->len == PAGE;
    }
  return TRUE;
}

static GBytes *
find_media (SarapCentral *central, gint64 form, const char *name, GError **error)
{
  g_autoptr (GPtrArray) media = sarap_central_store_list_media (central->store, form, error);

  for (guint i = 0; media != NULL && i < media->len; i++)
    {
      const SarapCentralFile *file = g_ptr_array_index (media, i);

      if (g_str_equal (file->name, name))
        return sarap_media_map (central->media, file->sha256, error);
    }
  return NULL;
}

static GBytes *
media_cb (const char *name, gpointer data)
{
  Media *media = data;

  return find_media (media->central, media->form, name, NULL);
}

static SarapCentralForm *
find_form (SarapCentralSource *self, const char *form_id, const char *version, GError **error)
{
  g_autoptr (GError) failure = NULL;
  SarapCentralForm *form = sarap_central_store_find_form (self->central->store, self->project, form_id, version, &failure);

  if (form == NULL && failure == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no form %s %s", form_id, version ? version : "");
  else if (form == NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return form;
}

static SarapForm *
load_form (SarapRecordSource *source, const char *form_id, const char *version, GError **error)
{
  SarapCentralSource *self = SARAP_CENTRAL_SOURCE (source);
  g_autoptr (SarapCentralForm) form = find_form (self, form_id, version, error);
  Media *media;

  if (form == NULL)
    return NULL;
  media = g_new0 (Media, 1);
  media->central = self->central;
  media->form = form->row;
  return sarap_form_load (form->xml, form_id, media_cb, media, g_free, NULL, error);
}

static GBytes *
dup_media (SarapRecordSource *source, const char *form_id, const char *version, const char *name, GError **error)
{
  SarapCentralSource *self = SARAP_CENTRAL_SOURCE (source);
  g_autoptr (SarapCentralForm) form = find_form (self, form_id, version, error);
  g_autoptr (GError) failure = NULL;
  GBytes *bytes = form ? find_media (self->central, form->row, name, &failure) : NULL;

  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (bytes == NULL && form != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "form %s has no file %s", form_id, name);
  return bytes;
}

static GPtrArray *
list_files (SarapCentralSource *self, const char *id, GError **error)
{
  g_autoptr (SarapCentralSubmission) submission = sarap_central_store_find_submission (self->central->store, self->project, NULL, id, error);

  return submission ? sarap_central_store_list_files (self->central->store, submission->row, error) : NULL;
}

static char **
list_attachments (SarapRecordSource *source, const char *id, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GPtrArray) files = list_files (SARAP_CENTRAL_SOURCE (source), id, &failure);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      const SarapCentralFile *file = g_ptr_array_index (files, i);

      if (file->sha256 != NULL)
        g_strv_builder_add (names, file->name);
    }
  return g_strv_builder_end (names);
}

static GBytes *
dup_attachment (SarapRecordSource *source, const char *id, const char *name, GError **error)
{
  SarapCentralSource *self = SARAP_CENTRAL_SOURCE (source);
  g_autoptr (GError) failure = NULL;
  g_autoptr (GPtrArray) files = list_files (self, id, &failure);

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      const SarapCentralFile *file = g_ptr_array_index (files, i);

      if (file->sha256 != NULL && g_str_equal (file->name, name))
        return sarap_media_map (self->central->media, file->sha256, error);
    }
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s has no file %s", id, name);
  return NULL;
}

static void
implement_source (SarapRecordSourceInterface *iface)
{
  iface->foreach = foreach_record;
  iface->load_form = load_form;
  iface->dup_media = dup_media;
  iface->list_attachments = list_attachments;
  iface->dup_attachment = dup_attachment;
}

static void
sarap_central_source_class_init (SarapCentralSourceClass *class)
{
}

static void
sarap_central_source_init (SarapCentralSource *self)
{
}

/* @central must outlive it and its forms. */
SarapRecordSource *
sarap_central_source_new (SarapCentral *central, gint64 project)
{
  SarapCentralSource *self = g_object_new (SARAP_TYPE_CENTRAL_SOURCE, NULL);

  self->central = central;
  self->project = project;
  return SARAP_RECORD_SOURCE (self);
}
