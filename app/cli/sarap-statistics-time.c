#include "app/cli/sarap-statistics-time.h"

#include <math.h>

#include "app/base/sarap-problem.h"

const double *
sarap_statistics_local_seconds (SarapStatistics *self, const char *table, const char *column, GError **error)
{
  g_autofree char *key = g_strdup_printf ("%s/%s:seconds", table, column);
  const double *kept = sarap_statistics_peek_kept (self, key);
  const char *const *texts = kept ? NULL : sarap_statistics_texts (self, table, column, error);
  g_autofree double *seconds = NULL;
  gsize n;

  if (texts == NULL || !sarap_statistics_count_rows (self, table, &n, error))
    return kept;
  seconds = g_new (double, n + 1);
  for (gsize row = 0; row < n; row++)
    {
      g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (texts[row], NULL);

      seconds[row] = NAN;
      if (time)
        seconds[row] = g_date_time_to_unix (time) + g_date_time_get_utc_offset (time) / G_TIME_SPAN_SECOND;
      if (time || *texts[row] == '\0')
        continue;
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s.csv, row %u, column %s: “%s” is not a time with its zone, like 2017-12-31T09:30:00+06:00", table, (guint) row + 2, column, texts[row]);
      return NULL;
    }
  return sarap_statistics_keep (self, key, g_steal_pointer (&seconds), g_free);
}
