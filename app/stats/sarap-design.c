#include "app/stats/sarap-design.h"

#include <math.h>
#include <string.h>

#include "app/base/sarap-problem.h"
#include "app/stats/sarap-calibration.h"

/* The variance of every estimate is the variance of a total of influences u, one per interview,
 * already weighted, 0 outside the domain (linearisation; Binder 1983, Lumley 2004):
 *
 *   V (u, v) = Σ_h (1 − f_h) n_h / (n_h − 1) Σ_i (u_hi − ū_h) (v_hi − v̄_h)
 *            + Σ_h n_h / N_h Σ_i (1 − f_hi) m_hi / (m_hi − 1) Σ_k (u_hik − ū_hi) (v_hik − v̄_hi)
 *
 * 1. Rows outside a domain stay: n_h counts the PSUs of the sample, not those of the domain.
 * 2. A lonely PSU or unit is centred at 0 and its factor is 1 − f ("adjust").
 * 3. A stratum or PSU taken whole (1 − f < 1e-7) adds nothing at its stage; its PSUs still add
 *    at the next one.
 * 4. Without population sizes f = 0 and the second stage is not counted.
 * 5. PSU numbers are read inside their stratum, unit numbers inside their PSU. */

#define SELF_REPRESENTING 1e-7

typedef struct
{
  gsize n_items;
  guint32 *group_of_item;
  guint n_groups;
  guint *counts;   /* items of each group */
  double *factors; /* what a group's sum of squares is multiplied with */
} Stage;

struct _SarapDesign
{
  gsize n;
  const double *weights;
  double *ones; /* the weights, when there are none */
  guint32 *psu_of_row;
  guint32 *unit_of_row; /* NULL: each row is a unit */
  Stage psus;           /* groups are strata */
  Stage units;          /* groups are PSUs; n_items 0: one stage */
  SarapProjection *projection;
};

static void
stage_clear (Stage *self)
{
  g_free (self->group_of_item);
  g_free (self->counts);
  g_free (self->factors);
}

void
sarap_design_free (SarapDesign *self)
{
  stage_clear (&self->psus);
  stage_clear (&self->units);
  g_free (self->psu_of_row);
  g_free (self->unit_of_row);
  g_free (self->ones);
  g_clear_pointer (&self->projection, sarap_projection_free);
  g_free (self);
}

static guint
hash_pair (gconstpointer key)
{
  guint64 value = *(const guint64 *) key * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);

  return (guint) (value >> 32);
}

/* Numbers the pairs (@groups, @codes) from 0 in order of appearance. Either may be NULL: one
 * group, each row by itself. @group_of_item is made for the items. */
static guint32 *
number_items (gsize n, const guint32 *groups, const guint32 *codes, gsize *n_items, guint32 **group_of_item)
{
  g_autoptr (GHashTable) numbers = g_hash_table_new (hash_pair, g_int64_equal);
  g_autofree guint64 *keys = g_new (guint64, MAX (n, 1));
  g_autoptr (GArray) item_groups = g_array_sized_new (FALSE, FALSE, sizeof (guint32), codes ? 64 : n);
  guint32 *item_of_row = g_new (guint32, MAX (n, 1));

  for (gsize row = 0; row < n; row++)
    {
      guint32 group = groups ? groups[row] : 0, item = item_groups->len;
      gpointer found;

      keys[row] = (guint64) group << 32 | (codes ? codes[row] : 0);
      if (codes && row > 0 && keys[row] == keys[row - 1])
        item = item_of_row[row - 1];
      else if (codes && g_hash_table_lookup_extended (numbers, &keys[row], NULL, &found))
        item = GPOINTER_TO_UINT (found);
      else
        {
          if (codes)
            g_hash_table_insert (numbers, &keys[row], GUINT_TO_POINTER (item));
          g_array_append_val (item_groups, group);
        }
      item_of_row[row] = item;
    }
  *n_items = item_groups->len;
  *group_of_item = (guint32 *) g_array_free (g_steal_pointer (&item_groups), FALSE);
  return item_of_row;
}

static void
stage_count (Stage *self, guint n_groups)
{
  self->n_groups = n_groups;
  self->counts = g_new0 (guint, MAX (n_groups, 1));
  self->factors = g_new0 (double, MAX (n_groups, 1));
  for (gsize i = 0; i < self->n_items; i++)
    self->counts[self->group_of_item[i]]++;
}

/* Rules 2 to 4: the factor of a group of @n items out of @population. */
static double
group_factor (guint n, double population)
{
  double rest = isinf (population) ? 1 : (population - n) / population;

  if (rest < SELF_REPRESENTING)
    return 0;
  return n > 1 ? rest * n / (n - 1.0) : rest;
}

/* Reads the one population size of every group from its rows. @sizes NULL: infinite.
 * Returns: (nullable): n_groups numbers, or NULL with @error set */
static double *
read_populations (const Stage *stage, gsize n, const guint32 *group_of_row, const double *sizes, const char *what, GError **error)
{
  g_autofree double *populations = g_new (double, MAX (stage->n_groups, 1));

  for (guint g = 0; g < stage->n_groups; g++)
    populations[g] = sizes ? NAN : INFINITY;
  for (gsize row = 0; sizes && row < n; row++)
    {
      guint32 group = group_of_row[row];

      if (isnan (populations[group]))
        populations[group] = sizes[row];
      if (populations[group] != sizes[row])
        g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "interview %" G_GSIZE_FORMAT ": its %s has more than one population size", row + 1, what);
      else if (!(sizes[row] >= stage->counts[group]))
        g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "interview %" G_GSIZE_FORMAT ": its %s has %u in the sample, but %g in the population", row + 1, what, stage->counts[group], sizes[row]);
      else
        continue;
      return NULL;
    }
  return g_steal_pointer (&populations);
}

static gboolean
check_weights (const double *weights, gsize n, GError **error)
{
  for (gsize row = 0; weights && row < n; row++)
    if (!(weights[row] >= 0) || isinf (weights[row]))
      {
        g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "interview %" G_GSIZE_FORMAT ": a weight must be a number from 0", row + 1);
        return FALSE;
      }
  return TRUE;
}

/* @strata_of_rows: numbered from 0. */
static gboolean
make_stages (SarapDesign *self, const SarapDesignColumns *columns, const guint32 *strata_of_rows, guint n_strata, GError **error)
{
  g_autofree double *psus = NULL, *units = NULL;

  self->psu_of_row = number_items (self->n, strata_of_rows, columns->psus, &self->psus.n_items, &self->psus.group_of_item);
  stage_count (&self->psus, n_strata);
  psus = read_populations (&self->psus, self->n, strata_of_rows, columns->psus_in_population, "stratum", error);
  if (psus == NULL)
    return FALSE;
  for (guint h = 0; h < n_strata; h++)
    self->psus.factors[h] = group_factor (self->psus.counts[h], psus[h]);
  if (columns->psus_in_population == NULL || columns->units_in_population == NULL)
    return TRUE;
  self->unit_of_row = number_items (self->n, self->psu_of_row, columns->units, &self->units.n_items, &self->units.group_of_item);
  stage_count (&self->units, self->psus.n_items);
  units = read_populations (&self->units, self->n, self->psu_of_row, columns->units_in_population, "sampling point", error);
  for (guint i = 0; units && i < self->units.n_groups; i++)
    {
      guint32 h = self->psus.group_of_item[i];

      self->units.factors[i] = group_factor (self->units.counts[i], units[i]) * self->psus.counts[h] / psus[h];
    }
  return units != NULL;
}

/* Returns: (nullable) (transfer full): NULL with SARAP_INPUT_ERROR_MALFORMED when a weight is no
 * number from 0, or a population size is smaller than its sample or not one per group. */
SarapDesign *
sarap_design_new (const SarapDesignColumns *columns, GError **error)
{
  g_autoptr (SarapDesign) self = g_new0 (SarapDesign, 1);
  g_autofree guint32 *strata = NULL, *ignored = NULL, *zeros = g_new0 (guint32, MAX (columns->n, 1));
  gsize n_strata;

  self->n = columns->n;
  self->weights = columns->weights;
  if (!check_weights (columns->weights, columns->n, error))
    return NULL;
  if (columns->weights == NULL)
    {
      self->ones = g_new (double, MAX (self->n, 1));
      for (gsize row = 0; row < self->n; row++)
        self->ones[row] = 1;
      self->weights = self->ones;
    }
  strata = number_items (self->n, NULL, columns->strata ? columns->strata : zeros, &n_strata, &ignored);
  if (!make_stages (self, columns, strata, n_strata, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* From now on the weights are @calibrated (borrowed), made by raking @base to @margins (the cells
 * and @base are read now, but not the totals), and variances know it. */
void
sarap_design_calibrate (SarapDesign *self, SarapCalibration calibration, const SarapMargin *margins, guint n_margins, const double *base, const double *calibrated)
{
  g_clear_pointer (&self->projection, sarap_projection_free);
  self->projection = sarap_projection_new (calibration, self->n, margins, n_margins, base, calibrated);
  self->weights = calibrated;
}

gsize
sarap_design_get_n (const SarapDesign *self)
{
  return self->n;
}

const double *
sarap_design_peek_weights (const SarapDesign *self)
{
  return self->weights;
}

/* Adds the stage's share of the covariance; @totals: k columns of one number per item. */
static void
stage_add (const Stage *self, const double *const *totals, guint k, double *covariance)
{
  g_autofree double *means = g_new0 (double, MAX ((gsize) self->n_groups * k, 1));

  for (guint a = 0; a < k; a++)
    for (gsize i = 0; i < self->n_items; i++)
      means[(gsize) self->group_of_item[i] * k + a] += totals[a][i];
  for (guint g = 0; g < self->n_groups; g++)
    for (guint a = 0; a < k; a++)
      means[(gsize) g * k + a] = self->counts[g] > 1 ? means[(gsize) g * k + a] / self->counts[g] : 0;
  for (guint a = 0; a < k; a++)
    for (guint b = 0; b <= a; b++)
      {
        double sum = 0;

        for (gsize i = 0; i < self->n_items; i++)
          {
            guint32 g = self->group_of_item[i];

            sum += self->factors[g] * (totals[a][i] - means[(gsize) g * k + a]) * (totals[b][i] - means[(gsize) g * k + b]);
          }
        covariance[a * k + b] += sum;
      }
}

static double *
sum_by (gsize n, const double *values, const guint32 *items, gsize n_items)
{
  double *totals = g_new0 (double, MAX (n_items, 1));

  for (gsize row = 0; row < n; row++)
    totals[items[row]] += values[row];
  return totals;
}

static void
add_stage_of_rows (const SarapDesign *self, const Stage *stage, const guint32 *item_of_row, const double *const *columns, guint k, double *covariance)
{
  g_autoptr (GPtrArray) totals = g_ptr_array_new_with_free_func (g_free);

  for (guint a = 0; a < k; a++)
    g_ptr_array_add (totals, sum_by (self->n, columns[a], item_of_row, stage->n_items));
  stage_add (stage, (const double *const *) totals->pdata, k, covariance);
}

/* V of @k columns of influences (one number per interview each), as k × k numbers. */
void
sarap_design_covariance (const SarapDesign *self, const double *const *influences, guint k, double *covariance)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_free);
  const double *const *used = influences;

  if (self->projection)
    {
      for (guint a = 0; a < k; a++)
        g_ptr_array_add (columns, sarap_projection_apply (self->projection, influences[a]));
      used = (const double *const *) columns->pdata;
    }
  memset (covariance, 0, sizeof *covariance * k * k);
  add_stage_of_rows (self, &self->psus, self->psu_of_row, used, k, covariance);
  if (self->units.n_items > 0)
    add_stage_of_rows (self, &self->units, self->unit_of_row, used, k, covariance);
  for (guint a = 0; a < k; a++)
    for (guint b = 0; b < a; b++)
      covariance[b * k + a] = covariance[a * k + b];
}

double
sarap_design_variance (const SarapDesign *self, const double *influence)
{
  double variance;

  sarap_design_covariance (self, &influence, 1, &variance);
  return variance;
}

/* PSUs with members less strata with members: the degrees of freedom of a domain.
 * @members: one per interview, not 0 when it is inside. */
guint
sarap_design_count_degrees (const SarapDesign *self, const guint8 *members)
{
  g_autofree guint8 *psus = g_new0 (guint8, MAX (self->psus.n_items, 1));
  g_autofree guint8 *strata = g_new0 (guint8, MAX (self->psus.n_groups, 1));
  guint degrees = 0;

  for (gsize row = 0; row < self->n; row++)
    if (members[row])
      psus[self->psu_of_row[row]] = 1;
  for (gsize i = 0; i < self->psus.n_items; i++)
    {
      degrees += psus[i];
      strata[self->psus.group_of_item[i]] |= psus[i];
    }
  for (guint h = 0; h < self->psus.n_groups; h++)
    degrees -= strata[h];
  return degrees;
}
