#pragma once

#include "app/report/sarap-record-source.h"

G_BEGIN_DECLS

void sarap_store_source_init (SarapRecordSourceInterface *iface);

G_END_DECLS
