#include "app/form/xpath/sarap-xpath-private.h"

#include <math.h>
#include <string.h>

G_DEFINE_QUARK (sarap - xpath - error - quark, sarap_xpath_error)

/* @namespaces: prefix → URI, or NULL. Unknown functions compile; a wrong number of arguments of a
 * known one does not. Returns: (transfer full), or NULL with SARAP_XPATH_ERROR */
SarapXPath *
sarap_xpath_compile (const char *expression, GHashTable *namespaces, GError **error)
{
  Expr *root = sarap_xpath_parse (expression, namespaces, error);
  SarapXPath *self;

  if (root == NULL)
    return NULL;
  self = g_new0 (SarapXPath, 1);
  g_atomic_ref_count_init (&self->references);
  self->source = g_strdup (expression);
  self->root = root;
  return self;
}

SarapXPath *
sarap_xpath_ref (SarapXPath *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
sarap_xpath_unref (SarapXPath *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  sarap_xpath_expr_free (self->root);
  g_free (self->source);
  g_free (self);
}

const char *
sarap_xpath_get_source (const SarapXPath *self)
{
  return self->source;
}

static gboolean
evaluate (const SarapXPath *self, const SarapXPathContext *context, Value *value, GError **error)
{
  GError *failure = NULL;
  Eval eval = { context->node, MAX (1, context->position), MAX (1, context->size), context, &failure };

  if (sarap_xpath_eval (&eval, self->root, value))
    return TRUE;
  g_propagate_prefixed_error (error, failure, "%.200s: ", self->source);
  return FALSE;
}

/* @value is filled anew: clear it with sarap_xpath_value_clear(). */
gboolean
sarap_xpath_evaluate (const SarapXPath *self, const SarapXPathContext *context, SarapXPathValue *value, GError **error)
{
  g_auto (Value) inner = VALUE_INIT;

  memset (value, 0, sizeof *value);
  if (!evaluate (self, context, &inner, error))
    return FALSE;
  value->type = inner.type;
  value->boolean = inner.boolean;
  value->number = inner.number;
  if (inner.type == SARAP_XPATH_STRING || inner.type == SARAP_XPATH_DATE)
    value->string = g_strdup (value_text (&inner));
  if (inner.type == SARAP_XPATH_NODESET)
    {
      value->nodes = g_ptr_array_sized_new (inner.n_nodes);
      for (guint i = 0; i < inner.n_nodes; i++)
        g_ptr_array_add (value->nodes, value_nodes (&inner)[i]);
    }
  return TRUE;
}

gboolean
sarap_xpath_evaluate_boolean (const SarapXPath *self, const SarapXPathContext *context, gboolean *boolean, GError **error)
{
  g_auto (Value) value = VALUE_INIT;

  if (!evaluate (self, context, &value, error))
    return FALSE;
  *boolean = value_boolean (&value);
  return TRUE;
}

gboolean
sarap_xpath_evaluate_number (const SarapXPath *self, const SarapXPathContext *context, double *number, GError **error)
{
  g_auto (Value) value = VALUE_INIT;

  if (!evaluate (self, context, &value, error))
    return FALSE;
  *number = value_number (&value);
  return TRUE;
}

/* Returns: (transfer full), or NULL with an error */
char *
sarap_xpath_evaluate_string (const SarapXPath *self, const SarapXPathContext *context, GError **error)
{
  g_auto (Value) value = VALUE_INIT;

  return evaluate (self, context, &value, error) ? g_strdup (value_text (&value)) : NULL;
}

void
sarap_xpath_value_clear (SarapXPathValue *value)
{
  g_clear_pointer (&value->string, g_free);
  g_clear_pointer (&value->nodes, g_ptr_array_unref);
}

/* The value as the evaluator holds it; borrows everything. */
static void
borrow (const SarapXPathValue *from, Value *to)
{
  to->type = from->type;
  to->boolean = from->boolean;
  to->number = from->number;
  to->text = from->string;
  if (from->type == SARAP_XPATH_NODESET)
    {
      value_start_nodes (to);
      for (guint i = 0; i < from->nodes->len; i++)
        value_add_node (to, g_ptr_array_index (from->nodes, i));
    }
}

gboolean
sarap_xpath_value_to_boolean (const SarapXPathValue *value)
{
  g_auto (Value) inner = VALUE_INIT;

  borrow (value, &inner);
  return value_boolean (&inner);
}

double
sarap_xpath_value_to_number (const SarapXPathValue *value)
{
  g_auto (Value) inner = VALUE_INIT;

  borrow (value, &inner);
  return value_number (&inner);
}

char *
sarap_xpath_value_to_string (const SarapXPathValue *value)
{
  g_auto (Value) inner = VALUE_INIT;

  borrow (value, &inner);
  return g_strdup (value_text (&inner));
}
