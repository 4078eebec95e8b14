#pragma once

#include <gio/gio.h>

#include "app/store/sarap-store.h"

G_BEGIN_DECLS

/* How a device comes to know its server: one text that a QR code, a file or a person gives.
 * As text it is one JSON object, the same in the QR code and in the file (NAME.sarap):
 * {"sarap": 1, "name": "…", "url": "https://host/v1/key/KEY/projects/1", "ca": "PEM or absent",
 *  "project_key": "base64 X25519 public key or absent", "username": "…"}
 * A bare OpenRosa URL (ODK Central app user link, KoboToolbox server) is accepted as well; user and
 * password then come from the person. A supervisor's has "url": "https://host", "role": "supervisor". */

typedef struct
{
  char *name;        /* of the project, for people */
  char *url;         /* OpenRosa base, no trailing slash; https only */
  char *ca;          /* PEM of the own certificate authority, or NULL */
  char *project_key; /* or NULL */
  char *username;    /* shown; HTTP Basic user when password is set */
  char *password;    /* or NULL */
  gboolean is_supervisor;
  gint64 project_id; /* supervisor: project of the JSON endpoints */
} SarapEnrolment;

void sarap_enrolment_free (SarapEnrolment *self);
SarapEnrolment *sarap_enrolment_parse (const char *text, GError **error);
SarapEnrolment *sarap_enrolment_load (SarapStore *store); /* NULL: not enrolled */
gboolean sarap_enrolment_save (const SarapEnrolment *self, SarapStore *store, GError **error);
/* Asks the server once (blocking): certificate, key, form list. The message of an error is fit for people. */
gboolean sarap_enrolment_check (const SarapEnrolment *self, char **summary, GCancellable *cancellable, GError **error);
/* Text of the first QR code in a picture (zbar). */
char *sarap_enrolment_read_qr (const char *image_file, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapEnrolment, sarap_enrolment_free)

G_END_DECLS
