#include "sync/wire/sarap-multipart-reader.h"
#include "tests/fuzz/fuzz-target.h"

#include <string.h>

/* The first line is the Content-Type; its length also says in what pieces the body arrives. What is
 * read must not depend on the pieces. */

static gboolean
begin_cb (const char *name, const char *filename, const char *content_type, gpointer data, GError **error)
{
  g_assert_true (g_utf8_validate (name, -1, NULL));
  g_assert_true (filename == NULL || g_utf8_validate (filename, -1, NULL));
  g_string_append_printf (data, "%s|%s|%s:", name, filename ? filename : "", content_type ? content_type : "");
  return TRUE;
}

static gboolean
content_cb (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  g_string_append_len (data, (const char *) bytes, (gssize) length);
  return TRUE;
}

static gboolean
end_cb (gpointer data, GError **error)
{
  g_string_append_c (data, ';');
  return TRUE;
}

static gboolean
read_in_steps (const char *type, const guint8 *body, gsize length, gsize step, GString *told)
{
  static const SarapMultipartSink sink = { begin_cb, content_cb, end_cb };
  g_autoptr (SarapMultipartReader) reader = sarap_multipart_reader_new (type, &sink, told, NULL);

  for (gsize at = 0; reader != NULL && at < length; at += step)
    if (!sarap_multipart_reader_feed (reader, body + at, MIN (step, length - at), NULL))
      return FALSE;
  return reader != NULL && sarap_multipart_reader_finish (reader, NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const guint8 *end = size > 0 ? memchr (data, '\n', size) : NULL;
  g_autofree char *type = end ? g_strndup ((const char *) data, (gsize) (end - data)) : NULL;
  g_autoptr (GString) whole = g_string_new (NULL);
  g_autoptr (GString) pieces = g_string_new (NULL);
  gsize length;

  if (end == NULL)
    return 0;
  length = size - (gsize) (end + 1 - data);
  if (read_in_steps (type, end + 1, length, MAX (length, 1), whole))
    {
      g_assert_true (read_in_steps (type, end + 1, length, strlen (type) % 7 + 1, pieces));
      g_assert_true (g_string_equal (whole, pieces));
    }
  return 0;
}
