#include "sync/wire/sarap-handover.h"

#include <string.h>

#include "app/base/sarap-problem.h"
#include "app/base/sarap-json.h"

SarapHandoverManifest *
sarap_handover_manifest_new (const char *instance_id, const char *form_id, const char *version)
{
  SarapHandoverManifest *self = g_new0 (SarapHandoverManifest, 1);

  self->instance_id = g_strdup (instance_id);
  self->form_id = g_strdup (form_id);
  self->version = g_strdup (version);
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_stored_file_free);
  return self;
}

void
sarap_handover_manifest_free (SarapHandoverManifest *self)
{
  g_free (self->instance_id);
  g_free (self->form_id);
  g_free (self->version);
  g_ptr_array_unref (self->files);
  g_free (self);
}

void
sarap_handover_manifest_add_file (SarapHandoverManifest *self, const char *name, const char *sha256, guint64 size)
{
  g_ptr_array_add (self->files, sarap_stored_file_new (name, sha256, size));
}

/* The content of a file that carries the mark @mark: 1. */
static JsonNode *
parse_marked (GBytes *bytes, const char *mark, GError **error)
{
  g_autoptr (JsonNode) root = sarap_json_parse (bytes, mark, error);
  JsonObject *object = root ? sarap_json_peek_root (root) : NULL;

  if (root == NULL)
    return NULL;
  if (object == NULL || sarap_json_peek_int (object, mark, 0) != 1)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_UNSUPPORTED, "not a file of the kind \"%s\": 1", mark);
      return NULL;
    }
  return g_steal_pointer (&root);
}

static gboolean
parse_files (JsonArray *array, GPtrArray *files, GError **error)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *file = sarap_json_peek_element (array, i);
      const char *name = file ? sarap_json_peek_string (file, "name") : NULL;
      const char *sha256 = file ? sarap_json_peek_string (file, "sha256") : NULL;
      gint64 size = file ? sarap_json_peek_int (file, "size", -1) : -1;

      if (size < 0 || !sarap_stored_file_is_sound (name, sha256, files))
        {
          g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "file %u is not one with name, sha256 and size", i + 1);
          return FALSE;
        }
      g_ptr_array_add (files, sarap_stored_file_new (name, sha256, (guint64) size));
    }
  return TRUE;
}

SarapHandoverManifest *
sarap_handover_manifest_parse (GBytes *bytes, GError **error)
{
  g_autoptr (JsonNode) root = parse_marked (bytes, "sarap-handover", error);
  JsonObject *object = root ? sarap_json_peek_root (root) : NULL;
  g_autoptr (SarapHandoverManifest) self = NULL;
  const char *version;

  if (object == NULL)
    return NULL;
  version = sarap_json_peek_string (object, "version");
  self = sarap_handover_manifest_new (sarap_json_peek_string (object, "instanceId"), sarap_json_peek_string (object, "formId"), version ? version : "");
  if (self->instance_id == NULL || self->form_id == NULL)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "no instanceId or no formId");
      return NULL;
    }
  return parse_files (sarap_json_peek_array (object, "files"), self->files, error) ? g_steal_pointer (&self) : NULL;
}

static void
build_files (JsonBuilder *builder, GPtrArray *files)
{
  json_builder_set_member_name (builder, "files");
  json_builder_begin_array (builder);
  for (guint i = 0; i < files->len; i++)
    {
      const SarapStoredFile *file = g_ptr_array_index (files, i);

      json_builder_begin_object (builder);
      sarap_json_build_string (builder, "name", file->name);
      sarap_json_build_string (builder, "sha256", file->sha256);
      sarap_json_build_int (builder, "size", (gint64) file->size);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static JsonBuilder *
begin_file (const char *mark)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  sarap_json_build_int (builder, mark, 1);
  return builder;
}

GBytes *
sarap_handover_manifest_serialize (const SarapHandoverManifest *self)
{
  g_autoptr (JsonBuilder) builder = begin_file ("sarap-handover");

  sarap_json_build_string (builder, "instanceId", self->instance_id);
  sarap_json_build_string (builder, "formId", self->form_id);
  sarap_json_build_string (builder, "version", self->version);
  build_files (builder, self->files);
  return sarap_json_build_finish (builder, TRUE);
}

/* @message: (out) (optional) (transfer full) the server's words, "" when none */
SarapReceipt *
sarap_handover_receipt_parse (GBytes *bytes, char **message, GError **error)
{
  g_autoptr (JsonNode) root = parse_marked (bytes, "sarap-receipt", error);
  JsonObject *object = root ? sarap_json_peek_root (root) : NULL;
  g_autoptr (SarapReceipt) receipt = NULL;
  JsonArray *missing;
  const char *words;

  if (object == NULL)
    return NULL;
  receipt = sarap_receipt_new (sarap_json_peek_string (object, "instanceId"));
  if (receipt->instance_id == NULL)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "no instanceId");
      return NULL;
    }
  receipt->is_complete = sarap_json_peek_boolean (object, "complete");
  if (!parse_files (sarap_json_peek_array (object, "files"), receipt->files, error))
    return NULL;
  missing = sarap_json_peek_array (object, "missing");
  for (guint i = 0; missing != NULL && i < json_array_get_length (missing); i++)
    {
      JsonNode *name = json_array_get_element (missing, i);

      if (JSON_NODE_HOLDS_VALUE (name) && json_node_get_value_type (name) == G_TYPE_STRING)
        sarap_receipt_add_missing (receipt, json_node_get_string (name));
    }
  receipt->time = sarap_json_peek_int (object, "time", 0);
  receipt->signature = g_strdup (sarap_json_peek_string (object, "signature"));
  words = sarap_json_peek_string (object, "message");
  if (message != NULL)
    *message = g_strdup (words ? words : "");
  return g_steal_pointer (&receipt);
}

GBytes *
sarap_handover_receipt_serialize (const SarapReceipt *receipt, const char *message)
{
  g_autoptr (JsonBuilder) builder = begin_file ("sarap-receipt");

  sarap_json_build_string (builder, "instanceId", receipt->instance_id);
  json_builder_set_member_name (builder, "complete");
  json_builder_add_boolean_value (builder, receipt->is_complete);
  sarap_json_build_string (builder, "message", message);
  build_files (builder, receipt->files);
  json_builder_set_member_name (builder, "missing");
  json_builder_begin_array (builder);
  for (guint i = 0; i < receipt->missing->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (receipt->missing, i));
  json_builder_end_array (builder);
  sarap_json_build_int (builder, "time", receipt->time);
  sarap_json_build_string (builder, "signature", receipt->signature);
  return sarap_json_build_finish (builder, TRUE);
}

/* "uuid:" left out, every other character that FAT refuses becomes "_". The name identifies nothing:
 * manifest.json does. */
char *
sarap_handover_folder_name (const char *id)
{
  char *name = g_strdup (g_str_has_prefix (id, "uuid:") ? id + strlen ("uuid:") : id);

  return g_strcanon (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_", '_');
}
