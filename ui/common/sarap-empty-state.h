#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *sarap_empty_state_new (const char *icon_name, const char *heading, const char *text, GtkWidget *button);

G_END_DECLS
