#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "tests/form/xlsform-support.h"
#include "tests/support/sarap-temporary.h"

#define GOOD "# survey\ntype|name|label\ntext|place|Place\n# settings\nform_id\nvisit\n"
#define BAD "# survey\ntype|name|label\ntext|place|Place\ntxt|day|Day\n"

typedef struct
{
  char *folder;
  char *in;
  char *out;
  char *errors; /* of the last run */
} Fixture;

static void
write_workbook (Fixture *self, const char *text)
{
  g_autoptr (GBytes) workbook = workbook_new (text);

  g_assert_true (g_file_set_contents (self->in, g_bytes_get_data (workbook, NULL), (gssize) g_bytes_get_size (workbook), NULL));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = sarap_temporary_new ();
  self->in = g_build_filename (self->folder, "form.xlsx", NULL);
  self->out = g_build_filename (self->folder, "form.xml", NULL);
  write_workbook (self, GOOD);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  sarap_temporary_remove (self->folder);
  g_free (self->folder);
  g_free (self->in);
  g_free (self->out);
  g_free (self->errors);
}

static void
limit_files_cb (gpointer data)
{
  const struct rlimit limit = { GPOINTER_TO_SIZE (data), GPOINTER_TO_SIZE (data) };

  setrlimit (RLIMIT_FSIZE, &limit);
  signal (SIGXFSZ, SIG_IGN);
}

/* Converts to @out; no file may grow beyond @limit bytes (0: no limit). Returns: the status */
static int
convert_to (Fixture *self, const char *out, gsize limit)
{
  const char *argv[] = { g_getenv ("SARAPCTL"), "convert", self->in, out, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_clear_pointer (&self->errors, g_free);
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, limit ? limit_files_cb : NULL, GSIZE_TO_POINTER (limit), NULL, &self->errors, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  g_test_message ("%s", self->errors);
  return WEXITSTATUS (status);
}

static void
assert_files (Fixture *self, guint expected)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;
  g_assert_cmpuint (n, ==, expected);
}

static void
assert_out (Fixture *self, const char *expected)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (self->out, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
}

static void
test_output_replaces_what_was_there (Fixture *self, gconstpointer data)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (self->out, "older", -1, NULL));
  g_assert_cmpint (convert_to (self, self->out, 0), ==, 0);
  g_assert_true (g_file_get_contents (self->out, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "id=\"visit\""));
  g_assert_true (g_str_has_suffix (text, "</h:html>"));
  g_assert_cmpstr (self->errors, ==, "");
  assert_files (self, 2);
}

static void
test_faulty_workbook_leaves_the_output (Fixture *self, gconstpointer data)
{
  write_workbook (self, BAD);
  g_assert_cmpint (convert_to (self, self->out, 0), ==, 1);
  g_assert_cmpstr (self->errors, ==, "error: form.xlsx, sheet survey, row 3, column type: unknown type 'txt'\n");
  assert_files (self, 1);
  g_assert_true (g_file_set_contents (self->out, "older", -1, NULL));
  g_assert_cmpint (convert_to (self, self->out, 0), ==, 1);
  assert_out (self, "older");
  assert_files (self, 2);
}

static void
test_full_disk_leaves_the_output (Fixture *self, gconstpointer data)
{
  g_assert_true (g_file_set_contents (self->out, "older", -1, NULL));
  g_assert_cmpint (convert_to (self, self->out, 100), ==, 3);
  g_assert_nonnull (strstr (self->errors, self->out));
  assert_out (self, "older");
  assert_files (self, 2);
  g_assert_cmpint (convert_to (self, "/dev/full", 0), ==, 3);
}

static void
test_places_that_take_no_file (Fixture *self, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (self->folder, "none", "form.xml", NULL);

  g_assert_cmpint (convert_to (self, nowhere, 0), ==, 1);
  g_assert_nonnull (strstr (self->errors, nowhere));
  g_assert_cmpint (convert_to (self, self->folder, 0), ==, 1);
  g_assert_nonnull (strstr (self->errors, "a folder"));
  assert_files (self, 1);
}

/* Every beginning of a workbook is an archive that was cut off; the older .xls begins with D0 CF. */
static void
test_other_files_are_refused (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) workbook = workbook_new (GOOD);
  gsize size = g_bytes_get_size (workbook);

  g_assert_true (g_file_set_contents (self->in, "\xd0\xcf\x11\xe0", -1, NULL));
  g_assert_cmpint (convert_to (self, self->out, 0), ==, 1);
  g_assert_nonnull (strstr (self->errors, "save it as .xlsx"));
  for (gsize length = 0; length < size; length += size / 40)
    {
      g_assert_true (g_file_set_contents (self->in, g_bytes_get_data (workbook, NULL), (gssize) length, NULL));
      g_assert_cmpint (convert_to (self, self->out, 0), ==, 1);
      g_assert_nonnull (strstr (self->errors, "form.xlsx"));
      assert_files (self, 1);
    }
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *self, gconstpointer data);
  } tests[] = {
    { "/cli/convert/output-replaces-what-was-there", test_output_replaces_what_was_there },
    { "/cli/convert/faulty-workbook-leaves-the-output", test_faulty_workbook_leaves_the_output },
    { "/cli/convert/full-disk-leaves-the-output", test_full_disk_leaves_the_output },
    { "/cli/convert/places-that-take-no-file", test_places_that_take_no_file },
    { "/cli/convert/other-files-are-refused", test_other_files_are_refused },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
