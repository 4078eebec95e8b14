#pragma once

#include "app/report/sarap-record-source.h"

G_BEGIN_DECLS

/* Writes report.pdf, and each figure as PNG and CSV, into @folder (made when missing). Text is in
 * the language of the process (gettext); labels of answers in @language. Returns: path of the PDF */
char *sarap_report_write (SarapRecordSource *source, const char *const *form_ids, const char *title, const char *language, const char *folder, GError **error);

G_END_DECLS
