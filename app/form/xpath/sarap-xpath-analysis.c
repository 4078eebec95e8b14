/* What an expression reads, without evaluating it: the ground of the dependency graph.
 *
 *  1. Paths are made absolute against the context path; positions and predicates are left out, but
 *     what predicates read is reported too, relative to the nodes they filter.
 *  2. Axes that are not child, self or parent, and //, end the path in SARAP_XPATH_ANY: whatever
 *     lies below may be read.
 *  3. instance('id')/… is reported as "instance(id)"; paths inside it that are relative belong to
 *     it and are not reported, absolute ones and current()/… are.
 *  4. Down to its limit a path stays in the instances around the context node: an absolute path
 *     as far as it has no predicates and without its last step (sarap-xpath-path.c, rule 3), a
 *     relative one up to the highest node that it passes through.
 */
#include "app/form/xpath/sarap-xpath-private.h"

#include <string.h>

typedef struct
{
  const char *outer_path; /* of the expression's context node */
  SarapXPathPathFunc func;
  gpointer data;
} Walk;

/* A path in the making. The first @limit bytes are in the context's instance (rule 4). */
typedef struct
{
  GString *text; /* NULL: in a list, not of interest */
  gsize limit;
  gboolean follows; /* the limit still goes along with the steps */
} Path;

static void walk_expr (const Walk *walk, const Expr *expr, const Path *context);

static void
path_init (Path *path, const char *text, gsize limit, gboolean follows)
{
  path->text = text ? g_string_new (text) : NULL;
  path->limit = limit;
  path->follows = follows;
}

static void
path_clear (Path *path)
{
  if (path->text != NULL)
    g_string_free (path->text, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Path, path_clear)

static void
path_end_step (Path *path, gsize before, gboolean has_predicates)
{
  path->limit = MIN (path->limit, path->text->len);
  if (path->follows && has_predicates)
    {
      path->follows = FALSE;
      path->limit = MIN (path->limit, before);
    }
  else if (path->follows)
    path->limit = before;
}

static void
remove_last_step (GString *path)
{
  const char *slash = strrchr (path->str, '/');

  g_string_truncate (path, slash ? (gsize) (slash - path->str) : 0);
}

static void
walk_predicates (const Walk *walk, const Expr *expr, guint first_step, const Path *context)
{
  for (guint i = first_step; i < expr->n_steps; i++)
    for (guint p = 0; p < expr->steps[i].n_predicates; p++)
      walk_expr (walk, expr->steps[i].predicates[p], context);
}

static gboolean
is_named_step (const Step *step)
{
  return (step->axis == AXIS_CHILD || step->axis == AXIS_ATTRIBUTE) && step->test == TEST_NAME && step->name != NULL;
}

static void
append_name (GString *path, const Step *step)
{
  g_string_append (path, step->axis == AXIS_ATTRIBUTE ? "/@" : "/");
  if (step->prefix != NULL)
    g_string_append_printf (path, "%s:", step->prefix);
  g_string_append (path, step->name);
}

static gboolean
stays_below (Axis axis)
{
  return axis == AXIS_CHILD || axis == AXIS_ATTRIBUTE || axis == AXIS_DESCENDANT || axis == AXIS_DESCENDANT_OR_SELF;
}

/* Appends the steps of @expr to @path; FALSE when rule 2 ended it. */
static gboolean
append_steps (const Walk *walk, const Expr *expr, Path *path)
{
  for (guint i = 0; i < expr->n_steps && path->text != NULL; i++)
    {
      const Step *step = &expr->steps[i];
      gsize before = path->text->len;

      if (step->axis == AXIS_PARENT)
        remove_last_step (path->text);
      else if (is_named_step (step))
        append_name (path->text, step);
      else if (step->axis != AXIS_SELF && !(step->axis == AXIS_CHILD && step->test == TEST_TEXT))
        {
          if (!stays_below (step->axis))
            g_string_truncate (path->text, 0);
          g_string_append (path->text, "/" SARAP_XPATH_ANY);
          path->limit = 0;
          path->follows = FALSE;
          walk_predicates (walk, expr, i, path);
          return FALSE;
        }
      path_end_step (path, before, step->n_predicates > 0);
      for (guint p = 0; p < step->n_predicates; p++)
        walk_expr (walk, step->predicates[p], path);
    }
  if (path->text == NULL)
    walk_predicates (walk, expr, 0, path);
  return TRUE;
}

static void
report (const Walk *walk, const Path *path)
{
  g_autofree char *limit = NULL;

  if (path->text == NULL)
    return;
  limit = g_strndup (path->text->str, path->limit);
  walk->func (path->text->len > 0 ? path->text->str : "/", limit, walk->data);
}

static void
start_path (Path *path, const Walk *walk, const Expr *expr, const Path *context)
{
  if (expr->kind == EXPR_PATH && expr->is_absolute)
    path_init (path, "", 0, TRUE);
  else if (expr->kind == EXPR_FILTER)
    path_init (path, walk->outer_path, strlen (walk->outer_path), FALSE);
  else
    path_init (path, context->text ? context->text->str : NULL, context->limit, FALSE);
}

static void
report_steps (const Walk *walk, const Expr *expr, const Path *context)
{
  g_auto (Path) path = { NULL };

  start_path (&path, walk, expr, context);
  append_steps (walk, expr, &path);
  report (walk, &path);
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
walk_filter (const Walk *walk, const Expr *expr, const Path *context)
{
  const Expr *primary = expr->arguments[0];
  const Path elsewhere = { NULL };
  g_auto (Path) path = { NULL };

  if (is_current (primary))
    {
      report_steps (walk, expr, context);
      return;
    }
  walk_expr (walk, primary, context);
  for (guint i = 0; i < expr->n_predicates; i++)
    walk_expr (walk, expr->predicates[i], &elsewhere);
  if (primary->kind != EXPR_PATH)
    {
      walk_predicates (walk, expr, 0, &elsewhere);
      return;
    }
  start_path (&path, walk, primary, context);
  if (!append_steps (walk, primary, &path))
    return;
  path.follows = FALSE;
  path.limit = 0;
  append_steps (walk, expr, &path);
  report (walk, &path);
}

/* Whether the owner of the tree is asked for the instance (sarap_xpath_eval_instance). */
static gboolean
asks_for_instance (const Expr *call)
{
  return call->n_arguments == 3 && call->arguments[0]->prepared != NULL && call->arguments[1]->prepared != NULL;
}

/* The path arguments of indexed-repeat() may be read in any instance. */
static void
walk_everywhere (const Walk *walk, const Expr *call, const Expr *expr, const Path *context)
{
  g_auto (Path) path = { NULL };

  if (expr->kind != EXPR_PATH)
    {
      walk_expr (walk, expr, context);
      return;
    }
  start_path (&path, walk, expr, context);
  append_steps (walk, expr, &path);
  path.limit = 0;
  if (asks_for_instance (call) && path.text != NULL)
    walk->func (path.text->str, NULL, walk->data);
  else
    report (walk, &path);
}

/* pulldata('list', …) reads a list by its file's name. */
static void
walk_call (const Walk *walk, const Expr *expr, const Path *context)
{
  const char *id = instance_id (expr);
  gboolean is_indexed = g_str_equal (expr->text, "indexed-repeat");

  if (id == NULL && g_str_equal (expr->text, "pulldata") && expr->n_arguments > 0 && expr->arguments[0]->kind == EXPR_LITERAL)
    id = expr->arguments[0]->text;
  if (id != NULL)
    {
      g_autofree char *path = g_strdup_printf ("instance(%s)", id);

      walk->func (path, path, walk->data);
    }
  if (is_current (expr))
    walk->func (walk->outer_path, walk->outer_path, walk->data);
  /* jr:choice-name names a question in a text; once() reads the node itself. */
  if (g_str_equal (expr->text, "jr:choice-name") && expr->n_arguments == 2 && expr->arguments[1]->kind == EXPR_LITERAL)
    {
      g_autofree char *path = g_strstrip (g_strdup (expr->arguments[1]->text));

      if (*path == '/')
        walk->func (path, path, walk->data);
    }
  for (guint i = 0; i < expr->n_arguments; i++)
    if (is_indexed && (i == 0 || i % 2 == 1))
      walk_everywhere (walk, expr, expr->arguments[i], context);
    else
      walk_expr (walk, expr->arguments[i], context);
}

static void
walk_expr (const Walk *walk, const Expr *expr, const Path *context)
{
  switch (expr->kind)
    {
    case EXPR_NUMBER:
    case EXPR_LITERAL:
      return;
    case EXPR_PATH:
      report_steps (walk, expr, context);
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
report_once (const char *path, const char *limit, gpointer data)
{
  Once *once = data;

  if (g_hash_table_add (once->seen, g_strdup_printf ("%s %s", path, limit ? limit : "?")))
    once->func (path, limit, once->data);
}

void
sarap_xpath_foreach_path (const SarapXPath *self, const char *context_path, SarapXPathPathFunc func, gpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Once once = { seen, func, data };
  Walk walk = { context_path, report_once, &once };
  g_auto (Path) context = { NULL };

  path_init (&context, context_path, strlen (context_path), FALSE);
  walk_expr (&walk, self->root, &context);
}

typedef struct
{
  const char *outer_path;
  SarapXPathPrepareFunc func;
  gpointer data;
} Preparation;

static gboolean
is_plain (const Expr *expr)
{
  for (guint i = 0; i < expr->n_steps; i++)
    {
      const Step *step = &expr->steps[i];

      if (step->n_predicates > 0 || !(is_named_step (step) || ((step->axis == AXIS_PARENT || step->axis == AXIS_SELF) && step->test == TEST_NODE)))
        return FALSE;
    }
  return expr->n_steps > 0;
}

static void
prepare_path (const Preparation *preparation, Expr *expr)
{
  const Walk walk = { preparation->outer_path, NULL, NULL };
  g_auto (Path) context = { NULL };
  g_auto (Path) path = { NULL };
  g_autofree char *limit = NULL;

  path_init (&context, preparation->outer_path, strlen (preparation->outer_path), FALSE);
  start_path (&path, &walk, expr, &context);
  append_steps (&walk, expr, &path);
  limit = g_strndup (path.text->str, path.limit);
  expr->prepared = preparation->func (path.text->str, limit, preparation->data);
}

static void
prepare_expr (const Preparation *preparation, Expr *expr, gboolean is_in_predicate)
{
  if (expr->kind == EXPR_PATH && (expr->is_absolute || !is_in_predicate) && is_plain (expr))
    prepare_path (preparation, expr);
  if (expr->kind == EXPR_FILTER && is_current (expr->arguments[0]) && expr->n_predicates == 0 && is_plain (expr))
    prepare_path (preparation, expr);
  for (guint i = 0; i < expr->n_arguments; i++)
    prepare_expr (preparation, expr->arguments[i], is_in_predicate);
  for (guint i = 0; i < expr->n_predicates; i++)
    prepare_expr (preparation, expr->predicates[i], TRUE);
  for (guint s = 0; s < expr->n_steps; s++)
    for (guint i = 0; i < expr->steps[s].n_predicates; i++)
      prepare_expr (preparation, expr->steps[s].predicates[i], TRUE);
}

void
sarap_xpath_prepare (SarapXPath *self, const char *context_path, SarapXPathPrepareFunc func, gpointer data)
{
  const Preparation preparation = { context_path, func, data };

  prepare_expr (&preparation, self->root, FALSE);
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
