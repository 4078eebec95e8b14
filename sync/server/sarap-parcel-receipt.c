#include "sync/server/sarap-parcel-receipt.h"

#include "sync/wire/sarap-receipt-statement.h"

static void
sign (SarapCentral *central, SarapReceipt *receipt)
{
  g_autoptr (SarapStatement) statement = NULL;
  g_autofree char *text = NULL;

  if (central->signing_key == NULL)
    return;
  receipt->time = sarap_central_get_now (central);
  statement = sarap_receipt_to_statement (receipt);
  text = sarap_statement_to_text (statement);
  receipt->signature = sarap_server_key_sign (central->signing_key, text);
}

/* What an accepted parcel's submission holds now, and lacks; signed. */
SarapReceipt *
sarap_receipt_from_parcel (SarapCentral *central, const SarapParcel *parcel)
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
  sign (central, receipt);
  return receipt;
}
