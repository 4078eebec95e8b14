#include "app/form/sarap-interview-private.h"

#include <string.h>

/* Choices of a select, and what they do to its answer.
 *
 *  1. Items written into the control come as they are; an itemset's nodes in the order of its
 *     expression (randomize() orders them).
 *  2. The label of an item of a CSV list is its column label_CODE for the language of the
 *     interview, when there is one, else the column that the form names.
 *  3. The answer of a select of several is stored in the order of the list, once each; values
 *     that are no choice stay at the end, so that validation can name them. A rank keeps the
 *     order in which it was answered.
 */

typedef void (*ItemFunc) (const char *value, SarapNode *node, const SarapItem *item, gpointer data);

static const SarapNode *
child_value (SarapNode *item, const char *name)
{
  return name ? sarap_node_find_child (item, name) : NULL;
}

static char *
dup_item_text (SarapInterview *self, SarapNode *item, const SarapXPath *expression, const char *name)
{
  const SarapNode *child = child_value (item, name);
  SarapXPathContext context;

  if (child != NULL)
    return sarap_node_dup_string_value (child);
  if (expression == NULL)
    return g_strdup ("");
  sarap_interview_init_context (self, item, &context);
  return sarap_xpath_evaluate_string (expression, &context, NULL);
}

static GPtrArray *
dup_item_nodes (SarapInterview *self, const SarapElement *element, SarapNode *question, GError **error)
{
  SarapXPathContext context;
  SarapXPathValue value = { 0 };
  GPtrArray *nodes;

  sarap_interview_init_context (self, question, &context);
  if (!sarap_xpath_evaluate (element->itemset->nodeset, &context, &value, error))
    return NULL;
  nodes = value.type == SARAP_XPATH_NODESET && value.nodes ? g_ptr_array_ref (value.nodes) : g_ptr_array_new ();
  sarap_xpath_value_clear (&value);
  return nodes;
}

/* Calls @func for every choice until it is through. FALSE when the expression fails. */
static gboolean
foreach_item (SarapInterview *self, const SarapElement *element, SarapNode *question, ItemFunc func, gpointer data)
{
  g_autoptr (GPtrArray) nodes = NULL;

  for (guint i = 0; element->items != NULL && i < element->items->len; i++)
    {
      const SarapItem *item = &g_array_index (element->items, SarapItem, i);

      func (item->value, NULL, item, data);
    }
  if (element->itemset == NULL || element->itemset->nodeset == NULL)
    return TRUE;
  nodes = dup_item_nodes (self, element, question, NULL);
  for (guint i = 0; nodes != NULL && i < nodes->len; i++)
    {
      SarapNode *node = g_ptr_array_index (nodes, i);
      g_autofree char *value = dup_item_text (self, node, element->itemset->value, element->itemset->value_name);

      func (value ? value : "", node, NULL, data);
    }
  return nodes != NULL;
}

/* The child label_CODE of an item for the language of the interview; NULL when it has none. */
static const SarapNode *
find_language_label (SarapInterview *self, SarapNode *item, const SarapItemset *itemset)
{
  const char *language = sarap_interview_get_language (self);
  const char *open = language ? strrchr (language, '(') : NULL;
  gsize length = open ? strcspn (open + 1, ")") : 0;
  g_autofree char *name = NULL;

  if (length == 0 || itemset->label_name == NULL || itemset->label_is_itext)
    return NULL;
  name = g_strdup_printf ("%s_%.*s", itemset->label_name, (int) length, open + 1);
  return sarap_node_find_child (item, sarap_node_intern (name));
}

static char *
dup_item_label (SarapInterview *self, SarapNode *node, const SarapItemset *itemset, const char *form)
{
  const SarapNode *translated = find_language_label (self, node, itemset);
  g_autofree char *text = translated ? sarap_node_dup_string_value (translated) : NULL;

  if (text == NULL || *text == '\0')
    {
      g_free (text);
      text = dup_item_text (self, node, itemset->label, itemset->label_name);
    }
  if (text == NULL || !itemset->label_is_itext)
    return form ? NULL : g_steal_pointer (&text);
  return sarap_interview_dup_itext (self, text, form, node);
}

typedef struct
{
  SarapInterview *self;
  const SarapElement *element;
  SarapNode *question;
  GPtrArray *choices;
} Collector;

static char *
dup_media_name (char *reference)
{
  const char *slash = reference ? strrchr (reference, '/') : NULL;
  char *name = slash ? g_strdup (slash + 1) : g_strdup (reference);

  g_free (reference);
  return name;
}

static void
collect_cb (const char *value, SarapNode *node, const SarapItem *item, gpointer data)
{
  const Collector *collector = data;
  SarapChoice *choice = g_new0 (SarapChoice, 1);

  choice->value = g_strdup (value);
  if (node != NULL)
    {
      choice->label = dup_item_label (collector->self, node, collector->element->itemset, NULL);
      choice->image = dup_media_name (dup_item_label (collector->self, node, collector->element->itemset, "image"));
    }
  else if (item->label != NULL)
    {
      choice->label = sarap_interview_dup_text (collector->self, item->label, NULL, collector->question);
      choice->image = dup_media_name (sarap_interview_dup_text (collector->self, item->label, "image", collector->question));
    }
  if (choice->label == NULL)
    choice->label = g_strdup (value);
  g_ptr_array_add (collector->choices, choice);
}

GPtrArray *
sarap_interview_dup_choices (SarapInterview *self, const char *ref)
{
  SarapCell *cell = sarap_interview_find_cell (self, ref);
  GPtrArray *choices = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_choice_free);
  Collector collector = { self, NULL, NULL, choices };

  if (cell == NULL || cell->bind->element == NULL)
    return choices;
  collector.element = cell->bind->element;
  collector.question = cell->node;
  foreach_item (self, cell->bind->element, cell->node, collect_cb, &collector);
  return choices;
}

static gboolean
takes_several (const SarapElement *element)
{
  return element->question_kind == SARAP_QUESTION_SELECT_MULTIPLE || element->question_kind == SARAP_QUESTION_RANK;
}

static char **
split_values (const SarapElement *element, const char *value)
{
  GPtrArray *words = g_ptr_array_new ();
  g_auto (GStrv) parts = takes_several (element) ? g_strsplit_set (value, " \t\n", -1) : NULL;

  if (parts == NULL)
    g_ptr_array_add (words, g_strdup (value));
  for (char **part = parts; part != NULL && *part != NULL; part++)
    if (**part != '\0' && !g_ptr_array_find_with_equal_func (words, *part, g_str_equal, NULL))
      g_ptr_array_add (words, g_strdup (*part));
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_free (words, FALSE);
}

typedef struct
{
  char **words;
  gboolean *found;
  GString *ordered;
} Matcher;

static void
append_word (GString *text, const char *word)
{
  if (text->len > 0)
    g_string_append_c (text, ' ');
  g_string_append (text, word);
}

static void
match_cb (const char *value, SarapNode *node, const SarapItem *item, gpointer data)
{
  Matcher *matcher = data;

  for (guint i = 0; matcher->words[i] != NULL; i++)
    if (!matcher->found[i] && strcmp (matcher->words[i], value) == 0)
      {
        matcher->found[i] = TRUE;
        append_word (matcher->ordered, value);
      }
}

static gboolean
match (SarapInterview *self, SarapCell *cell, const char *value, Matcher *matcher)
{
  matcher->words = split_values (cell->bind->element, value);
  matcher->found = g_new0 (gboolean, g_strv_length (matcher->words) + 1);
  matcher->ordered = g_string_new (NULL);
  return foreach_item (self, cell->bind->element, cell->node, match_cb, matcher);
}

static void
matcher_clear (Matcher *matcher)
{
  g_strfreev (matcher->words);
  g_free (matcher->found);
  if (matcher->ordered != NULL)
    g_string_free (matcher->ordered, TRUE);
}

/* Asks for one value without listing the others. The node lends itself to @value meanwhile. */
static gboolean
is_member (SarapInterview *self, SarapCell *cell, const char *value, gboolean *is_choice)
{
  SarapXPathContext context;
  char *own = cell->node->text;
  gboolean done;

  sarap_interview_init_context (self, cell->node, &context);
  cell->node->text = (char *) value;
  done = sarap_xpath_evaluate_boolean (cell->bind->element->itemset->member, &context, is_choice, NULL);
  cell->node->text = own;
  return done;
}

/* What is left of @value among the choices, in the order of @value. FALSE when the choices
 * cannot be told. */
gboolean
sarap_choices_keep_valid (SarapInterview *self, SarapCell *cell, const char *value, char **kept)
{
  const SarapElement *element = cell->bind->element;
  Matcher matcher = { NULL };
  gboolean done;
  gboolean is_choice;
  GString *text;

  if (!takes_several (element) && element->itemset != NULL && element->itemset->member != NULL && is_member (self, cell, value, &is_choice))
    {
      *kept = g_strdup (is_choice ? value : "");
      return TRUE;
    }
  done = match (self, cell, value, &matcher);
  text = g_string_new (NULL);
  for (guint i = 0; matcher.words[i] != NULL; i++)
    if (matcher.found[i])
      append_word (text, matcher.words[i]);
  *kept = g_string_free (text, FALSE);
  matcher_clear (&matcher);
  return done;
}

/* @value as it is stored (rule 3). Returns: (transfer full) */
char *
sarap_choices_order (SarapInterview *self, SarapCell *cell, const char *value)
{
  Matcher matcher = { NULL };
  g_autofree char *text = NULL;

  if (!takes_several (cell->bind->element))
    return g_strstrip (g_strdup (value));
  if (cell->bind->element->question_kind == SARAP_QUESTION_RANK)
    {
      g_auto (GStrv) words = split_values (cell->bind->element, value);

      return g_strjoinv (" ", words);
    }
  match (self, cell, value, &matcher);
  for (guint i = 0; matcher.words[i] != NULL; i++)
    if (!matcher.found[i])
      append_word (matcher.ordered, matcher.words[i]);
  text = g_strdup (matcher.ordered->str);
  matcher_clear (&matcher);
  return g_steal_pointer (&text);
}

typedef struct
{
  Collector collector;
  const char *wanted;
  char *label;
} Finder;

static void
find_cb (const char *value, SarapNode *node, const SarapItem *item, gpointer data)
{
  Finder *finder = data;

  if (finder->label != NULL || strcmp (value, finder->wanted) != 0)
    return;
  if (node != NULL)
    finder->label = dup_item_label (finder->collector.self, node, finder->collector.element->itemset, NULL);
  else if (item->label != NULL)
    finder->label = sarap_interview_dup_text (finder->collector.self, item->label, NULL, finder->collector.question);
}

static char *
dup_choice_label (SarapInterview *self, SarapCell *cell, const char *value)
{
  Finder finder = { .collector = { self, cell->bind->element, cell->node, NULL }, .wanted = value };

  foreach_item (self, cell->bind->element, cell->node, find_cb, &finder);
  return finder.label;
}

/* "../x" seen from @context, as a reference that may lack positions; an absolute one as it is. */
static char *
dup_absolute (const char *path, SarapNode *context)
{
  const SarapCell *cell = context->owner_data;
  GString *ref;
  g_auto (GStrv) steps = g_strsplit (path, "/", -1);

  if (*path == '/' || cell == NULL)
    return g_strdup (path);
  ref = g_string_new (cell->bind->path);
  for (char **step = steps; *step != NULL; step++)
    if (strcmp (*step, "..") == 0)
      g_string_truncate (ref, (gsize) (MAX (strrchr (ref->str, '/'), ref->str) - ref->str));
    else if (strcmp (*step, ".") != 0)
      g_string_append_printf (ref, "/%s", *step);
  return g_string_free (ref, FALSE);
}

/* jr:choice-name: the label of @value among the choices of @path, seen from @context. NULL when
 * @path is no question with choices. */
char *
sarap_choices_dup_name (SarapInterview *self, const char *value, const char *path, SarapNode *context)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (path));
  g_autofree char *ref = dup_absolute (trimmed, context);
  SarapCell *cell = sarap_interview_find_cell_from (self, ref, context);
  char *label;

  if (cell == NULL || cell->bind->element == NULL || (cell->bind->element->itemset == NULL && cell->bind->element->items == NULL))
    return NULL;
  label = dup_choice_label (self, cell, value);
  return label ? label : g_strdup ("");
}

static char *
dup_date (const char *value)
{
  g_autoptr (GDateTime) date = NULL;
  g_autofree char *text = g_strconcat (value, "T12:00:00Z", NULL);

  date = g_date_time_new_from_iso8601 (text, NULL);
  return date ? g_date_time_format (date, "%x") : g_strdup (value);
}

static char *
dup_labels (SarapInterview *self, SarapCell *cell, const char *value)
{
  g_auto (GStrv) words = split_values (cell->bind->element, value);
  GString *text = g_string_new (NULL);

  for (char **word = words; *word != NULL; word++)
    {
      g_autofree char *label = dup_choice_label (self, cell, *word);

      if (text->len > 0)
        g_string_append (text, ", ");
      g_string_append (text, label ? label : *word);
    }
  return g_string_free (text, FALSE);
}

/* In the zone that it was written in. */
static char *
dup_date_time (const char *value)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (value, NULL);

  return time ? g_date_time_format (time, "%x %H:%M") : g_strdup (value);
}

/* "latitude longitude altitude accuracy" as "latitude, longitude", in degrees. */
static char *
dup_place (const char *value)
{
  g_auto (GStrv) parts = g_strsplit (value, " ", -1);

  return g_strv_length (parts) < 2 ? g_strdup (value) : g_strdup_printf ("%s, %s", parts[0], parts[1]);
}

char *
sarap_interview_dup_display_value (SarapInterview *self, const char *ref)
{
  SarapCell *cell = sarap_interview_find_cell (self, ref);
  const char *value = cell ? sarap_cell_peek_text (cell) : NULL;

  if (value == NULL || *value == '\0')
    return g_strdup ("");
  if (cell->bind->element != NULL && cell->bind->element->is_select)
    return dup_labels (self, cell, value);
  if (cell->bind->type == SARAP_DATA_DATE)
    return dup_date (value);
  if (cell->bind->type == SARAP_DATA_DATE_TIME)
    return dup_date_time (value);
  if (cell->bind->type == SARAP_DATA_GEOPOINT)
    return dup_place (value);
  if (cell->bind->type == SARAP_DATA_TIME && strlen (value) > 5 && value[2] == ':')
    return g_strndup (value, 5);
  return g_strdup (value);
}
