#include "app/stats/sarap-independence.h"

#include <math.h>
#include <string.h>

#include "app/stats/sarap-distribution.h"
#include "app/stats/sarap-estimate.h"

/* Shares of the levels of a factor in a domain, and their n_levels × n_levels covariance. @levels:
 * one per interview; a number from @n_levels on is no valid answer. NAN when nobody counts. */
void
sarap_estimate_shares (const SarapDesign *design, const guint32 *levels, guint n_levels, const guint8 *domain, double *shares, double *covariance)
{
  gsize n = sarap_design_get_n (design);
  g_autofree double *influences = g_new (double, MAX (n * n_levels, 1));
  g_autofree double *is_level = g_new (double, MAX (n, 1));
  g_autofree const double **columns = g_new (const double *, MAX (n_levels, 1));

  for (guint level = 0; level < n_levels; level++)
    {
      SarapEstimate estimate;

      for (gsize row = 0; row < n; row++)
        is_level[row] = levels[row] >= n_levels ? NAN : levels[row] == level;
      sarap_estimate_mean (design, is_level, domain, influences + n * level, &estimate);
      shares[level] = estimate.value;
      columns[level] = influences + n * level;
    }
  sarap_design_covariance (design, columns, n_levels, covariance);
}

/* Numbers the levels that occur in the domain from 0. Returns: how many */
static guint
number_used_levels (const guint32 *levels, guint n_levels, const guint8 *members, gsize n, guint *numbers)
{
  guint used = 0;

  for (guint level = 0; level < n_levels; level++)
    numbers[level] = G_MAXUINT;
  for (gsize row = 0; row < n; row++)
    if (members[row])
      numbers[levels[row]] = 0;
  for (guint level = 0; level < n_levels; level++)
    if (numbers[level] == 0)
      numbers[level] = used++;
  return used;
}

/* Solves A X = B in place of @b, both k × k, by elimination with row pivots. FALSE: A is singular. */
static gboolean
solve_square (guint k, double *a, double *b)
{
  for (guint j = 0; j < k; j++)
    {
      guint pivot = j;

      for (guint i = j + 1; i < k; i++)
        if (fabs (a[i * k + j]) > fabs (a[pivot * k + j]))
          pivot = i;
      if (a[pivot * k + j] == 0)
        return FALSE;
      for (guint c = 0; c < k && pivot != j; c++)
        {
          double kept = a[j * k + c], kept_b = b[j * k + c];

          a[j * k + c] = a[pivot * k + c];
          a[pivot * k + c] = kept;
          b[j * k + c] = b[pivot * k + c];
          b[pivot * k + c] = kept_b;
        }
      for (guint i = 0; i < k; i++)
        {
          double factor = i == j ? 0 : a[i * k + j] / a[j * k + j];

          for (guint c = 0; c < k && factor != 0; c++)
            {
              a[i * k + c] -= factor * a[j * k + c];
              b[i * k + c] -= factor * b[j * k + c];
            }
        }
    }
  for (guint i = 0; i < k; i++)
    for (guint c = 0; c < k; c++)
      b[i * k + c] /= a[i * k + i];
  return TRUE;
}

/* Number @contrast of the Helmert contrasts at @level: their sums are 0 and they are orthogonal. */
static double
helmert (guint level, guint contrast)
{
  if (level <= contrast)
    return -1;
  return level == contrast + 1 ? contrast + 1 : 0;
}

/* C'D⁻¹ of the interaction contrasts C (each the product of a contrast of the rows and one of the
 * columns, so orthogonal to both main effects): one line per contrast, one number per cell. */
static double *
make_contrasts (guint r, guint c, const double *cells)
{
  guint k = (r - 1) * (c - 1);
  double *lines = g_new (double, (gsize) k *r *c);

  for (guint i = 0; i < k; i++)
    for (guint cell = 0; cell < r * c; cell++)
      lines[i * r * c + cell] = cells[cell] > 0 ? helmert (cell % r, i % (r - 1)) * helmert (cell / r, i / (r - 1)) / cells[cell] : 0;
  return lines;
}

/* Δ = (C'D⁻¹C / n)⁻¹ (C'D⁻¹ V D⁻¹C), k × k. Returns: (nullable) (transfer full): NULL when empty cells
 * leave no answer */
static double *
make_delta (guint r, guint c, gsize n, const double *cells, const double *covariance)
{
  guint k = (r - 1) * (c - 1), m = r * c;
  g_autofree double *lines = make_contrasts (r, c, cells), *a = g_new0 (double, (gsize) k *k);
  g_autofree double *b = g_new0 (double, (gsize) k *k);

  for (guint i = 0; i < k; i++)
    for (guint j = 0; j < k; j++)
      for (guint x = 0; x < m; x++)
        {
          a[i * k + j] += lines[i * m + x] * lines[j * m + x] * cells[x] / n;
          for (guint y = 0; y < m; y++)
            b[i * k + j] += lines[i * m + x] * covariance[x * m + y] * lines[j * m + y];
        }
  return solve_square (k, a, b) ? g_steal_pointer (&b) : NULL;
}

/* n Σ (p − e)² / e. */
static double
pearson (guint r, guint c, gsize n, const double *cells)
{
  double sum = 0;

  for (guint cell = 0; cell < r * c; cell++)
    {
      double row = 0, column = 0, expected;

      for (guint j = 0; j < c; j++)
        row += cells[j * r + cell % r];
      for (guint i = 0; i < r; i++)
        column += cells[cell / r * r + i];
      expected = row * column;
      sum += (cells[cell] - expected) * (cells[cell] - expected) / expected;
    }
  return n * sum;
}

/* From X² and Δ to the test. */
static void
finish (guint k, const double *delta, SarapRaoScott kind, double degrees, SarapIndependence *result)
{
  double trace = 0, trace_of_square = 0;

  for (guint i = 0; i < k; i++)
    {
      trace += delta[i * k + i];
      for (guint j = 0; j < k; j++)
        trace_of_square += delta[i * k + j] * delta[j * k + i];
    }
  if (kind == SARAP_RAO_SCOTT_CHI_SQUARE)
    {
      result->df = k;
      result->p = sarap_chi_square_tail (result->statistic / (trace / k), k);
      return;
    }
  result->statistic /= trace;
  result->df = trace * trace / trace_of_square;
  result->df_denominator = result->df * degrees;
  result->p = sarap_f_tail (result->statistic, result->df, result->df_denominator);
}

/* Are @rows and @columns independent in the domain? Rao & Scott 1984 (second order as F on d₀ and
 * d₀·df: Thomas & Rao 1987; first order as χ²), as in R's svychisq(). Levels as in
 * sarap_estimate_shares(); levels nobody has are left out. NAN when fewer than two are left. */
void
sarap_test_independence (const SarapDesign *design, const guint32 *rows, guint n_rows, const guint32 *columns, guint n_columns, const guint8 *domain, SarapRaoScott kind, SarapIndependence *result)
{
  gsize n = sarap_design_get_n (design);
  const double *weights = sarap_design_peek_weights (design);
  g_autofree guint8 *members = g_new (guint8, MAX (n, 1));
  g_autofree guint32 *cells_of = g_new (guint32, MAX (n, 1));
  g_autofree guint *row_numbers = g_new (guint, n_rows), *column_numbers = g_new (guint, n_columns);
  g_autofree double *cells = NULL, *covariance = NULL, *delta = NULL;
  guint r, c;

  *result = (SarapIndependence){ .statistic = NAN, .df = NAN, .df_denominator = NAN, .p = NAN };
  for (gsize row = 0; row < n; row++)
    {
      members[row] = (domain == NULL || domain[row]) && weights[row] > 0 && rows[row] < n_rows && columns[row] < n_columns;
      result->n += members[row];
    }
  r = number_used_levels (rows, n_rows, members, n, row_numbers);
  c = number_used_levels (columns, n_columns, members, n, column_numbers);
  if (r < 2 || c < 2)
    return;
  for (gsize row = 0; row < n; row++)
    cells_of[row] = members[row] ? column_numbers[columns[row]] * r + row_numbers[rows[row]] : r * c;
  cells = g_new (double, (gsize) r *c);
  covariance = g_new (double, (gsize) r *c *r *c);
  sarap_estimate_shares (design, cells_of, r * c, NULL, cells, covariance);
  delta = make_delta (r, c, result->n, cells, covariance);
  if (delta == NULL)
    return;
  result->statistic = pearson (r, c, result->n, cells);
  finish ((r - 1) * (c - 1), delta, kind, sarap_design_count_degrees (design, members), result);
}
