#include "sync/server/sarap-form-facts.h"

#include <string.h>

#include "app/base/sarap-problem.h"
#include "app/base/sarap-xml.h"

static const xmlNode *
find_element (const xmlNode *parent, const char *name)
{
  return parent ? sarap_xml_first_element (parent, name) : NULL;
}

/* The root of the first instance: the one that is filled. */
static const xmlNode *
find_record (const xmlNode *model)
{
  const xmlNode *instance = find_element (model, "instance");

  return instance ? xmlFirstElementChild ((xmlNode *) instance) : NULL;
}

static char **
list_file_paths (const xmlNode *model)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();

  for (const xmlNode *bind = find_element (model, "bind"); bind != NULL; bind = sarap_xml_next_element (bind, "bind"))
    {
      const char *path = sarap_xml_peek_attribute (bind, "nodeset");

      if (path != NULL && strchr (path, '\n') == NULL && g_strcmp0 (sarap_xml_peek_attribute (bind, "type"), "binary") == 0)
        g_ptr_array_add (paths, g_strdup (path));
    }
  g_ptr_array_add (paths, NULL);
  return (char **) g_ptr_array_steal (paths, NULL);
}

static gboolean
has_key (const xmlNode *model)
{
  const xmlNode *submission = find_element (model, "submission");
  const char *key = submission ? sarap_xml_peek_attribute (submission, "base64RsaPublicKey") : NULL;

  return key != NULL && *key != '\0';
}

/* What the server must know of an XForm to list it and to judge submissions. */
SarapCentralForm *
sarap_form_facts_read (GBytes *xml, const char *file, GError **error)
{
  g_autoptr (xmlDoc) doc = sarap_xml_parse (xml, file, error);
  const xmlNode *html = doc ? xmlDocGetRootElement (doc) : NULL;
  const xmlNode *head = find_element (html, "head");
  const xmlNode *title = find_element (head, "title");
  const xmlNode *model = find_element (head, "model");
  const xmlNode *record = find_record (model);
  const char *id = record ? sarap_xml_peek_attribute (record, "id") : NULL;
  const char *version = record ? sarap_xml_peek_attribute (record, "version") : NULL;
  g_autofree char *md5 = NULL;
  SarapCentralForm *form;

  if (doc == NULL)
    return NULL;
  if (id == NULL || *id == '\0')
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: the form has no id on the root of its first instance", file);
      return NULL;
    }
  md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, xml);
  form = sarap_central_form_new ();
  form->xml_form_id = g_strdup (id);
  form->version = g_strdup (version ? version : "");
  form->title = title ? sarap_xml_dup_text (title) : g_strdup (id);
  form->hash = g_strconcat ("md5:", md5, NULL);
  form->state = g_strdup ("open");
  form->is_encrypted = has_key (model);
  form->file_paths = list_file_paths (model);
  form->xml = g_bytes_ref (xml);
  return form;
}

/* Names of the files that the form asks for (jr://images/x.png), each once; NULL-terminated. */
char **
sarap_form_facts_list_media (GBytes *xml)
{
  g_autoptr (GRegex) regex = g_regex_new ("jr://(?:file|file-csv|images|image|audio|video)/([^\"'<&\\s)]+)", G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (g_regex_match_full (regex, g_bytes_get_data (xml, NULL), (gssize) g_bytes_get_size (xml), 0, G_REGEX_MATCH_DEFAULT, &match, NULL);
       g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      char *name = g_match_info_fetch (match, 1);

      if (!g_hash_table_add (seen, name))
        {
          g_free (name);
          continue;
        }
      g_ptr_array_add (names, name);
    }
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_steal (names, NULL);
}
