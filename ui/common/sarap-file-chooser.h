#pragma once

#include "ui/sarap-window.h"

G_BEGIN_DECLS

GtkWidget *sarap_file_chooser_new (GtkWindow *parent, const char *heading, const char *const *patterns, gboolean folders_only, SarapFileFunc callback, gpointer data);

G_END_DECLS
