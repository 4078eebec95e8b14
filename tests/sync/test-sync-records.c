#include <string.h>

#include "app/store/sarap-store-outbox.h"
#include "sync/wire/sarap-openrosa.h"
#include "tests/support/sarap-figure.h"
#include "tests/support/sarap-temporary.h"
#include "tests/sync/sync-support.h"

#define EMPTY_LIST "<xforms xmlns=\"http://openrosa.org/xforms/xformsList\"/>"

static Device *
device_with_form (void)
{
  Device *device = device_new ();
  g_autoptr (GBytes) list = support_bytes (EMPTY_LIST);

  sarap_fault_server_put (device->server, "/base/formList", "text/xml", list);
  device_add_form (device);
  return device;
}

static void
assert_sent (Device *device, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *message = device_get_message (device, id);

  if (device_get_state (device, id) != SARAP_RECORD_SENT)
    g_test_message ("%s: %s", id, message);
  g_assert_cmpint (device_get_state (device, id), ==, SARAP_RECORD_SENT);
}

static void
assert_stored (Device *device, const char *id, guint n_files)
{
  g_autoptr (GHashTable) instances = sarap_fault_server_list_instances (device->server);
  SarapFaultInstance *instance = g_hash_table_lookup (instances, id);
  g_autoptr (GBytes) xml = sarap_temporary_dup_record_xml (device->store, id);
  g_autoptr (GPtrArray) attachments = sarap_store_list_attachments (device->store, id, NULL);

  g_assert_nonnull (instance);
  g_assert_true (g_bytes_equal (instance->xml, xml));
  g_assert_cmpuint (attachments->len, ==, n_files);
  g_assert_cmpuint (g_hash_table_size (instance->files), ==, n_files);
  for (guint i = 0; i < attachments->len; i++)
    {
      const SarapAttachment *attachment = g_ptr_array_index (attachments, i);
      GBytes *bytes = g_hash_table_lookup (instance->files, attachment->name);
      g_autofree char *sha256 = bytes ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes) : NULL;

      g_assert_cmpstr (sha256, ==, attachment->sha256);
    }
}

static void
assert_sync (Device *device, guint n_sent, guint n_failed)
{
  g_autoptr (GError) error = NULL;
  SarapSyncResult result;

  device_sync (device, &result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (result.n_sent, ==, n_sent);
  g_assert_cmpuint (result.n_failed, ==, n_failed);
}

/* What xml_submission_file held in the @n-th POST. */
static GBytes *
find_posted_xml (GPtrArray *requests, guint n)
{
  for (guint i = 0; i < requests->len; i++)
    {
      const SarapFaultRequest *request = g_ptr_array_index (requests, i);
      const char *body, *start, *end;
      gsize length;

      if (!g_str_equal (request->method, "POST") || n-- > 0)
        continue;
      body = g_bytes_get_data (request->body, &length);
      start = memmem (body, length, "\r\n\r\n", 4);
      end = memmem (start + 4, length - (gsize) (start + 4 - body), "\r\n--", 4);
      return g_bytes_new (start + 4, (gsize) (end - start) - 4);
    }
  return NULL;
}

static void
test_record_goes_up_once (void)
{
  g_autoptr (Device) device = device_with_form ();
  g_autofree char *id = device_fill (device, "first", 3, 5000);
  g_autoptr (GPtrArray) requests = NULL;

  sarap_fault_server_set_fault (device->server, NULL, NULL);
  assert_sync (device, 1, 0);
  assert_sent (device, id);
  assert_stored (device, id, 3);
  assert_sync (device, 0, 0);
  g_assert_cmpuint (sarap_fault_server_count (device->server, "POST", "/base/submission"), ==, 1);
  requests = sarap_fault_server_list_requests (device->server);
  for (guint i = 0; i < requests->len; i++)
    {
      const SarapFaultRequest *request = g_ptr_array_index (requests, i);

      g_assert_cmpstr (request->openrosa_version, ==, "1.0");
      g_assert_true (g_str_has_suffix (request->date, "GMT"));
    }
}

static gboolean
holds (GBytes *bytes, const char *words)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  return text != NULL && memmem (text, length, words, strlen (words)) != NULL;
}

static void
test_large_record_is_split (void)
{
  g_autoptr (Device) device = device_with_form ();
  g_autofree char *id = device_fill (device, "large", 4, 400000);
  g_autoptr (GPtrArray) requests = NULL;
  g_autoptr (GBytes) first = NULL, second = NULL;
  guint n_incomplete = 0;

  sarap_fault_server_set_fault (device->server, NULL, NULL);
  assert_sync (device, 1, 0);
  assert_stored (device, id, 4);
  requests = sarap_fault_server_list_requests (device->server);
  for (guint i = 0; i < requests->len; i++)
    {
      const SarapFaultRequest *request = g_ptr_array_index (requests, i);

      g_assert_cmpuint (g_bytes_get_size (request->body), <=, 1000000);
      if (holds (request->body, "name=\"*isIncomplete*\""))
        n_incomplete++;
    }
  g_assert_cmpuint (sarap_fault_server_count (device->server, "POST", "/base/submission"), ==, 2);
  g_assert_cmpuint (n_incomplete, ==, 1);
  first = find_posted_xml (requests, 0);
  second = find_posted_xml (requests, 1);
  g_assert_true (g_bytes_equal (first, second));
}

static gboolean
cut_first_post (SarapFaultServer *server, SoupServerMessage *message, const char *path, guint n, gpointer data)
{
  if (!g_str_equal (soup_server_message_get_method (message), "POST") || n > 0)
    return FALSE;
  sarap_fault_server_cut (message);
  return TRUE;
}

static void
test_retry_is_byte_identical (void)
{
  g_autoptr (Device) device = device_with_form ();
  g_autofree char *id = device_fill (device, "cut", 1, 3000);
  g_autoptr (GPtrArray) requests = NULL;
  g_autoptr (GBytes) first = NULL, second = NULL, own = NULL;
  g_autoptr (SarapRecord) record = NULL;

  sarap_fault_server_set_fault (device->server, cut_first_post, NULL);
  assert_sync (device, 0, 1);
  record = sarap_store_find_record (device->store, id, NULL);
  g_assert_cmpint (sarap_record_get_state (record), ==, SARAP_RECORD_FINALIZED);
  g_assert_cmpuint (sarap_record_get_n_attempts (record), ==, 1);
  g_assert_cmpint (sarap_record_get_next_attempt_at (record), >, sarap_clock_get_now (sarap_store_get_clock (device->store)));
  assert_sync (device, 1, 0);
  assert_sent (device, id);
  requests = sarap_fault_server_list_requests (device->server);
  first = find_posted_xml (requests, 0);
  second = find_posted_xml (requests, 1);
  own = sarap_temporary_dup_record_xml (device->store, id);
  g_assert_true (g_bytes_equal (first, own));
  g_assert_true (g_bytes_equal (second, own));
}

typedef struct
{
  guint status;
  const char *type;
  const char *body;
  const char *words; /* that the person must be able to read */
} OddReply;

static const OddReply odd_replies[] = {
  { 200, "text/html", "<html><body>Welcome to the hotel</body></html>", "HTTP 200" },
  { 200, "text/xml", "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"><message>ok</message></OpenRosaResponse>", "ok" },
  { 201, "text/html", "<html><body>Welcome</body></html>", "not understood" },
  { 201, "text/xml", "", "not understood" },
  { 201, "text/xml", "<OpenRosaResponse><message>full subm", "not understood" },
  { 202, "application/json", "{\"message\": \"ok\"}", "not understood" },
  { 204, "text/plain", "", "HTTP 204" },
  { 206, "text/plain", "part", "part" },
  { 301, "text/html", "moved", "HTTP 301" },
  { 302, "text/html", "moved", "HTTP 302" },
  { 303, "text/html", "moved", "HTTP 303" },
  { 307, "text/html", "moved", "HTTP 307" },
  { 308, "text/html", "moved", "HTTP 308" },
  { 400, "application/json", "{\"code\": 400.2, \"message\": \"Required parameter missing\"}", "Required parameter missing" },
  { 401, "application/json", "{\"message\": \"Authentication failed\"}", "Authentication failed" },
  { 402, "application/json", "{\"detail\": \"quota exceeded\"}", "quota exceeded" },
  { 403, "text/plain", "no access", "no access" },
  { 404, "text/xml", "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"><message nature=\"error\">unknown form</message></OpenRosaResponse>", "unknown form" },
  { 405, "text/plain", "inactive", "inactive" },
  { 409, "application/json", "{\"message\": \"other XML under this id\"}", "other XML under this id" },
  { 410, "text/plain", "gone", "gone" },
  { 413, "text/html", "<html>413 Request Entity Too Large</html>", "HTTP 413" },
  { 423, "text/plain", "locked", "locked" },
  { 429, "text/plain", "slow down", "slow down" },
  { 500, "text/html", "<html>nginx</html>", "HTTP 500" },
  { 502, "text/html", "<html>nginx</html>", "HTTP 502" },
  { 503, "text/plain", "maintenance", "maintenance" },
  { 507, "text/plain", "disk full", "disk full" },
  { 511, "text/html", "<html>sign in</html>", "HTTP 511" },
};

static gboolean
odd_post (SarapFaultServer *server, SoupServerMessage *message, const char *path, guint n, gpointer data)
{
  const OddReply *odd = data;

  if (!g_str_equal (soup_server_message_get_method (message), "POST"))
    return FALSE;
  sarap_fault_server_answer (message, odd->status, odd->type, odd->body);
  if (odd->status / 100 == 3)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location", "https://elsewhere.invalid/base/submission");
  return TRUE;
}

static void
test_odd_replies_leave_it_unsent (void)
{
  g_autoptr (Device) device = device_with_form ();
  g_autofree char *id = device_fill (device, "odd", 1, 1000);
  guint n_sent = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (odd_replies); i++)
    {
      g_autofree char *message = NULL;

      sarap_fault_server_set_fault (device->server, odd_post, (gpointer) &odd_replies[i]);
      assert_sync (device, 0, 1);
      message = device_get_message (device, id);
      g_test_message ("%u: %s", odd_replies[i].status, message);
      n_sent += device_get_state (device, id) != SARAP_RECORD_FINALIZED;
      g_assert_nonnull (strstr (message, odd_replies[i].words));
      g_assert_cmpuint (sarap_fault_server_count (device->server, "POST", "/base/submission"), ==, odd_replies[i].status == 409 ? 2 : 1);
    }
  g_assert_cmpuint (G_N_ELEMENTS (odd_replies), >=, 25);
  sarap_fault_server_set_fault (device->server, NULL, NULL);
  assert_sync (device, 1, 0);
  assert_sent (device, id);
  assert_stored (device, id, 1);
  sarap_figure_at_most ("B6", n_sent, 0);
}

static gboolean
portal_head (SarapFaultServer *server, SoupServerMessage *message, const char *path, guint n, gpointer data)
{
  const OddReply *odd = data;

  if (!g_str_equal (soup_server_message_get_method (message), "HEAD"))
    return FALSE;
  sarap_fault_server_answer (message, odd->status, "text/html", "<html>Sign in</html>");
  if (odd->status / 100 == 3)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location", "http://portal.invalid/");
  return TRUE;
}

static void
test_portal_gets_no_answers (void)
{
  static const struct
  {
    OddReply reply;
    int code;
  } cases[] = {
    { { 200 }, SARAP_SYNC_ERROR_PORTAL },
    { { 302 }, SARAP_SYNC_ERROR_PORTAL },
    { { 511 }, SARAP_SYNC_ERROR_PORTAL },
    { { 401 }, SARAP_SYNC_ERROR_DENIED },
    { { 403 }, SARAP_SYNC_ERROR_DENIED },
    { { 404 }, SARAP_SYNC_ERROR_SERVER },
    { { 500 }, SARAP_SYNC_ERROR_SERVER },
  };
  g_autoptr (Device) device = device_with_form ();
  g_autofree char *id = device_fill (device, "portal", 1, 1000);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      sarap_fault_server_set_fault (device->server, portal_head, (gpointer) &cases[i].reply);
      g_assert_false (device_sync (device, NULL, &error));
      g_assert_error (error, SARAP_SYNC_ERROR, cases[i].code);
      g_assert_cmpuint (sarap_fault_server_count (device->server, "POST", "/base/submission"), ==, 0);
      g_assert_cmpint (device_get_state (device, id), ==, SARAP_RECORD_FINALIZED);
    }
}

static const struct
{
  const char *host; /* in the certificate */
  long starts, ends;
  gboolean is_foreign; /* signed by another authority */
  const char *asked;
} certificates[] = {
  { "127.0.0.1", -3600, 3600, TRUE, "127.0.0.1" },
  { "127.0.0.1", -7200, -3600, FALSE, "127.0.0.1" },
  { "127.0.0.1", 3600, 7200, FALSE, "127.0.0.1" },
  { "elsewhere.example", -3600, 3600, FALSE, "127.0.0.1" },
  { "127.0.0.1", -3600, 3600, FALSE, "localhost" },
};

static void
test_wrong_certificates_get_nothing (void)
{
  g_autoptr (Device) device = device_with_form ();
  g_autofree char *id = device_fill (device, "certificate", 1, 1000);
  g_autoptr (SarapTestCa) foreign = sarap_test_ca_new ();
  guint n_requests = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (certificates); i++)
    {
      SarapTestCa *ca = certificates[i].is_foreign ? foreign : device->ca;
      g_autofree char *pem = sarap_test_ca_issue (ca, certificates[i].host, certificates[i].starts, certificates[i].ends);
      g_autoptr (GPtrArray) requests = NULL;
      g_autoptr (GError) error = NULL;

      sarap_fault_server_free (device->server);
      device->server = sarap_fault_server_new (pem);
      device_enrol (device, certificates[i].asked);
      g_assert_false (device_sync (device, NULL, &error));
      g_assert_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_CERTIFICATE);
      g_test_message ("%s", error->message);
      requests = sarap_fault_server_list_requests (device->server);
      n_requests += requests->len;
      g_assert_cmpint (device_get_state (device, id), ==, SARAP_RECORD_FINALIZED);
    }
  sarap_figure_at_most ("C5", n_requests, 0);
}

typedef enum
{
  MUTATE_XML_HASH,
  MUTATE_FILE_HASH,
  MUTATE_FILE_SIZE,
  MUTATE_NO_FILE,
  MUTATE_NO_XML,
  MUTATE_OTHER_ID,
  MUTATE_INCOMPLETE,
  MUTATE_BROKEN,
  N_MUTATIONS
} Mutation;

static const SarapReceipt *
find_receipt (SoupServerMessage *message, SarapOpenRosaResponse **answer)
{
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_response_body (message));

  *answer = sarap_openrosa_response_parse (body, NULL);
  g_assert_nonnull (*answer);
  return (*answer)->receipt;
}

static void
mutate (SoupServerMessage *message, Mutation mutation)
{
  g_autoptr (SarapOpenRosaResponse) answer = NULL;
  const SarapReceipt *receipt = find_receipt (message, &answer);
  g_autoptr (SarapReceipt) mutated = sarap_receipt_new (mutation == MUTATE_OTHER_ID ? "uuid:other" : receipt->instance_id);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *text = NULL;

  mutated->is_complete = mutation != MUTATE_INCOMPLETE;
  for (guint i = 0; i < receipt->files->len; i++)
    {
      const SarapStoredFile *file = g_ptr_array_index (receipt->files, i);
      gboolean is_xml = g_str_equal (file->name, SARAP_RECEIPT_XML);
      g_autofree char *sha256 = g_strdup (file->sha256);

      if ((is_xml && mutation == MUTATE_NO_XML) || (!is_xml && mutation == MUTATE_NO_FILE))
        continue;
      if ((is_xml && mutation == MUTATE_XML_HASH) || (!is_xml && mutation == MUTATE_FILE_HASH))
        sha256[17] = sha256[17] == '0' ? '1' : '0';
      sarap_receipt_add_file (mutated, file->name, sha256, file->size + (!is_xml && mutation == MUTATE_FILE_SIZE));
    }
  bytes = sarap_openrosa_response_serialize ("Thank you", NULL, mutated);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (mutation == MUTATE_BROKEN)
    memcpy (strstr (text, "sha256="), "sha999=", 7);
  soup_message_body_truncate (soup_server_message_get_response_body (message));
  soup_server_message_set_response (message, "text/xml", SOUP_MEMORY_COPY, text, strlen (text));
}

static gboolean
mutate_receipt (SarapFaultServer *server, SoupServerMessage *message, const char *path, guint n, gpointer data)
{
  if (!g_str_equal (soup_server_message_get_method (message), "POST"))
    return FALSE;
  sarap_fault_server_answer_honestly (server, message, path);
  mutate (message, GPOINTER_TO_UINT (data));
  return TRUE;
}

static void
test_only_a_matching_receipt_counts (void)
{
  g_autoptr (Device) device = device_with_form ();
  g_autofree char *id = device_fill (device, "receipt", 1, 1000);
  guint n_believed = 0;

  for (Mutation mutation = 0; mutation < N_MUTATIONS; mutation++)
    {
      g_autofree char *message = NULL;

      sarap_fault_server_set_fault (device->server, mutate_receipt, GUINT_TO_POINTER (mutation));
      assert_sync (device, 0, 1);
      message = device_get_message (device, id);
      g_test_message ("%u: %s", mutation, message);
      n_believed += device_get_state (device, id) != SARAP_RECORD_FINALIZED;
    }
  sarap_fault_server_set_fault (device->server, NULL, NULL);
  assert_sync (device, 1, 0);
  assert_sent (device, id);
  sarap_figure_at_most ("B7", n_believed, 0);
}

static void
test_receipts_cannot_stop_coming (void)
{
  g_autoptr (Device) device = device_with_form ();
  g_autofree char *first = device_fill (device, "one", 0, 0);
  g_autofree char *second = NULL;

  sarap_fault_server_set_receipts (device->server, FALSE);
  assert_sync (device, 1, 0);
  assert_sent (device, first);
  sarap_fault_server_set_receipts (device->server, TRUE);
  g_free (first);
  first = device_fill (device, "two", 0, 0);
  assert_sync (device, 1, 0);
  assert_sent (device, first);
  sarap_fault_server_set_receipts (device->server, FALSE);
  second = device_fill (device, "three", 0, 0);
  assert_sync (device, 0, 1);
  g_assert_cmpint (device_get_state (device, second), ==, SARAP_RECORD_FINALIZED);
}

static gboolean
bad_note (SarapFaultServer *server, SoupServerMessage *message, const char *path, guint n, gpointer data)
{
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_request_body (message));

  if (!holds (body, "<note>bad"))
    return FALSE;
  if (holds (body, "<note>bad cut"))
    sarap_fault_server_cut (message);
  else
    sarap_fault_server_answer (message, holds (body, "<note>bad 5") ? 500 : 409, "text/plain", "no");
  return TRUE;
}

static void
test_bad_records_hold_up_nobody (void)
{
  static const char *const notes[] = { "good 1", "bad 500", "good 2", "bad cut", "good 3", "bad 409", "good 4" };
  guint n_wrong = 0;
  g_autoptr (Device) device = device_with_form ();
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; i < G_N_ELEMENTS (notes); i++)
    g_ptr_array_add (ids, device_fill (device, notes[i], 1, 500));
  sarap_fault_server_set_fault (device->server, bad_note, NULL);
  assert_sync (device, 4, 3);
  for (gsize i = 0; i < G_N_ELEMENTS (notes); i++)
    n_wrong += device_get_state (device, g_ptr_array_index (ids, i)) != (g_str_has_prefix (notes[i], "good") ? SARAP_RECORD_SENT : SARAP_RECORD_FINALIZED);
  sarap_figure_at_most ("B8", n_wrong, 0);
}

static gboolean
cut_all_posts (SarapFaultServer *server, SoupServerMessage *message, const char *path, guint n, gpointer data)
{
  if (!g_str_equal (soup_server_message_get_method (message), "POST"))
    return FALSE;
  sarap_fault_server_cut (message);
  return TRUE;
}

static void
test_three_cuts_end_the_round (void)
{
  g_autoptr (Device) device = device_with_form ();
  g_autoptr (GError) error = NULL;
  SarapSyncResult result;

  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *id = device_fill (device, "cut", 0, 0);
    }
  sarap_fault_server_set_fault (device->server, cut_all_posts, NULL);
  g_assert_false (device_sync (device, &result, &error));
  g_assert_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_OFFLINE);
  g_assert_cmpuint (result.n_failed, ==, 3);
}

static gboolean
too_long (SarapFaultServer *server, SoupServerMessage *message, const char *path, guint n, gpointer data)
{
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_request_body (message));

  if (g_bytes_get_size (body) <= 120000)
    return FALSE;
  sarap_fault_server_answer (message, 413, "text/html", "<html>too large</html>");
  return TRUE;
}

static void
test_too_long_is_split_further (void)
{
  g_autoptr (Device) device = device_with_form ();
  g_autofree char *id = device_fill (device, "long", 4, 50000);

  sarap_fault_server_set_fault (device->server, too_long, NULL);
  assert_sync (device, 1, 0);
  assert_stored (device, id, 4);
}

static gboolean
forget_parts (SarapFaultServer *server, SoupServerMessage *message, const char *path, guint n, gpointer data)
{
  g_autoptr (GHashTable) instances = sarap_fault_server_list_instances (server);
  GHashTableIter iter;
  gpointer instance;

  if (!g_str_equal (soup_server_message_get_method (message), "POST") || n != 1)
    return FALSE;
  g_hash_table_iter_init (&iter, instances);
  while (g_hash_table_iter_next (&iter, NULL, &instance))
    g_hash_table_remove_all (((SarapFaultInstance *) instance)->files);
  return FALSE;
}

/* The first part was accepted and lost: the receipt tells, and it goes again in the same round. */
static void
test_lost_parts_go_again (void)
{
  g_autoptr (Device) device = device_with_form ();
  g_autofree char *id = device_fill (device, "lost", 4, 400000);

  sarap_fault_server_set_fault (device->server, forget_parts, NULL);
  assert_sync (device, 1, 0);
  assert_sent (device, id);
  assert_stored (device, id, 4);
  g_assert_cmpuint (sarap_fault_server_count (device->server, "POST", "/base/submission"), ==, 3);
}

static gboolean
cut_second_post (SarapFaultServer *server, SoupServerMessage *message, const char *path, guint n, gpointer data)
{
  if (!g_str_equal (soup_server_message_get_method (message), "POST") || n != 1)
    return FALSE;
  sarap_fault_server_cut (message);
  return TRUE;
}

static void
test_accepted_parts_do_not_go_again (void)
{
  g_autoptr (Device) device = device_with_form ();
  g_autofree char *id = device_fill (device, "parts", 4, 400000);
  g_autoptr (GPtrArray) requests = NULL;
  gsize total = 0;

  sarap_fault_server_set_fault (device->server, cut_second_post, NULL);
  assert_sync (device, 0, 1);
  assert_sync (device, 1, 0);
  assert_stored (device, id, 4);
  requests = sarap_fault_server_list_requests (device->server);
  for (guint i = 0; i < requests->len; i++)
    total += g_bytes_get_size (((SarapFaultRequest *) g_ptr_array_index (requests, i))->body);
  g_assert_cmpuint (total, <, 7 * 400000);
}

static void
test_failures_wait_longer_and_longer (void)
{
  g_autoptr (Device) device = device_with_form ();
  g_autofree char *id = device_fill (device, "later", 0, 0);
  SarapClock *clock = sarap_store_get_clock (device->store);
  gint64 last = 0;
  OddReply odd = { 500, "text/plain", "trouble" };
  SarapSyncResult result;

  sarap_fault_server_set_fault (device->server, odd_post, &odd);
  for (guint i = 0; i < 8; i++)
    {
      g_autoptr (SarapRecord) record = NULL;
      gint64 delay;

      assert_sync (device, 0, 1);
      record = sarap_store_find_record (device->store, id, NULL);
      delay = sarap_record_get_next_attempt_at (record) - sarap_clock_get_now (clock);
      g_assert_cmpint (delay, >, 0);
      g_assert_cmpint (delay, <=, 75 * 60 * 1000);
      if (i > 0 && i < 7)
        g_assert_cmpint (delay, >, last);
      last = delay;
    }
  g_assert_true (sarap_sync_run (device->store, FALSE, NULL, NULL, &result, NULL, NULL));
  g_assert_cmpuint (result.n_failed, ==, 0);
}

static gboolean
busy (SarapFaultServer *server, SoupServerMessage *message, const char *path, guint n, gpointer data)
{
  if (!g_str_equal (soup_server_message_get_method (message), "POST"))
    return FALSE;
  sarap_fault_server_answer (message, 503, "text/plain", "busy");
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After", "7200");
  return TRUE;
}

static void
test_server_says_when_to_come_back (void)
{
  g_autoptr (Device) device = device_with_form ();
  g_autofree char *id = device_fill (device, "busy", 0, 0);
  g_autoptr (SarapRecord) record = NULL;

  sarap_fault_server_set_fault (device->server, busy, NULL);
  assert_sync (device, 0, 1);
  record = sarap_store_find_record (device->store, id, NULL);
  g_assert_cmpint (sarap_record_get_next_attempt_at (record) - sarap_clock_get_now (sarap_store_get_clock (device->store)), >, 7000 * 1000);
}

static char *
dup_only_media (Device *device)
{
  g_autofree char *folder = g_build_filename (sarap_store_get_folder (device->store), "media", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  char *path = NULL;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (!g_str_has_suffix (name, ".xml")) /* the form's own bytes */
      {
        g_assert_null (path);
        path = g_build_filename (folder, name, NULL);
      }
  g_assert_nonnull (path);
  return path;
}

static void
test_damaged_attachment_stays_here (void)
{
  g_autoptr (Device) device = device_with_form ();
  g_autofree char *bad = device_fill (device, "damaged", 1, 1000);
  g_autofree char *file = dup_only_media (device);
  g_autofree char *good = device_fill (device, "whole", 1, 1000);
  g_autofree char *message = NULL;

  g_assert_true (g_file_set_contents (file, "damaged", -1, NULL));
  sarap_fault_server_set_fault (device->server, NULL, NULL);
  assert_sync (device, 1, 1);
  assert_sent (device, good);
  message = device_get_message (device, bad);
  g_assert_nonnull (strstr (message, "damaged on this device"));
  g_assert_cmpuint (sarap_fault_server_count (device->server, "POST", "/base/submission"), ==, 1);
}

static gboolean
head_elsewhere (SarapFaultServer *server, SoupServerMessage *message, const char *path, guint n, gpointer data)
{
  if (!g_str_equal (soup_server_message_get_method (message), "HEAD"))
    return FALSE;
  soup_server_message_set_status (message, 204, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location", data);
  return TRUE;
}

static void
test_location_counts_on_the_same_host_only (void)
{
  g_autoptr (Device) device = device_with_form ();
  g_autofree char *first = device_fill (device, "here", 0, 0);
  g_autofree char *second = NULL;
  g_autofree char *there = g_strdup_printf ("https://127.0.0.1:%u/other/submission", sarap_fault_server_get_port (device->server));
  g_autofree char *port = g_strdup_printf ("https://127.0.0.1:%u/lost/submission", sarap_fault_server_get_port (device->server) + 1);

  sarap_fault_server_set_fault (device->server, head_elsewhere, (gpointer) "https://elsewhere.invalid/lost/submission");
  assert_sync (device, 1, 0);
  assert_sent (device, first);
  second = device_fill (device, "there", 0, 0);
  sarap_fault_server_set_fault (device->server, head_elsewhere, there);
  assert_sync (device, 0, 1);
  g_assert_cmpuint (sarap_fault_server_count (device->server, "POST", "/other/submission"), ==, 1);
  sarap_fault_server_set_fault (device->server, head_elsewhere, port);
  assert_sync (device, 1, 0);
  assert_sent (device, second);
}

static void
test_cancelled_round_stops (void)
{
  g_autoptr (Device) device = device_with_form ();
  g_autofree char *id = device_fill (device, "cancelled", 0, 0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  sarap_fault_server_set_fault (device->server, NULL, NULL);
  g_assert_false (sarap_sync_run (device->store, TRUE, NULL, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (sarap_fault_server_count (device->server, "POST", "/base/submission"), ==, 0);
  g_assert_cmpint (device_get_state (device, id), ==, SARAP_RECORD_FINALIZED);
}

static void
test_no_server_is_offline (void)
{
  g_autoptr (Device) device = device_with_form ();
  g_autofree char *id = device_fill (device, "nobody", 0, 0);
  g_autofree char *pem = sarap_test_ca_issue (device->ca, "127.0.0.1", -3600, 3600);
  g_autoptr (GError) error = NULL;

  sarap_fault_server_free (device->server);
  g_assert_false (device_sync (device, NULL, &error));
  device->server = sarap_fault_server_new (pem);
  g_assert_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_OFFLINE);
  g_assert_null (strstr (error->message, "/base"));
  g_assert_cmpint (device_get_state (device, id), ==, SARAP_RECORD_FINALIZED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/records/record-goes-up-once", test_record_goes_up_once);
  g_test_add_func ("/sync/records/large-record-is-split", test_large_record_is_split);
  g_test_add_func ("/sync/records/retry-is-byte-identical", test_retry_is_byte_identical);
  g_test_add_func ("/sync/records/odd-replies-leave-it-unsent", test_odd_replies_leave_it_unsent);
  g_test_add_func ("/sync/records/portal-gets-no-answers", test_portal_gets_no_answers);
  g_test_add_func ("/sync/records/wrong-certificates-get-nothing", test_wrong_certificates_get_nothing);
  g_test_add_func ("/sync/records/only-a-matching-receipt-counts", test_only_a_matching_receipt_counts);
  g_test_add_func ("/sync/records/receipts-cannot-stop-coming", test_receipts_cannot_stop_coming);
  g_test_add_func ("/sync/records/bad-records-hold-up-nobody", test_bad_records_hold_up_nobody);
  g_test_add_func ("/sync/records/three-cuts-end-the-round", test_three_cuts_end_the_round);
  g_test_add_func ("/sync/records/too-long-is-split-further", test_too_long_is_split_further);
  g_test_add_func ("/sync/records/lost-parts-go-again", test_lost_parts_go_again);
  g_test_add_func ("/sync/records/accepted-parts-do-not-go-again", test_accepted_parts_do_not_go_again);
  g_test_add_func ("/sync/records/failures-wait-longer-and-longer", test_failures_wait_longer_and_longer);
  g_test_add_func ("/sync/records/server-says-when-to-come-back", test_server_says_when_to_come_back);
  g_test_add_func ("/sync/records/damaged-attachment-stays-here", test_damaged_attachment_stays_here);
  g_test_add_func ("/sync/records/location-counts-on-the-same-host-only", test_location_counts_on_the_same_host_only);
  g_test_add_func ("/sync/records/cancelled-round-stops", test_cancelled_round_stops);
  g_test_add_func ("/sync/records/no-server-is-offline", test_no_server_is_offline);
  return g_test_run ();
}
