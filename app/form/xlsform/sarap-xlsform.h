#pragma once

#include <glib.h>

#include "app/base/sarap-problem.h"

G_BEGIN_DECLS

/* XLSForm (.xlsx) to ODK XForms, laid out as the field's standard converter lays it out. A form
 * is always loaded from XForms XML, so this is the only way in for a workbook.
 * @problems collects warnings and errors with sheet, row and column. NULL with @error when there
 * are errors. Returns: (transfer full) UTF-8 XML */
GBytes *sarap_xlsform_convert (const char *path, SarapProblems *problems, GError **error);
GBytes *sarap_xlsform_convert_bytes (GBytes *workbook, const char *file, SarapProblems *problems, GError **error);

/* A workbook begins with "PK\3\4". */
gboolean sarap_xlsform_is_workbook (GBytes *bytes);

G_END_DECLS
