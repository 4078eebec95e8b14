/* What an expression reads, without evaluating it: the ground of the dependency graph.
 *
 *  1. Paths are made absolute against the context path; positions and predicates are left out, but
 *     what predicates read is reported too, relative to the nodes they filter.
 *  2. Axes that are not child, self or parent, and //, end the path in SARAP_XPATH_ANY: whatever
 *     lies below may be read.
 *  3. instance('id')/… is reported as "instance(id)"; paths inside it that are relative belong to
 *     it and are not reported, absolute ones and current()/… are.
 */
#include "app/form/xpath/sarap-xpath-private.h"

#include <string.h>

typedef struct
{
  const char *outer_path; /* of the expression's context node */
  SarapXPathPathFunc func;
  gpointer data;
} Walk;

static void walk_expr (const Walk *walk, const Expr *expr, const char *context);

static void
remove_last_step (GString *path)
{
  const char *slash = strrchr (path->str, '/');

  g_string_truncate (path, slash ? (gsize) (slash - path->str) : 0);
}

/* Appends the steps of @expr to @path; FALSE when rule 2 ended it. */
static gboolean
append_steps (const Walk *walk, const Expr *expr, GString *path, gboolean is_outside)
{
  for (guint i = 0; i < expr->n_steps; i++)
    {
      const Step *step = &expr->steps[i];

      if (step->axis == AXIS_PARENT)
        remove_last_step (path);
      else if ((step->axis == AXIS_CHILD || step->axis == AXIS_ATTRIBUTE) && step->test == TEST_NAME && step->name != NULL)
        g_string_append_printf (path, "/%s%s%s%s", step->axis == AXIS_ATTRIBUTE ? "@" : "", step->prefix ? step->prefix : "", step->prefix ? ":" : "", step->name);
      else if (step->axis == AXIS_CHILD && step->test == TEST_TEXT)
        ;
      else if (step->axis != AXIS_SELF)
        {
          if (step->axis != AXIS_CHILD && step->axis != AXIS_ATTRIBUTE && step->axis != AXIS_DESCENDANT && step->axis != AXIS_DESCENDANT_OR_SELF)
            g_string_assign (path, "");
          g_string_append (path, "/" SARAP_XPATH_ANY);
          for (guint later = i; later < expr->n_steps; later++)
            for (guint p = 0; p < expr->steps[later].n_predicates; p++)
              walk_expr (walk, expr->steps[later].predicates[p], is_outside ? NULL : path->str);
          return FALSE;
        }
      for (guint p = 0; p < step->n_predicates; p++)
        walk_expr (walk, step->predicates[p], is_outside ? NULL : path->str);
    }
  return TRUE;
}

static void
report_path (const Walk *walk, const Expr *expr, const char *base)
{
  g_autoptr (GString) path = g_string_new (base);

  append_steps (walk, expr, path, base == NULL);
  if (base != NULL)
    walk->func (path->len > 0 ? path->str : "/", walk->data);
}

static const char *
instance_id (const Expr *expr)
{
  return expr->kind == EXPR_CALL && expr->function != NULL && g_str_equal (expr->text, "instance") &&
                 expr->n_arguments == 1 && expr->arguments[0]->kind == EXPR_LITERAL
             ? expr->arguments[0]->text
             : NULL;
}

static gboolean
is_current (const Expr *expr)
{
  return expr->kind == EXPR_CALL && g_str_equal (expr->text, "current") && expr->n_arguments == 0;
}

static void
walk_filter (const Walk *walk, const Expr *expr, const char *context)
{
  const Expr *primary = expr->arguments[0];

  if (is_current (primary))
    {
      report_path (walk, expr, walk->outer_path);
      return;
    }
  walk_expr (walk, primary, context);
  for (guint i = 0; i < expr->n_predicates; i++)
    walk_expr (walk, expr->predicates[i], NULL);
  if (primary->kind == EXPR_PATH)
    {
      g_autoptr (GString) base = g_string_new (primary->is_absolute ? "" : context);

      if (append_steps (walk, primary, base, FALSE))
        report_path (walk, expr, base->str);
    }
  else
    report_path (walk, expr, NULL);
}

/* pulldata('list', …) reads a list by its file's name. */
static void
walk_call (const Walk *walk, const Expr *expr, const char *context)
{
  const char *id = instance_id (expr);

  if (id == NULL && g_str_equal (expr->text, "pulldata") && expr->n_arguments > 0 && expr->arguments[0]->kind == EXPR_LITERAL)
    id = expr->arguments[0]->text;
  if (id != NULL)
    {
      g_autofree char *path = g_strdup_printf ("instance(%s)", id);

      walk->func (path, walk->data);
    }
  if (is_current (expr))
    walk->func (walk->outer_path, walk->data);
  /* jr:choice-name names a question in a text; once() reads the node itself. */
  if (g_str_equal (expr->text, "jr:choice-name") && expr->n_arguments == 2 && expr->arguments[1]->kind == EXPR_LITERAL && expr->arguments[1]->text[0] == '/')
    walk->func (expr->arguments[1]->text, walk->data);
  for (guint i = 0; i < expr->n_arguments; i++)
    walk_expr (walk, expr->arguments[i], context);
}

static void
walk_expr (const Walk *walk, const Expr *expr, const char *context)
{
  switch (expr->kind)
    {
    case EXPR_NUMBER:
    case EXPR_LITERAL:
      return;
    case EXPR_PATH:
      report_path (walk, expr, expr->is_absolute ? "" : context);
      return;
    case EXPR_FILTER:
      walk_filter (walk, expr, context);
      return;
    case EXPR_CALL:
      walk_call (walk, expr, context);
      return;
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
      for (guint i = 0; i < expr->n_arguments; i++)
        walk_expr (walk, expr->arguments[i], context);
    }
}

typedef struct
{
  GHashTable *seen;
  SarapXPathPathFunc func;
  gpointer data;
} Once;

static void
report_once (const char *path, gpointer data)
{
  Once *once = data;

  if (g_hash_table_add (once->seen, g_strdup (path)))
    once->func (path, once->data);
}

void
sarap_xpath_foreach_path (const SarapXPath *self, const char *context_path, SarapXPathPathFunc func, gpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Once once = { seen, func, data };
  Walk walk = { context_path, report_once, &once };

  walk_expr (&walk, self->root, context_path);
}

/* Calls @found for each function call below @expr until one answers TRUE. */
typedef gboolean (*CallTest) (const Expr *call);

static const Expr *
find_call (const Expr *expr, CallTest test)
{
  const Expr *found = NULL;

  if (expr->kind == EXPR_CALL && test (expr))
    return expr;
  for (guint i = 0; found == NULL && i < expr->n_arguments; i++)
    found = find_call (expr->arguments[i], test);
  for (guint i = 0; found == NULL && i < expr->n_predicates; i++)
    found = find_call (expr->predicates[i], test);
  for (guint s = 0; found == NULL && s < expr->n_steps; s++)
    for (guint i = 0; found == NULL && i < expr->steps[s].n_predicates; i++)
      found = find_call (expr->steps[s].predicates[i], test);
  return found;
}

static gboolean
is_impure (const Expr *call)
{
  return call->function != NULL && (call->function->flags & FUNCTION_IMPURE);
}

static gboolean
is_position_of (const Expr *call)
{
  return g_str_equal (call->text, "position") && call->n_arguments == 1;
}

static gboolean
is_unknown (const Expr *call)
{
  return call->function == NULL;
}

gboolean
sarap_xpath_is_pure (const SarapXPath *self)
{
  return find_call (self->root, is_impure) == NULL;
}

gboolean
sarap_xpath_uses_position (const SarapXPath *self)
{
  return find_call (self->root, is_position_of) != NULL;
}

/* Name of the first function that nobody knows, or NULL. Borrowed from @self. */
const char *
sarap_xpath_find_unknown_function (const SarapXPath *self)
{
  const Expr *call = find_call (self->root, is_unknown);

  return call ? call->text : NULL;
}
