#include "sync/server/sqlite/sarap-central-sqlite-private.h"

static gpointer
read_submission (sqlite3_stmt *statement)
{
  SarapCentralSubmission *submission = g_new0 (SarapCentralSubmission, 1);

  submission->row = sqlite3_column_int64 (statement, 0);
  submission->sequence = sqlite3_column_int64 (statement, 1);
  submission->instance_id = sarap_sqlite_dup_text (statement, 2);
  submission->xml_form_id = sarap_sqlite_dup_text (statement, 3);
  submission->version = sarap_sqlite_dup_text (statement, 4);
  submission->submitter = sarap_sqlite_dup_text (statement, 5);
  submission->submitter_id = sqlite3_column_int64 (statement, 6);
  submission->instance_name = sarap_sqlite_dup_text (statement, 7);
  submission->superseded_by = sarap_sqlite_dup_text (statement, 8);
  submission->review_state = sarap_sqlite_dup_text (statement, 9);
  submission->comment = sarap_sqlite_dup_text (statement, 10);
  submission->sha256 = sarap_sqlite_dup_text (statement, 11);
  submission->is_complete = sqlite3_column_int (statement, 12);
  submission->created_at = sqlite3_column_int64 (statement, 13);
  submission->updated_at = sqlite3_column_int64 (statement, 14);
  return submission;
}

static gpointer
read_event (sqlite3_stmt *statement)
{
  SarapCentralEvent *event = g_new0 (SarapCentralEvent, 1);

  event->id = sqlite3_column_int64 (statement, 0);
  event->is_review = g_str_equal (sqlite3_column_text (statement, 1), "review");
  event->actor = sarap_sqlite_dup_text (statement, 2);
  event->state = sarap_sqlite_dup_text (statement, 3);
  event->body = sarap_sqlite_dup_text (statement, 4);
  event->at = sqlite3_column_int64 (statement, 5);
  event->instance_id = sarap_sqlite_dup_text (statement, 6);
  return event;
}

static gpointer
read_file (sqlite3_stmt *statement)
{
  return sarap_central_file_new ((const char *) sqlite3_column_text (statement, 0), (const char *) sqlite3_column_text (statement, 1), sqlite3_column_int64 (statement, 2));
}

/* Every row of @statement through @read; unlocks the reader, which the caller locked. */
static GPtrArray *
collect (SarapCentralSqlite *self, sqlite3_stmt *statement, gpointer (*read) (sqlite3_stmt *), GDestroyNotify destroy, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (destroy);
  g_autoptr (GError) failure = NULL;

  while (sarap_sqlite_next (self->reader, statement, &failure))
    g_ptr_array_add (rows, read (statement));
  sarap_sqlite_unlock (self->reader);
  if (failure == NULL)
    return g_steal_pointer (&rows);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

static GPtrArray *
list_feed (SarapCentralStore *store, gint64 project, gint64 since, gint64 limit, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);

  sarap_sqlite_lock (self->reader);
  return collect (self, sarap_sqlite_start (self->reader, "submission-feed", "i:project", project, "i:since", since, "i:limit", limit, NULL), read_submission, (GDestroyNotify) sarap_central_submission_free, error);
}

static GPtrArray *
list_submissions (SarapCentralStore *store, const SarapCentralFilter *filter, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);

  sarap_sqlite_lock (self->reader);
  return collect (self, sarap_sqlite_start (self->reader, "submission-list", "i:project", filter->project, "s:xml_form_id", filter->xml_form_id, "s:review_state", filter->review_state, "s:submitter", filter->submitter, "s:region", filter->region, "s:centre", filter->centre, "i:top", filter->top, "i:skip", filter->skip, NULL), read_submission, (GDestroyNotify) sarap_central_submission_free, error);
}

static GPtrArray *
list_records (SarapCentralStore *store, gint64 project, const char *xml_form_id, gint64 after, gint64 limit, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);

  sarap_sqlite_lock (self->reader);
  return collect (self, sarap_sqlite_start (self->reader, "submission-records", "i:project", project, "s:xml_form_id", xml_form_id, "i:after", after, "i:limit", limit, NULL), read_submission, (GDestroyNotify) sarap_central_submission_free, error);
}

static SarapCentralSubmission *
find_submission (SarapCentralStore *store, gint64 project, const char *xml_form_id, const char *instance_id, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  SarapCentralSubmission *submission = NULL;
  sqlite3_stmt *statement;

  sarap_sqlite_lock (self->reader);
  statement = sarap_sqlite_start (self->reader, "submission-get", "i:project", project, "s:xml_form_id", xml_form_id, "s:instance_id", instance_id, NULL);
  if (sarap_sqlite_next (self->reader, statement, error))
    {
      submission = read_submission (statement);
      sqlite3_reset (statement);
    }
  sarap_sqlite_unlock (self->reader);
  return submission;
}

static GBytes *
dup_xml (SarapCentralStore *store, gint64 submission_row, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  GBytes *xml = NULL;
  sqlite3_stmt *statement;

  sarap_sqlite_lock (self->reader);
  statement = sarap_sqlite_start (self->reader, "submission-xml", "i:submission", submission_row, NULL);
  if (sarap_sqlite_next (self->reader, statement, error))
    {
      xml = sarap_sqlite_dup_blob (statement, 0);
      sqlite3_reset (statement);
    }
  sarap_sqlite_unlock (self->reader);
  return xml;
}

static GPtrArray *
list_files (SarapCentralStore *store, gint64 submission_row, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);

  sarap_sqlite_lock (self->reader);
  return collect (self, sarap_sqlite_start (self->reader, "file-list", "i:submission", submission_row, NULL), read_file, (GDestroyNotify) sarap_central_file_free, error);
}

static gboolean
add_event (SarapCentralSqlite *self, gint64 row, const char *action, const char *actor, const char *state, const char *body, gint64 now, GError **error)
{
  return sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "event-add", "i:submission", row, "s:action", action, "s:actor", actor, "s:state", state, "s:body", body, "i:now", now, NULL), error);
}

static gboolean
add_review (SarapCentralStore *store, gint64 row, const char *state, const char *comment, const char *actor, gint64 now, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  gint64 sequence;
  gboolean ok;

  if (!sarap_central_sqlite_begin (self, error))
    return FALSE;
  sequence = sarap_central_sqlite_next_sequence (self, error);
  ok = sequence != 0 &&
       sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "submission-review", "i:submission", row, "s:state", state, "s:comment", comment, "i:sequence", sequence, "i:now", now, NULL), error) &&
       add_event (self, row, "review", actor, state, comment, now, error);
  return sarap_central_sqlite_end (self, ok, error);
}

static gboolean
add_comment (SarapCentralStore *store, gint64 row, const char *body, const char *actor, gint64 now, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  gboolean ok;

  if (!sarap_central_sqlite_begin (self, error))
    return FALSE;
  ok = add_event (self, row, "comment", actor, NULL, body, now, error);
  return sarap_central_sqlite_end (self, ok, error);
}

static GPtrArray *
list_events (SarapCentralStore *store, gint64 submission_row, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);

  sarap_sqlite_lock (self->reader);
  return collect (self, sarap_sqlite_start (self->reader, "event-list", "i:submission", submission_row, NULL), read_event, (GDestroyNotify) sarap_central_event_free, error);
}

static GPtrArray *
list_reviews (SarapCentralStore *store, gint64 app_user, gint64 since, gint64 limit, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);

  sarap_sqlite_lock (self->reader);
  return collect (self, sarap_sqlite_start (self->reader, "event-reviews", "i:app_user", app_user, "i:since", since, "i:limit", limit, NULL), read_event, (GDestroyNotify) sarap_central_event_free, error);
}

void
sarap_central_sqlite_implement_submissions (SarapCentralStoreInterface *iface)
{
  iface->list_feed = list_feed;
  iface->list_submissions = list_submissions;
  iface->list_records = list_records;
  iface->find_submission = find_submission;
  iface->dup_xml = dup_xml;
  iface->list_files = list_files;
  iface->add_review = add_review;
  iface->add_comment = add_comment;
  iface->list_events = list_events;
  iface->list_reviews = list_reviews;
}
