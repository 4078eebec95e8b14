#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *sarap_tile_new (const char *icon_name, const char *heading, const char *text);

G_END_DECLS
