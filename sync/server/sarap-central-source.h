#pragma once

#include "app/report/sarap-record-source.h"
#include "sync/server/sarap-central.h"

G_BEGIN_DECLS

#define SARAP_TYPE_CENTRAL_SOURCE (sarap_central_source_get_type ())
G_DECLARE_FINAL_TYPE (SarapCentralSource, sarap_central_source, SARAP, CENTRAL_SOURCE, GObject)

SarapRecordSource *sarap_central_source_new (SarapCentral *central, gint64 project);

G_END_DECLS
