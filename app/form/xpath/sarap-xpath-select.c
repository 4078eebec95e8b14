/* Functions on choices: selected values are words between spaces. */
#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>
#include <string.h>

/* Next word at or after @at; its length in @length; NULL at the end. */
static const char *
next_word (const char *at, gsize *length)
{
  while (g_ascii_isspace (*at))
    at++;
  for (*length = 0; at[*length] != '\0' && !g_ascii_isspace (at[*length]); (*length)++)
    ;
  return *length > 0 ? at : NULL;
}

static gboolean
has_word (const char *list, const char *word)
{
  gsize wanted = strlen (word), length;

  for (const char *at = next_word (list, &length); at != NULL; at = next_word (at + length, &length))
    if (length == wanted && strncmp (at, word, length) == 0)
      return TRUE;
  return wanted == 0 && next_word (list, &length) == NULL;
}

static gboolean
fn_selected (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Value) list = VALUE_INIT, word = VALUE_INIT;
  const char *list_text, *word_text;
  g_autofree char *trimmed = NULL;

  if (!sarap_xpath_eval_text (eval, call->arguments[0], &list, &list_text) || !sarap_xpath_eval_text (eval, call->arguments[1], &word, &word_text))
    return FALSE;
  trimmed = g_strstrip (g_strdup (word_text));
  value_set_boolean (result, has_word (list_text, trimmed));
  return TRUE;
}

static gboolean
fn_count_selected (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Value) list = VALUE_INIT;
  const char *text;
  guint count = 0;
  gsize length;

  if (!sarap_xpath_eval_text (eval, call->arguments[0], &list, &text))
    return FALSE;
  for (const char *at = next_word (text, &length); at != NULL; at = next_word (at + length, &length))
    count++;
  value_set_number (result, count);
  return TRUE;
}

/* 0-based; out of range is ''. */
static gboolean
fn_selected_at (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Value) list = VALUE_INIT;
  const char *text;
  double index;
  gsize length;

  if (!sarap_xpath_eval_text (eval, call->arguments[0], &list, &text) || !sarap_xpath_eval_number (eval, call->arguments[1], &index))
    return FALSE;
  for (const char *at = next_word (text, &length); at != NULL; at = next_word (at + length, &length))
    if (index-- == 0)
      {
        value_take_text (result, g_strndup (at, length));
        return TRUE;
      }
  value_set_text (result, "");
  return TRUE;
}

/* How many of @call's arguments from @first are true, a node-set counting each of its nodes; with
 * @weighted, pairs of value and weight. */
static gboolean
collect (Eval *eval, const Expr *argument, GArray *numbers)
{
  g_auto (Value) value = VALUE_INIT;
  double number;

  if (!sarap_xpath_eval (eval, argument, &value))
    return FALSE;
  if (value.type != SARAP_XPATH_NODESET)
    {
      number = value_number (&value);
      g_array_append_val (numbers, number);
      return TRUE;
    }
  for (guint i = 0; i < value.n_nodes; i++)
    {
      g_autofree char *owned = NULL;

      number = sarap_xpath_text_to_number (sarap_xpath_node_text (value_nodes (&value)[i], &owned));
      g_array_append_val (numbers, number);
    }
  return TRUE;
}

static gboolean
is_true (double number)
{
  return number != 0 && !isnan (number);
}

static gboolean
check_range (Eval *eval, const Expr *call, double sum, Value *result)
{
  double low, high;

  if (!sarap_xpath_eval_number (eval, call->arguments[0], &low) || !sarap_xpath_eval_number (eval, call->arguments[1], &high))
    return FALSE;
  value_set_boolean (result, (low < 0 || sum >= low) && (high < 0 || sum <= high));
  return TRUE;
}

static gboolean
fn_checklist (Eval *eval, const Expr *call, Value *result)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  guint count = 0;

  for (guint i = 2; i < call->n_arguments; i++)
    if (!collect (eval, call->arguments[i], values))
      return FALSE;
  for (guint i = 0; i < values->len; i++)
    count += is_true (g_array_index (values, double, i));
  return check_range (eval, call, count, result);
}

static gboolean
fn_weighted_checklist (Eval *eval, const Expr *call, Value *result)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) weights = g_array_new (FALSE, FALSE, sizeof (double));
  double sum = 0;

  for (guint i = 2; i < call->n_arguments; i++)
    if (!collect (eval, call->arguments[i], i % 2 == 0 ? values : weights))
      return FALSE;
  if (values->len != weights->len)
    return sarap_xpath_fail (eval, "weighted-checklist() needs as many weights as values");
  for (guint i = 0; i < values->len; i++)
    sum += is_true (g_array_index (values, double, i)) ? g_array_index (weights, double, i) : 0;
  return check_range (eval, call, sum, result);
}

/* jr:choice-name(value, 'path of the question'): the label in the form's language. */
static gboolean
fn_choice_name (Eval *eval, const Expr *call, Value *result)
{
  const SarapXPathHost *host = sarap_xpath_host (eval);
  g_auto (Value) value = VALUE_INIT, path = VALUE_INIT;
  const char *value_of_choice, *path_text;
  char *name;

  if (!sarap_xpath_eval_text (eval, call->arguments[0], &value, &value_of_choice) || !sarap_xpath_eval_text (eval, call->arguments[1], &path, &path_text))
    return FALSE;
  if (host->choice_name == NULL)
    return sarap_xpath_fail (eval, "jr:choice-name() needs a form");
  name = host->choice_name (value_of_choice, path_text, eval->outer->node, eval->outer->host_data);
  if (name == NULL)
    return sarap_xpath_fail (eval, "jr:choice-name(): %s is no question with choices", path_text);
  value_take_text (result, name);
  return TRUE;
}

static gboolean
fn_itext (Eval *eval, const Expr *call, Value *result)
{
  const SarapXPathHost *host = sarap_xpath_host (eval);
  g_auto (Value) value = VALUE_INIT;
  const char *id;
  char *text;

  if (!sarap_xpath_eval_text (eval, call->arguments[0], &value, &id))
    return FALSE;
  if (host->itext == NULL)
    return sarap_xpath_fail (eval, "jr:itext() needs a form");
  text = host->itext (id, NULL, eval->outer->host_data);
  value_take_text (result, text ? text : g_strdup (""));
  return TRUE;
}

const Function sarap_xpath_select_functions[] = {
  { "selected", 2, 2, fn_selected },
  { "is-selected", 2, 2, fn_selected },
  { "count-selected", 1, 1, fn_count_selected },
  { "selected-at", 2, 2, fn_selected_at },
  { "checklist", 3, -1, fn_checklist },
  { "weighted-checklist", 4, -1, fn_weighted_checklist },
  { "jr:choice-name", 2, 2, fn_choice_name },
  { "jr:itext", 1, 1, fn_itext },
  { NULL },
};
