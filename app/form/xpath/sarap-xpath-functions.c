#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>
#include <string.h>

/* Every function of the dialect, by family; each stands in the file of its family. `max` G_MAXUINT:
 * any number of arguments. */

#define MANY G_MAXUINT
#define FOCUSED XPATH_IS_FOCUSED
#define FOCUSED_ALONE XPATH_IS_FOCUSED_WITHOUT_ARGUMENTS
#define IMPURE XPATH_IS_IMPURE
#define MAX_SLIPS 2 /* wrong letters of a name that is still near another one */
#define MAX_NAME 64

static double
power_of_ten (double exponent)
{
  return pow (10, exponent);
}

/* Toward zero; text that is no number stays NaN. */
static double
to_integer (double number)
{
  return trunc (number);
}

static const XPathFunction functions[] = {
  /* XPath 1.0 */
  { "last", 0, 0, xpath_call_last, FOCUSED | XPATH_IS_POSITION },
  { "position", 0, 1, xpath_call_position, FOCUSED_ALONE | XPATH_IS_POSITION },
  { "count", 1, 1, xpath_call_count },
  { "id", 1, 1, xpath_call_id },
  { "local-name", 0, 1, xpath_call_local_name, FOCUSED_ALONE },
  { "name", 0, 1, xpath_call_name, FOCUSED_ALONE },
  { "namespace-uri", 0, 1, xpath_call_namespace_uri, FOCUSED_ALONE },
  { "lang", 1, 1, xpath_call_lang, FOCUSED },
  { "string", 0, 1, xpath_call_string, FOCUSED_ALONE },
  { "concat", 0, MANY, xpath_call_concat },
  { "starts-with", 2, 2, xpath_call_starts_with },
  { "ends-with", 2, 2, xpath_call_ends_with },
  { "contains", 2, 2, xpath_call_contains },
  { "substring-before", 2, 2, xpath_call_substring_before },
  { "substring-after", 2, 2, xpath_call_substring_after },
  { "substring", 2, 3, xpath_call_substring },
  { "string-length", 0, 1, xpath_call_string_length, FOCUSED_ALONE },
  { "normalize-space", 0, 1, xpath_call_normalize_space, FOCUSED_ALONE },
  { "translate", 3, 3, xpath_call_translate },
  { "boolean", 1, 1, xpath_call_boolean },
  { "not", 1, 1, xpath_call_not },
  { "true", 0, 0, xpath_call_true },
  { "false", 0, 0, xpath_call_false },
  { "number", 0, 1, xpath_call_number, FOCUSED_ALONE },
  { "sum", 1, 1, xpath_call_sum },
  { "floor", 1, 1, xpath_call_unary, 0, floor },
  { "ceiling", 1, 1, xpath_call_unary, 0, ceil },
  { "round", 1, 2, xpath_call_round },
  /* Numbers */
  { "int", 1, 1, xpath_call_unary, 0, to_integer },
  { "abs", 1, 1, xpath_call_unary, 0, fabs },
  { "sqrt", 1, 1, xpath_call_unary, 0, sqrt },
  { "exp", 1, 1, xpath_call_unary, 0, exp },
  { "exp10", 1, 1, xpath_call_unary, 0, power_of_ten },
  { "log", 1, 1, xpath_call_unary, 0, log },
  { "log10", 1, 1, xpath_call_unary, 0, log10 },
  { "sin", 1, 1, xpath_call_unary, 0, sin },
  { "cos", 1, 1, xpath_call_unary, 0, cos },
  { "tan", 1, 1, xpath_call_unary, 0, tan },
  { "asin", 1, 1, xpath_call_unary, 0, asin },
  { "acos", 1, 1, xpath_call_unary, 0, acos },
  { "atan", 1, 1, xpath_call_unary, 0, atan },
  { "atan2", 2, 2, xpath_call_atan2 },
  { "pow", 2, 2, xpath_call_pow },
  { "pi", 0, 0, xpath_call_pi },
  { "avg", 1, MANY, xpath_call_avg },
  { "min", 1, MANY, xpath_call_min },
  { "max", 1, MANY, xpath_call_max },
  { "boolean-from-string", 1, 1, xpath_call_boolean_from_string },
  /* Texts */
  { "join", 1, MANY, xpath_call_join },
  { "substr", 2, 3, xpath_call_substr },
  { "regex", 2, 2, xpath_call_regex },
  /* Choices */
  { "selected", 2, 2, xpath_call_selected },
  { "is-selected", 2, 2, xpath_call_selected },
  { "selected-at", 2, 2, xpath_call_selected_at },
  { "count-selected", 1, 1, xpath_call_count_selected },
  { "jr:choice-name", 2, 2, xpath_call_choice_name },
  { "checklist", 2, MANY, xpath_call_checklist },
  { "weighted-checklist", 2, MANY, xpath_call_weighted_checklist, XPATH_NEEDS_EVEN },
  /* Digests */
  { "digest", 2, 3, xpath_call_digest },
  { "base64-decode", 1, 1, xpath_call_base64_decode },
  /* Repeats; position() is above */
  { "indexed-repeat", 3, MANY, xpath_call_indexed_repeat, XPATH_NEEDS_ODD },
  /* Nodes and lists */
  { "current", 0, 0, xpath_call_current },
  { "instance", 1, 1, xpath_call_instance },
  { "pulldata", 4, 4, xpath_call_pulldata },
  { "count-non-empty", 1, 1, xpath_call_count_non_empty },
  /* The form */
  { "if", 3, 3, xpath_call_if },
  { "coalesce", 1, MANY, xpath_call_coalesce },
  { "depend", 1, MANY, xpath_call_depend },
  { "once", 1, 1, xpath_call_once, FOCUSED | IMPURE },
  { "jr:itext", 1, 2, xpath_call_itext },
  { "property", 1, 1, xpath_call_property },
  { "version", 0, 0, xpath_call_version },
  /* Chance */
  { "random", 0, 0, xpath_call_random, IMPURE },
  { "uuid", 0, 1, xpath_call_uuid, IMPURE },
  { "randomize", 1, 2, xpath_call_randomize },
  /* Dates */
  { "date", 1, 1, xpath_call_date },
  { "date-time", 1, 1, xpath_call_date_time },
  { "decimal-date-time", 1, 1, xpath_call_decimal_date_time },
  { "decimal-time", 1, 1, xpath_call_decimal_time },
  { "format-date", 2, 2, xpath_call_format_date },
  { "format-date-time", 2, 2, xpath_call_format_date },
  { "today", 0, 0, xpath_call_today, IMPURE },
  { "now", 0, 0, xpath_call_now, IMPURE },
  /* Places */
  { "area", 1, MANY, xpath_call_area },
  { "enclosed-area", 1, MANY, xpath_call_area },
  { "distance", 1, MANY, xpath_call_distance },
  { "geofence", 2, 2, xpath_call_geofence },
};

/* NULL when the dialect has no such function. */
const XPathFunction *
xpath_function_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++)
    if (strcmp (functions[i].name, name) == 0)
      return &functions[i];
  return NULL;
}

/* Letters to change, add or leave out to make @a of @b (Wagner and Fischer). */
static guint
count_slips (const char *a, const char *b)
{
  guint row[MAX_NAME + 1];
  gsize n = strlen (b);

  for (gsize j = 0; j <= n; j++)
    row[j] = j;
  for (gsize i = 0; a[i] != '\0'; i++)
    {
      guint corner = row[0];

      row[0] = i + 1;
      for (gsize j = 0; j < n; j++)
        {
          guint above = row[j + 1];

          row[j + 1] = MIN (MIN (above, row[j]) + 1, corner + (g_ascii_tolower (a[i]) != b[j]));
          corner = above;
        }
    }
  return row[n];
}

static const char *
find_near (const char *name)
{
  const char *near = NULL;
  guint best = MAX_SLIPS + 1;

  if (strlen (name) > MAX_NAME)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++)
    {
      guint slips = count_slips (name, functions[i].name);

      if (slips < best && slips * 2 < strlen (functions[i].name))
        {
          near = functions[i].name;
          best = slips;
        }
    }
  return near;
}

static char *
dup_wanted (const XPathFunction *function)
{
  const char *pairing = function->flags & XPATH_NEEDS_EVEN ? ", an even number" : function->flags & XPATH_NEEDS_ODD ? ", an odd number"
                                                                                                                    : "";

  if (function->min == function->max)
    return g_strdup_printf ("%u", function->min);
  if (function->max == MANY)
    return g_strdup_printf ("%u or more%s", function->min, pairing);
  return g_strdup_printf ("%u to %u", function->min, function->max);
}

static gboolean
takes (const XPathFunction *function, guint n)
{
  if (n < function->min || n > function->max)
    return FALSE;
  return !((function->flags & XPATH_NEEDS_EVEN) && n % 2 == 1) && !((function->flags & XPATH_NEEDS_ODD) && n % 2 == 0);
}

/* Why @call can never be evaluated, with its place. Returns: (transfer full) (nullable) */
char *
xpath_call_dup_problem (const XPathExpr *call)
{
  const XPathFunction *function = call->call.function;
  const char *near = function ? NULL : find_near (call->call.name);
  g_autofree char *wanted = NULL;

  if (function == NULL && strcmp (call->call.name, "extract-signed") == 0)
    return g_strdup_printf ("extract-signed() is not supported (character %u): signed values cannot be checked here", call->position);
  if (near != NULL)
    return g_strdup_printf ("there is no function %s() (character %u); is %s() meant?", call->call.name, call->position, near);
  if (function == NULL)
    return g_strdup_printf ("there is no function %s() (character %u)", call->call.name, call->position);
  if (takes (function, call->call.n))
    return NULL;
  wanted = dup_wanted (function);
  return g_strdup_printf ("%s() cannot have %u arguments, it needs %s (character %u)", call->call.name, call->call.n, wanted, call->position);
}
