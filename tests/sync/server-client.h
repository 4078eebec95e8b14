#pragma once

#include <json-glib/json-glib.h>

#include "tests/support/sarap-test-server.h"

G_BEGIN_DECLS

/* A server with one project and the form tests/data/server/visit.xml, and who may call it. */

typedef struct
{
  SarapTestServer *server;
  SoupSession *session;
  gint64 project;
  char *device_url; /* https://localhost:PORT/v1/key/KEY/projects/1 */
  char *token;      /* of boss@example.org */
} Client;

typedef struct
{
  guint status; /* 0: no answer */
  char *body;   /* with a NUL after it */
  gsize length;
} Reply;

#define PASSWORD "long enough to keep"

Client *client_new (void);
void client_free (Client *self);

void reply_clear (Reply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reply, reply_clear)

/* @path: absolute ("/v1/projects") with the supervisor's token, or below the device's URL ("formList"). */
Reply client_call (Client *self, const char *method, const char *path, const char *json);
Reply client_send (Client *self, SoupMessage *message);

/* Names and contents of files in turn, NULL at the end. */
Reply client_post (Client *self, const char *xml, ...) G_GNUC_NULL_TERMINATED;
SoupMessage *client_new_post (Client *self, GPtrArray *parts, const char *content_type);

char *visit_xml (const char *instance_id, const char *inside);
JsonNode *reply_json (const Reply *reply);
char *sha256_of (const char *text);
gint64 count_rows (Client *self, const char *form_id);

#define assert_status(reply, code)                                                                          \
  G_STMT_START                                                                                              \
  {                                                                                                         \
    if ((reply)->status != (code))                                                                          \
      g_error ("%s:%d: status %u, not %u: %s", __FILE__, __LINE__, (reply)->status, (code), (reply)->body); \
  }                                                                                                         \
  G_STMT_END

G_END_DECLS
