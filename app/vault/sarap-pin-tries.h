#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

guint sarap_pin_tries_get_wait (const char *path, GError **error);
gboolean sarap_pin_tries_begin (const char *path, GError **error);
gboolean sarap_pin_tries_forget (const char *path, GError **error);

G_END_DECLS
