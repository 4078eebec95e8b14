#include "app/form/xpath/sarap-xpath-private.h"

#include <string.h>

/* 1. Paths are texts: "/data/group/x", names with the prefix as written, "/@name" for attributes.
 *    A path below a secondary instance is "instance(id)" with steps while it is worked out, and
 *    is reported as "instance(id)" alone; an id that is not written out is SARAP_XPATH_ANY.
 * 2. Where a step may lead to many names, the path ends in "/" SARAP_XPATH_ANY: anything below
 *    what stands before. Further steps stay there; `..` widens it by one level.
 * 3. What is analyzed may be read, so both branches of if() and every predicate count.
 * 4. Down to its limit a path stays in the instances around the context node: an absolute path as
 *    far as it has no predicates and without its last step (sarap-xpath-path.c, rule 2), a relative
 *    one up to the highest node that it passes through. What goes on from other expressions is
 *    read in every instance, and so are the paths of indexed-repeat(); without a limit when the
 *    owner of the tree is asked for the one instance.
 * 5. once() reads its own node, but that is no dependency: it would make every once() a cycle. */

typedef struct
{
  const char *current;
  GHashTable *reported;
  SarapXPathPathFunc func;
  gpointer data;
} Analysis;

/* A path in the making: its first @limit bytes are in the context's instance (rule 4). */
typedef struct
{
  char *path;
  gsize limit;
  gboolean follows; /* the limit still goes along with the steps */
} Reach;

typedef enum
{
  READS_HERE,
  READS_EVERYWHERE,
  READS_ONE, /* the instance that the owner of the tree is asked for */
} Reading;

static void analyze (const Analysis *self, const XPathExpr *expr, const Reach *focus, GPtrArray *results);

static Reach
reach_new (const char *path, gsize limit, gboolean follows)
{
  return (Reach){ g_strdup (path), limit, follows };
}

static void
reach_clear (Reach *self)
{
  g_free (self->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reach, reach_clear)

static gboolean
is_any (const char *path)
{
  return g_str_has_suffix (path, "/" SARAP_XPATH_ANY);
}

static gboolean
is_list (const char *path)
{
  return g_str_has_prefix (path, "instance(");
}

static void
report (const Analysis *self, const Reach *reach)
{
  gboolean in_list = is_list (reach->path);
  g_autofree char *path = g_strndup (reach->path, in_list ? strcspn (reach->path, "/") : strlen (reach->path));
  g_autofree char *limit = g_strndup (path, in_list ? strlen (path) : reach->limit);
  const char *shown = *path == '\0' ? "/" : path;

  if (g_hash_table_add (self->reported, g_strconcat (shown, " ", limit, NULL)))
    self->func (shown, limit, self->data);
}

static void
report_without_limit (const Analysis *self, const char *path)
{
  if (g_hash_table_add (self->reported, g_strdup (path)))
    self->func (path, NULL, self->data);
}

static void
report_path (const Analysis *self, const char *path)
{
  const Reach reach = { (char *) path, is_any (path) ? 0 : strlen (path), FALSE };

  report (self, &reach);
}

static char *
parent_of (const char *path)
{
  const char *slash;
  g_autofree char *above = NULL;

  if (is_any (path))
    {
      g_autofree char *without = g_strndup (path, strlen (path) - strlen ("/" SARAP_XPATH_ANY));

      above = parent_of (without);
      return g_strconcat (above, "/" SARAP_XPATH_ANY, NULL);
    }
  slash = strrchr (path, '/');
  return slash ? g_strndup (path, slash - path) : g_strdup (path);
}

static char *
any_below (const char *path)
{
  return is_any (path) ? g_strdup (path) : g_strconcat (path, "/" SARAP_XPATH_ANY, NULL);
}

/* The ancestor named as the step says; everything when the path does not tell. */
static char *
ancestor_of (const char *path, const XPathStep *step)
{
  g_autofree char *above = g_strdup (path);

  if (is_any (path) || step->test != XPATH_TEST_NAME)
    return g_strdup ("/" SARAP_XPATH_ANY);
  while (strchr (above, '/') != NULL)
    {
      const char *name = strrchr (above, '/') + 1;
      const char *local = strchr (name, ':') ? strchr (name, ':') + 1 : name;
      char *next;

      if (g_str_equal (local, step->name))
        return g_steal_pointer (&above);
      next = parent_of (above);
      g_free (above);
      above = next;
    }
  return g_strdup ("/" SARAP_XPATH_ANY);
}

static char *
child_of (const char *path, const XPathStep *step)
{
  const char *at = step->axis == XPATH_AXIS_ATTRIBUTE ? "@" : "";

  if (is_any (path))
    return g_strdup (path);
  if (step->test == XPATH_TEST_TEXT || step->test == XPATH_TEST_COMMENT || step->test == XPATH_TEST_INSTRUCTION)
    return g_strdup (path);
  if (step->test != XPATH_TEST_NAME)
    return any_below (path);
  if (step->prefix != NULL)
    return g_strconcat (path, "/", at, step->prefix, ":", step->name, NULL);
  return g_strconcat (path, "/", at, step->name, NULL);
}

static char *
follow_step (const char *path, const XPathStep *step)
{
  g_autofree char *above = NULL;

  switch (step->axis)
    {
    case XPATH_AXIS_CHILD:
    case XPATH_AXIS_ATTRIBUTE:
      return child_of (path, step);
    case XPATH_AXIS_SELF:
      return g_strdup (path);
    case XPATH_AXIS_PARENT:
      return parent_of (path);
    case XPATH_AXIS_DESCENDANT:
    case XPATH_AXIS_DESCENDANT_OR_SELF:
      return any_below (path);
    case XPATH_AXIS_FOLLOWING_SIBLING:
    case XPATH_AXIS_PRECEDING_SIBLING:
      above = parent_of (path);
      return child_of (above, step);
    case XPATH_AXIS_ANCESTOR:
    case XPATH_AXIS_ANCESTOR_OR_SELF:
      return ancestor_of (path, step);
    case XPATH_AXIS_FOLLOWING:
    case XPATH_AXIS_PRECEDING:
    case XPATH_AXIS_NAMESPACE:
    default:
      return g_strdup (is_list (path) ? path : "/" SARAP_XPATH_ANY);
    }
}

static void
analyze_predicates (const Analysis *self, const XPathPredicate *predicates, guint n, const Reach *focus)
{
  for (guint i = 0; i < n; i++)
    analyze (self, predicates[i].expr, focus, NULL);
}

static void
reach_take_step (Reach *self, const XPathStep *step)
{
  gsize before = strlen (self->path);
  char *next = follow_step (self->path, step);

  g_free (self->path);
  self->path = next;
  self->limit = MIN (self->limit, strlen (next));
  if (is_any (next))
    {
      self->limit = 0;
      self->follows = FALSE;
    }
  else if (self->follows)
    {
      self->limit = step->n_predicates > 0 ? MIN (self->limit, before) : before;
      self->follows = step->n_predicates == 0;
    }
}

/* A step to texts or any node may give the text of the element that it starts from. */
static gboolean
may_read_text (const Reach *self, const XPathStep *step)
{
  if (step->axis != XPATH_AXIS_CHILD && step->axis != XPATH_AXIS_DESCENDANT && step->axis != XPATH_AXIS_DESCENDANT_OR_SELF)
    return FALSE;
  return (step->test == XPATH_TEST_NODE || step->test == XPATH_TEST_TEXT) && !step->skips_texts && *self->path != '\0' && !is_any (self->path);
}

/* Follows the steps of @path from @reach on, with what their predicates read when @self is given. */
static void
reach_take_steps (Reach *reach, const XPathPath *path, const Analysis *self)
{
  if (self != NULL)
    analyze_predicates (self, path->predicates, path->n_predicates, reach);
  for (guint i = 0; i < path->n_steps; i++)
    {
      if (self != NULL && may_read_text (reach, &path->steps[i]))
        report (self, reach);
      reach_take_step (reach, &path->steps[i]);
      if (self != NULL)
        analyze_predicates (self, path->steps[i].predicates, path->steps[i].n_predicates, reach);
    }
}

static void
finish_path (const Analysis *self, const XPathPath *path, Reach *reach, Reading reading, GPtrArray *results)
{
  reach_take_steps (reach, path, self);
  if (reading != READS_HERE)
    reach->limit = 0;
  if (reading == READS_ONE)
    report_without_limit (self, reach->path);
  else
    report (self, reach);
  if (results != NULL)
    g_ptr_array_add (results, g_strdup (reach->path));
}

static gboolean
is_current (const XPathExpr *expr)
{
  return expr->kind == XPATH_EXPR_CALL && g_str_equal (expr->call.name, "current");
}

static void
analyze_path (const Analysis *self, const XPathPath *path, const Reach *focus, Reading reading, GPtrArray *results)
{
  g_autoptr (GPtrArray) bases = NULL;
  g_auto (Reach) reach = { NULL };

  if (path->start == XPATH_FROM_FOCUS)
    reach = reach_new (focus->path, focus->limit, FALSE);
  else if (path->start == XPATH_FROM_ROOT)
    reach = reach_new ("", 0, TRUE);
  else if (is_current (path->base))
    reach = reach_new (self->current, strlen (self->current), FALSE);
  if (reach.path != NULL)
    {
      finish_path (self, path, &reach, reading, results);
      return;
    }
  bases = g_ptr_array_new_with_free_func (g_free);
  analyze (self, path->base, focus, bases);
  for (guint i = 0; i < bases->len; i++)
    {
      g_auto (Reach) further = reach_new (g_ptr_array_index (bases, i), 0, FALSE);

      finish_path (self, path, &further, READS_EVERYWHERE, results);
    }
}

/* "instance(id)" of the list that the first argument names. */
static char *
list_of (const XPathExpr *call)
{
  const XPathExpr *id = call->call.n > 0 ? call->call.arguments[0] : NULL;

  return g_strdup_printf ("instance(%s)", id != NULL && id->kind == XPATH_EXPR_STRING ? id->text : SARAP_XPATH_ANY);
}

static void
analyze_list (const Analysis *self, const XPathExpr *expr, GPtrArray *results)
{
  g_autofree char *list = list_of (expr);

  report_path (self, list);
  if (results != NULL)
    g_ptr_array_add (results, g_steal_pointer (&list));
}

/* jr:choice-name(value, '/data/q') reads the choices of q. */
static void
analyze_choice_name (const Analysis *self, const XPathExpr *expr)
{
  const XPathExpr *question = expr->call.n == 2 ? expr->call.arguments[1] : NULL;
  g_autofree char *path = question != NULL && question->kind == XPATH_EXPR_STRING ? g_strstrip (g_strdup (question->text)) : NULL;

  if (path != NULL && *path == '/')
    report_path (self, path);
}

static gboolean
is_prepared (const XPathExpr *expr)
{
  return expr->kind == XPATH_EXPR_PATH && expr->path.prepared != NULL;
}

static void
analyze_indexed_repeat (const Analysis *self, const XPathExpr *expr, const Reach *focus, GPtrArray *results)
{
  XPathExpr **arguments = expr->call.arguments;
  gboolean asks_owner = expr->call.n == 3 && is_prepared (arguments[0]) && is_prepared (arguments[1]);

  for (guint i = 0; i < expr->call.n; i++)
    if ((i == 0 || i % 2 == 1) && arguments[i]->kind == XPATH_EXPR_PATH)
      analyze_path (self, &arguments[i]->path, focus, asks_owner ? READS_ONE : READS_EVERYWHERE, results);
    else
      analyze (self, arguments[i], focus, results);
}

static void
analyze_call (const Analysis *self, const XPathExpr *expr, const Reach *focus, GPtrArray *results)
{
  const char *name = expr->call.name;
  guint flags = expr->call.function ? expr->call.function->flags : 0;

  if (g_str_equal (name, "indexed-repeat"))
    {
      analyze_indexed_repeat (self, expr, focus, results);
      return;
    }
  if (g_str_equal (name, "current"))
    {
      report_path (self, self->current);
      if (results != NULL)
        g_ptr_array_add (results, g_strdup (self->current));
    }
  if (g_str_equal (name, "instance") || g_str_equal (name, "pulldata"))
    analyze_list (self, expr, results);
  if (g_str_equal (name, "id"))
    report_path (self, "/" SARAP_XPATH_ANY);
  if (g_str_equal (name, "jr:choice-name"))
    analyze_choice_name (self, expr);
  if (expr->call.n == 0 && (flags & XPATH_IS_FOCUSED_WITHOUT_ARGUMENTS) && !(flags & XPATH_IS_POSITION))
    report (self, focus);
  for (guint i = 0; i < expr->call.n; i++)
    analyze (self, expr->call.arguments[i], focus, results);
}

/* @results (nullable) takes the paths of the nodes that the expression may give. */
static void
analyze (const Analysis *self, const XPathExpr *expr, const Reach *focus, GPtrArray *results)
{
  switch (expr->kind)
    {
    case XPATH_EXPR_CHAIN:
      for (guint i = 0; i < expr->chain.n; i++)
        analyze (self, expr->chain.terms[i].operand, focus, results);
      break;
    case XPATH_EXPR_NEGATION:
      analyze (self, expr->operand, focus, NULL);
      break;
    case XPATH_EXPR_CALL:
      analyze_call (self, expr, focus, results);
      break;
    case XPATH_EXPR_PATH:
      analyze_path (self, &expr->path, focus, READS_HERE, results);
      break;
    case XPATH_EXPR_NUMBER:
    case XPATH_EXPR_STRING:
    default:
      break;
    }
}

void
sarap_xpath_foreach_path (const SarapXPath *self, const char *context_path, SarapXPathPathFunc func, gpointer data)
{
  g_autoptr (GHashTable) reported = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Analysis analysis = { context_path, reported, func, data };
  g_auto (Reach) focus = reach_new (context_path, strlen (context_path), FALSE);

  analyze (&analysis, self->expr, &focus, NULL);
}

/* Paths that the owner of the tree may resolve. */
typedef struct
{
  const char *context_path;
  SarapXPathPrepareFunc func;
  gpointer data;
} Preparation;

static void prepare (const Preparation *self, XPathExpr *expr, gboolean in_predicate);

static gboolean
is_plain (const XPathPath *path)
{
  for (guint i = 0; i < path->n_steps; i++)
    {
      const XPathStep *step = &path->steps[i];
      gboolean is_name = step->test == XPATH_TEST_NAME && (step->axis == XPATH_AXIS_CHILD || step->axis == XPATH_AXIS_ATTRIBUTE);
      gboolean is_dots = step->test == XPATH_TEST_NODE && (step->axis == XPATH_AXIS_SELF || step->axis == XPATH_AXIS_PARENT);

      if (step->n_predicates > 0 || !(is_name || is_dots))
        return FALSE;
    }
  return path->n_steps > 0 && path->n_predicates == 0;
}

static void
prepare_plain (const Preparation *self, XPathPath *path)
{
  g_auto (Reach) reach = path->start == XPATH_FROM_ROOT ? reach_new ("", 0, TRUE) : reach_new (self->context_path, strlen (self->context_path), FALSE);
  g_autofree char *limit = NULL;

  reach_take_steps (&reach, path, NULL);
  limit = g_strndup (reach.path, reach.limit);
  path->prepared = self->func (reach.path, limit, self->data);
}

static void
prepare_predicates (const Preparation *self, XPathPredicate *predicates, guint n)
{
  for (guint i = 0; i < n; i++)
    prepare (self, predicates[i].expr, TRUE);
}

static void
prepare_path (const Preparation *self, XPathPath *path, gboolean in_predicate)
{
  gboolean is_known = path->start == XPATH_FROM_ROOT || (path->start == XPATH_FROM_FOCUS && !in_predicate) || (path->start == XPATH_FROM_EXPR && is_current (path->base));

  if (is_known && is_plain (path))
    {
      prepare_plain (self, path);
      return;
    }
  if (path->start == XPATH_FROM_EXPR)
    prepare (self, path->base, in_predicate);
  prepare_predicates (self, path->predicates, path->n_predicates);
  for (guint i = 0; i < path->n_steps; i++)
    prepare_predicates (self, path->steps[i].predicates, path->steps[i].n_predicates);
}

static void
prepare (const Preparation *self, XPathExpr *expr, gboolean in_predicate)
{
  switch (expr->kind)
    {
    case XPATH_EXPR_CHAIN:
      for (guint i = 0; i < expr->chain.n; i++)
        prepare (self, expr->chain.terms[i].operand, in_predicate);
      break;
    case XPATH_EXPR_NEGATION:
      prepare (self, expr->operand, in_predicate);
      break;
    case XPATH_EXPR_CALL:
      for (guint i = 0; i < expr->call.n; i++)
        prepare (self, expr->call.arguments[i], in_predicate);
      break;
    case XPATH_EXPR_PATH:
      prepare_path (self, &expr->path, in_predicate);
      break;
    case XPATH_EXPR_NUMBER:
    case XPATH_EXPR_STRING:
    default:
      break;
    }
}

/* To be called once, before the expression is shared. */
void
sarap_xpath_prepare (SarapXPath *self, const char *context_path, SarapXPathPrepareFunc func, gpointer data)
{
  const Preparation preparation = { context_path, func, data };

  prepare (&preparation, self->expr, FALSE);
}

/* Calls, wherever they stand. */
typedef gboolean (*CallFunc) (const XPathExpr *call);

static const XPathExpr *find_call (const XPathExpr *expr, CallFunc func);

static const XPathExpr *
find_call_in_predicates (const XPathPredicate *predicates, guint n, CallFunc func)
{
  const XPathExpr *found = NULL;

  for (guint i = 0; found == NULL && i < n; i++)
    found = find_call (predicates[i].expr, func);
  return found;
}

static const XPathExpr *
find_call_in_path (const XPathPath *path, CallFunc func)
{
  const XPathExpr *found = path->base ? find_call (path->base, func) : NULL;

  if (found == NULL)
    found = find_call_in_predicates (path->predicates, path->n_predicates, func);
  for (guint i = 0; found == NULL && i < path->n_steps; i++)
    found = find_call_in_predicates (path->steps[i].predicates, path->steps[i].n_predicates, func);
  return found;
}

/* The first call, in reading order, that @func accepts. */
static const XPathExpr *
find_call (const XPathExpr *expr, CallFunc func)
{
  const XPathExpr *found = NULL;

  switch (expr->kind)
    {
    case XPATH_EXPR_CHAIN:
      for (guint i = 0; found == NULL && i < expr->chain.n; i++)
        found = find_call (expr->chain.terms[i].operand, func);
      return found;
    case XPATH_EXPR_NEGATION:
      return find_call (expr->operand, func);
    case XPATH_EXPR_PATH:
      return find_call_in_path (&expr->path, func);
    case XPATH_EXPR_CALL:
      if (func (expr))
        return expr;
      for (guint i = 0; found == NULL && i < expr->call.n; i++)
        found = find_call (expr->call.arguments[i], func);
      return found;
    case XPATH_EXPR_NUMBER:
    case XPATH_EXPR_STRING:
    default:
      return NULL;
    }
}

static gboolean
is_impure (const XPathExpr *call)
{
  if (call->call.function == NULL)
    return FALSE;
  return (call->call.function->flags & XPATH_IS_IMPURE) || (call->call.n == 1 && g_str_equal (call->call.name, "randomize"));
}

static gboolean
asks_position_of_node (const XPathExpr *call)
{
  return call->call.n == 1 && g_str_equal (call->call.name, "position");
}

static gboolean
is_broken (const XPathExpr *call)
{
  return call->call.is_broken;
}

gboolean
sarap_xpath_is_pure (const SarapXPath *self)
{
  return find_call (self->expr, is_impure) == NULL;
}

gboolean
sarap_xpath_uses_position (const SarapXPath *self)
{
  return find_call (self->expr, asks_position_of_node) != NULL;
}

/* Why the first call that can never be evaluated cannot, with its place: an unknown function, with
 * the near one that may be meant, or a wrong number of arguments. Returns: (transfer full) (nullable) */
char *
sarap_xpath_dup_broken_call (const SarapXPath *self)
{
  const XPathExpr *call = find_call (self->expr, is_broken);

  return call != NULL ? xpath_call_dup_problem (call) : NULL;
}
