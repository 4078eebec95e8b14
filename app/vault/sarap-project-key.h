#pragma once

#include "app/vault/sarap-seal.h"

G_BEGIN_DECLS

/* A project's key pair (X25519). Tablets hold the public half and seal to it; the private half opens
 * what they sealed and is kept away from them: in a file of an administrator, and on paper. */

typedef struct _SarapProjectKey SarapProjectKey;

SarapProjectKey *sarap_project_key_generate (void);
SarapProjectKey *sarap_project_key_ref (SarapProjectKey *self);
void sarap_project_key_unref (SarapProjectKey *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapProjectKey, sarap_project_key_unref)

/* Names the pair: 16 hexadecimal digits, the same for both halves. */
const char *sarap_project_key_peek_fingerprint (SarapProjectKey *self);
gboolean sarap_project_key_is_private (SarapProjectKey *self);

/* One line of text, in files and in QR codes alike. */
char *sarap_project_key_to_public_text (SarapProjectKey *self);
char *sarap_project_key_to_private_text (SarapProjectKey *self);
char *sarap_project_key_to_base64 (SarapProjectKey *self);
SarapProjectKey *sarap_project_key_new_from_base64 (const char *text, GError **error);
SarapProjectKey *sarap_project_key_new_from_text (const char *text, GError **error);
SarapProjectKey *sarap_project_key_read (const char *path, GError **error);
gboolean sarap_project_key_write (SarapProjectKey *self, gboolean is_private, const char *path, GError **error);

/* What proves that somebody has a private half: a word sealed to it. */
#define SARAP_DRILL_CONTEXT "sarap/1/drill"
#define SARAP_DRILL_WORD_LENGTH 16

GBytes *sarap_project_key_seal (SarapProjectKey *self, const char *context, const void *data, gsize size);
GBytes *sarap_project_key_unseal (SarapProjectKey *self, const char *context, GBytes *sealed, GError **error);
GBytes *sarap_project_key_seal_secret (SarapProjectKey *self, const char *context, SarapSecret *secret);
SarapSecret *sarap_project_key_unseal_secret (SarapProjectKey *self, const char *context, GBytes *sealed, GError **error);

G_END_DECLS
