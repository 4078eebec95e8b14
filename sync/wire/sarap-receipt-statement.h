#pragma once

#include "app/vault/sarap-statement.h"
#include "sync/wire/sarap-openrosa.h"

G_BEGIN_DECLS

SarapStatement *sarap_receipt_to_statement (const SarapReceipt *receipt);

G_END_DECLS
