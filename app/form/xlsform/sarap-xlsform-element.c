#include "app/form/xlsform/sarap-xlsform-private.h"

#include <string.h>

SarapXlsElement *
sarap_xls_element_new (SarapXlsKind kind, const char *name, guint row)
{
  SarapXlsElement *self = g_new0 (SarapXlsElement, 1);

  self->kind = kind;
  self->name = g_strdup (name);
  self->row = row;
  self->values = sarap_xls_map_new ();
  self->children = g_ptr_array_new_with_free_func (sarap_xls_element_free);
  self->actions = g_ptr_array_new_with_free_func (sarap_xls_action_free);
  self->names = g_hash_table_new (g_str_hash, g_str_equal);
  self->lower_names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
sarap_xls_element_free (gpointer data)
{
  SarapXlsElement *self = data;

  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->path);
  sarap_xls_value_free (self->values);
  g_hash_table_unref (self->names);
  g_hash_table_unref (self->lower_names);
  g_ptr_array_unref (self->children);
  g_ptr_array_unref (self->actions);
  g_strfreev (self->triggers);
  g_free (self->itemset);
  g_free (self->loop_list);
  g_free (self);
}

void
sarap_xls_element_append (SarapXlsElement *parent, SarapXlsElement *child)
{
  child->parent = parent;
  child->depth = parent->depth + 1;
  g_ptr_array_add (parent->children, child);
}

void
sarap_xls_action_free (gpointer data)
{
  SarapXlsAction *action = data;

  g_free (action->value);
  g_free (action->quality);
  g_free (action);
}

/* @value and @quality may be NULL. */
void
sarap_xls_element_add_action (SarapXlsElement *self, const char *name, const char *event, const char *value, const char *quality)
{
  SarapXlsAction *action = g_new0 (SarapXlsAction, 1);

  action->name = name;
  action->event = event;
  action->value = g_strdup (value);
  action->quality = g_strdup (quality);
  g_ptr_array_add (self->actions, action);
}

/* Calls @visit for @element and all below it, parents first. */
void
sarap_xls_visit (SarapXlsForm *self, SarapXlsElement *element, SarapXlsVisit visit, gpointer data)
{
  visit (self, element, data);
  for (guint i = 0; i < element->children->len; i++)
    sarap_xls_visit (self, g_ptr_array_index (element->children, i), visit, data);
}

/* A group of the body only: what is in it stands in the instance where the group would. */
gboolean
sarap_xls_is_flat (const SarapXlsElement *element)
{
  return element->kind == SARAP_XLS_GROUP && sarap_xls_map_peek_text (element->values, "flat") != NULL;
}

/* The innermost repeat around @element, or NULL. */
SarapXlsElement *
sarap_xls_nearest_repeat (const SarapXlsElement *element)
{
  for (SarapXlsElement *up = element->parent; up != NULL; up = up->parent)
    if (up->kind == SARAP_XLS_REPEAT)
      return up;
  return NULL;
}

static void
overlay (SarapXlsValue *under, const SarapXlsValue *over)
{
  for (guint i = 0; i < sarap_xls_map_get_length (over); i++)
    {
      const SarapXlsEntry *entry = sarap_xls_map_peek_entry (over, i);

      sarap_xls_map_take (under, entry->key, sarap_xls_value_copy (entry->value));
    }
}

static void
set_if (SarapXlsValue *map, const char *key, const char *value)
{
  if (value != NULL)
    sarap_xls_map_set (map, key, value);
}

/* The type's own bind and control come first; what the row says replaces them. */
void
sarap_xls_element_set_type (SarapXlsElement *self, const SarapXlsType *type)
{
  g_autoptr (SarapXlsValue) bind = sarap_xls_map_new ();
  g_autoptr (SarapXlsValue) control = sarap_xls_map_new ();

  self->type = type;
  set_if (bind, "jr:preload", type->preload);
  set_if (bind, "readonly", type->is_readonly ? "true()" : NULL);
  set_if (bind, "type", type->data_type);
  set_if (bind, "jr:preloadParams", type->preload_params);
  set_if (bind, "constraint", type->constraint);
  set_if (control, "mediatype", type->media_type);
  overlay (bind, sarap_xls_map_peek (self->values, "bind"));
  overlay (control, sarap_xls_map_peek (self->values, "control"));
  if (sarap_xls_map_get_length (bind) > 0)
    sarap_xls_map_take (self->values, "bind", g_steal_pointer (&bind));
  sarap_xls_map_take (self->values, "control", g_steal_pointer (&control));
  /* It labels the choices of the selects around it and may have no text of its own. */
  if (g_strcmp0 (sarap_xls_map_peek_text2 (self->values, "control", "appearance"), "label") == 0 && sarap_xls_map_peek (self->values, "label") == NULL)
    sarap_xls_map_set (self->values, "label", " ");
  if (type->hint != NULL && sarap_xls_map_peek (self->values, "hint") == NULL)
    sarap_xls_map_set (self->values, "hint", type->hint);
}
