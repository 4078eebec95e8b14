#include "app/form/sarap-interview-private.h"

/* Instances of repeats.
 *
 *  1. A new instance is a copy of the template that stands before the first one.
 *  2. Under jr:count instances come and go with the count; people cannot add or remove any.
 *  3. A lowered count parks the last instances; a risen one takes them back, answers and all.
 *  4. Removing one by hand forgets it for good and moves the later ones up.
 *  5. odk-new-repeat is sent when an instance is made, not for those of the form or of a restore.
 */

#define MAX_INSTANCES 100000

static SarapNode *
last_node (const SarapRange *range)
{
  const SarapFrame *last = range->frames->len ? g_ptr_array_index (range->frames, range->frames->len - 1) : NULL;

  return last ? last->cells[0].node : range->anchor;
}

static void
set_relevance_below (SarapNode *node, gboolean is_relevant)
{
  node->is_relevant = is_relevant;
  for (SarapNode *attribute = node->first_attribute; attribute != NULL; attribute = attribute->next)
    attribute->is_relevant = is_relevant;
  for (SarapNode *child = node->first_child; child != NULL; child = child->next)
    set_relevance_below (child, is_relevant);
}

/* Blank ones too: the instance that is made when the changes are replayed has its defaults. */
static void
note_cell (SarapCell *cell, gpointer data)
{
  SarapInterview *self = data;

  if (cell->bind->repeat != NULL && cell->bind->slot == 0)
    sarap_interview_note (self, SARAP_CHANGE_REPEAT, cell, NULL);
  else if (cell->bind->is_leaf)
    sarap_interview_note_value (self, cell);
}

/* One instance more at the end. */
SarapFrame *
sarap_range_add (SarapInterview *self, SarapRange *range, gboolean fire_events)
{
  SarapNode *node = sarap_node_copy (range->anchor, self->tree);
  SarapFrame *frame;

  node->is_template = FALSE;
  sarap_node_insert_after (last_node (range), node);
  if (!node->parent->is_relevant)
    set_relevance_below (node, FALSE);
  frame = sarap_frame_new (range->scope, range->owner, range, node);
  g_ptr_array_add (range->frames, frame);
  frame->position = range->frames->len;
  sarap_frame_foreach (frame, note_cell, self);
  sarap_recompute_frame_added (self, frame);
  sarap_recompute_range_changed (self, range, range->frames->len, frame->position);
  if (fire_events)
    sarap_actions_run_new_repeat (self, frame);
  return frame;
}

static void
renumber (SarapRange *range, guint from)
{
  for (guint i = from; i < range->frames->len; i++)
    ((SarapFrame *) g_ptr_array_index (range->frames, i))->position = i + 1;
}

static int
compare_tasks (gconstpointer a, gconstpointer b)
{
  const SarapTask *left = a;
  const SarapTask *right = b;

  return left->key < right->key ? -1 : left->key > right->key;
}

/* Tasks of a frame that is about to go must not run any more. */
static void
cancel_tasks (SarapInterview *self, const SarapFrame *frame)
{
  guint kept = 0;

  for (guint i = 0; i < self->queue->len; i++)
    {
      SarapTask task = g_array_index (self->queue, SarapTask, i);
      const SarapFrame *at = task.facet->kind == SARAP_FACET_COUNT ? ((SarapRange *) task.target)->owner : ((SarapCell *) task.target)->frame;

      while (at != NULL && at != frame)
        at = at->parent;
      if (at == NULL)
        {
          g_array_index (self->queue, SarapTask, kept++) = task;
          continue;
        }
      if (task.facet->kind == SARAP_FACET_COUNT)
        ((SarapRange *) task.target)->is_queued = FALSE;
      else
        ((SarapCell *) task.target)->queued &= ~(1u << task.facet->kind);
    }
  if (kept == self->queue->len)
    return;
  g_array_set_size (self->queue, kept);
  g_array_sort (self->queue, compare_tasks);
}

void
sarap_range_remove (SarapInterview *self, SarapRange *range, guint index)
{
  SarapFrame *frame = g_ptr_array_index (range->frames, index);

  for (guint i = range->frames->len; i > index; i--)
    sarap_interview_note (self, SARAP_CHANGE_FORGET, &((SarapFrame *) g_ptr_array_index (range->frames, i - 1))->cells[0], NULL);
  cancel_tasks (self, frame);
  sarap_node_unlink (frame->cells[0].node);
  g_ptr_array_remove_index (range->frames, index);
  renumber (range, index);
  for (guint i = index; i < range->frames->len; i++)
    sarap_frame_foreach (g_ptr_array_index (range->frames, i), note_cell, self);
  sarap_recompute_range_changed (self, range, index, 0);
}

static void
park (SarapInterview *self, SarapRange *range)
{
  SarapFrame *frame = g_ptr_array_index (range->frames, range->frames->len - 1);

  cancel_tasks (self, frame);
  sarap_node_unlink (frame->cells[0].node);
  if (range->parked == NULL)
    range->parked = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_frame_free);
  g_ptr_array_add (range->parked, g_ptr_array_steal_index (range->frames, range->frames->len - 1));
}

static void
reset_relevance (SarapCell *cell, gpointer data)
{
  cell->own_relevant = TRUE;
}

static void
unpark (SarapInterview *self, SarapRange *range)
{
  SarapFrame *frame = g_ptr_array_steal_index (range->parked, range->parked->len - 1);
  SarapNode *node = frame->cells[0].node;

  sarap_node_insert_after (last_node (range), node);
  g_ptr_array_add (range->frames, frame);
  set_relevance_below (node, node->parent->is_relevant);
  sarap_frame_foreach (frame, reset_relevance, NULL);
  sarap_recompute_frame_added (self, frame);
}

/* Brings the number of instances to @count. */
void
sarap_range_set_count (SarapInterview *self, SarapRange *range, guint count)
{
  guint before = range->frames->len;

  if (count > MAX_INSTANCES)
    {
      sarap_interview_note_error (self, range->scope->bind, "jr:count", g_error_new (SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_REPEAT, "%u instances; at most %d are allowed", count, MAX_INSTANCES));
      return;
    }
  while (range->frames->len > count)
    park (self, range);
  while (range->frames->len < count && range->parked != NULL && range->parked->len > 0)
    unpark (self, range);
  while (range->frames->len < count)
    sarap_range_add (self, range, TRUE);
  if (before != count)
    sarap_recompute_range_changed (self, range, range->frames->len, 0);
}

void
sarap_range_forget_parked (SarapRange *range)
{
  g_clear_pointer (&range->parked, g_ptr_array_unref);
}

/* Whether the repeat can be there at all: asked when there is no instance to ask. */
gboolean
sarap_range_is_relevant (SarapInterview *self, SarapRange *range)
{
  SarapXPathContext context;
  gboolean value = TRUE;

  if (range->anchor == NULL || !range->anchor->parent->is_relevant)
    return FALSE;
  if (range->scope->bind->relevant == NULL)
    return TRUE;
  sarap_interview_init_context (self, range->anchor, &context);
  if (!sarap_xpath_evaluate_boolean (range->scope->bind->relevant, &context, &value, NULL))
    return TRUE;
  return value;
}

guint
sarap_interview_get_n_instances (SarapInterview *self, const char *path)
{
  const SarapRange *range = sarap_interview_find_range (self, path);

  return range ? range->frames->len : 0;
}

gboolean
sarap_interview_can_add_instance (SarapInterview *self, const char *path)
{
  SarapRange *range = sarap_interview_find_range (self, path);

  return range != NULL && !range->scope->no_add_remove && sarap_range_is_relevant (self, range);
}

/* Returns: (transfer full) (nullable): NULL with @error when none can be added */
char *
sarap_interview_add_instance (SarapInterview *self, const char *path, GError **error)
{
  SarapRange *range = sarap_interview_find_range (self, path);
  SarapFrame *frame;

  if (range == NULL || range->anchor == NULL || range->scope->no_add_remove)
    {
      g_set_error (error, SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_REPEAT, range ? "%s: its instances are counted by the form" : "%s is no repeat", path);
      return NULL;
    }
  if (range->frames->len >= MAX_INSTANCES)
    {
      g_set_error (error, SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_REPEAT, "%s has %u instances, the most that are allowed", path, range->frames->len);
      return NULL;
    }
  sarap_interview_begin (self);
  frame = sarap_range_add (self, range, TRUE);
  if (!sarap_interview_commit (self, error))
    return NULL;
  return sarap_cell_dup_ref (&frame->cells[0]);
}

/* @ref is the instance, "/data/rep[2]". */
gboolean
sarap_interview_remove_instance (SarapInterview *self, const char *ref, GError **error)
{
  SarapCell *cell = sarap_interview_find_cell (self, ref);

  if (cell == NULL || cell->bind->repeat == NULL || cell->bind->repeat->no_add_remove)
    {
      g_set_error (error, SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_REPEAT, "%s cannot be removed", ref);
      return FALSE;
    }
  sarap_interview_begin (self);
  sarap_range_remove (self, cell->frame->range, cell->frame->position - 1);
  return sarap_interview_commit (self, error);
}
