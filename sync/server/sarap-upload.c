#include "sync/server/sarap-upload.h"

#include "app/base/sarap-problem.h"
#include "sync/server/sarap-parcel-reader.h"
#include "sync/server/sarap-spool.h"
#include "sync/wire/sarap-multipart-reader.h"
#include "sync/wire/sarap-openrosa.h"

#define MOST_HELD (512 * 1024)
#define LONGEST_XML (16 * 1024 * 1024)

typedef enum
{
  PART_XML,
  PART_FILE,
  PART_IGNORED, /* a form field; *isIncomplete* says nothing that the names do not */
} Part;

struct _SarapUpload
{
  SarapCentral *central;
  SarapMultipartReader *reader;
  Part part;
  GByteArray *xml;   /* NULL until its part came */
  SarapSpool *spool; /* of the present part */
  GPtrArray *spools;
  gsize held; /* bytes of spools that lie in memory */
};

static gboolean
begin_cb (const char *name, const char *filename, const char *content_type, gpointer data, GError **error)
{
  SarapUpload *self = data;

  if (g_str_equal (name, SARAP_OPENROSA_XML_PART))
    {
      if (self->xml != NULL)
        {
          g_set_error_literal (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "two parts are called " SARAP_OPENROSA_XML_PART);
          return FALSE;
        }
      self->part = PART_XML;
      self->xml = g_byte_array_new ();
      return TRUE;
    }
  self->part = filename != NULL || content_type != NULL ? PART_FILE : PART_IGNORED;
  if (self->part == PART_FILE)
    self->spool = sarap_spool_new (self->central->media, name, filename);
  return TRUE;
}

static gboolean
content_cb (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  SarapUpload *self = data;

  if (self->part == PART_FILE)
    return sarap_spool_write (self->spool, bytes, length, error);
  if (self->part == PART_IGNORED)
    return TRUE;
  if (self->xml->len + length > LONGEST_XML)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT, "the submission's XML is larger than %d bytes", LONGEST_XML);
      return FALSE;
    }
  g_byte_array_append (self->xml, bytes, (guint) length);
  return TRUE;
}

static gboolean
end_cb (gpointer data, GError **error)
{
  SarapUpload *self = data;

  if (self->spool != NULL)
    {
      if (self->held + sarap_spool_get_held (self->spool) > MOST_HELD && !sarap_spool_put_down (self->spool, error))
        return FALSE;
      self->held += sarap_spool_get_held (self->spool);
      sarap_spool_close (self->spool);
      g_ptr_array_add (self->spools, g_steal_pointer (&self->spool));
    }
  return TRUE;
}

/* @central must outlive it. */
SarapUpload *
sarap_upload_new (SarapCentral *central, const char *content_type, GError **error)
{
  static const SarapMultipartSink sink = { begin_cb, content_cb, end_cb };
  g_autoptr (SarapUpload) self = g_new0 (SarapUpload, 1);

  self->central = central;
  self->spools = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_spool_free);
  self->reader = sarap_multipart_reader_new (content_type, &sink, self, error);
  return self->reader ? g_steal_pointer (&self) : NULL;
}

/* Whatever was not handed over by sarap_upload_finish() is removed. */
void
sarap_upload_free (SarapUpload *self)
{
  g_clear_pointer (&self->reader, sarap_multipart_reader_free);
  g_clear_pointer (&self->xml, g_byte_array_unref);
  g_clear_pointer (&self->spool, sarap_spool_free);
  g_clear_pointer (&self->spools, g_ptr_array_unref);
  g_free (self);
}

/* Errors are SARAP_MULTIPART_ERROR, SARAP_INPUT_ERROR, or the machine's. */
gboolean
sarap_upload_feed (SarapUpload *self, const guint8 *bytes, gsize length, GError **error)
{
  return sarap_multipart_reader_feed (self->reader, bytes, length, error);
}

/* What came, when it is whole and well formed. @spools: (out) the files' bytes, to be kept before
 * the parcel is accepted. */
SarapParcel *
sarap_upload_finish (SarapUpload *self, gint64 project, GPtrArray **spools, GError **error)
{
  g_autoptr (GBytes) xml = NULL;
  g_autoptr (SarapParcel) parcel = NULL;

  if (!sarap_multipart_reader_finish (self->reader, error))
    return NULL;
  if (self->xml == NULL)
    {
      g_set_error_literal (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "no part is called " SARAP_OPENROSA_XML_PART);
      return NULL;
    }
  xml = g_byte_array_free_to_bytes (g_steal_pointer (&self->xml));
  parcel = sarap_parcel_read (self->central, project, xml, error);
  if (parcel == NULL || !sarap_parcel_add_spools (parcel, self->spools, error))
    return NULL;
  *spools = g_steal_pointer (&self->spools);
  return g_steal_pointer (&parcel);
}
