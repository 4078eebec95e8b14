#include "app/stats/sarap-agreement.h"

#include <math.h>

#include "app/stats/sarap-distribution.h"

/* Shares of the pairs of ratings, q × q, and the number of pairs. */
static double *
cross_ratings (gsize n, const guint32 *first, const guint32 *second, guint q, gsize *n_pairs)
{
  double *shares = g_new0 (double, (gsize) q *q);

  *n_pairs = 0;
  for (gsize row = 0; row < n; row++)
    if (first[row] < q && second[row] < q)
      {
        shares[first[row] * q + second[row]]++;
        (*n_pairs)++;
      }
  for (guint i = 0; i < q * q; i++)
    shares[i] /= *n_pairs;
  return shares;
}

/* The two variances of Fleiss, Cohen & Everitt 1969, eq. 13 and 14 (times n). */
static void
cohen_errors (const double *shares, const double *rows, const double *columns, guint q, SarapCohen *self)
{
  double k = self->kappa, pe = self->expected, diagonal = 0, rest = 0, null = 0, scale = self->n * (1 - pe) * (1 - pe), last;

  for (guint i = 0; i < q; i++)
    {
      double line = 1 - (rows[i] + columns[i]) * (1 - k);

      diagonal += shares[i * q + i] * line * line;
      null += rows[i] * columns[i] * (rows[i] + columns[i]);
      for (guint j = 0; j < q; j++)
        if (i != j)
          rest += shares[i * q + j] * (columns[i] + rows[j]) * (columns[i] + rows[j]);
    }
  last = k - pe * (1 - k);
  self->se = sqrt ((diagonal + (1 - k) * (1 - k) * rest - last * last) / scale);
  self->se_null = sqrt ((pe + pe * pe - null) / scale);
}

/* Cohen's κ of two raters (Cohen 1960), normal 95 % interval. Items that one of them left out
 * take no part. */
void
sarap_agreement_cohen (gsize n, const guint32 *first, const guint32 *second, guint n_categories, SarapCohen *result)
{
  guint q = n_categories;
  g_autofree double *shares = cross_ratings (n, first, second, q, &result->n);
  g_autofree double *rows = g_new0 (double, q), *columns = g_new0 (double, q);

  result->agreement = result->expected = 0;
  for (guint i = 0; i < q; i++)
    {
      for (guint j = 0; j < q; j++)
        {
          rows[i] += shares[i * q + j];
          columns[i] += shares[j * q + i];
        }
      result->agreement += shares[i * q + i];
    }
  for (guint i = 0; i < q; i++)
    result->expected += rows[i] * columns[i];
  result->kappa = (result->agreement - result->expected) / (1 - result->expected);
  cohen_errors (shares, rows, columns, q, result);
  result->z = result->kappa / result->se_null;
  result->interval = sarap_interval_t (result->kappa, result->se, INFINITY, 0.95);
}

/* Ratings of one item by category. Returns: how many */
static guint
count_ratings (gsize item, const guint32 *const *raters, guint n_raters, guint q, double *counts)
{
  guint n = 0;

  for (guint c = 0; c < q; c++)
    counts[c] = 0;
  for (guint r = 0; r < n_raters; r++)
    if (raters[r][item] < q)
      {
        counts[raters[r][item]]++;
        n++;
      }
  return n;
}

/* The share of agreeing pairs of one item. */
static double
agreeing (const double *counts, guint n, guint q)
{
  double sum = 0;

  for (guint c = 0; c < q; c++)
    sum += counts[c] * (counts[c] - 1);
  return sum / (n * (n - 1.0));
}

/* Gwet's linearised variance of κ (Gwet 2021, eq. 14 to 17, for missing ratings too). */
static double
gwet_variance (gsize n, const guint32 *const *raters, guint n_raters, guint q, const double *prevalence, gsize n_two, const SarapFleiss *self)
{
  g_autofree double *counts = g_new (double, q);
  double k = self->kappa, pe = self->expected, sum = 0, items = self->n;

  for (gsize item = 0; item < n; item++)
    {
      guint r = count_ratings (item, raters, n_raters, q, counts);
      double mine = 0, expected = 0;

      if (r == 0)
        continue;
      if (r >= 2)
        mine = items / n_two * (agreeing (counts, r, q) - pe) / (1 - pe);
      for (guint c = 0; c < q; c++)
        expected += counts[c] * prevalence[c] / r;
      mine -= 2 * (1 - k) * (expected - pe) / (1 - pe);
      sum += (mine - k) * (mine - k);
    }
  return sum / (items * (items - 1));
}

/* Fleiss' κ of any number of raters (Fleiss 1971), also with ratings left out, with Gwet's
 * standard error and a t interval on n − 1, cut at 1; AC1 (Gwet 2008) beside it. Fleiss' own
 * large-sample error is of no use for intervals. */
void
sarap_agreement_fleiss (gsize n, const guint32 *const *raters, guint n_raters, guint n_categories, SarapFleiss *result)
{
  guint q = n_categories;
  g_autofree double *counts = g_new (double, q), *prevalence = g_new0 (double, q);
  double by_chance = 0;
  gsize n_two = 0;

  *result = (SarapFleiss){ 0 };
  for (gsize item = 0; item < n; item++)
    {
      guint r = count_ratings (item, raters, n_raters, q, counts);

      result->n += r > 0;
      n_two += r >= 2;
      if (r >= 2)
        result->agreement += agreeing (counts, r, q);
      for (guint c = 0; c < q && r > 0; c++)
        prevalence[c] += counts[c] / r;
    }
  result->agreement /= n_two;
  for (guint c = 0; c < q; c++)
    {
      prevalence[c] /= result->n;
      result->expected += prevalence[c] * prevalence[c];
      by_chance += prevalence[c] * (1 - prevalence[c]) / (q - 1.0);
    }
  result->kappa = (result->agreement - result->expected) / (1 - result->expected);
  result->ac1 = (result->agreement - by_chance) / (1 - by_chance);
  result->se = sqrt (gwet_variance (n, raters, n_raters, q, prevalence, n_two, result));
  result->interval = sarap_interval_t (result->kappa, result->se, result->n - 1.0, 0.95);
  result->interval.high = fmin (1, result->interval.high);
}

/* The test of no agreement, overall and by category (Fleiss, Nee & Landis 1979, eq. 3 to 12);
 * every rater rated every item (an item that nobody rated takes no part). Free with
 * sarap_fleiss_test_clear(). */
void
sarap_agreement_fleiss_test (gsize n, const guint32 *const *raters, guint n_raters, guint n_categories, SarapFleissTest *result)
{
  guint q = n_categories;
  g_autofree double *counts = g_new (double, q), *shares = g_new0 (double, q);
  double items = 0, m = n_raters, spread = 0, skew = 0, pairs;
  SarapFleiss fleiss;

  result->kappas = g_new0 (double, q);
  for (gsize item = 0; item < n; item++)
    {
      items += count_ratings (item, raters, n_raters, q, counts) > 0;
      for (guint c = 0; c < q; c++)
        {
          shares[c] += counts[c];
          result->kappas[c] += counts[c] * (m - counts[c]);
        }
    }
  pairs = items * m * (m - 1);
  for (guint c = 0; c < q; c++)
    {
      double p = shares[c] / (items * m);

      result->kappas[c] = 1 - result->kappas[c] / (pairs * p * (1 - p));
      spread += p * (1 - p);
      skew += p * (1 - p) * (1 - 2 * p);
    }
  sarap_agreement_fleiss (n, raters, n_raters, n_categories, &fleiss);
  result->se = sqrt (2 / pairs * (spread * spread - skew)) / spread;
  result->z = fleiss.kappa / result->se;
  result->kappa_se = sqrt (2 / pairs);
}

void
sarap_fleiss_test_clear (SarapFleissTest *result)
{
  g_clear_pointer (&result->kappas, g_free);
}
