#include "sync/server/sarap-export.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/base/sarap-csv.h"
#include "app/base/sarap-xml.h"

/*  1. One row for each submission that was not replaced, oldest first; what the server knows stands
 *     first, then one column for each answer by its path below the root: "visit/region",
 *     "violation[2]/v_type" (numbers only where an element is repeated in some submission or by the form).
 *  2. Columns come in the order of the newest form, then as other versions' answers appear.
 *  3. No cell is taken for a formula by a spreadsheet.
 */

#define PAGE 200

typedef struct
{
  SarapCentral *central;
  gint64 project;
  const char *xml_form_id;
  GPtrArray *columns;  /* paths */
  GHashTable *indexes; /* path → 1-based column */
  GHashTable *repeats; /* paths of repeated elements, without numbers */
  FILE *file;
} Export;

typedef gboolean (*RecordFunc) (Export *self, const SarapCentralSubmission *submission, const xmlNode *root, GError **error);
typedef void (*LeafFunc) (Export *self, const char *path, const xmlNode *leaf, gpointer data);

/* How many elements of that name the parent had so far, this one counted. */
static guint
count_up (GHashTable *seen, const xmlNode *node)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (seen, node->name)) + 1;

  g_hash_table_insert (seen, (gpointer) node->name, GUINT_TO_POINTER (n));
  return n;
}

static char *
join_path (const char *path, const xmlNode *node)
{
  return g_strdup_printf ("%s%s%s", path, *path ? "/" : "", (const char *) node->name);
}

static void
note_repeats (Export *self, const xmlNode *parent, const char *path)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (const xmlNode *node = parent->children; node != NULL; node = node->next)
    {
      g_autofree char *own = NULL;

      if (node->type != XML_ELEMENT_NODE)
        continue;
      own = join_path (path, node);
      note_repeats (self, node, own);
      if (count_up (seen, node) > 1 || xmlHasProp ((xmlNode *) node, BAD_CAST "template") != NULL)
        g_hash_table_add (self->repeats, g_steal_pointer (&own));
    }
}

/* @plain: the path without numbers. */
static void
foreach_leaf (Export *self, const xmlNode *parent, const char *path, const char *plain, LeafFunc func, gpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (const xmlNode *node = parent->children; node != NULL; node = node->next)
    {
      g_autofree char *own = NULL, *own_plain = NULL;
      guint n;

      if (node->type != XML_ELEMENT_NODE)
        continue;
      n = count_up (seen, node);
      own = join_path (path, node);
      own_plain = join_path (plain, node);
      if (g_hash_table_contains (self->repeats, own_plain))
        {
          char *numbered = g_strdup_printf ("%s[%u]", own, n);

          g_free (own);
          own = numbered;
        }
      if (xmlFirstElementChild ((xmlNode *) node) == NULL)
        func (self, own, node, data);
      else
        foreach_leaf (self, node, own, own_plain, func, data);
    }
}

static gboolean
foreach_record (Export *self, RecordFunc func, GError **error)
{
  gint64 after = 0;

  for (;;)
    {
      g_autoptr (GPtrArray) page = sarap_central_store_list_records (self->central->store, self->project, self->xml_form_id, after, PAGE, error);

      if (page == NULL)
        return FALSE;
      for (guint i = 0; i < page->len; i++)
        {
          const SarapCentralSubmission *submission = g_ptr_array_index (page, i);
          g_autoptr (GBytes) xml = sarap_central_store_dup_xml (self->central->store, submission->row, error);
          g_autoptr (xmlDoc) doc = xml ? sarap_xml_parse (xml, submission->instance_id, error) : NULL;

          if (doc == NULL || !func (self, submission, xmlDocGetRootElement (doc), error))
            return FALSE;
          after = submission->row;
        }
      if (page->len < PAGE)
        return TRUE;
    }
}

static gboolean
note_repeats_of (Export *self, const SarapCentralSubmission *submission, const xmlNode *root, GError **error)
{
  note_repeats (self, root, "");
  return TRUE;
}

static void
note_column (Export *self, const char *path, const xmlNode *leaf, gpointer data)
{
  if (g_hash_table_contains (self->indexes, path))
    return;
  g_ptr_array_add (self->columns, g_strdup (path));
  g_hash_table_insert (self->indexes, g_strdup (path), GUINT_TO_POINTER (self->columns->len));
}

static gboolean
note_columns_of (Export *self, const SarapCentralSubmission *submission, const xmlNode *root, GError **error)
{
  foreach_leaf (self, root, "", "", note_column, NULL);
  return TRUE;
}

/* The root of the form's first instance: its elements in the form's order. */
static const xmlNode *
find_model (const xmlDoc *doc)
{
  const xmlNode *html = xmlDocGetRootElement (doc);
  const xmlNode *head = sarap_xml_first_element (html, "head");
  const xmlNode *model = head ? sarap_xml_first_element (head, "model") : NULL;
  const xmlNode *instance = model ? sarap_xml_first_element (model, "instance") : NULL;

  return instance ? xmlFirstElementChild ((xmlNode *) instance) : NULL;
}

static gboolean
find_columns (Export *self, GError **error)
{
  g_autoptr (SarapCentralForm) form = sarap_central_store_find_form (self->central->store, self->project, self->xml_form_id, NULL, error);
  g_autoptr (xmlDoc) doc = form ? sarap_xml_parse (form->xml, self->xml_form_id, error) : NULL;
  const xmlNode *model = doc ? find_model (doc) : NULL;

  if (model == NULL)
    return FALSE;
  note_repeats (self, model, "");
  if (!foreach_record (self, note_repeats_of, error))
    return FALSE;
  foreach_leaf (self, model, "", "", note_column, NULL);
  return foreach_record (self, note_columns_of, error);
}

static void
append_time (GString *line, gint64 time)
{
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_utc (time / 1000);
  g_autofree char *text = g_date_time_format (moment, "%Y-%m-%dT%H:%M:%SZ");

  g_string_append (line, text);
}

static gboolean
write_line (Export *self, GString *line, GError **error)
{
  g_string_append (line, "\r\n");
  if (fwrite (line->str, 1, line->len, self->file) == line->len)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "the export cannot be written: %s", g_strerror (errno));
  return FALSE;
}

static gboolean
write_header (Export *self, GError **error)
{
  g_autoptr (GString) line = g_string_new ("KEY,SubmissionDate,SubmitterID,SubmitterName,ReviewState,FormVersion,Complete");

  for (guint i = 0; i < self->columns->len; i++)
    {
      g_string_append_c (line, ',');
      sarap_csv_append_guarded_field (line, g_ptr_array_index (self->columns, i));
    }
  return write_line (self, line, error);
}

static void
take_value (Export *self, const char *path, const xmlNode *leaf, gpointer data)
{
  guint column = GPOINTER_TO_UINT (g_hash_table_lookup (self->indexes, path));
  char **values = data;

  if (column > 0 && values[column - 1] == NULL)
    values[column - 1] = sarap_xml_dup_text (leaf);
}

static gboolean
write_record (Export *self, const SarapCentralSubmission *submission, const xmlNode *root, GError **error)
{
  g_autoptr (GString) line = g_string_new (NULL);
  char **values = g_new0 (char *, self->columns->len + 1);

  sarap_csv_append_guarded_field (line, submission->instance_id);
  g_string_append_c (line, ',');
  append_time (line, submission->created_at);
  g_string_append_c (line, ',');
  if (submission->submitter_id != 0)
    g_string_append_printf (line, "%" G_GINT64_FORMAT, submission->submitter_id);
  g_string_append_c (line, ',');
  sarap_csv_append_guarded_field (line, submission->submitter);
  g_string_append_printf (line, ",%s,", submission->review_state ? submission->review_state : "");
  sarap_csv_append_guarded_field (line, submission->version);
  g_string_append_printf (line, ",%d", submission->is_complete);

  foreach_leaf (self, root, "", "", take_value, values);
  for (guint i = 0; i < self->columns->len; i++)
    {
      g_string_append_c (line, ',');
      sarap_csv_append_guarded_field (line, values[i] ? values[i] : "");
      g_free (values[i]);
    }
  g_free (values);
  return write_line (self, line, error);
}

static GBytes *
map_file (FILE *file, GError **error)
{
  g_autoptr (GMappedFile) mapped = NULL;

  if (fflush (file) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "the export cannot be written: %s", g_strerror (errno));
      return NULL;
    }
  mapped = g_mapped_file_new_from_fd (fileno (file), FALSE, error);
  return mapped ? g_mapped_file_get_bytes (mapped) : NULL;
}

static GBytes *
write_all (Export *self, GError **error)
{
  g_autofree char *path = NULL;
  int descriptor = sarap_media_create_temporary (self->central->media, &path, error);
  GBytes *bytes = NULL;

  if (descriptor < 0)
    return NULL;
  g_unlink (path);
  self->file = fdopen (descriptor, "w+");
  if (find_columns (self, error) && write_header (self, error) && foreach_record (self, write_record, error))
    bytes = map_file (self->file, error);
  fclose (self->file);
  return bytes;
}

/* All submissions of a form as CSV; the bytes lie in a file that is gone with them. Takes a
 * while: not for the server's own thread. */
GBytes *
sarap_export_csv (SarapCentral *central, gint64 project, const char *xml_form_id, GError **error)
{
  Export self = { .central = central, .project = project, .xml_form_id = xml_form_id };
  GBytes *bytes;

  self.columns = g_ptr_array_new_with_free_func (g_free);
  self.indexes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self.repeats = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  bytes = write_all (&self, error);
  g_ptr_array_unref (self.columns);
  g_hash_table_unref (self.indexes);
  g_hash_table_unref (self.repeats);
  return bytes;
}
