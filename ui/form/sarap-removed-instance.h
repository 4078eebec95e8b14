#pragma once

#include "app/form/sarap-interview.h"

G_BEGIN_DECLS

/* A repeat instance that was removed, kept to be put back. */

typedef struct _SarapRemovedInstance SarapRemovedInstance;

SarapRemovedInstance *sarap_removed_instance_take (SarapInterview *interview, const char *ref, GError **error);
char *sarap_removed_instance_restore (SarapRemovedInstance *self, GError **error);
void sarap_removed_instance_free (SarapRemovedInstance *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapRemovedInstance, sarap_removed_instance_free)

G_END_DECLS
