/* Values and their conversions:
 *
 *  1. A node-set in a scalar context is its first node in document order; none reads ''.
 *  2. Text to number: trimmed; sign, digits, point; a date or dateTime gives days since
 *     1970-01-01; '' and all else is NaN. true is 1.
 *  3. Number to text: at most 15 significant digits when that is within 1e-12, integers without
 *     a point, never an exponent.
 *  4. A node-set is true when its first node's text is not empty (a number: not 0), because
 *     authors write relevant="${q}".
 */
#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>
#include <string.h>

void
value_clear (Value *value)
{
  g_clear_pointer (&value->owned, g_free);
  g_clear_pointer (&value->heap, g_free);
  value->text = NULL;
  value->n_nodes = 0;
  value->capacity = 0;
  value->type = SARAP_XPATH_STRING;
}

void
value_set_boolean (Value *value, gboolean boolean)
{
  value_clear (value);
  value->type = SARAP_XPATH_BOOLEAN;
  value->boolean = boolean;
}

void
value_set_number (Value *value, double number)
{
  value_clear (value);
  value->type = SARAP_XPATH_NUMBER;
  value->number = number;
}

/* @text must outlive the value. */
void
value_set_text (Value *value, const char *text)
{
  value_clear (value);
  value->text = text;
}

void
value_take_text (Value *value, char *text)
{
  value_clear (value);
  value->owned = text;
  value->text = text;
}

void
value_take_date (Value *value, double days, char *iso)
{
  value_clear (value);
  value->type = SARAP_XPATH_DATE;
  value->number = days;
  value->owned = iso;
  value->text = iso;
}

void
value_start_nodes (Value *value)
{
  value_clear (value);
  value->type = SARAP_XPATH_NODESET;
  value->capacity = VALUE_INLINE_NODES;
}

void
value_add_node (Value *value, SarapNode *node)
{
  if (value->n_nodes == value->capacity)
    {
      SarapNode **grown = g_new (SarapNode *, value->capacity * 2);

      memcpy (grown, value_nodes (value), value->n_nodes * sizeof *grown);
      g_free (value->heap);
      value->heap = grown;
      value->capacity *= 2;
    }
  value_nodes (value)[value->n_nodes++] = node;
}

/* Moves the contents; @from is empty afterwards. */
void
value_move (Value *to, Value *from)
{
  value_clear (to);
  *to = *from;
  from->owned = NULL;
  from->heap = NULL;
  value_clear (from);
}

SarapNode **
value_nodes (Value *value)
{
  return value->heap != NULL ? value->heap : value->inside;
}

/* Text of a node; @owned is set when it had to be put together. */
const char *
sarap_xpath_node_text (const SarapNode *node, char **owned)
{
  if (!node->is_relevant)
    return "";
  if (node->first_child == NULL)
    return sarap_node_peek_text (node);
  *owned = sarap_node_dup_string_value (node);
  return *owned;
}

static char *
format_integer (gint64 number)
{
  char digits[24];
  char *at = digits + sizeof digits - 1;
  guint64 left = number < 0 ? -(guint64) number : (guint64) number;

  *at = '\0';
  do
    *--at = (char) ('0' + left % 10);
  while ((left /= 10) > 0);
  if (number < 0)
    *--at = '-';
  return g_strdup (at);
}

char *
sarap_xpath_format_number (double number)
{
  char digits[40];
  char *exponent;
  GString *text;
  int power;

  if (isnan (number))
    return g_strdup ("NaN");
  if (isinf (number))
    return g_strdup (number < 0 ? "-Infinity" : "Infinity");
  if (fabs (number) < 1e15 && number == trunc (number))
    return format_integer ((gint64) number);
  g_ascii_formatd (digits, sizeof digits, "%.15g", number);
  if (fabs (g_ascii_strtod (digits, NULL) - number) > 1e-12)
    g_ascii_formatd (digits, sizeof digits, "%.16g", number);
  if (fabs (g_ascii_strtod (digits, NULL) - number) > 1e-12)
    g_ascii_formatd (digits, sizeof digits, "%.17g", number);
  exponent = strchr (digits, 'e');
  if (exponent == NULL)
    return g_strdup (digits);

  power = atoi (exponent + 1);
  *exponent = '\0';
  text = g_string_new (number < 0 ? "-" : "");
  {
    g_autofree char *mantissa = g_strdup (digits + (number < 0));
    char *point = strchr (mantissa, '.');

    if (point != NULL)
      memmove (point, point + 1, strlen (point));
    if (power < 0)
      {
        g_string_append (text, "0.");
        for (int i = -1; i > power; i--)
          g_string_append_c (text, '0');
        g_string_append (text, mantissa);
      }
    else
      {
        g_string_append (text, mantissa);
        for (int i = strlen (mantissa); i <= power; i++)
          g_string_append_c (text, '0');
      }
  }
  return g_string_free (text, FALSE);
}

static double
parse_plain_number (const char *text, gsize length)
{
  char buffer[64];
  const char *at = text, *end = text + length;
  gboolean has_digit = FALSE, has_point = FALSE;
  char *copy = length < sizeof buffer ? buffer : g_malloc (length + 1);
  double number = NAN;

  memcpy (copy, text, length);
  copy[length] = '\0';
  if (at < end && (*at == '-' || *at == '+'))
    at++;
  for (; at < end; at++)
    {
      if (g_ascii_isdigit (*at))
        has_digit = TRUE;
      else if (*at == '.' && !has_point)
        has_point = TRUE;
      else
        break;
    }
  if (at == end && has_digit)
    number = g_ascii_strtod (copy, NULL);
  if (copy != buffer)
    g_free (copy);
  return number;
}

/* The common case: up to 15 digits and nothing else. */
static gboolean
parse_integer (const char *text, double *number)
{
  gboolean is_negative = *text == '-';
  const char *at = text + is_negative;
  gint64 value = 0;

  while (g_ascii_isdigit (*at) && at - text < 16)
    value = value * 10 + (*at++ - '0');
  if (*at != '\0' || at == text + is_negative)
    return FALSE;
  *number = is_negative ? -(double) value : (double) value;
  return TRUE;
}

double
sarap_xpath_text_to_number (const char *text)
{
  const char *end;
  double number;
  gboolean has_time, invalid;

  if (parse_integer (text, &number))
    return number;
  while (g_ascii_isspace (*text))
    text++;
  end = text + strlen (text);
  while (end > text && g_ascii_isspace (end[-1]))
    end--;
  if (end == text)
    return NAN;
  number = parse_plain_number (text, end - text);
  if (!isnan (number))
    return number;
  if (end - text >= 8 && text[4] == '-' && sarap_xpath_parse_date (text, NULL, &number, &has_time, &invalid) && !invalid)
    return number;
  return strncmp (text, "Infinity", 8) == 0 && end - text == 8 ? INFINITY : strncmp (text, "-Infinity", 9) == 0 && end - text == 9 ? -INFINITY
                                                                                                                                   : NAN;
}

/* Lives as long as the value. */
const char *
value_text (Value *value)
{
  switch (value->type)
    {
    case SARAP_XPATH_BOOLEAN:
      return value->boolean ? "true" : "false";
    case SARAP_XPATH_NUMBER:
      g_free (value->owned);
      value->owned = sarap_xpath_format_number (value->number);
      return value->owned;
    case SARAP_XPATH_NODESET:
      if (value->n_nodes == 0)
        return "";
      g_clear_pointer (&value->owned, g_free);
      return sarap_xpath_node_text (value_nodes (value)[0], &value->owned);
    case SARAP_XPATH_STRING:
    case SARAP_XPATH_DATE:
    default:
      return value->text ? value->text : "";
    }
}

double
value_number (Value *value)
{
  switch (value->type)
    {
    case SARAP_XPATH_BOOLEAN:
      return value->boolean;
    case SARAP_XPATH_NUMBER:
    case SARAP_XPATH_DATE:
      return value->number;
    case SARAP_XPATH_STRING:
    case SARAP_XPATH_NODESET:
    default:
      return sarap_xpath_text_to_number (value_text (value));
    }
}

gboolean
value_boolean (Value *value)
{
  switch (value->type)
    {
    case SARAP_XPATH_BOOLEAN:
      return value->boolean;
    case SARAP_XPATH_NUMBER:
      return value->number != 0 && !isnan (value->number);
    case SARAP_XPATH_NODESET:
      if (value->n_nodes > 0 && value_nodes (value)[0]->is_number)
        {
          double number = value_number (value);

          return number != 0 && !isnan (number);
        }
      return *value_text (value) != '\0';
    case SARAP_XPATH_STRING:
    case SARAP_XPATH_DATE:
    default:
      return *value_text (value) != '\0';
    }
}

static int
compare_nodes (gconstpointer a, gconstpointer b)
{
  return sarap_node_compare_order (*(SarapNode *const *) a, *(SarapNode *const *) b);
}

void
value_sort_nodes (Value *value, gboolean drop_duplicates)
{
  SarapNode **nodes = value_nodes (value);
  guint kept = 0;

  if (value->n_nodes < 2)
    return;
  qsort (nodes, value->n_nodes, sizeof *nodes, compare_nodes);
  for (guint i = 0; i < value->n_nodes; i++)
    if (!drop_duplicates || kept == 0 || nodes[kept - 1] != nodes[i])
      nodes[kept++] = nodes[i];
  value->n_nodes = kept;
}
