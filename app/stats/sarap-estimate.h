#pragma once

#include "app/stats/sarap-design.h"
#include "app/stats/sarap-interval.h"

G_BEGIN_DECLS

/* Means, shares, totals and ratios over a design.
 *
 * Values are columns of one double per interview, NAN = no valid answer. A domain is a column of
 * one byte per interview, not 0 = inside; NULL = everybody. Who counts: inside the domain, a
 * valid answer, a weight above 0. Nobody else is dropped from the design. */

typedef struct
{
  gsize n;           /* who counts */
  gsize n_positive;  /* whose value is 1 */
  gboolean is_share; /* every value that counts is 0 or 1 */
  double sum_weights;
  double value; /* NAN when nobody counts */
  double se;
  double df;           /* of the domain */
  double cv;           /* se ÷ value; NAN without variance */
  double deff;         /* against a simple sample without replacement; means only, else NAN */
  double deff_replace; /* with replacement */
  double n_effective;  /* shares only: p (1 − p) ÷ V; n when p is 0 or 1 */
} SarapEstimate;

void sarap_estimate_mean (const SarapDesign *design, const double *values, const guint8 *domain, double *influence, SarapEstimate *estimate);
void sarap_estimate_total (const SarapDesign *design, const double *values, const guint8 *domain, double *influence, SarapEstimate *estimate);
void sarap_estimate_ratio (const SarapDesign *design, const double *numerator, const double *denominator, const guint8 *domain, double *influence, SarapEstimate *estimate);
void sarap_estimate_nps (const SarapDesign *design, const double *ratings, const guint8 *domain, SarapEstimate *estimate);
SarapInterval sarap_estimate_interval_t (const SarapEstimate *estimate, double level);
SarapInterval sarap_estimate_interval_logit (const SarapEstimate *estimate, double level);
SarapInterval sarap_estimate_interval_korn_graubard (const SarapEstimate *estimate, double level);

/* A difference and its test against 0. */
typedef struct
{
  double value;
  double se;
  double df;
  double t;
  double p; /* two-sided */
  double covariance;
  SarapInterval interval; /* 95 % */
} SarapDifference;

void sarap_difference_paired (const SarapDesign *design, const double *values, const guint8 *first, const guint8 *second, double *influence, SarapEstimate *of_first, SarapEstimate *of_second, SarapDifference *difference);
void sarap_difference_independent (const SarapEstimate *of_first, const SarapEstimate *of_second, SarapDifference *difference);
void sarap_holm (gsize n, const double *p, double *adjusted);

G_END_DECLS
