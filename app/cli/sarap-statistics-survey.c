#include "app/cli/sarap-statistics.h"

#include <math.h>

#include "app/base/sarap-json.h"
#include "app/base/sarap-problem.h"
#include "app/cli/sarap-statistics-sample.h"
#include "app/cli/sarap-statistics-variables.h"
#include "app/stats/sarap-calibration.h"
#include "app/stats/sarap-independence.h"

#define LEVEL 0.95
#define N_FIRST 25

/* Presentation of proportions, NCHS Series 2 No. 175: what may be printed. */
#define MIN_N 30
#define MAX_WIDTH 0.30
#define SMALL_WIDTH 0.05
#define MAX_RELATIVE_WIDTH 1.30
#define MIN_DF 8

static SarapSample *
open_wave (SarapStatistics *self, JsonObject *spec, GError **error)
{
  const char *wave = sarap_statistics_spec_text (self, spec, "wave", error);

  return wave ? sarap_sample_of_wave (self, wave, error) : NULL;
}

/* The sample and design that a case names. */
static const SarapDesign *
open_design (SarapStatistics *self, JsonObject *spec, SarapSample **sample, GError **error)
{
  const char *kind = sarap_statistics_spec_text (self, spec, "design", error);

  *sample = kind ? open_wave (self, spec, error) : NULL;
  return *sample ? sarap_sample_design (self, *sample, kind, error) : NULL;
}

static const char *
decide (const SarapEstimate *estimate, SarapInterval interval)
{
  double width = interval.high - interval.low;

  if (estimate->n == 0)
    return "empty";
  if (estimate->n < MIN_N || estimate->n_effective < MIN_N)
    return "suppress_n";
  if (isnan (width) || width >= MAX_WIDTH)
    return "suppress_ci";
  if (width > SMALL_WIDTH && estimate->value > 0 && width / estimate->value > MAX_RELATIVE_WIDTH)
    return "suppress_rel";
  if (estimate->df < MIN_DF)
    return "review_df";
  return estimate->value == 0 || estimate->value == 1 ? "review_extreme" : "publish";
}

static void
put_share (SarapStatistics *self, const SarapEstimate *estimate, SarapInterval korn_graubard)
{
  SarapInterval logit = sarap_estimate_interval_logit (estimate, LEVEL);

  sarap_statistics_put (self, estimate->n_positive, "n_pos");
  if (!isnan (logit.low))
    sarap_statistics_put_interval (self, logit, "logit");
  sarap_statistics_put (self, estimate->n_effective, "n_eff");
  if (!isnan (korn_graubard.low))
    sarap_statistics_put_interval (self, korn_graubard, "kg");
}

static void
put_estimate (SarapStatistics *self, const SarapEstimate *estimate, SarapInterval korn_graubard)
{
  sarap_statistics_put (self, estimate->n, "n");
  if (estimate->n == 0)
    return;
  sarap_statistics_put (self, estimate->sum_weights, "sum_w");
  sarap_statistics_put (self, estimate->value, "est");
  sarap_statistics_put (self, estimate->se, "se");
  sarap_statistics_put (self, estimate->df, "df");
  if (estimate->se > 0)
    {
      sarap_statistics_put (self, estimate->cv, "cv");
      sarap_statistics_put (self, estimate->deff, "deff");
      sarap_statistics_put (self, estimate->deff_replace, "deff_replace");
    }
  if (estimate->se > 0 && estimate->df > 0)
    sarap_statistics_put_interval (self, sarap_estimate_interval_t (estimate, LEVEL), "wald");
  if (estimate->is_share)
    put_share (self, estimate, korn_graubard);
}

/* mean {design, wave, var, domain}; a domain of a region is judged for printing too. */
gboolean
sarap_statistics_mean (SarapStatistics *self, JsonObject *spec, GError **error)
{
  SarapSample *sample;
  const SarapDesign *design = open_design (self, spec, &sample, error);
  const char *variable = design ? sarap_statistics_spec_text (self, spec, "var", error) : NULL;
  g_autofree double *values = variable ? sarap_sample_values (self, sample, variable, error) : NULL;
  g_autofree guint8 *members = values ? sarap_sample_domain (self, sample, spec, error) : NULL;
  JsonObject *domain = sarap_json_peek_object (spec, "domain");
  SarapInterval korn_graubard;
  SarapEstimate estimate;

  if (members == NULL)
    return FALSE;
  sarap_estimate_mean (design, values, members, NULL, &estimate);
  korn_graubard = sarap_estimate_interval_korn_graubard (&estimate, LEVEL);
  put_estimate (self, &estimate, korn_graubard);
  if (domain && json_object_has_member (domain, "region"))
    sarap_statistics_put_text (self, decide (&estimate, korn_graubard), "decision");
  return TRUE;
}

static void
put_weights (SarapStatistics *self, const SarapSample *sample, const double *weights, const double *base)
{
  double sum = 0, squares = 0, min = INFINITY, max = -INFINITY, min_g = INFINITY, max_g = -INFINITY;

  for (gsize i = 0; i < sample->n; i++)
    {
      sum += weights[i];
      squares += weights[i] * weights[i];
      min = fmin (min, weights[i]);
      max = fmax (max, weights[i]);
      min_g = fmin (min_g, weights[i] / base[i]);
      max_g = fmax (max_g, weights[i] / base[i]);
    }
  sarap_statistics_put (self, sum, "sum_w");
  sarap_statistics_put (self, squares, "sum_w2");
  sarap_statistics_put (self, min, "min_w");
  sarap_statistics_put (self, max, "max_w");
  sarap_statistics_put (self, min_g, "min_g");
  sarap_statistics_put (self, max_g, "max_g");
  sarap_statistics_put (self, sarap_kish_deff (sample->n, weights), "kish_deff");
  sarap_statistics_put (self, sarap_kish_deff (sample->n, base), "base_kish_deff");
}

/* rake {wave}: the weights, and the first ones by name. */
gboolean
sarap_statistics_rake (SarapStatistics *self, JsonObject *spec, GError **error)
{
  SarapSample *sample = open_wave (self, spec, error);
  const double *base = sample ? sarap_sample_weights (self, sample, "wr", error) : NULL;
  const double *weights = base ? sarap_sample_weights (self, sample, "rake", error) : NULL;
  const char *const *ids = weights ? sarap_statistics_texts (self, "persons", "id", error) : NULL;

  if (ids == NULL)
    return FALSE;
  put_weights (self, sample, weights, base);
  for (gsize i = 0; i < MIN (sample->n, N_FIRST); i++)
    sarap_statistics_put_text (self, ids[sample->rows[i]], "first_ids[%d]", (int) i);
  for (gsize i = 0; i < MIN (sample->n, N_FIRST); i++)
    sarap_statistics_put (self, weights[i], "first_w[%d]", (int) i);
  return TRUE;
}

/* greg_se {wave, var}: both ways to know the margins. */
gboolean
sarap_statistics_greg (SarapStatistics *self, JsonObject *spec, GError **error)
{
  SarapSample *sample = open_wave (self, spec, error);
  const SarapDesign *greg = sample ? sarap_sample_design (self, sample, "greg", error) : NULL;
  const SarapDesign *r = greg ? sarap_sample_design (self, sample, "rake", error) : NULL;
  const char *variable = r ? sarap_statistics_spec_text (self, spec, "var", error) : NULL;
  g_autofree double *values = variable ? sarap_sample_values (self, sample, variable, error) : NULL;
  SarapEstimate estimate;

  if (values == NULL)
    return FALSE;
  sarap_estimate_mean (greg, values, NULL, NULL, &estimate);
  sarap_statistics_put (self, estimate.se, "se_greg");
  sarap_estimate_mean (r, values, NULL, NULL, &estimate);
  sarap_statistics_put (self, estimate.se, "se_r");
  return TRUE;
}

static const char *const perception_levels[] = { "low", "average", "high" };

/* The answers of @column as numbers of @levels; any other is none. */
static guint32 *
read_levels (SarapStatistics *self, const SarapSample *sample, const char *column, const char *const *levels, guint n_levels, GError **error)
{
  const char *const *texts = sarap_statistics_texts (self, "persons", column, error);
  guint32 *codes;

  if (texts == NULL)
    return NULL;
  codes = g_new (guint32, sample->n + 1);
  for (gsize i = 0; i < sample->n; i++)
    {
      codes[i] = SARAP_FACTOR_NONE;
      for (guint level = 0; level < n_levels; level++)
        if (g_str_equal (texts[sample->rows[i]], levels[level]))
          codes[i] = level;
    }
  return codes;
}

/* factor {design, wave, var}: shares of the levels of perception with their covariance. */
gboolean
sarap_statistics_shares (SarapStatistics *self, JsonObject *spec, GError **error)
{
  const guint n = G_N_ELEMENTS (perception_levels);
  SarapSample *sample;
  const SarapDesign *design = open_design (self, spec, &sample, error);
  const char *variable = design ? sarap_statistics_spec_text (self, spec, "var", error) : NULL;
  g_autofree guint32 *codes = variable ? read_levels (self, sample, variable, perception_levels, n, error) : NULL;
  double shares[G_N_ELEMENTS (perception_levels)], covariance[G_N_ELEMENTS (perception_levels) * G_N_ELEMENTS (perception_levels)];

  if (codes == NULL)
    return FALSE;
  sarap_estimate_shares (design, codes, n, NULL, shares, covariance);
  for (guint i = 0; i < n; i++)
    sarap_statistics_put_text (self, perception_levels[i], "levels[%u]", i);
  for (guint i = 0; i < n; i++)
    sarap_statistics_put (self, shares[i], "est[%u]", i);
  for (guint i = 0; i < n; i++)
    sarap_statistics_put (self, sqrt (covariance[i * n + i]), "se[%u]", i);
  for (guint i = 0; i < n * n; i++)
    sarap_statistics_put (self, covariance[i], "cov[%u]", i);
  return TRUE;
}

/* total {design, wave, var} */
gboolean
sarap_statistics_total (SarapStatistics *self, JsonObject *spec, GError **error)
{
  SarapSample *sample;
  const SarapDesign *design = open_design (self, spec, &sample, error);
  const char *variable = design ? sarap_statistics_spec_text (self, spec, "var", error) : NULL;
  g_autofree double *values = variable ? sarap_sample_values (self, sample, variable, error) : NULL;
  SarapEstimate estimate;

  if (values == NULL)
    return FALSE;
  sarap_estimate_total (design, values, NULL, NULL, &estimate);
  sarap_statistics_put (self, estimate.value, "est");
  sarap_statistics_put (self, estimate.se, "se");
  return TRUE;
}

/* ratio {design, wave, num, den}; an amount counts among who paid. */
gboolean
sarap_statistics_ratio (SarapStatistics *self, JsonObject *spec, GError **error)
{
  SarapSample *sample;
  const SarapDesign *design = open_design (self, spec, &sample, error);
  const char *num = design ? sarap_statistics_spec_text (self, spec, "num", error) : NULL;
  const char *den = num ? sarap_statistics_spec_text (self, spec, "den", error) : NULL;
  g_autofree double *above = den ? sarap_sample_values (self, sample, num, error) : NULL;
  g_autofree double *below = above ? sarap_sample_values (self, sample, den, error) : NULL;
  gboolean among_payers = below && g_str_equal (num, "amount");
  SarapEstimate estimate;

  if (below == NULL)
    return FALSE;
  for (gsize i = 0; among_payers && i < sample->n; i++)
    if (!(below[i] > 0))
      below[i] = NAN;
  sarap_estimate_ratio (design, above, below, NULL, NULL, &estimate);
  if (among_payers)
    sarap_statistics_put (self, estimate.n, "n");
  sarap_statistics_put (self, estimate.value, "est");
  sarap_statistics_put (self, estimate.se, "se");
  sarap_statistics_put (self, estimate.df, "df");
  return TRUE;
}

/* chisq {design, wave, rows, cols, statistic: F | Chisq} */
gboolean
sarap_statistics_independence (SarapStatistics *self, JsonObject *spec, GError **error)
{
  SarapSample *sample;
  const SarapDesign *design = open_design (self, spec, &sample, error);
  const char *rows = design ? sarap_statistics_spec_text (self, spec, "rows", error) : NULL;
  const char *columns = rows ? sarap_statistics_spec_text (self, spec, "cols", error) : NULL;
  const char *statistic = columns ? sarap_statistics_spec_text (self, spec, "statistic", error) : NULL;
  const SarapFactor *factor = statistic ? sarap_statistics_factor (self, "persons", columns, error) : NULL;
  g_autofree guint32 *row_codes = factor ? read_levels (self, sample, rows, perception_levels, G_N_ELEMENTS (perception_levels), error) : NULL;
  g_autofree guint32 *column_codes = row_codes ? sarap_sample_codes (self, sample, factor) : NULL;
  gboolean is_f = g_strcmp0 (statistic, "F") == 0;
  SarapIndependence result;

  if (column_codes == NULL)
    return FALSE;
  sarap_test_independence (design, row_codes, G_N_ELEMENTS (perception_levels), column_codes, sarap_factor_get_n_levels (factor), NULL, is_f ? SARAP_RAO_SCOTT_F : SARAP_RAO_SCOTT_CHI_SQUARE, &result);
  sarap_statistics_put (self, result.statistic, "stat");
  if (is_f)
    {
      sarap_statistics_put (self, result.df, "par[0]");
      sarap_statistics_put (self, result.df_denominator, "par[1]");
    }
  else
    sarap_statistics_put (self, result.df, "par");
  sarap_statistics_put (self, result.p, "p");
  return TRUE;
}

static void
put_difference (SarapStatistics *self, const SarapDifference *difference, const char *name)
{
  g_autofree char *interval = g_strdup_printf ("%s.ci", name);

  sarap_statistics_put (self, difference->se, "%s.se", name);
  sarap_statistics_put (self, difference->df, "%s.df", name);
  sarap_statistics_put (self, difference->t, "%s.t", name);
  sarap_statistics_put (self, difference->p, "%s.p", name);
  sarap_statistics_put_interval (self, difference->interval, interval);
}

/* The mean of one wave by itself: its own strata and sampling points. */
static gboolean
estimate_alone (SarapStatistics *self, JsonObject *spec, const char *wave, const char *variable, SarapEstimate *estimate, GError **error)
{
  SarapSample *sample = sarap_sample_of_wave (self, wave, error);
  const SarapDesign *design = sample ? sarap_sample_design (self, sample, "wr", error) : NULL;
  g_autofree double *values = design ? sarap_sample_values (self, sample, variable, error) : NULL;
  g_autofree guint8 *domain = values ? sarap_sample_group (self, sample, spec, error) : NULL;

  if (domain == NULL)
    return FALSE;
  sarap_estimate_mean (design, values, domain, NULL, estimate);
  return TRUE;
}

/* The two waves of the table, the earlier first. */
static gboolean
find_waves (SarapStatistics *self, const char **first, const char **second, GError **error)
{
  const SarapFactor *waves = sarap_statistics_factor (self, "persons", "wave", error);

  if (waves == NULL)
    return FALSE;
  if (sarap_factor_get_n_levels (waves) != 2)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "persons.csv, column wave: a change needs two waves, there are %u", sarap_factor_get_n_levels (waves));
      return FALSE;
    }
  *first = sarap_factor_peek_level (waves, 0);
  *second = sarap_factor_peek_level (waves, 1);
  if (g_strcmp0 (*first, *second) > 0)
    {
      const char *later = *first;

      *first = *second;
      *second = later;
    }
  return TRUE;
}

/* The change between the waves, stacked in one design. */
static gboolean
compare_stacked (SarapStatistics *self, JsonObject *spec, const char *first, const char *second, const char *variable, SarapDifference *difference, GError **error)
{
  SarapSample *sample = sarap_sample_of_wave (self, NULL, error);
  const SarapDesign *design = sample ? sarap_sample_design (self, sample, "wr", error) : NULL;
  const char *const *waves = design ? sarap_statistics_texts (self, "persons", "wave", error) : NULL;
  g_autofree double *values = waves ? sarap_sample_values (self, sample, variable, error) : NULL;
  g_autofree guint8 *in_first = values ? sarap_sample_group (self, sample, spec, error) : NULL;
  g_autofree guint8 *in_second = in_first ? g_memdup2 (in_first, sample->n) : NULL;
  SarapEstimate of_first, of_second;

  if (in_first == NULL)
    return FALSE;
  for (gsize i = 0; i < sample->n; i++)
    {
      in_first[i] = in_first[i] && g_str_equal (waves[sample->rows[i]], first);
      in_second[i] = in_second[i] && g_str_equal (waves[sample->rows[i]], second);
    }
  sarap_difference_paired (design, values, in_first, in_second, NULL, &of_first, &of_second, difference);
  return TRUE;
}

/* wave_diff {var, group} */
gboolean
sarap_statistics_wave_difference (SarapStatistics *self, JsonObject *spec, GError **error)
{
  const char *variable = sarap_statistics_spec_text (self, spec, "var", error), *first, *second;
  SarapEstimate of_first, of_second;
  SarapDifference paired, independent;

  if (variable == NULL || !find_waves (self, &first, &second, error))
    return FALSE;
  if (!estimate_alone (self, spec, first, variable, &of_first, error) || !estimate_alone (self, spec, second, variable, &of_second, error))
    return FALSE;
  if (!compare_stacked (self, spec, first, second, variable, &paired, error))
    return FALSE;
  sarap_difference_independent (&of_first, &of_second, &independent);
  sarap_statistics_put (self, of_first.value, "est%s", first);
  sarap_statistics_put (self, of_second.value, "est%s", second);
  sarap_statistics_put (self, paired.value, "diff");
  put_difference (self, &paired, "paired");
  sarap_statistics_put (self, paired.covariance, "paired.cov");
  put_difference (self, &independent, "independent");
  return TRUE;
}

/* nps {wave} */
gboolean
sarap_statistics_nps (SarapStatistics *self, JsonObject *spec, GError **error)
{
  SarapSample *sample = open_wave (self, spec, error);
  const SarapDesign *design = sample ? sarap_sample_design (self, sample, "wr", error) : NULL;
  g_autofree double *ratings = design ? sarap_sample_values (self, sample, "recommend", error) : NULL;
  SarapEstimate estimate;

  if (ratings == NULL)
    return FALSE;
  sarap_estimate_nps (design, ratings, NULL, &estimate);
  sarap_statistics_put (self, estimate.n, "n");
  sarap_statistics_put (self, estimate.value, "nps");
  sarap_statistics_put (self, estimate.se, "se");
  return TRUE;
}
