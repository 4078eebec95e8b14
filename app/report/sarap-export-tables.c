#include "app/report/sarap-export-tables.h"

#include "app/base/sarap-xml.h"

static void
column_free (gpointer data)
{
  SarapExportColumn *column = data;

  g_free (column->path);
  g_free (column->header);
  g_free (column);
}

static void
row_free (gpointer data)
{
  SarapExportRow *row = data;

  g_free (row->key);
  g_free (row->parent_key);
  g_ptr_array_unref (row->values);
  g_free (row->version);
  g_free (row->submitter);
  g_free (row->review_state);
  g_free (row);
}

static void
table_free (gpointer data)
{
  SarapExportTable *table = data;

  g_free (table->path);
  g_free (table->name);
  g_ptr_array_unref (table->columns);
  g_hash_table_unref (table->index);
  g_ptr_array_unref (table->rows);
  g_free (table);
}

void
sarap_export_tables_free (SarapExportTables *self)
{
  g_clear_object (&self->form);
  g_ptr_array_unref (self->tables);
  g_free (self);
}

/* NULL when blank. */
const char *
sarap_export_row_peek (const SarapExportRow *row, guint column)
{
  return column < row->values->len ? g_ptr_array_index (row->values, column) : NULL;
}

/* ISO 8601 in UTC with milliseconds. Returns: (transfer full) */
char *
sarap_export_format_time (gint64 ms)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (ms / 1000);
  g_autofree char *seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%03dZ", seconds, (int) (ms % 1000));
}

static char *
file_name (const char *path)
{
  g_autofree char *name = g_strdelimit (g_strdup (path + 1), "/", '-');
  const char *below = strchr (name, '-');

  return g_strdup (below ? below + 1 : name);
}

static SarapExportTable *
get_table (SarapExportTables *self, const char *path)
{
  SarapExportTable *table;

  for (guint i = 0; i < self->tables->len; i++)
    {
      table = g_ptr_array_index (self->tables, i);
      if (g_str_equal (table->path, path))
        return table;
    }
  table = g_new0 (SarapExportTable, 1);
  table->path = g_strdup (path);
  table->name = self->tables->len == 0 ? g_strdup (sarap_form_get_id (self->form)) : file_name (path);
  table->columns = g_ptr_array_new_with_free_func (column_free);
  table->index = g_hash_table_new (g_str_hash, g_str_equal);
  table->rows = g_ptr_array_new_with_free_func (row_free);
  g_ptr_array_add (self->tables, table);
  return table;
}

static void
describe (SarapExportColumn *column, SarapForm *form)
{
  const SarapElement *element = sarap_form_find_element (form, column->path);

  column->is_number = sarap_form_is_number (form, column->path);
  column->is_point = element != NULL && sarap_element_get_kind (element) == SARAP_ELEMENT_QUESTION && sarap_element_get_question_kind (element) == SARAP_QUESTION_GEOPOINT;
}

static guint
get_column (SarapExportTables *self, SarapExportTable *table, const char *path)
{
  guint position = GPOINTER_TO_UINT (g_hash_table_lookup (table->index, path));
  SarapExportColumn *column;

  if (position > 0)
    return position - 1;
  column = g_new0 (SarapExportColumn, 1);
  column->path = g_strdup (path);
  column->header = g_strdelimit (g_strdup (path + strlen (table->path) + 1), "/", '-');
  describe (column, self->form);
  g_ptr_array_add (table->columns, column);
  g_hash_table_insert (table->index, column->path, GUINT_TO_POINTER (table->columns->len));
  return table->columns->len - 1;
}

static gboolean
is_repeat (SarapExportTables *self, const char *path)
{
  const SarapElement *element = sarap_form_find_element (self->form, path);

  return element != NULL && sarap_element_get_kind (element) == SARAP_ELEMENT_REPEAT;
}

static const xmlNode *
next_element (const xmlNode *node)
{
  while (node != NULL && node->type != XML_ELEMENT_NODE)
    node = node->next;
  return node;
}

static SarapExportRow *
add_row (SarapExportTable *table, const char *key, const char *parent_key)
{
  SarapExportRow *row = g_new0 (SarapExportRow, 1);

  row->key = g_strdup (key);
  row->parent_key = g_strdup (parent_key);
  row->values = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (table->rows, row);
  return row;
}

static void
set_value (SarapExportRow *row, guint column, char *value)
{
  if (row->values->len <= column)
    g_ptr_array_set_size (row->values, column + 1);
  g_free (g_ptr_array_index (row->values, column));
  g_ptr_array_index (row->values, column) = value;
}

static void lay_out (SarapExportTables *self, SarapExportTable *table, SarapExportRow *row, const xmlNode *parent, const char *path);

static void
lay_out_repeat (SarapExportTables *self, SarapExportRow *row, const xmlNode *node, const char *path, guint number)
{
  SarapExportTable *table = get_table (self, path);
  g_autofree char *key = row ? g_strdup_printf ("%s/%s[%u]", row->key, (const char *) node->name, number) : NULL;

  lay_out (self, table, row ? add_row (table, key, row->key) : NULL, node, path);
}

static guint
count_before (const xmlNode *node)
{
  guint n = 1;

  for (const xmlNode *before = node->prev; before != NULL; before = before->prev)
    if (before->type == XML_ELEMENT_NODE && xmlStrEqual (before->name, node->name))
      n++;
  return n;
}

/* @row NULL: only the columns are taken from @parent. */
static void
lay_out (SarapExportTables *self, SarapExportTable *table, SarapExportRow *row, const xmlNode *parent, const char *path)
{
  for (const xmlNode *node = next_element (parent->children); node != NULL; node = next_element (node->next))
    {
      g_autofree char *below = g_strdup_printf ("%s/%s", path, (const char *) node->name);

      if (is_repeat (self, below))
        lay_out_repeat (self, row, node, below, row ? count_before (node) : 1);
      else if (next_element (node->children) != NULL)
        lay_out (self, table, row, node, below);
      else
        {
          guint column = get_column (self, table, below);

          if (row != NULL)
            set_value (row, column, sarap_xml_dup_text (node));
        }
    }
}

static const xmlNode *
find_template (const xmlNode *node)
{
  for (node = next_element (node); node != NULL; node = next_element (node->next))
    {
      const xmlNode *found;

      if (xmlStrEqual (node->name, BAD_CAST "instance"))
        return next_element (node->children);
      found = xmlStrEqual (node->name, BAD_CAST "body") ? NULL : find_template (node->children);
      if (found != NULL)
        return found;
    }
  return NULL;
}

/* The columns that the form has now, in its order. */
static gboolean
take_columns (SarapExportTables *self, GError **error)
{
  g_autoptr (xmlDoc) document = sarap_xml_parse (sarap_form_peek_xml (self->form), sarap_form_get_id (self->form), error);
  const xmlNode *root;

  if (document == NULL)
    return FALSE;
  root = find_template (xmlDocGetRootElement (document));
  if (root != NULL)
    {
      g_autofree char *path = g_strdup_printf ("/%s", (const char *) root->name);

      lay_out (self, get_table (self, path), NULL, root, path);
    }
  return TRUE;
}

typedef struct
{
  SarapExportTables *tables;
  GError *error;
} Taking;

static gboolean
take_record (const SarapSourceRecord *record, gpointer data)
{
  Taking *taking = data;
  SarapExportTables *self = taking->tables;
  g_autoptr (xmlDoc) document = sarap_xml_parse (record->xml, record->id, &taking->error);
  SarapExportTable *table;
  SarapExportRow *row;
  g_autofree char *path = NULL;
  const xmlNode *root;

  if (document == NULL)
    return FALSE;
  root = xmlDocGetRootElement (document);
  path = g_strdup_printf ("/%s", (const char *) root->name);
  table = self->tables->len > 0 ? g_ptr_array_index (self->tables, 0) : get_table (self, path);
  row = add_row (table, record->id, NULL);
  row->version = g_strdup (record->form_version);
  row->submitter = g_strdup (record->submitter);
  row->review_state = g_strdup (record->review_state);
  row->received_at = record->received_at;
  lay_out (self, table, row, root, table->path);
  return TRUE;
}

/* Reads every record of the form. Returns: (transfer full), or NULL with the error of the source or
 * of the record that is no XML */
SarapExportTables *
sarap_export_tables_new (SarapRecordSource *source, const char *form_id, GError **error)
{
  g_autoptr (SarapExportTables) self = g_new0 (SarapExportTables, 1);
  Taking taking = { self, NULL };

  self->tables = g_ptr_array_new_with_free_func (table_free);
  self->form = sarap_record_source_load_form (source, form_id, NULL, error);
  if (self->form == NULL || !take_columns (self, error) || !sarap_record_source_foreach (source, form_id, take_record, &taking, error))
    return NULL;
  if (taking.error == NULL)
    return g_steal_pointer (&self);
  g_propagate_error (error, taking.error);
  return NULL;
}
