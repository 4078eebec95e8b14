#pragma once

#include "app/base/sarap-clock.h"
#include "sync/server/sarap-central-store.h"
#include "sync/server/sarap-media.h"

G_BEGIN_DECLS

/* The central store with its files and clock: what requests, hand-over and administration share. */

typedef struct
{
  SarapCentralStore *store;
  SarapMedia *media;
  SarapClock *clock;
  GHashTable *forms; /* forms_key → SarapCentralForm: versions never change */
  GMutex mutex;      /* of forms */
  char *signing_key; /* seed of what signs receipts; NULL: not made yet */
} SarapCentral;

SarapCentral *sarap_central_open (const char *database, GError **error);
SarapCentral *sarap_central_open_reader (const char *database, GError **error);
void sarap_central_free (SarapCentral *self);

SarapCentralForm *sarap_central_find_form (SarapCentral *self, gint64 project, const char *xml_form_id, const char *version, GError **error);
gint64 sarap_central_get_now (SarapCentral *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapCentral, sarap_central_free)

G_END_DECLS
