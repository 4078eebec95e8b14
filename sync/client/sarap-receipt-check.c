#include "sync/client/sarap-receipt-check.h"

#include "app/store/sarap-store-records.h"
#include "sync/client/sarap-sync.h"

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER, message);
  return FALSE;
}

static gboolean
check_xml (const SarapReceipt *receipt, const char *record_id, GBytes *xml, GError **error)
{
  const SarapStoredFile *file = sarap_receipt_find_file (receipt, SARAP_RECEIPT_XML);
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, xml);

  if (g_strcmp0 (receipt->instance_id, record_id) != 0)
    return fail (error, "the receipt is for another record");
  if (file == NULL)
    return fail (error, "the receipt does not name the answers");
  if (file->size != g_bytes_get_size (xml) || !g_str_equal (file->sha256, sha256))
    return fail (error, "the server holds other answers under this record's id");
  return TRUE;
}

/* Compares a receipt with the record, hash by hash (safety.md B7): only when nothing lacks and the
 * server calls it complete is the record safely there. @attachments: (element-type SarapAttachment).
 * Returns: (element-type utf8) (transfer container) names, borrowed from @attachments, of what must be
 * sent again; empty when all is there. NULL with an error when sending again cannot help. */
GPtrArray *
sarap_receipt_find_lacking (const SarapReceipt *receipt, const char *record_id, GBytes *xml, GPtrArray *attachments, GError **error)
{
  g_autoptr (GPtrArray) lacking = g_ptr_array_new ();

  if (!check_xml (receipt, record_id, xml, error))
    return NULL;
  for (guint i = 0; i < attachments->len; i++)
    {
      const SarapAttachment *attachment = g_ptr_array_index (attachments, i);
      const SarapStoredFile *file = sarap_receipt_find_file (receipt, attachment->name);

      if (file == NULL || file->size != (guint64) attachment->size || g_ascii_strcasecmp (file->sha256, attachment->sha256) != 0)
        g_ptr_array_add (lacking, attachment->name);
    }
  if (lacking->len == 0 && !receipt->is_complete)
    {
      fail (error, receipt->missing->len > 0 ? "the answers name files that this record does not have" : "the server calls the record incomplete");
      return NULL;
    }
  return g_steal_pointer (&lacking);
}
