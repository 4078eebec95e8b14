#include "app/form/sarap-interview-private.h"

#include <string.h>

/* Validity and the end of an interview.
 *
 *  1. Irrelevant nodes are valid. A blank answer satisfies its constraint.
 *  2. Text that is no value of the bind's type, or outside of a range, is a violated constraint;
 *     so is such a result of a calculation.
 *  3. `.` in a constraint is the stored value.
 */

static gboolean
satisfies (SarapInterview *self, SarapCell *cell, GError **error)
{
  SarapXPathContext context;
  gboolean value = TRUE;
  const char *text = sarap_node_peek_text (cell->node);

  if (cell->typed != NULL)
    return FALSE;
  if (*text == '\0')
    return TRUE;
  if (!sarap_value_is_valid (cell->bind->type, text))
    return FALSE;
  if (cell->bind->constraint == NULL)
    return TRUE;
  sarap_interview_init_context (self, cell->node, &context);
  context.candidate = text;
  return sarap_xpath_evaluate_boolean (cell->bind->constraint, &context, &value, error) && value;
}

/* @message (may be NULL) receives the form's words for what is wrong, or NULL. */
SarapAnswerResult
sarap_interview_validate_cell (SarapInterview *self, SarapCell *cell, char **message, GError **error)
{
  const SarapText *text;
  SarapAnswerResult result;

  if (message != NULL)
    *message = NULL;
  if (!cell->node->is_relevant || !cell->bind->is_leaf)
    return SARAP_ANSWER_OK;
  if (*sarap_cell_peek_text (cell) == '\0' && sarap_interview_cell_is_required (self, cell))
    {
      result = SARAP_ANSWER_REQUIRED_BUT_EMPTY;
      text = cell->bind->required_message;
    }
  else if (!satisfies (self, cell, error))
    {
      result = SARAP_ANSWER_CONSTRAINT_VIOLATED;
      text = cell->bind->constraint_message;
    }
  else
    return SARAP_ANSWER_OK;
  if (message != NULL)
    *message = sarap_interview_dup_text (self, text, NULL, cell->node);
  return result;
}

SarapAnswerResult
sarap_interview_validate (SarapInterview *self, const char *ref, char **message)
{
  SarapCell *cell = sarap_interview_find_cell (self, ref);

  if (message != NULL)
    *message = NULL;
  return cell ? sarap_interview_validate_cell (self, cell, message, NULL) : SARAP_ANSWER_OK;
}

void
sarap_violation_free (SarapViolation *violation)
{
  g_free (violation->ref);
  g_free (violation->message);
  g_free (violation);
}

typedef struct
{
  SarapInterview *self;
  GPtrArray *violations;
} Collector;

static void
validate_cb (SarapCell *cell, gpointer data)
{
  const Collector *collector = data;
  g_autofree char *message = NULL;
  SarapAnswerResult result;
  SarapViolation *violation;

  if ((!cell->bind->is_bound && cell->typed == NULL) || !cell->node->is_relevant)
    return;
  result = sarap_interview_validate_cell (collector->self, cell, &message, NULL);
  if (result == SARAP_ANSWER_OK)
    return;
  violation = g_new0 (SarapViolation, 1);
  violation->ref = sarap_cell_dup_ref (cell);
  violation->result = result;
  violation->message = g_steal_pointer (&message);
  g_ptr_array_add (collector->violations, violation);
}

GPtrArray *
sarap_interview_dup_violations (SarapInterview *self)
{
  GPtrArray *violations = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_violation_free);
  Collector collector = { self, violations };

  sarap_frame_foreach (self->root, validate_cb, &collector);
  return violations;
}

static void
forget_parked (SarapFrame *frame)
{
  for (guint i = 0; i < frame->scope->ranges->len; i++)
    {
      sarap_range_forget_parked (&frame->ranges[i]);
      for (guint n = 0; n < frame->ranges[i].frames->len; n++)
        forget_parked (g_ptr_array_index (frame->ranges[i].frames, n));
    }
}

/* Returns: (transfer full): the bytes of the submission; NULL with SARAP_INTERVIEW_ERROR_INVALID
 * when violations stand (the end time is not set then). */
GBytes *
sarap_interview_finalize (SarapInterview *self, GError **error)
{
  g_autoptr (GPtrArray) violations = sarap_interview_dup_violations (self);
  const SarapViolation *first = violations->len ? g_ptr_array_index (violations, 0) : NULL;

  if (first != NULL)
    {
      if (violations->len == 1)
        g_set_error (error, SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_INVALID, "the answer %s is not valid", first->ref);
      else
        g_set_error (error, SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_INVALID, "%u answers are not valid; the first is %s", violations->len, first->ref);
      return NULL;
    }
  sarap_interview_begin (self);
  sarap_preload_run_end (self);
  if (!sarap_interview_commit (self, error))
    return NULL;
  forget_parked (self->root);
  return sarap_interview_serialize (self);
}

static void
attachment_cb (SarapCell *cell, gpointer data)
{
  const char *text = sarap_node_peek_text (cell->node);

  if (cell->bind->type == SARAP_DATA_BINARY && cell->node->is_relevant && *text != '\0')
    g_ptr_array_add (data, g_strdup (text));
}

char **
sarap_interview_dup_attachment_names (SarapInterview *self)
{
  GPtrArray *names = g_ptr_array_new ();

  sarap_frame_foreach (self->root, attachment_cb, names);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}
