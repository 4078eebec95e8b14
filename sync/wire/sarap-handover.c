#include "sync/wire/sarap-handover.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "app/base/sarap-problem.h"

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

/* The object of a file that carries the mark @mark: 1. */
static JsonObject *
parse_object (GBytes *bytes, const char *mark, JsonParser *parser, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  JsonNode *root;

  if (!g_utf8_validate_len (text ? text : "", length, NULL) || !json_parser_load_from_data (parser, text ? text : "", (gssize) length, NULL) ||
      (root = json_parser_get_root (parser)) == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "not a JSON object");
      return NULL;
    }
  if (json_object_get_int_member_with_default (json_node_get_object (root), mark, 0) != 1)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_UNSUPPORTED, "not a file of the kind \"%s\": 1", mark);
      return NULL;
    }
  return json_node_get_object (root);
}

static const char *
peek_string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

static JsonArray *
peek_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static gboolean
parse_files (JsonArray *array, GPtrArray *files, GError **error)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *file = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *name = file ? peek_string (file, "name") : NULL;
      const char *sha256 = file ? peek_string (file, "sha256") : NULL;
      gint64 size = file ? json_object_get_int_member_with_default (file, "size", -1) : -1;

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
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonObject *object = parse_object (bytes, "sarap-handover", parser, error);
  g_autoptr (SarapHandoverManifest) self = NULL;
  const char *version;

  if (object == NULL)
    return NULL;
  version = peek_string (object, "version");
  self = sarap_handover_manifest_new (peek_string (object, "instanceId"), peek_string (object, "formId"), version ? version : "");
  if (self->instance_id == NULL || self->form_id == NULL)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "no instanceId or no formId");
      return NULL;
    }
  return parse_files (peek_array (object, "files"), self->files, error) ? g_steal_pointer (&self) : NULL;
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
      json_builder_set_member_name (builder, "name");
      json_builder_add_string_value (builder, file->name);
      json_builder_set_member_name (builder, "sha256");
      json_builder_add_string_value (builder, file->sha256);
      json_builder_set_member_name (builder, "size");
      json_builder_add_int_value (builder, (gint64) file->size);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
build_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static JsonBuilder *
begin_file (const char *mark)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, mark);
  json_builder_add_int_value (builder, 1);
  return builder;
}

static GBytes *
finish_file (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  char *text;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  return g_bytes_new_take (text, strlen (text));
}

GBytes *
sarap_handover_manifest_serialize (const SarapHandoverManifest *self)
{
  g_autoptr (JsonBuilder) builder = begin_file ("sarap-handover");

  build_string (builder, "instanceId", self->instance_id);
  build_string (builder, "formId", self->form_id);
  build_string (builder, "version", self->version);
  build_files (builder, self->files);
  return finish_file (builder);
}

/* @message: (out) (optional) (transfer full) the server's words, "" when none */
SarapReceipt *
sarap_handover_receipt_parse (GBytes *bytes, char **message, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonObject *object = parse_object (bytes, "sarap-receipt", parser, error);
  g_autoptr (SarapReceipt) receipt = NULL;
  JsonArray *missing;
  const char *words;

  if (object == NULL)
    return NULL;
  receipt = sarap_receipt_new (peek_string (object, "instanceId"));
  if (receipt->instance_id == NULL)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "no instanceId");
      return NULL;
    }
  receipt->is_complete = json_object_get_boolean_member_with_default (object, "complete", FALSE);
  if (!parse_files (peek_array (object, "files"), receipt->files, error))
    return NULL;
  missing = peek_array (object, "missing");
  for (guint i = 0; missing != NULL && i < json_array_get_length (missing); i++)
    if (json_node_get_value_type (json_array_get_element (missing, i)) == G_TYPE_STRING)
      sarap_receipt_add_missing (receipt, json_array_get_string_element (missing, i));
  words = peek_string (object, "message");
  if (message != NULL)
    *message = g_strdup (words ? words : "");
  return g_steal_pointer (&receipt);
}

GBytes *
sarap_handover_receipt_serialize (const SarapReceipt *receipt, const char *message)
{
  g_autoptr (JsonBuilder) builder = begin_file ("sarap-receipt");

  build_string (builder, "instanceId", receipt->instance_id);
  json_builder_set_member_name (builder, "complete");
  json_builder_add_boolean_value (builder, receipt->is_complete);
  build_string (builder, "message", message);
  build_files (builder, receipt->files);
  json_builder_set_member_name (builder, "missing");
  json_builder_begin_array (builder);
  for (guint i = 0; i < receipt->missing->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (receipt->missing, i));
  json_builder_end_array (builder);
  return finish_file (builder);
}

/* "uuid:" left out, every other character that FAT refuses becomes "_". The name identifies nothing:
 * manifest.json does. */
char *
sarap_handover_folder_name (const char *id)
{
  char *name = g_strdup (g_str_has_prefix (id, "uuid:") ? id + strlen ("uuid:") : id);

  return g_strcanon (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_", '_');
}
