#include "sync/server/sarap-handlers.h"

#include <string.h>

#include "sync/server/sarap-app-users.h"

#define LONGEST_NAME 255

void
sarap_handle_app_users (SarapRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) users = sarap_central_store_list_app_users (request->central->store, request->project, &error);
  JsonBuilder *builder;

  if (users == NULL)
    {
      sarap_request_reply_failure (request, error);
      return;
    }
  builder = json_builder_new ();
  sarap_app_users_build (builder, users);
  sarap_request_reply_json (request, SOUP_STATUS_OK, builder);
}

/* The key stands here only: the store has its hash. */
static void
reply_key (SarapRequest *request, gint64 id, const char *key)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  sarap_json_build_int (builder, "id", id);
  sarap_json_build_nullable (builder, "token", key);
  json_builder_end_object (builder);
  sarap_request_reply_json (request, SOUP_STATUS_OK, builder);
}

/* {"displayName"} */
void
sarap_handle_new_app_user (SarapRequest *request)
{
  g_autoptr (JsonObject) object = sarap_request_dup_json (request);
  const char *name = object ? sarap_json_peek_string (object, "displayName") : NULL;
  g_autofree char *key = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (object == NULL)
    return;
  if (name == NULL || *name == '\0' || strlen (name) > LONGEST_NAME)
    {
      sarap_request_reply_error (request, SOUP_STATUS_BAD_REQUEST, "\"displayName\" must be a text that is not empty or too long");
      return;
    }
  id = sarap_app_users_add (request->central, request->project, name, &key, &error);
  if (id != 0)
    reply_key (request, id, key);
  else
    sarap_request_reply_failure (request, error);
}

void
sarap_handle_revocation (SarapRequest *request)
{
  g_autoptr (GError) error = NULL;

  if (sarap_central_store_revoke_app_user (request->central->store, request->project, sarap_request_get_id (request), sarap_central_get_now (request->central), &error))
    sarap_request_reply_success (request);
  else
    sarap_request_reply_failure (request, error);
}

void
sarap_handle_new_key (SarapRequest *request)
{
  gint64 id = sarap_request_get_id (request);
  g_autoptr (GError) error = NULL;
  g_autofree char *key = sarap_app_users_replace_key (request->central, request->project, id, &error);

  if (key != NULL)
    reply_key (request, id, key);
  else
    sarap_request_reply_failure (request, error);
}
