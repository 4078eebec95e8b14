/* Functions on numbers:
 *
 *  1. round(x) goes half toward plus infinity; round(x, d) works on the decimal text, so that
 *     1.455 to 2 digits is 1.46; a negative d rounds left of the point.
 *  2. int() truncates toward zero; int('') is NaN.
 *  3. sum, min and max skip blanks; the sum of nothing is 0, min and max of nothing NaN.
 */
#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>
#include <string.h>

static gboolean
apply (Eval *eval, const Expr *call, Value *result, double (*function) (double))
{
  double number;

  if (!sarap_xpath_eval_number (eval, call->arguments[0], &number))
    return FALSE;
  value_set_number (result, function (number));
  return TRUE;
}

#define DEFINE_UNARY(name, function)                          \
  static gboolean                                             \
      fn_##name (Eval *eval, const Expr *call, Value *result) \
  {                                                           \
    return apply (eval, call, result, function);              \
  }

static double
ten_to (double exponent)
{
  return pow (10, exponent);
}

DEFINE_UNARY (floor, floor)
DEFINE_UNARY (ceiling, ceil)
DEFINE_UNARY (abs, fabs)
DEFINE_UNARY (int, trunc)
DEFINE_UNARY (log, log)
DEFINE_UNARY (log10, log10)
DEFINE_UNARY (exp, exp)
DEFINE_UNARY (exp10, ten_to)
DEFINE_UNARY (sqrt, sqrt)
DEFINE_UNARY (sin, sin)
DEFINE_UNARY (cos, cos)
DEFINE_UNARY (tan, tan)
DEFINE_UNARY (asin, asin)
DEFINE_UNARY (acos, acos)
DEFINE_UNARY (atan, atan)

static gboolean
fn_atan2 (Eval *eval, const Expr *call, Value *result)
{
  double y, x;

  if (!sarap_xpath_eval_number (eval, call->arguments[0], &y) || !sarap_xpath_eval_number (eval, call->arguments[1], &x))
    return FALSE;
  value_set_number (result, atan2 (y, x));
  return TRUE;
}

static gboolean
fn_pow (Eval *eval, const Expr *call, Value *result)
{
  double base, exponent;

  if (!sarap_xpath_eval_number (eval, call->arguments[0], &base) || !sarap_xpath_eval_number (eval, call->arguments[1], &exponent))
    return FALSE;
  value_set_number (result, pow (base, exponent));
  return TRUE;
}

static gboolean
fn_pi (Eval *eval, const Expr *call, Value *result)
{
  value_set_number (result, G_PI);
  return TRUE;
}

/* Rule 1: the point is moved in the text, so that no binary fraction decides. */
static double
shift (double number, int digits)
{
  g_autofree char *text = sarap_xpath_format_number (number);
  g_autofree char *moved = g_strdup_printf ("%se%d", text, digits);

  return g_ascii_strtod (moved, NULL);
}

static gboolean
fn_round (Eval *eval, const Expr *call, Value *result)
{
  double number, digits = 0;

  if (!sarap_xpath_eval_number (eval, call->arguments[0], &number) ||
      (call->n_arguments > 1 && !sarap_xpath_eval_number (eval, call->arguments[1], &digits)))
    return FALSE;
  digits = isnan (digits) ? 0 : CLAMP (trunc (digits), -300, 300);
  if (isnan (number) || isinf (number))
    value_set_number (result, number);
  else
    value_set_number (result, shift (floor (shift (number, (int) digits) + 0.5), -(int) digits));
  return TRUE;
}

typedef enum
{
  FOLD_SUM,
  FOLD_MIN,
  FOLD_MAX,
} Fold;

static void
fold_number (Fold fold, double number, double *total, guint *count)
{
  if (fold == FOLD_SUM || *count == 0)
    *total = *count == 0 ? number : *total + number;
  else if (!isnan (*total))
    *total = isnan (number) ? number : fold == FOLD_MIN ? MIN (*total, number)
                                                        : MAX (*total, number);
  (*count)++;
}

static gboolean
fold_arguments (Eval *eval, const Expr *call, Fold fold, double *total, guint *count)
{
  *count = 0;
  *total = fold == FOLD_SUM ? 0 : NAN;
  for (guint i = 0; i < call->n_arguments; i++)
    {
      g_auto (Value) value = VALUE_INIT;

      if (!sarap_xpath_eval (eval, call->arguments[i], &value))
        return FALSE;
      if (value.type != SARAP_XPATH_NODESET)
        {
          if (*value_text (&value) != '\0')
            fold_number (fold, value_number (&value), total, count);
          continue;
        }
      for (guint k = 0; k < value.n_nodes; k++)
        {
          g_autofree char *owned = NULL;
          const char *text = sarap_xpath_node_text (value_nodes (&value)[k], &owned);

          if (*text != '\0')
            fold_number (fold, sarap_xpath_text_to_number (text), total, count);
        }
    }
  return TRUE;
}

static gboolean
fn_sum (Eval *eval, const Expr *call, Value *result)
{
  double total;
  guint count;

  if (!fold_arguments (eval, call, FOLD_SUM, &total, &count))
    return FALSE;
  value_set_number (result, total);
  return TRUE;
}

static gboolean
fn_min (Eval *eval, const Expr *call, Value *result)
{
  double total;
  guint count;

  if (!fold_arguments (eval, call, FOLD_MIN, &total, &count))
    return FALSE;
  value_set_number (result, total);
  return TRUE;
}

static gboolean
fn_max (Eval *eval, const Expr *call, Value *result)
{
  double total;
  guint count;

  if (!fold_arguments (eval, call, FOLD_MAX, &total, &count))
    return FALSE;
  value_set_number (result, total);
  return TRUE;
}

static gboolean
fn_avg (Eval *eval, const Expr *call, Value *result)
{
  double total;
  guint count;

  if (!fold_arguments (eval, call, FOLD_SUM, &total, &count))
    return FALSE;
  value_set_number (result, count > 0 ? total / count : NAN);
  return TRUE;
}

const Function sarap_xpath_number_functions[] = {
  { "floor", 1, 1, fn_floor },
  { "ceiling", 1, 1, fn_ceiling },
  { "abs", 1, 1, fn_abs },
  { "int", 1, 1, fn_int },
  { "round", 1, 2, fn_round },
  { "log", 1, 1, fn_log },
  { "log10", 1, 1, fn_log10 },
  { "exp", 1, 1, fn_exp },
  { "exp10", 1, 1, fn_exp10 },
  { "sqrt", 1, 1, fn_sqrt },
  { "pow", 2, 2, fn_pow },
  { "sin", 1, 1, fn_sin },
  { "cos", 1, 1, fn_cos },
  { "tan", 1, 1, fn_tan },
  { "asin", 1, 1, fn_asin },
  { "acos", 1, 1, fn_acos },
  { "atan", 1, 1, fn_atan },
  { "atan2", 2, 2, fn_atan2 },
  { "pi", 0, 0, fn_pi },
  { "sum", 1, -1, fn_sum },
  { "min", 1, -1, fn_min },
  { "max", 1, -1, fn_max },
  { "avg", 1, -1, fn_avg },
  { NULL },
};
