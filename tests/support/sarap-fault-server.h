#pragma once

#include <libsoup/soup.h>

#include "tests/support/sarap-test-ca.h"

G_BEGIN_DECLS

/* An OpenRosa server over TLS in its own thread, honest until told otherwise. Its base address is
 * https://HOST:PORT/base; submissions lie in memory. */

typedef struct _SarapFaultServer SarapFaultServer;

typedef struct
{
  char *method;
  char *path; /* with the query */
  char *openrosa_version;
  char *date;
  char *authorization;
  GBytes *body;
} SarapFaultRequest;

typedef struct
{
  GBytes *xml;
  GHashTable *files; /* name → GBytes */
  guint n_posts;
} SarapFaultInstance;

/* Called in the server's thread before the honest answer; @n counts the requests of this method and
 * path from 0. Returns: TRUE when it answered itself */
typedef gboolean (*SarapFaultFunc) (SarapFaultServer *server, SoupServerMessage *message, const char *path, guint n, gpointer data);

SarapFaultServer *sarap_fault_server_new (const char *pem);
void sarap_fault_server_free (SarapFaultServer *self);
char *sarap_fault_server_dup_url (SarapFaultServer *self, const char *host);
guint sarap_fault_server_get_port (SarapFaultServer *self);

void sarap_fault_server_set_fault (SarapFaultServer *self, SarapFaultFunc func, gpointer data);
void sarap_fault_server_set_receipts (SarapFaultServer *self, gboolean gives_receipts);
void sarap_fault_server_set_accepted_length (SarapFaultServer *self, guint64 length);
void sarap_fault_server_put (SarapFaultServer *self, const char *path, const char *content_type, GBytes *body);

void sarap_fault_server_answer_honestly (SarapFaultServer *self, SoupServerMessage *message, const char *path);
void sarap_fault_server_answer (SoupServerMessage *message, guint status, const char *content_type, const char *body);
void sarap_fault_server_cut (SoupServerMessage *message);

GPtrArray *sarap_fault_server_list_requests (SarapFaultServer *self);
GHashTable *sarap_fault_server_list_instances (SarapFaultServer *self);
guint sarap_fault_server_count (SarapFaultServer *self, const char *method, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapFaultServer, sarap_fault_server_free)

G_END_DECLS
