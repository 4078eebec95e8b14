#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* 1. round() goes half toward +infinity; with places it looks at the decimal text of the number
 *    ("1.455" to 2 places is 1.46), and beyond 30 places either way it is NaN.
 * 2. sum, avg, min and max skip blanks; a text that is no number makes them NaN. The sum of
 *    nothing is 0, the others of nothing are NaN.
 * 3. int() and the like keep NaN; boolean-from-string() knows 'true' and '1' only. */

#define MAX_PLACES 30

gboolean
xpath_call_unary (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  double number;

  if (!xpath_argument_number (self, call, 0, focus, &number))
    return FALSE;
  xpath_value_set_number (result, call->call.function->unary (number));
  return TRUE;
}

gboolean
xpath_call_number (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  double number;

  if (call->call.n == 0)
    {
      if (!xpath_call_string (self, call, focus, result))
        return FALSE;
      number = xpath_to_number (self, result);
    }
  else if (!xpath_argument_number (self, call, 0, focus, &number))
    return FALSE;
  xpath_value_set_number (result, number);
  return TRUE;
}

/* Half toward +infinity, without the error of x + 0.5. */
static double
round_half_up (double number)
{
  double below = floor (number);

  return number - below >= 0.5 ? below + 1 : below;
}

/* @number times ten to the @exponent, exact in decimal. */
static double
shift_decimal (double number, int exponent)
{
  g_autofree char *text = sarap_xpath_format_number (number);
  g_autofree char *shifted = g_strdup_printf ("%se%d", text, exponent);

  return g_ascii_strtod (shifted, NULL);
}

gboolean
xpath_call_round (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  double number, places = 0;

  if (!xpath_argument_number (self, call, 0, focus, &number))
    return FALSE;
  if (call->call.n == 2 && !xpath_argument_number (self, call, 1, focus, &places))
    return FALSE;
  places = isnan (places) ? 0 : trunc (places);
  if (!isfinite (number))
    xpath_value_set_number (result, number);
  else if (fabs (places) > MAX_PLACES)
    xpath_value_set_number (result, NAN);
  else if (places == 0)
    xpath_value_set_number (result, round_half_up (number));
  else
    xpath_value_set_number (result, shift_decimal (round_half_up (shift_decimal (number, (int) places)), (int) -places));
  return TRUE;
}

static gboolean
call_binary (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result, double (*function) (double, double))
{
  double a, b;

  if (!xpath_argument_number (self, call, 0, focus, &a) || !xpath_argument_number (self, call, 1, focus, &b))
    return FALSE;
  xpath_value_set_number (result, function (a, b));
  return TRUE;
}

/* As IEEE 754 says, but NaN in gives NaN out: C's pow (1, NaN) is 1. */
static double
power (double base, double exponent)
{
  return isnan (base) || isnan (exponent) ? NAN : pow (base, exponent);
}

gboolean
xpath_call_pow (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  return call_binary (self, call, focus, result, power);
}

gboolean
xpath_call_atan2 (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  return call_binary (self, call, focus, result, atan2);
}

gboolean
xpath_call_pi (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  xpath_value_set_number (result, G_PI);
  return TRUE;
}

/* Aggregates */
typedef struct
{
  guint n;
  double sum;
  double min;
  double max;
} Aggregate;

static gboolean
add_to_aggregate (XPathEvaluator *self, XPathValue *value, gpointer data)
{
  Aggregate *aggregate = data;
  double number;

  if (value->type == SARAP_XPATH_STRING && xpath_text_is_blank (value->text))
    return TRUE;
  number = xpath_to_number (self, value);
  aggregate->sum += number;
  if (aggregate->n == 0 || isnan (number) || number < aggregate->min)
    aggregate->min = number;
  if (aggregate->n == 0 || isnan (number) || number > aggregate->max)
    aggregate->max = number;
  aggregate->n++;
  return TRUE;
}

static gboolean
aggregate_arguments (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, Aggregate *aggregate)
{
  *aggregate = (Aggregate){ 0, 0, NAN, NAN };
  return xpath_arguments_foreach (self, call, 0, focus, add_to_aggregate, aggregate);
}

gboolean
xpath_call_sum (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  Aggregate aggregate;

  if (!aggregate_arguments (self, call, focus, &aggregate))
    return FALSE;
  xpath_value_set_number (result, aggregate.sum);
  return TRUE;
}

gboolean
xpath_call_avg (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  Aggregate aggregate;

  if (!aggregate_arguments (self, call, focus, &aggregate))
    return FALSE;
  xpath_value_set_number (result, aggregate.n == 0 ? NAN : aggregate.sum / aggregate.n);
  return TRUE;
}

gboolean
xpath_call_min (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  Aggregate aggregate;

  if (!aggregate_arguments (self, call, focus, &aggregate))
    return FALSE;
  xpath_value_set_number (result, isnan (aggregate.sum) ? NAN : aggregate.min);
  return TRUE;
}

gboolean
xpath_call_max (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  Aggregate aggregate;

  if (!aggregate_arguments (self, call, focus, &aggregate))
    return FALSE;
  xpath_value_set_number (result, isnan (aggregate.sum) ? NAN : aggregate.max);
  return TRUE;
}

/* Booleans */
gboolean
xpath_call_boolean (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  gboolean boolean;

  if (!xpath_argument_boolean (self, call, 0, focus, &boolean))
    return FALSE;
  xpath_value_set_boolean (result, boolean);
  return TRUE;
}

gboolean
xpath_call_not (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  gboolean boolean;

  if (!xpath_argument_boolean (self, call, 0, focus, &boolean))
    return FALSE;
  xpath_value_set_boolean (result, !boolean);
  return TRUE;
}

gboolean
xpath_call_true (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  xpath_value_set_boolean (result, TRUE);
  return TRUE;
}

gboolean
xpath_call_false (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  xpath_value_set_boolean (result, FALSE);
  return TRUE;
}

gboolean
xpath_call_boolean_from_string (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) holder = XPATH_VALUE_INIT;
  const char *text = xpath_argument_text (self, call, 0, focus, &holder);

  if (text == NULL)
    return FALSE;
  xpath_value_set_boolean (result, g_str_equal (text, "true") || g_str_equal (text, "1"));
  return TRUE;
}
