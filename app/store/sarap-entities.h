#pragma once

#include "app/form/sarap-entity.h"
#include "app/store/sarap-database.h"

G_BEGIN_DECLS

/* Entities that records of this device made or changed, laid over the lists of the server. */

gboolean sarap_entities_apply (SarapDatabase *db, GPtrArray *changes, GError **error);
char *sarap_entities_dup_list (const char *media_name);
gboolean sarap_entities_are_local (SarapDatabase *db, const char *list, gboolean *are, GError **error);
GBytes *sarap_entities_lay_over (SarapDatabase *db, const char *list, GBytes *csv, const char *device, GError **error);
gboolean sarap_entities_catch_up (SarapDatabase *db, const char *list, GBytes *csv, GError **error);

G_END_DECLS
