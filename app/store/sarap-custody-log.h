#pragma once

#include "app/store/sarap-database.h"

G_BEGIN_DECLS

/* The device's chain of custody in its database; on the database thread, inside a transaction. */

/* What a server's receipt proves. */
typedef struct
{
  const char *statement;  /* canonical JSON, what was signed; NULL: the server signs none */
  const char *signature;  /* hexadecimal */
  const char *server_key; /* hexadecimal */
  gint64 server_time;     /* ms UTC */
  gint64 asked;           /* ms, monotonic clock, before the question was sent */
} SarapReceiptProof;

gboolean sarap_custody_log_begin (SarapDatabase *db, SarapKeyring *keyring, gint64 now, GError **error);
gboolean sarap_custody_log_start (SarapDatabase *db, gint64 record, gint64 now, GError **error);
gboolean sarap_custody_log_finalize (SarapDatabase *db, SarapKeyring *keyring, gint64 record, gint64 now, GError **error);
gboolean sarap_custody_log_send (SarapDatabase *db, SarapKeyring *keyring, const char *id, GBytes *receipt, const SarapReceiptProof *proof, gint64 now, GError **error);

G_END_DECLS
