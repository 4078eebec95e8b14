#include "app/store/sarap-entities.h"

#include <string.h>

#include "app/base/sarap-csv.h"
#include "app/base/sarap-json.h"

/* Entities offline, https://getodk.github.io/xforms-spec/entities.
 *
 *  1. What a record does to entities is done here when it is finalized, so that the next interview finds them in its
 *     choices before any server has heard of them.
 *  2. An entity made here has version 1 and no trunk. The first change of one that the server knows begins a branch at
 *     the version that the form saw (its trunk); each further change here adds one to the version on the same branch.
 *  3. A list file is laid over as it is read: rows with what was changed, further rows for what was made. The columns
 *     __trunkVersion and __branchId are filled in for each row, because a form sends them with its change. The branch
 *     of an entity that is as the server has it follows from device, list, entity and version: the same each time.
 *  4. The local copy goes when a list comes whose __version has reached it. An entity that a list leaves out stays.
 *  5. Contents are sealed with the device's key, not with the person's: kiosks fill forms while nobody is signed in,
 *     and the lists themselves, which soon have the same, lie open. */

typedef struct
{
  char *id;
  gint64 version;
  gint64 trunk;
  char *branch;
  JsonNode *content; /* {"label", "properties": {name: value}} */
} Entity;

static void
entity_free (gpointer data)
{
  Entity *entity = data;

  g_free (entity->id);
  g_free (entity->branch);
  g_clear_pointer (&entity->content, json_node_unref);
  g_free (entity);
}

static Entity *
entity_new_from_query (SarapQuery *query, const char *id)
{
  Entity *entity = g_new0 (Entity, 1);
  const char *content = sarap_query_get_text (query, "content");
  g_autoptr (GBytes) bytes = g_bytes_new (content ? content : "", content ? strlen (content) : 0);

  entity->id = g_strdup (id);
  entity->version = sarap_query_get_int (query, "version");
  entity->trunk = sarap_query_get_int (query, "trunk");
  entity->branch = sarap_query_dup_text (query, "branch");
  entity->content = sarap_json_parse (bytes, "entity", NULL);
  return entity;
}

static gboolean
find (SarapDatabase *db, const char *list, const char *id, Entity **entity, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "entity-find", error);

  *entity = NULL;
  sarap_query_bind_text (query, "list", list);
  sarap_query_bind_text (query, "id", id);
  if (sarap_query_next (query))
    *entity = entity_new_from_query (query, id);
  return sarap_query_finish (query);
}

static JsonObject *
peek_properties (const Entity *entity)
{
  JsonObject *root = entity && entity->content ? sarap_json_peek_root (entity->content) : NULL;

  return root ? sarap_json_peek_object (root, "properties") : NULL;
}

static const char *
peek_label (const Entity *entity)
{
  JsonObject *root = entity && entity->content ? sarap_json_peek_root (entity->content) : NULL;

  return root ? sarap_json_peek_string (root, "label") : NULL;
}

/* What is known of the entity after @change. */
static char *
dup_content (const Entity *before, const SarapEntityChange *change)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonObject *properties = json_object_new ();
  JsonObject *old = peek_properties (before);
  const char *label = change->label ? change->label : peek_label (before);
  g_autoptr (GList) names = old ? json_object_get_members (old) : NULL;

  for (GList *name = names; name != NULL; name = name->next)
    json_object_set_string_member (properties, name->data, sarap_json_peek_string (old, name->data));
  for (guint i = 0; i + 1 < change->properties->len; i += 2)
    json_object_set_string_member (properties, g_ptr_array_index (change->properties, i), g_ptr_array_index (change->properties, i + 1));
  if (label != NULL)
    json_object_set_string_member (object, "label", label);
  json_object_set_object_member (object, "properties", properties);
  json_node_take_object (root, object);
  return sarap_json_print (root, FALSE);
}

static gboolean
put (SarapDatabase *db, const char *list, const Entity *entity, const char *content, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "entity-put", error);

  sarap_query_bind_text (query, "list", list);
  sarap_query_bind_text (query, "id", entity->id);
  sarap_query_bind_int (query, "version", entity->version);
  sarap_query_bind_int (query, "trunk", entity->trunk);
  sarap_query_bind_text (query, "branch", entity->branch);
  sarap_query_bind_text (query, "content", content);
  return sarap_query_run (query);
}

static gboolean
apply (SarapDatabase *db, const SarapEntityChange *change, GError **error)
{
  g_autofree char *content = NULL;
  Entity *entity;
  gboolean ok;

  if (!find (db, change->list, change->id, &entity, error))
    return FALSE;
  content = dup_content (entity, change);
  if (entity == NULL)
    {
      gboolean is_known = change->is_update && change->base > 0;

      if (!is_known && !change->is_create)
        return TRUE;
      entity = g_new0 (Entity, 1);
      entity->id = g_strdup (change->id);
      entity->trunk = is_known ? change->base : 0;
      entity->version = entity->trunk;
      entity->branch = *change->branch != '\0' ? g_strdup (change->branch) : g_uuid_string_random ();
    }
  entity->version++;
  ok = put (db, change->list, entity, content, error);
  entity_free (entity);
  return ok;
}

/* @changes (element-type SarapEntityChange) of a record, in the transaction that finalizes it. */
gboolean
sarap_entities_apply (SarapDatabase *db, GPtrArray *changes, GError **error)
{
  for (guint i = 0; i < changes->len; i++)
    if (!apply (db, g_ptr_array_index (changes, i), error))
      return FALSE;
  return TRUE;
}

/* The list that a form's file is. Returns: (transfer full) (nullable): NULL for other files */
char *
sarap_entities_dup_list (const char *media_name)
{
  return g_str_has_suffix (media_name, ".csv") ? g_strndup (media_name, strlen (media_name) - strlen (".csv")) : NULL;
}

gboolean
sarap_entities_are_local (SarapDatabase *db, const char *list, gboolean *are, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "entity-any", error);

  sarap_query_bind_text (query, "list", list);
  *are = sarap_query_next (query);
  return sarap_query_finish (query);
}

static GHashTable *
read_list (SarapDatabase *db, const char *list, GPtrArray *order, GError **error)
{
  g_autoptr (GHashTable) entities = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, entity_free);
  SarapQuery *query = sarap_database_query (db, "entity-list", error);

  sarap_query_bind_text (query, "list", list);
  while (sarap_query_next (query))
    {
      Entity *entity = entity_new_from_query (query, sarap_query_get_text (query, "id"));

      g_hash_table_insert (entities, entity->id, entity);
      g_ptr_array_add (order, entity);
    }
  return sarap_query_finish (query) ? g_steal_pointer (&entities) : NULL;
}

static char *
dup_branch (const char *device, const char *list, const char *id, const char *version)
{
  g_autofree char *text = g_strjoin ("\n", device, list, id, version, NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  return g_strdup_printf ("%.8s-%.4s-4%.3s-a%.3s-%.12s", hash, hash + 8, hash + 12, hash + 16, hash + 20);
}

/* The columns of a list: those of its file, then of what was changed here. */
static GPtrArray *
collect_columns (const SarapCsv *csv, GPtrArray *entities)
{
  static const char *const own[] = { "name", "label", "__version", "__trunkVersion", "__branchId" };
  GPtrArray *columns = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < sarap_csv_get_n_columns (csv); i++)
    g_ptr_array_add (columns, g_strdup (sarap_csv_peek_header (csv, i)));
  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    if (!g_ptr_array_find_with_equal_func (columns, own[i], g_str_equal, NULL))
      g_ptr_array_add (columns, g_strdup (own[i]));
  for (guint i = 0; i < entities->len; i++)
    {
      JsonObject *properties = peek_properties (g_ptr_array_index (entities, i));
      g_autoptr (GList) names = properties ? json_object_get_members (properties) : NULL;

      for (GList *name = names; name != NULL; name = name->next)
        if (!g_ptr_array_find_with_equal_func (columns, name->data, g_str_equal, NULL))
          g_ptr_array_add (columns, g_strdup (name->data));
    }
  return columns;
}

/* What stands in @column for a changed or made @entity; NULL: as in the file. Returns: (transfer full) */
static char *
dup_local (const Entity *entity, const char *column)
{
  JsonObject *properties = peek_properties (entity);

  if (strcmp (column, "name") == 0)
    return g_strdup (entity->id);
  if (strcmp (column, "label") == 0)
    return g_strdup (peek_label (entity));
  if (strcmp (column, "__version") == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT, entity->version);
  if (strcmp (column, "__trunkVersion") == 0)
    return entity->trunk ? g_strdup_printf ("%" G_GINT64_FORMAT, entity->trunk) : g_strdup ("");
  if (strcmp (column, "__branchId") == 0)
    return g_strdup (entity->branch);
  return properties ? g_strdup (sarap_json_peek_string (properties, column)) : NULL;
}

typedef struct
{
  const SarapCsv *csv;
  GPtrArray *columns;
  const char *list;
  const char *device;
  GString *text;
} Overlay;

static char *
dup_known (const Overlay *overlay, guint row, const char *column)
{
  const char *version = sarap_csv_peek (overlay->csv, row, "__version");
  const char *cell = sarap_csv_peek (overlay->csv, row, column);

  if ((cell != NULL && *cell != '\0') || version == NULL || *version == '\0')
    return g_strdup (cell);
  if (strcmp (column, "__trunkVersion") == 0)
    return g_strdup (version);
  if (strcmp (column, "__branchId") == 0)
    return dup_branch (overlay->device, overlay->list, sarap_csv_peek (overlay->csv, row, "name"), version);
  return g_strdup (cell);
}

/* @row of the file, as @entity (NULL: as it is); a negative one is none. */
static void
append_row (Overlay *overlay, int row, const Entity *entity)
{
  for (guint i = 0; i < overlay->columns->len; i++)
    {
      const char *column = g_ptr_array_index (overlay->columns, i);
      g_autofree char *cell = entity ? dup_local (entity, column) : NULL;

      if (cell == NULL && row >= 0)
        cell = dup_known (overlay, (guint) row, column);
      if (i > 0)
        g_string_append_c (overlay->text, ',');
      sarap_csv_append_field (overlay->text, cell ? cell : "");
    }
  g_string_append_c (overlay->text, '\n');
}

static gint64
read_version (const SarapCsv *csv, guint row)
{
  const char *version = sarap_csv_peek (csv, row, "__version");

  return version ? g_ascii_strtoll (version, NULL, 10) : 0;
}

static void
append_rows (Overlay *overlay, GHashTable *entities, GPtrArray *order)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint row = 0; row < sarap_csv_get_n_rows (overlay->csv); row++)
    {
      const char *id = sarap_csv_peek (overlay->csv, row, "name");
      const Entity *entity = id ? g_hash_table_lookup (entities, id) : NULL;

      if (entity != NULL)
        g_hash_table_add (seen, entity->id);
      append_row (overlay, (int) row, entity != NULL && entity->version > read_version (overlay->csv, row) ? entity : NULL);
    }
  for (guint i = 0; i < order->len; i++)
    {
      const Entity *entity = g_ptr_array_index (order, i);

      if (entity->trunk == 0 && !g_hash_table_contains (seen, entity->id))
        append_row (overlay, -1, entity);
    }
}

/* @csv with what this device did to @list. @device names the device. Returns: (transfer full) */
GBytes *
sarap_entities_lay_over (SarapDatabase *db, const char *list, GBytes *csv, const char *device, GError **error)
{
  g_autoptr (SarapCsv) file = sarap_csv_parse (csv, list, error);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();
  g_autoptr (GHashTable) entities = file ? read_list (db, list, order, error) : NULL;
  g_autoptr (GPtrArray) columns = NULL;
  Overlay overlay = { file, NULL, list, device, NULL };

  if (entities == NULL)
    return NULL;
  columns = overlay.columns = collect_columns (file, order);
  overlay.text = g_string_new (NULL);
  for (guint i = 0; i < columns->len; i++)
    {
      if (i > 0)
        g_string_append_c (overlay.text, ',');
      sarap_csv_append_field (overlay.text, g_ptr_array_index (columns, i));
    }
  g_string_append_c (overlay.text, '\n');
  append_rows (&overlay, entities, order);
  return g_string_free_to_bytes (overlay.text);
}

/* A new file of @list has come: what it has reached is local no more. A file that is none changes nothing. */
gboolean
sarap_entities_catch_up (SarapDatabase *db, const char *list, GBytes *csv, GError **error)
{
  gboolean are_local;
  g_autoptr (SarapCsv) file = NULL;

  if (!sarap_entities_are_local (db, list, &are_local, error))
    return FALSE;
  file = are_local ? sarap_csv_parse (csv, list, NULL) : NULL;
  for (guint row = 0; file != NULL && row < sarap_csv_get_n_rows (file); row++)
    {
      const char *id = sarap_csv_peek (file, row, "name");
      SarapQuery *query;

      if (id == NULL || read_version (file, row) == 0)
        continue;
      query = sarap_database_query (db, "entity-delete", error);
      sarap_query_bind_text (query, "list", list);
      sarap_query_bind_text (query, "id", id);
      sarap_query_bind_int (query, "version", read_version (file, row));
      if (!sarap_query_run (query))
        return FALSE;
    }
  return TRUE;
}
