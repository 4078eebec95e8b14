/* Functions of XPath 1.0 section 4, and the conditions of the dialect: if, coalesce, once. */
#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>
#include <string.h>

static gboolean
fn_true (Eval *eval, const Expr *call, Value *result)
{
  value_set_boolean (result, TRUE);
  return TRUE;
}

static gboolean
fn_false (Eval *eval, const Expr *call, Value *result)
{
  value_set_boolean (result, FALSE);
  return TRUE;
}

static gboolean
fn_not (Eval *eval, const Expr *call, Value *result)
{
  gboolean value;

  if (!sarap_xpath_eval_boolean (eval, call->arguments[0], &value))
    return FALSE;
  value_set_boolean (result, !value);
  return TRUE;
}

static gboolean
fn_boolean (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Value) value = VALUE_INIT;

  if (!sarap_xpath_eval (eval, call->arguments[0], &value))
    return FALSE;
  value_set_boolean (result, value_boolean (&value));
  return TRUE;
}

/* 'true' and '1' only, case as given. */
static gboolean
fn_boolean_from_string (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Value) value = VALUE_INIT;
  const char *text;

  if (!sarap_xpath_eval_text (eval, call->arguments[0], &value, &text))
    return FALSE;
  value_set_boolean (result, g_str_equal (text, "true") || g_str_equal (text, "1"));
  return TRUE;
}

static gboolean
fn_number (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Value) value = VALUE_INIT;

  if (call->n_arguments == 0)
    {
      value_start_nodes (&value);
      value_add_node (&value, eval->node);
    }
  else if (!sarap_xpath_eval (eval, call->arguments[0], &value))
    return FALSE;
  value_set_number (result, value_number (&value));
  return TRUE;
}

static gboolean
fn_string (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Value) value = VALUE_INIT;

  if (call->n_arguments == 0)
    {
      value_start_nodes (&value);
      value_add_node (&value, eval->node);
    }
  else if (!sarap_xpath_eval (eval, call->arguments[0], &value))
    return FALSE;
  value_take_text (result, g_strdup (value_text (&value)));
  return TRUE;
}

/* Only the branch that is chosen is evaluated. */
static gboolean
fn_if (Eval *eval, const Expr *call, Value *result)
{
  gboolean condition;

  return sarap_xpath_eval_boolean (eval, call->arguments[0], &condition) &&
         sarap_xpath_eval (eval, call->arguments[condition ? 1 : 2], result);
}

static gboolean
fn_coalesce (Eval *eval, const Expr *call, Value *result)
{
  for (guint i = 0; i < call->n_arguments; i++)
    {
      if (!sarap_xpath_eval (eval, call->arguments[i], result))
        return FALSE;
      if (*value_text (result) != '\0')
        return TRUE;
    }
  return TRUE;
}

/* The node's own value if it has one: the first value stays. */
static gboolean
fn_once (Eval *eval, const Expr *call, Value *result)
{
  g_autofree char *owned = NULL;
  const char *text = sarap_xpath_node_text (eval->outer->node, &owned);

  if (*text == '\0')
    return sarap_xpath_eval (eval, call->arguments[0], result);
  value_take_text (result, g_strdup (text));
  return TRUE;
}

static gboolean
fn_last (Eval *eval, const Expr *call, Value *result)
{
  value_set_number (result, eval->size);
  return TRUE;
}

static gboolean
fn_lang (Eval *eval, const Expr *call, Value *result)
{
  g_auto (Value) value = VALUE_INIT;
  const char *wanted;
  gboolean matches = FALSE;

  if (!sarap_xpath_eval_text (eval, call->arguments[0], &value, &wanted))
    return FALSE;
  for (const SarapNode *node = eval->node; node != NULL; node = node->parent)
    {
      const SarapNode *attribute = node->kind == SARAP_NODE_ELEMENT ? sarap_node_find_attribute (node, sarap_node_intern ("lang")) : NULL;
      gsize length = strlen (wanted);
      const char *text = attribute ? sarap_node_peek_text (attribute) : NULL;

      if (text == NULL)
        continue;
      matches = g_ascii_strncasecmp (text, wanted, length) == 0 && (text[length] == '\0' || text[length] == '-');
      break;
    }
  value_set_boolean (result, matches);
  return TRUE;
}

const Function sarap_xpath_core_functions[] = {
  { "true", 0, 0, fn_true },
  { "false", 0, 0, fn_false },
  { "not", 1, 1, fn_not },
  { "boolean", 1, 1, fn_boolean },
  { "boolean-from-string", 1, 1, fn_boolean_from_string },
  { "number", 0, 1, fn_number },
  { "string", 0, 1, fn_string },
  { "if", 3, 3, fn_if },
  { "coalesce", 1, -1, fn_coalesce },
  { "once", 1, 1, fn_once, FUNCTION_IMPURE },
  { "last", 0, 0, fn_last },
  { "lang", 1, 1, fn_lang },
  { NULL },
};
