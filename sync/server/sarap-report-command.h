#pragma once

#include <glib.h>

G_BEGIN_DECLS

int sarap_report_command_run (const char *database, char **arguments);

G_END_DECLS
