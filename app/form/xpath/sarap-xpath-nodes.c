/* Functions on nodes:
 *
 *  1. position(..) is the place of the parent among its namesakes; position() that in the node-set.
 *  2. indexed-repeat(leaf, repeat, n, …): the leaf in instance n of each repeat; an index that is
 *     blank or below 1 counts as 1. Each repeat is an ancestor of the leaf.
 *  3. instance(id) is the root's parent of a secondary instance; current() the node that the
 *     expression stands at, also inside predicates.
 */
#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>
#include <string.h>

static gboolean
eval_nodes (Eval *eval, const Expr *expr, Value *nodes)
{
  if (!sarap_xpath_eval (eval, expr, nodes))
    return FALSE;
  return nodes->type == SARAP_XPATH_NODESET || sarap_xpath_fail (eval, "a node-set is needed");
}

static gboolean
fn_position (Eval *eval, const Expr *call, Value *result)
{
  const SarapXPathHost *host = sarap_xpath_host (eval);
  g_auto (Value) nodes = VALUE_INIT;
  const SarapNode *node;
  guint position = 1;

  if (call->n_arguments == 0)
    {
      value_set_number (result, eval->position);
      return TRUE;
    }
  if (!eval_nodes (eval, call->arguments[0], &nodes))
    return FALSE;
  if (nodes.n_nodes == 0)
    {
      value_set_number (result, NAN);
      return TRUE;
    }
  node = value_nodes (&nodes)[0];
  if (host->position != NULL && host->position (value_nodes (&nodes)[0], eval->outer->host_data) > 0)
    {
      value_set_number (result, host->position (value_nodes (&nodes)[0], eval->outer->host_data));
      return TRUE;
    }
  for (const SarapNode *sibling = node->previous; sibling != NULL; sibling = sibling->previous)
    position += sibling->kind == node->kind && sibling->name == node->name && !sibling->is_template;
  value_set_number (result, position);
  return TRUE;
}

static gboolean
fn_count (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Value) nodes = VALUE_INIT;

  if (!eval_nodes (eval, call->arguments[0], &nodes))
    return FALSE;
  value_set_number (result, nodes.n_nodes);
  return TRUE;
}

static gboolean
fn_count_non_empty (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Value) nodes = VALUE_INIT;
  guint count = 0;

  if (!eval_nodes (eval, call->arguments[0], &nodes))
    return FALSE;
  for (guint i = 0; i < nodes.n_nodes; i++)
    {
      g_autofree char *owned = NULL;

      count += *sarap_xpath_node_text (value_nodes (&nodes)[i], &owned) != '\0';
    }
  value_set_number (result, count);
  return TRUE;
}

static gboolean
fn_current (Eval *eval, const Expr *call, Value *result)
{
  value_start_nodes (result);
  value_add_node (result, eval->outer->current ? eval->outer->current : eval->outer->node);
  return TRUE;
}

static gboolean
fn_instance (Eval *eval, const Expr *call, Value *result)
{
  const SarapXPathHost *host = sarap_xpath_host (eval);
  g_auto (Value) value = VALUE_INIT;
  SarapNode *document;
  const char *id;

  if (!sarap_xpath_eval_text (eval, call->arguments[0], &value, &id))
    return FALSE;
  document = host->instance ? host->instance (id, eval->outer->host_data) : NULL;
  if (document == NULL)
    return sarap_xpath_fail (eval, "the form has no instance “%s”", id);
  value_start_nodes (result);
  value_add_node (result, document);
  return TRUE;
}

/* pulldata(list, column, key column, key): the first row whose key column reads key. */
static gboolean
fn_pulldata (Eval *eval, const Expr *call, Value *result)
{
  const SarapXPathHost *host = sarap_xpath_host (eval);
  g_auto (Value) list = VALUE_INIT, column = VALUE_INIT, key_column = VALUE_INIT, key = VALUE_INIT;
  const char *texts[4];
  const GPtrArray *rows;
  SarapNode *document, *root, *cell;

  if (!sarap_xpath_eval_text (eval, call->arguments[0], &list, &texts[0]) ||
      !sarap_xpath_eval_text (eval, call->arguments[1], &column, &texts[1]) ||
      !sarap_xpath_eval_text (eval, call->arguments[2], &key_column, &texts[2]) ||
      !sarap_xpath_eval_text (eval, call->arguments[3], &key, &texts[3]))
    return FALSE;
  document = host->instance ? host->instance (texts[0], eval->outer->host_data) : NULL;
  root = document ? sarap_tree_get_root (document->tree) : NULL;
  if (root == NULL)
    return sarap_xpath_fail (eval, "the form has no list “%s”", texts[0]);
  rows = sarap_xpath_lookup (root, sarap_node_intern ("item"), sarap_node_intern (texts[2]), texts[3]);
  cell = rows && rows->len > 0 ? sarap_node_find_child (g_ptr_array_index (rows, 0), sarap_node_intern (texts[1])) : NULL;
  value_take_text (result, g_strdup (cell ? sarap_node_peek_text (cell) : ""));
  return TRUE;
}

static gboolean
is_below (const SarapNode *node, const SarapNode *ancestor)
{
  for (; node != NULL; node = node->parent)
    if (node == ancestor)
      return TRUE;
  return FALSE;
}

static gboolean
has_namesake (const SarapNode *node, const SarapNode *repeat)
{
  for (; node != NULL; node = node->parent)
    if (node->name == repeat->name && node->parent == repeat->parent)
      return TRUE;
  return FALSE;
}

/* Every node that the path names, whichever instance the context stands in. */
static gboolean
eval_all (Eval *eval, const Expr *expr, Value *nodes)
{
  SarapXPathContext outer = *eval->outer;
  Eval everywhere = { eval->node, eval->position, eval->size, &outer, eval->error };

  if (expr->kind == EXPR_PATH && expr->is_absolute)
    {
      outer.node = sarap_tree_get_document (eval->outer->node->tree);
      outer.current = eval->outer->current ? eval->outer->current : eval->outer->node;
    }
  return eval_nodes (&everywhere, expr, nodes);
}

/* Keeps the leaves below the instance @index of each repeat they stand in. */
static void
keep_instance (Value *leaves, Value *repeats, double index)
{
  SarapNode **list = value_nodes (leaves);
  guint kept = 0;

  for (guint i = 0; i < leaves->n_nodes; i++)
    {
      guint position = 0;

      for (guint r = 0; r < repeats->n_nodes; r++)
        {
          SarapNode *repeat = value_nodes (repeats)[r];

          if (!has_namesake (list[i], repeat))
            continue;
          if (++position == index && is_below (list[i], repeat))
            {
              list[kept++] = list[i];
              break;
            }
        }
    }
  leaves->n_nodes = kept;
}

static gboolean
fn_indexed_repeat (Eval *eval, const Expr *call, Value *result)
{
  if (call->n_arguments % 2 == 0)
    return sarap_xpath_fail (eval, "indexed-repeat() takes a question and pairs of repeat and index");
  if (call->n_arguments == 3)
    {
      double index;

      if (!sarap_xpath_eval_number (eval, call->arguments[2], &index))
        return FALSE;
      if (sarap_xpath_eval_instance (eval, call->arguments[0], call->arguments[1], isnan (index) || index < 1 ? 1 : (guint) MIN (index, G_MAXINT), result))
        return TRUE;
    }
  if (!eval_all (eval, call->arguments[0], result))
    return FALSE;
  for (guint i = 1; i + 1 < call->n_arguments; i += 2)
    {
      g_auto (Value) repeats = VALUE_INIT;
      double index;

      if (!eval_all (eval, call->arguments[i], &repeats) || !sarap_xpath_eval_number (eval, call->arguments[i + 1], &index))
        return FALSE;
      for (guint k = 0; k < result->n_nodes && repeats.n_nodes > 0; k++)
        if (!has_namesake (value_nodes (result)[k], value_nodes (&repeats)[0]) && repeats.n_nodes == 1)
          return sarap_xpath_fail (eval, "indexed-repeat(): argument %u is no repeat around the question", i + 1);
      keep_instance (result, &repeats, isnan (index) || index < 1 ? 1 : trunc (index));
    }
  return TRUE;
}

static gboolean
node_argument (Eval *eval, const Expr *call, const SarapNode **node)
{
  g_auto (Value) nodes = VALUE_INIT;

  *node = eval->node;
  if (call->n_arguments == 0)
    return TRUE;
  if (!eval_nodes (eval, call->arguments[0], &nodes))
    return FALSE;
  *node = nodes.n_nodes > 0 ? value_nodes (&nodes)[0] : NULL;
  return TRUE;
}

static gboolean
fn_name (Eval *eval, const Expr *call, Value *result)
{
  const SarapNode *node;

  if (!node_argument (eval, call, &node))
    return FALSE;
  if (node == NULL || node->name == NULL)
    value_set_text (result, "");
  else
    value_take_text (result, node->prefix ? g_strdup_printf ("%s:%s", node->prefix, node->name) : g_strdup (node->name));
  return TRUE;
}

static gboolean
fn_local_name (Eval *eval, const Expr *call, Value *result)
{
  const SarapNode *node;

  if (!node_argument (eval, call, &node))
    return FALSE;
  value_set_text (result, node && node->name ? node->name : "");
  return TRUE;
}

static gboolean
fn_namespace_uri (Eval *eval, const Expr *call, Value *result)
{
  const SarapNode *node;

  if (!node_argument (eval, call, &node))
    return FALSE;
  value_set_text (result, node && node->ns ? node->ns : "");
  return TRUE;
}

static void
add_by_id (SarapNode *node, const char *ids, Value *result)
{
  const SarapNode *attribute = node->kind == SARAP_NODE_ELEMENT ? sarap_node_find_attribute (node, sarap_node_intern ("id")) : NULL;
  g_auto (GStrv) words = attribute ? g_strsplit_set (ids, " \t\r\n", -1) : NULL;

  if (words != NULL && *sarap_node_peek_text (attribute) != '\0' && g_strv_contains ((const char *const *) words, sarap_node_peek_text (attribute)))
    value_add_node (result, node);
  for (SarapNode *child = node->first_child; child != NULL; child = child->next)
    add_by_id (child, ids, result);
}

static gboolean
fn_id (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Value) value = VALUE_INIT;
  g_autoptr (GString) ids = g_string_new (NULL);

  if (!sarap_xpath_eval (eval, call->arguments[0], &value))
    return FALSE;
  if (value.type == SARAP_XPATH_NODESET)
    for (guint i = 0; i < value.n_nodes; i++)
      {
        g_autofree char *owned = NULL;

        g_string_append_printf (ids, "%s ", sarap_xpath_node_text (value_nodes (&value)[i], &owned));
      }
  else
    g_string_append (ids, value_text (&value));
  value_start_nodes (result);
  add_by_id (sarap_tree_get_document (eval->node->tree), ids->str, result);
  return TRUE;
}

static gboolean
fn_property (Eval *eval, const Expr *call, Value *result)
{
  const SarapXPathHost *host = sarap_xpath_host (eval);
  g_auto (Value) value = VALUE_INIT;
  const char *name, *property;

  if (!sarap_xpath_eval_text (eval, call->arguments[0], &value, &name))
    return FALSE;
  property = host->property ? host->property (name, eval->outer->host_data) : NULL;
  value_take_text (result, g_strdup (property ? property : ""));
  return TRUE;
}

/* The form's version: the attribute of the root. */
static gboolean
fn_version (Eval *eval, const Expr *call, Value *result)
{
  const SarapNode *root = sarap_tree_get_root (eval->outer->node->tree);
  const SarapNode *attribute = root ? sarap_node_find_attribute (root, sarap_node_intern ("version")) : NULL;

  value_set_text (result, attribute ? sarap_node_peek_text (attribute) : "");
  return TRUE;
}

const Function sarap_xpath_node_functions[] = {
  { "position", 0, 1, fn_position },
  { "count", 1, 1, fn_count },
  { "count-non-empty", 1, 1, fn_count_non_empty },
  { "current", 0, 0, fn_current },
  { "instance", 1, 1, fn_instance },
  { "pulldata", 4, 4, fn_pulldata },
  { "indexed-repeat", 3, -1, fn_indexed_repeat },
  { "name", 0, 1, fn_name },
  { "local-name", 0, 1, fn_local_name },
  { "namespace-uri", 0, 1, fn_namespace_uri },
  { "id", 1, 1, fn_id },
  { "property", 1, 1, fn_property },
  { "version", 0, 0, fn_version },
  { NULL },
};
