#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How a sample was drawn: strata, sampling points (PSUs), finite populations, weights.
 *
 * Columns in, one element per interview. What is not there is NULL. The weights are borrowed and
 * must outlive the design; the other columns are read by sarap_design_new() only. */

typedef struct
{
  gsize n;
  const double *weights;             /* ≥ 0; NULL: every interview counts 1 */
  const guint32 *strata;             /* any numbers; NULL: one stratum */
  const guint32 *psus;               /* any numbers, read inside the stratum; NULL: each interview by itself */
  const double *psus_in_population;  /* of the stratum; NULL: PSUs drawn with replacement */
  const guint32 *units;              /* second stage, read inside the PSU; NULL: each interview by itself */
  const double *units_in_population; /* of the PSU, only with psus_in_population; NULL: one stage */
} SarapDesignColumns;

typedef enum
{
  SARAP_CALIBRATION_GREG, /* residuals of the weighted regression on the margins: the textbook */
  SARAP_CALIBRATION_R,    /* unweighted cell means, margin after margin, ten sweeps: R survey 4.1 */
} SarapCalibration;

/* Cells of one margin of raking; totals only where weights are made. */
typedef struct
{
  const guint32 *cells; /* one per interview, < n_cells */
  guint n_cells;
  const double *totals; /* one per cell: the population */
} SarapMargin;

typedef struct _SarapDesign SarapDesign;

SarapDesign *sarap_design_new (const SarapDesignColumns *columns, GError **error);
void sarap_design_free (SarapDesign *self);
void sarap_design_calibrate (SarapDesign *self, SarapCalibration calibration, const SarapMargin *margins, guint n_margins, const double *base, const double *calibrated);
gsize sarap_design_get_n (const SarapDesign *self);
const double *sarap_design_peek_weights (const SarapDesign *self);

void sarap_design_covariance (const SarapDesign *self, const double *const *influences, guint k, double *covariance);
double sarap_design_variance (const SarapDesign *self, const double *influence);
guint sarap_design_count_degrees (const SarapDesign *self, const guint8 *members);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapDesign, sarap_design_free)

G_END_DECLS
