#include "app/vault/sarap-statement.h"

#include <sodium.h>
#include <string.h>

#include "app/vault/sarap-custody.h"

typedef struct
{
  char *name;
  char *sha256;
  guint64 size;
} File;

static void
file_free (gpointer data)
{
  File *file = data;

  g_free (file->name);
  g_free (file->sha256);
  g_free (file);
}

static int
compare_files (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(File *const *) a)->name, (*(File *const *) b)->name);
}

/* @head may be NULL. */
SarapStatement *
sarap_statement_new (const char *instance, gint64 time, const char *head, gboolean is_complete)
{
  SarapStatement *self = g_new0 (SarapStatement, 1);

  self->instance = g_strdup (instance);
  self->time = time;
  self->head = g_strdup (head ? head : "");
  self->is_complete = is_complete;
  self->files = g_ptr_array_new_with_free_func (file_free);
  return self;
}

void
sarap_statement_free (SarapStatement *self)
{
  g_free (self->instance);
  g_free (self->head);
  g_free (self->answers);
  g_ptr_array_unref (self->files);
  g_free (self);
}

void
sarap_statement_add_file (SarapStatement *self, const char *name, const char *sha256, guint64 size)
{
  File *file = g_new0 (File, 1);

  file->name = g_strdup (name);
  file->sha256 = g_strdup (sha256);
  file->size = size;
  g_ptr_array_add (self->files, file);
  if (g_str_equal (name, SARAP_STATEMENT_ANSWERS))
    {
      g_free (self->answers);
      self->answers = g_strdup (sha256);
    }
}

/* Canonical JSON, files by name: the same whatever the order they were added in. Returns: (transfer full) */
char *
sarap_statement_to_text (const SarapStatement *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GBytes) bytes = NULL;

  g_ptr_array_sort (self->files, compare_files);
  json_builder_begin_object (builder);
  sarap_json_build_string (builder, "instance", self->instance);
  sarap_json_build_int (builder, "time", self->time);
  sarap_json_build_string (builder, "head", self->head);
  sarap_json_build_boolean (builder, "complete", self->is_complete);
  json_builder_set_member_name (builder, "files");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->files->len; i++)
    {
      const File *file = g_ptr_array_index (self->files, i);

      json_builder_begin_object (builder);
      sarap_json_build_string (builder, "name", file->name);
      sarap_json_build_string (builder, "sha256", file->sha256);
      sarap_json_build_int (builder, "size", (gint64) file->size);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  bytes = sarap_json_build_canonical (builder);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static GBytes *
parse_signature (const char *text)
{
  guint8 bytes[SARAP_SIGNATURE_SIZE];
  size_t size = 0;

  if (text == NULL || sodium_hex2bin (bytes, sizeof bytes, text, strlen (text), NULL, &size, NULL) != 0)
    size = 0;
  return g_bytes_new (bytes, size);
}

static SarapStatement *
parse (GBytes *text)
{
  g_autoptr (JsonNode) root = sarap_json_parse (text, "statement", NULL);
  JsonObject *object = root ? sarap_json_peek_root (root) : NULL;
  JsonArray *files = object ? sarap_json_peek_array (object, "files") : NULL;
  const char *instance = object ? sarap_json_peek_string (object, "instance") : NULL;
  SarapStatement *self;

  if (files == NULL || instance == NULL)
    return NULL;
  self = sarap_statement_new (instance, sarap_json_peek_int (object, "time", 0), sarap_json_peek_string (object, "head"), sarap_json_peek_boolean (object, "complete"));
  for (guint i = 0; i < json_array_get_length (files); i++)
    {
      JsonObject *file = sarap_json_peek_element (files, i);
      const char *name = file ? sarap_json_peek_string (file, "name") : NULL;
      const char *sha256 = file ? sarap_json_peek_string (file, "sha256") : NULL;

      if (name != NULL && sha256 != NULL)
        sarap_statement_add_file (self, name, sha256, (guint64) sarap_json_peek_int (file, "size", 0));
    }
  return self;
}

/* @key, @signature: hexadecimal. Returns: (transfer full), or NULL when the signature is not of @key over @text, or the
 * text no statement */
SarapStatement *
sarap_statement_new_signed (const char *text, const char *key, const char *signature)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) raw = parse_signature (signature);

  return key != NULL && sarap_custody_is_signed (key, SARAP_CUSTODY_RECEIPT, bytes, raw) ? parse (bytes) : NULL;
}

char *
sarap_server_key_generate (void)
{
  g_autoptr (SarapSecret) seed = sarap_secret_new_random ();
  char *text = g_malloc0 (SARAP_SECRET_SIZE * 2 + 1);

  return sodium_bin2hex (text, SARAP_SECRET_SIZE * 2 + 1, sarap_secret_peek (seed), SARAP_SECRET_SIZE);
}

static gboolean
make_pair (const char *seed, guint8 public_half[crypto_sign_PUBLICKEYBYTES], guint8 private_half[crypto_sign_SECRETKEYBYTES])
{
  guint8 bytes[crypto_sign_SEEDBYTES];
  size_t size = 0;

  if (sodium_hex2bin (bytes, sizeof bytes, seed, strlen (seed), NULL, &size, NULL) != 0 || size != sizeof bytes)
    return FALSE;
  crypto_sign_seed_keypair (public_half, private_half, bytes);
  sodium_memzero (bytes, sizeof bytes);
  return TRUE;
}

/* NULL when @seed is none. */
char *
sarap_server_key_dup_public (const char *seed)
{
  guint8 public_half[crypto_sign_PUBLICKEYBYTES];
  guint8 private_half[crypto_sign_SECRETKEYBYTES];
  char text[crypto_sign_PUBLICKEYBYTES * 2 + 1];

  if (!make_pair (seed, public_half, private_half))
    return NULL;
  sodium_memzero (private_half, sizeof private_half);
  return g_strdup (sodium_bin2hex (text, sizeof text, public_half, sizeof public_half));
}

/* The signature of @text as a receipt's statement, hexadecimal; NULL when @seed is none. */
char *
sarap_server_key_sign (const char *seed, const char *text)
{
  g_autofree char *all = g_strconcat (SARAP_CUSTODY_RECEIPT "\n", text, NULL);
  guint8 public_half[crypto_sign_PUBLICKEYBYTES];
  guint8 private_half[crypto_sign_SECRETKEYBYTES];
  guint8 signature[crypto_sign_BYTES];
  char hex[crypto_sign_BYTES * 2 + 1];

  if (!make_pair (seed, public_half, private_half))
    return NULL;
  crypto_sign_detached (signature, NULL, (const guint8 *) all, strlen (all), private_half);
  sodium_memzero (private_half, sizeof private_half);
  return g_strdup (sodium_bin2hex (hex, sizeof hex, signature, sizeof signature));
}
