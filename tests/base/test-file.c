#include "app/base/sarap-file.h"

#include "app/base/sarap-problem.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("sarap-file-XXXXXX", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) folder = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static guint
count_files (const Fixture *fixture)
{
  g_autoptr (GDir) folder = g_dir_open (fixture->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

static void
written_whole_with_its_mode (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "a", NULL);
  g_autoptr (GBytes) first = g_bytes_new_static ("first, longer", 13);
  g_autoptr (GBytes) second = g_bytes_new_static ("second", 6);
  g_autoptr (GBytes) back = NULL;
  g_autofree char *hash = NULL;
  g_autoptr (GError) error = NULL;
  struct stat status;

  g_assert_true (sarap_file_write (path, first, 0644, &error));
  g_assert_true (sarap_file_write (path, second, 0640, &error));
  g_assert_no_error (error);
  back = sarap_file_read (path, 6, &error);
  g_assert_true (g_bytes_equal (back, second));
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0640);
  g_assert_cmpuint (count_files (fixture), ==, 1);
  hash = sarap_file_hash (path, G_CHECKSUM_SHA256, &error);
  g_assert_cmpstr (hash, ==, "16367aacb67a4a017c8da8ab95682ccb390863780f7114dda0a0e0c55644c7c4");
}

static void
failed_write_leaves_the_old (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "kept", NULL);
  g_autofree char *inside = g_build_filename (path, "x", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("new", 3);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_true (sarap_file_write (inside, bytes, 0600, &error));
  g_assert_false (sarap_file_write (path, bytes, 0600, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (count_files (fixture), ==, 1);
  g_assert_true (g_file_test (inside, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_remove (inside), ==, 0);
}

static void
large_and_missing_files_are_told (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "b", NULL);
  g_autofree char *missing = g_build_filename (fixture->folder, "c", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("1234567", 7);
  g_autoptr (GError) error = NULL;

  g_assert_true (sarap_file_write (path, bytes, 0600, &error));
  g_assert_null (sarap_file_read (path, 6, &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_null (sarap_file_read (missing, 0, &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_null (sarap_file_hash (missing, G_CHECKSUM_MD5, &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING);
}

/* A rename onto /dev/null, a pipe or a socket would take it away from everybody. */
static void
pipe_is_written_into_and_stays (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "pipe", NULL), *beside = g_build_filename (fixture->folder, "new", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("word", 4);
  g_autoptr (GError) error = NULL;
  char back[8] = "";
  struct stat status;
  int reader;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  reader = open (path, O_RDONLY | O_NONBLOCK);
  g_assert_true (sarap_file_write (path, bytes, 0600, &error));
  g_assert_no_error (error);
  g_assert_cmpint (read (reader, back, sizeof back), ==, 4);
  g_assert_cmpstr (back, ==, "word");
  g_assert_true (sarap_file_write (beside, bytes, 0600, &error));
  g_assert_false (sarap_file_publish (beside, path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_true (S_ISFIFO (status.st_mode));
  g_assert_cmpuint (count_files (fixture), ==, 1);
  close (reader);
}

static void
secret_is_for_its_owner_alone (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "pass", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static (" word \r\n", 8);
  g_autofree char *secret = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (sarap_file_write (path, bytes, 0640, &error));
  g_assert_null (sarap_file_read_secret (path, &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  secret = sarap_file_read_secret (path, &error);
  g_assert_cmpstr (secret, ==, " word ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/base/file/written-whole-with-its-mode", Fixture, NULL, set_up, written_whole_with_its_mode, tear_down);
  g_test_add ("/base/file/failed-write-leaves-the-old", Fixture, NULL, set_up, failed_write_leaves_the_old, tear_down);
  g_test_add ("/base/file/large-and-missing-files-are-told", Fixture, NULL, set_up, large_and_missing_files_are_told, tear_down);
  g_test_add ("/base/file/pipe-is-written-into-and-stays", Fixture, NULL, set_up, pipe_is_written_into_and_stays, tear_down);
  g_test_add ("/base/file/secret-is-for-its-owner-alone", Fixture, NULL, set_up, secret_is_for_its_owner_alone, tear_down);
  return g_test_run ();
}
