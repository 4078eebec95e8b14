#include "app/stats/sarap-interval.h"

#include <math.h>

#include "app/stats/sarap-distribution.h"

SarapInterval
sarap_interval_none (void)
{
  return (SarapInterval){ NAN, NAN };
}

/* value ± t · se. @df infinite: the normal interval. */
SarapInterval
sarap_interval_t (double value, double se, double df, double level)
{
  double t = sarap_t_quantile ((1 + level) / 2, df);

  return (SarapInterval){ value - t * se, value + t * se };
}

static double
inverse_logit (double x)
{
  return 1 / (1 + exp (-x));
}

/* logit p ± t · se / (p (1 − p)), turned back (Korn & Graubard 1999, §5.5; R svyciprop "xlogit").
 * None at 0 and 1. */
SarapInterval
sarap_interval_logit (double share, double se, double df, double level)
{
  double t = sarap_t_quantile ((1 + level) / 2, df), middle, half;

  if (!(share > 0 && share < 1 && se > 0))
    return sarap_interval_none ();
  middle = log (share) - log1p (-share);
  half = t * se / (share * (1 - share));
  return (SarapInterval){ inverse_logit (middle - half), inverse_logit (middle + half) };
}

/* Clopper & Pearson 1934 on n* = n_eff (t (n − 1) / t (df))² instead of n (Korn & Graubard 1998;
 * R svyciprop "beta"). @n: valid answers. At 0 and 1 n* = n. */
SarapInterval
sarap_interval_korn_graubard (double share, double n_effective, gsize n, double df, double level)
{
  double tail = (1 - level) / 2, ratio, adjusted;

  if (n == 0)
    return sarap_interval_none ();
  if (share <= 0)
    return (SarapInterval){ 0, sarap_beta_quantile (1 - tail, 1, n) };
  if (share >= 1)
    return (SarapInterval){ sarap_beta_quantile (tail, n, 1), 1 };
  if (!(df > 0) || n < 2)
    return sarap_interval_none ();
  ratio = sarap_t_quantile (tail, n - 1.0) / sarap_t_quantile (tail, df);
  adjusted = n_effective * ratio * ratio;
  return (SarapInterval){
    sarap_beta_quantile (tail, adjusted * share, adjusted * (1 - share) + 1),
    sarap_beta_quantile (1 - tail, adjusted * share + 1, adjusted * (1 - share)),
  };
}

/* Of @x out of @n unweighted cases (Wilson 1927). The end at 0 of n and at n of n is exact. */
SarapInterval
sarap_interval_wilson (double x, double n, double level)
{
  double z = sarap_normal_quantile ((1 + level) / 2), p = x / n, z2n = z * z / n, half;

  if (!(n > 0))
    return sarap_interval_none ();
  half = z * sqrt (p * (1 - p) / n + z2n / (4 * n));
  return (SarapInterval){
    x <= 0 ? 0 : (p + z2n / 2 - half) / (1 + z2n),
    x >= n ? 1 : (p + z2n / 2 + half) / (1 + z2n),
  };
}

/* Exact interval of the rate of @count events over @exposure (Garwood 1936). */
SarapInterval
sarap_interval_poisson (double count, double exposure, double level)
{
  double tail = (1 - level) / 2;

  if (!(exposure > 0) || !(count >= 0))
    return sarap_interval_none ();
  return (SarapInterval){
    count > 0 ? sarap_gamma_quantile (tail, count) / exposure : 0,
    sarap_gamma_quantile (1 - tail, count + 1) / exposure,
  };
}
