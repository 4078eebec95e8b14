#include "ui/form/sarap-question-kinds.h"

#include <glib/gi18n.h>

/* Text in one line or several; also what is typed for barcodes and for shapes without a map. */

#define MULTILINE_ROWS 4
#define MAX_ROWS 20
#define LINE_HEIGHT 26

#define SARAP_TYPE_TEXT_QUESTION (sarap_text_question_get_type ())
G_DECLARE_FINAL_TYPE (SarapTextQuestion, sarap_text_question, SARAP, TEXT_QUESTION, SarapQuestion)

struct _SarapTextQuestion
{
  SarapQuestion parent_instance;

  GtkWidget *entry; /* one of the two */
  GtkWidget *view;
};

G_DEFINE_FINAL_TYPE (SarapTextQuestion, sarap_text_question, SARAP_TYPE_QUESTION)

static void
show_value (SarapQuestion *question, const char *value)
{
  SarapTextQuestion *self = SARAP_TEXT_QUESTION (question);

  if (self->view != NULL)
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view)), value, -1);
  else
    gtk_editable_set_text (GTK_EDITABLE (self->entry), value);
}

static char *
read_value (SarapQuestion *question)
{
  SarapTextQuestion *self = SARAP_TEXT_QUESTION (question);
  char *text = NULL;

  if (self->view != NULL)
    g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view)), "text", &text, NULL);
  else
    text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  return text;
}

static int
find_rows (const SarapElement *element)
{
  const char *rows = sarap_element_get_parameter (element, "rows");

  return rows != NULL ? CLAMP ((int) g_ascii_strtoll (rows, NULL, 10), 2, MAX_ROWS) : MULTILINE_ROWS;
}

static void
build_view (SarapTextQuestion *self)
{
  SarapQuestion *question = SARAP_QUESTION (self);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->view = gtk_text_view_new ();
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (self->view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (self->view), FALSE);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), find_rows (sarap_question_get_element (question)) * LINE_HEIGHT);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), MAX_ROWS * LINE_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->view);
  gtk_widget_add_css_class (scroller, "answer-text");
  gtk_widget_set_focusable (scroller, FALSE);
  g_signal_connect_object (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view)), "changed", G_CALLBACK (sarap_question_touch), self, G_CONNECT_SWAPPED);
  sarap_question_name_control (question, self->view, NULL);
  sarap_question_set_control (question, scroller);
}

static void
build_entry (SarapTextQuestion *self)
{
  SarapQuestion *question = SARAP_QUESTION (self);
  const SarapElement *element = sarap_question_get_element (question);

  self->entry = gtk_entry_new ();
  if (sarap_element_has_appearance (element, "numbers"))
    gtk_entry_set_input_purpose (GTK_ENTRY (self->entry), GTK_INPUT_PURPOSE_NUMBER);
  else if (sarap_element_has_appearance (element, "url"))
    gtk_entry_set_input_purpose (GTK_ENTRY (self->entry), GTK_INPUT_PURPOSE_URL);
  if (sarap_element_has_appearance (element, "masked"))
    gtk_entry_set_visibility (GTK_ENTRY (self->entry), FALSE);
  gtk_widget_set_hexpand (self->entry, TRUE);
  sarap_question_connect_entry (question, self->entry);
  sarap_question_name_control (question, self->entry, NULL);
  sarap_question_set_control (question, self->entry);
}

static void
build (SarapQuestion *question)
{
  const SarapElement *element = sarap_question_get_element (question);

  if (sarap_element_has_appearance (element, "multiline") || sarap_element_get_parameter (element, "rows") != NULL)
    build_view (SARAP_TEXT_QUESTION (question));
  else
    build_entry (SARAP_TEXT_QUESTION (question));
}

static void
sarap_text_question_class_init (SarapTextQuestionClass *class)
{
  SarapQuestionClass *question_class = SARAP_QUESTION_CLASS (class);

  question_class->build = build;
  question_class->show_value = show_value;
  question_class->read_value = read_value;
}

static void
sarap_text_question_init (SarapTextQuestion *self)
{
}
