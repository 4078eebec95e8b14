#include "app/form/xlsform/sarap-xlsform-private.h"

#include "app/form/sarap-appearance.h"

#include <string.h>

/* 1. A row is a question, opens or closes a group, repeat or loop, or is a comment (no type, no
 *    name, no label).
 * 2. Names are unique among the children of a parent, `meta` is reserved, and names of repeats are
 *    unique in the survey.
 * 3. Rows that the standard adds: a calculation for a repeat_count that is more than one reference,
 *    `QUESTION_other` after an or_other select, a note and a row of labels in a table-list.
 * 4. `audit`, instanceID and instanceName stand in the meta group at the end. */

#define SHEET "survey"

typedef struct
{
  SarapXlsForm *form;
  SarapXlsElement *parent;
  char *table_list; /* its list, "" before its first select, NULL outside of one */
  GHashTable *repeats;
  GHashTable *questions; /* names of rows that are no group */
  gboolean is_too_deep;  /* nothing more is read */
} Reader;

static SarapXlsElement *
question_new (const char *type, const char *name, guint row)
{
  SarapXlsElement *element = sarap_xls_element_new (SARAP_XLS_QUESTION, name, row);

  sarap_xls_element_set_type (element, sarap_xls_find_type (type));
  return element;
}

static void
append (Reader *reader, SarapXlsElement *element)
{
  const SarapXlsElement *twin = g_hash_table_lookup (reader->parent->names, element->name);

  if (twin != NULL)
    sarap_xls_error (reader->form, SHEET, element->row, "name", "the name '%s' is needed for this row, but row %u has it; rename that one", element->name, twin->row);
  g_hash_table_insert (reader->parent->names, element->name, element);
  g_hash_table_insert (reader->parent->lower_names, g_utf8_strdown (element->name, -1), element);
  sarap_xls_element_append (reader->parent, element);
  if (element->kind != SARAP_XLS_QUESTION)
    return;
  if (++reader->form->n_questions == SARAP_XLS_MAX_QUESTIONS + 1)
    sarap_xls_error (reader->form, SHEET, element->row, NULL, "more than %d questions", SARAP_XLS_MAX_QUESTIONS);
}

static const char *
get (const SarapXlsRow *row, const char *key)
{
  return sarap_xls_map_peek_text (row->values, key);
}

/* FALSE, and told, when the row has no name that can be used. */
static gboolean
check_name (Reader *reader, const SarapXlsRow *row, const char *name)
{
  const SarapXlsElement *other;
  g_autofree char *lower = NULL;

  if (!sarap_xls_is_name (name))
    {
      sarap_xls_error (reader->form, SHEET, row->number, "name", "'%s' is no name: it must begin with a letter or '_', then letters, digits, '_', '-' or '.'", name);
      return FALSE;
    }
  if (strcmp (name, "meta") == 0)
    {
      sarap_xls_error (reader->form, SHEET, row->number, "name", "the name 'meta' is reserved; choose another");
      return FALSE;
    }
  other = g_hash_table_lookup (reader->parent->names, name);
  if (other != NULL)
    {
      sarap_xls_error (reader->form, SHEET, row->number, "name", "'%s' stands twice in the same group (row %u too); rename one", name, other->row);
      return FALSE;
    }
  lower = g_utf8_strdown (name, -1);
  other = g_hash_table_lookup (reader->parent->lower_names, lower);
  if (other != NULL)
    sarap_xls_warn (reader->form, SHEET, row->number, "name", "'%s' differs only by case from '%s' in row %u; some tools mix them up", name, other->name, other->row);
  return TRUE;
}

static void
check_repeat_name (Reader *reader, const SarapXlsRow *row, const char *name)
{
  if (strcmp (name, reader->form->root_name) == 0)
    sarap_xls_error (reader->form, SHEET, row->number, "name", "a repeat cannot be called '%s', as the form itself", name);
  else if (!g_hash_table_add (reader->repeats, g_strdup (name)))
    sarap_xls_error (reader->form, SHEET, row->number, "name", "two repeats are called '%s'; names of repeats are unique in the whole survey", name);
}

static gboolean
in_repeat (const SarapXlsElement *parent)
{
  for (; parent != NULL; parent = parent->parent)
    if (parent->kind == SARAP_XLS_REPEAT)
      return TRUE;
  return FALSE;
}

static void
trigger_cb (const char *name, gboolean is_last_saved, gpointer data)
{
  g_ptr_array_add (data, g_strdup (name));
}

/* "${a}, ${b}": questions whose change sets this one. */
static char **
parse_triggers (SarapXlsForm *self, const SarapXlsRow *row)
{
  const char *text = get (row, "trigger");
  g_auto (GStrv) parts = text ? g_strsplit (text, ",", -1) : NULL;
  g_autoptr (GPtrArray) names = NULL;

  if (text == NULL)
    return NULL;
  names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      guint before = names->len;

      if (*g_strstrip (parts[i]) == '\0')
        continue;
      if (!sarap_xls_foreach_reference (parts[i], trigger_cb, names) || (names->len == before && !sarap_xls_has_reference (text)))
        sarap_xls_error (self, SHEET, row->number, "trigger", "'%s' is no reference; write ${question}", parts[i]);
      else if (names->len == before)
        sarap_xls_warn (self, SHEET, row->number, "trigger", "'%s' is no reference and is left out; write ${question}", parts[i]);
      else if (names->len > before + 1)
        sarap_xls_error (self, SHEET, row->number, "trigger", "put a comma between two references");
    }
  g_ptr_array_add (names, NULL);
  g_ptr_array_set_free_func (names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

static void
read_default (Reader *reader, SarapXlsElement *element, const SarapXlsRow *row, const char *type)
{
  const char *text = get (row, "default");

  if (text == NULL || !sarap_xls_default_is_dynamic (text, type))
    return;
  element->is_dynamic = TRUE;
  sarap_xls_element_add_action (element, "setvalue", "odk-instance-first-load", NULL, NULL);
  if (in_repeat (reader->parent))
    sarap_xls_element_add_action (element, "setvalue", "odk-new-repeat", NULL, NULL);
}

static SarapXlsElement *
read_element (Reader *reader, const SarapXlsRow *row, SarapXlsKind kind, const char *name, const char *type)
{
  SarapXlsElement *element = sarap_xls_element_new (kind, name, row->number);

  sarap_xls_value_free (element->values);
  element->values = sarap_xls_value_copy (row->values);
  if (kind == SARAP_XLS_QUESTION)
    {
      read_default (reader, element, row, type);
      element->triggers = parse_triggers (reader->form, row);
    }
  return element;
}

static void
read_audit (Reader *reader, const SarapXlsRow *row)
{
  const char *name = get (row, "name");
  SarapXlsElement *audit;
  g_autoptr (SarapXlsValue) parameters = NULL;

  if (name != NULL && strcmp (name, "audit") != 0)
    {
      sarap_xls_error (reader->form, SHEET, row->number, "name", "the audit is always called 'audit'; leave the name empty");
      return;
    }
  audit = read_element (reader, row, SARAP_XLS_QUESTION, "audit", "audit");
  sarap_xls_element_set_type (audit, sarap_xls_find_type ("audit"));
  parameters = sarap_xls_parse_parameters (reader->form, row->number, get (row, "parameters"));
  sarap_xls_apply_parameters (reader->form, audit, "audit", parameters);
  g_ptr_array_add (reader->form->meta, audit);
}

static void
close_group (Reader *reader, const SarapXlsRow *row, SarapXlsKind kind)
{
  static const char *const words[] = { [SARAP_XLS_GROUP] = "group", [SARAP_XLS_REPEAT] = "repeat", [SARAP_XLS_LOOP] = "loop" };

  if (sarap_xls_map_peek_text2 (row->values, "bind", "entities:saveto") != NULL)
    sarap_xls_error (reader->form, SHEET, row->number, "save_to", "a group or repeat cannot be saved; save its questions");
  if (reader->parent->parent == NULL || reader->parent->kind != kind)
    {
      sarap_xls_error (reader->form, SHEET, row->number, "type", "this end_%s has no begin_%s; remove it or add the begin", words[kind], words[kind]);
      return;
    }
  if (reader->parent->children->len == 0)
    sarap_xls_warn (reader->form, SHEET, reader->parent->row, NULL, "the %s '%s' is empty", words[kind], reader->parent->name);
  reader->parent = reader->parent->parent;
  g_clear_pointer (&reader->table_list, g_free);
}

/* A count that is more than one reference is computed by a question of its own. */
static void
read_repeat_count (Reader *reader, SarapXlsElement *repeat)
{
  const char *count = sarap_xls_map_peek_text2 (repeat->values, "control", "jr:count");
  g_autofree char *name = g_strconcat (repeat->name, "_count", NULL);
  g_autofree char *reference = g_strdup_printf ("${%s}", name);
  SarapXlsElement *question;

  if (count == NULL || sarap_xls_is_reference (count))
    return;
  question = question_new ("calculate", name, repeat->row);
  sarap_xls_map_set (sarap_xls_map_ensure (question->values, "bind"), "readonly", "true()");
  sarap_xls_map_set (sarap_xls_map_ensure (question->values, "bind"), "calculate", count);
  append (reader, question);
  sarap_xls_map_set (sarap_xls_map_ensure (repeat->values, "control"), "jr:count", reference);
}

static void
move_to_note (SarapXlsElement *group, SarapXlsElement *note, const char *key)
{
  const SarapXlsValue *value = sarap_xls_map_peek (group->values, key);

  if (value == NULL)
    return;
  sarap_xls_map_take (note->values, key, sarap_xls_value_copy (value));
  sarap_xls_map_remove (group->values, key);
}

/* A table-list is a field-list whose selects share a row of labels; its own label is a note in it. */
static gboolean
read_table_list (SarapXlsElement *group)
{
  const char *appearance = sarap_xls_map_peek_text2 (group->values, "control", "appearance");
  g_auto (GStrv) words = g_strsplit (appearance ? appearance : "", " ", -1);
  g_autoptr (GString) rest = g_string_new ("field-list");
  g_autofree char *name = g_strdup_printf ("generated_table_list_label_%u", group->row);
  SarapXlsElement *note;

  if (!g_strv_contains ((const char *const *) words, "table-list"))
    return FALSE;
  for (guint i = 0; words[i] != NULL; i++)
    if (strcmp (words[i], "table-list") != 0 && *words[i] != '\0')
      g_string_append_printf (rest, " %s", words[i]);
  sarap_xls_map_set (sarap_xls_map_ensure (group->values, "control"), "appearance", rest->str);
  if (sarap_xls_map_peek (group->values, "label") == NULL && sarap_xls_map_peek (group->values, "hint") == NULL)
    return TRUE;
  note = question_new ("note", name, group->row);
  move_to_note (group, note, "label");
  move_to_note (group, note, "hint");
  sarap_xls_element_append (group, note);
  return TRUE;
}

static void
check_group (SarapXlsForm *self, const SarapXlsElement *group)
{
  const char *required = sarap_xls_map_peek_text2 (group->values, "bind", "required");
  gboolean is_required = TRUE;

  sarap_xls_parse_yes_no (required, &is_required);
  if (required != NULL && is_required)
    sarap_xls_warn (self, SHEET, group->row, "required", "a group or repeat cannot be required, so this does nothing; require a question inside it");
  if (group->kind == SARAP_XLS_REPEAT && sarap_xls_map_peek (group->values, "label") == NULL && sarap_xls_map_peek (group->values, "media") == NULL)
    sarap_xls_warn (self, SHEET, group->row, "label", "the repeat '%s' has no label", group->name);
}

static void
open_group (Reader *reader, const SarapXlsRow *row, SarapXlsKind kind, const char *name, char *list)
{
  SarapXlsElement *group = read_element (reader, row, kind, name, NULL);
  const char *intent = get (row, "intent");

  group->loop_list = list;
  if (kind == SARAP_XLS_REPEAT)
    check_repeat_name (reader, row, name);
  if (kind == SARAP_XLS_LOOP && (list == NULL || sarap_xls_find_list (reader->form, list) == NULL))
    sarap_xls_error (reader->form, SHEET, row->number, "type", "a loop goes over a list of the sheet choices: begin_loop over LIST");
  check_group (reader->form, group);
  read_repeat_count (reader, group);
  if (intent != NULL)
    sarap_xls_map_set (sarap_xls_map_ensure (group->values, "control"), "intent", intent);
  append (reader, group);
  reader->is_too_deep = group->depth > SARAP_XLS_MAX_NESTING;
  if (reader->is_too_deep)
    sarap_xls_error (reader->form, SHEET, row->number, NULL, "groups nest deeper than %d", SARAP_XLS_MAX_NESTING);
  if (read_table_list (group))
    {
      g_free (reader->table_list);
      reader->table_list = g_strdup ("");
    }
  reader->parent = group;
}

static void
check_select_list (Reader *reader, const SarapXlsRow *row, const SarapXlsSelect *select, SarapXlsElement *element)
{
  SarapXlsForm *self = reader->form;
  SarapXlsList *list = sarap_xls_find_list (self, select->list);

  if (select->is_file && (sarap_xls_get_extension (select->list) == NULL || strchr (select->list, '.') != strrchr (select->list, '.')))
    sarap_xls_error (self, SHEET, row->number, "type", "'%s' must be a file that ends in .csv, .geojson or .xml", select->list);
  if (select->is_file || sarap_xls_has_reference (select->list))
    return;
  if (list == NULL && sarap_xls_get_extension (select->list) != NULL)
    sarap_xls_error (self, SHEET, row->number, "type", "'%s' is a file; write select_one_from_file or select_multiple_from_file before it", select->list);
  else if (list == NULL && self->choices == NULL)
    {
      g_autofree char *similar = sarap_xls_suggest_sheets (self, "choices");

      sarap_xls_error (self, SHEET, row->number, "type", "the workbook has no sheet 'choices' with the columns list_name, name and label for the list '%s'.%s", select->list, similar);
    }
  else if (list == NULL)
    sarap_xls_error (self, SHEET, row->number, "type", "the sheet choices has no list '%s'", select->list);
  else
    list->is_used = TRUE;
  for (guint i = 0; list != NULL && strcmp (select->type, "select all that apply") == 0 && i < list->choices->len; i++)
    {
      const SarapXlsChoice *choice = g_ptr_array_index (list->choices, i);

      if (strchr (choice->name, ' ') != NULL)
        sarap_xls_error (self, "choices", choice->row, "name", "'%s' has a space, which parts answers where several may be chosen; write '_' instead", choice->name);
    }
}

static void
check_external_list (Reader *reader, const SarapXlsRow *row, const char *name)
{
  SarapXlsForm *self = reader->form;

  if (get (row, "choice_filter") == NULL)
    sarap_xls_warn (self, SHEET, row->number, "choice_filter", "select_one_external is meant for filtered lists; use select_one");
  sarap_xls_warn (self, SHEET, row->number, "type", "select_one_external is an old type; select_one_from_file %s.csv does the same", name);
  if (self->external_choices == NULL)
    {
      g_autofree char *similar = sarap_xls_suggest_sheets (self, "external_choices");

      sarap_xls_error (self, SHEET, row->number, "type", "the workbook has no sheet 'external_choices' with the columns list_name and name.%s", similar);
      return;
    }
  for (guint i = 0; i < self->external_choices->rows->len; i++)
    if (g_strcmp0 (get (g_ptr_array_index (self->external_choices->rows, i), "list_name"), name) == 0)
      return;
  sarap_xls_error (self, SHEET, row->number, "type", "the sheet external_choices has no list '%s'", name);
}

static SarapXlsElement *
other_new (const SarapXlsElement *select)
{
  g_autofree char *name = g_strconcat (select->name, "_other", NULL);
  g_autofree char *relevant = g_strdup_printf ("selected(../%s, 'other')", select->name);
  SarapXlsElement *other = question_new ("text", name, select->row);

  sarap_xls_map_set (other->values, "label", "Specify other.");
  sarap_xls_map_set (sarap_xls_map_ensure (other->values, "bind"), "relevant", relevant);
  return other;
}

static gboolean
check_other (Reader *reader, const SarapXlsRow *row, const SarapXlsSelect *select)
{
  SarapXlsList *list = sarap_xls_find_list (reader->form, select->list);

  if (get (row, "choice_filter") != NULL)
    sarap_xls_error (reader->form, SHEET, row->number, "choice_filter", "or_other and a choice_filter do not go together; add the choice 'other' and a question of your own");
  else if (list == NULL)
    sarap_xls_error (reader->form, SHEET, row->number, "type", "or_other needs a list of the sheet choices");
  else
    {
      sarap_xls_list_add_other (list);
      if (sarap_xls_value_is_map (sarap_xls_map_peek (((SarapXlsChoice *) g_ptr_array_index (list->choices, 0))->values, "label")))
        sarap_xls_warn (reader->form, SHEET, row->number, "type", "or_other adds untranslated English texts; add the choice 'other' and a question of your own");
      return TRUE;
    }
  return FALSE;
}

/* The first select of a table-list is preceded by a row that shows the labels of the choices. */
static void
join_table_list (Reader *reader, const SarapXlsRow *row, const SarapXlsSelect *select, SarapXlsElement *element)
{
  g_autofree char *name = g_strdup_printf ("reserved_name_for_field_list_labels_%u", row->number);
  SarapXlsElement *labels;

  if (reader->table_list == NULL)
    return;
  if (*reader->table_list == '\0')
    {
      if (get (row, "choice_filter") != NULL)
        sarap_xls_error (reader->form, SHEET, row->number, "choice_filter", "the selects of a table-list share their choices; remove the choice_filter");
      g_free (reader->table_list);
      reader->table_list = g_strdup (select->list);
      labels = question_new (select->type, name, row->number);
      labels->itemset = g_strdup (select->list);
      sarap_xls_map_set (labels->values, "label", " ");
      sarap_xls_map_set (sarap_xls_map_ensure (labels->values, "control"), "appearance", "label");
      append (reader, labels);
    }
  if (strcmp (reader->table_list, select->list) != 0)
    sarap_xls_error (reader->form, SHEET, row->number, "type", "all selects of a table-list use one list: '%s', not '%s'", reader->table_list, select->list);
  sarap_xls_map_set (sarap_xls_map_ensure (element->values, "control"), "appearance", "list-nolabel");
}

static void
read_select (Reader *reader, const SarapXlsRow *row, const char *name, const SarapXlsSelect *select, SarapXlsValue *parameters)
{
  SarapXlsElement *element = read_element (reader, row, SARAP_XLS_QUESTION, name, select->type);
  gboolean is_external = strcmp (select->type, "select one external") == 0;
  gboolean has_other = FALSE;

  sarap_xls_element_set_type (element, sarap_xls_find_type (select->type));
  element->itemset = g_strdup (select->list);
  element->is_query = is_external;
  if (is_external)
    check_external_list (reader, row, select->list);
  else
    check_select_list (reader, row, select, element);
  if (select->has_other)
    has_other = check_other (reader, row, select);
  sarap_xls_apply_select_parameters (reader->form, element, select, parameters);
  join_table_list (reader, row, select, element);
  append (reader, element);
  if (has_other)
    append (reader, other_new (element));
}

static void
read_osm_tags (SarapXlsForm *self, SarapXlsElement *element, const char *list)
{
  for (guint i = 0; self->osm != NULL && i < self->osm->rows->len; i++)
    {
      const SarapXlsRow *row = g_ptr_array_index (self->osm->rows, i);
      const char *name = get (row, "name");
      SarapXlsElement *tag;

      if (g_strcmp0 (get (row, "list_name"), list) != 0 || name == NULL)
        continue;
      tag = sarap_xls_element_new (SARAP_XLS_LABEL, name, row->number);
      sarap_xls_value_free (tag->values);
      tag->values = sarap_xls_value_copy (row->values);
      sarap_xls_map_remove (tag->values, "bind");
      sarap_xls_element_append (element, tag);
    }
  if (self->osm != NULL && element->children->len == 0)
    sarap_xls_error (self, SHEET, element->row, "type", "the sheet osm has no list '%s'", list);
}

static void
warn_of_appearance (SarapXlsForm *self, const SarapXlsRow *row)
{
  const char *text = sarap_xls_map_peek_text2 (row->values, "control", "appearance");
  g_auto (GStrv) words = sarap_appearance_split (text ? text : "");

  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *instead = NULL;
      SarapAppearanceVerdict verdict = sarap_appearance_judge (words[i], &instead);

      if (verdict == SARAP_APPEARANCE_ELSEWHERE)
        sarap_xls_warn (self, SHEET, row->number, "appearance", "'%s' is not served here: %s", words[i], instead);
      else if (verdict == SARAP_APPEARANCE_UNKNOWN)
        sarap_xls_warn (self, SHEET, row->number, "appearance", "'%s' is not known and does nothing; correct or remove it", words[i]);
      else if (g_str_has_prefix (words[i], "search("))
        sarap_xls_warn (self, SHEET, row->number, "appearance", "search() is an old way to read a file; select_one_from_file or select_multiple_from_file with a choice_filter does the same");
    }
}

/* Types that the application cannot serve are converted as the standard does, and named. */
static void
warn_of_type (SarapXlsForm *self, const SarapXlsRow *row, const char *type)
{
  static const char *const dead[] = { "simserial", "subscriberid", "imei", NULL };

  if (g_strv_contains (dead, type))
    sarap_xls_warn (self, SHEET, row->number, "type", "no device tells %s any more; the answer stays empty", type);
  else if (g_str_has_prefix (type, "osm"))
    sarap_xls_warn (self, SHEET, row->number, "type", "osm needs an application that exists no more; use geopoint");
}

static void
check_background_geopoint (SarapXlsForm *self, const SarapXlsRow *row)
{
  if (get (row, "trigger") == NULL)
    sarap_xls_error (self, SHEET, row->number, "trigger", "a background-geopoint needs a trigger: the question whose answer starts it");
  if (sarap_xls_map_peek_text2 (row->values, "bind", "calculate") != NULL)
    sarap_xls_error (self, SHEET, row->number, "calculation", "a background-geopoint has no calculation; remove it");
}

static void
finish_question (SarapXlsElement *element, const char *type)
{
  const char *text = sarap_xls_map_peek_text (element->values, "default");

  if (strcmp (type, "photo") == 0 && text != NULL && !element->is_dynamic && strstr (text, "jr://images/") == NULL)
    {
      g_autofree char *uri = g_strconcat ("jr://images/", text, NULL);

      sarap_xls_map_set (element->values, "default", uri);
    }
  if (strcmp (type, "start-geopoint") == 0)
    sarap_xls_element_add_action (element, "odk:setgeopoint", "odk-instance-first-load", NULL, NULL);
}

static void
read_question (Reader *reader, const SarapXlsRow *row, const char *name, const char *type_name, SarapXlsValue *parameters)
{
  const char *osm_list = g_str_has_prefix (type_name, "osm ") ? type_name + strlen ("osm ") : NULL;
  const SarapXlsType *type = sarap_xls_find_type (osm_list ? "osm" : type_name);
  gboolean is_external;
  SarapXlsElement *element;

  if (type == NULL)
    {
      sarap_xls_error (reader->form, SHEET, row->number, "type", "unknown type '%s'", type_name);
      return;
    }
  warn_of_type (reader->form, row, type_name);
  if (strcmp (type->name, "calculate") == 0 && sarap_xls_map_peek_text2 (row->values, "bind", "calculate") == NULL && (get (row, "default") == NULL || !sarap_xls_default_is_dynamic (get (row, "default"), type->name)))
    sarap_xls_error (reader->form, SHEET, row->number, "calculation", "a calculate needs a calculation");
  if (strcmp (type->name, "background-geopoint") == 0)
    check_background_geopoint (reader->form, row);
  is_external = g_str_has_suffix (type->name, "-external");
  if (is_external && in_repeat (reader->parent))
    sarap_xls_warn (reader->form, SHEET, row->number, "type", "an external file belongs to the whole form; move this row out of the repeat");
  element = read_element (reader, row, is_external ? SARAP_XLS_EXTERNAL : SARAP_XLS_QUESTION, name, type->name);
  sarap_xls_element_set_type (element, type);
  finish_question (element, type->name);
  sarap_xls_apply_parameters (reader->form, element, type->name, parameters);
  if (osm_list != NULL)
    read_osm_tags (reader->form, element, osm_list);
  append (reader, element);
}

/* The older way to give a setting: a row whose type is its name. */
static gboolean
read_setting (SarapXlsForm *self, const SarapXlsRow *row, const char *type)
{
  static const char *const settings[][2] = { { "form_title", "title" }, { "set form title", "title" }, { "set_form_title", "title" }, { "form_id", "id_string" }, { "set form id", "id_string" }, { "set_form_id", "id_string" }, { "public_key", "public_key" }, { "submission_url", "submission_url" }, { "prefix", "prefix" } };

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    if (strcmp (settings[i][0], type) == 0 && get (row, "name") != NULL)
      {
        sarap_xls_map_set (self->settings, settings[i][1], get (row, "name"));
        return TRUE;
      }
  return FALSE;
}

static gboolean
is_comment (SarapXlsForm *self, const SarapXlsRow *row)
{
  gboolean is_disabled = FALSE;

  if (sarap_xls_map_get_length (row->values) == 0)
    return TRUE;
  if (get (row, "disabled") != NULL)
    sarap_xls_warn (self, SHEET, row->number, "disabled", "not part of the standard; use relevant");
  if (sarap_xls_parse_yes_no (get (row, "disabled"), &is_disabled) && is_disabled)
    return TRUE;
  if (get (row, "type") != NULL)
    return FALSE;
  if (sarap_xls_map_peek (row->values, "name") != NULL || sarap_xls_map_peek (row->values, "label") != NULL)
    sarap_xls_error (self, SHEET, row->number, "type", "the row has no type");
  else
    sarap_xls_warn (self, SHEET, row->number, NULL, "a row without type, name and label is left out");
  return TRUE;
}

static void
read_named_row (Reader *reader, const SarapXlsRow *row, const char *type)
{
  g_autofree char *generated = g_strdup_printf ("generated_note_name_%u", row->number);
  const char *name = get (row, "name");
  g_auto (SarapXlsSelect) select = { 0 };
  g_autoptr (SarapXlsValue) parameters = NULL;
  g_autofree char *list = NULL;
  gboolean is_end;
  SarapXlsKind kind;

  warn_of_appearance (reader->form, row);
  if (name == NULL && strcmp (type, "note") == 0)
    name = generated;
  if (name == NULL)
    {
      sarap_xls_error (reader->form, SHEET, row->number, "name", "the question or group has no name");
      name = generated;
    }
  else if (!check_name (reader, row, name))
    name = generated;
  if (sarap_xls_parse_control (type, &is_end, &kind, &list) && !is_end)
    {
      open_group (reader, row, kind, name, g_steal_pointer (&list));
      return;
    }
  g_hash_table_add (reader->questions, g_strdup (name));
  parameters = sarap_xls_parse_parameters (reader->form, row->number, get (row, "parameters"));
  if (sarap_xls_parse_select (type, &select))
    read_select (reader, row, name, &select, parameters);
  else
    read_question (reader, row, name, type, parameters);
}

static void
read_row (Reader *reader, const SarapXlsRow *row)
{
  const char *type = get (row, "type");
  g_autofree char *list = NULL;
  gboolean is_end;
  SarapXlsKind kind;

  if (is_comment (reader->form, row))
    return;
  if (strcmp (type, "audit") == 0)
    read_audit (reader, row);
  else if (sarap_xls_parse_control (type, &is_end, &kind, &list) && is_end)
    close_group (reader, row, kind);
  else if (!read_setting (reader->form, row, type))
    read_named_row (reader, row, type);
}

static void
save_triggers_cb (SarapXlsForm *self, SarapXlsElement *element, gpointer data)
{
  GHashTable *questions = data;
  const char *value = sarap_xls_map_peek_text2 (element->values, "bind", "calculate");

  for (guint i = 0; element->triggers != NULL && element->triggers[i] != NULL; i++)
    {
      const char *name = element->triggers[i];
      SarapXlsTriggered *triggered = g_new0 (SarapXlsTriggered, 1);
      GPtrArray *targets = g_hash_table_lookup (self->triggered, name);

      if (!g_hash_table_contains (questions, name))
        sarap_xls_error (self, SHEET, element->row, "trigger", "${%s} names no question of the survey", name);
      if (targets == NULL)
        {
          targets = g_ptr_array_new ();
          g_hash_table_insert (self->triggered, g_strdup (name), targets);
        }
      triggered->target = g_strdup (element->name);
      triggered->value = g_strdup (value ? value : "");
      triggered->action = strcmp (element->type->name, "background-geopoint") == 0 ? "odk:setgeopoint" : "setvalue";
      g_ptr_array_add (targets, triggered);
    }
}

static void
triggered_free (gpointer data)
{
  SarapXlsTriggered *triggered = data;

  g_free (triggered->target);
  g_free (triggered->value);
  g_free (triggered);
}

static void
targets_free (gpointer data)
{
  GPtrArray *targets = data;

  g_ptr_array_set_free_func (targets, triggered_free);
  g_ptr_array_unref (targets);
}

static void
add_instance_id (SarapXlsForm *self)
{
  const char *preload = sarap_xls_map_peek_text (self->settings, "instance_id");
  const char *name = sarap_xls_map_peek_text (self->settings, "instance_name");
  gboolean is_omitted = FALSE;
  SarapXlsElement *element;

  sarap_xls_parse_yes_no (sarap_xls_map_peek_text (self->settings, "omit_instanceID"), &is_omitted);
  if (is_omitted && sarap_xls_map_peek (self->settings, "public_key") != NULL)
    sarap_xls_error (self, "settings", 2, "omit_instanceID", "an encrypted form needs its instanceID");
  if (!is_omitted)
    {
      element = question_new ("calculate", "instanceID", 0);
      sarap_xls_map_set (sarap_xls_map_ensure (element->values, "bind"), "readonly", "true()");
      sarap_xls_map_set (sarap_xls_map_ensure (element->values, "bind"), "jr:preload", preload ? preload : "uid");
      g_ptr_array_add (self->meta, element);
    }
  if (name != NULL)
    {
      element = question_new ("calculate", "instanceName", 0);
      sarap_xls_map_set (sarap_xls_map_ensure (element->values, "bind"), "calculate", name);
      g_ptr_array_add (self->meta, element);
    }
}

static void
read_rows (Reader *reader)
{
  SarapXlsForm *self = reader->form;

  for (guint i = 0; i < self->survey->rows->len && self->n_questions <= SARAP_XLS_MAX_QUESTIONS && !reader->is_too_deep; i++)
    read_row (reader, g_ptr_array_index (self->survey->rows, i));
  if (reader->is_too_deep)
    return;
  for (const SarapXlsElement *open = reader->parent; open->parent != NULL; open = open->parent)
    sarap_xls_error (self, SHEET, open->row, "type", "'%s' is never closed; add its end row", open->name);
}

/* Fills root, meta and triggered. The meta group itself is added with the entities. */
void
sarap_xls_read_survey (SarapXlsForm *self)
{
  g_autoptr (GHashTable) repeats = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) questions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Reader reader = { self, NULL, NULL, repeats, questions };

  self->root = sarap_xls_element_new (SARAP_XLS_SURVEY, self->root_name, 0);
  self->meta = g_ptr_array_new_with_free_func (sarap_xls_element_free);
  self->triggered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, targets_free);
  reader.parent = self->root;
  read_rows (&reader);
  g_free (reader.table_list);
  sarap_xls_unroll_loops (self);
  sarap_xls_visit (self, self->root, save_triggers_cb, questions);
  add_instance_id (self);
}
