#pragma once

#include "sync/server/sarap-central.h"

G_BEGIN_DECLS

/* What became of one folder of a hand-over. @parcel NULL: @error says why it was not read. */
typedef void (*SarapImportFunc) (const char *folder, const SarapParcel *parcel, const GError *error, gpointer data);

gboolean sarap_import_folder (SarapCentral *central, gint64 project, const char *folder, SarapImportFunc func, gpointer data, GError **error);

G_END_DECLS
