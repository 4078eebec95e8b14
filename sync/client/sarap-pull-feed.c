#include "app/base/sarap-problem.h"
#include "app/store/sarap-store-received.h"
#include "sync/client/sarap-sync-round.h"
#include "sync/wire/sarap-file-name.h"
#include "app/base/sarap-json.h"

/*  1. The store's highest sequence is where the feed goes on. A submission gets its sequence last, when
 *     its attachments are there; until then it stands under the sequence before it.
 *  2. What the server has lost or what cannot be read is passed over, so that it does not hold up the rest.
 *  3. A decision made here that the server does not have yet wins over the feed's review state. */

enum
{
  PAGE = 100,
  LONGEST_PAGE = 16 * 1024 * 1024,
  LONGEST_ATTACHMENT = 1024 * 1024 * 1024,
};

typedef struct
{
  SarapSyncRound *round;
  GHashTable *decided; /* id → SarapDecision, newest, undelivered */
  guint64 sequence;
} Feed;

static char *
submission_url (SarapSyncRound *round, const char *form_id, const char *id, const char *rest)
{
  g_autofree char *form = g_uri_escape_string (form_id, NULL, FALSE);
  g_autofree char *instance = g_uri_escape_string (id, NULL, FALSE);

  return g_strdup_printf ("%s/v1/projects/%" G_GINT64_FORMAT "/forms/%s/submissions/%s%s", round->enrolment->url, round->enrolment->project_id, form, instance, rest);
}

/* @url is taken. What the server no longer has is G_IO_ERROR_NOT_FOUND. */
static GBytes *
fetch (SarapSyncRound *round, char *url, const char *what, GError **error)
{
  g_autofree char *owned = url;
  g_autoptr (SarapHttpReply) reply = sarap_http_get (round->http, owned, LONGEST_ATTACHMENT, error);

  if (reply == NULL)
    return NULL;
  if (reply->status == 200)
    return g_bytes_ref (reply->body);
  if (reply->status == 404 || reply->status == 410)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: the server no longer has it", what);
  else
    sarap_http_reply_check (reply, what, error);
  return NULL;
}

static gboolean
has_attachment (SarapStore *store, const char *id, const char *name, const char *sha256)
{
  g_autoptr (GBytes) bytes = sarap_store_dup_submission_attachment (store, id, name, NULL);
  g_autofree char *own = bytes ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes) : NULL;

  return own != NULL && g_ascii_strcasecmp (own, sha256) == 0;
}

static gboolean
take_attachment (SarapSyncRound *round, const char *form_id, const char *id, JsonObject *attachment, GError **error)
{
  const char *name = sarap_json_peek_string (attachment, "name");
  const char *sha256 = sarap_json_peek_string (attachment, "sha256");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) failure = NULL;
  g_autofree char *escaped = NULL, *rest = NULL, *own = NULL;

  if (!sarap_file_name_is_fit (name) || sha256 == NULL || has_attachment (round->store, id, name, sha256))
    return TRUE;
  escaped = g_uri_escape_string (name, NULL, FALSE);
  rest = g_strconcat ("/attachments/", escaped, NULL);
  bytes = fetch (round, submission_url (round, form_id, id, rest), name, &failure);
  if (bytes == NULL)
    {
      if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  own = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  if (g_ascii_strcasecmp (own, sha256) != 0)
    {
      g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER, "the attachment %s came damaged", name);
      return FALSE;
    }
  return sarap_store_put_submission_attachment (round->store, id, name, bytes, error);
}

static SarapSubmission *
make_submission (Feed *feed, JsonObject *item)
{
  const char *id = sarap_json_peek_string (item, "instanceId");
  const char *form_id = sarap_json_peek_string (item, "xmlFormId");
  const char *version = sarap_json_peek_string (item, "version");
  const char *submitter = sarap_json_peek_string (item, "submitter");
  const char *name = sarap_json_peek_string (item, "instanceName");
  const SarapDecision *decision = id ? g_hash_table_lookup (feed->decided, id) : NULL;
  SarapReviewState state = decision ? decision->state : sarap_review_state_from_word (sarap_json_peek_string (item, "reviewState"));

  if (id == NULL || form_id == NULL)
    return NULL;
  return sarap_submission_new (id, form_id, version ? version : "", submitter ? submitter : "", name ? name : "", sarap_sync_parse_time (sarap_json_peek_string (item, "createdAt")), state);
}

static gboolean
take_submission (Feed *feed, JsonObject *item, guint64 sequence, GError **error)
{
  SarapSyncRound *round = feed->round;
  g_autoptr (SarapSubmission) submission = make_submission (feed, item);
  JsonArray *attachments = sarap_json_peek_array (item, "attachments");
  guint n = attachments ? json_array_get_length (attachments) : 0;
  g_autoptr (GBytes) xml = NULL;
  const char *id, *form_id;

  if (submission == NULL)
    return TRUE;
  id = sarap_submission_get_id (submission);
  form_id = sarap_submission_get_form_id (submission);
  xml = fetch (round, submission_url (round, form_id, id, ".xml"), "submission", error);
  if (xml == NULL || (n > 0 && !sarap_store_put_submission (round->store, submission, feed->sequence, xml, error)))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      JsonObject *attachment = sarap_json_peek_element (attachments, i);

      if (attachment != NULL && !take_attachment (round, form_id, id, attachment, error))
        return FALSE;
    }
  if (!sarap_store_put_submission (round->store, submission, sequence, xml, error))
    return FALSE;
  round->result->n_received++;
  sarap_sync_round_report (round, SARAP_SYNC_STEP_FEED, round->result->n_received, round->result->n_received, id, TRUE, NULL);
  return TRUE;
}

/* @failure: of one submission, taken. Returns: whether the feed goes on behind it */
static gboolean
pass_over (Feed *feed, JsonObject *item, GError *failure, GError **error)
{
  const char *id = sarap_json_peek_string (item, "instanceId");

  if (failure->domain != SARAP_INPUT_ERROR && !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  feed->round->result->n_failed++;
  sarap_sync_round_report (feed->round, SARAP_SYNC_STEP_FEED, feed->round->result->n_received, feed->round->result->n_received, id, FALSE, failure->message);
  g_error_free (failure);
  return TRUE;
}

/* @n: out: how many the page had. */
static gboolean
take_page (Feed *feed, guint *n, GError **error)
{
  SarapSyncRound *round = feed->round;
  g_autofree char *url = g_strdup_printf ("%s/v1/projects/%" G_GINT64_FORMAT "/feed?since=%" G_GUINT64_FORMAT "&limit=%d", round->enrolment->url, round->enrolment->project_id, feed->sequence, PAGE);
  g_autoptr (SarapHttpReply) reply = sarap_http_get (round->http, url, LONGEST_PAGE, error);
  g_autoptr (JsonNode) root = NULL;
  JsonArray *items;

  *n = 0;
  if (reply == NULL || !sarap_http_reply_check (reply, "submissions", error))
    return FALSE;
  root = sarap_json_parse (reply->body, "submissions", error);
  if (root == NULL)
    return FALSE;
  items = sarap_json_peek_root (root) ? sarap_json_peek_array (sarap_json_peek_root (root), "submissions") : NULL;
  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *item = sarap_json_peek_element (items, i);
      gint64 sequence = item ? sarap_json_peek_int (item, "sequence", 0) : 0;
      GError *failure = NULL;

      if (sequence <= (gint64) feed->sequence)
        {
          g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER, "submissions: the server's list is not in its order");
          return FALSE;
        }
      if (!take_submission (feed, item, (guint64) sequence, &failure) && !pass_over (feed, item, failure, error))
        return FALSE;
      feed->sequence = (guint64) sequence;
      (*n)++;
    }
  return TRUE;
}

/* Every new or changed submission of the project down, page by page; cut off anywhere, the next round
 * goes on behind the last whole one. */
gboolean
sarap_sync_pull_feed (SarapSyncRound *round, GError **error)
{
  g_autoptr (GPtrArray) decisions = sarap_store_list_undelivered_decisions (round->store, error);
  g_autoptr (GHashTable) decided = g_hash_table_new (g_str_hash, g_str_equal);
  Feed feed = { .round = round, .decided = decided, .sequence = sarap_store_get_feed_sequence (round->store) };
  guint n = 0;

  if (decisions == NULL)
    return FALSE;
  for (guint i = 0; i < decisions->len; i++)
    {
      SarapDecision *decision = g_ptr_array_index (decisions, i);

      g_hash_table_replace (decided, decision->id, decision);
    }
  do
    if (!take_page (&feed, &n, error))
      return FALSE;
  while (n == PAGE);
  return TRUE;
}
