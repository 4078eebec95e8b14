#include "sync/server/sarap-handlers.h"

#include "sync/server/sarap-form-facts.h"

#define XML_TYPE "text/xml; charset=utf-8"
#define MOST_FED 500

void
sarap_handle_projects (SarapRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) projects = sarap_central_store_list_projects (request->central->store, request->supervisor->id, &error);
  JsonBuilder *builder;

  if (projects == NULL)
    {
      sarap_request_reply_failure (request, error);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < projects->len; i++)
    {
      const SarapCentralProject *project = g_ptr_array_index (projects, i);

      json_builder_begin_object (builder);
      sarap_json_build_int (builder, "id", project->id);
      sarap_json_build_nullable (builder, "name", project->name);
      sarap_json_build_int (builder, "forms", project->n_forms);
      sarap_json_build_time (builder, "createdAt", project->created_at);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  sarap_request_reply_json (request, SOUP_STATUS_OK, builder);
}

static void
put_form (JsonBuilder *builder, const SarapCentralForm *form)
{
  sarap_json_build_nullable (builder, "xmlFormId", form->xml_form_id);
  sarap_json_build_nullable (builder, "version", form->version);
  sarap_json_build_nullable (builder, "name", form->title);
  sarap_json_build_nullable (builder, "hash", form->hash);
  sarap_json_build_nullable (builder, "state", form->state);
}

void
sarap_handle_forms (SarapRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) forms = sarap_central_store_list_forms (request->central->store, request->project, &error);
  JsonBuilder *builder;

  if (forms == NULL)
    {
      sarap_request_reply_failure (request, error);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < forms->len; i++)
    {
      const SarapCentralForm *form = g_ptr_array_index (forms, i);

      json_builder_begin_object (builder);
      put_form (builder, form);
      sarap_json_build_int (builder, "submissions", form->n_submissions);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  sarap_request_reply_json (request, SOUP_STATUS_OK, builder);
}

void
sarap_handle_form_facts (SarapRequest *request)
{
  g_autoptr (SarapCentralForm) form = sarap_request_find_form (request);
  JsonBuilder *builder;

  if (form == NULL)
    return;
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  put_form (builder, form);
  json_builder_end_object (builder);
  sarap_request_reply_json (request, SOUP_STATUS_OK, builder);
}

/* {"state": "open" | "closing" | "closed"} */
void
sarap_handle_form_state (SarapRequest *request)
{
  g_autoptr (JsonObject) object = sarap_request_dup_json (request);
  const char *state = object ? sarap_json_peek_string (object, "state") : NULL;
  g_autoptr (GError) error = NULL;

  if (object == NULL)
    return;
  if (state == NULL || !sarap_form_state_is_known (state))
    sarap_request_reply_error (request, SOUP_STATUS_BAD_REQUEST, "\"state\" is open, closing or closed");
  else if (sarap_central_store_set_form_state (request->central->store, request->project, request->form, state, &error))
    sarap_handle_form_facts (request);
  else
    sarap_request_reply_failure (request, error);
}

/* For devices and supervisors alike. */
void
sarap_handle_form (SarapRequest *request)
{
  g_autoptr (SarapCentralForm) form = sarap_request_find_form (request);

  if (form != NULL)
    sarap_request_reply_tagged (request, XML_TYPE, form->xml, form->hash);
}

static void
put_attachment (JsonBuilder *builder, const char *name, const char *md5)
{
  g_autofree char *hash = md5 ? g_strconcat ("md5:", md5, NULL) : NULL;

  json_builder_begin_object (builder);
  sarap_json_build_nullable (builder, "name", name);
  sarap_json_build_nullable (builder, "hash", hash);
  sarap_json_build_boolean (builder, "exists", md5 != NULL);
  json_builder_end_object (builder);
}

void
sarap_handle_form_attachments (SarapRequest *request)
{
  g_autoptr (SarapCentralForm) form = sarap_request_find_form (request);
  g_autoptr (GHashTable) there = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) named = form ? sarap_form_facts_list_media (form->xml) : NULL;
  g_autoptr (GPtrArray) media = NULL;
  g_autoptr (GError) error = NULL;
  JsonBuilder *builder;

  if (form == NULL)
    return;
  media = sarap_central_store_list_media (request->central->store, form->row, &error);
  if (media == NULL)
    {
      sarap_request_reply_failure (request, error);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < media->len; i++)
    {
      const SarapCentralFile *file = g_ptr_array_index (media, i);

      put_attachment (builder, file->name, file->md5);
      g_hash_table_add (there, file->name);
    }
  for (char **name = named; *name != NULL; name++)
    if (!g_hash_table_contains (there, *name))
      put_attachment (builder, *name, NULL);
  json_builder_end_array (builder);
  sarap_request_reply_json (request, SOUP_STATUS_OK, builder);
}

/* The files that are there, and the names of those that are not. */
static void
put_files (JsonBuilder *builder, GPtrArray *files)
{
  json_builder_set_member_name (builder, "attachments");
  json_builder_begin_array (builder);
  for (guint i = 0; i < files->len; i++)
    {
      const SarapCentralFile *file = g_ptr_array_index (files, i);

      if (file->sha256 == NULL)
        continue;
      json_builder_begin_object (builder);
      sarap_json_build_nullable (builder, "name", file->name);
      sarap_json_build_nullable (builder, "sha256", file->sha256);
      sarap_json_build_int (builder, "size", file->size);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  json_builder_set_member_name (builder, "missing");
  json_builder_begin_array (builder);
  for (guint i = 0; i < files->len; i++)
    {
      const SarapCentralFile *file = g_ptr_array_index (files, i);

      if (file->sha256 == NULL)
        json_builder_add_string_value (builder, file->name);
    }
  json_builder_end_array (builder);
}

static gboolean
put_fed (SarapRequest *request, JsonBuilder *builder, const SarapCentralSubmission *submission, GError **error)
{
  g_autoptr (GPtrArray) files = sarap_central_store_list_files (request->central->store, submission->row, error);

  if (files == NULL)
    return FALSE;
  json_builder_begin_object (builder);
  sarap_json_build_int (builder, "sequence", submission->sequence);
  sarap_json_build_nullable (builder, "instanceId", submission->instance_id);
  sarap_json_build_nullable (builder, "xmlFormId", submission->xml_form_id);
  sarap_json_build_nullable (builder, "version", submission->version);
  sarap_json_build_nullable (builder, "submitter", submission->submitter);
  sarap_json_build_nullable (builder, "instanceName", submission->instance_name);
  sarap_json_build_nullable (builder, "reviewState", submission->review_state);
  sarap_json_build_nullable (builder, "comment", submission->comment);
  sarap_json_build_nullable (builder, "supersededBy", submission->superseded_by);
  sarap_json_build_boolean (builder, "complete", submission->is_complete);
  sarap_json_build_time (builder, "createdAt", submission->created_at);
  sarap_json_build_time (builder, "updatedAt", submission->updated_at);
  put_files (builder, files);
  json_builder_end_object (builder);
  return TRUE;
}

void
sarap_handle_feed (SarapRequest *request)
{
  gint64 sequence = sarap_request_get_query_number (request, "since", 0);
  gint64 limit = CLAMP (sarap_request_get_query_number (request, "limit", 100), 1, MOST_FED);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) submissions = sarap_central_store_list_feed (request->central->store, request->project, sequence, limit, &error);
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "submissions");
  json_builder_begin_array (builder);
  for (guint i = 0; submissions != NULL && i < submissions->len; i++)
    {
      const SarapCentralSubmission *submission = g_ptr_array_index (submissions, i);

      if (!put_fed (request, builder, submission, &error))
        break;
      sequence = submission->sequence;
    }
  json_builder_end_array (builder);
  sarap_json_build_int (builder, "sequence", sequence);
  json_builder_end_object (builder);

  if (error == NULL)
    {
      sarap_request_reply_json (request, SOUP_STATUS_OK, builder);
      return;
    }
  g_object_unref (builder);
  sarap_request_reply_failure (request, error);
}
