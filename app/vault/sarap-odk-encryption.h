#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Submissions of forms with a base64RsaPublicKey, as the ODK XForms specification's chapter on encryption lays them out:
 * whoever holds the RSA key's private half reads them with the tools of that field, and nobody else does. */

typedef struct _SarapOdkEncryption SarapOdkEncryption;

#define SARAP_ODK_ENCRYPTED_XML "submission.xml.enc"

SarapOdkEncryption *sarap_odk_encryption_new (const char *public_key, const char *form_id, const char *form_version, const char *instance_id, GError **error);
void sarap_odk_encryption_free (SarapOdkEncryption *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapOdkEncryption, sarap_odk_encryption_free)

GBytes *sarap_odk_encryption_add (SarapOdkEncryption *self, const char *name, GBytes *plain, GError **error);
GBytes *sarap_odk_encryption_finish (SarapOdkEncryption *self, GBytes *xml, GBytes **encrypted_xml, GError **error);

G_END_DECLS
