#include "tests/support/sarap-test-ca.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

struct _SarapTestCa
{
  X509 *certificate;
  EVP_PKEY *key;
  char *pem;
};

static void
add_extension (X509 *certificate, X509 *issuer, int id, const char *value)
{
  X509V3_CTX context;
  X509_EXTENSION *extension;

  X509V3_set_ctx_nodb (&context);
  X509V3_set_ctx (&context, issuer, certificate, NULL, NULL, 0);
  extension = X509V3_EXT_conf_nid (NULL, &context, id, value);
  g_assert_nonnull (extension);
  X509_add_ext (certificate, extension, -1);
  X509_EXTENSION_free (extension);
}

static X509 *
new_certificate (EVP_PKEY *key, const char *name, long starts, long ends)
{
  X509 *certificate = X509_new ();
  X509_NAME *subject = X509_get_subject_name (certificate);

  X509_set_version (certificate, 2);
  ASN1_INTEGER_set_uint64 (X509_get_serialNumber (certificate), ((guint64) g_random_int () << 16) | 1);
  X509_gmtime_adj (X509_getm_notBefore (certificate), starts);
  X509_gmtime_adj (X509_getm_notAfter (certificate), ends);
  X509_set_pubkey (certificate, key);
  X509_NAME_add_entry_by_txt (subject, "CN", MBSTRING_UTF8, (const guchar *) name, -1, -1, 0);
  return certificate;
}

static char *
to_pem (X509 *certificate, EVP_PKEY *key)
{
  BIO *bio = BIO_new (BIO_s_mem ());
  char *data, *pem;
  long length;

  PEM_write_bio_X509 (bio, certificate);
  if (key != NULL)
    PEM_write_bio_PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL);
  length = BIO_get_mem_data (bio, &data);
  pem = g_strndup (data, (gsize) length);
  BIO_free (bio);
  return pem;
}

SarapTestCa *
sarap_test_ca_new (void)
{
  SarapTestCa *self = g_new0 (SarapTestCa, 1);
  g_autofree char *name = g_strdup_printf ("Test authority %08x", g_random_int ());

  self->key = EVP_EC_gen ("P-256");
  self->certificate = new_certificate (self->key, name, -24 * 3600, 24 * 3600);
  X509_set_issuer_name (self->certificate, X509_get_subject_name (self->certificate));
  add_extension (self->certificate, self->certificate, NID_basic_constraints, "critical,CA:TRUE");
  add_extension (self->certificate, self->certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension (self->certificate, self->certificate, NID_subject_key_identifier, "hash");
  X509_sign (self->certificate, self->key, EVP_sha256 ());
  self->pem = to_pem (self->certificate, NULL);
  return self;
}

void
sarap_test_ca_free (SarapTestCa *self)
{
  X509_free (self->certificate);
  EVP_PKEY_free (self->key);
  g_free (self->pem);
  g_free (self);
}

const char *
sarap_test_ca_get_pem (SarapTestCa *self)
{
  return self->pem;
}

char *
sarap_test_ca_issue (SarapTestCa *self, const char *host, long starts, long ends)
{
  EVP_PKEY *key = EVP_EC_gen ("P-256");
  X509 *certificate = new_certificate (key, host, starts, ends);
  g_autofree char *names = g_strdup_printf ("%s:%s", g_hostname_is_ip_address (host) ? "IP" : "DNS", host);
  char *pem;

  X509_set_issuer_name (certificate, X509_get_subject_name (self->certificate));
  add_extension (certificate, self->certificate, NID_basic_constraints, "critical,CA:FALSE");
  add_extension (certificate, self->certificate, NID_subject_alt_name, names);
  add_extension (certificate, self->certificate, NID_ext_key_usage, "serverAuth");
  X509_sign (certificate, self->key, EVP_sha256 ());
  pem = to_pem (certificate, key);
  X509_free (certificate);
  EVP_PKEY_free (key);
  return pem;
}
