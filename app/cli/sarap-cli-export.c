#include "app/cli/sarap-cli.h"

#include <glib/gi18n.h>

#include "app/report/sarap-export.h"

/* export --store DIR --form ID --format FORMAT [--project-key FILE] OUT */
int
sarap_cli_export (int argc, char **argv)
{
  g_autofree char *folder = NULL;
  g_auto (GStrv) keys = NULL;
  g_autofree char *form = NULL;
  g_autofree char *format_name = NULL;
  const GOptionEntry options[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &folder, NULL, "DIR" },
    { "project-key", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &keys, NULL, "FILE" },
    { "form", 0, 0, G_OPTION_ARG_STRING, &form, NULL, "ID" },
    { "format", 0, 0, G_OPTION_ARG_STRING, &format_name, NULL, "csv|xlsx|json|geojson|zip" },
    { NULL },
  };
  g_autoptr (SarapStore) store = NULL;
  g_autoptr (GError) error = NULL;
  SarapExportFormat format;
  guint n;
  int status;

  if (!sarap_cli_parse (&argc, &argv, options, "--store DIR --form ID --format csv|xlsx|json|geojson|zip [--project-key FILE] OUT", 1))
    return SARAP_STATUS_BAD_USAGE;
  if (form == NULL || format_name == NULL || !sarap_export_format_parse (format_name, &format))
    {
      g_printerr (_ ("sarapctl %s: say which form and one of the formats csv, xlsx, json, geojson, zip\n"), argv[0]);
      return SARAP_STATUS_BAD_USAGE;
    }
  store = sarap_cli_open_store_with_keys (argv[0], folder, FALSE, keys, &status);
  if (store == NULL)
    return status;
  if (!sarap_export_write (SARAP_RECORD_SOURCE (store), form, format, argv[1], &n, &error))
    return sarap_cli_fail (argv[0], error);
  g_printerr (ngettext ("%u record written\n", "%u records written\n", n), n);
  return SARAP_STATUS_DONE;
}
