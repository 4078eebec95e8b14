#pragma once

#include <gio/gio.h>

#include "sync/wire/sarap-enrolment-text.h"

G_BEGIN_DECLS

gboolean sarap_enrol_write_file (const char *text, const char *path, GError **error);
gboolean sarap_enrol_write_qr (const char *text, const char *path, GError **error);
char *sarap_enrol_draw_qr (const char *text, GError **error);

G_END_DECLS
