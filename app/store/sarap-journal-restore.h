#pragma once

#include "app/store/sarap-database.h"
#include "app/store/sarap-journal.h"

G_BEGIN_DECLS

/* From a journal back into rows. In a transaction of the database thread. */

/* How far a journal goes. */
typedef struct
{
  int state; /* SarapRecordState; -1: the journal was cut before it said so */
  gint64 revision;
  guint n_answers;
} SarapJournalReach;

SarapJournalReach sarap_journal_contents_get_reach (const SarapJournalContents *self);
gboolean sarap_journal_restore (SarapDatabase *db, const char *store_folder, const SarapJournalContents *contents, gint64 number, GError **error);

G_END_DECLS
