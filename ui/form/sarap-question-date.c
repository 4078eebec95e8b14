#include "ui/form/sarap-question-kinds.h"

#include <glib/gi18n.h>

#include "ui/form/sarap-calendar-sheet.h"
#include "ui/form/sarap-date-text.h"

/* A date, or with an appearance its month or year only. Typed; the calendar helps. */

#define SARAP_TYPE_DATE_QUESTION (sarap_date_question_get_type ())
G_DECLARE_FINAL_TYPE (SarapDateQuestion, sarap_date_question, SARAP, DATE_QUESTION, SarapQuestion)

struct _SarapDateQuestion
{
  SarapQuestion parent_instance;

  GtkWidget *entry;
  GtkWidget *words; /* the date as people say it */
  SarapDatePrecision precision;
};

G_DEFINE_FINAL_TYPE (SarapDateQuestion, sarap_date_question, SARAP_TYPE_QUESTION)

static const char *const placeholders[] = {
  [SARAP_DATE_DAY] = N_ ("DD.MM.YYYY"),
                         [SARAP_DATE_MONTH] = N_ ("MM.YYYY"),
                                                  [SARAP_DATE_YEAR] = N_ ("YYYY"),
                                                  };

static void
show_value (SarapQuestion *question, const char *value)
{
  SarapDateQuestion *self = SARAP_DATE_QUESTION (question);
  g_autofree char *text = sarap_date_text_format (value, self->precision);

  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
}

/* Half a date is stored as it stands, so that nothing typed is lost. */
static char *
read_value (SarapQuestion *question)
{
  SarapDateQuestion *self = SARAP_DATE_QUESTION (question);
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  char *stored = sarap_date_text_parse (typed, self->precision);

  return stored != NULL ? stored : g_strstrip (g_strdup (typed));
}

static void
refresh (SarapQuestion *question)
{
  SarapDateQuestion *self = SARAP_DATE_QUESTION (question);
  SarapInterview *interview = sarap_question_get_interview (question);
  const char *ref = sarap_question_get_ref (question);
  g_autofree char *day = sarap_date_text_parse (sarap_interview_peek_value (interview, ref), SARAP_DATE_DAY);
  g_autofree char *expression = day != NULL && self->precision == SARAP_DATE_DAY ? g_strdup_printf ("format-date('%s', '%%a, %%e %%b %%Y')", day) : NULL;
  g_autofree char *words = expression != NULL ? sarap_interview_evaluate (interview, expression, NULL, NULL) : NULL;

  gtk_label_set_label (GTK_LABEL (self->words), words != NULL ? words : "");
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry), sarap_question_text (question, placeholders[self->precision]));
}

static void
build (SarapQuestion *question)
{
  SarapDateQuestion *self = SARAP_DATE_QUESTION (question);
  const SarapElement *element = sarap_question_get_element (question);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  if (sarap_element_has_appearance (element, "year"))
    self->precision = SARAP_DATE_YEAR;
  else if (sarap_element_has_appearance (element, "month-year"))
    self->precision = SARAP_DATE_MONTH;
  self->entry = gtk_entry_new ();
  gtk_entry_set_input_purpose (GTK_ENTRY (self->entry), GTK_INPUT_PURPOSE_NUMBER);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), 12);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (self->entry), 12);
  gtk_widget_add_css_class (self->entry, "number");
  self->words = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->words, "question-words");
  gtk_label_set_wrap (GTK_LABEL (self->words), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->words), 0);
  gtk_widget_set_hexpand (self->words, TRUE);
  sarap_question_connect_entry (question, self->entry);
  sarap_question_name_control (question, self->entry, NULL);
  gtk_box_append (GTK_BOX (box), self->entry);
  if (self->precision == SARAP_DATE_DAY && !sarap_element_has_appearance (element, "no-calendar"))
    gtk_box_append (GTK_BOX (box), sarap_calendar_button_new (question, self->entry));
  gtk_box_append (GTK_BOX (box), self->words);
  sarap_question_set_control (question, box);
}

static void
sarap_date_question_class_init (SarapDateQuestionClass *class)
{
  SarapQuestionClass *question_class = SARAP_QUESTION_CLASS (class);

  question_class->build = build;
  question_class->show_value = show_value;
  question_class->read_value = read_value;
  question_class->refresh = refresh;
  question_class->invalid_text = N_ ("Type a date like 31.12.2026.");
}

static void
sarap_date_question_init (SarapDateQuestion *self)
{
}
