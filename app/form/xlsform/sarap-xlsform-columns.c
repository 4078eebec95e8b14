#include "app/form/xlsform/sarap-xlsform-private.h"

#include <string.h>

/* 1. "label::English (en)" is the path {label, English (en)}. A single colon divides too, unless
 *    the sheet uses double ones anywhere; "jr:count" stays whole.
 * 2. The first word is known in any case and with spaces for underlines ("Constraint Message"),
 *    and may be an older name or a short one: "relevant" is {bind, relevant}.
 * 3. A word that the sheet does not know is kept as written: in choices it is the author's own
 *    column, which a choice_filter may name.
 *    In survey and settings it may be a note; when it is nearly a known name it is told.
 * 4. Two headers for one column are an error, except that the column's own name may stand behind
 *    another: where both have a value, the own name's counts. `id_string` yields to `form_id`. */

#define MAX_WORDS 4

typedef struct
{
  const char *alias;
  const char *first;
  const char *second;
} Alias;

static const char *const survey_columns[] = {
  "type", "name", "label", "hint", "guidance_hint", "default", "choice_filter", "trigger", "parameters", "bind", "control", "instance", "media", "query", "sms_field", "itemset", "choices", "disabled", "intent", "list_name", "flat", NULL
};

static const Alias survey_aliases[] = {
  { "sms_option", "sms_option", NULL },
  { "compact_tag", "instance", "odk:tag" },
  { "read_only", "bind", "readonly" },
  { "readonly", "bind", "readonly" },
  { "relevant", "bind", "relevant" },
  { "relevance", "bind", "relevant" },
  { "caption", "label", NULL },
  { "appearance", "control", "appearance" },
  { "required", "bind", "required" },
  { "constraint", "bind", "constraint" },
  { "constraining_message", "bind", "jr:constraintMsg" },
  { "constraint_message", "bind", "jr:constraintMsg" },
  { "calculation", "bind", "calculate" },
  { "calculate", "bind", "calculate" },
  { "command", "type", NULL },
  { "tag", "name", NULL },
  { "value", "name", NULL },
  { "image", "media", "image" },
  { "big-image", "media", "big-image" },
  { "audio", "media", "audio" },
  { "video", "media", "video" },
  { "count", "control", "jr:count" },
  { "repeat_count", "control", "jr:count" },
  { "jr:count", "control", "jr:count" },
  { "autoplay", "control", "autoplay" },
  { "rows", "control", "rows" },
  { "noapperrorstring", "bind", "jr:noAppErrorString" },
  { "no_app_error_string", "bind", "jr:noAppErrorString" },
  { "requiredmsg", "bind", "jr:requiredMsg" },
  { "required_message", "bind", "jr:requiredMsg" },
  { "body", "control", NULL },
  { "sensitive", "bind", "sarap:sensitive" },
  { "save_to", "bind", "entities:saveto" },
  { NULL, NULL, NULL },
};

static const char *const list_columns[] = { "name", "label", "media", "sms_option", "list_name", NULL };

static const Alias list_aliases[] = {
  { "caption", "label", NULL },
  { "value", "name", NULL },
  { "image", "media", "image" },
  { "big-image", "media", "big-image" },
  { "audio", "media", "audio" },
  { "video", "media", "video" },
  { NULL, NULL, NULL },
};

static const char *const settings_columns[] = {
  "title", "id_string", "name", "version", "style", "default_language", "public_key", "submission_url", "auto_send", "auto_delete", "instance_name", "instance_id", "instance_xmlns", "namespaces", "omit_instanceID", "clean_text_values", "allow_choice_duplicates", "client_editable", "prefix", "delimiter", "attribute", NULL
};

static const Alias settings_aliases[] = {
  { "form_title", "title", NULL },
  { "set_form_title", "title", NULL },
  { "form_id", "id_string", NULL },
  { "set_form_id", "id_string", NULL },
  { "omit_instanceid", "omit_instanceID", NULL },
  { NULL, NULL, NULL },
};

static const char *const entities_columns[] = { "dataset", "entity_id", "create_if", "update_if", "label", NULL };

static const Alias entities_aliases[] = {
  { "list_name", "dataset", NULL },
  { NULL, NULL, NULL },
};

typedef struct
{
  const char *table;
  const char *const *columns;
  const Alias *aliases;
} Vocabulary;

static const Vocabulary vocabularies[] = {
  { "survey", survey_columns, survey_aliases },
  { "choices", list_columns, list_aliases },
  { "external_choices", list_columns, list_aliases },
  { "osm", list_columns, list_aliases },
  { "settings", settings_columns, settings_aliases },
  { "entities", entities_columns, entities_aliases },
};

static const Vocabulary *
find_vocabulary (const char *table)
{
  for (guint i = 0; i < G_N_ELEMENTS (vocabularies); i++)
    if (strcmp (vocabularies[i].table, table) == 0)
      return &vocabularies[i];
  g_assert_not_reached ();
}

/* "Constraint  Message" → "constraint_message". */
static char *
to_snake_case (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t\r\n", -1);
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_string_append_printf (out, "%s%s", out->len ? "_" : "", words[i]);
  return g_utf8_strdown (out->str, -1);
}

static const Alias *
find_alias (const Vocabulary *vocabulary, const char *word)
{
  for (const Alias *alias = vocabulary->aliases; alias->alias != NULL; alias++)
    if (strcmp (alias->alias, word) == 0)
      return alias;
  return NULL;
}

static gboolean
uses_double_colons (const SarapXlsTable *table)
{
  for (guint i = 0; i < table->columns->len; i++)
    if (strstr (((SarapXlsColumn *) g_ptr_array_index (table->columns, i))->header, "::") != NULL)
      return TRUE;
  return FALSE;
}

static GPtrArray *
split (const char *header, gboolean is_double)
{
  g_auto (GStrv) words = g_strsplit (header, is_double ? "::" : ":", -1);
  GPtrArray *path = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_strstrip (words[i]);
      if (!is_double && strcmp (words[i], "jr") == 0 && words[i + 1] != NULL)
        {
          g_ptr_array_add (path, g_strconcat ("jr:", g_strstrip (words[i + 1]), NULL));
          i++;
        }
      else
        g_ptr_array_add (path, g_strdup (words[i]));
    }
  return path;
}

static void
replace_first (GPtrArray *path, const char *first, const char *second)
{
  g_free (path->pdata[0]);
  path->pdata[0] = g_strdup (first);
  if (second != NULL)
    g_ptr_array_insert (path, 1, g_strdup (second));
}

static char **
resolve (const Vocabulary *vocabulary, const char *header, gboolean is_double)
{
  g_autofree char *whole = to_snake_case (header);
  g_autofree char *first = NULL;
  g_autoptr (GPtrArray) path = NULL;
  const Alias *alias = find_alias (vocabulary, whole);

  if (alias != NULL || g_strv_contains (vocabulary->columns, whole))
    {
      path = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (path, g_strdup (whole));
    }
  else
    path = split (header, is_double);
  first = to_snake_case (path->pdata[0]);
  alias = find_alias (vocabulary, first);
  if (alias != NULL)
    replace_first (path, alias->first, alias->second);
  else if (g_strv_contains (vocabulary->columns, first))
    replace_first (path, first, NULL);
  g_ptr_array_add (path, NULL);
  g_ptr_array_set_free_func (path, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&path), FALSE);
}

#define MIN_SUGGESTED 4 /* letters of a word that may be a misspelled name */

static gboolean
is_near (const char *word, const char *name)
{
  return strlen (name) > MIN_SUGGESTED && sarap_xls_distance (word, name) <= (strlen (word) < 8 ? 1 : 2);
}

/* The name of the sheet's columns that @word nearly is, or NULL. */
static const char *
suggest (const Vocabulary *vocabulary, const char *word)
{
  if (strlen (word) < MIN_SUGGESTED || strlen (word) > 40)
    return NULL;
  for (const char *const *column = vocabulary->columns; *column != NULL; column++)
    if (is_near (word, *column))
      return *column;
  for (const Alias *alias = vocabulary->aliases; alias->alias != NULL; alias++)
    if (is_near (word, alias->alias))
      return alias->alias;
  return NULL;
}

static void
check_known (SarapXlsForm *self, const SarapXlsTable *table, const Vocabulary *vocabulary, const SarapXlsColumn *column)
{
  g_autofree char *word = to_snake_case (column->path[0]);
  const char *similar;

  if (strcmp (table->name, "survey") != 0 && strcmp (table->name, "settings") != 0)
    return;
  if (g_strv_contains (vocabulary->columns, column->path[0]) || find_alias (vocabulary, word) != NULL)
    return;
  similar = suggest (vocabulary, word);
  if (similar != NULL)
    sarap_xls_warn (self, table->name, 1, column->header, "not known, so it does nothing; is '%s' meant?", similar);
}

static gboolean
is_id_pair (const SarapXlsTable *table, const SarapXlsColumn *a, const SarapXlsColumn *b)
{
  static const char *const names[] = { "form_id", "id_string", NULL };

  return strcmp (table->name, "settings") == 0 && g_strv_contains (names, a->header) && g_strv_contains (names, b->header);
}

static void
drop_id_string (const SarapXlsTable *table)
{
  for (guint i = 0; i < table->columns->len; i++)
    {
      const SarapXlsColumn *form_id = g_ptr_array_index (table->columns, i);

      if (strcmp (form_id->header, "form_id") != 0)
        continue;
      for (guint j = 0; j < table->columns->len; j++)
        {
          SarapXlsColumn *column = g_ptr_array_index (table->columns, j);

          if (is_id_pair (table, form_id, column) && column != form_id)
            g_clear_pointer (&column->path, g_strfreev);
        }
    }
}

static void
check_twins (SarapXlsForm *self, const SarapXlsTable *table, const SarapXlsColumn *column)
{
  for (guint i = 0; i < table->columns->len; i++)
    {
      const SarapXlsColumn *other = g_ptr_array_index (table->columns, i);

      if (other == column)
        return;
      if (other->path == NULL || !g_strv_equal ((const char *const *) other->path, (const char *const *) column->path))
        continue;
      if (is_id_pair (table, column, other))
        sarap_xls_warn (self, table->name, 1, column->header, "means the same as the column %s; form_id counts, remove id_string", other->header);
      else if (column->path[1] == NULL && strcmp (column->header, column->path[0]) == 0)
        sarap_xls_warn (self, table->name, 1, column->header, "means the same as the column %s, and replaces its values; remove one", other->header);
      else
        sarap_xls_error (self, table->name, 1, column->header, "means the same as the column %s; remove or rename one", other->header);
    }
}

static gboolean
has_column (const SarapXlsTable *table, const char *name)
{
  for (guint i = 0; i < table->columns->len; i++)
    {
      const SarapXlsColumn *column = g_ptr_array_index (table->columns, i);

      if (column->path != NULL && strcmp (column->path[0], name) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
require_column (SarapXlsForm *self, const SarapXlsTable *table, const char *name)
{
  if (!has_column (table, name))
    sarap_xls_error (self, table->name, 1, name, "this column is missing; the first row must name the columns");
}

/* Fills the paths of @table's columns. */
void
sarap_xls_resolve_columns (SarapXlsForm *self, SarapXlsTable *table)
{
  const Vocabulary *vocabulary = find_vocabulary (table->name);
  gboolean is_double = uses_double_colons (table);

  for (guint i = 0; i < table->columns->len; i++)
    {
      SarapXlsColumn *column = g_ptr_array_index (table->columns, i);
      g_auto (GStrv) path = resolve (vocabulary, column->header, is_double);

      if (g_strv_length (path) > MAX_WORDS)
        {
          sarap_xls_error (self, table->name, 1, column->header, "too many colons in the name of the column");
          continue;
        }
      column->path = g_steal_pointer (&path);
      check_twins (self, table, column);
      check_known (self, table, vocabulary, column);
    }
  drop_id_string (table);
  if (strcmp (table->name, "survey") == 0)
    require_column (self, table, "type");
  else if (strcmp (table->name, "choices") == 0 && table->sheet->rows->len > 1)
    require_column (self, table, "name");
}
