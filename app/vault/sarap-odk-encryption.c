#include "app/vault/sarap-odk-encryption.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "app/base/sarap-xml.h"
#include "app/vault/sarap-seal.h"

/* https://getodk.github.io/xforms-spec/encryption
 *  1. One AES-256 key a submission, wrapped by RSA-OAEP with SHA-256 both as hash and in MGF1.
 *  2. The seed is MD5 (instanceID | key). Before each file, byte (number of files so far mod 16) of the seed grows by
 *     one, and the seed is the file's initialization vector.
 *  3. Files are padded (PKCS#7, 16 bytes) and encrypted in CFB-128: media first, in the order of <media>, the XML last.
 *  4. The signature is the wrapped MD5 of form, version, wrapped key, instanceID and each file's name and MD5, a line
 *     each. */

#define NAMESPACE "http://www.opendatakit.org/xforms/encrypted"
#define OPENROSA "http://openrosa.org/xforms"
#define XML_NAME "submission.xml"

enum
{
  KEY_SIZE = 32,
  BLOCK = 16,
};

struct _SarapOdkEncryption
{
  EVP_PKEY *public_key;
  SarapSecret *key;
  char *form_id;
  char *form_version;
  char *instance_id;
  char *wrapped_key; /* base64 */
  guint8 seed[BLOCK];
  guint n_files;
  GString *signed_text;
  GString *media; /* XML */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY_CTX, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)

void
sarap_odk_encryption_free (SarapOdkEncryption *self)
{
  g_clear_pointer (&self->public_key, EVP_PKEY_free);
  g_clear_pointer (&self->key, sarap_secret_unref);
  g_string_free (self->signed_text, TRUE);
  g_string_free (self->media, TRUE);
  g_free (self->form_id);
  g_free (self->form_version);
  g_free (self->instance_id);
  g_free (self->wrapped_key);
  g_free (self);
}

/* The base64 of the form, with or without the lines around a PEM. */
static EVP_PKEY *
parse_public_key (const char *text, GError **error)
{
  g_autoptr (GString) plain = g_string_new (text);
  g_autofree guchar *der = NULL;
  const guchar *at;
  gsize size;
  EVP_PKEY *key;

  g_string_replace (plain, "-----BEGIN PUBLIC KEY-----", "", 0);
  g_string_replace (plain, "-----END PUBLIC KEY-----", "", 0);
  at = der = g_base64_decode (plain->str, &size);
  key = d2i_PUBKEY (NULL, &at, (long) size);
  if (key != NULL && EVP_PKEY_is_a (key, "RSA"))
    return key;
  EVP_PKEY_free (key);
  g_set_error_literal (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_MALFORMED, "the form's base64RsaPublicKey is no RSA public key: ask whoever made the form");
  return NULL;
}

static gboolean
fail (GError **error, const char *doing)
{
  g_set_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_MALFORMED, "cannot encrypt the submission with the form's key: %s", doing);
  return FALSE;
}

/* Returns: (transfer full) base64 on one line */
static char *
wrap (SarapOdkEncryption *self, const guint8 *data, gsize size, GError **error)
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new (self->public_key, NULL);
  gsize length = (gsize) EVP_PKEY_get_size (self->public_key);
  g_autofree guint8 *wrapped = g_malloc (length);

  if (EVP_PKEY_encrypt_init (context) > 0 && EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_OAEP_PADDING) > 0 &&
      EVP_PKEY_CTX_set_rsa_oaep_md (context, EVP_sha256 ()) > 0 && EVP_PKEY_CTX_set_rsa_mgf1_md (context, EVP_sha256 ()) > 0 &&
      EVP_PKEY_encrypt (context, wrapped, &length, data, size) > 0)
    return g_base64_encode (wrapped, length);
  fail (error, "RSA-OAEP");
  return NULL;
}

static void
sign_line (SarapOdkEncryption *self, const char *line)
{
  g_string_append (self->signed_text, line);
  g_string_append_c (self->signed_text, '\n');
}

static void
make_seed (SarapOdkEncryption *self)
{
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);
  gsize size = BLOCK;

  g_checksum_update (md5, (const guchar *) self->instance_id, strlen (self->instance_id));
  g_checksum_update (md5, sarap_secret_peek (self->key), KEY_SIZE);
  g_checksum_get_digest (md5, self->seed, &size);
}

/* @public_key: as the form has it; @form_version: "" for none. Errors: MALFORMED. */
SarapOdkEncryption *
sarap_odk_encryption_new (const char *public_key, const char *form_id, const char *form_version, const char *instance_id, GError **error)
{
  g_autoptr (SarapOdkEncryption) self = g_new0 (SarapOdkEncryption, 1);

  self->signed_text = g_string_new (NULL);
  self->media = g_string_new (NULL);
  self->form_id = g_strdup (form_id);
  self->form_version = g_strdup (form_version);
  self->instance_id = g_strdup (instance_id);
  self->public_key = parse_public_key (public_key, error);
  if (self->public_key == NULL)
    return NULL;
  self->key = sarap_secret_new_random ();
  self->wrapped_key = wrap (self, sarap_secret_peek (self->key), KEY_SIZE, error);
  if (self->wrapped_key == NULL)
    return NULL;
  make_seed (self);
  sign_line (self, form_id);
  if (*form_version != '\0')
    sign_line (self, form_version);
  sign_line (self, self->wrapped_key);
  sign_line (self, instance_id);
  return g_steal_pointer (&self);
}

static GBytes *
encrypt (SarapOdkEncryption *self, GBytes *plain, GError **error)
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  gsize size;
  const guint8 *data = g_bytes_get_data (plain, &size);
  guint8 padding[BLOCK];
  int n_padding = BLOCK - (int) (size % BLOCK);
  g_autofree guint8 *out = g_malloc (size + n_padding);
  int n, rest;

  self->seed[self->n_files++ % BLOCK]++;
  memset (padding, n_padding, sizeof padding);
  if (size > G_MAXINT - BLOCK || EVP_EncryptInit_ex2 (context, EVP_aes_256_cfb128 (), sarap_secret_peek (self->key), self->seed, NULL) <= 0 ||
      EVP_EncryptUpdate (context, out, &n, size > 0 ? data : padding, (int) size) <= 0 || EVP_EncryptUpdate (context, out + n, &rest, padding, n_padding) <= 0)
    return fail (error, "AES-256-CFB"), NULL;
  return g_bytes_new_take (g_steal_pointer (&out), size + n_padding);
}

static GBytes *
encrypt_named (SarapOdkEncryption *self, const char *name, GBytes *plain, GError **error)
{
  g_autofree char *md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, plain);
  g_autofree char *line = g_strconcat (name, "::", md5, NULL);

  sign_line (self, line);
  return encrypt (self, plain, error);
}

/* The next attachment; to be sent as @name with ".enc" behind it. Returns: (transfer full) */
GBytes *
sarap_odk_encryption_add (SarapOdkEncryption *self, const char *name, GBytes *plain, GError **error)
{
  g_string_append (self->media, "<media><file>");
  sarap_xml_append_escaped (self->media, name, FALSE);
  g_string_append (self->media, ".enc</file></media>\n");
  return encrypt_named (self, name, plain, error);
}

static void
append_element (GString *text, const char *name, const char *value)
{
  g_string_append_printf (text, "<%s>", name);
  sarap_xml_append_escaped (text, value, FALSE);
  g_string_append_printf (text, "</%s>", name);
}

static void
append_attribute (GString *text, const char *name, const char *value)
{
  g_string_append_printf (text, " %s=\"", name);
  sarap_xml_append_escaped (text, value, TRUE);
  g_string_append_c (text, '"');
}

/* After all attachments. @encrypted_xml: (out) what is sent as SARAP_ODK_ENCRYPTED_XML. Returns: (transfer full) the
 * envelope, which is sent in the place of the answers */
GBytes *
sarap_odk_encryption_finish (SarapOdkEncryption *self, GBytes *xml, GBytes **encrypted_xml, GError **error)
{
  g_autoptr (GBytes) sealed = encrypt_named (self, XML_NAME, xml, error);
  guint8 digest[BLOCK];
  gsize size = sizeof digest;
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);
  g_autofree char *signature = NULL;
  GString *text;

  if (sealed == NULL)
    return NULL;
  g_checksum_update (md5, (const guchar *) self->signed_text->str, self->signed_text->len);
  g_checksum_get_digest (md5, digest, &size);
  signature = wrap (self, digest, size, error);
  if (signature == NULL)
    return NULL;
  text = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<data xmlns=\"" NAMESPACE "\" encrypted=\"yes\"");
  append_attribute (text, "id", self->form_id);
  if (*self->form_version != '\0')
    append_attribute (text, "version", self->form_version);
  g_string_append (text, ">\n");
  append_element (text, "base64EncryptedKey", self->wrapped_key);
  g_string_append (text, "\n<orx:meta xmlns:orx=\"" OPENROSA "\">");
  append_element (text, "orx:instanceID", self->instance_id);
  g_string_append_printf (text, "</orx:meta>\n%s", self->media->str);
  append_element (text, "encryptedXmlFile", SARAP_ODK_ENCRYPTED_XML);
  g_string_append_c (text, '\n');
  append_element (text, "base64EncryptedElementSignature", signature);
  g_string_append (text, "\n</data>\n");
  *encrypted_xml = g_steal_pointer (&sealed);
  return g_string_free_to_bytes (text);
}
