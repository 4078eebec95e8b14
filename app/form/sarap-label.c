#include "app/form/sarap-interview-private.h"

#include <string.h>

/* Texts as people read them: translated, with outputs filled in.
 *
 *  1. Outputs are evaluated with the question as context node, at the moment of asking.
 *  2. A text without the wanted form has none: only the long form falls back, from the language
 *     to the form's default language (xforms/sarap-xforms-itext.c).
 *  3. An output that fails is blank.
 */

static char *
fill (SarapInterview *self, const SarapText *text, SarapNode *context_node)
{
  GString *filled;
  SarapXPathContext context;

  if (text->literals == NULL)
    return NULL;
  filled = g_string_new (text->literals[0]);
  sarap_interview_init_context (self, context_node, &context);
  for (guint i = 0; i < text->n_outputs; i++)
    {
      g_autofree char *value = sarap_xpath_evaluate_string (text->outputs[i], &context, NULL);

      if (value != NULL)
        g_string_append (filled, value);
      g_string_append (filled, text->literals[i + 1]);
    }
  return g_strstrip (g_string_free (filled, FALSE));
}

/* The translated text @id; NULL when there is none. */
char *
sarap_interview_dup_itext (SarapInterview *self, const char *id, const char *form, SarapNode *context)
{
  const SarapText *text = sarap_itext_find (self->form->itext, self->language, id, form);

  return text ? fill (self, text, context) : NULL;
}

/* @form NULL is the text itself, else "guidance", "image"… Returns: (transfer full) (nullable) */
char *
sarap_interview_dup_text (SarapInterview *self, const SarapText *text, const char *form, SarapNode *context)
{
  SarapXPathContext evaluation;

  if (text == NULL)
    return NULL;
  if (text->itext != NULL)
    return sarap_interview_dup_itext (self, text->itext, form, context);
  if (form != NULL)
    return NULL;
  if (text->reference == NULL)
    return fill (self, text, context);
  sarap_interview_init_context (self, context, &evaluation);
  return sarap_xpath_evaluate_string (text->reference, &evaluation, NULL);
}

/* The element at @ref and the node that its texts are about: the template for a repeat that
 * has no instance. */
static const SarapElement *
find_element (SarapInterview *self, const char *ref, SarapNode **node)
{
  const SarapElement *element = sarap_form_find_element (self->form, ref);
  const SarapCell *cell = element ? sarap_interview_find_cell (self, ref) : NULL;
  const SarapRange *range = element && cell == NULL ? sarap_interview_find_range (self, ref) : NULL;

  *node = cell ? cell->node : range ? range->anchor
                                    : NULL;
  return *node ? element : NULL;
}

char *
sarap_interview_dup_label (SarapInterview *self, const char *ref)
{
  SarapNode *node;
  const SarapElement *element = find_element (self, ref, &node);
  char *label = element ? sarap_interview_dup_text (self, element->label, NULL, node) : NULL;

  return label ? label : g_strdup ("");
}

char *
sarap_interview_dup_hint (SarapInterview *self, const char *ref)
{
  SarapNode *node;
  const SarapElement *element = find_element (self, ref, &node);

  return element ? sarap_interview_dup_text (self, element->hint, NULL, node) : NULL;
}

char *
sarap_interview_dup_guidance (SarapInterview *self, const char *ref)
{
  SarapNode *node;
  const SarapElement *element = find_element (self, ref, &node);
  char *guidance = element ? sarap_interview_dup_text (self, element->hint, "guidance", node) : NULL;

  if (guidance == NULL && element != NULL)
    guidance = sarap_interview_dup_text (self, element->label, "guidance", node);
  return guidance;
}

/* The name of the media file, without "jr://images/". */
char *
sarap_interview_dup_label_media (SarapInterview *self, const char *ref, const char *form)
{
  SarapNode *node;
  const SarapElement *element = find_element (self, ref, &node);
  g_autofree char *source = element ? sarap_interview_dup_text (self, element->label, form, node) : NULL;
  const char *slash = source ? strrchr (source, '/') : NULL;

  return slash ? g_strdup (slash + 1) : g_steal_pointer (&source);
}
