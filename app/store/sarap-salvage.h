#pragma once

#include "app/store/sarap-recover.h"

G_BEGIN_DECLS

/* Whatever can be read of a damaged database. */

typedef struct
{
  gint64 number;
  int state;
  gint64 revision;
} SarapSalvagedRecord;

/* TRUE: the record is not to be copied, a better copy is at hand. */
typedef gboolean (*SarapSalvageSkip) (const char *id, const SarapSalvagedRecord *record, gpointer data);
typedef void (*SarapSalvageTell) (const char *table, gpointer data);

gboolean sarap_salvage (const char *from, const char *to, SarapSalvageSkip skip, SarapSalvageTell tell, gpointer data, GError **error);

G_END_DECLS
