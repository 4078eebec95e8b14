#pragma once

#include <gio/gio.h>
#include <openssl/evp.h>

G_BEGIN_DECLS

/* Reads ODK-encrypted submissions by the letter of https://getodk.github.io/xforms-spec/encryption, with nothing of what
 * writes them. */

EVP_PKEY *sarap_odk_key_new (char **public_key);
GHashTable *sarap_odk_decrypt (EVP_PKEY *key, GBytes *envelope, GHashTable *files, GError **error);

G_END_DECLS
