#pragma once

#include <json-glib/json-glib.h>

#include "app/base/sarap-problem.h"
#include "app/store/sarap-store.h"

G_BEGIN_DECLS

/* Exit statuses of every command (the same for sarap-sync and sarap-server). */
enum
{
  SARAP_STATUS_DONE = 0,
  SARAP_STATUS_BAD_INPUT = 1,
  SARAP_STATUS_BAD_USAGE = 2,
  SARAP_STATUS_MACHINE = 3,
};

/* BAD_INPUT or MACHINE, by the domain of @error. */
int sarap_cli_status_of (const GError *error);

/* Takes the options of a command from @argv; what is left are its arguments, @n_arguments of them.
 * FALSE: told on stderr, the status is BAD_USAGE. */
gboolean sarap_cli_parse (int *argc, char ***argv, const GOptionEntry *options, const char *usage, int n_arguments);
/* Prints @error and gives the status for it. */
int sarap_cli_fail (const char *command, const GError *error);
SarapStore *sarap_cli_open_store (const char *command, const char *folder, gboolean create, int *status);
/* The same with files of project keys (NULL: none): of @create, those that the store seals to; else private halves that open what was
 * sealed. */
SarapStore *sarap_cli_open_store_with_keys (const char *command, const char *folder, gboolean create, char **keys, int *status);
/* Takes --passphrase-file out of @argv, wherever it stands. FALSE: it names no file. */
gboolean sarap_cli_take_passphrase_file (int *argc, char **argv);
/* Opens the folder and leaves it locked. */
SarapStore *sarap_cli_open_locked_store (const char *command, const char *folder, int *status);
gboolean sarap_cli_unlock (SarapStore *store, gboolean may_stay_locked, GError **error);
void sarap_cli_print_problems (SarapProblems *problems);
/* Adds a form to @store and tells its problems. Returns: its id, or NULL with @status set. */
char *sarap_cli_add_form (const char *command, SarapStore *store, const char *file, const char *media, int *status);
char *sarap_cli_dup_answer (JsonNode *node, GError **error);
gboolean sarap_cli_check_members (JsonObject *request, const char *const *texts, const char *const *numbers, const char *const *objects, GError **error);

/* The commands; argv[0] is the command's name. */
int sarap_cli_add (int argc, char **argv);
int sarap_cli_backup (int argc, char **argv);
int sarap_cli_certificate (int argc, char **argv);
int sarap_cli_check (int argc, char **argv);
int sarap_cli_convert (int argc, char **argv);
int sarap_cli_engine (int argc, char **argv);
int sarap_cli_eval (int argc, char **argv);
int sarap_cli_export (int argc, char **argv);
int sarap_cli_fill (int argc, char **argv);
int sarap_cli_list (int argc, char **argv);
int sarap_cli_recover (int argc, char **argv);
int sarap_cli_pin (int argc, char **argv);
int sarap_cli_project_key (int argc, char **argv);
int sarap_cli_report (int argc, char **argv);
int sarap_cli_restore (int argc, char **argv);
int sarap_cli_review (int argc, char **argv);
int sarap_cli_show (int argc, char **argv);
int sarap_cli_simulate (int argc, char **argv);
int sarap_cli_statistics (int argc, char **argv);
int sarap_cli_verify (int argc, char **argv);

G_END_DECLS
