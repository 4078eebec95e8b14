#pragma once

#include "sync/client/sarap-sync-round.h"
#include "sync/wire/sarap-form-list.h"

G_BEGIN_DECLS

/* One form of the server, brought to what the server has. */
typedef struct
{
  SarapSyncRound *round;
  GPtrArray *known; /* (element-type SarapFormEntry) every version in the store */
  const char *origin;
  const char *form_id;
  const char *version;
  const char *hash; /* or NULL */
  const char *url;  /* of the form's XML, as the server writes it */
  GPtrArray *media; /* (element-type SarapListedMedia) */
} SarapFormDownload;

gboolean sarap_form_download_run (SarapFormDownload *self, gboolean *changed, GError **error);
char *sarap_form_download_dup_origin (const SarapEnrolment *enrolment);

G_END_DECLS
