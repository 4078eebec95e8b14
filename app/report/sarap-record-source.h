#pragma once

#include "app/form/sarap-form.h"

G_BEGIN_DECLS

/* Where reports read records from: the device's store and the central store implement it. */

#define SARAP_TYPE_RECORD_SOURCE (sarap_record_source_get_type ())
G_DECLARE_INTERFACE (SarapRecordSource, sarap_record_source, SARAP, RECORD_SOURCE, GObject)

typedef struct
{
  const char *id; /* instanceID */
  const char *form_version;
  const char *submitter;    /* or "" */
  const char *review_state; /* "", "hasIssues", "edited", "rejected", "approved" */
  gint64 received_at;       /* ms UTC: received by the server, or finalized on the device */
  GBytes *xml;
} SarapSourceRecord;

/* Called for each record, oldest first; FALSE stops. Everything in @record is borrowed. */
typedef gboolean (*SarapSourceFunc) (const SarapSourceRecord *record, gpointer data);

struct _SarapRecordSourceInterface
{
  GTypeInterface parent_interface;

  gboolean (*foreach) (SarapRecordSource *self, const char *form_id, SarapSourceFunc func, gpointer data, GError **error);
  SarapForm *(*load_form) (SarapRecordSource *self, const char *form_id, const char *version, GError **error);                /* version NULL: newest */
  GBytes *(*dup_media) (SarapRecordSource *self, const char *form_id, const char *version, const char *name, GError **error); /* scoring.csv… */
  char **(*list_attachments) (SarapRecordSource *self, const char *id, GError **error);                                       /* may be NULL: none are kept */
  GBytes *(*dup_attachment) (SarapRecordSource *self, const char *id, const char *name, GError **error);                      /* may be NULL as well */
};

gboolean sarap_record_source_foreach (SarapRecordSource *self, const char *form_id, SarapSourceFunc func, gpointer data, GError **error);
SarapForm *sarap_record_source_load_form (SarapRecordSource *self, const char *form_id, const char *version, GError **error);
GBytes *sarap_record_source_dup_media (SarapRecordSource *self, const char *form_id, const char *version, const char *name, GError **error);
char **sarap_record_source_list_attachments (SarapRecordSource *self, const char *id, GError **error);
GBytes *sarap_record_source_dup_attachment (SarapRecordSource *self, const char *id, const char *name, GError **error);

G_END_DECLS
