#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean sarap_file_name_is_fit (const char *name);

G_END_DECLS
