#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The language of what people read: "en", "ru" or "kk". Every program calls sarap_language_init()
 * first; sarap_language_set() may be called again at any time, from the main thread. */
void sarap_language_init (void);
/* FALSE for any other code; nothing changes then. */
gboolean sarap_language_set (const char *code);
/* The one that the environment asks for; "en" when it is none of ours. */
const char *sarap_language_guess (void);

G_END_DECLS
