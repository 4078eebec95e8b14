#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The real sarap-server behind the real nginx with the configuration that we ship, on a free
 * loopback port, in a folder of its own. Both die with the test. Whatever fails here ends the
 * test by g_error(). */

typedef struct _SarapTestServer SarapTestServer;

SarapTestServer *sarap_test_server_new (void);
void sarap_test_server_free (SarapTestServer *self);

const char *sarap_test_server_get_url (SarapTestServer *self);     /* "https://localhost:PORT" */
const char *sarap_test_server_get_ca_file (SarapTestServer *self); /* PEM of the authority that signed its certificate */
const char *sarap_test_server_get_folder (SarapTestServer *self);  /* central.db, media/, server.sock, nginx.log … */

/* `sarap-server admin …`, also while the server runs. @status NULL: it must be 0. Returns stdout without the last newline. */
char *sarap_test_server_admin (SarapTestServer *self, int *status, const char *word, ...) G_GNUC_NULL_TERMINATED;
gint64 sarap_test_server_add_project (SarapTestServer *self, const char *name);
void sarap_test_server_add_form (SarapTestServer *self, gint64 project, const char *file, const char *media_folder);
char *sarap_test_server_add_app_user (SarapTestServer *self, gint64 project, const char *name); /* enrolment text */
char *sarap_test_server_add_administrator (SarapTestServer *self, gint64 project, const char *email, const char *password);
char *sarap_test_server_add_supervisor (SarapTestServer *self, gint64 project, const char *email, const char *password); /* enrolment text */

void sarap_test_server_kill (SarapTestServer *self);  /* sarap-server dies as in a power cut; nginx stays */
void sarap_test_server_stop (SarapTestServer *self);  /* sarap-server ends by SIGTERM; must exit with 0 */
void sarap_test_server_start (SarapTestServer *self); /* again, with what is on disk */
int sarap_test_server_get_pid (SarapTestServer *self);

SoupSession *sarap_test_server_new_session (SarapTestServer *self); /* trusts the authority */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapTestServer, sarap_test_server_free)

G_END_DECLS
