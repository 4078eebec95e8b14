#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* JSON from files and from the network: read up to a depth, and a member of another type counts as
 * absent. */

#define SARAP_JSON_MAX_DEPTH 100

JsonNode *sarap_json_parse (GBytes *bytes, const char *what, GError **error);
JsonObject *sarap_json_peek_root (JsonNode *root);
const char *sarap_json_peek_string (JsonObject *object, const char *name);
gint64 sarap_json_peek_int (JsonObject *object, const char *name, gint64 otherwise);
gboolean sarap_json_peek_boolean (JsonObject *object, const char *name);
JsonArray *sarap_json_peek_array (JsonObject *object, const char *name);
JsonObject *sarap_json_peek_object (JsonObject *object, const char *name);
JsonObject *sarap_json_peek_element (JsonArray *array, guint index);

char *sarap_json_print (JsonNode *root, gboolean is_pretty);
void sarap_json_build_string (JsonBuilder *builder, const char *name, const char *value);
void sarap_json_build_nullable (JsonBuilder *builder, const char *name, const char *value);
void sarap_json_build_boolean (JsonBuilder *builder, const char *name, gboolean value);
void sarap_json_build_time (JsonBuilder *builder, const char *name, gint64 time);
void sarap_json_build_int (JsonBuilder *builder, const char *name, gint64 value);
GBytes *sarap_json_build_finish (JsonBuilder *builder, gboolean is_pretty);

/* What is signed: one text for one value. */
GBytes *sarap_json_to_canonical (JsonNode *node);
GBytes *sarap_json_build_canonical (JsonBuilder *builder);

G_END_DECLS
