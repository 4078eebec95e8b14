#pragma once

#include <glib.h>
#include <libxml/tree.h>
#include <libxml/xmlreader.h>

G_BEGIN_DECLS

/* XML through libxml2 with nothing fetched and nothing expanded: a DOCTYPE is refused, elements
 * nest at most 100 deep (safety.md C14), entities stay the five of XML. */

#define SARAP_XML_MAX_DEPTH 100

xmlDoc *sarap_xml_parse (GBytes *bytes, const char *file, GError **error);
xmlTextReader *sarap_xml_reader_new (GBytes *bytes, const char *file, GError **error);
int sarap_xml_reader_read (xmlTextReader *reader, GError **error);
const char *sarap_xml_peek_attribute (const xmlNode *node, const char *name);
const char *sarap_xml_peek_attribute_ns (const xmlNode *node, const char *ns, const char *name);
xmlNode *sarap_xml_first_element (const xmlNode *parent, const char *name);
xmlNode *sarap_xml_next_element (const xmlNode *node, const char *name);
gboolean sarap_xml_is (const xmlNode *node, const char *ns, const char *name);
char *sarap_xml_dup_text (const xmlNode *node);
char *sarap_xml_dup_fit (const char *text);
void sarap_xml_append_escaped (GString *text, const char *value, gboolean in_attribute);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlTextReader, xmlFreeTextReader)

G_END_DECLS
