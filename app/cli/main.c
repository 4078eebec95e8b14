#include "app/cli/sarap-cli.h"

#include <gio/gio.h>
#include <locale.h>

typedef struct
{
  const char *name;
  int (*run) (int argc, char **argv); /* argv[0] is the command's name */
  const char *help;
} Command;

static const Command commands[] = {
  { "engine", sarap_cli_engine, "the form engine over JSON lines" },
  { "eval", sarap_cli_eval, "evaluate XPath expressions over JSON lines" },
  { NULL, NULL, NULL },
};

int
sarap_cli_status_of (const GError *error)
{
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return SARAP_STATUS_BAD_INPUT;
  return error->domain == G_FILE_ERROR || error->domain == G_IO_ERROR ? SARAP_STATUS_MACHINE : SARAP_STATUS_BAD_INPUT;
}

static void
print_help (void)
{
  g_print ("usage: sarapctl COMMAND …\n\n");
  for (const Command *command = commands; command->name != NULL; command++)
    g_print ("  %-12s %s\n", command->name, command->help);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  if (argc >= 2 && (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "help")))
    {
      print_help ();
      return SARAP_STATUS_DONE;
    }
  for (const Command *command = commands; argc >= 2 && command->name != NULL; command++)
    if (g_str_equal (argv[1], command->name))
      return command->run (argc - 1, argv + 1);
  g_printerr ("sarapctl: %s%s\n", argc >= 2 ? "unknown command " : "which command? See sarapctl --help", argc >= 2 ? argv[1] : "");
  return SARAP_STATUS_BAD_USAGE;
}
