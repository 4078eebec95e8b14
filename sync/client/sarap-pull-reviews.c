#include "sync/client/sarap-sync-round.h"
#include "app/base/sarap-json.h"

#define SEQUENCE_KEY "sync.reviews-sequence"

enum
{
  LONGEST_REVIEWS = 16 * 1024 * 1024,
};

/* A round that was cut short gets the same decisions again. */
static gboolean
is_known (SarapStore *store, const char *id, SarapReviewState state, const char *comment, gint64 at)
{
  g_autoptr (GPtrArray) reviews = sarap_store_list_reviews (store, id, NULL);

  for (guint i = 0; reviews != NULL && i < reviews->len; i++)
    {
      const SarapReview *review = g_ptr_array_index (reviews, i);

      if (review->at == at && review->state == state && g_strcmp0 (review->comment, comment) == 0)
        return TRUE;
    }
  return FALSE;
}

/* A review of a record that this device no longer has is passed over. */
static gboolean
take_review (SarapSyncRound *round, JsonObject *review, GError **error)
{
  const char *id = sarap_json_peek_string (review, "instanceId");
  const char *given = sarap_json_peek_string (review, "comment");
  const char *comment = given ? given : "";
  const char *actor = sarap_json_peek_string (review, "actor");
  gint64 at = sarap_sync_parse_time (sarap_json_peek_string (review, "at"));
  SarapReviewState state = sarap_review_state_from_word (sarap_json_peek_string (review, "reviewState"));
  g_autoptr (SarapRecord) record = id ? sarap_store_find_record (round->store, id, NULL) : NULL;

  if (record == NULL || is_known (round->store, id, state, comment, at))
    return TRUE;
  if (!sarap_store_note_review (round->store, id, state, comment, actor ? actor : "", at, error))
    return FALSE;
  round->result->n_reviews++;
  sarap_sync_round_report (round, SARAP_SYNC_STEP_REVIEWS, round->result->n_reviews, round->result->n_reviews, id, TRUE, comment);
  return TRUE;
}

/* @sequence: in: where the page began; out: where the next one begins, the same when there is none. */
static gboolean
take_page (SarapSyncRound *round, JsonObject *object, gint64 *sequence, GError **error)
{
  JsonArray *reviews = sarap_json_peek_array (object, "reviews");
  gint64 next = sarap_json_peek_int (object, "sequence", 0);
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, next);

  if (reviews == NULL || next <= *sequence)
    return TRUE;
  for (guint i = 0; i < json_array_get_length (reviews); i++)
    {
      JsonObject *review = sarap_json_peek_element (reviews, i);

      if (review != NULL && !take_review (round, review, error))
        return FALSE;
    }
  *sequence = next;
  return sarap_store_set_setting (round->store, SEQUENCE_KEY, text, error);
}

/* Returns: (transfer full) (nullable) the page; NULL without @error is the answer of a server that has
 * no reviews, as plain OpenRosa servers */
static JsonNode *
fetch_page (SarapSyncRound *round, gint64 sequence, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/reviews?since=%" G_GINT64_FORMAT, sequence);
  g_autofree char *url = sarap_sync_dup_url (round, path);
  g_autoptr (SarapHttpReply) reply = sarap_http_get (round->http, url, LONGEST_REVIEWS, error);
  g_autoptr (JsonNode) root = NULL;

  if (reply != NULL && reply->status >= 500)
    sarap_http_reply_check (reply, "reviews", error);
  if (reply == NULL || reply->status != 200)
    return NULL;
  root = sarap_json_parse (reply->body, "reviews", NULL);
  return root != NULL && sarap_json_peek_root (root) != NULL ? g_steal_pointer (&root) : NULL;
}

/* Supervisors' decisions on the records of this device: an addition of our own server. */
gboolean
sarap_sync_pull_reviews (SarapSyncRound *round, GError **error)
{
  g_autofree char *since = sarap_store_dup_setting (round->store, SEQUENCE_KEY);
  gint64 sequence = since ? g_ascii_strtoll (since, NULL, 10) : 0;
  gint64 before;

  do
    {
      g_autoptr (GError) failure = NULL;
      g_autoptr (JsonNode) root = fetch_page (round, sequence, &failure);

      before = sequence;
      if (failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      if (root != NULL && !take_page (round, sarap_json_peek_root (root), &sequence, error))
        return FALSE;
    }
  while (sequence > before);
  return TRUE;
}
