#include "app/store/sarap-store-outbox.h"
#include "sync/client/sarap-back-off.h"
#include "sync/client/sarap-enrolment.h"
#include "sync/client/sarap-sync.h"

/*  1. Rounds run in a worker thread of a GTask, one at a time; everything that callers see changes in
 *     the main context that made the syncer.
 *  2. A wish that comes while a round runs is kept and served by the next one.
 *  3. When to try again after a failure is kept in the store, so that closing and opening the
 *     application does not turn the back-off into a hammer. */

enum
{
  REGULAR_INTERVAL = 15 * 60 * 1000, /* ms between rounds that go well: forms, reviews */
  SETTLE_INTERVAL = 1500,            /* ms after a change of records or network */
};

typedef struct
{
  gatomicrefcount references;
  GMutex mutex;
  GCond ended;
  gboolean is_running; /* in the worker thread */
} Worker;

typedef struct
{
  SarapStore *store;
  Worker *worker;
  gboolean force;
  gboolean only_if_new; /* no round unless more records than n_waiting wait for their first attempt */
  guint n_waiting;      /* in: at the end of the last round; out: of this one */
  gboolean was_needed;
  SarapSyncResult result;
  GMainContext *context;
  GWeakRef syncer;
} Round;

struct _SarapSyncer
{
  GObject parent_instance;
  SarapStore *store;
  GNetworkMonitor *monitor;
  GMainContext *context;
  GCancellable *cancellable; /* of the round under way, else NULL */
  Worker *worker;
  GSource *timer;
  gint64 timer_at; /* monotonic ms */
  gboolean is_wished, is_wished_by_force;
  guint n_waiting; /* records without an attempt when the last round ended */
  gboolean is_stopped;
  gboolean is_enrolled;
  SarapSyncerState state;
  char *message;
  int error_code;
  gint64 last_success;
  double progress;
};

enum
{
  PROP_0,
  PROP_STATE,
  PROP_MESSAGE,
  PROP_LAST_SUCCESS,
  PROP_PROGRESS,
  PROP_ENROLLED,
  N_PROPERTIES
};

#define LAST_SUCCESS_KEY "sync.last-success"

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (SarapSyncer, sarap_syncer, G_TYPE_OBJECT)

static void begin_round (SarapSyncer *self, gboolean force, gboolean only_if_new);

static Worker *
worker_ref (Worker *worker)
{
  g_atomic_ref_count_inc (&worker->references);
  return worker;
}

static void
worker_unref (Worker *worker)
{
  if (!g_atomic_ref_count_dec (&worker->references))
    return;
  g_mutex_clear (&worker->mutex);
  g_cond_clear (&worker->ended);
  g_free (worker);
}

static void
round_free (gpointer data)
{
  Round *round = data;

  g_clear_object (&round->store);
  worker_unref (round->worker);
  g_main_context_unref (round->context);
  g_weak_ref_clear (&round->syncer);
  g_free (round);
}

static void
set_state (SarapSyncer *self, SarapSyncerState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
set_error (SarapSyncer *self, int code, const char *message)
{
  gboolean is_same = g_str_equal (self->message, message);

  self->error_code = code;
  if (is_same)
    return;
  g_free (self->message);
  self->message = g_strdup (message);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
}

static void
set_progress (SarapSyncer *self, double progress)
{
  self->progress = progress;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
}

static void
clear_timer (SarapSyncer *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static gboolean
timer_cb (gpointer data)
{
  SarapSyncer *self = data;

  clear_timer (self);
  begin_round (self, FALSE, FALSE);
  return G_SOURCE_REMOVE;
}

static gboolean
settle_cb (gpointer data)
{
  SarapSyncer *self = data;

  clear_timer (self);
  begin_round (self, FALSE, TRUE);
  return G_SOURCE_REMOVE;
}

/* @func runs after @delay ms, unless something sooner is set already. */
static void
set_timer (SarapSyncer *self, gint64 delay, GSourceFunc func)
{
  gint64 at = g_get_monotonic_time () / 1000 + delay;

  if (self->is_stopped || !self->is_enrolled || (self->timer != NULL && self->timer_at <= at))
    return;
  clear_timer (self);
  self->timer = g_timeout_source_new ((guint) delay);
  self->timer_at = at;
  g_source_set_callback (self->timer, func, self, NULL);
  g_source_attach (self->timer, self->context);
}

static void
schedule (SarapSyncer *self)
{
  gint64 now = sarap_clock_get_now (sarap_store_get_clock (self->store));
  gint64 next = sarap_back_off_get_next_round (self->store);

  if (next == 0)
    next = self->last_success + REGULAR_INTERVAL;
  set_timer (self, CLAMP (next - now, 0, REGULAR_INTERVAL * 5), timer_cb);
}

typedef struct
{
  GWeakRef syncer;
  double progress;
} ProgressMessage;

static void
progress_message_free (gpointer data)
{
  ProgressMessage *message = data;

  g_weak_ref_clear (&message->syncer);
  g_free (message);
}

static gboolean
show_progress_cb (gpointer data)
{
  ProgressMessage *message = data;
  g_autoptr (SarapSyncer) self = g_weak_ref_get (&message->syncer);

  if (self != NULL)
    set_progress (self, message->progress);
  return G_SOURCE_REMOVE;
}

/* In the worker thread. Each of the steps counts for a quarter. */
static void
progress_cb (const SarapSyncProgress *progress, gpointer data)
{
  Round *round = data;
  g_autoptr (SarapSyncer) syncer = g_weak_ref_get (&round->syncer);
  ProgressMessage *message = g_new0 (ProgressMessage, 1);
  double share = progress->total > 0 ? (double) progress->done / progress->total : 0;

  g_weak_ref_init (&message->syncer, syncer);
  message->progress = ((double) progress->step + share) / (SARAP_SYNC_STEP_FEED + 1);
  g_main_context_invoke_full (round->context, G_PRIORITY_DEFAULT, show_progress_cb, message, progress_message_free);
}

static guint
count_new (SarapStore *store)
{
  gint64 now = sarap_clock_get_now (sarap_store_get_clock (store));
  g_autoptr (GPtrArray) records = sarap_store_list_due (store, now, NULL);
  guint n = 0;

  for (guint i = 0; records != NULL && i < records->len; i++)
    if (sarap_record_get_n_attempts (g_ptr_array_index (records, i)) == 0)
      n++;
  return n;
}

static void
note_success (SarapStore *store)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, sarap_clock_get_now (sarap_store_get_clock (store)));

  sarap_store_set_setting (store, LAST_SUCCESS_KEY, text, NULL);
}

static void
round_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Round *round = data;
  GError *error = NULL;
  gboolean ok = TRUE;

  round->was_needed = !round->only_if_new || count_new (round->store) > round->n_waiting;
  if (round->was_needed)
    ok = sarap_sync_run (round->store, round->force, progress_cb, round, &round->result, cancellable, &error);
  if (ok && round->was_needed)
    note_success (round->store);
  round->n_waiting = count_new (round->store);

  g_mutex_lock (&round->worker->mutex);
  round->worker->is_running = FALSE;
  g_cond_broadcast (&round->worker->ended);
  g_mutex_unlock (&round->worker->mutex);
  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gint64
load_last_success (SarapStore *store)
{
  g_autofree char *text = sarap_store_dup_setting (store, LAST_SUCCESS_KEY);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static void
take_outcome (SarapSyncer *self, const Round *round, const GError *error)
{
  if (error == NULL && round->was_needed)
    {
      self->last_success = load_last_success (self->store);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_SUCCESS]);
      set_error (self, -1, "");
    }
  else if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    set_error (self, error->code, error->message);
  set_progress (self, 0);
  set_state (self, self->error_code == -1 || self->error_code == SARAP_SYNC_ERROR_NOT_ENROLLED ? SARAP_SYNCER_IDLE : SARAP_SYNCER_WAITING);
}

/* Takes the reference that begin_round() gave. The task itself may die in the worker thread, where
 * neither syncer nor store must. */
static void
round_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SarapSyncer) self = data;
  Round *round = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gboolean force = self->is_wished_by_force;

  g_clear_object (&self->cancellable);
  g_clear_object (&round->store);
  self->n_waiting = round->n_waiting;
  g_task_propagate_boolean (G_TASK (result), &error);
  if (self->is_stopped)
    {
      set_state (self, SARAP_SYNCER_IDLE);
      return;
    }
  take_outcome (self, round, error);
  if (self->is_wished)
    {
      self->is_wished = self->is_wished_by_force = FALSE;
      begin_round (self, force, FALSE);
      return;
    }
  schedule (self);
}

static void
begin_round (SarapSyncer *self, gboolean force, gboolean only_if_new)
{
  g_autoptr (GTask) task = NULL;
  Round *round;

  if (self->is_stopped || !self->is_enrolled)
    return;
  if (self->cancellable != NULL)
    {
      self->is_wished = TRUE;
      self->is_wished_by_force |= force;
      return;
    }
  clear_timer (self);
  self->cancellable = g_cancellable_new ();
  round = g_new0 (Round, 1);
  round->store = g_object_ref (self->store);
  round->worker = worker_ref (self->worker);
  round->force = force;
  round->only_if_new = only_if_new;
  round->n_waiting = self->n_waiting;
  round->context = g_main_context_ref (self->context);
  g_weak_ref_init (&round->syncer, self);
  g_mutex_lock (&self->worker->mutex);
  self->worker->is_running = TRUE;
  g_mutex_unlock (&self->worker->mutex);
  if (!only_if_new)
    set_state (self, SARAP_SYNCER_RUNNING);
  task = g_task_new (NULL, self->cancellable, round_done_cb, g_object_ref (self));
  g_task_set_task_data (task, round, round_free);
  g_task_run_in_thread (task, round_thread);
}

static void
changed_cb (SarapStore *store, SarapStoreTopic topic, SarapSyncer *self)
{
  if (topic == SARAP_STORE_TOPIC_RECORDS && self->cancellable == NULL)
    set_timer (self, SETTLE_INTERVAL, settle_cb);
}

static void
network_changed_cb (GNetworkMonitor *monitor, gboolean is_available, SarapSyncer *self)
{
  if (is_available)
    set_timer (self, SETTLE_INTERVAL, timer_cb);
}

static void
sarap_syncer_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SarapSyncer *self = SARAP_SYNCER (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_int (value, (int) self->state);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    case PROP_LAST_SUCCESS:
      g_value_set_int64 (value, self->last_success);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    case PROP_ENROLLED:
      g_value_set_boolean (value, self->is_enrolled);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
sarap_syncer_dispose (GObject *object)
{
  SarapSyncer *self = SARAP_SYNCER (object);

  sarap_syncer_stop (self);
  g_clear_object (&self->monitor);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (sarap_syncer_parent_class)->dispose (object);
}

static void
sarap_syncer_finalize (GObject *object)
{
  SarapSyncer *self = SARAP_SYNCER (object);

  worker_unref (self->worker);
  g_main_context_unref (self->context);
  g_free (self->message);
  G_OBJECT_CLASS (sarap_syncer_parent_class)->finalize (object);
}

static void
sarap_syncer_class_init (SarapSyncerClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = sarap_syncer_get_property;
  object_class->dispose = sarap_syncer_dispose;
  object_class->finalize = sarap_syncer_finalize;
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, SARAP_SYNCER_IDLE, SARAP_SYNCER_WAITING, SARAP_SYNCER_IDLE, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, "", flags);
  properties[PROP_LAST_SUCCESS] = g_param_spec_int64 ("last-success", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_ENROLLED] = g_param_spec_boolean ("enrolled", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
sarap_syncer_init (SarapSyncer *self)
{
  self->worker = g_new0 (Worker, 1);
  g_atomic_ref_count_init (&self->worker->references);
  g_mutex_init (&self->worker->mutex);
  g_cond_init (&self->worker->ended);
  self->context = g_main_context_ref_thread_default ();
  self->message = g_strdup ("");
  self->error_code = -1;
}

static void
load_enrolment (SarapSyncer *self)
{
  g_autoptr (SarapEnrolment) device = sarap_enrolment_load (self->store);
  g_autoptr (SarapEnrolment) supervisor = sarap_enrolment_load_supervisor (self->store);
  gboolean is_enrolled = device != NULL || supervisor != NULL;

  if (is_enrolled == self->is_enrolled)
    return;
  self->is_enrolled = is_enrolled;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENROLLED]);
}

/* Begins by itself when the device is enrolled and a round is due. Properties change in the calling
 * thread's default main context. */
SarapSyncer *
sarap_syncer_new (SarapStore *store)
{
  SarapSyncer *self = g_object_new (SARAP_TYPE_SYNCER, NULL);

  self->store = g_object_ref (store);
  self->last_success = load_last_success (store);
  self->monitor = g_object_ref (g_network_monitor_get_default ());
  g_signal_connect_object (store, "changed", G_CALLBACK (changed_cb), self, 0);
  g_signal_connect_object (self->monitor, "network-changed", G_CALLBACK (network_changed_cb), self, 0);
  load_enrolment (self);
  schedule (self);
  return self;
}

/* @force: by a person's wish: also records whose next attempt is not due yet. */
void
sarap_syncer_start (SarapSyncer *self, gboolean force)
{
  begin_round (self, force, FALSE);
}

/* For good: nothing starts by itself afterwards. Returns when the worker thread no longer touches the
 * store. */
void
sarap_syncer_stop (SarapSyncer *self)
{
  self->is_stopped = TRUE;
  clear_timer (self);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_mutex_lock (&self->worker->mutex);
  while (self->worker->is_running)
    g_cond_wait (&self->worker->ended, &self->worker->mutex);
  g_mutex_unlock (&self->worker->mutex);
}

SarapSyncerState
sarap_syncer_get_state (SarapSyncer *self)
{
  return self->state;
}

const char *
sarap_syncer_get_message (SarapSyncer *self)
{
  return self->message;
}

int
sarap_syncer_get_error_code (SarapSyncer *self)
{
  return self->error_code;
}

gint64
sarap_syncer_get_last_success (SarapSyncer *self)
{
  return self->last_success;
}

gboolean
sarap_syncer_is_enrolled (SarapSyncer *self)
{
  return self->is_enrolled;
}

/* After an enrolment was saved or a supervisor signed in: a round begins at once. */
void
sarap_syncer_reload_enrolment (SarapSyncer *self)
{
  load_enrolment (self);
  begin_round (self, TRUE, FALSE);
}
