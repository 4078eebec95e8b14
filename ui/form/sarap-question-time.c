#include "ui/form/sarap-question-kinds.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/form/sarap-calendar-sheet.h"
#include "ui/form/sarap-date-text.h"

/* A time of day, and a date with a time. */

#define SARAP_TYPE_TIME_QUESTION (sarap_time_question_get_type ())
G_DECLARE_FINAL_TYPE (SarapTimeQuestion, sarap_time_question, SARAP, TIME_QUESTION, SarapQuestion)

struct _SarapTimeQuestion
{
  SarapQuestion parent_instance;

  GtkWidget *date; /* NULL for a time alone */
  GtkWidget *time;
  GtkWidget *now;
};

G_DEFINE_FINAL_TYPE (SarapTimeQuestion, sarap_time_question, SARAP_TYPE_QUESTION)

static GDateTime *
get_now (SarapTimeQuestion *self)
{
  return sarap_clock_new_local_time (sarap_context_get_clock (sarap_question_get_context (SARAP_QUESTION (self))));
}

/* "…T14:30:00.000+05:00"; the parts as typed when one of them is not valid yet. */
static char *
read_value (SarapQuestion *question)
{
  SarapTimeQuestion *self = SARAP_TIME_QUESTION (question);
  const char *typed_date = self->date != NULL ? gtk_editable_get_text (GTK_EDITABLE (self->date)) : "";
  const char *typed_time = gtk_editable_get_text (GTK_EDITABLE (self->time));
  g_autofree char *date = sarap_date_text_parse (typed_date, SARAP_DATE_DAY);
  g_autofree char *time = sarap_time_text_parse (typed_time);
  g_autoptr (GDateTime) now = get_now (self);
  g_autofree char *today = g_date_time_format (now, "%Y-%m-%d");
  g_autofree char *iso = NULL;
  g_autoptr (GDateTime) moment = NULL;

  if (typed_date[0] == '\0' && typed_time[0] == '\0')
    return g_strdup ("");
  if (time == NULL || (self->date != NULL && date == NULL))
    return self->date != NULL ? g_strconcat (date != NULL ? date : typed_date, "T", typed_time, NULL) : g_strdup (typed_time);
  iso = g_strdup_printf ("%sT%s:00", date != NULL ? date : today, time);
  moment = g_date_time_new_from_iso8601 (iso, g_date_time_get_timezone (now));
  return g_date_time_format (moment, self->date != NULL ? "%Y-%m-%dT%H:%M:00.000%:z" : "%H:%M:00.000%:z");
}

static void
show_value (SarapQuestion *question, const char *value)
{
  SarapTimeQuestion *self = SARAP_TIME_QUESTION (question);
  const char *separator = strchr (value, 'T');
  g_autofree char *day = separator != NULL ? g_strndup (value, separator - value) : g_strdup (self->date != NULL ? value : "");
  g_autofree char *date = sarap_date_text_format (day, SARAP_DATE_DAY);
  g_autofree char *time = sarap_time_text_format (separator != NULL ? separator + 1 : self->date != NULL ? ""
                                                                                                         : value);

  if (self->date != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->date), date);
  gtk_editable_set_text (GTK_EDITABLE (self->time), time);
}

static void
now_cb (SarapTimeQuestion *self)
{
  g_autoptr (GDateTime) now = get_now (self);
  g_autofree char *date = g_date_time_format (now, "%d.%m.%Y");
  g_autofree char *time = g_date_time_format (now, "%H:%M");

  if (self->date != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->date), date);
  gtk_editable_set_text (GTK_EDITABLE (self->time), time);
  sarap_question_commit (SARAP_QUESTION (self));
}

static void
refresh (SarapQuestion *question)
{
  SarapTimeQuestion *self = SARAP_TIME_QUESTION (question);

  if (self->date != NULL)
    gtk_entry_set_placeholder_text (GTK_ENTRY (self->date), sarap_question_text (question, N_ ("DD.MM.YYYY")));
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->time), sarap_question_text (question, N_ ("HH:MM")));
  gtk_button_set_label (GTK_BUTTON (self->now), sarap_question_text (question, N_ ("Now")));
}

static GtkWidget *
new_entry (SarapQuestion *question, const char *part, int width)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_NUMBER);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), width);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (entry), width);
  gtk_widget_add_css_class (entry, "number");
  sarap_question_connect_entry (question, entry);
  sarap_question_name_control (question, entry, part);
  return entry;
}

static void
build (SarapQuestion *question)
{
  SarapTimeQuestion *self = SARAP_TIME_QUESTION (question);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gboolean has_date = sarap_element_get_question_kind (sarap_question_get_element (question)) == SARAP_QUESTION_DATE_TIME;

  if (has_date)
    {
      self->date = new_entry (question, N_ ("date"), 12);
      gtk_box_append (GTK_BOX (box), self->date);
      gtk_box_append (GTK_BOX (box), sarap_calendar_button_new (question, self->date));
    }
  self->time = new_entry (question, has_date ? N_ ("time") : NULL, 8);
  self->now = gtk_button_new_with_label ("");
  sarap_question_name_control (question, self->now, N_ ("now"));
  g_signal_connect_object (self->now, "clicked", G_CALLBACK (now_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), self->time);
  gtk_box_append (GTK_BOX (box), self->now);
  sarap_question_set_control (question, box);
}

static void
sarap_time_question_class_init (SarapTimeQuestionClass *class)
{
  SarapQuestionClass *question_class = SARAP_QUESTION_CLASS (class);

  question_class->build = build;
  question_class->show_value = show_value;
  question_class->read_value = read_value;
  question_class->refresh = refresh;
  question_class->invalid_text = N_ ("Type a time like 14:30.");
}

static void
sarap_time_question_init (SarapTimeQuestion *self)
{
}
