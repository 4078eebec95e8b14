#pragma once

#include "app/store/sarap-store.h"

G_BEGIN_DECLS

/* A folder that is a test's own, and a store in it. */

char *sarap_temporary_new (void);
void sarap_temporary_remove (const char *folder);
SarapStore *sarap_temporary_open (const char *folder);
GBytes *sarap_temporary_dup_record_xml (SarapStore *store, const char *id);

G_END_DECLS
