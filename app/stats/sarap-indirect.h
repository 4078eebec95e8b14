#pragma once

#include "app/stats/sarap-estimate.h"

G_BEGIN_DECLS

/* Questions that hide the single answer: list experiment, crosswise, forced response. Estimates
 * outside 0…1 are shown as they are; print truncates. */

typedef struct
{
  gsize n_treatment;
  gsize n_control;
  SarapDifference unweighted; /* Welch */
  SarapDifference weighted;
  double ceiling_share; /* of the control list at the top, unweighted */
  double floor_share;   /* at 0 */
} SarapListExperiment;

/* Joint shares of the list count and the sensitive item, unweighted. All are ≥ 0 unless the list
 * itself changes answers (a design effect). */
typedef struct
{
  guint n_items;
  double *with;    /* n_items + 1: count y among the control items, and the sensitive item */
  double *without; /* n_items + 1: count y, without it */
} SarapListShares;

void sarap_list_estimate (const SarapDesign *design, const double *counts, const guint8 *is_treatment, const guint8 *domain, guint n_items, double *influence, SarapListExperiment *result);
void sarap_list_shares (gsize n, const double *counts, const guint8 *is_treatment, const guint8 *domain, guint n_items, SarapListShares *shares);
void sarap_list_shares_clear (SarapListShares *shares);

/* A share that is a line of an observed share: unweighted and over the design. */
typedef struct
{
  gsize n;
  double share; /* observed, unweighted */
  double value;
  double se_n;            /* √(λ (1 − λ) / n), turned */
  double se_n1;           /* with n − 1 */
  SarapEstimate weighted; /* observed, over the design */
  double weighted_value;
  double weighted_se;
} SarapIndirectShare;

void sarap_crosswise_estimate (const SarapDesign *design, const double *is_same, const guint8 *domain, double p, SarapIndirectShare *result);
void sarap_forced_response_estimate (const SarapDesign *design, const double *is_yes, const guint8 *domain, double p_truth, double p_forced_yes, SarapIndirectShare *result);

typedef struct
{
  double value;
  double se;
  double df;
  double attentive; /* share of those who follow the instruction */
} SarapAttentiveCrosswise;

void sarap_crosswise_correct (const SarapDesign *design, const double *is_same, const double *is_anchor_same, const guint8 *domain, double p, double p_anchor, SarapAttentiveCrosswise *result);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SarapListShares, sarap_list_shares_clear)

G_END_DECLS
