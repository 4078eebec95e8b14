#pragma once

#include "app/base/sarap-json.h"
#include "app/vault/sarap-clock-evidence.h"
#include "app/vault/sarap-keyring.h"

G_BEGIN_DECLS

/* The chain of custody of one device: what happened to records, each entry signed and tied to the one before. */

#define SARAP_CUSTODY_HEAD_SIZE 64 /* hexadecimal digits */
#define SARAP_CUSTODY_FIRST "0000000000000000000000000000000000000000000000000000000000000000"

/* What a signature is for: one made for one kind is worth nothing as another. */
#define SARAP_CUSTODY_ENTRY "sarap/1/custody"
#define SARAP_CUSTODY_END "sarap/1/custody end"
#define SARAP_CUSTODY_RECEIPT "sarap/1/receipt"

typedef struct
{
  gint64 sequence;
  char *record; /* instanceID; "" of the first entry */
  char *event;  /* "began", "finalized", "sent" */
  GBytes *manifest;
  GBytes *signature;
  char *head;
} SarapCustodyEntry;
void sarap_custody_entry_free (SarapCustodyEntry *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapCustodyEntry, sarap_custody_entry_free)

GBytes *sarap_custody_sign (SarapKeyring *keyring, const char *purpose, GBytes *text);
gboolean sarap_custody_is_signed (const char *key, const char *purpose, GBytes *text, GBytes *signature);
char *sarap_custody_dup_head (const char *previous, GBytes *manifest, GBytes *signature);
GBytes *sarap_custody_dup_end_text (gint64 sequence, const char *head);
char *sarap_custody_dup_hash (GBytes *bytes);
char *sarap_custody_dup_commitment (const char *salt, const char *name, const char *content);
char *sarap_custody_dup_salt (SarapSecret *record_key);

void sarap_custody_build_moment (JsonBuilder *builder, const char *name, const SarapMoment *moment);
gboolean sarap_custody_read_moment (JsonObject *manifest, const char *name, SarapMoment *moment);

JsonNode *sarap_custody_check_entry (const SarapCustodyEntry *entry, const char *device_key, gint64 sequence, const char *previous, const char **fault);

G_END_DECLS
