#pragma once

#include "sync/server/sarap-central.h"

G_BEGIN_DECLS

/* `sarap-server admin …`, in this process or sent to the one that has the database. */

typedef struct _SarapAdminPost SarapAdminPost;

int sarap_admin_run (SarapCentral *central, char **arguments, const char *folder, GString *out, GString *err);

SarapAdminPost *sarap_admin_post_open (SarapCentral *central, const char *database, GError **error);
void sarap_admin_post_close (SarapAdminPost *self);
int sarap_admin_send (const char *database, char **arguments, GString *out, GString *err);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapAdminPost, sarap_admin_post_close)

G_END_DECLS
