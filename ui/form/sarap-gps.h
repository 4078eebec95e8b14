#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The receiver behind gpsd. Signals, in the thread-default context of the creator:
 *  "fix" (double latitude, double longitude, double altitude, double accuracy): degrees, metres;
 *    altitude 0 when unknown;
 *  "failed" (const char *reason): no gpsd, or it went away. */

#define SARAP_TYPE_GPS (sarap_gps_get_type ())
G_DECLARE_FINAL_TYPE (SarapGps, sarap_gps, SARAP, GPS, GObject)

/* @address: "host:port" of gpsd, NULL for the local one. Listens until it is stopped or unreffed. */
SarapGps *sarap_gps_new (const char *address);
void sarap_gps_start (SarapGps *self);
void sarap_gps_stop (SarapGps *self);

G_END_DECLS
