#pragma once

#include "app/store/sarap-store-records.h"
#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* One question on a page: its texts, the control of its kind, and what is wrong with the answer.
 *
 *  1. The stored value is the truth. A control is made to show it when it differs from what the
 *     control said last; never while something typed waits to be stored.
 *  2. Typing is stored 200 ms after the last key, and at once when the focus leaves, on flush and
 *     by every control that is tapped.
 *  3. What is wrong is not said while the person types for the first time: only after the focus
 *     has left, after check, or when a stored answer is shown.
 *
 * Signals: "chosen" (a choice that needs no Next was made), "advance" (Enter: on to what follows). */

#define SARAP_TYPE_QUESTION (sarap_question_get_type ())
G_DECLARE_DERIVABLE_TYPE (SarapQuestion, sarap_question, SARAP, QUESTION, GtkWidget)

struct _SarapQuestionClass
{
  GtkWidgetClass parent_class;

  void (*build) (SarapQuestion *self);                         /* once: makes the control */
  void (*show_value) (SarapQuestion *self, const char *value); /* "" when blank */
  char *(*read_value) (SarapQuestion *self);                   /* what the control says now */
  void (*refresh) (SarapQuestion *self);                       /* language or choices may be new; may be NULL */
  const char *invalid_text;                                    /* N_(): said when the form has no message */
  gboolean has_clear;                                          /* a button that empties the answer helps */
};

/* The widget for the question at @ref, of the type that its kind and appearance ask for. */
SarapQuestion *sarap_question_new (SarapContext *context, SarapRecorder *recorder, const char *ref);

const char *sarap_question_get_ref (SarapQuestion *self);
void sarap_question_update (SarapQuestion *self);
void sarap_question_flush (SarapQuestion *self);
gboolean sarap_question_check (SarapQuestion *self);
gboolean sarap_question_focus (SarapQuestion *self);

/* For the kinds. */
SarapContext *sarap_question_get_context (SarapQuestion *self);
SarapRecorder *sarap_question_get_recorder (SarapQuestion *self);
SarapInterview *sarap_question_get_interview (SarapQuestion *self);
const SarapElement *sarap_question_get_element (SarapQuestion *self);
const char *sarap_question_text (SarapQuestion *self, const char *message) G_GNUC_FORMAT (2);
const char *sarap_question_peek_name (SarapQuestion *self);
void sarap_question_set_control (SarapQuestion *self, GtkWidget *control);
void sarap_question_set_inline (SarapQuestion *self);
void sarap_question_name_control (SarapQuestion *self, GtkWidget *control, const char *part);
void sarap_question_touch (SarapQuestion *self);
void sarap_question_commit (SarapQuestion *self);
void sarap_question_connect_entry (SarapQuestion *self, GtkWidget *entry);
void sarap_question_report (SarapQuestion *self, const char *message);

G_END_DECLS
