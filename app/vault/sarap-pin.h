#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *sarap_pin_hash (const char *pin);
gboolean sarap_pin_verify (const char *hash, const char *pin);

G_END_DECLS
