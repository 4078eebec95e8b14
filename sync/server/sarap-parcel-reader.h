#pragma once

#include "sync/server/sarap-central.h"

G_BEGIN_DECLS

/* A submission's XML: who it is, where it belongs, which files it names. */

SarapParcel *sarap_parcel_read (SarapCentral *central, gint64 project, GBytes *xml, GError **error);
gboolean sarap_parcel_add_spools (SarapParcel *parcel, GPtrArray *spools, GError **error);

G_END_DECLS
