#include "sync/server/sarap-secret.h"

#include <sodium.h>
#include <string.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* An app user's key or a session's token: 64 characters of 6 random bits each. */
char *
sarap_secret_make (void)
{
  guint8 random[SARAP_SECRET_LENGTH];
  char *secret = g_malloc0 (SARAP_SECRET_LENGTH + 1);

  randombytes_buf (random, sizeof random);
  for (guint i = 0; i < SARAP_SECRET_LENGTH; i++)
    secret[i] = letters[random[i] & 63];
  return secret;
}

/* What the store keeps of a secret: 64 hex digits of BLAKE2b. The secret has 384 random bits, so
 * nothing slower is needed. */
char *
sarap_secret_hash (const char *secret)
{
  guint8 hash[32];
  char *hex = g_malloc (2 * sizeof hash + 1);

  crypto_generichash (hash, sizeof hash, (const guint8 *) secret, strlen (secret), NULL, 0);
  return sodium_bin2hex (hex, 2 * sizeof hash + 1, hash, sizeof hash);
}

/* 64 characters, also those that ODK Central's keys have. */
gboolean
sarap_secret_is_well_formed (const char *secret)
{
  g_autofree char *known = g_strconcat (letters, "$!", NULL);

  return strlen (secret) == SARAP_SECRET_LENGTH && strspn (secret, known) == SARAP_SECRET_LENGTH;
}
