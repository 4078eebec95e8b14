#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "sync/wire/sarap-multipart-writer.h"
#include "sync/wire/sarap-openrosa.h"
#include "tests/support/sarap-figure.h"
#include "tests/sync/server-client.h"

static Client *client;

static SarapOpenRosaResponse *
read_receipt (const Reply *reply)
{
  g_autoptr (GBytes) bytes = g_bytes_new (reply->body, reply->length);
  g_autoptr (GError) error = NULL;
  SarapOpenRosaResponse *response = sarap_openrosa_response_parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_nonnull (response->receipt);
  return response;
}

static gint64
count_quarantined (void)
{
  g_autofree char *text = sarap_test_server_admin (client->server, NULL, "list", NULL);
  g_autoptr (JsonNode) root = json_from_string (text, NULL);

  return json_object_get_int_member (json_array_get_object_element (json_node_get_array (root), 0), "quarantined");
}

static void
test_receipt_names_every_hash (void)
{
  g_autofree char *xml = visit_xml ("uuid:receipt", "<photo>p.jpg</photo><violation><proof>q.jpg</proof></violation>");
  g_autofree char *xml_hash = sha256_of (xml), *p_hash = sha256_of ("PPP");
  g_auto (Reply) reply = client_post (client, xml, "p.jpg", "PPP", "q.jpg", "QQ", NULL);
  g_autoptr (SarapOpenRosaResponse) response = NULL;

  assert_status (&reply, 201);
  response = read_receipt (&reply);
  g_assert_cmpstr (response->receipt->instance_id, ==, "uuid:receipt");
  g_assert_true (response->receipt->is_complete);
  g_assert_cmpuint (response->receipt->files->len, ==, 3);
  g_assert_cmpstr (sarap_receipt_find_file (response->receipt, "submission.xml")->sha256, ==, xml_hash);
  g_assert_cmpstr (sarap_receipt_find_file (response->receipt, "p.jpg")->sha256, ==, p_hash);
  g_assert_cmpuint (sarap_receipt_find_file (response->receipt, "q.jpg")->size, ==, 2);
}

static void
test_stored_bytes_are_those_sent (void)
{
  g_autofree char *xml = visit_xml ("uuid:bytes", "<!-- kept --><photo>b.jpg</photo>");
  g_auto (Reply) reply = client_post (client, xml, "b.jpg", "bytes of b", NULL);
  g_auto (Reply) back = client_call (client, "GET", "/v1/projects/1/forms/visit/submissions/uuid%3Abytes.xml", NULL);
  g_auto (Reply) file = client_call (client, "GET", "/v1/projects/1/forms/visit/submissions/uuid%3Abytes/attachments/b.jpg", NULL);

  assert_status (&reply, 201);
  g_assert_cmpstr (back.body, ==, xml);
  g_assert_cmpstr (file.body, ==, "bytes of b");
}

static void
test_duplicate_is_202 (void)
{
  g_autofree char *xml = visit_xml ("uuid:twice", "<photo>p.jpg</photo>");
  g_auto (Reply) first = client_post (client, xml, "p.jpg", "PPP", NULL);
  g_auto (Reply) second = client_post (client, xml, "p.jpg", "PPP", NULL);
  g_auto (Reply) bare = client_post (client, xml, NULL);
  g_autoptr (SarapOpenRosaResponse) response = NULL;

  assert_status (&first, 201);
  assert_status (&second, 202);
  assert_status (&bare, 202);
  response = read_receipt (&bare);
  g_assert_true (response->receipt->is_complete);
}

static void
test_parts_add_up (void)
{
  g_autofree char *xml = visit_xml ("uuid:parts", "<photo>p.jpg</photo><violation><proof>q.jpg</proof></violation>");
  g_auto (Reply) first = client_post (client, xml, "q.jpg", "QQ", NULL);
  g_autoptr (SarapOpenRosaResponse) partial = NULL, whole = NULL;
  g_auto (Reply) second = { 0 };

  assert_status (&first, 201);
  partial = read_receipt (&first);
  g_assert_false (partial->receipt->is_complete);
  g_assert_cmpuint (partial->receipt->missing->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (partial->receipt->missing, 0), ==, "p.jpg");

  second = client_post (client, xml, "p.jpg", "PPP", NULL);
  assert_status (&second, 201);
  whole = read_receipt (&second);
  g_assert_true (whole->receipt->is_complete);
  g_assert_cmpuint (whole->receipt->files->len, ==, 3);
}

static void
test_other_bytes_are_quarantined (void)
{
  g_autofree char *xml = visit_xml ("uuid:conflict", "<note>one</note><photo>p.jpg</photo>");
  g_autofree char *other = visit_xml ("uuid:conflict", "<note>two</note><photo>p.jpg</photo>");
  gint64 before = count_quarantined ();
  g_auto (Reply) first = client_post (client, xml, "p.jpg", "PPP", NULL);
  g_auto (Reply) second = client_post (client, other, NULL);
  g_auto (Reply) again = client_post (client, other, NULL);
  g_auto (Reply) photo = client_post (client, xml, "p.jpg", "ppp", NULL);
  g_auto (Reply) kept = client_call (client, "GET", "/v1/projects/1/forms/visit/submissions/uuid:conflict.xml", NULL);
  g_auto (Reply) kept_photo = client_call (client, "GET", "/v1/projects/1/forms/visit/submissions/uuid:conflict/attachments/p.jpg", NULL);

  assert_status (&first, 201);
  assert_status (&second, 409);
  assert_status (&again, 409);
  assert_status (&photo, 409);
  g_assert_cmpstr (kept.body, ==, xml);
  g_assert_cmpstr (kept_photo.body, ==, "PPP");
  g_assert_cmpint (count_quarantined (), ==, before + 2);
}

static void
test_unknown_form_is_quarantined (void)
{
  gint64 before = count_quarantined ();
  g_auto (Reply) form = client_post (client, "<x id=\"nowhere\" version=\"1\"><meta><instanceID>uuid:u1</instanceID></meta></x>", NULL);
  g_auto (Reply) version = client_post (client, "<x id=\"visit\" version=\"2\"><meta><instanceID>uuid:u2</instanceID></meta></x>", NULL);

  assert_status (&form, 404);
  assert_status (&version, 404);
  g_assert_cmpint (count_quarantined (), ==, before + 2);
}

static void
test_broken_xml_is_refused (void)
{
  static const char *const broken[] = {
    "<data id=\"visit\" version=\"v[1] $%\"><note>x</note><meta><instanceID>uuid:broken</instanceID></meta>",
    "<data id=\"visit\" version=\"v[1] $%\"><note>x</note></data>",
    "<data id=\"visit\" version=\"v[1] $%\"><meta><instanceID> </instanceID></meta></data>",
    "<data version=\"v[1] $%\"><meta><instanceID>uuid:broken</instanceID></meta></data>",
    "<!DOCTYPE data [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><data id=\"visit\" version=\"v[1] $%\"><note>&x;</note><meta><instanceID>uuid:broken</instanceID></meta></data>",
    "",
    "not xml",
  };
  gint64 rows = count_rows (client, "visit"), quarantined = count_quarantined ();

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_auto (Reply) reply = client_post (client, broken[i], "p.jpg", "PPP", NULL);

      assert_status (&reply, 400);
    }
  g_assert_cmpint (count_rows (client, "visit"), ==, rows);
  g_assert_cmpint (count_quarantined (), ==, quarantined);
}

static Reply
post_raw (const char *body, const char *content_type)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (SoupMessage) message = NULL;

  g_ptr_array_add (parts, g_bytes_new (body, strlen (body)));
  message = client_new_post (client, parts, content_type);
  return client_send (client, message);
}

static void
test_bad_framing_is_refused (void)
{
  g_autofree char *xml = visit_xml ("uuid:framing", "");
  g_autofree char *no_end = g_strdup_printf ("--B\r\nContent-Disposition: form-data; name=\"xml_submission_file\"; filename=\"s.xml\"\r\n\r\n%s\r\n", xml);
  g_autofree char *no_xml = g_strdup ("--B\r\nContent-Disposition: form-data; name=\"p.jpg\"; filename=\"p.jpg\"\r\n\r\nPPP\r\n--B--\r\n");
  g_autofree char *climbing = g_strdup_printf ("--B\r\nContent-Disposition: form-data; name=\"xml_submission_file\"; filename=\"s.xml\"\r\n\r\n%s\r\n--B\r\nContent-Disposition: form-data; name=\"../../x\"; filename=\"x\"\r\n\r\nPPP\r\n--B--\r\n", xml);
  gint64 rows = count_rows (client, "visit");
  g_auto (Reply) truncated = post_raw (no_end, "multipart/form-data; boundary=B");
  g_auto (Reply) bare = post_raw (no_xml, "multipart/form-data; boundary=B");
  g_auto (Reply) climber = post_raw (climbing, "multipart/form-data; boundary=B");
  g_auto (Reply) plain = post_raw (xml, "text/xml");
  g_auto (Reply) other = post_raw (no_end, "multipart/form-data; boundary=C");

  assert_status (&truncated, 400);
  assert_status (&bare, 400);
  assert_status (&climber, 400);
  assert_status (&plain, 415);
  assert_status (&other, 400);
  g_assert_cmpint (count_rows (client, "visit"), ==, rows);
}

/* The file before the XML, a form field between, the part's name instead of the file's. */
static void
test_any_order_of_parts (void)
{
  g_autofree char *xml = visit_xml ("uuid:order", "<photo>p.jpg</photo>");
  g_autofree char *body = g_strdup_printf ("--B\r\nContent-Disposition: form-data; name=\"p.jpg\"; filename=\"IMG_1.jpg\"\r\nContent-Type: image/jpeg\r\n\r\nPPP\r\n"
                                           "--B\r\nContent-Disposition: form-data; name=\"*isIncomplete*\"\r\n\r\nyes\r\n"
                                           "--B\r\nContent-Disposition: form-data; name=\"xml_submission_file\"\r\n\r\n%s\r\n--B--\r\n",
                                           xml);
  g_auto (Reply) reply = post_raw (body, "multipart/form-data; boundary=\"B\"");
  g_autoptr (SarapOpenRosaResponse) response = NULL;

  assert_status (&reply, 201);
  response = read_receipt (&reply);
  g_assert_true (response->receipt->is_complete);
  g_assert_nonnull (sarap_receipt_find_file (response->receipt, "p.jpg"));
}

static void
test_large_file_is_streamed (void)
{
  g_autofree char *xml = visit_xml ("uuid:large", "<photo>large.jpg</photo>");
  g_autofree char *large = g_malloc (5000001);
  g_autofree char *hash = NULL;
  g_auto (Reply) reply = { 0 };
  g_autoptr (SarapOpenRosaResponse) response = NULL;

  for (guint i = 0; i < 5000000; i++)
    large[i] = (char) ('!' + i * 7 % 90);
  large[5000000] = '\0';
  hash = sha256_of (large);
  reply = client_post (client, xml, "large.jpg", large, NULL);
  assert_status (&reply, 201);
  response = read_receipt (&reply);
  g_assert_cmpstr (sarap_receipt_find_file (response->receipt, "large.jpg")->sha256, ==, hash);
}

static void
test_edit_replaces (void)
{
  g_autofree char *xml = visit_xml ("uuid:edit1", "<photo>p.jpg</photo>");
  const char *edited = "<data id=\"visit\" version=\"v[1] $%\"><photo>p.jpg</photo><meta><instanceID>uuid:edit2</instanceID><deprecatedID>uuid:edit1</deprecatedID></meta></data>";
  const char *fork = "<data id=\"visit\" version=\"v[1] $%\"><meta><instanceID>uuid:edit3</instanceID><deprecatedID>uuid:edit1</deprecatedID></meta></data>";
  g_auto (Reply) first = client_post (client, xml, "p.jpg", "PPP", NULL);
  gint64 rows = count_rows (client, "visit");
  g_auto (Reply) second = client_post (client, edited, NULL);
  g_auto (Reply) third = client_post (client, fork, NULL);
  g_autoptr (SarapOpenRosaResponse) response = read_receipt (&second);

  assert_status (&second, 201);
  g_assert_true (response->receipt->is_complete);
  g_assert_nonnull (sarap_receipt_find_file (response->receipt, "p.jpg"));
  assert_status (&third, 409);
  g_assert_cmpint (count_rows (client, "visit"), ==, rows);
}

typedef struct
{
  char *xml;
  guint status;
} Racer;

/* Straight to the server's socket, so that nothing before it puts them in a row. */
static gpointer
race (gpointer data)
{
  Racer *racer = data;
  g_autofree char *path = g_build_filename (sarap_test_server_get_folder (client->server), "server.sock", NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (SoupSession) own = soup_session_new_with_options ("remote-connectable", address, "proxy-resolver", NULL, NULL);
  g_autofree char *url = g_strconcat ("http://localhost", strstr (client->device_url, "/v1/"), NULL);
  Client copy = *client;
  g_auto (Reply) reply = { 0 };

  copy.session = own;
  copy.device_url = url;
  reply = client_post (&copy, racer->xml, "p.jpg", "PPP", NULL);
  racer->status = reply.status;
  return NULL;
}

static void
test_race_is_one_record (void)
{
  g_autofree char *xml = visit_xml ("uuid:race", "<photo>p.jpg</photo>");
  Racer racers[50];
  GThread *threads[50];
  gint64 rows = count_rows (client, "visit");
  guint n_created = 0, n_known = 0;

  for (guint i = 0; i < 50; i++)
    {
      racers[i].xml = xml;
      threads[i] = g_thread_new ("racer", race, &racers[i]);
    }
  for (guint i = 0; i < 50; i++)
    {
      g_thread_join (threads[i]);
      n_created += racers[i].status == 201;
      n_known += racers[i].status == 202;
      if (racers[i].status != 201 && racers[i].status != 202)
        g_test_message ("racer %u: %u", i, racers[i].status);
    }
  g_assert_cmpuint (n_created, ==, 1);
  g_assert_cmpuint (n_known, ==, 49);
  sarap_figure_at_most ("B5", ABS (count_rows (client, "visit") - rows - 1), 0);
}

static void
test_chunked_body (void)
{
  g_autofree char *xml = visit_xml ("uuid:chunked", "");
  g_autofree char *body = g_strdup_printf ("--B\r\nContent-Disposition: form-data; name=\"xml_submission_file\"; filename=\"s.xml\"\r\n\r\n%s\r\n--B--\r\n", xml);
  g_autofree char *url = g_strconcat (client->device_url, "/submission", NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("POST", url);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (body, -1, NULL);
  g_auto (Reply) reply = { 0 };

  soup_message_set_request_body (message, "multipart/form-data; boundary=B", stream, -1);
  soup_message_headers_set_expectations (soup_message_get_request_headers (message), SOUP_EXPECTATION_CONTINUE);
  reply = client_send (client, message);
  assert_status (&reply, 201);
}

static void
test_head_says_how_much (void)
{
  g_autofree char *url = g_strconcat (client->device_url, "/submission", NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("HEAD", url);
  g_auto (Reply) reply = client_send (client, message);

  assert_status (&reply, 204);
  g_assert_cmpstr (soup_message_headers_get_one (soup_message_get_response_headers (message), "X-OpenRosa-Accept-Content-Length"), ==, "100000000");
  g_assert_cmpstr (soup_message_headers_get_one (soup_message_get_response_headers (message), "X-OpenRosa-Version"), ==, "1.0");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  client = client_new ();
  g_test_add_func ("/server/intake/receipt-names-every-hash", test_receipt_names_every_hash);
  g_test_add_func ("/server/intake/stored-bytes-are-those-sent", test_stored_bytes_are_those_sent);
  g_test_add_func ("/server/intake/duplicate-is-202", test_duplicate_is_202);
  g_test_add_func ("/server/intake/parts-add-up", test_parts_add_up);
  g_test_add_func ("/server/intake/other-bytes-are-quarantined", test_other_bytes_are_quarantined);
  g_test_add_func ("/server/intake/unknown-form-is-quarantined", test_unknown_form_is_quarantined);
  g_test_add_func ("/server/intake/broken-xml-is-refused", test_broken_xml_is_refused);
  g_test_add_func ("/server/intake/bad-framing-is-refused", test_bad_framing_is_refused);
  g_test_add_func ("/server/intake/any-order-of-parts", test_any_order_of_parts);
  g_test_add_func ("/server/intake/large-file-is-streamed", test_large_file_is_streamed);
  g_test_add_func ("/server/intake/edit-replaces", test_edit_replaces);
  g_test_add_func ("/server/intake/race-is-one-record", test_race_is_one_record);
  g_test_add_func ("/server/intake/chunked-body", test_chunked_body);
  g_test_add_func ("/server/intake/head-says-how-much", test_head_says_how_much);
  status = g_test_run ();
  client_free (client);
  return status;
}
