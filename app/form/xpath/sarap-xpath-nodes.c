#include "app/form/xpath/sarap-xpath-private.h"

#include "app/form/sarap-rows.h"

#include <math.h>
#include <string.h>

/* 1. count() counts visible nodes; count-non-empty() those that are true as booleans.
 * 2. There is no DTD, so an attribute `id` is an id. name() is the name as written.
 * 3. instance(id) is the document node of a list, asked of the host.
 * 4. pulldata(list, column, key column, key) reads root/item of the list: the first row whose key
 *    reads as asked, '' without one. */

gboolean
xpath_call_last (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  xpath_value_set_number (result, focus->size);
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
