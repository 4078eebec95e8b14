#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void sarap_list_item_set_name (GtkListItem *item, const char *name);

G_END_DECLS
