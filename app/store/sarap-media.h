#pragma once

#include "app/store/sarap-store.h"

G_BEGIN_DECLS

/* Files in media/, named by the SHA-256 of their bytes. A file is synced before a row names it;
 * between the two the store's media lock is held. */

char *sarap_media_write (SarapStore *store, GBytes *bytes, GError **error);
char *sarap_media_copy (SarapStore *store, const char *source, goffset *size, GError **error);
char *sarap_media_dup_path (SarapStore *store, const char *sha256);
GBytes *sarap_media_read (SarapStore *store, const char *sha256, GError **error);
gboolean sarap_media_forget (SarapStore *store, GPtrArray *hashes, GError **error);

G_END_DECLS
