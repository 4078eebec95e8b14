#include "sync/server/sarap-handlers.h"

#include <string.h>

#include "app/base/sarap-problem.h"
#include "sync/server/sarap-parcel-receipt.h"
#include "sync/wire/sarap-form-list.h"
#include "sync/wire/sarap-multipart-reader.h"
#include "sync/wire/sarap-multipart-writer.h"
#include "sync/wire/sarap-openrosa.h"

#define XML_TYPE "text/xml; charset=utf-8"
#define MOST_REVIEWS 500

static char *
dup_base_url (SarapRequest *request)
{
  g_autofree char *key = g_uri_escape_string (request->key, "$!", FALSE);

  return g_strdup_printf ("%s/v1/key/%s/projects/%" G_GINT64_FORMAT, sarap_server_get_public_url (request->server), key, request->project);
}

static gboolean
list_form (SarapRequest *request, const SarapCentralForm *form, const char *base, GPtrArray *list, GError **error)
{
  g_autofree char *id = g_uri_escape_string (form->xml_form_id, NULL, FALSE);
  g_autoptr (GPtrArray) media = sarap_central_store_list_media (request->central->store, form->row, error);
  SarapListedForm *listed;

  if (media == NULL)
    return FALSE;
  listed = g_new0 (SarapListedForm, 1);
  listed->id = g_strdup (form->xml_form_id);
  listed->name = g_strdup (form->title);
  listed->version = g_strdup (form->version);
  listed->hash = g_strdup (form->hash);
  listed->download_url = g_strdup_printf ("%s/forms/%s.xml", base, id);
  if (media->len > 0)
    listed->manifest_url = g_strdup_printf ("%s/forms/%s/manifest", base, id);
  g_ptr_array_add (list, listed);
  return TRUE;
}

void
sarap_handle_form_list (SarapRequest *request)
{
  g_autofree char *base = dup_base_url (request);
  g_autoptr (GPtrArray) listed = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_listed_form_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) forms = sarap_central_store_list_forms (request->central->store, request->project, &error);
  g_autoptr (GBytes) body = NULL;

  if (forms == NULL)
    {
      sarap_request_reply_failure (request, error);
      return;
    }
  for (guint i = 0; i < forms->len; i++)
    {
      const SarapCentralForm *form = g_ptr_array_index (forms, i);

      if (g_str_equal (form->state, "open") && !list_form (request, form, base, listed, &error))
        {
          sarap_request_reply_failure (request, error);
          return;
        }
    }
  body = sarap_form_list_serialize (listed);
  sarap_request_reply (request, SOUP_STATUS_OK, XML_TYPE, body);
}

void
sarap_handle_manifest (SarapRequest *request)
{
  g_autoptr (SarapCentralForm) form = sarap_request_find_form (request);
  g_autoptr (GPtrArray) listed = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_listed_media_free);
  g_autoptr (GPtrArray) media = NULL;
  g_autofree char *base = dup_base_url (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;

  if (form == NULL)
    return;
  media = sarap_central_store_list_media (request->central->store, form->row, &error);
  if (media == NULL)
    {
      sarap_request_reply_failure (request, error);
      return;
    }
  for (guint i = 0; i < media->len; i++)
    {
      const SarapCentralFile *file = g_ptr_array_index (media, i);
      g_autofree char *id = g_uri_escape_string (form->xml_form_id, NULL, FALSE);
      g_autofree char *name = g_uri_escape_string (file->name, NULL, FALSE);
      SarapListedMedia *item = g_new0 (SarapListedMedia, 1);

      item->name = g_strdup (file->name);
      item->hash = g_strconcat ("md5:", file->md5, NULL);
      item->download_url = g_strdup_printf ("%s/forms/%s/attachments/%s", base, id, name);
      g_ptr_array_add (listed, item);
    }
  body = sarap_manifest_serialize (listed);
  sarap_request_reply (request, SOUP_STATUS_OK, XML_TYPE, body);
}

/* For devices and supervisors alike. */
void
sarap_handle_form_attachment (SarapRequest *request)
{
  g_autoptr (SarapCentralForm) form = sarap_request_find_form (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) media = form ? sarap_central_store_list_media (request->central->store, form->row, &error) : NULL;

  if (form == NULL)
    return;
  if (media == NULL)
    {
      sarap_request_reply_failure (request, error);
      return;
    }
  for (guint i = 0; i < media->len; i++)
    {
      const SarapCentralFile *file = g_ptr_array_index (media, i);

      if (!g_str_equal (file->name, request->name))
        continue;
      sarap_request_reply_media (request, file, file->md5);
      return;
    }
  sarap_request_reply_error (request, SOUP_STATUS_NOT_FOUND, "the form has no such file");
}

void
sarap_handle_submission_head (SarapRequest *request)
{
  g_autofree char *base = dup_base_url (request);
  g_autofree char *location = g_strconcat (base, "/submission", NULL);

  sarap_request_reply (request, SOUP_STATUS_NO_CONTENT, NULL, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (request->message), "Location", location);
}

/* While the body comes, or at its end. What the sender did wrong is told; the machine's failures are logged. */
void
sarap_handle_broken_upload (SarapRequest *request, const GError *error)
{
  if (error->domain == SARAP_MULTIPART_ERROR || error->domain == SARAP_INPUT_ERROR)
    {
      sarap_request_refuse (request, g_error_matches (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT) ? SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE : SOUP_STATUS_BAD_REQUEST, "%s", error->message);
      return;
    }
  g_warning ("%s", error->message);
  sarap_request_refuse (request, SOUP_STATUS_SERVICE_UNAVAILABLE, "the server cannot store this now; try again later");
}

static GBytes *
write_receipt (SarapCentral *central, const SarapParcel *parcel)
{
  g_autoptr (SarapReceipt) receipt = sarap_receipt_from_parcel (central, parcel);
  const char *message = !receipt->is_complete ? SARAP_MESSAGE_FILES_MISSING : parcel->outcome == SARAP_OUTCOME_CREATED ? SARAP_MESSAGE_STORED
                                                                                                                       : SARAP_MESSAGE_STORED_BEFORE;

  return sarap_openrosa_response_serialize (message, "submit_success", receipt);
}

static guint
status_of (const SarapParcel *parcel)
{
  switch (parcel->outcome)
    {
    case SARAP_OUTCOME_CREATED:
      return SOUP_STATUS_CREATED;
    case SARAP_OUTCOME_DUPLICATE:
      return SOUP_STATUS_ACCEPTED;
    case SARAP_OUTCOME_CONFLICT:
    case SARAP_OUTCOME_CLOSED:
      return SOUP_STATUS_CONFLICT;
    case SARAP_OUTCOME_UNPLACED:
      return parcel->form == NULL ? SOUP_STATUS_NOT_FOUND : SOUP_STATUS_UNPROCESSABLE_ENTITY;
    case SARAP_OUTCOME_FAILED:
    default:
      return SOUP_STATUS_SERVICE_UNAVAILABLE;
    }
}

static void
accepted_cb (SarapParcel *parcel, gpointer data)
{
  SarapRequest *request = data;
  SoupServerMessage *message = request->message;
  guint status = status_of (parcel);

  if (status == SOUP_STATUS_CREATED || status == SOUP_STATUS_ACCEPTED)
    {
      g_autoptr (GBytes) body = write_receipt (request->central, parcel);

      sarap_request_reply (request, status, XML_TYPE, body);
    }
  else if (status == SOUP_STATUS_SERVICE_UNAVAILABLE)
    {
      g_autoptr (GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "%s", parcel->message);

      sarap_request_reply_failure (request, error);
    }
  else
    sarap_request_reply_error (request, status, parcel->message);
  sarap_parcel_free (parcel);
  soup_server_message_unpause (message);
  g_object_unref (message);
}

void
sarap_handle_submission (SarapRequest *request)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *spools = NULL;
  SarapParcel *parcel = sarap_upload_finish (request->upload, request->project, &spools, &error);

  g_clear_pointer (&request->upload, sarap_upload_free);
  if (parcel == NULL)
    {
      sarap_handle_broken_upload (request, error);
      sarap_request_reply_error (request, request->refused, request->refusal);
      return;
    }
  parcel->app_user = request->app_user->id;
  parcel->submitter = g_strdup (request->app_user->name);
  g_object_ref (request->message);
  soup_server_message_pause (request->message);
  sarap_intake_push (sarap_server_get_intake (request->server), parcel, spools, accepted_cb, request);
}

void
sarap_handle_device_reviews (SarapRequest *request)
{
  gint64 sequence = sarap_request_get_query_number (request, "since", 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) reviews = sarap_central_store_list_reviews (request->central->store, request->app_user->id, sequence, MOST_REVIEWS, &error);
  JsonBuilder *builder;

  if (reviews == NULL)
    {
      sarap_request_reply_failure (request, error);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "reviews");
  json_builder_begin_array (builder);
  for (guint i = 0; i < reviews->len; i++)
    {
      const SarapCentralEvent *event = g_ptr_array_index (reviews, i);

      json_builder_begin_object (builder);
      sarap_json_build_nullable (builder, "instanceId", event->instance_id);
      sarap_json_build_nullable (builder, "reviewState", event->state);
      sarap_json_build_nullable (builder, "comment", event->body);
      sarap_json_build_nullable (builder, "actor", event->actor);
      sarap_json_build_time (builder, "at", event->at);
      json_builder_end_object (builder);
      sequence = event->id;
    }
  json_builder_end_array (builder);
  sarap_json_build_int (builder, "sequence", sequence);
  json_builder_end_object (builder);
  sarap_request_reply_json (request, SOUP_STATUS_OK, builder);
}
