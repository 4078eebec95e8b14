#pragma once

#include <json-glib/json-glib.h>

#include "sync/server/sarap-central.h"

G_BEGIN_DECLS

/* Devices and their keys, for administration by command and by request. */

gint64 sarap_app_users_add (SarapCentral *central, gint64 project, const char *name, char **key, GError **error);
char *sarap_app_users_replace_key (SarapCentral *central, gint64 project, gint64 id, GError **error);
void sarap_app_users_build (JsonBuilder *builder, GPtrArray *users);

G_END_DECLS
