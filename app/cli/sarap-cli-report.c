#include "app/cli/sarap-cli.h"

#include <glib/gi18n.h>

#include "app/base/sarap-language.h"
#include "app/report/sarap-report.h"

#define USAGE "--store DIR --form ID --out FOLDER [--lang en|ru|kk] [--project-key FILE]"

/* sarapctl report --store DIR --form ID --out FOLDER [--lang en|ru|kk] */
int
sarap_cli_report (int argc, char **argv)
{
  g_autofree char *folder = NULL, *out = NULL, *language = NULL, *title = NULL;
  g_auto (GStrv) forms = NULL, keys = NULL;
  const GOptionEntry options[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &folder, N_ ("Folder of the store"), "DIR" },
      { "form", 0, 0, G_OPTION_ARG_STRING_ARRAY, &forms, N_ ("Form to report on; may be given several times"), "ID" },
        { "out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_ ("Folder for the report, its tables and pictures"), "FOLDER" },
          { "lang", 0, 0, G_OPTION_ARG_STRING, &language, N_ ("en, ru or kk"), "CODE" },
            { "project-key", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &keys, N_ ("Private half of a project key, for sealed answers"), "FILE" },
              { "title", 0, 0, G_OPTION_ARG_STRING, &title, N_ ("Heading of the report"), "TEXT" },
                G_OPTION_ENTRY_NULL,
            };
  g_autoptr (SarapStore) store = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  int status;

  if (!sarap_cli_parse (&argc, &argv, options, USAGE, 0))
    return SARAP_STATUS_BAD_USAGE;
  if (forms == NULL || out == NULL || !sarap_language_set (language ? language : "en"))
    {
      g_printerr (_ ("usage: sarapctl %s %s\n"), argv[0], USAGE);
      return SARAP_STATUS_BAD_USAGE;
    }
  store = sarap_cli_open_store_with_keys (argv[0], folder, FALSE, keys, &status);
  if (store == NULL)
    return status;
  path = sarap_report_write (SARAP_RECORD_SOURCE (store), (const char *const *) forms, title ? title : _ ("Audit and survey report"), language ? language : "en", out, &error);
  if (path == NULL)
    return sarap_cli_fail (argv[0], error);
  g_print ("%s\n", path);
  return SARAP_STATUS_DONE;
}
