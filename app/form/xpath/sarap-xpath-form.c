#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>

/* 1. if() evaluates one branch only and gives its value as it is, nodes included.
 * 2. coalesce() is the first value that is not blank ('' and NaN are), else ''.
 * 3. once(x) is the text that the node has, irrelevant or not; x while it has none.
 * 4. depend(x, …) is x; the others only make the expression depend on them.
 * 5. What only the form knows is asked of the host; what the host does not know reads ''. */

gboolean
xpath_call_if (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  gboolean condition;

  if (!xpath_argument_boolean (self, call, 0, focus, &condition))
    return FALSE;
  return xpath_argument (self, call, condition ? 1 : 2, focus, result);
}

gboolean
xpath_call_coalesce (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  for (guint i = 0; i < call->call.n; i++)
    {
      if (!xpath_argument (self, call, i, focus, result))
        return FALSE;
      if (result->type == SARAP_XPATH_NUMBER ? !isnan (result->number) : *xpath_to_text (self, result) != '\0')
        return TRUE;
    }
  xpath_value_borrow_text (result, "");
  return TRUE;
}

gboolean
xpath_call_depend (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  return xpath_argument (self, call, 0, focus, result);
}

gboolean
xpath_call_once (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  if (focus->node != NULL && focus->node->text != NULL)
    {
      xpath_value_borrow_text (result, focus->node->text);
      return TRUE;
    }
  return xpath_argument (self, call, 0, focus, result);
}

static gboolean
fail_without_host (XPathEvaluator *self, const XPathExpr *call)
{
  return xpath_fail (self, call, "%s() cannot be answered here", call->call.name);
}

gboolean
xpath_call_itext (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) id = XPATH_VALUE_INIT;
  g_auto (XPathValue) form = XPATH_VALUE_INIT;
  const SarapXPathHost *host = self->context->host;
  char *text;

  if (xpath_argument_text (self, call, 0, focus, &id) == NULL || (call->call.n == 2 && xpath_argument_text (self, call, 1, focus, &form) == NULL))
    return FALSE;
  if (host == NULL || host->itext == NULL)
    return fail_without_host (self, call);
  text = host->itext (id.text, call->call.n == 2 ? form.text : NULL, self->context->host_data);
  xpath_value_take_text (result, text ? text : g_strdup (""));
  return TRUE;
}

gboolean
xpath_call_property (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  g_auto (XPathValue) name = XPATH_VALUE_INIT;
  const SarapXPathHost *host = self->context->host;
  const char *text;

  if (xpath_argument_text (self, call, 0, focus, &name) == NULL)
    return FALSE;
  if (host == NULL || host->property == NULL)
    return fail_without_host (self, call);
  text = host->property (name.text, self->context->host_data);
  xpath_value_take_text (result, g_strdup (text ? text : ""));
  return TRUE;
}

/* The version that the root of the main instance carries. */
gboolean
xpath_call_version (XPathEvaluator *self, const XPathExpr *call, const XPathFocus *focus, XPathValue *result)
{
  const SarapNode *root = self->origin ? sarap_tree_get_root (self->origin->tree) : NULL;
  const SarapNode *version = root ? sarap_node_find_attribute (root, sarap_node_intern ("version")) : NULL;

  xpath_value_borrow_text (result, version ? sarap_node_peek_text (version) : "");
  return TRUE;
}
