#include "ui/form/sarap-gps.h"

#include <errno.h>
#include <gps.h>
#include <math.h>
#include <string.h>

#define WAIT_MICROSECONDS 300000
#define DEFAULT_PORT "2947"

struct _SarapGps
{
  GObject parent_instance;

  char *host;
  char *port;
  GCancellable *cancellable; /* of the running thread, NULL while none runs */
};

G_DEFINE_FINAL_TYPE (SarapGps, sarap_gps, G_TYPE_OBJECT)

enum
{
  FIX,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What the thread has: nothing of the object but a weak reference for its messages. */
typedef struct
{
  GWeakRef gps;
  char *host;
  char *port;
  GCancellable *cancellable;
  GMainContext *context;
} Listener;

typedef struct
{
  Listener *listener; /* (atomic rc box) */
  double latitude;
  double longitude;
  double altitude;
  double accuracy;
  char *reason; /* NULL for a fix */
} Message;

static void
listener_clear (gpointer data)
{
  Listener *listener = data;

  g_weak_ref_clear (&listener->gps);
  g_free (listener->host);
  g_free (listener->port);
  g_object_unref (listener->cancellable);
  g_main_context_unref (listener->context);
}

static void
message_free (gpointer data)
{
  Message *message = data;

  g_atomic_rc_box_release_full (message->listener, listener_clear);
  g_free (message->reason);
  g_free (message);
}

static gboolean
deliver_cb (gpointer data)
{
  Message *message = data;
  g_autoptr (SarapGps) self = g_weak_ref_get (&message->listener->gps);

  if (self == NULL || g_cancellable_is_cancelled (message->listener->cancellable))
    return G_SOURCE_REMOVE;
  if (message->reason != NULL)
    g_signal_emit (self, signals[FAILED], 0, message->reason);
  else
    g_signal_emit (self, signals[FIX], 0, message->latitude, message->longitude, message->altitude, message->accuracy);
  return G_SOURCE_REMOVE;
}

/* Always through a source: g_main_context_invoke() may run the callback in this thread. */
static void
post (Listener *listener, Message message)
{
  Message *copy = g_memdup2 (&message, sizeof message);
  g_autoptr (GSource) source = g_idle_source_new ();

  copy->listener = g_atomic_rc_box_acquire (listener);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver_cb, copy, message_free);
  g_source_attach (source, listener->context);
}

static double
find_accuracy (const struct gps_fix_t *fix)
{
  if (isfinite (fix->eph) && fix->eph > 0)
    return fix->eph;
  return isfinite (fix->epx) && isfinite (fix->epy) ? hypot (fix->epx, fix->epy) : NAN;
}

static void
listen (Listener *listener, struct gps_data_t *data)
{
  while (!g_cancellable_is_cancelled (listener->cancellable))
    {
      if (!gps_waiting (data, WAIT_MICROSECONDS))
        continue;
      if (gps_read (data, NULL, 0) < 0)
        {
          post (listener, (Message){ .reason = g_strdup ("gpsd closed the connection") });
          return;
        }
      if (data->fix.mode < MODE_2D || !isfinite (data->fix.latitude) || !isfinite (data->fix.longitude) || !isfinite (find_accuracy (&data->fix)))
        continue;
      post (listener, (Message){ .latitude = data->fix.latitude, .longitude = data->fix.longitude, .altitude = data->fix.mode >= MODE_3D && isfinite (data->fix.altHAE) ? data->fix.altHAE : 0, .accuracy = find_accuracy (&data->fix) });
    }
}

static gpointer
listen_thread (gpointer data)
{
  Listener *listener = data;
  struct gps_data_t gps;

  memset (&gps, 0, sizeof gps);
  if (gps_open (listener->host, listener->port, &gps) != 0)
    post (listener, (Message){ .reason = g_strdup_printf ("no gpsd at %s:%s: %s", listener->host, listener->port, gps_errstr (errno)) });
  else
    {
      gps_stream (&gps, WATCH_ENABLE | WATCH_JSON, NULL);
      listen (listener, &gps);
      gps_stream (&gps, WATCH_DISABLE, NULL);
      gps_close (&gps);
    }
  g_atomic_rc_box_release_full (listener, listener_clear);
  return NULL;
}

static void
sarap_gps_finalize (GObject *object)
{
  SarapGps *self = SARAP_GPS (object);

  sarap_gps_stop (self);
  g_free (self->host);
  g_free (self->port);
  G_OBJECT_CLASS (sarap_gps_parent_class)->finalize (object);
}

static void
sarap_gps_class_init (SarapGpsClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sarap_gps_finalize;
  signals[FIX] = g_signal_new ("fix", SARAP_TYPE_GPS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 4, G_TYPE_DOUBLE, G_TYPE_DOUBLE, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[FAILED] = g_signal_new ("failed", SARAP_TYPE_GPS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
sarap_gps_init (SarapGps *self)
{
}

SarapGps *
sarap_gps_new (const char *address)
{
  SarapGps *self = g_object_new (SARAP_TYPE_GPS, NULL);
  const char *colon = address != NULL ? strrchr (address, ':') : NULL;

  self->host = colon != NULL ? g_strndup (address, colon - address) : g_strdup (address != NULL ? address : "localhost");
  self->port = g_strdup (colon != NULL ? colon + 1 : DEFAULT_PORT);
  return self;
}

void
sarap_gps_start (SarapGps *self)
{
  Listener *listener;

  if (self->cancellable != NULL)
    return;
  self->cancellable = g_cancellable_new ();
  listener = g_atomic_rc_box_new0 (Listener);
  g_weak_ref_init (&listener->gps, self);
  listener->host = g_strdup (self->host);
  listener->port = g_strdup (self->port);
  listener->cancellable = g_object_ref (self->cancellable);
  listener->context = g_main_context_ref_thread_default ();
  g_thread_unref (g_thread_new ("sarap-gps", listen_thread, listener));
}

/* Nothing is signalled any more; the thread ends by itself within a third of a second. */
void
sarap_gps_stop (SarapGps *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}
