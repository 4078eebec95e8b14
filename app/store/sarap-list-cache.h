#pragma once

#include "app/form/sarap-list.h"

G_BEGIN_DECLS

#define SARAP_TYPE_LIST_CACHE (sarap_list_cache_get_type ())
G_DECLARE_FINAL_TYPE (SarapListCache, sarap_list_cache, SARAP, LIST_CACHE, GObject)

SarapListLibrary *sarap_list_cache_new (const char *folder);

G_END_DECLS
