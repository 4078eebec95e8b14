#include "app/cli/sarap-cli.h"

#include <glib/gi18n.h>

/* Trouble of the machine, or of a store that must be mended elsewhere, is 3; what the person can
 * mend in the command or its input is 1. */
int
sarap_cli_status_of (const GError *error)
{
  if (error->domain == SARAP_STORE_ERROR)
    return error->code == SARAP_STORE_ERROR_NOT_FOUND || error->code == SARAP_STORE_ERROR_STATE ? SARAP_STATUS_BAD_INPUT : SARAP_STATUS_MACHINE;
  if (error->domain == G_FILE_ERROR)
    return error->code == G_FILE_ERROR_NOENT ? SARAP_STATUS_BAD_INPUT : SARAP_STATUS_MACHINE;
  if (error->domain == G_IO_ERROR)
    return error->code == G_IO_ERROR_NOT_FOUND ? SARAP_STATUS_BAD_INPUT : SARAP_STATUS_MACHINE;
  return SARAP_STATUS_BAD_INPUT;
}

int
sarap_cli_fail (const char *command, const GError *error)
{
  g_printerr ("sarapctl %s: %s\n", command, error->message);
  return sarap_cli_status_of (error);
}

gboolean
sarap_cli_parse (int *argc, char ***argv, const GOptionEntry *options, const char *usage, int n_arguments)
{
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_autoptr (GError) error = NULL;
  const char *command = (*argv)[0];

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    g_printerr ("sarapctl %s: %s\n", command, error->message);
  else if (*argc - 1 != n_arguments)
    g_printerr (_ ("usage: sarapctl %s %s\n"), command, usage);
  return error == NULL && *argc - 1 == n_arguments;
}

/* @folder NULL: the option was left out. Returns: (transfer full), or NULL with @status set */
SarapStore *
sarap_cli_open_store (const char *command, const char *folder, gboolean create, int *status)
{
  g_autoptr (SarapClock) clock = sarap_clock_new_from_environment ();
  g_autoptr (GError) error = NULL;
  SarapStore *store;

  if (folder == NULL)
    {
      g_printerr (_ ("sarapctl %s: say which store: --store DIR\n"), command);
      *status = SARAP_STATUS_BAD_USAGE;
      return NULL;
    }
  store = sarap_store_open (folder, clock, create, &error);
  if (store == NULL)
    *status = sarap_cli_fail (command, error);
  return store;
}

void
sarap_cli_print_problems (SarapProblems *problems)
{
  for (guint i = 0; i < sarap_problems_get_length (problems); i++)
    {
      const SarapProblem *problem = sarap_problems_peek (problems, i);
      g_autofree char *text = sarap_problem_to_string (problem);

      g_printerr ("%s: %s\n", problem->severity == SARAP_PROBLEM_ERROR ? _ ("error") : _ ("warning"), text);
    }
}
