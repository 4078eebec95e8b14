#include "app/stats/sarap-estimate.h"
#include "app/stats/sarap-independence.h"
#include "app/stats/sarap-quantile.h"
#include "tests/stats/sarap-sample-data.h"

#include <math.h>
#include <string.h>

#define EXACT 1e-12

static void
assert_same (const SarapEstimate *got, const SarapEstimate *expected)
{
  g_assert_cmpuint (got->n, ==, expected->n);
  g_assert_cmpuint (got->n_positive, ==, expected->n_positive);
  sarap_assert_near (got->value, expected->value, EXACT);
  sarap_assert_near (got->se, expected->se, EXACT);
  sarap_assert_near (got->df, expected->df, 0);
  sarap_assert_near (got->deff_replace, expected->deff_replace, EXACT);
  sarap_assert_near (got->n_effective, expected->n_effective, EXACT);
}

/* The estimates that the properties are tried on. */
static void
estimate_all (const SarapSampleData *data, const SarapDesign *design, const guint8 *domain, SarapEstimate *estimates)
{
  sarap_estimate_mean (design, data->share, domain, NULL, &estimates[0]);
  sarap_estimate_mean (design, data->amount, domain, NULL, &estimates[1]);
  sarap_estimate_ratio (design, data->amount, data->share, domain, NULL, &estimates[2]);
}

static void
test_scale (gconstpointer has_populations)
{
  g_auto (SarapSampleData) data;
  SarapEstimate before[3], after[3];
  g_autoptr (SarapDesign) design = NULL, scaled = NULL;

  sarap_sample_data_fill (&data, 1000, 1);
  design = sarap_sample_data_design (&data, GPOINTER_TO_INT (has_populations));
  estimate_all (&data, design, NULL, before);
  for (gsize i = 0; i < data.n; i++)
    data.weights[i] *= 17.3;
  scaled = sarap_sample_data_design (&data, GPOINTER_TO_INT (has_populations));
  estimate_all (&data, scaled, NULL, after);
  for (guint i = 0; i < 3; i++)
    assert_same (&after[i], &before[i]);
}

static void
test_whole_domain (gconstpointer has_populations)
{
  g_auto (SarapSampleData) data;
  g_autofree guint8 *everybody = NULL;
  SarapEstimate whole[3], domain[3];
  g_autoptr (SarapDesign) design = NULL;

  sarap_sample_data_fill (&data, 1000, 2);
  design = sarap_sample_data_design (&data, GPOINTER_TO_INT (has_populations));
  everybody = g_malloc (data.n);
  memset (everybody, 1, data.n);
  estimate_all (&data, design, NULL, whole);
  estimate_all (&data, design, everybody, domain);
  for (guint i = 0; i < 3; i++)
    assert_same (&domain[i], &whole[i]);
}

static void
test_order (gconstpointer has_populations)
{
  g_auto (SarapSampleData) data;
  SarapEstimate before[3], after[3];
  g_autoptr (SarapDesign) design = NULL, shuffled = NULL;

  sarap_sample_data_fill (&data, 1000, 3);
  design = sarap_sample_data_design (&data, GPOINTER_TO_INT (has_populations));
  estimate_all (&data, design, NULL, before);
  sarap_sample_data_shuffle (&data, 4);
  shuffled = sarap_sample_data_design (&data, GPOINTER_TO_INT (has_populations));
  estimate_all (&data, shuffled, NULL, after);
  for (guint i = 0; i < 3; i++)
    assert_same (&after[i], &before[i]);
}

/* The textbook: an unstratified sample of equal weights has se = s / √n. */
static void
test_simple_sample (void)
{
  const double values[] = { 2, 4, 4, 6, NAN }, weights[] = { 3, 3, 3, 3, 3 };
  SarapDesignColumns columns = { .n = 4, .weights = weights };
  g_autoptr (SarapDesign) design = sarap_design_new (&columns, NULL);
  SarapEstimate estimate;

  sarap_estimate_mean (design, values, NULL, NULL, &estimate);
  sarap_assert_near (estimate.value, 4, 1e-15);
  sarap_assert_near (estimate.se, sqrt (8.0 / 3 / 4), 1e-14);
  sarap_assert_near (estimate.deff_replace, 1, 1e-14);
  g_assert_cmpfloat (estimate.df, ==, 3);
  g_assert_false (estimate.is_share);
}

/* Nobody, nothing but missing answers, nothing but zero weights: no number, and no crash. */
static void
test_nobody (void)
{
  const double missing[] = { NAN, NAN, NAN }, ones[] = { 1, 1, 1 }, zeros[] = { 0, 0, 0 };
  const guint8 nobody[] = { 0, 0, 0 };
  SarapDesignColumns columns = { .n = 3 }, weightless = { .n = 3, .weights = zeros };
  g_autoptr (SarapDesign) design = sarap_design_new (&columns, NULL), empty = sarap_design_new (&weightless, NULL);
  const struct
  {
    const SarapDesign *design;
    const double *values;
    const guint8 *domain;
  } cases[] = { { design, missing, NULL }, { design, ones, nobody }, { empty, ones, NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SarapEstimate mean, ratio, total;
      SarapQuantile median;

      sarap_estimate_mean (cases[i].design, cases[i].values, cases[i].domain, NULL, &mean);
      sarap_estimate_ratio (cases[i].design, cases[i].values, ones, cases[i].domain, NULL, &ratio);
      sarap_estimate_total (cases[i].design, cases[i].values, cases[i].domain, NULL, &total);
      sarap_estimate_quantile (cases[i].design, cases[i].values, cases[i].domain, 0.5, 0.95, &median);
      g_assert_cmpuint (mean.n, ==, 0);
      g_assert_true (isnan (mean.value) && isnan (mean.se) && isnan (ratio.value) && isnan (median.value));
      g_assert_true (isnan (sarap_estimate_interval_t (&mean, 0.95).low) && isnan (sarap_estimate_interval_korn_graubard (&mean, 0.95).low));
      g_assert_cmpfloat (total.value, ==, 0);
    }
}

/* A share of 1 has no variance: only the exact interval remains. */
static void
test_extreme (void)
{
  const double ones[] = { 1, 1, 1, 1 }, weights[] = { 0.1, 0.7, 1.3, 2.9 };
  SarapDesignColumns columns = { .n = 4, .weights = weights };
  g_autoptr (SarapDesign) design = sarap_design_new (&columns, NULL);
  SarapEstimate estimate;
  SarapInterval interval;

  sarap_estimate_mean (design, ones, NULL, NULL, &estimate);
  interval = sarap_estimate_interval_korn_graubard (&estimate, 0.95);
  g_assert_cmpfloat (estimate.value, ==, 1);
  g_assert_cmpfloat (estimate.se, ==, 0);
  g_assert_cmpfloat (estimate.n_effective, ==, 4);
  sarap_assert_near (interval.low, pow (0.025, 0.25), 1e-12);
  g_assert_cmpfloat (interval.high, ==, 1);
  g_assert_true (isnan (sarap_estimate_interval_logit (&estimate, 0.95).low));
  g_assert_true (isnan (sarap_estimate_interval_t (&estimate, 0.95).low));
}

/* The same people asked again with the same answers: no change, and no error of it. */
static void
test_same_twice (void)
{
  g_auto (SarapSampleData) data;
  g_autofree guint8 *first = NULL, *second = NULL;
  SarapEstimate of_first, of_second;
  SarapDifference paired, independent;
  g_autoptr (SarapDesign) design = NULL;
  gsize half = 450;

  sarap_sample_data_fill (&data, 2 * half, 5);
  first = g_new0 (guint8, data.n);
  second = g_new0 (guint8, data.n);
  for (gsize i = 0; i < data.n; i++)
    {
      (i < half ? first : second)[i] = 1;
      data.share[i] = data.share[i % half];
      data.weights[i] = data.weights[i % half];
      data.psus[i] = data.psus[i % half];
    }
  design = sarap_sample_data_design (&data, FALSE);
  sarap_difference_paired (design, data.share, first, second, NULL, &of_first, &of_second, &paired);
  sarap_difference_independent (&of_first, &of_second, &independent);
  g_assert_cmpfloat (fabs (paired.value), <, 1e-14);
  g_assert_cmpfloat (paired.se, <, 1e-14);
  sarap_assert_near (independent.se, sqrt (2) * of_first.se, 1e-10);
  g_assert_cmpfloat (independent.df, ==, of_first.df + of_second.df);
}

static void
test_holm (void)
{
  const double p[] = { 0.01, 0.04, NAN, 0.03, 0.005 }, expected[] = { 0.03, 0.06, NAN, 0.06, 0.02 };
  double adjusted[5];

  sarap_holm (5, p, adjusted);
  for (guint i = 0; i < 5; i++)
    sarap_assert_near (adjusted[i], expected[i], 1e-14);
}

static void
test_quantiles (void)
{
  const double values[] = { 5, 1, 3, NAN, 2 }, weights[] = { 1, 1, 1, 1, 7 };
  SarapDesignColumns columns = { .n = 5, .weights = weights };
  g_autoptr (SarapDesign) design = sarap_design_new (&columns, NULL);
  SarapQuantile median;

  sarap_assert_near (sarap_quantile_of (3, values, 0.5), 3, 0);
  sarap_assert_near (sarap_quantile_of (3, values, 0.9), 4.6, 1e-14);
  g_assert_true (isnan (sarap_quantile_of (0, values, 0.5)));
  sarap_estimate_quantile (design, values, NULL, 0.5, 0.95, &median);
  g_assert_cmpuint (median.n, ==, 4);
  g_assert_cmpfloat (median.value, ==, 2);
  g_assert_cmpfloat (median.interval.low, <=, 2);
  g_assert_cmpfloat (median.interval.high, >=, 2);
}

/* Shares of levels add up, and so do their covariances. */
static void
test_shares (void)
{
  g_auto (SarapSampleData) data;
  double shares[SARAP_SAMPLE_GROUPS], covariance[SARAP_SAMPLE_GROUPS * SARAP_SAMPLE_GROUPS], sum = 0;
  g_autoptr (SarapDesign) design = NULL;

  sarap_sample_data_fill (&data, 900, 6);
  design = sarap_sample_data_design (&data, FALSE);
  sarap_estimate_shares (design, data.groups, SARAP_SAMPLE_GROUPS, NULL, shares, covariance);
  for (guint i = 0; i < SARAP_SAMPLE_GROUPS; i++)
    {
      double line = 0;

      sum += shares[i];
      for (guint j = 0; j < SARAP_SAMPLE_GROUPS; j++)
        line += covariance[i * SARAP_SAMPLE_GROUPS + j];
      g_assert_cmpfloat (fabs (line), <, 1e-16);
    }
  sarap_assert_near (sum, 1, 1e-14);
}

/* With a simple sample the first-order test is Pearson's; levels that nobody has change nothing. */
static void
test_independence (void)
{
  guint32 rows[100], columns[100], more[100];
  SarapDesignColumns simple = { .n = 100 };
  g_autoptr (SarapDesign) design = sarap_design_new (&simple, NULL);
  SarapIndependence test, same;

  for (guint i = 0; i < 100; i++)
    {
      rows[i] = i < 50;
      columns[i] = i < 20 || (i >= 50 && i < 80);
      more[i] = rows[i] ? 4 : 1;
    }
  sarap_test_independence (design, rows, 2, columns, 2, NULL, SARAP_RAO_SCOTT_CHI_SQUARE, &test);
  sarap_assert_near (test.statistic, 4, 1e-12);
  g_assert_cmpfloat (test.df, ==, 1);
  g_assert_cmpfloat (test.p, >, 0.03);
  g_assert_cmpfloat (test.p, <, 0.06);
  sarap_test_independence (design, more, 6, columns, 2, NULL, SARAP_RAO_SCOTT_CHI_SQUARE, &same);
  sarap_assert_near (same.statistic, test.statistic, 1e-12);
  sarap_assert_near (same.p, test.p, 1e-12);
  sarap_test_independence (design, rows, 2, rows, 0, NULL, SARAP_RAO_SCOTT_F, &test);
  g_assert_true (isnan (test.p));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (int fpc = 0; fpc < 2; fpc++)
    {
      gpointer data = GINT_TO_POINTER (fpc);

      g_test_add_data_func (fpc ? "/stats/estimate/scaled-weights-change-nothing/two-stages" : "/stats/estimate/scaled-weights-change-nothing", data, test_scale);
      g_test_add_data_func (fpc ? "/stats/estimate/domain-of-all-is-the-whole/two-stages" : "/stats/estimate/domain-of-all-is-the-whole", data, test_whole_domain);
      g_test_add_data_func (fpc ? "/stats/estimate/order-changes-nothing/two-stages" : "/stats/estimate/order-changes-nothing", data, test_order);
    }
  g_test_add_func ("/stats/estimate/simple-sample", test_simple_sample);
  g_test_add_func ("/stats/estimate/nobody-is-no-number", test_nobody);
  g_test_add_func ("/stats/estimate/share-of-one", test_extreme);
  g_test_add_func ("/stats/estimate/same-people-twice-do-not-change", test_same_twice);
  g_test_add_func ("/stats/estimate/holm", test_holm);
  g_test_add_func ("/stats/estimate/quantiles", test_quantiles);
  g_test_add_func ("/stats/estimate/shares-add-up", test_shares);
  g_test_add_func ("/stats/estimate/independence", test_independence);
  return g_test_run ();
}
