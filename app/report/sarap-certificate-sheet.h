#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A page of names and values with a code to scan, for the certificate of one record. */

gboolean sarap_certificate_sheet_write (const char *path, const char *title, const char *verdict, const char *const *rows, const char *code, GError **error);

G_END_DECLS
