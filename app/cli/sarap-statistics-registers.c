#include "app/cli/sarap-statistics.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/base/sarap-json.h"
#include "app/base/sarap-problem.h"
#include "app/report/sarap-audit-score.h"
#include "app/stats/sarap-quantile.h"

#define LEVEL 0.95
#define WAIT_NORM 20 /* minutes */

/* The scored visits of audit_visits.csv. */
typedef struct
{
  gsize n;
  SarapDesign *design; /* centres are the sampling points, regions the strata */
  SarapScoring *scoring;
  SarapGrade *grades;
  double *scores, *passes, *criticals, *violations, *any, *within_norm;
  double **sections; /* one column per section */
} Visits;

static void
visits_free (gpointer data)
{
  Visits *self = data;

  for (guint s = 0; self->sections && s < sarap_scoring_get_n_sections (self->scoring); s++)
    g_free (self->sections[s]);
  g_free (self->sections);
  g_clear_pointer (&self->design, sarap_design_free);
  g_clear_pointer (&self->scoring, sarap_scoring_free);
  g_free (self->grades);
  g_free (self->scores);
  g_free (self->passes);
  g_free (self->criticals);
  g_free (self->violations);
  g_free (self->any);
  g_free (self->within_norm);
  g_free (self);
}

static gboolean
make_visit_design (SarapStatistics *self, Visits *visits, GError **error)
{
  const SarapFactor *regions = sarap_statistics_factor (self, "audit_visits", "region", error);
  const SarapFactor *centres = regions ? sarap_statistics_factor (self, "audit_visits", "centre", error) : NULL;
  SarapDesignColumns columns = { .n = visits->n };

  if (centres == NULL)
    return FALSE;
  columns.strata = sarap_factor_peek_codes (regions);
  columns.psus = sarap_factor_peek_codes (centres);
  visits->design = sarap_design_new (&columns, error);
  return visits->design != NULL;
}

typedef struct
{
  const char *const *const *columns; /* one per item */
  SarapScoring *scoring;
  gsize row;
  guint next; /* items are asked for in their order */
} Answers;

static const char *
peek_answer (const char *item, gpointer data)
{
  Answers *answers = data;

  return answers->columns[answers->next++][answers->row];
}

static gboolean
score_visits (SarapStatistics *self, Visits *visits, GError **error)
{
  guint n_items = sarap_scoring_get_n_items (visits->scoring), n_sections = sarap_scoring_get_n_sections (visits->scoring);
  g_autofree const char *const **columns = g_new0 (const char *const *, n_items + 1);

  for (guint i = 0; i < n_items; i++)
    {
      columns[i] = sarap_statistics_texts (self, "audit_visits", sarap_scoring_peek_item (visits->scoring, i), error);
      if (columns[i] == NULL)
        return FALSE;
    }
  visits->grades = g_new (SarapGrade, visits->n + 1);
  visits->scores = g_new (double, visits->n + 1);
  visits->passes = g_new (double, visits->n + 1);
  visits->criticals = g_new (double, visits->n + 1);
  visits->sections = g_new0 (double *, n_sections + 1);
  for (guint s = 0; s < n_sections; s++)
    visits->sections[s] = g_new (double, visits->n + 1);
  for (gsize row = 0; row < visits->n; row++)
    {
      Answers answers = { columns, visits->scoring, row, 0 };
      g_auto (SarapAuditScore) score = { 0 };

      sarap_scoring_score (visits->scoring, peek_answer, &answers, &score);
      visits->grades[row] = score.grade;
      visits->scores[row] = score.score;
      visits->passes[row] = score.grade == SARAP_GRADE_NONE ? NAN : sarap_grade_passes (score.grade);
      visits->criticals[row] = score.has_critical_failure;
      for (guint s = 0; s < n_sections; s++)
        visits->sections[s][row] = score.sections[s];
    }
  return TRUE;
}

static gboolean
count_violations (SarapStatistics *self, Visits *visits, GError **error)
{
  const SarapFactor *names = sarap_statistics_factor (self, "audit_visits", "visit", error);
  const char *const *of_visits = names ? sarap_statistics_texts (self, "violations", "visit", error) : NULL;
  const double *waits = of_visits ? sarap_statistics_numbers (self, "audit_visits", "wait_min", error) : NULL;
  g_autofree double *counts = NULL;
  gsize n;

  if (waits == NULL || !sarap_statistics_count_rows (self, "violations", &n, error))
    return FALSE;
  counts = g_new0 (double, sarap_factor_get_n_levels (names) + 1);
  for (gsize row = 0; row < n; row++)
    {
      guint32 visit = sarap_factor_find_level (names, of_visits[row]);

      if (visit == SARAP_FACTOR_NONE)
        {
          g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "violations.csv, row %u, column visit: “%s” is no visit of audit_visits.csv", (guint) row + 2, of_visits[row]);
          return FALSE;
        }
      counts[visit]++;
    }
  visits->violations = g_new (double, visits->n + 1);
  visits->any = g_new (double, visits->n + 1);
  visits->within_norm = g_new (double, visits->n + 1);
  for (gsize row = 0; row < visits->n; row++)
    {
      guint32 visit = sarap_factor_peek_codes (names)[row];

      visits->violations[row] = visit == SARAP_FACTOR_NONE ? 0 : counts[visit];
      visits->any[row] = visits->violations[row] > 0;
      visits->within_norm[row] = isnan (waits[row]) ? NAN : waits[row] <= WAIT_NORM;
    }
  return TRUE;
}

static Visits *
open_visits (SarapStatistics *self, GError **error)
{
  Visits *visits = sarap_statistics_peek_kept (self, "scored visits");
  g_autoptr (GBytes) scoring = visits ? NULL : sarap_statistics_read_attached (self, "scoring.csv", error);
  g_autoptr (GBytes) sections = scoring ? sarap_statistics_read_attached (self, "sections.csv", error) : NULL;

  if (visits || sections == NULL)
    return visits;
  visits = g_new0 (Visits, 1);
  visits->scoring = sarap_scoring_new (scoring, sections, error);
  if (visits->scoring && sarap_statistics_count_rows (self, "audit_visits", &visits->n, error) && make_visit_design (self, visits, error) && score_visits (self, visits, error) && count_violations (self, visits, error))
    return sarap_statistics_keep (self, "scored visits", visits, visits_free);
  visits_free (visits);
  return NULL;
}

static void
put_visit_mean (SarapStatistics *self, const Visits *visits, const double *values, const guint8 *domain, gboolean is_share, const char *name)
{
  SarapEstimate estimate;

  sarap_estimate_mean (visits->design, values, domain, NULL, &estimate);
  sarap_statistics_put (self, estimate.value, "%s.est", name);
  sarap_statistics_put (self, estimate.se, "%s.se", name);
  sarap_statistics_put (self, estimate.df, "%s.df", name);
  if (is_share)
    {
      g_autofree char *wilson = g_strdup_printf ("%s.wilson", name);

      sarap_statistics_put (self, estimate.n_positive, "%s.n_pos", name);
      sarap_statistics_put_interval (self, sarap_interval_wilson (estimate.n_positive, estimate.n, LEVEL), wilson);
    }
}

static double
sum_in (const double *values, const guint8 *domain, gsize n, gsize *count)
{
  double sum = 0;

  *count = 0;
  for (gsize row = 0; row < n; row++)
    if (domain[row] && !isnan (values[row]))
      {
        sum += values[row];
        (*count)++;
      }
  return sum;
}

/* The valid values of the domain. Returns: (transfer full) */
static double *
pick (const double *values, const guint8 *domain, gsize n, gsize *n_picked)
{
  double *picked = g_new (double, n + 1);

  *n_picked = 0;
  for (gsize row = 0; row < n; row++)
    if (domain[row] && !isnan (values[row]))
      picked[(*n_picked)++] = values[row];
  return picked;
}

static gboolean
put_visits (SarapStatistics *self, const Visits *visits, const guint8 *domain, GError **error)
{
  const SarapFactor *centres = sarap_statistics_factor (self, "audit_visits", "centre", error);
  const double *waits = centres ? sarap_statistics_numbers (self, "audit_visits", "wait_min", error) : NULL;
  g_autofree guint8 *is_seen = centres ? g_new0 (guint8, sarap_factor_get_n_levels (centres) + 1) : NULL;
  g_autofree double *picked = NULL;
  gsize n_visits = 0, n_centres = 0, n_valid;
  SarapEstimate rate;
  double sum;

  if (waits == NULL)
    return FALSE;
  for (gsize row = 0; row < visits->n; row++)
    {
      guint32 centre = sarap_factor_peek_codes (centres)[row];

      n_visits += domain[row];
      if (!domain[row] || centre == SARAP_FACTOR_NONE)
        continue;
      n_centres += !is_seen[centre];
      is_seen[centre] = 1;
    }
  sarap_statistics_put (self, n_visits, "visits");
  sarap_statistics_put (self, n_centres, "centres");
  put_visit_mean (self, visits, visits->scores, domain, FALSE, "score");
  put_visit_mean (self, visits, visits->passes, domain, TRUE, "pass");
  put_visit_mean (self, visits, visits->criticals, domain, TRUE, "critical");
  put_visit_mean (self, visits, visits->any, domain, FALSE, "any_violation");
  sarap_statistics_put (self, sum_in (visits->violations, domain, visits->n, &n_valid), "violations");
  sarap_estimate_mean (visits->design, visits->violations, domain, NULL, &rate);
  sarap_statistics_put (self, 100 * rate.value, "per_100_visits");
  sarap_statistics_put (self, 100 * rate.se, "per_100_se");
  sum = sum_in (waits, domain, visits->n, &n_valid);
  sarap_statistics_put (self, sum / n_valid, "wait_mean");
  picked = pick (waits, domain, visits->n, &n_valid);
  sarap_statistics_put (self, sarap_quantile_of (n_valid, picked, 0.5), "wait_median");
  sarap_statistics_put (self, sarap_quantile_of (n_valid, picked, 0.9), "wait_p90");
  put_visit_mean (self, visits, visits->within_norm, domain, FALSE, "wait_within_20");
  return TRUE;
}

static gsize
count_equal (const char *const *texts, gsize n, const char *wanted)
{
  gsize count = 0;

  for (gsize row = 0; row < n; row++)
    count += g_str_equal (texts[row], wanted);
  return count;
}

static int
compare_kinds (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static gboolean
put_violation_kinds (SarapStatistics *self, GError **error)
{
  const char *const *types = sarap_statistics_texts (self, "violations", "type", error);
  const SarapFactor *severities = types ? sarap_statistics_factor (self, "violations", "severity", error) : NULL;
  const char *const *severity = severities ? sarap_statistics_texts (self, "violations", "severity", error) : NULL;
  g_autoptr (GBytes) bytes = severity ? sarap_statistics_read_attached (self, "scoring.csv", error) : NULL;
  g_autoptr (SarapCsv) scoring = bytes ? sarap_csv_parse (bytes, "scoring.csv", error) : NULL;
  g_autoptr (GTree) kinds = g_tree_new (compare_kinds);
  gsize n;

  if (scoring == NULL || !sarap_statistics_count_rows (self, "violations", &n, error))
    return FALSE;
  for (guint row = 0; row < sarap_csv_get_n_rows (scoring); row++)
    g_tree_replace (kinds, (gpointer) sarap_csv_peek (scoring, row, "violation"), NULL);
  for (GTreeNode *node = g_tree_node_first (kinds); node; node = g_tree_node_next (node))
    sarap_statistics_put (self, count_equal (types, n, g_tree_node_key (node)), "by_type.%s", (const char *) g_tree_node_key (node));
  sarap_statistics_put (self, count_equal (types, n, "V99"), "by_type_v99");
  for (guint level = 0; level < sarap_factor_get_n_levels (severities); level++)
    sarap_statistics_put (self, count_equal (severity, n, sarap_factor_peek_level (severities, level)), "by_severity.%s", sarap_factor_peek_level (severities, level));
  return TRUE;
}

static gboolean
put_all_visits (SarapStatistics *self, const Visits *visits, const guint8 *everybody, GError **error)
{
  static const SarapGrade grades[] = { SARAP_GRADE_GOOD, SARAP_GRADE_ACCEPTABLE, SARAP_GRADE_POOR, SARAP_GRADE_FAIL };

  for (guint g = 0; g < G_N_ELEMENTS (grades); g++)
    {
      gsize count = 0;

      for (gsize row = 0; row < visits->n; row++)
        count += visits->grades[row] == grades[g];
      sarap_statistics_put (self, count, "grades.%s", sarap_grade_get_name (grades[g]));
    }
  if (!put_violation_kinds (self, error))
    return FALSE;
  for (guint s = 0; s < sarap_scoring_get_n_sections (visits->scoring); s++)
    {
      gsize n_valid;
      double sum = sum_in (visits->sections[s], everybody, visits->n, &n_valid);

      sarap_statistics_put (self, sum / n_valid, "section_means.%s", sarap_scoring_peek_section (visits->scoring, s));
    }
  return TRUE;
}

/* audit {domain}; of all visits also grades, kinds of violations and sections. */
gboolean
sarap_statistics_audit (SarapStatistics *self, JsonObject *spec, GError **error)
{
  Visits *visits = open_visits (self, error);
  g_autofree guint8 *domain = visits ? sarap_statistics_domain (self, "audit_visits", spec, error) : NULL;
  JsonObject *asked = sarap_json_peek_object (spec, "domain");

  if (domain == NULL || !put_visits (self, visits, domain, error))
    return FALSE;
  return (asked && json_object_get_size (asked) > 0) || put_all_visits (self, visits, domain, error);
}

static gboolean
read_day (const char *text, double *day)
{
  GDate date;
  int year, month, day_of_month, end = 0;

  if (sscanf (text, "%4d-%2d-%2d%n", &year, &month, &day_of_month, &end) != 3 || text[end] != '\0' || end != 10)
    return FALSE;
  if (year < 1 || month < 1 || month > 12 || day_of_month < 1 || !g_date_valid_dmy (day_of_month, month, year))
    return FALSE;
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, day_of_month, month, year);
  *day = g_date_get_julian (&date);
  return TRUE;
}

/* Days of a date column; NAN where it is empty. Returns: (nullable) (transfer full) */
static double *
read_days (SarapStatistics *self, const char *table, const char *column, gsize n, GError **error)
{
  const char *const *texts = sarap_statistics_texts (self, table, column, error);
  g_autofree double *days = texts ? g_new (double, n + 1) : NULL;

  for (gsize row = 0; texts && row < n; row++)
    {
      days[row] = NAN;
      if (*texts[row] == '\0' || read_day (texts[row], &days[row]))
        continue;
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s.csv, row %u, column %s: “%s” is not a date like 2017-12-31", table, (guint) row + 2, column, texts[row]);
      return NULL;
    }
  return g_steal_pointer (&days);
}

typedef struct
{
  double n, executed, on_time, verified, closed, overdue, open_not_due;
} Loop;

static Loop
count_loop (gsize n, const guint8 *domain, const double *due, const double *executed, const double *verified, const double *reopened, double as_of)
{
  Loop loop = { 0 };

  for (gsize row = 0; row < n; row++)
    {
      gboolean is_executed = !isnan (executed[row]);

      if (!domain[row])
        continue;
      loop.n++;
      loop.executed += is_executed;
      loop.on_time += is_executed && executed[row] <= due[row];
      loop.verified += !isnan (verified[row]);
      loop.closed += !isnan (verified[row]) && reopened[row] == 0;
      loop.overdue += !is_executed && due[row] < as_of;
      loop.open_not_due += !is_executed && due[row] >= as_of;
    }
  return loop;
}

static void
put_loop (SarapStatistics *self, const Loop *loop, gsize n_days, const double *days)
{
  sarap_statistics_put (self, loop->n, "n");
  sarap_statistics_put (self, loop->executed, "executed");
  sarap_statistics_put (self, loop->executed / loop->n, "executed_share");
  sarap_statistics_put_interval (self, sarap_interval_wilson (loop->executed, loop->n, LEVEL), "executed_wilson");
  sarap_statistics_put (self, loop->on_time, "on_time");
  sarap_statistics_put (self, loop->on_time / loop->n, "on_time_share");
  sarap_statistics_put (self, loop->verified, "verified");
  sarap_statistics_put (self, loop->closed, "closed");
  sarap_statistics_put (self, loop->closed / loop->n, "closed_share");
  sarap_statistics_put (self, loop->overdue, "overdue");
  sarap_statistics_put (self, loop->open_not_due, "open_not_due");
  sarap_statistics_put (self, sarap_quantile_of (n_days, days, 0.5), "median_days");
  sarap_statistics_put (self, sarap_quantile_of (n_days, days, 0.9), "p90_days");
}

/* recommendations {as_of, domain} */
gboolean
sarap_statistics_recommendations (SarapStatistics *self, JsonObject *spec, GError **error)
{
  const char *const table = "recommendations";
  const char *day = sarap_statistics_spec_text (self, spec, "as_of", error);
  g_autofree guint8 *domain = day ? sarap_statistics_domain (self, table, spec, error) : NULL;
  const double *reopened = domain ? sarap_statistics_numbers (self, table, "reopened", error) : NULL;
  g_autofree double *issued = NULL, *due = NULL, *executed = NULL, *verified = NULL, *days = NULL, *picked = NULL;
  gsize n, n_picked;
  double as_of;
  Loop loop;

  if (reopened == NULL || !sarap_statistics_count_rows (self, table, &n, error))
    return FALSE;
  if (!read_day (day, &as_of))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "“as_of” must be a date like 2017-12-31");
      return FALSE;
    }
  issued = read_days (self, table, "issued", n, error);
  due = issued ? read_days (self, table, "due", n, error) : NULL;
  executed = due ? read_days (self, table, "executed", n, error) : NULL;
  verified = executed ? read_days (self, table, "verified", n, error) : NULL;
  if (verified == NULL)
    return FALSE;
  loop = count_loop (n, domain, due, executed, verified, reopened, as_of);
  days = g_new (double, n + 1);
  for (gsize row = 0; row < n; row++)
    days[row] = executed[row] - issued[row];
  picked = pick (days, domain, n, &n_picked);
  put_loop (self, &loop, n_picked, picked);
  return TRUE;
}
