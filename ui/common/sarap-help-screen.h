#pragma once

#include "ui/sarap-context.h"

G_BEGIN_DECLS

GtkWidget *sarap_help_screen_new (SarapContext *context);
GtkWidget *sarap_about_screen_new (SarapContext *context);

G_END_DECLS
