#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A program of the project, run to its end. */
int sarap_command_run (char **output, char **errors, const char *program, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
