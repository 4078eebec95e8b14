#include "sync/server/sarap-request.h"

#include <stdarg.h>
#include <string.h>

#include "sync/wire/sarap-multipart-writer.h"
#include "sync/wire/sarap-openrosa.h"

static GHashTable *
query_of (SarapRequest *self)
{
  GHashTable *query = g_object_get_data (G_OBJECT (self->message), "sarap-query");
  const char *text;

  if (query != NULL)
    return query;
  text = g_uri_get_query (soup_server_message_get_uri (self->message));
  query = text ? soup_form_decode (text) : g_hash_table_new (g_str_hash, g_str_equal);
  g_object_set_data_full (G_OBJECT (self->message), "sarap-query", query, (GDestroyNotify) g_hash_table_unref);
  return query;
}

/* NULL when absent or empty. */
const char *
sarap_request_peek_query (SarapRequest *self, const char *name)
{
  const char *value = g_hash_table_lookup (query_of (self), name);

  return value && *value && g_utf8_validate (value, -1, NULL) ? value : NULL;
}

gint64
sarap_request_get_query_number (SarapRequest *self, const char *name, gint64 fallback)
{
  const char *text = sarap_request_peek_query (self, name);
  gint64 value;

  return text && g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, &value, NULL) ? value : fallback;
}

/* The {id} of the path; 0, which nothing has, when it is no number. */
gint64
sarap_request_get_id (SarapRequest *self)
{
  gint64 id;

  return g_ascii_string_to_signed (self->id, 10, 1, G_MAXINT64, &id, NULL) ? id : 0;
}

/* The form of the path, newest or ?version=; replied already when NULL. */
SarapCentralForm *
sarap_request_find_form (SarapRequest *self)
{
  g_autoptr (GError) error = NULL;
  SarapCentralForm *form = sarap_central_store_find_form (self->central->store, self->project, self->form, sarap_request_peek_query (self, "version"), &error);

  if (error != NULL)
    sarap_request_reply_failure (self, error);
  else if (form == NULL)
    sarap_request_reply_error (self, SOUP_STATUS_NOT_FOUND, "there is no such form");
  return form;
}

/* The body as a JSON object; NULL, refused already, when it is none. */
JsonObject *
sarap_request_dup_json (SarapRequest *self)
{
  g_autoptr (GBytes) body = g_bytes_new_static (self->body->data, self->body->len);
  g_autoptr (JsonNode) root = sarap_json_parse (body, "the body", NULL);

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    return json_node_dup_object (root);
  sarap_request_reply_error (self, SOUP_STATUS_BAD_REQUEST, "the body is not a JSON object");
  return NULL;
}

/* Settles the answer before the body is there; the rest of the body is dropped. The first one stays. */
void
sarap_request_refuse (SarapRequest *self, guint status, const char *format, ...)
{
  va_list arguments;

  if (self->refused != 0)
    return;
  self->refused = status;
  va_start (arguments, format);
  self->refusal = g_strdup_vprintf (format, arguments);
  va_end (arguments);
}

void
sarap_request_reply (SarapRequest *self, guint status, const char *content_type, GBytes *body)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);

  soup_server_message_set_status (self->message, status, NULL);
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  if (body == NULL)
    return;
  soup_message_headers_set_content_type (headers, content_type, NULL);
  soup_message_body_append_bytes (soup_server_message_get_response_body (self->message), body);
  soup_message_body_complete (soup_server_message_get_response_body (self->message));
}

/* @tag: changes with the content. 304 when the caller has it. */
void
sarap_request_reply_tagged (SarapRequest *self, const char *content_type, GBytes *body, const char *tag)
{
  g_autofree char *etag = g_strdup_printf ("\"%s\"", tag);
  const char *known = soup_message_headers_get_list (soup_server_message_get_request_headers (self->message), "If-None-Match");

  if (known != NULL && strstr (known, etag) != NULL)
    sarap_request_reply (self, SOUP_STATUS_NOT_MODIFIED, NULL, NULL);
  else
    sarap_request_reply (self, SOUP_STATUS_OK, content_type, body);
  soup_message_headers_replace (soup_server_message_get_response_headers (self->message), "Cache-Control", "private, no-cache");
  soup_message_headers_replace (soup_server_message_get_response_headers (self->message), "ETag", etag);
}

/* Takes @builder. */
void
sarap_request_reply_json (SarapRequest *self, guint status, JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autoptr (GBytes) body = NULL;
  char *text = json_to_string (root, FALSE);

  body = g_bytes_new_take (text, strlen (text));
  sarap_request_reply (self, status, "application/json; charset=utf-8", body);
  g_object_unref (builder);
}

/* A file that came from outside: nothing in it may run. */
void
sarap_request_reply_media (SarapRequest *self, const SarapCentralFile *file, const char *tag)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = sarap_media_map (self->central->media, file->sha256, &error);

  if (bytes == NULL)
    {
      g_warning ("%s", error->message);
      sarap_request_reply_error (self, SOUP_STATUS_SERVICE_UNAVAILABLE, "the server cannot read the file now; try again later");
      return;
    }
  sarap_request_reply_tagged (self, sarap_content_type_of (file->name), bytes, tag);
  soup_message_headers_replace (soup_server_message_get_response_headers (self->message), "Content-Security-Policy", "default-src 'none'; sandbox");
}

void
sarap_request_reply_success (SarapRequest *self)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  sarap_json_build_boolean (builder, "success", TRUE);
  json_builder_end_object (builder);
  sarap_request_reply_json (self, SOUP_STATUS_OK, builder);
}

void
sarap_request_reply_error (SarapRequest *self, guint status, const char *message)
{
  if (self->is_device)
    {
      g_autoptr (GBytes) body = sarap_openrosa_response_serialize (message, "error", NULL);

      sarap_request_reply (self, status, "text/xml; charset=utf-8", body);
    }
  else
    {
      JsonBuilder *builder = json_builder_new ();

      json_builder_begin_object (builder);
      sarap_json_build_int (builder, "code", status);
      sarap_json_build_nullable (builder, "message", message);
      json_builder_end_object (builder);
      sarap_request_reply_json (self, status, builder);
    }
}

/* What the store says of its rows is for the caller. When the machine failed, its words are for the log only. */
void
sarap_request_reply_failure (SarapRequest *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT))
    {
      sarap_request_reply_error (self, error->code == G_IO_ERROR_NOT_FOUND ? SOUP_STATUS_NOT_FOUND : SOUP_STATUS_CONFLICT, error->message);
      return;
    }
  g_warning ("%s", error ? error->message : "unknown failure");
  sarap_request_reply_error (self, SOUP_STATUS_SERVICE_UNAVAILABLE, "the server cannot do this now; try again later");
}
