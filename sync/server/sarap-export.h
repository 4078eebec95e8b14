#pragma once

#include "sync/server/sarap-central.h"

G_BEGIN_DECLS

GBytes *sarap_export_csv (SarapCentral *central, gint64 project, const char *xml_form_id, GError **error);

G_END_DECLS
