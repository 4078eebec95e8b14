#include "app/report/sarap-tables.h"

#include "app/base/sarap-csv.h"
#include "app/base/sarap-file.h"
#include "app/base/sarap-problem.h"
#include "app/report/sarap-figures.h"

/* Returns: (transfer full) (nullable): the table @name */
typedef GBytes *(*TableFunc) (const char *name, gpointer data);

static gboolean
fail (GError **error, const char *file, guint row, const char *column, const char *words)
{
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s, line %u, column %s: %s", file, row + 2, column, words);
  return FALSE;
}

/* Every row has a @column of its own that no other row has. */
static gboolean
check_keys (GBytes *bytes, const char *file, const char *column, GError **error)
{
  g_autoptr (SarapCsv) csv = sarap_csv_parse (bytes, file, error);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (csv == NULL)
    return FALSE;
  for (guint row = 0; row < sarap_csv_get_n_rows (csv); row++)
    {
      const char *key = sarap_csv_peek (csv, row, column);

      if (key == NULL || *key == '\0')
        return fail (error, file, row, column, "something must stand here");
      if (!g_hash_table_add (seen, (gpointer) key))
        return fail (error, file, row, column, "this stands in a line above already");
    }
  return TRUE;
}

static GBytes *
dup_table (TableFunc find, gpointer data, const char *name, const char *when_missing)
{
  GBytes *bytes = find (name, data);

  return bytes ? bytes : g_bytes_new (when_missing, strlen (when_missing));
}

static gboolean
check_items (SarapForm *form, SarapScoring *scoring, GError **error)
{
  for (guint i = 0; i < sarap_scoring_get_n_items (scoring); i++)
    if (sarap_form_find_question (form, sarap_scoring_peek_item (scoring, i)) == NULL)
      return fail (error, "scoring.csv", i, "item", "the questionnaire has no such question");
  return TRUE;
}

static gboolean
check_scoring (SarapForm *form, TableFunc find, gpointer data, GBytes *bytes, GError **error)
{
  g_autoptr (GBytes) sections = dup_table (find, data, "sections.csv", "section,section_weight\n");
  g_autoptr (SarapScoring) scoring = NULL;

  if (!check_keys (bytes, "scoring.csv", "item", error))
    return FALSE;
  scoring = sarap_scoring_new (bytes, sections, error);
  return scoring != NULL && check_items (form, scoring, error);
}

static gboolean
check_sections (TableFunc find, gpointer data, GBytes *bytes, GError **error)
{
  g_autoptr (GBytes) items = dup_table (find, data, "scoring.csv", "item,section,weight,good,critical\n");
  g_autoptr (SarapScoring) scoring = NULL;

  if (!check_keys (bytes, "sections.csv", "section", error))
    return FALSE;
  scoring = sarap_scoring_new (items, bytes, error);
  return scoring != NULL;
}

static gboolean
check_waves (GBytes *bytes, GError **error)
{
  g_autoptr (GPtrArray) waves = NULL;

  if (!check_keys (bytes, "waves.csv", "name", error))
    return FALSE;
  waves = sarap_waves_parse (bytes, "en", error);
  return waves != NULL;
}

static gboolean
check (SarapForm *form, TableFunc find, gpointer data, const char *name, GBytes *bytes, GError **error)
{
  if (g_str_equal (name, "scoring.csv"))
    return check_scoring (form, find, data, bytes, error);
  if (g_str_equal (name, "sections.csv"))
    return check_sections (find, data, bytes, error);
  if (g_str_equal (name, "waves.csv"))
    return check_waves (bytes, error);
  return check_keys (bytes, name, "code", error);
}

const char *const *
sarap_tables_get_names (void)
{
  static const char *const names[] = { "scoring.csv", "sections.csv", "violations.csv", "waves.csv", NULL };

  return names;
}

static GBytes *
find_in_folder (const char *name, gpointer data)
{
  g_autofree char *path = g_build_filename (data, name, NULL);

  return sarap_file_read (path, 0, NULL);
}

gboolean
sarap_tables_check_folder (SarapForm *form, const char *folder, GError **error)
{
  for (const char *const *name = sarap_tables_get_names (); *name != NULL; name++)
    {
      g_autoptr (GBytes) bytes = find_in_folder (*name, (gpointer) folder);

      if (bytes != NULL && !check (form, find_in_folder, (gpointer) folder, *name, bytes, error))
        return FALSE;
    }
  return TRUE;
}

typedef struct
{
  SarapRecordSource *source;
  const char *form_id;
} Newest;

static GBytes *
find_newest (const char *name, gpointer data)
{
  const Newest *newest = data;

  return sarap_record_source_dup_media (newest->source, newest->form_id, NULL, name, NULL);
}

gboolean
sarap_tables_check (SarapRecordSource *source, const char *form_id, const char *name, GBytes *bytes, GError **error)
{
  Newest newest = { source, form_id };
  g_autoptr (SarapForm) form = sarap_record_source_load_form (source, form_id, NULL, error);

  return form != NULL && check (form, find_newest, &newest, name, bytes, error);
}
