#pragma once

#include "sync/wire/sarap-openrosa.h"

G_BEGIN_DECLS

/* Files of the hand-over by USB stick: FOLDER/sarap-DEVICE/INSTANCE/ holds submission.xml, the
 * attachments under their names and, written last, manifest.json; the server adds receipt.json.
 * manifest.json: {"sarap-handover": 1, "instanceId", "formId", "version", "files": [{"name", "sha256", "size"}]}
 * receipt.json:  {"sarap-receipt": 1, "instanceId", "complete", "message", "files": […], "missing": ["NAME"]} */

#define SARAP_HANDOVER_FOLDER_PREFIX "sarap-"
#define SARAP_HANDOVER_MANIFEST "manifest.json"
#define SARAP_HANDOVER_RECEIPT "receipt.json"

typedef struct
{
  char *instance_id;
  char *form_id;
  char *version;
  GPtrArray *files; /* (element-type SarapStoredFile), submission.xml among them */
} SarapHandoverManifest;

SarapHandoverManifest *sarap_handover_manifest_new (const char *instance_id, const char *form_id, const char *version);
void sarap_handover_manifest_free (SarapHandoverManifest *self);
void sarap_handover_manifest_add_file (SarapHandoverManifest *self, const char *name, const char *sha256, guint64 size);
SarapHandoverManifest *sarap_handover_manifest_parse (GBytes *bytes, GError **error);
GBytes *sarap_handover_manifest_serialize (const SarapHandoverManifest *self);

SarapReceipt *sarap_handover_receipt_parse (GBytes *bytes, char **message, GError **error);
GBytes *sarap_handover_receipt_serialize (const SarapReceipt *receipt, const char *message);

/* Folder name for an instance or device: letters that every file system of a stick takes. */
char *sarap_handover_folder_name (const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapHandoverManifest, sarap_handover_manifest_free)

G_END_DECLS
