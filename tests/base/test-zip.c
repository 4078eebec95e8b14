#include "app/base/sarap-zip.h"

#include "app/base/sarap-file.h"
#include "app/base/sarap-problem.h"
#include "tests/support/sarap-figure.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define MEGABYTE (1024 * 1024)

static char *
make_path (void)
{
  g_autofree char *folder = g_dir_make_tmp ("sarap-zip-XXXXXX", NULL);

  return g_build_filename (folder, "archive.zip", NULL);
}

static void
remove_path (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_remove (path);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static GBytes *
make_archive (const char *const *names, GBytes *const *contents, gsize n)
{
  g_autofree char *path = make_path ();
  g_autoptr (GError) error = NULL;
  GBytes *bytes;

  g_assert_true (sarap_zip_write (path, names, contents, n, &error));
  g_assert_no_error (error);
  bytes = sarap_file_read (path, 0, &error);
  remove_path (path);
  return bytes;
}

static GBytes *
make_single (const char *name, GBytes *content)
{
  return make_archive (&name, &content, 1);
}

static GBytes *
zeros (gsize size)
{
  return g_bytes_new_take (g_malloc0 (size), size);
}

/* Bytes that deflate to about one in @ratio: random ones, then zeros. */
static GBytes *
squeezable (gsize size, guint ratio)
{
  guint8 *data = g_malloc0 (size);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (gsize i = 0; i < size / ratio; i++)
    data[i] = g_rand_int (random);
  return g_bytes_new_take (data, size);
}

static double
processor_seconds (void)
{
  return (double) clock () / CLOCKS_PER_SEC;
}

static void
refuses (GBytes *archive, SarapInputError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapZip) zip = sarap_zip_open_bytes (archive, "a.zip", &error);

  g_assert_null (zip);
  g_assert_error (error, SARAP_INPUT_ERROR, (int) code);
  g_assert_true (g_str_has_prefix (error->message, "a.zip: "));
}

static void
accepts (GBytes *archive)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapZip) zip = sarap_zip_open_bytes (archive, "a.zip", &error);

  g_assert_no_error (error);
  g_assert_nonnull (zip);
}

static void
written_entries_read_back (void)
{
  static const char *const names[] = { "a.txt", "folder/ә.txt" };
  g_autoptr (GBytes) a = g_bytes_new_static ("one", 3);
  g_autoptr (GBytes) b = g_bytes_new_static ("", 0);
  GBytes *contents[] = { a, b };
  g_autofree char *path = make_path ();
  g_autoptr (SarapZip) zip = NULL;
  g_auto (GStrv) list = NULL;
  g_autoptr (GBytes) back = NULL;
  g_autoptr (GError) error = NULL;
  struct stat status;

  g_assert_true (sarap_zip_write (path, names, contents, 2, &error));
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  zip = sarap_zip_open (path, &error);
  g_assert_no_error (error);
  list = sarap_zip_list (zip);
  g_assert_cmpstrv (list, ((const char *const[]){ "a.txt", "folder/ә.txt", NULL }));
  g_assert_true (sarap_zip_has (zip, "folder/ә.txt"));
  back = sarap_zip_read (zip, "a.txt", &error);
  g_assert_true (g_bytes_equal (back, a));
  g_assert_null (sarap_zip_read (zip, "b.txt", &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING);
  remove_path (path);
}

static void
paths_stay_inside (void)
{
  static const char *const bad[] = { "../a", "a/../../b", "/etc/passwd", "a\\..\\b", ".." };
  g_autoptr (GBytes) content = g_bytes_new_static ("x", 1);
  g_autoptr (GBytes) good = make_single ("a/..b/c..", content);

  accepts (good);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GBytes) archive = make_single (bad[i], content);

      refuses (archive, SARAP_INPUT_ERROR_MALFORMED);
    }
}

static GBytes *
make_many (guint n)
{
  g_autoptr (GBytes) content = g_bytes_new_static ("x", 1);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) contents = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_add (names, g_strdup_printf ("%u", i));
      g_ptr_array_add (contents, content);
    }
  return make_archive ((const char *const *) names->pdata, (GBytes *const *) contents->pdata, n);
}

static void
one_thousand_entries_at_most (void)
{
  static const guint fitting[] = { 999, 1000 };
  const guint exceeding[] = { 1001, g_getenv ("SARAP_LONG") ? 1000000 : 20000 };

  for (guint i = 0; i < G_N_ELEMENTS (fitting); i++)
    {
      g_autoptr (GBytes) archive = make_many (fitting[i]);

      accepts (archive);
    }
  for (guint i = 0; i < G_N_ELEMENTS (exceeding); i++)
    {
      g_autoptr (GBytes) archive = make_many (exceeding[i]);
      double start = processor_seconds ();

      refuses (archive, SARAP_INPUT_ERROR_LIMIT);
      sarap_figure_at_most ("C14 zip-entries", processor_seconds () - start, 5);
    }
}

/* @archive with other sizes of its first entry in the directory. */
static GBytes *
declare (GBytes *archive, guint32 deflated, guint32 inflated)
{
  gsize size = g_bytes_get_size (archive);
  guint8 *data = g_memdup2 (g_bytes_get_data (archive, NULL), size);
  guint8 *directory = memmem (data, size, "PK\1\2", 4);
  const guint32 sizes[] = { GUINT32_TO_LE (deflated), GUINT32_TO_LE (inflated) };

  g_assert_nonnull (directory);
  memcpy (directory + 20, sizes, sizeof sizes);
  return g_bytes_new_take (data, size);
}

typedef struct
{
  guint32 deflated;
  guint32 inflated;
  gboolean is_accepted;
} Declared;

static void
assert_declared (const char *id, const Declared *cases, guint n)
{
  g_autoptr (GBytes) content = g_bytes_new_static ("x", 1);
  g_autoptr (GBytes) archive = make_single ("a", content);
  double start = processor_seconds ();

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GBytes) forged = declare (archive, cases[i].deflated, cases[i].inflated);

      if (cases[i].is_accepted)
        accepts (forged);
      else
        refuses (forged, SARAP_INPUT_ERROR_LIMIT);
    }
  sarap_figure_at_most (id, processor_seconds () - start, 5);
}

static void
ratio_of_one_hundred_at_most (void)
{
  static const Declared cases[] = {
    { 20000, 1999999, TRUE },
    { 20000, 2000000, TRUE },
    { 20000, 2000001, FALSE },
    { 20000, 1000000000, FALSE },
    { 0, MEGABYTE - 1, TRUE },
    { 0, MEGABYTE, FALSE },
  };
  g_autoptr (GBytes) mild = squeezable (8 * MEGABYTE, 60);
  g_autoptr (GBytes) wild = zeros (8 * MEGABYTE);
  g_autoptr (GBytes) mild_archive = make_single ("a", mild);
  g_autoptr (GBytes) wild_archive = make_single ("a", wild);

  accepts (mild_archive);
  refuses (wild_archive, SARAP_INPUT_ERROR_LIMIT);
  assert_declared ("C14 zip-ratio", cases, G_N_ELEMENTS (cases));
}

static void
two_hundred_megabytes_inflated_at_most (void)
{
  static const Declared cases[] = {
    { 20 * MEGABYTE, 200 * MEGABYTE - 1, TRUE },
    { 20 * MEGABYTE, 200 * MEGABYTE, TRUE },
    { 20 * MEGABYTE, 200 * MEGABYTE + 1, FALSE },
    { 20 * MEGABYTE, 1000000000, FALSE },
  };
  static const char *const names[] = { "a", "b" };
  g_autoptr (GBytes) large = squeezable (199 * MEGABYTE, 50);
  g_autoptr (GBytes) one = squeezable (MEGABYTE, 50);
  g_autoptr (GBytes) over = squeezable (MEGABYTE + 1, 50);
  GBytes *fitting[] = { large, one };
  GBytes *exceeding[] = { large, over };
  g_autoptr (GBytes) full = make_archive (names, fitting, 2);
  g_autoptr (GBytes) fuller = make_archive (names, exceeding, 2);

  accepts (full);
  refuses (fuller, SARAP_INPUT_ERROR_LIMIT);
  assert_declared ("C14 zip-inflated", cases, G_N_ELEMENTS (cases));
}

/* The size in the directory says 3 although 3 MB come out. */
static void
lying_size_is_found_while_reading (void)
{
  g_autoptr (GBytes) content = squeezable (3 * MEGABYTE, 50);
  g_autoptr (GBytes) archive = make_single ("a", content);
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (archive, NULL), g_bytes_get_size (archive));
  gsize size = g_bytes_get_size (archive);
  const guint8 central[] = { 'P', 'K', 1, 2 };
  guint8 *directory = memmem (data, size, central, 4);
  const guint8 three[] = { 3, 0, 0, 0 };
  g_autoptr (GBytes) forged = NULL;
  g_autoptr (SarapZip) zip = NULL;
  g_autoptr (GBytes) read = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (directory);
  memcpy (directory + 24, three, 4);
  forged = g_bytes_new (data, size);
  zip = sarap_zip_open_bytes (forged, "a.zip", &error);
  read = zip ? sarap_zip_read (zip, "a", &error) : NULL;
  g_assert_null (read);
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED);
}

static void
garbage_is_no_archive (void)
{
  g_autoptr (GBytes) text = g_bytes_new_static ("type,name,label\n", 16);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

  refuses (text, SARAP_INPUT_ERROR_MALFORMED);
  refuses (nothing, SARAP_INPUT_ERROR_MALFORMED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/zip/written-entries-read-back", written_entries_read_back);
  g_test_add_func ("/base/zip/paths-stay-inside", paths_stay_inside);
  g_test_add_func ("/base/zip/one-thousand-entries-at-most", one_thousand_entries_at_most);
  g_test_add_func ("/base/zip/ratio-of-one-hundred-at-most", ratio_of_one_hundred_at_most);
  g_test_add_func ("/base/zip/two-hundred-megabytes-inflated-at-most", two_hundred_megabytes_inflated_at_most);
  g_test_add_func ("/base/zip/lying-size-is-found-while-reading", lying_size_is_found_while_reading);
  g_test_add_func ("/base/zip/garbage-is-no-archive", garbage_is_no_archive);
  return g_test_run ();
}
