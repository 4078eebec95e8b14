#include "sync/server/sarap-admin.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

/* The server has the database to itself; administration meanwhile goes through a socket beside it that
 * only its owner may open. One JSON line each way:
 *   {"folder": "/home/x", "arguments": ["project", "add", "Audit"]}
 *   {"status": 0, "out": "1\n", "err": ""}
 */

struct _SarapAdminPost
{
  SarapCentral *central;
  GSocketService *service;
  char *path;
};

static char *
dup_path (const char *database)
{
  return g_strconcat (g_str_has_prefix (database, "sqlite:") ? database + strlen ("sqlite:") : database, ".admin", NULL);
}

static char *
answer_line (SarapCentral *central, const char *line)
{
  g_autoptr (JsonNode) request = json_from_string (line, NULL);
  g_autoptr (JsonNode) reply = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GString) out = g_string_new (NULL), err = g_string_new (NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) arguments = NULL;
  JsonArray *array = NULL;

  if (request != NULL && JSON_NODE_HOLDS_OBJECT (request) && json_object_has_member (json_node_get_object (request), "arguments"))
    array = json_object_get_array_member (json_node_get_object (request), "arguments");
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_strv_builder_add (builder, json_array_get_string_element (array, i));
  arguments = g_strv_builder_end (builder);

  json_object_set_int_member (object, "status", sarap_admin_run (central, arguments, array ? json_object_get_string_member_with_default (json_node_get_object (request), "folder", "/") : "/", out, err));
  json_object_set_string_member (object, "out", out->str);
  json_object_set_string_member (object, "err", err->str);
  json_node_set_object (reply, object);
  return json_to_string (reply, FALSE);
}

static gboolean
run_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  SarapAdminPost *self = data;
  g_autoptr (GDataInputStream) input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_autofree char *line = g_data_input_stream_read_line_utf8 (input, NULL, NULL, NULL);
  g_autofree char *reply = line ? answer_line (self->central, line) : NULL;

  if (reply != NULL)
    g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), reply, strlen (reply), NULL, NULL, NULL);
  return TRUE;
}

/* The database's lock is held, so a socket file that lies there is a dead server's. */
SarapAdminPost *
sarap_admin_post_open (SarapCentral *central, const char *database, GError **error)
{
  g_autoptr (SarapAdminPost) self = g_new0 (SarapAdminPost, 1);
  g_autoptr (GSocketAddress) address = NULL;
  mode_t mask;
  gboolean ok;

  self->central = central;
  self->path = dup_path (database);
  g_unlink (self->path);
  address = g_unix_socket_address_new (self->path);
  self->service = g_threaded_socket_service_new (2);
  g_signal_connect (self->service, "run", G_CALLBACK (run_cb), self);
  mask = umask (0077);
  ok = g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, error);
  umask (mask);
  return ok ? g_steal_pointer (&self) : NULL;
}

void
sarap_admin_post_close (SarapAdminPost *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_unlink (self->path);
  g_free (self->path);
  g_free (self);
}

static char *
write_line (char **arguments)
{
  g_autofree char *folder = g_get_current_dir ();
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "folder");
  json_builder_add_string_value (builder, folder);
  json_builder_set_member_name (builder, "arguments");
  json_builder_begin_array (builder);
  for (char **argument = arguments; *argument != NULL; argument++)
    json_builder_add_string_value (builder, *argument);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  return g_strconcat (text, "\n", NULL);
}

/* To the server that has the database. Returns: the exit status, -1 when none answers. */
int
sarap_admin_send (const char *database, char **arguments, GString *out, GString *err)
{
  g_autofree char *path = dup_path (database), *line = write_line (arguments), *text = NULL;
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  g_autoptr (GDataInputStream) input = NULL;
  g_autoptr (JsonNode) reply = NULL;
  JsonObject *object;

  if (connection == NULL || !g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), line, strlen (line), NULL, NULL, NULL))
    return -1;
  input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  text = g_data_input_stream_read_upto (input, "", 0, NULL, NULL, NULL);
  reply = text ? json_from_string (text, NULL) : NULL;
  if (reply == NULL || !JSON_NODE_HOLDS_OBJECT (reply))
    return -1;
  object = json_node_get_object (reply);
  g_string_append (out, json_object_get_string_member_with_default (object, "out", ""));
  g_string_append (err, json_object_get_string_member_with_default (object, "err", ""));
  return (int) json_object_get_int_member_with_default (object, "status", 3);
}
