/* Submissions per second through nginx with TLS, at 1, 4 and 16 connections: of 2 KB, and with three
 * photos of 300 KB. Prints one JSON line each. usage: bench-server [SECONDS] */

#include <stdlib.h>
#include <string.h>

#include "sync/wire/sarap-enrolment-text.h"
#include "sarap-config.h"
#include "tests/support/sarap-test-server.h"

#define BOUNDARY "sarap-bench"
#define PHOTO_SIZE 300000

typedef struct
{
  const char *host;
  const char *path;
  const char *ca_file;
  guint16 port;
  guint number;
  guint n_photos;
  gint64 until; /* monotonic µs */
  guint n_stored;
} Worker;

static guint8 photo[PHOTO_SIZE];

static void
append_part (GByteArray *body, const char *name, const char *type, gconstpointer content, gsize length)
{
  g_autofree char *head = g_strdup_printf ("--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n", name, name, type);

  g_byte_array_append (body, (const guint8 *) head, (guint) strlen (head));
  g_byte_array_append (body, content, (guint) length);
  g_byte_array_append (body, (const guint8 *) "\r\n", 2);
}

/* A visit of about 2 KB; each photo is another one. */
static GByteArray *
make_request (Worker *worker, guint serial)
{
  g_autofree char *note = g_strnfill (1500, 'n');
  g_autofree char *xml = g_strdup_printf ("<data id=\"visit\" version=\"v[1] $%%\"><region>akm</region><centre>c1</centre><note>%s</note>%s<meta><instanceID>uuid:%u-%u-%u</instanceID></meta></data>",
                                          note,
                                          worker->n_photos > 0 ? "<photo>p0.jpg</photo><violation><proof>p1.jpg</proof></violation><violation><proof>p2.jpg</proof></violation>" : "",
                                          worker->n_photos,
                                          worker->number,
                                          serial);
  GByteArray *body = g_byte_array_new (), *request = g_byte_array_new ();
  g_autofree char *head = NULL;

  append_part (body, "xml_submission_file", "text/xml", xml, strlen (xml));
  for (guint i = 0; i < worker->n_photos; i++)
    {
      g_autofree char *name = g_strdup_printf ("p%u.jpg", i);
      g_autofree guint8 *bytes = g_memdup2 (photo, PHOTO_SIZE);
      guint32 mark[] = { worker->number, serial, i };

      memcpy (bytes, mark, sizeof mark);
      append_part (body, name, "image/jpeg", bytes, PHOTO_SIZE);
    }
  g_byte_array_append (body, (const guint8 *) "--" BOUNDARY "--\r\n", strlen ("--" BOUNDARY "--\r\n"));
  head = g_strdup_printf ("POST %s HTTP/1.1\r\nHost: %s\r\nX-OpenRosa-Version: 1.0\r\nContent-Type: multipart/form-data; boundary=" BOUNDARY "\r\nContent-Length: %u\r\n\r\n", worker->path, worker->host, body->len);
  g_byte_array_append (request, (const guint8 *) head, (guint) strlen (head));
  g_byte_array_append (request, body->data, body->len);
  g_byte_array_unref (body);
  return request;
}

/* Status of the answer, its body read to the end. */
static guint
read_answer (GDataInputStream *input)
{
  g_autofree char *line = g_data_input_stream_read_line (input, NULL, NULL, NULL);
  guint status = line && strlen (line) > 12 ? (guint) atoi (line + 9) : 0;
  gsize length = 0;

  while (status != 0)
    {
      g_autofree char *header = g_data_input_stream_read_line (input, NULL, NULL, NULL);

      if (header == NULL || *header == '\0' || *header == '\r')
        break;
      if (g_ascii_strncasecmp (header, "Content-Length:", 15) == 0)
        length = (gsize) g_ascii_strtoull (header + 15, NULL, 10);
    }
  while (length > 0)
    {
      gssize n = g_input_stream_skip (G_INPUT_STREAM (input), length, NULL, NULL);

      if (n <= 0)
        return 0;
      length -= (gsize) n;
    }
  return status;
}

static gpointer
work (gpointer data)
{
  Worker *worker = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsDatabase) database = g_tls_file_database_new (worker->ca_file, &error);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) raw = NULL;
  g_autoptr (GSocketConnectable) identity = g_network_address_new ("localhost", worker->port);
  g_autoptr (GIOStream) secure = NULL;
  g_autoptr (GDataInputStream) input = NULL;

  raw = g_socket_client_connect_to_host (client, "127.0.0.1", worker->port, NULL, &error);
  if (raw != NULL)
    secure = g_tls_client_connection_new (G_IO_STREAM (raw), identity, &error);
  if (secure == NULL)
    g_error ("%s", error->message);
  g_tls_connection_set_database (G_TLS_CONNECTION (secure), database);
  input = g_data_input_stream_new (g_io_stream_get_input_stream (secure));
  g_data_input_stream_set_newline_type (input, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);

  for (guint serial = 0; g_get_monotonic_time () < worker->until; serial++)
    {
      g_autoptr (GByteArray) request = make_request (worker, serial);
      guint status;

      if (!g_output_stream_write_all (g_io_stream_get_output_stream (secure), request->data, request->len, NULL, NULL, &error))
        g_error ("%s", error->message);
      status = read_answer (input);
      if (status != 201)
        g_error ("status %u", status);
      worker->n_stored++;
    }
  return NULL;
}

static void
measure (SarapTestServer *server, const char *device_url, guint n_photos, guint n_connections, double seconds)
{
  static guint number = 0;
  g_autofree Worker *workers = g_new0 (Worker, n_connections);
  g_autofree GThread **threads = g_new0 (GThread *, n_connections);
  g_autoptr (GUri) uri = g_uri_parse (device_url, G_URI_FLAGS_ENCODED, NULL);
  g_autofree char *path = g_strconcat (g_uri_get_path (uri), "/submission", NULL);
  gint64 began = g_get_monotonic_time ();
  guint n = 0;
  double took;

  for (guint i = 0; i < n_connections; i++)
    {
      workers[i] = (Worker){ "localhost", path, sarap_test_server_get_ca_file (server), (guint16) g_uri_get_port (uri), number++, n_photos, began + (gint64) (seconds * G_USEC_PER_SEC), 0 };
      threads[i] = g_thread_new ("connection", work, &workers[i]);
    }
  for (guint i = 0; i < n_connections; i++)
    {
      g_thread_join (threads[i]);
      n += workers[i].n_stored;
    }
  took = (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
  g_print ("{\"bench\": \"server-%s\", \"connections\": %u, \"submissions\": %u, \"seconds\": %.2f, \"per_second\": %.0f}\n", n_photos > 0 ? "photos" : "small", n_connections, n, took, n / took);
}

int
main (int argc, char **argv)
{
  static const guint connections[] = { 1, 4, 16 };
  double seconds = argc > 1 ? g_ascii_strtod (argv[1], NULL) : 3;
  g_autoptr (SarapTestServer) server = sarap_test_server_new ();
  gint64 project = sarap_test_server_add_project (server, "Bench");
  g_autofree char *text = NULL;
  g_autoptr (SarapEnrolment) enrolment = NULL;

  sarap_test_server_add_form (server, project, SARAP_SOURCE_DATA_DIR "/../tests/data/server/visit.xml", NULL);
  text = sarap_test_server_add_app_user (server, project, "Bench");
  enrolment = sarap_enrolment_parse (text, NULL);
  for (guint i = 0; i < PHOTO_SIZE; i++)
    photo[i] = (guint8) g_random_int ();
  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    measure (server, enrolment->url, 0, connections[i], seconds);
  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    measure (server, enrolment->url, 3, connections[i], seconds);
  return 0;
}
