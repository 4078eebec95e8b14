#include "sync/wire/sarap-receipt-statement.h"

/* What a server signs of @receipt, and a device checks: both make it of the receipt itself. Returns: (transfer full) */
SarapStatement *
sarap_receipt_to_statement (const SarapReceipt *receipt)
{
  SarapStatement *statement = sarap_statement_new (receipt->instance_id, receipt->time, NULL, receipt->is_complete);

  for (guint i = 0; i < receipt->files->len; i++)
    {
      const SarapStoredFile *file = g_ptr_array_index (receipt->files, i);

      sarap_statement_add_file (statement, file->name, file->sha256, file->size);
    }
  return statement;
}
