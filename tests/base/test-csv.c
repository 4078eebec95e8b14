#include "app/base/sarap-csv.h"

#include "app/base/sarap-problem.h"

#include <string.h>

static SarapCsv *
parse (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GError) error = NULL;
  SarapCsv *csv = sarap_csv_parse (bytes, "list.csv", &error);

  g_assert_no_error (error);
  return csv;
}

static void
refuses (const char *text, gsize size, const char *message)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, size);
  g_autoptr (GError) error = NULL;

  g_assert_null (sarap_csv_parse (bytes, "list.csv", &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED);
  g_assert_true (strstr (error->message, message) != NULL);
}

static void
quotes_hold_delimiters (void)
{
  g_autoptr (SarapCsv) csv = parse ("name,label\na,\"x, \"\"y\"\"\nz\"\nb,\"\"\n");

  g_assert_cmpuint (sarap_csv_get_n_rows (csv), ==, 2);
  g_assert_cmpstr (sarap_csv_peek_cell (csv, 0, 1), ==, "x, \"y\"\nz");
  g_assert_cmpstr (sarap_csv_peek (csv, 1, "name"), ==, "b");
  g_assert_cmpstr (sarap_csv_peek (csv, 1, "label"), ==, "");
  g_assert_cmpstr (sarap_csv_peek (csv, 1, "colour"), ==, "");
  g_assert_cmpint (sarap_csv_find_column (csv, "colour"), ==, -1);
}

static void
header_decides_the_delimiter (void)
{
  static const char *const files[] = { "a,b;c\n1,2;3\n", "\"x,y\";b\n1;2,3\n", "a\tb\n1\t2\n", "a|b\n1|2\n" };
  static const char *const second[] = { "2;3", "2,3", "2", "2" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (SarapCsv) csv = parse (files[i]);

      g_assert_cmpuint (sarap_csv_get_n_columns (csv), ==, 2);
      g_assert_cmpstr (sarap_csv_peek_cell (csv, 0, 1), ==, second[i]);
    }
}

static void
byte_order_mark_is_no_name (void)
{
  g_autoptr (SarapCsv) csv = parse ("\xef\xbb\xbfname ,label\r\nә,қ\r\n");

  g_assert_cmpstr (sarap_csv_peek_header (csv, 0), ==, "name");
  g_assert_cmpstr (sarap_csv_peek (csv, 0, "label"), ==, "қ");
  g_assert_cmpuint (sarap_csv_get_n_rows (csv), ==, 1);
}

static void
uneven_rows_have_all_columns (void)
{
  g_autoptr (SarapCsv) csv = parse ("a,b,c\n1\n\n1,2,3,4\n1,2,");

  g_assert_cmpuint (sarap_csv_get_n_rows (csv), ==, 3);
  g_assert_cmpstr (sarap_csv_peek_cell (csv, 0, 2), ==, "");
  g_assert_cmpstr (sarap_csv_peek_cell (csv, 1, 2), ==, "3");
  g_assert_cmpstr (sarap_csv_peek_cell (csv, 2, 1), ==, "2");
}

static void
tells_the_line_of_a_fault (void)
{
  refuses ("a,b\n1,\"2\n3\n", 11, "line 2");
  refuses ("a,b\n1,2\n3,\xff\n", 12, "line 3");
  refuses ("a\n1\0\n", 5, "line 2");
  refuses ("\n\n", 2, "empty");
}

static void
written_fields_read_back (void)
{
  static const char *const values[] = { "plain", "a,b", "say \"so\"", "two\nlines", " edge ", "", "a;b|c\td" };
  g_autoptr (GString) text = g_string_new ("v,w\n");

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      sarap_csv_append_field (text, values[i]);
      g_string_append (text, ",x\n");
    }
  {
    g_autoptr (SarapCsv) csv = parse (text->str);

    for (guint i = 0; i < G_N_ELEMENTS (values); i++)
      g_assert_cmpstr (sarap_csv_peek (csv, i, "v"), ==, values[i]);
  }
}

typedef struct
{
  const char *text;
  gsize left;
  gsize step;
} Drip;

static gssize
drip_cb (char *buffer, gsize size, gpointer data, GError **error)
{
  Drip *drip = data;
  gsize n = MIN (MIN (size, drip->left), drip->step);

  memcpy (buffer, drip->text, n);
  drip->text += n;
  drip->left -= n;
  return (gssize) n;
}

/* Both readers must agree on every cell, or both refuse. */
static void
assert_reads_alike (const char *text, gsize step)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (SarapCsv) whole = sarap_csv_parse (bytes, "t.csv", NULL);
  Drip drip = { text, strlen (text), step };
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapCsvReader) reader = sarap_csv_reader_new (drip_cb, &drip, "t.csv", &error);
  const char *const *cells = NULL;
  guint n_rows = 0;

  while (reader != NULL && (cells = sarap_csv_reader_next (reader, &error)) != NULL)
    {
      for (guint i = 0; whole != NULL && i < sarap_csv_get_n_columns (whole); i++)
        g_assert_cmpstr (cells[i], ==, sarap_csv_peek_cell (whole, n_rows, i));
      n_rows++;
    }
  g_assert_true ((whole == NULL) == (error != NULL));
  if (whole == NULL)
    return;
  g_assert_cmpuint (n_rows, ==, sarap_csv_get_n_rows (whole));
  g_assert_cmpuint (sarap_csv_reader_get_n_columns (reader), ==, sarap_csv_get_n_columns (whole));
  for (guint i = 0; i < sarap_csv_get_n_columns (whole); i++)
    g_assert_cmpstr (sarap_csv_reader_peek_header (reader, i), ==, sarap_csv_peek_header (whole, i));
}

static void
rows_one_by_one_are_the_same (void)
{
  static const char *const pieces[] = { "a", ",", ",", "\n", "\r\n", "\"", "\"\"", "ә", " ", ";", "\"x,\ny\"", "\xff" };

  for (guint round = 0; round < 3000; round++)
    {
      g_autoptr (GString) text = g_string_new (round % 5 == 0 ? "\xef\xbb\xbf" : NULL);

      for (int n = g_test_rand_int_range (0, 30); n > 0; n--)
        g_string_append (text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces) - (round % 7 != 0))]);
      assert_reads_alike (text->str, (gsize) g_test_rand_int_range (1, 9));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/csv/quotes-hold-delimiters", quotes_hold_delimiters);
  g_test_add_func ("/base/csv/header-decides-the-delimiter", header_decides_the_delimiter);
  g_test_add_func ("/base/csv/byte-order-mark-is-no-name", byte_order_mark_is_no_name);
  g_test_add_func ("/base/csv/uneven-rows-have-all-columns", uneven_rows_have_all_columns);
  g_test_add_func ("/base/csv/tells-the-line-of-a-fault", tells_the_line_of_a_fault);
  g_test_add_func ("/base/csv/rows-one-by-one-are-the-same", rows_one_by_one_are_the_same);
  g_test_add_func ("/base/csv/written-fields-read-back", written_fields_read_back);
  return g_test_run ();
}
