#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How a device comes to know its server: one text that a QR code, a file or a person gives.
 * As text it is one JSON object, the same in the QR code and in the file (NAME.sarap):
 * {"sarap": 1, "name": "…", "url": "https://host/v1/key/KEY/projects/1", "ca": "PEM or absent",
 *  "project_key": "base64 X25519 public key or absent", "spare_key": "the second pair's, or absent",
 *  "server_key": "hexadecimal Ed25519 public key or absent",
 *  "username": "…"}
 * A bare OpenRosa URL (ODK Central app user link, KoboToolbox server) is accepted as well; user and
 * password then come from the person. A supervisor's has "url": "https://host", "role": "supervisor"
 * and, when known, "project": 1. */

typedef struct
{
  char *name;        /* of the project, for people */
  char *url;         /* OpenRosa base, no trailing slash; https only */
  char *ca;          /* PEM of the own certificate authority, or NULL */
  char *project_key; /* or NULL */
  char *spare_key;   /* or NULL; the pair that lies in a drawer */
  char *server_key;  /* or NULL; Ed25519 public key that signs receipts, hexadecimal */
  char *username;    /* shown; HTTP Basic user when password is set */
  char *password;    /* or NULL; a supervisor's: the session's token */
  gboolean is_supervisor;
  gint64 project_id; /* supervisor: project of the JSON endpoints; 0 until known */
} SarapEnrolment;

void sarap_enrolment_free (SarapEnrolment *self);
SarapEnrolment *sarap_enrolment_copy (const SarapEnrolment *self);
SarapEnrolment *sarap_enrolment_parse (const char *text, GError **error);
char *sarap_enrolment_to_text (const SarapEnrolment *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapEnrolment, sarap_enrolment_free)

G_END_DECLS
