#pragma once

#include "app/stats/sarap-design.h"

G_BEGIN_DECLS

/* Shares of a table of two factors, and the test of their independence. */

typedef enum
{
  SARAP_RAO_SCOTT_F,          /* second order, against F */
  SARAP_RAO_SCOTT_CHI_SQUARE, /* first order, against χ² */
} SarapRaoScott;

typedef struct
{
  gsize n;
  double statistic;
  double df;
  double df_denominator; /* of F, else NAN */
  double p;
} SarapIndependence;

void sarap_estimate_shares (const SarapDesign *design, const guint32 *levels, guint n_levels, const guint8 *domain, double *shares, double *covariance);
void sarap_test_independence (const SarapDesign *design, const guint32 *rows, guint n_rows, const guint32 *columns, guint n_columns, const guint8 *domain, SarapRaoScott kind, SarapIndependence *result);

G_END_DECLS
