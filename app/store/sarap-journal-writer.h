#pragma once

#include "app/store/sarap-database.h"

G_BEGIN_DECLS

/* Keeps the second copies of drafts and of records that wait to be sent. On the database thread; a database without a
 * writer (one that is being made) keeps none. */

typedef struct _SarapJournalWriter SarapJournalWriter;

SarapJournalWriter *sarap_journal_writer_new (SarapDatabase *db, const char *store_folder);
void sarap_journal_writer_free (SarapJournalWriter *self);

/* In a transaction: rows of @record, or of forms, change. */
void sarap_journal_touch (SarapDatabase *db, gint64 record);
void sarap_journal_touch_folded (SarapDatabase *db, gint64 record);
void sarap_journal_touch_forms (SarapDatabase *db);
void sarap_journal_touch_anew (SarapDatabase *db, gint64 record);
gboolean sarap_journal_delete (SarapDatabase *db, const char *id, GError **error);
void sarap_journal_release (SarapDatabase *db, const char *id);
void sarap_journal_close (SarapDatabase *db, gint64 record);

/* Around the commit. */
gboolean sarap_journal_flush (SarapDatabase *db, GError **error);
void sarap_journal_committed (SarapDatabase *db);
void sarap_journal_undo (SarapDatabase *db);

G_END_DECLS
