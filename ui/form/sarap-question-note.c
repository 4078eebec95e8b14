#include "ui/form/sarap-question-kinds.h"

/* A text to read, with nothing to answer. */

#define SARAP_TYPE_NOTE_QUESTION (sarap_note_question_get_type ())
G_DECLARE_FINAL_TYPE (SarapNoteQuestion, sarap_note_question, SARAP, NOTE_QUESTION, SarapQuestion)

struct _SarapNoteQuestion
{
  SarapQuestion parent_instance;
};

G_DEFINE_FINAL_TYPE (SarapNoteQuestion, sarap_note_question, SARAP_TYPE_QUESTION)

static void
build (SarapQuestion *question)
{
  gtk_widget_add_css_class (GTK_WIDGET (question), "note");
}

static void
show_value (SarapQuestion *question, const char *value)
{
}

static char *
read_value (SarapQuestion *question)
{
  return g_strdup (sarap_interview_peek_value (sarap_question_get_interview (question), sarap_question_get_ref (question)));
}

static void
sarap_note_question_class_init (SarapNoteQuestionClass *class)
{
  SarapQuestionClass *question_class = SARAP_QUESTION_CLASS (class);

  question_class->build = build;
  question_class->show_value = show_value;
  question_class->read_value = read_value;
}

static void
sarap_note_question_init (SarapNoteQuestion *self)
{
}
