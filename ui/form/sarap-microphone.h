#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A recording in the making, Opus in Ogg. Signal "failed" (const char *reason): there is no microphone, or it
 * went away; what was recorded until then is kept. */

#define SARAP_TYPE_MICROPHONE (sarap_microphone_get_type ())
G_DECLARE_FINAL_TYPE (SarapMicrophone, sarap_microphone, SARAP, MICROPHONE, GObject)

#define SARAP_MICROPHONE_EXTENSION "ogg"

/* @source: description of a GStreamer source element, "autoaudiosrc", "audiotestsrc is-live=true". */
SarapMicrophone *sarap_microphone_new (const char *source);
gboolean sarap_microphone_start (SarapMicrophone *self, const char *quality, GError **error);
GBytes *sarap_microphone_dup_recording (SarapMicrophone *self);
void sarap_microphone_stop (SarapMicrophone *self);

G_END_DECLS
