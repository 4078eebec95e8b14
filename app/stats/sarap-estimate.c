#include "app/stats/sarap-estimate.h"

#include <math.h>

#include "app/stats/sarap-distribution.h"

/* 1. Influences (linearisation): mean w (y − m) / Σw, total w y, ratio w (y − R x) / Σwx; 0 for
 *    who does not count. se = √V of their column (sarap-design.c).
 * 2. df is of the domain: PSUs with members less strata with members.
 * 3. deff = V ÷ [s² (N − n) / (N n)] with s² = n / (n − 1) · Σw (y − m)² / Σw and N = Σw;
 *    "with replacement" V ÷ [s² / n] (R survey, svymean (deff =)). */

/* Puts 1 into @members for each who counts; @second NULL or a column that must be valid too. */
static void
choose_members (const SarapDesign *design, const double *values, const double *second, const guint8 *domain, guint8 *members, SarapEstimate *estimate)
{
  gsize n = sarap_design_get_n (design);
  const double *weights = sarap_design_peek_weights (design);

  *estimate = (SarapEstimate){ .is_share = second == NULL, .value = NAN, .se = NAN, .cv = NAN, .deff = NAN, .deff_replace = NAN, .n_effective = NAN };
  for (gsize row = 0; row < n; row++)
    {
      members[row] = (domain == NULL || domain[row]) && weights[row] > 0 && !isnan (values[row]) && (second == NULL || !isnan (second[row]));
      if (!members[row])
        continue;
      estimate->n++;
      estimate->sum_weights += weights[row];
      estimate->n_positive += values[row] == 1;
      estimate->is_share = estimate->is_share && (values[row] == 0 || values[row] == 1);
    }
  estimate->df = sarap_design_count_degrees (design, members);
}

static void
finish (const SarapDesign *design, const double *influence, SarapEstimate *estimate)
{
  estimate->se = sqrt (sarap_design_variance (design, influence));
  if (estimate->se > 0)
    estimate->cv = estimate->se / estimate->value;
}

static void
add_design_effect (const SarapDesign *design, const double *values, const guint8 *members, SarapEstimate *self)
{
  gsize n = sarap_design_get_n (design);
  const double *weights = sarap_design_peek_weights (design);
  double sum = 0, variance = self->se * self->se, spread, population = self->sum_weights;

  for (gsize row = 0; row < n; row++)
    if (members[row])
      sum += weights[row] * (values[row] - self->value) * (values[row] - self->value);
  spread = sum / self->sum_weights * self->n / (self->n - 1.0);
  self->deff = variance / (spread * (population - self->n) / (population * self->n));
  self->deff_replace = variance / (spread / self->n);
}

/* m = Σwy / Σw. @influence: (nullable): takes the influences, one per interview. */
void
sarap_estimate_mean (const SarapDesign *design, const double *values, const guint8 *domain, double *influence, SarapEstimate *estimate)
{
  gsize n = sarap_design_get_n (design);
  const double *weights = sarap_design_peek_weights (design);
  g_autofree guint8 *members = g_new (guint8, MAX (n, 1));
  g_autofree double *made = NULL;
  double sum = 0;

  if (influence == NULL)
    influence = made = g_new (double, MAX (n, 1));
  choose_members (design, values, NULL, domain, members, estimate);
  for (gsize row = 0; row < n; row++)
    if (members[row])
      sum += weights[row] * values[row];
  if (estimate->n > 0)
    estimate->value = sum / estimate->sum_weights;
  for (gsize row = 0; row < n; row++)
    influence[row] = members[row] ? weights[row] * (values[row] - estimate->value) / estimate->sum_weights : 0;
  if (estimate->n == 0)
    return;
  finish (design, influence, estimate);
  if (estimate->se > 0)
    add_design_effect (design, values, members, estimate);
  if (estimate->is_share)
    estimate->n_effective = estimate->se > 0 ? estimate->value * (1 - estimate->value) / (estimate->se * estimate->se) : estimate->n;
}

/* Σwy; 0 when nobody counts. @influence: (nullable): as above. */
void
sarap_estimate_total (const SarapDesign *design, const double *values, const guint8 *domain, double *influence, SarapEstimate *estimate)
{
  gsize n = sarap_design_get_n (design);
  const double *weights = sarap_design_peek_weights (design);
  g_autofree guint8 *members = g_new (guint8, MAX (n, 1));
  g_autofree double *made = NULL;

  if (influence == NULL)
    influence = made = g_new (double, MAX (n, 1));
  choose_members (design, values, NULL, domain, members, estimate);
  estimate->value = 0;
  for (gsize row = 0; row < n; row++)
    {
      influence[row] = members[row] ? weights[row] * values[row] : 0;
      estimate->value += influence[row];
    }
  finish (design, influence, estimate);
}

/* R = Σwy / Σwx; NAN when Σwx is 0. @influence: (nullable): as above. */
void
sarap_estimate_ratio (const SarapDesign *design, const double *numerator, const double *denominator, const guint8 *domain, double *influence, SarapEstimate *estimate)
{
  gsize n = sarap_design_get_n (design);
  const double *weights = sarap_design_peek_weights (design);
  g_autofree guint8 *members = g_new (guint8, MAX (n, 1));
  g_autofree double *made = NULL;
  double above = 0, below = 0;

  if (influence == NULL)
    influence = made = g_new (double, MAX (n, 1));
  choose_members (design, numerator, denominator, domain, members, estimate);
  for (gsize row = 0; row < n; row++)
    if (members[row])
      {
        above += weights[row] * numerator[row];
        below += weights[row] * denominator[row];
      }
  if (below != 0)
    estimate->value = above / below;
  for (gsize row = 0; row < n; row++)
    influence[row] = members[row] && below != 0 ? weights[row] * (numerator[row] - estimate->value * denominator[row]) / below : 0;
  if (below != 0)
    finish (design, influence, estimate);
}

/* Net promoter score of ratings 0…10: share of 9 and 10 less share of 0…6, in points of 100
 * (Reichheld 2003). */
void
sarap_estimate_nps (const SarapDesign *design, const double *ratings, const guint8 *domain, SarapEstimate *estimate)
{
  gsize n = sarap_design_get_n (design);
  g_autofree double *scores = g_new (double, MAX (n, 1));

  for (gsize row = 0; row < n; row++)
    {
      double rating = ratings[row];

      scores[row] = isnan (rating) ? NAN : rating >= 9 ? 100
                                       : rating <= 6   ? -100
                                                       : 0;
    }
  sarap_estimate_mean (design, scores, domain, NULL, estimate);
}

/* The interval of a mean, ratio or total. None without variance or degrees of freedom. */
SarapInterval
sarap_estimate_interval_t (const SarapEstimate *estimate, double level)
{
  return estimate->se > 0 ? sarap_interval_t (estimate->value, estimate->se, estimate->df, level) : sarap_interval_none ();
}

/* Of a share. */
SarapInterval
sarap_estimate_interval_logit (const SarapEstimate *estimate, double level)
{
  return estimate->is_share ? sarap_interval_logit (estimate->value, estimate->se, estimate->df, level) : sarap_interval_none ();
}

/* Of a share; for small ones, and for 0 and 1. A share between them without variance (its PSUs
 * are all alike or all taken) has none. */
SarapInterval
sarap_estimate_interval_korn_graubard (const SarapEstimate *estimate, double level)
{
  gboolean is_extreme = estimate->value == 0 || estimate->value == 1;

  if (!estimate->is_share || estimate->n == 0 || (!(estimate->se > 0) && !is_extreme))
    return sarap_interval_none ();
  return sarap_interval_korn_graubard (estimate->value, estimate->n_effective, estimate->n, estimate->df, level);
}

static void
difference_test (SarapDifference *self)
{
  self->t = self->value / self->se;
  self->p = sarap_t_two_sided (self->t, self->df);
  self->interval = sarap_interval_t (self->value, self->se, self->df, 0.95);
}

/* Mean of @second less mean of @first in one design: the covariance of shared sampling points
 * counts. For two waves the design stacks them, with the strata and PSUs they share.
 * df: PSUs less strata with members of either. @influence: (nullable): takes the difference's. */
void
sarap_difference_paired (const SarapDesign *design, const double *values, const guint8 *first, const guint8 *second, double *influence, SarapEstimate *of_first, SarapEstimate *of_second, SarapDifference *difference)
{
  gsize n = sarap_design_get_n (design);
  const double *weights = sarap_design_peek_weights (design);
  g_autofree double *u1 = g_new (double, MAX (n, 1)), *u2 = g_new (double, MAX (n, 1)), *made = NULL;
  g_autofree guint8 *members = g_new (guint8, MAX (n, 1));
  const double *columns[] = { u1, u2 };
  double v[4];

  if (influence == NULL)
    influence = made = g_new (double, MAX (n, 1));
  sarap_estimate_mean (design, values, first, u1, of_first);
  sarap_estimate_mean (design, values, second, u2, of_second);
  sarap_design_covariance (design, columns, 2, v);
  for (gsize row = 0; row < n; row++)
    {
      members[row] = (first[row] || second[row]) && weights[row] > 0 && !isnan (values[row]);
      influence[row] = u2[row] - u1[row];
    }
  difference->value = of_second->value - of_first->value;
  difference->covariance = v[1];
  difference->se = sqrt (sarap_design_variance (design, influence));
  difference->df = sarap_design_count_degrees (design, members);
  difference_test (difference);
}

/* Second less first of two samples that share no sampling point: √(V₁ + V₂), df₁ + df₂. */
void
sarap_difference_independent (const SarapEstimate *of_first, const SarapEstimate *of_second, SarapDifference *difference)
{
  difference->value = of_second->value - of_first->value;
  difference->covariance = 0;
  difference->se = hypot (of_first->se, of_second->se);
  difference->df = of_first->df + of_second->df;
  difference_test (difference);
}

static int
compare_p (gconstpointer a, gconstpointer b, gpointer data)
{
  const double *p = data;
  double first = p[*(const gsize *) a], second = p[*(const gsize *) b];

  return (first > second) - (first < second);
}

/* p-values adjusted so that the chance of any false alarm among @n tests stays below the level
 * (Holm 1979). NAN stays NAN and is no test. */
void
sarap_holm (gsize n, const double *p, double *adjusted)
{
  g_autofree gsize *order = g_new (gsize, MAX (n, 1));
  gsize n_tests = 0;
  double largest = 0;

  for (gsize i = 0; i < n; i++)
    {
      adjusted[i] = NAN;
      if (!isnan (p[i]))
        order[n_tests++] = i;
    }
  g_qsort_with_data (order, n_tests, sizeof *order, compare_p, (gpointer) p);
  for (gsize rank = 0; rank < n_tests; rank++)
    {
      largest = fmax (largest, fmin (1, (n_tests - rank) * p[order[rank]]));
      adjusted[order[rank]] = largest;
    }
}
