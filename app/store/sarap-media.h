#pragma once

#include "app/store/sarap-database.h"
#include "app/store/sarap-store.h"

G_BEGIN_DECLS

/* Files of the store: media/ holds each under the SHA-256 of its bytes. Media of forms lie there as they came;
 * attachments are sealed, and their name is the hash of the sealed bytes. */

char *sarap_media_dup_path (SarapStore *store, const char *sha256);
char *sarap_media_write (SarapStore *store, GBytes *bytes, GError **error);
GBytes *sarap_media_read (SarapStore *store, const char *sha256, GError **error);

typedef struct
{
  char *sha256;  /* hex, of the sealed file: its name */
  char *content; /* hex, of what was sealed */
  goffset size;  /* of what was sealed */
} SarapSealedFile;
void sarap_sealed_file_clear (SarapSealedFile *self);

gboolean sarap_media_seal (SarapStore *store, SarapSecret *key, const char *context, GInputStream *from, SarapSealedFile *file, GError **error);
GBytes *sarap_media_unseal (SarapStore *store, SarapSecret *key, const char *context, const char *sha256, GError **error);

char *sarap_media_dup_record_context (const char *name);
char *sarap_media_dup_submission_context (const char *id, const char *name);

gboolean sarap_media_forget (SarapStore *store, GPtrArray *hashes, GError **error);
gboolean sarap_media_seal_old (SarapStore *store, SarapDatabase *db, GError **error);

G_END_DECLS
