#pragma once

#include "app/store/sarap-store.h"

G_BEGIN_DECLS

/* How long to wait after a failure, with chance so that devices do not come back all at once. */

typedef enum
{
  SARAP_BACK_OFF_ROUND,   /* the whole round failed: 30 s … 1 h */
  SARAP_BACK_OFF_TROUBLE, /* a record: line or server failed: 1 min … 1 h */
  SARAP_BACK_OFF_REFUSED, /* a record: the server said no: 10 min … 24 h */
} SarapBackOff;

gint64 sarap_back_off_delay (SarapBackOff kind, guint n_failures);

/* Of whole rounds, kept in the store's settings. */
gint64 sarap_back_off_get_next_round (SarapStore *store);
gboolean sarap_back_off_note_round (SarapStore *store, gboolean ok, GError **error);

G_END_DECLS
