#pragma once

#include "app/report/sarap-record-source.h"

G_BEGIN_DECLS

/* Tables that belong to a form as media and that an administrator may replace: "scoring.csv",
 * "sections.csv", "violations.csv", "waves.csv". Errors: SARAP_INPUT_ERROR that names file, line and column. */
const char *const *sarap_tables_get_names (void);

/* Whether @bytes can stand for the table @name of the newest version of the form, together with its
 * other tables and its questions. */
gboolean sarap_tables_check (SarapRecordSource *source, const char *form_id, const char *name, GBytes *bytes, GError **error);

/* The same of every such table in @folder, for a form that is to come. */
gboolean sarap_tables_check_folder (SarapForm *form, const char *folder, GError **error);

G_END_DECLS
