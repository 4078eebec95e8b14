#pragma once

#include "app/vault/sarap-keyring.h"

G_BEGIN_DECLS

/* The PIN or passphrase where there is no window: from a file, or asked at the terminal. */

#define SARAP_PASSPHRASE_VARIABLE "SARAP_PASSPHRASE_FILE"

char *sarap_passphrase_read (const char *path, GError **error);
char *sarap_passphrase_ask (const char *prompt, GError **error);
char *sarap_passphrase_get (const char *path, const char *prompt, GError **error);
gboolean sarap_passphrase_unlock (SarapKeyring *keyring, const char *passphrase, GError **error);

G_END_DECLS
