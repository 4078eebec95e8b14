#include "app/form/xlsform/sarap-workbook.h"

#include "app/base/sarap-problem.h"
#include "app/base/sarap-xml.h"
#include "app/base/sarap-zip.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* 1. Parts are found by relationships (ECMA-376 part 2), not by guessed names; what cannot be
 *    found is an error that names it.
 * 2. Texts live once, in the shared strings or in one chunk; cells point at them. A small file can
 *    name one long text a million times, so the sum over all cells is limited too.
 * 3. A number is a date when its cell format is one: built-in formats 14–22, 27–36, 45–47, 50–58 or
 *    a code with d, m, y, h, s outside quotes and brackets. Days count from 1899-12-30, or 1904-01-01. */

#define MAX_TEXT (200u * 1024 * 1024)
#define MAX_COLUMNS 16384
#define MAX_ROWS 1048576

struct _SarapWorkbook
{
  GPtrArray *sheets;
  GPtrArray *shared; /* char* */
  GStringChunk *chunk;
  GArray *date_styles; /* gboolean by cell format */
  gboolean is_1904;
  gsize text_size;
};

/* Where a part's elements are read; advance() hides what is not an element, a text or an end. */
typedef struct
{
  xmlTextReader *reader;
  GBytes *bytes;
} Part;

static void
part_clear (Part *part)
{
  g_clear_pointer (&part->reader, xmlFreeTextReader);
  g_clear_pointer (&part->bytes, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Part, part_clear)

static void
row_free (gpointer data)
{
  SarapRow *row = data;

  g_array_unref (row->cells);
  g_free (row);
}

static void
sheet_free (gpointer data)
{
  SarapSheet *sheet = data;

  g_free (sheet->name);
  g_ptr_array_unref (sheet->rows);
  g_free (sheet);
}

static gboolean
part_open (Part *part, SarapZip *zip, const char *name, const char *file, GError **error)
{
  g_autofree char *place = g_strdup_printf ("%s/%s", file, name);

  part->bytes = sarap_zip_read (zip, name, error);
  if (part->bytes != NULL)
    part->reader = sarap_xml_reader_new (part->bytes, place, error);
  return part->reader != NULL;
}

static gboolean
is_start (const Part *part, const char *name)
{
  return xmlTextReaderNodeType (part->reader) == XML_READER_TYPE_ELEMENT && strcmp ((const char *) xmlTextReaderConstLocalName (part->reader), name) == 0;
}

static gboolean
is_end (const Part *part, const char *name)
{
  return xmlTextReaderNodeType (part->reader) == XML_READER_TYPE_END_ELEMENT && strcmp ((const char *) xmlTextReaderConstLocalName (part->reader), name) == 0;
}

static char *
dup_attribute (const Part *part, const char *name)
{
  xmlChar *value = xmlTextReaderGetAttribute (part->reader, (const xmlChar *) name);
  char *copy = g_strdup ((const char *) value);

  xmlFree (value);
  return copy;
}

static guint
read_number (const Part *part, const char *name, guint fallback)
{
  g_autofree char *value = dup_attribute (part, name);
  guint64 number;

  if (value == NULL || !g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT, &number, NULL))
    return fallback;
  return number;
}

/* The text up to the end of the element that the reader is on; phonetic guides are left out. */
static gboolean
read_text (const Part *part, const char *element, GString *text, GError **error)
{
  gboolean is_phonetic = FALSE;
  int step;

  if (xmlTextReaderIsEmptyElement (part->reader))
    return TRUE;
  while ((step = sarap_xml_reader_read (part->reader, error)) == 1)
    {
      int type = xmlTextReaderNodeType (part->reader);

      if (is_end (part, element))
        return TRUE;
      if (is_start (part, "rPh"))
        is_phonetic = !xmlTextReaderIsEmptyElement (part->reader);
      else if (is_end (part, "rPh"))
        is_phonetic = FALSE;
      else if (!is_phonetic && (type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA || type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE || type == XML_READER_TYPE_WHITESPACE))
        g_string_append (text, (const char *) xmlTextReaderConstValue (part->reader));
    }
  return FALSE;
}

/* No-break spaces become plain ones: people paste them without seeing them. */
static char *
clean_text (GString *text)
{
  g_string_replace (text, "\xc2\xa0", " ", 0);
  return text->str;
}

static gboolean
read_shared (SarapWorkbook *self, SarapZip *zip, const char *name, const char *file, GError **error)
{
  g_auto (Part) part = { 0 };
  int step;

  if (!part_open (&part, zip, name, file, error))
    return FALSE;
  while ((step = sarap_xml_reader_read (part.reader, error)) == 1)
    {
      g_autoptr (GString) text = NULL;

      if (!is_start (&part, "si"))
        continue;
      text = g_string_new (NULL);
      if (!read_text (&part, "si", text, error))
        return FALSE;
      g_ptr_array_add (self->shared, g_strdup (clean_text (text)));
    }
  return step == 0;
}

static gboolean
is_date_code (const char *code)
{
  for (const char *at = code; *at != '\0'; at++)
    {
      if (*at == '"' || *at == '[')
        {
          const char *end = strchr (at + 1, *at == '"' ? '"' : ']');

          if (end == NULL)
            return FALSE;
          at = end;
        }
      else if (*at == '\\' || *at == '_' || *at == '*')
        {
          if (*++at == '\0')
            return FALSE;
        }
      else if (strchr ("dmyhsDMYHS", *at) != NULL)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_date_format (guint id, GHashTable *codes)
{
  const char *code = g_hash_table_lookup (codes, GUINT_TO_POINTER (id));

  if (code != NULL)
    return is_date_code (code);
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

static gboolean
read_styles (SarapWorkbook *self, SarapZip *zip, const char *name, const char *file, GError **error)
{
  g_auto (Part) part = { 0 };
  g_autoptr (GHashTable) codes = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  gboolean in_formats = FALSE;
  int step;

  if (!part_open (&part, zip, name, file, error))
    return FALSE;
  while ((step = sarap_xml_reader_read (part.reader, error)) == 1)
    {
      if (is_start (&part, "numFmt"))
        g_hash_table_insert (codes, GUINT_TO_POINTER (read_number (&part, "numFmtId", 0)), dup_attribute (&part, "formatCode"));
      else if (is_start (&part, "cellXfs"))
        in_formats = TRUE;
      else if (is_end (&part, "cellXfs"))
        in_formats = FALSE;
      else if (in_formats && is_start (&part, "xf"))
        {
          gboolean is_date = is_date_format (read_number (&part, "numFmtId", 0), codes);

          g_array_append_val (self->date_styles, is_date);
        }
    }
  return step == 0;
}

/* The shortest digits that read back as the same number. */
static void
append_number (GString *text, double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  if (value == trunc (value))
    {
      g_autofree char *whole = g_malloc (DBL_MAX_10_EXP + 3);

      g_string_append (text, g_ascii_formatd (whole, DBL_MAX_10_EXP + 3, "%.0f", value + 0.0));
      return;
    }
  for (int precision = 15; precision <= 17; precision++)
    {
      g_autofree char *format = g_strdup_printf ("%%.%dg", precision);

      g_ascii_formatd (digits, sizeof digits, format, value);
      if (g_ascii_strtod (digits, NULL) == value)
        break;
    }
  g_string_append (text, digits);
}

static void
append_date (GString *text, double days, gboolean is_1904)
{
  gint64 seconds = llround ((days - trunc (days)) * 86400);
  g_autoptr (GDateTime) origin = is_1904 ? g_date_time_new_utc (1904, 1, 1, 0, 0, 0) : g_date_time_new_utc (1899, 12, 30, 0, 0, 0);
  g_autoptr (GDateTime) day = NULL;
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *formatted = NULL;

  if (days < 0 || days > 2958466)
    {
      append_number (text, days);
      return;
    }
  day = g_date_time_add_days (origin, (int) days);
  time = g_date_time_add_seconds (day, seconds);
  formatted = g_date_time_format (time, days < 1 ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S");
  g_string_append (text, formatted);
}

static void
append_numeric (SarapWorkbook *self, GString *text, const char *raw, guint style)
{
  char *end;
  double value = g_ascii_strtod (raw, &end);

  if (end == raw || *end != '\0' || !isfinite (value))
    g_string_append (text, raw);
  else if (style < self->date_styles->len && g_array_index (self->date_styles, gboolean, style))
    append_date (text, value, self->is_1904);
  else
    append_number (text, value);
}

typedef struct
{
  char *type;
  guint style;
  guint column;
  GString *value;
} RawCell;

static void
raw_cell_clear (RawCell *cell)
{
  g_free (cell->type);
  g_string_free (cell->value, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RawCell, raw_cell_clear)

/* Lends the text of the cell, or NULL when it is empty. */
static const char *
resolve_cell (SarapWorkbook *self, RawCell *cell)
{
  const char *type = cell->type ? cell->type : "n";
  g_autoptr (GString) text = NULL;

  if (cell->value->len == 0)
    return NULL;
  if (strcmp (type, "s") == 0)
    {
      guint64 index;

      if (!g_ascii_string_to_unsigned (cell->value->str, 10, 0, G_MAXUINT, &index, NULL) || index >= self->shared->len)
        return NULL;
      return g_ptr_array_index (self->shared, index);
    }
  text = g_string_new (NULL);
  if (strcmp (type, "b") == 0)
    g_string_append (text, strcmp (cell->value->str, "0") == 0 ? "FALSE" : "TRUE");
  else if (strcmp (type, "n") == 0)
    append_numeric (self, text, cell->value->str, cell->style);
  else
    g_string_append (text, clean_text (cell->value));
  return g_string_chunk_insert (self->chunk, text->str);
}

static gboolean
is_blank (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)))
      return FALSE;
  return TRUE;
}

/* "BC12" → column 54. A cell without a reference follows the one before. */
static guint
read_column (const Part *part, guint next)
{
  g_autofree char *reference = dup_attribute (part, "r");
  guint column = 0;

  if (reference == NULL || !g_ascii_isupper (*reference))
    return next;
  for (const char *at = reference; g_ascii_isupper (*at) && column <= MAX_COLUMNS; at++)
    column = column * 26 + (*at - 'A' + 1);
  return column - 1;
}

static gboolean
read_cell (const Part *part, RawCell *cell, GError **error)
{
  int step;

  if (xmlTextReaderIsEmptyElement (part->reader))
    return TRUE;
  while ((step = sarap_xml_reader_read (part->reader, error)) == 1 && !is_end (part, "c"))
    {
      if (is_start (part, "v") && !read_text (part, "v", cell->value, error))
        return FALSE;
      if (is_start (part, "is") && !read_text (part, "is", cell->value, error))
        return FALSE;
    }
  return step == 1;
}

static gboolean
add_cell (SarapWorkbook *self, SarapRow *row, const Part *part, guint *next, const char *file, GError **error)
{
  g_auto (RawCell) raw = { .type = dup_attribute (part, "t"), .style = read_number (part, "s", 0), .column = read_column (part, *next), .value = g_string_new (NULL) };
  SarapCell cell = { .column = raw.column };

  if (raw.column >= MAX_COLUMNS || raw.column < *next)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: row %u has a cell out of order; save the workbook again", file, row->number);
      return FALSE;
    }
  *next = raw.column + 1;
  if (!read_cell (part, &raw, error))
    return FALSE;
  cell.text = resolve_cell (self, &raw);
  if (cell.text == NULL || is_blank (cell.text))
    return TRUE;
  self->text_size += strlen (cell.text);
  if (self->text_size > MAX_TEXT)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT, "%s: the cells hold more than 200 MB of text", file);
      return FALSE;
    }
  g_array_append_val (row->cells, cell);
  return TRUE;
}

static gboolean
read_row (SarapWorkbook *self, SarapSheet *sheet, const Part *part, guint number, const char *file, GError **error)
{
  SarapRow *row = g_new0 (SarapRow, 1);
  guint next = 0;
  int step = 1;

  row->number = number;
  row->cells = g_array_new (FALSE, FALSE, sizeof (SarapCell));
  if (!xmlTextReaderIsEmptyElement (part->reader))
    while ((step = sarap_xml_reader_read (part->reader, error)) == 1 && !is_end (part, "row"))
      if (is_start (part, "c") && !add_cell (self, row, part, &next, file, error))
        {
          row_free (row);
          return FALSE;
        }
  if (row->cells->len == 0)
    row_free (row);
  else
    g_ptr_array_add (sheet->rows, row);
  return step == 1;
}

static gboolean
read_sheet (SarapWorkbook *self, SarapSheet *sheet, SarapZip *zip, const char *name, const char *file, GError **error)
{
  g_auto (Part) part = { 0 };
  guint number = 0;
  int step;

  if (!part_open (&part, zip, name, file, error))
    return FALSE;
  while ((step = sarap_xml_reader_read (part.reader, error)) == 1)
    {
      guint next;

      if (!is_start (&part, "row"))
        continue;
      next = read_number (&part, "r", number + 1);
      if (next <= number || next > MAX_ROWS)
        {
          g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s, sheet %s: rows out of order; save the workbook again", file, sheet->name);
          return FALSE;
        }
      number = next;
      if (!read_row (self, sheet, &part, number, file, error))
        return FALSE;
    }
  return step == 0;
}

/* @target as written in the relationships of @base ("xl/workbook.xml"), as a name in the archive. */
static char *
resolve_target (const char *base, const char *target)
{
  g_autofree char *folder = g_path_get_dirname (base);

  if (*target == '/')
    return g_strdup (target + 1);
  if (strcmp (folder, ".") == 0)
    return g_strdup (target);
  return g_strconcat (folder, "/", target, NULL);
}

/* Relationship id, and the last word of its type, → name in the archive. */
static GHashTable *
read_relationships (SarapZip *zip, const char *base, const char *file, GError **error)
{
  g_autoptr (GHashTable) targets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *folder = g_path_get_dirname (base);
  g_autofree char *leaf = g_path_get_basename (base);
  g_autofree char *name = *base == '\0' ? g_strdup ("_rels/.rels") : g_strdup_printf ("%s/_rels/%s.rels", folder, leaf);
  g_auto (Part) part = { 0 };
  int step;

  if (!part_open (&part, zip, name, file, error))
    return NULL;
  while ((step = sarap_xml_reader_read (part.reader, error)) == 1)
    {
      g_autofree char *id = NULL;
      g_autofree char *type = NULL;
      g_autofree char *target = NULL;

      if (!is_start (&part, "Relationship"))
        continue;
      id = dup_attribute (&part, "Id");
      type = dup_attribute (&part, "Type");
      target = dup_attribute (&part, "Target");
      if (id == NULL || type == NULL || target == NULL)
        continue;
      g_hash_table_insert (targets, g_path_get_basename (type), resolve_target (base, target));
      g_hash_table_insert (targets, g_steal_pointer (&id), resolve_target (base, target));
    }
  return step == 0 ? g_steal_pointer (&targets) : NULL;
}

/* The r:id of a sheet, in either of the two namespaces of ECMA-376 (transitional, strict). */
static char *
dup_relationship (const Part *part)
{
  xmlChar *value = xmlTextReaderGetAttributeNs (part->reader, (const xmlChar *) "id", (const xmlChar *) "http://schemas.openxmlformats.org/officeDocument/2006/relationships");
  char *copy;

  if (value == NULL)
    value = xmlTextReaderGetAttributeNs (part->reader, (const xmlChar *) "id", (const xmlChar *) "http://purl.oclc.org/ooxml/officeDocument/relationships");
  copy = g_strdup ((const char *) value);
  xmlFree (value);
  return copy;
}

/* Names of the sheets' parts, beside the sheets. */
static GPtrArray *
read_contents (SarapWorkbook *self, SarapZip *zip, const char *name, GHashTable *targets, const char *file, GError **error)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  g_auto (Part) part = { 0 };
  int step;

  if (!part_open (&part, zip, name, file, error))
    return NULL;
  while ((step = sarap_xml_reader_read (part.reader, error)) == 1)
    {
      g_autofree char *id = NULL;
      const char *target;
      SarapSheet *sheet;

      if (is_start (&part, "workbookPr"))
        {
          g_autofree char *value = dup_attribute (&part, "date1904");

          self->is_1904 = value != NULL && (strcmp (value, "1") == 0 || strcmp (value, "true") == 0);
        }
      if (!is_start (&part, "sheet"))
        continue;
      id = dup_relationship (&part);
      target = id ? g_hash_table_lookup (targets, id) : NULL;
      if (target == NULL || !sarap_zip_has (zip, target))
        continue;
      sheet = g_new0 (SarapSheet, 1);
      sheet->name = dup_attribute (&part, "name");
      if (sheet->name == NULL)
        sheet->name = g_strdup ("");
      sheet->rows = g_ptr_array_new_with_free_func (row_free);
      g_ptr_array_add (self->sheets, sheet);
      g_ptr_array_add (parts, g_strdup (target));
    }
  return step == 0 ? g_steal_pointer (&parts) : NULL;
}

static gboolean
read_parts (SarapWorkbook *self, SarapZip *zip, const char *file, GError **error)
{
  g_autoptr (GHashTable) top = read_relationships (zip, "", file, error);
  const char *workbook = top ? g_hash_table_lookup (top, "officeDocument") : NULL;
  g_autoptr (GHashTable) targets = workbook ? read_relationships (zip, workbook, file, error) : NULL;
  g_autoptr (GPtrArray) parts = targets ? read_contents (self, zip, workbook, targets, file, error) : NULL;
  const char *shared = targets ? g_hash_table_lookup (targets, "sharedStrings") : NULL;
  const char *styles = targets ? g_hash_table_lookup (targets, "styles") : NULL;

  if (top != NULL && workbook == NULL)
    g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: no workbook inside; save it as .xlsx", file);
  if (parts == NULL)
    return FALSE;
  if (shared != NULL && sarap_zip_has (zip, shared) && !read_shared (self, zip, shared, file, error))
    return FALSE;
  if (styles != NULL && sarap_zip_has (zip, styles) && !read_styles (self, zip, styles, file, error))
    return FALSE;
  for (guint i = 0; i < parts->len; i++)
    if (!read_sheet (self, g_ptr_array_index (self->sheets, i), zip, g_ptr_array_index (parts, i), file, error))
      return FALSE;
  return TRUE;
}

/* @file is for messages only. Errors: SARAP_INPUT_ERROR. Returns: (transfer full) */
SarapWorkbook *
sarap_workbook_read (GBytes *bytes, const char *file, GError **error)
{
  g_autoptr (SarapZip) zip = sarap_zip_open_bytes (bytes, file, error);
  g_autoptr (SarapWorkbook) self = NULL;

  if (zip == NULL)
    return NULL;
  self = g_new0 (SarapWorkbook, 1);
  self->sheets = g_ptr_array_new_with_free_func (sheet_free);
  self->shared = g_ptr_array_new_with_free_func (g_free);
  self->chunk = g_string_chunk_new (4096);
  self->date_styles = g_array_new (FALSE, FALSE, sizeof (gboolean));
  if (!read_parts (self, zip, file ? file : "workbook", error))
    return NULL;
  return g_steal_pointer (&self);
}

void
sarap_workbook_free (SarapWorkbook *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->sheets);
  g_ptr_array_unref (self->shared);
  g_string_chunk_free (self->chunk);
  g_array_unref (self->date_styles);
  g_free (self);
}

guint
sarap_workbook_get_n_sheets (SarapWorkbook *self)
{
  return self->sheets->len;
}

const SarapSheet *
sarap_workbook_peek_sheet (SarapWorkbook *self, guint index)
{
  return g_ptr_array_index (self->sheets, index);
}

/* The text of the cell, or NULL when it is empty. */
const char *
sarap_row_peek (const SarapRow *row, guint column)
{
  for (guint i = 0; i < row->cells->len; i++)
    {
      const SarapCell *cell = &g_array_index (row->cells, SarapCell, i);

      if (cell->column == column)
        return cell->text;
    }
  return NULL;
}
