#include "ui/form/sarap-form-devices.h"

#include "ui/form/sarap-gps.h"
#include "ui/form/sarap-microphone.h"

/*  1. A place that is asked for is the first that is exact enough, else the best of WAIT_SECONDS; without any the
 *     question stays empty. Several that are asked for meanwhile get the same one.
 *  2. For the audit log the receiver runs all the time; a place counts only when the form's interval has passed.
 *  3. A recording is kept every KEEP_SECONDS and at the end, sealed like any answer. A draft that is opened again
 *     goes on behind what it has.
 *  4. Nothing is recorded that the person at the device cannot see and stop. */

#define WAIT_SECONDS 20
#define KEEP_SECONDS 60

/* Metres; what ODK Collect takes in the background. */
#define CAPTURE_ACCURACY 5

struct _SarapFormDevices
{
  GObject parent_instance;

  SarapContext *context;
  SarapRecorder *recorder;
  SarapInterview *interview;

  SarapGps *gps;     /* while listening */
  GPtrArray *places; /* references that wait for a place */
  guint wait_source;
  char *best; /* value of the most exact place since the first of them asked, or NULL */
  double best_accuracy;
  gboolean is_audited;   /* the audit log wants places */
  gint64 audited_at;     /* ms: the last one it got; 0: none */
  gint64 audit_interval; /* ms */

  SarapMicrophone *microphone; /* while recording */
  char *recording;             /* reference of the answer */
  GBytes *before;              /* what it had when the draft was opened, or NULL */
  guint keep_source;
  gboolean may_record;
};

G_DEFINE_FINAL_TYPE (SarapFormDevices, sarap_form_devices, G_TYPE_OBJECT)

enum
{
  PROP_RECORDING = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  NO_MICROPHONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
log_event (SarapFormDevices *self, const char *event)
{
  SarapAuditLog *log = sarap_recorder_get_audit_log (self->recorder);

  if (log != NULL)
    sarap_audit_log_event (log, event);
}

static void
stop_listening (SarapFormDevices *self)
{
  if (self->gps != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->gps, self);
      sarap_gps_stop (self->gps);
    }
  g_clear_object (&self->gps);
}

/* Rule 1. */
static void
answer_places (SarapFormDevices *self)
{
  g_autoptr (GPtrArray) places = g_steal_pointer (&self->places);
  g_autofree char *value = g_steal_pointer (&self->best);

  self->places = g_ptr_array_new_with_free_func (g_free);
  g_clear_handle_id (&self->wait_source, g_source_remove);
  if (!self->is_audited)
    stop_listening (self);
  for (guint i = 0; value != NULL && i < places->len; i++)
    {
      g_autoptr (GError) error = NULL;

      sarap_interview_answer (self->interview, g_ptr_array_index (places, i), value, &error);
      if (error != NULL)
        g_warning ("%s", error->message);
    }
}

static gboolean
waited_cb (gpointer data)
{
  SarapFormDevices *self = data;

  self->wait_source = 0;
  answer_places (self);
  return G_SOURCE_REMOVE;
}

static char *
format_place (double latitude, double longitude, double altitude, double accuracy)
{
  const double numbers[] = { latitude, longitude, altitude, accuracy };
  const char *const formats[] = { "%.7f", "%.7f", "%.1f", "%.1f" };
  GString *value = g_string_new (NULL);
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_string_append_printf (value, "%s%s", i > 0 ? " " : "", g_ascii_formatd (text, sizeof text, formats[i], numbers[i]));
  return g_string_free (value, FALSE);
}

/* Rule 2. */
static void
tell_audit_log (SarapFormDevices *self, double latitude, double longitude, double accuracy)
{
  gint64 now = sarap_clock_get_now (sarap_context_get_clock (self->context));

  if (!self->is_audited || (self->audited_at != 0 && now - self->audited_at < self->audit_interval))
    return;
  self->audited_at = now;
  sarap_audit_log_set_location (sarap_recorder_get_audit_log (self->recorder), latitude, longitude, accuracy);
}

static void
fix_cb (SarapGps *gps, double latitude, double longitude, double altitude, double accuracy, SarapFormDevices *self)
{
  tell_audit_log (self, latitude, longitude, accuracy);
  if (self->places->len == 0)
    return;
  if (self->best == NULL || accuracy < self->best_accuracy)
    {
      g_free (self->best);
      self->best = format_place (latitude, longitude, altitude, accuracy);
      self->best_accuracy = accuracy;
    }
  if (accuracy <= CAPTURE_ACCURACY)
    answer_places (self);
}

static void
gps_failed_cb (SarapGps *gps, const char *reason, SarapFormDevices *self)
{
  g_message ("%s", reason);
  if (self->is_audited)
    log_event (self, "location providers disabled");
  self->is_audited = FALSE;
  answer_places (self);
}

static void
listen_to_gps (SarapFormDevices *self)
{
  if (self->gps != NULL)
    return;
  self->gps = sarap_gps_new (g_getenv ("SARAP_GPSD"));
  g_signal_connect_object (self->gps, "fix", G_CALLBACK (fix_cb), self, 0);
  g_signal_connect_object (self->gps, "failed", G_CALLBACK (gps_failed_cb), self, 0);
  sarap_gps_start (self->gps);
}

static void
geopoint_requested_cb (SarapInterview *interview, const char *ref, const char *unused, SarapFormDevices *self)
{
  g_ptr_array_add (self->places, g_strdup (ref));
  if (self->wait_source == 0)
    self->wait_source = g_timeout_add_seconds (WAIT_SECONDS, waited_cb, self);
  listen_to_gps (self);
}

/* Environment first, for tests; "" in the settings: what the system has chosen. */
static char *
dup_microphone_source (SarapFormDevices *self)
{
  const char *source = g_getenv ("SARAP_MICROPHONE_PIPELINE");
  g_autofree char *chosen = NULL;

  if (source != NULL)
    return g_strdup (source);
  chosen = g_settings_get_string (sarap_context_get_settings (self->context), "microphone-pipeline");
  return g_strdup (chosen[0] != '\0' ? chosen : "autoaudiosrc");
}

/* Rule 3. */
static gboolean
keep_recording (SarapFormDevices *self, GError **error)
{
  g_autoptr (GBytes) new = sarap_microphone_dup_recording (self->microphone);
  g_autofree char *replaced = g_strdup (sarap_interview_peek_value (self->interview, self->recording));
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;

  if (g_bytes_get_size (new) == 0)
    return TRUE;
  if (self->before != NULL)
    g_byte_array_append (all, g_bytes_get_data (self->before, NULL), (guint) g_bytes_get_size (self->before));
  g_byte_array_append (all, g_bytes_get_data (new, NULL), (guint) g_bytes_get_size (new));
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&all));
  if (!sarap_recorder_attach (self->recorder, self->recording, bytes, SARAP_MICROPHONE_EXTENSION, error))
    return FALSE;
  return *replaced == '\0' || sarap_recorder_drop_attachment (self->recorder, replaced, error);
}

static gboolean
keep_cb (gpointer data)
{
  SarapFormDevices *self = data;
  g_autoptr (GError) error = NULL;

  if (!keep_recording (self, &error))
    g_warning ("%s", error->message);
  return G_SOURCE_CONTINUE;
}

static gboolean
end_recording (SarapFormDevices *self, GError **error)
{
  gboolean is_kept;

  if (self->microphone == NULL)
    return TRUE;
  g_clear_handle_id (&self->keep_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->microphone, self);
  sarap_microphone_stop (self->microphone);
  is_kept = keep_recording (self, error);
  g_clear_object (&self->microphone);
  g_clear_pointer (&self->before, g_bytes_unref);
  g_clear_pointer (&self->recording, g_free);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RECORDING]);
  return is_kept;
}

static void
microphone_failed_cb (SarapMicrophone *microphone, const char *reason, SarapFormDevices *self)
{
  g_autoptr (GError) error = NULL;

  g_message ("microphone: %s", reason);
  log_event (self, "background audio disabled");
  if (!end_recording (self, &error))
    g_warning ("%s", error->message);
  g_signal_emit (self, signals[NO_MICROPHONE], 0);
}

/* One recording at a time: another question that asks meanwhile gets none. */
static void
recording_requested_cb (SarapInterview *interview, const char *ref, const char *quality, SarapFormDevices *self)
{
  g_autofree char *source = NULL;
  g_autoptr (GError) error = NULL;

  if (!self->may_record || self->microphone != NULL)
    return;
  source = dup_microphone_source (self);
  self->microphone = sarap_microphone_new (source);
  self->recording = g_strdup (ref);
  self->before = *sarap_interview_peek_value (interview, ref) != '\0' ? sarap_recorder_dup_attachment (self->recorder, ref, &error) : NULL;
  if (error != NULL)
    g_warning ("%s", error->message);
  g_clear_error (&error);
  g_signal_connect_object (self->microphone, "failed", G_CALLBACK (microphone_failed_cb), self, 0);
  if (!sarap_microphone_start (self->microphone, quality, &error))
    {
      microphone_failed_cb (self->microphone, error->message, self);
      return;
    }
  self->keep_source = g_timeout_add_seconds (KEEP_SECONDS, keep_cb, self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RECORDING]);
}

static void
sarap_form_devices_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  if (property == PROP_RECORDING)
    g_value_set_boolean (value, sarap_form_devices_is_recording (SARAP_FORM_DEVICES (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
}

static void
sarap_form_devices_dispose (GObject *object)
{
  SarapFormDevices *self = SARAP_FORM_DEVICES (object);

  stop_listening (self);
  g_clear_handle_id (&self->wait_source, g_source_remove);
  g_clear_handle_id (&self->keep_source, g_source_remove);
  g_clear_object (&self->microphone);
  g_clear_object (&self->interview);
  g_clear_object (&self->recorder);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_form_devices_parent_class)->dispose (object);
}

static void
sarap_form_devices_finalize (GObject *object)
{
  SarapFormDevices *self = SARAP_FORM_DEVICES (object);

  g_clear_pointer (&self->before, g_bytes_unref);
  g_ptr_array_unref (self->places);
  g_free (self->recording);
  g_free (self->best);
  G_OBJECT_CLASS (sarap_form_devices_parent_class)->finalize (object);
}

static void
sarap_form_devices_class_init (SarapFormDevicesClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = sarap_form_devices_get_property;
  object_class->dispose = sarap_form_devices_dispose;
  object_class->finalize = sarap_form_devices_finalize;
  properties[PROP_RECORDING] = g_param_spec_boolean ("recording", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  signals[NO_MICROPHONE] = g_signal_new ("no-microphone", SARAP_TYPE_FORM_DEVICES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sarap_form_devices_init (SarapFormDevices *self)
{
  self->places = g_ptr_array_new_with_free_func (g_free);
}

static void
follow_audit_log (SarapFormDevices *self)
{
  SarapForm *form = sarap_interview_get_form (self->interview);

  if (sarap_recorder_get_audit_log (self->recorder) == NULL || !(sarap_form_get_audit_columns (form) & SARAP_AUDIT_LOCATION))
    return;
  self->is_audited = TRUE;
  self->audit_interval = (gint64) g_ascii_strtoull (sarap_form_get_audit_parameter (form, "location-min-interval"), NULL, 10) * 1000;
  log_event (self, "location tracking enabled");
  listen_to_gps (self);
}

/* Serves from now on, and at once what the interview asked for before. */
SarapFormDevices *
sarap_form_devices_new (SarapContext *context, SarapRecorder *recorder, gboolean may_record)
{
  SarapFormDevices *self = g_object_new (SARAP_TYPE_FORM_DEVICES, NULL);

  self->context = g_object_ref (context);
  self->recorder = g_object_ref (recorder);
  self->interview = g_object_ref (sarap_recorder_get_interview (recorder));
  self->may_record = may_record;
  follow_audit_log (self);
  g_signal_connect_object (self->interview, "geopoint-requested", G_CALLBACK (geopoint_requested_cb), self, 0);
  g_signal_connect_object (self->interview, "recording-requested", G_CALLBACK (recording_requested_cb), self, 0);
  sarap_interview_send_requests (self->interview);
  return self;
}

gboolean
sarap_form_devices_is_recording (SarapFormDevices *self)
{
  return self->microphone != NULL;
}

void
sarap_form_devices_stop_recording (SarapFormDevices *self)
{
  g_autoptr (GError) error = NULL;

  log_event (self, "background audio disabled");
  self->may_record = FALSE;
  if (!end_recording (self, &error))
    g_warning ("%s", error->message);
}

/* FALSE when the recording could not be kept. */
gboolean
sarap_form_devices_finish (SarapFormDevices *self, GError **error)
{
  self->is_audited = FALSE;
  answer_places (self);
  stop_listening (self);
  return end_recording (self, error);
}
