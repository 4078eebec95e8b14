#include "app/form/xlsform/sarap-xlsform-value.h"

#include <string.h>

static void
entry_free (gpointer data)
{
  SarapXlsEntry *entry = data;

  g_free (entry->key);
  sarap_xls_value_free (entry->value);
  g_free (entry);
}

SarapXlsValue *
sarap_xls_map_new (void)
{
  SarapXlsValue *self = g_new0 (SarapXlsValue, 1);

  self->entries = g_ptr_array_new_with_free_func (entry_free);
  return self;
}

static SarapXlsValue *
text_new (const char *text)
{
  SarapXlsValue *self = g_new0 (SarapXlsValue, 1);

  self->text = g_strdup (text);
  return self;
}

void
sarap_xls_value_free (SarapXlsValue *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_free (self);
}

SarapXlsValue *
sarap_xls_value_copy (const SarapXlsValue *self)
{
  SarapXlsValue *copy;

  if (!sarap_xls_value_is_map (self))
    return text_new (self->text);
  copy = sarap_xls_map_new ();
  for (guint i = 0; i < self->entries->len; i++)
    {
      const SarapXlsEntry *entry = sarap_xls_map_peek_entry (self, i);

      sarap_xls_map_take (copy, entry->key, sarap_xls_value_copy (entry->value));
    }
  return copy;
}

gboolean
sarap_xls_value_is_map (const SarapXlsValue *self)
{
  return self != NULL && self->entries != NULL;
}

/* 0 also for NULL and for a text. */
guint
sarap_xls_map_get_length (const SarapXlsValue *self)
{
  return sarap_xls_value_is_map (self) ? self->entries->len : 0;
}

const SarapXlsEntry *
sarap_xls_map_peek_entry (const SarapXlsValue *self, guint index)
{
  return g_ptr_array_index (self->entries, index);
}

static SarapXlsEntry *
find (const SarapXlsValue *self, const char *key)
{
  for (guint i = 0; i < sarap_xls_map_get_length (self); i++)
    {
      SarapXlsEntry *entry = g_ptr_array_index (self->entries, i);

      if (strcmp (entry->key, key) == 0)
        return entry;
    }
  return NULL;
}

/* NULL when there is none, or @self is NULL or a text. */
SarapXlsValue *
sarap_xls_map_peek (const SarapXlsValue *self, const char *key)
{
  SarapXlsEntry *entry = find (self, key);

  return entry ? entry->value : NULL;
}

/* NULL when there is none or it is a map. */
const char *
sarap_xls_map_peek_text (const SarapXlsValue *self, const char *key)
{
  SarapXlsValue *value = sarap_xls_map_peek (self, key);

  return value ? value->text : NULL;
}

const char *
sarap_xls_map_peek_text2 (const SarapXlsValue *self, const char *key, const char *key2)
{
  return sarap_xls_map_peek_text (sarap_xls_map_peek (self, key), key2);
}

/* An entry that is there keeps its place. */
void
sarap_xls_map_take (SarapXlsValue *self, const char *key, SarapXlsValue *value)
{
  SarapXlsEntry *entry = find (self, key);

  if (entry == NULL)
    {
      entry = g_new0 (SarapXlsEntry, 1);
      entry->key = g_strdup (key);
      g_ptr_array_add (self->entries, entry);
    }
  sarap_xls_value_free (entry->value);
  entry->value = value;
}

void
sarap_xls_map_set (SarapXlsValue *self, const char *key, const char *text)
{
  sarap_xls_map_take (self, key, text_new (text));
}

/* The map under @key, made when there is none. */
SarapXlsValue *
sarap_xls_map_ensure (SarapXlsValue *self, const char *key)
{
  SarapXlsValue *value = sarap_xls_map_peek (self, key);

  if (sarap_xls_value_is_map (value))
    return value;
  value = sarap_xls_map_new ();
  sarap_xls_map_take (self, key, value);
  return value;
}

void
sarap_xls_map_remove (SarapXlsValue *self, const char *key)
{
  SarapXlsEntry *entry = find (self, key);

  if (entry != NULL)
    g_ptr_array_remove (self->entries, entry);
}

/* Puts @text under {"label", "English"}. Where a column without a further word meets columns with
 * one ("label" and "label::French"), it counts as theirs of @default_key, and yields to one that
 * names it. */
void
sarap_xls_map_set_path (SarapXlsValue *self, char **path, const char *text, const char *default_key)
{
  SarapXlsValue *value = sarap_xls_map_peek (self, path[0]);

  if (path[1] == NULL)
    {
      if (!sarap_xls_value_is_map (value))
        sarap_xls_map_set (self, path[0], text);
      else if (sarap_xls_map_peek (value, default_key) == NULL)
        sarap_xls_map_set (value, default_key, text);
      return;
    }
  if (value != NULL && !sarap_xls_value_is_map (value))
    {
      SarapXlsValue *map = sarap_xls_map_new ();

      sarap_xls_map_set (map, default_key, value->text);
      sarap_xls_map_take (self, path[0], map);
    }
  sarap_xls_map_set_path (sarap_xls_map_ensure (self, path[0]), path + 1, text, default_key);
}
