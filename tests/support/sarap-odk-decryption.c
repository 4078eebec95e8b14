#include "tests/support/sarap-odk-decryption.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

typedef struct
{
  xmlDoc *document;
  xmlXPathContext *context;
} Envelope;

/* A pair of 2048 bits. @public_key: (out) as a form has it. */
EVP_PKEY *
sarap_odk_key_new (char **public_key)
{
  EVP_PKEY *key = EVP_RSA_gen (2048);
  guint8 *der = NULL;
  int size = i2d_PUBKEY (key, &der);

  *public_key = g_base64_encode (der, size);
  OPENSSL_free (der);
  return key;
}

static char *
dup_text (const Envelope *envelope, const char *path)
{
  xmlXPathObject *found = xmlXPathEval ((const xmlChar *) path, envelope->context);
  xmlChar *text = xmlXPathCastToString (found);
  char *copy = g_strdup ((const char *) text);

  xmlFree (text);
  xmlXPathFreeObject (found);
  return copy;
}

static GBytes *
unwrap (EVP_PKEY *key, const char *base64)
{
  gsize size, length = (gsize) EVP_PKEY_get_size (key);
  g_autofree guint8 *wrapped = g_base64_decode (base64, &size);
  guint8 *plain = g_malloc (length);
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new (key, NULL);
  gboolean ok = EVP_PKEY_decrypt_init (context) > 0 && EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_OAEP_PADDING) > 0 &&
                EVP_PKEY_CTX_set_rsa_oaep_md (context, EVP_sha256 ()) > 0 && EVP_PKEY_CTX_set_rsa_mgf1_md (context, EVP_sha256 ()) > 0 &&
                EVP_PKEY_decrypt (context, plain, &length, wrapped, size) > 0;

  EVP_PKEY_CTX_free (context);
  if (ok)
    return g_bytes_new_take (plain, length);
  g_free (plain);
  return NULL;
}

static GBytes *
decrypt (GBytes *key, const guint8 seed[16], GBytes *encrypted)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (encrypted, &size);
  g_autofree guint8 *plain = g_malloc (size + 1);
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  gboolean ok;
  int n;

  ok = EVP_DecryptInit_ex (context, EVP_aes_256_cfb128 (), NULL, g_bytes_get_data (key, NULL), seed) > 0 &&
       EVP_DecryptUpdate (context, plain, &n, data, (int) size) > 0;
  EVP_CIPHER_CTX_free (context);
  if (!ok || size == 0 || size % 16 != 0 || plain[size - 1] < 1 || plain[size - 1] > 16)
    return NULL;
  for (guint8 i = 1; i <= plain[size - 1]; i++)
    if (plain[size - i] != plain[size - 1])
      return NULL;
  return g_bytes_new (plain, size - plain[size - 1]);
}

static void
md5 (const void *a, gsize a_size, const void *b, gsize b_size, guint8 digest[16])
{
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_MD5);
  gsize size = 16;

  g_checksum_update (checksum, a, a_size);
  g_checksum_update (checksum, b, b_size);
  g_checksum_get_digest (checksum, digest, &size);
  g_checksum_free (checksum);
}

static gboolean
fail (GError **error, const char *what)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, what);
  return FALSE;
}

static gboolean
decrypt_file (const char *encrypted_name, guint place, GBytes *key, guint8 seed[16], GHashTable *files, GHashTable *plain, GString *signed_text, GError **error)
{
  GBytes *encrypted = g_hash_table_lookup (files, encrypted_name);
  g_autofree char *name = g_strndup (encrypted_name, strlen (encrypted_name) - strlen (".enc"));
  g_autofree char *hash = NULL;
  GBytes *bytes;

  seed[place % 16]++;
  if (encrypted == NULL)
    return fail (error, "a file is missing");
  bytes = decrypt (key, seed, encrypted);
  if (bytes == NULL)
    return fail (error, "a file has no sound padding");
  hash = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, bytes);
  g_string_append_printf (signed_text, "%s::%s\n", name, hash);
  g_hash_table_insert (plain, g_steal_pointer (&name), bytes);
  return TRUE;
}

static gboolean
read_files (const Envelope *envelope, GBytes *key, GHashTable *files, GHashTable *plain, GString *signed_text, GError **error)
{
  g_autofree char *instance = dup_text (envelope, "/e:data/o:meta/o:instanceID");
  g_autofree char *xml = dup_text (envelope, "/e:data/e:encryptedXmlFile");
  g_autofree char *count = dup_text (envelope, "count(/e:data/e:media/e:file)");
  guint n = (guint) g_ascii_strtoull (count, NULL, 10);
  guint8 seed[16];

  md5 (instance, strlen (instance), g_bytes_get_data (key, NULL), g_bytes_get_size (key), seed);
  for (guint i = 0; i <= n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/e:data/e:media[%u]/e:file", i + 1);
      g_autofree char *name = i < n ? dup_text (envelope, path) : g_strdup (xml);

      if (!decrypt_file (name, i, key, seed, files, plain, signed_text, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_signature (const Envelope *envelope, EVP_PKEY *key, const char *signed_text, GError **error)
{
  g_autofree char *text = dup_text (envelope, "/e:data/e:base64EncryptedElementSignature");
  g_autoptr (GBytes) expected = unwrap (key, text);
  guint8 digest[16];

  md5 (signed_text, strlen (signed_text), "", 0, digest);
  if (expected != NULL && g_bytes_get_size (expected) == 16 && memcmp (g_bytes_get_data (expected, NULL), digest, 16) == 0)
    return TRUE;
  return fail (error, "the signature is for something else");
}

static GHashTable *
read_envelope (const Envelope *envelope, EVP_PKEY *key, GHashTable *files, GError **error)
{
  g_autoptr (GHashTable) plain = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  g_autofree char *wrapped = dup_text (envelope, "/e:data[@encrypted='yes']/e:base64EncryptedKey");
  g_autofree char *form = dup_text (envelope, "/e:data/@id");
  g_autofree char *version = dup_text (envelope, "/e:data/@version");
  g_autofree char *instance = dup_text (envelope, "/e:data/o:meta/o:instanceID");
  g_autoptr (GBytes) aes = unwrap (key, wrapped);
  g_autoptr (GString) signed_text = g_string_new (NULL);

  g_string_append_printf (signed_text, "%s\n%s%s%s\n%s\n", form, version, *version != '\0' ? "\n" : "", wrapped, instance);
  if (aes == NULL || g_bytes_get_size (aes) != 32)
    return fail (error, "the key does not open the envelope"), NULL;
  if (!read_files (envelope, aes, files, plain, signed_text, error) || !check_signature (envelope, key, signed_text->str, error))
    return NULL;
  return g_steal_pointer (&plain);
}

/* @files: name with ".enc" → bytes. Returns: name → plain bytes; NULL when anything is not as it should be */
GHashTable *
sarap_odk_decrypt (EVP_PKEY *key, GBytes *bytes, GHashTable *files, GError **error)
{
  Envelope envelope = { xmlReadMemory (g_bytes_get_data (bytes, NULL), (int) g_bytes_get_size (bytes), "envelope", NULL, XML_PARSE_NONET) };
  GHashTable *plain;

  if (envelope.document == NULL)
    return fail (error, "the envelope is no XML"), NULL;
  envelope.context = xmlXPathNewContext (envelope.document);
  xmlXPathRegisterNs (envelope.context, (const xmlChar *) "e", (const xmlChar *) "http://www.opendatakit.org/xforms/encrypted");
  xmlXPathRegisterNs (envelope.context, (const xmlChar *) "o", (const xmlChar *) "http://openrosa.org/xforms");
  plain = read_envelope (&envelope, key, files, error);
  xmlXPathFreeContext (envelope.context);
  xmlFreeDoc (envelope.document);
  return plain;
}
