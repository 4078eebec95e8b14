#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A certificate authority of its own for a test, and certificates for servers on this machine. */

typedef struct _SarapTestCa SarapTestCa;

SarapTestCa *sarap_test_ca_new (void);
void sarap_test_ca_free (SarapTestCa *self);
const char *sarap_test_ca_get_pem (SarapTestCa *self);

/* For @host (a DNS name, or "127.0.0.1"), valid from now + @starts to now + @ends (seconds).
 * Returns: certificate and private key in one PEM */
char *sarap_test_ca_issue (SarapTestCa *self, const char *host, long starts, long ends);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapTestCa, sarap_test_ca_free)

G_END_DECLS
