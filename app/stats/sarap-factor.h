#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A column of texts as numbers from 0, in order of first appearance. */
typedef struct _SarapFactor SarapFactor;

#define SARAP_FACTOR_NONE G_MAXUINT32

SarapFactor *sarap_factor_new (void);
void sarap_factor_free (SarapFactor *self);
void sarap_factor_append (SarapFactor *self, const char *text);
guint32 sarap_factor_add_level (SarapFactor *self, const char *text);
gsize sarap_factor_get_n (const SarapFactor *self);
const guint32 *sarap_factor_peek_codes (const SarapFactor *self);
guint sarap_factor_get_n_levels (const SarapFactor *self);
const char *sarap_factor_peek_level (const SarapFactor *self, guint level);
guint32 sarap_factor_find_level (const SarapFactor *self, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapFactor, sarap_factor_free)

G_END_DECLS
