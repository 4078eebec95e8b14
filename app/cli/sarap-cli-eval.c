/* sarapctl eval: XPath over JSON lines, {i, expr, xml, context, root?, ns?, tz, lang?, want} each. */
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

/* Appends to the object @text, written already: json-glib would make 1e+20 "1e+20.0", which is no
 * JSON. NaN and infinities become strings. */
static void
append_number (GString *text, const char *member, double number)
{
  g_autofree char *words = sarap_xpath_format_number (number);
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_truncate (text, text->len - 1);
  if (isnan (number) || isinf (number))
    g_string_append_printf (text, ",\"%s\":\"%s\"}", member, words);
  else
    g_string_append_printf (text, ",\"%s\":%s}", member, g_ascii_formatd (digits, sizeof digits, "%.17g", number));
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
  json_builder_set_member_name (builder, "boolean");
  json_builder_add_boolean_value (builder, sarap_xpath_value_to_boolean (value));
  if (value->type == SARAP_XPATH_NUMBER)
    return;
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

/* The members of the reply but the numbers, which are left in @number. */
static gboolean
answer (JsonObject *object, JsonBuilder *builder, double *number, SarapXPathType *type, GError **error)
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
    {
      add_value (builder, &value);
      *number = sarap_xpath_value_to_number (&value);
      *type = value.type;
    }
  g_clear_pointer (&request.tree, sarap_tree_free);
  return ok;
}

static void
answer_line (const char *line, gsize length)
{
  static const char *const texts[] = { "expr", "xml", "context", "root", "tz", "lang", NULL };
  static const char *const objects[] = { "ns", NULL }, *const none[] = { NULL };
  g_autoptr (GBytes) bytes = g_bytes_new_static (line, length);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) reply = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) request = sarap_json_parse (bytes, "request", &error);
  JsonObject *object = request ? sarap_json_peek_root (request) : NULL;
  JsonNode *mark = object ? json_object_get_member (object, "i") : NULL;
  g_autoptr (GString) text = NULL;
  g_autofree char *members = NULL;
  SarapXPathType type = SARAP_XPATH_STRING;
  double number = 0;
  gboolean ok;

  json_builder_begin_object (builder);
  if (mark != NULL)
    {
      json_builder_set_member_name (builder, "i");
      json_builder_add_value (builder, json_node_copy (mark));
    }
  ok = object != NULL && sarap_cli_check_members (object, texts, none, objects, &error) && answer (object, builder, &number, &type, &error);
  if (!ok)
    {
      json_builder_set_member_name (builder, "error");
      json_builder_add_string_value (builder, error ? error->message : "a request is one JSON object a line");
    }
  json_builder_end_object (builder);
  reply = json_builder_get_root (builder);
  members = json_to_string (reply, FALSE);
  text = g_string_new (members);
  if (ok)
    append_number (text, "number", number);
  if (ok && type == SARAP_XPATH_NUMBER)
    append_number (text, "value", number);
  puts (text->str);
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
