#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SARAP_TYPE_CLOCK (sarap_clock_get_type ())
G_DECLARE_FINAL_TYPE (SarapClock, sarap_clock, SARAP, CLOCK, GObject)

SarapClock *sarap_clock_new_system (void);
SarapClock *sarap_clock_new_at (gint64 now, const char *zone);
SarapClock *sarap_clock_new_from_environment (void);

gint64 sarap_clock_get_now (SarapClock *self);
GDateTime *sarap_clock_new_local_time (SarapClock *self);
GTimeZone *sarap_clock_get_zone (SarapClock *self);
gboolean sarap_clock_set_zone (SarapClock *self, const char *zone);
void sarap_clock_set_now (SarapClock *self, gint64 now);
void sarap_clock_advance (SarapClock *self, gint64 milliseconds);

G_END_DECLS
