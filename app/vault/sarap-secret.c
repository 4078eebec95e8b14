#include "app/vault/sarap-secret.h"

#include <sodium.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

struct _SarapSecret
{
  gatomicrefcount references;
  guint8 *bytes;
};

static SarapSecret *
new_empty (void)
{
  SarapSecret *self = g_new0 (SarapSecret, 1);

  if (sodium_init () < 0)
    g_error ("libsodium finds no source of chance");
  g_atomic_ref_count_init (&self->references);
  self->bytes = sodium_malloc (SARAP_SECRET_SIZE);
  if (self->bytes == NULL)
    g_error ("no memory for a secret");
  return self;
}

SarapSecret *
sarap_secret_new_random (void)
{
  SarapSecret *self = new_empty ();

  randombytes_buf (self->bytes, SARAP_SECRET_SIZE);
  return self;
}

/* Copies @bytes; the caller wipes its own. */
SarapSecret *
sarap_secret_new (const guint8 bytes[SARAP_SECRET_SIZE])
{
  SarapSecret *self = new_empty ();

  memcpy (self->bytes, bytes, SARAP_SECRET_SIZE);
  return self;
}

/* Keyed BLAKE2b of @purpose: another purpose gives a key that says nothing of the first. */
SarapSecret *
sarap_secret_new_derived (SarapSecret *key, const char *purpose)
{
  SarapSecret *self = new_empty ();

  crypto_generichash (self->bytes, SARAP_SECRET_SIZE, (const guint8 *) purpose, strlen (purpose), key->bytes, SARAP_SECRET_SIZE);
  return self;
}

SarapSecret *
sarap_secret_ref (SarapSecret *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
sarap_secret_unref (SarapSecret *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  sodium_free (self->bytes);
  g_free (self);
}

/* Returns: SARAP_SECRET_SIZE bytes */
const guint8 *
sarap_secret_peek (SarapSecret *self)
{
  return self->bytes;
}

/* In constant time. */
gboolean
sarap_secret_equal (SarapSecret *a, SarapSecret *b)
{
  return sodium_memcmp (a->bytes, b->bytes, SARAP_SECRET_SIZE) == 0;
}

/* Base64 as sarap_secret_to_text() writes it. Returns: (nullable) NULL when @text is no 32 bytes */
SarapSecret *
sarap_secret_new_from_text (const char *text)
{
  g_autoptr (SarapSecret) self = new_empty ();
  size_t size;

  if (text == NULL ||
      sodium_base642bin (self->bytes, SARAP_SECRET_SIZE, text, strlen (text), NULL, &size, NULL, sodium_base64_VARIANT_ORIGINAL) != 0 ||
      size != SARAP_SECRET_SIZE)
    return NULL;
  return g_steal_pointer (&self);
}

/* Returns: (transfer full) for sarap_secret_wipe_text() */
char *
sarap_secret_to_text (SarapSecret *self)
{
  gsize size = sodium_base64_ENCODED_LEN (SARAP_SECRET_SIZE, sodium_base64_VARIANT_ORIGINAL);

  return sodium_bin2base64 (g_malloc (size), size, self->bytes, SARAP_SECRET_SIZE, sodium_base64_VARIANT_ORIGINAL);
}

/* Overwrites and frees; for PINs and texts of secrets. */
void
sarap_secret_wipe_text (char *text)
{
  if (text != NULL)
    sodium_memzero (text, strlen (text));
  g_free (text);
}

/* No core dump, no other program of the same person that reads this memory. First thing in main(). */
void
sarap_secret_protect_process (void)
{
  const struct rlimit none = { 0, 0 };

  setrlimit (RLIMIT_CORE, &none);
  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
}
