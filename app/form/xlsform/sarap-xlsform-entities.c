#include "app/form/xlsform/sarap-xlsform-private.h"

#include <string.h>

/* Entities (ODK entities specification 2024.1.0 and 2025.1.0).
 * 1. A row of the sheet declares what a submission makes (no entity_id) or updates (entity_id) in
 *    one list. `save_to` says which answers become its properties; "list#property" names the list
 *    when there are several.
 * 2. The declaration stands in a meta group of a container (survey, group, repeat). Its scope is
 *    the innermost repeat around what it refers to, else the survey; everything that it saves is
 *    in that scope, everything that it refers to in it or around it.
 * 3. Inside the scope it stands as deep as what it saves (or refers to) allows. A container holds
 *    one declaration, so a later row goes up towards the scope until it finds a free one; containers
 *    between a saved answer and its declaration belong to that declaration.
 * 4. The one declaration of a form without repeats stands at the top, as in 2024.1.0. */

#define SHEET "entities"
#define MAX_DECLARATIONS 1000

void
sarap_xls_declaration_free (gpointer data)
{
  SarapXlsDeclaration *self = data;

  g_free (self->dataset);
  sarap_xls_value_free (self->values);
  g_ptr_array_unref (self->uses);
  g_free (self);
}

static const char *
get (const SarapXlsDeclaration *self, const char *key)
{
  return sarap_xls_map_peek_text (self->values, key);
}

static gboolean
is_filled (const SarapXlsTable *table, const SarapXlsColumn *column)
{
  for (guint i = 0; i < table->rows->len; i++)
    if (sarap_xls_map_peek (((SarapXlsRow *) g_ptr_array_index (table->rows, i))->values, column->path[0]) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
check_columns (SarapXlsForm *self)
{
  static const char *const known[] = { "dataset", "entity_id", "create_if", "update_if", "label", NULL };
  gboolean is_good = TRUE;

  for (guint i = 0; i < self->entities->columns->len; i++)
    {
      const SarapXlsColumn *column = g_ptr_array_index (self->entities->columns, i);

      if (column->path == NULL || (g_strv_contains (known, column->path[0]) && column->path[1] == NULL) || !is_filled (self->entities, column))
        continue;
      if (strcmp (column->path[0], "repeat") == 0)
        {
          sarap_xls_warn (self, SHEET, 1, column->header, "not needed any more and left out: the place follows from what label and save_to name");
          continue;
        }
      sarap_xls_error (self, SHEET, 1, column->header, "unknown column; known are list_name, label, entity_id, create_if and update_if");
      is_good = FALSE;
    }
  return is_good;
}

static gboolean
check_list_name (SarapXlsForm *self, guint row, const char *name)
{
  if (name == NULL)
    sarap_xls_error (self, SHEET, row, "list_name", "the declaration names no list");
  else if (g_str_has_prefix (name, "__"))
    sarap_xls_error (self, SHEET, row, "list_name", "'%s': names that begin with '__' are reserved", name);
  else if (strchr (name, '.') != NULL)
    sarap_xls_error (self, SHEET, row, "list_name", "'%s': the name of a list has no point", name);
  else if (!sarap_xls_is_name (name))
    sarap_xls_error (self, SHEET, row, "list_name", "'%s' is no name: it must begin with a letter or '_', then letters, digits, '_' or '-'", name);
  else if (sarap_xls_has_entity (self, name))
    sarap_xls_error (self, SHEET, row, "list_name", "the list '%s' is declared twice", name);
  else
    return TRUE;
  return FALSE;
}

static void
check_conditions (SarapXlsForm *self, const SarapXlsDeclaration *declaration)
{
  gboolean has_id = get (declaration, "entity_id") != NULL;

  if (!has_id && get (declaration, "update_if") != NULL)
    sarap_xls_error (self, SHEET, declaration->row, "entity_id", "an update needs the entity_id of what is updated");
  if (has_id && get (declaration, "create_if") != NULL && get (declaration, "update_if") == NULL)
    sarap_xls_error (self, SHEET, declaration->row, "update_if", "with entity_id and create_if, say in update_if when to update");
  if (!has_id && get (declaration, "label") == NULL)
    sarap_xls_error (self, SHEET, declaration->row, "label", "a new entity needs a label");
}

void
sarap_xls_read_entities (SarapXlsForm *self)
{
  self->declarations = g_ptr_array_new_with_free_func (sarap_xls_declaration_free);
  if (self->entities == NULL || !check_columns (self))
    return;
  if (self->entities->rows->len > MAX_DECLARATIONS)
    {
      sarap_xls_error (self, SHEET, 0, NULL, "more than %d lists", MAX_DECLARATIONS);
      return;
    }
  for (guint i = 0; i < self->entities->rows->len; i++)
    {
      const SarapXlsRow *row = g_ptr_array_index (self->entities->rows, i);
      const char *name = sarap_xls_map_peek_text (row->values, "dataset");
      SarapXlsDeclaration *declaration;

      if (!check_list_name (self, row->number, name))
        continue;
      declaration = g_new0 (SarapXlsDeclaration, 1);
      declaration->dataset = g_strdup (name);
      declaration->row = row->number;
      declaration->values = sarap_xls_value_copy (row->values);
      declaration->uses = g_ptr_array_new_with_free_func (g_free);
      check_conditions (self, declaration);
      g_ptr_array_add (self->declarations, declaration);
    }
}

static SarapXlsDeclaration *
find_declaration (SarapXlsForm *self, const char *dataset)
{
  for (guint i = 0; i < self->declarations->len; i++)
    {
      SarapXlsDeclaration *declaration = g_ptr_array_index (self->declarations, i);

      if (strcmp (declaration->dataset, dataset) == 0)
        return declaration;
    }
  return NULL;
}

gboolean
sarap_xls_has_entity (SarapXlsForm *self, const char *dataset)
{
  return find_declaration (self, dataset) != NULL;
}

static void
add_use (SarapXlsDeclaration *declaration, SarapXlsElement *element, const char *property)
{
  SarapXlsEntityUse *use = g_new0 (SarapXlsEntityUse, 1);

  use->element = element;
  use->property = property;
  g_ptr_array_add (declaration->uses, use);
}

static void
check_property (SarapXlsForm *self, const SarapXlsDeclaration *declaration, const SarapXlsElement *element, const char *property)
{
  g_autofree char *lower = g_utf8_strdown (property, -1);

  if (element->kind != SARAP_XLS_QUESTION)
    sarap_xls_error (self, "survey", element->row, "save_to", "a group or repeat cannot be saved; save its questions");
  else if (strcmp (lower, "name") == 0 || strcmp (lower, "label") == 0)
    sarap_xls_error (self, "survey", element->row, "save_to", "the property '%s' is reserved; choose another name", property);
  else if (g_str_has_prefix (property, "__"))
    sarap_xls_error (self, "survey", element->row, "save_to", "'%s': names that begin with '__' are reserved", property);
  else if (!sarap_xls_is_name (property))
    sarap_xls_error (self, "survey", element->row, "save_to", "'%s' is no name of a property: a letter or '_', then letters, digits, '_', '-' or '.'", property);
  for (guint i = 0; i < declaration->uses->len; i++)
    {
      const SarapXlsEntityUse *use = g_ptr_array_index (declaration->uses, i);

      if (g_strcmp0 (use->property, property) == 0)
        sarap_xls_error (self, "survey", element->row, "save_to", "the property '%s' is saved by row %u too", property, use->element->row);
    }
}

/* "list#property", or "property" when one list is declared; the bind keeps the property. */
static void
read_save_to (SarapXlsForm *self, SarapXlsElement *element)
{
  SarapXlsValue *bind = sarap_xls_map_peek (element->values, "bind");
  g_autofree char *text = g_strdup (sarap_xls_map_peek_text (bind, "entities:saveto"));
  char *hash = text ? strchr (text, '#') : NULL;
  SarapXlsDeclaration *declaration = NULL;

  if (text == NULL)
    return;
  if (hash != NULL)
    *hash = '\0';
  if (self->declarations->len == 0)
    sarap_xls_error (self, "survey", element->row, "save_to", "save_to needs a sheet 'entities' that declares the list");
  else if (hash != NULL && strchr (hash + 1, '#') != NULL)
    sarap_xls_error (self, "survey", element->row, "save_to", "write list#property with one '#'");
  else if (hash == NULL && self->declarations->len > 1)
    sarap_xls_error (self, "survey", element->row, "save_to", "several lists are declared; write list#property");
  else if (hash != NULL && find_declaration (self, text) == NULL)
    sarap_xls_error (self, "survey", element->row, "save_to", "the sheet entities declares no list '%s'", text);
  else
    declaration = hash ? find_declaration (self, text) : g_ptr_array_index (self->declarations, 0);
  if (declaration == NULL)
    return;
  check_property (self, declaration, element, hash ? hash + 1 : text);
  sarap_xls_map_set (bind, "entities:saveto", hash ? hash + 1 : text);
  add_use (declaration, element, sarap_xls_map_peek_text (bind, "entities:saveto"));
}

typedef struct
{
  GHashTable *users; /* name → GPtrArray of lent declarations that refer to it */
  SarapXlsDeclaration *declaration;
} References;

static void
reference_cb (const char *name, gboolean is_last_saved, gpointer data)
{
  References *references = data;
  GPtrArray *users = g_hash_table_lookup (references->users, name);

  if (users == NULL)
    {
      users = g_ptr_array_new ();
      g_hash_table_insert (references->users, g_strdup (name), users);
    }
  if (!g_ptr_array_find (users, references->declaration, NULL))
    g_ptr_array_add (users, references->declaration);
}

static GHashTable *
collect_references (SarapXlsForm *self)
{
  static const char *const columns[] = { "entity_id", "create_if", "update_if", "label" };
  References references = { .users = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref) };

  for (guint i = 0; i < self->declarations->len; i++)
    {
      references.declaration = g_ptr_array_index (self->declarations, i);
      for (guint j = 0; j < G_N_ELEMENTS (columns); j++)
        if (get (references.declaration, columns[j]) != NULL)
          sarap_xls_foreach_reference (get (references.declaration, columns[j]), reference_cb, &references);
    }
  return references.users;
}

static void
collect_cb (SarapXlsForm *self, SarapXlsElement *element, gpointer data)
{
  const GPtrArray *users = g_hash_table_lookup (data, element->name);

  if (element->parent == NULL)
    return;
  read_save_to (self, element);
  for (guint i = 0; users != NULL && i < users->len; i++)
    add_use (g_ptr_array_index (users, i), element, NULL);
}

static SarapXlsElement *
scope_of (SarapXlsElement *container)
{
  while (container->kind != SARAP_XLS_REPEAT && container->parent != NULL)
    container = container->parent;
  return container;
}

static gboolean
is_within (const SarapXlsElement *element, const SarapXlsElement *ancestor)
{
  for (; element != NULL; element = element->parent)
    if (element == ancestor)
      return TRUE;
  return FALSE;
}

static SarapXlsElement *
common_container (SarapXlsElement *a, SarapXlsElement *b)
{
  while (!is_within (b, a))
    a = a->parent;
  return a;
}

static guint
count_repeats (const SarapXlsElement *container)
{
  guint n = 0;

  for (; container != NULL; container = container->parent)
    n += container->kind == SARAP_XLS_REPEAT;
  return n;
}

/* Whether @a lies deeper than @b: more repeats around it, then more groups. */
static gboolean
is_deeper (const SarapXlsElement *a, const SarapXlsElement *b)
{
  guint a_repeats = count_repeats (a), b_repeats = count_repeats (b);

  return b == NULL || a_repeats > b_repeats || (a_repeats == b_repeats && a->depth > b->depth);
}

/* Finds the declaration's scope and the deepest container that it may stand in. */
static void
request_place (SarapXlsForm *self, SarapXlsDeclaration *declaration)
{
  SarapXlsElement *deepest = NULL, *saved = NULL;

  declaration->scope = self->root;
  for (guint i = 0; i < declaration->uses->len; i++)
    {
      const SarapXlsEntityUse *use = g_ptr_array_index (declaration->uses, i);
      SarapXlsElement *container = use->element->parent;

      if (is_deeper (container, deepest))
        deepest = container;
      if (use->property != NULL)
        saved = saved ? common_container (saved, container) : container;
      if (count_repeats (container) > count_repeats (declaration->scope))
        declaration->scope = scope_of (container);
    }
  declaration->requested = saved ? saved : (deepest ? deepest : self->root);
  for (guint i = 0; i < declaration->uses->len; i++)
    {
      const SarapXlsEntityUse *use = g_ptr_array_index (declaration->uses, i);
      SarapXlsElement *scope = scope_of (use->element->parent);

      if (use->property != NULL && scope != declaration->scope)
        sarap_xls_error (self, "survey", use->element->row, "save_to", "the list '%s' belongs to '%s'; save only answers of that repeat itself", declaration->dataset, declaration->scope->name);
      else if (!is_within (declaration->scope, scope))
        sarap_xls_error (self, SHEET, declaration->row, NULL, "the list '%s' belongs to '%s', so it cannot use ${%s} of another repeat", declaration->dataset, declaration->scope->name, use->element->name);
    }
}

static const SarapXlsDeclaration *
find_conflict (const SarapXlsDeclaration *declaration, GHashTable *taken)
{
  for (guint i = 0; i < declaration->uses->len; i++)
    {
      const SarapXlsEntityUse *use = g_ptr_array_index (declaration->uses, i);
      const SarapXlsDeclaration *other = use->property ? g_hash_table_lookup (taken, use->element->parent) : NULL;

      if (other != NULL)
        return other;
    }
  return NULL;
}

static void
reserve (SarapXlsDeclaration *declaration, SarapXlsElement *container, GHashTable *taken)
{
  g_hash_table_insert (taken, container, declaration);
  for (guint i = 0; i < declaration->uses->len; i++)
    {
      const SarapXlsEntityUse *use = g_ptr_array_index (declaration->uses, i);

      for (SarapXlsElement *up = use->element->parent; use->property != NULL && up != container && up != NULL; up = up->parent)
        g_hash_table_insert (taken, up, declaration);
    }
}

/* Returns: the container that @declaration gets, or NULL when none is left */
static SarapXlsElement *
allocate (SarapXlsForm *self, SarapXlsDeclaration *declaration, GHashTable *taken)
{
  const SarapXlsDeclaration *other = NULL;

  for (SarapXlsElement *container = declaration->requested; container != NULL; container = container->parent)
    {
      const SarapXlsDeclaration *owner = g_hash_table_lookup (taken, container);

      if (owner == NULL)
        {
          reserve (declaration, container, taken);
          return container;
        }
      if (other == NULL)
        other = owner;
      if (find_conflict (declaration, taken) != NULL)
        {
          other = find_conflict (declaration, taken);
          break;
        }
      if (container == declaration->scope)
        break;
    }
  sarap_xls_error (self, SHEET, declaration->row, NULL, "no group of '%s' is free for the list '%s', because '%s' (row %u) takes it; put the questions of each list into a group of their own", declaration->scope->name, declaration->dataset, other->dataset, other->row);
  return NULL;
}

static SarapXlsElement *
attribute_new (const char *name, const char *value, const char *calculate)
{
  SarapXlsElement *attribute = sarap_xls_element_new (SARAP_XLS_ATTRIBUTE, name, 0);

  sarap_xls_map_set (attribute->values, "value", value);
  if (calculate != NULL)
    {
      SarapXlsValue *bind = sarap_xls_map_ensure (attribute->values, "bind");

      sarap_xls_map_set (bind, "calculate", calculate);
      sarap_xls_map_set (bind, "readonly", "true()");
      sarap_xls_map_set (bind, "type", "string");
    }
  return attribute;
}

static void
add_version (SarapXlsElement *entity, const SarapXlsDeclaration *declaration, const char *name, const char *column)
{
  g_autofree char *calculate = g_strdup_printf ("instance('%s')/root/item[name=%s]/%s", declaration->dataset, get (declaration, "entity_id"), column);

  sarap_xls_element_append (entity, attribute_new (name, "", calculate));
}

static SarapXlsElement *
id_new (const SarapXlsDeclaration *declaration, gboolean is_in_repeat)
{
  SarapXlsElement *id = attribute_new ("id", "", NULL);
  SarapXlsValue *bind = sarap_xls_map_ensure (id->values, "bind");

  sarap_xls_map_set (bind, "readonly", "true()");
  sarap_xls_map_set (bind, "type", "string");
  if (get (declaration, "entity_id") != NULL)
    {
      sarap_xls_map_set (bind, "calculate", get (declaration, "entity_id"));
      return id;
    }
  sarap_xls_element_add_action (id, "setvalue", "odk-instance-first-load", "uuid()", NULL);
  if (is_in_repeat)
    sarap_xls_element_add_action (id, "setvalue", "odk-new-repeat", "uuid()", NULL);
  return id;
}

static SarapXlsElement *
label_new (const char *text)
{
  SarapXlsElement *label = sarap_xls_element_new (SARAP_XLS_LABEL, "label", 0);
  SarapXlsValue *bind = sarap_xls_map_ensure (label->values, "bind");

  sarap_xls_map_set (bind, "calculate", text);
  sarap_xls_map_set (bind, "readonly", "true()");
  sarap_xls_map_set (bind, "type", "string");
  return label;
}

static SarapXlsElement *
entity_new (const SarapXlsDeclaration *declaration, gboolean is_in_repeat)
{
  SarapXlsElement *entity = sarap_xls_element_new (SARAP_XLS_ENTITY, "entity", declaration->row);
  gboolean has_id = get (declaration, "entity_id") != NULL;

  sarap_xls_element_append (entity, attribute_new ("dataset", declaration->dataset, NULL));
  if (!has_id || get (declaration, "create_if") != NULL)
    sarap_xls_element_append (entity, attribute_new ("create", "1", get (declaration, "create_if")));
  if (has_id)
    {
      sarap_xls_element_append (entity, attribute_new ("update", "1", get (declaration, "update_if")));
      add_version (entity, declaration, "baseVersion", "__version");
      add_version (entity, declaration, "trunkVersion", "__trunkVersion");
      add_version (entity, declaration, "branchId", "__branchId");
    }
  sarap_xls_element_append (entity, id_new (declaration, is_in_repeat));
  if (get (declaration, "label") != NULL)
    sarap_xls_element_append (entity, label_new (get (declaration, "label")));
  return entity;
}

static SarapXlsElement *
ensure_meta (SarapXlsElement *container)
{
  SarapXlsElement *meta;

  for (guint i = 0; i < container->children->len; i++)
    {
      SarapXlsElement *child = g_ptr_array_index (container->children, i);

      if (child->is_bodyless)
        return child;
    }
  meta = sarap_xls_element_new (SARAP_XLS_GROUP, "meta", 0);
  meta->is_bodyless = TRUE;
  sarap_xls_element_append (container, meta);
  return meta;
}

static gint
compare_rows (gconstpointer a, gconstpointer b)
{
  const SarapXlsDeclaration *first = *(SarapXlsDeclaration *const *) a, *second = *(SarapXlsDeclaration *const *) b;

  return (gint) first->row - (gint) second->row;
}

static void
place_declarations (SarapXlsForm *self)
{
  g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL);
  gboolean is_simple = self->declarations->len == 1;

  g_ptr_array_sort (self->declarations, compare_rows);
  for (guint i = 0; i < self->declarations->len; i++)
    {
      SarapXlsDeclaration *declaration = g_ptr_array_index (self->declarations, i);
      SarapXlsElement *container;

      request_place (self, declaration);
      if (is_simple && declaration->scope == self->root)
        declaration->requested = self->root;
      container = allocate (self, declaration, taken);
      if (container == NULL)
        continue;
      sarap_xls_element_append (ensure_meta (container), entity_new (declaration, count_repeats (container) > 0));
      if (!is_simple || count_repeats (container) > 0)
        self->entities_version = "2025.1.0";
    }
  if (self->declarations->len > 0 && self->entities_version == NULL)
    self->entities_version = "2024.1.0";
}

/* The versions of what is updated are looked up in the list itself. */
static void
check_sources (SarapXlsForm *self)
{
  g_autoptr (GHashTable) files = sarap_xls_collect_files (self);

  for (guint i = 0; i < self->declarations->len; i++)
    {
      const SarapXlsDeclaration *declaration = g_ptr_array_index (self->declarations, i);

      if (get (declaration, "entity_id") != NULL && !g_hash_table_contains (files, declaration->dataset))
        sarap_xls_warn (self, SHEET, declaration->row, "list_name", "an update reads the list '%s', which the form does not attach; add a row csv-external with this name, or select from %s.csv", declaration->dataset, declaration->dataset);
    }
}

static void
set_path (SarapXlsElement *element, const char *parent_path)
{
  g_free (element->path);
  element->path = sarap_xls_is_flat (element) ? g_strdup (parent_path) : g_strconcat (parent_path, element->kind == SARAP_XLS_ATTRIBUTE ? "/@" : "/", element->name, NULL);
  for (guint i = 0; i < element->children->len; i++)
    set_path (g_ptr_array_index (element->children, i), element->path);
}

/* Adds the meta groups with all that stands in them, and then the paths of all elements. */
void
sarap_xls_place_entities (SarapXlsForm *self)
{
  g_autoptr (GHashTable) users = collect_references (self);

  sarap_xls_visit (self, self->root, collect_cb, users);
  place_declarations (self);
  check_sources (self);
  if (self->meta->len > 0)
    {
      SarapXlsElement *meta = ensure_meta (self->root);

      g_ptr_array_set_free_func (self->meta, NULL);
      for (guint i = 0; i < self->meta->len; i++)
        sarap_xls_element_append (meta, g_ptr_array_index (self->meta, i));
      g_ptr_array_set_size (self->meta, 0);
    }
  set_path (self->root, "");
}
