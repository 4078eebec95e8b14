#pragma once

#include "sync/server/sarap-media.h"
#include "sync/server/sarap-central-types.h"

G_BEGIN_DECLS

/* One file while it arrives: in memory up to 64 KiB, then in a temporary file. */

typedef struct _SarapSpool SarapSpool;

SarapSpool *sarap_spool_new (SarapMedia *media, const char *name, const char *filename);
void sarap_spool_free (SarapSpool *self);
gboolean sarap_spool_write (SarapSpool *self, const guint8 *bytes, gsize length, GError **error);
gsize sarap_spool_get_held (SarapSpool *self);
gboolean sarap_spool_put_down (SarapSpool *self, GError **error);
void sarap_spool_close (SarapSpool *self);
gboolean sarap_spool_keep (SarapSpool *self, GError **error);

const char *sarap_spool_get_name (SarapSpool *self);
const char *sarap_spool_get_filename (SarapSpool *self);
const char *sarap_spool_get_sha256 (SarapSpool *self);
gint64 sarap_spool_get_size (SarapSpool *self);

gboolean sarap_spools_keep (GPtrArray *spools, SarapMedia *media, GError **error);
char *sarap_sha256 (GBytes *bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapSpool, sarap_spool_free)

G_END_DECLS
