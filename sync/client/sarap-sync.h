#pragma once

#include <gio/gio.h>

#include "app/store/sarap-store.h"
#include "sync/wire/sarap-enrolment-text.h"

G_BEGIN_DECLS

/* One round with the server: forms and media down, finalized records up, reviews down; for a
 * supervisor also decisions up and the feed of submissions down. */

#define SARAP_SYNC_ERROR (sarap_sync_error_quark ())
GQuark sarap_sync_error_quark (void);

typedef enum
{
  SARAP_SYNC_ERROR_NOT_ENROLLED,
  SARAP_SYNC_ERROR_OFFLINE,     /* no route, name or connection: try later */
  SARAP_SYNC_ERROR_CERTIFICATE, /* refused, nothing sent */
  SARAP_SYNC_ERROR_PORTAL,      /* something else answers (captive portal) */
  SARAP_SYNC_ERROR_DENIED,      /* key, password or session refused: enrol or sign in again */
  SARAP_SYNC_ERROR_SERVER,      /* the server failed: try later */
  SARAP_SYNC_ERROR_STORE,       /* this device's store failed: disk full … */
} SarapSyncError;

typedef enum
{
  SARAP_SYNC_STEP_FORMS,
  SARAP_SYNC_STEP_RECORDS,
  SARAP_SYNC_STEP_REVIEWS,
  SARAP_SYNC_STEP_FEED,
} SarapSyncStep;

typedef struct
{
  SarapSyncStep step;
  guint done, total;
  const char *record_id; /* RECORDS: which, else NULL */
  const char *message;   /* what happened to it, in the server's words; or NULL */
  gboolean ok;
} SarapSyncProgress;

typedef void (*SarapSyncProgressFunc) (const SarapSyncProgress *progress, gpointer data);

typedef struct
{
  guint n_forms_updated, n_sent, n_failed, n_reviews, n_received, n_decisions;
  gboolean was_locked; /* what the PIN seals was left for the next round */
} SarapSyncResult;

/* Blocking; run it in a worker thread. Per-record failures are not errors: they are noted in the
 * store and counted. @force: also records whose next attempt is not due yet. */
gboolean sarap_sync_run (SarapStore *store, gboolean force, SarapSyncProgressFunc progress, gpointer data, SarapSyncResult *result, GCancellable *cancellable, GError **error);

/* The same for the application: runs rounds in a worker thread when the network comes (GNetworkMonitor),
 * when a record is finalized, on a timer with back-off, and by button. Never blocks the caller.
 * Properties (notify in the main context): "state" (SarapSyncerState), "message" (string),
 * "last-success" (gint64 ms UTC, 0 never), "progress" (double 0…1), "enrolled" (boolean). */
#define SARAP_TYPE_SYNCER (sarap_syncer_get_type ())
G_DECLARE_FINAL_TYPE (SarapSyncer, sarap_syncer, SARAP, SYNCER, GObject)

typedef enum
{
  SARAP_SYNCER_IDLE,
  SARAP_SYNCER_RUNNING,
  SARAP_SYNCER_WAITING, /* failed; tried again by itself */
} SarapSyncerState;

SarapSyncer *sarap_syncer_new (SarapStore *store);
void sarap_syncer_start (SarapSyncer *self, gboolean force);
void sarap_syncer_stop (SarapSyncer *self); /* cancels and waits */
SarapSyncerState sarap_syncer_get_state (SarapSyncer *self);
const char *sarap_syncer_get_message (SarapSyncer *self); /* last error, English; "" when none */
int sarap_syncer_get_error_code (SarapSyncer *self);      /* SarapSyncError, -1 when none */
gint64 sarap_syncer_get_last_success (SarapSyncer *self);
gboolean sarap_syncer_is_enrolled (SarapSyncer *self);
void sarap_syncer_reload_enrolment (SarapSyncer *self);

/* Hand-over by USB stick: each finalized record as FOLDER/sarap-DEVICE/INSTANCE/{submission.xml, attachments…, manifest.json};
 * receipts that the server wrote there (receipt.json) are taken back. */
gboolean sarap_handover_export (SarapStore *store, const char *folder, guint *n_records, GError **error);
gboolean sarap_handover_take_receipts (SarapStore *store, const char *folder, guint *n_receipts, GError **error);

/* Supervisor: signs in with name and password; the first keeps nothing. */
SarapEnrolment *sarap_supervisor_open_session (const SarapEnrolment *before, const char *url, const char *ca, const char *name, const char *password, SarapClock *clock, GError **error);
gboolean sarap_supervisor_sign_in (SarapStore *store, const char *url, const char *ca, const char *name, const char *password, GError **error);

G_END_DECLS
