#include "tests/sync/server-client.h"

#include <stdarg.h>
#include <string.h>

#include "sarap-config.h"
#include "sync/wire/sarap-enrolment-text.h"
#include "sync/wire/sarap-multipart-writer.h"

static char *
sign_in (Client *self)
{
  g_auto (Reply) reply = client_call (self, "POST", "/v1/sessions", "{\"email\": \"Boss@example.org\", \"password\": \"" PASSWORD "\"}");
  g_autoptr (JsonNode) root = reply_json (&reply);

  assert_status (&reply, 200);
  return g_strdup (json_object_get_string_member (json_node_get_object (root), "token"));
}

Client *
client_new (void)
{
  Client *self = g_new0 (Client, 1);
  const char *form = SARAP_SOURCE_DATA_DIR "/../tests/data/server/visit.xml";
  g_autofree char *device = NULL, *boss = NULL;
  g_autoptr (SarapEnrolment) enrolment = NULL;
  g_autoptr (GError) error = NULL;

  self->server = sarap_test_server_new ();
  self->session = sarap_test_server_new_session (self->server);
  self->project = sarap_test_server_add_project (self->server, "Unknown Customer");
  sarap_test_server_add_form (self->server, self->project, form, NULL);
  device = sarap_test_server_add_app_user (self->server, self->project, "Aigerim");
  enrolment = sarap_enrolment_parse (device, &error);
  g_assert_no_error (error);
  self->device_url = g_strdup (enrolment->url);
  boss = sarap_test_server_add_supervisor (self->server, self->project, "Boss@example.org", PASSWORD);
  self->token = sign_in (self);
  return self;
}

void
client_free (Client *self)
{
  g_clear_object (&self->session);
  sarap_test_server_free (self->server);
  g_free (self->device_url);
  g_free (self->token);
  g_free (self);
}

void
reply_clear (Reply *reply)
{
  g_clear_pointer (&reply->body, g_free);
}

Reply
client_send (Client *self, SoupMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = soup_session_send_and_read (self->session, message, NULL, &error);
  Reply reply = { 0 };

  if (bytes == NULL)
    {
      reply.body = g_strdup (error->message);
      return reply;
    }
  reply.status = soup_message_get_status (message);
  reply.length = g_bytes_get_size (bytes);
  reply.body = g_malloc0 (reply.length + 1);
  if (reply.length > 0)
    memcpy (reply.body, g_bytes_get_data (bytes, NULL), reply.length);
  return reply;
}

Reply
client_call (Client *self, const char *method, const char *path, const char *json)
{
  g_autofree char *url = *path == '/' ? g_strconcat (sarap_test_server_get_url (self->server), path, NULL) : g_strconcat (self->device_url, "/", path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);

  if (*path == '/' && self->token != NULL)
    {
      g_autofree char *bearer = g_strconcat ("Bearer ", self->token, NULL);

      soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", bearer);
    }
  if (json != NULL)
    {
      g_autoptr (GBytes) body = g_bytes_new (json, strlen (json));

      soup_message_set_request_body_from_bytes (message, "application/json", body);
    }
  return client_send (self, message);
}

/* @parts: (element-type GBytes), as the writer gives them. */
SoupMessage *
client_new_post (Client *self, GPtrArray *parts, const char *content_type)
{
  g_autofree char *url = g_strconcat (self->device_url, "/submission", NULL);
  SoupMessage *message = soup_message_new ("POST", url);
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;

  for (guint i = 0; i < parts->len; i++)
    {
      gsize length;
      const guint8 *part = g_bytes_get_data (g_ptr_array_index (parts, i), &length);

      g_byte_array_append (body, part, (guint) length);
    }
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&body));
  soup_message_set_request_body_from_bytes (message, content_type, bytes);
  return message;
}

Reply
client_post (Client *self, const char *xml, ...)
{
  g_autoptr (SarapMultipartWriter) writer = sarap_multipart_writer_new ();
  g_autoptr (GBytes) xml_bytes = g_bytes_new (xml, strlen (xml));
  GPtrArray *parts;
  g_autoptr (SoupMessage) message = NULL;
  gsize length;
  va_list more;

  sarap_multipart_writer_add_file (writer, "xml_submission_file", "submission.xml", "text/xml", xml_bytes);
  va_start (more, xml);
  for (const char *next = va_arg (more, const char *); next != NULL; next = va_arg (more, const char *))
    {
      const char *content = va_arg (more, const char *);
      g_autoptr (GBytes) bytes = g_bytes_new (content, strlen (content));

      sarap_multipart_writer_add_file (writer, next, next, "image/jpeg", bytes);
    }
  va_end (more);
  parts = sarap_multipart_writer_finish (writer, &length);
  message = client_new_post (self, parts, sarap_multipart_writer_get_content_type (writer));
  return client_send (self, message);
}

/* A submission of visit.xml; @inside stands before meta. */
char *
visit_xml (const char *instance_id, const char *inside)
{
  return g_strdup_printf ("<?xml version='1.0' ?><data id=\"visit\" version=\"v[1] $%%\" xmlns:orx=\"http://openrosa.org/xforms\">%s<orx:meta><orx:instanceID>%s</orx:instanceID></orx:meta></data>", inside, instance_id);
}

JsonNode *
reply_json (const Reply *reply)
{
  g_autoptr (GError) error = NULL;
  JsonNode *root = json_from_string (reply->body, &error);

  if (root == NULL)
    g_error ("not JSON: %s", reply->body);
  return root;
}

char *
sha256_of (const char *text)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

gint64
count_rows (Client *self, const char *form_id)
{
  g_autofree char *path = g_strdup_printf ("/v1/projects/%" G_GINT64_FORMAT "/forms/%s/submissions", self->project, form_id);
  g_auto (Reply) reply = client_call (self, "GET", path, NULL);
  g_autoptr (JsonNode) root = reply_json (&reply);

  assert_status (&reply, 200);
  return json_array_get_length (json_node_get_array (root));
}
