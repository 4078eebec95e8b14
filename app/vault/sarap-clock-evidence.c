#include "app/vault/sarap-clock-evidence.h"

#include <string.h>
#include <time.h>

/*  1. What stands behind a signed time in the chain happened no earlier than it, what stands before it no later.
 *  2. Within one run of the kernel the monotonic clock gives the distance, so the interval is as wide as the server's
 *     answer took.
 *  3. The clock was changed when it and the monotonic clock disagree between two moments of one run, or when it
 *     shows a time outside the interval. */

enum
{
  DRIFT = 5000,         /* ms that two clocks may differ at once */
  DRIFT_DIVISOR = 1000, /* and one part in a thousand: a clock that is being slewed */
  SLACK = 60000,        /* ms that a device's clock may be wrong */
};

/* @wall: what the device's clock shows now. */
void
sarap_moment_take (SarapMoment *self, gint64 wall)
{
  g_autofree char *text = NULL;
  struct timespec now;

  memset (self, 0, sizeof *self);
  self->wall = wall;
  clock_gettime (CLOCK_BOOTTIME, &now);
  self->monotonic = (gint64) now.tv_sec * 1000 + now.tv_nsec / 1000000;
  if (g_file_get_contents ("/proc/sys/kernel/random/boot_id", &text, NULL, NULL))
    g_strlcpy (self->boot, g_strstrip (text), sizeof self->boot);
}

static gboolean
is_same_run (const SarapMoment *a, const SarapMoment *b)
{
  return *a->boot != '\0' && strcmp (a->boot, b->boot) == 0;
}

static void
narrow (SarapInterval *interval, const SarapMoment *moment, gint64 place, const SarapClockReference *reference)
{
  if (is_same_run (moment, &reference->told))
    {
      interval->earliest = MAX (interval->earliest, reference->server + moment->monotonic - reference->told.monotonic);
      interval->latest = MIN (interval->latest, reference->server + moment->monotonic - reference->asked);
    }
  else if (place > reference->place)
    interval->earliest = MAX (interval->earliest, reference->server);
  else
    interval->latest = MIN (interval->latest, reference->server);
}

static gboolean
disagree (const SarapMoment *a, const SarapMoment *b)
{
  gint64 distance = a->monotonic - b->monotonic;

  return is_same_run (a, b) && ABS (a->wall - b->wall - distance) > DRIFT + ABS (distance) / DRIFT_DIVISOR;
}

/* @place: of the last entry of the chain that stood before @moment, or its own. @references: (element-type
 * SarapClockReference); @others: (element-type SarapMoment) of the same device. */
SarapInterval
sarap_interval_find (const SarapMoment *moment, gint64 place, GArray *references, GArray *others)
{
  SarapInterval interval = { G_MININT64, G_MAXINT64, FALSE };

  for (guint i = 0; i < references->len; i++)
    narrow (&interval, moment, place, &g_array_index (references, SarapClockReference, i));
  for (guint i = 0; i < others->len; i++)
    interval.is_changed |= disagree (moment, &g_array_index (others, SarapMoment, i));
  if (interval.earliest != G_MININT64)
    interval.is_changed |= moment->wall < interval.earliest - SLACK;
  if (interval.latest != G_MAXINT64)
    interval.is_changed |= moment->wall > interval.latest + SLACK;
  return interval;
}
