#include <string.h>

#include "sync/wire/sarap-enrolment-text.h"
#include "sync/wire/sarap-openrosa.h"
#include "tests/sync/server-client.h"

#define SUBMISSIONS "/v1/projects/1/forms/visit/submissions"

static Client *client;
static char *administrator;

static JsonNode *
admin_json (const char *noun, const char *verb, const char *word)
{
  g_autofree char *text = sarap_test_server_admin (client->server, NULL, noun, verb, "--project", "1", word, NULL);
  JsonNode *root = json_from_string (text, NULL);

  g_assert_nonnull (root);
  return root;
}

static Reply
call_as_administrator (const char *method, const char *path, const char *json)
{
  char *own = client->token;
  Reply reply;

  client->token = administrator;
  reply = client_call (client, method, path, json);
  client->token = own;
  return reply;
}

/* The number of the one that waits for @instance_id with @decision, NULL none. */
static char *
find_waiting (const char *instance_id)
{
  g_auto (Reply) reply = client_call (client, "GET", "/v1/projects/1/quarantine", NULL);
  g_autoptr (JsonNode) root = NULL;
  JsonArray *array;
  char *found = NULL;

  assert_status (&reply, 200);
  root = reply_json (&reply);
  array = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);

      if (!json_object_get_null_member (object, "decision") || !g_str_equal (json_object_get_string_member (object, "instanceId"), instance_id))
        continue;
      g_assert_null (found);
      found = g_strdup_printf ("%" G_GINT64_FORMAT, json_object_get_int_member (object, "id"));
    }
  g_assert_nonnull (found);
  return found;
}

static void
decide (const char *id, const char *json, guint status)
{
  g_autofree char *path = g_strdup_printf ("/v1/projects/1/quarantine/%s/decision", id);
  g_auto (Reply) reply = call_as_administrator ("POST", path, json);

  assert_status (&reply, status);
}

static void
assert_body (const char *path, const char *wanted)
{
  g_auto (Reply) reply = client_call (client, "GET", path, NULL);

  assert_status (&reply, 200);
  g_assert_cmpstr (reply.body, ==, wanted);
}

static void
test_other_bytes_become_the_newest_version (void)
{
  g_autofree char *xml = visit_xml ("uuid:q1", "<note>one</note><photo>p.jpg</photo>"), *other = visit_xml ("uuid:q1", "<note>two</note><photo>p.jpg</photo>");
  g_autofree char *id = NULL, *path = NULL, *file = NULL, *new_path = NULL, *new_file = NULL, *hash = sha256_of ("other P");
  g_auto (Reply) first = client_post (client, xml, "p.jpg", "PPP", NULL), second = client_post (client, other, "p.jpg", "other P", NULL), again = { 0 };
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (SarapOpenRosaResponse) response = NULL;
  gint64 rows = count_rows (client, "visit");

  assert_status (&first, 201);
  assert_status (&second, 409);
  id = find_waiting ("uuid:q1");
  path = g_strdup_printf ("/v1/projects/1/quarantine/%s.xml", id);
  file = g_strdup_printf ("/v1/projects/1/quarantine/%s/attachments/%s", id, hash);
  assert_body (path, other);
  assert_body (file, "other P");

  decide (id, "{\"decision\": \"accepted\", \"comment\": \"the second is right\"}", 200);
  decide (id, "{\"decision\": \"accepted\"}", 404);
  decide (id, "{\"decision\": \"kept\"}", 404);
  new_path = g_strdup_printf (SUBMISSIONS "/uuid:q1%%23%s.xml", id);
  new_file = g_strdup_printf (SUBMISSIONS "/uuid:q1%%23%s/attachments/p.jpg", id);
  assert_body (new_path, other);
  assert_body (new_file, "other P");
  assert_body (SUBMISSIONS "/uuid:q1.xml", xml);
  assert_body (SUBMISSIONS "/uuid:q1/attachments/p.jpg", "PPP");
  assert_body (path, other);
  g_assert_cmpint (count_rows (client, "visit"), ==, rows);

  again = client_post (client, other, "p.jpg", "other P", NULL);
  assert_status (&again, 202);
  bytes = g_bytes_new (again.body, again.length);
  response = sarap_openrosa_response_parse (bytes, NULL);
  g_assert_cmpstr (response->receipt->instance_id, ==, "uuid:q1");
  g_assert_cmpstr (sarap_receipt_find_file (response->receipt, "p.jpg")->sha256, ==, hash);
}

static void
test_review_of_an_accepted_version_reaches_its_device (void)
{
  g_autofree char *id = NULL, *path = NULL;
  g_autofree char *xml = visit_xml ("uuid:q2", ""), *other = visit_xml ("uuid:q2", "<note>x</note>");
  g_auto (Reply) first = client_post (client, xml, NULL), second = client_post (client, other, NULL), review = { 0 }, reviews = { 0 };

  assert_status (&second, 409);
  id = find_waiting ("uuid:q2");
  decide (id, "{\"decision\": \"accepted\"}", 200);
  path = g_strdup_printf (SUBMISSIONS "/uuid:q2%%23%s", id);
  review = client_call (client, "PATCH", path, "{\"reviewState\": \"approved\", \"comment\": \"q2 is good\"}");
  assert_status (&review, 200);
  reviews = client_call (client, "GET", "reviews", NULL);
  g_assert_nonnull (strstr (reviews.body, "\"instanceId\":\"uuid:q2\",\"reviewState\":\"approved\""));
}

static void
test_other_photo_is_accepted (void)
{
  g_autofree char *xml = visit_xml ("uuid:q3", "<photo>p.jpg</photo><violation><proof>r.jpg</proof></violation>"), *id = NULL, *path = NULL, *kept = NULL;
  g_auto (Reply) first = client_post (client, xml, "p.jpg", "PPP", "r.jpg", "RRR", NULL), second = client_post (client, xml, "p.jpg", "ppp", NULL), again = { 0 }, old = { 0 };

  assert_status (&second, 409);
  id = find_waiting ("uuid:q3");
  decide (id, "{\"decision\": \"accepted\"}", 200);
  path = g_strdup_printf (SUBMISSIONS "/uuid:q3%%23%s/attachments/p.jpg", id);
  kept = g_strdup_printf (SUBMISSIONS "/uuid:q3%%23%s/attachments/r.jpg", id);
  assert_body (path, "ppp");
  assert_body (kept, "RRR");
  again = client_post (client, xml, "p.jpg", "ppp", NULL);
  assert_status (&again, 202);
  old = client_post (client, xml, "p.jpg", "PPP", NULL);
  assert_status (&old, 202);
}

static void
test_unknown_form_is_accepted_once_it_is_there (void)
{
  g_autofree char *folder = g_strconcat (sarap_test_server_get_folder (client->server), "/late", NULL), *file = g_strconcat (folder, ".xml", NULL);
  g_autofree char *xml = visit_xml ("uuid:q4", ""), *late = NULL, *id = NULL, *form = NULL, *text = NULL;
  g_auto (GStrv) parts = g_strsplit (xml, "v[1] $%", 2), pieces = NULL;
  g_auto (Reply) reply = { 0 }, again = { 0 };

  late = g_strjoinv ("v9", parts);
  reply = client_post (client, late, NULL);
  assert_status (&reply, 404);
  id = find_waiting ("uuid:q4");
  decide (id, "{\"decision\": \"accepted\"}", 409);
  g_free (find_waiting ("uuid:q4"));

  g_assert_true (g_file_get_contents (SARAP_VISIT_FORM, &form, NULL, NULL));
  pieces = g_strsplit (form, "v[1] $%", -1);
  text = g_strjoinv ("v9", pieces);
  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  sarap_test_server_add_form (client->server, 1, file, NULL);
  decide (id, "{\"decision\": \"accepted\"}", 200);
  assert_body (SUBMISSIONS "/uuid:q4.xml", late);
  again = client_post (client, late, NULL);
  assert_status (&again, 202);
}

static void
test_late_edit_is_accepted_on_top (void)
{
  g_autofree char *original = visit_xml ("uuid:e0", ""), *id = NULL, *one = NULL;
  g_autofree char *first = g_strdup ("<data id=\"visit\" version=\"v[1] $%\"><note>1</note><meta><instanceID>uuid:e1</instanceID><deprecatedID>uuid:e0</deprecatedID></meta></data>");
  g_autofree char *second = g_strdup ("<data id=\"visit\" version=\"v[1] $%\"><note>2</note><meta><instanceID>uuid:e2</instanceID><deprecatedID>uuid:e0</deprecatedID></meta></data>");
  g_auto (Reply) a = client_post (client, original, NULL), b = client_post (client, first, NULL), c = client_post (client, second, NULL), d = { 0 };
  gint64 rows = count_rows (client, "visit");

  assert_status (&b, 201);
  assert_status (&c, 409);
  id = find_waiting ("uuid:e2");
  decide (id, "{\"decision\": \"accepted\"}", 200);
  g_assert_cmpint (count_rows (client, "visit"), ==, rows);
  assert_body (SUBMISSIONS "/uuid:e2.xml", second);
  d = client_post (client, second, NULL);
  assert_status (&d, 202);
}

/* Two that replace each other, in either order, would both leave the lists. */
static void
test_edits_stand_in_one_line (void)
{
  static const char *const pairs[][2] = { { "uuid:c1", "uuid:c2" }, { "uuid:c2", "uuid:c1" }, { "uuid:c3", "uuid:c0" }, { "uuid:c4", "uuid:c0" } };
  static const guint wanted[] = { 201, 409, 201, 409 };
  gint64 rows = count_rows (client, "visit");

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<data id=\"visit\" version=\"v[1] $%%\"><meta><instanceID>%s</instanceID><deprecatedID>%s</deprecatedID></meta></data>", pairs[i][0], pairs[i][1]);
      g_auto (Reply) reply = client_post (client, xml, NULL);

      assert_status (&reply, wanted[i]);
    }
  g_assert_cmpint (count_rows (client, "visit"), ==, rows + 2);
}

static void
test_quarantine_by_command (void)
{
  g_autofree char *xml = visit_xml ("uuid:q5", "<photo>p.jpg</photo>"), *other = visit_xml ("uuid:q5", "<note>n</note><photo>p.jpg</photo>"), *id = NULL;
  g_autofree char *folder = g_strconcat (sarap_test_server_get_folder (client->server), "/exported", NULL), *first = g_strconcat (folder, "/submission.xml", NULL), *second = g_strconcat (folder, "/p.jpg", NULL), *third = g_strconcat (folder, "/quarantine.json", NULL);
  g_autofree char *told = NULL, *photo = NULL, *facts = NULL;
  g_auto (Reply) a = client_post (client, xml, "p.jpg", "PPP", NULL), b = client_post (client, other, "p.jpg", "QQQ", NULL);
  g_autoptr (JsonNode) list = NULL, shown = NULL, kept = NULL;
  JsonObject *object;
  int status;

  assert_status (&b, 409);
  id = find_waiting ("uuid:q5");
  list = admin_json ("quarantine", "list", NULL);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (list)), >, 0);
  shown = admin_json ("quarantine", "show", id);
  object = json_node_get_object (shown);
  g_assert_cmpstr (json_object_get_string_member (object, "submitter"), ==, "Aigerim");
  g_assert_cmpstr (json_object_get_string_member (object, "reason"), ==, "uuid:q5 is stored with other content");
  g_free (sarap_test_server_admin (client->server, NULL, "quarantine", "export", "--project", "1", id, folder, NULL));
  g_free (sarap_test_server_admin (client->server, &status, "quarantine", "export", "--project", "1", id, folder, NULL));
  g_assert_cmpint (status, ==, 1);
  g_assert_true (g_file_get_contents (first, &told, NULL, NULL) && g_file_get_contents (second, &photo, NULL, NULL) && g_file_get_contents (third, &facts, NULL, NULL));
  g_assert_cmpstr (told, ==, other);
  g_assert_cmpstr (photo, ==, "QQQ");
  g_assert_nonnull (strstr (facts, "uuid:q5"));

  g_free (sarap_test_server_admin (client->server, NULL, "quarantine", "keep", "--project", "1", "--comment", "a copy", id, NULL));
  kept = admin_json ("quarantine", "show", id);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (kept), "decision"), ==, "kept");
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (kept), "comment"), ==, "a copy");
  g_free (sarap_test_server_admin (client->server, NULL, "quarantine", "accept", "--project", "1", id, NULL));
  g_free (sarap_test_server_admin (client->server, &status, "quarantine", "keep", "--project", "1", id, NULL));
  g_assert_cmpint (status, ==, 1);
  g_free (sarap_test_server_admin (client->server, &status, "quarantine", "show", "--project", "1", "4711", NULL));
  g_assert_cmpint (status, ==, 1);
  g_free (sarap_test_server_admin (client->server, &status, "quarantine", "show", "--project", "1", "x", NULL));
  g_assert_cmpint (status, ==, 2);
}

static void
set_state (const char *json, guint status)
{
  g_auto (Reply) reply = call_as_administrator ("PATCH", "/v1/projects/1/forms/visit", json);

  assert_status (&reply, status);
}

static void
test_closing_and_closed_forms (void)
{
  g_autofree char *partial = visit_xml ("uuid:s1", "<photo>p.jpg</photo>"), *late = visit_xml ("uuid:s2", ""), *text = NULL;
  g_auto (Reply) before = client_post (client, partial, NULL), closing = { 0 }, rest = { 0 }, refused = { 0 }, listed = { 0 }, form = { 0 }, after = { 0 };
  g_autoptr (JsonNode) waiting = NULL;

  set_state ("{\"state\": \"shut\"}", 400);
  set_state ("{\"state\": \"closing\"}", 200);
  listed = client_call (client, "GET", "formList", NULL);
  g_assert_null (strstr (listed.body, "<formID>visit<"));
  closing = client_post (client, late, NULL);
  assert_status (&closing, 201);

  set_state ("{\"state\": \"closed\"}", 200);
  g_free (late);
  late = visit_xml ("uuid:s3", "");
  refused = client_post (client, late, NULL);
  assert_status (&refused, 409);
  g_assert_nonnull (strstr (refused.body, "closed"));
  rest = client_post (client, partial, "p.jpg", "PPP", NULL);
  assert_status (&rest, 201);
  waiting = admin_json ("quarantine", "list", NULL);
  text = json_to_string (waiting, FALSE);
  g_assert_null (strstr (text, "uuid:s3"));
  form = client_call (client, "GET", "forms/visit.xml", NULL);
  assert_status (&form, 200);

  g_free (sarap_test_server_admin (client->server, NULL, "form", "state", "--project", "1", "visit", "open", NULL));
  after = client_post (client, late, NULL);
  assert_status (&after, 201);
}

static void
test_app_users_over_http (void)
{
  g_auto (Reply) made = call_as_administrator ("POST", "/v1/projects/1/app-users", "{\"displayName\": \"Zhanar\"}"), listed = { 0 }, works = { 0 }, gone = { 0 }, again = { 0 }, anew = { 0 }, old = { 0 };
  g_autoptr (JsonNode) root = NULL, renewed = NULL;
  g_autofree char *own = g_steal_pointer (&client->device_url), *path = NULL, *key_path = NULL, *xml = visit_xml ("uuid:z1", ""), *first = NULL, *second = NULL;
  gint64 id;

  assert_status (&made, 200);
  root = reply_json (&made);
  id = json_object_get_int_member (json_node_get_object (root), "id");
  first = g_strdup_printf ("%s/v1/key/%s/projects/1", sarap_test_server_get_url (client->server), json_object_get_string_member (json_node_get_object (root), "token"));
  path = g_strdup_printf ("/v1/projects/1/app-users/%" G_GINT64_FORMAT, id);
  key_path = g_strconcat (path, "/key", NULL);
  client->device_url = first;
  works = client_post (client, xml, NULL);
  assert_status (&works, 201);
  listed = client_call (client, "GET", "/v1/projects/1/app-users", NULL);
  g_assert_nonnull (strstr (listed.body, "\"displayName\":\"Zhanar\",\"state\":\"active\",\"submissions\":1"));

  gone = call_as_administrator ("DELETE", path, NULL);
  assert_status (&gone, 200);
  again = client_post (client, xml, NULL);
  assert_status (&again, 403);
  g_assert_nonnull (strstr (again.body, "withdrawn"));

  anew = call_as_administrator ("POST", key_path, "{}");
  assert_status (&anew, 200);
  renewed = reply_json (&anew);
  second = g_strdup_printf ("%s/v1/key/%s/projects/1", sarap_test_server_get_url (client->server), json_object_get_string_member (json_node_get_object (renewed), "token"));
  old = client_call (client, "GET", "formList", NULL);
  assert_status (&old, 403);
  client->device_url = second;
  g_clear_pointer (&old.body, g_free);
  old = client_post (client, xml, NULL);
  assert_status (&old, 202);
  client->device_url = g_steal_pointer (&own);
}

int
main (int argc, char **argv)
{
  g_autofree char *enrolment = NULL;
  g_auto (Reply) session = { 0 };
  g_autoptr (JsonNode) root = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  client = client_new ();
  enrolment = sarap_test_server_add_administrator (client->server, 1, "admin@example.org", PASSWORD);
  session = client_call (client, "POST", "/v1/sessions", "{\"email\": \"admin@example.org\", \"password\": \"" PASSWORD "\"}");
  root = reply_json (&session);
  administrator = g_strdup (json_object_get_string_member (json_node_get_object (root), "token"));

  g_test_add_func ("/server/administration/other-bytes-become-the-newest-version", test_other_bytes_become_the_newest_version);
  g_test_add_func ("/server/administration/review-of-an-accepted-version-reaches-its-device", test_review_of_an_accepted_version_reaches_its_device);
  g_test_add_func ("/server/administration/other-photo-is-accepted", test_other_photo_is_accepted);
  g_test_add_func ("/server/administration/unknown-form-is-accepted-once-it-is-there", test_unknown_form_is_accepted_once_it_is_there);
  g_test_add_func ("/server/administration/late-edit-is-accepted-on-top", test_late_edit_is_accepted_on_top);
  g_test_add_func ("/server/administration/edits-stand-in-one-line", test_edits_stand_in_one_line);
  g_test_add_func ("/server/administration/quarantine-by-command", test_quarantine_by_command);
  g_test_add_func ("/server/administration/closing-and-closed-forms", test_closing_and_closed_forms);
  g_test_add_func ("/server/administration/app-users-over-http", test_app_users_over_http);
  status = g_test_run ();
  client_free (client);
  g_free (administrator);
  return status;
}
