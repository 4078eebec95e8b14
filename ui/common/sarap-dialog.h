#pragma once

#include "ui/sarap-window.h"

G_BEGIN_DECLS

GtkWidget *sarap_dialog_new (GtkWindow *parent, const char *heading, const char *body, const char *const *buttons, int destructive, SarapDialogFunc callback, gpointer data);

G_END_DECLS
