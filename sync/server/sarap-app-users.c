#include "sync/server/sarap-app-users.h"

#include "sync/server/sarap-secret.h"
#include "app/base/sarap-json.h"

/* @key: (out) told once. Returns: its number, 0 on error. */
gint64
sarap_app_users_add (SarapCentral *central, gint64 project, const char *name, char **key, GError **error)
{
  g_autofree char *secret = sarap_secret_make (), *hash = sarap_secret_hash (secret);
  gint64 id = sarap_central_store_add_app_user (central->store, project, name, hash, sarap_central_get_now (central), error);

  if (id != 0)
    *key = g_steal_pointer (&secret);
  return id;
}

/* Returns: the new key, told once; the old one opens nothing any more. G_IO_ERROR_NOT_FOUND. */
char *
sarap_app_users_replace_key (SarapCentral *central, gint64 project, gint64 id, GError **error)
{
  g_autofree char *secret = sarap_secret_make (), *hash = sarap_secret_hash (secret);

  return sarap_central_store_replace_key (central->store, project, id, hash, sarap_central_get_now (central), error) ? g_steal_pointer (&secret) : NULL;
}

/* An array. */
void
sarap_app_users_build (JsonBuilder *builder, GPtrArray *users)
{
  json_builder_begin_array (builder);
  for (guint i = 0; i < users->len; i++)
    {
      const SarapAppUser *user = g_ptr_array_index (users, i);

      json_builder_begin_object (builder);
      sarap_json_build_int (builder, "id", user->id);
      sarap_json_build_nullable (builder, "displayName", user->name);
      sarap_json_build_nullable (builder, "state", user->is_revoked ? "revoked" : "active");
      sarap_json_build_int (builder, "submissions", user->n_submissions);
      sarap_json_build_time (builder, "lastSentAt", user->last_sent_at);
      sarap_json_build_time (builder, "createdAt", user->created_at);
      sarap_json_build_time (builder, "revokedAt", user->revoked_at);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}
