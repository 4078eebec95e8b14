#include "sync/server/sarap-handlers.h"

#include "sync/server/sarap-quarantine.h"
#include "sync/wire/sarap-multipart-writer.h"

#define LONGEST_COMMENT 10000

void
sarap_handle_quarantine (SarapRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = sarap_central_store_list_quarantined (request->central->store, request->project, &error);
  JsonBuilder *builder;

  if (list == NULL)
    {
      sarap_request_reply_failure (request, error);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < list->len; i++)
    sarap_quarantine_build (builder, g_ptr_array_index (list, i));
  json_builder_end_array (builder);
  sarap_request_reply_json (request, SOUP_STATUS_OK, builder);
}

/* What the path names; replied already when NULL. */
static SarapQuarantined *
find_quarantined (SarapRequest *request)
{
  g_autoptr (GError) error = NULL;
  gint64 id = sarap_request_get_id (request);
  SarapQuarantined *quarantined = id > 0 ? sarap_central_store_find_quarantined (request->central->store, request->project, id, &error) : NULL;

  if (error != NULL)
    sarap_request_reply_failure (request, error);
  else if (quarantined == NULL)
    sarap_request_reply_error (request, SOUP_STATUS_NOT_FOUND, "nothing in quarantine has this number");
  return quarantined;
}

void
sarap_handle_quarantined (SarapRequest *request)
{
  g_autoptr (SarapQuarantined) quarantined = find_quarantined (request);
  JsonBuilder *builder;

  if (quarantined == NULL)
    return;
  builder = json_builder_new ();
  sarap_quarantine_build (builder, quarantined);
  sarap_request_reply_json (request, SOUP_STATUS_OK, builder);
}

void
sarap_handle_quarantined_xml (SarapRequest *request)
{
  g_autoptr (SarapQuarantined) quarantined = find_quarantined (request);

  if (quarantined != NULL)
    sarap_request_reply_tagged (request, "text/xml; charset=utf-8", quarantined->xml, quarantined->sha256);
}

/* By its hash: two files may have one name. */
void
sarap_handle_quarantined_attachment (SarapRequest *request)
{
  g_autoptr (SarapQuarantined) quarantined = find_quarantined (request);

  if (quarantined == NULL)
    return;
  for (guint i = 0; i < quarantined->files->len; i++)
    {
      const SarapCentralFile *file = g_ptr_array_index (quarantined->files, i);

      if (g_str_equal (file->sha256, request->name))
        {
          sarap_request_reply_media (request, file, file->sha256);
          return;
        }
    }
  sarap_request_reply_error (request, SOUP_STATUS_NOT_FOUND, "the record has no such file");
}

/* {"decision": "accepted" | "kept", "comment"} */
void
sarap_handle_quarantine_decision (SarapRequest *request)
{
  g_autoptr (JsonObject) object = sarap_request_dup_json (request);
  const char *decision = object ? sarap_json_peek_string (object, "decision") : NULL;
  const char *comment = object ? sarap_json_peek_string (object, "comment") : NULL;
  const char *actor = request->supervisor->email;
  gint64 id = sarap_request_get_id (request);
  g_autoptr (GError) error = NULL;
  gboolean ok;

  if (object == NULL)
    return;
  if ((g_strcmp0 (decision, "accepted") != 0 && g_strcmp0 (decision, "kept") != 0) || (comment != NULL && strlen (comment) > LONGEST_COMMENT))
    {
      sarap_request_reply_error (request, SOUP_STATUS_BAD_REQUEST, "\"decision\" is accepted or kept; \"comment\" is a text that is not too long");
      return;
    }
  comment = comment ? comment : "";
  if (g_str_equal (decision, "kept"))
    ok = sarap_central_store_keep_quarantined (request->central->store, request->project, id, actor, comment, sarap_central_get_now (request->central), &error);
  else
    ok = sarap_quarantine_accept (request->central, request->project, id, actor, comment, &error);
  if (ok)
    sarap_handle_quarantined (request);
  else
    sarap_request_reply_failure (request, error);
}
