#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The files of the central store: media/SHA256 for good, incoming/ while they arrive. Calls may
 * come from any thread. */

typedef struct _SarapMedia SarapMedia;

SarapMedia *sarap_media_open (const char *folder, GError **error);
SarapMedia *sarap_media_open_reader (const char *folder, GError **error);
void sarap_media_free (SarapMedia *self);

char *sarap_media_dup_path (SarapMedia *self, const char *sha256);
GBytes *sarap_media_map (SarapMedia *self, const char *sha256, GError **error);
int sarap_media_create_temporary (SarapMedia *self, char **path, GError **error);
gboolean sarap_media_keep (SarapMedia *self, const char *temporary, int descriptor, const char *sha256, GError **error);
gboolean sarap_media_sync (SarapMedia *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapMedia, sarap_media_free)

G_END_DECLS
