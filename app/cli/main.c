#include "app/cli/sarap-cli.h"

#include <glib/gi18n.h>

#include "app/base/sarap-language.h"
#include "app/vault/sarap-secret.h"

typedef struct
{
  const char *name;
  int (*run) (int argc, char **argv); /* argv[0] is the command's name */
  const char *help;
} Command;

static const Command commands[] = {
  { "add", sarap_cli_add, N_ ("put a questionnaire into a store") },
    { "backup", sarap_cli_backup, N_ ("copy a store into a file that only the project opens") },
      { "certificate", sarap_cli_certificate, N_ ("print what proves one record, as a PDF") },
        { "check", sarap_cli_check, N_ ("tell what is wrong with a form") },
          { "convert", sarap_cli_convert, N_ ("turn an XLSForm workbook into ODK XForms XML") },
            { "engine", sarap_cli_engine, N_ ("the form engine over JSON lines") },
              { "eval", sarap_cli_eval, N_ ("evaluate XPath expressions over JSON lines") },
                { "export", sarap_cli_export, N_ ("write the records of a form for other programs") },
                  { "fill", sarap_cli_fill, N_ ("hold an interview from a file of answers") },
                    { "list", sarap_cli_list, N_ ("name the records of a store") },
                      { "pin", sarap_cli_pin, N_ ("set, change, remove or recover the PIN of a store") },
                        { "project-key", sarap_cli_project_key, N_ ("make a pair of keys for a project") },
                          { "recover", sarap_cli_recover, N_ ("bring a damaged store back from its journals") },
                            { "report", sarap_cli_report, N_ ("tables, charts and a PDF of the first indicators") },
                              { "restore", sarap_cli_restore, N_ ("make a store of a backup") },
                                { "review", sarap_cli_review, N_ ("decide on received submissions") },
                                  { "show", sarap_cli_show, N_ ("print one record") },
                                    { "simulate", sarap_cli_simulate, N_ ("fill interviews by chance, as a profile says") },
                                      { "statistics", sarap_cli_statistics, N_ ("compute estimates of a folder of tables") },
                                        { "verify", sarap_cli_verify, N_ ("check the chain of custody and locate what was changed") },
                                          { NULL, NULL, NULL },
                                      };

static void
print_help (void)
{
  g_print (_ ("usage: sarapctl COMMAND …\n\n"));
  for (const Command *command = commands; command->name != NULL; command++)
    g_print ("  %-12s %s\n", command->name, _ (command->help));
  g_print (_ ("\nA store with a PIN: --passphrase-file FILE, or the file that SARAP_PASSPHRASE_FILE names, else it is asked at the terminal.\n"));
}

int
main (int argc, char **argv)
{
  sarap_secret_protect_process ();
  sarap_language_init ();
  if (!sarap_cli_take_passphrase_file (&argc, argv))
    {
      g_printerr (_ ("sarapctl: --passphrase-file needs a file\n"));
      return SARAP_STATUS_BAD_USAGE;
    }
  if (argc >= 2 && (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "help")))
    {
      print_help ();
      return SARAP_STATUS_DONE;
    }
  for (const Command *command = commands; argc >= 2 && command->name != NULL; command++)
    if (g_str_equal (argv[1], command->name))
      return command->run (argc - 1, argv + 1);
  if (argc >= 2)
    g_printerr (_ ("sarapctl: unknown command %s; see sarapctl --help\n"), argv[1]);
  else
    g_printerr (_ ("sarapctl: which command? See sarapctl --help\n"));
  return SARAP_STATUS_BAD_USAGE;
}
