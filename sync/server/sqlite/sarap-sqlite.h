#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* One connection with its statements. */

typedef struct _SarapSqlite SarapSqlite;

SarapSqlite *sarap_sqlite_open (const char *path, gboolean is_writer, GError **error);
void sarap_sqlite_close (SarapSqlite *self);
gboolean sarap_sqlite_create (const char *path, GError **error);
gboolean sarap_sqlite_migrate (SarapSqlite *self, GError **error);

void sarap_sqlite_lock (SarapSqlite *self);
void sarap_sqlite_unlock (SarapSqlite *self);

sqlite3_stmt *sarap_sqlite_start (SarapSqlite *self, const char *query, ...) G_GNUC_NULL_TERMINATED;
gboolean sarap_sqlite_next (SarapSqlite *self, sqlite3_stmt *statement, GError **error);
gboolean sarap_sqlite_finish (SarapSqlite *self, sqlite3_stmt *statement, GError **error);
gboolean sarap_sqlite_run (SarapSqlite *self, const char *sql, GError **error);
gint64 sarap_sqlite_get_last_id (SarapSqlite *self);
gint64 sarap_sqlite_get_n_changes (SarapSqlite *self);

char *sarap_sqlite_dup_text (sqlite3_stmt *statement, int column);
GBytes *sarap_sqlite_dup_blob (sqlite3_stmt *statement, int column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapSqlite, sarap_sqlite_close)

G_END_DECLS
