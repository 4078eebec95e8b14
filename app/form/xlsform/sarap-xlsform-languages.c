#include "app/form/xlsform/sarap-xlsform-private.h"

#include <string.h>

/* 1. A language counts in a sheet when any column there names it. A kind of text (label, hint,
 *    image…) that one language has and another has not is a gap: people see '-' there.
 * 2. A gap of a whole column is told once; gaps of single rows once a column, at the first.
 * 3. A language is best written with its code, "Kazakh (kk)": devices choose it by that. */

/* The translatable thing that a column fills, and its language ("" when it names none). */
static const char *
get_translatable (const SarapXlsColumn *column, const char **language)
{
  static const char *const names[] = { "label", "hint", "guidance_hint", "image", "big-image", "audio", "video", "jr:constraintMsg", "jr:requiredMsg", NULL };
  char **path = column->path;

  if (path == NULL)
    return NULL;
  if (path[1] != NULL && (strcmp (path[0], "media") == 0 || strcmp (path[0], "bind") == 0))
    path++;
  if (!g_strv_contains (names, path[0]))
    return NULL;
  *language = path[1] ? path[1] : "";
  return path[0];
}

/* What the sheet calls it. */
static const char *
get_column_name (const char *thing)
{
  if (strcmp (thing, "jr:constraintMsg") == 0)
    return "constraint_message";
  return strcmp (thing, "jr:requiredMsg") == 0 ? "required_message" : thing;
}

static void
check_languages (SarapXlsForm *self, const SarapXlsTable *table)
{
  g_autoptr (GPtrArray) languages = g_ptr_array_new ();
  g_autoptr (GPtrArray) things = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < table->columns->len; i++)
    {
      const char *language = NULL;
      const char *thing = get_translatable (g_ptr_array_index (table->columns, i), &language);

      if (thing == NULL)
        continue;
      if (!g_ptr_array_find_with_equal_func (languages, language, g_str_equal, NULL))
        g_ptr_array_add (languages, (gpointer) language);
      if (!g_ptr_array_find_with_equal_func (things, thing, g_str_equal, NULL))
        g_ptr_array_add (things, (gpointer) thing);
      g_hash_table_add (seen, g_strconcat (thing, "\n", language, NULL));
    }
  if (languages->len == 0 || (languages->len == 1 && *(char *) languages->pdata[0] == '\0'))
    return;
  for (guint i = 0; i < languages->len; i++)
    for (guint j = 0; j < things->len; j++)
      {
        const char *language = languages->pdata[i];
        g_autofree char *key = g_strconcat (things->pdata[j], "\n", language, NULL);

        if (!g_hash_table_contains (seen, key))
          sarap_xls_warn (self, table->name, 1, get_column_name (things->pdata[j]), "no column for the language '%s'; people would see '-' there", *language ? language : self->default_language);
      }
}

/* How many rows have a text in some language but not in @language, and the first of them. */
static guint
count_gaps (const SarapXlsTable *table, const char *thing, const char *language, guint *first)
{
  guint n = 0;

  for (guint i = 0; i < table->rows->len; i++)
    {
      const SarapXlsRow *row = g_ptr_array_index (table->rows, i);
      const SarapXlsValue *value = sarap_xls_map_peek (row->values, thing);

      if (value == NULL)
        value = sarap_xls_map_peek (sarap_xls_map_peek (row->values, "media"), thing);
      if (value == NULL)
        value = sarap_xls_map_peek (sarap_xls_map_peek (row->values, "bind"), thing);
      if (!sarap_xls_value_is_map (value) || sarap_xls_map_peek (value, language) != NULL)
        continue;
      if (n++ == 0)
        *first = row->number;
    }
  return n;
}

static void
check_gaps (SarapXlsForm *self, const SarapXlsTable *table)
{
  for (guint i = 0; i < table->columns->len; i++)
    {
      const SarapXlsColumn *column = g_ptr_array_index (table->columns, i);
      const char *language = NULL;
      const char *thing = get_translatable (column, &language);
      guint first = 0;
      guint n = thing ? count_gaps (table, thing, *language ? language : self->default_language, &first) : 0;

      if (n == 1)
        sarap_xls_warn (self, table->name, first, column->header, "this text is missing, though another language has it");
      else if (n > 1)
        sarap_xls_warn (self, table->name, first, column->header, "this text and %u more below are missing, though another language has them", n - 1);
    }
}

static gboolean
has_code (const char *language)
{
  const char *open = strrchr (language, '(');
  gsize n = open ? strspn (open + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") : 0;

  return n >= 2 && strcmp (open + 1 + n, ")") == 0;
}

static void
check_codes (SarapXlsForm *self, const SarapXlsTable *table)
{
  g_autoptr (GHashTable) told = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < table->columns->len; i++)
    {
      const char *language = NULL;

      if (get_translatable (g_ptr_array_index (table->columns, i), &language) == NULL || *language == '\0' || has_code (language))
        continue;
      if (g_hash_table_add (told, (gpointer) language))
        sarap_xls_warn (self, table->name, 1, NULL, "the language '%s' has no code; write it like 'Kazakh (kk)'", language);
    }
}

static void
check (SarapXlsForm *self, const SarapXlsTable *table)
{
  if (table == NULL)
    return;
  check_languages (self, table);
  check_gaps (self, table);
}

/* Warns of texts that are missing in a language, and of languages without code. */
void
sarap_xls_check_translations (SarapXlsForm *self)
{
  check (self, self->survey);
  check_codes (self, self->survey);
  check (self, self->choices);
}
