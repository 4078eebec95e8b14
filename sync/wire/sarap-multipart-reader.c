#include "sync/wire/sarap-multipart-reader.h"

#include <libsoup/soup.h>
#include <string.h>

#include "sync/wire/sarap-file-name.h"

/*  1. A delimiter is CRLF, "--", the boundary, then CRLF (another part) or "--" (the end). Anything
 *     else after the boundary makes it content.
 *  2. The body begins with its first delimiter, without the CRLF; here one is put in front of it.
 *  3. After the end only white space may follow. A message without the end is truncated. */

enum
{
  LONGEST_BOUNDARY = 70, /* RFC 2046 */
  LONGEST_HEADER = 8192,
  MOST_PARTS = 1000,
};

typedef enum
{
  STATE_PREAMBLE,
  STATE_HEADER,
  STATE_CONTENT,
  STATE_EPILOGUE,
  STATE_BROKEN,
} State;

struct _SarapMultipartReader
{
  SarapMultipartSink sink;
  gpointer data;
  char *delimiter;
  gsize delimiter_length;
  GByteArray *pending;
  State state;
  guint n_parts;
};

G_DEFINE_QUARK (sarap - multipart - error - quark, sarap_multipart_error)

static gboolean
is_encoding_plain (SoupMessageHeaders *headers)
{
  const char *encoding = soup_message_headers_get_one (headers, "Content-Transfer-Encoding");

  return encoding == NULL || g_ascii_strcasecmp (encoding, "binary") == 0 || g_ascii_strcasecmp (encoding, "8bit") == 0 || g_ascii_strcasecmp (encoding, "7bit") == 0;
}

/* Lines end with CRLF and hold neither byte alone, nor NUL: libsoup takes none of these. */
static gboolean
has_clean_lines (const guint8 *header, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (header[i] == '\0' || (header[i] == '\n' && (i == 0 || header[i - 1] != '\r')) || (header[i] == '\r' && (i + 1 == length || header[i + 1] != '\n')))
      return FALSE;
  return TRUE;
}

/* @length: bytes of the header without its final empty line. */
static gboolean
begin_part (SarapMultipartReader *self, gsize length, GError **error)
{
  g_autofree char *block = g_strdup_printf ("\r\n%.*s\r\n", (int) length, (const char *) self->pending->data);
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_MULTIPART);
  g_autofree char *disposition = NULL;
  g_autoptr (GHashTable) parameters = NULL;
  const char *name = NULL, *filename = NULL;
  gboolean ok = FALSE;

  if (has_clean_lines (self->pending->data, length) &&
      soup_headers_parse (block, (int) strlen (block), headers) &&
      soup_message_headers_get_content_disposition (headers, &disposition, &parameters) &&
      disposition != NULL && g_ascii_strcasecmp (disposition, "form-data") == 0 && parameters != NULL)
    {
      name = g_hash_table_lookup (parameters, "name");
      filename = g_hash_table_lookup (parameters, "filename");
    }

  if (name == NULL || !sarap_file_name_is_fit (name) || (filename != NULL && !sarap_file_name_is_fit (filename)))
    g_set_error (error, SARAP_MULTIPART_ERROR, SARAP_MULTIPART_ERROR_FRAMING, "part %u has no usable name", self->n_parts);
  else if (!is_encoding_plain (headers))
    g_set_error (error, SARAP_MULTIPART_ERROR, SARAP_MULTIPART_ERROR_FRAMING, "part \"%s\" has a transfer encoding; send it as it is", name);
  else
    ok = self->sink.begin (name, filename, soup_message_headers_get_one (headers, "Content-Type"), self->data, error);

  soup_message_headers_unref (headers);
  return ok;
}

static gboolean
read_header (SarapMultipartReader *self, gboolean *advanced, GError **error)
{
  const guint8 *end = memmem (self->pending->data, self->pending->len, "\r\n\r\n", 4);
  gsize length;

  if (end == NULL || (gsize) (end - self->pending->data) > LONGEST_HEADER)
    {
      if (end == NULL && self->pending->len <= LONGEST_HEADER)
        return TRUE;
      g_set_error (error, SARAP_MULTIPART_ERROR, SARAP_MULTIPART_ERROR_LIMIT, "the header of part %u is longer than %d bytes", self->n_parts, LONGEST_HEADER);
      return FALSE;
    }

  length = (gsize) (end - self->pending->data);
  if (!begin_part (self, length, error))
    return FALSE;
  g_byte_array_remove_range (self->pending, 0, (guint) length + 4);
  self->state = STATE_CONTENT;
  *advanced = TRUE;
  return TRUE;
}

static gboolean
open_part (SarapMultipartReader *self, GError **error)
{
  if (++self->n_parts > MOST_PARTS)
    {
      g_set_error (error, SARAP_MULTIPART_ERROR, SARAP_MULTIPART_ERROR_LIMIT, "more than %d parts", MOST_PARTS);
      return FALSE;
    }
  self->state = STATE_HEADER;
  return TRUE;
}

/* Where the next delimiter starts that rule 1 admits: its offset, or that of the first byte that
 * must wait for more. @kind: '\r' another part, '-' the end, 0 none yet. */
static gsize
find_delimiter (SarapMultipartReader *self, char *kind)
{
  const guint8 *bytes = self->pending->data;
  gsize length = self->pending->len, from = 0;

  *kind = 0;
  for (;;)
    {
      const guint8 *found = memmem (bytes + from, length - from, self->delimiter, self->delimiter_length);
      const guint8 *after;
      gsize offset;

      if (found == NULL)
        return length - MIN (length - from, self->delimiter_length - 1);
      offset = (gsize) (found - bytes);
      if (offset + self->delimiter_length + 2 > length)
        return offset;
      after = found + self->delimiter_length;
      if ((after[0] == '\r' && after[1] == '\n') || (after[0] == '-' && after[1] == '-'))
        {
          *kind = (char) after[0];
          return offset;
        }
      from = offset + 1;
    }
}

static gboolean
read_content (SarapMultipartReader *self, gboolean is_preamble, gboolean *advanced, GError **error)
{
  char kind;
  gsize length = find_delimiter (self, &kind);

  if (is_preamble && length > 0)
    {
      g_set_error (error, SARAP_MULTIPART_ERROR, SARAP_MULTIPART_ERROR_FRAMING, "the body does not begin with its boundary");
      return FALSE;
    }
  if (length > 0 && !self->sink.content (self->pending->data, length, self->data, error))
    return FALSE;
  g_byte_array_remove_range (self->pending, 0, (guint) length);
  if (kind == 0)
    return TRUE;

  if (!is_preamble && !self->sink.end (self->data, error))
    return FALSE;
  g_byte_array_remove_range (self->pending, 0, (guint) self->delimiter_length + 2);
  *advanced = TRUE;
  if (kind == '\r')
    return open_part (self, error);
  self->state = STATE_EPILOGUE;
  return TRUE;
}

/* @content_type: the request's header. @sink is copied; @data must outlive the reader. */
SarapMultipartReader *
sarap_multipart_reader_new (const char *content_type, const SarapMultipartSink *sink, gpointer data, GError **error)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  g_autoptr (GHashTable) parameters = NULL;
  const char *type = NULL, *boundary = NULL;
  SarapMultipartReader *self = NULL;

  if (content_type != NULL && strpbrk (content_type, "\r\n") == NULL)
    soup_message_headers_replace (headers, "Content-Type", content_type);
  type = soup_message_headers_get_content_type (headers, &parameters);
  if (type != NULL && g_ascii_strcasecmp (type, "multipart/form-data") == 0 && parameters != NULL)
    boundary = g_hash_table_lookup (parameters, "boundary");

  if (boundary == NULL || *boundary == '\0' || strlen (boundary) > LONGEST_BOUNDARY)
    g_set_error_literal (error, SARAP_MULTIPART_ERROR, SARAP_MULTIPART_ERROR_TYPE, "not multipart/form-data with a boundary");
  else
    {
      self = g_new0 (SarapMultipartReader, 1);
      self->sink = *sink;
      self->data = data;
      self->delimiter = g_strconcat ("\r\n--", boundary, NULL);
      self->delimiter_length = strlen (self->delimiter);
      self->pending = g_byte_array_new ();
      g_byte_array_append (self->pending, (const guint8 *) "\r\n", 2);
    }

  soup_message_headers_unref (headers);
  return self;
}

void
sarap_multipart_reader_free (SarapMultipartReader *self)
{
  g_byte_array_unref (self->pending);
  g_free (self->delimiter);
  g_free (self);
}

/* After an error the reader takes nothing more. */
gboolean
sarap_multipart_reader_feed (SarapMultipartReader *self, const guint8 *bytes, gsize length, GError **error)
{
  gboolean ok = TRUE, advanced = TRUE;

  g_byte_array_append (self->pending, bytes, (guint) length);
  while (ok && advanced)
    {
      advanced = FALSE;
      switch (self->state)
        {
        case STATE_PREAMBLE:
        case STATE_CONTENT:
          ok = read_content (self, self->state == STATE_PREAMBLE, &advanced, error);
          break;
        case STATE_HEADER:
          ok = read_header (self, &advanced, error);
          break;
        case STATE_EPILOGUE:
          for (guint i = 0; ok && i < self->pending->len; i++)
            ok = g_ascii_isspace (self->pending->data[i]);
          g_byte_array_set_size (self->pending, 0);
          if (!ok)
            g_set_error_literal (error, SARAP_MULTIPART_ERROR, SARAP_MULTIPART_ERROR_FRAMING, "something follows the end of the last part");
          break;
        case STATE_BROKEN:
        default:
          g_set_error_literal (error, SARAP_MULTIPART_ERROR, SARAP_MULTIPART_ERROR_FRAMING, "the message is broken");
          ok = FALSE;
          break;
        }
    }
  if (!ok)
    self->state = STATE_BROKEN;
  return ok;
}

/* FALSE when the message stopped before its end. */
gboolean
sarap_multipart_reader_finish (SarapMultipartReader *self, GError **error)
{
  if (self->state == STATE_EPILOGUE)
    return TRUE;
  g_set_error_literal (error, SARAP_MULTIPART_ERROR, SARAP_MULTIPART_ERROR_FRAMING, "the body ends before its last boundary");
  return FALSE;
}
