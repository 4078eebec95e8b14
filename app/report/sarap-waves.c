#include "app/report/sarap-figure-internal.h"

#include <stdio.h>

#include "app/base/sarap-csv.h"
#include "app/base/sarap-problem.h"

static void
wave_free (gpointer data)
{
  SarapWave *wave = data;

  g_free (wave->name);
  g_free (wave->label);
  g_free (wave);
}

static gboolean
read_day (SarapCsv *csv, guint row, const char *column, int *day, GError **error)
{
  const char *text = sarap_csv_peek (csv, row, column);
  int year, month, day_of_month;
  GDate date;

  if (text == NULL || sscanf (text, "%d-%d-%d", &year, &month, &day_of_month) != 3 || !g_date_valid_dmy (day_of_month, month, year))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED,
                   "waves.csv, line %u, column %s: a date such as 2017-03-01 is needed, not “%s”", row + 2, column, text ? text : "");
      return FALSE;
    }
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, day_of_month, month, year);
  *day = (int) g_date_get_julian (&date) - 719163;
  return TRUE;
}

/* A day lies in one wave at most: its shares would be counted twice otherwise. */
static gboolean
check_range (GPtrArray *waves, guint row, GError **error)
{
  const SarapWave *wave = g_ptr_array_index (waves, row);
  const char *words = wave->from > wave->to ? "the wave ends before it begins" : NULL;

  for (guint i = 0; words == NULL && i < row; i++)
    {
      const SarapWave *other = g_ptr_array_index (waves, i);

      if (wave->from <= other->to && other->from <= wave->to)
        words = "the wave shares days with one in a line above";
    }
  if (words == NULL)
    return TRUE;
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "waves.csv, line %u, column to: %s", row + 2, words);
  return FALSE;
}

/* @bytes: of waves.csv. Returns: (element-type SarapWave) in the order of the lines, or NULL */
GPtrArray *
sarap_waves_parse (GBytes *bytes, const char *language, GError **error)
{
  g_autoptr (SarapCsv) csv = sarap_csv_parse (bytes, "waves.csv", error);
  g_autoptr (GPtrArray) waves = g_ptr_array_new_with_free_func (wave_free);
  g_autofree char *column = g_strconcat ("label_", language, NULL);

  if (csv == NULL)
    return NULL;
  for (guint row = 0; row < sarap_csv_get_n_rows (csv); row++)
    {
      SarapWave *wave = g_new0 (SarapWave, 1);
      const char *label = sarap_csv_peek (csv, row, column);

      g_ptr_array_add (waves, wave);
      wave->name = g_strdup (sarap_csv_peek (csv, row, "name"));
      wave->label = g_strdup (label && *label ? label : wave->name);
      if (!read_day (csv, row, "from", &wave->from, error) || !read_day (csv, row, "to", &wave->to, error) || !check_range (waves, row, error))
        return NULL;
    }
  return g_steal_pointer (&waves);
}

static int
year_of (int day)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, day + 719163);
  return g_date_get_year (&date);
}

static SarapWave *
wave_of_year (int year)
{
  SarapWave *wave = g_new0 (SarapWave, 1);
  GDate date;

  wave->name = g_strdup_printf ("%d", year);
  wave->label = g_strdup (wave->name);
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, 1, G_DATE_JANUARY, year);
  wave->from = (int) g_date_get_julian (&date) - 719163;
  g_date_set_dmy (&date, 31, G_DATE_DECEMBER, year);
  wave->to = (int) g_date_get_julian (&date) - 719163;
  return wave;
}

static int
compare_waves (gconstpointer a, gconstpointer b)
{
  const SarapWave *first = *(SarapWave *const *) a, *second = *(SarapWave *const *) b;

  return (first->from > second->from) - (first->from < second->from);
}

/* In order of time. */
GPtrArray *
sarap_waves_load (SarapRecordSource *source, SarapDataset *dataset, const char *language, GError **error)
{
  SarapForm *form = sarap_dataset_get_form (dataset);
  g_autoptr (GBytes) bytes = sarap_record_source_dup_media (source, sarap_form_get_id (form), NULL, "waves.csv", NULL);
  GPtrArray *waves = bytes ? sarap_waves_parse (bytes, language, error) : g_ptr_array_new_with_free_func (wave_free);

  for (guint row = 0; bytes == NULL && row < sarap_dataset_get_n_rows (dataset); row++)
    {
      int day = sarap_dataset_get_day (dataset, row);

      if (sarap_waves_find (waves, day) < 0)
        g_ptr_array_add (waves, wave_of_year (year_of (day)));
    }
  if (waves != NULL)
    g_ptr_array_sort (waves, compare_waves);
  return waves;
}

/* Index of the wave that @day lies in; -1 for none. */
int
sarap_waves_find (GPtrArray *waves, int day)
{
  for (guint i = 0; i < waves->len; i++)
    {
      const SarapWave *wave = g_ptr_array_index (waves, i);

      if (day >= wave->from && day <= wave->to)
        return i;
    }
  return -1;
}
