#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* The ladder of migrations: sql/schema/NNN-*.sql, applied in order of NNN; user_version is the
 * number of the last one applied. A released file is never edited. */

int sarap_schema_get_newest (void);
int sarap_schema_peek_version (const char *path);
gboolean sarap_schema_check (sqlite3 *connection, int *version, GError **error);
gboolean sarap_schema_migrate (sqlite3 *connection, int version, int target, GError **error);

G_END_DECLS
