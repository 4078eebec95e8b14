#include "sync/server/sarap-server.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#include "sync/server/sarap-handlers.h"
#include "sync/server/sarap-secret.h"
#include "sync/wire/sarap-openrosa.h"

/*  1. Who calls is settled by the headers; of a refused request no byte of the body is kept.
 *  2. Bodies are never gathered by the library: submissions are taken apart as they come, any
 *     other body is at most LONGEST_BODY.
 *  3. A silent connection is closed after SILENCE seconds. */

enum
{
  LONGEST_BODY = 64 * 1024,
  SILENCE = 75,
  MOST_WAITING = 32,
  N_WORKERS = 2,
};

struct _SarapServer
{
  SarapCentral *central;
  SarapIntake *intake;
  SarapThrottle *throttle;
  SoupServer *soup;
  GThreadPool *workers;
  GMainContext *context;
  char *public_url;
  char *socket_path; /* removed at the end; NULL on a port */
};

typedef struct
{
  SarapServer *server;
  SoupServerMessage *message;
  SarapRequest *request;
  SarapWorkFunc work;
  SarapWorkFunc answer;
} Work;

static void
request_free (SarapRequest *request)
{
  g_free (request->key);
  g_free (request->form);
  g_free (request->instance);
  g_free (request->name);
  g_free (request->id);
  g_clear_pointer (&request->app_user, sarap_app_user_free);
  g_clear_pointer (&request->supervisor, sarap_supervisor_free);
  g_clear_pointer (&request->body, g_byte_array_unref);
  g_clear_pointer (&request->upload, sarap_upload_free);
  g_free (request->refusal);
  g_free (request);
}

static void
check_app_user (SarapRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = NULL;

  if (!sarap_secret_is_well_formed (request->key))
    {
      sarap_request_refuse (request, SOUP_STATUS_UNAUTHORIZED, "this is not an app user's key");
      return;
    }
  hash = sarap_secret_hash (request->key);
  request->app_user = sarap_central_store_find_app_user (request->central->store, hash, &error);
  if (error != NULL)
    sarap_request_refuse (request, SOUP_STATUS_SERVICE_UNAVAILABLE, "the server cannot do this now; try again later");
  else if (request->app_user == NULL || request->app_user->project != request->project)
    sarap_request_refuse (request, SOUP_STATUS_FORBIDDEN, "the key does not open this project");
  else if (request->app_user->is_revoked)
    sarap_request_refuse (request, SOUP_STATUS_FORBIDDEN, "the access of this device was withdrawn; keep its records and ask the administrator for a new enrolment");
}

static void
check_supervisor (SarapRequest *request, SarapProjectRole least)
{
  const char *header = soup_message_headers_get_one (soup_server_message_get_request_headers (request->message), "Authorization");
  SarapProjectRole role = SARAP_PROJECT_ROLE_NONE;
  g_autoptr (GError) error = NULL;

  if (header != NULL && g_ascii_strncasecmp (header, "Bearer ", 7) == 0 && sarap_secret_is_well_formed (header + 7))
    {
      g_autofree char *hash = sarap_secret_hash (header + 7);

      request->supervisor = sarap_central_store_find_session (request->central->store, hash, sarap_central_get_now (request->central), &error);
    }
  if (error != NULL)
    sarap_request_refuse (request, SOUP_STATUS_SERVICE_UNAVAILABLE, "the server cannot do this now; try again later");
  else if (request->supervisor == NULL)
    sarap_request_refuse (request, SOUP_STATUS_UNAUTHORIZED, "sign in first: the session is missing or over");
  else if (least != SARAP_PROJECT_ROLE_NONE)
    role = sarap_central_store_get_role (request->central->store, request->supervisor->id, request->project);
  if (request->refused == 0 && role < least)
    sarap_request_refuse (request, SOUP_STATUS_FORBIDDEN, role == SARAP_PROJECT_ROLE_NONE ? "you are not a supervisor of this project" : "only an administrator of the project may do this");
}

static void
check_access (SarapRequest *request)
{
  switch (request->route->access)
    {
    case SARAP_ACCESS_ANYONE:
      break;
    case SARAP_ACCESS_APP_USER:
      check_app_user (request);
      break;
    case SARAP_ACCESS_SUPERVISOR:
      check_supervisor (request, SARAP_PROJECT_ROLE_NONE);
      break;
    case SARAP_ACCESS_ASSIGNED:
      check_supervisor (request, SARAP_PROJECT_ROLE_SUPERVISOR);
      break;
    case SARAP_ACCESS_ADMINISTRATOR:
    default:
      check_supervisor (request, SARAP_PROJECT_ROLE_ADMINISTRATOR);
      break;
    }
}

static void
begin_upload (SarapRequest *request)
{
  const char *type = soup_message_headers_get_one (soup_server_message_get_request_headers (request->message), "Content-Type");
  g_autoptr (GError) error = NULL;

  request->upload = sarap_upload_new (request->central, type, &error);
  if (request->upload == NULL)
    sarap_request_refuse (request, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE, "%s", error->message);
}

static void
got_chunk_cb (SoupServerMessage *message, GBytes *chunk, gpointer data)
{
  SarapRequest *request = data;
  gsize length;
  const guint8 *bytes = g_bytes_get_data (chunk, &length);
  g_autoptr (GError) error = NULL;

  if (request->refused != 0)
    return;
  request->received += length;
  if (request->received > (request->upload ? SARAP_SERVER_LONGEST_SUBMISSION : LONGEST_BODY))
    sarap_request_refuse (request, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "the body is larger than this server accepts");
  else if (request->upload == NULL)
    g_byte_array_append (request->body, bytes, (guint) length);
  else if (!sarap_upload_feed (request->upload, bytes, length, &error))
    sarap_handle_broken_upload (request, error);
  if (request->refused != 0)
    g_clear_pointer (&request->upload, sarap_upload_free);
}

/* Rule 1 and 2. */
static void
early_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  SarapServer *self = data;
  SarapRequest *request = g_new0 (SarapRequest, 1);
  const char *raw_path = g_uri_get_path (soup_server_message_get_uri (message));
  gboolean is_path_known;

  request->server = self;
  request->central = self->central;
  request->message = message;
  request->is_device = g_str_has_prefix (raw_path, "/v1/key/");
  g_object_set_data_full (G_OBJECT (message), "sarap-request", request, (GDestroyNotify) request_free);
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), request);

  request->route = sarap_routes_find (soup_server_message_get_method (message), raw_path, request, &is_path_known);
  if (request->route == NULL)
    sarap_request_refuse (request, is_path_known ? SOUP_STATUS_METHOD_NOT_ALLOWED : SOUP_STATUS_NOT_FOUND, is_path_known ? "this cannot be done here" : "there is nothing here");
  else
    check_access (request);
  if (request->refused == 0 && request->route->handle == sarap_handle_submission)
    begin_upload (request);
  if (request->refused == 0 && request->upload == NULL)
    request->body = g_byte_array_new ();
}

static void
put_openrosa_headers (SarapRequest *request)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (request->message);
  g_autofree char *length = g_strdup_printf ("%" G_GUINT64_FORMAT, SARAP_SERVER_LONGEST_SUBMISSION);

  soup_message_headers_replace (headers, SARAP_OPENROSA_VERSION_HEADER, SARAP_OPENROSA_VERSION);
  soup_message_headers_replace (headers, SARAP_OPENROSA_LENGTH_HEADER, length);
}

static void
handle_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  SarapRequest *request = g_object_get_data (G_OBJECT (message), "sarap-request");

  if (request->is_device)
    put_openrosa_headers (request);
  if (request->refused != 0)
    sarap_request_reply_error (request, request->refused, request->refusal);
  else
    request->route->handle (request);
}

/* Rule 3. */
static void
request_started_cb (SoupServer *soup, SoupServerMessage *message, gpointer data)
{
  GSocket *socket = soup_server_message_get_socket (message);

  if (socket != NULL)
    g_socket_set_timeout (socket, SILENCE);
}

static gboolean
answer_work_cb (gpointer data)
{
  Work *work = data;

  work->answer (work->request);
  soup_server_message_unpause (work->message);
  g_object_unref (work->message);
  g_free (work);
  return G_SOURCE_REMOVE;
}

static void
work_cb (gpointer data, gpointer user_data)
{
  Work *work = data;

  work->work (work->request);
  g_main_context_invoke (work->server->context, answer_work_cb, work);
}

/* @work in another thread, then @answer in the server's, with the message held meanwhile. FALSE,
 * replied already: too many wait. */
gboolean
sarap_server_work (SarapServer *self, SarapRequest *request, SarapWorkFunc work, SarapWorkFunc answer)
{
  Work *job;

  if (g_thread_pool_unprocessed (self->workers) >= MOST_WAITING)
    {
      sarap_request_reply_error (request, SOUP_STATUS_SERVICE_UNAVAILABLE, "too many wait for this; try again later");
      return FALSE;
    }
  job = g_new0 (Work, 1);
  job->server = self;
  job->message = g_object_ref (request->message);
  job->request = request;
  job->work = work;
  job->answer = answer;
  soup_server_message_pause (request->message);
  g_thread_pool_push (self->workers, job, NULL);
  return TRUE;
}

/* @public_url: what devices are told, no trailing slash. @central must outlive the server. */
SarapServer *
sarap_server_new (SarapCentral *central, const char *public_url)
{
  SarapServer *self = g_new0 (SarapServer, 1);

  self->central = central;
  self->public_url = g_strdup (public_url);
  self->context = g_main_context_ref_thread_default ();
  self->intake = sarap_intake_new (central);
  self->throttle = sarap_throttle_new ();
  self->workers = g_thread_pool_new (work_cb, self, N_WORKERS, FALSE, NULL);
  self->soup = soup_server_new ("raw-paths", TRUE, "server-header", "sarap", NULL);
  g_signal_connect (self->soup, "request-started", G_CALLBACK (request_started_cb), self);
  soup_server_add_early_handler (self->soup, NULL, early_cb, self, NULL);
  soup_server_add_handler (self->soup, NULL, handle_cb, self, NULL);
  return self;
}

/* Waits until what was received is committed. */
void
sarap_server_free (SarapServer *self)
{
  soup_server_disconnect (self->soup);
  g_thread_pool_free (self->workers, FALSE, TRUE);
  sarap_intake_free (self->intake);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_object_unref (self->soup);
  sarap_throttle_free (self->throttle);
  if (self->socket_path != NULL)
    g_unlink (self->socket_path);
  g_free (self->socket_path);
  g_free (self->public_url);
  g_main_context_unref (self->context);
  g_free (self);
}

/* A socket file that a killed server left is replaced; one that answers is not. */
static gboolean
clear_socket (const char *path, GSocketAddress *address, GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  if (connection != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "%s: another server listens there", path);
      return FALSE;
    }
  g_unlink (path);
  return TRUE;
}

static gboolean
listen_unix (SarapServer *self, const char *path, GError **error)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) socket = NULL;

  if (!clear_socket (path, address, error))
    return FALSE;
  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (socket == NULL || !g_socket_bind (socket, address, FALSE, error))
    return FALSE;
  g_socket_set_listen_backlog (socket, 1024);
  if (g_chmod (path, 0660) != 0 || !g_socket_listen (socket, error) || !soup_server_listen_socket (self->soup, socket, 0, error))
    return FALSE;
  self->socket_path = g_strdup (path);
  return TRUE;
}

/* @address: "unix:PATH", or "127.0.0.1:PORT" or "[::1]:PORT" and nothing that others reach. */
gboolean
sarap_server_listen (SarapServer *self, const char *address, GError **error)
{
  g_autoptr (GSocketAddress) socket_address = NULL;
  g_autoptr (GSocketConnectable) connectable = NULL;
  g_autoptr (GInetAddress) host = NULL;

  if (g_str_has_prefix (address, "unix:"))
    return listen_unix (self, address + strlen ("unix:"), error);
  connectable = g_network_address_parse (address, 0, NULL);
  if (connectable != NULL)
    host = g_inet_address_new_from_string (g_network_address_get_hostname (G_NETWORK_ADDRESS (connectable)));
  if (host == NULL || !g_inet_address_get_is_loopback (host))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s: listen on unix:PATH or 127.0.0.1:PORT and let nginx stand in front", address);
      return FALSE;
    }
  socket_address = g_inet_socket_address_new (host, g_network_address_get_port (G_NETWORK_ADDRESS (connectable)));
  return soup_server_listen (self->soup, socket_address, 0, error);
}

SarapCentral *
sarap_server_get_central (SarapServer *self)
{
  return self->central;
}

SarapIntake *
sarap_server_get_intake (SarapServer *self)
{
  return self->intake;
}

SarapThrottle *
sarap_server_get_throttle (SarapServer *self)
{
  return self->throttle;
}

const char *
sarap_server_get_public_url (SarapServer *self)
{
  return self->public_url;
}
