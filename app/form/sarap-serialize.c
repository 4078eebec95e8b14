#include "app/base/sarap-xml.h"
#include "app/form/sarap-interview-private.h"

#include <string.h>

/* The submission: the primary instance as XML.
 *
 *  1. Order as in the form; irrelevant nodes and templates are absent.
 *  2. Prefixes as declared in the form; those in use are declared at the root.
 *  3. A blank element is written as <name/>.
 *  4. Text is written composed (Unicode NFC): the same letters are the same bytes.
 */

static void
append_name (GString *xml, const SarapNode *node)
{
  if (node->prefix != NULL)
    g_string_append_printf (xml, "%s:%s", node->prefix, node->name);
  else
    g_string_append (xml, node->name);
}

static void
collect_prefixes (const SarapNode *node, GPtrArray *pairs)
{
  gboolean is_known = node->prefix == NULL || node->ns == NULL || strcmp (node->prefix, "xml") == 0;

  for (guint i = 0; !is_known && i < pairs->len; i += 2)
    is_known = g_ptr_array_index (pairs, i) == (gpointer) node->prefix;
  if (!is_known)
    {
      g_ptr_array_add (pairs, (gpointer) node->prefix);
      g_ptr_array_add (pairs, (gpointer) node->ns);
    }
  for (const SarapNode *attribute = node->first_attribute; attribute != NULL; attribute = attribute->next)
    collect_prefixes (attribute, pairs);
  for (const SarapNode *child = node->first_child; child != NULL; child = child->next)
    collect_prefixes (child, pairs);
}

static void
append_namespaces (GString *xml, const SarapNode *root)
{
  g_autoptr (GPtrArray) pairs = g_ptr_array_new ();

  collect_prefixes (root, pairs);
  for (guint i = 0; i < pairs->len; i += 2)
    {
      g_string_append_printf (xml, " xmlns:%s=\"", (const char *) g_ptr_array_index (pairs, i));
      sarap_xml_append_escaped (xml, g_ptr_array_index (pairs, i + 1), TRUE);
      g_string_append_c (xml, '"');
    }
}

static void
append_text (GString *xml, const char *text, gboolean is_attribute)
{
  g_autofree char *composed = g_str_is_ascii (text) ? NULL : g_utf8_normalize (text, -1, G_NORMALIZE_NFC);

  sarap_xml_append_escaped (xml, composed ? composed : text, is_attribute);
}

static const char *
written_text (const SarapNode *node)
{
  const SarapCell *cell = node->owner_data;

  return cell ? sarap_cell_peek_text (cell) : sarap_node_peek_text (node);
}

static void
append_attributes (GString *xml, const SarapNode *node)
{
  for (const SarapNode *attribute = node->first_attribute; attribute != NULL; attribute = attribute->next)
    {
      if (!attribute->is_relevant)
        continue;
      g_string_append_c (xml, ' ');
      append_name (xml, attribute);
      g_string_append (xml, "=\"");
      append_text (xml, written_text (attribute), TRUE);
      g_string_append_c (xml, '"');
    }
}

static void
append_element (GString *xml, const SarapNode *node, const char *outer_ns)
{
  gboolean is_root = node->parent == NULL || node->parent->kind == SARAP_NODE_DOCUMENT;
  const char *ns = node->prefix ? outer_ns : node->ns;
  gsize before;

  g_string_append_c (xml, '<');
  append_name (xml, node);
  if (ns != outer_ns)
    {
      g_string_append (xml, " xmlns=\"");
      sarap_xml_append_escaped (xml, ns ? ns : "", TRUE);
      g_string_append_c (xml, '"');
    }
  if (is_root)
    append_namespaces (xml, node);
  append_attributes (xml, node);
  g_string_append_c (xml, '>');
  before = xml->len;
  append_text (xml, written_text (node), FALSE);
  for (const SarapNode *child = node->first_child; child != NULL; child = child->next)
    if (child->kind == SARAP_NODE_ELEMENT && child->is_relevant && !child->is_template)
      append_element (xml, child, ns);
  if (xml->len == before)
    {
      g_string_truncate (xml, before - 1);
      g_string_append (xml, "/>");
      return;
    }
  g_string_append (xml, "</");
  append_name (xml, node);
  g_string_append_c (xml, '>');
}

/* Returns: (transfer full): UTF-8 with an XML declaration */
GBytes *
sarap_interview_serialize (SarapInterview *self)
{
  GString *xml = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

  append_element (xml, sarap_interview_peek_root (self), NULL);
  return g_string_free_to_bytes (xml);
}
