#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Confidence intervals. @level: 0.95 and the like. NAN at both ends: there is none (no degrees of
 * freedom, no variance where one is needed). */

typedef struct
{
  double low;
  double high;
} SarapInterval;

SarapInterval sarap_interval_none (void);
SarapInterval sarap_interval_t (double value, double se, double df, double level);
SarapInterval sarap_interval_logit (double share, double se, double df, double level);
SarapInterval sarap_interval_korn_graubard (double share, double n_effective, gsize n, double df, double level);
SarapInterval sarap_interval_wilson (double x, double n, double level);
SarapInterval sarap_interval_poisson (double count, double exposure, double level);

G_END_DECLS
