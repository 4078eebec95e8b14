#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* Small helpers between SQLite and GError, for the files that hold the connection itself. */

void sarap_sqlite_set_error (sqlite3 *connection, const char *doing, GError **error);
gboolean sarap_sqlite_execute (sqlite3 *connection, const char *sql, GError **error);
gboolean sarap_sqlite_get_int (sqlite3 *connection, const char *sql, gint64 *value, GError **error);
char *sarap_sqlite_dup_text (sqlite3 *connection, const char *sql, GError **error);

G_END_DECLS
