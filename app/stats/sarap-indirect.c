#include "app/stats/sarap-indirect.h"

#include <math.h>

#include "app/stats/sarap-distribution.h"

typedef struct
{
  gsize n;
  double mean;
  double variance; /* of the mean */
} Arm;

static Arm
summarize_arm (gsize n, const double *values, const guint8 *members)
{
  Arm arm = { 0, 0, 0 };
  double squares = 0;

  for (gsize row = 0; row < n; row++)
    if (members[row])
      {
        arm.n++;
        arm.mean += values[row];
      }
  arm.mean /= arm.n;
  for (gsize row = 0; row < n; row++)
    if (members[row])
      squares += (values[row] - arm.mean) * (values[row] - arm.mean);
  arm.variance = squares / (arm.n - 1.0) / arm.n;
  return arm;
}

/* Who gave a count, in the arm that is asked for. */
static void
choose_arm (gsize n, const double *counts, const guint8 *is_treatment, const guint8 *domain, gboolean treatment, guint8 *members)
{
  for (gsize row = 0; row < n; row++)
    members[row] = (domain == NULL || domain[row]) && !isnan (counts[row]) && (is_treatment[row] != 0) == treatment;
}

/* Two samples of unequal variance (Welch 1947). */
static void
welch (const Arm *treatment, const Arm *control, SarapDifference *difference)
{
  double sum = treatment->variance + control->variance;

  *difference = (SarapDifference){ .value = treatment->mean - control->mean, .se = sqrt (sum) };
  difference->df = sum * sum / (treatment->variance * treatment->variance / (treatment->n - 1.0) + control->variance * control->variance / (control->n - 1.0));
  difference->t = difference->value / difference->se;
  difference->p = sarap_t_two_sided (difference->t, difference->df);
  difference->interval = sarap_interval_t (difference->value, difference->se, difference->df, 0.95);
}

static double
share_at (gsize n, const double *counts, const guint8 *members, double count)
{
  gsize all = 0, at = 0;

  for (gsize row = 0; row < n; row++)
    {
      all += members[row];
      at += members[row] && counts[row] == count;
    }
  return (double) at / all;
}

/* List experiment: mean count of the treatment list less that of the control list (Blair & Imai
 * 2012, eq. 1), unweighted with Welch's interval and over the design with the covariance of the
 * arms. @influence: (nullable): takes the influences of the weighted difference. */
void
sarap_list_estimate (const SarapDesign *design, const double *counts, const guint8 *is_treatment, const guint8 *domain, guint n_items, double *influence, SarapListExperiment *result)
{
  gsize n = sarap_design_get_n (design);
  g_autofree guint8 *treatment = g_new (guint8, MAX (n, 1)), *control = g_new (guint8, MAX (n, 1));
  SarapEstimate of_control, of_treatment;
  Arm with, without;

  choose_arm (n, counts, is_treatment, domain, TRUE, treatment);
  choose_arm (n, counts, is_treatment, domain, FALSE, control);
  with = summarize_arm (n, counts, treatment);
  without = summarize_arm (n, counts, control);
  result->n_treatment = with.n;
  result->n_control = without.n;
  welch (&with, &without, &result->unweighted);
  result->ceiling_share = share_at (n, counts, control, n_items);
  result->floor_share = share_at (n, counts, control, 0);
  sarap_difference_paired (design, counts, control, treatment, influence, &of_control, &of_treatment, &result->weighted);
}

/* Shares of @members with a count of at most y, for y = 0 … n_items; counts[n_items + 1] is 1. */
static double *
cumulate (gsize n, const double *counts, const guint8 *members, guint n_items, gsize *n_members)
{
  double *shares = g_new0 (double, n_items + 2);

  *n_members = 0;
  for (gsize row = 0; row < n; row++)
    if (members[row])
      {
        (*n_members)++;
        for (guint y = 0; y < n_items + 2; y++)
          shares[y] += counts[row] <= y;
      }
  for (guint y = 0; y < n_items + 2; y++)
    shares[y] /= *n_members;
  return shares;
}

/* The joint shares of Blair & Imai 2012, eq. 3 and 4, and the test of no design effect (§3.2):
 * with[y] = P (C ≤ y) − P (T ≤ y), without[y] = P (T ≤ y) − P (C ≤ y − 1). Who has no count takes
 * no part. Free with sarap_list_shares_clear(). */
void
sarap_list_shares (gsize n, const double *counts, const guint8 *is_treatment, const guint8 *domain, guint n_items, SarapListShares *shares)
{
  g_autofree guint8 *treatment = g_new (guint8, MAX (n, 1)), *control = g_new (guint8, MAX (n, 1));
  g_autofree double *t = NULL, *c = NULL;
  gsize n_t, n_c;

  choose_arm (n, counts, is_treatment, domain, TRUE, treatment);
  choose_arm (n, counts, is_treatment, domain, FALSE, control);
  t = cumulate (n, counts, treatment, n_items, &n_t);
  c = cumulate (n, counts, control, n_items, &n_c);
  shares->n_items = n_items;
  shares->with = g_new (double, n_items + 1);
  shares->without = g_new (double, n_items + 1);
  for (guint y = 0; y <= n_items; y++)
    {
      shares->with[y] = c[y] - t[y];
      shares->without[y] = t[y] - (y > 0 ? c[y - 1] : 0);
    }
}

void
sarap_list_shares_clear (SarapListShares *shares)
{
  g_clear_pointer (&shares->with, g_free);
  g_clear_pointer (&shares->without, g_free);
}

/* value = (λ − @from) / @slope, in both ways of counting. */
static void
turn_share (const SarapDesign *design, const double *values, const guint8 *domain, double from, double slope, SarapIndirectShare *result)
{
  gsize n = sarap_design_get_n (design), n_yes = 0;
  double l, n_valid;

  result->n = 0;
  for (gsize row = 0; row < n; row++)
    if ((domain == NULL || domain[row]) && !isnan (values[row]))
      {
        result->n++;
        n_yes += values[row] == 1;
      }
  n_valid = result->n;
  l = result->share = n_yes / n_valid;
  result->value = (l - from) / slope;
  result->se_n = sqrt (l * (1 - l) / n_valid) / fabs (slope);
  result->se_n1 = sqrt (l * (1 - l) / (n_valid - 1)) / fabs (slope);
  sarap_estimate_mean (design, values, domain, NULL, &result->weighted);
  result->weighted_value = (result->weighted.value - from) / slope;
  result->weighted_se = result->weighted.se / fabs (slope);
}

/* Crosswise: λ of "both or neither", p the known share of the harmless item:
 * π = (λ + p − 1) / (2p − 1) (Yu, Tian & Tang 2008, eq. 2.3). @p ≠ ½. */
void
sarap_crosswise_estimate (const SarapDesign *design, const double *is_same, const guint8 *domain, double p, SarapIndirectShare *result)
{
  turn_share (design, is_same, domain, 1 - p, 2 * p - 1, result);
}

/* Forced response: λ of "yes", told the truth with @p_truth, made to say yes with @p_forced_yes:
 * π = (λ − p_yes) / p_truth (Boruch 1971). */
void
sarap_forced_response_estimate (const SarapDesign *design, const double *is_yes, const guint8 *domain, double p_truth, double p_forced_yes, SarapIndirectShare *result)
{
  turn_share (design, is_yes, domain, p_forced_yes, p_truth, result);
}

/* Crosswise when some answer at random: an anchor item that is true for nobody tells how many do
 * (Atsusaka & Stevenson 2021, eq. 5 to 8). With λ' of the anchor and p' of its harmless item
 * γ = (λ' − ½) / (½ − p') are attentive and π = ½ + (λ − ½) / (2γ (p − ½)); the variance is
 * linearised over the design, with the covariance of λ and λ'. */
void
sarap_crosswise_correct (const SarapDesign *design, const double *is_same, const double *is_anchor_same, const guint8 *domain, double p, double p_anchor, SarapAttentiveCrosswise *result)
{
  gsize n = sarap_design_get_n (design);
  g_autofree double *u = g_new (double, MAX (n, 1)), *u_anchor = g_new (double, MAX (n, 1));
  SarapEstimate same, anchor;
  double by_same, by_anchor;

  sarap_estimate_mean (design, is_same, domain, u, &same);
  sarap_estimate_mean (design, is_anchor_same, domain, u_anchor, &anchor);
  result->attentive = (anchor.value - 0.5) / (0.5 - p_anchor);
  by_same = 1 / (2 * result->attentive * (p - 0.5));
  result->value = 0.5 + (same.value - 0.5) * by_same;
  by_anchor = -(same.value - 0.5) * by_same / (anchor.value - 0.5);
  for (gsize row = 0; row < n; row++)
    u[row] = by_same * u[row] + by_anchor * u_anchor[row];
  result->se = sqrt (sarap_design_variance (design, u));
  result->df = fmin (same.df, anchor.df);
}
