#pragma once

#include <gio/gio.h>

#include "app/base/sarap-clock.h"
#include "sync/wire/sarap-enrolment-text.h"

G_BEGIN_DECLS

/* Requests to one server over TLS; blocking, from the thread that made it. Errors are
 * SARAP_SYNC_ERROR (OFFLINE, CERTIFICATE, SERVER) or G_IO_ERROR_CANCELLED; their messages never
 * hold an address, because addresses hold keys. */

typedef struct _SarapHttp SarapHttp;

typedef struct
{
  guint status;
  char *reason;       /* of the status line */
  char *content_type; /* without parameters, or "" */
  char *location;     /* or NULL */
  GBytes *body;
  guint64 accepted_length; /* bytes that one submission may have; 0 when not told */
  guint retry_after;       /* seconds, 0 when not told */
} SarapHttpReply;

SarapHttp *sarap_http_new (const SarapEnrolment *enrolment, SarapClock *clock, GCancellable *cancellable, GError **error);
void sarap_http_free (SarapHttp *self);
char *sarap_http_dup_origin (SarapHttp *self);
GCancellable *sarap_http_get_cancellable (SarapHttp *self);

char *sarap_http_resolve (SarapHttp *self, const char *url, GError **error);
gboolean sarap_http_is_same_host (SarapHttp *self, const char *url);

SarapHttpReply *sarap_http_head (SarapHttp *self, const char *url, GError **error);
SarapHttpReply *sarap_http_get (SarapHttp *self, const char *url, gsize limit, GError **error);
SarapHttpReply *sarap_http_download (SarapHttp *self, const char *url, gsize limit, GError **error);
SarapHttpReply *sarap_http_post (SarapHttp *self, const char *url, const char *content_type, GPtrArray *pieces, gsize length, GError **error);
SarapHttpReply *sarap_http_send_json (SarapHttp *self, const char *method, const char *url, GBytes *json, GError **error);

void sarap_http_reply_free (SarapHttpReply *reply);
gboolean sarap_http_reply_is_web_page (const SarapHttpReply *reply);
char *sarap_http_reply_dup_words (const SarapHttpReply *reply);
gboolean sarap_http_reply_check (const SarapHttpReply *reply, const char *what, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapHttp, sarap_http_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapHttpReply, sarap_http_reply_free)

G_END_DECLS
