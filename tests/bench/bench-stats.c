#include "app/stats/sarap-estimate.h"
#include "tests/stats/sarap-sample-data.h"

/* One table (every region × group: share, error, interval) from columns of interviews. */

#define N_REGIONS 16

static double
tabulate (const SarapSampleData *data, const SarapDesign *design)
{
  g_autofree guint8 *domain = g_malloc (data->n);
  double sum = 0;

  for (guint region = 0; region < N_REGIONS; region++)
    for (guint group = 0; group < SARAP_SAMPLE_GROUPS; group++)
      {
        SarapEstimate estimate;

        for (gsize i = 0; i < data->n; i++)
          domain[i] = data->groups[i] == group && data->psus[i] % N_REGIONS == region;
        sarap_estimate_mean (design, data->share, domain, NULL, &estimate);
        sum += sarap_estimate_interval_korn_graubard (&estimate, 0.95).high;
      }
  return sum;
}

int
main (int argc, char **argv)
{
  const gsize sizes[] = { 10000, 100000, 1000000 };
  const double allowed[] = { 1, 1, 3 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_auto (SarapSampleData) data;
      g_autoptr (SarapDesign) design = NULL;
      gint64 start, made, done;

      sarap_sample_data_fill (&data, sizes[i], 1);
      start = g_get_monotonic_time ();
      design = sarap_sample_data_design (&data, FALSE);
      made = g_get_monotonic_time ();
      tabulate (&data, design);
      done = g_get_monotonic_time ();
      g_print ("%8" G_GSIZE_FORMAT " interviews: design %.3f s, table of %d cells %.3f s\n", sizes[i], (made - start) / 1e6, N_REGIONS * SARAP_SAMPLE_GROUPS, (done - made) / 1e6);
      if ((done - start) / 1e6 > allowed[i])
        g_error ("more than %g s", allowed[i]);
    }
  return 0;
}
