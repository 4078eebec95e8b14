#include "app/stats/sarap-distribution.h"
#include "app/stats/sarap-interval.h"
#include "tests/stats/sarap-sample-data.h"

#include <math.h>

/* The values are mpmath's, 30 digits, rounded. */

#define GOOD 1e-12

static void
test_quantiles (void)
{
  sarap_assert_near (sarap_normal_quantile (0.975), 1.959963984540054236, GOOD);
  sarap_assert_near (sarap_t_quantile (0.975, 1), 12.706204736174704646, GOOD);
  sarap_assert_near (sarap_t_quantile (0.975, 3), 3.1824463052837095927, GOOD);
  sarap_assert_near (sarap_t_quantile (0.975, 12.5), 2.1691859427125411075, GOOD);
  sarap_assert_near (sarap_t_quantile (0.975, INFINITY), 1.959963984540054236, GOOD);
  sarap_assert_near (sarap_beta_quantile (0.975, 1, 16), 1 - pow (0.025, 1.0 / 16), GOOD);
  sarap_assert_near (sarap_beta_quantile (0.975, 0.01, 400), 0.0001179839169427206, GOOD);
  sarap_assert_near (sarap_gamma_quantile (0.975, 1), -log (0.025), GOOD);
  /* F (1, df) is the square of t (df); P (F < f; 2, 2) = f / (1 + f). */
  sarap_assert_near (sarap_f_quantile (0.95, 1, 7), pow (sarap_t_quantile (0.975, 7), 2), GOOD);
  sarap_assert_near (sarap_f_quantile (0.8, 2, 2), 4, GOOD);
}

static void
test_tails (void)
{
  sarap_assert_near (sarap_t_two_sided (-11.4591123462518, 279), 3.5924677518726015e-25, GOOD);
  sarap_assert_near (sarap_t_two_sided (1, 1), 0.5, GOOD);
  sarap_assert_near (sarap_f_tail (4, 2, 2), 0.2, GOOD);
  sarap_assert_near (sarap_chi_square_tail (3, 2), exp (-1.5), GOOD);
  sarap_assert_near (sarap_normal_tail (0), 0.5, GOOD);
}

/* A quantile put into the tail gives the level back, over all sizes that surveys have. The tail of F
 * moves by some times what its quantile moves. */
static void
test_round_trip (void)
{
  for (double df = 1; df < 1e6; df *= 1.7)
    {
      sarap_assert_near (sarap_t_two_sided (sarap_t_quantile (0.975, df), df), 0.05, GOOD);
      for (double df1 = 1; df1 < 60; df1 *= 2.3)
        sarap_assert_near (sarap_f_tail (sarap_f_quantile (0.95, df1, df), df1, df), 0.05, 20 * GOOD);
    }
}

static void
test_out_of_domain (void)
{
  g_assert_true (isnan (sarap_t_quantile (0.975, 0)));
  g_assert_true (isnan (sarap_t_quantile (1.5, 3)));
  g_assert_true (isnan (sarap_t_quantile (NAN, 3)));
  g_assert_true (isnan (sarap_beta_quantile (0.5, 0, 1)));
  g_assert_true (isnan (sarap_beta_quantile (0.5, NAN, 1)));
  g_assert_true (isnan (sarap_f_tail (1, -1, 4)));
  g_assert_true (isnan (sarap_gamma_quantile (0.5, INFINITY)));
}

static void
test_intervals (void)
{
  SarapInterval wilson = sarap_interval_wilson (0, 40, 0.95), poisson = sarap_interval_poisson (3, 2, 0.95);
  SarapInterval none = sarap_interval_logit (1, 0.1, 5, 0.95), extreme = sarap_interval_korn_graubard (0, 16, 16, 0, 0.95);

  g_assert_cmpfloat (wilson.low, ==, 0);
  sarap_assert_near (wilson.high, 0.0876216011972866, 1e-13);
  g_assert_cmpfloat (sarap_interval_wilson (40, 40, 0.95).high, ==, 1);
  sarap_assert_near (poisson.low, 0.618672122895601287 / 2, GOOD);
  sarap_assert_near (poisson.high, 8.76727306974232604 / 2, GOOD);
  g_assert_cmpfloat (sarap_interval_poisson (0, 10, 0.95).low, ==, 0);
  sarap_assert_near (sarap_interval_poisson (0, 10, 0.95).high, -log (0.025) / 10, 1e-12);
  g_assert_true (isnan (none.low) && isnan (none.high));
  g_assert_cmpfloat (extreme.low, ==, 0);
  sarap_assert_near (extreme.high, 0.205907214207823, 1e-12);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/distribution/quantiles", test_quantiles);
  g_test_add_func ("/stats/distribution/tails", test_tails);
  g_test_add_func ("/stats/distribution/tail-of-a-quantile-is-its-level", test_round_trip);
  g_test_add_func ("/stats/distribution/out-of-domain-is-no-number", test_out_of_domain);
  g_test_add_func ("/stats/distribution/intervals", test_intervals);
  return g_test_run ();
}
