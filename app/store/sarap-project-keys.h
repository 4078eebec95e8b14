#pragma once

#include "app/store/sarap-store.h"

G_BEGIN_DECLS

/* The keys of the project that a store works for. */

gboolean sarap_store_take_project_keys (SarapStore *self, GPtrArray *keys, GError **error);
SarapProjectKey *sarap_project_key_open_sealed (const char *path, SarapProjectKey *key, GError **error);

G_END_DECLS
