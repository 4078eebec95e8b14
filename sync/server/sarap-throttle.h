#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How often an account may be tried: SARAP_THROTTLE_TRIES in SARAP_THROTTLE_PERIOD ms. */

#define SARAP_THROTTLE_TRIES 10
#define SARAP_THROTTLE_PERIOD (15 * 60 * 1000)

typedef struct _SarapThrottle SarapThrottle;

SarapThrottle *sarap_throttle_new (void);
void sarap_throttle_free (SarapThrottle *self);
gboolean sarap_throttle_try (SarapThrottle *self, const char *account, gint64 now);
void sarap_throttle_forgive (SarapThrottle *self, const char *account);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapThrottle, sarap_throttle_free)

G_END_DECLS
