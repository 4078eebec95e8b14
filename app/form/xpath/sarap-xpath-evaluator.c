/* Operators:
 *
 *  1. Equality: boolean if either side is; else numeric (within 1e-12) if either is a number or
 *     date; else text. < <= > >= are numeric.
 *  2. A node-set is compared node by node, and one that holds is enough (XPath 1.0, 3.4); an
 *     empty one reads ''.
 *  3. mod has the sign of the dividend; div is always floating.
 *  4. or and and stop at the first operand that decides.
 */
#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>

gboolean
sarap_xpath_fail (Eval *eval, const char *format, ...)
{
  va_list arguments;
  g_autofree char *message = NULL;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (eval->error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_VALUE, message);
  return FALSE;
}

const SarapXPathHost *
sarap_xpath_host (Eval *eval)
{
  static const SarapXPathHost none = { NULL };

  return eval->outer->host != NULL ? eval->outer->host : &none;
}

gboolean
sarap_xpath_eval_number (Eval *eval, const Expr *expr, double *number)
{
  g_auto (Value) value = VALUE_INIT;

  if (!sarap_xpath_eval (eval, expr, &value))
    return FALSE;
  *number = value_number (&value);
  return TRUE;
}

gboolean
sarap_xpath_eval_boolean (Eval *eval, const Expr *expr, gboolean *boolean)
{
  g_auto (Value) value = VALUE_INIT;

  if (!sarap_xpath_eval (eval, expr, &value))
    return FALSE;
  *boolean = value_boolean (&value);
  return TRUE;
}

gboolean
sarap_xpath_eval_text (Eval *eval, const Expr *expr, Value *value, const char **text)
{
  if (!sarap_xpath_eval (eval, expr, value))
    return FALSE;
  *text = value_text (value);
  return TRUE;
}

static gboolean
is_numeric (Value *value)
{
  return value->type == SARAP_XPATH_NUMBER || value->type == SARAP_XPATH_DATE ||
         (value->type == SARAP_XPATH_NODESET && value->n_nodes > 0 && value_nodes (value)[0]->is_number);
}

static gboolean
numbers_hold (ExprKind kind, double a, double b)
{
  gboolean equal = a == b || fabs (a - b) < 1e-12;

  switch ((int) kind)
    {
    case EXPR_EQUAL:
      return equal;
    case EXPR_NOT_EQUAL:
      return !equal;
    case EXPR_LESS:
      return a < b && !equal;
    case EXPR_LESS_EQUAL:
      return a < b || equal;
    case EXPR_GREATER:
      return a > b && !equal;
    default:
      return a > b || equal;
    }
}

static gboolean
scalars_hold (ExprKind kind, Value *left, Value *right)
{
  gboolean is_equality = kind == EXPR_EQUAL || kind == EXPR_NOT_EQUAL;

  if (is_equality && (left->type == SARAP_XPATH_BOOLEAN || right->type == SARAP_XPATH_BOOLEAN))
    return (value_boolean (left) == value_boolean (right)) == (kind == EXPR_EQUAL);
  if (!is_equality || is_numeric (left) || is_numeric (right))
    return numbers_hold (kind, value_number (left), value_number (right));
  return g_str_equal (value_text (left), value_text (right)) == (kind == EXPR_EQUAL);
}

static void
set_single_node (Value *value, SarapNode *node)
{
  value_start_nodes (value);
  value_add_node (value, node);
}

/* Rule 2. */
static gboolean
values_hold (ExprKind kind, Value *left, Value *right)
{
  gboolean many = (left->type == SARAP_XPATH_NODESET && left->n_nodes > 1) || (right->type == SARAP_XPATH_NODESET && right->n_nodes > 1);

  if (!many || left->type == SARAP_XPATH_BOOLEAN || right->type == SARAP_XPATH_BOOLEAN)
    return scalars_hold (kind, left, right);
  if (left->type == SARAP_XPATH_NODESET && left->n_nodes > 1)
    {
      g_auto (Value) one = VALUE_INIT;

      for (guint i = 0; i < left->n_nodes; i++)
        {
          set_single_node (&one, value_nodes (left)[i]);
          if (values_hold (kind, &one, right))
            return TRUE;
        }
      return FALSE;
    }
  for (guint i = 0; i < right->n_nodes; i++)
    {
      g_auto (Value) one = VALUE_INIT;

      set_single_node (&one, value_nodes (right)[i]);
      if (values_hold (kind, left, &one))
        return TRUE;
    }
  return FALSE;
}

static double
calculate (ExprKind kind, double a, double b)
{
  switch ((int) kind)
    {
    case EXPR_ADD:
      return a + b;
    case EXPR_SUBTRACT:
      return a - b;
    case EXPR_MULTIPLY:
      return a * b;
    case EXPR_DIVIDE:
      return a / b;
    default:
      return fmod (a, b);
    }
}

static gboolean
eval_logic (Eval *eval, const Expr *expr, Value *result)
{
  gboolean decided_by = expr->kind == EXPR_OR;

  for (guint i = 0; i < expr->n_arguments; i++)
    {
      gboolean operand;

      if (!sarap_xpath_eval_boolean (eval, expr->arguments[i], &operand))
        return FALSE;
      if (operand == decided_by)
        {
          value_set_boolean (result, decided_by);
          return TRUE;
        }
    }
  value_set_boolean (result, !decided_by);
  return TRUE;
}

static gboolean
eval_comparison (Eval *eval, const Expr *expr, Value *result)
{
  g_auto (Value) left = VALUE_INIT;

  if (!sarap_xpath_eval (eval, expr->arguments[0], &left))
    return FALSE;
  for (guint i = 1; i < expr->n_arguments; i++)
    {
      g_auto (Value) right = VALUE_INIT;

      if (!sarap_xpath_eval (eval, expr->arguments[i], &right))
        return FALSE;
      value_set_boolean (result, values_hold (expr->kind, &left, &right));
      value_set_boolean (&left, result->boolean);
    }
  return TRUE;
}

static gboolean
eval_arithmetic (Eval *eval, const Expr *expr, Value *result)
{
  double number = 0;

  for (guint i = 0; i < expr->n_arguments; i++)
    {
      double operand;

      if (!sarap_xpath_eval_number (eval, expr->arguments[i], &operand))
        return FALSE;
      number = i == 0 ? operand : calculate (expr->kind, number, operand);
    }
  value_set_number (result, number);
  return TRUE;
}

static gboolean
eval_negation (Eval *eval, const Expr *expr, Value *result)
{
  double number;

  if (!sarap_xpath_eval_number (eval, expr->arguments[0], &number))
    return FALSE;
  value_set_number (result, -number);
  return TRUE;
}

static gboolean
eval_union (Eval *eval, const Expr *expr, Value *result)
{
  g_auto (Value) right = VALUE_INIT;

  if (!sarap_xpath_eval (eval, expr->arguments[0], result) || !sarap_xpath_eval (eval, expr->arguments[1], &right))
    return FALSE;
  if (result->type != SARAP_XPATH_NODESET || right.type != SARAP_XPATH_NODESET)
    return sarap_xpath_fail (eval, "both sides of | must be node-sets");
  for (guint i = 0; i < right.n_nodes; i++)
    value_add_node (result, value_nodes (&right)[i]);
  value_sort_nodes (result, TRUE);
  return TRUE;
}

static gboolean
eval_call (Eval *eval, const Expr *expr, Value *result)
{
  if (expr->function == NULL)
    {
      g_set_error (eval->error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_FUNCTION, "unknown function %s()", expr->text);
      return FALSE;
    }
  return expr->function->evaluate (eval, expr, result);
}

gboolean
sarap_xpath_eval (Eval *eval, const Expr *expr, Value *result)
{
  switch (expr->kind)
    {
    case EXPR_NUMBER:
      value_set_number (result, expr->number);
      return TRUE;
    case EXPR_LITERAL:
      value_set_text (result, expr->text);
      return TRUE;
    case EXPR_CALL:
      return eval_call (eval, expr, result);
    case EXPR_PATH:
      if (eval->outer->candidate != NULL && !expr->is_absolute && expr->n_steps == 1 && expr->steps[0].axis == AXIS_SELF && eval->node == eval->outer->node)
        {
          value_set_text (result, eval->outer->candidate);
          return TRUE;
        }
      return sarap_xpath_eval_path (eval, expr, result);
    case EXPR_FILTER:
      return sarap_xpath_eval_filter (eval, expr, result);
    case EXPR_UNION:
      return eval_union (eval, expr, result);
    case EXPR_OR:
    case EXPR_AND:
      return eval_logic (eval, expr, result);
    case EXPR_EQUAL:
    case EXPR_NOT_EQUAL:
    case EXPR_LESS:
    case EXPR_LESS_EQUAL:
    case EXPR_GREATER:
    case EXPR_GREATER_EQUAL:
      return eval_comparison (eval, expr, result);
    case EXPR_NEGATE:
      return eval_negation (eval, expr, result);
    case EXPR_ADD:
    case EXPR_SUBTRACT:
    case EXPR_MULTIPLY:
    case EXPR_DIVIDE:
    case EXPR_MODULO:
    default:
      return eval_arithmetic (eval, expr, result);
    }
}
