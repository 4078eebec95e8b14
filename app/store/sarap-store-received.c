#include "app/store/sarap-store-received.h"

#include "app/store/sarap-media.h"
#include "app/store/sarap-paged-list.h"
#include "app/store/sarap-record-private.h"
#include "app/store/sarap-store-private.h"
#include "app/store/sarap-submission-reader.h"

typedef struct
{
  SarapSubmission *submission;
  guint64 sequence;
  GBytes *xml;
  SarapSubmissionPlace place;
} Arrival;

static void
bind_submission (SarapQuery *query, const Arrival *arrival)
{
  SarapSubmission *submission = arrival->submission;
  const char *const texts[] = { sarap_submission_get_name (submission), sarap_submission_get_submitter (submission), arrival->place.region, arrival->place.centre, NULL };
  g_autofree char *search = sarap_store_dup_search_key (texts);

  sarap_query_bind_text (query, "id", sarap_submission_get_id (submission));
  sarap_query_bind_text (query, "form_id", sarap_submission_get_form_id (submission));
  sarap_query_bind_text (query, "form_version", sarap_submission_get_form_version (submission));
  sarap_query_bind_text (query, "submitter", sarap_submission_get_submitter (submission));
  sarap_query_bind_text (query, "name", sarap_submission_get_name (submission));
  sarap_query_bind_text (query, "region", arrival->place.region);
  sarap_query_bind_text (query, "centre", arrival->place.centre);
  sarap_query_bind_text (query, "search", search);
  sarap_query_bind_int (query, "received_at", sarap_submission_get_received_at (submission));
  sarap_query_bind_int (query, "review_state", sarap_submission_get_review_state (submission));
  sarap_query_bind_int (query, "sequence", arrival->sequence);
}

static gboolean
put_submission (SarapDatabase *db, gpointer data, GError **error)
{
  Arrival *arrival = data;
  SarapQuery *query = sarap_database_query (db, "submission-put", error);

  bind_submission (query, arrival);
  if (!sarap_query_run (query))
    return FALSE;
  query = sarap_database_query (db, "submission-xml-put", error);
  sarap_query_bind_text (query, "id", sarap_submission_get_id (arrival->submission));
  sarap_query_bind_bytes (query, "xml", arrival->xml);
  return sarap_query_run (query);
}

static gboolean
update_submission (SarapDatabase *db, gpointer data, GError **error)
{
  Arrival *arrival = data;
  SarapQuery *query = sarap_database_query (db, "submission-update", error);
  const char *id = sarap_submission_get_id (arrival->submission);

  sarap_query_bind_text (query, "id", id);
  sarap_query_bind_int (query, "review_state", sarap_submission_get_review_state (arrival->submission));
  sarap_query_bind_int (query, "sequence", arrival->sequence);
  return sarap_query_run_counting (query) > 0 || (*error == NULL && sarap_store_not_found (error, "submission", id));
}

gboolean
sarap_store_put_submission (SarapStore *self, SarapSubmission *submission, guint64 sequence, GBytes *xml, GError **error)
{
  Arrival arrival = { submission, sequence, xml, { NULL, NULL } };
  gboolean ok;

  if (xml == NULL)
    return sarap_store_write (self, SARAP_STORE_TOPIC_RECEIVED, update_submission, &arrival, error);
  ok = sarap_submission_place_read (&arrival.place, xml, error) && sarap_store_write (self, SARAP_STORE_TOPIC_RECEIVED, put_submission, &arrival, error);
  sarap_submission_place_clear (&arrival.place);
  return ok;
}

typedef struct
{
  const char *id;
  const char *name;
  const char *actor;
  SarapReviewState state;
  gint64 now;
  guint64 number;
  char *sha256;
  GBytes *bytes;
  goffset size;
  SarapSubmission *submission;
  GPtrArray *items;
} Call;

static gboolean
put_attachment (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "submission-attachment-put", error);

  sarap_query_bind_text (query, "id", call->id);
  sarap_query_bind_text (query, "name", call->name);
  sarap_query_bind_text (query, "sha256", call->sha256);
  sarap_query_bind_int (query, "size", call->size);
  return sarap_query_run_counting (query) > 0 || (*error == NULL && sarap_store_not_found (error, "submission", call->id));
}

/* Errors: LOCKED. */
gboolean
sarap_store_put_submission_attachment (SarapStore *self, const char *id, const char *name, GBytes *bytes, GError **error)
{
  Call call = { .id = id, .name = name, .size = g_bytes_get_size (bytes) };
  g_autoptr (SarapSecret) key = sarap_store_ref_user_key (self, error);
  g_autofree char *context = sarap_media_dup_submission_context (id, name);
  g_autoptr (GInputStream) from = g_memory_input_stream_new_from_bytes (bytes);
  SarapSealedFile file = { NULL, NULL, 0 };
  gboolean ok;

  if (key == NULL)
    return FALSE;
  sarap_store_lock_media (self);
  ok = sarap_media_seal (self, key, context, from, &file, error);
  call.sha256 = file.sha256;
  ok = ok && sarap_store_write (self, SARAP_STORE_TOPIC_RECEIVED, put_attachment, &call, error);
  sarap_store_unlock_media (self);
  sarap_sealed_file_clear (&file);
  return ok;
}

static gboolean
find_sequence (SarapDatabase *db, gpointer data, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "submission-sequence", error);

  if (sarap_query_next (query))
    *(guint64 *) data = sarap_query_get_int (query, "sequence");
  return sarap_query_finish (query);
}

/* 0: nothing was received yet. */
guint64
sarap_store_get_feed_sequence (SarapStore *self)
{
  guint64 sequence = 0;
  g_autoptr (GError) error = NULL;

  if (!sarap_store_read (self, find_sequence, &sequence, &error))
    g_warning ("The place in the feed cannot be read: %s", error->message);
  return sequence;
}

typedef struct
{
  const SarapSubmissionFilter *filter;
  guint offset;
  guint limit;
  GPtrArray *submissions;
  guint n;
} Listing;

static SarapQuery *
begin_listing (SarapDatabase *db, const char *name, const SarapSubmissionFilter *filter, GError **error)
{
  const char *const texts[] = { filter->search, NULL };
  g_autofree char *search = sarap_store_dup_search_key (texts);
  SarapQuery *query = sarap_database_query (db, name, error);

  sarap_query_bind_text (query, "form_id", filter->form_id);
  sarap_query_bind_text (query, "region", filter->region);
  sarap_query_bind_text (query, "centre", filter->centre);
  sarap_query_bind_text (query, "submitter", filter->submitter);
  sarap_query_bind_text (query, "search", *search != '\0' ? search : NULL);
  sarap_query_bind_int (query, "review_state", filter->review_state);
  return query;
}

static gboolean
list_submissions (SarapDatabase *db, gpointer data, GError **error)
{
  Listing *listing = data;
  SarapQuery *query = begin_listing (db, "submission-list", listing->filter, error);

  sarap_query_bind_int (query, "limit", listing->limit);
  sarap_query_bind_int (query, "offset", listing->offset);
  while (sarap_query_next (query))
    g_ptr_array_add (listing->submissions, sarap_row_new_from_query (SARAP_TYPE_SUBMISSION, query));
  return sarap_query_finish (query);
}

/* Newest first; @filter NULL: all. Returns: (transfer full) (element-type SarapSubmission) */
GPtrArray *
sarap_store_list_submissions (SarapStore *self, const SarapSubmissionFilter *filter, guint offset, guint limit, GError **error)
{
  const SarapSubmissionFilter all = { .review_state = -1 };
  g_autoptr (GPtrArray) submissions = g_ptr_array_new_with_free_func (g_object_unref);
  Listing listing = { filter ? filter : &all, offset, limit, submissions, 0 };

  return sarap_store_read (self, list_submissions, &listing, error) ? g_steal_pointer (&submissions) : NULL;
}

static gboolean
count_submissions (SarapDatabase *db, gpointer data, GError **error)
{
  Listing *listing = data;
  SarapQuery *query = begin_listing (db, "submission-count", listing->filter, error);

  if (sarap_query_next (query))
    listing->n = sarap_query_get_int (query, "n");
  return sarap_query_finish (query);
}

guint
sarap_store_count_submissions (SarapStore *self, const SarapSubmissionFilter *filter, GError **error)
{
  const SarapSubmissionFilter all = { .review_state = -1 };
  Listing listing = { .filter = filter ? filter : &all };

  return sarap_store_read (self, count_submissions, &listing, error) ? listing.n : 0;
}

static gboolean
list_submitters (SarapDatabase *db, gpointer data, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "submission-submitters", error);

  while (sarap_query_next (query))
    g_ptr_array_add (data, sarap_query_dup_text (query, "submitter"));
  return sarap_query_finish (query);
}

/* Returns: (transfer full) */
GPtrArray *
sarap_store_list_submitters (SarapStore *self, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  return sarap_store_read (self, list_submitters, names, error) ? g_steal_pointer (&names) : NULL;
}

static gpointer
filter_new (const SarapSubmissionFilter *filter)
{
  SarapSubmissionFilter *copy = g_new0 (SarapSubmissionFilter, 1);

  copy->review_state = filter ? filter->review_state : -1;
  copy->form_id = filter ? g_strdup (filter->form_id) : NULL;
  copy->region = filter ? g_strdup (filter->region) : NULL;
  copy->centre = filter ? g_strdup (filter->centre) : NULL;
  copy->submitter = filter ? g_strdup (filter->submitter) : NULL;
  copy->search = filter ? g_strdup (filter->search) : NULL;
  return copy;
}

static void
filter_free (gpointer data)
{
  SarapSubmissionFilter *filter = data;

  g_free ((char *) filter->form_id);
  g_free ((char *) filter->region);
  g_free ((char *) filter->centre);
  g_free ((char *) filter->submitter);
  g_free ((char *) filter->search);
  g_free (filter);
}

static guint
count_rows (SarapStore *store, gconstpointer filter, GError **error)
{
  return sarap_store_count_submissions (store, filter, error);
}

static GPtrArray *
read_rows (SarapStore *store, gconstpointer filter, guint offset, guint limit, GError **error)
{
  return sarap_store_list_submissions (store, filter, offset, limit, error);
}

GListModel *
sarap_submission_list_new (SarapStore *store, const SarapSubmissionFilter *filter)
{
  static SarapPagedRows rows = { 0, SARAP_STORE_TOPIC_RECEIVED, count_rows, read_rows };

  rows.item_type = SARAP_TYPE_SUBMISSION;
  return sarap_paged_list_new (store, &rows, filter_new (filter), filter_free);
}

void
sarap_submission_list_set_filter (GListModel *list, const SarapSubmissionFilter *filter)
{
  sarap_paged_list_set_filter (SARAP_PAGED_LIST (list), filter_new (filter));
}

static gboolean
find_submission (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "submission-find", error);

  sarap_query_bind_text (query, "id", call->id);
  if (sarap_query_next (query))
    call->submission = sarap_row_new_from_query (SARAP_TYPE_SUBMISSION, query);
  return sarap_query_finish (query);
}

/* Returns: (transfer full), or NULL with NOT_FOUND */
SarapSubmission *
sarap_store_find_submission (SarapStore *self, const char *id, GError **error)
{
  Call call = { .id = id };

  if (!sarap_store_read (self, find_submission, &call, error))
    return NULL;
  if (call.submission == NULL)
    sarap_store_not_found (error, "submission", id);
  return call.submission;
}

static gboolean
read_xml (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "submission-xml-read", error);

  sarap_query_bind_text (query, "id", call->id);
  if (sarap_query_next (query))
    call->bytes = sarap_query_dup_bytes (query, "xml");
  if (!sarap_query_finish (query))
    return FALSE;
  return call->bytes != NULL || sarap_store_not_found (error, "submission", call->id);
}

GBytes *
sarap_store_dup_submission_xml (SarapStore *self, const char *id, GError **error)
{
  Call call = { .id = id };

  return sarap_store_read (self, read_xml, &call, error) ? call.bytes : NULL;
}

static gboolean
find_attachment (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "submission-attachment-find", error);

  sarap_query_bind_text (query, "id", call->id);
  sarap_query_bind_text (query, "name", call->name);
  if (sarap_query_next (query))
    call->sha256 = sarap_query_dup_text (query, "sha256");
  if (!sarap_query_finish (query))
    return FALSE;
  return call->sha256 != NULL || sarap_store_not_found (error, "attachment", call->name);
}

GBytes *
sarap_store_dup_submission_attachment (SarapStore *self, const char *id, const char *name, GError **error)
{
  Call call = { .id = id, .name = name };
  g_autoptr (SarapSecret) key = sarap_store_ref_user_key (self, error);
  g_autofree char *context = sarap_media_dup_submission_context (id, name);
  g_autofree char *sha256 = NULL;

  if (key == NULL || !sarap_store_read (self, find_attachment, &call, error))
    return NULL;
  sha256 = call.sha256;
  return sarap_media_unseal (self, key, context, sha256, error);
}

static gboolean
list_attachments (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "submission-attachment-list", error);

  sarap_query_bind_text (query, "id", call->id);
  while (sarap_query_next (query))
    g_ptr_array_add (call->items, sarap_query_dup_text (query, "name"));
  return sarap_query_finish (query);
}

/* Names of those that are in the store. Returns: (transfer full) NULL-terminated */
char **
sarap_store_list_submission_attachments (SarapStore *self, const char *id, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  Call call = { .id = id, .items = names };

  if (!sarap_store_read (self, list_attachments, &call, error))
    return NULL;
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

static gboolean
decide (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "decision-add", error);

  sarap_query_bind_text (query, "id", call->id);
  sarap_query_bind_int (query, "state", call->state);
  sarap_query_bind_text (query, "comment", call->name);
  sarap_query_bind_text (query, "actor", call->actor);
  sarap_query_bind_int (query, "at", call->now);
  if (sarap_query_run_counting (query) == 0)
    return *error == NULL && sarap_store_not_found (error, "submission", call->id);
  query = sarap_database_query (db, "submission-set-review", error);
  sarap_query_bind_text (query, "id", call->id);
  return sarap_query_run (query);
}

gboolean
sarap_store_decide (SarapStore *self, const char *id, SarapReviewState state, const char *comment, const char *actor, GError **error)
{
  Call call = { .id = id, .state = state, .name = comment ? comment : "", .actor = actor ? actor : "", .now = sarap_clock_get_now (sarap_store_get_clock (self)) };

  return sarap_store_write (self, SARAP_STORE_TOPIC_RECEIVED, decide, &call, error);
}

void
sarap_decision_free (SarapDecision *decision)
{
  g_free (decision->id);
  g_free (decision->comment);
  g_free (decision);
}

static gboolean
list_decisions (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "decision-list", error);

  while (sarap_query_next (query))
    {
      SarapDecision *decision = g_new0 (SarapDecision, 1);

      decision->number = sarap_query_get_int (query, "number");
      decision->id = sarap_query_dup_text (query, "instance");
      decision->state = sarap_query_get_int (query, "state");
      decision->comment = sarap_query_dup_text (query, "comment");
      decision->at = sarap_query_get_int (query, "at");
      g_ptr_array_add (call->items, decision);
    }
  return sarap_query_finish (query);
}

/* In the order in which they were made. Returns: (transfer full) (element-type SarapDecision) */
GPtrArray *
sarap_store_list_undelivered_decisions (SarapStore *self, GError **error)
{
  g_autoptr (GPtrArray) decisions = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_decision_free);
  Call call = { .items = decisions };

  return sarap_store_read (self, list_decisions, &call, error) ? g_steal_pointer (&decisions) : NULL;
}

static gboolean
note_delivered (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "decision-delivered", error);

  sarap_query_bind_int (query, "number", call->number);
  sarap_query_bind_int (query, "now", call->now);
  return sarap_query_run (query);
}

gboolean
sarap_store_note_decision_delivered (SarapStore *self, guint64 number, GError **error)
{
  Call call = { .number = number, .now = sarap_clock_get_now (sarap_store_get_clock (self)) };

  return sarap_store_write (self, SARAP_STORE_TOPIC_RECEIVED, note_delivered, &call, error);
}
