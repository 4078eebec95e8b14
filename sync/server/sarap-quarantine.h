#pragma once

#include <json-glib/json-glib.h>

#include "sync/server/sarap-central.h"

G_BEGIN_DECLS

/* What a person does with what lies in quarantine. Nothing is ever taken out of it. */

gboolean sarap_quarantine_accept (SarapCentral *central, gint64 project, gint64 id, const char *actor, const char *comment, GError **error);
gboolean sarap_quarantine_export (SarapCentral *central, gint64 project, gint64 id, const char *folder, GError **error);
void sarap_quarantine_build (JsonBuilder *builder, const SarapQuarantined *quarantined);

G_END_DECLS
