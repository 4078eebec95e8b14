#pragma once

#include <gio/gio.h>

#include "app/store/sarap-store.h"
#include "sync/wire/sarap-enrolment-text.h"

G_BEGIN_DECLS

SarapEnrolment *sarap_enrolment_load (SarapStore *store); /* NULL: not enrolled */
gboolean sarap_enrolment_save (const SarapEnrolment *self, SarapStore *store, GError **error);
/* Asks the server once (blocking): certificate, key, form list. The message of an error is fit for people. */
gboolean sarap_enrolment_check (const SarapEnrolment *self, char **summary, GCancellable *cancellable, GError **error);
/* Text of the first QR code in a picture (zbar). */
char *sarap_enrolment_read_qr (const char *image_file, GError **error);

G_END_DECLS
