#include "app/form/sarap-interview-private.h"

/* What expressions ask of an interview.
 *
 *  1. Plain paths are answered from the frames: no tree is walked for them.
 *  2. A node that is not of the interview's instance (an item of a list) has no cell; its paths
 *     are left to the tree.
 *  3. A node below an irrelevant one is irrelevant itself, so that one look is enough.
 */

static SarapNode *
host_instance (const char *id, gpointer data)
{
  SarapInterview *self = data;
  const SarapSecondary *secondary = g_hash_table_lookup (self->form->secondary_of, id);

  if (secondary == NULL)
    return g_strcmp0 (id, self->form->root->name) == 0 ? sarap_tree_get_document (self->tree) : NULL;
  if (!secondary->is_last_saved)
    return sarap_tree_get_document (secondary->tree);
  if (self->last_saved == NULL)
    self->last_saved = sarap_tree_new ();
  return sarap_tree_get_document (self->last_saved);
}

static char *
host_itext (const char *id, const char *form, gpointer data)
{
  SarapInterview *self = data;

  return sarap_interview_dup_itext (self, id, form, self->root->cells[0].node);
}

static char *
host_choice_name (const char *value, const char *path, SarapNode *context, gpointer data)
{
  return sarap_choices_dup_name (data, value, path, context);
}

static const char *
host_property (const char *name, gpointer data)
{
  return sarap_preload_peek_property (data, name);
}

static void
find_below (const SarapBind *bind, SarapFrame *frame, SarapXPathNodeFunc found, gpointer found_data)
{
  const SarapScope *step = bind->scope;
  const SarapRange *range;

  if (frame->scope == bind->scope)
    {
      const SarapCell *cell = &frame->cells[bind->slot];

      if (cell->node != NULL && cell->node->is_relevant)
        found (cell->node, found_data);
      return;
    }
  while (step->parent != frame->scope)
    step = step->parent;
  range = &frame->ranges[step->range];
  for (guint i = 0; i < range->frames->len; i++)
    {
      SarapFrame *inner = g_ptr_array_index (range->frames, i);

      if (inner->cells[0].node->is_relevant)
        find_below (bind, inner, found, found_data);
    }
}

/* Only for a repeat of the root: elsewhere its namesakes in other instances count too. */
static gboolean
walk_instance (SarapInterview *self, const SarapBind *bind, const SarapScope *repeat, guint index, SarapXPathNodeFunc found, gpointer found_data)
{
  const SarapRange *range;

  if (repeat == NULL || repeat->depth != 1 || !sarap_scope_is_above (repeat, bind->scope) || bind->repeat == repeat || repeat->bind->relevant != NULL)
    return FALSE;
  range = &self->root->ranges[repeat->range];
  if (index <= range->frames->len)
    find_below (bind, g_ptr_array_index (range->frames, index - 1), found, found_data);
  return TRUE;
}

static void
note_index (SarapInterview *self, guint index)
{
  self->index_seen = self->index_seen == 0 || self->index_seen == index ? index : SARAP_SEVERAL_INDEXES;
}

static gboolean
host_walk (gconstpointer prepared, SarapNode *context, gconstpointer repeat, guint index, SarapXPathNodeFunc found, gpointer found_data, gpointer data)
{
  const SarapPath *path = prepared;
  const SarapCell *cell = context->owner_data;
  SarapFrame *frame;

  if (cell == NULL)
    {
      note_index (data, SARAP_SEVERAL_INDEXES);
      return FALSE;
    }
  if (repeat != NULL)
    {
      const SarapPath *around = repeat;
      gboolean is_known = walk_instance (data, path->bind, around->bind->repeat, index, found, found_data);

      note_index (data, is_known ? index : SARAP_SEVERAL_INDEXES);
      return is_known;
    }
  frame = cell->frame;
  while (frame->scope->depth > path->depth)
    frame = frame->parent;
  find_below (path->bind, frame, found, found_data);
  return TRUE;
}

static guint
host_position (SarapNode *node, gpointer data)
{
  const SarapCell *cell = node->owner_data;

  return cell != NULL && cell->bind->repeat != NULL ? cell->frame->position : 0;
}

void
sarap_interview_init_host (SarapInterview *self)
{
  self->host.instance = host_instance;
  self->host.itext = host_itext;
  self->host.choice_name = host_choice_name;
  self->host.property = host_property;
  self->host.walk = host_walk;
  self->host.position = host_position;
  self->host.language = sarap_interview_get_language (self);
  self->host.clock = self->clock;
  self->host.rand = self->rand;
}
