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
  g_autoptr (SarapStore) store = NULL;
  int status;

  if (!sarap_cli_parse (&argc, &argv, options, "FORM --store DIR [--media DIR]", 1))
    return SARAP_STATUS_BAD_USAGE;
  store = sarap_cli_open_store (argv[0], folder, TRUE, &status);
  if (store == NULL)
    return status;
  form_id = sarap_cli_add_form (argv[0], store, argv[1], media, &status);
  if (form_id == NULL)
    return status;
  g_print ("%s\n", form_id);
  return SARAP_STATUS_DONE;
}
