#include "app/form/xpath/sarap-xpath-private.h"

#include "app/form/sarap-rows.h"

#include <math.h>

/* 1. Irrelevant nodes and templates are not in the results of any axis but self, parent and
 *    ancestors: an expression of an irrelevant node may still find its way up.
 * 2. An absolute path starts in the tree of current(). Inside repeats, a step that names a repeat
 *    around current() stays in that instance, as long as every step before it lies on the way to
 *    current(), it has no predicate, and it is not the last step: /data/rep/x inside the second
 *    rep is its own x, /data/rep is all of them.
 * 3. The leading simple steps are walked depth first, which gives document order without sorting.
 *    Behind them each step makes a set from a set; sorted only where order can have been lost.
 * 4. Elements without children carry their text themselves. Only a step that asks for texts (or any
 *    node) makes the tree give it as a node of its own.
 * 5. Predicates see candidates in the order of the axis, so position 1 of a reverse axis is the
 *    nearest one.
 * 6. A plain path that the owner of the tree has prepared is answered by the owner. */

typedef struct
{
  XPathEvaluator *evaluator;
  const XPathPath *path;
  XPathValue *out;
} Walk;

gboolean
xpath_node_is_visible (const SarapNode *node)
{
  return node->is_relevant && !node->is_template;
}

static gboolean
name_matches (const XPathStep *step, const SarapNode *node)
{
  if (step->test == XPATH_TEST_NAME && node->name != step->name)
    return FALSE;
  if (step->any_ns)
    return node->prefix == step->prefix || (step->test == XPATH_TEST_ANY_NAME && step->prefix == NULL);
  return node->ns == step->ns;
}

/* XPath 1.0, section 2.3 */
static SarapNodeKind
principal_kind (XPathAxis axis)
{
  if (axis == XPATH_AXIS_ATTRIBUTE)
    return SARAP_NODE_ATTRIBUTE;
  return axis == XPATH_AXIS_NAMESPACE ? SARAP_NODE_NAMESPACE : SARAP_NODE_ELEMENT;
}

/* The node test alone, visibility aside. */
gboolean
xpath_step_matches (const XPathStep *step, const SarapNode *node)
{
  switch (step->test)
    {
    case XPATH_TEST_NAME:
    case XPATH_TEST_ANY_NAME:
      return node->kind == principal_kind (step->axis) && name_matches (step, node);
    case XPATH_TEST_TEXT:
      return node->kind == SARAP_NODE_TEXT;
    case XPATH_TEST_COMMENT:
      return node->kind == SARAP_NODE_COMMENT;
    case XPATH_TEST_INSTRUCTION:
      return node->kind == SARAP_NODE_INSTRUCTION && (step->name == NULL || step->name == node->name);
    case XPATH_TEST_NODE:
    default:
      return TRUE;
    }
}

/* Instances of a repeat count from 1 among their namesakes, irrelevant ones too. */
guint
xpath_node_position (XPathEvaluator *self, SarapNode *node)
{
  const SarapXPathHost *host = self->context->host;
  guint position = host != NULL && host->position != NULL ? host->position (node, self->context->host_data) : 0;

  if (position > 0)
    return position;
  if (node->is_loose)
    return node->order;
  position = 1;
  for (const SarapNode *sibling = sarap_node_get_previous (node); sibling != NULL; sibling = sarap_node_get_previous (sibling))
    position += sibling->name == node->name && sibling->kind == node->kind && !sibling->is_template;
  return position;
}

static void
add_node_cb (SarapNode *node, gpointer value)
{
  xpath_value_add_node (value, node);
}

/* Rule 6; with @repeat only below its instance @index. FALSE: the tree has to be walked. */
gboolean
xpath_walk_prepared (XPathEvaluator *self, const XPathPath *path, const XPathPath *repeat, guint index, XPathValue *value)
{
  const SarapXPathHost *host = self->context->host;

  if (path->prepared == NULL || (repeat != NULL && repeat->prepared == NULL) || host == NULL || host->walk == NULL)
    return FALSE;
  xpath_value_clear_nodes (value);
  return host->walk (path->prepared, self->context->node, repeat ? repeat->prepared : NULL, index, add_node_cb, value, self->context->host_data);
}

/* The child of @parent on the way to @node, or NULL. */
static SarapNode *
find_on_the_way (const SarapNode *parent, SarapNode *node)
{
  while (node != NULL && node->parent != parent)
    node = node->parent;
  return node;
}

static void
walk (const Walk *self, SarapNode *node, guint index, gboolean is_on_the_way)
{
  const XPathStep *step;
  SarapNode *own = NULL;

  if (index == self->path->n_simple)
    {
      xpath_value_add_node (self->out, node);
      return;
    }
  step = &self->path->steps[index];
  if (is_on_the_way)
    own = find_on_the_way (node, self->evaluator->origin);
  if (own != NULL && own->is_repeat && index + 1 < self->path->n_steps && xpath_step_matches (step, own))
    {
      if (xpath_node_is_visible (own))
        walk (self, own, index + 1, TRUE);
      return;
    }
  for (SarapNode *child = sarap_node_get_first_child (node); child != NULL; child = sarap_node_get_next (child))
    if (child->name == step->name && xpath_step_matches (step, child) && xpath_node_is_visible (child))
      walk (self, child, index + 1, child == own);
}

static void
walk_simple_steps (XPathEvaluator *self, const XPathPath *path, SarapNode *node, XPathValue *out)
{
  Walk state = { self, path, out };
  guint index = 0;

  for (; node != NULL && index < path->n_simple && path->steps[index].axis != XPATH_AXIS_CHILD; index++)
    if (path->steps[index].axis == XPATH_AXIS_PARENT)
      node = node->parent;
  if (node != NULL)
    walk (&state, node, index, path->start == XPATH_FROM_ROOT);
}

/* Axes. Candidates come in the order of the axis. */
static void
add_candidate (const XPathStep *step, SarapNode *node, GPtrArray *found)
{
  if (xpath_step_matches (step, node) && xpath_node_is_visible (node))
    g_ptr_array_add (found, node);
}

/* Rule 4. */
static SarapNode *
find_text (const XPathStep *step, SarapNode *node)
{
  gboolean wants_texts = step->test == XPATH_TEST_TEXT || (step->test == XPATH_TEST_NODE && !step->skips_texts);

  return wants_texts ? sarap_node_get_text_node (node) : NULL;
}

static gboolean
is_beside_children (const SarapNode *node)
{
  return node->kind == SARAP_NODE_ATTRIBUTE || node->kind == SARAP_NODE_NAMESPACE;
}

static void
collect_children (const XPathStep *step, SarapNode *node, GPtrArray *found)
{
  SarapNode *text = find_text (step, node);

  if (text != NULL)
    add_candidate (step, text, found);
  for (SarapNode *child = sarap_node_get_first_child (node); child != NULL; child = sarap_node_get_next (child))
    add_candidate (step, child, found);
}

/* The node behind @node in document order; with @inside its descendants count. */
static SarapNode *
next_in_order (const XPathStep *step, SarapNode *node, const SarapNode *top, gboolean inside)
{
  SarapNode *text = inside && xpath_node_is_visible (node) ? find_text (step, node) : NULL;

  if (text != NULL)
    return text;
  if (inside && sarap_node_get_first_child (node) != NULL && xpath_node_is_visible (node))
    return sarap_node_get_first_child (node);
  while (node != NULL && node != top && sarap_node_get_next (node) == NULL)
    node = node->parent;
  return node == NULL || node == top ? NULL : node->next;
}

static void
collect_descendants (const XPathStep *step, SarapNode *node, GPtrArray *found)
{
  if (is_beside_children (node))
    return;
  for (SarapNode *below = next_in_order (step, node, node, TRUE); below != NULL; below = next_in_order (step, below, node, TRUE))
    add_candidate (step, below, found);
}

static void
collect_following (const XPathStep *step, SarapNode *node, GPtrArray *found)
{
  SarapNode *start = is_beside_children (node) ? node->parent : node;

  if (start == NULL)
    return;
  for (SarapNode *next = next_in_order (step, start, NULL, start != node); next != NULL; next = next_in_order (step, next, NULL, TRUE))
    add_candidate (step, next, found);
}

static void
collect_backwards (const XPathStep *step, SarapNode *node, GPtrArray *found)
{
  SarapNode *text = find_text (step, node);

  for (SarapNode *child = sarap_node_get_last_child (node); child != NULL; child = sarap_node_get_previous (child))
    if (xpath_node_is_visible (child))
      collect_backwards (step, child, found);
  if (text != NULL)
    add_candidate (step, text, found);
  add_candidate (step, node, found);
}

static void
collect_preceding (const XPathStep *step, SarapNode *node, GPtrArray *found)
{
  if (is_beside_children (node))
    node = node->parent;
  for (; node != NULL; node = node->parent)
    for (SarapNode *sibling = sarap_node_get_previous (node); sibling != NULL; sibling = sarap_node_get_previous (sibling))
      if (xpath_node_is_visible (sibling))
        collect_backwards (step, sibling, found);
}

static void
collect_siblings (const XPathStep *step, SarapNode *node, gboolean forward, GPtrArray *found)
{
  if (is_beside_children (node))
    return;
  for (node = forward ? sarap_node_get_next (node) : sarap_node_get_previous (node); node != NULL; node = forward ? sarap_node_get_next (node) : sarap_node_get_previous (node))
    add_candidate (step, node, found);
}

static void
collect_upwards (const XPathStep *step, SarapNode *node, guint levels, GPtrArray *found)
{
  for (guint i = 0; node != NULL && i < levels; node = node->parent, i++)
    if (xpath_step_matches (step, node))
      g_ptr_array_add (found, node);
}

static void
collect (const XPathStep *step, SarapNode *node, GPtrArray *found)
{
  switch (step->axis)
    {
    case XPATH_AXIS_CHILD:
      collect_children (step, node, found);
      break;
    case XPATH_AXIS_ATTRIBUTE:
      for (SarapNode *attribute = node->first_attribute; attribute != NULL; attribute = attribute->next)
        add_candidate (step, attribute, found);
      break;
    case XPATH_AXIS_SELF:
      collect_upwards (step, node, 1, found);
      break;
    case XPATH_AXIS_PARENT:
      collect_upwards (step, node->parent, 1, found);
      break;
    case XPATH_AXIS_DESCENDANT_OR_SELF:
      collect_upwards (step, node, 1, found);
      collect_descendants (step, node, found);
      break;
    case XPATH_AXIS_DESCENDANT:
      collect_descendants (step, node, found);
      break;
    case XPATH_AXIS_FOLLOWING:
      collect_following (step, node, found);
      break;
    case XPATH_AXIS_FOLLOWING_SIBLING:
      collect_siblings (step, node, TRUE, found);
      break;
    case XPATH_AXIS_ANCESTOR:
      collect_upwards (step, node->parent, G_MAXUINT, found);
      break;
    case XPATH_AXIS_ANCESTOR_OR_SELF:
      collect_upwards (step, node, G_MAXUINT, found);
      break;
    case XPATH_AXIS_PRECEDING:
      collect_preceding (step, node, found);
      break;
    case XPATH_AXIS_PRECEDING_SIBLING:
      collect_siblings (step, node, FALSE, found);
      break;
    case XPATH_AXIS_NAMESPACE:
    default:
      for (SarapNode *ns = sarap_node_get_namespaces (node); ns != NULL; ns = ns->next)
        add_candidate (step, ns, found);
      break;
    }
}

/* Predicates */
/* @is_one FALSE: the index is no single number and every node has to be asked. */
static gboolean
pick_index (XPathEvaluator *self, const XPathPredicate *predicate, GPtrArray *nodes, gboolean *is_one)
{
  g_auto (XPathValue) value = XPATH_VALUE_INIT;
  XPathFocus focus = { self->context->node, 1, 1 };
  double position;

  *is_one = TRUE;
  if (nodes->len == 0)
    return TRUE;
  if (!xpath_evaluate (self, predicate->index, &focus, &value))
    return FALSE;
  *is_one = value.type != SARAP_XPATH_BOOLEAN && !(value.type == SARAP_XPATH_NODESET && xpath_value_n_nodes (&value) > 1);
  if (!*is_one)
    return TRUE;
  position = xpath_to_number (self, &value);
  if (!(position >= 1 && position <= nodes->len && position == floor (position)))
    {
      g_ptr_array_set_size (nodes, 0);
      return TRUE;
    }
  nodes->pdata[0] = nodes->pdata[(guint) position - 1];
  g_ptr_array_set_size (nodes, 1);
  return TRUE;
}

gboolean
xpath_holds (XPathEvaluator *self, const XPathPredicate *predicate, const XPathFocus *focus, gboolean *result)
{
  g_auto (XPathValue) value = XPATH_VALUE_INIT;

  if (!xpath_evaluate (self, predicate->expr, focus, &value))
    return FALSE;
  *result = value.type == SARAP_XPATH_NUMBER ? value.number == focus->position : xpath_to_boolean (self, &value);
  return TRUE;
}

static gboolean
filter_each (XPathEvaluator *self, const XPathPredicate *predicate, GPtrArray *nodes)
{
  guint kept = 0;

  for (guint i = 0; i < nodes->len; i++)
    {
      XPathFocus focus = { g_ptr_array_index (nodes, i), i + 1, nodes->len };
      gboolean result;

      if (!xpath_holds (self, predicate, &focus, &result))
        return FALSE;
      if (result)
        nodes->pdata[kept++] = nodes->pdata[i];
    }
  g_ptr_array_set_size (nodes, kept);
  return TRUE;
}

/* Keeps those of @nodes for which all predicates hold. */
static gboolean
filter (XPathEvaluator *self, const XPathPredicate *predicates, guint n, GPtrArray *nodes)
{
  for (guint p = 0; p < n; p++)
    {
      gboolean is_picked = FALSE;

      if (predicates[p].index != NULL && !pick_index (self, &predicates[p], nodes, &is_picked))
        return FALSE;
      if (!is_picked && !filter_each (self, &predicates[p], nodes))
        return FALSE;
    }
  return TRUE;
}

/* How many leading predicates can be answered from indexes: none of them knows positions. */
guint
xpath_step_n_lookups (const XPathStep *step)
{
  guint n = 0;

  while (n < step->n_predicates && step->predicates[n].n_lookups > 0)
    n++;
  return n;
}

static gboolean
find_one_in_index (XPathEvaluator *self, const XPathStep *step, const XPathLookup *lookup, SarapNode *node, GPtrArray *found, gboolean *is_found)
{
  g_auto (XPathValue) value = XPATH_VALUE_INIT;
  g_autoptr (GPtrArray) candidates = g_ptr_array_new ();
  XPathFocus focus = { self->context->node, 1, 1 };

  if (!xpath_evaluate (self, lookup->value, &focus, &value))
    return FALSE;
  xpath_value_type_node (self, &value);
  if (!xpath_index_find (node, step, lookup->name, &value, candidates) || (*is_found && candidates->len >= found->len))
    return TRUE;
  g_ptr_array_set_size (found, 0);
  g_ptr_array_extend (found, candidates, NULL, NULL);
  *is_found = TRUE;
  return TRUE;
}

/* Candidates of a child step on a list, from the index on one of the children that its first
 * predicates compare: the shortest list wins. FALSE in @is_found: none of them can be indexed. */
static gboolean
find_in_index (XPathEvaluator *self, const XPathStep *step, SarapNode *node, GPtrArray *found, gboolean *is_found)
{
  guint n = sarap_tree_is_static (node->tree) && step->test == XPATH_TEST_NAME ? xpath_step_n_lookups (step) : 0;

  *is_found = FALSE;
  for (guint p = 0; p < n; p++)
    for (guint i = 0; i < step->predicates[p].n_lookups; i++)
      if (!find_one_in_index (self, step, &step->predicates[p].lookups[i], node, found, is_found))
        return FALSE;
  return TRUE;
}

static gboolean
collect_filtered (XPathEvaluator *self, const XPathStep *step, SarapNode *node, GPtrArray *found)
{
  gboolean is_found = FALSE;
  guint n_done = 0;

  if (step->n_predicates > 0 && step->axis == XPATH_AXIS_CHILD && sarap_node_peek_rows (node) != NULL)
    {
      if (!xpath_list_collect (self, step, node, found, &n_done))
        return FALSE;
    }
  else
    {
      if (step->n_predicates > 0 && step->axis == XPATH_AXIS_CHILD && !find_in_index (self, step, node, found, &is_found))
        return FALSE;
      if (!is_found)
        collect (step, node, found);
    }
  return n_done == step->n_predicates || filter (self, step->predicates + n_done, step->n_predicates - n_done, found);
}

static void
reverse (GPtrArray *nodes)
{
  for (guint i = 0; i < nodes->len / 2; i++)
    {
      gpointer node = nodes->pdata[i];

      nodes->pdata[i] = nodes->pdata[nodes->len - 1 - i];
      nodes->pdata[nodes->len - 1 - i] = node;
    }
}

/* Whether a set in document order gives such a set again without sorting. @is_flat: no node of
 * the set lies inside another one; updated for the result. */
static gboolean
keeps_order (const XPathStep *step, guint n, gboolean *is_flat)
{
  gboolean was_flat = *is_flat;

  switch ((int) step->axis)
    {
    case XPATH_AXIS_SELF:
      return TRUE;
    case XPATH_AXIS_CHILD:
    case XPATH_AXIS_ATTRIBUTE:
      *is_flat = was_flat;
      return was_flat || n <= 1;
    case XPATH_AXIS_DESCENDANT:
    case XPATH_AXIS_DESCENDANT_OR_SELF:
      *is_flat = FALSE;
      return was_flat || n <= 1;
    case XPATH_AXIS_FOLLOWING_SIBLING:
    case XPATH_AXIS_PRECEDING_SIBLING:
    case XPATH_AXIS_PARENT:
      *is_flat = n <= 1;
      return n <= 1;
    default:
      *is_flat = FALSE;
      return n <= 1;
    }
}

static gboolean
apply_step (XPathEvaluator *self, const XPathStep *step, XPathValue *set, gboolean *is_flat)
{
  g_auto (XPathValue) result = XPATH_VALUE_INIT;
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  guint n = xpath_value_n_nodes (set);
  gboolean is_sorted = keeps_order (step, n, is_flat);

  xpath_value_clear_nodes (&result);
  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_set_size (found, 0);
      if (!collect_filtered (self, step, xpath_value_peek_node (set, i), found))
        return FALSE;
      if (step->axis >= XPATH_AXIS_ANCESTOR)
        reverse (found);
      for (guint f = 0; f < found->len; f++)
        xpath_value_add_node (&result, g_ptr_array_index (found, f));
    }
  xpath_value_reset (set);
  *set = result;
  result = (XPathValue) XPATH_VALUE_INIT;
  if (!is_sorted)
    xpath_value_sort (set);
  return TRUE;
}

static gboolean
filter_base (XPathEvaluator *self, const XPathPath *path, XPathValue *set)
{
  g_autoptr (GPtrArray) nodes = NULL;

  if (path->n_predicates == 0)
    return TRUE;
  nodes = g_ptr_array_new ();
  for (guint i = 0; i < xpath_value_n_nodes (set); i++)
    g_ptr_array_add (nodes, xpath_value_peek_node (set, i));
  if (!filter (self, path->predicates, path->n_predicates, nodes))
    return FALSE;
  xpath_value_clear_nodes (set);
  for (guint i = 0; i < nodes->len; i++)
    xpath_value_add_node (set, g_ptr_array_index (nodes, i));
  return TRUE;
}

/* The set that the steps start from, after the simple ones. */
static gboolean
evaluate_start (XPathEvaluator *self, const XPathExpr *expr, const XPathFocus *focus, XPathValue *value, guint *index)
{
  const XPathPath *path = &expr->path;
  SarapNode *node = focus->node;

  *index = path->n_simple;
  xpath_value_clear_nodes (value);
  if (path->start != XPATH_FROM_EXPR)
    {
      if (path->start == XPATH_FROM_ROOT)
        node = self->origin ? sarap_tree_get_document (self->origin->tree) : NULL;
      if (node == NULL)
        return xpath_fail (self, expr, "there is no document to look into");
      walk_simple_steps (self, path, node, value);
      return TRUE;
    }
  if (!xpath_evaluate (self, path->base, focus, value))
    return FALSE;
  if (value->type != SARAP_XPATH_NODESET)
    return xpath_fail (self, expr, "a path can only go on from nodes");
  if (!filter_base (self, path, value))
    return FALSE;
  if (xpath_value_n_nodes (value) == 1)
    {
      node = xpath_value_peek_node (value, 0);
      xpath_value_clear_nodes (value);
      walk_simple_steps (self, path, node, value);
    }
  else
    *index = 0;
  return TRUE;
}

gboolean
xpath_evaluate_path (XPathEvaluator *self, const XPathExpr *expr, const XPathFocus *focus, XPathValue *value)
{
  guint index;
  gboolean is_flat;

  if (xpath_walk_prepared (self, &expr->path, NULL, 0, value))
    return TRUE;
  if (!evaluate_start (self, expr, focus, value, &index))
    return FALSE;
  is_flat = index > 0 || xpath_value_n_nodes (value) <= 1;
  for (; index < expr->path.n_steps; index++)
    if (!apply_step (self, &expr->path.steps[index], value, &is_flat))
      return FALSE;
  return TRUE;
}
