#pragma once

#include "app/cli/sarap-statistics.h"

G_BEGIN_DECLS

/* A variable of the interviews, one number each, NAN = undetermined. Stays @self's; NULL with @error
 * set when the columns that it is made from are not there. */
const double *sarap_statistics_variable (SarapStatistics *self, const char *name, GError **error);

G_END_DECLS
