#include "app/form/sarap-interview-private.h"

#include <string.h>

/* Frames: where the nodes of one instance are found without walking the tree. */

static void
range_clear (SarapRange *range)
{
  g_clear_pointer (&range->frames, g_ptr_array_unref);
  g_clear_pointer (&range->parked, g_ptr_array_unref);
}

void
sarap_frame_free (SarapFrame *self)
{
  for (guint i = 0; i < self->scope->ranges->len; i++)
    range_clear (&self->ranges[i]);
  for (guint i = 0; i < self->scope->binds->len; i++)
    {
      g_free (self->cells[i].stash);
      g_free (self->cells[i].typed);
    }
  g_free (self->ranges);
  g_free (self);
}

static void
take_node (SarapFrame *self, SarapBind *bind, SarapNode *node)
{
  SarapCell *cell = &self->cells[bind->slot];

  cell->node = node;
  cell->bind = bind;
  cell->frame = self;
  cell->own_relevant = TRUE;
  node->owner_data = cell;
  node->is_repeat = bind->repeat != NULL;
  node->is_number = bind->type == SARAP_DATA_INT || bind->type == SARAP_DATA_DECIMAL;
}

/* Nodes stand in the order of the binds, so the next bind of the same parent is nearly always
 * the right one. */
static SarapBind *
find_bind (const SarapScope *scope, const SarapBind *parent, const SarapNode *node, guint *hint)
{
  for (guint n = 0; n < scope->binds->len; n++)
    {
      guint slot = (*hint + n) % scope->binds->len;
      SarapBind *bind = g_ptr_array_index (scope->binds, slot);

      if (bind->name == node->name && bind->parent == parent && bind->is_attribute == (node->kind == SARAP_NODE_ATTRIBUTE))
        {
          *hint = slot + 1;
          return bind;
        }
    }
  return NULL;
}

static SarapScope *
find_range (const SarapScope *scope, const SarapBind *parent, const SarapNode *node)
{
  for (guint i = 0; i < scope->ranges->len; i++)
    {
      SarapScope *range = g_ptr_array_index (scope->ranges, i);

      if (range->bind->name == node->name && range->bind->parent == parent)
        return range;
    }
  return NULL;
}

static void
take_instance (SarapFrame *self, SarapScope *scope, SarapNode *node)
{
  SarapRange *range = &self->ranges[scope->range];

  if (node->is_template)
    range->anchor = node;
  else
    {
      SarapFrame *frame = sarap_frame_new (scope, self, range, node);

      g_ptr_array_add (range->frames, frame);
      frame->position = range->frames->len;
    }
}

static void
take_children (SarapFrame *self, SarapBind *parent, SarapNode *node, guint *hint)
{
  for (SarapNode *attribute = node->first_attribute; attribute != NULL; attribute = attribute->next)
    {
      SarapBind *bind = find_bind (self->scope, parent, attribute, hint);

      if (bind != NULL)
        take_node (self, bind, attribute);
    }
  for (SarapNode *child = node->first_child; child != NULL; child = child->next)
    {
      SarapScope *range = child->kind == SARAP_NODE_ELEMENT ? find_range (self->scope, parent, child) : NULL;
      SarapBind *bind;

      if (range != NULL)
        {
          take_instance (self, range, child);
          continue;
        }
      bind = child->kind == SARAP_NODE_ELEMENT ? find_bind (self->scope, parent, child, hint) : NULL;
      if (bind == NULL || self->cells[bind->slot].node != NULL)
        continue;
      take_node (self, bind, child);
      take_children (self, bind, child, hint);
    }
}

/* The instance of @scope whose node is @node, with all that is in it. @parent and @range are
 * NULL for the root. */
SarapFrame *
sarap_frame_new (SarapScope *scope, SarapFrame *parent, SarapRange *range, SarapNode *node)
{
  SarapFrame *self = g_malloc0 (sizeof (SarapFrame) + scope->binds->len * sizeof (SarapCell));
  guint hint = 1;

  self->scope = scope;
  self->parent = parent;
  self->range = range;
  self->position = 1;
  self->ranges = g_new0 (SarapRange, scope->ranges->len);
  for (guint i = 0; i < scope->ranges->len; i++)
    {
      self->ranges[i].scope = g_ptr_array_index (scope->ranges, i);
      self->ranges[i].owner = self;
      self->ranges[i].frames = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_frame_free);
    }
  take_node (self, scope->bind, node);
  take_children (self, scope->bind, node, &hint);
  return self;
}

/* @bind must belong to the scope of the frame. */
SarapCell *
sarap_frame_peek_cell (SarapFrame *self, const SarapBind *bind)
{
  return &self->cells[bind->slot];
}

/* Gives @bind, which has no node in this frame, one behind @sibling. */
SarapCell *
sarap_frame_add_node (SarapFrame *self, SarapBind *bind, SarapNode *sibling)
{
  SarapNode *node = sarap_tree_new_node (sibling->tree, SARAP_NODE_ELEMENT, sibling->prefix, sibling->ns, bind->name);

  sarap_node_insert_after (sibling, node);
  take_node (self, bind, node);
  return sarap_frame_peek_cell (self, bind);
}

static void
append_frame (const SarapFrame *frame, GString *ref)
{
  if (frame->parent == NULL)
    {
      g_string_append (ref, frame->scope->bind->path);
      return;
    }
  append_frame (frame->parent, ref);
  g_string_append (ref, frame->scope->bind->path + strlen (frame->parent->scope->bind->path));
  g_string_append_printf (ref, "[%u]", frame->position);
}

/* The concrete reference: "/data/rep[2]/x". Returns: (transfer full) */
char *
sarap_cell_dup_ref (const SarapCell *self)
{
  GString *ref = g_string_sized_new (64);

  append_frame (self->frame, ref);
  g_string_append (ref, self->bind->path + strlen (self->frame->scope->bind->path));
  return g_string_free (ref, FALSE);
}

static gboolean
is_in_range (const SarapElement *element, const char *text)
{
  const char *start = element ? sarap_element_get_parameter (element, "start") : NULL;
  const char *end = element ? sarap_element_get_parameter (element, "end") : NULL;
  double value = g_ascii_strtod (text, NULL);
  double low, high;

  if (start == NULL || end == NULL || element->question_kind != SARAP_QUESTION_RANGE)
    return TRUE;
  low = g_ascii_strtod (start, NULL);
  high = g_ascii_strtod (end, NULL);
  return value >= MIN (low, high) && value <= MAX (low, high);
}

/* Whether @text is a value of its type and, for a range, within it. Choices are not looked at here. */
static gboolean
accepts (const SarapBind *bind, const char *text)
{
  if (*text == '\0' || (bind->element != NULL && bind->element->is_select))
    return TRUE;
  return sarap_value_is_valid (bind->type, text) && is_in_range (bind->element, text);
}

/* Keeps @text (NULL is blank) in the node, or, when it is no value, beside what it is cast to.
 * Nobody is told. */
void
sarap_cell_take_text (SarapCell *self, const char *text)
{
  g_autofree char *cast = NULL;

  g_clear_pointer (&self->typed, g_free);
  if (text == NULL || accepts (self->bind, text))
    {
      sarap_node_set_text (self->node, text != NULL && *text != '\0' ? text : NULL);
      return;
    }
  self->typed = g_strdup (text);
  cast = sarap_value_cast (self->bind->type, text);
  sarap_node_set_text (self->node, *cast != '\0' && is_in_range (self->bind->element, cast) ? cast : NULL);
}

/* As people wrote it, "" when blank. */
const char *
sarap_cell_peek_text (const SarapCell *self)
{
  return self->typed ? self->typed : sarap_node_peek_text (self->node);
}

/* What is recorded of the cell: all that a filter took away with the rest, so that it is there again when the interview is restored. */
const char *
sarap_cell_peek_recorded (const SarapCell *self)
{
  const char *text = self->stash ? self->stash : sarap_cell_peek_text (self);

  return *text != '\0' ? text : NULL;
}

/* Every cell in document order, nested instances where their repeat stands. */
void
sarap_frame_foreach (SarapFrame *self, SarapCellFunc func, gpointer data)
{
  guint range = 0;

  for (guint i = 0; i < self->scope->binds->len; i++)
    {
      const SarapBind *bind = g_ptr_array_index (self->scope->binds, i);

      for (; range < self->scope->ranges->len && self->ranges[range].scope->bind->index < bind->index; range++)
        for (guint n = 0; n < self->ranges[range].frames->len; n++)
          sarap_frame_foreach (g_ptr_array_index (self->ranges[range].frames, n), func, data);
      if (self->cells[i].node != NULL)
        func (&self->cells[i], data);
    }
  for (; range < self->scope->ranges->len; range++)
    for (guint n = 0; n < self->ranges[range].frames->len; n++)
      sarap_frame_foreach (g_ptr_array_index (self->ranges[range].frames, n), func, data);
}
