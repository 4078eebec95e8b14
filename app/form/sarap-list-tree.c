#include "app/form/sarap-node.h"

#include <string.h>

#include "app/base/sarap-csv.h"
#include "app/base/sarap-json.h"
#include "app/base/sarap-problem.h"
#include "app/form/sarap-list.h"

/* Lists of other formats as the tree that ODK makes of them: root/item, a child for each column or property. */

static SarapNode *
add_element (SarapTree *tree, SarapNode *parent, const char *name, const char *text)
{
  SarapNode *node = sarap_tree_new_node (tree, SARAP_NODE_ELEMENT, NULL, NULL, name);

  sarap_node_set_text (node, text);
  sarap_node_append (parent, node);
  return node;
}

#define MAX_CELLS 10000000 /* kept as nodes, each some hundred bytes */

/* root/item/COLUMN for each row, as ODK presents a CSV file. */
SarapTree *
sarap_tree_new_from_csv (GBytes *bytes, const char *file, GError **error)
{
  g_autoptr (SarapCsv) csv = sarap_csv_parse (bytes, file, error);
  SarapTree *tree;
  SarapNode *root;

  if (csv == NULL)
    return NULL;
  if (sarap_csv_get_n_rows (csv) > SARAP_LIST_MAX_ROWS)
    {
      sarap_list_set_too_long (file, error);
      return NULL;
    }
  if ((guint64) sarap_csv_get_n_rows (csv) * sarap_csv_get_n_columns (csv) > MAX_CELLS)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT, "%s: more than %d cells; split the list", file, MAX_CELLS);
      return NULL;
    }
  tree = sarap_tree_new ();
  root = add_element (tree, sarap_tree_get_document (tree), "root", NULL);
  for (guint row = 0; row < sarap_csv_get_n_rows (csv); row++)
    {
      SarapNode *item = add_element (tree, root, "item", NULL);

      for (guint column = 0; column < sarap_csv_get_n_columns (csv); column++)
        add_element (tree, item, sarap_csv_peek_header (csv, column), sarap_csv_peek_cell (csv, row, column));
    }
  sarap_tree_set_static (tree);
  return tree;
}

static char *
text_of_json (JsonNode *node)
{
  g_autoptr (JsonGenerator) generator = NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);
  generator = json_generator_new ();
  json_generator_set_root (generator, node);
  return json_generator_to_data (generator, NULL);
}

static gboolean
is_number (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && (json_node_get_value_type (node) == G_TYPE_INT64 || json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

static void
append_position (GString *text, JsonNode *node)
{
  JsonArray *position = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  char latitude[G_ASCII_DTOSTR_BUF_SIZE], longitude[G_ASCII_DTOSTR_BUF_SIZE];

  if (position == NULL || json_array_get_length (position) < 2 || !is_number (json_array_get_element (position, 0)) || !is_number (json_array_get_element (position, 1)))
    return;
  g_ascii_formatd (longitude, sizeof longitude, "%.15g", json_array_get_double_element (position, 0));
  g_ascii_formatd (latitude, sizeof latitude, "%.15g", json_array_get_double_element (position, 1));
  g_string_append_printf (text, "%s%s %s 0 0", text->len ? "; " : "", latitude, longitude);
}

/* Point, LineString and Polygon (outer ring) in ODK's text form. */
static char *
text_of_geometry (JsonObject *geometry)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *type = sarap_json_peek_string (geometry, "type");
  JsonNode *coordinates = json_object_get_member (geometry, "coordinates");
  JsonArray *points = sarap_json_peek_array (geometry, "coordinates");

  if (points == NULL || type == NULL)
    return NULL;
  if (g_str_equal (type, "Point"))
    append_position (text, coordinates);
  if (g_str_equal (type, "Polygon"))
    points = json_array_get_length (points) > 0 && JSON_NODE_HOLDS_ARRAY (json_array_get_element (points, 0)) ? json_array_get_array_element (points, 0) : NULL;
  if (points != NULL && !g_str_equal (type, "Point"))
    for (guint i = 0; i < json_array_get_length (points); i++)
      append_position (text, json_array_get_element (points, i));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_feature (SarapTree *tree, SarapNode *root, JsonObject *feature)
{
  SarapNode *item = add_element (tree, root, "item", NULL);
  JsonNode *properties = json_object_get_member (feature, "properties");
  JsonNode *geometry = json_object_get_member (feature, "geometry");
  g_autofree char *id = text_of_json (json_object_get_member (feature, "id"));
  g_autofree char *shape = geometry && JSON_NODE_HOLDS_OBJECT (geometry) ? text_of_geometry (json_node_get_object (geometry)) : NULL;

  if (shape != NULL)
    add_element (tree, item, "geometry", shape);
  if (id != NULL)
    add_element (tree, item, "id", id);
  if (properties != NULL && JSON_NODE_HOLDS_OBJECT (properties))
    {
      JsonObjectIter iter;
      const char *name;
      JsonNode *value;

      json_object_iter_init_ordered (&iter, json_node_get_object (properties));
      while (json_object_iter_next_ordered (&iter, &name, &value))
        {
          g_autofree char *text = text_of_json (value);

          add_element (tree, item, name, text);
        }
    }
}

/* root/item with properties, `geometry` and `id` as children for each feature. */
SarapTree *
sarap_tree_new_from_geojson (GBytes *bytes, const char *file, GError **error)
{
  g_autoptr (JsonNode) top = sarap_json_parse (bytes, file, error);
  JsonObject *collection = top ? sarap_json_peek_root (top) : NULL;
  JsonArray *features = collection ? sarap_json_peek_array (collection, "features") : NULL;
  SarapTree *tree;
  SarapNode *root;

  if (top == NULL)
    return NULL;
  if (features == NULL)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: a GeoJSON FeatureCollection is needed", file);
      return NULL;
    }
  if (json_array_get_length (features) > SARAP_LIST_MAX_ROWS)
    {
      sarap_list_set_too_long (file, error);
      return NULL;
    }
  tree = sarap_tree_new ();
  root = add_element (tree, sarap_tree_get_document (tree), "root", NULL);
  for (guint i = 0; i < json_array_get_length (features); i++)
    {
      JsonObject *feature = sarap_json_peek_element (features, i);

      if (feature != NULL)
        add_feature (tree, root, feature);
    }
  sarap_tree_set_static (tree);
  return tree;
}
