#include "app/form/sarap-interview-private.h"

#include "app/base/sarap-xml.h"

#include <string.h>

/* An interview: the doors. What happens behind them is in sarap-recompute.c (what follows from a
 * change), sarap-repeat.c, sarap-choices.c, sarap-actions.c, sarap-state.c (begin, restore, record)
 * and sarap-validate.c.
 *
 *  1. required, readonly, constraint, labels and choices are evaluated when they are asked for.
 *  2. An expression that fails leaves its node as it was; the operation is done all the same
 *     and reports the first failure.
 */

G_DEFINE_QUARK (sarap - interview - error - quark, sarap_interview_error)
G_DEFINE_FINAL_TYPE (SarapInterview, sarap_interview, G_TYPE_OBJECT)

enum
{
  CHANGED,
  STATE_CHANGED,
  GEOPOINT_REQUESTED,
  RECORDING_REQUESTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
sarap_interview_finalize_object (GObject *object)
{
  SarapInterview *self = SARAP_INTERVIEW (object);

  g_clear_pointer (&self->root, sarap_frame_free);
  g_clear_pointer (&self->tree, sarap_tree_free);
  g_clear_pointer (&self->last_saved, sarap_tree_free);
  g_clear_pointer (&self->rand, g_rand_free);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_array_unref (self->queue);
  g_ptr_array_unref (self->requests);
  g_free (self->device_id);
  g_free (self->username);
  g_free (self->phone_number);
  g_free (self->email);
  g_free (self->interviewer);
  g_clear_object (&self->clock);
  g_clear_object (&self->form);
  G_OBJECT_CLASS (sarap_interview_parent_class)->finalize (object);
}

static void
sarap_interview_class_init (SarapInterviewClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sarap_interview_finalize_object;
  signals[CHANGED] = g_signal_new ("changed", SARAP_TYPE_INTERVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
  signals[STATE_CHANGED] = g_signal_new ("state-changed", SARAP_TYPE_INTERVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[GEOPOINT_REQUESTED] = g_signal_new ("geopoint-requested", SARAP_TYPE_INTERVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[RECORDING_REQUESTED] = g_signal_new ("recording-requested", SARAP_TYPE_INTERVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
sarap_interview_init (SarapInterview *self)
{
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_request_free);
  self->queue = g_array_new (FALSE, FALSE, sizeof (SarapTask));
  self->swept = G_MAXINT64;
}

SarapChange *
sarap_change_new (SarapChangeKind kind, const char *ref, const char *value)
{
  SarapChange *change = g_new0 (SarapChange, 1);

  change->kind = kind;
  change->ref = g_strdup (ref);
  change->value = g_strdup (value);
  return change;
}

void
sarap_change_free (SarapChange *change)
{
  g_free (change->ref);
  g_free (change->value);
  g_free (change);
}

static void
trim_lists (SarapForm *form)
{
  for (guint i = 0; i < form->secondaries->len; i++)
    {
      const SarapSecondary *secondary = g_ptr_array_index (form->secondaries, i);

      if (secondary->tree != NULL)
        sarap_tree_trim (secondary->tree);
    }
}

/* Begins an operation, or joins the one that is going on. */
void
sarap_interview_begin (SarapInterview *self)
{
  if (self->depth++ > 0)
    return;
  trim_lists (self->form);
  self->n_runs = 0;
  self->n_queued = 0;
  self->needs_state_changed = FALSE;
  g_clear_error (&self->error);
  if (g_signal_has_handler_pending (self, signals[CHANGED], 0, FALSE))
    self->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_change_free);
}

void
sarap_interview_send_requests (SarapInterview *self)
{
  g_autoptr (GPtrArray) requests = g_steal_pointer (&self->requests);

  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_request_free);
  while (requests->len > 0)
    {
      SarapRequest *request = g_ptr_array_steal_index (requests, 0);
      guint signal = signals[request->kind == SARAP_ACTION_SETGEOPOINT ? GEOPOINT_REQUESTED : RECORDING_REQUESTED];

      if (!g_signal_has_handler_pending (self, signal, 0, FALSE))
        {
          g_ptr_array_add (self->requests, request);
          continue;
        }
      g_signal_emit (self, signal, 0, request->ref, request->quality);
      sarap_request_free (request);
    }
}

/* Recomputes and, at the end of the outermost operation, tells the listeners. FALSE with
 * @error when an expression failed. */
gboolean
sarap_interview_commit (SarapInterview *self, GError **error)
{
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GError) failure = NULL;

  sarap_recompute_drain (self);
  if (--self->depth > 0)
    return TRUE;
  changes = g_steal_pointer (&self->changes);
  if (changes != NULL && changes->len > 0)
    g_signal_emit (self, signals[CHANGED], 0, changes);
  if (self->needs_state_changed)
    g_signal_emit (self, signals[STATE_CHANGED], 0);
  failure = g_steal_pointer (&self->error);
  if (self->requests->len > 0)
    sarap_interview_send_requests (self);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

void
sarap_interview_note (SarapInterview *self, SarapChangeKind kind, const SarapCell *cell, const char *value)
{
  SarapChange *change;

  if (self->changes == NULL)
    return;
  change = g_new0 (SarapChange, 1);
  change->kind = kind;
  change->ref = sarap_cell_dup_ref (cell);
  change->value = g_strdup (value);
  g_ptr_array_add (self->changes, change);
}

void
sarap_interview_note_value (SarapInterview *self, const SarapCell *cell)
{
  sarap_interview_note (self, SARAP_CHANGE_VALUE, cell, sarap_cell_peek_recorded (cell));
}

/* Takes @error. */
void
sarap_interview_note_error (SarapInterview *self, const SarapBind *bind, const char *what, GError *error)
{
  if (self->error == NULL)
    self->error = g_error_new (SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_EXPRESSION, "%s of %s: %s", what, bind ? bind->path : "the form", error->message);
  g_error_free (error);
}

void
sarap_interview_init_context (SarapInterview *self, SarapNode *node, SarapXPathContext *context)
{
  memset (context, 0, sizeof *context);
  context->node = node;
  context->host = &self->host;
  context->host_data = self;
}

#define MAX_STEPS 104

/* A concrete reference taken apart: the key of its bind and the position of each step. */
typedef struct
{
  char key[4096];
  guint positions[MAX_STEPS]; /* 0: none is written */
  guint n_steps;
} Reference;

static gboolean
reference_init (Reference *reference, const char *ref)
{
  gsize length = 0;
  gsize step = 0;

  reference->n_steps = 0;
  if (strlen (ref) >= sizeof reference->key || *ref != '/')
    return FALSE;
  while (*ref != '\0')
    {
      char c = *ref++;

      if (c == '[')
        {
          const char *end = ref + strspn (ref, "0123456789");
          guint64 position = g_ascii_strtoull (ref, NULL, 10);

          if (end == ref || *end != ']' || position == 0 || position > G_MAXUINT)
            return FALSE;
          reference->positions[reference->n_steps] = (guint) position;
          ref = end + 1;
          continue;
        }
      if (c == ':')
        {
          length = step;
          continue;
        }
      reference->key[length++] = c;
      if (c == '/' && ++reference->n_steps >= MAX_STEPS)
        return FALSE;
      if (c == '/')
        reference->positions[reference->n_steps] = 0;
      if (c == '/' || c == '@')
        step = length;
    }
  reference->key[length] = '\0';
  return TRUE;
}

static guint
count_steps (const char *path)
{
  guint n = 0;

  for (; *path != '\0'; path++)
    n += *path == '/';
  return n;
}

static SarapFrame *
find_frame (SarapInterview *self, const SarapScope *scope, const Reference *reference, SarapFrame *shared)
{
  SarapFrame *outer;
  const SarapRange *range;
  guint position;

  if (scope->parent == NULL)
    return self->root;
  outer = find_frame (self, scope->parent, reference, shared);
  if (outer == NULL)
    return NULL;
  range = &outer->ranges[scope->range];
  position = reference->positions[count_steps (scope->bind->path)];
  for (SarapFrame *frame = shared; position == 0 && frame != NULL; frame = frame->parent)
    if (frame->range == range)
      return frame;
  position = MAX (position, 1);
  return position <= range->frames->len ? g_ptr_array_index (range->frames, position - 1) : NULL;
}

/* The cell of a concrete @ref; where it leaves positions out, the instance of @context (may be
 * NULL), else the first one. */
SarapCell *
sarap_interview_find_cell_from (SarapInterview *self, const char *ref, SarapNode *context)
{
  Reference reference;
  const SarapCell *near = context ? context->owner_data : NULL;
  SarapBind *bind = reference_init (&reference, ref) ? g_hash_table_lookup (self->form->bind_of, reference.key) : NULL;
  SarapFrame *frame = bind ? find_frame (self, bind->scope, &reference, near && context->tree == self->tree ? near->frame : NULL) : NULL;
  SarapCell *cell = frame ? sarap_frame_peek_cell (frame, bind) : NULL;

  return cell != NULL && cell->node != NULL ? cell : NULL;
}

SarapCell *
sarap_interview_find_cell (SarapInterview *self, const char *ref)
{
  return sarap_interview_find_cell_from (self, ref, NULL);
}

/* @path has no position at its end; NULL when it is no repeat. */
SarapRange *
sarap_interview_find_range (SarapInterview *self, const char *path)
{
  Reference reference;
  SarapBind *bind = reference_init (&reference, path) ? g_hash_table_lookup (self->form->bind_of, reference.key) : NULL;
  SarapFrame *outer = bind && bind->repeat ? find_frame (self, bind->scope->parent, &reference, NULL) : NULL;

  return outer ? &outer->ranges[bind->repeat->range] : NULL;
}

SarapForm *
sarap_interview_get_form (SarapInterview *self)
{
  return self->form;
}

const char *
sarap_interview_get_instance_id (SarapInterview *self)
{
  return sarap_node_peek_text (sarap_frame_peek_cell (self->root, self->form->instance_id)->node);
}

const char *
sarap_interview_get_interviewer (SarapInterview *self)
{
  return self->interviewer;
}

char *
sarap_interview_dup_instance_name (SarapInterview *self)
{
  const SarapBind *bind = self->form->instance_name;

  return bind ? g_strdup (sarap_node_peek_text (sarap_frame_peek_cell (self->root, bind)->node)) : NULL;
}

/* Returns: (nullable): NULL for a form without translations */
const char *
sarap_interview_get_language (SarapInterview *self)
{
  return self->language < 0 ? NULL : sarap_form_get_languages (self->form)[self->language];
}

/* FALSE when the form does not have @language; the old one stays. */
gboolean
sarap_interview_set_language (SarapInterview *self, const char *language)
{
  int index = sarap_itext_find_language (self->form->itext, language);

  if (index < 0)
    return FALSE;
  if (index == self->language)
    return TRUE;
  sarap_interview_begin (self);
  self->language = index;
  self->host.language = sarap_interview_get_language (self);
  self->needs_state_changed = TRUE;
  sarap_recompute_language_changed (self);
  sarap_interview_commit (self, NULL);
  return TRUE;
}

/* Stores what people answered. The text is kept even when it is not valid, so that they can mend
 * it; expressions see it only when it is a value of its type. A character that no record could
 * hold becomes U+FFFD. @error: no such node, or an expression failed (the value is stored then). */
SarapAnswerResult
sarap_interview_answer (SarapInterview *self, const char *ref, const char *value, GError **error)
{
  SarapCell *cell = sarap_interview_find_cell (self, ref);
  g_autofree char *fit = value && *value ? sarap_xml_dup_fit (value) : NULL;
  g_autofree char *stored = NULL;

  if (cell == NULL || !cell->bind->is_leaf)
    {
      g_set_error (error, SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_REFERENCE, "%s is no question of this form", ref);
      return SARAP_ANSWER_CONSTRAINT_VIOLATED;
    }
  if (fit == NULL)
    stored = g_strdup ("");
  else if (cell->bind->element != NULL && cell->bind->element->is_select)
    stored = sarap_choices_order (self, cell, fit);
  else
    stored = sarap_value_canonicalize (cell->bind->type, fit);
  sarap_interview_begin (self);
  if (sarap_interview_set_text (self, cell, stored))
    {
      sarap_recompute_drain (self);
      sarap_actions_run_value_changed (self, cell);
    }
  if (!sarap_interview_commit (self, error))
    return SARAP_ANSWER_CONSTRAINT_VIOLATED;
  return sarap_interview_validate_cell (self, cell, NULL, error);
}

const char *
sarap_interview_peek_value (SarapInterview *self, const char *ref)
{
  const SarapCell *cell = sarap_interview_find_cell (self, ref);

  return cell ? sarap_cell_peek_text (cell) : "";
}

gboolean
sarap_interview_is_relevant (SarapInterview *self, const char *ref)
{
  const SarapCell *cell = sarap_interview_find_cell (self, ref);

  return cell != NULL && cell->node->is_relevant;
}

static gboolean
evaluate_condition (SarapInterview *self, const SarapXPath *expression, SarapNode *node)
{
  SarapXPathContext context;
  gboolean value = FALSE;

  sarap_interview_init_context (self, node, &context);
  return sarap_xpath_evaluate_boolean (expression, &context, &value, NULL) && value;
}

gboolean
sarap_interview_cell_is_required (SarapInterview *self, const SarapCell *cell)
{
  return cell->bind->required_always || (cell->bind->required != NULL && evaluate_condition (self, cell->bind->required, cell->node));
}

gboolean
sarap_interview_is_required (SarapInterview *self, const char *ref)
{
  const SarapCell *cell = sarap_interview_find_cell (self, ref);

  return cell != NULL && sarap_interview_cell_is_required (self, cell);
}

/* Inherited from groups and repeats. */
gboolean
sarap_interview_cell_is_readonly (SarapInterview *self, const SarapCell *cell)
{
  for (const SarapNode *node = cell->node; node != NULL && node->owner_data != NULL; node = node->parent)
    {
      const SarapCell *at = node->owner_data;

      if (at->bind->readonly_always || (at->bind->readonly != NULL && evaluate_condition (self, at->bind->readonly, at->node)))
        return TRUE;
    }
  return FALSE;
}

gboolean
sarap_interview_is_readonly (SarapInterview *self, const char *ref)
{
  const SarapCell *cell = sarap_interview_find_cell (self, ref);

  return cell != NULL && sarap_interview_cell_is_readonly (self, cell);
}

const SarapElement *
sarap_interview_get_element (SarapInterview *self, const char *ref)
{
  return sarap_form_find_element (self->form, ref);
}

gboolean
sarap_interview_has_audit (SarapInterview *self)
{
  return self->form->audit != NULL && self->form->audit->type == SARAP_DATA_BINARY;
}

SarapNode *
sarap_interview_peek_root (SarapInterview *self)
{
  return self->root->cells[0].node;
}

char *
sarap_interview_evaluate (SarapInterview *self, const char *expression, const char *context, GError **error)
{
  g_autoptr (SarapXPath) compiled = sarap_xpath_compile (expression, self->form->namespaces, error);
  const SarapCell *cell = context ? sarap_interview_find_cell (self, context) : &self->root->cells[0];
  SarapXPathContext evaluation;

  if (compiled == NULL)
    return NULL;
  if (cell == NULL)
    {
      g_set_error (error, SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_REFERENCE, "There is no node %s", context);
      return NULL;
    }
  sarap_interview_init_context (self, cell->node, &evaluation);
  return sarap_xpath_evaluate_string (compiled, &evaluation, error);
}
