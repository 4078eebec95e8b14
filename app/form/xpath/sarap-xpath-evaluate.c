#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>

/* A chain is folded from the left; `or` and `and` stop at the first term that decides. Errors
 * are raised only by what is reached. */

gboolean
xpath_fail (XPathEvaluator *self, const XPathExpr *at, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (self->error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_VALUE, "%s (character %u)", message, at->position);
  return FALSE;
}

static gboolean
evaluate_logic (XPathEvaluator *self, const XPathExpr *expr, const XPathFocus *focus, XPathValue *value)
{
  gboolean is_or = expr->chain.terms[1].operator== XPATH_OR;

  for (guint i = 0; i < expr->chain.n; i++)
    {
      gboolean boolean;

      xpath_value_reset (value);
      if (!xpath_evaluate (self, expr->chain.terms[i].operand, focus, value))
        return FALSE;
      boolean = xpath_to_boolean (self, value);
      if (boolean == is_or)
        {
          xpath_value_set_boolean (value, is_or);
          return TRUE;
        }
    }
  xpath_value_set_boolean (value, !is_or);
  return TRUE;
}

static gboolean
evaluate_union (XPathEvaluator *self, const XPathExpr *expr, const XPathFocus *focus, XPathValue *value)
{
  g_auto (XPathValue) all = XPATH_VALUE_INIT;

  xpath_value_clear_nodes (&all);
  for (guint i = 0; i < expr->chain.n; i++)
    {
      xpath_value_reset (value);
      if (!xpath_evaluate (self, expr->chain.terms[i].operand, focus, value))
        return FALSE;
      if (value->type != SARAP_XPATH_NODESET)
        return xpath_fail (self, expr->chain.terms[i].operand, "only nodes can be united with |");
      for (guint n = 0; n < xpath_value_n_nodes (value); n++)
        xpath_value_add_node (&all, xpath_value_peek_node (value, n));
    }
  xpath_value_reset (value);
  *value = all;
  all = (XPathValue) XPATH_VALUE_INIT;
  xpath_value_sort (value);
  return TRUE;
}

static double
calculate (XPathOperator operator, double a, double b)
{
  switch ((int) operator)
    {
    case XPATH_PLUS:
      return a + b;
    case XPATH_MINUS:
      return a - b;
    case XPATH_TIMES:
      return a * b;
    case XPATH_DIV:
      return a / b;
    default:
      return fmod (a, b);
    }
}

static gboolean
evaluate_chain (XPathEvaluator *self, const XPathExpr *expr, const XPathFocus *focus, XPathValue *value)
{
  XPathOperator first = expr->chain.terms[1].operator;

  if (first == XPATH_OR || first == XPATH_AND)
    return evaluate_logic (self, expr, focus, value);
  if (first == XPATH_UNION)
    return evaluate_union (self, expr, focus, value);
  if (!xpath_evaluate (self, expr->chain.terms[0].operand, focus, value))
    return FALSE;
  for (guint i = 1; i < expr->chain.n; i++)
    {
      g_auto (XPathValue) right = XPATH_VALUE_INIT;
      XPathOperator operator= expr->chain.terms[i].operator;

      if (!xpath_evaluate (self, expr->chain.terms[i].operand, focus, &right))
        return FALSE;
      if (operator>= XPATH_PLUS)
        xpath_value_set_number (value, calculate (operator, xpath_to_number (self, value), xpath_to_number (self, &right)));
      else
        xpath_value_set_boolean (value, xpath_compare (self, operator, value, &right));
    }
  return TRUE;
}

static gboolean
evaluate_call (XPathEvaluator *self, const XPathExpr *expr, const XPathFocus *focus, XPathValue *value)
{
  g_autofree char *problem = NULL;

  if (!expr->call.is_broken)
    return expr->call.function->evaluate (self, expr, focus, value);
  problem = xpath_call_dup_problem (expr);
  g_set_error_literal (self->error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_FUNCTION, problem);
  return FALSE;
}

/* @value must be fresh or reset. FALSE with the evaluator's error. */
gboolean
xpath_evaluate (XPathEvaluator *self, const XPathExpr *expr, const XPathFocus *focus, XPathValue *value)
{
  switch (expr->kind)
    {
    case XPATH_EXPR_NUMBER:
      xpath_value_set_number (value, expr->number);
      return TRUE;
    case XPATH_EXPR_STRING:
      xpath_value_borrow_text (value, expr->text);
      return TRUE;
    case XPATH_EXPR_CHAIN:
      return evaluate_chain (self, expr, focus, value);
    case XPATH_EXPR_NEGATION:
      if (!xpath_evaluate (self, expr->operand, focus, value))
        return FALSE;
      xpath_value_set_number (value, -xpath_to_number (self, value));
      return TRUE;
    case XPATH_EXPR_CALL:
      return evaluate_call (self, expr, focus, value);
    case XPATH_EXPR_PATH:
    default:
      return xpath_evaluate_path (self, expr, focus, value);
    }
}

/* Arguments of calls */
gboolean
xpath_argument (XPathEvaluator *self, const XPathExpr *call, guint index, const XPathFocus *focus, XPathValue *value)
{
  xpath_value_reset (value);
  return xpath_evaluate (self, call->call.arguments[index], focus, value);
}

gboolean
xpath_argument_number (XPathEvaluator *self, const XPathExpr *call, guint index, const XPathFocus *focus, double *number)
{
  g_auto (XPathValue) value = XPATH_VALUE_INIT;

  if (!xpath_argument (self, call, index, focus, &value))
    return FALSE;
  *number = xpath_to_number (self, &value);
  return TRUE;
}

gboolean
xpath_argument_boolean (XPathEvaluator *self, const XPathExpr *call, guint index, const XPathFocus *focus, gboolean *boolean)
{
  g_auto (XPathValue) value = XPATH_VALUE_INIT;

  if (!xpath_argument (self, call, index, focus, &value))
    return FALSE;
  *boolean = xpath_to_boolean (self, &value);
  return TRUE;
}

/* The text lives as long as @holder. NULL with the evaluator's error. */
const char *
xpath_argument_text (XPathEvaluator *self, const XPathExpr *call, guint index, const XPathFocus *focus, XPathValue *holder)
{
  return xpath_argument (self, call, index, focus, holder) ? xpath_to_text (self, holder) : NULL;
}

gboolean
xpath_argument_nodes (XPathEvaluator *self, const XPathExpr *call, guint index, const XPathFocus *focus, XPathValue *nodes)
{
  if (!xpath_argument (self, call, index, focus, nodes))
    return FALSE;
  if (nodes->type == SARAP_XPATH_NODESET)
    return TRUE;
  return xpath_fail (self, call, "%s() needs nodes as argument %u", call->call.name, index + 1);
}

static gboolean
call_for_each_node (XPathEvaluator *self, const XPathValue *nodes, XPathEachFunc func, gpointer data)
{
  for (guint i = 0; i < xpath_value_n_nodes (nodes); i++)
    {
      g_auto (XPathValue) text = XPATH_VALUE_INIT;

      xpath_node_text (self, xpath_value_peek_node (nodes, i), &text);
      if (!func (self, &text, data))
        return FALSE;
    }
  return TRUE;
}

gboolean
xpath_arguments_foreach (XPathEvaluator *self, const XPathExpr *call, guint first, const XPathFocus *focus, XPathEachFunc func, gpointer data)
{
  for (guint i = first; i < call->call.n; i++)
    {
      g_auto (XPathValue) value = XPATH_VALUE_INIT;

      if (!xpath_argument (self, call, i, focus, &value))
        return FALSE;
      if (value.type == SARAP_XPATH_NODESET ? !call_for_each_node (self, &value, func, data) : !func (self, &value, data))
        return FALSE;
    }
  return TRUE;
}

/* The public doors */
static gboolean
evaluate_source (const SarapXPath *xpath, XPathEvaluator *self, const SarapXPathContext *context, GError **error, XPathValue *value)
{
  XPathFocus focus = { context->node, MAX (context->position, 1), MAX (context->size, 1) };

  self->context = context;
  self->origin = context->current != NULL ? context->current : context->node;
  self->error = error;
  return xpath_evaluate (self, xpath->expr, &focus, value);
}

static void
export_nodes (XPathValue *value, SarapXPathValue *out)
{
  if (value->nodes != NULL)
    {
      out->nodes = g_steal_pointer (&value->nodes);
      return;
    }
  out->nodes = g_ptr_array_new ();
  if (value->node != NULL)
    g_ptr_array_add (out->nodes, value->node);
}

/* @value is overwritten; sarap_xpath_value_clear() it afterwards. FALSE with
 * SARAP_XPATH_ERROR_FUNCTION or _VALUE: the form must be mended. */
gboolean
sarap_xpath_evaluate (const SarapXPath *self, const SarapXPathContext *context, SarapXPathValue *value, GError **error)
{
  g_auto (XPathValue) working = XPATH_VALUE_INIT;
  XPathEvaluator evaluator;

  *value = (SarapXPathValue){ 0 };
  if (!evaluate_source (self, &evaluator, context, error, &working))
    return FALSE;
  value->type = working.type;
  value->boolean = working.boolean;
  value->number = working.number;
  if (working.type == SARAP_XPATH_NODESET)
    export_nodes (&working, value);
  else if (working.type == SARAP_XPATH_STRING || working.type == SARAP_XPATH_DATE)
    value->string = g_strdup (xpath_to_text (&evaluator, &working));
  return TRUE;
}

gboolean
sarap_xpath_evaluate_boolean (const SarapXPath *self, const SarapXPathContext *context, gboolean *value, GError **error)
{
  g_auto (XPathValue) working = XPATH_VALUE_INIT;
  XPathEvaluator evaluator;

  if (!evaluate_source (self, &evaluator, context, error, &working))
    return FALSE;
  *value = xpath_to_boolean (&evaluator, &working);
  return TRUE;
}

gboolean
sarap_xpath_evaluate_number (const SarapXPath *self, const SarapXPathContext *context, double *value, GError **error)
{
  g_auto (XPathValue) working = XPATH_VALUE_INIT;
  XPathEvaluator evaluator;

  if (!evaluate_source (self, &evaluator, context, error, &working))
    return FALSE;
  *value = xpath_to_number (&evaluator, &working);
  return TRUE;
}

/* Returns: (transfer full) NULL with @error */
char *
sarap_xpath_evaluate_string (const SarapXPath *self, const SarapXPathContext *context, GError **error)
{
  g_auto (XPathValue) working = XPATH_VALUE_INIT;
  XPathEvaluator evaluator;

  if (!evaluate_source (self, &evaluator, context, error, &working))
    return NULL;
  return g_strdup (xpath_to_text (&evaluator, &working));
}
