/* sarapctl eval: XPath over JSON lines, {i, expr, xml, context, root?, ns?, tz, lang?, want} each. */
#include "app/cli/sarap-cli.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/form/xpath/sarap-xpath.h"

typedef struct
{
  SarapTree *tree;     /* from the request's xml, or NULL */
  SarapNode *document; /* of the whole xml */
  SarapXPathHost host;
} Request;

static const char *
peek_text (JsonObject *request, const char *member)
{
  return json_object_get_string_member_with_default (request, member, NULL);
}

static SarapNode *
find_node (SarapNode *from, const char *path, GError **error)
{
  g_autoptr (SarapXPath) xpath = sarap_xpath_compile (path, NULL, error);
  SarapXPathContext context = { .node = from };
  g_auto (SarapXPathValue) value = { 0 };

  if (xpath == NULL || !sarap_xpath_evaluate (xpath, &context, &value, error))
    return NULL;
  if (value.type == SARAP_XPATH_NODESET && value.nodes->len > 0)
    return g_ptr_array_index (value.nodes, 0);
  g_set_error (error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_VALUE, "“%s” names no node", path);
  return NULL;
}

static SarapNode *
find_instance (const char *id, gpointer data)
{
  Request *request = data;
  g_autofree char *path = g_strdup_printf ("descendant::*[local-name() = 'instance'][@id = '%s']", id);

  return find_node (request->document, path, NULL);
}

static GHashTable *
read_namespaces (JsonObject *request)
{
  JsonNode *node = json_object_get_member (request, "ns");
  GHashTable *namespaces = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonObjectIter iter;
  const char *prefix;
  JsonNode *uri;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return namespaces;
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &prefix, &uri))
    g_hash_table_insert (namespaces, g_strdup (prefix), json_node_dup_string (uri));
  return namespaces;
}

/* json-glib writes 1e+20 as "1e+20.0", which is no JSON. */
static gboolean
can_be_written (double number)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (digits, sizeof digits, "%.17g", number);
  return !isnan (number) && !isinf (number) && (strchr (digits, 'e') == NULL || strchr (digits, '.') != NULL);
}

/* NaN, infinities and what JSON cannot take become strings. */
static void
add_number (JsonBuilder *builder, const char *member, double number)
{
  g_autofree char *text = sarap_xpath_format_number (number);

  json_builder_set_member_name (builder, member);
  if (can_be_written (number))
    json_builder_add_double_value (builder, number);
  else
    json_builder_add_string_value (builder, text);
}

static void
add_nodes (JsonBuilder *builder, GPtrArray *nodes)
{
  json_builder_begin_array (builder);
  for (guint i = 0; i < nodes->len; i++)
    {
      g_autofree char *path = sarap_node_dup_path (g_ptr_array_index (nodes, i), TRUE);
      g_autofree char *text = sarap_node_dup_string_value (g_ptr_array_index (nodes, i));

      json_builder_begin_array (builder);
      json_builder_add_string_value (builder, path);
      json_builder_add_string_value (builder, text);
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
}

static void
add_value (JsonBuilder *builder, const SarapXPathValue *value)
{
  static const char *const types[] = { "boolean", "number", "string", "nodeset", "date" };
  g_autofree char *text = sarap_xpath_value_to_string (value);

  json_builder_set_member_name (builder, "type");
  json_builder_add_string_value (builder, types[value->type]);
  json_builder_set_member_name (builder, "string");
  json_builder_add_string_value (builder, text);
  add_number (builder, "number", sarap_xpath_value_to_number (value));
  json_builder_set_member_name (builder, "boolean");
  json_builder_add_boolean_value (builder, sarap_xpath_value_to_boolean (value));
  if (value->type == SARAP_XPATH_NUMBER)
    {
      add_number (builder, "value", value->number);
      return;
    }
  json_builder_set_member_name (builder, "value");
  if (value->type == SARAP_XPATH_BOOLEAN)
    json_builder_add_boolean_value (builder, value->boolean);
  else if (value->type == SARAP_XPATH_NODESET)
    add_nodes (builder, value->nodes);
  else
    json_builder_add_string_value (builder, text);
}

static gboolean
read_tree (JsonObject *object, Request *request, SarapNode **context, GError **error)
{
  const char *xml = peek_text (object, "xml"), *path = peek_text (object, "context"), *root_path = peek_text (object, "root");
  g_autoptr (GBytes) bytes = NULL;
  SarapNode *root;

  if (xml == NULL || *xml == '\0')
    return TRUE;
  bytes = g_bytes_new (xml, strlen (xml));
  request->tree = sarap_tree_new_from_xml_exact (bytes, "xml", error);
  if (request->tree == NULL)
    return FALSE;
  request->document = sarap_tree_get_document (request->tree);
  *context = path && !g_str_equal (path, "/") ? find_node (request->document, path, error) : request->document;
  root = root_path && *context ? find_node (request->document, root_path, error) : request->document;
  if (*context == NULL || root == NULL)
    return FALSE;
  sarap_tree_set_document (request->tree, root);
  return TRUE;
}

static gboolean
answer (JsonObject *object, JsonBuilder *builder, GError **error)
{
  Request request = { .host = { .instance = find_instance } };
  g_autoptr (SarapClock) clock = sarap_clock_new_system ();
  g_autoptr (GHashTable) namespaces = read_namespaces (object);
  g_autoptr (SarapXPath) xpath = NULL;
  g_auto (SarapXPathValue) value = { 0 };
  SarapXPathContext context = { .host = &request.host, .host_data = &request };
  const char *expression = peek_text (object, "expr"), *zone = peek_text (object, "tz");
  gboolean ok;

  if (zone != NULL && !sarap_clock_set_zone (clock, zone))
    {
      g_set_error (error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_VALUE, "unknown time zone “%s”", zone);
      return FALSE;
    }
  request.host.clock = clock;
  request.host.language = peek_text (object, "lang");
  xpath = sarap_xpath_compile (expression ? expression : "", namespaces, error);
  ok = xpath != NULL && read_tree (object, &request, &context.node, error) && sarap_xpath_evaluate (xpath, &context, &value, error);
  if (ok)
    add_value (builder, &value);
  g_clear_pointer (&request.tree, sarap_tree_free);
  return ok;
}

static void
answer_line (const char *line)
{
  static const char *const texts[] = { "expr", "xml", "context", "root", "tz", "lang", NULL };
  static const char *const objects[] = { "ns", NULL }, *const none[] = { NULL };
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) reply = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  JsonNode *root;

  json_builder_begin_object (builder);
  root = json_parser_load_from_data (parser, line, -1, &error) ? json_parser_get_root (parser) : NULL;
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    {
      JsonObject *object = json_node_get_object (root);
      JsonNode *number = json_object_get_member (object, "i");

      if (number != NULL)
        {
          json_builder_set_member_name (builder, "i");
          json_builder_add_value (builder, json_node_copy (number));
        }
      if (sarap_cli_check_members (object, texts, none, objects, &error))
        answer (object, builder, &error);
    }
  else if (error == NULL)
    g_set_error (&error, SARAP_XPATH_ERROR, SARAP_XPATH_ERROR_VALUE, "a request is one JSON object a line");
  if (error != NULL)
    {
      json_builder_set_member_name (builder, "error");
      json_builder_add_string_value (builder, error->message);
    }
  json_builder_end_object (builder);
  reply = json_builder_get_root (builder);
  json_generator_set_root (generator, reply);
  text = json_generator_to_data (generator, NULL);
  puts (text);
  fflush (stdout);
}

int
sarap_cli_eval (int argc, char **argv)
{
  size_t size = 0;
  char *buffer = NULL;

  if (argc != 1)
    {
      g_printerr ("usage: sarapctl eval < REQUESTS\n");
      return SARAP_STATUS_BAD_USAGE;
    }
  while (getline (&buffer, &size, stdin) > 0)
    answer_line (buffer);
  free (buffer);
  return SARAP_STATUS_DONE;
}
