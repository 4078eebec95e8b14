#pragma once

#include <gio/gio.h>

#include "app/store/sarap-store.h"
#include "sync/wire/sarap-enrolment-text.h"

G_BEGIN_DECLS

/* A store may know two ways to its server at once: as a device that fills forms, and as a signed-in
 * supervisor. */
SarapEnrolment *sarap_enrolment_load (SarapStore *store);            /* as a device; NULL: not enrolled */
SarapEnrolment *sarap_enrolment_load_supervisor (SarapStore *store); /* NULL: nobody has signed in */
/* @self says which of the two it replaces. */
gboolean sarap_enrolment_save (const SarapEnrolment *self, SarapStore *store, GError **error);
/* Asks the server once (blocking): certificate, key, form list. The message of an error is fit for people. */
gboolean sarap_enrolment_check (const SarapEnrolment *self, char ***titles, GCancellable *cancellable, GError **error);
/* Text of the first QR code in a picture (zbar). */
char *sarap_enrolment_read_qr (const char *image_file, GError **error);

G_END_DECLS
