#include "app/store/sarap-store-outbox.h"

#include "app/store/sarap-journal-writer.h"
#include "app/store/sarap-record-keys.h"
#include "app/store/sarap-record-private.h"
#include "app/store/sarap-store-private.h"

typedef struct
{
  const char *id;
  gint64 now;
  const char *text;
  gint64 at;
  gint64 number;
  GBytes *bytes;
  const SarapReceiptProof *proof;
  SarapKeyring *keyring;
  SarapReviewState review_state;
  const char *actor;
  GPtrArray *items;
} Call;

static gint64
get_now (SarapStore *self)
{
  return sarap_clock_get_now (sarap_store_get_clock (self));
}

static gboolean
list_due (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "record-due", error);

  sarap_query_bind_int (query, "now", call->now);
  while (sarap_query_next (query))
    g_ptr_array_add (call->items, sarap_row_new_from_query (SARAP_TYPE_RECORD, query));
  return sarap_query_finish (query);
}

/* Returns: (transfer full) (element-type SarapRecord) */
GPtrArray *
sarap_store_list_due (SarapStore *self, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);
  Call call = { .now = now, .items = records };

  return sarap_store_read (self, list_due, &call, error) ? g_steal_pointer (&records) : NULL;
}

/* The statements of the outbox work on finalized records only; a row that they do not touch is
 * missing or in another state. */
static gboolean
run_on_finalized (SarapDatabase *db, SarapQuery *query, const char *id, GError **error)
{
  g_autoptr (GError) own = NULL;
  SarapQuery *find;
  gboolean found;

  if (sarap_query_run_counting (query) > 0)
    return TRUE;
  if (error != NULL && *error != NULL)
    return FALSE;
  find = sarap_database_query (db, "record-number", &own);
  sarap_query_bind_text (find, "id", id);
  found = sarap_query_next (find);
  if (!sarap_query_finish (find))
    g_propagate_error (error, g_steal_pointer (&own));
  else if (!found)
    sarap_store_not_found (error, "record", id);
  else
    g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_STATE, "%s does not wait to be sent", id);
  return FALSE;
}

static gboolean
note_attempt (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "outbox-attempt", error);

  sarap_query_bind_text (query, "id", call->id);
  return run_on_finalized (db, query, call->id, error);
}

gboolean
sarap_store_note_attempt (SarapStore *self, const char *id, GError **error)
{
  Call call = { .id = id };

  return sarap_store_write (self, SARAP_STORE_TOPIC_RECORDS, note_attempt, &call, error);
}

static gboolean
note_failure (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "outbox-failure", error);

  sarap_query_bind_text (query, "id", call->id);
  sarap_query_bind_int (query, "failure", call->number);
  sarap_query_bind_text (query, "message", call->text);
  sarap_query_bind_int (query, "next_attempt_at", call->at);
  return run_on_finalized (db, query, call->id, error);
}

gboolean
sarap_store_note_failure (SarapStore *self, const char *id, int failure, const char *message, gint64 next_attempt_at, GError **error)
{
  Call call = { .id = id, .number = failure, .text = message ? message : "", .at = next_attempt_at };

  return sarap_store_write (self, SARAP_STORE_TOPIC_RECORDS, note_failure, &call, error);
}

static gboolean
note_part (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "outbox-part", error);

  sarap_query_bind_text (query, "id", call->id);
  sarap_query_bind_text (query, "attachment", call->text);
  return sarap_query_run (query);
}

gboolean
sarap_store_note_part (SarapStore *self, const char *id, const char *attachment, GError **error)
{
  Call call = { .id = id, .text = attachment };

  return sarap_store_write (self, SARAP_STORE_TOPIC_RECORDS, note_part, &call, error);
}

static gboolean
list_parts (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "outbox-parts", error);

  sarap_query_bind_text (query, "id", call->id);
  while (sarap_query_next (query))
    g_ptr_array_add (call->items, sarap_query_dup_text (query, "attachment"));
  return sarap_query_finish (query);
}

/* Returns: (transfer full) NULL-terminated */
char **
sarap_store_list_parts (SarapStore *self, const char *id, GError **error)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  Call call = { .id = id, .items = parts };

  if (!sarap_store_read (self, list_parts, &call, error))
    return NULL;
  g_ptr_array_add (parts, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&parts), FALSE);
}

static gboolean
release_key (SarapDatabase *db, const char *id, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "record-number", error);
  gint64 record = 0;

  sarap_query_bind_text (query, "id", id);
  if (sarap_query_next (query))
    record = sarap_query_get_int (query, "number");
  return sarap_query_finish (query) && sarap_record_keys_release (db, record, error);
}

static gboolean
note_sent (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "outbox-sent", error);

  sarap_query_bind_text (query, "id", call->id);
  sarap_query_bind_text (query, "message", call->text);
  sarap_query_bind_int (query, "now", call->now);
  if (!run_on_finalized (db, query, call->id, error))
    return FALSE;
  query = sarap_database_query (db, "receipt-add", error);
  sarap_query_bind_text (query, "id", call->id);
  sarap_query_bind_bytes (query, "receipt", call->bytes);
  sarap_query_bind_int (query, "now", call->now);
  sarap_journal_release (db, call->id);
  return sarap_query_run (query) && sarap_custody_log_send (db, call->keyring, call->id, call->bytes, call->proof, call->now, error) && release_key (db, call->id, error);
}

gboolean
sarap_store_note_sent (SarapStore *self, const char *id, GBytes *receipt, const SarapReceiptProof *proof, const char *message, GError **error)
{
  Call call = { .id = id, .now = get_now (self), .bytes = receipt, .proof = proof, .keyring = sarap_store_get_keyring (self), .text = message ? message : "" };

  return sarap_store_write (self, SARAP_STORE_TOPIC_RECORDS, note_sent, &call, error);
}

static gboolean
read_receipt (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "receipt-read", error);

  sarap_query_bind_text (query, "id", call->id);
  if (sarap_query_next (query))
    call->bytes = sarap_query_dup_bytes (query, "receipt");
  return sarap_query_finish (query);
}

/* Returns: (transfer full) (nullable) */
GBytes *
sarap_store_dup_receipt (SarapStore *self, const char *id, GError **error)
{
  Call call = { .id = id };

  return sarap_store_read (self, read_receipt, &call, error) ? call.bytes : NULL;
}

/* @name: review-merge or review-add. A row comes back when it changed something. */
static gboolean
keep_review (SarapDatabase *db, const char *name, const Call *call, gboolean *is_new, GError **error)
{
  SarapQuery *query = sarap_database_query (db, name, error);

  sarap_query_bind_text (query, "instance", call->id);
  sarap_query_bind_int (query, "state", call->review_state);
  sarap_query_bind_text (query, "comment", call->text);
  sarap_query_bind_text (query, "actor", call->actor);
  sarap_query_bind_int (query, "at", call->at);
  *is_new = FALSE;
  while (sarap_query_next (query))
    *is_new = TRUE;
  return sarap_query_finish (query);
}

static gboolean
update_reviewed (SarapDatabase *db, const char *name, const Call *call, guint *n, GError **error)
{
  SarapQuery *query = sarap_database_query (db, name, error);

  sarap_query_bind_text (query, "id", call->id);
  *n = 0;
  while (sarap_query_next (query))
    (*n)++;
  return sarap_query_finish (query);
}

static gboolean
note_review (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  guint n_own, n_received;
  gboolean is_new;

  if (!keep_review (db, "review-merge", call, &is_new, error))
    return FALSE;
  if (!is_new && !keep_review (db, "review-add", call, &is_new, error))
    return FALSE;
  if (!is_new)
    return TRUE;
  if (!update_reviewed (db, "record-set-review", call, &n_own, error) || !update_reviewed (db, "submission-set-review", call, &n_received, error))
    return FALSE;
  return n_own + n_received > 0 || sarap_store_not_found (error, "record", call->id);
}

gboolean
sarap_store_note_review (SarapStore *self, const char *id, SarapReviewState state, const char *comment, const char *actor, gint64 at, GError **error)
{
  Call call = { .id = id, .review_state = state, .text = comment ? comment : "", .actor = actor ? actor : "", .at = at };

  if (!sarap_store_write (self, SARAP_STORE_TOPIC_RECORDS, note_review, &call, error))
    return FALSE;
  sarap_store_emit_changed (self, SARAP_STORE_TOPIC_RECEIVED);
  return TRUE;
}

void
sarap_review_free (SarapReview *review)
{
  g_free (review->comment);
  g_free (review->actor);
  g_free (review);
}

static gboolean
list_reviews (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "review-list", error);

  sarap_query_bind_text (query, "instance", call->id);
  while (sarap_query_next (query))
    {
      SarapReview *review = g_new0 (SarapReview, 1);

      review->state = sarap_query_get_int (query, "state");
      review->comment = sarap_query_dup_text (query, "comment");
      review->actor = sarap_query_dup_text (query, "actor");
      review->at = sarap_query_get_int (query, "at");
      g_ptr_array_add (call->items, review);
    }
  return sarap_query_finish (query);
}

/* Returns: (transfer full) (element-type SarapReview) */
GPtrArray *
sarap_store_list_reviews (SarapStore *self, const char *id, GError **error)
{
  g_autoptr (GPtrArray) reviews = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_review_free);
  Call call = { .id = id, .items = reviews };

  return sarap_store_read (self, list_reviews, &call, error) ? g_steal_pointer (&reviews) : NULL;
}
