#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Words that must not stand in clear in any file. */
guint sarap_canary_count (const char *folder, const char *const *words);

G_END_DECLS
