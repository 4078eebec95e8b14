#include "app/vault/sarap-sensitive.h"

#include <sodium.h>
#include <string.h>

#include "app/base/sarap-problem.h"
#include "app/base/sarap-xml.h"

/*  1. A sealed answer is text: PREFIX, then "FINGERPRINT.BASE64" for each project key, joined by commas. Any server
 *     keeps it like other text.
 *  2. It is padded, so that the code of a choice is not told by its length, and bound to the submission's instanceID and
 *     to its place: moved to another record or question it does not open.
 *  3. A blank answer stays blank: it tells that nothing was answered. */

#define PREFIX "sarap-sealed-1:"
#define CONTEXT "sarap/1/sensitive/"
#define BLOCK 64

gboolean
sarap_sensitive_is_sealed (const char *answer)
{
  return answer != NULL && g_str_has_prefix (answer, PREFIX);
}

static gboolean
has_text (GBytes *xml, const char *text)
{
  gsize size;
  const char *data = g_bytes_get_data (xml, &size);

  return data != NULL && g_strstr_len (data, size, text) != NULL;
}

gboolean
sarap_sensitive_has_sealed (GBytes *xml)
{
  return has_text (xml, PREFIX);
}

/* Whether something in @xml is sealed to @key. */
gboolean
sarap_sensitive_names_key (GBytes *xml, SarapProjectKey *key)
{
  g_autofree char *begin = g_strconcat (sarap_project_key_peek_fingerprint (key), ".", NULL);

  return has_text (xml, PREFIX) && has_text (xml, begin);
}

/* --- one answer ----------------------------------------------------------------------------------- */

static char *
seal_text (const char *text, const char *context, GPtrArray *keys)
{
  gsize length = strlen (text);
  gsize size;
  guint8 *padded = g_malloc (length + BLOCK);
  GString *sealed = g_string_new (PREFIX);

  memcpy (padded, text, length);
  sodium_pad (&size, padded, length, BLOCK, length + BLOCK);
  for (guint i = 0; i < keys->len; i++)
    {
      SarapProjectKey *key = g_ptr_array_index (keys, i);
      g_autoptr (GBytes) box = sarap_project_key_seal (key, context, padded, size);
      g_autofree char *base64 = g_base64_encode (g_bytes_get_data (box, NULL), g_bytes_get_size (box));

      g_string_append_printf (sealed, "%s%s.%s", i > 0 ? "," : "", sarap_project_key_peek_fingerprint (key), base64);
    }
  sodium_memzero (padded, size);
  g_free (padded);
  return g_string_free (sealed, FALSE);
}

/* NULL: not by @key, or changed. */
static char *
unseal_part (const char *base64, const char *context, SarapProjectKey *key)
{
  gsize size, length;
  guint8 *data = g_base64_decode (base64, &size);
  g_autoptr (GBytes) box = g_bytes_new_take (data, size);
  g_autoptr (GBytes) padded = sarap_project_key_unseal (key, context, box, NULL);
  const guint8 *bytes = padded ? g_bytes_get_data (padded, &size) : NULL;
  g_autofree char *text = NULL;

  if (bytes == NULL || sodium_unpad (&length, bytes, size, BLOCK) != 0)
    return NULL;
  text = g_strndup ((const char *) bytes, length);
  return g_utf8_validate (text, -1, NULL) ? g_steal_pointer (&text) : NULL;
}

static char *
unseal_text (const char *sealed, const char *context, GPtrArray *keys)
{
  g_auto (GStrv) parts = g_strsplit (sealed + strlen (PREFIX), ",", -1);

  for (char **part = parts; *part != NULL; part++)
    for (guint i = 0; i < keys->len; i++)
      {
        SarapProjectKey *key = g_ptr_array_index (keys, i);
        g_autofree char *begin = g_strconcat (sarap_project_key_peek_fingerprint (key), ".", NULL);
        char *text = g_str_has_prefix (*part, begin) && sarap_project_key_is_private (key) ? unseal_part (*part + strlen (begin), context, key) : NULL;

        if (text != NULL)
          return text;
      }
  return NULL;
}

/* --- a submission ---------------------------------------------------------------------------------- */

typedef struct
{
  const char *const *paths; /* to be sealed; NULL: to be opened */
  GPtrArray *keys;
  gboolean is_blank_else;
  char *id;
  GString *path;  /* without positions, as a form knows it */
  GString *place; /* with them */
} Walk;

static guint
count_before (const xmlNode *element)
{
  guint n = 1;

  for (const xmlNode *node = element->prev; node != NULL; node = node->prev)
    n += node->type == XML_ELEMENT_NODE && xmlStrEqual (node->name, element->name);
  return n;
}

static void
change_text (xmlNode *element, const char *text)
{
  xmlNodeSetContent (element, NULL);
  if (*text != '\0')
    xmlNodeAddContent (element, (const xmlChar *) text);
}

static void
visit_leaf (Walk *walk, xmlNode *element)
{
  g_autofree char *text = sarap_xml_dup_text (element);
  g_autofree char *context = g_strdup_printf (CONTEXT "%s%s", walk->id, walk->place->str);
  g_autofree char *changed = NULL;

  if (walk->paths != NULL)
    {
      if (*text == '\0' || sarap_sensitive_is_sealed (text) || !g_strv_contains (walk->paths, walk->path->str))
        return;
      changed = seal_text (text, context, walk->keys);
    }
  else if (sarap_sensitive_is_sealed (text))
    {
      changed = unseal_text (text, context, walk->keys);
      if (changed == NULL && walk->is_blank_else)
        changed = g_strdup ("");
    }
  if (changed != NULL)
    change_text (element, changed);
}

static void
visit (Walk *walk, xmlNode *element)
{
  gsize path = walk->path->len, place = walk->place->len;
  xmlNode *child = sarap_xml_first_element (element, NULL);

  g_string_append_printf (walk->path, "/%s", (const char *) element->name);
  g_string_append_printf (walk->place, "/%s[%u]", (const char *) element->name, count_before (element));
  if (child == NULL)
    visit_leaf (walk, element);
  for (; child != NULL; child = sarap_xml_next_element (child, NULL))
    visit (walk, child);
  g_string_truncate (walk->path, path);
  g_string_truncate (walk->place, place);
}

static char *
dup_instance_id (const xmlNode *root)
{
  const xmlNode *meta = sarap_xml_first_element (root, "meta");
  const xmlNode *id = meta ? sarap_xml_first_element (meta, "instanceID") : NULL;

  return id ? sarap_xml_dup_text (id) : NULL;
}

static GBytes *
walk_through (Walk *walk, GBytes *xml, GError **error)
{
  g_autoptr (xmlDoc) document = sarap_xml_parse (xml, "submission", error);
  xmlNode *root = document ? xmlDocGetRootElement (document) : NULL;
  xmlChar *text = NULL;
  GBytes *changed;
  int size = 0;

  walk->id = root ? dup_instance_id (root) : NULL;
  if (document != NULL && walk->id == NULL)
    g_set_error_literal (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING, "submission: it has no instanceID");
  if (walk->id == NULL)
    return NULL;
  walk->path = g_string_new (NULL);
  walk->place = g_string_new (NULL);
  visit (walk, root);
  g_string_free (walk->path, TRUE);
  g_string_free (walk->place, TRUE);
  g_free (walk->id);
  xmlDocDumpMemoryEnc (document, &text, &size, "UTF-8");
  changed = g_bytes_new (text, size);
  xmlFree (text);
  return changed;
}

/* Seals the answers at @paths ("/data/group/question", in every instance of a repeat) to @keys (element-type
 * SarapProjectKey). Errors: SARAP_INPUT_ERROR when @xml is no submission with an instanceID. Returns: (transfer full) */
GBytes *
sarap_sensitive_seal (GBytes *xml, const char *const *paths, GPtrArray *keys, GError **error)
{
  Walk walk = { .paths = paths, .keys = keys };

  if (keys->len > 0)
    return walk_through (&walk, xml, error);
  g_set_error_literal (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_LOCKED, "there is no project key to seal sensitive answers to");
  return NULL;
}

/* Opens what private halves among @keys open. The rest stays sealed, or @is_blank_else: becomes blank. XML that cannot
 * be read is given back as it is. Returns: (transfer full) */
GBytes *
sarap_sensitive_open (GBytes *xml, GPtrArray *keys, gboolean is_blank_else)
{
  Walk walk = { .keys = keys, .is_blank_else = is_blank_else };
  GBytes *opened = has_text (xml, PREFIX) ? walk_through (&walk, xml, NULL) : NULL;

  return opened ? opened : g_bytes_ref (xml);
}
