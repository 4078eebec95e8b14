#include "app/report/sarap-dataset.h"

#include <stdio.h>
#include <string.h>

#include "app/base/sarap-xml.h"

typedef struct
{
  GArray *codes;      /* guint32 per row; 0: blank; else index + 1 into texts */
  GPtrArray *texts;   /* distinct answers */
  GHashTable *lookup; /* text → code */
} Column;

struct _SarapDataset
{
  gatomicrefcount references;
  SarapForm *form;
  guint n_rows;
  guint n_rejected;
  GHashTable *columns; /* name → Column */
  GHashTable *owners;  /* name → path that has the name */
  GHashTable *repeats; /* name → SarapDataset */
  GArray *parents;     /* guint per row, of a repeat */
  GArray *days;        /* int per row */
};

static void
column_free (gpointer data)
{
  Column *column = data;

  g_array_unref (column->codes);
  g_hash_table_unref (column->lookup);
  g_ptr_array_unref (column->texts);
  g_free (column);
}

static Column *
ensure_column (SarapDataset *self, const char *name)
{
  Column *column = g_hash_table_lookup (self->columns, name);

  if (column != NULL)
    return column;
  column = g_new0 (Column, 1);
  column->codes = g_array_new (FALSE, TRUE, sizeof (guint32));
  column->texts = g_ptr_array_new_with_free_func (g_free);
  column->lookup = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (self->columns, g_strdup (name), column);
  return column;
}

static void
column_set (Column *column, guint row, const char *text)
{
  gpointer code = g_hash_table_lookup (column->lookup, text);

  if (code == NULL)
    {
      g_ptr_array_add (column->texts, g_strdup (text));
      code = GUINT_TO_POINTER (column->texts->len);
      g_hash_table_insert (column->lookup, g_ptr_array_index (column->texts, column->texts->len - 1), code);
    }
  if (column->codes->len <= row)
    g_array_set_size (column->codes, row + 1);
  g_array_index (column->codes, guint32, row) = GPOINTER_TO_UINT (code);
}

SarapDataset *
sarap_dataset_new (SarapForm *form)
{
  SarapDataset *self = g_new0 (SarapDataset, 1);

  g_atomic_ref_count_init (&self->references);
  self->form = g_object_ref (form);
  self->columns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, column_free);
  self->owners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->repeats = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) sarap_dataset_unref);
  self->parents = g_array_new (FALSE, TRUE, sizeof (guint));
  self->days = g_array_new (FALSE, TRUE, sizeof (int));
  return self;
}

SarapDataset *
sarap_dataset_ref (SarapDataset *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
sarap_dataset_unref (SarapDataset *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_object_unref (self->form);
  g_hash_table_unref (self->columns);
  g_hash_table_unref (self->owners);
  g_hash_table_unref (self->repeats);
  g_array_unref (self->parents);
  g_array_unref (self->days);
  g_free (self);
}

/* Rule 1: the name of the column for the leaf at @path. */
static const char *
name_of (SarapDataset *self, const char *path)
{
  const char *name = strrchr (path, '/') + 1;
  const char *owner = g_hash_table_lookup (self->owners, name);

  if (owner == NULL)
    {
      g_hash_table_insert (self->owners, g_strdup (name), g_strdup (path));
      return name;
    }
  if (g_str_equal (owner, path))
    return name;
  for (name -= 1; name > path && name[-1] != '/'; name--)
    ;
  return name;
}

static gboolean
is_repeat (SarapDataset *self, const char *path)
{
  const SarapElement *element = sarap_form_find_element (self->form, path);

  return element != NULL && sarap_element_get_kind (element) == SARAP_ELEMENT_REPEAT;
}

static void
add_element (SarapDataset *self, guint row, const xmlNode *element, GString *path)
{
  gsize length = path->len;

  for (const xmlNode *child = element->children; child != NULL; child = child->next)
    {
      if (child->type != XML_ELEMENT_NODE)
        continue;
      g_string_truncate (path, length);
      g_string_append_printf (path, "/%s", (const char *) child->name);
      if (is_repeat (self, path->str))
        {
          SarapDataset *repeat = g_hash_table_lookup (self->repeats, (const char *) child->name);

          if (repeat == NULL)
            {
              repeat = sarap_dataset_new (self->form);
              g_hash_table_insert (self->repeats, g_strdup ((const char *) child->name), repeat);
            }
          g_array_append_val (repeat->parents, row);
          add_element (repeat, repeat->n_rows++, child, path);
        }
      else if (sarap_xml_first_element (child, NULL) != NULL)
        add_element (self, row, child, path);
      else
        {
          g_autofree char *text = sarap_xml_dup_text (child);

          if (text != NULL && *text != '\0')
            column_set (ensure_column (self, name_of (self, path->str)), row, text);
        }
    }
  g_string_truncate (path, length);
}

static int
parse_day (const char *text)
{
  GDate date;
  int year, month, day;

  if (text == NULL || sscanf (text, "%d-%d-%d", &year, &month, &day) != 3 || !g_date_valid_dmy (day, month, year))
    return -1;
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, day, month, year);
  return (int) g_date_get_julian (&date) - 719163;
}

static int
day_of (SarapDataset *self, guint row, gint64 received_at)
{
  int day = parse_day (sarap_dataset_peek (self, row, "today"));

  if (day < 0)
    day = parse_day (sarap_dataset_peek (self, row, "start"));
  return day >= 0 ? day : (int) (received_at / 86400000);
}

/* Adds one record; a record of another version of the form joins by the names of its questions.
 * @error: SARAP_INPUT_ERROR when its XML cannot be read. */
gboolean
sarap_dataset_add (SarapDataset *self, const SarapSourceRecord *record, GError **error)
{
  g_autoptr (xmlDoc) document = NULL;
  g_autoptr (GString) path = NULL;
  xmlNode *root;
  guint row = self->n_rows;
  int day;

  if (g_str_equal (record->review_state, "rejected"))
    {
      self->n_rejected++;
      return TRUE;
    }
  document = sarap_xml_parse (record->xml, record->id, error);
  if (document == NULL)
    return FALSE;
  root = xmlDocGetRootElement (document);
  path = g_string_new ("/");
  g_string_append (path, (const char *) root->name);
  self->n_rows++;
  add_element (self, row, root, path);
  column_set (ensure_column (self, "__id"), row, record->id);
  column_set (ensure_column (self, "__submitter"), row, record->submitter);
  day = day_of (self, row, record->received_at);
  g_array_append_val (self->days, day);
  return TRUE;
}

typedef struct
{
  SarapDataset *dataset;
  GError *error;
} Loading;

static gboolean
add_cb (const SarapSourceRecord *record, gpointer data)
{
  Loading *loading = data;

  return sarap_dataset_add (loading->dataset, record, &loading->error);
}

/* All records of @form_id, columns by its newest version. */
SarapDataset *
sarap_dataset_load (SarapRecordSource *source, const char *form_id, GError **error)
{
  g_autoptr (SarapForm) form = sarap_record_source_load_form (source, form_id, NULL, error);
  g_autoptr (SarapDataset) self = form ? sarap_dataset_new (form) : NULL;
  Loading loading = { self, NULL };

  if (self == NULL || !sarap_record_source_foreach (source, form_id, add_cb, &loading, error))
    return NULL;
  if (loading.error != NULL)
    {
      g_propagate_error (error, loading.error);
      return NULL;
    }
  return g_steal_pointer (&self);
}

SarapForm *
sarap_dataset_get_form (SarapDataset *self)
{
  return self->form;
}

guint
sarap_dataset_get_n_rows (SarapDataset *self)
{
  return self->n_rows;
}

guint
sarap_dataset_get_n_rejected (SarapDataset *self)
{
  return self->n_rejected;
}

const char *
sarap_dataset_peek (SarapDataset *self, guint row, const char *name)
{
  Column *column = g_hash_table_lookup (self->columns, name);
  guint32 code = column && row < column->codes->len ? g_array_index (column->codes, guint32, row) : 0;

  return code != 0 ? g_ptr_array_index (column->texts, code - 1) : NULL;
}

const char *
sarap_dataset_peek_id (SarapDataset *self, guint row)
{
  return sarap_dataset_peek (self, row, "__id");
}

const char *
sarap_dataset_peek_submitter (SarapDataset *self, guint row)
{
  return sarap_dataset_peek (self, row, "__submitter");
}

int
sarap_dataset_get_day (SarapDataset *self, guint row)
{
  g_return_val_if_fail (row < self->days->len, 0);
  return g_array_index (self->days, int, row);
}

SarapDataset *
sarap_dataset_peek_repeat (SarapDataset *self, const char *name)
{
  return g_hash_table_lookup (self->repeats, name);
}

guint
sarap_dataset_get_parent_row (SarapDataset *repeat, guint row)
{
  g_return_val_if_fail (row < repeat->parents->len, 0);
  return g_array_index (repeat->parents, guint, row);
}
