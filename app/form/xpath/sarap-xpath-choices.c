#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>
#include <string.h>

/* 1. A selection is a list of words; spaces around and between do not count. The blank word is
 *    selected in the blank selection only. selected-at() counts from 0; out of range it is ''.
 * 2. jr:choice-name() asks the host, with the path of the question as text.
 * 3. checklist() counts true arguments: a bound below 0 does not count.
 *    weighted-checklist() sums the weights of the true ones; both bounds count. */

#define SPACES " \t\r\n"

/* The next word from *@at on, whose length it returns; 0 at the end. */
static gsize
next_word (const char **at)
{
  *at += strspn (*at, SPACES);
  return strcspn (*at, SPACES);
}

/* The length of @text without the blanks at its end. */
static gsize
trimmed_length (const char *text)
{
  gsize length = strlen (text);

  while (length > 0 && strchr (SPACES, text[length - 1]) != NULL)
    length--;
  return length;
}

gboolean
xpath_call_selected (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) list = XPATH_VALUE_INIT;
  g_auto (XPathValue) holder = XPATH_VALUE_INIT;
  const char *at, *wanted;
  gsize length, wanted_length;
  gboolean is_selected;

  if (xpath_argument_text (self, call, 0, focus, &list) == NULL || xpath_argument_text (self, call, 1, focus, &holder) == NULL)
    return FALSE;
  wanted = holder.text + strspn (holder.text, SPACES);
  wanted_length = trimmed_length (wanted);
  is_selected = wanted_length == 0 && xpath_text_is_blank (list.text);
  for (at = list.text; !is_selected && (length = next_word (&at)) > 0; at += length)
    is_selected = length == wanted_length && strncmp (at, wanted, length) == 0;
  xpath_value_set_boolean (result, is_selected);
  return TRUE;
}

gboolean
xpath_call_selected_at (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) holder = XPATH_VALUE_INIT;
  const char *at = xpath_argument_text (self, call, 0, focus, &holder);
  double wanted, index = 0;
  gsize length;

  if (at == NULL || !xpath_argument_number (self, call, 1, focus, &wanted))
    return FALSE;
  wanted = isnan (wanted) ? 0 : trunc (wanted);
  xpath_value_borrow_text (result, "");
  for (; (length = next_word (&at)) > 0; at += length, index++)
    if (index == wanted)
      {
        xpath_value_take_text (result, g_strndup (at, length));
        break;
      }
  return TRUE;
}

gboolean
xpath_call_count_selected (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) holder = XPATH_VALUE_INIT;
  const char *at = xpath_argument_text (self, call, 0, focus, &holder);
  double n = 0;
  gsize length;

  if (at == NULL)
    return FALSE;
  for (; (length = next_word (&at)) > 0; at += length)
    n++;
  xpath_value_set_number (result, n);
  return TRUE;
}

gboolean
xpath_call_choice_name (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) value = XPATH_VALUE_INIT;
  g_auto (XPathValue) holder = XPATH_VALUE_INIT;
  const SarapXPathHost *host = self->context->host;
  g_autofree char *path = NULL;
  char *name;

  if (xpath_argument_text (self, call, 0, focus, &value) == NULL || xpath_argument_text (self, call, 1, focus, &holder) == NULL)
    return FALSE;
  if (host == NULL || host->choice_name == NULL)
    return xpath_fail (self, call, "%s() cannot be answered here", call->call.name);
  path = g_strstrip (g_strdup (holder.text));
  name = host->choice_name (value.text, path, focus->node, self->context->host_data);
  if (name == NULL)
    return xpath_fail (self, call, "%s is no question with choices for jr:choice-name()", path);
  xpath_value_take_text (result, name);
  return TRUE;
}

/* Checklists */
static gboolean
count_true (XPathEvaluator *self, XPathValue *value, gpointer data)
{
  double *n = data;

  *n += xpath_to_boolean (self, value);
  return TRUE;
}

gboolean
xpath_call_checklist (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  double min, max, n = 0;

  if (!xpath_argument_number (self, call, 0, focus, &min) || !xpath_argument_number (self, call, 1, focus, &max) ||
      !xpath_arguments_foreach (self, call, 2, focus, count_true, &n))
    return FALSE;
  xpath_value_set_boolean (result, (min < 0 || n >= min) && (max < 0 || n <= max));
  return TRUE;
}

/* Truth in one argument, weight in the next; two node-sets pair up node by node. */
static gboolean
add_weights (XPathEvaluator *self, const XPathExpr *call, guint index, const XPathFocus *focus, double *sum)
{
  g_auto (XPathValue) flags = XPATH_VALUE_INIT;
  g_auto (XPathValue) weights = XPATH_VALUE_INIT;

  if (!xpath_argument (self, call, index, focus, &flags) || !xpath_argument (self, call, index + 1, focus, &weights))
    return FALSE;
  if (flags.type != SARAP_XPATH_NODESET || weights.type != SARAP_XPATH_NODESET || xpath_value_n_nodes (&flags) <= 1)
    {
      *sum += xpath_to_boolean (self, &flags) ? xpath_to_number (self, &weights) : 0;
      return TRUE;
    }
  if (xpath_value_n_nodes (&flags) != xpath_value_n_nodes (&weights))
    return xpath_fail (self, call, "weighted-checklist() needs as many weights as nodes");
  for (guint i = 0; i < xpath_value_n_nodes (&flags); i++)
    {
      g_auto (XPathValue) text = XPATH_VALUE_INIT;

      if (!xpath_node_to_boolean (self, xpath_value_peek_node (&flags, i)))
        continue;
      xpath_node_text (self, xpath_value_peek_node (&weights, i), &text);
      *sum += xpath_text_to_number (self, text.text);
    }
  return TRUE;
}

gboolean
xpath_call_weighted_checklist (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  double min, max, sum = 0;

  if (!xpath_argument_number (self, call, 0, focus, &min) || !xpath_argument_number (self, call, 1, focus, &max))
    return FALSE;
  for (guint i = 2; i < call->call.n; i += 2)
    if (!add_weights (self, call, i, focus, &sum))
      return FALSE;
  xpath_value_set_boolean (result, sum >= min && sum <= max);
  return TRUE;
}
