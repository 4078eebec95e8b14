#pragma once

#include "app/report/sarap-record-source.h"

G_BEGIN_DECLS

/* Answers of all records of one form as columns of codes, so that 100,000 interviews cost
 * memory by the cell, not by the object.
 *
 *  1. A column is named after its question; where two questions of a form share a name, the first
 *     in the form has it and the other is named "group/name".
 *  2. A repeat is a dataset of its own whose rows know their parent row.
 *  3. Rejected records are left out and counted (sarap_dataset_get_n_rejected).
 *  4. A blank answer, or a question that was not relevant, is NULL.
 */

typedef struct _SarapDataset SarapDataset;

SarapDataset *sarap_dataset_load (SarapRecordSource *source, const char *form_id, GError **error);
SarapDataset *sarap_dataset_new (SarapForm *form);
gboolean sarap_dataset_add (SarapDataset *self, const SarapSourceRecord *record, GError **error);
SarapDataset *sarap_dataset_ref (SarapDataset *self);
void sarap_dataset_unref (SarapDataset *self);

SarapForm *sarap_dataset_get_form (SarapDataset *self);
guint sarap_dataset_get_n_rows (SarapDataset *self);
guint sarap_dataset_get_n_rejected (SarapDataset *self);
const char *sarap_dataset_peek (SarapDataset *self, guint row, const char *column);
const char *sarap_dataset_peek_id (SarapDataset *self, guint row);
const char *sarap_dataset_peek_submitter (SarapDataset *self, guint row);
/* Day of the interview, days since 1970-01-01: question `today`, else `start`, else the day of receipt. */
int sarap_dataset_get_day (SarapDataset *self, guint row);
/* Dataset of the repeat @name; NULL when the form has no such repeat. */
SarapDataset *sarap_dataset_peek_repeat (SarapDataset *self, const char *name);
guint sarap_dataset_get_parent_row (SarapDataset *repeat, guint row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapDataset, sarap_dataset_unref)

G_END_DECLS
