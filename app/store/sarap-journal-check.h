#pragma once

#include "app/store/sarap-database.h"

G_BEGIN_DECLS

GPtrArray *sarap_journal_list (const char *store_folder);
gboolean sarap_journal_reconcile (SarapDatabase *db, const char *store_folder, GError **error);
gboolean sarap_journal_make_missing (SarapDatabase *db, GError **error);

G_END_DECLS
