#include "ui/form/sarap-microphone.h"

#include <gst/app/gstappsink.h>
#include <string.h>

#include "ui/form/sarap-pipeline.h"

/*  1. The recording stands in memory until somebody takes it: a file beside the store would not be sealed.
 *  2. What has come so far is a whole number of Ogg pages at any moment, so it can be kept before the end.
 *  3. Recordings one behind the other are one chained Ogg stream (RFC 3533), which players play through. */

#define END_TIMEOUT (2 * GST_SECOND)

struct _SarapMicrophone
{
  GObject parent_instance;

  char *source;
  SarapPipeline pipeline;
  GMutex mutex;
  GByteArray *recording; /* by the thread of the pipeline, under the mutex */
};

G_DEFINE_FINAL_TYPE (SarapMicrophone, sarap_microphone, G_TYPE_OBJECT)

enum
{
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* As loud in bits as what ODK Collect makes of the same words (AAC 64 and 24 kbit/s, AMR 12.2 kbit/s). */
typedef struct
{
  const char *quality;
  int rate;
  int bitrate;
} Quality;

static const Quality qualities[] = { { "voice-only", 8000, 12000 }, { "low", 24000, 24000 }, { "normal", 48000, 64000 } };

static const Quality *
find_quality (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (qualities); i++)
    if (g_strcmp0 (name, qualities[i].quality) == 0)
      return &qualities[i];
  return &qualities[0];
}

static GstFlowReturn
sample_cb (GstAppSink *sink, gpointer data)
{
  SarapMicrophone *self = data;
  GstSample *sample = gst_app_sink_pull_sample (sink);
  GstMapInfo map;

  if (sample == NULL)
    return GST_FLOW_OK;
  if (gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ))
    {
      g_mutex_lock (&self->mutex);
      g_byte_array_append (self->recording, map.data, (guint) map.size);
      g_mutex_unlock (&self->mutex);
      gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
    }
  gst_sample_unref (sample);
  return GST_FLOW_OK;
}

static void
sarap_microphone_finalize (GObject *object)
{
  SarapMicrophone *self = SARAP_MICROPHONE (object);

  sarap_pipeline_close (&self->pipeline);
  g_byte_array_unref (self->recording);
  g_mutex_clear (&self->mutex);
  g_free (self->source);
  G_OBJECT_CLASS (sarap_microphone_parent_class)->finalize (object);
}

static void
sarap_microphone_class_init (SarapMicrophoneClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sarap_microphone_finalize;
  signals[FAILED] = g_signal_new ("failed", SARAP_TYPE_MICROPHONE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
sarap_microphone_init (SarapMicrophone *self)
{
  g_mutex_init (&self->mutex);
  self->recording = g_byte_array_new ();
}

SarapMicrophone *
sarap_microphone_new (const char *source)
{
  SarapMicrophone *self = g_object_new (SARAP_TYPE_MICROPHONE, NULL);

  self->source = g_strdup (source);
  return self;
}

/* @quality: "normal", "low" or "voice-only", as odk:quality has it; anything else is the last. FALSE when GStreamer
 * does not know the source; a source that cannot be opened says so later by "failed". */
gboolean
sarap_microphone_start (SarapMicrophone *self, const char *quality, GError **error)
{
  const Quality *chosen = find_quality (quality);
  g_autofree char *description = g_strdup_printf ("%s ! audioconvert ! audioresample ! audio/x-raw,rate=%d,channels=1 ! opusenc bitrate=%d audio-type=voice ! oggmux ! appsink name=sink sync=false",
                                                  self->source, chosen->rate, chosen->bitrate);
  GstAppSinkCallbacks callbacks = { .new_sample = sample_cb };
  GstElement *sink;

  if (!sarap_pipeline_open (&self->pipeline, description, self, error))
    return FALSE;
  sink = sarap_pipeline_get_sink (&self->pipeline);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, self, NULL);
  gst_object_unref (sink);
  sarap_pipeline_play (&self->pipeline);
  return TRUE;
}

/* All that has been recorded so far. Returns: (transfer full) */
GBytes *
sarap_microphone_dup_recording (SarapMicrophone *self)
{
  GBytes *bytes;

  g_mutex_lock (&self->mutex);
  bytes = g_bytes_new (self->recording->data, self->recording->len);
  g_mutex_unlock (&self->mutex);
  return bytes;
}

/* Waits, two seconds at most, until the last page of the stream has come. */
void
sarap_microphone_stop (SarapMicrophone *self)
{
  GstBus *bus;
  GstMessage *message;

  if (self->pipeline.element == NULL)
    return;
  sarap_pipeline_unwatch (&self->pipeline);
  bus = gst_element_get_bus (self->pipeline.element);
  gst_element_send_event (self->pipeline.element, gst_event_new_eos ());
  message = gst_bus_timed_pop_filtered (bus, END_TIMEOUT, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_clear_pointer (&message, gst_message_unref);
  gst_object_unref (bus);
  sarap_pipeline_close (&self->pipeline);
}
