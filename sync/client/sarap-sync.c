#include "sync/client/sarap-sync.h"

#include "sync/client/sarap-back-off.h"
#include "sync/client/sarap-enrolment.h"
#include "sync/client/sarap-sync-round.h"

G_DEFINE_QUARK (sarap - sync - error - quark, sarap_sync_error)

typedef gboolean (*StepFunc) (SarapSyncRound *round, GError **error);

/* @text: ISO 8601, UTC when it names no zone. Returns: ms UTC, 0 when it is no time */
gint64
sarap_sync_parse_time (const char *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = text ? g_date_time_new_from_iso8601 (text, utc) : NULL;

  return time != NULL ? g_date_time_to_unix (time) * 1000 + g_date_time_get_microsecond (time) / 1000 : 0;
}

/* @record_id and @message may be NULL. */
void
sarap_sync_round_report (SarapSyncRound *round, SarapSyncStep step, guint done, guint total, const char *record_id, gboolean ok, const char *message)
{
  SarapSyncProgress progress = { step, done, total, record_id, message, ok };

  if (round->progress != NULL)
    round->progress (&progress, round->progress_data);
}

/* Whether nothing further can be done with this server now. */
gboolean
sarap_sync_is_final (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_OFFLINE) ||
         g_error_matches (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_CERTIFICATE) ||
         g_error_matches (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_DENIED);
}

/* Address of the enrolment's base and @path, which is percent-encoded already. */
char *
sarap_sync_dup_url (SarapSyncRound *round, const char *path)
{
  return g_strconcat (round->enrolment->url, path, NULL);
}

/* Forms come before reviews, records before everything that is only read: what exists nowhere else
 * leaves the device first, unless a form that it waits for must come. The last step of a device needs the PIN. */
static const StepFunc device_steps[] = { sarap_sync_pull_forms, sarap_sync_push_records, sarap_sync_pull_reviews };
static const StepFunc supervisor_steps[] = { sarap_sync_push_decisions, sarap_sync_pull_project_forms, sarap_sync_pull_feed };

static gboolean
run_steps (SarapSyncRound *round, const StepFunc *steps, gsize n, GError **error)
{
  g_autoptr (GError) first = NULL;

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GError) failure = NULL;
      gboolean is_final;

      if (steps[i](round, &failure))
        continue;
      is_final = sarap_sync_is_final (failure);
      if (first == NULL || is_final)
        {
          g_clear_error (&first);
          first = g_steal_pointer (&failure);
        }
      if (is_final)
        break;
    }
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

/* The records' part of a round needs no PIN; decisions and received submissions are sealed with it. */
static gboolean
leave_locked (SarapSyncRound *round)
{
  if (!sarap_keyring_is_locked (sarap_store_get_keyring (round->store)))
    return FALSE;
  round->result->was_locked = TRUE;
  return TRUE;
}

static gboolean
run_enrolment (SarapSyncRound *round, const SarapEnrolment *enrolment, GCancellable *cancellable, GError **error)
{
  g_autoptr (SarapHttp) http = sarap_http_new (enrolment, sarap_store_get_clock (round->store), cancellable, error);

  if (http == NULL)
    return FALSE;
  round->http = http;
  round->enrolment = enrolment;
  if (enrolment->is_supervisor)
    return leave_locked (round) || run_steps (round, supervisor_steps, G_N_ELEMENTS (supervisor_steps), error);
  return run_steps (round, device_steps, G_N_ELEMENTS (device_steps) - (leave_locked (round) ? 1 : 0), error);
}

/* Callers know the codes of SARAP_SYNC_ERROR and cancellation only. */
static GError *
translate (GError *error)
{
  int code = error->domain == SARAP_STORE_ERROR ? SARAP_SYNC_ERROR_STORE : SARAP_SYNC_ERROR_SERVER;
  GError *translated;

  if (error->domain == SARAP_SYNC_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return error;
  translated = g_error_new_literal (SARAP_SYNC_ERROR, code, error->message);
  g_error_free (error);
  return translated;
}

static gboolean
run_round (SarapSyncRound *round, GCancellable *cancellable, GError **error)
{
  g_autoptr (SarapEnrolment) device = sarap_enrolment_load (round->store);
  g_autoptr (SarapEnrolment) supervisor = sarap_enrolment_load_supervisor (round->store);
  g_autoptr (GError) first = NULL;

  if (device == NULL && supervisor == NULL)
    {
      g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_NOT_ENROLLED, "this device does not know its server yet: enrol it");
      return FALSE;
    }
  if (device != NULL)
    run_enrolment (round, device, cancellable, &first);
  if (supervisor != NULL && !g_cancellable_is_cancelled (cancellable))
    run_enrolment (round, supervisor, cancellable, first == NULL ? &first : NULL);
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

/* @progress is called in the calling thread and may be NULL, as @result and @cancellable. Errors are
 * SARAP_SYNC_ERROR or G_IO_ERROR_CANCELLED; what could be done was done. One round at a time: two
 * would send a record twice at once. */
gboolean
sarap_sync_run (SarapStore *store, gboolean force, SarapSyncProgressFunc progress, gpointer data, SarapSyncResult *result, GCancellable *cancellable, GError **error)
{
  static GMutex one_round;
  SarapSyncResult unused;
  SarapSyncRound round = { .store = store, .force = force, .progress = progress, .progress_data = data };
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&one_round);
  g_autoptr (GError) failure = NULL;
  gboolean ok;

  round.result = result != NULL ? result : &unused;
  *round.result = (SarapSyncResult){ 0 };
  ok = run_round (&round, cancellable, &failure);
  if (!ok)
    failure = translate (g_steal_pointer (&failure));
  if (!g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED) && !g_error_matches (failure, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_NOT_ENROLLED))
    sarap_back_off_note_round (store, ok, NULL);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return ok;
}
