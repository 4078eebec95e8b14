/* sarapctl eval: XPath over JSON lines, {i, expr, xml, context, root?, ns?, tz, lang?, want} each.
 * `want` changes the form of a node-set only: "node-first" and "node-any" ask for one node. */
#include "app/cli/sarap-cli.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/base/sarap-json.h"
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
  return sarap_json_peek_string (request, member);
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
  JsonObject *object = sarap_json_peek_object (request, "ns");
  GHashTable *namespaces = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonObjectIter iter;
  const char *prefix;

  if (object == NULL)
    return namespaces;
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &prefix, NULL))
    if (sarap_json_peek_string (object, prefix) != NULL)
      g_hash_table_insert (namespaces, g_strdup (prefix), g_strdup (sarap_json_peek_string (object, prefix)));
  return namespaces;
}

/* NaN and infinities become strings. */
static void
add_number (JsonBuilder *builder, const char *member, double number)
{
  g_autofree char *text = sarap_xpath_format_number (number);

  json_builder_set_member_name (builder, member);
  if (isfinite (number))
    json_builder_add_double_value (builder, number);
  else
    json_builder_add_string_value (builder, text);
}

static guint
count_before (const SarapNode *node)
{
  guint position = 1;

  for (const SarapNode *sibling = node->previous; sibling != NULL; sibling = sibling->previous)
    position += sibling->kind == node->kind;
  return position;
}

/* Places among siblings instead of names, which would need prefixes that only the document knows. */
static void
append_places (const SarapNode *node, GString *path)
{
  static const char *const steps[] = { "", "*", "@", "text()", "comment()", "processing-instruction()" };

  if (node->kind == SARAP_NODE_DOCUMENT || node->parent == NULL)
    return;
  append_places (node->parent, path);
  g_string_append_printf (path, "/%s", steps[node->kind]);
  if (node->kind != SARAP_NODE_ATTRIBUTE)
    g_string_append_printf (path, "[%u]", count_before (node));
  else if (node->prefix != NULL)
    g_string_append_printf (path, "%s:%s", node->prefix, node->name);
  else
    g_string_append (path, node->name);
}

/* `want` of one node: [path, string], the path by places; null without a node. */
static void
add_one_node (JsonBuilder *builder, GPtrArray *nodes)
{
  g_autoptr (GString) path = g_string_new (NULL);
  g_autofree char *text = NULL;

  if (nodes->len == 0)
    {
      json_builder_add_null_value (builder);
      return;
    }
  append_places (g_ptr_array_index (nodes, 0), path);
  text = sarap_node_dup_string_value (g_ptr_array_index (nodes, 0));
  json_builder_begin_array (builder);
  json_builder_add_string_value (builder, path->len > 0 ? path->str : "/");
  json_builder_add_string_value (builder, text);
  json_builder_end_array (builder);
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
add_value (JsonBuilder *builder, const SarapXPathValue *value, const char *want)
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
  else if (value->type == SARAP_XPATH_NODESET && want != NULL && g_str_has_prefix (want, "node-"))
    add_one_node (builder, value->nodes);
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
    add_value (builder, &value, peek_text (object, "want"));
  g_clear_pointer (&request.tree, sarap_tree_free);
  return ok;
}

static void
answer_line (const char *line, gsize length)
{
  static const char *const texts[] = { "expr", "xml", "context", "root", "tz", "lang", "want", NULL };
  static const char *const objects[] = { "ns", NULL }, *const none[] = { NULL };
  g_autoptr (GBytes) bytes = g_bytes_new_static (line, length);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) reply = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) request = sarap_json_parse (bytes, "request", &error);
  JsonObject *object = request ? sarap_json_peek_root (request) : NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  if (object != NULL && json_object_has_member (object, "i"))
    {
      json_builder_set_member_name (builder, "i");
      json_builder_add_value (builder, json_object_dup_member (object, "i"));
    }
  if (object == NULL || !sarap_cli_check_members (object, texts, none, objects, &error) || !answer (object, builder, &error))
    sarap_json_build_string (builder, "error", error ? error->message : "a request is one JSON object a line");
  json_builder_end_object (builder);
  reply = json_builder_get_root (builder);
  text = sarap_json_print (reply, FALSE);
  puts (text);
  fflush (stdout);
}

int
sarap_cli_eval (int argc, char **argv)
{
  size_t size = 0;
  char *buffer = NULL;
  ssize_t length;

  if (argc != 1)
    {
      g_printerr ("usage: sarapctl eval < REQUESTS\n");
      return SARAP_STATUS_BAD_USAGE;
    }
  while ((length = getline (&buffer, &size, stdin)) > 0)
    answer_line (buffer, (gsize) length);
  free (buffer);
  return SARAP_STATUS_DONE;
}
