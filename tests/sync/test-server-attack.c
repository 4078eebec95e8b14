#include <string.h>
#include <sys/resource.h>

#include "app/base/sarap-csv.h"
#include "sync/wire/sarap-multipart-writer.h"
#include "tests/support/sarap-figure.h"
#include "tests/sync/server-client.h"

/* Strangers with much patience or much to say (safety.md C9), and hostile texts (C10–C12). */

static Client *client;

/* A number of /proc/PID/status, MB. */
static double
read_memory (const char *field)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/status", sarap_test_server_get_pid (client->server));
  g_autofree char *text = NULL;
  const char *line;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  line = strstr (text, field);
  g_assert_nonnull (line);
  return g_ascii_strtod (line + strlen (field) + 1, NULL) / 1024;
}

/* The strangers come from an address of their own, so that the limits for each address are theirs. */
static GSocketAddress *
stranger (void)
{
  return g_inet_socket_address_new_from_string ("127.0.0.2", 0);
}

/* Half a request; whoever waits for the rest waits long. */
static GSocketConnection *
open_slowly (gboolean says_something)
{
  g_autoptr (GSocketAddress) own = stranger ();
  g_autoptr (GSocketClient) socket_client = g_socket_client_new ();
  const char *port = strrchr (sarap_test_server_get_url (client->server), ':') + 1;
  GSocketConnection *connection;

  g_socket_client_set_local_address (socket_client, own);
  g_socket_client_set_tls (socket_client, FALSE);
  connection = g_socket_client_connect_to_host (socket_client, "127.0.0.1", (guint16) g_ascii_strtoull (port, NULL, 10), NULL, NULL);
  if (connection != NULL && says_something)
    g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), "\x16\x03\x01", 3, NULL, NULL, NULL);
  return connection;
}

typedef struct
{
  guint64 length;
  guint status;
} Flood;

/* A body of nothing, without end in sight: chunked, so that no header tells its length. */
static gpointer
flood (gpointer data)
{
  Flood *self = data;
  g_autoptr (GSocketAddress) own = stranger ();
  g_autoptr (SoupSession) session = sarap_test_server_new_session (client->server);
  g_autoptr (SoupSession) foreign = soup_session_new_with_options ("local-address", own, "tls-database", soup_session_get_tls_database (session), NULL);
  g_autofree char *url = g_strconcat (client->device_url, "/submission", NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("POST", url);
  g_autoptr (GInputStream) body = g_memory_input_stream_new ();
  g_autoptr (GBytes) megabyte = g_bytes_new_take (g_malloc0 (1024 * 1024), 1024 * 1024), reply = NULL;

  for (guint64 n = 0; n < self->length; n += 1024 * 1024)
    g_memory_input_stream_add_bytes (G_MEMORY_INPUT_STREAM (body), megabyte);
  soup_message_set_request_body (message, "multipart/form-data; boundary=B", body, -1);
  reply = soup_session_send_and_read (foreign, message, NULL, NULL);
  self->status = reply ? soup_message_get_status (message) : 0;
  return NULL;
}

/* Framed well, and of many parts that are each small enough to be kept in memory. */
static gpointer
scatter (gpointer data)
{
  g_autoptr (SoupSession) session = sarap_test_server_new_session (client->server);
  g_autoptr (SarapMultipartWriter) writer = sarap_multipart_writer_new ();
  g_autofree char *id = g_strdup_printf ("uuid:scatter-%u", GPOINTER_TO_UINT (data)), *xml = visit_xml (id, "");
  g_autoptr (GBytes) xml_bytes = g_bytes_new (xml, strlen (xml)), part = g_bytes_new_take (g_strnfill (60000, 's'), 60000);
  g_autoptr (SoupMessage) message = NULL;
  GPtrArray *parts;
  Client own = *client;
  g_auto (Reply) reply = { 0 };
  gsize length;

  sarap_multipart_writer_add_file (writer, "xml_submission_file", "submission.xml", "text/xml", xml_bytes);
  for (guint i = 0; i < 900; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.jpg", i);

      sarap_multipart_writer_add_file (writer, name, name, "image/jpeg", part);
    }
  parts = sarap_multipart_writer_finish (writer, &length);
  message = client_new_post (client, parts, sarap_multipart_writer_get_content_type (writer));
  own.session = session;
  reply = client_send (&own, message);
  return GUINT_TO_POINTER (reply.status);
}

static void
test_many_parts_stay_out_of_memory (void)
{
  GThread *threads[4];
  double before = read_memory ("VmHWM:");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("scatter", scatter, GUINT_TO_POINTER (i));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      guint status = GPOINTER_TO_UINT (g_thread_join (threads[i]));

      g_assert_true (status == 201 || status == 202);
    }
  sarap_figure_at_most ("C9-megabytes", read_memory ("VmHWM:") - before, 64);
}

static double
upload (guint i)
{
  g_autofree char *id = g_strdup_printf ("uuid:honest-%u", i), *xml = visit_xml (id, "<photo>p.jpg</photo>"), *photo = g_strnfill (300000, 'p');
  gint64 began = g_get_monotonic_time ();
  g_auto (Reply) reply = client_post (client, xml, "p.jpg", photo, NULL);

  g_assert_true (reply.status == 201 || reply.status == 202); /* libsoup may send it again by itself */
  return (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
}

static void
test_strangers_hold_up_nobody (void)
{
  gboolean is_long = g_getenv ("SARAP_LONG") != NULL;
  guint n_slow = is_long ? 2000 : 100;
  Flood much = { .length = (is_long ? G_GUINT64_CONSTANT (2048) : 200) * 1024 * 1024 };
  g_autoptr (GPtrArray) slow = g_ptr_array_new_with_free_func (g_object_unref);
  double before, slowest = 0;
  GThread *thread;

  upload (0);
  before = read_memory ("VmHWM:");
  for (guint i = 0; i < n_slow; i++)
    {
      GSocketConnection *connection = open_slowly (i % 2 == 0);

      if (connection != NULL)
        g_ptr_array_add (slow, connection);
    }
  g_assert_cmpuint (slow->len, ==, n_slow);
  thread = g_thread_new ("flood", flood, &much);
  for (guint i = 1; i <= 10; i++)
    slowest = MAX (slowest, upload (i));
  g_thread_join (thread);
  g_test_message ("%u slow connections, a body of %" G_GUINT64_FORMAT " bytes answered %u", slow->len, much.length, much.status);
  g_assert_true (much.status == 413 || much.status == 0);
  sarap_figure_at_most ("C9-seconds", slowest, 2);
  sarap_figure_at_most ("C9-megabytes", read_memory ("VmHWM:") - before, 64);
}

static const char *const climbers[] = { "../central.db", "..%2fcentral.db", "..%2f..%2fetc%2fpasswd", "%2e%2e%2fcentral.db", "..%5ccentral.db", "....%2f%2fcentral.db", "%2fetc%2fpasswd", "..%252fcentral.db", "media%2f..%2fcentral.db", "..;%2fcentral.db", "central.db%00.csv" };

static void
test_paths_lead_nowhere (void)
{
  static const char *const doors[] = { "/v1/projects/1/forms/visit/attachments/%s", "/v1/projects/1/forms/%s.xml", "/v1/projects/1/forms/visit/submissions/%s.xml", "/v1/projects/1/forms/visit/submissions/uuid%3Ahonest-0/attachments/%s", "/v1/projects/1/quarantine/1/attachments/%s", "/v1/projects/1/quarantine/%s.xml" };
  guint n_opened = 0, n_stored = 0;

  for (guint i = 0; i < G_N_ELEMENTS (doors); i++)
    for (guint k = 0; k < G_N_ELEMENTS (climbers); k++)
      {
        g_auto (GStrv) around = g_strsplit (doors[i], "%s", 2);
        g_autofree char *path = g_strconcat (around[0], climbers[k], around[1], NULL);
        g_auto (Reply) reply = client_call (client, "GET", path, NULL);

        n_opened += reply.status == 200;
      }
  for (guint k = 0; k < G_N_ELEMENTS (climbers); k++)
    {
      g_autofree char *name = g_uri_unescape_string (climbers[k], NULL);
      g_autofree char *id = g_strdup_printf ("uuid:climb-%u", k), *xml = visit_xml (id, "");
      g_auto (Reply) reply = { 0 };

      if (name == NULL || strchr (name, '/') == NULL)
        continue;
      reply = client_post (client, xml, name, "PPP", NULL);
      n_stored += reply.status == 201 || reply.status == 202;
    }
  sarap_figure_at_most ("C10", n_opened + n_stored, 0);
}

static void
test_queries_stay_queries (void)
{
  static const char *const payloads[] = { "' OR '1'='1", "1 OR 1=1", "'; DROP TABLE submission; --", "%", "_", "\" OR \"\"=\"", "') UNION SELECT key_hash FROM app_user --", "uuid:honest-0' --", "0x41", "\\'; --", "null", "*" };
  static const char *const doors[] = { "/v1/projects/1/forms/visit/submissions?region=%s", "/v1/projects/1/forms/visit/submissions?centre=%s", "/v1/projects/1/forms/visit/submissions?submitter=%s", "/v1/projects/1/forms/visit/submissions?reviewState=%s", "/v1/projects/1/forms/%s/submissions", "/v1/projects/1/forms/visit/submissions/%s" };
  gint64 rows = count_rows (client, "visit");
  guint n_found = 0;

  for (guint i = 0; i < G_N_ELEMENTS (doors); i++)
    for (guint k = 0; k < G_N_ELEMENTS (payloads); k++)
      {
        g_auto (GStrv) around = g_strsplit (doors[i], "%s", 2);
        g_autofree char *escaped = g_uri_escape_string (payloads[k], NULL, FALSE), *path = g_strconcat (around[0], escaped, around[1], NULL);
        g_auto (Reply) reply = client_call (client, "GET", path, NULL);
        gboolean asks_for_all = strstr (doors[i], "reviewState") != NULL && g_str_equal (payloads[k], "null");

        n_found += reply.status >= 500 || (reply.status == 200 && !g_str_equal (reply.body, "[]") && !asks_for_all);
      }
  g_assert_cmpint (count_rows (client, "visit"), ==, rows);
  sarap_figure_at_most ("C11", n_found, 0);
}

static void
test_exports_and_files_run_nothing (void)
{
  static const char *const cells[] = { "=1+1", "=HYPERLINK(\"http://x\")", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "|cmd", "=cmd|' /C calc'!A0", "\n=1+1", "\uff1d1+1" };
  static const char *const pages[] = { "x.html", "x.svg", "x.xml", "x.js", "x.xhtml", "x" };
  g_auto (Reply) reply = { 0 };
  g_autoptr (SarapCsv) csv = NULL;
  g_autoptr (GBytes) bytes = NULL;
  guint n_run = 0;

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      g_autofree char *id = g_strdup_printf ("uuid:cell-%u", i), *inside = g_markup_printf_escaped ("<note>%s</note>", cells[i]), *xml = visit_xml (id, inside);
      g_auto (Reply) posted = client_post (client, xml, NULL);

      assert_status (&posted, 201);
    }
  reply = client_call (client, "GET", "/v1/projects/1/forms/visit/submissions.csv", NULL);
  bytes = g_bytes_new (reply.body, reply.length);
  csv = sarap_csv_parse (bytes, "submissions.csv", NULL);
  g_assert_nonnull (csv);
  for (guint i = 0; i < sarap_csv_get_n_rows (csv); i++)
    {
      const char *note = sarap_csv_peek (csv, i, "note");

      n_run += *note != '\0' && strchr ("=+-@\t\r\n|", *note) != NULL;
    }
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *id = g_strdup_printf ("uuid:page-%u", i), *inside = g_strdup_printf ("<photo>%s</photo>", pages[i]), *xml = visit_xml (id, inside);
      g_autofree char *url = g_strdup_printf ("%s/v1/projects/1/forms/visit/submissions/%s/attachments/%s", sarap_test_server_get_url (client->server), id, pages[i]), *bearer = g_strconcat ("Bearer ", client->token, NULL);
      g_auto (Reply) posted = client_post (client, xml, pages[i], "<script>alert(1)</script>", NULL), page = { 0 };
      g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
      SoupMessageHeaders *headers = soup_message_get_response_headers (message);

      assert_status (&posted, 201);
      soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", bearer);
      page = client_send (client, message);
      assert_status (&page, 200);
      n_run += g_strcmp0 (soup_message_headers_get_one (headers, "Content-Security-Policy"), "default-src 'none'; sandbox") != 0 || g_strcmp0 (soup_message_headers_get_one (headers, "X-Content-Type-Options"), "nosniff") != 0;
    }
  sarap_figure_at_most ("C12", n_run, 0);
}

int
main (int argc, char **argv)
{
  struct rlimit files;
  int status;

  g_test_init (&argc, &argv, NULL);
  getrlimit (RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit (RLIMIT_NOFILE, &files); /* nginx inherits it */
  client = client_new ();
  g_test_add_func ("/server/attack/strangers-hold-up-nobody", test_strangers_hold_up_nobody);
  if (g_getenv ("SARAP_SANITIZED") == NULL) /* which keeps what was freed */
    g_test_add_func ("/server/attack/many-parts-stay-out-of-memory", test_many_parts_stay_out_of_memory);
  g_test_add_func ("/server/attack/paths-lead-nowhere", test_paths_lead_nowhere);
  g_test_add_func ("/server/attack/queries-stay-queries", test_queries_stay_queries);
  g_test_add_func ("/server/attack/exports-and-files-run-nothing", test_exports_and_files_run_nothing);
  status = g_test_run ();
  client_free (client);
  return status;
}
