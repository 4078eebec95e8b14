#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a server signs of a submission: that at a time it held these bytes. */

typedef struct _SarapStatement
{
  char *instance;
  gint64 time;   /* ms UTC, of the server */
  char *head;    /* of the device's chain, when the submission came with it; "" */
  char *answers; /* SHA-256, hexadecimal; NULL until known */
  gboolean is_complete;
  GPtrArray *files; /* its own */
} SarapStatement;

/* The name under which a statement tells of the answers. */
#define SARAP_STATEMENT_ANSWERS "submission.xml"

SarapStatement *sarap_statement_new (const char *instance, gint64 time, const char *head, gboolean is_complete);
void sarap_statement_free (SarapStatement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapStatement, sarap_statement_free)
void sarap_statement_add_file (SarapStatement *self, const char *name, const char *sha256, guint64 size);
char *sarap_statement_to_text (const SarapStatement *self);
SarapStatement *sarap_statement_new_signed (const char *text, const char *key, const char *signature);

/* The server's key pair, Ed25519; @seed: 64 hexadecimal digits. */
char *sarap_server_key_generate (void);
char *sarap_server_key_dup_public (const char *seed);
char *sarap_server_key_sign (const char *seed, const char *text);

G_END_DECLS
