#include <string.h>

#include "app/base/sarap-csv.h"
#include "app/report/sarap-record-source.h"
#include "sync/server/sarap-central-source.h"
#include "tests/sync/server-client.h"

#define SUBMISSIONS "/v1/projects/1/forms/visit/submissions"

static Client *client;

static void
post (const char *id, const char *inside)
{
  g_autofree char *xml = visit_xml (id, inside);
  g_auto (Reply) reply = client_post (client, xml, NULL);

  assert_status (&reply, 201);
}

static JsonObject *
get_object (const char *path)
{
  g_auto (Reply) reply = client_call (client, "GET", path, NULL);
  g_autoptr (JsonNode) root = NULL;

  assert_status (&reply, 200);
  root = reply_json (&reply);
  return json_node_dup_object (root);
}

static JsonArray *
get_array (const char *path)
{
  g_auto (Reply) reply = client_call (client, "GET", path, NULL);
  g_autoptr (JsonNode) root = NULL;

  assert_status (&reply, 200);
  root = reply_json (&reply);
  return json_node_dup_array (root);
}

static void
review (const char *id, const char *json, guint status)
{
  g_autofree char *path = g_strconcat (SUBMISSIONS "/", id, NULL);
  g_auto (Reply) reply = client_call (client, "PATCH", path, json);

  assert_status (&reply, status);
}

/* The instances after @since, in order, joined by spaces; @since moves on. */
static char *
read_feed (gint64 *since, guint limit)
{
  g_autofree char *path = g_strdup_printf ("/v1/projects/1/feed?since=%" G_GINT64_FORMAT "&limit=%u", *since, limit);
  g_autoptr (JsonObject) feed = get_object (path);
  JsonArray *submissions = json_object_get_array_member (feed, "submissions");
  GString *ids = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (submissions); i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? " " : "", json_object_get_string_member (json_array_get_object_element (submissions, i), "instanceId"));
  *since = json_object_get_int_member (feed, "sequence");
  return g_string_free (ids, FALSE);
}

static void
test_feed_gives_every_change_once (void)
{
  g_autofree char *first = NULL, *second = NULL, *rest = NULL, *nothing = NULL, *changed = NULL, *grown = NULL;
  g_autofree char *partial = visit_xml ("uuid:f3", "<photo>p.jpg</photo>");
  g_auto (Reply) part = { 0 }, whole = { 0 };
  gint64 since = 0;

  g_free (read_feed (&since, 500));
  post ("uuid:f1", "");
  post ("uuid:f2", "");
  part = client_post (client, partial, NULL);
  first = read_feed (&since, 2);
  rest = read_feed (&since, 2);
  nothing = read_feed (&since, 2);
  g_assert_cmpstr (first, ==, "uuid:f1 uuid:f2");
  g_assert_cmpstr (rest, ==, "uuid:f3");
  g_assert_cmpstr (nothing, ==, "");

  review ("uuid:f1", "{\"reviewState\": \"approved\"}", 200);
  changed = read_feed (&since, 10);
  g_assert_cmpstr (changed, ==, "uuid:f1");
  whole = client_post (client, partial, "p.jpg", "PPP", NULL);
  grown = read_feed (&since, 10);
  g_assert_cmpstr (grown, ==, "uuid:f3");
  second = read_feed (&since, 10);
  g_assert_cmpstr (second, ==, "");
}

static void
test_review_is_kept_as_history (void)
{
  g_autoptr (JsonObject) one = NULL;
  g_autoptr (JsonArray) audits = NULL, comments = NULL;
  g_auto (Reply) comment = { 0 };

  post ("uuid:h1", "");
  review ("uuid:h1", "{\"reviewState\": \"hasIssues\", \"comment\": \"Нужно фото\"}", 200);
  review ("uuid:h1", "{\"reviewState\": \"approved\"}", 200);
  review ("uuid:h1", "{\"reviewState\": null}", 200);
  review ("uuid:h1", "{\"reviewState\": \"splendid\"}", 400);
  review ("uuid:h1", "{\"reviewState\": 7}", 400);
  review ("uuid:h1", "[]", 400);
  review ("uuid:h1", "{", 400);
  review ("uuid:none", "{\"reviewState\": null}", 404);
  comment = client_call (client, "POST", SUBMISSIONS "/uuid:h1/comments", "{\"body\": \"Жақсы\"}");
  assert_status (&comment, 200);

  one = get_object (SUBMISSIONS "/uuid:h1");
  g_assert_true (json_object_get_null_member (one, "reviewState"));
  audits = get_array (SUBMISSIONS "/uuid:h1/audits");
  g_assert_cmpuint (json_array_get_length (audits), ==, 5);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (audits, 0), "action"), ==, "submission.create");
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (audits, 1), "actor"), ==, "boss@example.org");
  comments = get_array (SUBMISSIONS "/uuid:h1/comments");
  g_assert_cmpuint (json_array_get_length (comments), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (comments, 0), "body"), ==, "Нужно фото");
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (comments, 1), "body"), ==, "Жақсы");
}

static void
test_device_learns_its_reviews_only (void)
{
  g_autofree char *text = sarap_test_server_add_app_user (client->server, 1, "Daniyar");
  g_autoptr (JsonNode) enrolment = json_from_string (text, NULL);
  Client other = *client;
  g_auto (Reply) before = client_call (client, "GET", "reviews", NULL), after = { 0 }, others = { 0 };
  g_autoptr (JsonNode) root = reply_json (&before), root_after = NULL, root_others = NULL;
  g_autofree char *path = g_strdup_printf ("reviews?since=%" G_GINT64_FORMAT, json_object_get_int_member (json_node_get_object (root), "sequence"));
  JsonObject *told;

  other.device_url = (char *) json_object_get_string_member (json_node_get_object (enrolment), "url");
  post ("uuid:d1", "");
  review ("uuid:d1", "{\"reviewState\": \"rejected\", \"comment\": \"again\"}", 200);
  after = client_call (client, "GET", path, NULL);
  others = client_call (&other, "GET", "reviews?since=0", NULL);
  root_after = reply_json (&after);
  root_others = reply_json (&others);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (json_node_get_object (root_after), "reviews")), ==, 1);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (json_node_get_object (root_others), "reviews")), ==, 0);
  told = json_array_get_object_element (json_object_get_array_member (json_node_get_object (root_after), "reviews"), 0);
  g_assert_cmpstr (json_object_get_string_member (told, "instanceId"), ==, "uuid:d1");
  g_assert_cmpstr (json_object_get_string_member (told, "reviewState"), ==, "rejected");
  g_assert_cmpstr (json_object_get_string_member (told, "comment"), ==, "again");
}

static void
assert_listed (const char *query, guint n)
{
  g_autofree char *path = g_strconcat (SUBMISSIONS "?", query, NULL);
  g_autoptr (JsonArray) list = get_array (path);

  if (json_array_get_length (list) != n)
    g_error ("%s: %u, not %u", query, json_array_get_length (list), n);
}

static void
test_list_is_filtered (void)
{
  post ("uuid:l1", "<region>akm</region><centre>c1</centre>");
  post ("uuid:l2", "<visit><region>akm</region></visit><psu>c2</psu>");
  post ("uuid:l3", "<region>alm</region><centre>c1</centre>");
  review ("uuid:l3", "{\"reviewState\": \"rejected\"}", 200);
  assert_listed ("region=akm", 2);
  assert_listed ("region=akm&centre=c2", 1);
  assert_listed ("region=alm&reviewState=rejected", 1);
  assert_listed ("region=alm&reviewState=null", 0);
  assert_listed ("region=akm&reviewState=null&submitter=Aigerim", 2);
  assert_listed ("region=akm&submitter=Nobody", 0);
  assert_listed ("region=akm&$top=1", 1);
  assert_listed ("region=akm&%24top=5&%24skip=1", 1);
}

static void
test_csv_has_a_row_each (void)
{
  g_auto (Reply) reply = { 0 };
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (SarapCsv) csv = NULL;
  g_autoptr (GError) error = NULL;
  guint row = G_MAXUINT;

  post ("uuid:c1", "<region>=HYPERLINK(\"http://x\")</region><centre>-12.5</centre><note>a, \"b\"\nc</note>"
                   "<violation><kind>V01</kind></violation><violation><kind>@V02</kind></violation>");
  reply = client_call (client, "GET", "/v1/projects/1/forms/visit/submissions.csv", NULL);
  assert_status (&reply, 200);
  bytes = g_bytes_new (reply.body, reply.length);
  csv = sarap_csv_parse (bytes, "submissions.csv", &error);
  g_assert_no_error (error);
  g_assert_cmpint (sarap_csv_get_n_rows (csv), ==, count_rows (client, "visit"));
  for (guint i = 0; i < sarap_csv_get_n_rows (csv); i++)
    if (g_str_equal (sarap_csv_peek (csv, i, "KEY"), "uuid:c1"))
      row = i;
  g_assert_cmpstr (sarap_csv_peek (csv, row, "region"), ==, "'=HYPERLINK(\"http://x\")");
  g_assert_cmpstr (sarap_csv_peek (csv, row, "centre"), ==, "-12.5");
  g_assert_cmpstr (sarap_csv_peek (csv, row, "note"), ==, "a, \"b\"\nc");
  g_assert_cmpstr (sarap_csv_peek (csv, row, "violation[1]/kind"), ==, "V01");
  g_assert_cmpstr (sarap_csv_peek (csv, row, "violation[2]/kind"), ==, "'@V02");
  g_assert_cmpstr (sarap_csv_peek (csv, row, "SubmitterName"), ==, "Aigerim");
}

static gboolean
count_cb (const SarapSourceRecord *record, gpointer data)
{
  guint *n = data;

  g_assert_nonnull (record->xml);
  (*n)++;
  return TRUE;
}

static void
test_reports_read_while_the_server_runs (void)
{
  g_autofree char *database = g_strdup_printf ("sqlite:%s/central.db", sarap_test_server_get_folder (client->server));
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapCentral) central = sarap_central_open_reader (database, &error);
  g_autoptr (SarapRecordSource) source = sarap_central_source_new (central, 1);
  g_autoptr (SarapForm) form = sarap_record_source_load_form (source, "visit", NULL, &error);
  g_autoptr (GBytes) scoring = sarap_record_source_dup_media (source, "visit", NULL, "scoring.csv", &error);
  guint n = 0;

  g_assert_no_error (error);
  g_assert_cmpstr (sarap_form_get_id (form), ==, "visit");
  g_assert_cmpuint (g_bytes_get_size (scoring), ==, strlen ("item,section,weight,good,critical\nnote,all,1,yes,0\n"));
  g_assert_true (sarap_record_source_foreach (source, "visit", count_cb, &n, &error));
  g_assert_cmpint (n, ==, count_rows (client, "visit"));
  g_clear_object (&source);
}

static void
test_form_and_media_for_devices (void)
{
  g_auto (Reply) list = client_call (client, "GET", "formList", NULL);
  g_auto (Reply) manifest = client_call (client, "GET", "forms/visit/manifest", NULL);
  g_auto (Reply) media = client_call (client, "GET", "forms/visit/attachments/centres.csv", NULL);
  g_auto (Reply) form = client_call (client, "GET", "forms/visit.xml", NULL);
  g_autofree char *md5 = g_compute_checksum_for_string (G_CHECKSUM_MD5, form.body, -1);

  g_assert_nonnull (strstr (list.body, "<version>v[1] $%</version>"));
  g_assert_nonnull (strstr (list.body, md5));
  g_assert_nonnull (strstr (manifest.body, "<filename>centres.csv</filename>"));
  g_assert_nonnull (strstr (manifest.body, "<filename>scoring.csv</filename>"));
  g_assert_true (g_str_has_prefix (media.body, "name,label\n"));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  client = client_new ();
  g_test_add_func ("/server/review/form-and-media-for-devices", test_form_and_media_for_devices);
  g_test_add_func ("/server/review/feed-gives-every-change-once", test_feed_gives_every_change_once);
  g_test_add_func ("/server/review/review-is-kept-as-history", test_review_is_kept_as_history);
  g_test_add_func ("/server/review/device-learns-its-reviews-only", test_device_learns_its_reviews_only);
  g_test_add_func ("/server/review/list-is-filtered", test_list_is_filtered);
  g_test_add_func ("/server/review/csv-has-a-row-each", test_csv_has_a_row_each);
  g_test_add_func ("/server/review/reports-read-while-the-server-runs", test_reports_read_while_the_server_runs);
  status = g_test_run ();
  client_free (client);
  return status;
}
