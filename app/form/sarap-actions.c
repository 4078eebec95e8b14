#include "app/form/sarap-interview-private.h"

/* Actions of the form.
 *
 *  1. The value is evaluated with the target as context node.
 *  2. First load: an action inside a repeat runs for every instance that is there.
 *  3. The target stands in the instance that it shares with the action's element; where that
 *     leaves several, the form is wrong and nothing is set.
 *  4. setgeopoint and recordaudio only ask: the application answers when it has a place or a
 *     recording, through sarap_interview_answer(). Requests of the first load wait until
 *     somebody listens.
 */

void
sarap_request_free (SarapRequest *self)
{
  g_free (self->ref);
  g_free (self);
}

static SarapCell *
find_by_expression (SarapInterview *self, const SarapAction *action, SarapNode *context_node)
{
  SarapXPathContext context;
  g_auto (SarapXPathValue) value = { 0 };
  g_autoptr (GError) error = NULL;

  sarap_interview_init_context (self, context_node, &context);
  if (!sarap_xpath_evaluate (action->target, &context, &value, &error))
    sarap_interview_note_error (self, action->target_bind, "ref", g_steal_pointer (&error));
  else if (value.type == SARAP_XPATH_NODESET && value.nodes != NULL && value.nodes->len > 0)
    return ((SarapNode *) g_ptr_array_index (value.nodes, 0))->owner_data;
  return NULL;
}

/* In the instance that the target shares with @place. */
static SarapCell *
find_target (SarapInterview *self, const SarapAction *action, SarapCell *place)
{
  const SarapScope *scope = action->target_bind->scope;
  SarapFrame *frame = place->frame;

  if (action->target != NULL)
    return find_by_expression (self, action, place->node);
  while (!sarap_scope_is_above (frame->scope, scope))
    frame = frame->parent;
  while (frame->scope != scope)
    {
      const SarapScope *step = scope;
      const SarapRange *range;

      while (step->parent != frame->scope)
        step = step->parent;
      range = &frame->ranges[step->range];
      if (range->frames->len > 1)
        sarap_interview_note_error (self, action->target_bind, "ref", g_error_new (SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_REFERENCE, "an action must say which of the %u instances it is for", range->frames->len));
      if (range->frames->len != 1)
        return NULL;
      frame = g_ptr_array_index (range->frames, 0);
    }
  return sarap_frame_peek_cell (frame, action->target_bind);
}

static char *
dup_value (SarapInterview *self, const SarapAction *action, SarapCell *target, GError **error)
{
  SarapXPathContext context;
  g_auto (SarapXPathValue) value = { 0 };

  if (action->value == NULL)
    return g_strdup (action->literal);
  sarap_interview_init_context (self, target->node, &context);
  if (!sarap_xpath_evaluate (action->value, &context, &value, error))
    return NULL;
  return sarap_value_from_xpath (target->bind->type, &value, sarap_clock_get_zone (self->clock));
}

static void
set_value (SarapInterview *self, const SarapAction *action, SarapCell *target)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *value = dup_value (self, action, target, &error);

  if (value == NULL)
    {
      sarap_interview_note_error (self, target->bind, "setvalue", g_steal_pointer (&error));
      return;
    }
  if (!sarap_interview_set_text (self, target, value))
    return;
  sarap_recompute_drain (self);
  sarap_actions_run_value_changed (self, target);
}

static void
run (SarapInterview *self, const SarapAction *action, SarapCell *place)
{
  SarapCell *target = find_target (self, action, place);

  if (target == NULL || target->node == NULL || self->action_depth > SARAP_MAX_ACTION_DEPTH)
    return;
  self->action_depth++;
  if (action->kind == SARAP_ACTION_SETVALUE)
    set_value (self, action, target);
  else
    {
      SarapRequest *request = g_new0 (SarapRequest, 1);

      request->kind = action->kind;
      request->ref = sarap_cell_dup_ref (target);
      request->quality = action->quality;
      g_ptr_array_add (self->requests, request);
    }
  self->action_depth--;
}

static const SarapBind *
find_place (const SarapAction *action)
{
  const SarapElement *element = action->element;

  while (element != NULL && element->bind == NULL)
    element = element->parent;
  return element ? element->bind : NULL;
}

static void
run_below (SarapInterview *self, const SarapAction *action, SarapFrame *frame, const SarapBind *place)
{
  const SarapScope *step = place->scope;

  if (frame->scope == place->scope)
    {
      run (self, action, sarap_frame_peek_cell (frame, place));
      return;
    }
  while (step->parent != frame->scope)
    step = step->parent;
  for (guint i = 0; i < frame->ranges[step->range].frames->len; i++)
    run_below (self, action, g_ptr_array_index (frame->ranges[step->range].frames, i), place);
}

static void
run_event (SarapInterview *self, SarapEvent event)
{
  for (guint i = 0; i < self->form->actions->len; i++)
    {
      const SarapAction *action = g_ptr_array_index (self->form->actions, i);
      const SarapBind *place = find_place (action);

      if (action->events & event)
        run_below (self, action, self->root, place ? place : sarap_form_peek_root_scope (self->form)->bind);
    }
}

void
sarap_actions_run_first_load (SarapInterview *self)
{
  run_event (self, SARAP_EVENT_FIRST_LOAD);
}

void
sarap_actions_run_load (SarapInterview *self)
{
  run_event (self, SARAP_EVENT_LOAD);
}

void
sarap_actions_run_new_repeat (SarapInterview *self, SarapFrame *frame)
{
  const GPtrArray *actions = frame->scope->actions;

  for (guint i = 0; actions != NULL && i < actions->len; i++)
    {
      const SarapAction *action = g_ptr_array_index (actions, i);

      run (self, action, sarap_frame_peek_cell (frame, find_place (action)));
    }
}

void
sarap_actions_run_value_changed (SarapInterview *self, SarapCell *cell)
{
  const GPtrArray *actions = cell->bind->actions;

  for (guint i = 0; actions != NULL && i < actions->len; i++)
    run (self, g_ptr_array_index (actions, i), cell);
}
