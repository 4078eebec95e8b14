#include "app/form/xlsform/sarap-xlsform-private.h"

#include "app/base/sarap-xml.h"

#include <string.h>

/* 1. A question is seen when its type has a control and it is no calculation: a calculate, or a
 *    calculation or trigger without label and hint.
 * 2. What is seen needs a label, a hint or media; a guidance hint alone may be hidden.
 * 3. Actions stand in the control whose change starts them, and in the repeat whose new instance does. */

static const char *
get (const SarapXlsElement *element, const char *key)
{
  return sarap_xls_map_peek_text (element->values, key);
}

static gboolean
has (const SarapXlsElement *element, const char *key)
{
  return sarap_xls_map_peek (element->values, key) != NULL;
}

static void
write_itext_reference (GString *out, const char *tag, const SarapXlsElement *element, const char *what)
{
  g_autofree char *reference = g_strdup_printf ("jr:itext('%s:%s')", element->path, what);

  g_string_append_printf (out, "<%s", tag);
  sarap_xls_append_attribute (out, "ref", reference);
  g_string_append (out, "/>");
}

static void
write_label (SarapXlsForm *self, GString *out, const SarapXlsElement *element)
{
  if (sarap_xls_needs_itext (element))
    write_itext_reference (out, "label", element, "label");
  else if (get (element, "label") != NULL)
    {
      g_string_append (out, "<label>");
      sarap_xls_append_output (self, out, get (element, "label"), element);
      g_string_append (out, "</label>");
    }
  else
    g_string_append (out, "<label/>");
}

static void
write_hint (SarapXlsForm *self, GString *out, const SarapXlsElement *element)
{
  if (has (element, "guidance_hint") || sarap_xls_value_is_map (sarap_xls_map_peek (element->values, "hint")))
    {
      write_itext_reference (out, "hint", element, "hint");
      return;
    }
  g_string_append (out, "<hint>");
  sarap_xls_append_output (self, out, get (element, "hint"), element);
  g_string_append (out, "</hint>");
}

static void
check_texts (SarapXlsForm *self, const SarapXlsElement *element)
{
  const SarapXlsValue *media = sarap_xls_map_peek (element->values, "media");

  if (!has (element, "label") && !has (element, "hint") && !has (element, "media"))
    sarap_xls_error (self, "survey", element->row, "label", "'%s' has no label and no hint", element->name);
  if (sarap_xls_map_peek (media, "big-image") != NULL && sarap_xls_map_peek (media, "image") == NULL)
    sarap_xls_error (self, "survey", element->row, "big-image", "'%s' has a big-image but no image; add the small one", element->name);
}

static void
write_label_and_hint (SarapXlsForm *self, GString *out, const SarapXlsElement *element)
{
  check_texts (self, element);
  write_label (self, out, element);
  if (has (element, "hint") || has (element, "guidance_hint"))
    write_hint (self, out, element);
}

static void
append_control_attributes (SarapXlsForm *self, GString *out, const SarapXlsElement *element)
{
  const SarapXlsValue *control = sarap_xls_map_peek (element->values, "control");

  for (guint i = 0; i < sarap_xls_map_get_length (control); i++)
    {
      const SarapXlsEntry *entry = sarap_xls_map_peek_entry (control, i);
      g_autofree char *value = NULL;

      if (entry->value->text == NULL || !sarap_xls_is_name (entry->key) || strcmp (entry->key, "ref") == 0 || strcmp (entry->key, "nodeset") == 0)
        {
          sarap_xls_error (self, "survey", element->row, entry->key, "this column cannot have languages or further words");
          continue;
        }
      value = sarap_xls_resolve (self, entry->value->text, element, SARAP_XLS_PLAIN);
      sarap_xls_append_attribute (out, entry->key, value);
    }
}

static char *
dup_without_extension (const char *file)
{
  const char *extension = sarap_xls_get_extension (file);

  return g_strndup (file, strlen (file) - (extension ? strlen (extension) : 0));
}

typedef struct
{
  char *nodeset;
  char *value;
  char *label;
} Itemset;

static void
itemset_clear (Itemset *itemset)
{
  g_free (itemset->nodeset);
  g_free (itemset->value);
  g_free (itemset->label);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Itemset, itemset_clear)

static char *
replace_all (const char *text, const char *what, const char *with)
{
  GString *out = g_string_new (text);

  g_string_replace (out, what, with, 0);
  return g_string_free (out, FALSE);
}

static char *
resolve_filter (SarapXlsForm *self, const SarapXlsElement *element, gboolean is_question)
{
  const char *filter = get (element, "choice_filter");

  if (filter == NULL)
    return NULL;
  return sarap_xls_resolve (self, filter, element, SARAP_XLS_USE_CURRENT | (is_question ? SARAP_XLS_REFERENCE_PARENT : 0));
}

static gboolean
is_repeat (SarapXlsForm *self, const char *reference)
{
  g_autofree char *name = NULL;
  const SarapXlsElement *element;

  if (!sarap_xls_is_reference (reference))
    return FALSE;
  name = g_strndup (reference + 2, strlen (reference) - 3);
  element = sarap_xls_find_element (self, name);
  return element != NULL && element->kind == SARAP_XLS_REPEAT;
}

/* The answers of a question in a repeat. A repeat itself stands for its question `geometry`. */
static void
read_question_itemset (SarapXlsForm *self, const SarapXlsElement *element, Itemset *itemset)
{
  g_autofree char *filter = resolve_filter (self, element, TRUE);
  g_autofree char *resolved = sarap_xls_resolve (self, element->itemset, element, SARAP_XLS_REFERENCE_PARENT);
  g_autofree char *path = g_strconcat (g_strstrip (resolved), is_repeat (self, element->itemset) ? "/geometry" : "", NULL);
  char *slash = strrchr (path, '/');

  if (slash == NULL)
    return;
  itemset->value = g_strdup (slash + 1);
  itemset->label = g_strdup (slash + 1);
  *slash = '\0';
  if (filter != NULL)
    {
      g_autofree char *current = g_strconcat ("current()/", path, NULL);
      g_autofree char *first = replace_all (filter, current, ".");
      g_autofree char *second = replace_all (first, path, ".");

      itemset->nodeset = g_strdup_printf ("%s[%s]", path, second);
    }
  else
    itemset->nodeset = g_strdup_printf ("%s[./%s != '']", path, slash + 1);
}

static void
read_list_itemset (SarapXlsForm *self, const SarapXlsElement *element, Itemset *itemset)
{
  const SarapXlsValue *parameters = sarap_xls_map_peek (element->values, "parameters");
  const char *extension = sarap_xls_get_extension (element->itemset);
  gboolean is_geojson = g_strcmp0 (extension, ".geojson") == 0;
  const SarapXlsList *list = extension ? NULL : sarap_xls_find_list (self, element->itemset);
  const char *value = sarap_xls_map_peek_text (parameters, "value");
  const char *label = sarap_xls_map_peek_text (parameters, "label");
  g_autofree char *name = dup_without_extension (element->itemset);
  g_autofree char *filter = resolve_filter (self, element, FALSE);

  itemset->value = g_strdup (value ? value : (is_geojson ? "id" : "name"));
  itemset->label = g_strdup (label ? label : (is_geojson ? "title" : "label"));
  if (list != NULL && list->needs_itext)
    {
      g_free (itemset->label);
      itemset->label = g_strdup ("jr:itext(itextId)");
    }
  if (filter != NULL)
    itemset->nodeset = g_strdup_printf ("instance('%s')/root/item[%s]", name, filter);
  else
    itemset->nodeset = g_strdup_printf ("instance('%s')/root/item", name);
}

static void
randomize (SarapXlsForm *self, const SarapXlsElement *element, Itemset *itemset)
{
  const SarapXlsValue *parameters = sarap_xls_map_peek (element->values, "parameters");
  const char *seed = sarap_xls_map_peek_text (parameters, "seed");
  g_autofree char *resolved = NULL;
  char *plain = itemset->nodeset;

  if (g_strcmp0 (sarap_xls_map_peek_text (parameters, "randomize"), "true") != 0)
    return;
  resolved = seed ? sarap_xls_resolve (self, seed, element, SARAP_XLS_PLAIN) : NULL;
  if (resolved != NULL)
    itemset->nodeset = g_strdup_printf ("randomize(%s, %s)", plain, g_strstrip (resolved));
  else
    itemset->nodeset = g_strdup_printf ("randomize(%s)", plain);
  g_free (plain);
}

static void
write_itemset (SarapXlsForm *self, GString *out, const SarapXlsElement *element)
{
  g_auto (Itemset) itemset = { 0 };

  if (sarap_xls_has_reference (element->itemset))
    read_question_itemset (self, element, &itemset);
  else
    read_list_itemset (self, element, &itemset);
  if (itemset.nodeset == NULL)
    {
      sarap_xls_error (self, "survey", element->row, "type", "'%s' names no question whose answers could be chosen", element->itemset);
      return;
    }
  randomize (self, element, &itemset);
  g_string_append (out, "<itemset");
  sarap_xls_append_attribute (out, "nodeset", itemset.nodeset);
  g_string_append (out, "><value");
  sarap_xls_append_attribute (out, "ref", itemset.value);
  g_string_append (out, "/><label");
  sarap_xls_append_attribute (out, "ref", itemset.label);
  g_string_append (out, "/></itemset>");
}

/* The choices inside the select, as search() wants them. */
static void
write_items (SarapXlsForm *self, GString *out, const SarapXlsElement *element, const SarapXlsList *list)
{
  for (guint i = 0; i < list->choices->len; i++)
    {
      const SarapXlsChoice *choice = g_ptr_array_index (list->choices, i);
      const char *label = sarap_xls_map_peek_text (choice->values, "label");
      g_autofree char *reference = g_strdup_printf ("jr:itext('%s-%u')", list->name, i);

      g_string_append (out, "<item><label");
      if (list->needs_itext)
        sarap_xls_append_attribute (out, "ref", reference);
      g_string_append_c (out, '>');
      if (!list->needs_itext && label != NULL)
        sarap_xls_append_output (self, out, label, element);
      g_string_append (out, "</label>");
      sarap_xls_append_text_element (out, "value", choice->name);
      g_string_append (out, "</item>");
    }
}

static gboolean
uses_search (const SarapXlsElement *element)
{
  const char *appearance = sarap_xls_map_peek_text2 (element->values, "control", "appearance");
  const char *search = appearance ? strstr (appearance, "search(") : NULL;

  return search != NULL && strchr (search, ')') != NULL;
}

static gboolean
is_select (const SarapXlsElement *element)
{
  static const char *const controls[] = { "select", "select1", "odk:rank", NULL };

  return element->kind == SARAP_XLS_QUESTION && element->type->control != NULL && g_strv_contains (controls, element->type->control);
}

/* A list is used with search() by all its selects or by none. */
static void
note_search_cb (SarapXlsForm *self, SarapXlsElement *element, gpointer data)
{
  GHashTable *plain = data;
  SarapXlsList *list = is_select (element) && element->itemset ? sarap_xls_find_list (self, element->itemset) : NULL;

  if (is_select (element) && uses_search (element) && element->itemset != NULL && sarap_xls_get_extension (element->itemset) != NULL)
    sarap_xls_error (self, "survey", element->row, "appearance", "search() does not go with select from file; remove it");
  if (list == NULL)
    return;
  if (uses_search (element))
    list->is_used_by_search = TRUE;
  else
    g_hash_table_insert (plain, list, element);
}

static void
check_search (SarapXlsForm *self)
{
  g_autoptr (GHashTable) plain = g_hash_table_new (NULL, NULL);

  sarap_xls_visit (self, self->root, note_search_cb, plain);
  for (guint i = 0; i < self->lists->len; i++)
    {
      const SarapXlsList *list = g_ptr_array_index (self->lists, i);
      const SarapXlsElement *element = g_hash_table_lookup (plain, list);

      if (list->is_used_by_search && element != NULL)
        sarap_xls_error (self, "survey", element->row, "type", "the list '%s' is used with search() elsewhere, so it cannot be used without; give this question a list of its own", list->name);
    }
}

static void
write_tags (SarapXlsForm *self, GString *out, const SarapXlsElement *element)
{
  for (guint i = 0; i < element->children->len; i++)
    {
      const SarapXlsElement *tag = g_ptr_array_index (element->children, i);

      g_string_append (out, "<tag");
      sarap_xls_append_attribute (out, "key", tag->name);
      g_string_append_c (out, '>');
      write_label (self, out, tag);
      g_string_append (out, "</tag>");
    }
}

static void
append_query (SarapXlsForm *self, GString *out, const SarapXlsElement *element)
{
  g_autofree char *filter = resolve_filter (self, element, FALSE);
  g_autofree char *query = filter ? g_strdup_printf ("instance('%s')/root/item[%s]", element->itemset, filter) : NULL;

  if (query != NULL)
    sarap_xls_append_attribute (out, "query", query);
}

static gboolean
is_seen (const SarapXlsElement *element)
{
  gboolean is_computed = sarap_xls_map_peek_text2 (element->values, "bind", "calculate") != NULL || element->triggers != NULL;

  if (element->type->control == NULL)
    return FALSE;
  return !is_computed || has (element, "label") || has (element, "hint");
}

static void
write_triggered (SarapXlsForm *self, GString *out, const SarapXlsElement *element, const char *name)
{
  const GPtrArray *targets = g_hash_table_lookup (self->triggered, element->name);

  for (guint i = 0; targets != NULL && i < targets->len; i++)
    {
      const SarapXlsTriggered *triggered = g_ptr_array_index (targets, i);
      const SarapXlsElement *target = sarap_xls_find_element (self, triggered->target);
      g_autofree char *value = sarap_xls_resolve (self, triggered->value, element, SARAP_XLS_PLAIN);

      if (target == NULL || strcmp (triggered->action, name) != 0)
        continue;
      g_string_append_printf (out, "<%s", name);
      sarap_xls_append_attribute (out, "ref", target->path);
      sarap_xls_append_attribute (out, "event", "xforms-value-changed");
      if (*value != '\0' && strcmp (name, "setvalue") == 0)
        sarap_xls_append_attribute (out, "value", value);
      g_string_append (out, "/>");
    }
}

/* A trigger that nobody sees never changes by hand. */
static void
check_trigger (SarapXlsForm *self, const SarapXlsElement *element)
{
  const GPtrArray *targets = g_hash_table_lookup (self->triggered, element->name);

  if (targets != NULL)
    sarap_xls_error (self, "survey", element->row, "name", "${%s} is not seen, so it cannot trigger ${%s}; name a question with a label", element->name, ((SarapXlsTriggered *) targets->pdata[0])->target);
}

static void
write_question (SarapXlsForm *self, GString *out, const SarapXlsElement *element)
{
  const char *tag = element->type->control;
  const SarapXlsList *list;

  if (!is_seen (element))
    {
      check_trigger (self, element);
      return;
    }
  g_string_append_printf (out, "<%s", tag);
  sarap_xls_append_attribute (out, "ref", element->path);
  append_control_attributes (self, out, element);
  if (element->is_query)
    append_query (self, out, element);
  g_string_append_c (out, '>');
  write_label_and_hint (self, out, element);
  list = is_select (element) && element->itemset ? sarap_xls_find_list (self, element->itemset) : NULL;
  if (list != NULL && list->is_used_by_search)
    write_items (self, out, element, list);
  else if (element->itemset != NULL && !element->is_query)
    write_itemset (self, out, element);
  write_tags (self, out, element);
  write_triggered (self, out, element, "setvalue");
  write_triggered (self, out, element, "odk:setgeopoint");
  g_string_append_printf (out, "</%s>", tag);
}

static void write_element (SarapXlsForm *self, GString *out, const SarapXlsElement *element);

static void
write_children (SarapXlsForm *self, GString *out, const SarapXlsElement *element)
{
  for (guint i = 0; i < element->children->len; i++)
    write_element (self, out, g_ptr_array_index (element->children, i));
}

static void
write_group (SarapXlsForm *self, GString *out, const SarapXlsElement *group)
{
  g_string_append (out, "<group");
  append_control_attributes (self, out, group);
  if (!sarap_xls_is_flat (group))
    sarap_xls_append_attribute (out, "ref", group->path);
  g_string_append_c (out, '>');
  if (has (group, "label") || has (group, "media"))
    write_label (self, out, group);
  write_children (self, out, group);
  g_string_append (out, "</group>");
}

/* The actions of new instances below @element that belong to @repeat, not to one inside it. */
static void
write_new_repeat_actions (SarapXlsForm *self, GString *out, const SarapXlsElement *element)
{
  for (guint i = 0; i < element->children->len; i++)
    {
      const SarapXlsElement *child = g_ptr_array_index (element->children, i);

      for (guint j = 0; j < child->actions->len; j++)
        {
          const SarapXlsAction *action = g_ptr_array_index (child->actions, j);

          if (strcmp (action->event, "odk-new-repeat") == 0)
            sarap_xls_write_action (self, out, child, action);
        }
      if (child->kind != SARAP_XLS_REPEAT)
        write_new_repeat_actions (self, out, child);
    }
}

static void
write_repeat (SarapXlsForm *self, GString *out, const SarapXlsElement *repeat)
{
  g_string_append (out, "<group");
  sarap_xls_append_attribute (out, "ref", repeat->path);
  g_string_append_c (out, '>');
  write_label (self, out, repeat);
  g_string_append (out, "<repeat");
  sarap_xls_append_attribute (out, "nodeset", repeat->path);
  append_control_attributes (self, out, repeat);
  g_string_append_c (out, '>');
  write_children (self, out, repeat);
  write_new_repeat_actions (self, out, repeat);
  g_string_append (out, "</repeat></group>");
}

static void
write_element (SarapXlsForm *self, GString *out, const SarapXlsElement *element)
{
  if (element->is_bodyless)
    return;
  if (element->kind == SARAP_XLS_QUESTION)
    write_question (self, out, element);
  else if (element->kind == SARAP_XLS_GROUP)
    write_group (self, out, element);
  else if (element->kind == SARAP_XLS_REPEAT)
    write_repeat (self, out, element);
}

/* To be called before the model: it finds which lists search() moves into the body. */
void
sarap_xls_write_body (SarapXlsForm *self, GString *out)
{
  const char *style = sarap_xls_map_peek_text (self->settings, "style");

  check_search (self);
  g_string_append (out, "<h:body");
  if (style != NULL)
    sarap_xls_append_attribute (out, "class", style);
  g_string_append_c (out, '>');
  write_children (self, out, self->root);
  g_string_append (out, "</h:body>");
}
