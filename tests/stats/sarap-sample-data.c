#include "tests/stats/sarap-sample-data.h"

#include <math.h>

#define N_STRATA 9
#define LONELY 3
#define TAKEN_WHOLE 4
#define INTERVIEWS_PER_PSU 8

void
sarap_sample_data_fill (SarapSampleData *data, gsize n, guint32 seed)
{
  g_autoptr (GRand) chance = g_rand_new_with_seed (seed);
  guint n_psus = MAX (n / (N_STRATA * INTERVIEWS_PER_PSU), 2);

  *data = (SarapSampleData){ .n = n };
  data->strata = g_new (guint32, n);
  data->psus = g_new (guint32, n);
  data->groups = g_new (guint32, n);
  data->weights = g_new (double, n);
  data->psus_in_population = g_new (double, n);
  data->units_in_population = g_new (double, n);
  data->share = g_new (double, n);
  data->amount = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    {
      guint32 stratum = i % N_STRATA;

      data->strata[i] = stratum * 7;
      data->psus[i] = stratum == LONELY ? 0 : (i / N_STRATA) % n_psus;
      data->groups[i] = g_rand_int_range (chance, 0, SARAP_SAMPLE_GROUPS);
      data->weights[i] = g_rand_double (chance) < 0.02 ? 0 : g_rand_double_range (chance, 5, 400);
      data->psus_in_population[i] = stratum == TAKEN_WHOLE ? n_psus : stratum == LONELY ? 12
                                                                                        : n_psus * 5;
      data->units_in_population[i] = n + 100;
      data->share[i] = g_rand_double (chance) < 0.1 ? NAN : g_rand_double (chance) < 0.2 + 0.1 * (stratum % 3);
      data->amount[i] = g_rand_double (chance) < 0.3 ? NAN : floor (exp (g_rand_double_range (chance, 0, 8)));
    }
}

void
sarap_sample_data_clear (SarapSampleData *data)
{
  g_free (data->strata);
  g_free (data->psus);
  g_free (data->groups);
  g_free (data->weights);
  g_free (data->psus_in_population);
  g_free (data->units_in_population);
  g_free (data->share);
  g_free (data->amount);
}

static void
swap (double *column, gsize i, gsize j)
{
  double kept = column[i];

  column[i] = column[j];
  column[j] = kept;
}

static void
swap_codes (guint32 *column, gsize i, gsize j)
{
  guint32 kept = column[i];

  column[i] = column[j];
  column[j] = kept;
}

/* Puts the rows into another order. */
void
sarap_sample_data_shuffle (SarapSampleData *data, guint32 seed)
{
  g_autoptr (GRand) chance = g_rand_new_with_seed (seed);
  double *columns[] = { data->weights, data->psus_in_population, data->units_in_population, data->share, data->amount };

  for (gsize i = data->n; i-- > 1;)
    {
      gsize j = g_rand_int_range (chance, 0, i + 1);

      for (guint c = 0; c < G_N_ELEMENTS (columns); c++)
        swap (columns[c], i, j);
      swap_codes (data->strata, i, j);
      swap_codes (data->psus, i, j);
      swap_codes (data->groups, i, j);
    }
}

SarapDesign *
sarap_sample_data_design (const SarapSampleData *data, gboolean has_populations)
{
  SarapDesignColumns columns = { .n = data->n, .weights = data->weights, .strata = data->strata, .psus = data->psus };
  g_autoptr (GError) error = NULL;
  SarapDesign *design;

  if (has_populations)
    {
      columns.psus_in_population = data->psus_in_population;
      columns.units_in_population = data->units_in_population;
    }
  design = sarap_design_new (&columns, &error);
  g_assert_no_error (error);
  return design;
}

void
sarap_assert_near (double got, double expected, double relative)
{
  if (isnan (got) != isnan (expected) || fabs (got - expected) > relative * fabs (expected) + 1e-15)
    g_error ("got %.17g, expected %.17g", got, expected);
}
