#include "app/form/xforms/sarap-xforms.h"

#include "app/form/sarap-appearance.h"

#include <string.h>

/* What a form says that nobody here acts on. It is harmless and kept; the author is told, once
 * for each word, because it may be misspelt.
 *
 *  1. Appearances: as app/form/sarap-appearance.c judges them. Those of a workbook were judged, with their row, when
 *     it was converted.
 *  2. Attributes of binds and controls: those of the ODK XForms specification. All of the
 *     OpenRosa, JavaRosa and ODK namespaces are kept for the question and not judged here.
 *  3. Parameters of the audit log: the location needs all three of its own.
 */

static const char *const attributes_of_binds[] = { "id", "nodeset", "type", "relevant", "required", "readonly", "constraint", "calculate", NULL };

static const char *const attributes_of_controls[] = {
  "ref", "nodeset", "bind", "id", "class", "appearance", "mediatype", "accept", "autocomplete", "autoplay", "query", "rows",
  "start", "end", "step", "accuracyThreshold", "unacceptableAccuracyThreshold", "intent", NULL
};

typedef struct
{
  SarapXformsReader *reader;
  GHashTable *told;
} Watch;

static gboolean
is_news (const Watch *watch, const char *word)
{
  return g_hash_table_add (watch->told, g_strdup (word));
}

static void
look_at_appearance (const Watch *watch, const xmlNode *node)
{
  const char *appearance = sarap_xml_peek_attribute (node, "appearance");
  g_auto (GStrv) words = sarap_appearance_split (appearance && !watch->reader->form->is_converted ? appearance : "");

  for (char **word = words; *word != NULL; word++)
    {
      const char *instead = NULL;
      SarapAppearanceVerdict verdict = sarap_appearance_judge (*word, &instead);

      if (verdict == SARAP_APPEARANCE_SERVED || !is_news (watch, *word))
        continue;
      if (verdict == SARAP_APPEARANCE_ELSEWHERE)
        sarap_xforms_warn (watch->reader, node, "The appearance \"%s\" is not served here: %s.", *word, instead);
      else
        sarap_xforms_warn (watch->reader, node, "The appearance \"%s\" is unknown: the question is shown without it.", *word);
    }
}

static gboolean
is_of_dialect (const xmlAttr *attribute)
{
  static const char *const namespaces[] = { SARAP_NS_JAVAROSA, SARAP_NS_OPENROSA, SARAP_NS_ODK, SARAP_NS_ENTITIES, "http://www.w3.org/XML/1998/namespace", NULL };

  return attribute->ns != NULL && attribute->ns->href != NULL && g_strv_contains (namespaces, (const char *) attribute->ns->href);
}

static void
look_at_attributes (const Watch *watch, const xmlNode *node, const char *const *known)
{
  for (const xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next)
    {
      const char *prefix = attribute->ns ? (const char *) attribute->ns->prefix : NULL;
      g_autofree char *name = prefix ? g_strconcat (prefix, ":", attribute->name, NULL) : g_strdup ((const char *) attribute->name);

      if (is_of_dialect (attribute) || (attribute->ns == NULL && g_strv_contains (known, name)))
        continue;
      if (is_news (watch, name))
        sarap_xforms_warn (watch->reader, node, "<%s> has an attribute %s that Sarap does not know: it changes nothing.", (const char *) node->name, name);
    }
}

static void
look_at_controls (const Watch *watch, const xmlNode *parent)
{
  for (const xmlNode *node = sarap_xml_first_element (parent, NULL); node != NULL; node = sarap_xml_next_element (node, NULL))
    {
      if (sarap_xml_peek_attribute (node, "ref") == NULL && sarap_xml_peek_attribute (node, "nodeset") == NULL && sarap_xml_peek_attribute (node, "bind") == NULL && strcmp ((const char *) node->name, "group") != 0)
        continue;
      if (strcmp ((const char *) node->name, "label") == 0 || strcmp ((const char *) node->name, "hint") == 0 || strcmp ((const char *) node->name, "itemset") == 0 || strcmp ((const char *) node->name, "setvalue") == 0 || sarap_xml_is (node, SARAP_NS_ODK, (const char *) node->name))
        continue;
      look_at_appearance (watch, node);
      look_at_attributes (watch, node, attributes_of_controls);
      look_at_controls (watch, node);
    }
}

static void
look_at_audit (SarapXformsReader *reader)
{
  static const char *const location[] = { "location-priority", "location-min-interval", "location-max-age" };
  static const char *const priorities[] = { "no-power", "low-power", "balanced", "high-accuracy", NULL };
  const char *values[G_N_ELEMENTS (location)];
  guint n = 0;

  if (reader->form->audit == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (location); i++)
    {
      values[i] = sarap_form_get_audit_parameter (reader->form, location[i]);
      n += values[i] != NULL;
    }
  if (n > 0 && n < G_N_ELEMENTS (location))
    sarap_problems_add (reader->problems, SARAP_PROBLEM_WARNING, NULL, reader->form->audit->line, NULL, "The audit log keeps no place: odk:location-priority, odk:location-min-interval and odk:location-max-age go together.");
  if (values[0] != NULL && !g_strv_contains (priorities, values[0]))
    sarap_problems_add (reader->problems, SARAP_PROBLEM_WARNING, NULL, reader->form->audit->line, NULL, "odk:location-priority=\"%s\" is unknown: write no-power, low-power, balanced or high-accuracy.", values[0]);
}

void
sarap_xforms_warn_about_unknown (SarapXformsReader *reader)
{
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const Watch watch = { reader, told };

  for (const xmlNode *node = sarap_xml_first_element (reader->model, "bind"); node != NULL; node = sarap_xml_next_element (node, "bind"))
    look_at_attributes (&watch, node, attributes_of_binds);
  look_at_controls (&watch, reader->body);
  look_at_audit (reader);
}
