/* Location paths:
 *
 *  1. Templates of repeats are never seen; irrelevant nodes leave every node-set.
 *  2. An absolute path belongs to the tree of the expression's context node, also inside a
 *     predicate on another instance.
 *  3. /data/rep/x seen from inside rep[n] means the same instance: where an absolute path passes
 *     through a repeat in which the context node stands, without a predicate there, it goes on
 *     in that instance. A path that ends at the repeat means all instances.
 *  4. Results are in document order without duplicates.
 *  5. A plain path whose owner has prepared it (sarap_xpath_prepare) is answered by the owner.
 *  6. [child = value] on a static tree, where the value does not depend on the row, is answered
 *     from an index.
 */
#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>

static gboolean
is_seen (const SarapNode *node)
{
  return !node->is_template && node->is_relevant;
}

static gboolean
name_matches (const Step *step, const SarapNode *node)
{
  if (step->prefix != NULL)
    {
      if (step->ns != NULL ? node->ns != step->ns : node->prefix != step->prefix)
        return FALSE;
    }
  else if (step->name != NULL && node->prefix != NULL)
    return FALSE;
  return step->name == NULL || node->name == step->name;
}

static gboolean
test_matches (const Step *step, const SarapNode *node)
{
  if (!is_seen (node))
    return FALSE;
  switch (step->test)
    {
    case TEST_NODE:
      return TRUE;
    case TEST_TEXT:
      return node->kind == SARAP_NODE_TEXT;
    case TEST_COMMENT:
      return node->kind == SARAP_NODE_COMMENT;
    case TEST_INSTRUCTION:
      return node->kind == SARAP_NODE_INSTRUCTION && (step->name == NULL || node->name == step->name);
    case TEST_NAME:
    default:
      return node->kind == (step->axis == AXIS_ATTRIBUTE ? SARAP_NODE_ATTRIBUTE : SARAP_NODE_ELEMENT) && name_matches (step, node);
    }
}

static void
add_if (Value *out, const Step *step, SarapNode *node)
{
  if (test_matches (step, node))
    value_add_node (out, node);
}

static void
add_descendants (Value *out, const Step *step, SarapNode *node, gboolean with_self)
{
  if (with_self)
    add_if (out, step, node);
  if (!is_seen (node))
    return;
  for (SarapNode *child = node->first_child; child != NULL; child = child->next)
    add_descendants (out, step, child, TRUE);
}

static void
add_reverse_descendants (Value *out, const Step *step, SarapNode *node)
{
  for (SarapNode *child = node->last_child; child != NULL; child = child->previous)
    add_reverse_descendants (out, step, child);
  add_if (out, step, node);
}

static void
add_following (Value *out, const Step *step, SarapNode *node)
{
  if (node->kind == SARAP_NODE_ATTRIBUTE)
    {
      add_descendants (out, step, node->parent, FALSE);
      node = node->parent;
    }
  for (; node != NULL; node = node->parent)
    for (SarapNode *sibling = node->next; sibling != NULL; sibling = sibling->next)
      add_descendants (out, step, sibling, TRUE);
}

static void
add_preceding (Value *out, const Step *step, SarapNode *node)
{
  if (node->kind == SARAP_NODE_ATTRIBUTE)
    node = node->parent;
  for (; node != NULL; node = node->parent)
    for (SarapNode *sibling = node->previous; sibling != NULL; sibling = sibling->previous)
      add_reverse_descendants (out, step, sibling);
}

/* Nodes of the step's axis that pass its test, nearest first. */
static void
walk_axis (Value *out, const Step *step, SarapNode *node)
{
  gboolean is_attribute = node->kind == SARAP_NODE_ATTRIBUTE;

  switch (step->axis)
    {
    case AXIS_CHILD:
      for (SarapNode *child = node->first_child; child != NULL; child = child->next)
        add_if (out, step, child);
      break;
    case AXIS_SELF:
      add_if (out, step, node);
      break;
    case AXIS_PARENT:
      if (node->parent != NULL)
        add_if (out, step, node->parent);
      break;
    case AXIS_ATTRIBUTE:
      for (SarapNode *attribute = node->first_attribute; attribute != NULL; attribute = attribute->next)
        add_if (out, step, attribute);
      break;
    case AXIS_DESCENDANT:
    case AXIS_DESCENDANT_OR_SELF:
      add_descendants (out, step, node, step->axis == AXIS_DESCENDANT_OR_SELF);
      break;
    case AXIS_ANCESTOR_OR_SELF:
      add_if (out, step, node);
      G_GNUC_FALLTHROUGH;
    case AXIS_ANCESTOR:
      for (node = node->parent; node != NULL; node = node->parent)
        add_if (out, step, node);
      break;
    case AXIS_FOLLOWING:
      add_following (out, step, node);
      break;
    case AXIS_PRECEDING:
      add_preceding (out, step, node);
      break;
    case AXIS_FOLLOWING_SIBLING:
      for (node = is_attribute ? NULL : node->next; node != NULL; node = node->next)
        add_if (out, step, node);
      break;
    case AXIS_PRECEDING_SIBLING:
      for (node = is_attribute ? NULL : node->previous; node != NULL; node = node->previous)
        add_if (out, step, node);
      break;
    case AXIS_NAMESPACE:
    default:
      break;
    }
}

static gboolean
keeps (Eval *eval, const Expr *predicate, SarapNode *node, guint position, guint size, gboolean *kept)
{
  Eval inner = { node, position, size, eval->outer, eval->error };
  g_auto (Value) value = VALUE_INIT;

  if (!sarap_xpath_eval (&inner, predicate, &value))
    return FALSE;
  *kept = value.type == SARAP_XPATH_NUMBER ? value.number == position : value_boolean (&value);
  return TRUE;
}

static gboolean
apply_predicate (Eval *eval, const Expr *predicate, Value *nodes)
{
  SarapNode **list = value_nodes (nodes);
  guint size = nodes->n_nodes, kept = 0;

  for (guint i = 0; i < size; i++)
    {
      gboolean is_kept;

      if (!keeps (eval, predicate, list[i], i + 1, size, &is_kept))
        return FALSE;
      if (is_kept)
        list[kept++] = list[i];
    }
  nodes->n_nodes = kept;
  return TRUE;
}

/* Rule 6: the value must be the same for every row. */
static gboolean
is_independent (const Expr *expr)
{
  switch (expr->kind)
    {
    case EXPR_NUMBER:
    case EXPR_LITERAL:
      return TRUE;
    case EXPR_PATH:
      return expr->is_absolute;
    case EXPR_FILTER:
      return expr->n_predicates == 0 && is_independent (expr->arguments[0]);
    case EXPR_CALL:
      if (expr->function == NULL || expr->function->flags & FUNCTION_IMPURE || g_str_equal (expr->text, "position") || g_str_equal (expr->text, "last"))
        return FALSE;
      for (guint i = 0; i < expr->n_arguments; i++)
        if (!is_independent (expr->arguments[i]))
          return FALSE;
      return expr->n_arguments > 0 || g_str_equal (expr->text, "current") || g_str_equal (expr->text, "today") || g_str_equal (expr->text, "now");
    case EXPR_UNION:
    case EXPR_OR:
    case EXPR_AND:
    case EXPR_EQUAL:
    case EXPR_NOT_EQUAL:
    case EXPR_LESS:
    case EXPR_LESS_EQUAL:
    case EXPR_GREATER:
    case EXPR_GREATER_EQUAL:
    case EXPR_ADD:
    case EXPR_SUBTRACT:
    case EXPR_MULTIPLY:
    case EXPR_DIVIDE:
    case EXPR_MODULO:
    case EXPR_NEGATE:
    default:
      return FALSE;
    }
}

static gboolean
is_child_name (const Expr *expr)
{
  return expr->kind == EXPR_PATH && !expr->is_absolute && expr->n_steps == 1 && expr->steps[0].axis == AXIS_CHILD &&
         expr->steps[0].test == TEST_NAME && expr->steps[0].name != NULL && expr->steps[0].n_predicates == 0;
}

static const Expr *
find_equality (const Expr *predicate, const char **key)
{
  if (predicate->kind != EXPR_EQUAL || predicate->n_arguments != 2)
    return NULL;
  for (guint i = 0; i < 2; i++)
    if (is_child_name (predicate->arguments[i]) && is_independent (predicate->arguments[1 - i]))
      {
        *key = predicate->arguments[i]->steps[0].name;
        return predicate->arguments[1 - i];
      }
  return NULL;
}

/* A value that text equality does not settle. */
static gboolean
is_numeric_value (Value *value)
{
  if (value->type != SARAP_XPATH_NODESET)
    return value->type != SARAP_XPATH_STRING;
  return value->n_nodes > 1 || (value->n_nodes == 1 && value_nodes (value)[0]->is_number);
}

/* Rows that one of the equalities of @predicate leaves: the fewest. @rows stays as it is when there
 * is no such equality. */
static gboolean
find_rows (Eval *eval, const Expr *predicate, SarapNode *parent, const char *item, const GPtrArray **rows, gboolean *used)
{
  const char *key = NULL;
  const Expr *wanted;
  const GPtrArray *found;
  g_auto (Value) value = VALUE_INIT;

  if (predicate->kind == EXPR_AND)
    {
      for (guint i = 0; i < predicate->n_arguments; i++)
        if (!find_rows (eval, predicate->arguments[i], parent, item, rows, used))
          return FALSE;
      return TRUE;
    }
  wanted = find_equality (predicate, &key);
  if (wanted == NULL)
    return TRUE;
  if (!sarap_xpath_eval (eval, wanted, &value))
    return FALSE;
  if (is_numeric_value (&value))
    return TRUE;
  found = sarap_xpath_lookup (parent, item, key, value_text (&value));
  if (!*used || found == NULL || (*rows != NULL && found->len < (*rows)->len))
    *rows = found;
  *used = TRUE;
  return TRUE;
}

/* TRUE in @used when an index answered: @out then holds the candidates of the first predicate. */
static gboolean
try_index (Eval *eval, const Step *step, SarapNode *node, Value *out, gboolean *used)
{
  const GPtrArray *rows = NULL;

  *used = FALSE;
  if (step->n_predicates == 0 || step->axis != AXIS_CHILD || step->test != TEST_NAME || step->name == NULL || !sarap_tree_is_static (node->tree))
    return TRUE;
  if (!find_rows (eval, step->predicates[0], node, step->name, &rows, used))
    return FALSE;
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    value_add_node (out, g_ptr_array_index (rows, i));
  return TRUE;
}

static gboolean
take_step (Eval *eval, const Step *step, SarapNode *node, Value *out)
{
  g_auto (Value) found = VALUE_INIT;
  gboolean from_index;

  if (step->n_predicates == 0)
    {
      walk_axis (out, step, node);
      return TRUE;
    }
  value_start_nodes (&found);
  if (!try_index (eval, step, node, &found, &from_index))
    return FALSE;
  if (!from_index)
    walk_axis (&found, step, node);
  for (guint i = 0; i < step->n_predicates; i++)
    if (!apply_predicate (eval, step->predicates[i], &found))
      return FALSE;
  for (guint i = 0; i < found.n_nodes; i++)
    value_add_node (out, value_nodes (&found)[i]);
  return TRUE;
}

static const SarapNode *
instance_around (const SarapNode *node, const SarapNode *repeat)
{
  for (; node != NULL; node = node->parent)
    if (node->is_repeat && node->name == repeat->name && node->parent == repeat->parent)
      return node;
  return NULL;
}

/* Rule 3. */
static void
keep_own_instance (Eval *eval, Value *nodes)
{
  SarapNode **list = value_nodes (nodes);
  guint kept = 0;

  for (guint i = 0; i < nodes->n_nodes; i++)
    {
      const SarapNode *own = list[i]->is_repeat ? instance_around (eval->outer->node, list[i]) : NULL;

      if (own == NULL || own == list[i])
        list[kept++] = list[i];
    }
  nodes->n_nodes = kept;
}

static gboolean
is_ordered_axis (Axis axis)
{
  return axis == AXIS_CHILD || axis == AXIS_ATTRIBUTE || axis == AXIS_SELF;
}

static gboolean
take_steps (Eval *eval, const Expr *expr, Value *nodes, gboolean is_absolute)
{
  gboolean is_flat = nodes->n_nodes <= 1; /* no node is an ancestor of another */

  for (guint s = 0; s < expr->n_steps; s++)
    {
      const Step *step = &expr->steps[s];
      g_auto (Value) next = VALUE_INIT;

      value_start_nodes (&next);
      for (guint i = 0; i < nodes->n_nodes; i++)
        if (!take_step (eval, step, value_nodes (nodes)[i], &next))
          return FALSE;
      if (!is_ordered_axis (step->axis) || !is_flat)
        value_sort_nodes (&next, TRUE);
      if (!is_ordered_axis (step->axis) && step->axis != AXIS_PARENT)
        is_flat = FALSE;
      if (is_absolute && s + 1 < expr->n_steps && step->n_predicates == 0)
        keep_own_instance (eval, &next);
      value_move (nodes, &next);
    }
  return TRUE;
}

static void
add_node_cb (SarapNode *node, gpointer result)
{
  value_add_node (result, node);
}

static gboolean
walk_prepared (Eval *eval, const Expr *expr, Value *result)
{
  const SarapXPathHost *host = eval->outer->host;

  return expr->prepared != NULL && host != NULL && host->walk != NULL && host->walk (expr->prepared, eval->outer->node, NULL, 0, add_node_cb, result, eval->outer->host_data);
}

/* Adds to @nodes those of @path below instance @index of @repeat; FALSE when the owner does not
 * know them. */
gboolean
sarap_xpath_eval_instance (Eval *eval, const Expr *path, const Expr *repeat, guint index, Value *nodes)
{
  const SarapXPathHost *host = sarap_xpath_host (eval);

  if (path->prepared == NULL || repeat->prepared == NULL || host->walk == NULL)
    return FALSE;
  value_start_nodes (nodes);
  return host->walk (path->prepared, eval->outer->node, repeat->prepared, index, add_node_cb, nodes, eval->outer->host_data);
}

gboolean
sarap_xpath_eval_path (Eval *eval, const Expr *expr, Value *result)
{
  value_start_nodes (result);
  if (walk_prepared (eval, expr, result))
    return TRUE;
  if (expr->is_absolute)
    value_add_node (result, sarap_tree_get_document (eval->outer->node->tree));
  else
    value_add_node (result, eval->node);
  return take_steps (eval, expr, result, expr->is_absolute);
}

/* FILTER: the primary's nodes, its predicates, then the steps behind it. */
gboolean
sarap_xpath_eval_filter (Eval *eval, const Expr *expr, Value *result)
{
  if (expr->prepared != NULL)
    {
      value_start_nodes (result);
      if (walk_prepared (eval, expr, result))
        return TRUE;
    }
  if (!sarap_xpath_eval (eval, expr->arguments[0], result))
    return FALSE;
  if (result->type != SARAP_XPATH_NODESET)
    return sarap_xpath_fail (eval, "a path or a predicate stands behind a value that is no node-set");
  for (guint i = 0; i < expr->n_predicates; i++)
    if (!apply_predicate (eval, expr->predicates[i], result))
      return FALSE;
  return take_steps (eval, expr, result, FALSE);
}

typedef struct
{
  SarapNode *parent;
  const char *item;
  const char *key;
} IndexKey;

static guint
index_key_hash (gconstpointer data)
{
  const IndexKey *key = data;

  return g_direct_hash (key->parent) ^ g_direct_hash (key->item) ^ (g_direct_hash (key->key) << 1);
}

static gboolean
index_key_equal (gconstpointer a, gconstpointer b)
{
  const IndexKey *first = a, *second = b;

  return first->parent == second->parent && first->item == second->item && first->key == second->key;
}

static void
rows_free (gpointer data)
{
  g_ptr_array_unref (data);
}

static GHashTable *
build_index (SarapNode *parent, const char *item, const char *key)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, rows_free);

  for (SarapNode *row = parent->first_child; row != NULL; row = row->next)
    {
      SarapNode *cell = row->kind == SARAP_NODE_ELEMENT && row->name == item ? sarap_node_find_child (row, key) : NULL;
      const char *text = cell ? sarap_node_peek_text (cell) : "";
      GPtrArray *rows;

      if (row->kind != SARAP_NODE_ELEMENT || row->name != item)
        continue;
      rows = g_hash_table_lookup (index, text);
      if (rows == NULL)
        g_hash_table_insert (index, (char *) text, rows = g_ptr_array_new ());
      g_ptr_array_add (rows, row);
    }
  return index;
}

const GPtrArray *
sarap_xpath_lookup (SarapNode *parent, const char *item, const char *key, const char *text)
{
  IndexKey wanted = { parent, item, key };
  GHashTable **indexes = sarap_tree_peek_indexes (parent->tree);
  GHashTable *index;

  if (*indexes == NULL)
    *indexes = g_hash_table_new_full (index_key_hash, index_key_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  index = g_hash_table_lookup (*indexes, &wanted);
  if (index == NULL)
    {
      index = build_index (parent, item, key);
      g_hash_table_insert (*indexes, g_memdup2 (&wanted, sizeof wanted), index);
    }
  return g_hash_table_lookup (index, text);
}
