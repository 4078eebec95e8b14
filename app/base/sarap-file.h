#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Files that must be there after a power cut: written under a temporary name in the same
 * folder, synced, renamed, folder synced. */

gboolean sarap_file_write (const char *path, GBytes *bytes, int mode, GError **error);
gboolean sarap_file_publish (const char *temporary, const char *path, GError **error);
GBytes *sarap_file_read (const char *path, gsize limit, GError **error);
gboolean sarap_file_sync_folder (const char *folder, GError **error);
char *sarap_file_hash (const char *path, GChecksumType type, GError **error);

/* A secret from a file, without the final newline; refuses a file that others may read. */
char *sarap_file_read_secret (const char *path, GError **error);

G_END_DECLS
