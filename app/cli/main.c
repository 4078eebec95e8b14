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
  { NULL, NULL, NULL },
};

int
sarap_cli_status_of (const GError *error)
{
  if (error->domain == G_FILE_ERROR || error->domain == G_IO_ERROR)
    return error->code == G_FILE_ERROR_NOENT || error->code == G_IO_ERROR_NOT_FOUND ? SARAP_STATUS_BAD_INPUT : SARAP_STATUS_MACHINE;
  return SARAP_STATUS_BAD_INPUT;
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
