#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "app/base/sarap-file.h"
#include "app/base/sarap-problem.h"
#include "app/store/sarap-store-outbox.h"
#include "app/store/sarap-store-records.h"
#include "sync/client/sarap-enrolment.h"
#include "sync/client/sarap-receipt-check.h"
#include "sync/client/sarap-sync.h"
#include "sync/wire/sarap-handover.h"
#include "sync/wire/sarap-receipt-statement.h"

#define DEVICE_KEY "handover.device"

enum
{
  LONGEST_RECEIPT = 16 * 1024 * 1024,
};

/* Name of this device's folder on every stick; made once. @folder itself is not made: where a stick
 * is not mounted, its folder would be one of the tablet. */
static char *
dup_device_folder (SarapStore *store, const char *folder, GError **error)
{
  g_autofree char *device = sarap_store_dup_setting (store, DEVICE_KEY);
  g_autofree char *name = NULL;

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING, "%s: there is no such folder; is the stick in?", folder);
      return NULL;
    }
  if (device == NULL)
    {
      g_autofree char *random = g_uuid_string_random ();

      device = g_strndup (random, 8);
      if (!sarap_store_set_setting (store, DEVICE_KEY, device, error))
        return NULL;
    }
  name = g_strconcat (SARAP_HANDOVER_FOLDER_PREFIX, device, NULL);
  return g_build_filename (folder, name, NULL);
}

static gboolean
make_folder (const char *path, GError **error)
{
  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;
  g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_STORE, "the folder cannot be made: %s", g_strerror (errno));
  return FALSE;
}

static gboolean
write_file (const char *folder, const char *name, GBytes *bytes, SarapHandoverManifest *manifest, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  if (manifest != NULL)
    sarap_handover_manifest_add_file (manifest, name, sha256, g_bytes_get_size (bytes));
  return sarap_file_write (path, bytes, 0600, error);
}

static gboolean
write_attachments (SarapStore *store, const char *id, const char *folder, SarapHandoverManifest *manifest, GError **error)
{
  g_autoptr (GPtrArray) attachments = sarap_store_list_attachments (store, id, error);

  if (attachments == NULL)
    return FALSE;
  for (guint i = 0; i < attachments->len; i++)
    {
      const SarapAttachment *attachment = g_ptr_array_index (attachments, i);
      g_autoptr (GBytes) bytes = sarap_store_dup_attachment (store, id, attachment->name, error);
      g_autofree char *sha256 = bytes ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes) : NULL;

      if (bytes == NULL)
        return FALSE;
      if (!g_str_equal (sha256, attachment->sha256))
        {
          g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_STORE, "the attachment %s is damaged on this device", attachment->name);
          return FALSE;
        }
      if (!write_file (folder, attachment->name, bytes, manifest, error))
        return FALSE;
    }
  return TRUE;
}

/* The manifest is written last: a folder without one was cut short and counts for nothing. */
static gboolean
export_record (SarapStore *store, SarapRecord *record, const char *parent, GError **error)
{
  const char *id = sarap_record_get_id (record);
  g_autofree char *name = sarap_handover_folder_name (id);
  g_autofree char *folder = g_build_filename (parent, name, NULL);
  g_autoptr (SarapHandoverManifest) manifest = sarap_handover_manifest_new (id, sarap_record_get_form_id (record), sarap_record_get_form_version (record));
  g_autoptr (GBytes) xml = sarap_store_dup_record_xml (store, id, error);
  g_autoptr (GBytes) text = NULL;

  if (xml == NULL || !sarap_store_note_attempt (store, id, error) || !make_folder (folder, error) ||
      !write_file (folder, SARAP_RECEIPT_XML, xml, manifest, error) || !write_attachments (store, id, folder, manifest, error))
    return FALSE;
  text = sarap_handover_manifest_serialize (manifest);
  return write_file (folder, SARAP_HANDOVER_MANIFEST, text, NULL, error);
}

/* Every finalized record that is not sent yet; they stay finalized until a receipt comes back. A record
 * that fails does not stop the others: the first such failure is the error.
 * @n_records: (out) (optional): how many were written whole. */
gboolean
sarap_handover_export (SarapStore *store, const char *folder, guint *n_records, GError **error)
{
  g_autoptr (GPtrArray) records = sarap_store_list_due (store, G_MAXINT64, error);
  g_autofree char *parent = records ? dup_device_folder (store, folder, error) : NULL;
  g_autoptr (GError) first = NULL;
  guint n = 0;

  if (n_records != NULL)
    *n_records = 0;
  if (parent == NULL || !make_folder (parent, error))
    return FALSE;
  for (guint i = 0; i < records->len; i++)
    if (export_record (store, g_ptr_array_index (records, i), parent, first ? NULL : &first))
      n++;
  if (n_records != NULL)
    *n_records = n;
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

/* As over the network: a server whose key the enrolment gave must sign. @proof borrows from its neighbours. */
static gboolean
check_signature (const SarapReceipt *receipt, const char *server_key, const char *text, SarapReceiptProof *proof, GError **error)
{
  g_autoptr (SarapStatement) found = receipt->signature ? sarap_statement_new_signed (text, server_key, receipt->signature) : NULL;

  *proof = (SarapReceiptProof){ .statement = text, .server_key = server_key, .signature = receipt->signature, .server_time = receipt->time };
  if (found == NULL)
    g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER, "the receipt is not signed by the server that this device was enrolled with");
  return found != NULL;
}

static gboolean
note_sent (SarapStore *store, const SarapReceipt *receipt, GBytes *bytes, const char *message, GError **error)
{
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_load (store);
  g_autoptr (SarapStatement) statement = sarap_receipt_to_statement (receipt);
  g_autofree char *text = sarap_statement_to_text (statement);
  SarapReceiptProof proof;

  if (enrolment == NULL || enrolment->server_key == NULL)
    return sarap_store_note_sent (store, receipt->instance_id, bytes, NULL, message, error);
  return check_signature (receipt, enrolment->server_key, text, &proof, error) && sarap_store_note_sent (store, receipt->instance_id, bytes, &proof, message, error);
}

/* FALSE with an error when the receipt is not for what this device holds; then the record stays. */
static gboolean
take_receipt (SarapStore *store, const char *path, gboolean *is_new, GError **error)
{
  g_autoptr (GBytes) bytes = sarap_file_read (path, LONGEST_RECEIPT, error);
  g_autofree char *message = NULL;
  g_autoptr (SarapReceipt) receipt = bytes ? sarap_handover_receipt_parse (bytes, &message, error) : NULL;
  g_autoptr (SarapRecord) record = receipt ? sarap_store_find_record (store, receipt->instance_id, error) : NULL;
  g_autoptr (GPtrArray) attachments = NULL;
  g_autoptr (GPtrArray) lacking = NULL;
  g_autoptr (GBytes) xml = NULL;

  *is_new = FALSE;
  if (record == NULL)
    return FALSE;
  if (sarap_record_get_state (record) == SARAP_RECORD_SENT)
    return TRUE;
  xml = sarap_store_dup_record_xml (store, receipt->instance_id, error);
  attachments = xml ? sarap_store_list_attachments (store, receipt->instance_id, error) : NULL;
  lacking = attachments ? sarap_receipt_find_lacking (receipt, receipt->instance_id, xml, attachments, error) : NULL;
  if (lacking == NULL)
    return FALSE;
  if (lacking->len > 0)
    {
      g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER, "the receipt does not name %s", (const char *) g_ptr_array_index (lacking, 0));
      return FALSE;
    }
  *is_new = TRUE;
  return note_sent (store, receipt, bytes, message, error);
}

/* @folder: the one that was given for the export. A receipt that does not fit its record is passed
 * over; the first such failure is the error. @n_receipts: (out) (optional): records that are sent now. */
gboolean
sarap_handover_take_receipts (SarapStore *store, const char *folder, guint *n_receipts, GError **error)
{
  g_autofree char *parent = dup_device_folder (store, folder, error);
  g_autoptr (GDir) dir = parent ? g_dir_open (parent, 0, error) : NULL;
  g_autoptr (GError) first = NULL;
  const char *name;
  guint n = 0;

  if (n_receipts != NULL)
    *n_receipts = 0;
  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (parent, name, SARAP_HANDOVER_RECEIPT, NULL);
      gboolean is_new = FALSE;

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR) && take_receipt (store, path, &is_new, first ? NULL : &first) && is_new)
        n++;
    }
  if (n_receipts != NULL)
    *n_receipts = n;
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}
