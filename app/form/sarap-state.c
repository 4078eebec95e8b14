#include "app/form/sarap-interview-private.h"

#include <string.h>

/* How an interview comes to be, and how it is recorded.
 *
 *  1. New: copy of the form's instance, preloads, the sweep, first-load actions.
 *  2. Restored: copy, recorded changes, the sweep; nothing is asked of chance or of the clock
 *     again where a value is recorded.
 *  3. From XML: as restored, with the values and instances of a submission. Nodes that the form
 *     no longer has are left out; nodes that the XML does not have (irrelevant ones) begin with
 *     the form's default.
 *  4. An edit: as from XML, under an ID of its own, naming the record that it takes the place of.
 *  5. Recorded: instances first, then the values of their leaves; parked instances too, so that
 *     their answers come back with the count. Of an answer that a filter has cut down the whole is
 *     recorded: the sweep cuts it down again.
 */

static void
take_settings (SarapInterview *self, const SarapInterviewSettings *settings)
{
  g_autoptr (GBytes) last_saved = NULL;

  if (settings == NULL)
    return;
  self->device_id = g_strdup (settings->device_id);
  self->username = g_strdup (settings->username);
  self->phone_number = g_strdup (settings->phone_number);
  self->email = g_strdup (settings->email);
  self->interviewer = g_strdup (settings->interviewer);
  if (settings->seed != 0)
    self->rand = g_rand_new_with_seed (settings->seed);
  if (settings->last_saved == NULL)
    return;
  last_saved = g_bytes_new (settings->last_saved, strlen (settings->last_saved));
  self->last_saved = sarap_tree_new_from_xml (last_saved, "last-saved", NULL);
}

static SarapInterview *
new_blank (SarapForm *form, SarapClock *clock, const SarapInterviewSettings *settings)
{
  SarapInterview *self = g_object_new (SARAP_TYPE_INTERVIEW, NULL);
  SarapNode *root;

  self->form = g_object_ref (form);
  self->clock = g_object_ref (clock);
  self->language = sarap_itext_get_default (form->itext);
  take_settings (self, settings);
  sarap_interview_init_host (self);
  self->tree = sarap_tree_new ();
  root = sarap_node_copy (form->root, self->tree);
  sarap_node_append (sarap_tree_get_document (self->tree), root);
  self->root = sarap_frame_new (sarap_form_peek_root_scope (form), NULL, NULL, root);
  return self;
}

/* An interview that begins now. @settings may be NULL. */
SarapInterview *
sarap_interview_new (SarapForm *form, SarapClock *clock, const SarapInterviewSettings *settings, GError **error)
{
  g_autoptr (SarapInterview) self = new_blank (form, clock, settings);

  sarap_interview_begin (self);
  self->swept = -1;
  sarap_preload_run (self);
  sarap_recompute_all (self);
  sarap_actions_run_first_load (self);
  sarap_actions_run_load (self);
  return sarap_interview_commit (self, error) ? g_steal_pointer (&self) : NULL;
}

static void
forget (SarapInterview *self, const char *ref)
{
  SarapRange *range = sarap_interview_find_range (self, ref);
  const char *end = ref + strlen (ref);
  SarapCell *cell;

  if (range != NULL && end[-1] != ']')
    {
      while (range->frames->len > 0)
        sarap_range_remove (self, range, range->frames->len - 1);
      return;
    }
  cell = sarap_interview_find_cell (self, ref);
  if (cell == NULL)
    return;
  if (cell->bind->repeat != NULL)
    sarap_range_remove (self, cell->frame->range, cell->frame->position - 1);
  else if (cell->bind->is_leaf)
    sarap_node_set_text (cell->node, NULL);
}

/* Whether @ref speaks of a second instance of what is no repeat in this version of the form. */
static gboolean
is_stray (SarapInterview *self, const char *ref)
{
  for (const char *open = strchr (ref, '['); open != NULL; open = strchr (open + 1, '['))
    {
      g_autofree char *path = g_strndup (ref, (gsize) (open - ref));

      if (g_ascii_strtoull (open + 1, NULL, 10) > 1 && sarap_interview_find_range (self, path) == NULL)
        return TRUE;
    }
  return FALSE;
}

static gboolean
ensure_instance (SarapInterview *self, const char *ref)
{
  const char *open = strrchr (ref, '[');
  g_autofree char *path = open ? g_strndup (ref, (gsize) (open - ref)) : NULL;
  SarapRange *range = path ? sarap_interview_find_range (self, path) : NULL;
  guint64 position = open ? g_ascii_strtoull (open + 1, NULL, 10) : 0;

  if (range == NULL || range->anchor == NULL || position == 0 || position > range->frames->len + 1)
    return FALSE;
  if (position > range->frames->len)
    sarap_range_add (self, range, FALSE);
  return TRUE;
}

/* What a calculation gave was cast when it was recorded. */
static void
restore_text (SarapCell *cell, const char *text)
{
  if (cell->bind->calculate == NULL)
    sarap_cell_take_text (cell, text);
  else
    sarap_node_set_text (cell->node, text);
  cell->is_recorded = TRUE;
}

static SarapCell *
ensure_deprecated_id (SarapInterview *self)
{
  SarapCell *cell = sarap_frame_peek_cell (self->root, self->form->deprecated_id);

  if (cell->node != NULL)
    return cell;
  return sarap_frame_add_node (self->root, self->form->deprecated_id, sarap_frame_peek_cell (self->root, self->form->instance_id)->node);
}

static gboolean
apply (SarapInterview *self, const SarapChange *change)
{
  SarapCell *cell;

  switch (change->kind)
    {
    case SARAP_CHANGE_REPEAT:
      return ensure_instance (self, change->ref);
    case SARAP_CHANGE_FORGET:
      forget (self, change->ref);
      return TRUE;
    case SARAP_CHANGE_VALUE:
    default:
      cell = sarap_interview_find_cell (self, change->ref);
      if (cell == NULL && strcmp (change->ref, self->form->deprecated_id->path) == 0)
        cell = ensure_deprecated_id (self);
      if (cell == NULL || !cell->bind->is_leaf || is_stray (self, change->ref))
        return FALSE;
      restore_text (cell, change->value);
      return TRUE;
    }
}

static gboolean
settle (SarapInterview *self, GError **error)
{
  sarap_recompute_all (self);
  sarap_actions_run_load (self);
  if (!sarap_interview_commit (self, error))
    return FALSE;
  self->is_restoring = FALSE;
  return TRUE;
}

static void
begin_restore (SarapInterview *self)
{
  self->is_restoring = TRUE;
  sarap_interview_begin (self);
  self->swept = -1;
}

SarapInterview *
sarap_interview_restore (SarapForm *form, SarapClock *clock, const SarapInterviewSettings *settings, GPtrArray *changes, GPtrArray **unfit, GError **error)
{
  g_autoptr (SarapInterview) self = new_blank (form, clock, settings);
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_change_free);

  begin_restore (self);
  for (guint i = 0; i < changes->len; i++)
    {
      const SarapChange *change = g_ptr_array_index (changes, i);

      if (!apply (self, change))
        g_ptr_array_add (left, sarap_change_new (change->kind, change->ref, change->value));
    }
  if (!settle (self, error))
    return NULL;
  if (unfit != NULL)
    *unfit = g_steal_pointer (&left);
  return g_steal_pointer (&self);
}

static void
remove_instances (SarapInterview *self, SarapFrame *frame)
{
  for (guint i = 0; i < frame->scope->ranges->len; i++)
    while (frame->ranges[i].frames->len > 0)
      sarap_range_remove (self, &frame->ranges[i], frame->ranges[i].frames->len - 1);
}

static void fill_children (SarapInterview *self, SarapFrame *frame, SarapNode *node, const SarapNode *from);

static void
fill_node (SarapInterview *self, SarapCell *cell, const SarapNode *from)
{
  if (cell->bind->is_leaf)
    {
      g_autofree char *text = sarap_node_dup_string_value (from);

      restore_text (cell, text);
    }
  for (const SarapNode *attribute = from->first_attribute; attribute != NULL; attribute = attribute->next)
    {
      SarapNode *own = sarap_node_find_attribute (cell->node, attribute->name);

      if (own != NULL)
        sarap_node_set_text (own, attribute->text);
    }
  fill_children (self, cell->frame, cell->node, from);
}

static void
fill_children (SarapInterview *self, SarapFrame *frame, SarapNode *node, const SarapNode *from)
{
  const SarapCell *parent = node->owner_data;

  for (const SarapNode *child = from->first_child; child != NULL; child = child->next)
    {
      g_autofree char *path = NULL;
      SarapBind *bind;

      if (child->kind != SARAP_NODE_ELEMENT)
        continue;
      path = g_strconcat (parent->bind->path, "/", child->name, NULL);
      bind = g_hash_table_lookup (self->form->bind_of, path);
      if (bind == NULL)
        continue;
      if (bind->repeat != NULL)
        {
          SarapRange *range = &frame->ranges[bind->repeat->range];
          SarapFrame *instance = range->anchor ? sarap_range_add (self, range, FALSE) : NULL;

          if (instance == NULL)
            continue;
          remove_instances (self, instance);
          fill_node (self, &instance->cells[0], child);
        }
      else if (bind == self->form->deprecated_id)
        fill_node (self, ensure_deprecated_id (self), child);
      else if (sarap_frame_peek_cell (frame, bind)->node != NULL)
        fill_node (self, sarap_frame_peek_cell (frame, bind), child);
    }
}

/* @xml is a submission of this form, perhaps of another version. */
SarapInterview *
sarap_interview_new_from_xml (SarapForm *form, SarapClock *clock, const SarapInterviewSettings *settings, GBytes *xml, GError **error)
{
  g_autoptr (SarapTree) source = sarap_tree_new_from_xml (xml, "submission", error);
  g_autoptr (SarapInterview) self = NULL;
  const SarapNode *from;

  if (source == NULL)
    return NULL;
  self = new_blank (form, clock, settings);
  from = sarap_tree_get_root (source);
  if (from == NULL || from->name != form->root->name)
    {
      g_set_error (error, SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_REFERENCE, "The record is of another form: its root is <%s>, not <%s>", from ? from->name : "", form->root->name);
      return NULL;
    }
  begin_restore (self);
  remove_instances (self, self->root);
  fill_node (self, &self->root->cells[0], from);
  return settle (self, error) ? g_steal_pointer (&self) : NULL;
}

/* What comes of editing the finalized record @xml: the same answers under a new instanceID, with meta/deprecatedID
 * for the server to know whose place it takes. @settings and errors as above. */
SarapInterview *
sarap_interview_new_edit (SarapForm *form, SarapClock *clock, const SarapInterviewSettings *settings, GBytes *xml, GError **error)
{
  g_autoptr (SarapInterview) self = sarap_interview_new_from_xml (form, clock, settings, xml, error);
  g_autofree char *edited = NULL;

  if (self == NULL)
    return NULL;
  edited = g_strdup (sarap_interview_get_instance_id (self));
  sarap_interview_begin (self);
  if (*edited != '\0')
    sarap_interview_set_value (self, ensure_deprecated_id (self), edited);
  sarap_preload_renew_id (self);
  return sarap_interview_commit (self, error) ? g_steal_pointer (&self) : NULL;
}

static void
record (GPtrArray *changes, SarapChangeKind kind, const char *ref, const char *value)
{
  g_ptr_array_add (changes, sarap_change_new (kind, ref, value));
}

static void record_frame (SarapFrame *frame, const char *prefix, GPtrArray *changes);

static void
record_range (SarapRange *range, const char *prefix, GPtrArray *changes)
{
  g_autofree char *path = g_strconcat (prefix, range->scope->bind->path + strlen (range->owner->scope->bind->path), NULL);
  guint n_parked = range->parked ? range->parked->len : 0;

  record (changes, SARAP_CHANGE_FORGET, path, NULL);
  for (guint i = 0; i < range->frames->len + n_parked; i++)
    {
      SarapFrame *frame = i < range->frames->len ? g_ptr_array_index (range->frames, i) : g_ptr_array_index (range->parked, n_parked - 1 - (i - range->frames->len));
      g_autofree char *ref = g_strdup_printf ("%s[%u]", path, i + 1);

      record (changes, SARAP_CHANGE_REPEAT, ref, NULL);
      record_frame (frame, ref, changes);
    }
}

/* @prefix is the concrete reference of the frame's own node. */
static void
record_frame (SarapFrame *frame, const char *prefix, GPtrArray *changes)
{
  gsize skipped = strlen (frame->scope->bind->path);

  for (guint i = 0; i < frame->scope->binds->len; i++)
    {
      const SarapCell *cell = &frame->cells[i];
      g_autofree char *ref = NULL;

      if (cell->node == NULL || !cell->bind->is_leaf || cell->bind->repeat != NULL)
        continue;
      ref = g_strconcat (prefix, cell->bind->path + skipped, NULL);
      record (changes, SARAP_CHANGE_VALUE, ref, sarap_cell_peek_recorded (cell));
    }
  for (guint i = 0; i < frame->scope->ranges->len; i++)
    record_range (&frame->ranges[i], prefix, changes);
}

GPtrArray *
sarap_interview_dup_state (SarapInterview *self)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_change_free);

  record_frame (self->root, self->root->scope->bind->path, changes);
  return changes;
}
