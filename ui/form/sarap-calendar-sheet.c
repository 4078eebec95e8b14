#include "ui/form/sarap-calendar-sheet.h"

#include <glib/gi18n.h>

#include "ui/form/sarap-date-text.h"
#include "ui/form/sarap-sheet.h"

typedef struct
{
  SarapQuestion *question; /* owns the button, so outlives it */
  GtkWidget *entry;
  SarapSheet *sheet;
} Opening;

/* GtkCalendar leaves the buttons of its head unnamed; they stand in this order. */
static const char *const head_names[] = { N_ ("Previous month"), N_ ("Next month"), N_ ("Previous year"), N_ ("Next year") };

static void
name_buttons (SarapQuestion *question, GtkWidget *widget, guint *n)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_BUTTON (child) && *n < G_N_ELEMENTS (head_names))
      gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, sarap_question_text (question, head_names[(*n)++]), -1);
    else
      name_buttons (question, child, n);
}

static void
take_day (GtkCalendar *calendar, Opening *opening)
{
  g_autoptr (GDateTime) date = gtk_calendar_get_date (calendar);
  g_autofree char *text = g_date_time_format (date, "%d.%m.%Y");

  gtk_editable_set_text (GTK_EDITABLE (opening->entry), text);
  sarap_question_commit (opening->question);
}

static void
done_cb (GtkWidget *button, Opening *opening)
{
  take_day (GTK_CALENDAR (gtk_widget_get_prev_sibling (button)), opening);
  sarap_sheet_close (opening->sheet);
}

static void
select_day (GtkCalendar *calendar, Opening *opening)
{
  g_autofree char *stored = sarap_date_text_parse (gtk_editable_get_text (GTK_EDITABLE (opening->entry)), SARAP_DATE_DAY);
  g_autofree char *iso = stored != NULL ? g_strconcat (stored, "T00:00:00Z", NULL) : NULL;
  g_autoptr (GDateTime) date = iso != NULL ? g_date_time_new_from_iso8601 (iso, NULL) : sarap_clock_new_local_time (sarap_context_get_clock (sarap_question_get_context (opening->question)));

  gtk_calendar_select_day (calendar, date);
}

static void
free_opening (gpointer data, GClosure *closure)
{
  g_free (data);
}

static void
clicked_cb (GtkWidget *button, SarapQuestion *question)
{
  Opening *opening = g_new0 (Opening, 1);
  GtkWidget *calendar = gtk_calendar_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 16);
  GtkWidget *done = gtk_button_new_with_label (sarap_question_text (question, N_ ("Choose this day")));
  guint n = 0;

  opening->question = question;
  opening->entry = g_object_get_data (G_OBJECT (button), "entry");
  select_day (GTK_CALENDAR (calendar), opening);
  name_buttons (question, calendar, &n);
  gtk_widget_add_css_class (calendar, "large");
  gtk_widget_add_css_class (done, "suggested-action");
  gtk_accessible_update_property (GTK_ACCESSIBLE (calendar), GTK_ACCESSIBLE_PROPERTY_LABEL, sarap_question_peek_name (question), -1);
  gtk_box_append (GTK_BOX (box), calendar);
  gtk_box_append (GTK_BOX (box), done);
  g_signal_connect_data (done, "clicked", G_CALLBACK (done_cb), opening, free_opening, 0);
  opening->sheet = sarap_sheet_open (button, sarap_question_peek_name (question), sarap_question_text (question, N_ ("Close")), box);
}

GtkWidget *
sarap_calendar_button_new (SarapQuestion *question, GtkWidget *entry)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("x-office-calendar-symbolic");

  g_object_set_data (G_OBJECT (button), "entry", entry);
  sarap_question_name_control (question, button, N_ ("calendar"));
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), question, 0);
  return button;
}
