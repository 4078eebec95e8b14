#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The answer to a submission, and the receipt in it. Errors are SARAP_INPUT_ERROR. */

#define SARAP_OPENROSA_VERSION_HEADER "X-OpenRosa-Version"
#define SARAP_OPENROSA_VERSION "1.0"
#define SARAP_OPENROSA_LENGTH_HEADER "X-OpenRosa-Accept-Content-Length"
#define SARAP_OPENROSA_DEFAULT_LENGTH 10000000
#define SARAP_OPENROSA_MOST_FILES 100

#define SARAP_OPENROSA_XML_PART "xml_submission_file"
#define SARAP_OPENROSA_INCOMPLETE_PART "*isIncomplete*"

/* Name of a record's XML in receipts and in hand-over folders. */
#define SARAP_RECEIPT_XML "submission.xml"

typedef struct
{
  char *name;
  char *sha256; /* 64 lower-case hex digits */
  guint64 size;
} SarapStoredFile;

/* What the server durably holds of one instance. */
typedef struct
{
  char *instance_id;
  gboolean is_complete;
  GPtrArray *files;   /* (element-type SarapStoredFile), SARAP_RECEIPT_XML among them */
  GPtrArray *missing; /* (element-type utf8) attachments that the XML names and the server lacks */
  gint64 time;        /* ms UTC by the server's clock; 0: unsigned */
  char *signature;    /* hex, of the receipt's statement; NULL: unsigned */
} SarapReceipt;

/* What our server says of a submission; a device says it in its own language. */
#define SARAP_MESSAGE_STORED "Received and stored."
#define SARAP_MESSAGE_STORED_BEFORE "This was stored before."
#define SARAP_MESSAGE_FILES_MISSING "Received; some files are still missing."

typedef struct
{
  char *message;
  char *nature;          /* "submit_success" …; "" when absent */
  SarapReceipt *receipt; /* or NULL: the server gives none */
} SarapOpenRosaResponse;

SarapStoredFile *sarap_stored_file_new (const char *name, const char *sha256, guint64 size);
void sarap_stored_file_free (SarapStoredFile *file);
gboolean sarap_stored_file_is_sound (const char *name, const char *sha256, GPtrArray *others);

SarapReceipt *sarap_receipt_new (const char *instance_id);
void sarap_receipt_free (SarapReceipt *self);
void sarap_receipt_add_file (SarapReceipt *self, const char *name, const char *sha256, guint64 size);
void sarap_receipt_add_missing (SarapReceipt *self, const char *name);
const SarapStoredFile *sarap_receipt_find_file (const SarapReceipt *self, const char *name);

SarapOpenRosaResponse *sarap_openrosa_response_parse (GBytes *bytes, GError **error);
void sarap_openrosa_response_free (SarapOpenRosaResponse *self);
GBytes *sarap_openrosa_response_serialize (const char *message, const char *nature, const SarapReceipt *receipt);

char *sarap_openrosa_date (gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapStoredFile, sarap_stored_file_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapReceipt, sarap_receipt_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapOpenRosaResponse, sarap_openrosa_response_free)

G_END_DECLS
