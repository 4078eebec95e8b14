#include "app/vault/sarap-pin.h"

#include <sodium.h>
#include <string.h>

/* A try costs about a quarter of a second on a tablet (safety.md C3). */
#define PASSES 3
#define MEMORY (64 * 1024 * 1024)

/* Argon2id with a random salt, in libsodium's text form, for a PIN or a password (UTF-8). Returns:
 * (transfer full), or NULL when the memory for it cannot be had */
char *
sarap_pin_hash (const char *pin)
{
  char hash[crypto_pwhash_STRBYTES];

  if (sodium_init () < 0 || crypto_pwhash_str_alg (hash, pin, strlen (pin), PASSES, MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return NULL;
  return g_strdup (hash);
}

/* FALSE also for a @hash that is no hash. Takes as long as hashing: not for the main thread. */
gboolean
sarap_pin_verify (const char *hash, const char *pin)
{
  return sodium_init () >= 0 && crypto_pwhash_str_verify (hash, pin, strlen (pin)) == 0;
}
