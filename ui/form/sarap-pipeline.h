#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* A GStreamer pipeline that ends in an appsink called "sink". An owner with a signal "failed" (const char *message)
 * holds it in its own structure; zeroes are a closed one. */

typedef struct
{
  gpointer owner;
  GstElement *element; /* NULL: closed */
  guint bus_watch;
} SarapPipeline;

gboolean sarap_pipeline_open (SarapPipeline *self, const char *description, gpointer owner, GError **error);
GstElement *sarap_pipeline_get_sink (SarapPipeline *self);
void sarap_pipeline_play (SarapPipeline *self);
void sarap_pipeline_unwatch (SarapPipeline *self);
void sarap_pipeline_close (SarapPipeline *self);

G_END_DECLS
