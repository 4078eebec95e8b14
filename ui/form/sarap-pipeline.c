#include "ui/form/sarap-pipeline.h"

static gboolean
bus_cb (GstBus *bus, GstMessage *message, gpointer data)
{
  SarapPipeline *self = data;
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return G_SOURCE_CONTINUE;
  gst_message_parse_error (message, &error, NULL);
  self->bus_watch = 0;
  sarap_pipeline_close (self);
  g_signal_emit_by_name (self->owner, "failed", error->message);
  return G_SOURCE_REMOVE;
}

/* FALSE when GStreamer does not know what @description names; a source that cannot be opened says so later, by the
 * owner's "failed". */
gboolean
sarap_pipeline_open (SarapPipeline *self, const char *description, gpointer owner, GError **error)
{
  if (!gst_init_check (NULL, NULL, error))
    return FALSE;
  self->element = gst_parse_launch_full (description, NULL, GST_PARSE_FLAG_FATAL_ERRORS, error);
  self->owner = owner;
  return self->element != NULL;
}

/* Returns: (transfer full) */
GstElement *
sarap_pipeline_get_sink (SarapPipeline *self)
{
  return gst_bin_get_by_name (GST_BIN (self->element), "sink");
}

void
sarap_pipeline_play (SarapPipeline *self)
{
  GstBus *bus = gst_element_get_bus (self->element);

  self->bus_watch = gst_bus_add_watch (bus, bus_cb, self);
  gst_object_unref (bus);
  gst_element_set_state (self->element, GST_STATE_PLAYING);
}

/* Messages stay on the bus from here. */
void
sarap_pipeline_unwatch (SarapPipeline *self)
{
  g_clear_handle_id (&self->bus_watch, g_source_remove);
}

void
sarap_pipeline_close (SarapPipeline *self)
{
  sarap_pipeline_unwatch (self);
  if (self->element != NULL)
    gst_element_set_state (self->element, GST_STATE_NULL);
  gst_clear_object (&self->element);
}
