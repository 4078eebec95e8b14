#include "app/cli/sarap-cli.h"

#include "app/base/sarap-file.h"
#include "app/form/xlsform/sarap-xlsform.h"

/* convert IN.xlsx OUT.xml */
int
sarap_cli_convert (int argc, char **argv)
{
  const GOptionEntry options[] = { { NULL } };
  g_autoptr (SarapProblems) problems = NULL;
  g_autoptr (GBytes) xml = NULL;
  g_autoptr (GError) error = NULL;

  if (!sarap_cli_parse (&argc, &argv, options, "IN.xlsx OUT.xml", 2))
    return SARAP_STATUS_BAD_USAGE;
  problems = sarap_problems_new (argv[1]);
  xml = sarap_xlsform_convert (argv[1], problems, &error);
  sarap_cli_print_problems (problems);
  if (xml == NULL && sarap_problems_has_errors (problems))
    return SARAP_STATUS_BAD_INPUT;
  if (xml == NULL || !sarap_file_write (argv[2], xml, 0644, &error))
    return sarap_cli_fail (argv[0], error);
  return SARAP_STATUS_DONE;
}
