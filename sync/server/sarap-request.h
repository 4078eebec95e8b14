#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "sync/server/sarap-central.h"
#include "sync/server/sarap-routes.h"
#include "sync/server/sarap-server.h"
#include "sync/server/sarap-upload.h"
#include "app/base/sarap-json.h"

G_BEGIN_DECLS

/* One request on its way from its headers to the reply. Belongs to its message. */

struct _SarapRequest
{
  SarapServer *server;
  SarapCentral *central;
  SoupServerMessage *message;
  const SarapRoute *route; /* NULL: none matched */
  gboolean is_device;      /* answers errors as OpenRosa, not as JSON */

  /* From the path, decoded; NULL or 0 when the route has none. */
  char *key;
  gint64 project;
  char *form;
  char *instance;
  char *name;
  char *id; /* a number, as it was written */

  SarapAppUser *app_user;      /* who calls, by key */
  SarapSupervisor *supervisor; /* who calls, by session */

  GByteArray *body;    /* NULL for uploads */
  SarapUpload *upload; /* of the submission route */
  guint64 received;

  guint refused; /* status that the headers or the body already earned; 0 none */
  char *refusal;
  gpointer work; /* of the handler's own, for sarap_server_work() */
};

const char *sarap_request_peek_query (SarapRequest *self, const char *name);
gint64 sarap_request_get_query_number (SarapRequest *self, const char *name, gint64 fallback);
gint64 sarap_request_get_id (SarapRequest *self);
SarapCentralForm *sarap_request_find_form (SarapRequest *self);
JsonObject *sarap_request_dup_json (SarapRequest *self);

void sarap_request_refuse (SarapRequest *self, guint status, const char *format, ...) G_GNUC_PRINTF (3, 4);
void sarap_request_reply (SarapRequest *self, guint status, const char *content_type, GBytes *body);
void sarap_request_reply_tagged (SarapRequest *self, const char *content_type, GBytes *body, const char *tag);
void sarap_request_reply_json (SarapRequest *self, guint status, JsonBuilder *builder);
void sarap_request_reply_media (SarapRequest *self, const SarapCentralFile *file, const char *tag);
void sarap_request_reply_success (SarapRequest *self);
void sarap_request_reply_error (SarapRequest *self, guint status, const char *message);
void sarap_request_reply_failure (SarapRequest *self, const GError *error);

G_END_DECLS
