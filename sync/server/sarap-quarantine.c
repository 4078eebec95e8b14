#include "sync/server/sarap-quarantine.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "app/base/sarap-file.h"
#include "app/base/sarap-problem.h"
#include "sync/server/sarap-parcel-reader.h"
#include "app/base/sarap-json.h"
#include "sync/wire/sarap-openrosa.h"

static SarapQuarantined *
find (SarapCentral *central, gint64 project, gint64 id, GError **error)
{
  g_autoptr (GError) failure = NULL;
  SarapQuarantined *quarantined = sarap_central_store_find_quarantined (central->store, project, id, &failure);

  if (quarantined == NULL && failure == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "nothing in quarantine has the number %" G_GINT64_FORMAT, id);
  else if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return quarantined;
}

/* The form may have become known since; that it is not encrypted is what the person decided about. */
static SarapParcel *
read_parcel (SarapCentral *central, gint64 project, const SarapQuarantined *quarantined, GError **error)
{
  g_autoptr (SarapParcel) parcel = sarap_parcel_read (central, project, quarantined->xml, error);

  if (parcel == NULL)
    return NULL;
  if (parcel->form == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s: add the form first", parcel->unplaced);
      return NULL;
    }
  parcel->is_decided = TRUE;
  parcel->app_user = quarantined->app_user;
  parcel->submitter = g_strdup (quarantined->submitter);
  parcel->received_at = quarantined->received_at;
  for (guint i = 0; i < quarantined->files->len; i++)
    {
      const SarapCentralFile *file = g_ptr_array_index (quarantined->files, i);

      g_ptr_array_add (parcel->files, sarap_central_file_new (file->name, file->sha256, file->size));
    }
  return g_steal_pointer (&parcel);
}

/* Gives it its place among the submissions; it stays in quarantine as well, with the decision.
 * G_IO_ERROR_NOT_FOUND: there is none, or it was accepted before; G_IO_ERROR_INVALID_ARGUMENT: it has no place. */
gboolean
sarap_quarantine_accept (SarapCentral *central, gint64 project, gint64 id, const char *actor, const char *comment, GError **error)
{
  g_autoptr (SarapQuarantined) quarantined = find (central, project, id, error);
  g_autoptr (SarapParcel) parcel = quarantined ? read_parcel (central, project, quarantined, error) : NULL;

  return parcel != NULL && sarap_central_store_accept_quarantined (central->store, id, parcel, actor, comment, sarap_central_get_now (central), error);
}

static gboolean
export_files (SarapCentral *central, const SarapQuarantined *quarantined, const char *folder, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < quarantined->files->len; i++)
    {
      const SarapCentralFile *file = g_ptr_array_index (quarantined->files, i);
      g_autoptr (GBytes) bytes = sarap_media_map (central->media, file->sha256, error);
      g_autofree char *name = g_hash_table_add (seen, file->name) ? g_strdup (file->name) : g_strdup_printf ("%.8s-%s", file->sha256, file->name);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (bytes == NULL || !sarap_file_write (path, bytes, 0600, error))
        return FALSE;
    }
  return TRUE;
}

/* submission.xml as it came, its attachments, and quarantine.json, into a new folder. Two files of one name: the
 * second has its hash in front. */
gboolean
sarap_quarantine_export (SarapCentral *central, gint64 project, gint64 id, const char *folder, GError **error)
{
  g_autoptr (SarapQuarantined) quarantined = find (central, project, id, error);
  g_autofree char *xml = g_build_filename (folder, SARAP_RECEIPT_XML, NULL), *facts = g_build_filename (folder, "quarantine.json", NULL);
  g_autoptr (JsonBuilder) builder = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GBytes) bytes = NULL;
  char *text;

  if (quarantined == NULL)
    return FALSE;
  if (g_mkdir (folder, 0700) != 0)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING, "%s: %s", folder, g_strerror (errno));
      return FALSE;
    }
  builder = json_builder_new ();
  sarap_quarantine_build (builder, quarantined);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  bytes = g_bytes_new_take (text, strlen (text));
  return sarap_file_write (xml, quarantined->xml, 0600, error) && export_files (central, quarantined, folder, error) && sarap_file_write (facts, bytes, 0600, error);
}

static void
build_files (JsonBuilder *builder, GPtrArray *files)
{
  json_builder_set_member_name (builder, "attachments");
  json_builder_begin_array (builder);
  for (guint i = 0; i < files->len; i++)
    {
      const SarapCentralFile *file = g_ptr_array_index (files, i);

      json_builder_begin_object (builder);
      sarap_json_build_nullable (builder, "name", file->name);
      sarap_json_build_nullable (builder, "sha256", file->sha256);
      sarap_json_build_int (builder, "size", file->size);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/* One object; files only when they were read. */
void
sarap_quarantine_build (JsonBuilder *builder, const SarapQuarantined *quarantined)
{
  json_builder_begin_object (builder);
  sarap_json_build_int (builder, "id", quarantined->id);
  sarap_json_build_nullable (builder, "instanceId", quarantined->instance_id);
  sarap_json_build_nullable (builder, "reason", quarantined->reason);
  sarap_json_build_nullable (builder, "submitter", quarantined->submitter);
  sarap_json_build_nullable (builder, "sha256", quarantined->sha256);
  sarap_json_build_int (builder, "size", quarantined->size);
  sarap_json_build_time (builder, "receivedAt", quarantined->received_at);
  sarap_json_build_nullable (builder, "decision", quarantined->decision);
  sarap_json_build_nullable (builder, "decidedBy", quarantined->decision ? quarantined->decided_by : NULL);
  sarap_json_build_nullable (builder, "comment", quarantined->decision ? quarantined->comment : NULL);
  sarap_json_build_time (builder, "decidedAt", quarantined->decided_at);
  sarap_json_build_nullable (builder, "acceptedAs", quarantined->accepted_as);
  if (quarantined->files != NULL)
    build_files (builder, quarantined->files);
  json_builder_end_object (builder);
}
