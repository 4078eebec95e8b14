#include "app/vault/sarap-seal.h"

#include <sodium.h>
#include <string.h>

/*  1. XChaCha20-Poly1305 (IETF) with a random nonce of 24 bytes: chance never repeats it.
 *  2. Layout: version (1 byte), nonce, ciphertext, tag. The version is authenticated with the context.
 *  3. The text is padded to 32 bytes before, so that "yes" and "no" are equally long on the disk. */

#define VERSION 1
#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define HEAD (1 + NONCE)
#define TAIL crypto_aead_xchacha20poly1305_ietf_ABYTES
#define BLOCK 32

G_DEFINE_QUARK (sarap - vault - error - quark, sarap_vault_error)

static void
set_forged (GError **error, const char *context)
{
  g_set_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_FORGED, "%s: changed or sealed for another place", context);
}

/* Returns: (transfer full) */
GBytes *
sarap_seal (SarapSecret *key, const char *context, const void *data, gsize size)
{
  gsize padded = (size / BLOCK + 1) * BLOCK;
  guint8 *sealed = g_malloc (HEAD + padded + TAIL);
  guint8 *text = sealed + HEAD;

  sealed[0] = VERSION;
  randombytes_buf (sealed + 1, NONCE);
  if (size > 0)
    memcpy (text, data, size);
  sodium_pad (&padded, text, size, BLOCK, padded);
  crypto_aead_xchacha20poly1305_ietf_encrypt (text, NULL, text, padded, (const guint8 *) context, strlen (context), NULL, sealed + 1, sarap_secret_peek (key));
  return g_bytes_new_take (sealed, HEAD + padded + TAIL);
}

/* Errors: FORGED. Returns: (transfer full), with a zero byte after it */
GBytes *
sarap_unseal (SarapSecret *key, const char *context, GBytes *sealed, GError **error)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (sealed, &size);
  g_autofree guint8 *text = NULL;
  size_t plain;

  if (size >= HEAD + BLOCK + TAIL)
    text = g_malloc (size - HEAD - TAIL + 1);
  if (text == NULL || bytes[0] != VERSION ||
      crypto_aead_xchacha20poly1305_ietf_decrypt (text, NULL, NULL, bytes + HEAD, size - HEAD, (const guint8 *) context, strlen (context), bytes + 1, sarap_secret_peek (key)) != 0 ||
      sodium_unpad (&plain, text, size - HEAD - TAIL, BLOCK) != 0)
    {
      set_forged (error, context);
      return NULL;
    }
  text[plain] = '\0';
  return g_bytes_new_take (g_steal_pointer (&text), plain);
}

/* Returns: (transfer full) */
GBytes *
sarap_seal_secret (SarapSecret *key, const char *context, SarapSecret *secret)
{
  return sarap_seal (key, context, sarap_secret_peek (secret), SARAP_SECRET_SIZE);
}

/* Errors: FORGED. */
SarapSecret *
sarap_unseal_secret (SarapSecret *key, const char *context, GBytes *sealed, GError **error)
{
  GBytes *plain = sarap_unseal (key, context, sealed, error);

  return plain != NULL ? sarap_secret_new_steal (plain, context, error) : NULL;
}

/* Takes the only reference of @plain, wipes it. Errors: FORGED when it is no secret; @context is for the message. */
SarapSecret *
sarap_secret_new_steal (GBytes *plain, const char *context, GError **error)
{
  gsize size;
  guint8 *bytes = g_bytes_unref_to_data (plain, &size);
  SarapSecret *secret = size == SARAP_SECRET_SIZE ? sarap_secret_new (bytes) : NULL;

  sodium_memzero (bytes, size);
  g_free (bytes);
  if (secret == NULL)
    set_forged (error, context);
  return secret;
}

/* A name for @text that only who holds @key can make: equal texts are found again in plain columns. */
void
sarap_seal_tag (SarapSecret *key, const char *text, guint8 tag[SARAP_SEAL_TAG_SIZE])
{
  crypto_generichash (tag, SARAP_SEAL_TAG_SIZE, (const guint8 *) text, strlen (text), sarap_secret_peek (key), SARAP_SECRET_SIZE);
}
