#include "app/stats/sarap-calibration.h"

#include <math.h>
#include <string.h>

#include "app/base/sarap-problem.h"
#include "app/stats/sarap-quantile.h"

/* 1. Raking (Deming & Stephan 1940): the weights of every cell of a margin are multiplied to its
 *    total, margin after margin, until no weight moves by more than 1e-14 of itself.
 * 2. Trimming: weights above the limit are cut and the mass that was cut is spread over the
 *    others of the same cell in proportion to their weights, until none is above. Raking and
 *    trimming then take turns.
 * 3. Interviews of weight 0 stay at 0 and take no part. */

#define CONVERGED 1e-14
#define MAX_ROUNDS 2000
#define MAX_TURNS 100
#define LIMIT_SLACK 1e-9
#define R_SWEEPS 10
#define DEPENDENT 1e-10

static gboolean
check_margin (gsize n, const double *base, const SarapMargin *margin, guint number, GError **error)
{
  g_autofree double *sums = g_new0 (double, MAX (margin->n_cells, 1));

  for (gsize row = 0; row < n; row++)
    sums[margin->cells[row]] += base[row];
  for (guint c = 0; c < margin->n_cells; c++)
    if (!(margin->totals[c] >= 0) || isinf (margin->totals[c]) || (margin->totals[c] > 0 && !(sums[c] > 0)))
      {
        g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "margin %u, cell %u: its total is %g, the weights of its interviews sum to %g", number + 1, c + 1, margin->totals[c], sums[c]);
        return FALSE;
      }
  return TRUE;
}

static void
rake_margin (gsize n, const SarapMargin *margin, double *weights)
{
  g_autofree double *factors = g_new0 (double, MAX (margin->n_cells, 1));

  for (gsize row = 0; row < n; row++)
    factors[margin->cells[row]] += weights[row];
  for (guint c = 0; c < margin->n_cells; c++)
    factors[c] = factors[c] > 0 ? margin->totals[c] / factors[c] : 0;
  for (gsize row = 0; row < n; row++)
    weights[row] *= factors[margin->cells[row]];
}

static double
largest_move (gsize n, const double *before, const double *after)
{
  double largest = 0;

  for (gsize row = 0; row < n; row++)
    if (before[row] > 0)
      largest = fmax (largest, fabs (after[row] / before[row] - 1));
  return largest;
}

static gboolean
rake_untrimmed (gsize n, const SarapMargin *margins, guint n_margins, guint n_rounds, double *weights, GError **error)
{
  g_autofree double *before = g_new (double, MAX (n, 1));
  double move = INFINITY, smallest = INFINITY;

  for (guint round = 0; round < n_rounds; round++)
    {
      memcpy (before, weights, n * sizeof *weights);
      for (guint m = 0; m < n_margins; m++)
        rake_margin (n, &margins[m], weights);
      move = largest_move (n, before, weights);
      /* Rounding may keep the last digits moving: no smaller move than before, and tiny, is the end. */
      if (move < CONVERGED || (move >= smallest && move < CONVERGED * 100))
        return TRUE;
      smallest = fmin (smallest, move);
    }
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "raking does not settle in %u rounds (last move %g): the totals of the margins contradict each other or the sample", n_rounds, move);
  return FALSE;
}

static double
median_weight (gsize n, const double *weights)
{
  g_autofree double *positive = g_new (double, MAX (n, 1));
  gsize kept = 0;

  for (gsize row = 0; row < n; row++)
    if (weights[row] > 0)
      positive[kept++] = weights[row];
  return sarap_quantile_of (kept, positive, 0.5);
}

/* Puts raked weights into @weights (n numbers). @options NULL: 2,000 rounds, no trimming.
 * Errors: SARAP_INPUT_ERROR_MALFORMED when a cell has a total but nobody, or the margins
 * contradict each other. With trimming the last margins are kept, and the limit within 1e-9. */
gboolean
sarap_rake (gsize n, const double *base, const SarapMargin *margins, guint n_margins, const SarapRakeOptions *options, double *weights, GError **error)
{
  guint n_rounds = options && options->n_rounds ? options->n_rounds : MAX_ROUNDS;
  double factor = options ? options->trim_factor : 0, limit;

  for (guint m = 0; m < n_margins; m++)
    if (!check_margin (n, base, &margins[m], m, error))
      return FALSE;
  memcpy (weights, base, n * sizeof *weights);
  if (!rake_untrimmed (n, margins, n_margins, n_rounds, weights, error))
    return FALSE;
  limit = factor > 0 ? factor * median_weight (n, weights) : INFINITY;
  for (guint turn = 0; turn < MAX_TURNS; turn++)
    {
      guint n_cut = sarap_trim_weights (n, weights, n_margins ? margins[0].cells : NULL, n_margins ? margins[0].n_cells : 0, limit * (1 + LIMIT_SLACK));

      if (n_cut == 0)
        return TRUE;
      if (!rake_untrimmed (n, margins, n_margins, n_rounds, weights, error))
        return FALSE;
    }
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "no weights below %g fit the margins: allow a higher limit", limit);
  return FALSE;
}

/* One turn of cutting in every cell. */
static guint
trim_once (gsize n, double *weights, const guint32 *cells, guint n_cells, double limit)
{
  g_autofree double *cut = g_new0 (double, n_cells), *below = g_new0 (double, n_cells);
  guint n_cut = 0;

  for (gsize row = 0; row < n; row++)
    {
      guint32 c = cells ? cells[row] : 0;

      if (weights[row] > limit)
        {
          cut[c] += weights[row] - limit;
          weights[row] = limit;
          n_cut++;
        }
      else if (weights[row] < limit)
        below[c] += weights[row];
    }
  for (gsize row = 0; n_cut && row < n; row++)
    {
      guint32 c = cells ? cells[row] : 0;

      if (weights[row] < limit && below[c] > 0)
        weights[row] *= 1 + cut[c] / below[c];
    }
  return n_cut;
}

/* Cuts the weights above @limit; what is cut goes to the rest of the cell (rule 2), so that cells
 * keep their sums unless all their weights are at the limit. @cells NULL: one cell.
 * Returns: how many cuts were made */
guint
sarap_trim_weights (gsize n, double *weights, const guint32 *cells, guint n_cells, double limit)
{
  guint n_cut = 0, now;

  do
    {
      now = trim_once (n, weights, cells, cells ? n_cells : 1, limit);
      n_cut += now;
    }
  while (now > 0);
  return n_cut;
}

/* n Σw² / (Σw)² (Kish 1965): the loss by unequal weights. NAN when all are 0. */
double
sarap_kish_deff (gsize n, const double *weights)
{
  double sum = 0, squares = 0;

  for (gsize row = 0; row < n; row++)
    {
      sum += weights[row];
      squares += weights[row] * weights[row];
    }
  return sum > 0 ? n * squares / (sum * sum) : NAN;
}

struct _SarapProjection
{
  SarapCalibration calibration;
  gsize n;
  guint n_margins;
  guint32 **cells;
  guint *offsets; /* of each margin's first cell among all; n_margins + 1 */
  double *base;
  double *calibrated;
  double *factor;      /* GREG: the Cholesky factor of X'WX, row by row */
  gboolean *is_needed; /* GREG: FALSE for a column that the ones before it span */
};

static gsize
column_of (const SarapProjection *self, guint margin, gsize row)
{
  return self->offsets[margin] + self->cells[margin][row];
}

/* Cholesky of X'WX, X the cells of all margins as 0 and 1; columns that depend on earlier ones
 * are left out (the margins share their grand total at least). */
static void
factorize (SarapProjection *self)
{
  guint k = self->offsets[self->n_margins];
  double *a = self->factor = g_new0 (double, MAX ((gsize) k * k, 1));

  self->is_needed = g_new0 (gboolean, MAX (k, 1));
  for (gsize row = 0; row < self->n; row++)
    for (guint i = 0; i < self->n_margins; i++)
      for (guint j = 0; j <= i; j++)
        a[column_of (self, i, row) * k + column_of (self, j, row)] += self->base[row];
  for (guint j = 0; j < k; j++)
    {
      double diagonal = a[j * k + j], pivot = diagonal;

      for (guint l = 0; l < j; l++)
        pivot -= a[j * k + l] * a[j * k + l];
      self->is_needed[j] = pivot > DEPENDENT * diagonal;
      a[j * k + j] = self->is_needed[j] ? sqrt (pivot) : 0;
      for (guint i = j + 1; i < k; i++)
        {
          double rest = a[i * k + j];

          for (guint l = 0; l < j; l++)
            rest -= a[i * k + l] * a[j * k + l];
          a[i * k + j] = self->is_needed[j] ? rest / a[j * k + j] : 0;
        }
    }
}

/* What sarap_design_calibrate() says. */
SarapProjection *
sarap_projection_new (SarapCalibration calibration, gsize n, const SarapMargin *margins, guint n_margins, const double *base, const double *calibrated)
{
  SarapProjection *self = g_new0 (SarapProjection, 1);

  self->calibration = calibration;
  self->n = n;
  self->n_margins = n_margins;
  self->cells = g_new0 (guint32 *, n_margins + 1);
  self->offsets = g_new0 (guint, n_margins + 1);
  self->base = g_memdup2 (base, n * sizeof *base);
  self->calibrated = g_memdup2 (calibrated, n * sizeof *calibrated);
  for (guint m = 0; m < n_margins; m++)
    {
      self->cells[m] = g_memdup2 (margins[m].cells, n * sizeof *margins[m].cells);
      self->offsets[m + 1] = self->offsets[m] + margins[m].n_cells;
    }
  if (calibration == SARAP_CALIBRATION_GREG)
    factorize (self);
  return self;
}

void
sarap_projection_free (SarapProjection *self)
{
  for (guint m = 0; m < self->n_margins; m++)
    g_free (self->cells[m]);
  g_free (self->cells);
  g_free (self->offsets);
  g_free (self->base);
  g_free (self->calibrated);
  g_free (self->factor);
  g_free (self->is_needed);
  g_free (self);
}

/* Solves X'WX β = @b in place with the factor; left-out columns get 0. */
static void
solve (const SarapProjection *self, double *b)
{
  guint k = self->offsets[self->n_margins];
  const double *l = self->factor;

  for (guint i = 0; i < k; i++)
    {
      for (guint j = 0; j < i; j++)
        b[i] -= l[i * k + j] * b[j];
      b[i] = self->is_needed[i] ? b[i] / l[i * k + i] : 0;
    }
  for (guint i = k; i-- > 0;)
    {
      for (guint j = i + 1; j < k; j++)
        b[i] -= l[j * k + i] * b[j];
      b[i] = self->is_needed[i] ? b[i] / l[i * k + i] : 0;
    }
}

/* Residuals of the regression on the margins, weighted by the base weights (Deville & Särndal
 * 1992, 3.4). */
static void
subtract_regression (const SarapProjection *self, double *residuals)
{
  guint k = self->offsets[self->n_margins];
  g_autofree double *beta = g_new0 (double, MAX (k, 1));

  for (gsize row = 0; row < self->n; row++)
    for (guint m = 0; m < self->n_margins; m++)
      beta[self->offsets[m] + self->cells[m][row]] += self->base[row] * residuals[row];
  solve (self, beta);
  for (gsize row = 0; row < self->n; row++)
    for (guint m = 0; m < self->n_margins; m++)
      residuals[row] -= beta[self->offsets[m] + self->cells[m][row]];
}

/* R survey 4.1.1, svyrecvar(), "raking". */
static void
subtract_cell_means (const SarapProjection *self, guint margin, double *residuals)
{
  guint n_cells = self->offsets[margin + 1] - self->offsets[margin];
  g_autofree double *means = g_new0 (double, MAX (n_cells, 1));
  g_autofree gsize *counts = g_new0 (gsize, MAX (n_cells, 1));
  const guint32 *cells = self->cells[margin];

  for (gsize row = 0; row < self->n; row++)
    if (self->calibrated[row] > 0)
      {
        means[cells[row]] += residuals[row];
        counts[cells[row]]++;
      }
  for (gsize row = 0; row < self->n; row++)
    if (self->calibrated[row] > 0)
      residuals[row] -= means[cells[row]] / counts[cells[row]];
}

/* Returns: (transfer full): the influences that are left when the margins are known: n numbers */
double *
sarap_projection_apply (const SarapProjection *self, const double *influence)
{
  double *residuals = g_new (double, MAX (self->n, 1));

  for (gsize row = 0; row < self->n; row++)
    residuals[row] = self->calibrated[row] > 0 ? influence[row] / self->calibrated[row] : 0;
  if (self->calibration == SARAP_CALIBRATION_GREG)
    subtract_regression (self, residuals);
  for (guint sweep = 0; self->calibration == SARAP_CALIBRATION_R && sweep < R_SWEEPS; sweep++)
    for (guint m = 0; m < self->n_margins; m++)
      subtract_cell_means (self, m, residuals);
  for (gsize row = 0; row < self->n; row++)
    residuals[row] *= self->calibrated[row];
  return residuals;
}
