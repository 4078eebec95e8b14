#include "sync/client/sarap-http.h"

#include <libsoup/soup.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sarap-config.h"
#include "sync/client/sarap-sync.h"
#include "app/base/sarap-json.h"
#include "sync/wire/sarap-openrosa.h"

/*  1. https only; the certificate is always verified. An enrolment that names its own authority is
 *     verified against that one alone: no authority of the system can stand in for it.
 *  2. TLS 1.2 at least. The TLS library may still speak older ones; it is asked what was agreed before
 *     the first byte of a request is written.
 *  3. Credentials and bodies go to the enrolled origin only. Redirects are not followed, except
 *     downloads, and those leave the origin without credentials.
 *  4. No message of an error and no log holds an address, a header or a body. */

enum
{
  TIMEOUT = 60, /* seconds without a byte */
  MOST_REDIRECTS = 5,
  SHORT_BODY = 1024 * 1024,
  LONGEST_WORDS = 500,
};

struct _SarapHttp
{
  SoupSession *session;
  SarapClock *clock;
  GCancellable *cancellable;
  GUri *base;
  char *authorization; /* or NULL */
  int ca;              /* memory file that the TLS database reads, -1 when none */
};

/* GTlsFileDatabase reads its anchors by name, also later than when it is made: the file stays open
 * as long as the session, in memory so that nothing is left behind. */
static gboolean
trust_only (SarapHttp *self, const char *pem, GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (GTlsDatabase) database = NULL;
  gsize length = strlen (pem);

  self->ca = memfd_create ("sarap-ca", MFD_CLOEXEC);
  if (self->ca < 0 || write (self->ca, pem, length) != (gssize) length)
    {
      g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_CERTIFICATE, "the certificate authority of the enrolment cannot be loaded");
      return FALSE;
    }
  name = g_strdup_printf ("/proc/self/fd/%d", self->ca);
  database = g_tls_file_database_new (name, error);
  if (database == NULL)
    {
      g_prefix_error (error, "the certificate authority of the enrolment cannot be used: ");
      return FALSE;
    }
  soup_session_set_tls_database (self->session, database);
  return TRUE;
}

static char *
make_authorization (const SarapEnrolment *enrolment)
{
  g_autofree char *pair = NULL, *encoded = NULL;

  if (enrolment->password == NULL)
    return NULL;
  if (enrolment->is_supervisor)
    return g_strconcat ("Bearer ", enrolment->password, NULL);
  pair = g_strconcat (enrolment->username ? enrolment->username : "", ":", enrolment->password, NULL);
  encoded = g_base64_encode ((const guchar *) pair, strlen (pair));
  return g_strconcat ("Basic ", encoded, NULL);
}

/* @cancellable may be NULL. */
SarapHttp *
sarap_http_new (const SarapEnrolment *enrolment, SarapClock *clock, GCancellable *cancellable, GError **error)
{
  g_autoptr (SarapHttp) self = g_new0 (SarapHttp, 1);

  self->ca = -1;
  self->clock = g_object_ref (clock);
  self->cancellable = cancellable ? g_object_ref (cancellable) : g_cancellable_new ();
  self->base = g_uri_parse (enrolment->url, SOUP_HTTP_URI_FLAGS, NULL);
  if (self->base == NULL || !g_str_equal (g_uri_get_scheme (self->base), "https"))
    {
      g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_CERTIFICATE, "the server's address does not begin with https://: nothing is sent over an open connection");
      return NULL;
    }
  self->session = soup_session_new_with_options ("timeout", TIMEOUT, "user-agent", "Sarap/" SARAP_VERSION, "accept-language-auto", FALSE, NULL);
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_AUTH_MANAGER);
  if (enrolment->ca != NULL && !trust_only (self, enrolment->ca, error))
    return NULL;
  self->authorization = make_authorization (enrolment);
  return g_steal_pointer (&self);
}

void
sarap_http_free (SarapHttp *self)
{
  if (self->session != NULL)
    soup_session_abort (self->session);
  g_clear_object (&self->session);
  if (self->ca >= 0)
    close (self->ca);
  g_clear_pointer (&self->base, g_uri_unref);
  g_clear_object (&self->clock);
  g_clear_object (&self->cancellable);
  g_free (self->authorization);
  g_free (self);
}

GCancellable *
sarap_http_get_cancellable (SarapHttp *self)
{
  return self->cancellable;
}

/* "https://host:port/", without path and key. */
char *
sarap_http_dup_origin (SarapHttp *self)
{
  return g_uri_join (SOUP_HTTP_URI_FLAGS, "https", NULL, g_uri_get_host (self->base), g_uri_get_port (self->base), "/", NULL, NULL);
}

static gboolean
is_own (SarapHttp *self, GUri *uri)
{
  return g_str_equal (g_uri_get_scheme (uri), "https") &&
         g_ascii_strcasecmp (g_uri_get_host (uri), g_uri_get_host (self->base)) == 0 &&
         g_uri_get_port (uri) == g_uri_get_port (self->base);
}

gboolean
sarap_http_is_same_host (SarapHttp *self, const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse_relative (self->base, url, SOUP_HTTP_URI_FLAGS, NULL);

  return uri != NULL && g_uri_get_host (uri) != NULL && is_own (self, uri);
}

/* Servers write addresses with their configured name, which need not be the one that the device
 * reaches them by: path and query count, the origin is always the enrolled one. */
char *
sarap_http_resolve (SarapHttp *self, const char *url, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse_relative (self->base, url, SOUP_HTTP_URI_FLAGS, NULL);

  if (uri == NULL || (!g_str_equal (g_uri_get_scheme (uri), "https") && !g_str_equal (g_uri_get_scheme (uri), "http")))
    {
      g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER, "the server gives an address that is none");
      return NULL;
    }
  return g_uri_join (SOUP_HTTP_URI_FLAGS, "https", NULL, g_uri_get_host (self->base), g_uri_get_port (self->base), g_uri_get_path (uri), g_uri_get_query (uri), NULL);
}

static const char *
describe_certificate (GTlsCertificateFlags flags)
{
  if (flags & G_TLS_CERTIFICATE_REVOKED)
    return "it was revoked";
  if (flags & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return "it is not signed by the authority that this device trusts";
  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return "it belongs to another address";
  if (flags & G_TLS_CERTIFICATE_EXPIRED)
    return "it has expired";
  if (flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return "it is not valid yet; check the date of this device";
  return "it is not secure";
}

/* Handshakes that end early are a bad line; those that fail are refused. */
static void
set_error (SoupMessage *message, GError *cause, GError **error)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_error_copy (cause));
  else if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_CERTIFICATE, "the server's certificate is refused: %s", describe_certificate (soup_message_get_tls_peer_certificate_errors (message)));
  else if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_HANDSHAKE) || g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_CERTIFICATE_REQUIRED) ||
           g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_INAPPROPRIATE_FALLBACK))
    g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_CERTIFICATE, "no secure connection to the server: %s", cause->message);
  else
    g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_OFFLINE, "no connection to the server: %s", cause->message);
}

static GBytes *
read_body (GInputStream *stream, gsize limit, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  guint8 chunk[16 * 1024];
  gssize n;

  while ((n = g_input_stream_read (stream, chunk, sizeof chunk, cancellable, error)) > 0)
    {
      if (body->len + (gsize) n > limit)
        {
          g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER, "the server's answer is longer than %" G_GSIZE_FORMAT " bytes", limit);
          return NULL;
        }
      g_byte_array_append (body, chunk, (guint) n);
    }
  return n < 0 ? NULL : g_byte_array_free_to_bytes (g_steal_pointer (&body));
}

static guint64
read_number (SoupMessageHeaders *headers, const char *name, guint64 most)
{
  const char *text = soup_message_headers_get_one (headers, name);
  guint64 number = 0;

  return text != NULL && g_ascii_string_to_unsigned (text, 10, 0, most, &number, NULL) ? number : 0;
}

static SarapHttpReply *
make_reply (SoupMessage *message, GBytes *body)
{
  SarapHttpReply *reply = g_new0 (SarapHttpReply, 1);
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);
  const char *reason = soup_message_get_reason_phrase (message);

  reply->status = soup_message_get_status (message);
  reply->reason = g_strdup (reason ? reason : "");
  reply->content_type = g_ascii_strdown (type ? type : "", -1);
  reply->location = g_strdup (soup_message_headers_get_one (headers, "Location"));
  reply->body = g_bytes_ref (body);
  reply->accepted_length = read_number (headers, SARAP_OPENROSA_LENGTH_HEADER, G_MAXINT64);
  reply->retry_after = (guint) read_number (headers, "Retry-After", G_MAXINT);
  return reply;
}

static void
add_headers (SarapHttp *self, SoupMessage *message, gboolean is_own_origin)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autofree char *date = sarap_openrosa_date (sarap_clock_get_now (self->clock));

  soup_message_headers_replace (headers, SARAP_OPENROSA_VERSION_HEADER, SARAP_OPENROSA_VERSION);
  soup_message_headers_replace (headers, "Date", date);
  if (is_own_origin && self->authorization != NULL)
    soup_message_headers_replace (headers, "Authorization", self->authorization);
}

/* One request under way. */
typedef struct
{
  GCancellable *cancellable; /* ends this request only */
  gboolean is_old;           /* the protocol that was agreed */
} Exchange;

static void
cancelled_cb (GCancellable *outer, GCancellable *cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* The connection stands, nothing of the request was written yet. */
static void
starting_cb (SoupMessage *message, Exchange *exchange)
{
  if (soup_message_get_tls_protocol_version (message) >= G_TLS_PROTOCOL_VERSION_TLS_1_2)
    return;
  exchange->is_old = TRUE;
  g_cancellable_cancel (exchange->cancellable);
}

static GBytes *
run_exchange (SarapHttp *self, SoupMessage *message, gsize limit, GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Exchange exchange = { cancellable, FALSE };
  gulong outer = g_cancellable_connect (self->cancellable, G_CALLBACK (cancelled_cb), g_object_ref (cancellable), g_object_unref);
  gulong starting = g_signal_connect (message, "starting", G_CALLBACK (starting_cb), &exchange);
  g_autoptr (GInputStream) stream = soup_session_send (self->session, message, cancellable, error);
  GBytes *body = stream ? read_body (stream, limit, cancellable, error) : NULL;

  g_signal_handler_disconnect (message, starting);
  g_cancellable_disconnect (self->cancellable, outer);
  if (body == NULL && exchange.is_old)
    {
      g_clear_error (error);
      g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_CERTIFICATE, "the server speaks only an old protocol that is not secure; nothing was sent");
    }
  return body;
}

static SarapHttpReply *
send (SarapHttp *self, SoupMessage *message, gsize limit, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) body = NULL;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  add_headers (self, message, is_own (self, soup_message_get_uri (message)));
  body = run_exchange (self, message, limit, &cause);
  if (body == NULL)
    {
      if (cause->domain == SARAP_SYNC_ERROR)
        g_propagate_error (error, g_steal_pointer (&cause));
      else
        set_error (message, cause, error);
      return NULL;
    }
  return make_reply (message, body);
}

/* @url: on the enrolled origin, as sarap_http_resolve() gives it. */
static SoupMessage *
new_message (SarapHttp *self, const char *method, const char *url, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL || !is_own (self, uri))
    {
      g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER, "the address lies outside of the enrolled server");
      return NULL;
    }
  return soup_message_new_from_uri (method, uri);
}

SarapHttpReply *
sarap_http_head (SarapHttp *self, const char *url, GError **error)
{
  g_autoptr (SoupMessage) message = new_message (self, "HEAD", url, error);

  return message ? send (self, message, SHORT_BODY, error) : NULL;
}

SarapHttpReply *
sarap_http_get (SarapHttp *self, const char *url, gsize limit, GError **error)
{
  g_autoptr (SoupMessage) message = new_message (self, "GET", url, error);

  return message ? send (self, message, limit, error) : NULL;
}

static gboolean
is_redirect (const SarapHttpReply *reply)
{
  return reply->location != NULL && (reply->status == 301 || reply->status == 302 || reply->status == 303 || reply->status == 307 || reply->status == 308);
}

/* A GET that follows redirects over https, for content whose hash is checked: servers keep media in
 * object stores. */
SarapHttpReply *
sarap_http_download (SarapHttp *self, const char *url, gsize limit, GError **error)
{
  g_autoptr (SoupMessage) message = new_message (self, "GET", url, error);

  for (guint i = 0; message != NULL; i++)
    {
      g_autoptr (SarapHttpReply) reply = send (self, message, limit, error);
      g_autoptr (GUri) next = NULL;

      if (reply == NULL || !is_redirect (reply))
        return g_steal_pointer (&reply);
      next = g_uri_parse_relative (soup_message_get_uri (message), reply->location, SOUP_HTTP_URI_FLAGS, NULL);
      if (next == NULL || g_uri_get_host (next) == NULL || !g_str_equal (g_uri_get_scheme (next), "https") || i == MOST_REDIRECTS)
        {
          g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER, "the server sends a download round in circles or to an open connection");
          return NULL;
        }
      g_object_unref (message);
      message = soup_message_new_from_uri ("GET", next);
    }
  return NULL;
}

/* @pieces: (element-type GBytes) the body, @length bytes in all. */
SarapHttpReply *
sarap_http_post (SarapHttp *self, const char *url, const char *content_type, GPtrArray *pieces, gsize length, GError **error)
{
  g_autoptr (SoupMessage) message = new_message (self, "POST", url, error);
  g_autoptr (GInputStream) body = g_memory_input_stream_new ();

  if (message == NULL)
    return NULL;
  for (guint i = 0; i < pieces->len; i++)
    g_memory_input_stream_add_bytes (G_MEMORY_INPUT_STREAM (body), g_ptr_array_index (pieces, i));
  soup_message_set_request_body (message, content_type, body, (gssize) length);
  return send (self, message, SHORT_BODY, error);
}

/* @json may be NULL. */
SarapHttpReply *
sarap_http_send_json (SarapHttp *self, const char *method, const char *url, GBytes *json, GError **error)
{
  g_autoptr (SoupMessage) message = new_message (self, method, url, error);

  if (message == NULL)
    return NULL;
  if (json != NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", json);
  return send (self, message, SHORT_BODY, error);
}

void
sarap_http_reply_free (SarapHttpReply *reply)
{
  g_free (reply->reason);
  g_free (reply->content_type);
  g_free (reply->location);
  g_bytes_unref (reply->body);
  g_free (reply);
}

gboolean
sarap_http_reply_is_web_page (const SarapHttpReply *reply)
{
  return g_str_equal (reply->content_type, "text/html") || g_str_equal (reply->content_type, "application/xhtml+xml");
}

static char *
dup_message (const SarapHttpReply *reply)
{
  g_autoptr (SarapOpenRosaResponse) answer = sarap_openrosa_response_parse (reply->body, NULL);
  g_autoptr (JsonNode) root = answer == NULL ? sarap_json_parse (reply->body, "answer", NULL) : NULL;
  JsonObject *object = root ? sarap_json_peek_root (root) : NULL;
  const char *words;

  if (answer != NULL)
    return g_steal_pointer (&answer->message);
  if (object != NULL)
    {
      words = sarap_json_peek_string (object, "message");
      return g_strdup (words ? words : sarap_json_peek_string (object, "detail"));
    }
  if (!g_str_equal (reply->content_type, "text/plain"))
    return NULL;
  words = g_bytes_get_data (reply->body, NULL);
  return words ? g_utf8_make_valid (words, (gssize) g_bytes_get_size (reply->body)) : NULL;
}

/* What the server says in its answer, for people: the message of an OpenRosaResponse or of a JSON
 * error, plain text, else the reason of the status line; never a web page. */
char *
sarap_http_reply_dup_words (const SarapHttpReply *reply)
{
  g_autofree char *message = dup_message (reply);
  g_autofree char *start = NULL;

  if (message == NULL || *g_strstrip (message) == '\0')
    return g_strdup_printf ("HTTP %u %s", reply->status, reply->reason);
  start = g_utf8_substring (message, 0, MIN (g_utf8_strlen (message, -1), LONGEST_WORDS));
  return g_strdup_printf ("%s (HTTP %u)", start, reply->status);
}

/* Whether a GET was answered: 200 and no web page. @what: "form list" …, for the message. */
gboolean
sarap_http_reply_check (const SarapHttpReply *reply, const char *what, GError **error)
{
  g_autofree char *words = NULL;
  int code = SARAP_SYNC_ERROR_SERVER;

  if (reply->status == 200 && !sarap_http_reply_is_web_page (reply))
    return TRUE;
  if (reply->status < 400 || reply->status == 511)
    {
      g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_PORTAL, "%s: something else answers instead of the server (HTTP %u); the network may want a sign-in first", what, reply->status);
      return FALSE;
    }
  if (reply->status == 401 || reply->status == 403)
    code = SARAP_SYNC_ERROR_DENIED;
  words = sarap_http_reply_dup_words (reply);
  g_set_error (error, SARAP_SYNC_ERROR, code, "%s: %s", what, words);
  return FALSE;
}
