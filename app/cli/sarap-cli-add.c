#include "app/cli/sarap-cli.h"

#include "app/report/sarap-tables.h"
#include "app/store/sarap-store-forms.h"

/* Before a store is made: a form that is none leaves nothing behind. */
static gboolean
can_load (const char *command, const char *path, const char *media, int *status)
{
  g_autoptr (SarapProblems) problems = sarap_problems_new (path);
  g_autoptr (GError) error = NULL;
  g_autofree char *file = sarap_store_find_form_file (path, &error);
  g_autofree char *folder = media != NULL || file == NULL ? g_strdup (media) : g_path_get_dirname (file);
  g_autoptr (SarapForm) form = file ? sarap_form_load_file (file, folder, problems, &error) : NULL;

  if (form != NULL && sarap_tables_check_folder (form, folder, &error))
    return TRUE;
  sarap_cli_print_problems (problems);
  *status = sarap_cli_fail (command, error);
  return FALSE;
}

/* add FORM|FOLDER --store DIR [--media DIR]: prints the form's id. */
int
sarap_cli_add (int argc, char **argv)
{
  g_autofree char *folder = NULL;
  g_autofree char *media = NULL;
  g_autofree char *form_id = NULL;
  const GOptionEntry options[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &folder, NULL, "DIR" },
    { "media", 0, 0, G_OPTION_ARG_FILENAME, &media, NULL, "DIR" },
    { NULL },
  };
  g_autoptr (SarapStore) store = NULL;
  int status;

  if (!sarap_cli_parse (&argc, &argv, options, "FORM --store DIR [--media DIR]", 1))
    return SARAP_STATUS_BAD_USAGE;
  if (folder != NULL && !g_file_test (folder, G_FILE_TEST_EXISTS) && !can_load (argv[0], argv[1], media, &status))
    return status;
  store = sarap_cli_open_store (argv[0], folder, TRUE, &status);
  if (store == NULL)
    return status;
  form_id = sarap_cli_add_form (argv[0], store, argv[1], media, &status);
  if (form_id == NULL)
    return status;
  g_print ("%s\n", form_id);
  return SARAP_STATUS_DONE;
}
