#include "app/cli/sarap-cli.h"

#include "app/store/sarap-store-forms.h"

/* add FORM --store DIR [--media DIR]: prints the form's id. */
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
  g_autoptr (SarapProblems) problems = NULL;
  g_autoptr (SarapStore) store = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!sarap_cli_parse (&argc, &argv, options, "FORM --store DIR [--media DIR]", 1))
    return SARAP_STATUS_BAD_USAGE;
  store = sarap_cli_open_store (argv[0], folder, TRUE, &status);
  if (store == NULL)
    return status;
  problems = sarap_problems_new (argv[1]);
  if (!sarap_store_add_form_file (store, argv[1], media, problems, &form_id, &error))
    {
      sarap_cli_print_problems (problems);
      return sarap_cli_fail (argv[0], error);
    }
  sarap_cli_print_problems (problems);
  g_print ("%s\n", form_id);
  return SARAP_STATUS_DONE;
}
