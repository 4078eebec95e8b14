#pragma once

#include <glib.h>

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

/* The commands; argv[0] is the command's name. */
int sarap_cli_eval (int argc, char **argv);
int sarap_cli_engine (int argc, char **argv);

G_END_DECLS
