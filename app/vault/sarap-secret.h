#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Thirty-two secret bytes in locked memory that no core dump and no swap file sees, wiped when the
 * last reference goes. Every symmetric key and every private key of Sarap is one. */

#define SARAP_SECRET_SIZE 32

typedef struct _SarapSecret SarapSecret;

SarapSecret *sarap_secret_new_random (void);
SarapSecret *sarap_secret_new (const guint8 bytes[SARAP_SECRET_SIZE]);
SarapSecret *sarap_secret_new_derived (SarapSecret *key, const char *purpose);
SarapSecret *sarap_secret_ref (SarapSecret *self);
void sarap_secret_unref (SarapSecret *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapSecret, sarap_secret_unref)
const guint8 *sarap_secret_peek (SarapSecret *self);
gboolean sarap_secret_equal (SarapSecret *a, SarapSecret *b);

SarapSecret *sarap_secret_new_from_text (const char *text);
char *sarap_secret_to_text (SarapSecret *self);
void sarap_secret_wipe_text (char *text);

void sarap_secret_protect_process (void);

G_END_DECLS
