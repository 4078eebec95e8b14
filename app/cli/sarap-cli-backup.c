#include "app/cli/sarap-cli.h"

#include <glib/gi18n.h>

#include "app/store/sarap-backup.h"

#define KEEP 14

/* backup --store DIR --to FOLDER [--project-key FILE] [--keep N]: prints the path of the new file. */
int
sarap_cli_backup (int argc, char **argv)
{
  g_autofree char *folder = NULL, *to = NULL, *key_file = NULL, *path = NULL;
  int keep = KEEP;
  const GOptionEntry options[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &folder, NULL, "DIR" },
    { "to", 0, 0, G_OPTION_ARG_FILENAME, &to, NULL, "FOLDER" },
    { "project-key", 0, 0, G_OPTION_ARG_FILENAME, &key_file, NULL, "FILE" },
    { "keep", 0, 0, G_OPTION_ARG_INT, &keep, NULL, "N" },
    { NULL },
  };
  g_autoptr (SarapProjectKey) key = NULL;
  g_autoptr (SarapStore) store = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!sarap_cli_parse (&argc, &argv, options, "--store DIR --to FOLDER [--project-key FILE] [--keep N]", 0))
    return SARAP_STATUS_BAD_USAGE;
  if (to == NULL || keep < 0)
    {
      g_printerr (_ ("sarapctl %s: say where the backup goes: --to FOLDER\n"), argv[0]);
      return SARAP_STATUS_BAD_USAGE;
    }
  key = key_file ? sarap_project_key_read (key_file, &error) : NULL;
  if (error != NULL)
    return sarap_cli_fail (argv[0], error);
  store = sarap_cli_open_locked_store (argv[0], folder, &status);
  if (store == NULL)
    return status;
  path = sarap_backup_make (store, to, key, keep, &error);
  if (path == NULL)
    return sarap_cli_fail (argv[0], error);
  g_print ("%s\n", path);
  return SARAP_STATUS_DONE;
}
