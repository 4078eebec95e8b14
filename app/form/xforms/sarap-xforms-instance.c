#include "app/form/xforms/sarap-xforms.h"

#include <string.h>

/* Instances.
 *
 *  1. The first instance of the model is the one that is filled; the others are lists.
 *  2. The XForms namespace that the instance merely inherits is none: that is how every ODK tool
 *     writes submissions. A namespace declared inside the instance is kept.
 *  3. Each repeat gets a template (sarap-form-private.h, rule 3): the jr:template of the form,
 *     else a copy of its first instance. Instances that lack nodes of the template get them.
 *     A repeat that people cannot change has at least one instance.
 *  4. A form without meta/instanceID gets orx:meta/orx:instanceID.
 */

static const char *
effective_ns (const xmlNode *node, const xmlNs *ns)
{
  if (ns == NULL || ns->href == NULL)
    return NULL;
  if (ns->prefix == NULL && strcmp ((const char *) ns->href, SARAP_NS_XFORMS) == 0)
    for (const xmlNode *at = node; at != NULL && at->type == XML_ELEMENT_NODE; at = at->parent)
      {
        for (const xmlNs *def = at->nsDef; def != NULL; def = def->next)
          if (def == ns && strcmp ((const char *) at->name, "instance") != 0 && strcmp ((const char *) at->name, "model") != 0 && at->parent->type == XML_ELEMENT_NODE)
            return (const char *) ns->href;
        if (strcmp ((const char *) at->name, "instance") == 0)
          return NULL;
      }
  return (const char *) ns->href;
}

static SarapNode *
new_node (SarapTree *tree, SarapNodeKind kind, const xmlNode *from, const xmlNs *ns, const xmlChar *name)
{
  const char *uri = effective_ns (from, ns);
  const char *prefix = uri != NULL && ns->prefix != NULL ? (const char *) ns->prefix : NULL;

  return sarap_tree_new_node (tree, kind, prefix, uri, (const char *) name);
}

static gboolean
copy_attributes (SarapTree *tree, SarapNode *node, const xmlNode *from)
{
  SarapNode *last = NULL;
  gboolean is_template = FALSE;

  for (const xmlAttr *attribute = from->properties; attribute != NULL; attribute = attribute->next)
    {
      g_autofree char *text = sarap_xml_dup_text ((const xmlNode *) attribute);
      SarapNode *copy;

      if (strcmp ((const char *) attribute->name, "template") == 0 && attribute->ns != NULL)
        {
          is_template = TRUE;
          continue;
        }
      copy = new_node (tree, SARAP_NODE_ATTRIBUTE, from, attribute->ns, attribute->name);
      sarap_node_set_text (copy, text);
      copy->parent = node;
      copy->previous = last;
      if (last != NULL)
        last->next = copy;
      else
        node->first_attribute = copy;
      last = copy;
    }
  return is_template;
}

static SarapNode *
copy_element (SarapTree *tree, const xmlNode *from)
{
  SarapNode *node = new_node (tree, SARAP_NODE_ELEMENT, from, from->ns, from->name);
  gboolean has_elements = FALSE;

  node->is_template = copy_attributes (tree, node, from);
  for (const xmlNode *child = from->children; child != NULL; child = child->next)
    if (child->type == XML_ELEMENT_NODE)
      {
        sarap_node_append (node, copy_element (tree, child));
        has_elements = TRUE;
      }
  if (!has_elements && from->children != NULL)
    {
      g_autofree char *text = sarap_xml_dup_text (from);

      if (*text != '\0')
        sarap_node_set_text (node, text);
    }
  return node;
}

static SarapNode *
find_named (const SarapNode *parent, const char *name, gboolean is_template)
{
  for (SarapNode *child = parent->first_child; child != NULL; child = child->next)
    if (child->name == name && child->is_template == is_template)
      return child;
  return NULL;
}

static void
insert_before (SarapNode *sibling, SarapNode *child)
{
  SarapNode *previous = sibling->previous;

  if (previous != NULL)
    {
      sarap_node_insert_after (previous, child);
      return;
    }
  sarap_node_insert_after (sibling, child);
  sarap_node_unlink (sibling);
  sarap_node_insert_after (child, sibling);
}

/* Gives @instance the nodes of @template that it lacks. */
static void
complete (SarapNode *instance, const SarapNode *template)
{
  SarapTree *tree = instance->tree;
  SarapNode *next = instance->first_child;

  for (SarapNode *wanted = template->first_child; wanted != NULL; wanted = wanted->next)
    {
      SarapNode *found = next != NULL && next->name == wanted->name && next->is_template == wanted->is_template ? next : find_named (instance, wanted->name, wanted->is_template);

      if (wanted->kind != SARAP_NODE_ELEMENT)
        continue;
      if (found == NULL)
        {
          SarapNode *first = find_named (instance, wanted->name, FALSE);

          found = sarap_node_copy (wanted, tree);
          if (wanted->is_template && first != NULL)
            insert_before (first, found);
          else if (!(find_named (template, wanted->name, TRUE) != NULL && !wanted->is_template))
            sarap_node_append (instance, found);
        }
      else if (!wanted->is_template)
        complete (found, wanted);
      next = found->next;
    }
}

static void build (SarapXformsReader *reader, SarapNode *node, SarapBind *bind, SarapScope *scope);

static SarapNode *
ensure_template (SarapNode *first)
{
  SarapNode *template = find_named (first->parent, first->name, TRUE);

  if (template != NULL)
    return template;
  template = sarap_node_copy (first, first->tree);
  template->is_template = TRUE;
  insert_before (first, template);
  return template;
}

static void
add_only_instance (SarapNode *template)
{
  SarapNode *instance = sarap_node_copy (template, template->tree);

  instance->is_template = FALSE;
  sarap_node_insert_after (template, instance);
}

static void
build_repeat (SarapXformsReader *reader, SarapNode *first, SarapBind *parent, SarapScope *outer)
{
  SarapForm *form = reader->form;
  SarapScope *scope = sarap_form_add_scope (form, outer);
  SarapNode *template = ensure_template (first);

  scope->bind = sarap_form_add_bind (form, parent, scope, template);
  scope->bind->repeat = scope;
  build (reader, template, scope->bind, scope);
  if (g_hash_table_lookup (reader->repeats, scope->bind->path) != NULL && find_named (template->parent, template->name, FALSE) == NULL)
    add_only_instance (template);
  for (SarapNode *node = template->next; node != NULL; node = node->next)
    if (node->name == template->name)
      complete (node, template);
}

/* The nodes of @first's path are more than its cells tell. */
static void
mark_namesakes (SarapForm *form, SarapBind *first)
{
  first->has_namesakes = TRUE;
  for (guint i = first->index + 1; i < form->binds->len; i++)
    {
      SarapBind *bind = g_ptr_array_index (form->binds, i);

      if (!bind->parent->has_namesakes)
        break;
      bind->has_namesakes = TRUE;
    }
}

static void
build (SarapXformsReader *reader, SarapNode *node, SarapBind *bind, SarapScope *scope)
{
  SarapForm *form = reader->form;
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (SarapNode *attribute = node->first_attribute; attribute != NULL; attribute = attribute->next)
    sarap_form_add_bind (form, bind, scope, attribute);
  for (SarapNode *child = node->first_child; child != NULL; child = child->next)
    {
      g_autofree char *path = NULL;

      if (child->kind != SARAP_NODE_ELEMENT)
        continue;
      path = g_strconcat (bind->path, "/", child->name, NULL);
      if (!g_hash_table_add (seen, (gpointer) child->name))
        {
          if (!g_hash_table_contains (reader->repeats, path))
            mark_namesakes (form, g_hash_table_lookup (form->bind_of, path));
          continue;
        }
      if (g_hash_table_contains (reader->repeats, path))
        build_repeat (reader, child, bind, scope);
      else
        build (reader, child, sarap_form_add_bind (form, bind, scope, child), scope);
    }
}

static void
read_primary (SarapXformsReader *reader, const xmlNode *element)
{
  SarapForm *form = reader->form;
  const char *value;

  form->instance = sarap_tree_new ();
  form->root = copy_element (form->instance, element);
  sarap_node_append (sarap_tree_get_document (form->instance), form->root);
  value = sarap_xml_peek_attribute (element, "id");
  form->id = sarap_xforms_keep (reader, value ? value : element->ns && element->ns->href ? (const char *) element->ns->href
                                                                                         : "");
  value = sarap_xml_peek_attribute (element, "version");
  form->version = sarap_xforms_keep (reader, value ? value : "");
}

static void
ensure_instance_id (SarapForm *form)
{
  SarapNode *meta = sarap_node_find_child (form->root, sarap_node_intern ("meta"));

  if (meta == NULL)
    {
      meta = sarap_tree_new_node (form->instance, SARAP_NODE_ELEMENT, "orx", SARAP_NS_OPENROSA, "meta");
      sarap_node_append (form->root, meta);
    }
  if (sarap_node_find_child (meta, sarap_node_intern ("instanceID")) == NULL)
    sarap_node_append (meta, sarap_tree_new_node (form->instance, SARAP_NODE_ELEMENT, meta->prefix, meta->ns, "instanceID"));
}

/* An edited record names the one that it takes the place of; other records do not have the node. */
static SarapNode *
lend_deprecated_id (SarapForm *form)
{
  SarapNode *meta = sarap_node_find_child (form->root, sarap_node_intern ("meta"));
  SarapNode *node;

  if (sarap_node_find_child (meta, sarap_node_intern ("deprecatedID")) != NULL)
    return NULL;
  node = sarap_tree_new_node (form->instance, SARAP_NODE_ELEMENT, meta->prefix, meta->ns, "deprecatedID");
  sarap_node_append (meta, node);
  return node;
}

static SarapBind *
find_meta (SarapForm *form, const char *name)
{
  g_autofree char *path = g_strconcat ("/", form->root->name, "/meta/", name, NULL);

  return g_hash_table_lookup (form->bind_of, path);
}

static void
build_binds (SarapXformsReader *reader)
{
  SarapForm *form = reader->form;
  SarapScope *scope = sarap_form_add_scope (form, NULL);
  SarapNode *lent;

  ensure_instance_id (form);
  lent = lend_deprecated_id (form);
  scope->bind = sarap_form_add_bind (form, NULL, scope, form->root);
  build (reader, form->root, scope->bind, scope);
  if (lent != NULL)
    sarap_node_unlink (lent);
  form->instance_id = find_meta (form, "instanceID");
  form->deprecated_id = find_meta (form, "deprecatedID");
  form->instance_name = find_meta (form, "instanceName");
  form->audit = find_meta (form, "audit");
  form->instance_id->preload = SARAP_PRELOAD_UID;
}

static SarapTree *
copy_inline (const xmlNode *instance)
{
  SarapTree *tree = sarap_tree_new ();

  for (const xmlNode *child = instance->children; child != NULL; child = child->next)
    if (child->type == XML_ELEMENT_NODE)
      {
        sarap_node_append (sarap_tree_get_document (tree), copy_element (tree, child));
        break;
      }
  sarap_tree_set_static (tree);
  return tree;
}

static guint
count_rows (const xmlNode *instance)
{
  const xmlNode *root = sarap_xml_first_element (instance, NULL);
  guint n = 0;

  for (const xmlNode *row = root ? sarap_xml_first_element (root, NULL) : NULL; row != NULL; row = sarap_xml_next_element (row, NULL))
    n++;
  return n;
}

static void
read_secondary (SarapXformsReader *reader, const xmlNode *instance)
{
  SarapForm *form = reader->form;
  const char *id = sarap_xml_peek_attribute (instance, "id");
  const char *source = sarap_xml_peek_attribute (instance, "src");
  SarapSecondary *secondary;

  if (id == NULL)
    {
      sarap_xforms_error (reader, instance, "A secondary instance has no id: expressions cannot reach it.");
      return;
    }
  if (g_hash_table_contains (form->secondary_of, id))
    {
      sarap_xforms_error (reader, instance, "There are two instances \"%s\": give each its own id.", id);
      return;
    }
  if (source == NULL && (reader->n_choices += count_rows (instance)) > SARAP_XFORMS_MAX_CHOICES)
    return; /* refused at the end, with their number */
  secondary = g_new0 (SarapSecondary, 1);
  secondary->id = sarap_xforms_keep (reader, id);
  if (source != NULL)
    secondary->source = sarap_xforms_keep (reader, source);
  else
    secondary->tree = copy_inline (instance);
  secondary->is_last_saved = source != NULL && strcmp (source, "jr://instance/last-saved") == 0;
  g_ptr_array_add (form->secondaries, secondary);
  g_hash_table_insert (form->secondary_of, (gpointer) secondary->id, secondary);
}

void
sarap_xforms_read_instances (SarapXformsReader *reader)
{
  const xmlNode *instance = sarap_xml_first_element (reader->model, "instance");
  const xmlNode *element = instance ? sarap_xml_first_element (instance, NULL) : NULL;

  if (element == NULL)
    {
      sarap_xforms_error (reader, reader->model, "The model has no instance to fill.");
      return;
    }
  read_primary (reader, element);
  build_binds (reader);
  while ((instance = sarap_xml_next_element (instance, "instance")) != NULL)
    read_secondary (reader, instance);
}
