#pragma once

#include "app/store/sarap-store.h"

G_BEGIN_DECLS

/* A whole store in one file that project keys alone open. */

gint64 sarap_backup_get_last (SarapStore *store);
gboolean sarap_backup_make_when_due (SarapStore *store, const char *folder, gint64 every, guint keep, GError **error);
char *sarap_backup_make (SarapStore *store, const char *folder, SarapProjectKey *project_key, guint keep, GError **error);
char *sarap_backup_restore (const char *path, SarapProjectKey *key, const char *folder, GError **error);

G_END_DECLS
