#include "ui/form/sarap-camera.h"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include "ui/form/sarap-pipeline.h"

struct _SarapCamera
{
  GtkWidget parent_instance;

  GtkWidget *picture;
  char *source;
  SarapPipeline pipeline;
  GstElement *sink;
  GdkTexture *frame;
  guint tick;
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
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  sarap_pipeline_close (&self->pipeline);
  gst_clear_object (&self->sink);
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

  if (!sarap_pipeline_open (&self->pipeline, description, self, error))
    return FALSE;
  self->sink = sarap_pipeline_get_sink (&self->pipeline);
  self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
  sarap_pipeline_play (&self->pipeline);
  return TRUE;
}

/* Returns: (transfer full) (nullable): what is seen now; NULL before the first frame. */
GdkTexture *
sarap_camera_dup_frame (SarapCamera *self)
{
  return self->frame != NULL ? g_object_ref (self->frame) : NULL;
}
