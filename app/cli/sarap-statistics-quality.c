#include "app/cli/sarap-statistics.h"

#include <math.h>
#include <string.h>

#include "app/base/sarap-problem.h"
#include "app/cli/sarap-statistics-time.h"
#include "app/cli/sarap-statistics-variables.h"
#include "app/report/sarap-quality-flags.h"

/* The answers by which interviews are compared. */
static const char *const answers[] = {
  "contact", "c_tax", "b_tax", "c_health", "b_health", "c_police", "b_police", "c_school", "b_school", "c_land", "b_land",
  "c_labour", "b_labour", "asked", "paid", "n_contacts", "n_paid", "level", "attitude_neg", "ready", "trust",
  "satisfaction", "recommend", "list_count", "cw_same", "rrt_yes", "sex", "agegrp", "group"
};

/* Metres from the sampling point of psu.csv. Returns: (nullable) (transfer full) */
static double *
measure_distances (SarapStatistics *self, gsize n, GError **error)
{
  const char *const *psus = sarap_statistics_texts (self, "persons", "psu", error);
  const double *lat = psus ? sarap_statistics_numbers (self, "persons", "lat", error) : NULL;
  const double *lon = lat ? sarap_statistics_numbers (self, "persons", "lon", error) : NULL;
  const SarapFactor *points = lon ? sarap_statistics_factor (self, "psu", "psu", error) : NULL;
  const double *point_lat = points ? sarap_statistics_numbers (self, "psu", "lat", error) : NULL;
  const double *point_lon = point_lat ? sarap_statistics_numbers (self, "psu", "lon", error) : NULL;
  g_autofree gsize *rows = NULL;
  g_autofree double *distances = NULL;

  if (point_lon == NULL)
    return NULL;
  rows = g_new0 (gsize, sarap_factor_get_n_levels (points) + 1);
  for (gsize row = sarap_factor_get_n (points); row-- > 0;)
    if (sarap_factor_peek_codes (points)[row] != SARAP_FACTOR_NONE)
      rows[sarap_factor_peek_codes (points)[row]] = row;
  distances = g_new (double, n + 1);
  for (gsize row = 0; row < n; row++)
    {
      guint32 point = sarap_factor_find_level (points, psus[row]);

      if (point == SARAP_FACTOR_NONE)
        {
          g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "persons.csv, row %u, column psu: “%s” is no sampling point of psu.csv", (guint) row + 2, psus[row]);
          return NULL;
        }
      distances[row] = sarap_quality_distance (lat[row], lon[row], point_lat[rows[point]], point_lon[rows[point]]);
    }
  return g_steal_pointer (&distances);
}

static const guint32 *
peek_codes (SarapStatistics *self, const char *column, GError **error)
{
  const SarapFactor *factor = sarap_statistics_factor (self, "persons", column, error);

  return factor ? sarap_factor_peek_codes (factor) : NULL;
}

static gboolean
read_columns (SarapStatistics *self, SarapInterviewColumns *columns, const guint32 **compared, GError **error)
{
  columns->n_answers = G_N_ELEMENTS (answers);
  columns->answers = compared;
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    if ((compared[i] = peek_codes (self, answers[i], error)) == NULL)
      return FALSE;
  columns->waves = peek_codes (self, "wave", error);
  columns->groups = columns->waves ? peek_codes (self, "group", error) : NULL;
  columns->interviewers = columns->groups ? peek_codes (self, "interviewer", error) : NULL;
  columns->phones = columns->interviewers ? peek_codes (self, "phone_hash", error) : NULL;
  columns->durations = columns->phones ? sarap_statistics_numbers (self, "persons", "duration_s", error) : NULL;
  columns->starts = columns->durations ? sarap_statistics_local_seconds (self, "persons", "start", error) : NULL;
  return columns->starts != NULL;
}

static void
put_flags (SarapStatistics *self, gsize n, const guint *flags)
{
  gsize n_flagged = 0;

  for (guint number = 0; number < SARAP_N_QUALITY_FLAGS; number++)
    {
      gsize count = 0;

      for (gsize row = 0; row < n; row++)
        count += flags[row] >> number & 1;
      if (count > 0)
        sarap_statistics_put (self, count, "counts.%s", sarap_quality_flag_get_name (number));
    }
  for (gsize row = 0; row < n; row++)
    n_flagged += flags[row] != 0;
  sarap_statistics_put (self, n_flagged, "flagged_ids");
}

static void
put_distances (SarapStatistics *self, gsize n, const double *distances)
{
  double max = NAN, sum = 0;
  gsize n_known = 0;

  for (gsize row = 0; row < n; row++)
    if (!isnan (distances[row]))
      {
        max = fmax (max, distances[row]);
        sum += distances[row];
        n_known++;
      }
  sarap_statistics_put (self, max, "max_dist_m");
  sarap_statistics_put (self, sum / n_known, "mean_dist_m");
}

typedef struct
{
  gsize n;
  gsize n_faced;
} Tally;

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The factor's levels by name. Returns: (transfer container) */
static const char **
sort_levels (const SarapFactor *factor)
{
  guint n = sarap_factor_get_n_levels (factor);
  const char **names = g_new0 (const char *, n + 1);

  for (guint i = 0; i < n; i++)
    names[i] = sarap_factor_peek_level (factor, i);
  qsort (names, n, sizeof *names, compare_names);
  return names;
}

static void
put_interviewer (SarapStatistics *self, guint number, const char *wave, const char *interviewer, SarapInterviewerShare share)
{
  sarap_statistics_put_text (self, wave, "interviewers.%u.wave", number);
  sarap_statistics_put_text (self, interviewer, "interviewers.%u.interviewer", number);
  sarap_statistics_put (self, share.n, "interviewers.%u.n", number);
  sarap_statistics_put (self, share.share, "interviewers.%u.rate", number);
  sarap_statistics_put (self, share.z, "interviewers.%u.z", number);
  sarap_statistics_put_text (self, share.is_outlier ? "TRUE" : "FALSE", "interviewers.%u.flag", number);
}

/* Each interviewer's share of those who faced corruption, wave by wave. */
static gboolean
put_interviewers (SarapStatistics *self, gsize n, GError **error)
{
  const SarapFactor *waves = sarap_statistics_factor (self, "persons", "wave", error);
  const SarapFactor *people = waves ? sarap_statistics_factor (self, "persons", "interviewer", error) : NULL;
  const double *faced = people ? sarap_statistics_variable (self, "faced", error) : NULL;
  g_autofree const char **wave_names = people ? sort_levels (waves) : NULL;
  g_autofree const char **names = people ? sort_levels (people) : NULL;
  guint number = 0;

  if (faced == NULL)
    return FALSE;
  for (guint w = 0; wave_names[w]; w++)
    {
      guint32 wave = sarap_factor_find_level (waves, wave_names[w]);
      g_autofree Tally *tallies = g_new0 (Tally, sarap_factor_get_n_levels (people) + 1);
      Tally all = { 0 };

      for (gsize row = 0; row < n; row++)
        if (sarap_factor_peek_codes (waves)[row] == wave && sarap_factor_peek_codes (people)[row] != SARAP_FACTOR_NONE && !isnan (faced[row]))
          {
            Tally *tally = &tallies[sarap_factor_peek_codes (people)[row]];

            tally->n++;
            tally->n_faced += faced[row] == 1;
            all.n++;
            all.n_faced += faced[row] == 1;
          }
      for (guint i = 0; names[i]; i++)
        {
          Tally *tally = &tallies[sarap_factor_find_level (people, names[i])];

          if (tally->n > 0)
            put_interviewer (self, number++, wave_names[w], names[i], sarap_quality_judge_interviewer (tally->n, tally->n_faced, (double) all.n_faced / all.n));
        }
    }
  return TRUE;
}

/* qc: flags, distances, interviewers. */
gboolean
sarap_statistics_quality (SarapStatistics *self, JsonObject *spec, GError **error)
{
  const guint32 *compared[G_N_ELEMENTS (answers)];
  SarapInterviewColumns columns = { 0 };
  g_autofree double *distances = NULL;
  g_autofree guint *flags = NULL;

  if (!sarap_statistics_count_rows (self, "persons", &columns.n, error) || !read_columns (self, &columns, compared, error))
    return FALSE;
  distances = measure_distances (self, columns.n, error);
  if (distances == NULL)
    return FALSE;
  columns.distances = distances;
  flags = sarap_quality_flag (&columns);
  put_flags (self, columns.n, flags);
  put_distances (self, columns.n, distances);
  if (!put_interviewers (self, columns.n, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    sarap_statistics_put_text (self, answers[i], "near_dup_columns[%u]", i);
  return TRUE;
}
