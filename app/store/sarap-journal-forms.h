#pragma once

#include "app/store/sarap-database.h"

G_BEGIN_DECLS

/* The second copy of the list of forms: journal/forms; their XML is media/HASH.xml. On the database thread. */

typedef struct _SarapJournalForms SarapJournalForms;

SarapJournalForms *sarap_journal_forms_new (SarapDatabase *db, const char *store_folder);
void sarap_journal_forms_free (SarapJournalForms *self);
char *sarap_journal_forms_dup_file (SarapJournalForms *self, gint64 form, GError **error);
gboolean sarap_journal_forms_write (SarapJournalForms *self, GError **error);
void sarap_journal_forms_forget (SarapJournalForms *self);

gboolean sarap_journal_forms_exist (const char *store_folder);
int sarap_journal_forms_restore (SarapDatabase *db, const char *store_folder, GError **error);
gint64 sarap_journal_forms_restore_one (SarapDatabase *db, const char *store_folder, const char *id, const char *version, const char *hash, const char *file, GError **error);

G_END_DECLS
