#include "sync/wire/sarap-form-list.h"

#include <string.h>

#include "app/base/sarap-problem.h"
#include "app/base/sarap-xml.h"
#include "sync/wire/sarap-file-name.h"

#define LIST_NS "http://openrosa.org/xforms/xformsList"
#define MANIFEST_NS "http://openrosa.org/xforms/xformsManifest"

void
sarap_listed_form_free (SarapListedForm *form)
{
  g_free (form->id);
  g_free (form->name);
  g_free (form->version);
  g_free (form->hash);
  g_free (form->download_url);
  g_free (form->manifest_url);
  g_free (form);
}

void
sarap_listed_media_free (SarapListedMedia *media)
{
  g_free (media->name);
  g_free (media->hash);
  g_free (media->download_url);
  g_free (media);
}

/* Text of the child element, blanks around it removed; NULL when absent or empty. */
static char *
dup_child_text (const xmlNode *parent, const char *name)
{
  xmlNode *child = sarap_xml_first_element (parent, name);
  g_autofree char *text = child ? g_strstrip (sarap_xml_dup_text (child)) : NULL;

  return text != NULL && *text != '\0' ? g_steal_pointer (&text) : NULL;
}

static xmlDoc *
parse_document (GBytes *bytes, const char *what, const char *root_name, xmlNode **root, GError **error)
{
  g_autoptr (xmlDoc) document = sarap_xml_parse (bytes, what, error);

  if (document == NULL)
    return NULL;
  *root = xmlDocGetRootElement (document);
  if (!sarap_xml_is (*root, NULL, root_name))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: the root element is <%s>, not <%s>", what, (const char *) (*root)->name, root_name);
      return NULL;
    }
  return g_steal_pointer (&document);
}

static SarapListedForm *
parse_form (const xmlNode *node)
{
  g_autoptr (SarapListedForm) form = g_new0 (SarapListedForm, 1);

  form->id = dup_child_text (node, "formID");
  form->name = dup_child_text (node, "name");
  form->version = dup_child_text (node, "version");
  form->hash = dup_child_text (node, "hash");
  form->download_url = dup_child_text (node, "downloadUrl");
  form->manifest_url = dup_child_text (node, "manifestUrl");
  if (form->id == NULL || form->download_url == NULL)
    return NULL;
  if (form->name == NULL)
    form->name = g_strdup (form->id);
  if (form->version == NULL)
    form->version = g_strdup ("");
  return g_steal_pointer (&form);
}

/* Entries without an id or an address are left out: nothing could be done with them. An empty list
 * is no error here. Returns: (element-type SarapListedForm) (transfer full) */
GPtrArray *
sarap_form_list_parse (GBytes *bytes, GError **error)
{
  xmlNode *root = NULL;
  g_autoptr (xmlDoc) document = parse_document (bytes, "form list", "xforms", &root, error);
  g_autoptr (GPtrArray) forms = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_listed_form_free);

  if (document == NULL)
    return NULL;
  for (xmlNode *node = sarap_xml_first_element (root, "xform"); node; node = sarap_xml_next_element (node, "xform"))
    {
      SarapListedForm *form = parse_form (node);

      if (form != NULL)
        g_ptr_array_add (forms, form);
    }
  return g_steal_pointer (&forms);
}

static SarapListedMedia *
parse_media (const xmlNode *node, GError **error)
{
  g_autoptr (SarapListedMedia) media = g_new0 (SarapListedMedia, 1);
  const char *type = sarap_xml_peek_attribute (node, "type");

  media->name = dup_child_text (node, "filename");
  media->hash = dup_child_text (node, "hash");
  media->download_url = dup_child_text (node, "downloadUrl");
  media->is_entity_list = g_strcmp0 (type, "entityList") == 0;
  if (!sarap_file_name_is_fit (media->name))
    g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "manifest, line %ld: \"%s\" is no file name", xmlGetLineNo (node), media->name ? media->name : "");
  else if (media->download_url == NULL || media->hash == NULL)
    g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "manifest, line %ld: \"%s\" has no address or no hash", xmlGetLineNo (node), media->name);
  else
    return g_steal_pointer (&media);
  return NULL;
}

/* All or nothing: a form must not become current with part of its media.
 * Returns: (element-type SarapListedMedia) (transfer full) */
GPtrArray *
sarap_manifest_parse (GBytes *bytes, GError **error)
{
  xmlNode *root = NULL;
  g_autoptr (xmlDoc) document = parse_document (bytes, "manifest", "manifest", &root, error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_listed_media_free);

  if (document == NULL)
    return NULL;
  for (xmlNode *node = sarap_xml_first_element (root, "mediaFile"); node; node = sarap_xml_next_element (node, "mediaFile"))
    {
      SarapListedMedia *media = parse_media (node, error);

      if (media == NULL)
        return NULL;
      g_ptr_array_add (list, media);
    }
  return g_steal_pointer (&list);
}

static void
append_element (GString *text, const char *name, const char *value)
{
  if (value == NULL)
    return;
  g_string_append_printf (text, "<%s>", name);
  sarap_xml_append_escaped (text, value, FALSE);
  g_string_append_printf (text, "</%s>", name);
}

GBytes *
sarap_form_list_serialize (GPtrArray *forms)
{
  GString *text = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xforms xmlns=\"" LIST_NS "\">");

  for (guint i = 0; i < forms->len; i++)
    {
      const SarapListedForm *form = g_ptr_array_index (forms, i);

      g_string_append (text, "\n<xform>");
      append_element (text, "formID", form->id);
      append_element (text, "name", form->name);
      append_element (text, "version", form->version);
      append_element (text, "hash", form->hash);
      append_element (text, "downloadUrl", form->download_url);
      append_element (text, "manifestUrl", form->manifest_url);
      g_string_append (text, "</xform>");
    }
  g_string_append (text, "\n</xforms>\n");
  return g_string_free_to_bytes (text);
}

GBytes *
sarap_manifest_serialize (GPtrArray *media)
{
  GString *text = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest xmlns=\"" MANIFEST_NS "\">");

  for (guint i = 0; i < media->len; i++)
    {
      const SarapListedMedia *file = g_ptr_array_index (media, i);

      g_string_append (text, file->is_entity_list ? "\n<mediaFile type=\"entityList\">" : "\n<mediaFile>");
      append_element (text, "filename", file->name);
      append_element (text, "hash", file->hash);
      append_element (text, "downloadUrl", file->download_url);
      g_string_append (text, "</mediaFile>");
    }
  g_string_append (text, "\n</manifest>\n");
  return g_string_free_to_bytes (text);
}
