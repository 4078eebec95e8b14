#include "app/form/xpath/sarap-xpath-private.h"

/* 1. position(node) is the place of the first node among its namesakes, so position(..) numbers
 *    the instances of a repeat; 0 without a node.
 * 2. indexed-repeat(field, repeat, index, …): every repeat must be an ancestor of the field; an
 *    index that is blank or below 1 counts as 1. Repeats around the field that are not indexed
 *    stay in the instance around current(), else give all of theirs. */

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
