#pragma once

#include "app/vault/sarap-project-key.h"

G_BEGIN_DECLS

/* The keys of one store, in its folder keys/ (files 0600):
 *   device        what binds PINs to this device, signs its custody chain, and keeps its outbox
 *   user          the key of drafts, under the PIN
 *   escrow        the same under the project keys, for a forgotten PIN
 *   tries         wrong PINs in a row
 *   *.pub         project keys: whoever holds a private half reads everything that was sealed here
 * Any thread may call; a try of a PIN takes a quarter of a second and more: not in the main thread. */

#define SARAP_TYPE_KEYRING (sarap_keyring_get_type ())
G_DECLARE_FINAL_TYPE (SarapKeyring, sarap_keyring, SARAP, KEYRING, GObject)

SarapKeyring *sarap_keyring_create (const char *folder, const char *pin, SarapProjectKey *project_key, GError **error);
SarapKeyring *sarap_keyring_open (const char *folder, GError **error);

/* The PIN. Without one (NULL or "") the device's own secret opens the drafts by itself. */
gboolean sarap_keyring_has_pin (SarapKeyring *self);
gboolean sarap_keyring_is_locked (SarapKeyring *self);
gboolean sarap_keyring_unlock (SarapKeyring *self, const char *pin, GError **error);
guint sarap_keyring_get_wait (SarapKeyring *self);
void sarap_keyring_lock (SarapKeyring *self);
gboolean sarap_keyring_set_pin (SarapKeyring *self, const char *pin, GError **error);
gboolean sarap_keyring_set_duress_pin (SarapKeyring *self, const char *pin, GError **error);
gboolean sarap_keyring_recover (SarapKeyring *self, SarapProjectKey *key, const char *pin, GError **error);

/* Keys for the store. References are given. */
SarapSecret *sarap_keyring_ref_user_key (SarapKeyring *self, GError **error);
char *sarap_keyring_dup_user_id (SarapKeyring *self);
SarapSecret *sarap_keyring_ref_sync_key (SarapKeyring *self);

/* Project keys, public halves; a private half that was opened here stands in its place. */
gboolean sarap_keyring_add_project_key (SarapKeyring *self, SarapProjectKey *key, GError **error);
gboolean sarap_keyring_drop_project_key (SarapKeyring *self, SarapProjectKey *key, GError **error);
gboolean sarap_keyring_open_project_key (SarapKeyring *self, SarapProjectKey *key);
GPtrArray *sarap_keyring_list_project_keys (SarapKeyring *self);

/* Ed25519. */
#define SARAP_SIGNATURE_SIZE 64
void sarap_keyring_sign (SarapKeyring *self, GBytes *message, guint8 signature[SARAP_SIGNATURE_SIZE]);
char *sarap_keyring_dup_device_key (SarapKeyring *self);
gboolean sarap_signature_verify (const char *device_key, GBytes *message, const guint8 signature[SARAP_SIGNATURE_SIZE]);

G_END_DECLS
