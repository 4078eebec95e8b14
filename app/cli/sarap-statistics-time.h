#pragma once

#include "app/cli/sarap-statistics.h"

G_BEGIN_DECLS

/* Times with a zone, as seconds of the clock on the wall there; NAN where the cell is empty. Stays
 * @self's; NULL with @error set when a cell is no time. */
const double *sarap_statistics_local_seconds (SarapStatistics *self, const char *table, const char *column, GError **error);

G_END_DECLS
