#include "app/form/xpath/sarap-xpath-private.h"

#include "app/form/sarap-rows.h"

#include <math.h>
#include <string.h>

/* 1. position(node) is the place of the first node among its namesakes, so position(..) numbers
 *    the instances of a repeat; 0 without a node.
 * 2. instance(id) is the document node of a list, asked of the host.
 * 3. pulldata(list, column, key column, key) reads root/item of the list: the first row whose key
 *    reads as asked, '' without one.
 * 4. indexed-repeat(field, repeat, index, …): every repeat must be an ancestor of the field; an
 *    index that is blank or below 1 counts as 1. Repeats around the field that are not indexed
 *    stay in the instance around current(), else give all of theirs. */

gboolean
xpath_call_last (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  xpath_value_set_number (result, focus->size);
  return TRUE;
}

gboolean
xpath_call_position (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) nodes = XPATH_VALUE_INIT;
  SarapNode *node;

  if (call->call.n == 0)
    {
      xpath_value_set_number (result, focus->position);
      return TRUE;
    }
  if (!xpath_argument_nodes (self, call, 0, focus, &nodes))
    return FALSE;
  node = xpath_value_peek_node (&nodes, 0);
  xpath_value_set_number (result, node ? xpath_node_position (self, node) : 0);
  return TRUE;
}

gboolean
xpath_call_count (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) nodes = XPATH_VALUE_INIT;

  if (!xpath_argument_nodes (self, call, 0, focus, &nodes))
    return FALSE;
  xpath_value_set_number (result, xpath_value_n_nodes (&nodes));
  return TRUE;
}

gboolean
xpath_call_count_non_empty (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) nodes = XPATH_VALUE_INIT;
  guint n = 0;

  if (!xpath_argument_nodes (self, call, 0, focus, &nodes))
    return FALSE;
  for (guint i = 0; i < xpath_value_n_nodes (&nodes); i++)
    n += xpath_node_to_boolean (self, xpath_value_peek_node (&nodes, i));
  xpath_value_set_number (result, n);
  return TRUE;
}

/* id(): there is no DTD, so an attribute `id` is an id. */
static gboolean
add_ids (XPathEvaluator *self, XPathValue *value, gpointer data)
{
  const char *at = xpath_to_text (self, value);
  gsize length;

  for (at += strspn (at, " \t\r\n"); (length = strcspn (at, " \t\r\n")) > 0; at += length, at += strspn (at, " \t\r\n"))
    g_hash_table_add (data, g_strndup (at, length));
  return TRUE;
}

static void
collect_ids (SarapNode *node, const char *id, GHashTable *ids, XPathValue *found)
{
  for (SarapNode *child = sarap_node_get_first_child (node); child != NULL; child = sarap_node_get_next (child))
    if (child->kind == SARAP_NODE_ELEMENT && xpath_node_is_visible (child))
      {
        const SarapNode *attribute = sarap_node_find_attribute (child, id);

        if (attribute != NULL && g_hash_table_contains (ids, sarap_node_peek_text (attribute)))
          xpath_value_add_node (found, child);
        collect_ids (child, id, ids, found);
      }
}

gboolean
xpath_call_id (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (!xpath_arguments_foreach (self, call, 0, focus, add_ids, ids))
    return FALSE;
  xpath_value_clear_nodes (result);
  if (self->origin != NULL)
    collect_ids (sarap_tree_get_document (self->origin->tree), sarap_node_intern ("id"), ids, result);
  return TRUE;
}

/* Names */
static gboolean
find_named (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, SarapNode **node)
{
  g_auto (XPathValue) nodes = XPATH_VALUE_INIT;

  *node = focus->node;
  if (call->call.n == 0)
    return TRUE;
  if (!xpath_argument_nodes (self, call, 0, focus, &nodes))
    return FALSE;
  *node = xpath_value_peek_node (&nodes, 0);
  return TRUE;
}

gboolean
xpath_call_local_name (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  SarapNode *node;

  if (!find_named (self, call, focus, &node))
    return FALSE;
  xpath_value_borrow_text (result, node != NULL && node->name != NULL ? node->name : "");
  return TRUE;
}

gboolean
xpath_call_name (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  SarapNode *node;

  if (!xpath_call_local_name (self, call, focus, result) || !find_named (self, call, focus, &node))
    return FALSE;
  if (node != NULL && node->prefix != NULL)
    xpath_value_take_text (result, g_strdup_printf ("%s:%s", node->prefix, node->name));
  return TRUE;
}

gboolean
xpath_call_namespace_uri (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  SarapNode *node;

  if (!find_named (self, call, focus, &node))
    return FALSE;
  xpath_value_borrow_text (result, node != NULL && node->ns != NULL ? node->ns : "");
  return TRUE;
}

static const char *
find_language (const SarapNode *node)
{
  const char *prefix = sarap_node_intern ("xml"), *name = sarap_node_intern ("lang");

  for (; node != NULL; node = node->parent)
    for (const SarapNode *attribute = node->first_attribute; attribute != NULL; attribute = attribute->next)
      if (attribute->name == name && attribute->prefix == prefix)
        return sarap_node_peek_text (attribute);
  return NULL;
}

gboolean
xpath_call_lang (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) holder = XPATH_VALUE_INIT;
  const char *wanted = xpath_argument_text (self, call, 0, focus, &holder);
  const char *language = find_language (focus->node);
  gsize length;

  if (wanted == NULL)
    return FALSE;
  length = strlen (wanted);
  xpath_value_set_boolean (result, language != NULL && g_ascii_strncasecmp (language, wanted, length) == 0 && (language[length] == '\0' || language[length] == '-'));
  return TRUE;
}

/* Lists */
gboolean
xpath_call_current (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  if (self->origin == NULL)
    return xpath_fail (self, call, "current() has no node");
  xpath_value_clear_nodes (result);
  xpath_value_add_node (result, self->origin);
  return TRUE;
}

static SarapNode *
find_instance (XPathEvaluator *self, const XPathExpr *call, const char *id)
{
  const SarapXPathHost *host = self->context->host;
  SarapNode *document = host != NULL && host->instance != NULL ? host->instance (id, self->context->host_data) : NULL;

  if (document == NULL)
    xpath_fail (self, call, "there is no list “%s”", id);
  return document;
}

gboolean
xpath_call_instance (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) holder = XPATH_VALUE_INIT;
  const char *id = xpath_argument_text (self, call, 0, focus, &holder);
  SarapNode *document = id ? find_instance (self, call, id) : NULL;

  if (document == NULL)
    return FALSE;
  xpath_value_clear_nodes (result);
  xpath_value_add_node (result, document);
  return TRUE;
}

static SarapNode *
first_element (const SarapNode *node)
{
  SarapNode *child = sarap_node_get_first_child (node);

  while (child != NULL && child->kind != SARAP_NODE_ELEMENT)
    child = sarap_node_get_next (child);
  return child;
}

static SarapNode *
scan_rows (SarapNode *root, const char *item, const char *key_column, const char *key)
{
  for (SarapNode *row = sarap_node_find_child (root, item); row != NULL; row = sarap_node_get_next (row))
    {
      SarapNode *cell = row->name == item ? sarap_node_find_child (row, key_column) : NULL;
      g_auto (XPathValue) text = XPATH_VALUE_INIT;

      if (cell == NULL)
        continue;
      xpath_node_text (NULL, cell, &text);
      if (g_str_equal (text.text, key))
        return row;
    }
  return NULL;
}

static gboolean
has_cell (SarapNode *row, const char *key_column, const char *key)
{
  for (SarapNode *cell = sarap_node_get_first_child (row); cell != NULL; cell = cell->next)
    if (cell->name == key_column && cell->kind == SARAP_NODE_ELEMENT && g_str_equal (sarap_node_peek_text (cell), key))
      return TRUE;
  return FALSE;
}

static SarapNode *
find_row (SarapNode *document, const char *key_column, const XPathValue *key)
{
  XPathStep step = { XPATH_AXIS_CHILD, XPATH_TEST_NAME, .name = sarap_node_intern ("item"), .any_ns = TRUE };
  SarapNode *root = document->kind == SARAP_NODE_DOCUMENT ? first_element (document) : sarap_node_find_child (document, sarap_node_intern ("root"));
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  const char *column = sarap_node_intern (key_column);

  if (root == NULL)
    return NULL;
  if (sarap_node_peek_rows (root) != NULL)
    xpath_list_find (root, column, key->text, rows);
  else if (!xpath_index_find (root, &step, column, key, rows))
    return scan_rows (root, step.name, column, key->text);
  for (guint i = 0; i < rows->len; i++)
    if (has_cell (g_ptr_array_index (rows, i), column, key->text))
      return g_ptr_array_index (rows, i);
  return NULL;
}

gboolean
xpath_call_pulldata (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) id = XPATH_VALUE_INIT;
  g_auto (XPathValue) column = XPATH_VALUE_INIT;
  g_auto (XPathValue) key_column = XPATH_VALUE_INIT;
  g_auto (XPathValue) key = XPATH_VALUE_INIT;
  SarapNode *document, *row, *cell;

  if (xpath_argument_text (self, call, 0, focus, &id) == NULL || xpath_argument_text (self, call, 1, focus, &column) == NULL ||
      xpath_argument_text (self, call, 2, focus, &key_column) == NULL || xpath_argument_text (self, call, 3, focus, &key) == NULL)
    return FALSE;
  document = find_instance (self, call, id.text);
  if (document == NULL)
    return FALSE;
  row = find_row (document, key_column.text, &key);
  cell = row ? sarap_node_find_child (row, sarap_node_intern (column.text)) : NULL;
  if (cell == NULL)
    xpath_value_borrow_text (result, "");
  else
    xpath_node_text (self, cell, result);
  return TRUE;
}

/* indexed-repeat: paths as interned names from the root down. */
typedef struct
{
  GPtrArray *field;
  const guint *indexes; /* per level of the field: 1-based instance to take, 0 for none */
  SarapNode *origin;
} Descent;

static void
push_ancestors (SarapNode *node, GPtrArray *names)
{
  if (node == NULL || node == sarap_tree_get_document (node->tree))
    return;
  push_ancestors (node->parent, names);
  g_ptr_array_add (names, (gpointer) node->name);
}

static gboolean
is_call_of (const XPathExpr *expr, const char *name)
{
  return expr->kind == XPATH_EXPR_CALL && g_str_equal (expr->call.name, name);
}

/* NULL when the argument is no path of plain names. */
static GPtrArray *
read_names (XPathEvaluator *self, const XPathExpr *argument, const XPathFocus *focus)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const XPathPath *path = &argument->path;

  if (argument->kind != XPATH_EXPR_PATH)
    return NULL;
  if (path->start == XPATH_FROM_FOCUS)
    push_ancestors (focus->node, names);
  else if (path->start == XPATH_FROM_EXPR && is_call_of (path->base, "current") && path->n_predicates == 0)
    push_ancestors (self->origin, names);
  else if (path->start == XPATH_FROM_EXPR)
    return NULL;
  for (guint i = 0; i < path->n_steps; i++)
    {
      const XPathStep *step = &path->steps[i];

      if (step->n_predicates > 0)
        return NULL;
      if (step->axis == XPATH_AXIS_CHILD && step->test == XPATH_TEST_NAME)
        g_ptr_array_add (names, (gpointer) step->name);
      else if (step->axis == XPATH_AXIS_PARENT && step->test == XPATH_TEST_NODE && names->len > 0)
        g_ptr_array_set_size (names, names->len - 1);
      else if (step->axis != XPATH_AXIS_SELF || step->test != XPATH_TEST_NODE)
        return NULL;
    }
  return g_steal_pointer (&names);
}

static gboolean
is_above (const GPtrArray *names, const GPtrArray *field)
{
  if (names->len == 0 || names->len >= field->len)
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    if (names->pdata[i] != field->pdata[i])
      return FALSE;
  return TRUE;
}

static SarapNode *
find_instance_of_repeat (SarapNode *parent, const char *name, guint index)
{
  for (SarapNode *child = sarap_node_find_child (parent, name); child != NULL; child = sarap_node_get_next (child))
    if (child->name == name && child->kind == SARAP_NODE_ELEMENT && !child->is_template && --index == 0)
      return child;
  return NULL;
}

static SarapNode *
find_around (const SarapNode *parent, SarapNode *node)
{
  while (node != NULL && node->parent != parent)
    node = node->parent;
  return node;
}

static void
descend (const Descent *self, SarapNode *node, guint level, XPathValue *found)
{
  const char *name;
  SarapNode *own;

  if (level == self->field->len)
    {
      xpath_value_add_node (found, node);
      return;
    }
  name = self->field->pdata[level];
  own = find_around (node, self->origin);
  if (self->indexes[level] > 0)
    own = find_instance_of_repeat (node, name, self->indexes[level]);
  else if (own != NULL && (own->name != name || !own->is_repeat))
    own = NULL;
  if (own != NULL || self->indexes[level] > 0)
    {
      if (own != NULL && xpath_node_is_visible (own))
        descend (self, own, level + 1, found);
      return;
    }
  for (SarapNode *child = sarap_node_get_first_child (node); child != NULL; child = sarap_node_get_next (child))
    if (child->name == name && child->kind == SARAP_NODE_ELEMENT && xpath_node_is_visible (child))
      descend (self, child, level + 1, found);
}

static gboolean
read_index (XPathEvaluator *self, const XPathExpr *call, guint argument, const XPathFocus *focus, guint *index)
{
  double number;

  if (!xpath_argument_number (self, call, argument, focus, &number))
    return FALSE;
  *index = number >= 1 ? (guint) MIN (number, G_MAXINT) : 1;
  return TRUE;
}

static gboolean
is_path (const XPathExpr *expr)
{
  return expr->kind == XPATH_EXPR_PATH;
}

/* The levels of @field, each with the instance to take. NULL with the evaluator's error. */
static guint *
read_indexes (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, const GPtrArray *field)
{
  g_autofree guint *indexes = g_new0 (guint, field->len + 1);

  for (guint i = 1; i < call->call.n; i += 2)
    {
      g_autoptr (GPtrArray) repeat = read_names (self, call->call.arguments[i], focus);

      if (repeat == NULL || !is_above (repeat, field))
        {
          xpath_fail (self, call, "argument %u of indexed-repeat() is no repeat around the field", i + 1);
          return NULL;
        }
      if (!read_index (self, call, i + 1, focus, &indexes[repeat->len - 1]))
        return NULL;
    }
  return g_steal_pointer (&indexes);
}

gboolean
xpath_call_indexed_repeat (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  XPathExpr **arguments = call->call.arguments;
  g_autoptr (GPtrArray) field = NULL;
  g_autofree guint *indexes = NULL;
  Descent descent;
  guint index;

  if (call->call.n == 3 && is_path (arguments[0]) && is_path (arguments[1]))
    {
      if (!read_index (self, call, 2, focus, &index))
        return FALSE;
      if (xpath_walk_prepared (self, &arguments[0]->path, &arguments[1]->path, index, result))
        return TRUE;
    }
  field = read_names (self, arguments[0], focus);
  if (field == NULL)
    return xpath_fail (self, call, "indexed-repeat() needs the path of a field as its first argument");
  if (self->origin == NULL)
    return xpath_fail (self, call, "there is no document to look into");
  indexes = read_indexes (self, call, focus, field);
  if (indexes == NULL)
    return FALSE;
  descent = (Descent){ field, indexes, self->origin };
  xpath_value_clear_nodes (result);
  descend (&descent, sarap_tree_get_document (self->origin->tree), 0, result);
  return TRUE;
}
