#pragma once

#include "sync/server/sarap-central.h"
#include "sync/wire/sarap-openrosa.h"

G_BEGIN_DECLS

SarapReceipt *sarap_receipt_from_parcel (SarapCentral *central, const SarapParcel *parcel);

G_END_DECLS
