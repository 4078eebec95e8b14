#include "app/form/xlsform/sarap-xlsform-private.h"

#include <string.h>

/* 1. A sheet is known by its name in any case; a workbook with one sheet is that survey whatever
 *    its name. Other sheets are the author's notes.
 * 2. The first row names the columns. After 20 unnamed columns the sheet ends; cells under no
 *    name are left out, with a warning.
 * 3. More than 60 empty rows end the sheet: what stands below is the author's scratch.
 * 4. Cells lose the spaces around them; names of columns and cells of the survey also the needless
 *    ones inside (settings `clean_text_values` keeps these). Typographic quotes become plain ones. */

#define MAX_EMPTY_COLUMNS 20
#define MAX_EMPTY_ROWS 60
#define MAX_DISTANCE 2

static void tell (SarapXlsForm *self, SarapProblemSeverity severity, const char *sheet, guint row, const char *column, const char *format, va_list arguments) G_GNUC_PRINTF (6, 0);

static void
tell (SarapXlsForm *self, SarapProblemSeverity severity, const char *sheet, guint row, const char *column, const char *format, va_list arguments)
{
  g_autofree char *message = g_strdup_vprintf (format, arguments);

  sarap_problems_add (self->problems, severity, sheet, row, column, "%s", message);
}

void
sarap_xls_error (SarapXlsForm *self, const char *sheet, guint row, const char *column, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  tell (self, SARAP_PROBLEM_ERROR, sheet, row, column, format, arguments);
  va_end (arguments);
}

void
sarap_xls_warn (SarapXlsForm *self, const char *sheet, guint row, const char *column, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  tell (self, SARAP_PROBLEM_WARNING, sheet, row, column, format, arguments);
  va_end (arguments);
}

static char *
squeeze (const char *text)
{
  g_autofree char *copy = g_strdup (text);
  GString *out = g_string_new (NULL);

  g_strstrip (copy);
  for (const char *at = copy; *at != '\0'; at++)
    if (*at != ' ' || at[1] != ' ')
      g_string_append_c (out, *at);
  return g_string_free (out, FALSE);
}

static char *
plain_quotes (const char *text)
{
  GString *out;

  if (strstr (text, "\xe2\x80") == NULL)
    return g_strdup (text);
  out = g_string_new (text);
  g_string_replace (out, "\xe2\x80\x98", "'", 0);
  g_string_replace (out, "\xe2\x80\x99", "'", 0);
  g_string_replace (out, "\xe2\x80\x9c", "\"", 0);
  g_string_replace (out, "\xe2\x80\x9d", "\"", 0);
  return g_string_free (out, FALSE);
}

static void
column_free (gpointer data)
{
  SarapXlsColumn *column = data;

  g_free (column->header);
  g_strfreev (column->path);
  g_free (column);
}

static void
row_free (gpointer data)
{
  SarapXlsRow *row = data;

  sarap_xls_value_free (row->values);
  g_free (row);
}

void
sarap_xls_table_free (SarapXlsTable *table)
{
  if (table == NULL)
    return;
  g_free (table->name);
  g_ptr_array_unref (table->columns);
  g_ptr_array_unref (table->rows);
  g_free (table);
}

static void
add_column (SarapXlsForm *self, SarapXlsTable *table, const SarapCell *cell)
{
  g_autofree char *header = squeeze (cell->text);
  SarapXlsColumn *column;

  for (guint i = 0; i < table->columns->len; i++)
    {
      const SarapXlsColumn *other = g_ptr_array_index (table->columns, i);

      if (strcmp (other->header, header) != 0)
        continue;
      sarap_xls_error (self, table->name, 1, header, "two columns have this name; remove or rename one");
      return;
    }
  column = g_new0 (SarapXlsColumn, 1);
  column->header = g_steal_pointer (&header);
  column->column = cell->column;
  g_ptr_array_add (table->columns, column);
}

static void
read_columns (SarapXlsForm *self, SarapXlsTable *table, const SarapRow *first)
{
  guint next = 0;

  for (guint i = 0; i < first->cells->len; i++)
    {
      const SarapCell *cell = &g_array_index (first->cells, SarapCell, i);

      if (cell->column - next > MAX_EMPTY_COLUMNS)
        return;
      next = cell->column + 1;
      add_column (self, table, cell);
    }
}

static const SarapXlsColumn *
find_column (const SarapXlsTable *table, guint index)
{
  for (guint i = 0; i < table->columns->len; i++)
    {
      const SarapXlsColumn *column = g_ptr_array_index (table->columns, i);

      if (column->column == index)
        return column;
    }
  return NULL;
}

static void
read_row (SarapXlsForm *self, SarapXlsTable *table, const SarapRow *raw, gboolean clean)
{
  SarapXlsRow *row = g_new0 (SarapXlsRow, 1);

  row->number = raw->number;
  row->values = sarap_xls_map_new ();
  for (guint i = 0; i < raw->cells->len; i++)
    {
      const SarapCell *cell = &g_array_index (raw->cells, SarapCell, i);
      const SarapXlsColumn *column = find_column (table, cell->column);
      g_autofree char *squeezed = NULL;
      g_autofree char *text = NULL;

      if (column == NULL)
        {
          if (table->n_unnamed++ == 0)
            sarap_xls_warn (self, table->name, raw->number, NULL, "a cell stands under no column name and is left out; name the column in the first row");
          continue;
        }
      squeezed = clean ? squeeze (cell->text) : g_strstrip (g_strdup (cell->text));
      text = plain_quotes (squeezed);
      if (column->path != NULL && *text != '\0')
        sarap_xls_map_set_path (row->values, column->path, text, self->default_language);
    }
  g_ptr_array_add (table->rows, row);
}

static const SarapSheet *
find_sheet (SarapXlsForm *self, const char *name)
{
  guint n = sarap_workbook_get_n_sheets (self->workbook);

  for (guint i = 0; i < n; i++)
    {
      const SarapSheet *sheet = sarap_workbook_peek_sheet (self->workbook, i);
      g_autofree char *lower = g_utf8_strdown (sheet->name, -1);

      if (strcmp (g_strstrip (lower), name) == 0)
        return sheet;
    }
  if (n == 1 && strcmp (name, "survey") == 0)
    return sarap_workbook_peek_sheet (self->workbook, 0);
  return NULL;
}

/* Returns: (transfer full) or NULL when there is no such sheet or nothing in it */
static SarapXlsTable *
open_table (SarapXlsForm *self, const char *name)
{
  const SarapSheet *sheet = find_sheet (self, name);
  SarapXlsTable *table;

  if (sheet == NULL || sheet->rows->len == 0)
    return NULL;
  table = g_new0 (SarapXlsTable, 1);
  table->name = g_strdup (name);
  table->sheet = sheet;
  table->columns = g_ptr_array_new_with_free_func (column_free);
  table->rows = g_ptr_array_new_with_free_func (row_free);
  read_columns (self, table, g_ptr_array_index (sheet->rows, 0));
  sarap_xls_resolve_columns (self, table);
  return table;
}

static void
read_rows (SarapXlsForm *self, SarapXlsTable *table, gboolean clean)
{
  guint last;

  if (table == NULL)
    return;
  last = ((SarapRow *) g_ptr_array_index (table->sheet->rows, 0))->number;
  for (guint i = 1; i < table->sheet->rows->len; i++)
    {
      const SarapRow *row = g_ptr_array_index (table->sheet->rows, i);

      if (row->number - last > MAX_EMPTY_ROWS + 1)
        {
          sarap_xls_warn (self, table->name, row->number, NULL, "left out, with all below: more than %d empty rows stand before it", MAX_EMPTY_ROWS);
          return;
        }
      last = row->number;
      read_row (self, table, row, clean);
    }
}

/* How many letters must be added, dropped or changed to make @b of @a (Levenshtein, in bytes). */
guint
sarap_xls_distance (const char *a, const char *b)
{
  gsize n = strlen (b);
  g_autofree guint *previous = g_new (guint, n + 1);
  g_autofree guint *current = g_new (guint, n + 1);

  for (gsize j = 0; j <= n; j++)
    previous[j] = j;
  for (gsize i = 0; a[i] != '\0'; i++)
    {
      guint *swap;

      current[0] = i + 1;
      for (gsize j = 0; j < n; j++)
        current[j + 1] = MIN (MIN (previous[j + 1] + 1, current[j] + 1), previous[j] + (a[i] != b[j]));
      swap = previous;
      previous = current;
      current = swap;
    }
  return previous[n];
}

/* " Did you mean the sheet 'surveys'?" or "". Returns: (transfer full) */
char *
sarap_xls_suggest_sheets (SarapXlsForm *self, const char *name)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < sarap_workbook_get_n_sheets (self->workbook); i++)
    {
      const SarapSheet *sheet = sarap_workbook_peek_sheet (self->workbook, i);
      g_autofree char *lower = g_utf8_strdown (sheet->name, -1);

      if (*sheet->name == '_' || strlen (lower) > 64 || strcmp (lower, name) == 0 || sarap_xls_distance (lower, name) > MAX_DISTANCE)
        continue;
      g_string_append_printf (text, "%s'%s'", text->len ? ", " : " Sheets with a similar name: ", sheet->name);
    }
  if (text->len != 0)
    g_string_append (text, "; rename it.");
  return g_string_free (text, FALSE);
}

static void
warn_misspelled (SarapXlsForm *self, const char *name, const SarapXlsTable *table)
{
  g_autofree char *similar = NULL;

  if (table != NULL)
    return;
  similar = sarap_xls_suggest_sheets (self, name);
  if (*similar != '\0')
    sarap_xls_warn (self, NULL, 0, NULL, "no sheet '%s'.%s If it is not meant, put _ before its name", name, similar);
}

/* The settings come first: they say how the others are read. */
static void
read_settings (SarapXlsForm *self)
{
  const char *language;
  gboolean adds_none = FALSE;

  self->settings_table = open_table (self, "settings");
  read_rows (self, self->settings_table, FALSE);
  if (self->settings_table != NULL && self->settings_table->rows->len > 0)
    self->settings = sarap_xls_value_copy (((SarapXlsRow *) g_ptr_array_index (self->settings_table->rows, 0))->values);
  else
    self->settings = sarap_xls_map_new ();
  sarap_xls_parse_yes_no (sarap_xls_map_peek_text (self->settings, "add_none_option"), &adds_none);
  if (adds_none)
    sarap_xls_warn (self, "settings", 2, "add_none_option", "no converter adds the choice 'none' any more; write it into the list, with a constraint that it stands alone");
  language = sarap_xls_map_peek_text (self->settings, "default_language");
  if (language != NULL)
    {
      g_free (self->default_language);
      self->default_language = g_strdup (language);
    }
}

static gboolean
keeps_blanks (SarapXlsForm *self)
{
  gboolean clean = TRUE;

  sarap_xls_parse_yes_no (sarap_xls_map_peek_text (self->settings, "clean_text_values"), &clean);
  return !clean;
}

/* FALSE when there is no survey to go on with. */
gboolean
sarap_xls_read_sheets (SarapXlsForm *self)
{
  self->default_language = g_strdup ("default");
  read_settings (self);
  self->survey = open_table (self, "survey");
  if (self->survey == NULL)
    {
      g_autofree char *similar = sarap_xls_suggest_sheets (self, "survey");

      sarap_xls_error (self, "survey", 0, NULL, "the workbook has no sheet of this name with questions; add it.%s", similar);
      return FALSE;
    }
  self->choices = open_table (self, "choices");
  self->external_choices = open_table (self, "external_choices");
  self->entities = open_table (self, "entities");
  self->osm = open_table (self, "osm");
  read_rows (self, self->survey, !keeps_blanks (self));
  read_rows (self, self->choices, FALSE);
  read_rows (self, self->external_choices, FALSE);
  read_rows (self, self->entities, FALSE);
  read_rows (self, self->osm, FALSE);
  warn_misspelled (self, "settings", self->settings_table);
  warn_misspelled (self, "entities", self->entities);
  return TRUE;
}

/* The header, as written, of the first column that fills @key ("label"), else @key. */
const char *
sarap_xls_column_of (const SarapXlsTable *table, const char *key)
{
  for (guint i = 0; i < table->columns->len; i++)
    {
      const SarapXlsColumn *column = g_ptr_array_index (table->columns, i);

      if (column->path == NULL)
        continue;
      if (strcmp (column->path[0], key) == 0 || (column->path[1] != NULL && strcmp (column->path[1], key) == 0))
        return column->header;
    }
  return key;
}
