#include "app/report/sarap-record-source.h"

G_DEFINE_INTERFACE (SarapRecordSource, sarap_record_source, G_TYPE_OBJECT)

static void
sarap_record_source_default_init (SarapRecordSourceInterface *iface)
{
}

/* FALSE with @error when a record could not be read; stopping is no error. */
gboolean
sarap_record_source_foreach (SarapRecordSource *self, const char *form_id, SarapSourceFunc func, gpointer data, GError **error)
{
  return SARAP_RECORD_SOURCE_GET_IFACE (self)->foreach (self, form_id, func, data, error);
}

/* Returns: (transfer full) */
SarapForm *
sarap_record_source_load_form (SarapRecordSource *self, const char *form_id, const char *version, GError **error)
{
  return SARAP_RECORD_SOURCE_GET_IFACE (self)->load_form (self, form_id, version, error);
}

/* Returns: (transfer full), NULL with @error when there is no such file */
GBytes *
sarap_record_source_dup_media (SarapRecordSource *self, const char *form_id, const char *version, const char *name, GError **error)
{
  return SARAP_RECORD_SOURCE_GET_IFACE (self)->dup_media (self, form_id, version, name, error);
}

/* Names of the record's files that are here. Returns: (transfer full) NULL-terminated */
char **
sarap_record_source_list_attachments (SarapRecordSource *self, const char *id, GError **error)
{
  SarapRecordSourceInterface *iface = SARAP_RECORD_SOURCE_GET_IFACE (self);

  return iface->list_attachments ? iface->list_attachments (self, id, error) : g_new0 (char *, 1);
}

/* Returns: (transfer full), NULL with @error when it is not here */
GBytes *
sarap_record_source_dup_attachment (SarapRecordSource *self, const char *id, const char *name, GError **error)
{
  SarapRecordSourceInterface *iface = SARAP_RECORD_SOURCE_GET_IFACE (self);

  if (iface->dup_attachment != NULL)
    return iface->dup_attachment (self, id, name, error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: attachments are not kept here", name);
  return NULL;
}
