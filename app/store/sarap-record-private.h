#pragma once

#include "app/store/sarap-database.h"
#include "app/store/sarap-store-received.h"
#include "app/store/sarap-store-records.h"

G_BEGIN_DECLS

char *sarap_store_dup_search_key (const char *const *texts);

G_END_DECLS
