#include "app/form/sarap-form-private.h"

#include <string.h>

SarapElement *
sarap_element_new (SarapElementKind kind, const SarapElement *parent)
{
  SarapElement *self = g_new0 (SarapElement, 1);

  self->kind = kind;
  self->parent = parent;
  self->appearance = "";
  if (kind != SARAP_ELEMENT_QUESTION)
    self->children = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_element_free);
  if (parent != NULL)
    g_ptr_array_add (parent->children, self);
  return self;
}

static void
itemset_free (SarapItemset *self)
{
  g_clear_pointer (&self->nodeset, sarap_xpath_unref);
  g_clear_pointer (&self->value, sarap_xpath_unref);
  g_clear_pointer (&self->member, sarap_xpath_unref);
  g_clear_pointer (&self->label, sarap_xpath_unref);
  g_free (self);
}

void
sarap_element_free (SarapElement *self)
{
  g_clear_pointer (&self->children, g_ptr_array_unref);
  g_clear_pointer (&self->label, sarap_text_free);
  g_clear_pointer (&self->hint, sarap_text_free);
  g_clear_pointer (&self->itemset, itemset_free);
  for (guint i = 0; self->items != NULL && i < self->items->len; i++)
    sarap_text_free (g_array_index (self->items, SarapItem, i).label);
  g_clear_pointer (&self->items, g_array_unref);
  g_strfreev (self->appearance_words);
  g_free (self->parameters);
  g_free (self);
}

SarapElementKind
sarap_element_get_kind (const SarapElement *self)
{
  return self->kind;
}

SarapQuestionKind
sarap_element_get_question_kind (const SarapElement *self)
{
  return self->question_kind;
}

const SarapElement *
sarap_element_get_parent (const SarapElement *self)
{
  return self->parent;
}

guint
sarap_element_get_n_children (const SarapElement *self)
{
  return self->children ? self->children->len : 0;
}

const SarapElement *
sarap_element_peek_child (const SarapElement *self, guint index)
{
  g_return_val_if_fail (self->children != NULL && index < self->children->len, NULL);
  return g_ptr_array_index (self->children, index);
}

const char *
sarap_element_get_path (const SarapElement *self)
{
  return self->path;
}

/* Returns: (nullable): NULL for a group without a path. */
const char *
sarap_element_get_name (const SarapElement *self)
{
  return self->name;
}

const char *
sarap_element_get_appearance (const SarapElement *self)
{
  return self->appearance;
}

gboolean
sarap_element_has_appearance (const SarapElement *self, const char *word)
{
  return self->appearance_words != NULL && g_strv_contains ((const char *const *) self->appearance_words, word);
}

const char *
sarap_element_get_parameter (const SarapElement *self, const char *name)
{
  for (guint i = 0; self->parameters != NULL && self->parameters[i] != NULL; i += 2)
    if (strcmp (self->parameters[i], name) == 0)
      return self->parameters[i + 1];
  return NULL;
}

/* Returns: (nullable): of an upload as written: an image type with a star, for instance. */
const char *
sarap_element_get_mediatype (const SarapElement *self)
{
  return self->mediatype;
}
