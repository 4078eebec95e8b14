#include "sync/server/sarap-parcel-reader.h"

#include <string.h>

#include "app/base/sarap-problem.h"
#include "app/base/sarap-xml.h"
#include "sync/server/sarap-spool.h"
#include "sync/wire/sarap-file-name.h"
#include "sync/wire/sarap-openrosa.h"

#define LONGEST_NAME 255
#define MOST_FILES 2000

static const xmlNode *
find_local (const xmlNode *parent, const char *name)
{
  for (const xmlNode *node = parent ? parent->children : NULL; node != NULL; node = node->next)
    if (node->type == XML_ELEMENT_NODE && g_str_equal (node->name, name))
      return node;
  return NULL;
}

/* Text of the child, trimmed; NULL when absent or blank. */
static char *
dup_local_text (const xmlNode *parent, const char *name)
{
  const xmlNode *node = find_local (parent, name);
  g_autofree char *text = node ? sarap_xml_dup_text (node) : NULL;

  if (text == NULL || *g_strstrip (text) == '\0')
    return NULL;
  return g_steal_pointer (&text);
}

/* First leaf of that name, wherever it stands; "" when there is none. */
static char *
dup_answer (const xmlNode *parent, const char *name)
{
  for (const xmlNode *node = parent->children; node != NULL; node = node->next)
    {
      g_autofree char *below = NULL;

      if (node->type != XML_ELEMENT_NODE)
        continue;
      if (g_str_equal (node->name, name) && xmlFirstElementChild ((xmlNode *) node) == NULL)
        return sarap_xml_dup_text (node);
      below = dup_answer (node, name);
      if (*below != '\0')
        return g_steal_pointer (&below);
    }
  return g_strdup ("");
}

static void
expect (SarapParcel *parcel, const char *name)
{
  if (parcel->expected->len <= MOST_FILES && sarap_file_name_is_fit (name) && !g_ptr_array_find_with_equal_func (parcel->expected, name, g_str_equal, NULL))
    g_ptr_array_add (parcel->expected, g_strdup (name));
}

/* ODK's encrypted envelope names its files itself. */
static void
expect_encrypted (SarapParcel *parcel, const xmlNode *root)
{
  g_autofree char *answers = dup_local_text (root, "encryptedXmlFile");

  for (const xmlNode *media = root->children; media != NULL; media = media->next)
    {
      g_autofree char *name = media->type == XML_ELEMENT_NODE && g_str_equal (media->name, "media") ? dup_local_text (media, "file") : NULL;

      if (name != NULL)
        expect (parcel, name);
    }
  if (answers != NULL)
    expect (parcel, answers);
}

/* @path: below the root, "visit/photo"; every repeat instance counts. */
static void
expect_at (SarapParcel *parcel, const xmlNode *parent, const char *path)
{
  const char *slash = strchr (path, '/');
  gsize length = slash ? (gsize) (slash - path) : strlen (path);

  for (const xmlNode *node = parent->children; node != NULL; node = node->next)
    {
      g_autofree char *name = NULL;

      if (node->type != XML_ELEMENT_NODE || strlen ((const char *) node->name) != length || strncmp ((const char *) node->name, path, length) != 0)
        continue;
      if (slash != NULL)
        {
          expect_at (parcel, node, slash + 1);
          continue;
        }
      name = sarap_xml_dup_text (node);
      expect (parcel, g_strstrip (name));
    }
}

static gboolean
read_identity (SarapParcel *parcel, const xmlNode *root, GError **error)
{
  const xmlNode *meta = find_local (root, "meta");
  const char *id = sarap_xml_peek_attribute (root, "id");
  const char *version = sarap_xml_peek_attribute (root, "version");

  if (id == NULL && root->ns != NULL)
    id = (const char *) root->ns->href;
  parcel->xml_form_id = g_strdup (id);
  parcel->version = g_strdup (version ? version : "");
  parcel->instance_id = dup_local_text (meta, "instanceID");
  parcel->deprecated_id = dup_local_text (meta, "deprecatedID");
  parcel->instance_name = dup_local_text (meta, "instanceName");
  parcel->is_encrypted = g_strcmp0 (sarap_xml_peek_attribute (root, "encrypted"), "yes") == 0;
  if (parcel->instance_name == NULL)
    parcel->instance_name = g_strdup ("");

  if (parcel->xml_form_id == NULL || *parcel->xml_form_id == '\0' || strlen (parcel->xml_form_id) > LONGEST_NAME || strlen (parcel->version) > LONGEST_NAME)
    g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "the submission does not say its form: attribute id of <%s>", (const char *) root->name);
  else if (parcel->instance_id == NULL || strlen (parcel->instance_id) > LONGEST_NAME)
    g_set_error_literal (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "the submission has no usable instanceID in meta");
  else if (g_strcmp0 (parcel->deprecated_id, parcel->instance_id) == 0)
    g_set_error_literal (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "the submission replaces itself: deprecatedID equals instanceID");
  else
    return TRUE;
  return FALSE;
}

static void
expect_named (SarapParcel *parcel, const xmlNode *root)
{
  for (char **path = parcel->form->file_paths; *path != NULL; path++)
    {
      const char *below_root = **path == '/' ? strchr (*path + 1, '/') : NULL;

      if (below_root != NULL)
        expect_at (parcel, root, below_root + 1);
    }
}

/* Finds the form that the parcel belongs to. What has no place is marked so, which is no error. */
static gboolean
find_form (SarapParcel *parcel, SarapCentral *central, GError **error)
{
  g_autoptr (GError) failure = NULL;

  parcel->form = sarap_central_find_form (central, parcel->project, parcel->xml_form_id, parcel->version, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (parcel->form == NULL)
    parcel->unplaced = g_strdup_printf ("form %s version \"%s\" is not known here", parcel->xml_form_id, parcel->version);
  else if (parcel->form->is_encrypted && !parcel->is_encrypted)
    parcel->unplaced = g_strdup_printf ("form %s takes encrypted submissions only", parcel->xml_form_id);
  return TRUE;
}

static void
read_filters (SarapParcel *parcel, const xmlNode *root)
{
  parcel->region = dup_answer (root, "region");
  parcel->centre = dup_answer (root, "centre");
  if (*parcel->centre == '\0')
    {
      g_free (parcel->centre);
      parcel->centre = dup_answer (root, "psu");
    }
}

/* Parses strictly; the namespace and prefix of meta do not matter. SARAP_INPUT_ERROR: the sender's
 * fault; others: the machine failed. */
SarapParcel *
sarap_parcel_read (SarapCentral *central, gint64 project, GBytes *xml, GError **error)
{
  g_autoptr (SarapParcel) parcel = sarap_parcel_new ();
  g_autoptr (xmlDoc) doc = sarap_xml_parse (xml, SARAP_RECEIPT_XML, error);
  const xmlNode *root = doc ? xmlDocGetRootElement (doc) : NULL;

  parcel->project = project;
  parcel->received_at = sarap_central_get_now (central);
  if (root == NULL || !read_identity (parcel, root, error) || !find_form (parcel, central, error))
    return NULL;
  parcel->xml = g_bytes_ref (xml);
  parcel->sha256 = sarap_sha256 (xml);
  read_filters (parcel, root);
  if (parcel->is_encrypted)
    expect_encrypted (parcel, root);
  else if (parcel->form != NULL)
    expect_named (parcel, root);
  if (parcel->expected->len > MOST_FILES)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT, "the submission names more than %d files", MOST_FILES);
      return NULL;
    }
  return g_steal_pointer (&parcel);
}

/* The name that the XML gives wins, be it that of the part or of its file. */
static const char *
choose_name (SarapParcel *parcel, SarapSpool *spool)
{
  const char *name = sarap_spool_get_name (spool), *filename = sarap_spool_get_filename (spool);

  if (filename == NULL || (g_ptr_array_find_with_equal_func (parcel->expected, name, g_str_equal, NULL) && !g_ptr_array_find_with_equal_func (parcel->expected, filename, g_str_equal, NULL)))
    return name;
  return filename;
}

/* @spools: (element-type SarapSpool), closed. Two files of one name must be equal. */
gboolean
sarap_parcel_add_spools (SarapParcel *parcel, GPtrArray *spools, GError **error)
{
  for (guint i = 0; i < spools->len; i++)
    {
      SarapSpool *spool = g_ptr_array_index (spools, i);
      const char *name = choose_name (parcel, spool);

      if (g_str_equal (name, SARAP_RECEIPT_XML))
        {
          g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "no attachment may be called %s", name);
          return FALSE;
        }
      for (guint k = 0; k < parcel->files->len; k++)
        {
          const SarapCentralFile *other = g_ptr_array_index (parcel->files, k);

          if (g_str_equal (other->name, name) && !g_str_equal (other->sha256, sarap_spool_get_sha256 (spool)))
            {
              g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "two different files are called %s", name);
              return FALSE;
            }
        }
      g_ptr_array_add (parcel->files, sarap_central_file_new (name, sarap_spool_get_sha256 (spool), sarap_spool_get_size (spool)));
    }
  return TRUE;
}
