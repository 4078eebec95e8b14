#include "app/base/sarap-clock.h"

struct _SarapClock
{
  GObject parent_instance;
  GTimeZone *zone;
  gint64 origin;  /* wall time at which a replaced clock was started, ms UTC; 0 for the system's clock */
  gint64 started; /* monotonic time of that moment, µs */
};

G_DEFINE_FINAL_TYPE (SarapClock, sarap_clock, G_TYPE_OBJECT)

static void
sarap_clock_finalize (GObject *object)
{
  SarapClock *self = SARAP_CLOCK (object);

  g_time_zone_unref (self->zone);
  G_OBJECT_CLASS (sarap_clock_parent_class)->finalize (object);
}

static void
sarap_clock_class_init (SarapClockClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sarap_clock_finalize;
}

static void
sarap_clock_init (SarapClock *self)
{
  self->zone = g_time_zone_new_local ();
}

/* The system's clock in the local zone. */
SarapClock *
sarap_clock_new_system (void)
{
  return g_object_new (SARAP_TYPE_CLOCK, NULL);
}

/* A clock that shows @now (ms UTC) at this moment and goes on from there. @zone is an IANA
 * name or an offset; NULL is the local zone. */
SarapClock *
sarap_clock_new_at (gint64 now, const char *zone)
{
  SarapClock *self = sarap_clock_new_system ();

  sarap_clock_set_now (self, now);
  if (zone != NULL)
    sarap_clock_set_zone (self, zone);
  return self;
}

/* The clock that SARAP_NOW (ISO 8601 with offset) asks for, else the system's. It lets a
 * demonstration or a test live on another day. */
SarapClock *
sarap_clock_new_from_environment (void)
{
  const char *text = g_getenv ("SARAP_NOW");
  g_autoptr (GDateTime) time = text ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  if (time == NULL)
    return sarap_clock_new_system ();
  return sarap_clock_new_at (g_date_time_to_unix (time) * 1000 + g_date_time_get_microsecond (time) / 1000, NULL);
}

/* Milliseconds since 1970-01-01 UTC. */
gint64
sarap_clock_get_now (SarapClock *self)
{
  if (self->origin == 0)
    return g_get_real_time () / 1000;
  return self->origin + (g_get_monotonic_time () - self->started) / 1000;
}

GDateTime *
sarap_clock_new_local_time (SarapClock *self)
{
  gint64 now = sarap_clock_get_now (self);
  g_autoptr (GDateTime) seconds = g_date_time_new_from_unix_utc (now / 1000);
  g_autoptr (GDateTime) exact = g_date_time_add (seconds, (now % 1000) * 1000);

  return g_date_time_to_timezone (exact, self->zone);
}

GTimeZone *
sarap_clock_get_zone (SarapClock *self)
{
  return self->zone;
}

/* FALSE when @zone names no known zone; the old zone stays. */
gboolean
sarap_clock_set_zone (SarapClock *self, const char *zone)
{
  GTimeZone *found = g_time_zone_new_identifier (zone);

  if (found == NULL)
    return FALSE;
  g_time_zone_unref (self->zone);
  self->zone = found;
  return TRUE;
}

void
sarap_clock_set_now (SarapClock *self, gint64 now)
{
  self->origin = now;
  self->started = g_get_monotonic_time ();
}

void
sarap_clock_advance (SarapClock *self, gint64 milliseconds)
{
  sarap_clock_set_now (self, sarap_clock_get_now (self) + milliseconds);
}
