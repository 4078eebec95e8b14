#pragma once

#include "app/stats/sarap-design.h"
#include "app/stats/sarap-interval.h"

G_BEGIN_DECLS

double sarap_quantile_of (gsize n, const double *values, double p);

typedef struct
{
  gsize n;
  double value;
  double se;
  SarapInterval interval;
} SarapQuantile;

void sarap_estimate_quantile (const SarapDesign *design, const double *values, const guint8 *domain, double p, double level, SarapQuantile *quantile);

G_END_DECLS
