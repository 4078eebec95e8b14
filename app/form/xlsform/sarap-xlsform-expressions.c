#include "app/form/xlsform/sarap-xlsform-private.h"

#include "app/form/xpath/sarap-xpath.h"

#include <string.h>

/* The standard converter copies expressions unread, so a broken one is no reason to refuse the
 * workbook; but only here is it known which cell it stands in. The form will not load with it. */

static void
check (SarapXlsForm *self, const SarapXlsElement *element, const char *key, const char *text, SarapXlsResolve flags)
{
  g_autofree char *expression = text ? sarap_xls_resolve (self, text, element, flags) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapXPath) compiled = expression ? sarap_xpath_compile (expression, NULL, &error) : NULL;
  g_autofree char *broken = compiled ? sarap_xpath_dup_broken_call (compiled) : NULL;

  if (error != NULL)
    sarap_xls_warn (self, "survey", element->row, sarap_xls_column_of (self->survey, key), "the expression is broken: %s", error->message);
  if (broken != NULL)
    sarap_xls_warn (self, "survey", element->row, sarap_xls_column_of (self->survey, key), "%s", broken);
}

static void
check_cb (SarapXlsForm *self, SarapXlsElement *element, gpointer data)
{
  static const char *const keys[] = { "relevant", "constraint", "calculate", "required", "readonly" };
  const SarapXlsValue *bind = sarap_xls_map_peek (element->values, "bind");
  gboolean value;

  if (element->row == 0 || element->kind == SARAP_XLS_ENTITY)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (!sarap_xls_parse_yes_no (sarap_xls_map_peek_text (bind, keys[i]), &value))
      check (self, element, keys[i], sarap_xls_map_peek_text (bind, keys[i]), SARAP_XLS_PLAIN);
  check (self, element, "choice_filter", sarap_xls_map_peek_text (element->values, "choice_filter"), SARAP_XLS_USE_CURRENT);
  if (element->is_dynamic)
    check (self, element, "default", sarap_xls_map_peek_text (element->values, "default"), SARAP_XLS_PLAIN);
}

/* Warns of expressions that no engine could read. */
void
sarap_xls_check_expressions (SarapXlsForm *self)
{
  sarap_xls_visit (self, self->root, check_cb, NULL);
}
