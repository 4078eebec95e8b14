#include "app/form/xpath/sarap-xpath-private.h"

#include "app/form/sarap-list.h"

#include <math.h>
#include <string.h>

/* 1. Text to number: blanks around it do not count, then a sign, digits and a point, no exponent;
 *    a date is its days since 1970-01-01; everything else, '' included, is NaN.
 * 2. Number to text: 15 significant digits when that is within 1e-12, else as many as it takes to
 *    read the same number again; integers without a point; never an exponent.
 * 3. Several nodes where one value is wanted: the first one. A node-set as a boolean: its first
 *    node's text decides ('' is false); a node with elements inside is true.
 * 4. Equality compares as booleans if either side is one, else as dates if either is a date and the
 *    other can be one, else as numbers if either is one (within 1e-12), else as text. Order
 *    compares numbers. The answer of a numeric question is a number. A node-set matches when any of its nodes does; an empty one reads ''.
 * 5. A day and an instant compare by the local midnight of the day. */

#define TOLERANCE 1e-12
#define MANY_PAIRS 4096

void
xpath_value_reset (XPathValue *self)
{
  g_clear_pointer (&self->owned, g_free);
  g_clear_pointer (&self->nodes, g_ptr_array_unref);
  self->node = NULL;
  self->type = SARAP_XPATH_STRING;
  self->text = "";
}

void
xpath_value_set_boolean (XPathValue *self, gboolean boolean)
{
  xpath_value_reset (self);
  self->type = SARAP_XPATH_BOOLEAN;
  self->boolean = boolean;
}

void
xpath_value_set_number (XPathValue *self, double number)
{
  xpath_value_reset (self);
  self->type = SARAP_XPATH_NUMBER;
  self->number = number;
}

/* @text must live as long as the evaluation. */
void
xpath_value_borrow_text (XPathValue *self, const char *text)
{
  xpath_value_reset (self);
  self->text = text;
}

void
xpath_value_take_text (XPathValue *self, char *text)
{
  xpath_value_reset (self);
  self->text = self->owned = text;
}

/* An empty node-set. */
void
xpath_value_clear_nodes (XPathValue *self)
{
  xpath_value_reset (self);
  self->type = SARAP_XPATH_NODESET;
}

void
xpath_value_add_node (XPathValue *self, SarapNode *node)
{
  if (self->nodes != NULL)
    g_ptr_array_add (self->nodes, node);
  else if (self->node == NULL)
    self->node = node;
  else
    {
      self->nodes = g_ptr_array_sized_new (16);
      g_ptr_array_add (self->nodes, self->node);
      g_ptr_array_add (self->nodes, node);
      self->node = NULL;
    }
}

guint
xpath_value_n_nodes (const XPathValue *self)
{
  return self->nodes != NULL ? self->nodes->len : self->node != NULL;
}

/* NULL beyond the end. */
SarapNode *
xpath_value_peek_node (const XPathValue *self, guint index)
{
  if (self->nodes != NULL)
    return index < self->nodes->len ? g_ptr_array_index (self->nodes, index) : NULL;
  return index == 0 ? self->node : NULL;
}

static int
compare_nodes (gconstpointer a, gconstpointer b)
{
  return sarap_node_compare_order (*(SarapNode *const *) a, *(SarapNode *const *) b);
}

/* Document order, no duplicates. */
void
xpath_value_sort (XPathValue *self)
{
  guint kept = 0;

  if (self->nodes == NULL)
    return;
  g_ptr_array_sort (self->nodes, compare_nodes);
  for (guint i = 0; i < self->nodes->len; i++)
    if (kept == 0 || self->nodes->pdata[kept - 1] != self->nodes->pdata[i])
      self->nodes->pdata[kept++] = self->nodes->pdata[i];
  g_ptr_array_set_size (self->nodes, kept);
}

static gboolean
is_candidate (XPathEvaluator *self, const SarapNode *node)
{
  if (self == NULL || self->context->candidate == NULL)
    return FALSE;
  return node == self->context->node || (node->kind == SARAP_NODE_TEXT && node->parent == self->context->node);
}

/* The node's string-value; borrowed unless it has to be put together. */
void
xpath_node_text (XPathEvaluator *self, SarapNode *node, XPathValue *text)
{
  if (is_candidate (self, node))
    xpath_value_borrow_text (text, self->context->candidate);
  else if (!node->is_relevant)
    xpath_value_borrow_text (text, "");
  else if (sarap_node_get_first_child (node) == NULL)
    xpath_value_borrow_text (text, sarap_node_peek_text (node));
  else
    xpath_value_take_text (text, sarap_node_dup_string_value (node));
}

/* What a node says in a comparison: a number when its question is one and it is answered. */
static void
read_answer (XPathEvaluator *self, SarapNode *node, XPathValue *value)
{
  double number;

  xpath_node_text (self, node, value);
  if (node->is_number && xpath_text_to_plain_number (value->text, &number))
    xpath_value_set_number (value, number);
}

/* A single answer of a numeric question becomes its number. */
void
xpath_value_type_node (XPathEvaluator *self, XPathValue *value)
{
  SarapNode *node = value->type == SARAP_XPATH_NODESET && xpath_value_n_nodes (value) == 1 ? xpath_value_peek_node (value, 0) : NULL;

  if (node != NULL && node->is_number)
    read_answer (self, node, value);
}

static gboolean
has_elements (const SarapNode *node)
{
  for (const SarapNode *child = sarap_node_get_first_child (node); child != NULL; child = child->next)
    if (child->kind == SARAP_NODE_ELEMENT)
      return TRUE;
  return FALSE;
}

gboolean
xpath_node_to_boolean (XPathEvaluator *self, SarapNode *node)
{
  g_auto (XPathValue) text = XPATH_VALUE_INIT;

  if (node->is_relevant && has_elements (node))
    return TRUE;
  xpath_node_text (self, node, &text);
  return *text.text != '\0';
}

/* Numbers */
gboolean
xpath_text_is_blank (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '\0';
}

/* Rule 1 without dates: FALSE when @text does not have the shape of a number. */
gboolean
xpath_text_to_plain_number (const char *text, double *number)
{
  static const double powers[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
  const char *start = text + strspn (text, " \t\r\n");
  const char *at = start + (*start == '-');
  guint64 digits = 0;
  guint n_digits = 0, n_fraction = 0;
  gboolean has_point = FALSE;

  for (; g_ascii_isdigit (*at) || (*at == '.' && !has_point); at++)
    if (*at == '.')
      has_point = TRUE;
    else
      {
        digits = n_digits < 15 ? digits * 10 + (*at - '0') : digits;
        n_fraction += has_point;
        n_digits++;
      }
  if (n_digits == 0 || !xpath_text_is_blank (at))
    return FALSE;
  if (n_digits > 15)
    *number = g_ascii_strtod (start, NULL);
  else
    *number = (*start == '-' ? -1.0 : 1.0) * ((double) digits / powers[n_fraction]);
  return TRUE;
}

/* Whether @text can only be a date, so that the common number is not tried as one. */
gboolean
sarap_list_text_is_date (const char *text)
{
  text += strspn (text, " \t\r\n");
  return g_ascii_isdigit (text[0]) && g_ascii_isdigit (text[1]) && g_ascii_isdigit (text[2]) && g_ascii_isdigit (text[3]) && text[4] == '-';
}

double
xpath_text_to_number (XPathEvaluator *self, const char *text)
{
  g_auto (XPathValue) date = XPATH_VALUE_INIT;
  double number;

  if (xpath_text_to_plain_number (text, &number))
    return number;
  if (sarap_list_text_is_date (text) && xpath_text_to_date (self, text, &date))
    return date.number;
  return NAN;
}

double
xpath_to_number (XPathEvaluator *self, const XPathValue *value)
{
  g_auto (XPathValue) text = XPATH_VALUE_INIT;
  SarapNode *node;

  switch (value->type)
    {
    case SARAP_XPATH_BOOLEAN:
      return value->boolean ? 1 : 0;
    case SARAP_XPATH_NUMBER:
    case SARAP_XPATH_DATE:
      return value->number;
    case SARAP_XPATH_NODESET:
      node = xpath_value_peek_node (value, 0);
      if (node == NULL)
        return NAN;
      xpath_node_text (self, node, &text);
      return xpath_text_to_number (self, text.text);
    case SARAP_XPATH_STRING:
    default:
      return xpath_text_to_number (self, value->text);
    }
}

gboolean
xpath_to_boolean (XPathEvaluator *self, const XPathValue *value)
{
  SarapNode *node;

  switch (value->type)
    {
    case SARAP_XPATH_BOOLEAN:
      return value->boolean;
    case SARAP_XPATH_NUMBER:
      return !isnan (value->number) && fabs (value->number) > TOLERANCE;
    case SARAP_XPATH_DATE:
      return TRUE;
    case SARAP_XPATH_NODESET:
      node = xpath_value_peek_node (value, 0);
      return node != NULL && xpath_node_to_boolean (self, node);
    case SARAP_XPATH_STRING:
    default:
      return *value->text != '\0';
    }
}

/* Makes @value a string and lends its text, which lives as long as @value. */
const char *
xpath_to_text (XPathEvaluator *self, XPathValue *value)
{
  SarapNode *node;

  switch (value->type)
    {
    case SARAP_XPATH_BOOLEAN:
      xpath_value_borrow_text (value, value->boolean ? "true" : "false");
      break;
    case SARAP_XPATH_NUMBER:
      xpath_value_take_text (value, sarap_xpath_format_number (value->number));
      break;
    case SARAP_XPATH_DATE:
      xpath_value_take_text (value, xpath_date_to_text (self, value));
      break;
    case SARAP_XPATH_NODESET:
      node = xpath_value_peek_node (value, 0);
      if (node == NULL)
        xpath_value_reset (value);
      else
        xpath_node_text (self, node, value);
      break;
    case SARAP_XPATH_STRING:
    default:
      break;
    }
  return value->text;
}

/* The digits of "1.25e-07" with the point where its exponent says. */
static char *
write_without_exponent (const char *scientific)
{
  const char *mark = strchr (scientific, 'e');
  const char *at = scientific + (*scientific == '-');
  int exponent;
  g_autoptr (GString) digits = g_string_new (NULL);
  GString *text;

  if (mark == NULL)
    return g_strdup (scientific);
  exponent = atoi (mark + 1);
  for (; at < mark; at++)
    if (*at != '.')
      g_string_append_c (digits, *at);
  text = g_string_new (*scientific == '-' ? "-" : NULL);
  if (exponent < 0)
    {
      g_string_append (text, "0.");
      for (int i = exponent + 1; i < 0; i++)
        g_string_append_c (text, '0');
      g_string_append (text, digits->str);
    }
  else
    {
      for (int i = 0; i <= exponent; i++)
        g_string_append_c (text, i < (int) digits->len ? digits->str[i] : '0');
      if ((int) digits->len > exponent + 1)
        g_string_append_printf (text, ".%s", digits->str + exponent + 1);
    }
  return g_string_free (text, FALSE);
}

/* What printf() does, without its way through long arithmetic: most numbers are counts. */
static char *
write_whole (gint64 number)
{
  char digits[24];
  char *at = digits + sizeof digits;
  guint64 left = number < 0 ? -(guint64) number : (guint64) number;

  *--at = '\0';
  do
    *--at = (char) ('0' + left % 10);
  while ((left /= 10) > 0);
  if (number < 0)
    *--at = '-';
  return g_strdup (at);
}

/* Rule 2. Returns: (transfer full) "NaN", "Infinity", "-Infinity" or plain digits */
char *
sarap_xpath_format_number (double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (number))
    return g_strdup ("NaN");
  if (isinf (number))
    return g_strdup (number > 0 ? "Infinity" : "-Infinity");
  if (number == 0)
    return g_strdup ("0");
  if (number == floor (number) && fabs (number) < 1e15)
    return write_whole ((gint64) number);
  for (int digits = 15; digits <= 17; digits++)
    {
      char format[] = { '%', '.', '1', '0' + digits % 10, 'g', '\0' };
      double back;

      g_ascii_formatd (buffer, sizeof buffer, format, number);
      back = g_ascii_strtod (buffer, NULL);
      if (back == number || (digits == 15 && fabs (back - number) <= TOLERANCE))
        break;
    }
  return write_without_exponent (buffer);
}

/* Comparison */
typedef enum
{
  NOT_A_DATE,
  DAY,
  INSTANT,
} DateKind;

static void
read_comparable (XPathEvaluator *self, const XPathValue *value, XPathValue *date, double *number, DateKind *kind)
{
  *kind = NOT_A_DATE;
  if (value->type == SARAP_XPATH_DATE)
    *date = *value, date->owned = NULL;
  else if (value->type != SARAP_XPATH_STRING || !sarap_list_text_is_date (value->text) || !xpath_text_to_date (self, value->text, date))
    {
      *number = xpath_to_number (self, value);
      return;
    }
  *number = date->number;
  *kind = date->is_day ? DAY : INSTANT;
}

/* Both sides as numbers that compare (rule 5). */
static void
read_pair (XPathEvaluator *self, const XPathValue *left, const XPathValue *right, double *a, double *b, gboolean *are_dates)
{
  XPathValue date_a = XPATH_VALUE_INIT, date_b = XPATH_VALUE_INIT;
  DateKind kind_a, kind_b;

  read_comparable (self, left, &date_a, a, &kind_a);
  read_comparable (self, right, &date_b, b, &kind_b);
  *are_dates = kind_a != NOT_A_DATE && kind_b != NOT_A_DATE;
  if (!*are_dates || kind_a == kind_b)
    return;
  *a = xpath_date_instant (self, &date_a);
  *b = xpath_date_instant (self, &date_b);
}

static gboolean
numbers_are_equal (double a, double b)
{
  return a == b || fabs (a - b) < TOLERANCE;
}

static gboolean
texts_are_equal (XPathEvaluator *self, const XPathValue *left, const XPathValue *right)
{
  g_auto (XPathValue) a = XPATH_VALUE_INIT;
  g_auto (XPathValue) b = XPATH_VALUE_INIT;

  if (left->type == SARAP_XPATH_STRING && right->type == SARAP_XPATH_STRING)
    return strcmp (left->text, right->text) == 0;
  a = *left, a.owned = NULL;
  b = *right, b.owned = NULL;
  return strcmp (xpath_to_text (self, &a), xpath_to_text (self, &b)) == 0;
}

static gboolean
scalars_are_equal (XPathEvaluator *self, const XPathValue *left, const XPathValue *right)
{
  double a, b;
  gboolean are_dates;

  if (left->type == SARAP_XPATH_BOOLEAN || right->type == SARAP_XPATH_BOOLEAN)
    return xpath_to_boolean (self, left) == xpath_to_boolean (self, right);
  if (left->type == SARAP_XPATH_DATE || right->type == SARAP_XPATH_DATE)
    {
      read_pair (self, left, right, &a, &b, &are_dates);
      if (are_dates || left->type == SARAP_XPATH_NUMBER || right->type == SARAP_XPATH_NUMBER)
        return numbers_are_equal (a, b);
      return texts_are_equal (self, left, right);
    }
  if (left->type == SARAP_XPATH_NUMBER || right->type == SARAP_XPATH_NUMBER)
    return numbers_are_equal (xpath_to_number (self, left), xpath_to_number (self, right));
  return texts_are_equal (self, left, right);
}

static gboolean
compare_scalars (XPathEvaluator *self, XPathOperator operator, const XPathValue * left, const XPathValue *right)
{
  double a, b;
  gboolean are_dates;

  if (operator== XPATH_EQUAL || operator== XPATH_UNEQUAL)
    return scalars_are_equal (self, left, right) == (operator== XPATH_EQUAL);
  read_pair (self, left, right, &a, &b, &are_dates);
  switch ((int) operator)
    {
    case XPATH_LESS:
      return a < b;
    case XPATH_LESS_OR_EQUAL:
      return a <= b;
    case XPATH_GREATER:
      return a > b;
    default:
      return a >= b;
    }
}

/* Equality of two large node-sets without looking at every pair. */
static gboolean
share_a_text (XPathEvaluator *self, const XPathValue *left, const XPathValue *right)
{
  g_autoptr (GHashTable) texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < xpath_value_n_nodes (left); i++)
    {
      g_auto (XPathValue) text = XPATH_VALUE_INIT;

      xpath_node_text (self, xpath_value_peek_node (left, i), &text);
      g_hash_table_add (texts, g_strdup (text.text));
    }
  for (guint i = 0; i < xpath_value_n_nodes (right); i++)
    {
      g_auto (XPathValue) text = XPATH_VALUE_INIT;

      xpath_node_text (self, xpath_value_peek_node (right, i), &text);
      if (g_hash_table_contains (texts, text.text))
        return TRUE;
    }
  return FALSE;
}

static XPathOperator
turn_around (XPathOperator operator)
{
  switch ((int) operator)
    {
    case XPATH_LESS:
      return XPATH_GREATER;
    case XPATH_LESS_OR_EQUAL:
      return XPATH_GREATER_OR_EQUAL;
    case XPATH_GREATER:
      return XPATH_LESS;
    case XPATH_GREATER_OR_EQUAL:
      return XPATH_LESS_OR_EQUAL;
    default:
      return operator;
    }
}

/* The node of @nodes whose number is the largest (or smallest): for `<` and its kin no other
 * node of a large set can matter. NULL when none is a number. */
static SarapNode *
find_extreme (XPathEvaluator *self, const XPathValue *nodes, gboolean largest)
{
  SarapNode *found = NULL;
  double best = 0;

  for (guint i = 0; i < xpath_value_n_nodes (nodes); i++)
    {
      g_auto (XPathValue) text = XPATH_VALUE_INIT;
      double number;

      xpath_node_text (self, xpath_value_peek_node (nodes, i), &text);
      number = xpath_text_to_number (self, text.text);
      if (isnan (number) || (found != NULL && (largest ? number <= best : number >= best)))
        continue;
      best = number;
      found = xpath_value_peek_node (nodes, i);
    }
  return found;
}

static gboolean
compare_extremes (XPathEvaluator *self, XPathOperator operator, const XPathValue * left, const XPathValue *right)
{
  gboolean left_is_less = operator== XPATH_LESS || operator== XPATH_LESS_OR_EQUAL;
  SarapNode *a = find_extreme (self, left, !left_is_less);
  SarapNode *b = find_extreme (self, right, left_is_less);
  g_auto (XPathValue) text_a = XPATH_VALUE_INIT;
  g_auto (XPathValue) text_b = XPATH_VALUE_INIT;

  if (a == NULL || b == NULL)
    return FALSE;
  xpath_node_text (self, a, &text_a);
  xpath_node_text (self, b, &text_b);
  return compare_scalars (self, operator, & text_a, &text_b);
}

static gboolean
compare_nodes_with (XPathEvaluator *self, XPathOperator operator, const XPathValue * nodes, const XPathValue *other)
{
  static const XPathValue nothing = XPATH_VALUE_INIT;
  guint n = xpath_value_n_nodes (nodes);

  if (n == 0)
    return other->type == SARAP_XPATH_NODESET ? compare_nodes_with (self, turn_around (operator), other, &nothing) : compare_scalars (self, operator, & nothing, other);
  for (guint i = 0; i < n; i++)
    {
      g_auto (XPathValue) text = XPATH_VALUE_INIT;

      read_answer (self, xpath_value_peek_node (nodes, i), &text);
      if (other->type == SARAP_XPATH_NODESET ? compare_nodes_with (self, turn_around (operator), other, &text) : compare_scalars (self, operator, & text, other))
        return TRUE;
    }
  return FALSE;
}

/* Rule 4, for the six comparing operators. */
gboolean
xpath_compare (XPathEvaluator *self, XPathOperator operator, const XPathValue * left, const XPathValue *right)
{
  gboolean is_equality = operator== XPATH_EQUAL || operator== XPATH_UNEQUAL;

  if (left->type != SARAP_XPATH_NODESET && right->type != SARAP_XPATH_NODESET)
    return compare_scalars (self, operator, left, right);
  if (is_equality && (left->type == SARAP_XPATH_BOOLEAN || right->type == SARAP_XPATH_BOOLEAN))
    return (xpath_to_boolean (self, left) == xpath_to_boolean (self, right)) == (operator== XPATH_EQUAL);
  if (left->type != SARAP_XPATH_NODESET)
    return compare_nodes_with (self, turn_around (operator), right, left);
  if (right->type == SARAP_XPATH_NODESET && (guint64) xpath_value_n_nodes (left) * xpath_value_n_nodes (right) > MANY_PAIRS)
    {
      if (operator== XPATH_EQUAL)
        return share_a_text (self, left, right);
      if (!is_equality)
        return compare_extremes (self, operator, left, right);
    }
  return compare_nodes_with (self, operator, left, right);
}

/* Values of the public header. */
static void
borrow_value (const SarapXPathValue *self, XPathValue *value)
{
  value->type = self->type == SARAP_XPATH_DATE ? SARAP_XPATH_STRING : self->type;
  value->boolean = self->boolean;
  value->number = self->number;
  value->text = self->string ? self->string : "";
  value->nodes = self->type == SARAP_XPATH_NODESET ? g_ptr_array_ref (self->nodes) : NULL;
}

void
sarap_xpath_value_clear (SarapXPathValue *value)
{
  g_clear_pointer (&value->string, g_free);
  g_clear_pointer (&value->nodes, g_ptr_array_unref);
}

gboolean
sarap_xpath_value_to_boolean (const SarapXPathValue *value)
{
  g_auto (XPathValue) working = XPATH_VALUE_INIT;

  borrow_value (value, &working);
  return xpath_to_boolean (NULL, &working);
}

/* A text that is a dateTime without a zone is read in the local zone of the process. */
double
sarap_xpath_value_to_number (const SarapXPathValue *value)
{
  g_auto (XPathValue) working = XPATH_VALUE_INIT;

  if (value->type == SARAP_XPATH_DATE)
    return value->number;
  borrow_value (value, &working);
  return xpath_to_number (NULL, &working);
}

/* Returns: (transfer full) never NULL */
char *
sarap_xpath_value_to_string (const SarapXPathValue *value)
{
  g_auto (XPathValue) working = XPATH_VALUE_INIT;

  borrow_value (value, &working);
  return g_strdup (xpath_to_text (NULL, &working));
}
