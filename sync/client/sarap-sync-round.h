#pragma once

#include "app/store/sarap-store-outbox.h"
#include "app/store/sarap-store-records.h"
#include "sync/client/sarap-http.h"
#include "sync/client/sarap-sync.h"
#include "sync/wire/sarap-enrolment-text.h"

G_BEGIN_DECLS

/* One round as its steps see it. A step that returns FALSE with OFFLINE, CERTIFICATE, DENIED or a
 * cancellation ends the round; after any other error the next steps are still tried. */
typedef struct
{
  SarapStore *store;
  const SarapEnrolment *enrolment;
  SarapHttp *http;
  gboolean force;
  SarapSyncProgressFunc progress;
  gpointer progress_data;
  SarapSyncResult *result;
} SarapSyncRound;

gboolean sarap_sync_pull_forms (SarapSyncRound *round, GError **error);
gboolean sarap_sync_push_records (SarapSyncRound *round, GError **error);
gboolean sarap_sync_pull_reviews (SarapSyncRound *round, GError **error);
gboolean sarap_sync_pull_project_forms (SarapSyncRound *round, GError **error);
gboolean sarap_sync_push_decisions (SarapSyncRound *round, GError **error);
gboolean sarap_sync_pull_feed (SarapSyncRound *round, GError **error);

void sarap_sync_round_report (SarapSyncRound *round, SarapSyncStep step, guint done, guint total, const char *record_id, gboolean ok, const char *message);
gboolean sarap_sync_is_final (const GError *error);
char *sarap_sync_dup_url (SarapSyncRound *round, const char *path);

gint64 sarap_sync_parse_time (const char *text);

G_END_DECLS
