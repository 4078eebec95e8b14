#include "app/cli/sarap-cli.h"

#include <glib/gi18n.h>

#include "app/base/sarap-file.h"
#include "app/store/sarap-backup.h"

static gboolean
set_pin (SarapStore *store, SarapProjectKey *key, const char *file, GError **error)
{
  char *pin = sarap_file_read_secret (file, error);
  gboolean ok = pin != NULL && sarap_keyring_recover (sarap_store_get_keyring (store), key, pin, error);

  sarap_secret_wipe_text (pin);
  return ok;
}

/* restore BACKUP --project-key FILE --store NEWDIR [--new-passphrase-file FILE]: prints the hashes of what was restored,
 * as sha256sum does, and opens the store once, so that it is checked. */
int
sarap_cli_restore (int argc, char **argv)
{
  g_autofree char *folder = NULL, *key_file = NULL, *pin_file = NULL, *hashes = NULL;
  const GOptionEntry options[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &folder, NULL, "NEWDIR" },
    { "project-key", 0, 0, G_OPTION_ARG_FILENAME, &key_file, NULL, "FILE" },
    { "new-passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &pin_file, NULL, "FILE" },
    { NULL },
  };
  g_autoptr (SarapProjectKey) key = NULL;
  g_autoptr (SarapStore) store = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!sarap_cli_parse (&argc, &argv, options, "BACKUP --project-key FILE --store NEWDIR [--new-passphrase-file FILE]", 1))
    return SARAP_STATUS_BAD_USAGE;
  if (folder == NULL || key_file == NULL)
    {
      g_printerr (_ ("sarapctl %s: say which key opens the backup and where the store goes: --project-key FILE --store NEWDIR\n"), argv[0]);
      return SARAP_STATUS_BAD_USAGE;
    }
  key = sarap_project_key_read (key_file, &error);
  hashes = key ? sarap_backup_restore (argv[1], key, folder, &error) : NULL;
  if (hashes == NULL)
    return sarap_cli_fail (argv[0], error);
  store = sarap_cli_open_locked_store (argv[0], folder, &status);
  if (store == NULL)
    return status;
  if (pin_file != NULL && !set_pin (store, key, pin_file, &error))
    return sarap_cli_fail (argv[0], error);
  g_print ("%s", hashes);
  return SARAP_STATUS_DONE;
}
