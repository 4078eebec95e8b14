#include "app/form/sarap-node.h"
#include "tests/fuzz/fuzz-target.h"

/* A list from a GeoJSON file. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapTree) tree = sarap_tree_new_from_geojson (bytes, "list.geojson", &error);
  g_autofree char *text = tree ? sarap_node_dup_string_value (sarap_tree_get_document (tree)) : NULL;

  g_assert_true ((tree != NULL) == (error == NULL));
  g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
  return 0;
}
