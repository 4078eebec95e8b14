#pragma once

#include "app/vault/sarap-secret.h"

G_BEGIN_DECLS

#define SARAP_VAULT_ERROR (sarap_vault_error_quark ())
GQuark sarap_vault_error_quark (void);

typedef enum
{
  SARAP_VAULT_ERROR_FORGED,    /* changed, cut, or sealed for another place or key */
  SARAP_VAULT_ERROR_LOCKED,    /* the key for it is not open: ask for the PIN, or for the project key */
  SARAP_VAULT_ERROR_WRONG_PIN, /* counted */
  SARAP_VAULT_ERROR_WAIT,      /* too many wrong PINs: not tried; sarap_keyring_get_wait() */
  SARAP_VAULT_ERROR_MALFORMED, /* no key file of this kind */
} SarapVaultError;

/* Sealed with a secret. @context says where the bytes belong (schema, record, path, revision): bytes
 * moved to another place do not open. */
GBytes *sarap_seal (SarapSecret *key, const char *context, const void *data, gsize size);
GBytes *sarap_unseal (SarapSecret *key, const char *context, GBytes *sealed, GError **error);
/* A key kept under another key. */
GBytes *sarap_seal_secret (SarapSecret *key, const char *context, SarapSecret *secret);
SarapSecret *sarap_unseal_secret (SarapSecret *key, const char *context, GBytes *sealed, GError **error);
SarapSecret *sarap_secret_new_steal (GBytes *plain, const char *context, GError **error);

#define SARAP_SEAL_TAG_SIZE 16
void sarap_seal_tag (SarapSecret *key, const char *text, guint8 tag[SARAP_SEAL_TAG_SIZE]);

G_END_DECLS
