#include "ui/form/sarap-question-kinds.h"

#include <glib/gi18n.h>

#include "ui/form/sarap-choice-button.h"

/* Acknowledge: one box to tick, stored as OK. */

#define SARAP_TYPE_TRIGGER_QUESTION (sarap_trigger_question_get_type ())
G_DECLARE_FINAL_TYPE (SarapTriggerQuestion, sarap_trigger_question, SARAP, TRIGGER_QUESTION, SarapQuestion)

struct _SarapTriggerQuestion
{
  SarapQuestion parent_instance;

  GtkWidget *button;
};

G_DEFINE_FINAL_TYPE (SarapTriggerQuestion, sarap_trigger_question, SARAP_TYPE_QUESTION)

static void
selected_cb (SarapTriggerQuestion *self)
{
  SarapChoiceButton *button = SARAP_CHOICE_BUTTON (self->button);

  sarap_choice_button_set_checked (button, !sarap_choice_button_get_checked (button));
  sarap_question_commit (SARAP_QUESTION (self));
}

static void
show_value (SarapQuestion *question, const char *value)
{
  sarap_choice_button_set_checked (SARAP_CHOICE_BUTTON (SARAP_TRIGGER_QUESTION (question)->button), value[0] != '\0');
}

static char *
read_value (SarapQuestion *question)
{
  return g_strdup (sarap_choice_button_get_checked (SARAP_CHOICE_BUTTON (SARAP_TRIGGER_QUESTION (question)->button)) ? "OK" : "");
}

static void
refresh (SarapQuestion *question)
{
  sarap_choice_button_set_label (SARAP_CHOICE_BUTTON (SARAP_TRIGGER_QUESTION (question)->button), sarap_question_text (question, N_ ("I confirm")));
}

static void
build (SarapQuestion *question)
{
  SarapTriggerQuestion *self = SARAP_TRIGGER_QUESTION (question);

  self->button = sarap_choice_button_new (GTK_ACCESSIBLE_ROLE_CHECKBOX, SARAP_CHOICE_ROW);
  g_signal_connect_object (self->button, "selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
  sarap_question_set_control (question, self->button);
}

static void
sarap_trigger_question_class_init (SarapTriggerQuestionClass *class)
{
  SarapQuestionClass *question_class = SARAP_QUESTION_CLASS (class);

  question_class->build = build;
  question_class->show_value = show_value;
  question_class->read_value = read_value;
  question_class->refresh = refresh;
}

static void
sarap_trigger_question_init (SarapTriggerQuestion *self)
{
}
