#include "app/form/xlsform/sarap-xlsform-private.h"

#include <string.h>

/* A loop becomes one group a choice of its list; in its own rows %(name)s and %(label)s become the
 * choice's name and label, in the language of the text. Rows in groups inside the loop are copied
 * as they are, as the standard converter does. */

#define SHEET "survey"

static SarapXlsElement *
element_copy (const SarapXlsElement *self)
{
  SarapXlsElement *copy = sarap_xls_element_new (self->kind, self->name, self->row);

  copy->type = self->type;
  sarap_xls_value_free (copy->values);
  copy->values = sarap_xls_value_copy (self->values);
  copy->triggers = g_strdupv (self->triggers);
  copy->itemset = g_strdup (self->itemset);
  copy->loop_list = g_strdup (self->loop_list);
  copy->is_query = self->is_query;
  copy->is_dynamic = self->is_dynamic;
  for (guint i = 0; i < self->actions->len; i++)
    {
      const SarapXlsAction *action = g_ptr_array_index (self->actions, i);

      sarap_xls_element_add_action (copy, action->name, action->event, action->value, action->quality);
    }
  for (guint i = 0; i < self->children->len; i++)
    sarap_xls_element_append (copy, element_copy (g_ptr_array_index (self->children, i)));
  return copy;
}

static char *
substitute (const char *text, const char *name, const char *label)
{
  GString *out = g_string_new (text);

  g_string_replace (out, "%(name)s", name, 0);
  g_string_replace (out, "%(label)s", label, 0);
  return g_string_free (out, FALSE);
}

static const char *
get_label (const SarapXlsChoice *choice, const char *language)
{
  const SarapXlsValue *label = sarap_xls_map_peek (choice->values, "label");
  const char *text = sarap_xls_map_peek_text (label, language);

  if (text == NULL && sarap_xls_map_get_length (label) > 0)
    text = sarap_xls_map_peek_entry (label, 0)->value->text;
  if (text == NULL && label != NULL)
    text = label->text;
  return text ? text : choice->name;
}

static void
substitute_value (SarapXlsValue *value, const SarapXlsChoice *choice, const char *language)
{
  for (guint i = 0; i < sarap_xls_map_get_length (value); i++)
    {
      const SarapXlsEntry *entry = sarap_xls_map_peek_entry (value, i);

      substitute_value (entry->value, choice, entry->key);
    }
  if (value->text != NULL)
    {
      char *text = substitute (value->text, choice->name, get_label (choice, language));

      g_free (value->text);
      value->text = text;
    }
}

static SarapXlsElement *
loop_turn_new (SarapXlsForm *self, const SarapXlsElement *loop, const SarapXlsChoice *choice)
{
  SarapXlsElement *group = sarap_xls_element_new (SARAP_XLS_GROUP, choice->name, loop->row);
  const SarapXlsValue *label = sarap_xls_map_peek (choice->values, "label");
  const SarapXlsValue *media = sarap_xls_map_peek (choice->values, "media");

  if (!sarap_xls_is_name (choice->name))
    sarap_xls_error (self, "choices", choice->row, "name", "the loop '%s' makes a group of this choice, so its name must begin with a letter or '_', then letters, digits, '_', '-' or '.'", loop->name);
  if (label != NULL)
    sarap_xls_map_take (group->values, "label", sarap_xls_value_copy (label));
  if (media != NULL)
    sarap_xls_map_take (group->values, "media", sarap_xls_value_copy (media));
  for (guint i = 0; i < loop->children->len; i++)
    {
      SarapXlsElement *child = element_copy (g_ptr_array_index (loop->children, i));
      char *name = substitute (child->name, choice->name, get_label (choice, self->default_language));

      g_free (child->name);
      child->name = name;
      substitute_value (child->values, choice, self->default_language);
      sarap_xls_element_append (group, child);
    }
  return group;
}

static guint
count_below (const SarapXlsElement *element)
{
  guint n = element->children->len;

  for (guint i = 0; i < element->children->len; i++)
    n += count_below (g_ptr_array_index (element->children, i));
  return n;
}

/* Turns a loop into groups, from the inside out so that loops in loops work. */
static void
unroll (SarapXlsForm *self, SarapXlsElement *element)
{
  g_autoptr (GPtrArray) turns = NULL;
  SarapXlsList *list;

  for (guint i = 0; i < element->children->len; i++)
    unroll (self, g_ptr_array_index (element->children, i));
  list = element->kind == SARAP_XLS_LOOP && element->loop_list ? sarap_xls_find_list (self, element->loop_list) : NULL;
  if (element->kind == SARAP_XLS_LOOP)
    element->kind = SARAP_XLS_GROUP;
  if (list == NULL)
    return;
  list->is_used = TRUE;
  turns = g_ptr_array_new ();
  self->n_questions += MIN ((guint64) count_below (element) * list->choices->len, SARAP_XLS_MAX_QUESTIONS + 1);
  for (guint i = 0; i < list->choices->len && self->n_questions <= SARAP_XLS_MAX_QUESTIONS; i++)
    {
      const SarapXlsChoice *choice = g_ptr_array_index (list->choices, i);

      if (strcmp (choice->name, "none") != 0)
        g_ptr_array_add (turns, loop_turn_new (self, element, choice));
    }
  if (self->n_questions > SARAP_XLS_MAX_QUESTIONS)
    sarap_xls_error (self, SHEET, element->row, NULL, "with this loop the survey has more than %d questions", SARAP_XLS_MAX_QUESTIONS);
  g_ptr_array_set_size (element->children, 0);
  for (guint i = 0; i < turns->len; i++)
    sarap_xls_element_append (element, g_ptr_array_index (turns, i));
}

static void
check_copy_cb (SarapXlsForm *self, SarapXlsElement *element, gpointer data)
{
  if (element->kind == SARAP_XLS_REPEAT && !g_hash_table_add (data, element->name))
    sarap_xls_error (self, SHEET, element->row, "name", "a loop would make several repeats called '%s'; move the repeat out of the loop", element->name);
}

/* Unrolls all loops of the survey. */
void
sarap_xls_unroll_loops (SarapXlsForm *self)
{
  g_autoptr (GHashTable) repeats = g_hash_table_new (g_str_hash, g_str_equal);

  unroll (self, self->root);
  if (!sarap_problems_has_errors (self->problems))
    sarap_xls_visit (self, self->root, check_copy_cb, repeats);
}
