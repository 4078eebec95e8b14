#include <gdk-pixbuf/gdk-pixbuf.h>
#include <pango/pango.h>

#include "tests/support/sarap-temporary.h"
#include "ui/form/sarap-date-text.h"
#include "ui/form/sarap-form-text.h"
#include "ui/form/sarap-photo.h"

/* What needs no screen: labels, typed dates, photographs on their way in. */

static void
test_markdown (void)
{
  static const struct
  {
    const char *text;
    const char *markup;
    const char *plain;
  } cases[] = {
    { "**Never** offer, _promise_", "<b>Never</b> offer, <i>promise</i>", "Never offer, promise" },
    { "1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2", "1 < 2 & 3 > 2" },
    { "1. Before the visit", "1. Before the visit", "1. Before the visit" },
    { "12) Evidence", "12) Evidence", "12) Evidence" },
    { "Tell me:\n\n- one\n- two", "Tell me:\n\n• one\n• two", "Tell me:\n\n• one\n• two" },
    { "# Part A", "<b><big>Part A</big></b>", "Part A" },
    { "a <span style=\"color:red\">b</span> c", "a b c", "a b c" },
    { "line one\nline two", "line one\nline two", "line one\nline two" },
    { "<b>&lt;", "&lt;", "<" },
    { "", "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *markup = sarap_markdown_to_pango (cases[i].text);
      g_autofree char *plain = sarap_markdown_to_plain (cases[i].text);

      g_assert_cmpstr (markup, ==, cases[i].markup);
      g_assert_cmpstr (plain, ==, cases[i].plain);
    }
}

/* Whatever a form says, Pango must take it: a label it refuses would be empty. */
static void
test_hostile_markdown (void)
{
  static const char *const pieces[] = { "**", "_", "<", "</b>", "&", "&#0;", "[x](javascript:1)", "`", "\n\n", "- ", "# ", "<!-- ", "<![CDATA[", "қ", "\xff", ">", "***", "1. " };

  for (guint i = 0; i < 3000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *markup = NULL;
      g_autoptr (GError) error = NULL;
      int n = g_test_rand_int_range (1, 12);

      while (n-- > 0)
        g_string_append (text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      markup = sarap_markdown_to_pango (text->str);
      pango_parse_markup (markup, -1, 0, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
    }
}

static void
test_dates (void)
{
  static const struct
  {
    const char *typed;
    SarapDatePrecision precision;
    const char *stored;
  } cases[] = {
    { "31.12.2026", SARAP_DATE_DAY, "2026-12-31" },
    { "1/2/2026", SARAP_DATE_DAY, "2026-02-01" },
    { "2026-12-31", SARAP_DATE_DAY, "2026-12-31" },
    { "29.02.2025", SARAP_DATE_DAY, NULL },
    { "29.02.2024", SARAP_DATE_DAY, "2024-02-29" },
    { "31.12", SARAP_DATE_DAY, NULL },
    { "31.12.26", SARAP_DATE_DAY, NULL },
    { "today", SARAP_DATE_DAY, NULL },
    { "1.2.3.4", SARAP_DATE_DAY, NULL },
    { "99999999999.1.2026", SARAP_DATE_DAY, NULL },
    { "", SARAP_DATE_DAY, NULL },
    { "11.2025", SARAP_DATE_MONTH, "2025-11-01" },
    { "2025-11", SARAP_DATE_MONTH, "2025-11-01" },
    { "13.2025", SARAP_DATE_MONTH, NULL },
    { "1987", SARAP_DATE_YEAR, "1987-01-01" },
    { "87", SARAP_DATE_YEAR, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *stored = sarap_date_text_parse (cases[i].typed, cases[i].precision);

      g_assert_cmpstr (stored, ==, cases[i].stored);
    }
}

static void
test_times (void)
{
  static const char *const cases[][2] = { { "9:05", "09:05" }, { "9.05", "09:05" }, { "905", "09:05" }, { "0905", "09:05" }, { "23:59", "23:59" }, { "24:00", NULL }, { "9:60", NULL }, { "9", NULL }, { "", NULL }, { "noon", NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *time = sarap_time_text_parse (cases[i][0]);

      g_assert_cmpstr (time, ==, cases[i][1]);
    }
}

static void
test_formats (void)
{
  g_autofree char *day = sarap_date_text_format ("2026-12-31", SARAP_DATE_DAY);
  g_autofree char *half = sarap_date_text_format ("22.3", SARAP_DATE_DAY);
  g_autofree char *time = sarap_time_text_format ("09:05:00.000+05:00");
  g_autofree char *odd = sarap_time_text_format ("9 o'clock");

  g_assert_cmpstr (day, ==, "31.12.2026");
  g_assert_cmpstr (half, ==, "22.3");
  g_assert_cmpstr (time, ==, "09:05");
  g_assert_cmpstr (odd, ==, "9 o'clock");
}

static void
ready_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GBytes *
prepare (const char *path, int max_pixels, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sarap_photo_prepare_file_async (path, max_pixels, NULL, ready_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return sarap_photo_prepare_finish (result, error);
}

/* A JPEG of 40 × 20, red to the left, that says in its EXIF part: turned by 90 degrees, and where
 * it was taken. */
static char *
write_turned_photo (const char *folder)
{
  static const guint8 exif[] = { 0xff, 0xe1, 0x00, 0x2a, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 'S', 'E', 'C', 'R', 'E', 'T', '5', '1' };
  g_autoptr (GdkPixbuf) picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 40, 20);
  g_autoptr (GdkPixbuf) left = gdk_pixbuf_new_subpixbuf (picture, 0, 0, 20, 20);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autofree char *jpeg = NULL;
  char *path = g_build_filename (folder, "turned.jpg", NULL);
  gsize size;

  gdk_pixbuf_fill (picture, 0x0000ffff);
  gdk_pixbuf_fill (left, 0xff0000ff);
  g_assert_true (gdk_pixbuf_save_to_buffer (picture, &jpeg, &size, "jpeg", NULL, NULL));
  g_byte_array_append (file, (const guint8 *) jpeg, 2);
  g_byte_array_append (file, exif, sizeof exif);
  g_byte_array_append (file, (const guint8 *) jpeg + 2, (guint) size - 2);
  g_assert_true (g_file_set_contents (path, (const char *) file->data, file->len, NULL));
  return path;
}

static void
test_photo (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autofree char *path = write_turned_photo (folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = prepare (path, 10, &error);
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GdkPixbuf) picture = NULL;
  const guint8 *pixels;

  g_assert_no_error (error);
  g_assert_null (memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "SECRET", 6));
  g_assert_null (memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "Exif", 4));
  stream = g_memory_input_stream_new_from_bytes (bytes);
  picture = gdk_pixbuf_new_from_stream (stream, NULL, &error);
  g_assert_cmpint (gdk_pixbuf_get_width (picture), ==, 5);
  g_assert_cmpint (gdk_pixbuf_get_height (picture), ==, 10);
  pixels = gdk_pixbuf_read_pixels (picture);
  g_assert_cmpint (pixels[0], >, 150);
  sarap_temporary_remove (folder);
}

static void
test_no_photo (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autofree char *path = g_build_filename (folder, "photo.jpg", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "<html>", -1, NULL));
  g_assert_null (prepare (path, 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  sarap_temporary_remove (folder);
}

/* The head of a PNG that claims 30,000 × 30,000 pixels. */
static void
test_huge_photo (void)
{
  static const guint8 head[] = { 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30, 8, 2, 0, 0, 0, 0xe9, 0x45, 0x6f, 0xed, 0, 0, 0, 10, 'I', 'D', 'A', 'T', 0x78, 0x9c };
  g_autofree char *folder = sarap_temporary_new ();
  g_autofree char *path = g_build_filename (folder, "huge.png", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, (const char *) head, sizeof head, NULL));
  g_assert_null (prepare (path, 1024, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  sarap_temporary_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/text/markdown-becomes-markup", test_markdown);
  g_test_add_func ("/ui/text/any-label-is-markup-that-parses", test_hostile_markdown);
  g_test_add_func ("/ui/text/dates-as-typed", test_dates);
  g_test_add_func ("/ui/text/times-as-typed", test_times);
  g_test_add_func ("/ui/text/stored-dates-come-back-as-typed", test_formats);
  g_test_add_func ("/ui/photo/upright-scaled-without-exif", test_photo);
  g_test_add_func ("/ui/photo/what-is-no-picture-is-refused", test_no_photo);
  g_test_add_func ("/ui/photo/huge-pictures-are-refused", test_huge_photo);
  return g_test_run ();
}
