#include "sync/server/sarap-handlers.h"

#include <string.h>

#include "sync/server/sarap-export.h"
#include "sync/wire/sarap-multipart-writer.h"

#define MOST_LISTED 100000
#define LONGEST_COMMENT 10000

static void
put_submission (JsonBuilder *builder, const SarapCentralSubmission *submission)
{
  json_builder_begin_object (builder);
  sarap_json_build_nullable (builder, "instanceId", submission->instance_id);
  if (submission->submitter_id != 0)
    sarap_json_build_int (builder, "submitterId", submission->submitter_id);
  else
    sarap_json_build_nullable (builder, "submitterId", NULL);
  sarap_json_build_nullable (builder, "submitter", submission->submitter);
  sarap_json_build_nullable (builder, "version", submission->version);
  sarap_json_build_nullable (builder, "instanceName", submission->instance_name);
  sarap_json_build_nullable (builder, "reviewState", submission->review_state);
  sarap_json_build_nullable (builder, "comment", submission->comment);
  sarap_json_build_boolean (builder, "complete", submission->is_complete);
  sarap_json_build_time (builder, "createdAt", submission->created_at);
  sarap_json_build_time (builder, "updatedAt", submission->updated_at);
  json_builder_end_object (builder);
}

void
sarap_handle_submissions (SarapRequest *request)
{
  const char *state = sarap_request_peek_query (request, "reviewState");
  const SarapCentralFilter filter = {
    .project = request->project,
    .xml_form_id = request->form,
    .review_state = g_strcmp0 (state, "null") == 0 ? "received" : state,
    .submitter = sarap_request_peek_query (request, "submitter"),
    .region = sarap_request_peek_query (request, "region"),
    .centre = sarap_request_peek_query (request, "centre"),
    .top = CLAMP (sarap_request_get_query_number (request, "$top", MOST_LISTED), 0, MOST_LISTED),
    .skip = sarap_request_get_query_number (request, "$skip", 0),
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) submissions = sarap_central_store_list_submissions (request->central->store, &filter, &error);
  JsonBuilder *builder;

  if (submissions == NULL)
    {
      sarap_request_reply_failure (request, error);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < submissions->len; i++)
    put_submission (builder, g_ptr_array_index (submissions, i));
  json_builder_end_array (builder);
  sarap_request_reply_json (request, SOUP_STATUS_OK, builder);
}

/* The submission of the path; replied already when NULL. */
static SarapCentralSubmission *
find_submission (SarapRequest *request)
{
  g_autoptr (GError) error = NULL;
  SarapCentralSubmission *submission = sarap_central_store_find_submission (request->central->store, request->project, request->form, request->instance, &error);

  if (error != NULL)
    sarap_request_reply_failure (request, error);
  else if (submission == NULL)
    sarap_request_reply_error (request, SOUP_STATUS_NOT_FOUND, "there is no such submission");
  return submission;
}

static void
reply_submission (SarapRequest *request)
{
  g_autoptr (SarapCentralSubmission) submission = find_submission (request);
  JsonBuilder *builder;

  if (submission == NULL)
    return;
  builder = json_builder_new ();
  put_submission (builder, submission);
  sarap_request_reply_json (request, SOUP_STATUS_OK, builder);
}

void
sarap_handle_one_submission (SarapRequest *request)
{
  reply_submission (request);
}

void
sarap_handle_submission_xml (SarapRequest *request)
{
  g_autoptr (SarapCentralSubmission) submission = find_submission (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) xml = submission ? sarap_central_store_dup_xml (request->central->store, submission->row, &error) : NULL;

  if (xml != NULL)
    sarap_request_reply_tagged (request, "text/xml; charset=utf-8", xml, submission->sha256);
  else if (submission != NULL)
    sarap_request_reply_failure (request, error);
}

void
sarap_handle_submission_attachments (SarapRequest *request)
{
  g_autoptr (SarapCentralSubmission) submission = find_submission (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = submission ? sarap_central_store_list_files (request->central->store, submission->row, &error) : NULL;
  JsonBuilder *builder;

  if (submission == NULL)
    return;
  if (files == NULL)
    {
      sarap_request_reply_failure (request, error);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < files->len; i++)
    {
      const SarapCentralFile *file = g_ptr_array_index (files, i);

      json_builder_begin_object (builder);
      sarap_json_build_nullable (builder, "name", file->name);
      sarap_json_build_nullable (builder, "sha256", file->sha256);
      sarap_json_build_int (builder, "size", file->size);
      json_builder_set_member_name (builder, "exists");
      json_builder_add_boolean_value (builder, file->sha256 != NULL);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  sarap_request_reply_json (request, SOUP_STATUS_OK, builder);
}

void
sarap_handle_submission_attachment (SarapRequest *request)
{
  g_autoptr (SarapCentralSubmission) submission = find_submission (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = submission ? sarap_central_store_list_files (request->central->store, submission->row, &error) : NULL;

  if (submission == NULL)
    return;
  if (files == NULL)
    {
      sarap_request_reply_failure (request, error);
      return;
    }
  for (guint i = 0; i < files->len; i++)
    {
      const SarapCentralFile *file = g_ptr_array_index (files, i);

      if (file->sha256 == NULL || !g_str_equal (file->name, request->name))
        continue;
      sarap_request_reply_media (request, file, file->sha256);
      return;
    }
  sarap_request_reply_error (request, SOUP_STATUS_NOT_FOUND, "the submission has no such file");
}

static gboolean
is_review_state (const char *state)
{
  static const char *const states[] = { "hasIssues", "edited", "rejected", "approved", NULL };

  return g_strv_contains (states, state);
}

void
sarap_handle_review (SarapRequest *request)
{
  g_autoptr (SarapCentralSubmission) submission = find_submission (request);
  g_autoptr (JsonObject) object = submission ? sarap_request_dup_json (request) : NULL;
  g_autoptr (GError) error = NULL;
  const char *state, *comment;

  if (object == NULL)
    return;
  state = sarap_json_peek_string (object, "reviewState");
  comment = sarap_json_peek_string (object, "comment");
  if (!json_object_has_member (object, "reviewState") || (state == NULL && !json_object_get_null_member (object, "reviewState")) || (state != NULL && !is_review_state (state)))
    sarap_request_reply_error (request, SOUP_STATUS_BAD_REQUEST, "\"reviewState\" is null, hasIssues, edited, rejected or approved");
  else if (comment != NULL && strlen (comment) > LONGEST_COMMENT)
    sarap_request_reply_error (request, SOUP_STATUS_BAD_REQUEST, "the comment is too long");
  else if (!sarap_central_store_add_review (request->central->store, submission->row, state, comment ? comment : "", request->supervisor->email, sarap_central_get_now (request->central), &error))
    sarap_request_reply_failure (request, error);
  else
    reply_submission (request);
}

static void
put_comment (JsonBuilder *builder, const SarapCentralEvent *event)
{
  json_builder_begin_object (builder);
  sarap_json_build_nullable (builder, "body", event->body);
  sarap_json_build_nullable (builder, "actor", event->actor);
  sarap_json_build_time (builder, "createdAt", event->at);
  json_builder_end_object (builder);
}

static void
put_audit (JsonBuilder *builder, const SarapCentralEvent *event)
{
  json_builder_begin_object (builder);
  sarap_json_build_nullable (builder, "action", event->is_review ? "submission.review" : "submission.comment");
  sarap_json_build_nullable (builder, "actor", event->actor);
  json_builder_set_member_name (builder, "details");
  json_builder_begin_object (builder);
  if (event->is_review)
    sarap_json_build_nullable (builder, "reviewState", event->state);
  sarap_json_build_nullable (builder, "comment", event->body);
  json_builder_end_object (builder);
  sarap_json_build_time (builder, "loggedAt", event->at);
  json_builder_end_object (builder);
}

static void
put_creation (JsonBuilder *builder, const SarapCentralSubmission *submission)
{
  json_builder_begin_object (builder);
  sarap_json_build_nullable (builder, "action", "submission.create");
  sarap_json_build_nullable (builder, "actor", submission->submitter);
  json_builder_set_member_name (builder, "details");
  json_builder_begin_object (builder);
  sarap_json_build_nullable (builder, "sha256", submission->sha256);
  json_builder_end_object (builder);
  sarap_json_build_time (builder, "loggedAt", submission->created_at);
  json_builder_end_object (builder);
}

static void
reply_events (SarapRequest *request, gboolean is_audit)
{
  g_autoptr (SarapCentralSubmission) submission = find_submission (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = submission ? sarap_central_store_list_events (request->central->store, submission->row, &error) : NULL;
  JsonBuilder *builder;

  if (submission == NULL)
    return;
  if (events == NULL)
    {
      sarap_request_reply_failure (request, error);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_array (builder);
  if (is_audit)
    put_creation (builder, submission);
  for (guint i = 0; i < events->len; i++)
    {
      const SarapCentralEvent *event = g_ptr_array_index (events, i);

      if (is_audit)
        put_audit (builder, event);
      else if (*event->body != '\0')
        put_comment (builder, event);
    }
  json_builder_end_array (builder);
  sarap_request_reply_json (request, SOUP_STATUS_OK, builder);
}

/* Comments of reviews among them. */
void
sarap_handle_comments (SarapRequest *request)
{
  reply_events (request, FALSE);
}

void
sarap_handle_audits (SarapRequest *request)
{
  reply_events (request, TRUE);
}

void
sarap_handle_comment (SarapRequest *request)
{
  g_autoptr (SarapCentralSubmission) submission = find_submission (request);
  g_autoptr (JsonObject) object = submission ? sarap_request_dup_json (request) : NULL;
  g_autoptr (GError) error = NULL;
  gint64 now = sarap_central_get_now (request->central);
  const char *body;
  JsonBuilder *builder;

  if (object == NULL)
    return;
  body = sarap_json_peek_string (object, "body");
  if (body == NULL || *body == '\0' || strlen (body) > LONGEST_COMMENT)
    {
      sarap_request_reply_error (request, SOUP_STATUS_BAD_REQUEST, "\"body\" must be a text that is not empty or too long");
      return;
    }
  if (!sarap_central_store_add_comment (request->central->store, submission->row, body, request->supervisor->email, now, &error))
    {
      sarap_request_reply_failure (request, error);
      return;
    }
  builder = json_builder_new ();
  put_comment (builder, &(const SarapCentralEvent){ .body = (char *) body, .actor = request->supervisor->email, .at = now });
  sarap_request_reply_json (request, SOUP_STATUS_OK, builder);
}

typedef struct
{
  GBytes *csv;
  GError *error;
} Export;

static void
write_csv (SarapRequest *request)
{
  Export *export = request->work;

  export->csv = sarap_export_csv (request->central, request->project, request->form, &export->error);
}

static void
answer_csv (SarapRequest *request)
{
  Export *export = request->work;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (request->message);

  if (export->csv != NULL)
    {
      sarap_request_reply (request, SOUP_STATUS_OK, "text/csv; charset=utf-8", export->csv);
      soup_message_headers_replace (headers, "Content-Disposition", "attachment; filename=\"submissions.csv\"");
      g_bytes_unref (export->csv);
    }
  else
    sarap_request_reply_failure (request, export->error);
  g_clear_error (&export->error);
  g_free (export);
}

void
sarap_handle_submissions_csv (SarapRequest *request)
{
  g_autoptr (SarapCentralForm) form = sarap_request_find_form (request);
  Export *export;

  if (form == NULL)
    return;
  export = g_new0 (Export, 1);
  request->work = export;
  if (!sarap_server_work (request->server, request, write_csv, answer_csv))
    g_free (export);
}
