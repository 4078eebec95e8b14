#pragma once

#include "app/store/sarap-store.h"
#include "app/vault/sarap-clock-evidence.h"

G_BEGIN_DECLS

/* What the chain of custody proves of one record. */

typedef enum
{
  SARAP_CERTIFICATE_STARTED,
  SARAP_CERTIFICATE_FINALIZED,
  SARAP_CERTIFICATE_SENT,
  SARAP_CERTIFICATE_N_EVENTS,
} SarapCertificateEvent;

typedef struct
{
  gboolean is_known[SARAP_CERTIFICATE_N_EVENTS];
  SarapMoment moments[SARAP_CERTIFICATE_N_EVENTS];
  SarapInterval intervals[SARAP_CERTIFICATE_N_EVENTS];
  gint64 sequence;
  char *form_id;
  char *form_version;
  char *form_hash;
  char *answers;      /* SHA-256 */
  char *device;       /* public key */
  char *head;         /* of the newest entry about the record */
  char *receipt;      /* SHA-256; NULL: none */
  char *server_key;   /* that signed it; NULL: nobody */
  gint64 server_time; /* ms UTC */
  GPtrArray *files;   /* "name hash" of each sealed file */
  guint n_faults;     /* that sarap_store_check_custody() finds in the record and its entries */
} SarapCertificate;
void sarap_certificate_free (SarapCertificate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapCertificate, sarap_certificate_free)

SarapCertificate *sarap_store_read_certificate (SarapStore *self, const char *id, GError **error);

G_END_DECLS
