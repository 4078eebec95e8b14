#pragma once

#include "app/stats/sarap-design.h"

G_BEGIN_DECLS

/* Raking of weights to known margins, and what it does to variances. */

typedef struct
{
  guint n_rounds;     /* sweeps over all margins */
  double trim_factor; /* no weight above this times the median; 0: no trimming */
} SarapRakeOptions;

gboolean sarap_rake (gsize n, const double *base, const SarapMargin *margins, guint n_margins, const SarapRakeOptions *options, double *weights, GError **error);
guint sarap_trim_weights (gsize n, double *weights, const guint32 *cells, guint n_cells, double limit);
double sarap_kish_deff (gsize n, const double *weights);

typedef struct _SarapProjection SarapProjection;

SarapProjection *sarap_projection_new (SarapCalibration calibration, gsize n, const SarapMargin *margins, guint n_margins, const double *base, const double *calibrated);
void sarap_projection_free (SarapProjection *self);
double *sarap_projection_apply (const SarapProjection *self, const double *influence);

G_END_DECLS
