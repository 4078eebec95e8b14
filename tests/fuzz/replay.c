/* Runs a fuzz target over its corpus, without libFuzzer: fuzz-TARGET TARGET CORPUS. */
#include "tests/fuzz/fuzz-target.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Processor time: another program must not make an input slow. */
#define MAX_SECONDS 1.0

static guint n_run;
static guint n_slow;

static double
processor_seconds (void)
{
  return (double) clock () / CLOCKS_PER_SEC;
}

static void
replay_one (gconstpointer path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  g_autofree guint8 *exact = NULL;
  gsize length;
  double start;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  exact = g_memdup2 (contents, length); /* without the NUL that g_file_get_contents() adds */
  start = processor_seconds ();
  LLVMFuzzerTestOneInput (exact, length);
  n_run++;
  if (processor_seconds () - start > MAX_SECONDS)
    {
      n_slow++;
      g_test_message ("%s takes %.2f s", (const char *) path, processor_seconds () - start);
      g_test_fail ();
    }
}

static void
add_corpus (const char *target, const char *folder, GPtrArray *paths)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      char *path = g_build_filename (folder, name, NULL);
      g_autofree char *test = g_strdup_printf ("/fuzz/%s/%s", target, name);

      g_ptr_array_add (paths, path);
      g_test_add_data_func (test, path, replay_one);
    }
  g_assert_cmpuint (paths->len, >, 0);
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  add_corpus (argv[1], argv[2], paths);
  status = g_test_run ();
  g_print ("# C13 %s %u inputs %u slow %s\n", argv[1], n_run, n_slow, status == 0 ? "PASS" : "FAIL");
  return status;
}
