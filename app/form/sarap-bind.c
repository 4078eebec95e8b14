#include "app/form/sarap-form-private.h"

#include <string.h>

/* Returns: (transfer full): @path as a key: no positions, no namespace prefixes, no spaces. */
char *
sarap_path_strip (const char *path)
{
  GString *key = g_string_sized_new (strlen (path));
  gsize step = 0;
  guint depth = 0;

  for (const char *c = path; *c != '\0'; c++)
    {
      if (*c == '[')
        depth++;
      else if (*c == ']')
        depth -= depth > 0;
      else if (depth > 0 || g_ascii_isspace (*c))
        continue;
      else if (*c == ':')
        g_string_truncate (key, step);
      else
        {
          g_string_append_c (key, *c);
          if (*c == '/' || *c == '@')
            step = key->len;
        }
    }
  return g_string_free (key, FALSE);
}

/* @path is a key, or a concrete reference. */
SarapBind *
sarap_form_find_bind (SarapForm *self, const char *path)
{
  SarapBind *bind = g_hash_table_lookup (self->bind_of, path);
  g_autofree char *key = NULL;

  if (bind != NULL || strpbrk (path, "[: \t\n") == NULL)
    return bind;
  key = sarap_path_strip (path);
  return g_hash_table_lookup (self->bind_of, key);
}

/* An unknown type is text, as in the reference engines. */
SarapDataType
sarap_data_type_parse (const char *name)
{
  static const struct
  {
    const char *name;
    SarapDataType type;
  } types[] = {
    { "int", SARAP_DATA_INT },
    { "integer", SARAP_DATA_INT },
    { "long", SARAP_DATA_INT },
    { "decimal", SARAP_DATA_DECIMAL },
    { "double", SARAP_DATA_DECIMAL },
    { "float", SARAP_DATA_DECIMAL },
    { "boolean", SARAP_DATA_BOOLEAN },
    { "date", SARAP_DATA_DATE },
    { "time", SARAP_DATA_TIME },
    { "dateTime", SARAP_DATA_DATE_TIME },
    { "geopoint", SARAP_DATA_GEOPOINT },
    { "geotrace", SARAP_DATA_GEOTRACE },
    { "geoshape", SARAP_DATA_GEOSHAPE },
    { "binary", SARAP_DATA_BINARY },
    { "base64Binary", SARAP_DATA_BINARY },
    { "barcode", SARAP_DATA_BARCODE },
  };
  const char *colon = strchr (name, ':');

  if (colon != NULL)
    name = colon + 1;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (types[i].name, name) == 0)
      return types[i].type;
  return SARAP_DATA_TEXT;
}

static void
reach_scope (SarapBind *bind, SarapScope *scope)
{
  bind->scope = scope;
  bind->slot = scope->binds->len;
  g_ptr_array_add (scope->binds, bind);
}

/* The bind of @node, which must not have one yet. @parent is NULL for the root. */
SarapBind *
sarap_form_add_bind (SarapForm *self, SarapBind *parent, SarapScope *scope, const SarapNode *node)
{
  SarapBind *bind = g_new0 (SarapBind, 1);
  g_autofree char *path = NULL;

  bind->is_attribute = node->kind == SARAP_NODE_ATTRIBUTE;
  path = g_strconcat (parent ? parent->path : "", bind->is_attribute ? "/@" : "/", node->name, NULL);
  bind->path = g_string_chunk_insert (self->strings, path);
  bind->name = node->name;
  bind->parent = parent;
  bind->is_leaf = TRUE;
  if (parent != NULL && !bind->is_attribute)
    parent->is_leaf = FALSE;
  bind->index = self->binds->len;
  bind->has_namesakes = parent != NULL && parent->has_namesakes;
  reach_scope (bind, scope);
  g_ptr_array_add (self->binds, bind);
  g_hash_table_insert (self->bind_of, (gpointer) bind->path, bind);
  return bind;
}

void
sarap_bind_free (SarapBind *self)
{
  g_clear_pointer (&self->relevant, sarap_xpath_unref);
  g_clear_pointer (&self->required, sarap_xpath_unref);
  g_clear_pointer (&self->readonly, sarap_xpath_unref);
  g_clear_pointer (&self->constraint, sarap_xpath_unref);
  g_clear_pointer (&self->calculate, sarap_xpath_unref);
  g_clear_pointer (&self->required_message, sarap_text_free);
  g_clear_pointer (&self->constraint_message, sarap_text_free);
  g_free (self->parameters);
  g_clear_pointer (&self->readers, g_array_unref);
  g_clear_pointer (&self->actions, g_ptr_array_unref);
  g_free (self);
}

/* @parent is NULL for the root. */
SarapScope *
sarap_form_add_scope (SarapForm *self, SarapScope *parent)
{
  SarapScope *scope = g_new0 (SarapScope, 1);

  scope->parent = parent;
  scope->binds = g_ptr_array_new ();
  scope->ranges = g_ptr_array_new ();
  if (parent != NULL)
    {
      scope->depth = parent->depth + 1;
      scope->range = parent->ranges->len;
      g_ptr_array_add (parent->ranges, scope);
    }
  g_ptr_array_add (self->scopes, scope);
  return scope;
}

void
sarap_scope_free (SarapScope *self)
{
  g_ptr_array_unref (self->binds);
  g_ptr_array_unref (self->ranges);
  g_clear_pointer (&self->count, sarap_xpath_unref);
  g_clear_pointer (&self->outside_readers, g_array_unref);
  g_clear_pointer (&self->actions, g_ptr_array_unref);
  g_free (self);
}

/* Whether @below is this scope or inside of it. */
gboolean
sarap_scope_is_above (const SarapScope *self, const SarapScope *below)
{
  while (below->depth > self->depth)
    below = below->parent;
  return below == self;
}
