#include "app/form/xlsform/sarap-xlsform-private.h"

#include "app/base/sarap-xml.h"

#include <string.h>

/* 1. Every list of the sheet becomes a secondary instance, used or not, in the order in which the
 *    lists first appear; a list whose select calls search() stands inside the select instead.
 * 2. A list whose labels have languages, media or ${references} keeps its texts in itext under
 *    "LIST-INDEX", else they stand in the instance as `label`.
 * 3. The author's own columns become elements of the item, so their names must be XML names.
 * 4. A file, a pulldata() call, a *-external row and a list may name the same instance only when
 *    they mean the same source. */

static void
choice_free (gpointer data)
{
  SarapXlsChoice *choice = data;

  g_free (choice->name);
  sarap_xls_value_free (choice->values);
  g_free (choice);
}

void
sarap_xls_list_free (gpointer data)
{
  SarapXlsList *list = data;

  g_free (list->name);
  g_ptr_array_unref (list->choices);
  g_free (list);
}

static SarapXlsList *
list_new (const char *name)
{
  SarapXlsList *list = g_new0 (SarapXlsList, 1);

  list->name = g_strdup (name);
  list->choices = g_ptr_array_new_with_free_func (choice_free);
  return list;
}

SarapXlsList *
sarap_xls_find_list (SarapXlsForm *self, const char *name)
{
  return g_hash_table_lookup (self->lists_by_name, name);
}

static gboolean
is_own_column (const char *key)
{
  static const char *const known[] = { "name", "label", "media", "sms_option", "list_name", NULL };

  return !g_strv_contains (known, key);
}

static void
check_own_columns (SarapXlsForm *self)
{
  for (guint i = 0; i < self->choices->columns->len; i++)
    {
      const SarapXlsColumn *column = g_ptr_array_index (self->choices->columns, i);

      if (column->path != NULL && is_own_column (column->path[0]) && !sarap_xls_is_name (column->path[0]))
        sarap_xls_warn (self, "choices", 1, column->header, "left out: the name of a column that a choice_filter could use has letters, digits, '_', '-' or '.' only");
    }
}

static SarapXlsChoice *
choice_new (SarapXlsForm *self, const SarapXlsRow *row, const char *name)
{
  SarapXlsChoice *choice = g_new0 (SarapXlsChoice, 1);

  choice->name = g_strdup (name);
  choice->row = row->number;
  choice->values = sarap_xls_value_copy (row->values);
  for (guint i = sarap_xls_map_get_length (choice->values); i > 0; i--)
    {
      const SarapXlsEntry *entry = sarap_xls_map_peek_entry (choice->values, i - 1);

      if (is_own_column (entry->key) && (!sarap_xls_is_name (entry->key) || sarap_xls_value_is_map (entry->value)))
        sarap_xls_map_remove (choice->values, entry->key);
    }
  return choice;
}

static void
add_choice (SarapXlsForm *self, const SarapXlsRow *row)
{
  const char *list_name = sarap_xls_map_peek_text (row->values, "list_name");
  const char *name = sarap_xls_map_peek_text (row->values, "name");
  SarapXlsList *list;

  if (list_name == NULL)
    return;
  if (name == NULL)
    {
      sarap_xls_error (self, "choices", row->number, "name", "a choice needs a name: the value that is stored");
      return;
    }
  if (sarap_xls_map_peek (row->values, "label") == NULL && sarap_xls_map_peek (row->values, "media") == NULL)
    sarap_xls_warn (self, "choices", row->number, "label", "the choice '%s' has no label", name);
  list = sarap_xls_find_list (self, list_name);
  if (list == NULL)
    {
      list = list_new (list_name);
      g_ptr_array_add (self->lists, list);
      g_hash_table_insert (self->lists_by_name, list->name, list);
    }
  g_ptr_array_add (list->choices, choice_new (self, row, name));
}

static void
check_duplicates (SarapXlsForm *self, const SarapXlsList *list, gboolean are_allowed)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) lower_names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < list->choices->len; i++)
    {
      const SarapXlsChoice *choice = g_ptr_array_index (list->choices, i);
      gboolean is_new = g_hash_table_add (names, choice->name);
      gboolean is_new_lower = g_hash_table_add (lower_names, g_utf8_strdown (choice->name, -1));

      if (!is_new && !are_allowed)
        sarap_xls_error (self, "choices", choice->row, "name", "the list '%s' has '%s' twice; if it is meant, set allow_choice_duplicates to yes in the settings", list->name, choice->name);
      else if (is_new && !is_new_lower)
        sarap_xls_warn (self, "choices", choice->row, "name", "the list '%s' has another '%s' that differs by case only", list->name, choice->name);
    }
}

void
sarap_xls_read_choices (SarapXlsForm *self)
{
  gboolean are_allowed = FALSE;

  self->lists = g_ptr_array_new_with_free_func (sarap_xls_list_free);
  self->lists_by_name = g_hash_table_new (g_str_hash, g_str_equal);
  if (self->choices == NULL)
    return;
  if (self->choices->rows->len > SARAP_XLS_MAX_CHOICES)
    {
      sarap_xls_error (self, "choices", 0, NULL, "more than %d choices; put long lists into a CSV file and use select_one_from_file", SARAP_XLS_MAX_CHOICES);
      return;
    }
  check_own_columns (self);
  for (guint i = 0; i < self->choices->rows->len; i++)
    add_choice (self, g_ptr_array_index (self->choices->rows, i));
  sarap_xls_parse_yes_no (sarap_xls_map_peek_text (self->settings, "allow_choice_duplicates"), &are_allowed);
  for (guint i = 0; i < self->lists->len; i++)
    check_duplicates (self, g_ptr_array_index (self->lists, i), are_allowed);
}

static void
add_languages (SarapXlsValue *label, const SarapXlsValue *source)
{
  for (guint i = 0; i < sarap_xls_map_get_length (source); i++)
    sarap_xls_map_set (label, sarap_xls_map_peek_entry (source, i)->key, "Other");
}

/* The choice of `or_other`, in every language of the list; the standard leaves it English. */
void
sarap_xls_list_add_other (SarapXlsList *list)
{
  g_autoptr (SarapXlsValue) label = sarap_xls_map_new ();
  SarapXlsChoice *other;

  for (guint i = 0; i < list->choices->len; i++)
    {
      const SarapXlsChoice *choice = g_ptr_array_index (list->choices, i);

      if (strcmp (choice->name, "other") == 0)
        return;
      add_languages (label, sarap_xls_map_peek (choice->values, "label"));
    }
  other = g_new0 (SarapXlsChoice, 1);
  other->name = g_strdup ("other");
  other->values = sarap_xls_map_new ();
  sarap_xls_map_set (other->values, "name", "other");
  if (sarap_xls_map_get_length (label) == 0)
    sarap_xls_map_set (other->values, "label", "Other");
  else
    sarap_xls_map_take (other->values, "label", g_steal_pointer (&label));
  g_ptr_array_add (list->choices, other);
}

static gboolean
choice_needs_itext (const SarapXlsChoice *choice)
{
  const SarapXlsValue *label = sarap_xls_map_peek (choice->values, "label");

  if (sarap_xls_map_get_length (sarap_xls_map_peek (choice->values, "media")) > 0 || sarap_xls_value_is_map (label))
    return TRUE;
  return label != NULL && sarap_xls_has_reference (label->text);
}

/* Settles where the texts of every list stand, and which lists are used by search(). */
void
sarap_xls_prepare_lists (SarapXlsForm *self)
{
  for (guint i = 0; i < self->lists->len; i++)
    {
      SarapXlsList *list = g_ptr_array_index (self->lists, i);

      for (guint j = 0; j < list->choices->len && !list->needs_itext; j++)
        list->needs_itext = choice_needs_itext (g_ptr_array_index (list->choices, j));
      if (!list->is_used)
        sarap_xls_warn (self, "choices", ((SarapXlsChoice *) g_ptr_array_index (list->choices, 0))->row, "list_name", "no question uses the list '%s'", list->name);
    }
}

static void
write_choice (GString *out, const SarapXlsList *list, guint index)
{
  const SarapXlsChoice *choice = g_ptr_array_index (list->choices, index);
  const char *label = sarap_xls_map_peek_text (choice->values, "label");

  g_string_append (out, "<item>");
  if (list->needs_itext)
    g_string_append_printf (out, "<itextId>%s-%u</itextId>", list->name, index);
  sarap_xls_append_text_element (out, "name", choice->name);
  if (!list->needs_itext && label != NULL)
    sarap_xls_append_text_element (out, "label", label);
  for (guint i = 0; i < sarap_xls_map_get_length (choice->values); i++)
    {
      const SarapXlsEntry *entry = sarap_xls_map_peek_entry (choice->values, i);

      if (is_own_column (entry->key))
        sarap_xls_append_text_element (out, entry->key, entry->value->text);
    }
  if (sarap_xls_map_peek_text (choice->values, "sms_option") != NULL)
    sarap_xls_append_text_element (out, "sms_option", sarap_xls_map_peek_text (choice->values, "sms_option"));
  g_string_append (out, "</item>");
}

static void
write_list (GString *out, const SarapXlsList *list)
{
  g_string_append (out, "<instance");
  sarap_xls_append_attribute (out, "id", list->name);
  g_string_append (out, "><root>");
  for (guint i = 0; i < list->choices->len; i++)
    write_choice (out, list, i);
  g_string_append (out, "</root></instance>");
}

static void
collect_file_cb (SarapXlsForm *self, SarapXlsElement *element, gpointer data)
{
  const char *extension = element->itemset ? sarap_xls_get_extension (element->itemset) : NULL;

  if (element->kind == SARAP_XLS_EXTERNAL)
    g_hash_table_add (data, g_strdup (element->name));
  else if (extension != NULL)
    g_hash_table_add (data, g_strndup (element->itemset, strlen (element->itemset) - strlen (extension)));
}

/* Names of the instances that come from files of their own row or of a select from file.
 * Returns: (transfer full) a set */
GHashTable *
sarap_xls_collect_files (SarapXlsForm *self)
{
  GHashTable *files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  sarap_xls_visit (self, self->root, collect_file_cb, files);
  return files;
}

typedef struct
{
  GString *out;
  GHashTable *sources;   /* instance name → URI, "" for a list */
  GHashTable *externals; /* names of *-external rows */
  gboolean needs_last_saved;
} Instances;

/* TRUE when the instance is new and may be written. */
static gboolean
claim (SarapXlsForm *self, Instances *instances, const char *name, const char *source, guint row)
{
  const char *known = g_hash_table_lookup (instances->sources, name);

  if (known == NULL)
    {
      g_hash_table_insert (instances->sources, g_strdup (name), g_strdup (source));
      return TRUE;
    }
  if (strcmp (known, source) != 0)
    sarap_xls_error (self, row ? "survey" : "choices", row, NULL, "the name '%s' would stand for two sources, %s and %s; rename one", name, *known ? known : "a list of choices", *source ? source : "a list of choices");
  return FALSE;
}

static void
add_source (SarapXlsForm *self, Instances *instances, const char *name, const char *source, guint row)
{
  if (!claim (self, instances, name, source, row))
    return;
  g_string_append (instances->out, "<instance");
  sarap_xls_append_attribute (instances->out, "id", name);
  sarap_xls_append_attribute (instances->out, "src", source);
  g_string_append (instances->out, "/>");
}

static void
add_pulldata (SarapXlsForm *self, Instances *instances, const char *expression, guint row)
{
  const char *at = expression;

  while (at != NULL && (at = strstr (at, "pulldata")) != NULL)
    {
      const char *comma;
      g_autofree char *argument = NULL;
      g_autofree char *source = NULL;

      at += strlen ("pulldata");
      while (g_ascii_isspace (*at))
        at++;
      if (*at != '(')
        continue;
      comma = strchr (at, ',');
      if (comma == NULL)
        return;
      argument = g_strndup (at + 1, comma - at - 1);
      g_strdelimit (argument, "'\"", ' ');
      g_strstrip (argument);
      source = g_strdup_printf ("jr://file-csv/%s.csv", argument);
      add_source (self, instances, argument, source, row);
    }
}

static void
note_last_saved (const char *name, gboolean is_last_saved, gpointer data)
{
  Instances *instances = data;

  instances->needs_last_saved |= is_last_saved;
}

static void
scan_expression (SarapXlsForm *self, Instances *instances, const char *expression, guint row)
{
  if (expression == NULL)
    return;
  add_pulldata (self, instances, expression, row);
  sarap_xls_foreach_reference (expression, note_last_saved, instances);
}

static void
add_file (SarapXlsForm *self, Instances *instances, const SarapXlsElement *element)
{
  const char *extension = element->itemset ? sarap_xls_get_extension (element->itemset) : NULL;
  g_autofree char *name = NULL;
  g_autofree char *source = NULL;

  if (extension == NULL)
    return;
  name = g_strndup (element->itemset, strlen (element->itemset) - strlen (extension));
  source = g_strdup_printf ("jr://%s/%s", strcmp (extension, ".csv") == 0 ? "file-csv" : "file", element->itemset);
  add_source (self, instances, name, source, element->row);
}

static void
add_external (SarapXlsForm *self, Instances *instances, const SarapXlsElement *element)
{
  gboolean is_csv = strcmp (element->type->name, "csv-external") == 0;
  g_autofree char *source = g_strdup_printf (is_csv ? "jr://file-csv/%s.csv" : "jr://file/%s.xml", element->name);

  if (g_hash_table_add (instances->externals, element->name))
    add_source (self, instances, element->name, source, element->row);
  else
    sarap_xls_error (self, "survey", element->row, "name", "the external file '%s' is named twice; remove one row", element->name);
}

static void
visit_cb (SarapXlsForm *self, SarapXlsElement *element, gpointer data)
{
  static const char *const expressions[] = { "calculate", "constraint", "readonly", "required", "relevant" };
  Instances *instances = data;
  const SarapXlsValue *bind = sarap_xls_map_peek (element->values, "bind");

  if (element->kind == SARAP_XLS_EXTERNAL)
    {
      add_external (self, instances, element);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (expressions); i++)
    scan_expression (self, instances, sarap_xls_map_peek_text (bind, expressions[i]), element->row);
  scan_expression (self, instances, sarap_xls_map_peek_text (element->values, "choice_filter"), element->row);
  scan_expression (self, instances, sarap_xls_map_peek_text (element->values, "default"), element->row);
  if (element->kind == SARAP_XLS_QUESTION)
    add_file (self, instances, element);
}

/* The secondary instances: files in the order of the questions that name them, then the lists. */
void
sarap_xls_write_instances (SarapXlsForm *self, GString *out)
{
  g_autoptr (GHashTable) sources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) externals = g_hash_table_new (g_str_hash, g_str_equal);
  Instances instances = { out, sources, externals, FALSE };

  sarap_xls_visit (self, self->root, visit_cb, &instances);
  if (instances.needs_last_saved)
    add_source (self, &instances, "__last-saved", "jr://instance/last-saved", 0);
  for (guint i = 0; i < self->lists->len; i++)
    {
      const SarapXlsList *list = g_ptr_array_index (self->lists, i);

      if (!list->is_used_by_search && claim (self, &instances, list->name, "", 0))
        write_list (out, list);
    }
}
