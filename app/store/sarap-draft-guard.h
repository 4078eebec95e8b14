#pragma once

#include "app/store/sarap-store.h"

G_BEGIN_DECLS

/* A draft that makes the program crash whenever it is opened is not opened any more, until a person wants to. */

void sarap_draft_guard_watch_crashes (void);

gboolean sarap_draft_guard_begin (SarapStore *store, const char *id, GError **error);
void sarap_draft_guard_end (SarapStore *store);

gboolean sarap_store_is_draft_blocked (SarapStore *self, const char *id);
gboolean sarap_store_unblock_draft (SarapStore *self, const char *id, GError **error);

G_END_DECLS
