#include "sync/wire/sarap-multipart-writer.h"

#include <string.h>

#include "sync/wire/sarap-openrosa.h"

struct _SarapMultipartWriter
{
  char *boundary;
  char *content_type;
  GPtrArray *pieces;
};

enum
{
  /* More than the delimiter, header and line ends of a part without its name (written twice). */
  PART_OVERHEAD = 256,
};

SarapMultipartWriter *
sarap_multipart_writer_new (void)
{
  SarapMultipartWriter *self = g_new0 (SarapMultipartWriter, 1);
  g_autofree char *random = g_uuid_string_random ();

  self->boundary = g_strconcat ("sarap-", random, NULL);
  self->content_type = g_strdup_printf ("multipart/form-data; boundary=\"%s\"", self->boundary);
  self->pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  return self;
}

void
sarap_multipart_writer_free (SarapMultipartWriter *self)
{
  g_free (self->boundary);
  g_free (self->content_type);
  g_ptr_array_unref (self->pieces);
  g_free (self);
}

/* The way of the HTML standard: quotes and line ends percent-encoded, the rest UTF-8 as it is. */
static void
append_name (GString *text, const char *parameter, const char *name)
{
  g_string_append_printf (text, "; %s=\"", parameter);
  for (const char *c = name; *c != '\0'; c++)
    if (*c == '"' || *c == '\r' || *c == '\n')
      g_string_append_printf (text, "%%%02X", *c);
    else
      g_string_append_c (text, *c);
  g_string_append_c (text, '"');
}

static void
add_part (SarapMultipartWriter *self, const char *name, const char *filename, const char *content_type, GBytes *content)
{
  GString *head = g_string_new (self->pieces->len > 0 ? "\r\n" : NULL);

  g_string_append_printf (head, "--%s\r\nContent-Disposition: form-data", self->boundary);
  append_name (head, "name", name);
  if (filename != NULL)
    append_name (head, "filename", filename);
  g_string_append (head, "\r\n");
  if (content_type != NULL)
    g_string_append_printf (head, "Content-Type: %s\r\n", content_type);
  g_string_append (head, "\r\n");
  g_ptr_array_add (self->pieces, g_string_free_to_bytes (head));
  g_ptr_array_add (self->pieces, g_bytes_ref (content));
}

void
sarap_multipart_writer_add_field (SarapMultipartWriter *self, const char *name, const char *value)
{
  g_autoptr (GBytes) content = g_bytes_new (value, strlen (value));

  add_part (self, name, NULL, NULL, content);
}

void
sarap_multipart_writer_add_file (SarapMultipartWriter *self, const char *name, const char *filename, const char *content_type, GBytes *content)
{
  add_part (self, name, filename, content_type, content);
}

/* Closes the message. @length: bytes in all. Returns: (element-type GBytes) (transfer none) */
GPtrArray *
sarap_multipart_writer_finish (SarapMultipartWriter *self, gsize *length)
{
  char *tail = g_strdup_printf ("\r\n--%s--\r\n", self->boundary);

  g_ptr_array_add (self->pieces, g_bytes_new_take (tail, strlen (tail)));
  *length = 0;
  for (guint i = 0; i < self->pieces->len; i++)
    *length += g_bytes_get_size (g_ptr_array_index (self->pieces, i));
  return self->pieces;
}

const char *
sarap_multipart_writer_get_content_type (SarapMultipartWriter *self)
{
  return self->content_type;
}

/* By the ending of the file's name; application/octet-stream for what forms do not produce. */
const char *
sarap_content_type_of (const char *name)
{
  static const struct
  {
    const char *ending;
    const char *type;
  } types[] = {
    { ".xml", "text/xml" },
    { ".csv", "text/csv" },
    { ".jpg", "image/jpeg" },
    { ".jpeg", "image/jpeg" },
    { ".png", "image/png" },
    { ".svg", "image/svg+xml" },
    { ".opus", "audio/ogg" },
    { ".ogg", "audio/ogg" },
    { ".m4a", "audio/mp4" },
    { ".wav", "audio/wav" },
    { ".mp4", "video/mp4" },
    { ".webm", "video/webm" },
    { ".pdf", "application/pdf" },
    { ".json", "application/json" },
    { ".geojson", "application/geo+json" },
  };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (lower, types[i].ending))
      return types[i].type;
  return "application/octet-stream";
}

/* A file that alone is over @limit still goes, by itself: only the server can say no to it.
 * @limit: what the server accepts in one request, bytes. Returns: 1 … SARAP_OPENROSA_MOST_FILES, 0 only for @n 0 */
guint
sarap_multipart_count_fitting (guint64 xml_size, const char *const *names, const guint64 *sizes, guint n, guint64 limit)
{
  guint64 total = xml_size + 3 * PART_OVERHEAD;
  guint count = 0;

  while (count < n && count < SARAP_OPENROSA_MOST_FILES)
    {
      total += sizes[count] + PART_OVERHEAD + 6 * strlen (names[count]);
      if (total > limit && count > 0)
        break;
      count++;
    }
  return count;
}
