#include "sync/server/sarap-handlers.h"

#include <string.h>

#include "app/vault/sarap-pin.h"
#include "sync/server/sarap-secret.h"

#define TOO_MANY_REQUESTS 429 /* RFC 6585; not among libsoup's names */
#define SESSION_LASTS (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)

/* A hash of no account's password: trying an unknown account takes as long as a known one. */
static const char *
peek_decoy_hash (void)
{
  static gsize hash = 0;

  if (g_once_init_enter (&hash))
    {
      g_autofree char *password = sarap_secret_make ();

      char *made = sarap_pin_hash (password);

      if (made == NULL)
        g_error ("no memory to hash a password");
      g_once_init_leave (&hash, (gsize) made);
    }
  return (const char *) hash;
}

typedef struct
{
  char *email;
  char *password;
  char *hash; /* NULL: no such account */
  gint64 supervisor;
  gboolean is_right;
} SignIn;

static void
sign_in_free (SignIn *sign_in)
{
  g_free (sign_in->email);
  g_free (sign_in->password);
  g_free (sign_in->hash);
  g_free (sign_in);
}

static void
check_password (SarapRequest *request)
{
  SignIn *sign_in = request->work;
  gboolean matches = sarap_pin_verify (sign_in->hash ? sign_in->hash : peek_decoy_hash (), sign_in->password);

  sign_in->is_right = matches && sign_in->hash != NULL;
}

static void
reply_session (SarapRequest *request, gint64 supervisor)
{
  g_autofree char *token = sarap_secret_make (), *csrf = sarap_secret_make ();
  g_autofree char *hash = sarap_secret_hash (token);
  gint64 now = sarap_central_get_now (request->central);
  g_autoptr (GError) error = NULL;
  JsonBuilder *builder;

  if (!sarap_central_store_add_session (request->central->store, hash, supervisor, now, now + SESSION_LASTS, &error))
    {
      sarap_request_reply_failure (request, error);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  sarap_json_build_nullable (builder, "token", token);
  sarap_json_build_nullable (builder, "csrf", csrf);
  sarap_json_build_time (builder, "createdAt", now);
  sarap_json_build_time (builder, "expiresAt", now + SESSION_LASTS);
  json_builder_end_object (builder);
  sarap_request_reply_json (request, SOUP_STATUS_OK, builder);
}

static void
answer_sign_in (SarapRequest *request)
{
  SignIn *sign_in = request->work;

  if (sign_in->is_right)
    {
      sarap_throttle_forgive (sarap_server_get_throttle (request->server), sign_in->email);
      reply_session (request, sign_in->supervisor);
    }
  else
    sarap_request_reply_error (request, SOUP_STATUS_UNAUTHORIZED, "name or password is wrong");
  sign_in_free (sign_in);
}

static SignIn *
read_sign_in (SarapRequest *request)
{
  JsonObject *object = sarap_request_dup_json (request);
  const char *email, *password;
  SignIn *sign_in = NULL;

  if (object == NULL)
    return NULL;
  email = sarap_json_peek_string (object, "email");
  password = sarap_json_peek_string (object, "password");
  if (email == NULL || password == NULL)
    sarap_request_reply_error (request, SOUP_STATUS_BAD_REQUEST, "give \"email\" and \"password\"");
  else
    {
      sign_in = g_new0 (SignIn, 1);
      sign_in->email = g_utf8_strdown (email, -1);
      sign_in->password = g_strdup (password);
    }
  json_object_unref (object);
  return sign_in;
}

void
sarap_handle_sign_in (SarapRequest *request)
{
  SignIn *sign_in = read_sign_in (request);
  g_autoptr (SarapSupervisor) supervisor = NULL;
  g_autoptr (GError) error = NULL;

  if (sign_in == NULL)
    return;
  if (!sarap_throttle_try (sarap_server_get_throttle (request->server), sign_in->email, sarap_central_get_now (request->central)))
    {
      soup_message_headers_replace (soup_server_message_get_response_headers (request->message), "Retry-After", "900");
      sarap_request_reply_error (request, TOO_MANY_REQUESTS, "too many tries; wait 15 minutes");
      sign_in_free (sign_in);
      return;
    }
  supervisor = sarap_central_store_find_supervisor (request->central->store, sign_in->email, &error);
  if (error != NULL)
    {
      sarap_request_reply_failure (request, error);
      sign_in_free (sign_in);
      return;
    }
  if (supervisor != NULL)
    {
      sign_in->hash = g_strdup (supervisor->password_hash);
      sign_in->supervisor = supervisor->id;
    }
  request->work = sign_in;
  if (!sarap_server_work (request->server, request, check_password, answer_sign_in))
    sign_in_free (sign_in);
}

void
sarap_handle_sign_out (SarapRequest *request)
{
  const char *header = soup_message_headers_get_one (soup_server_message_get_request_headers (request->message), "Authorization");
  g_autofree char *hash = sarap_secret_hash (header + strlen ("Bearer "));
  g_autoptr (GError) error = NULL;

  if (!sarap_central_store_remove_session (request->central->store, hash, &error))
    {
      sarap_request_reply_failure (request, error);
      return;
    }
  sarap_request_reply_success (request);
}
