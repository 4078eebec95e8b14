#include "app/base/sarap-json.h"

#include <string.h>

#include "app/base/sarap-problem.h"

#define MAX_VALUES 10000000 /* each some hundred bytes */
#define MAX_DIGITS 18       /* fit 64 bits whatever they are */

/* json-glib calls itself for each level: a line of brackets would exhaust the stack. It also skips
 * comments, which JSON does not have and which could hide a quote, so these are refused.
 * Returns: what is wrong, or NULL */
static const char *
find_fault (const char *text, gsize length)
{
  gboolean is_string = FALSE;
  guint depth = 0;
  guint n_values = 1;

  for (gsize i = 0; i < length; i++)
    if (is_string && text[i] == '\\')
      i++;
    else if (text[i] == '"')
      is_string = !is_string;
    else if (is_string)
      continue;
    else if (text[i] == '/')
      return "a comment";
    else if (text[i] == ',' && ++n_values > MAX_VALUES)
      return "more than " G_STRINGIFY (MAX_VALUES) " values";
    else if ((text[i] == '[' || text[i] == '{') && ++depth > SARAP_JSON_MAX_DEPTH)
      return "arrays and objects nest deeper than " G_STRINGIFY (SARAP_JSON_MAX_DEPTH);
    else if ((text[i] == ']' || text[i] == '}') && depth > 0)
      depth--;
  return NULL;
}

/* The number after "\\u" at @at, or 0x110000 when there is none. */
static guint
peek_escape (const char *at, const char *end)
{
  guint code = 0;

  if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
    return 0x110000;
  for (guint i = 2; i < 6; i++)
    {
      if (!g_ascii_isxdigit (at[i]))
        return 0x110000;
      code = code * 16 + (guint) g_ascii_xdigit_value (at[i]);
    }
  return code;
}

/* Copies one escape of a string. Half a surrogate pair and \u0000 are no text, and json-glib would
 * make bytes of them that are not UTF-8, or end the text. */
static const char *
copy_escape (GString *out, const char *at, const char *end)
{
  guint code = peek_escape (at, end);
  gboolean is_half = code >= 0xd800 && code < 0xe000;
  gsize length = code <= 0xffff ? 6 : MIN (2, (gsize) (end - at));

  if (is_half && code < 0xdc00 && (peek_escape (at + 6, end) & ~0x3ffu) == 0xdc00)
    {
      length = 12;
      is_half = FALSE;
    }
  if (code == 0 || is_half)
    g_string_append (out, "\\ufffd");
  else
    g_string_append_len (out, at, (gssize) length);
  return at + length;
}

/* json-glib reads a whole number that has no place in 64 bits as -1: it becomes a double. */
static const char *
copy_number (GString *out, const char *at, const char *end)
{
  const char *start = at;
  gboolean is_whole = TRUE;

  for (; at < end && (g_ascii_isdigit (*at) || *at == '.' || *at == 'e' || *at == 'E' || *at == '+' || *at == '-'); at++)
    is_whole &= g_ascii_isdigit (*at);
  g_string_append_len (out, start, at - start);
  if (is_whole && at - start > MAX_DIGITS)
    g_string_append (out, ".0");
  return at;
}

/* @text without what json-glib would misread. */
static GString *
mend (const char *text, gsize length)
{
  GString *out = g_string_sized_new (length + 16);
  const char *end = text + length;
  gboolean is_string = FALSE;

  for (const char *at = text; at < end;)
    if (is_string && *at == '\\')
      at = copy_escape (out, at, end);
    else if (!is_string && g_ascii_isdigit (*at))
      at = copy_number (out, at, end);
    else
      {
        is_string ^= *at == '"';
        g_string_append_c (out, *at++);
      }
  return out;
}

static JsonNode *
parse_checked (const char *text, gsize length, const char *what, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GString) mended = mend (text, length);
  g_autoptr (GError) cause = NULL;

  if (json_parser_load_from_data (parser, mended->str, (gssize) mended->len, &cause) && json_parser_get_root (parser) != NULL)
    return json_parser_steal_root (parser);
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: not JSON: %s", what, cause ? cause->message : "empty");
  return NULL;
}

/* @what: name of the file or message, for the error. Returns: (transfer full) or NULL with
 * SARAP_INPUT_ERROR_MALFORMED, or _LIMIT when it nests too deep or has comments. */
JsonNode *
sarap_json_parse (GBytes *bytes, const char *what, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  const char *fault = find_fault (text, length);

  if (length == 0)
    g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: empty, not JSON", what);
  else if (length > G_MAXINT)
    g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT, "%s: larger than 2 GB; split it", what);
  else if (!g_utf8_validate_len (text, length, NULL))
    g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: not JSON: not UTF-8 text", what);
  else if (fault != NULL)
    g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT, "%s: not accepted: %s", what, fault);
  else
    return parse_checked (text, length, what, error);
  return NULL;
}

/* NULL when @root is no object. */
JsonObject *
sarap_json_peek_root (JsonNode *root)
{
  return JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
}

static JsonNode *
peek_value (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type ? node : NULL;
}

const char *
sarap_json_peek_string (JsonObject *object, const char *name)
{
  JsonNode *node = peek_value (object, name, G_TYPE_STRING);

  return node != NULL ? json_node_get_string (node) : NULL;
}

gint64
sarap_json_peek_int (JsonObject *object, const char *name, gint64 otherwise)
{
  JsonNode *node = peek_value (object, name, G_TYPE_INT64);

  return node != NULL ? json_node_get_int (node) : otherwise;
}

gboolean
sarap_json_peek_boolean (JsonObject *object, const char *name)
{
  JsonNode *node = peek_value (object, name, G_TYPE_BOOLEAN);

  return node != NULL && json_node_get_boolean (node);
}

JsonArray *
sarap_json_peek_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

JsonObject *
sarap_json_peek_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* The object at @index, NULL when it is something else. */
JsonObject *
sarap_json_peek_element (JsonArray *array, guint index)
{
  return sarap_json_peek_root (json_array_get_element (array, index));
}

/* Adds nothing for NULL. */
void
sarap_json_build_string (JsonBuilder *builder, const char *name, const char *value)
{
  if (value == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

/* NULL becomes null. */
void
sarap_json_build_nullable (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
sarap_json_build_boolean (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

/* ISO 8601 UTC with milliseconds; 0, which is never, becomes null. */
void
sarap_json_build_time (JsonBuilder *builder, const char *name, gint64 time)
{
  g_autoptr (GDateTime) moment = time != 0 ? g_date_time_new_from_unix_utc (time / 1000) : NULL;
  g_autofree char *seconds = moment ? g_date_time_format (moment, "%Y-%m-%dT%H:%M:%S") : NULL;
  g_autofree char *text = seconds ? g_strdup_printf ("%s.%03dZ", seconds, (int) (time % 1000)) : NULL;

  sarap_json_build_nullable (builder, name, text);
}

void
sarap_json_build_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

/* The characters of the string or number that begins at @at, or 1. */
static gsize
measure_token (const char *at)
{
  gsize length = 1;

  if (*at != '"')
    return MAX (strspn (at, "+-.eE0123456789"), 1);
  while (at[length] != '"')
    length += at[length] == '\\' ? 2 : 1;
  return length + 1;
}

/* json-glib writes 1e20 as "1e+20.0", which is no JSON: takes such endings away. */
static void
mend_exponents (char *text)
{
  char *out = text;
  gsize length;

  for (const char *at = text; *at != '\0'; at += length)
    {
      gsize kept;

      kept = length = measure_token (at);
      if (length > 3 && g_ascii_isdigit (at[length - 3]) && memcmp (at + length - 2, ".0", 2) == 0 && memchr (at, 'e', length) != NULL && *at != '"')
        kept -= 2;
      memmove (out, at, kept);
      out += kept;
    }
  *out = '\0';
}

/* Returns: (transfer full) JSON; every number reads back as the same double */
char *
sarap_json_print (JsonNode *root, gboolean is_pretty)
{
  char *text = json_to_string (root, is_pretty);

  mend_exponents (text);
  return text;
}

/* Closes the outermost object. Its text stands NUL-terminated behind the bytes. */
GBytes *
sarap_json_build_finish (JsonBuilder *builder, gboolean is_pretty)
{
  g_autoptr (JsonNode) root = NULL;
  char *text;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = sarap_json_print (root, is_pretty);
  return g_bytes_new_take (text, strlen (text));
}

static void
append_canonical_string (GString *out, const char *text)
{
  static const char shorts[] = "\b\f\n\r\t\"\\";
  static const char letters[] = "bfnrt\"\\";

  g_string_append_c (out, '"');
  for (const char *at = text; *at != '\0'; at++)
    {
      const char *found = strchr (shorts, *at);

      if (found != NULL)
        g_string_append_printf (out, "\\%c", letters[found - shorts]);
      else if ((guchar) *at < 0x20)
        g_string_append_printf (out, "\\u%04x", (guint) *at);
      else
        g_string_append_c (out, *at);
    }
  g_string_append_c (out, '"');
}

static void append_canonical (GString *out, JsonNode *node);

static void
append_canonical_object (GString *out, JsonObject *object)
{
  g_autoptr (GList) sorted = g_list_sort (json_object_get_members (object), (GCompareFunc) strcmp);

  g_string_append_c (out, '{');
  for (GList *link = sorted; link != NULL; link = link->next)
    {
      append_canonical_string (out, link->data);
      g_string_append_c (out, ':');
      append_canonical (out, json_object_get_member (object, link->data));
      if (link->next != NULL)
        g_string_append_c (out, ',');
    }
  g_string_append_c (out, '}');
}

static void
append_canonical_array (GString *out, JsonArray *array)
{
  g_string_append_c (out, '[');
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_canonical (out, json_array_get_element (array, i));
    }
  g_string_append_c (out, ']');
}

static void
append_canonical_value (GString *out, JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING)
    append_canonical_string (out, json_node_get_string (node));
  else if (type == G_TYPE_INT64)
    g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
  else
    g_string_append (out, "null"); /* no fractions are signed */
}

static void
append_canonical (GString *out, JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    append_canonical_object (out, json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    append_canonical_array (out, json_node_get_array (node));
  else if (JSON_NODE_HOLDS_VALUE (node))
    append_canonical_value (out, node);
  else
    g_string_append (out, "null");
}

/* Members sorted by their bytes, no spaces, shortest escapes, UTF-8 (RFC 8785, of which whole numbers, texts, true,
 * false and null are used). Returns: (transfer full), a zero byte behind it */
GBytes *
sarap_json_to_canonical (JsonNode *node)
{
  GString *out = g_string_new (NULL);

  append_canonical (out, node);
  return g_string_free_to_bytes (out);
}

GBytes *
sarap_json_build_canonical (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);

  return sarap_json_to_canonical (root);
}
