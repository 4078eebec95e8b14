#pragma once

#include "sync/wire/sarap-openrosa.h"

G_BEGIN_DECLS

GPtrArray *sarap_receipt_find_lacking (const SarapReceipt *receipt, const char *record_id, GBytes *xml, GPtrArray *attachments, GError **error);

G_END_DECLS
