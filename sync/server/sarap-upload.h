#pragma once

#include "sync/server/sarap-central.h"

G_BEGIN_DECLS

/* The body of one POST of a submission, taken apart while it arrives. */

typedef struct _SarapUpload SarapUpload;

SarapUpload *sarap_upload_new (SarapCentral *central, const char *content_type, GError **error);
void sarap_upload_free (SarapUpload *self);
gboolean sarap_upload_feed (SarapUpload *self, const guint8 *bytes, gsize length, GError **error);
SarapParcel *sarap_upload_finish (SarapUpload *self, gint64 project, GPtrArray **spools, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapUpload, sarap_upload_free)

G_END_DECLS
