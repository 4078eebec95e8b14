#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* sarapctl statistics beside the values of R's survey package for the same tables. The end of an
 * interval may be off by 1e-9 of the larger of itself, the standard error and 1e-6, any other
 * number by 1e-9 of itself; counts, words and decisions not at all. */

#define TOLERANCE 1e-9
#define ZERO 1e-15

static char *
run (const char *folder, int status, char **words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error, g_getenv ("SARAPCTL"), "statistics", folder, NULL);
  char *output = NULL;

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, words, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, status);
  return output;
}

/* "case,quantity" → value. */
static GHashTable *
read_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GHashTable *values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 1; lines[i] && *lines[i]; i++)
    {
      char *value = strchr (strchr (lines[i], ',') + 1, ',');

      g_assert_true (g_hash_table_insert (values, g_strndup (lines[i], value - lines[i]), g_strdup (value + 1)));
    }
  return values;
}

static gboolean
is_interval (const char *name)
{
  static const char *const intervals[] = { "wald[", "logit[", "kg[", "ci[", "ci_gwet[", "wilson[", "csat_wilson[", "executed_wilson[" };
  const char *last = strpbrk (name, ",.");

  while (last && strpbrk (last + 1, ",."))
    last = strpbrk (last + 1, ",.");
  for (guint i = 0; i < G_N_ELEMENTS (intervals); i++)
    if (g_str_has_prefix (last + 1, intervals[i]))
      return TRUE;
  return FALSE;
}

static double
standard_error (GHashTable *expected, const char *name)
{
  const char *end = strrchr (name, '.') ? strrchr (name, '.') : strchr (name, ',');
  g_autofree char *key = g_strdup_printf ("%.*sse", (int) (end + 1 - name), name);
  const char *value = g_hash_table_lookup (expected, key);

  return value ? g_ascii_strtod (value, NULL) : 0;
}

static void
test_reference (void)
{
  g_autofree char *file = g_build_filename (g_getenv ("STATISTICS"), "expected_flat.csv", NULL), *text = NULL, *words = NULL;
  g_autofree char *output = run (g_getenv ("STATISTICS"), 0, &words);
  g_autoptr (GHashTable) expected = NULL, got = read_lines (output);
  GHashTableIter iter;
  gpointer name, value;

  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  expected = read_lines (text);
  g_assert_cmpuint (g_hash_table_size (expected), >, 12000);
  g_assert_cmpuint (g_hash_table_size (got), ==, g_hash_table_size (expected));
  g_hash_table_iter_init (&iter, expected);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      const char *found = g_hash_table_lookup (got, name);
      double a = g_ascii_strtod (value, NULL), b = found ? g_ascii_strtod (found, NULL) : NAN;
      double allowed = is_interval (name) ? TOLERANCE * fmax (fabs (a), fmax (standard_error (expected, name), 1e-6)) : fmax (TOLERANCE * fabs (a), ZERO);

      if (g_strcmp0 (found, value) != 0 && !(g_ascii_isdigit (((char *) value)[*(char *) value == '-']) && fabs (a - b) <= allowed))
        g_error ("%s: got %s, expected %s", (char *) name, found, (char *) value);
    }
}

static void
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
remove_folder (const char *folder)
{
  static const char *const names[] = { "cases.json", "persons.csv" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

#define ONE_CASE "{\"cases\":[{\"id\":\"x\",\"op\":\"mean\",\"spec\":{\"design\":\"wr\",\"wave\":\"1\",\"var\":\"ready\",\"domain\":[]}}]}"

/* What is wrong is told with its place, and nothing is printed. */
static void
test_errors (void)
{
  const struct
  {
    const char *cases;
    const char *persons;
    const char *words;
  } inputs[] = {
    { NULL, NULL, "cases.json" },
    { "{}", NULL, "cases.json" },
    { "{\"cases\":[{\"id\":\"x\",\"op\":\"guess\"}]}", NULL, "guess" },
    { ONE_CASE, NULL, "persons.csv" },
    { ONE_CASE, "wave,psu,stratum,w\n1,1,1,1\n", "“ready”" },
    { ONE_CASE, "wave,psu,stratum,w,ready\n1,1,1,1,1\n1,2,1,1,maybe\n", "persons.csv, row 3, column ready: “maybe”" },
    { ONE_CASE, "wave,psu,stratum,w,ready\n1,1,1,1,1\n1,,1,1,0\n", "persons.csv, row 3, column psu" },
    { ONE_CASE, "wave,psu,stratum,w,ready\n1,1,1,-1,1\n", "weight" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++)
    {
      g_autofree char *folder = g_dir_make_tmp ("sarap-statistics-XXXXXX", NULL), *words = NULL, *output = NULL;

      if (inputs[i].cases)
        write_file (folder, "cases.json", inputs[i].cases);
      if (inputs[i].persons)
        write_file (folder, "persons.csv", inputs[i].persons);
      output = run (folder, 1, &words);
      g_assert_cmpstr (output, ==, "");
      if (strstr (words, inputs[i].words) == NULL)
        g_error ("%s is not in: %s", inputs[i].words, words);
      remove_folder (folder);
    }
}

/* Everybody has no answer, weighs nothing, or is of another wave: a count of 0 and no more. */
static void
test_nobody (void)
{
  static const char *const tables[] = {
    "wave,psu,stratum,w,ready\n1,1,1,1,\n1,2,1,1,\n",
    "wave,psu,stratum,w,ready\n1,1,1,0,1\n1,2,1,0,0\n",
    "wave,psu,stratum,w,ready\n2,1,1,1,1\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *folder = g_dir_make_tmp ("sarap-statistics-XXXXXX", NULL), *words = NULL, *output = NULL;

      write_file (folder, "cases.json", ONE_CASE);
      write_file (folder, "persons.csv", tables[i]);
      output = run (folder, 0, &words);
      g_assert_cmpstr (output, ==, "case,quantity,value\nx,n,0\n");
      remove_folder (folder);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/statistics/every-reference-value", test_reference);
  g_test_add_func ("/cli/statistics/errors-name-the-place", test_errors);
  g_test_add_func ("/cli/statistics/nobody-is-a-count-of-0", test_nobody);
  return g_test_run ();
}
