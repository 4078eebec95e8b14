#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The picture of a GStreamer source, alive, and one frame of it on demand. Signal "failed"
 * (const char *message, English): there will be no picture. */

#define SARAP_TYPE_CAMERA (sarap_camera_get_type ())
G_DECLARE_FINAL_TYPE (SarapCamera, sarap_camera, SARAP, CAMERA, GtkWidget)

/* @source: description of a source element, "v4l2src device=/dev/video0", "videotestsrc is-live=true". */
GtkWidget *sarap_camera_new (const char *source);
gboolean sarap_camera_start (SarapCamera *self, GError **error);
GdkTexture *sarap_camera_dup_frame (SarapCamera *self);

G_END_DECLS
