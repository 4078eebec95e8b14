#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SARAP_SECRET_LENGTH 64

char *sarap_secret_make (void);
char *sarap_secret_hash (const char *secret);
gboolean sarap_secret_is_well_formed (const char *secret);

G_END_DECLS
