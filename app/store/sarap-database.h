#pragma once

#include "app/vault/sarap-keyring.h"

G_BEGIN_DECLS

/* The one connection. Used on the store's database thread only, so nothing here locks. */

typedef struct _SarapDatabase SarapDatabase;
typedef struct _SarapQuery SarapQuery;

/* What runs inside a transaction. FALSE with @error set undoes it. */
typedef gboolean (*SarapDatabaseFunc) (SarapDatabase *db, gpointer data, GError **error);

gboolean sarap_database_create (const char *path, SarapKeyring *keyring, GError **error);
SarapDatabase *sarap_database_open (const char *path, SarapKeyring *keyring, gboolean check_all, int *version, GError **error);
void sarap_database_set_check_limit (goffset size);
gboolean sarap_database_is_unchecked (SarapDatabase *self);
gboolean sarap_database_check_next (SarapDatabase *self, GError **error);
gboolean sarap_database_migrate (SarapDatabase *self, int version, int target, GError **error);
gboolean sarap_database_scrub (SarapDatabase *self, GError **error);
gboolean sarap_database_settle (SarapDatabase *self, GError **error);
goffset sarap_database_get_size (SarapDatabase *self);
gboolean sarap_database_read_block (SarapDatabase *self, goffset at, void *block, gsize size, GError **error);
gboolean sarap_database_close (SarapDatabase *self);
gboolean sarap_database_transact (SarapDatabase *self, SarapDatabaseFunc func, gpointer data, GError **error);
gboolean sarap_database_in_transaction (SarapDatabase *self);
struct _SarapRecordKeys *sarap_database_peek_keys (SarapDatabase *self);
void sarap_database_keep_journals (SarapDatabase *self, const char *store_folder);
struct _SarapJournalWriter *sarap_database_peek_journals (SarapDatabase *self);
gboolean sarap_database_empty_log (SarapDatabase *self, GError **error);

/* Statements by the name of their file in sql/query. The query belongs to the database and is
 * there once: finish it before the same name is asked for again. A failure at any step (preparing
 * included) makes all further steps do nothing and is told by finish or run. */
SarapQuery *sarap_database_query (SarapDatabase *self, const char *name, GError **error);
void sarap_query_bind_text (SarapQuery *self, const char *parameter, const char *value);
void sarap_query_bind_int (SarapQuery *self, const char *parameter, gint64 value);
void sarap_query_bind_bytes (SarapQuery *self, const char *parameter, GBytes *value);
gboolean sarap_query_next (SarapQuery *self);
gboolean sarap_query_finish (SarapQuery *self);
gboolean sarap_query_run (SarapQuery *self);
guint sarap_query_run_counting (SarapQuery *self);
const char *sarap_query_get_text (SarapQuery *self, const char *column);
char *sarap_query_dup_text (SarapQuery *self, const char *column);
gint64 sarap_query_get_int (SarapQuery *self, const char *column);
GBytes *sarap_query_dup_bytes (SarapQuery *self, const char *column);
gint64 sarap_database_get_last_row (SarapDatabase *self);

G_END_DECLS
