#include "app/form/sarap-interview-private.h"

#include <math.h>
#include <string.h>

/* Recomputation: after a change, exactly what depends on it, what is depended on first.
 *
 *  1. A task is a facet in one frame. Tasks wait in a heap ordered by the facet's rank, then by
 *     arrival; a task that already waits is not added again.
 *  2. When a value or the effective relevance of a node changes, the readers of its bind are
 *     scheduled, in the frames that may see this node (sarap-graph.c, rule 6).
 *  3. A calculation runs only while its node is relevant, and when it becomes relevant again.
 *  4. When an interview begins, every facet runs once in order of rank (the sweep); what the
 *     sweep has still before it need not be scheduled.
 *  5. Counts and filters may form loops (sarap-graph.c, rule 4); an operation that runs far more
 *     tasks than the form has nodes is stopped with an error.
 *  6. After a restore, calculations that depend on the moment or on chance keep the recorded
 *     value.
 */

#define MAX_RUNS_PER_NODE 200
#define MAX_RUNS_BASE 100000

static void
sift_up (GArray *heap, guint i)
{
  SarapTask *tasks = (SarapTask *) (gpointer) heap->data;
  SarapTask task = tasks[i];

  for (; i > 0 && tasks[(i - 1) / 2].key > task.key; i = (i - 1) / 2)
    tasks[i] = tasks[(i - 1) / 2];
  tasks[i] = task;
}

static SarapTask
pop (GArray *heap)
{
  SarapTask *tasks = (SarapTask *) (gpointer) heap->data;
  SarapTask first = tasks[0];
  SarapTask last = tasks[heap->len - 1];
  guint n = heap->len - 1;
  guint i = 0;

  while (2 * i + 1 < n)
    {
      guint child = 2 * i + 1;

      if (child + 1 < n && tasks[child + 1].key < tasks[child].key)
        child++;
      if (tasks[child].key >= last.key)
        break;
      tasks[i] = tasks[child];
      i = child;
    }
  if (n > 0)
    tasks[i] = last;
  g_array_set_size (heap, n);
  return first;
}

static void
push (SarapInterview *self, SarapFacet *facet, gpointer target)
{
  SarapTask task = { ((guint64) facet->rank << 32) | self->n_queued++, facet, target };

  g_array_append_val (self->queue, task);
  sift_up (self->queue, self->queue->len - 1);
}

/* @frame belongs to the scope of the facet. */
static void
schedule_in (SarapInterview *self, SarapFacet *facet, SarapFrame *frame)
{
  SarapCell *cell;

  if (facet->kind == SARAP_FACET_COUNT)
    {
      SarapRange *range = &frame->ranges[facet->bind->repeat->range];

      if (!range->is_queued)
        push (self, facet, range);
      range->is_queued = TRUE;
      return;
    }
  cell = sarap_frame_peek_cell (frame, facet->bind);
  if (cell->node == NULL || cell->queued & (1u << facet->kind))
    return;
  cell->queued |= 1u << facet->kind;
  push (self, facet, cell);
}

/* Whether the facet in @frame, which reads an instance by its index, read the one at @index. A
 * node that has not been calculated yet is scheduled for that anyway. */
static gboolean
has_seen (SarapFrame *frame, const SarapFacet *facet, guint index)
{
  const SarapCell *cell = sarap_frame_peek_cell (frame, facet->bind);

  return cell->index_seen == index || cell->index_seen == SARAP_SEVERAL_INDEXES;
}

/* In all frames of @scope at or below @frame; with @index only where that instance was read. */
static void
schedule_below (SarapInterview *self, SarapFacet *facet, SarapFrame *frame, const SarapScope *scope, guint index)
{
  const SarapScope *step = scope;

  if (frame->scope == scope)
    {
      if (index == 0 || has_seen (frame, facet, index))
        schedule_in (self, facet, frame);
      return;
    }
  while (step->parent != frame->scope)
    step = step->parent;
  for (guint i = 0; i < frame->ranges[step->range].frames->len; i++)
    schedule_below (self, facet, g_ptr_array_index (frame->ranges[step->range].frames, i), scope, index);
}

static void
schedule_reader (SarapInterview *self, const SarapReader *reader, SarapFrame *frame, guint index)
{
  if ((gint64) reader->facet->rank > self->swept)
    return;
  while (frame->scope->depth > reader->depth)
    frame = frame->parent;
  schedule_below (self, reader->facet, frame, sarap_facet_get_scope (reader->facet), reader->is_indexed ? index : 0);
}

/* The instance of the outermost repeat around @frame: that is what an index means. */
static guint
outermost_position (const SarapFrame *frame)
{
  while (frame->scope->depth > 1)
    frame = frame->parent;
  return frame->scope->depth == 1 ? frame->position : 0;
}

/* The value of @cell, or what expressions see of it, is another one now. */
void
sarap_recompute_value_changed (SarapInterview *self, SarapCell *cell)
{
  const GArray *readers = cell->bind->readers;

  for (guint i = 0; readers != NULL && i < readers->len; i++)
    schedule_reader (self, &g_array_index (readers, SarapReader, i), cell->frame, outermost_position (cell->frame));
}

static void
schedule_positions (SarapInterview *self, SarapFrame *frame)
{
  for (guint i = 0; i < frame->scope->binds->len; i++)
    for (SarapFacet *facet = ((SarapBind *) g_ptr_array_index (frame->scope->binds, i))->facets; facet != NULL; facet = facet->next_of_bind)
      if (facet->uses_position && facet->kind != SARAP_FACET_COUNT)
        schedule_in (self, facet, frame);
  for (guint i = 0; i < frame->scope->ranges->len; i++)
    for (guint n = 0; n < frame->ranges[i].frames->len; n++)
      schedule_positions (self, g_ptr_array_index (frame->ranges[i].frames, n));
}

/* Instances came or went. Those from index @first_moved on stand at another position; @added is
 * the position of the one that has come to the end, 0 when more has changed. */
void
sarap_recompute_range_changed (SarapInterview *self, SarapRange *range, guint first_moved, guint added)
{
  guint index = range->scope->depth == 1 ? added : 0;
  const GArray *readers = range->scope->outside_readers;

  self->needs_state_changed = TRUE;
  for (guint i = first_moved; i < range->frames->len; i++)
    schedule_positions (self, g_ptr_array_index (range->frames, i));
  for (guint i = 0; readers != NULL && i < readers->len; i++)
    schedule_reader (self, &g_array_index (readers, SarapReader, i), range->owner, index);
}

/* Every facet of @frame and of what is in it. */
void
sarap_recompute_frame_added (SarapInterview *self, SarapFrame *frame)
{
  for (guint i = 0; i < frame->scope->binds->len; i++)
    for (SarapFacet *facet = ((SarapBind *) g_ptr_array_index (frame->scope->binds, i))->facets; facet != NULL; facet = facet->next_of_bind)
      if (facet->kind != SARAP_FACET_COUNT && (gint64) facet->rank <= self->swept)
        schedule_in (self, facet, frame);
  for (guint i = 0; i < frame->scope->ranges->len; i++)
    {
      for (SarapFacet *facet = frame->ranges[i].scope->bind->facets; facet != NULL; facet = facet->next_of_bind)
        if (facet->kind == SARAP_FACET_COUNT && (gint64) facet->rank <= self->swept)
          schedule_in (self, facet, frame);
      for (guint n = 0; n < frame->ranges[i].frames->len; n++)
        sarap_recompute_frame_added (self, g_ptr_array_index (frame->ranges[i].frames, n));
    }
}

void
sarap_recompute_language_changed (SarapInterview *self)
{
  for (guint i = 0; i < self->form->facets->len; i++)
    {
      SarapFacet *facet = g_ptr_array_index (self->form->facets, i);

      if (facet->uses_language)
        schedule_below (self, facet, self->root, sarap_facet_get_scope (facet), 0);
    }
}

static void
store_value (SarapInterview *self, SarapCell *cell, const char *value)
{
  g_clear_pointer (&cell->typed, g_free);
  sarap_node_set_text (cell->node, *value ? value : NULL);
  self->needs_state_changed = TRUE;
  sarap_interview_note_value (self, cell);
  if (cell->node->is_relevant)
    sarap_recompute_value_changed (self, cell);
}

/* What a filter took away is given up: there is a newer answer. */
static void
drop_stash (SarapInterview *self, SarapCell *cell)
{
  if (cell->stash == NULL)
    return;
  g_clear_pointer (&cell->stash, g_free);
  sarap_interview_note_value (self, cell);
}

/* Stores @value (NULL or "" is blank). Returns: whether it is another one */
gboolean
sarap_interview_set_value (SarapInterview *self, SarapCell *cell, const char *value)
{
  drop_stash (self, cell);
  if (value == NULL)
    value = "";
  if (cell->typed == NULL && strcmp (sarap_node_peek_text (cell->node), value) == 0)
    return FALSE;
  store_value (self, cell, value);
  return TRUE;
}

/* Stores @text as somebody wrote it, a value or not. Returns: whether it is another one */
gboolean
sarap_interview_set_text (SarapInterview *self, SarapCell *cell, const char *text)
{
  g_autofree char *old = NULL;

  drop_stash (self, cell);
  if (strcmp (sarap_cell_peek_text (cell), text) == 0)
    return FALSE;
  old = g_strdup (sarap_node_peek_text (cell->node));
  sarap_cell_take_text (cell, text);
  self->needs_state_changed = TRUE;
  sarap_interview_note_value (self, cell);
  if (cell->node->is_relevant && strcmp (old, sarap_node_peek_text (cell->node)) != 0)
    sarap_recompute_value_changed (self, cell);
  return TRUE;
}

static void
revive (SarapInterview *self, SarapCell *cell)
{
  for (SarapFacet *facet = cell->bind->facets; facet != NULL; facet = facet->next_of_bind)
    if ((facet->kind == SARAP_FACET_CALCULATE || facet->kind == SARAP_FACET_FILTER) && (gint64) facet->rank <= self->swept)
      schedule_in (self, facet, cell->frame);
}

/* Effective relevance is own relevance and the parent's. */
static void
update_relevance (SarapInterview *self, SarapNode *node, gboolean parent_is_relevant)
{
  SarapCell *cell = node->owner_data;
  gboolean is_relevant = parent_is_relevant && (cell == NULL || cell->own_relevant);

  if (node->is_relevant == is_relevant)
    return;
  node->is_relevant = is_relevant;
  self->needs_state_changed = TRUE;
  if (cell != NULL)
    {
      sarap_recompute_value_changed (self, cell);
      if (is_relevant)
        revive (self, cell);
    }
  for (SarapNode *attribute = node->first_attribute; attribute != NULL; attribute = attribute->next)
    update_relevance (self, attribute, is_relevant);
  for (SarapNode *child = node->first_child; child != NULL; child = child->next)
    if (!child->is_template)
      update_relevance (self, child, is_relevant);
}

static void
run_relevant (SarapInterview *self, const SarapFacet *facet, SarapCell *cell)
{
  SarapXPathContext context;
  g_autoptr (GError) error = NULL;
  gboolean value;
  SarapNode *parent = cell->node->parent;

  sarap_interview_init_context (self, cell->node, &context);
  if (!sarap_xpath_evaluate_boolean (facet->expression, &context, &value, &error))
    {
      sarap_interview_note_error (self, facet->bind, "relevant", g_steal_pointer (&error));
      return;
    }
  if (cell->own_relevant == value)
    return;
  cell->own_relevant = value;
  update_relevance (self, cell->node, parent == NULL || parent->kind == SARAP_NODE_DOCUMENT || parent->is_relevant);
}

static void
run_calculate (SarapInterview *self, const SarapFacet *facet, SarapCell *cell)
{
  SarapXPathContext context;
  g_auto (SarapXPathValue) value = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!cell->node->is_relevant || (cell->is_recorded && self->is_restoring && !facet->is_pure))
    return;
  sarap_interview_init_context (self, cell->node, &context);
  self->index_seen = 0;
  cell->index_seen = SARAP_SEVERAL_INDEXES;
  if (!sarap_xpath_evaluate (facet->expression, &context, &value, &error))
    {
      sarap_interview_note_error (self, facet->bind, "calculate", g_steal_pointer (&error));
      return;
    }
  cell->index_seen = self->index_seen;
  text = sarap_value_from_xpath (facet->bind->type, &value, sarap_clock_get_zone (self->clock));
  sarap_interview_set_value (self, cell, text);
}

static void
run_count (SarapInterview *self, const SarapFacet *facet, SarapRange *range)
{
  SarapXPathContext context;
  g_autoptr (GError) error = NULL;
  double value;

  if (range->anchor == NULL)
    return;
  sarap_interview_init_context (self, range->anchor->parent, &context);
  if (!sarap_xpath_evaluate_number (facet->expression, &context, &value, &error))
    {
      sarap_interview_note_error (self, facet->bind, "jr:count", g_steal_pointer (&error));
      return;
    }
  sarap_range_set_count (self, range, isnan (value) || value < 1 ? 0 : value > G_MAXINT ? (guint) G_MAXINT
                                                                                        : (guint) value);
}

/* Takes back an answer whose choice is gone, and gives it again when the choice is. */
static void
run_filter (SarapInterview *self, SarapCell *cell)
{
  const char *text = sarap_node_peek_text (cell->node);
  g_autofree char *all = g_strdup (cell->stash ? cell->stash : text);
  g_autofree char *kept = NULL;

  if (!cell->node->is_relevant || *all == '\0')
    return;
  if (!sarap_choices_keep_valid (self, cell, all, &kept) || strcmp (kept, text) == 0)
    return;
  g_clear_pointer (&cell->stash, g_free);
  if (strcmp (kept, all) != 0)
    cell->stash = g_steal_pointer (&all);
  store_value (self, cell, kept);
}

static void
run (SarapInterview *self, const SarapFacet *facet, gpointer target)
{
  self->n_runs++;
  switch ((SarapFacetKind) facet->kind)
    {
    case SARAP_FACET_RELEVANT:
      run_relevant (self, facet, target);
      break;
    case SARAP_FACET_CALCULATE:
      run_calculate (self, facet, target);
      break;
    case SARAP_FACET_COUNT:
      run_count (self, facet, target);
      break;
    case SARAP_FACET_FILTER:
      run_filter (self, target);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
unmark (const SarapTask *task)
{
  if (task->facet->kind == SARAP_FACET_COUNT)
    ((SarapRange *) task->target)->is_queued = FALSE;
  else
    ((SarapCell *) task->target)->queued &= ~(1u << task->facet->kind);
}

/* Runs what is scheduled until nothing is. */
void
sarap_recompute_drain (SarapInterview *self)
{
  guint64 limit = MAX_RUNS_BASE + (guint64) self->form->binds->len * MAX_RUNS_PER_NODE;

  while (self->queue->len > 0)
    {
      SarapTask task = pop (self->queue);

      unmark (&task);
      if (self->n_runs <= limit)
        {
          run (self, task.facet, task.target);
          continue;
        }
      if (self->n_runs++ == limit + 1)
        sarap_interview_note_error (self, task.facet->bind, "recomputation", g_error_new (SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_EXPRESSION, "does not come to rest"));
      self->n_runs = limit + 2;
    }
}

static void
sweep_below (SarapInterview *self, const SarapFacet *facet, SarapFrame *frame, const SarapScope *scope)
{
  const SarapScope *step = scope;
  GPtrArray *frames;

  if (frame->scope == scope)
    {
      SarapCell *cell = sarap_frame_peek_cell (frame, facet->bind->scope == scope ? facet->bind : scope->bind);

      if (facet->kind == SARAP_FACET_COUNT)
        run (self, facet, &frame->ranges[facet->bind->repeat->range]);
      else if (cell->node != NULL)
        run (self, facet, cell);
      return;
    }
  while (step->parent != frame->scope)
    step = step->parent;
  frames = frame->ranges[step->range].frames;
  for (guint i = 0; i < frames->len; i++)
    sweep_below (self, facet, g_ptr_array_index (frames, i), scope);
}

/* Every facet of the interview, in order. */
void
sarap_recompute_all (SarapInterview *self)
{
  for (guint i = 0; i < self->form->facets->len; i++)
    {
      SarapFacet *facet = g_ptr_array_index (self->form->facets, i);

      self->swept = i;
      sweep_below (self, facet, self->root, sarap_facet_get_scope (facet));
    }
  self->swept = G_MAXINT64;
  sarap_recompute_drain (self);
}
