#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* When something happened, as far as a device's clocks and signed times of a server prove it. */

#define SARAP_BOOT_ID_SIZE 37

typedef struct
{
  gint64 wall;      /* ms UTC by the device's clock, which anybody can set */
  gint64 monotonic; /* ms of this run of the kernel, suspended time included; nobody can set it */
  char boot[SARAP_BOOT_ID_SIZE];
} SarapMoment;

void sarap_moment_take (SarapMoment *self, gint64 wall);

/* A server signed that it was @server (ms UTC) some time between two moments of one run. */
typedef struct
{
  gint64 place; /* in the device's chain */
  gint64 server;
  gint64 asked; /* ms, monotonic */
  SarapMoment told;
} SarapClockReference;

typedef struct
{
  gint64 earliest; /* ms UTC; G_MININT64: not known */
  gint64 latest;   /* ms UTC; G_MAXINT64: not known */
  gboolean is_changed;
} SarapInterval;

SarapInterval sarap_interval_find (const SarapMoment *moment, gint64 place, GArray *references, GArray *others);

G_END_DECLS
