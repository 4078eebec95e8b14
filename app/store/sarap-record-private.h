#pragma once

#include "app/store/sarap-database.h"
#include "app/store/sarap-store-received.h"
#include "app/store/sarap-store-records.h"

G_BEGIN_DECLS

SarapRecord *sarap_record_new_from_query (SarapQuery *query);
gboolean sarap_record_is_same (gpointer a, gpointer b);
SarapSubmission *sarap_submission_new_from_query (SarapQuery *query);
gboolean sarap_submission_is_same (gpointer a, gpointer b);
char *sarap_store_dup_search_key (const char *const *texts);

G_END_DECLS
