#include "app/base/sarap-xml.h"

#include "app/base/sarap-problem.h"

#include <libxml/SAX2.h>
#include <libxml/parserInternals.h>
#include <string.h>

/* 1. A DOCTYPE is the only way to declare an entity or name another file, so it is refused before
 *    anything else of the document counts; a reference to an undeclared entity is malformed XML.
 * 2. libxml2 compares each attribute of an element with all others, and each prefix with all declared
 *    ones: a document of 1 MB could take minutes. The bytes are looked through before it sees them; so they are
 *    UTF-8, whatever the document says, because other encodings could hide a tag from us.
 * 3. Depth and elements are counted by us. With these rules libxml2's own size limits protect nothing, and large
 *    forms need more, hence XML_PARSE_HUGE. */

#define PARSE_OPTIONS (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA | XML_PARSE_HUGE | XML_PARSE_BIG_LINES | XML_PARSE_COMPACT | XML_PARSE_IGNORE_ENC)

#define MAX_ATTRIBUTES 1000
#define MAX_NAMESPACES 1000  /* in scope */
#define MAX_NAMES 500000     /* libxml2's table of them does not grow: each costs more than the one before */
#define MAX_ELEMENTS 6000000 /* 200,000 choices in ten languages, and room */

typedef struct
{
  guint depth;
  guint n_elements;
  guint n_namespaces;
  guint declared[SARAP_XML_MAX_DEPTH + 1]; /* namespaces by depth */
  guint refused_at;                        /* line; 0 while nothing is refused */
  const char *too_much;                    /* of what; NULL: it was a DOCTYPE */
} Guard;

static void
set_malformed (GError **error, const char *file, const xmlError *cause)
{
  g_autofree char *message = g_strdup (cause && cause->message ? cause->message : "not an XML document");

  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s, line %d: %s", file, cause ? cause->line : 1, g_strchomp (message));
}

static void
set_doctype (GError **error, const char *file, guint line)
{
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_UNSUPPORTED, "%s, line %u: DOCTYPE is not accepted; remove it", file, line);
}

#define TOO_DEEP "elements nest deeper than " G_STRINGIFY (SARAP_XML_MAX_DEPTH)
#define TOO_MANY_ELEMENTS "more than " G_STRINGIFY (MAX_ELEMENTS) " elements"
#define TOO_MANY_NAMES "more than " G_STRINGIFY (MAX_NAMES) " different names"
#define TOO_MANY_ATTRIBUTES "an element has more than " G_STRINGIFY (MAX_ATTRIBUTES) " attributes"
#define TOO_MANY_NAMESPACES "more than " G_STRINGIFY (MAX_NAMESPACES) " namespaces are declared around this element"

static void
set_too_much (GError **error, const char *file, guint line, const char *what)
{
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT, "%s, line %u: %s", file, line, what);
}

static void
refuse (xmlParserCtxt *context, const char *too_much)
{
  Guard *guard = context->_private;

  if (guard->refused_at == 0)
    {
      guard->refused_at = MAX (xmlSAX2GetLineNumber (context), 1);
      guard->too_much = too_much;
    }
  xmlStopParser (context);
}

static void
internal_subset_cb (void *data, const xmlChar *name, const xmlChar *external_id, const xmlChar *system_id)
{
  refuse (data, NULL);
}

static void
start_element_cb (void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_namespaces, const xmlChar **namespaces, int n_attributes, int n_defaulted, const xmlChar **attributes)
{
  xmlParserCtxt *context = data;
  Guard *guard = context->_private;

  if (++guard->depth > SARAP_XML_MAX_DEPTH)
    {
      refuse (context, TOO_DEEP);
      return;
    }
  guard->declared[guard->depth] = (guint) n_namespaces;
  guard->n_namespaces += (guint) n_namespaces;
  if (++guard->n_elements > MAX_ELEMENTS)
    refuse (context, TOO_MANY_ELEMENTS);
  else if (xmlDictSize (context->dict) > MAX_NAMES)
    refuse (context, TOO_MANY_NAMES);
  else if (guard->n_namespaces > MAX_NAMESPACES)
    refuse (context, TOO_MANY_NAMESPACES);
  else
    xmlSAX2StartElementNs (data, name, prefix, uri, n_namespaces, namespaces, n_attributes, n_defaulted, attributes);
}

static void
end_element_cb (void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
  xmlParserCtxt *context = data;
  Guard *guard = context->_private;

  if (guard->depth <= SARAP_XML_MAX_DEPTH && guard->refused_at == 0)
    {
      guard->n_namespaces -= guard->declared[guard->depth];
      xmlSAX2EndElementNs (data, name, prefix, uri);
    }
  guard->depth--;
}

/* Rule 2. XML has no bare < inside a tag or its values, so each one starts afresh, whatever a comment
 * or a CDATA section before it looked like. */
static guint
find_crowded_tag (const char *text, gsize size)
{
  guint n = 0, line = 1;
  gboolean is_tag = FALSE;
  char quote = '\0';

  for (const char *at = text; at < text + size; at++)
    {
      line += *at == '\n';
      if (*at == '<')
        {
          is_tag = TRUE;
          quote = '\0';
          n = 0;
        }
      else if (!is_tag || (quote != '\0' && *at != quote))
        continue;
      else if (*at == '"' || *at == '\'')
        quote = quote == '\0' ? *at : '\0';
      else if (*at == '>')
        is_tag = FALSE;
      else if (*at == '=' && ++n > MAX_ATTRIBUTES)
        return line;
    }
  return 0;
}

/* Before libxml2 sees the bytes. */
static gboolean
check_bytes (const char *text, gsize size, const char *file, GError **error)
{
  guint crowded, line = 1;
  const char *bad;

  if (size > G_MAXINT)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT, "%s: larger than 2 GB", file);
      return FALSE;
    }
  if (!g_utf8_validate_len (text, size, &bad))
    {
      for (const char *at = text; at < bad; at++)
        line += *at == '\n';
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s, line %u: not UTF-8 text; save the file as UTF-8", file, line);
      return FALSE;
    }
  crowded = find_crowded_tag (text, size);
  if (crowded != 0)
    set_too_much (error, file, crowded, TOO_MANY_ATTRIBUTES);
  return crowded == 0;
}

/* @file is for messages only. Returns: (transfer full) or NULL with SARAP_INPUT_ERROR and the line */
xmlDoc *
sarap_xml_parse (GBytes *bytes, const char *file, GError **error)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  xmlParserCtxt *context;
  Guard guard = { 0 };
  g_autoptr (xmlDoc) doc = NULL;

  file = file ? file : "XML";
  text = text ? text : "";
  if (!check_bytes (text, size, file, error))
    return NULL;
  context = xmlNewParserCtxt ();
  context->_private = &guard;
  context->sax->internalSubset = internal_subset_cb;
  context->sax->startElementNs = start_element_cb;
  context->sax->endElementNs = end_element_cb;
  doc = xmlCtxtReadMemory (context, text, size, NULL, NULL, PARSE_OPTIONS);
  if (guard.refused_at != 0 && guard.too_much != NULL)
    set_too_much (error, file, guard.refused_at, guard.too_much);
  else if (guard.refused_at != 0)
    set_doctype (error, file, guard.refused_at);
  else if (doc == NULL || !context->wellFormed)
    set_malformed (error, file, xmlCtxtGetLastError (context));
  else
    {
      xmlFreeParserCtxt (context);
      return g_steal_pointer (&doc);
    }
  xmlFreeParserCtxt (context);
  return NULL;
}

static void
ignore_error_cb (void *data, xmlError *cause)
{
}

/* Reads the prolog, where alone a DOCTYPE may stand, under libxml2's own limits. */
static gboolean
check_prolog (const char *text, gsize size, const char *file, GError **error)
{
  g_autoptr (xmlTextReader) reader = xmlReaderForMemory (text, size, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC);

  xmlTextReaderSetStructuredErrorHandler (reader, ignore_error_cb, NULL);
  while (xmlTextReaderRead (reader) == 1)
    {
      int type = xmlTextReaderNodeType (reader);

      if (type == XML_READER_TYPE_ELEMENT)
        return TRUE;
      if (type == XML_READER_TYPE_DOCUMENT_TYPE)
        {
          set_doctype (error, file, MAX (xmlTextReaderGetParserLineNumber (reader), 1));
          return FALSE;
        }
    }
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s, line %d: not an XML document", file, MAX (xmlTextReaderGetParserLineNumber (reader), 1));
  return FALSE;
}

/* Advance it with sarap_xml_reader_read() only. @bytes must outlive the reader. */
xmlTextReader *
sarap_xml_reader_new (GBytes *bytes, const char *file, GError **error)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  xmlTextReader *reader;

  file = file ? file : "XML";
  if (size == 0)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT, "%s: empty", file);
      return NULL;
    }
  if (!check_bytes (text, size, file, error) || !check_prolog (text, size, file, error))
    return NULL;
  reader = xmlReaderForMemory (text, size, file, NULL, PARSE_OPTIONS);
  xmlTextReaderSetStructuredErrorHandler (reader, ignore_error_cb, NULL);
  return reader;
}

static void
get_place (xmlTextReader *reader, const char **file, int *line)
{
  *file = (const char *) xmlTextReaderConstBaseUri (reader);
  if (*file == NULL)
    *file = "XML";
  *line = MAX (xmlTextReaderGetParserLineNumber (reader), 1);
}

/* To the next node. Returns: 1, 0 at the end, -1 with @error when the XML is malformed or too deep */
int
sarap_xml_reader_read (xmlTextReader *reader, GError **error)
{
  int result = xmlTextReaderRead (reader);
  const char *file;
  int line;

  if (result < 0)
    {
      get_place (reader, &file, &line);
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s, line %d: the XML is broken here", file, line);
    }
  else if (result == 1 && xmlTextReaderDepth (reader) >= SARAP_XML_MAX_DEPTH && xmlTextReaderNodeType (reader) == XML_READER_TYPE_ELEMENT)
    {
      get_place (reader, &file, &line);
      set_too_much (error, file, (guint) line, TOO_DEEP);
      return -1;
    }
  return result;
}

static const char *
peek_value (const xmlAttr *attribute)
{
  if (attribute == NULL)
    return NULL;
  if (attribute->children == NULL || attribute->children->content == NULL)
    return "";
  return (const char *) attribute->children->content;
}

/* The attribute without namespace, or NULL. Belongs to @node. */
const char *
sarap_xml_peek_attribute (const xmlNode *node, const char *name)
{
  return peek_value (xmlHasNsProp ((xmlNode *) node, (const xmlChar *) name, NULL));
}

const char *
sarap_xml_peek_attribute_ns (const xmlNode *node, const char *ns, const char *name)
{
  return peek_value (xmlHasNsProp ((xmlNode *) node, (const xmlChar *) name, (const xmlChar *) ns));
}

static xmlNode *
find_element (xmlNode *node, const char *name)
{
  for (; node != NULL; node = node->next)
    if (node->type == XML_ELEMENT_NODE && (name == NULL || strcmp ((const char *) node->name, name) == 0))
      return node;
  return NULL;
}

/* By local name, whatever the namespace; NULL is any element. */
xmlNode *
sarap_xml_first_element (const xmlNode *parent, const char *name)
{
  return find_element (parent->children, name);
}

xmlNode *
sarap_xml_next_element (const xmlNode *node, const char *name)
{
  return find_element (node->next, name);
}

/* Whether @node is the element @name of the namespace @ns; NULL is any namespace. */
gboolean
sarap_xml_is (const xmlNode *node, const char *ns, const char *name)
{
  if (node->type != XML_ELEMENT_NODE || strcmp ((const char *) node->name, name) != 0)
    return FALSE;
  return ns == NULL || (node->ns != NULL && g_strcmp0 ((const char *) node->ns->href, ns) == 0);
}

/* All text inside, blanks kept; never NULL. */
char *
sarap_xml_dup_text (const xmlNode *node)
{
  xmlChar *content = xmlNodeGetContent (node);
  char *text = g_strdup (content ? (const char *) content : "");

  xmlFree (content);
  return text;
}

/* Char of XML 1.0, section 2.2. */
static gboolean
is_xml_character (gunichar c)
{
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xfffe && c != 0xffff);
}

/* @text with U+FFFD for every character that XML cannot hold and for what is not UTF-8: what is kept
 * so reads back as it was written. Returns: (transfer full) */
char *
sarap_xml_dup_fit (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) fit = NULL;
  const char *at = valid;

  while (*at != '\0' && is_xml_character (g_utf8_get_char (at)))
    at = g_utf8_next_char (at);
  if (*at == '\0')
    return g_steal_pointer (&valid);
  fit = g_string_new_len (valid, at - valid);
  for (; *at != '\0'; at = g_utf8_next_char (at))
    g_string_append_unichar (fit, is_xml_character (g_utf8_get_char (at)) ? g_utf8_get_char (at) : 0xfffd);
  return g_string_free (g_steal_pointer (&fit), FALSE);
}

/* @value is UTF-8; a character that XML cannot hold becomes U+FFFD. In attributes line ends and
 * tabs become references, so that they come back as they went. */
void
sarap_xml_append_escaped (GString *text, const char *value, gboolean in_attribute)
{
  for (const char *at = value; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == '&')
        g_string_append (text, "&amp;");
      else if (c == '<')
        g_string_append (text, "&lt;");
      else if (c == '>')
        g_string_append (text, "&gt;");
      else if (c == '"' && in_attribute)
        g_string_append (text, "&quot;");
      else if (c == '\r' || (in_attribute && (c == '\n' || c == '\t')))
        g_string_append_printf (text, "&#%u;", c);
      else if (!is_xml_character (c))
        g_string_append (text, "\xef\xbf\xbd");
      else
        g_string_append_len (text, at, g_utf8_next_char (at) - at);
    }
}
