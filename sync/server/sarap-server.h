#pragma once

#include "sync/server/sarap-central.h"
#include "sync/server/sarap-intake.h"
#include "sync/server/sarap-throttle.h"

G_BEGIN_DECLS

/* The HTTP server. It must stand behind nginx: no TLS, no rate limits of its own. */

typedef struct _SarapServer SarapServer;
typedef struct _SarapRequest SarapRequest;

typedef void (*SarapWorkFunc) (SarapRequest *request);

SarapServer *sarap_server_new (SarapCentral *central, const char *public_url);
void sarap_server_free (SarapServer *self);
gboolean sarap_server_listen (SarapServer *self, const char *address, GError **error);

SarapCentral *sarap_server_get_central (SarapServer *self);
SarapIntake *sarap_server_get_intake (SarapServer *self);
SarapThrottle *sarap_server_get_throttle (SarapServer *self);
const char *sarap_server_get_public_url (SarapServer *self);

gboolean sarap_server_work (SarapServer *self, SarapRequest *request, SarapWorkFunc work, SarapWorkFunc answer);

#define SARAP_SERVER_LONGEST_SUBMISSION G_GUINT64_CONSTANT (100000000)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapServer, sarap_server_free)

G_END_DECLS
