#include "app/form/sarap-entity.h"

#include <string.h>

#include "app/form/sarap-interview-private.h"

/* Entities: the declarations are meta/entity elements of the record, https://getodk.github.io/xforms-spec/entities.
 *
 *  1. create and update are "1" or "true"; with neither, or without an id, nothing is done.
 *  2. A declaration speaks for the group or repeat instance that has it; a property (entities:saveto on a bind) belongs
 *     to the innermost declaration around its question.
 *  3. Irrelevant declarations and properties are as if they were not there.
 */

void
sarap_entity_change_free (SarapEntityChange *self)
{
  g_free (self->list);
  g_free (self->id);
  g_free (self->branch);
  g_free (self->label);
  g_ptr_array_unref (self->properties);
  g_free (self);
}

typedef struct
{
  GHashTable *change_of; /* SarapNode that has the declaration → SarapEntityChange */
  GPtrArray *changes;
} Reading;

static char *
dup_attribute (const SarapNode *node, const char *name)
{
  const SarapNode *attribute = sarap_node_find_attribute (node, sarap_node_intern (name));

  return g_strdup (attribute != NULL && attribute->is_relevant ? sarap_node_peek_text (attribute) : "");
}

static gboolean
is_set (const SarapNode *node, const char *name)
{
  g_autofree char *value = dup_attribute (node, name);

  return strcmp (value, "1") == 0 || strcmp (value, "true") == 0;
}

static void
declaration_cb (SarapCell *cell, gpointer data)
{
  Reading *reading = data;
  const SarapBind *bind = cell->bind;
  g_autofree char *base = NULL;
  const SarapNode *label;
  SarapEntityChange *change;

  if (strcmp (bind->name, "entity") != 0 || bind->parent == NULL || strcmp (bind->parent->name, "meta") != 0 || !cell->node->is_relevant)
    return;
  change = g_new0 (SarapEntityChange, 1);
  change->list = dup_attribute (cell->node, "dataset");
  change->id = dup_attribute (cell->node, "id");
  base = dup_attribute (cell->node, "baseVersion");
  change->base = MAX (g_ascii_strtoll (base, NULL, 10), 0);
  change->branch = dup_attribute (cell->node, "branchId");
  change->is_create = is_set (cell->node, "create");
  change->is_update = is_set (cell->node, "update");
  change->properties = g_ptr_array_new_with_free_func (g_free);
  label = sarap_node_find_child (cell->node, sarap_node_intern ("label"));
  if (label != NULL && label->is_relevant)
    change->label = g_strdup (sarap_node_peek_text (label));
  if (*change->list == '\0' || *change->id == '\0' || !(change->is_create || change->is_update))
    {
      sarap_entity_change_free (change);
      return;
    }
  g_hash_table_insert (reading->change_of, cell->node->parent->parent, change);
  g_ptr_array_add (reading->changes, change);
}

static const char *
peek_property (const SarapBind *bind)
{
  for (char **parameter = (char **) bind->parameters; parameter != NULL && *parameter != NULL; parameter += 2)
    if (strcmp (*parameter, "saveto") == 0)
      return parameter[1];
  return NULL;
}

static void
property_cb (SarapCell *cell, gpointer data)
{
  Reading *reading = data;
  const char *name = peek_property (cell->bind);
  SarapEntityChange *change = NULL;

  if (name == NULL || !cell->node->is_relevant)
    return;
  for (const SarapNode *node = cell->node->parent; node != NULL && change == NULL; node = node->parent)
    change = g_hash_table_lookup (reading->change_of, node);
  if (change == NULL)
    return;
  g_ptr_array_add (change->properties, g_strdup (name));
  g_ptr_array_add (change->properties, g_strdup (sarap_node_peek_text (cell->node)));
}

/* Of an interview that is being finalized. Returns: (transfer full) (element-type SarapEntityChange) in document order */
GPtrArray *
sarap_interview_dup_entity_changes (SarapInterview *self)
{
  g_autoptr (GHashTable) change_of = g_hash_table_new (NULL, NULL);
  Reading reading = { change_of, g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_entity_change_free) };

  sarap_frame_foreach (self->root, declaration_cb, &reading);
  if (reading.changes->len > 0)
    sarap_frame_foreach (self->root, property_cb, &reading);
  return reading.changes;
}
