#include "app/cli/sarap-cli.h"

#include "app/store/sarap-custody-check.h"

static void
print_fault (const SarapCustodyFault *fault)
{
  g_autoptr (GString) place = g_string_new (NULL);

  if (fault->entry != 0)
    g_string_append_printf (place, "entry %" G_GINT64_FORMAT " ", fault->entry);
  if (*fault->record != '\0')
    g_string_append_printf (place, "record %s ", fault->record);
  if (*fault->subject != '\0')
    g_string_append_printf (place, "(%s) ", fault->subject);
  if (place->len == 0)
    g_string_append (place, "store ");
  g_string_truncate (place, place->len - 1);
  g_print ("%s: %s\n", place->str, fault->what);
}

static gboolean
open_project_key (SarapStore *store, const char *path, GError **error)
{
  g_autoptr (SarapProjectKey) key = NULL;

  if (path == NULL)
    return TRUE;
  key = sarap_project_key_read (path, error);
  if (key != NULL)
    sarap_keyring_open_project_key (sarap_store_get_keyring (store), key);
  return key != NULL;
}

/* verify --store DIR [--project-key FILE]: a line for each thing that was changed, added or removed, and one with counts.
 * Without the project's key the answers of sent records are compared as they are sealed. */
int
sarap_cli_verify (int argc, char **argv)
{
  g_autofree char *folder = NULL;
  g_autofree char *key = NULL;
  const GOptionEntry options[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &folder, NULL, "DIR" },
    { "project-key", 0, 0, G_OPTION_ARG_FILENAME, &key, NULL, "FILE" },
    { NULL },
  };
  g_autoptr (SarapStore) store = NULL;
  g_autoptr (SarapCustodyReport) report = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!sarap_cli_parse (&argc, &argv, options, "--store DIR [--project-key FILE]", 0))
    return SARAP_STATUS_BAD_USAGE;
  store = sarap_cli_open_store (argv[0], folder, FALSE, &status);
  if (store == NULL)
    return status;
  if (open_project_key (store, key, &error))
    report = sarap_store_check_custody (store, &error);
  if (report == NULL)
    return sarap_cli_fail (argv[0], error);
  for (guint i = 0; i < report->faults->len; i++)
    print_fault (g_ptr_array_index (report->faults, i));
  g_print ("custody: %u entries, %u records, %u from before the chain, %u only sealed bytes compared, %u receipts unsigned, %u faults\n",
           report->n_entries, report->n_records, report->n_earlier, report->n_unread, report->n_unsigned, report->faults->len);
  return report->faults->len == 0 ? SARAP_STATUS_DONE : SARAP_STATUS_BAD_INPUT;
}
