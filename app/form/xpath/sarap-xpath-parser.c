/* Grammar of XPath 1.0, section 2 and 3, by recursive descent. Parentheses, predicates and calls
 * nest at most SARAP_XPATH_MAX_DEPTH deep; chains of operators are loops, so a long sum is not deep. */
#include "app/form/xpath/sarap-xpath-lexer.h"
#include "app/form/xpath/sarap-xpath-private.h"

#include <string.h>

typedef struct
{
  Lexer lexer;
  GHashTable *namespaces;
  guint depth;
  GError **error;
} Parser;

static Expr *parse_or (Parser *parser);

static void
steps_free (Step *steps, guint n_steps)
{
  for (guint i = 0; i < n_steps; i++)
    {
      for (guint p = 0; p < steps[i].n_predicates; p++)
        sarap_xpath_expr_free (steps[i].predicates[p]);
      g_free (steps[i].predicates);
    }
  g_free (steps);
}

void
sarap_xpath_expr_free (Expr *expr)
{
  if (expr == NULL)
    return;
  for (guint i = 0; i < expr->n_arguments; i++)
    sarap_xpath_expr_free (expr->arguments[i]);
  for (guint i = 0; i < expr->n_predicates; i++)
    sarap_xpath_expr_free (expr->predicates[i]);
  steps_free (expr->steps, expr->n_steps);
  g_free (expr->arguments);
  g_free (expr->predicates);
  g_free (expr->text);
  g_free (expr);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Expr, sarap_xpath_expr_free)

static Expr *
expr_new (ExprKind kind)
{
  Expr *expr = g_new0 (Expr, 1);

  expr->kind = kind;
  return expr;
}

static void
append (Expr ***list, guint *n, Expr *expr)
{
  *list = g_renew (Expr *, *list, *n + 1);
  (*list)[(*n)++] = expr;
}

static gpointer
fail (Parser *parser, const char *expected)
{
  const Token *token = &parser->lexer.token;
  guint position = (guint) (token->start - parser->lexer.source) + 1;

  if (token->kind == TOKEN_END)
    g_set_error (parser->error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_SYNTAX, "position %u: %s expected, but the expression ends", position, expected);
  else
    g_set_error (parser->error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_SYNTAX, "position %u: %s expected, not “%.*s”", position, expected, (int) token->length, token->start);
  return NULL;
}

static gboolean
advance (Parser *parser)
{
  return sarap_lexer_advance (&parser->lexer, parser->error);
}

static gboolean
is_operator (Parser *parser, const char *text)
{
  return parser->lexer.token.kind == TOKEN_OPERATOR && sarap_token_is (&parser->lexer.token, text);
}

static gboolean
expect (Parser *parser, TokenKind kind, const char *what)
{
  if (parser->lexer.token.kind != kind)
    {
      fail (parser, what);
      return FALSE;
    }
  return advance (parser);
}

static gboolean
enter (Parser *parser)
{
  if (++parser->depth <= SARAP_XPATH_MAX_DEPTH)
    return TRUE;
  g_set_error (parser->error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_LIMIT,
               "position %u: parentheses, predicates and calls nest deeper than %d levels; split the expression with calculate",
               (guint) (parser->lexer.token.start - parser->lexer.source) + 1, SARAP_XPATH_MAX_DEPTH);
  return FALSE;
}

static gboolean
parse_predicates (Parser *parser, Expr ***predicates, guint *n)
{
  while (parser->lexer.token.kind == TOKEN_OPEN_BRACKET)
    {
      Expr *predicate;

      if (!enter (parser) || !advance (parser))
        return FALSE;
      predicate = parse_or (parser);
      if (predicate == NULL)
        return FALSE;
      append (predicates, n, predicate);
      parser->depth--;
      if (!expect (parser, TOKEN_CLOSE_BRACKET, "]"))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_axis (const Token *token, Axis *axis)
{
  static const char *const names[] = {
    [AXIS_CHILD] = "child",
    [AXIS_SELF] = "self",
    [AXIS_PARENT] = "parent",
    [AXIS_ATTRIBUTE] = "attribute",
    [AXIS_DESCENDANT] = "descendant",
    [AXIS_DESCENDANT_OR_SELF] = "descendant-or-self",
    [AXIS_ANCESTOR] = "ancestor",
    [AXIS_ANCESTOR_OR_SELF] = "ancestor-or-self",
    [AXIS_FOLLOWING] = "following",
    [AXIS_FOLLOWING_SIBLING] = "following-sibling",
    [AXIS_PRECEDING] = "preceding",
    [AXIS_PRECEDING_SIBLING] = "preceding-sibling",
    [AXIS_NAMESPACE] = "namespace",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (sarap_token_is (token, names[i]))
      {
        *axis = i;
        return TRUE;
      }
  return FALSE;
}

static void
set_name_test (Parser *parser, Step *step, const Token *token)
{
  const char *colon = memchr (token->start, ':', token->length);
  g_autofree char *local = colon ? g_strndup (colon + 1, token->start + token->length - colon - 1) : g_strndup (token->start, token->length);

  step->test = TEST_NAME;
  step->name = g_str_equal (local, "*") ? NULL : sarap_node_intern (local);
  if (colon != NULL)
    {
      g_autofree char *prefix = g_strndup (token->start, colon - token->start);

      step->prefix = sarap_node_intern (prefix);
      step->ns = parser->namespaces ? sarap_node_intern (g_hash_table_lookup (parser->namespaces, prefix)) : NULL;
    }
}

static gboolean
is_node_type (const Token *token)
{
  return sarap_token_is (token, "node") || sarap_token_is (token, "text") || sarap_token_is (token, "comment") || sarap_token_is (token, "processing-instruction");
}

static gboolean
parse_node_type (Parser *parser, Step *step)
{
  const Token *token = &parser->lexer.token;

  step->test = sarap_token_is (token, "node") ? TEST_NODE : sarap_token_is (token, "text")  ? TEST_TEXT
                                                        : sarap_token_is (token, "comment") ? TEST_COMMENT
                                                                                            : TEST_INSTRUCTION;
  if (!advance (parser) || !expect (parser, TOKEN_OPEN, "("))
    return FALSE;
  if (step->test == TEST_INSTRUCTION && token->kind == TOKEN_LITERAL)
    {
      g_autofree char *name = g_strndup (token->start, token->length);

      step->name = sarap_node_intern (name);
      if (!advance (parser))
        return FALSE;
    }
  return expect (parser, TOKEN_CLOSE, ")");
}

static gboolean
parse_axis (Parser *parser, Step *step)
{
  Token next;

  if (parser->lexer.token.kind == TOKEN_AT)
    {
      step->axis = AXIS_ATTRIBUTE;
      return advance (parser);
    }
  if (parser->lexer.token.kind != TOKEN_NAME)
    return TRUE;
  if (!sarap_lexer_peek (&parser->lexer, &next, parser->error))
    return FALSE;
  if (next.kind != TOKEN_AXIS)
    return TRUE;
  if (!find_axis (&parser->lexer.token, &step->axis))
    {
      fail (parser, "an axis");
      return FALSE;
    }
  return advance (parser) && advance (parser);
}

static gboolean
parse_step (Parser *parser, Step *step)
{
  Token next;

  if (parser->lexer.token.kind == TOKEN_DOT || parser->lexer.token.kind == TOKEN_DOT_DOT)
    {
      step->axis = parser->lexer.token.kind == TOKEN_DOT ? AXIS_SELF : AXIS_PARENT;
      step->test = TEST_NODE;
      return advance (parser) && parse_predicates (parser, &step->predicates, &step->n_predicates);
    }
  if (!parse_axis (parser, step))
    return FALSE;
  if (parser->lexer.token.kind != TOKEN_NAME)
    {
      fail (parser, "a name");
      return FALSE;
    }
  if (!sarap_lexer_peek (&parser->lexer, &next, parser->error))
    return FALSE;
  if (next.kind == TOKEN_OPEN && is_node_type (&parser->lexer.token))
    {
      if (!parse_node_type (parser, step))
        return FALSE;
    }
  else
    {
      set_name_test (parser, step, &parser->lexer.token);
      if (!advance (parser))
        return FALSE;
    }
  return parse_predicates (parser, &step->predicates, &step->n_predicates);
}

static Step *
add_step (Expr *expr)
{
  expr->steps = g_renew (Step, expr->steps, expr->n_steps + 1);
  memset (&expr->steps[expr->n_steps], 0, sizeof (Step));
  return &expr->steps[expr->n_steps++];
}

static void
add_any_descendant (Expr *expr)
{
  Step *step = add_step (expr);

  step->axis = AXIS_DESCENDANT_OR_SELF;
  step->test = TEST_NODE;
}

static gboolean
starts_step (TokenKind kind)
{
  return kind == TOKEN_NAME || kind == TOKEN_AT || kind == TOKEN_DOT || kind == TOKEN_DOT_DOT;
}

/* Steps from the current token on; a slash before each but the first. */
static gboolean
parse_steps (Parser *parser, Expr *expr)
{
  for (;;)
    {
      if (!parse_step (parser, add_step (expr)))
        return FALSE;
      if (parser->lexer.token.kind == TOKEN_SLASH_SLASH)
        add_any_descendant (expr);
      else if (parser->lexer.token.kind != TOKEN_SLASH)
        return TRUE;
      if (!advance (parser))
        return FALSE;
    }
}

static Expr *
parse_location_path (Parser *parser)
{
  g_autoptr (Expr) path = expr_new (EXPR_PATH);

  if (parser->lexer.token.kind == TOKEN_SLASH)
    {
      path->is_absolute = TRUE;
      if (!advance (parser))
        return NULL;
      if (!starts_step (parser->lexer.token.kind))
        return g_steal_pointer (&path);
    }
  else if (parser->lexer.token.kind == TOKEN_SLASH_SLASH)
    {
      path->is_absolute = TRUE;
      add_any_descendant (path);
      if (!advance (parser))
        return NULL;
    }
  return parse_steps (parser, path) ? g_steal_pointer (&path) : NULL;
}

static gboolean
parse_arguments (Parser *parser, Expr *call)
{
  if (!enter (parser) || !advance (parser) || !advance (parser))
    return FALSE;
  while (parser->lexer.token.kind != TOKEN_CLOSE)
    {
      Expr *argument = parse_or (parser);

      if (argument == NULL)
        return FALSE;
      append (&call->arguments, &call->n_arguments, argument);
      if (parser->lexer.token.kind == TOKEN_CLOSE)
        break;
      if (!expect (parser, TOKEN_COMMA, ", or )"))
        return FALSE;
      if (parser->lexer.token.kind == TOKEN_CLOSE)
        {
          fail (parser, "an argument");
          return FALSE;
        }
    }
  parser->depth--;
  return expect (parser, TOKEN_CLOSE, ")");
}

static Expr *
parse_call (Parser *parser)
{
  g_autoptr (Expr) call = expr_new (EXPR_CALL);
  const Token token = parser->lexer.token;
  int n;

  call->text = g_strndup (token.start, token.length);
  call->function = sarap_xpath_find_function (call->text);
  if (!parse_arguments (parser, call))
    return NULL;
  n = call->n_arguments;
  if (call->function == NULL || (n >= call->function->min_arguments && (call->function->max_arguments < 0 || n <= call->function->max_arguments)))
    return g_steal_pointer (&call);
  g_set_error (parser->error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_FUNCTION, "position %u: %s() takes %s%d argument%s, not %d",
               (guint) (token.start - parser->lexer.source) + 1, call->text,
               n < call->function->min_arguments ? (call->function->max_arguments == call->function->min_arguments ? "" : "at least ") : "at most ",
               n < call->function->min_arguments ? call->function->min_arguments : call->function->max_arguments,
               (n < call->function->min_arguments ? call->function->min_arguments : call->function->max_arguments) == 1 ? "" : "s", n);
  return NULL;
}

static Expr *
parse_primary (Parser *parser)
{
  g_autoptr (Expr) expr = NULL;
  const Token *token = &parser->lexer.token;

  switch (token->kind)
    {
    case TOKEN_NUMBER:
      expr = expr_new (EXPR_NUMBER);
      expr->number = token->number;
      return advance (parser) ? g_steal_pointer (&expr) : NULL;
    case TOKEN_LITERAL:
      expr = expr_new (EXPR_LITERAL);
      expr->text = g_strndup (token->start, token->length);
      return advance (parser) ? g_steal_pointer (&expr) : NULL;
    case TOKEN_OPEN:
      if (!enter (parser) || !advance (parser))
        return NULL;
      expr = parse_or (parser);
      parser->depth--;
      return expr && expect (parser, TOKEN_CLOSE, ")") ? g_steal_pointer (&expr) : NULL;
    case TOKEN_VARIABLE:
      return fail (parser, "a path, number, text or function (ODK forms have no variables)");
    case TOKEN_NAME:
      return parse_call (parser);
    case TOKEN_END:
    case TOKEN_OPERATOR:
    case TOKEN_CLOSE:
    case TOKEN_OPEN_BRACKET:
    case TOKEN_CLOSE_BRACKET:
    case TOKEN_COMMA:
    case TOKEN_AT:
    case TOKEN_AXIS:
    case TOKEN_DOT:
    case TOKEN_DOT_DOT:
    case TOKEN_SLASH:
    case TOKEN_SLASH_SLASH:
    default:
      return fail (parser, "a value");
    }
}

static gboolean
starts_path (Parser *parser, gboolean *is_path)
{
  TokenKind kind = parser->lexer.token.kind;
  Token next;

  *is_path = starts_step (kind) || kind == TOKEN_SLASH || kind == TOKEN_SLASH_SLASH;
  if (kind != TOKEN_NAME)
    return TRUE;
  if (!sarap_lexer_peek (&parser->lexer, &next, parser->error))
    return FALSE;
  *is_path = next.kind != TOKEN_OPEN || is_node_type (&parser->lexer.token);
  return TRUE;
}

/* PathExpr: a location path, or a primary expression with predicates and steps behind it. */
static Expr *
parse_path (Parser *parser)
{
  g_autoptr (Expr) primary = NULL, filter = NULL;
  gboolean is_path;

  if (!starts_path (parser, &is_path))
    return NULL;
  if (is_path)
    return parse_location_path (parser);
  primary = parse_primary (parser);
  if (primary == NULL)
    return NULL;
  if (parser->lexer.token.kind != TOKEN_OPEN_BRACKET && parser->lexer.token.kind != TOKEN_SLASH && parser->lexer.token.kind != TOKEN_SLASH_SLASH)
    return g_steal_pointer (&primary);
  filter = expr_new (EXPR_FILTER);
  append (&filter->arguments, &filter->n_arguments, g_steal_pointer (&primary));
  if (!parse_predicates (parser, &filter->predicates, &filter->n_predicates))
    return NULL;
  if (parser->lexer.token.kind != TOKEN_SLASH && parser->lexer.token.kind != TOKEN_SLASH_SLASH)
    return g_steal_pointer (&filter);
  if (parser->lexer.token.kind == TOKEN_SLASH_SLASH)
    add_any_descendant (filter);
  if (!advance (parser) || !parse_steps (parser, filter))
    return NULL;
  return g_steal_pointer (&filter);
}

static Expr *
parse_unary (Parser *parser)
{
  gboolean is_negative = FALSE, is_signed = FALSE;
  Expr *operand, *expr;

  for (; is_operator (parser, "-"); is_negative = !is_negative, is_signed = TRUE)
    if (!advance (parser))
      return NULL;
  operand = parse_path (parser);
  while (operand != NULL && is_operator (parser, "|"))
    {
      expr = expr_new (EXPR_UNION);
      append (&expr->arguments, &expr->n_arguments, operand);
      operand = advance (parser) ? parse_path (parser) : NULL;
      if (operand == NULL)
        {
          sarap_xpath_expr_free (expr);
          return NULL;
        }
      append (&expr->arguments, &expr->n_arguments, operand);
      operand = expr;
    }
  for (int i = 0; operand != NULL && is_signed && i < (is_negative ? 1 : 2); i++)
    {
      expr = expr_new (EXPR_NEGATE);
      append (&expr->arguments, &expr->n_arguments, operand);
      operand = expr;
    }
  return operand;
}

typedef struct
{
  const char *text;
  ExprKind kind;
} Operator;

/* Levels from weakest to strongest; each is left-associative. A level's chain is one node with
 * many operands for or, and; a left-leaning spine for the others, built and evaluated in a loop. */
static const Operator level_or[] = { { "or", EXPR_OR }, { NULL } };
static const Operator level_and[] = { { "and", EXPR_AND }, { NULL } };
static const Operator level_equality[] = { { "=", EXPR_EQUAL }, { "!=", EXPR_NOT_EQUAL }, { NULL } };
static const Operator level_relation[] = { { "<", EXPR_LESS }, { "<=", EXPR_LESS_EQUAL }, { ">", EXPR_GREATER }, { ">=", EXPR_GREATER_EQUAL }, { NULL } };
static const Operator level_sum[] = { { "+", EXPR_ADD }, { "-", EXPR_SUBTRACT }, { NULL } };
static const Operator level_product[] = { { "*", EXPR_MULTIPLY }, { "div", EXPR_DIVIDE }, { "mod", EXPR_MODULO }, { NULL } };
static const Operator *const levels[] = { level_or, level_and, level_equality, level_relation, level_sum, level_product };

static gboolean
find_operator (Parser *parser, const Operator *level, ExprKind *kind)
{
  for (; level->text != NULL; level++)
    if (is_operator (parser, level->text))
      {
        *kind = level->kind;
        return TRUE;
      }
  return FALSE;
}

/* Operands of one kind in a row are gathered in one node, whatever their number. */
static Expr *
join (Expr *left, ExprKind kind, Expr *right)
{
  Expr *expr;

  if (left->kind == kind && left->number == 1)
    {
      append (&left->arguments, &left->n_arguments, right);
      return left;
    }
  expr = expr_new (kind);
  expr->number = 1;
  append (&expr->arguments, &expr->n_arguments, left);
  append (&expr->arguments, &expr->n_arguments, right);
  return expr;
}

static Expr *
parse_level (Parser *parser, guint level)
{
  Expr *left = level == G_N_ELEMENTS (levels) ? parse_unary (parser) : parse_level (parser, level + 1);
  ExprKind kind;

  if (level == G_N_ELEMENTS (levels))
    return left;
  while (left != NULL && find_operator (parser, levels[level], &kind))
    {
      Expr *right = advance (parser) ? parse_level (parser, level + 1) : NULL;

      if (right == NULL)
        {
          sarap_xpath_expr_free (left);
          return NULL;
        }
      left = join (left, kind, right);
    }
  if (left != NULL)
    left->number = left->kind == EXPR_NUMBER ? left->number : 0;
  return left;
}

static Expr *
parse_or (Parser *parser)
{
  return parse_level (parser, 0);
}

Expr *
sarap_xpath_parse (const char *source, GHashTable *namespaces, GError **error)
{
  Parser parser = { .namespaces = namespaces, .error = error };
  g_autoptr (Expr) expr = NULL;

  if (strlen (source) > SARAP_XPATH_MAX_LENGTH)
    {
      g_set_error (error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_LIMIT, "the expression is longer than %d characters; split it with calculate", SARAP_XPATH_MAX_LENGTH);
      return NULL;
    }
  sarap_lexer_init (&parser.lexer, source);
  if (!advance (&parser))
    return NULL;
  expr = parse_or (&parser);
  if (expr == NULL)
    return NULL;
  if (parser.lexer.token.kind != TOKEN_END)
    return fail (&parser, "an operator or the end");
  return g_steal_pointer (&expr);
}
