#include "app/form/sarap-form-private.h"

#include <string.h>

/* Choices without an interview, for tables and exports: no filter, no order of chance. */

/* "randomize(instance('c')/root/item[x = /data/y], 3)" → "instance('c')/root/item". NULL when
 * the list is not a secondary instance. */
static char *
dup_plain_nodeset (const char *source)
{
  const char *start = strstr (source, "instance(");
  GString *plain;
  guint brackets = 0;
  int parentheses = 0;
  char quote = '\0';

  if (start == NULL)
    return NULL;
  plain = g_string_new (NULL);
  for (const char *c = start; *c != '\0'; c++)
    {
      if (quote != '\0')
        quote = *c == quote ? '\0' : quote;
      else if (*c == '\'' || *c == '"')
        quote = *c;
      else if (*c == '[')
        brackets++;
      else if (brackets == 0 && *c == '(')
        parentheses++;
      else if (brackets == 0 && ((*c == ')' && --parentheses < 0) || *c == ',' || g_ascii_isspace (*c)))
        break;
      if (brackets == 0)
        g_string_append_c (plain, *c);
      if (quote == '\0' && *c == ']')
        brackets--;
    }
  return g_string_free (plain, FALSE);
}

static SarapNode *
find_instance (const char *id, gpointer data)
{
  return sarap_form_peek_secondary (data, id);
}

static char *
dup_text (SarapForm *self, SarapNode *item, const SarapXPath *expression, const SarapXPathHost *host)
{
  SarapXPathContext context = { .node = item, .host = host, .host_data = self };

  return expression ? sarap_xpath_evaluate_string (expression, &context, NULL) : NULL;
}

static int
pick_language (SarapForm *self, const char *language)
{
  int index = language ? sarap_itext_find_language (self->itext, language) : -1;

  return index < 0 ? sarap_itext_get_default (self->itext) : index;
}

static char *
dup_translation (SarapForm *self, int language, const char *id, const char *form)
{
  const SarapText *text = id ? sarap_itext_find (self->itext, language, id, form) : NULL;

  return text ? g_strstrip (sarap_text_dup_literals (text)) : NULL;
}

static char *
dup_column_label (SarapForm *self, SarapNode *item, const SarapItemset *itemset, int language)
{
  const char *name = language < 0 ? NULL : sarap_itext_get_languages (self->itext)[language];
  const char *open = name ? strrchr (name, '(') : NULL;
  g_autofree char *column = open && itemset->label_name ? g_strdup_printf ("%s_%.*s", itemset->label_name, (int) strcspn (open + 1, ")"), open + 1) : NULL;
  const SarapNode *child = column ? sarap_node_find_child (item, sarap_node_intern (column)) : NULL;

  return child ? sarap_node_dup_string_value (child) : NULL;
}

static char *
dup_file_name (char *source)
{
  const char *slash = source ? strrchr (source, '/') : NULL;
  char *name = g_strdup (slash ? slash + 1 : source);

  g_free (source);
  return name;
}

static SarapChoice *
new_choice (SarapForm *self, SarapNode *item, const SarapItemset *itemset, int language, const SarapXPathHost *host)
{
  SarapChoice *choice = g_new0 (SarapChoice, 1);
  g_autofree char *label = dup_text (self, item, itemset->label, host);

  choice->value = dup_text (self, item, itemset->value, host);
  if (itemset->label_is_itext)
    {
      choice->label = dup_translation (self, language, label, NULL);
      choice->image = dup_file_name (dup_translation (self, language, label, "image"));
    }
  else
    choice->label = dup_column_label (self, item, itemset, language);
  if (choice->value == NULL)
    choice->value = g_strdup ("");
  if (choice->label == NULL)
    choice->label = g_strdup (label && !itemset->label_is_itext ? label : choice->value);
  return choice;
}

static void
collect_items (SarapForm *self, const SarapElement *element, int language, GPtrArray *choices)
{
  for (guint i = 0; element->items != NULL && i < element->items->len; i++)
    {
      const SarapItem *item = &g_array_index (element->items, SarapItem, i);
      const char *id = item->label ? item->label->itext : NULL;
      SarapChoice *choice = g_new0 (SarapChoice, 1);

      choice->value = g_strdup (item->value);
      choice->label = id ? dup_translation (self, language, id, NULL) : item->label ? g_strstrip (sarap_text_dup_literals (item->label))
                                                                                    : NULL;
      choice->image = dup_file_name (dup_translation (self, language, id, "image"));
      if (choice->label == NULL)
        choice->label = g_strdup (item->value);
      g_ptr_array_add (choices, choice);
    }
}

static void
collect_itemset (SarapForm *self, const SarapItemset *itemset, int language, GPtrArray *choices)
{
  g_autofree char *source = itemset && itemset->nodeset ? dup_plain_nodeset (sarap_xpath_get_source (itemset->nodeset)) : NULL;
  g_autoptr (SarapXPath) nodeset = source ? sarap_xpath_compile (source, self->namespaces, NULL) : NULL;
  const SarapXPathHost host = { .instance = find_instance };
  SarapXPathContext context = { .node = self->root, .host = &host, .host_data = self };
  g_auto (SarapXPathValue) value = { 0 };

  if (nodeset == NULL || !sarap_xpath_evaluate (nodeset, &context, &value, NULL) || value.type != SARAP_XPATH_NODESET)
    return;
  for (guint i = 0; value.nodes != NULL && i < value.nodes->len; i++)
    g_ptr_array_add (choices, new_choice (self, g_ptr_array_index (value.nodes, i), itemset, language, &host));
}

GPtrArray *
sarap_form_dup_choices (SarapForm *self, const SarapElement *element, const char *language)
{
  GPtrArray *choices = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_choice_free);
  int index = pick_language (self, language);

  collect_items (self, element, index, choices);
  collect_itemset (self, element->itemset, index, choices);
  return choices;
}
