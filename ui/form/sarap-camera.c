#include "ui/form/sarap-camera.h"

#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <gst/video/video.h>

struct _SarapCamera
{
  GtkWidget parent_instance;

  GtkWidget *picture;
  char *source;
  GstElement *pipeline;
  GstElement *sink;
  GdkTexture *frame;
  guint tick;
  guint bus_watch;
};

G_DEFINE_FINAL_TYPE (SarapCamera, sarap_camera, GTK_TYPE_WIDGET)

enum
{
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
stop (SarapCamera *self)
{
  g_clear_handle_id (&self->bus_watch, g_source_remove);
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  if (self->pipeline != NULL)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object (&self->sink);
  gst_clear_object (&self->pipeline);
}

static GdkTexture *
texture_from_sample (GstSample *sample)
{
  GstVideoInfo info;
  GstVideoFrame frame;
  g_autoptr (GBytes) bytes = NULL;
  GdkTexture *texture;

  if (!gst_video_info_from_caps (&info, gst_sample_get_caps (sample)) || !gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ))
    return NULL;
  bytes = g_bytes_new (GST_VIDEO_FRAME_PLANE_DATA (&frame, 0), (gsize) GST_VIDEO_FRAME_HEIGHT (&frame) * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0));
  texture = gdk_memory_texture_new (GST_VIDEO_FRAME_WIDTH (&frame), GST_VIDEO_FRAME_HEIGHT (&frame), GDK_MEMORY_R8G8B8A8, bytes, GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0));
  gst_video_frame_unmap (&frame);
  return texture;
}

/* The newest frame, taken when the screen is drawn anew: no thread of the source touches a widget. */
static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  SarapCamera *self = SARAP_CAMERA (widget);
  GstSample *sample = gst_app_sink_try_pull_sample (GST_APP_SINK (self->sink), 0);
  GdkTexture *texture = sample != NULL ? texture_from_sample (sample) : NULL;

  g_clear_pointer (&sample, gst_sample_unref);
  if (texture == NULL)
    return G_SOURCE_CONTINUE;
  g_set_object (&self->frame, texture);
  g_object_unref (texture);
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (self->frame));
  return G_SOURCE_CONTINUE;
}

static gboolean
bus_cb (GstBus *bus, GstMessage *message, gpointer data)
{
  SarapCamera *self = data;
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return G_SOURCE_CONTINUE;
  gst_message_parse_error (message, &error, NULL);
  self->bus_watch = 0;
  g_signal_emit (self, signals[FAILED], 0, error->message);
  return G_SOURCE_REMOVE;
}

static void
sarap_camera_dispose (GObject *object)
{
  SarapCamera *self = SARAP_CAMERA (object);

  stop (self);
  g_clear_object (&self->frame);
  g_clear_pointer (&self->picture, gtk_widget_unparent);
  G_OBJECT_CLASS (sarap_camera_parent_class)->dispose (object);
}

static void
sarap_camera_finalize (GObject *object)
{
  g_free (SARAP_CAMERA (object)->source);
  G_OBJECT_CLASS (sarap_camera_parent_class)->finalize (object);
}

static void
sarap_camera_class_init (SarapCameraClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_camera_dispose;
  G_OBJECT_CLASS (class)->finalize = sarap_camera_finalize;
  signals[FAILED] = g_signal_new ("failed", SARAP_TYPE_CAMERA, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "camera");
}

static void
sarap_camera_init (SarapCamera *self)
{
  self->picture = gtk_picture_new ();
  gtk_widget_set_parent (self->picture, GTK_WIDGET (self));
}

GtkWidget *
sarap_camera_new (const char *source)
{
  SarapCamera *self = g_object_new (SARAP_TYPE_CAMERA, NULL);

  self->source = g_strdup (source);
  return GTK_WIDGET (self);
}

/* FALSE when GStreamer does not know the source; a source that cannot be opened says so later by
 * "failed". */
gboolean
sarap_camera_start (SarapCamera *self, GError **error)
{
  g_autofree char *description = g_strdup_printf ("%s ! videoconvert ! video/x-raw,format=RGBA ! appsink name=sink max-buffers=1 drop=true", self->source);
  GstBus *bus;

  if (!gst_init_check (NULL, NULL, error))
    return FALSE;
  self->pipeline = gst_parse_launch_full (description, NULL, GST_PARSE_FLAG_FATAL_ERRORS, error);
  if (self->pipeline == NULL)
    return FALSE;
  self->sink = gst_bin_get_by_name (GST_BIN (self->pipeline), "sink");
  bus = gst_element_get_bus (self->pipeline);
  self->bus_watch = gst_bus_add_watch (bus, bus_cb, self);
  gst_object_unref (bus);
  self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  return TRUE;
}

/* Returns: (transfer full) (nullable): what is seen now; NULL before the first frame. */
GdkTexture *
sarap_camera_dup_frame (SarapCamera *self)
{
  return self->frame != NULL ? g_object_ref (self->frame) : NULL;
}
