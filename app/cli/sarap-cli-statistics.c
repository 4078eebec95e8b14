#include "app/cli/sarap-cli.h"

#include "app/cli/sarap-statistics.h"

#define USAGE "DIR"

/* sarapctl statistics DIR */
int
sarap_cli_statistics (int argc, char **argv)
{
  const GOptionEntry options[] = { G_OPTION_ENTRY_NULL };
  g_autoptr (SarapStatistics) statistics = NULL;
  g_autoptr (GError) error = NULL;

  if (!sarap_cli_parse (&argc, &argv, options, USAGE, 1))
    return SARAP_STATUS_BAD_USAGE;
  statistics = sarap_statistics_new (argv[1]);
  if (!sarap_statistics_run (statistics, &error))
    return sarap_cli_fail (argv[0], error);
  g_print ("%s", sarap_statistics_peek_lines (statistics));
  return SARAP_STATUS_DONE;
}
