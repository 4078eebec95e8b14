#pragma once

#include "app/store/sarap-database.h"
#include "app/store/sarap-store-records.h"
#include "app/vault/sarap-custody.h"
#include "app/vault/sarap-statement.h"

G_BEGIN_DECLS

/* The rows that the chain of custody stands on; on the database thread. Hashes of columns are NULL where the column is. */

typedef struct
{
  gint64 number;
  char *id;
  SarapRecordState state;
  gint64 finalized_at;
  gboolean has_start;
  char *form_id;
  char *form_version;
  char *form_hash;
  char *name;    /* hash of the sealed name */
  char *sha256;  /* of the answers, as the row says */
  char *sealed;  /* hash of the sealed answers */
  char *receipt; /* hash */
} SarapCustodyRecord;
void sarap_custody_record_free (SarapCustodyRecord *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapCustodyRecord, sarap_custody_record_free)

typedef struct
{
  char *name;
  char *file;
  char *content; /* NULL: not to be read here */
  char *sealed;  /* hash of the column that content is in */
  gint64 size;
  gboolean is_known;
} SarapCustodyFile;

typedef struct
{
  gint64 sequence;
  char *head;
  GBytes *signature;
} SarapCustodyEnd;
void sarap_custody_end_clear (SarapCustodyEnd *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SarapCustodyEnd, sarap_custody_end_clear)

GPtrArray *sarap_custody_list_entries (SarapDatabase *db, GError **error);
GPtrArray *sarap_custody_list_records (SarapDatabase *db, GError **error);
SarapCustodyRecord *sarap_custody_find_record (SarapDatabase *db, const char *id, GError **error);
GPtrArray *sarap_custody_list_files (SarapDatabase *db, gint64 record, GError **error);
GHashTable *sarap_custody_list_keys (SarapDatabase *db, gint64 record, GError **error);
GBytes *sarap_custody_dup_xml (SarapDatabase *db, gint64 record);
gboolean sarap_custody_read_end (SarapDatabase *db, SarapCustodyEnd *end, GError **error);
gboolean sarap_custody_end_is_signed (const SarapCustodyEnd *end, const char *device);

G_END_DECLS
