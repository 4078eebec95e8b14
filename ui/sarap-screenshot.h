#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

gboolean sarap_screenshot_write (GtkWindow *window, const char *file, GError **error);

G_END_DECLS
