#include "app/form/xpath/sarap-xpath-private.h"

#include <string.h>

/* 1. Operators bind by level: or, and, equality, comparison, sum, product, minus sign, union,
 *    path. A level is read in a loop into one expression, so only parentheses, predicates and
 *    calls make the parser (and later the evaluator) call itself.
 * 2. Namespaces: a prefix that does not stand in the table is compared as written. Without a table,
 *    or when it has an entry for "", unprefixed names match whatever the default namespace of the
 *    document is, as forms expect; with a table but without that entry they match names in no
 *    namespace (XPath 1.0).
 * 3. Unknown functions and wrong numbers of arguments compile: an expression may never reach them. */

G_DEFINE_QUARK (sarap - xpath - error - quark, sarap_xpath_error)

#define N_LEVELS 6
#define BLOCK_SIZE 512

typedef struct
{
  XPathLexer lexer;
  XPathToken token;
  SarapXPath *xpath;
  GHashTable *namespaces;
  guint depth;
  GError **error;
} Parser;

static const struct
{
  XPathOperator first;
  XPathOperator last;
} levels[N_LEVELS] = {
  { XPATH_OR, XPATH_OR },
  { XPATH_AND, XPATH_AND },
  { XPATH_EQUAL, XPATH_UNEQUAL },
  { XPATH_LESS, XPATH_GREATER_OR_EQUAL },
  { XPATH_PLUS, XPATH_MINUS },
  { XPATH_TIMES, XPATH_MOD },
};

static const struct
{
  const char *name;
  XPathAxis axis;
} axes[] = {
  { "child", XPATH_AXIS_CHILD },
  { "attribute", XPATH_AXIS_ATTRIBUTE },
  { "self", XPATH_AXIS_SELF },
  { "parent", XPATH_AXIS_PARENT },
  { "descendant", XPATH_AXIS_DESCENDANT },
  { "descendant-or-self", XPATH_AXIS_DESCENDANT_OR_SELF },
  { "following", XPATH_AXIS_FOLLOWING },
  { "following-sibling", XPATH_AXIS_FOLLOWING_SIBLING },
  { "namespace", XPATH_AXIS_NAMESPACE },
  { "ancestor", XPATH_AXIS_ANCESTOR },
  { "ancestor-or-self", XPATH_AXIS_ANCESTOR_OR_SELF },
  { "preceding", XPATH_AXIS_PRECEDING },
  { "preceding-sibling", XPATH_AXIS_PRECEDING_SIBLING },
};

static const struct
{
  const char *name;
  XPathTest test;
} node_types[] = {
  { "node", XPATH_TEST_NODE },
  { "text", XPATH_TEST_TEXT },
  { "comment", XPATH_TEST_COMMENT },
  { "processing-instruction", XPATH_TEST_INSTRUCTION },
};

static XPathExpr *parse_expression (Parser *self, guint level);

static gpointer
allocate (SarapXPath *xpath, gsize size)
{
  gpointer memory;

  size = (size + 7) & ~(gsize) 7;
  if (xpath->blocks->len == 0 || xpath->block_used + size > xpath->block_size)
    {
      xpath->block_size = MAX (xpath->blocks->len == 0 ? BLOCK_SIZE : xpath->block_size * 2, size);
      xpath->block_used = 0;
      g_ptr_array_add (xpath->blocks, g_malloc0 (xpath->block_size));
    }
  memory = (char *) g_ptr_array_index (xpath->blocks, xpath->blocks->len - 1) + xpath->block_used;
  xpath->block_used += size;
  return memory;
}

static gpointer
keep_array (SarapXPath *xpath, const GArray *array)
{
  gsize size = (gsize) array->len * g_array_get_element_size ((GArray *) array);

  return size == 0 ? NULL : memcpy (allocate (xpath, size), array->data, size);
}

static const char *
keep_text (SarapXPath *xpath, const char *text, gsize length)
{
  return memcpy (allocate (xpath, length + 1), text, length);
}

static XPathExpr *
new_expr (Parser *self, XPathExprKind kind, guint position)
{
  XPathExpr *expr = allocate (self->xpath, sizeof (XPathExpr));

  expr->kind = kind;
  expr->position = position;
  return expr;
}

static guint
position_of (const Parser *self)
{
  return self->token.position;
}

static gboolean
advance (Parser *self)
{
  return xpath_lexer_next (&self->lexer, &self->token, self->error);
}

static gboolean
is_punctuation (const Parser *self, const char *text)
{
  return self->token.kind == XPATH_TOKEN_PUNCTUATION && *self->token.start == *text && self->token.length == strlen (text) && strncmp (self->token.start, text, self->token.length) == 0;
}

static gpointer
fail_here (Parser *self, const char *wanted)
{
  if (self->token.kind == XPATH_TOKEN_END)
    g_set_error (self->error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_SYNTAX, "the expression ends where %s is needed (character %u)", wanted, position_of (self));
  else
    g_set_error (self->error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_SYNTAX, "%s is needed instead of “%.*s” at character %u", wanted, (int) self->token.length, self->token.start, position_of (self));
  return NULL;
}

static gboolean
expect (Parser *self, const char *text, const char *wanted)
{
  if (is_punctuation (self, text))
    return advance (self);
  fail_here (self, wanted);
  return FALSE;
}

static gboolean
enter (Parser *self)
{
  if (++self->depth <= XPATH_MAX_DEPTH)
    return TRUE;
  g_set_error (self->error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_LIMIT, "parentheses, predicates and calls nest deeper than %d levels at character %u", XPATH_MAX_DEPTH, position_of (self));
  return FALSE;
}

/* Names */
static void
resolve_prefix (Parser *self, XPathStep *step)
{
  if (self->namespaces == NULL)
    step->any_ns = TRUE;
  else if (step->prefix == NULL)
    step->any_ns = step->axis != XPATH_AXIS_ATTRIBUTE && g_hash_table_contains (self->namespaces, "");
  else
    step->ns = sarap_node_intern (g_hash_table_lookup (self->namespaces, step->prefix));
  step->any_ns |= step->prefix != NULL && step->ns == NULL;
}

static void
set_name_test (Parser *self, XPathStep *step, const char *start, gsize length)
{
  const char *colon = memchr (start, ':', length);
  const char *local = colon ? colon + 1 : start;
  g_autofree char *prefix = colon ? g_strndup (start, colon - start) : NULL;
  g_autofree char *name = g_strndup (local, start + length - local);

  step->prefix = sarap_node_intern (prefix);
  step->test = g_str_equal (name, "*") ? XPATH_TEST_ANY_NAME : XPATH_TEST_NAME;
  step->name = sarap_node_intern (name);
  resolve_prefix (self, step);
  if (step->test == XPATH_TEST_ANY_NAME && step->prefix == NULL)
    step->any_ns = TRUE;
}

static gboolean
find_node_type (const XPathToken *token, XPathTest *test)
{
  for (gsize i = 0; i < G_N_ELEMENTS (node_types); i++)
    if (strlen (node_types[i].name) == token->length && strncmp (node_types[i].name, token->start, token->length) == 0)
      {
        *test = node_types[i].test;
        return TRUE;
      }
  return FALSE;
}

static gboolean
find_axis (const XPathToken *token, XPathAxis *axis)
{
  for (gsize i = 0; i < G_N_ELEMENTS (axes); i++)
    if (strlen (axes[i].name) == token->length && strncmp (axes[i].name, token->start, token->length) == 0)
      {
        *axis = axes[i].axis;
        return TRUE;
      }
  return FALSE;
}

/* What stands after the name that the parser is at, without moving. */
static gboolean
is_followed_by (const Parser *self, const char *text)
{
  const char *at = self->token.start + self->token.length;

  while (*at != '\0' && strchr (" \t\r\n", *at) != NULL)
    at++;
  return g_str_has_prefix (at, text);
}

/* Predicates */
static gboolean
is_position_call (const XPathExpr *expr)
{
  return expr->kind == XPATH_EXPR_CALL && expr->call.n == 0 && g_str_equal (expr->call.name, "position");
}

static gboolean
is_child_of_focus (const XPathExpr *expr)
{
  const XPathStep *step;

  if (expr->kind != XPATH_EXPR_PATH || expr->path.start != XPATH_FROM_FOCUS || expr->path.n_steps != 1)
    return FALSE;
  step = &expr->path.steps[0];
  return step->axis == XPATH_AXIS_CHILD && step->test == XPATH_TEST_NAME && step->prefix == NULL && step->n_predicates == 0;
}

static gboolean
add_lookup (const XPathExpr *expr, GArray *lookups)
{
  XPathTerm *terms = expr->chain.terms;

  if (expr->kind != XPATH_EXPR_CHAIN || expr->chain.n != 2 || terms[1].operator!= XPATH_EQUAL)
    return FALSE;
  for (int i = 0; i < 2; i++)
    if (is_child_of_focus (terms[i].operand) && !terms[1 - i].operand->needs_focus)
      {
        XPathLookup lookup = { terms[i].operand->path.steps[0].name, terms[1 - i].operand };

        g_array_append_val (lookups, lookup);
        return TRUE;
      }
  return FALSE;
}

static void
analyze_predicate (Parser *self, XPathPredicate *predicate)
{
  XPathExpr *expr = predicate->expr;
  g_autoptr (GArray) lookups = g_array_new (FALSE, FALSE, sizeof (XPathLookup));

  if (expr->kind == XPATH_EXPR_NUMBER)
    predicate->index = expr;
  if (expr->kind != XPATH_EXPR_CHAIN)
    return;
  if (expr->chain.n == 2 && expr->chain.terms[1].operator== XPATH_EQUAL)
    for (int i = 0; i < 2; i++)
      if (is_position_call (expr->chain.terms[i].operand) && !expr->chain.terms[1 - i].operand->needs_focus)
        predicate->index = expr->chain.terms[1 - i].operand;
  if (expr->uses_position)
    return;
  if (!add_lookup (expr, lookups) && expr->chain.terms[expr->chain.n - 1].operator== XPATH_AND)
    for (guint i = 0; i < expr->chain.n; i++)
      add_lookup (expr->chain.terms[i].operand, lookups);
  predicate->n_lookups = lookups->len;
  predicate->lookups = keep_array (self->xpath, lookups);
}

static gboolean
parse_predicates (Parser *self, guint *n, XPathPredicate **predicates)
{
  g_autoptr (GArray) array = NULL;

  if (!is_punctuation (self, "["))
    return TRUE;
  array = g_array_new (FALSE, TRUE, sizeof (XPathPredicate));
  while (is_punctuation (self, "["))
    {
      XPathPredicate predicate = { NULL };

      if (!enter (self) || !advance (self))
        return FALSE;
      predicate.expr = parse_expression (self, 0);
      if (predicate.expr == NULL || !expect (self, "]", "“]”"))
        return FALSE;
      self->depth--;
      analyze_predicate (self, &predicate);
      g_array_append_val (array, predicate);
    }
  *n = array->len;
  *predicates = keep_array (self->xpath, array);
  return TRUE;
}

/* Paths */
static gboolean
parse_node_type (Parser *self, XPathStep *step)
{
  find_node_type (&self->token, &step->test);
  if (!advance (self) || !advance (self))
    return FALSE;
  if (step->test == XPATH_TEST_INSTRUCTION && self->token.kind == XPATH_TOKEN_LITERAL)
    {
      g_autofree char *target = g_strndup (self->token.start, self->token.length);

      step->name = sarap_node_intern (target);
      if (!advance (self))
        return FALSE;
    }
  return expect (self, ")", "“)”");
}

static gboolean
parse_axis (Parser *self, XPathStep *step)
{
  if (is_punctuation (self, "@"))
    {
      step->axis = XPATH_AXIS_ATTRIBUTE;
      return advance (self);
    }
  if (self->token.kind != XPATH_TOKEN_NAME || !is_followed_by (self, "::"))
    return TRUE;
  if (!find_axis (&self->token, &step->axis))
    {
      fail_here (self, "an axis");
      return FALSE;
    }
  return advance (self) && advance (self);
}

static gboolean
parse_step (Parser *self, XPathStep *step)
{
  XPathTest test;

  if (is_punctuation (self, ".") || is_punctuation (self, ".."))
    {
      step->axis = self->token.length == 1 ? XPATH_AXIS_SELF : XPATH_AXIS_PARENT;
      step->test = XPATH_TEST_NODE;
      return advance (self) && parse_predicates (self, &step->n_predicates, &step->predicates);
    }
  if (!parse_axis (self, step))
    return FALSE;
  if (self->token.kind != XPATH_TOKEN_NAME)
    {
      fail_here (self, "a name");
      return FALSE;
    }
  if (is_followed_by (self, "("))
    {
      if (!find_node_type (&self->token, &test))
        {
          fail_here (self, "a name");
          return FALSE;
        }
      if (!parse_node_type (self, step))
        return FALSE;
    }
  else
    {
      set_name_test (self, step, self->token.start, self->token.length);
      if (!advance (self))
        return FALSE;
    }
  return parse_predicates (self, &step->n_predicates, &step->predicates);
}

static guint
count_simple_steps (const XPathPath *path)
{
  guint n = 0;

  if (path->start != XPATH_FROM_ROOT)
    while (n < path->n_steps && path->steps[n].n_predicates == 0 && path->steps[n].test == XPATH_TEST_NODE &&
           (path->steps[n].axis == XPATH_AXIS_SELF || path->steps[n].axis == XPATH_AXIS_PARENT))
      n++;
  while (n < path->n_steps && path->steps[n].n_predicates == 0 && path->steps[n].test == XPATH_TEST_NAME && path->steps[n].axis == XPATH_AXIS_CHILD)
    n++;
  return n;
}

/* Whether the predicate asks for a truth, not for a position. */
static gboolean
is_truth (const XPathExpr *expr)
{
  if (expr->uses_position)
    return FALSE;
  if (expr->kind == XPATH_EXPR_CHAIN)
    return expr->chain.terms[1].operator<= XPATH_GREATER_OR_EQUAL;
  return expr->kind == XPATH_EXPR_PATH || expr->kind == XPATH_EXPR_STRING;
}

/* `//` before @step: descendant-or-self::node()/, or, where that is the same, the step itself
 * looks into every depth. */
static void
append_any_depth (GArray *steps, XPathStep *step)
{
  XPathStep any = { XPATH_AXIS_DESCENDANT_OR_SELF, XPATH_TEST_NODE };
  gboolean is_same = step->axis == XPATH_AXIS_CHILD;

  for (guint i = 0; is_same && i < step->n_predicates; i++)
    is_same = is_truth (step->predicates[i].expr);
  any.skips_texts = step->axis == XPATH_AXIS_CHILD || step->axis == XPATH_AXIS_ATTRIBUTE || step->axis == XPATH_AXIS_DESCENDANT;
  if (is_same)
    step->axis = XPATH_AXIS_DESCENDANT;
  else
    g_array_append_val (steps, any);
}

static gboolean
begins_step (const Parser *self)
{
  return self->token.kind == XPATH_TOKEN_NAME || is_punctuation (self, ".") || is_punctuation (self, "..") || is_punctuation (self, "@");
}

/* Steps from here on, separated by / and //; @is_started when a step must come now. */
static gboolean
parse_steps (Parser *self, XPathPath *path, gboolean is_started)
{
  g_autoptr (GArray) steps = g_array_new (FALSE, TRUE, sizeof (XPathStep));

  while (is_started || is_punctuation (self, "/") || is_punctuation (self, "//"))
    {
      XPathStep step = { XPATH_AXIS_CHILD, XPATH_TEST_NODE };
      gboolean any_depth = is_punctuation (self, "//");

      if ((any_depth || is_punctuation (self, "/")) && !advance (self))
        return FALSE;
      if (!parse_step (self, &step))
        return FALSE;
      if (any_depth)
        append_any_depth (steps, &step);
      g_array_append_val (steps, step);
      is_started = FALSE;
    }
  path->n_steps = steps->len;
  path->steps = keep_array (self->xpath, steps);
  path->n_simple = count_simple_steps (path);
  return TRUE;
}

static XPathExpr *
parse_location_path (Parser *self)
{
  XPathExpr *expr = new_expr (self, XPATH_EXPR_PATH, position_of (self));

  expr->path.start = XPATH_FROM_FOCUS;
  expr->needs_focus = TRUE;
  if (is_punctuation (self, "/") || is_punctuation (self, "//"))
    {
      expr->path.start = XPATH_FROM_ROOT;
      expr->needs_focus = FALSE;
      if (is_punctuation (self, "/"))
        {
          if (!advance (self))
            return NULL;
          if (!begins_step (self))
            return expr;
        }
    }
  return parse_steps (self, &expr->path, TRUE) ? expr : NULL;
}

static void
finish_call (XPathExpr *expr)
{
  g_autofree char *problem = xpath_call_dup_problem (expr);
  guint flags = expr->call.function ? expr->call.function->flags : XPATH_IS_FOCUSED;

  expr->call.is_broken = problem != NULL;
  expr->needs_focus |= (flags & (XPATH_IS_FOCUSED | XPATH_IS_IMPURE)) != 0 || ((flags & XPATH_IS_FOCUSED_WITHOUT_ARGUMENTS) && expr->call.n == 0);
  expr->uses_position |= (flags & XPATH_IS_POSITION) && expr->call.n == 0;
}

static XPathExpr *
parse_call (Parser *self)
{
  XPathExpr *expr = new_expr (self, XPATH_EXPR_CALL, position_of (self));
  g_autoptr (GArray) arguments = g_array_new (FALSE, FALSE, sizeof (XPathExpr *));

  expr->call.name = keep_text (self->xpath, self->token.start, self->token.length);
  expr->call.function = xpath_function_find (expr->call.name);
  if (!enter (self) || !advance (self) || !advance (self))
    return NULL;
  while (!is_punctuation (self, ")"))
    {
      XPathExpr *argument;

      if (arguments->len > 0 && !expect (self, ",", "“,” or “)”"))
        return NULL;
      argument = parse_expression (self, 0);
      if (argument == NULL)
        return NULL;
      expr->needs_focus |= argument->needs_focus;
      expr->uses_position |= argument->uses_position;
      g_array_append_val (arguments, argument);
    }
  self->depth--;
  expr->call.n = arguments->len;
  expr->call.arguments = keep_array (self->xpath, arguments);
  finish_call (expr);
  return advance (self) ? expr : NULL;
}

static XPathExpr *
parse_primary (Parser *self)
{
  XPathExpr *expr;

  if (self->token.kind == XPATH_TOKEN_NUMBER)
    {
      expr = new_expr (self, XPATH_EXPR_NUMBER, position_of (self));
      expr->number = self->token.number;
      return advance (self) ? expr : NULL;
    }
  if (self->token.kind == XPATH_TOKEN_LITERAL)
    {
      expr = new_expr (self, XPATH_EXPR_STRING, position_of (self));
      expr->text = keep_text (self->xpath, self->token.start, self->token.length);
      return advance (self) ? expr : NULL;
    }
  if (self->token.kind == XPATH_TOKEN_NAME)
    return parse_call (self);
  if (!enter (self) || !advance (self))
    return NULL;
  expr = parse_expression (self, 0);
  self->depth--;
  return expr != NULL && expect (self, ")", "“)”") ? expr : NULL;
}

static gboolean
begins_primary (const Parser *self)
{
  XPathTest test;

  if (self->token.kind == XPATH_TOKEN_NAME)
    return is_followed_by (self, "(") && !find_node_type (&self->token, &test);
  return self->token.kind == XPATH_TOKEN_NUMBER || self->token.kind == XPATH_TOKEN_LITERAL || is_punctuation (self, "(");
}

/* A location path, or a primary expression with predicates and steps behind it. */
static XPathExpr *
parse_path (Parser *self)
{
  XPathExpr *base, *expr;

  if (!begins_primary (self))
    {
      if (begins_step (self) || is_punctuation (self, "/") || is_punctuation (self, "//"))
        return parse_location_path (self);
      return fail_here (self, "a value");
    }
  base = parse_primary (self);
  if (base == NULL || !(is_punctuation (self, "[") || is_punctuation (self, "/") || is_punctuation (self, "//")))
    return base;
  expr = new_expr (self, XPATH_EXPR_PATH, base->position);
  expr->path.start = XPATH_FROM_EXPR;
  expr->path.base = base;
  expr->needs_focus = base->needs_focus;
  expr->uses_position = base->uses_position;
  if (!parse_predicates (self, &expr->path.n_predicates, &expr->path.predicates) || !parse_steps (self, &expr->path, FALSE))
    return NULL;
  return expr;
}

/* A chain of @terms, or the only one of them itself. */
static XPathExpr *
new_chain (Parser *self, GArray *terms, guint position)
{
  XPathExpr *expr;

  expr = new_expr (self, XPATH_EXPR_CHAIN, position);
  expr->chain.n = terms->len;
  expr->chain.terms = keep_array (self->xpath, terms);
  for (guint i = 0; i < terms->len; i++)
    {
      expr->needs_focus |= expr->chain.terms[i].operand->needs_focus;
      expr->uses_position |= expr->chain.terms[i].operand->uses_position;
    }
  return expr;
}

static gboolean
is_operator (const Parser *self, XPathOperator first, XPathOperator last)
{
  return self->token.kind == XPATH_TOKEN_OPERATOR && self->token.operator>= first && self->token.operator<= last;
}

typedef XPathExpr *(*OperandFunc) (Parser *self, guint level);

/* Operands with operators from @first to @last between them; most often there is one operand, and
 * no chain is made. */
static XPathExpr *
parse_chain (Parser *self, XPathOperator first, XPathOperator last, OperandFunc parse_operand, guint level)
{
  g_autoptr (GArray) terms = NULL;
  guint position = position_of (self);
  XPathTerm term = { first, parse_operand (self, level) };

  if (term.operand == NULL || !is_operator (self, first, last))
    return term.operand;
  terms = g_array_new (FALSE, FALSE, sizeof (XPathTerm));
  g_array_append_val (terms, term);
  while (is_operator (self, first, last))
    {
      term.operator= self->token.operator;
      if (!advance (self))
        return NULL;
      term.operand = parse_operand (self, level);
      if (term.operand == NULL)
        return NULL;
      g_array_append_val (terms, term);
    }
  return new_chain (self, terms, position);
}

static XPathExpr *
parse_operand_of_union (Parser *self, guint level)
{
  return parse_path (self);
}

static XPathExpr *
parse_union (Parser *self)
{
  return parse_chain (self, XPATH_UNION, XPATH_UNION, parse_operand_of_union, 0);
}

static XPathExpr *
parse_unary (Parser *self)
{
  guint position = position_of (self), n_signs = 0;
  XPathExpr *operand, *expr;

  for (; self->token.kind == XPATH_TOKEN_OPERATOR && self->token.operator== XPATH_MINUS; n_signs++)
    if (!advance (self))
      return NULL;
  operand = parse_union (self);
  if (operand == NULL || n_signs == 0)
    return operand;
  for (guint i = 0; i < (n_signs % 2 == 1 ? 1 : 2); i++)
    {
      expr = new_expr (self, XPATH_EXPR_NEGATION, position);
      expr->operand = operand;
      expr->needs_focus = operand->needs_focus;
      expr->uses_position = operand->uses_position;
      operand = expr;
    }
  return operand;
}

/* @level indexes `levels`; behind the last one stand signs and unions. */
static XPathExpr *
parse_expression (Parser *self, guint level)
{
  if (level == N_LEVELS)
    return parse_unary (self);
  return parse_chain (self, levels[level].first, levels[level].last, parse_expression, level + 1);
}

static void
xpath_free (SarapXPath *self)
{
  g_ptr_array_unref (self->blocks);
  g_free (self->source);
  g_free (self);
}

static gboolean
check_source (const char *expression, GError **error)
{
  if (!g_utf8_validate (expression, -1, NULL))
    {
      g_set_error_literal (error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_SYNTAX, "the expression is not valid UTF-8");
      return FALSE;
    }
  if (strlen (expression) > XPATH_MAX_LENGTH && g_utf8_strlen (expression, -1) > XPATH_MAX_LENGTH)
    {
      g_set_error (error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_LIMIT, "the expression is longer than %d characters", XPATH_MAX_LENGTH);
      return FALSE;
    }
  return TRUE;
}

/* @namespaces: prefix → URI, (nullable); see rule 2. Returns: (transfer full) or NULL with
 * SARAP_XPATH_ERROR_SYNTAX or _LIMIT and the place. */
SarapXPath *
sarap_xpath_compile (const char *expression, GHashTable *namespaces, GError **error)
{
  SarapXPath *self;
  Parser parser = { .lexer = { .at = expression, .position = 1 }, .namespaces = namespaces, .error = error };

  if (!check_source (expression, error))
    return NULL;
  self = g_new0 (SarapXPath, 1);
  g_atomic_ref_count_init (&self->references);
  self->source = g_strdup (expression);
  self->blocks = g_ptr_array_new_with_free_func (g_free);
  parser.xpath = self;
  if (advance (&parser))
    self->expr = parse_expression (&parser, 0);
  if (self->expr != NULL && parser.token.kind != XPATH_TOKEN_END)
    {
      fail_here (&parser, "an operator");
      self->expr = NULL;
    }
  if (self->expr == NULL)
    g_clear_pointer (&self, xpath_free);
  return self;
}

SarapXPath *
sarap_xpath_ref (SarapXPath *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
sarap_xpath_unref (SarapXPath *self)
{
  if (g_atomic_ref_count_dec (&self->references))
    xpath_free (self);
}

const char *
sarap_xpath_get_source (const SarapXPath *self)
{
  return self->source;
}
