#include "app/vault/sarap-project-key.h"

#include <sodium.h>
#include <string.h>

#include "app/base/sarap-file.h"

#define PUBLIC_PREFIX "sarap-project-public-1:"
#define PRIVATE_PREFIX "sarap-project-private-1:"
#define MAX_TEXT 4096

struct _SarapProjectKey
{
  gatomicrefcount references;
  guint8 public_half[crypto_box_PUBLICKEYBYTES];
  SarapSecret *private_half; /* NULL: only the public one is known */
  char fingerprint[17];
};

G_STATIC_ASSERT (crypto_box_SECRETKEYBYTES == SARAP_SECRET_SIZE);
G_STATIC_ASSERT (crypto_box_PUBLICKEYBYTES == SARAP_SECRET_SIZE);

static SarapProjectKey *
new_from_public (const guint8 bytes[crypto_box_PUBLICKEYBYTES])
{
  SarapProjectKey *self = g_new0 (SarapProjectKey, 1);
  guint8 hash[crypto_generichash_BYTES_MIN];

  g_atomic_ref_count_init (&self->references);
  memcpy (self->public_half, bytes, sizeof self->public_half);
  crypto_generichash (hash, sizeof hash, bytes, crypto_box_PUBLICKEYBYTES, NULL, 0);
  sodium_bin2hex (self->fingerprint, sizeof self->fingerprint, hash, 8);
  return self;
}

/* Takes @secret. */
static SarapProjectKey *
new_from_private (SarapSecret *secret)
{
  guint8 public_half[crypto_box_PUBLICKEYBYTES];
  SarapProjectKey *self;

  crypto_scalarmult_base (public_half, sarap_secret_peek (secret));
  self = new_from_public (public_half);
  self->private_half = secret;
  return self;
}

SarapProjectKey *
sarap_project_key_generate (void)
{
  return new_from_private (sarap_secret_new_random ());
}

SarapProjectKey *
sarap_project_key_ref (SarapProjectKey *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
sarap_project_key_unref (SarapProjectKey *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->private_half, sarap_secret_unref);
  g_free (self);
}

const char *
sarap_project_key_peek_fingerprint (SarapProjectKey *self)
{
  return self->fingerprint;
}

gboolean
sarap_project_key_is_private (SarapProjectKey *self)
{
  return self->private_half != NULL;
}

/* Returns: (transfer full) */
char *
sarap_project_key_to_public_text (SarapProjectKey *self)
{
  g_autofree char *text = g_base64_encode (self->public_half, sizeof self->public_half);

  return g_strconcat (PUBLIC_PREFIX, text, NULL);
}

/* Its bytes alone, as an enrolment carries them. Returns: (transfer full) */
char *
sarap_project_key_to_base64 (SarapProjectKey *self)
{
  return g_base64_encode (self->public_half, sizeof self->public_half);
}

/* Only of a private key. Returns: (transfer full) for sarap_secret_wipe_text() */
char *
sarap_project_key_to_private_text (SarapProjectKey *self)
{
  char *text = sarap_secret_to_text (self->private_half);
  char *line = g_strconcat (PRIVATE_PREFIX, text, NULL);

  sarap_secret_wipe_text (text);
  return line;
}

static SarapProjectKey *
set_malformed (GError **error)
{
  g_set_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_MALFORMED, "no project key: one line that begins with " PUBLIC_PREFIX " or " PRIVATE_PREFIX " is expected");
  return NULL;
}

/* Points of small order give everybody the same secret. */
static gboolean
is_weak (const guint8 public_half[crypto_box_PUBLICKEYBYTES])
{
  guint8 shared[crypto_scalarmult_BYTES];
  guint8 chance[crypto_scalarmult_SCALARBYTES];

  randombytes_buf (chance, sizeof chance);
  return crypto_scalarmult (shared, chance, public_half) != 0;
}

/* A public half from sarap_project_key_to_base64(). Errors: MALFORMED. */
SarapProjectKey *
sarap_project_key_new_from_base64 (const char *text, GError **error)
{
  g_autofree char *line = g_strconcat (PUBLIC_PREFIX, text, NULL);

  return sarap_project_key_new_from_text (line, error);
}

/* White space around the line is allowed. Errors: MALFORMED. */
SarapProjectKey *
sarap_project_key_new_from_text (const char *text, GError **error)
{
  g_autofree char *line = g_strstrip (g_strdup (text));
  gboolean is_private = g_str_has_prefix (line, PRIVATE_PREFIX);
  g_autoptr (SarapSecret) bytes = NULL;

  if (is_private || g_str_has_prefix (line, PUBLIC_PREFIX))
    bytes = sarap_secret_new_from_text (strchr (line, ':') + 1);
  sodium_memzero (line, strlen (line));
  if (bytes == NULL || (!is_private && is_weak (sarap_secret_peek (bytes))))
    return set_malformed (error);
  return is_private ? new_from_private (g_steal_pointer (&bytes)) : new_from_public (sarap_secret_peek (bytes));
}

/* Either half. A private half that others may read is refused. Errors: MALFORMED, those of
 * sarap_file_read_secret(). */
SarapProjectKey *
sarap_project_key_read (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = sarap_file_read (path, MAX_TEXT, error);
  g_autofree char *text = NULL;
  char *secret;
  SarapProjectKey *self;

  if (bytes == NULL)
    return NULL;
  text = g_strndup (g_bytes_get_size (bytes) ? g_bytes_get_data (bytes, NULL) : "", g_bytes_get_size (bytes));
  if (!g_str_has_prefix (g_strchug (text), PRIVATE_PREFIX))
    {
      self = sarap_project_key_new_from_text (text, error);
    }
  else
    {
      sodium_memzero (text, strlen (text));
      secret = sarap_file_read_secret (path, error);
      self = secret == NULL ? NULL : sarap_project_key_new_from_text (secret, error);
      sarap_secret_wipe_text (secret);
    }
  if (self == NULL && error != NULL && g_error_matches (*error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_MALFORMED))
    g_prefix_error (error, "%s: ", path);
  return self;
}

/* The private half's file is for its owner alone. */
gboolean
sarap_project_key_write (SarapProjectKey *self, gboolean is_private, const char *path, GError **error)
{
  char *text = is_private ? sarap_project_key_to_private_text (self) : sarap_project_key_to_public_text (self);
  char *line = g_strconcat (text, "\n", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_with_free_func (line, strlen (line), (GDestroyNotify) sarap_secret_wipe_text, line);

  sarap_secret_wipe_text (text);
  return sarap_file_write (path, bytes, is_private ? 0600 : 0644, error);
}

/* A sealed box to the pair: only the private half opens it. The context is inside the box, since a box has
 * no associated data; what is sealed is bound to its place all the same. Returns: (transfer full) */
GBytes *
sarap_project_key_seal (SarapProjectKey *self, const char *context, const void *data, gsize size)
{
  gsize total = crypto_generichash_BYTES_MIN + size;
  guint8 *text = g_malloc (total);
  guint8 *sealed = g_malloc (total + crypto_box_SEALBYTES);

  crypto_generichash (text, crypto_generichash_BYTES_MIN, (const guint8 *) context, strlen (context), NULL, 0);
  if (size > 0)
    memcpy (text + crypto_generichash_BYTES_MIN, data, size);
  crypto_box_seal (sealed, text, total, self->public_half);
  sodium_memzero (text, total);
  g_free (text);
  return g_bytes_new_take (sealed, total + crypto_box_SEALBYTES);
}

static GBytes *
check_context (const guint8 *text, gsize total, const char *context)
{
  guint8 hash[crypto_generichash_BYTES_MIN];

  crypto_generichash (hash, sizeof hash, (const guint8 *) context, strlen (context), NULL, 0);
  return memcmp (hash, text, sizeof hash) == 0 ? g_bytes_new_take (g_memdup2 (text + sizeof hash, total - sizeof hash), total - sizeof hash) : NULL;
}

/* Errors: LOCKED when only the public half is known; FORGED. Returns: (transfer full) */
GBytes *
sarap_project_key_unseal (SarapProjectKey *self, const char *context, GBytes *sealed, GError **error)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (sealed, &size);
  gsize total = size - crypto_box_SEALBYTES;
  g_autofree guint8 *text = NULL;
  GBytes *plain = NULL;

  if (self->private_half == NULL)
    {
      g_set_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_LOCKED, "%s: sealed to project key %s, which is not open", context, self->fingerprint);
      return NULL;
    }
  if (size >= crypto_box_SEALBYTES + crypto_generichash_BYTES_MIN)
    {
      text = g_malloc (total);
      if (crypto_box_seal_open (text, bytes, size, self->public_half, sarap_secret_peek (self->private_half)) == 0)
        plain = check_context (text, total, context);
      sodium_memzero (text, total);
    }
  if (plain == NULL)
    g_set_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_FORGED, "%s: changed or sealed for another place", context);
  return plain;
}

/* Returns: (transfer full) */
GBytes *
sarap_project_key_seal_secret (SarapProjectKey *self, const char *context, SarapSecret *secret)
{
  return sarap_project_key_seal (self, context, sarap_secret_peek (secret), SARAP_SECRET_SIZE);
}

/* Errors: LOCKED, FORGED. */
SarapSecret *
sarap_project_key_unseal_secret (SarapProjectKey *self, const char *context, GBytes *sealed, GError **error)
{
  GBytes *plain = sarap_project_key_unseal (self, context, sealed, error);

  return plain != NULL ? sarap_secret_new_steal (plain, context, error) : NULL;
}
