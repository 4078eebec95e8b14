#include "app/base/sarap-csv.h"
#include "app/form/sarap-node.h"
#include "tests/fuzz/fuzz-target.h"

/* A list from a CSV file. */

static void
read_cells (const SarapCsv *csv)
{
  for (guint row = 0; row < sarap_csv_get_n_rows (csv); row++)
    for (guint column = 0; column < sarap_csv_get_n_columns (csv); column++)
      g_assert_true (g_utf8_validate (sarap_csv_peek_cell (csv, row, column), -1, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapCsv) csv = sarap_csv_parse (bytes, "list.csv", &error);
  g_autoptr (SarapTree) tree = sarap_tree_new_from_csv (bytes, "list.csv", NULL);

  g_assert_true ((csv != NULL) == (error == NULL));
  g_assert_true (csv != NULL || tree == NULL);
  if (csv != NULL)
    read_cells (csv);
  return 0;
}
