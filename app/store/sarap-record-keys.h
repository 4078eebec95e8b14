#pragma once

#include <sqlite3.h>

#include "app/store/sarap-database.h"
#include "app/vault/sarap-keyring.h"

G_BEGIN_DECLS

/* Whose key opens what in the database. On the database thread only. */

typedef struct _SarapRecordKeys SarapRecordKeys;

SarapRecordKeys *sarap_record_keys_new (SarapDatabase *db, sqlite3 *connection, SarapKeyring *keyring);
void sarap_record_keys_free (SarapRecordKeys *self);

gboolean sarap_record_keys_begin (SarapDatabase *db, gint64 record, const char *holder, GError **error);
SarapSecret *sarap_record_keys_ref (SarapDatabase *db, gint64 record, GError **error);
gboolean sarap_record_keys_share (SarapDatabase *db, gint64 record, SarapProjectKey *key, gboolean *is_shared, GError **error);
gboolean sarap_record_keys_finalize (SarapDatabase *db, gint64 record, GError **error);
gboolean sarap_record_keys_release (SarapDatabase *db, gint64 record, GError **error);
void sarap_record_keys_close (SarapDatabase *db, gint64 record);
void sarap_record_keys_close_all (SarapDatabase *db);

G_END_DECLS
