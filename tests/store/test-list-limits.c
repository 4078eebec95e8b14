#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "app/base/sarap-problem.h"
#include "app/form/sarap-list.h"
#include "app/form/sarap-node.h"
#include "app/store/sarap-list-cache.h"
#include "tests/support/sarap-figure.h"
#include "tests/support/sarap-temporary.h"

/* The limits of lists (C14): CSV files of more rows, wider rows and deeper quotes than any list has.
 * A refusal names the file; memory does not grow with the file. With SARAP_LONG in full, up to 1 GB. */

#define MEGABYTE ((gsize) 1024 * 1024)
#define MAX_MINUTE 60
#define MAX_PEAK 512 /* MB of the whole program */

static gboolean is_long;

typedef struct
{
  char *folder;
  char *csv;
  SarapListLibrary *library;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *cache = NULL;

  self->folder = sarap_temporary_new ();
  self->csv = g_build_filename (self->folder, "l.csv", NULL);
  cache = g_build_filename (self->folder, "lists", NULL);
  self->library = SARAP_LIST_LIBRARY (sarap_list_cache_new (cache));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_object_unref (self->library);
  sarap_temporary_remove (self->folder);
  g_free (self->csv);
  g_free (self->folder);
}

/* @head once, @unit @n times, @tail once. */
static void
write_csv (Fixture *self, const char *head, const char *unit, gsize n, const char *tail)
{
  gsize length = strlen (unit), per_block = MAX (MEGABYTE / length, 1);
  g_autoptr (GString) block = g_string_new (NULL);
  FILE *file = fopen (self->csv, "w");

  g_assert_nonnull (file);
  for (gsize i = 0; i < per_block; i++)
    g_string_append (block, unit);
  fputs (head, file);
  for (gsize left = n; left > 0; left -= MIN (left, per_block))
    g_assert_cmpuint (fwrite (block->str, length, MIN (left, per_block), file), ==, MIN (left, per_block));
  fputs (tail, file);
  g_assert_cmpint (fclose (file), ==, 0);
}

static SarapList *
open_csv (Fixture *self, const char *id, GError **error)
{
  const SarapListFile file = { .name = "l.csv", .path = self->csv };
  clock_t start = clock ();
  SarapList *list = sarap_list_library_open (self->library, &file, error);
  struct rusage usage;
  g_autofree char *seconds = g_strdup_printf ("C14 %s seconds", id);
  g_autofree char *peak = g_strdup_printf ("C14 %s peak-MB", id);

  getrusage (RUSAGE_SELF, &usage);
  sarap_figure_at_most (seconds, (double) (clock () - start) / CLOCKS_PER_SEC, MAX_MINUTE);
  if (g_getenv ("SARAP_SANITIZED") == NULL)
    sarap_figure_at_most (peak, (double) usage.ru_maxrss / 1024, MAX_PEAK);
  return list;
}

static void
refuses (Fixture *self, const char *id, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (open_csv (self, id, &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT);
  g_assert_true (g_str_has_prefix (error->message, "l.csv"));
  g_assert_nonnull (strstr (error->message, words));
}

static SarapList *
accepts (Fixture *self, const char *id)
{
  g_autoptr (GError) error = NULL;
  SarapList *list = open_csv (self, id, &error);

  g_assert_no_error (error);
  return list;
}

static void
five_million_rows_at_most (Fixture *self, gconstpointer data)
{
  write_csv (self, "n\n", "a\n", SARAP_LIST_MAX_ROWS + 1, "");
  refuses (self, "list-rows+1", "more than 5000000 rows");
  if (!is_long)
    return;
  write_csv (self, "n\n", "a\n", (gsize) 500 * MEGABYTE, "");
  refuses (self, "list-rows-1GB", "more than 5000000 rows");
  for (guint below = 0; below < 2; below++)
    {
      g_autoptr (SarapList) list = NULL;

      write_csv (self, "n\n", "a\n", SARAP_LIST_MAX_ROWS - below, "");
      list = accepts (self, below ? "list-rows-1" : "list-rows");
      g_assert_cmpuint (SARAP_LIST_GET_IFACE (list)->get_n_rows (list), ==, SARAP_LIST_MAX_ROWS - below);
    }
}

static void
spaces_without_an_end (Fixture *self, gconstpointer data)
{
  write_csv (self, "n,m\na,", " ", (is_long ? 1000 : 100) * MEGABYTE, "\n");
  refuses (self, "cell-of-spaces", "longer than 16 MB");
}

static void
one_line_without_an_end (Fixture *self, gconstpointer data)
{
  write_csv (self, "n", ",m", (is_long ? 500 : 50) * MEGABYTE, "");
  refuses (self, "one-line", "longer than 16 MB");
}

/* Short rows below a long header: the file is small, the table would not be. */
static void
a_table_without_cells (Fixture *self, gconstpointer data)
{
  g_autofree char *commas = g_strnfill (8191, ',');
  g_autofree char *head = g_strconcat ("a", commas, "\n", NULL);
  g_autofree char *longer = g_strconcat ("a", commas, commas, ",,\n", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  char *text;
  gsize length;

  write_csv (self, head, "a\n", 100000000 / 8192 + 1, "");
  refuses (self, "cells", "more than 100000000 cells");
  g_assert_true (g_file_get_contents (self->csv, &text, &length, NULL));
  bytes = g_bytes_new_take (text, length);
  g_assert_null (sarap_tree_new_from_csv (bytes, "l.csv", &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT);
  write_csv (self, longer, "a\n", 1, "");
  refuses (self, "columns", "more than 16384 columns");
}

static GBytes *
repeat (const char *head, const char *unit, guint n, const char *tail)
{
  GString *text = g_string_new (head);

  for (guint i = 0; i < n; i++)
    g_string_append (text, unit);
  g_string_append (text, tail);
  return g_string_free_to_bytes (text);
}

typedef SarapTree *(*ReadTree) (GBytes *bytes, const char *file, GError **error);

static void
refuses_tree (ReadTree read, GBytes *bytes, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (read (bytes, "list", &error));
  g_assert_nonnull (strstr (error->message, words));
}

/* Lists that are kept as nodes: the limit that keeps them small comes before that of the rows, except for bare ones. */
static void
lists_of_nodes_have_a_limit (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) values = repeat ("{\"type\":\"FeatureCollection\",\"features\":[0", ",0", 10000000, "]}");
  g_autoptr (GBytes) elements = repeat ("<r>", "<i/>", 5000001, "</r>");
  g_autoptr (GBytes) features = repeat ("{\"features\":[0", ",0", 5000000, "]}");

  refuses_tree (sarap_tree_new_from_geojson, values, "more than 10000000 values");
  if (!is_long)
    return;
  refuses_tree (sarap_tree_new_from_xml, elements, "more than 5000000 rows");
  refuses_tree (sarap_tree_new_from_geojson, features, "more than 5000000 rows");
}

static void
ten_thousand_quotes (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapList) list = NULL;
  g_autofree char *quotes = g_strnfill (10000, '"');
  const char *row;
  gsize size;

  write_csv (self, "n\n\"", "\"\"", 10000, "\"\n");
  list = accepts (self, "quotes");
  row = SARAP_LIST_GET_IFACE (list)->peek_row (list, 0, &size);
  g_assert_cmpuint (size, ==, 10001);
  g_assert_cmpstr (row, ==, quotes);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  is_long = g_getenv ("SARAP_LONG") != NULL;
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/store/list-limits/lists-of-nodes", lists_of_nodes_have_a_limit);
  ADD ("/store/list-limits/ten-thousand-quotes", ten_thousand_quotes);
  ADD ("/store/list-limits/spaces-without-an-end", spaces_without_an_end);
  ADD ("/store/list-limits/one-line-without-an-end", one_line_without_an_end);
  ADD ("/store/list-limits/a-table-without-cells", a_table_without_cells);
  ADD ("/store/list-limits/five-million-rows-at-most", five_million_rows_at_most);
  return g_test_run ();
}
