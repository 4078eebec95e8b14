#include <string.h>

#include "sync/wire/sarap-multipart-reader.h"

/* What the reader told: "name|filename|type:content;" for each part. */

static gboolean
begin_cb (const char *name, const char *filename, const char *content_type, gpointer data, GError **error)
{
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

/* NULL when refused. @step: bytes at a time. */
static char *
read_in_steps (const char *body, gsize length, const char *type, gsize step)
{
  static const SarapMultipartSink sink = { begin_cb, content_cb, end_cb };
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (SarapMultipartReader) reader = sarap_multipart_reader_new (type, &sink, told, NULL);

  if (reader == NULL)
    return NULL;
  for (gsize at = 0; at < length; at += step)
    if (!sarap_multipart_reader_feed (reader, (const guint8 *) body + at, MIN (step, length - at), NULL))
      return NULL;
  return sarap_multipart_reader_finish (reader, NULL) ? g_strdup (told->str) : NULL;
}

static const char message[] = "--B\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
                              "one\r\n--Bx\r\n--\r\n-B\r\r\n--B\r\ncontent-disposition: form-data; name=b\r\n\r\n\r\n--B--\r\n";
static const char told[] = "a|a.jpg|image/jpeg:one\r\n--Bx\r\n--\r\n-B\r;b||:;";

static void
test_any_cut_reads_the_same (void)
{
  for (gsize step = 1; step <= sizeof message; step++)
    {
      g_autofree char *result = read_in_steps (message, strlen (message), "multipart/form-data; boundary=B", step);

      g_assert_cmpstr (result, ==, told);
    }
}

static void
test_every_truncation_is_refused (void)
{
  gsize end = (gsize) (strstr (message, "--B--") + strlen ("--B--") - message);

  for (gsize length = 0; length < end; length++)
    g_assert_null (read_in_steps (message, length, "multipart/form-data; boundary=B", 7));
}

static void
test_wrong_frames_are_refused (void)
{
  static const char *const bodies[] = {
    "x--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--B--\r\n",
    "--B\r\n\r\n1\r\n--B--\r\n",
    "--B\r\nContent-Disposition: form-data\r\n\r\n1\r\n--B--\r\n",
    "--B\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--B--\r\n",
    "--B\r\nContent-Disposition: form-data; name=\"a/b\"\r\n\r\n1\r\n--B--\r\n",
    "--B\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64\r\n\r\n1\r\n--B--\r\n",
    "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--B--\r\nmore",
    "--B\nContent-Disposition: form-data; name=\"a\"\n\n1\n--B--\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *read = read_in_steps (bodies[i], strlen (bodies[i]), "multipart/form-data; boundary=B", 5);

      if (read != NULL)
        g_error ("accepted: %s", bodies[i]);
    }
}

static void
test_types_without_boundary_are_refused (void)
{
  static const char *const types[] = { NULL, "", "text/xml", "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=B",
                                       "multipart/form-data; boundary=12345678901234567890123456789012345678901234567890123456789012345678901" };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    g_assert_null (read_in_steps (message, strlen (message), types[i], 100));
}

static void
test_limits (void)
{
  g_autofree char *long_name = g_strnfill (9000, 'n');
  g_autofree char *long_header = g_strdup_printf ("--B\r\nContent-Disposition: form-data; name=\"a\"\r\nX-Long: %s\r\n\r\n1\r\n--B--\r\n", long_name);
  g_autoptr (GString) many = g_string_new (NULL);

  for (guint i = 0; i < 1001; i++)
    g_string_append (many, "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n");
  g_string_append (many, "--B--\r\n");
  g_assert_null (read_in_steps (long_header, strlen (long_header), "multipart/form-data; boundary=B", 1000));
  g_assert_null (read_in_steps (many->str, many->len, "multipart/form-data; boundary=B", 1000));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/multipart-reader/any-cut-reads-the-same", test_any_cut_reads_the_same);
  g_test_add_func ("/wire/multipart-reader/every-truncation-is-refused", test_every_truncation_is_refused);
  g_test_add_func ("/wire/multipart-reader/wrong-frames-are-refused", test_wrong_frames_are_refused);
  g_test_add_func ("/wire/multipart-reader/types-without-boundary-are-refused", test_types_without_boundary_are_refused);
  g_test_add_func ("/wire/multipart-reader/limits", test_limits);
  return g_test_run ();
}
