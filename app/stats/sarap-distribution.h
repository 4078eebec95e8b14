#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Quantiles and tails of the distributions that intervals and tests use, good to 1e-12. */

double sarap_normal_quantile (double p);
double sarap_normal_tail (double z);
double sarap_t_quantile (double p, double df);
double sarap_t_two_sided (double t, double df);
double sarap_beta_quantile (double p, double a, double b);
double sarap_gamma_quantile (double p, double shape);
double sarap_f_quantile (double p, double df1, double df2);
double sarap_f_tail (double f, double df1, double df2);
double sarap_chi_square_tail (double x, double df);

G_END_DECLS
