#pragma once

#include "app/store/sarap-store-records.h"

G_BEGIN_DECLS

void sarap_many_records_add (SarapStore *store, guint n, SarapRecordState state);

G_END_DECLS
