#include "ui/form/sarap-question-kinds.h"

#include <glib/gi18n.h>

#include "ui/form/sarap-gps.h"

/* A place: from the receiver when there is one, typed always. Stored as "latitude longitude
 * altitude accuracy". */

/* Metres; what ODK Collect takes when the form says nothing. */
#define CAPTURE_ACCURACY 5
#define WARNING_ACCURACY 100

#define SARAP_TYPE_GEOPOINT_QUESTION (sarap_geopoint_question_get_type ())
G_DECLARE_FINAL_TYPE (SarapGeopointQuestion, sarap_geopoint_question, SARAP, GEOPOINT_QUESTION, SarapQuestion)

enum
{
  LATITUDE,
  LONGITUDE,
  ACCURACY,
  N_ENTRIES
};

struct _SarapGeopointQuestion
{
  SarapQuestion parent_instance;

  GtkWidget *entries[N_ENTRIES];
  GtkWidget *captions[N_ENTRIES];
  GtkWidget *take;
  GtkWidget *status;
  SarapGps *gps; /* while listening */
  double altitude;
  double best[N_ENTRIES]; /* newest fix */
  gboolean has_fix;
};

G_DEFINE_FINAL_TYPE (SarapGeopointQuestion, sarap_geopoint_question, SARAP_TYPE_QUESTION)

static const char *const parts[N_ENTRIES] = { N_ ("latitude"), N_ ("longitude"), N_ ("accuracy in metres") };

static double
find_limit (SarapGeopointQuestion *self, const char *name, double otherwise)
{
  const char *text = sarap_element_get_parameter (sarap_question_get_element (SARAP_QUESTION (self)), name);

  return text != NULL ? g_ascii_strtod (text, NULL) : otherwise;
}

static char *
format_number (double value, const char *format)
{
  char text[48];

  return g_strdup (g_ascii_formatd (text, sizeof text, format, value));
}

static char *
dup_part (SarapGeopointQuestion *self, guint index)
{
  char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entries[index]))));

  return g_strdelimit (text, ",", '.');
}

static char *
read_value (SarapQuestion *question)
{
  SarapGeopointQuestion *self = SARAP_GEOPOINT_QUESTION (question);
  g_autofree char *latitude = dup_part (self, LATITUDE);
  g_autofree char *longitude = dup_part (self, LONGITUDE);
  g_autofree char *accuracy = dup_part (self, ACCURACY);
  g_autofree char *altitude = format_number (self->altitude, "%.1f");

  if (latitude[0] == '\0' && longitude[0] == '\0')
    return g_strdup ("");
  return g_strdup_printf ("%s %s %s %s", latitude, longitude, altitude, accuracy[0] != '\0' ? accuracy : "0");
}

static void
show_status (SarapGeopointQuestion *self, const char *text, gboolean is_warning)
{
  gtk_label_set_label (GTK_LABEL (self->status), text);
  gtk_widget_set_visible (self->status, text[0] != '\0');
  if (is_warning)
    gtk_widget_add_css_class (self->status, "warning");
  else
    gtk_widget_remove_css_class (self->status, "warning");
}

static void
show_accuracy (SarapGeopointQuestion *self, double accuracy)
{
  SarapQuestion *question = SARAP_QUESTION (self);
  gboolean is_poor = accuracy > find_limit (self, "unacceptableAccuracyThreshold", WARNING_ACCURACY);
  g_autofree char *text = g_strdup_printf (sarap_question_text (question, is_poor ? N_ ("Accuracy: %.0f m, which is poor") : N_ ("Accuracy: %.0f m")), accuracy);

  show_status (self, accuracy > 0 ? text : "", is_poor);
}

static void
show_value (SarapQuestion *question, const char *value)
{
  SarapGeopointQuestion *self = SARAP_GEOPOINT_QUESTION (question);
  g_auto (GStrv) numbers = g_strsplit (value, " ", 4);
  guint n = g_strv_length (numbers);
  double accuracy = n > 3 ? g_ascii_strtod (numbers[3], NULL) : 0;

  self->altitude = n > 2 ? g_ascii_strtod (numbers[2], NULL) : 0;
  gtk_editable_set_text (GTK_EDITABLE (self->entries[LATITUDE]), n > 0 ? numbers[0] : "");
  gtk_editable_set_text (GTK_EDITABLE (self->entries[LONGITUDE]), n > 1 ? numbers[1] : "");
  gtk_editable_set_text (GTK_EDITABLE (self->entries[ACCURACY]), accuracy > 0 ? numbers[3] : "");
  show_accuracy (self, accuracy);
}

static void
name_button (SarapGeopointQuestion *self)
{
  SarapQuestion *question = SARAP_QUESTION (self);

  if (self->gps == NULL)
    gtk_button_set_label (GTK_BUTTON (self->take), sarap_question_text (question, N_ ("Find the position")));
  else if (self->has_fix)
    gtk_button_set_label (GTK_BUTTON (self->take), sarap_question_text (question, N_ ("Use this position")));
  else
    gtk_button_set_label (GTK_BUTTON (self->take), sarap_question_text (question, N_ ("Stop searching")));
}

static void
stop (SarapGeopointQuestion *self)
{
  if (self->gps != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->gps, self);
      sarap_gps_stop (self->gps);
    }
  g_clear_object (&self->gps);
  self->has_fix = FALSE;
}

static void
use_fix (SarapGeopointQuestion *self)
{
  const char *const formats[N_ENTRIES] = { "%.7f", "%.7f", "%.1f" };
  double altitude = self->altitude;

  stop (self);
  for (guint i = 0; i < N_ENTRIES; i++)
    {
      g_autofree char *text = format_number (self->best[i], formats[i]);

      gtk_editable_set_text (GTK_EDITABLE (self->entries[i]), text);
    }
  self->altitude = altitude;
  sarap_question_commit (SARAP_QUESTION (self));
  show_accuracy (self, self->best[ACCURACY]);
  name_button (self);
}

static void
fix_cb (SarapGps *gps, double latitude, double longitude, double altitude, double accuracy, SarapGeopointQuestion *self)
{
  g_autofree char *text = g_strdup_printf (sarap_question_text (SARAP_QUESTION (self), N_ ("Searching: accuracy %.0f m so far")), accuracy);

  self->best[LATITUDE] = latitude;
  self->best[LONGITUDE] = longitude;
  self->best[ACCURACY] = accuracy;
  self->altitude = altitude;
  self->has_fix = TRUE;
  show_status (self, text, FALSE);
  if (accuracy <= find_limit (self, "accuracyThreshold", CAPTURE_ACCURACY))
    use_fix (self);
  else
    name_button (self);
}

static void
failed_cb (SarapGps *gps, const char *reason, SarapGeopointQuestion *self)
{
  g_message ("%s", reason);
  stop (self);
  show_status (self, sarap_question_text (SARAP_QUESTION (self), N_ ("No receiver was found. Type the coordinates.")), TRUE);
  name_button (self);
}

static void
take_cb (SarapGeopointQuestion *self)
{
  if (self->gps != NULL && self->has_fix)
    {
      use_fix (self);
      return;
    }
  if (self->gps != NULL)
    {
      stop (self);
      show_status (self, "", FALSE);
    }
  else
    {
      self->gps = sarap_gps_new (g_getenv ("SARAP_GPSD"));
      g_signal_connect_object (self->gps, "fix", G_CALLBACK (fix_cb), self, 0);
      g_signal_connect_object (self->gps, "failed", G_CALLBACK (failed_cb), self, 0);
      sarap_gps_start (self->gps);
      show_status (self, sarap_question_text (SARAP_QUESTION (self), N_ ("Searching for satellites…")), FALSE);
    }
  name_button (self);
}

/* Coordinates typed over a fix have no altitude. */
static void
typed_cb (SarapGeopointQuestion *self)
{
  self->altitude = 0;
}

static void
refresh (SarapQuestion *question)
{
  SarapGeopointQuestion *self = SARAP_GEOPOINT_QUESTION (question);

  name_button (self);
  for (guint i = 0; i < N_ENTRIES; i++)
    gtk_label_set_label (GTK_LABEL (self->captions[i]), sarap_question_text (question, parts[i]));
}

static void
add_entry (SarapGeopointQuestion *self, GtkWidget *row, guint index)
{
  SarapQuestion *question = SARAP_QUESTION (self);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *entry = gtk_entry_new ();

  self->entries[index] = entry;
  self->captions[index] = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->captions[index]), 0);
  gtk_label_set_wrap (GTK_LABEL (self->captions[index]), TRUE);
  gtk_widget_add_css_class (self->captions[index], "caption");
  gtk_widget_set_vexpand (self->captions[index], TRUE);
  gtk_label_set_yalign (GTK_LABEL (self->captions[index]), 1);
  gtk_widget_set_hexpand (box, TRUE);
  gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_NUMBER);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 9);
  if (index != ACCURACY)
    g_signal_connect_object (entry, "changed", G_CALLBACK (typed_cb), self, G_CONNECT_SWAPPED);
  sarap_question_connect_entry (question, entry);
  sarap_question_name_control (question, entry, parts[index]);
  gtk_box_append (GTK_BOX (box), self->captions[index]);
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (row), box);
}

static void
build (SarapQuestion *question)
{
  SarapGeopointQuestion *self = SARAP_GEOPOINT_QUESTION (question);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  self->take = gtk_button_new_with_label ("");
  gtk_widget_set_halign (self->take, GTK_ALIGN_START);
  g_signal_connect_object (self->take, "clicked", G_CALLBACK (take_cb), self, G_CONNECT_SWAPPED);
  self->status = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, "wrap", TRUE, "xalign", 0.0, "visible", FALSE, NULL);
  gtk_widget_add_css_class (self->status, "question-status");
  for (guint i = 0; i < N_ENTRIES; i++)
    add_entry (self, row, i);
  sarap_question_set_control (question, self->take);
  sarap_question_set_control (question, self->status);
  sarap_question_set_control (question, row);
}

static void
sarap_geopoint_question_dispose (GObject *object)
{
  stop (SARAP_GEOPOINT_QUESTION (object));
  G_OBJECT_CLASS (sarap_geopoint_question_parent_class)->dispose (object);
}

static void
sarap_geopoint_question_class_init (SarapGeopointQuestionClass *class)
{
  SarapQuestionClass *question_class = SARAP_QUESTION_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_geopoint_question_dispose;
  question_class->build = build;
  question_class->show_value = show_value;
  question_class->read_value = read_value;
  question_class->refresh = refresh;
  question_class->invalid_text = N_ ("Latitude is between -90 and 90, longitude between -180 and 180.");
  question_class->has_clear = TRUE;
}

static void
sarap_geopoint_question_init (SarapGeopointQuestion *self)
{
}
