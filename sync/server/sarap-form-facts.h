#pragma once

#include "sync/server/sarap-central-types.h"

G_BEGIN_DECLS

SarapCentralForm *sarap_form_facts_read (GBytes *xml, const char *file, GError **error);
char **sarap_form_facts_list_media (GBytes *xml);

G_END_DECLS
