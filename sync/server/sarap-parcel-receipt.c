#include "sync/server/sarap-parcel-receipt.h"

/* What an accepted parcel's submission holds now, and lacks. */
SarapReceipt *
sarap_receipt_from_parcel (const SarapParcel *parcel)
{
  SarapReceipt *receipt = sarap_receipt_new (parcel->instance_id);

  sarap_receipt_add_file (receipt, SARAP_RECEIPT_XML, parcel->sha256, g_bytes_get_size (parcel->xml));
  for (guint i = 0; i < parcel->stored->len; i++)
    {
      const SarapCentralFile *file = g_ptr_array_index (parcel->stored, i);

      if (file->sha256 != NULL)
        sarap_receipt_add_file (receipt, file->name, file->sha256, (guint64) file->size);
      else
        sarap_receipt_add_missing (receipt, file->name);
    }
  receipt->is_complete = receipt->missing->len == 0;
  return receipt;
}
