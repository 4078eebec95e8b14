#include "sync/wire/sarap-openrosa.h"

#include <libsoup/soup.h>
#include <string.h>

#include "app/base/sarap-problem.h"
#include "app/base/sarap-xml.h"
#include "sync/wire/sarap-file-name.h"

#define RESPONSE_NS "http://openrosa.org/http/response"
#define RECEIPT_NS "https://sarap.org/receipt"

SarapStoredFile *
sarap_stored_file_new (const char *name, const char *sha256, guint64 size)
{
  SarapStoredFile *file = g_new0 (SarapStoredFile, 1);

  file->name = g_strdup (name);
  file->sha256 = g_ascii_strdown (sha256, -1);
  file->size = size;
  return file;
}

void
sarap_stored_file_free (SarapStoredFile *file)
{
  g_free (file->name);
  g_free (file->sha256);
  g_free (file);
}

static const SarapStoredFile *
find_file (GPtrArray *files, const char *name)
{
  for (guint i = 0; i < files->len; i++)
    {
      const SarapStoredFile *file = g_ptr_array_index (files, i);

      if (g_str_equal (file->name, name))
        return file;
    }
  return NULL;
}

/* Whether what was read may stand in a list beside @others (element-type SarapStoredFile). A name
 * that comes twice would let one hash stand for another. */
gboolean
sarap_stored_file_is_sound (const char *name, const char *sha256, GPtrArray *others)
{
  return sarap_file_name_is_fit (name) && find_file (others, name) == NULL &&
         sha256 != NULL && strlen (sha256) == 64 && strspn (sha256, "0123456789abcdefABCDEF") == 64;
}

SarapReceipt *
sarap_receipt_new (const char *instance_id)
{
  SarapReceipt *self = g_new0 (SarapReceipt, 1);

  self->instance_id = g_strdup (instance_id);
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_stored_file_free);
  self->missing = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
sarap_receipt_free (SarapReceipt *self)
{
  g_free (self->instance_id);
  g_ptr_array_unref (self->files);
  g_ptr_array_unref (self->missing);
  g_free (self->signature);
  g_free (self);
}

void
sarap_receipt_add_file (SarapReceipt *self, const char *name, const char *sha256, guint64 size)
{
  g_ptr_array_add (self->files, sarap_stored_file_new (name, sha256, size));
}

void
sarap_receipt_add_missing (SarapReceipt *self, const char *name)
{
  g_ptr_array_add (self->missing, g_strdup (name));
}

/* NULL when the receipt does not name it. */
const SarapStoredFile *
sarap_receipt_find_file (const SarapReceipt *self, const char *name)
{
  return find_file (self->files, name);
}

void
sarap_openrosa_response_free (SarapOpenRosaResponse *self)
{
  g_free (self->message);
  g_free (self->nature);
  g_clear_pointer (&self->receipt, sarap_receipt_free);
  g_free (self);
}

static gboolean
parse_receipt_file (SarapReceipt *receipt, const xmlNode *node, GError **error)
{
  const char *name = sarap_xml_peek_attribute (node, "name");
  const char *sha256 = sarap_xml_peek_attribute (node, "sha256");
  const char *size_text = sarap_xml_peek_attribute (node, "size");
  guint64 size = 0;

  if (!sarap_stored_file_is_sound (name, sha256, receipt->files) ||
      size_text == NULL || !g_ascii_string_to_unsigned (size_text, 10, 0, G_MAXINT64, &size, NULL))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "receipt, line %ld: not a file with name, sha256 and size", xmlGetLineNo (node));
      return FALSE;
    }
  sarap_receipt_add_file (receipt, name, sha256, size);
  return TRUE;
}

static SarapReceipt *
parse_receipt (const xmlNode *node, GError **error)
{
  const char *instance_id = sarap_xml_peek_attribute (node, "instanceID");
  g_autoptr (SarapReceipt) receipt = sarap_receipt_new (instance_id);

  if (instance_id == NULL || *instance_id == '\0')
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "receipt, line %ld: no instanceID", xmlGetLineNo (node));
      return NULL;
    }
  receipt->is_complete = g_strcmp0 (sarap_xml_peek_attribute (node, "complete"), "true") == 0;
  receipt->signature = g_strdup (sarap_xml_peek_attribute (node, "signature"));
  if (receipt->signature != NULL)
    receipt->time = g_ascii_strtoll (sarap_xml_peek_attribute (node, "time") ? sarap_xml_peek_attribute (node, "time") : "", NULL, 10);
  for (xmlNode *child = sarap_xml_first_element (node, NULL); child; child = sarap_xml_next_element (child, NULL))
    {
      const char *name = sarap_xml_peek_attribute (child, "name");

      if (sarap_xml_is (child, RECEIPT_NS, "file"))
        {
          if (!parse_receipt_file (receipt, child, error))
            return NULL;
        }
      else if (sarap_xml_is (child, RECEIPT_NS, "missing") && name != NULL)
        sarap_receipt_add_missing (receipt, name);
    }
  return g_steal_pointer (&receipt);
}

/* Anything else than an OpenRosaResponse is an error, whatever the HTTP status was: a captive
 * portal answers 200 to everything. A broken receipt is an error too, never "no receipt". */
SarapOpenRosaResponse *
sarap_openrosa_response_parse (GBytes *bytes, GError **error)
{
  g_autoptr (xmlDoc) document = sarap_xml_parse (bytes, "answer", error);
  g_autoptr (SarapOpenRosaResponse) response = NULL;
  xmlNode *root, *node;

  if (document == NULL)
    return NULL;
  root = xmlDocGetRootElement (document);
  if (!sarap_xml_is (root, NULL, "OpenRosaResponse"))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "answer: the root element is <%s>, not <OpenRosaResponse>", (const char *) root->name);
      return NULL;
    }

  response = g_new0 (SarapOpenRosaResponse, 1);
  node = sarap_xml_first_element (root, "message");
  response->message = node ? g_strstrip (sarap_xml_dup_text (node)) : g_strdup ("");
  response->nature = g_strdup (node ? sarap_xml_peek_attribute (node, "nature") : NULL);
  if (response->nature == NULL)
    response->nature = g_strdup ("");
  for (node = sarap_xml_first_element (root, "receipt"); node; node = sarap_xml_next_element (node, "receipt"))
    if (sarap_xml_is (node, RECEIPT_NS, "receipt"))
      {
        response->receipt = parse_receipt (node, error);
        return response->receipt ? g_steal_pointer (&response) : NULL;
      }
  return g_steal_pointer (&response);
}

static void
append_attribute (GString *text, const char *name, const char *value)
{
  g_string_append_printf (text, " %s=\"", name);
  sarap_xml_append_escaped (text, value, TRUE);
  g_string_append_c (text, '"');
}

static void
append_receipt (GString *text, const SarapReceipt *receipt)
{
  g_string_append (text, "\n<receipt xmlns=\"" RECEIPT_NS "\"");
  append_attribute (text, "instanceID", receipt->instance_id);
  append_attribute (text, "complete", receipt->is_complete ? "true" : "false");
  if (receipt->signature != NULL)
    {
      g_string_append_printf (text, " time=\"%" G_GINT64_FORMAT "\"", receipt->time);
      append_attribute (text, "signature", receipt->signature);
    }
  g_string_append_c (text, '>');
  for (guint i = 0; i < receipt->files->len; i++)
    {
      const SarapStoredFile *file = g_ptr_array_index (receipt->files, i);

      g_string_append (text, "\n<file");
      append_attribute (text, "name", file->name);
      append_attribute (text, "sha256", file->sha256);
      g_string_append_printf (text, " size=\"%" G_GUINT64_FORMAT "\"/>", file->size);
    }
  for (guint i = 0; i < receipt->missing->len; i++)
    {
      g_string_append (text, "\n<missing");
      append_attribute (text, "name", g_ptr_array_index (receipt->missing, i));
      g_string_append (text, "/>");
    }
  g_string_append (text, "\n</receipt>");
}

/* @nature and @receipt may be NULL. */
GBytes *
sarap_openrosa_response_serialize (const char *message, const char *nature, const SarapReceipt *receipt)
{
  GString *text = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OpenRosaResponse xmlns=\"" RESPONSE_NS "\" items=\"0\">\n<message");

  if (nature != NULL)
    append_attribute (text, "nature", nature);
  g_string_append_c (text, '>');
  sarap_xml_append_escaped (text, message, FALSE);
  g_string_append (text, "</message>");
  if (receipt != NULL)
    append_receipt (text, receipt);
  g_string_append (text, "\n</OpenRosaResponse>\n");
  return g_string_free_to_bytes (text);
}

/* @now in ms UTC. Returns: the Date header of RFC 9110, which OpenRosa requires on each request. */
char *
sarap_openrosa_date (gint64 now)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (now / 1000);

  return soup_date_time_to_string (time, SOUP_DATE_HTTP);
}
