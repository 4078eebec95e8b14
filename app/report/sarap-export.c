#include "app/report/sarap-export.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "app/base/sarap-csv.h"
#include "app/base/sarap-file.h"
#include "app/base/sarap-zip.h"
#include "app/report/sarap-export-tables.h"

G_DEFINE_QUARK (sarap - export - error - quark, sarap_export_error)

static const char *const own_headers[] = { "KEY", "SubmissionDate", "Submitter", "ReviewState", "FormVersion" };
static const char *const repeat_headers[] = { "KEY", "PARENT_KEY" };

gboolean
sarap_export_format_parse (const char *name, SarapExportFormat *format)
{
  static const char *const names[] = { "csv", "xlsx", "json", "geojson", "zip" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (name, names[i]))
      {
        *format = i;
        return TRUE;
      }
  return FALSE;
}

static void
append_cell (GString *line, const char *text, gboolean is_first)
{
  if (!is_first)
    g_string_append_c (line, ',');
  if (text != NULL)
    sarap_csv_append_guarded_field (line, text);
}

/* The cells before the answers, each (transfer full). Returns: how many */
static guint
dup_fixed (gboolean is_own, const SarapExportRow *row, char *values[5])
{
  values[0] = g_strdup (row->key);
  if (!is_own)
    {
      values[1] = g_strdup (row->parent_key);
      return 2;
    }
  values[1] = sarap_export_format_time (row->received_at);
  values[2] = g_strdup (row->submitter);
  values[3] = g_strdup (row->review_state);
  values[4] = g_strdup (row->version);
  return 5;
}

static void
append_header (GString *text, const SarapExportTable *table, gboolean is_own)
{
  guint n = is_own ? G_N_ELEMENTS (own_headers) : G_N_ELEMENTS (repeat_headers);

  for (guint i = 0; i < n; i++)
    append_cell (text, is_own ? own_headers[i] : repeat_headers[i], i == 0);
  for (guint i = 0; i < table->columns->len; i++)
    append_cell (text, ((SarapExportColumn *) g_ptr_array_index (table->columns, i))->header, FALSE);
  g_string_append (text, "\r\n");
}

/* RFC 4180 in UTF-8 with a byte order mark, which spreadsheets need for Kazakh. */
static GBytes *
dup_csv (const SarapExportTable *table, gboolean is_own)
{
  GString *text = g_string_new ("\xef\xbb\xbf");

  append_header (text, table, is_own);
  for (guint r = 0; r < table->rows->len; r++)
    {
      const SarapExportRow *row = g_ptr_array_index (table->rows, r);
      char *values[5];
      guint n = dup_fixed (is_own, row, values);

      for (guint i = 0; i < n; i++)
        append_cell (text, values[i], i == 0);
      for (guint i = 0; i < table->columns->len; i++)
        append_cell (text, sarap_export_row_peek (row, i), FALSE);
      g_string_append (text, "\r\n");
      for (guint i = 0; i < n; i++)
        g_free (values[i]);
    }
  return g_string_free_to_bytes (text);
}

/* The form's own table. Returns: (transfer full) */
GBytes *
sarap_export_dup_csv (SarapRecordSource *source, const char *form_id, GError **error)
{
  g_autoptr (SarapExportTables) tables = sarap_export_tables_new (source, form_id, error);

  return tables ? dup_csv (g_ptr_array_index (tables->tables, 0), TRUE) : NULL;
}

static gboolean
write_csv (SarapExportTables *tables, const char *path, GError **error)
{
  g_autofree char *stem = g_str_has_suffix (path, ".csv") ? g_strndup (path, strlen (path) - 4) : g_strdup (path);

  for (guint i = tables->tables->len; i-- > 0;)
    {
      const SarapExportTable *table = g_ptr_array_index (tables->tables, i);
      g_autofree char *beside = g_strdup_printf ("%s-%s.csv", stem, table->name);
      g_autoptr (GBytes) bytes = dup_csv (table, i == 0);

      if (!sarap_file_write (i == 0 ? path : beside, bytes, 0644, error))
        return FALSE;
    }
  return TRUE;
}

static void
make_sheet_name (const char *name, guint number, char *sheet)
{
  g_autofree char *start = g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), 26));

  g_strdelimit (start, "[]:*?/\\'", '_');
  g_snprintf (sheet, 128, number == 0 ? "%s" : "%s %u", start, number + 1);
}

/* The library prints what it refuses, so it is not asked for what it would refuse. */
static lxw_worksheet *
add_sheet (lxw_workbook *workbook, const char *name, guint number)
{
  char sheet[128];

  make_sheet_name (name, number, sheet);
  return workbook_add_worksheet (workbook, workbook_validate_sheet_name (workbook, sheet) == LXW_NO_ERROR ? sheet : NULL);
}

static void
write_cell (lxw_worksheet *sheet, guint row, guint column, const char *text, gboolean as_number)
{
  if (text == NULL || *text == '\0')
    return;
  if (as_number && sarap_csv_is_number (text))
    worksheet_write_number (sheet, row, column, g_ascii_strtod (text, NULL), NULL);
  else
    worksheet_write_string (sheet, row, column, text, NULL);
}

static void
write_sheet_header (lxw_worksheet *sheet, const SarapExportTable *table, gboolean is_own)
{
  guint n = is_own ? G_N_ELEMENTS (own_headers) : G_N_ELEMENTS (repeat_headers);

  for (guint i = 0; i < n; i++)
    write_cell (sheet, 0, i, is_own ? own_headers[i] : repeat_headers[i], FALSE);
  for (guint i = 0; i < table->columns->len; i++)
    write_cell (sheet, 0, n + i, ((SarapExportColumn *) g_ptr_array_index (table->columns, i))->header, FALSE);
  worksheet_freeze_panes (sheet, 1, 1);
}

static void
write_sheet (lxw_worksheet *sheet, const SarapExportTable *table, gboolean is_own)
{
  write_sheet_header (sheet, table, is_own);
  for (guint r = 0; r < table->rows->len; r++)
    {
      const SarapExportRow *row = g_ptr_array_index (table->rows, r);
      char *values[5];
      guint n = dup_fixed (is_own, row, values);

      for (guint i = 0; i < n; i++)
        {
          write_cell (sheet, r + 1, i, values[i], FALSE);
          g_free (values[i]);
        }
      for (guint i = 0; i < table->columns->len; i++)
        write_cell (sheet, r + 1, n + i, sarap_export_row_peek (row, i), ((SarapExportColumn *) g_ptr_array_index (table->columns, i))->is_number);
    }
}

static gboolean
write_xlsx (SarapExportTables *tables, const char *path, GError **error)
{
  g_autofree char *temporary = g_strconcat (path, ".new", NULL);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  lxw_workbook_options options = { .constant_memory = LXW_TRUE };
  lxw_workbook *workbook;
  lxw_error result;

  if (!sarap_file_write (temporary, nothing, 0644, error))
    return FALSE;
  workbook = workbook_new_opt (temporary, &options);
  for (guint i = 0; i < tables->tables->len; i++)
    {
      const SarapExportTable *table = g_ptr_array_index (tables->tables, i);

      write_sheet (add_sheet (workbook, table->name, i), table, i == 0);
    }
  result = workbook_close (workbook);
  if (result == LXW_NO_ERROR)
    return sarap_file_publish (temporary, path, error);
  g_unlink (temporary);
  g_set_error (error, SARAP_EXPORT_ERROR, SARAP_EXPORT_ERROR_WRITE, "%s: %s", path, lxw_strerror (result));
  return FALSE;
}

static JsonObject *
get_group (JsonObject *object, char **steps)
{
  for (guint i = 0; steps[i + 1] != NULL; i++)
    {
      if (!json_object_has_member (object, steps[i]))
        json_object_set_object_member (object, steps[i], json_object_new ());
      object = json_object_get_object_member (object, steps[i]);
    }
  return object;
}

static void
set_member (JsonObject *object, const SarapExportColumn *column, const char *table_path, const char *text)
{
  g_auto (GStrv) steps = g_strsplit (column->path + strlen (table_path) + 1, "/", -1);
  JsonObject *group = get_group (object, steps);
  const char *name = steps[g_strv_length (steps) - 1];

  if (text == NULL || *text == '\0')
    json_object_set_null_member (group, name);
  else if (column->is_number && sarap_csv_is_number (text) && strpbrk (text, ".eE") == NULL)
    json_object_set_int_member (group, name, g_ascii_strtoll (text, NULL, 10));
  else if (column->is_number && sarap_csv_is_number (text))
    json_object_set_double_member (group, name, g_ascii_strtod (text, NULL));
  else
    json_object_set_string_member (group, name, text);
}

static JsonObject *
new_answers (const SarapExportTable *table, const SarapExportRow *row)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < table->columns->len; i++)
    set_member (object, g_ptr_array_index (table->columns, i), table->path, sarap_export_row_peek (row, i));
  return object;
}

static const char *
parent_path (SarapExportTables *tables, const SarapExportTable *table)
{
  const char *longest = "";

  for (guint i = 0; i < tables->tables->len; i++)
    {
      const SarapExportTable *other = g_ptr_array_index (tables->tables, i);
      gsize length = strlen (other->path);

      if (other != table && g_str_has_prefix (table->path, other->path) && table->path[length] == '/' && length > strlen (longest))
        longest = other->path;
    }
  return longest;
}

static void
add_instance (SarapExportTables *tables, const SarapExportTable *table, JsonObject *parent, JsonObject *instance)
{
  g_auto (GStrv) steps = g_strsplit (table->path + strlen (parent_path (tables, table)) + 1, "/", -1);
  JsonObject *group = get_group (parent, steps);
  const char *name = steps[g_strv_length (steps) - 1];

  if (!json_object_has_member (group, name))
    json_object_set_array_member (group, name, json_array_new ());
  json_array_add_object_element (json_object_get_array_member (group, name), instance);
}

static JsonObject *
new_record (const SarapExportTable *table, const SarapExportRow *row, JsonObject *answers)
{
  JsonObject *object = json_object_new ();
  g_autofree char *time = sarap_export_format_time (row->received_at);

  json_object_set_string_member (object, "id", row->key);
  json_object_set_string_member (object, "formVersion", row->version);
  json_object_set_string_member (object, "submitter", row->submitter);
  json_object_set_string_member (object, "reviewState", row->review_state);
  json_object_set_string_member (object, "receivedAt", time);
  json_object_set_object_member (object, "answers", answers);
  return object;
}

/* Rows of a table come after those of the table above it, so the parent is always known. */
static JsonNode *
new_records (SarapExportTables *tables)
{
  g_autoptr (GHashTable) answers = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *records = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint t = 0; t < tables->tables->len; t++)
    {
      const SarapExportTable *table = g_ptr_array_index (tables->tables, t);

      for (guint r = 0; r < table->rows->len; r++)
        {
          const SarapExportRow *row = g_ptr_array_index (table->rows, r);
          JsonObject *object = new_answers (table, row);

          g_hash_table_insert (answers, row->key, object);
          if (t == 0)
            json_array_add_object_element (records, new_record (table, row, object));
          else
            add_instance (tables, table, g_hash_table_lookup (answers, row->parent_key), object);
        }
    }
  json_node_take_array (node, records);
  return node;
}

static gboolean
write_node (JsonNode *node, const char *path, GError **error)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (GBytes) bytes = NULL;
  char *text;
  gsize size;

  json_generator_set_root (generator, node);
  json_generator_set_pretty (generator, TRUE);
  text = json_generator_to_data (generator, &size);
  bytes = g_bytes_new_take (text, size);
  json_node_unref (node);
  return sarap_file_write (path, bytes, 0644, error);
}

static int
find_point (const SarapExportTable *table)
{
  for (guint i = 0; i < table->columns->len; i++)
    if (((SarapExportColumn *) g_ptr_array_index (table->columns, i))->is_point)
      return i;
  return -1;
}

/* "latitude longitude altitude accuracy"; GeoJSON wants longitude first (RFC 7946). */
static JsonNode *
new_geometry (const char *text)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *point;
  JsonArray *place;
  double latitude, longitude;
  char *end;

  json_node_take_object (node, json_object_new ());
  latitude = text ? g_ascii_strtod (text, &end) : 0;
  if (text == NULL || end == text)
    return json_node_init_null (node);
  longitude = g_ascii_strtod (end, NULL);
  point = json_node_get_object (node);
  place = json_array_new ();
  json_array_add_double_element (place, longitude);
  json_array_add_double_element (place, latitude);
  json_object_set_string_member (point, "type", "Point");
  json_object_set_array_member (point, "coordinates", place);
  return node;
}

static JsonObject *
new_feature (const SarapExportTable *table, const SarapExportRow *row, guint point)
{
  JsonObject *feature = json_object_new ();

  json_object_set_string_member (feature, "type", "Feature");
  json_object_set_string_member (feature, "id", row->key);
  json_object_set_member (feature, "geometry", new_geometry (sarap_export_row_peek (row, point)));
  json_object_set_object_member (feature, "properties", new_answers (table, row));
  return feature;
}

static gboolean
write_geojson (SarapExportTables *tables, const char *path, GError **error)
{
  const SarapExportTable *table = g_ptr_array_index (tables->tables, 0);
  int point = find_point (table);
  JsonNode *node;
  JsonObject *collection;
  JsonArray *features;

  if (point < 0)
    {
      g_set_error_literal (error, SARAP_EXPORT_ERROR, SARAP_EXPORT_ERROR_NO_PLACE, "this form asks for no place outside its repeats: choose another format");
      return FALSE;
    }
  node = json_node_new (JSON_NODE_OBJECT);
  collection = json_object_new ();
  features = json_array_new ();
  json_object_set_string_member (collection, "type", "FeatureCollection");
  for (guint r = 0; r < table->rows->len; r++)
    json_array_add_object_element (features, new_feature (table, g_ptr_array_index (table->rows, r), point));
  json_object_set_array_member (collection, "features", features);
  json_node_take_object (node, collection);
  return write_node (node, path, error);
}

typedef struct
{
  SarapRecordSource *source;
  GPtrArray *names;
  GPtrArray *contents;
  GError *error;
} Archive;

static void
archive_add (Archive *self, char *name, GBytes *bytes)
{
  g_ptr_array_add (self->names, name);
  g_ptr_array_add (self->contents, bytes);
}

static gboolean
archive_record (const SarapSourceRecord *record, gpointer data)
{
  Archive *self = data;
  g_auto (GStrv) names = sarap_record_source_list_attachments (self->source, record->id, &self->error);
  g_autofree char *folder = g_strdelimit (g_strdup (record->id), ":/\\", '_');

  if (names == NULL)
    return FALSE;
  archive_add (self, g_strdup_printf ("records/%s/submission.xml", folder), g_bytes_ref (record->xml));
  for (guint i = 0; names[i] != NULL; i++)
    {
      GBytes *bytes = sarap_record_source_dup_attachment (self->source, record->id, names[i], &self->error);
      g_autofree char *name = g_path_get_basename (names[i]);

      if (bytes == NULL)
        return FALSE;
      archive_add (self, g_strdup_printf ("records/%s/%s", folder, name), bytes);
    }
  return TRUE;
}

static gboolean
write_zip (SarapRecordSource *source, SarapExportTables *tables, const char *path, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) contents = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  Archive archive = { source, names, contents, NULL };

  for (guint i = 0; i < tables->tables->len; i++)
    {
      const SarapExportTable *table = g_ptr_array_index (tables->tables, i);

      archive_add (&archive, g_strdup_printf ("%s.csv", table->name), dup_csv (table, i == 0));
    }
  if (!sarap_record_source_foreach (source, sarap_form_get_id (tables->form), archive_record, &archive, error))
    return FALSE;
  if (archive.error != NULL)
    {
      g_propagate_error (error, archive.error);
      return FALSE;
    }
  return sarap_zip_write (path, (const char *const *) names->pdata, (GBytes *const *) contents->pdata, names->len, error);
}

/* Writes @path as a whole or not at all. @n_records (nullable): how many records it holds. */
gboolean
sarap_export_write (SarapRecordSource *source, const char *form_id, SarapExportFormat format, const char *path, guint *n_records, GError **error)
{
  g_autoptr (SarapExportTables) tables = sarap_export_tables_new (source, form_id, error);

  if (tables == NULL)
    return FALSE;
  if (n_records != NULL)
    *n_records = ((SarapExportTable *) g_ptr_array_index (tables->tables, 0))->rows->len;
  switch (format)
    {
    case SARAP_EXPORT_CSV:
      return write_csv (tables, path, error);
    case SARAP_EXPORT_XLSX:
      return write_xlsx (tables, path, error);
    case SARAP_EXPORT_JSON:
      return write_node (new_records (tables), path, error);
    case SARAP_EXPORT_GEOJSON:
      return write_geojson (tables, path, error);
    case SARAP_EXPORT_ZIP:
    default:
      return write_zip (source, tables, path, error);
    }
}
