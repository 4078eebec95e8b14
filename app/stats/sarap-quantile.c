#include "app/stats/sarap-quantile.h"

#include <math.h>

#include "app/stats/sarap-distribution.h"
#include "app/stats/sarap-estimate.h"

static int
compare_values (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

/* Unweighted quantile between order statistics (Hyndman & Fan 1996, type 7; R's default). NAN of
 * no values. */
double
sarap_quantile_of (gsize n, const double *values, double p)
{
  g_autofree double *sorted = g_memdup2 (values, n * sizeof *values);
  double at = (n - 1.0) * p;
  gsize below = n > 0 ? (gsize) floor (at) : 0, above = n > 0 ? MIN (below + 1, n - 1) : 0;

  if (n == 0)
    return NAN;
  qsort (sorted, n, sizeof *sorted, compare_values);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

typedef struct
{
  double value;
  double weight;
} Point;

/* The smallest value at which the cumulated weight reaches @p of all. */
static double
weighted_quantile (const Point *points, gsize n, double sum, double p)
{
  double reached = 0;

  for (gsize i = 0; i < n; i++)
    {
      reached += points[i].weight;
      if (reached >= p * sum * (1 - 1e-14))
        return points[i].value;
    }
  return points[n - 1].value;
}

/* Weighted quantile: the inverse of the weighted distribution (Hyndman & Fan type 1). Interval by
 * Woodruff 1952: t interval of the share of values up to the quantile, read back through the
 * distribution; se: its width ÷ 2t. Who counts: as in sarap-estimate.h. */
void
sarap_estimate_quantile (const SarapDesign *design, const double *values, const guint8 *domain, double p, double level, SarapQuantile *quantile)
{
  gsize n = sarap_design_get_n (design), n_points = 0;
  const double *weights = sarap_design_peek_weights (design);
  g_autofree Point *points = g_new (Point, MAX (n, 1));
  g_autofree double *is_below = g_new (double, MAX (n, 1));
  SarapEstimate share;
  SarapInterval interval;
  double sum = 0;

  for (gsize row = 0; row < n; row++)
    if ((domain == NULL || domain[row]) && weights[row] > 0 && !isnan (values[row]))
      {
        points[n_points++] = (Point){ values[row], weights[row] };
        sum += weights[row];
      }
  *quantile = (SarapQuantile){ .n = n_points, .value = NAN, .se = NAN, .interval = sarap_interval_none () };
  if (n_points == 0)
    return;
  qsort (points, n_points, sizeof *points, compare_values);
  quantile->value = weighted_quantile (points, n_points, sum, p);
  for (gsize row = 0; row < n; row++)
    is_below[row] = isnan (values[row]) ? NAN : values[row] <= quantile->value;
  sarap_estimate_mean (design, is_below, domain, NULL, &share);
  interval = sarap_interval_t (p, share.se, share.df, level);
  if (isnan (interval.low))
    return;
  quantile->interval.low = weighted_quantile (points, n_points, sum, fmax (interval.low, 0));
  quantile->interval.high = weighted_quantile (points, n_points, sum, fmin (interval.high, 1));
  quantile->se = (quantile->interval.high - quantile->interval.low) / (2 * sarap_t_quantile ((1 + level) / 2, share.df));
}
