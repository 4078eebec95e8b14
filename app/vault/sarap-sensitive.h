#pragma once

#include "app/vault/sarap-project-key.h"

G_BEGIN_DECLS

/* Answers that only the project reads, sealed inside a submission. */

gboolean sarap_sensitive_is_sealed (const char *answer);
gboolean sarap_sensitive_has_sealed (GBytes *xml);
gboolean sarap_sensitive_names_key (GBytes *xml, SarapProjectKey *key);
GBytes *sarap_sensitive_seal (GBytes *xml, const char *const *paths, GPtrArray *keys, GError **error);
GBytes *sarap_sensitive_open (GBytes *xml, GPtrArray *keys, gboolean is_blank_else);

G_END_DECLS
