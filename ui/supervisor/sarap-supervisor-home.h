#pragma once

#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* Received records and indicators; sign-in first. Action "screen.search". */

#define SARAP_TYPE_SUPERVISOR_HOME (sarap_supervisor_home_get_type ())
G_DECLARE_FINAL_TYPE (SarapSupervisorHome, sarap_supervisor_home, SARAP, SUPERVISOR_HOME, GtkWidget)

GtkWidget *sarap_supervisor_home_new (SarapContext *context);

G_END_DECLS
