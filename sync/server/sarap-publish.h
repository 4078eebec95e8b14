#pragma once

#include "app/base/sarap-problem.h"
#include "sync/server/sarap-central.h"

G_BEGIN_DECLS

SarapCentralForm *sarap_publish_form (SarapCentral *central, gint64 project, const char *file, const char *media_folder, SarapProblems *problems, GError **error);
gboolean sarap_publish_table (SarapCentral *central, gint64 project, const char *form_id, const char *file, GError **error);

G_END_DECLS
