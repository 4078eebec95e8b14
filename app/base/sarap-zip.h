#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Zip archives, hostile until read: limits of safety.md C14 (inflated size, ratio, entries, no
 * absolute or parent paths). */

typedef struct _SarapZip SarapZip;

SarapZip *sarap_zip_open (const char *path, GError **error);
SarapZip *sarap_zip_open_bytes (GBytes *bytes, const char *file, GError **error);
void sarap_zip_close (SarapZip *self);
gboolean sarap_zip_has (SarapZip *self, const char *name);
char **sarap_zip_list (SarapZip *self);
GBytes *sarap_zip_read (SarapZip *self, const char *name, GError **error);

/* @names and @contents run in parallel; written beside @path, synced and renamed. */
gboolean sarap_zip_write (const char *path, const char *const *names, GBytes *const *contents, gsize n, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapZip, sarap_zip_close)

G_END_DECLS
