#include "app/base/sarap-csv.h"

#include "app/base/sarap-problem.h"

#include <string.h>

/* 1. The delimiter is the one of `,` `;` tab `|` that the header line has most often outside
 *    quotes; with none, the file has one column.
 * 2. A line without any character is no row. A row shorter than the header is filled with empty
 *    cells; cells beyond the header have no name, so nothing can ask for them: left out.
 * 3. A quote opens a quoted cell only at its start; `""` inside is one quote.
 * 4. Cells are unquoted into one text, each ended by NUL, and told by their offsets: one copy of
 *    the file for SarapCsv, one row at a time for SarapCsvReader.
 * 5. The reader holds one block of the file. A row that meets the end of the block is read again
 *    when more is there, so that both kinds see the same rows.
 * 6. Short rows are filled, so a small file may be a large table: cells are counted. */

#define MAX_BYTES G_MAXUINT32
#define MAX_COLUMNS 16384
#define MAX_CELLS 100000000
#define READER_BLOCK (256 * 1024)
#define MAX_ROW (16 * 1024 * 1024)

struct _SarapCsv
{
  char *text;
  GArray *headers; /* offsets into text, guint32 */
  GArray *cells;   /* the same, row by row, headers->len to a row */
};

typedef struct
{
  const char *file;
  const char *in;
  const char *end;
  char *base;
  char *out;
  char delimiter;
  guint line;
} Scanner;

typedef enum
{
  CELL_ENDS_CELL,
  CELL_ENDS_ROW,
  CELL_BROKEN,
} CellEnd;

/* @is_whole: whether the line ends before @end. */
static char
find_delimiter (const char *text, const char *end, gboolean *is_whole)
{
  static const char candidates[] = ",;\t|";
  guint counts[4] = { 0 };
  gboolean is_quoted = FALSE;
  guint best = 0;
  const char *at;

  for (at = text; at < end && (is_quoted || (*at != '\n' && *at != '\r')); at++)
    {
      const char *found = strchr (candidates, *at);

      if (*at == '"')
        is_quoted = !is_quoted;
      else if (!is_quoted && found != NULL)
        counts[found - candidates]++;
    }
  *is_whole = at < end;
  for (guint i = 1; i < G_N_ELEMENTS (counts); i++)
    if (counts[i] > counts[best])
      best = i;
  return candidates[best];
}

static gboolean
copy_quoted (Scanner *self, GError **error)
{
  guint opened = self->line;

  for (self->in++; self->in < self->end; self->in++)
    {
      if (*self->in == '"' && (self->in + 1 == self->end || self->in[1] != '"'))
        {
          self->in++;
          return TRUE;
        }
      if (*self->in == '"')
        self->in++;
      else if (*self->in == '\n')
        self->line++;
      *self->out++ = *self->in;
    }
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s, line %u: a quoted cell is never closed; add the missing quote", self->file, opened);
  return FALSE;
}

/* Moves one cell to its place. Unquoting only shrinks, and a delimiter or line end follows every
 * cell but the last, so `out` never overtakes `in`; the copy has one spare byte for the last NUL. */
static CellEnd
scan_cell (Scanner *self, guint32 *offset, GError **error)
{
  CellEnd how = CELL_ENDS_ROW;

  *offset = self->out - self->base;
  if (self->in < self->end && *self->in == '"' && !copy_quoted (self, error))
    return CELL_BROKEN;
  while (self->in < self->end && *self->in != self->delimiter && *self->in != '\n' && *self->in != '\r')
    *self->out++ = *self->in++;
  if (self->in < self->end)
    {
      char stop = *self->in++;

      if (stop == self->delimiter)
        how = CELL_ENDS_CELL;
      else
        self->line++;
      if (stop == '\r' && self->in < self->end && *self->in == '\n')
        self->in++;
    }
  *self->out++ = '\0';
  return how;
}

static gboolean
refuse_size (const char *file, guint most, const char *what, GError **error)
{
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT, "%s: more than %u %s; split it", file, most, what);
  return FALSE;
}

/* Appends the row to @cells: exactly @n_columns cells, or as many as there are when it is 0. */
static gboolean
scan_row (Scanner *self, GArray *cells, guint n_columns, GError **error)
{
  const guint32 blank = 0; /* text[0] is NUL */
  guint n = 0;
  CellEnd how;

  do
    {
      guint32 offset;

      how = scan_cell (self, &offset, error);
      if (how == CELL_BROKEN)
        return FALSE;
      if (n_columns == 0 && n == MAX_COLUMNS)
        return refuse_size (self->file, MAX_COLUMNS, "columns", error);
      if (n_columns == 0 || n < n_columns)
        g_array_append_val (cells, offset);
      n++;
      /* A delimiter at the very end of the file still opens an empty last cell. */
    }
  while (how == CELL_ENDS_CELL);
  for (; n < n_columns; n++)
    g_array_append_val (cells, blank);
  return TRUE;
}

static gboolean
check_size (gsize size, const char *file, GError **error)
{
  if (size < MAX_BYTES)
    return TRUE;
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT, "%s: larger than 4 GB; split it", file);
  return FALSE;
}

/* @text begins at @line. */
static gboolean
check_text (const char *text, gsize size, const char *file, guint line, GError **error)
{
  const char *bad;

  if (g_utf8_validate_len (text, size, &bad))
    return TRUE;
  for (const char *at = text; at < bad; at++)
    line += *at == '\n';
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s, line %u: not UTF-8 text; save the file as CSV UTF-8", file, line);
  return FALSE;
}

static void
strip_headers (SarapCsv *self)
{
  for (guint i = 0; i < self->headers->len; i++)
    g_strstrip (self->text + g_array_index (self->headers, guint32, i));
}

/* @file is for messages only; errors are SARAP_INPUT_ERROR with the line. A file without a header
 * line is an error, one without rows is not. Returns: (transfer full) */
SarapCsv *
sarap_csv_parse (GBytes *bytes, const char *file, GError **error)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  g_autoptr (SarapCsv) self = NULL;
  Scanner scanner = { .file = file ? file : "CSV", .line = 1 };

  if (size >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    {
      text += 3;
      size -= 3;
    }
  if (!check_size (size, scanner.file, error) || !check_text (text, size, scanner.file, 1, error))
    return NULL;

  self = g_new0 (SarapCsv, 1);
  self->text = g_malloc (size + 2);
  self->text[0] = '\0';
  self->headers = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->cells = g_array_new (FALSE, FALSE, sizeof (guint32));
  scanner.in = text;
  scanner.end = text + size;
  scanner.base = self->text;
  scanner.out = self->text + 1;

  while (scanner.in < scanner.end)
    {
      gboolean is_header = self->headers->len == 0, is_whole;

      if (*scanner.in == '\n' || *scanner.in == '\r')
        {
          scanner.line += *scanner.in++ == '\n';
          continue;
        }
      if (is_header)
        scanner.delimiter = find_delimiter (scanner.in, scanner.end, &is_whole);
      if (!scan_row (&scanner, is_header ? self->headers : self->cells, self->headers->len, error))
        return NULL;
      if (self->cells->len > MAX_CELLS && !refuse_size (scanner.file, MAX_CELLS, "cells", error))
        return NULL;
    }
  if (self->headers->len == 0)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: empty; the first line must name the columns", scanner.file);
      return NULL;
    }
  strip_headers (self);
  return g_steal_pointer (&self);
}

void
sarap_csv_free (SarapCsv *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_array_unref (self->headers);
  g_array_unref (self->cells);
  g_free (self);
}

guint
sarap_csv_get_n_columns (const SarapCsv *self)
{
  return self->headers->len;
}

guint
sarap_csv_get_n_rows (const SarapCsv *self)
{
  return self->cells->len / self->headers->len;
}

/* Without the blanks around it. */
const char *
sarap_csv_peek_header (const SarapCsv *self, guint column)
{
  g_return_val_if_fail (column < self->headers->len, "");
  return self->text + g_array_index (self->headers, guint32, column);
}

/* The first column of that name (case matters), or -1. */
int
sarap_csv_find_column (const SarapCsv *self, const char *header)
{
  for (guint i = 0; i < self->headers->len; i++)
    if (strcmp (sarap_csv_peek_header (self, i), header) == 0)
      return i;
  return -1;
}

/* @row counts from 0 below the header. */
const char *
sarap_csv_peek_cell (const SarapCsv *self, guint row, guint column)
{
  g_return_val_if_fail (column < self->headers->len && row < sarap_csv_get_n_rows (self), "");
  return self->text + g_array_index (self->cells, guint32, (gsize) row * self->headers->len + column);
}

/* The cell under @header; "" also when there is no such column. */
const char *
sarap_csv_peek (const SarapCsv *self, guint row, const char *header)
{
  int column = sarap_csv_find_column (self, header);

  return column < 0 ? "" : sarap_csv_peek_cell (self, row, column);
}

struct _SarapCsvReader
{
  SarapCsvReadFunc read;
  gpointer data;
  char *file;
  Scanner scanner;
  GByteArray *block;
  GByteArray *row;
  GArray *offsets;
  GPtrArray *cells;
  GPtrArray *headers;
  guint64 n_cells;
  gboolean is_at_end;
};

/* Moves what is left to the front of the block and reads on behind it. */
static gboolean
read_more (SarapCsvReader *self, GError **error)
{
  gsize left = self->scanner.end - self->scanner.in;
  gsize size = left + MAX (left, READER_BLOCK);
  gssize n;

  if (left > MAX_ROW)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT, "%s, line %u: a row longer than 16 MB; is a quote missing?", self->file, self->scanner.line);
      return FALSE;
    }
  if (left > 0)
    memmove (self->block->data, self->scanner.in, left);
  g_byte_array_set_size (self->block, size);
  n = self->read ((char *) self->block->data + left, size - left, self->data, error);
  if (n < 0)
    return FALSE;
  self->is_at_end = n == 0;
  self->scanner.in = (const char *) self->block->data;
  self->scanner.end = self->scanner.in + left + n;
  g_byte_array_set_size (self->row, size + 2);
  return TRUE;
}

static void
start_row (SarapCsvReader *self)
{
  g_array_set_size (self->offsets, 0);
  self->row->data[0] = '\0';
  self->scanner.base = (char *) self->row->data;
  self->scanner.out = self->scanner.base + 1;
}

/* One row into `offsets`, none at the end of the file (FALSE without an error). */
static gboolean
read_row (SarapCsvReader *self, guint n_columns, GError **error)
{
  Scanner *scanner = &self->scanner;

  for (;;)
    {
      g_autoptr (GError) failure = NULL;
      const char *start;
      guint line;
      gboolean is_row, is_whole = TRUE;

      while (scanner->in < scanner->end && (*scanner->in == '\n' || *scanner->in == '\r'))
        scanner->line += *scanner->in++ == '\n';
      if (scanner->in == scanner->end && self->is_at_end)
        return FALSE;
      start = scanner->in;
      line = scanner->line;
      start_row (self);
      if (n_columns == 0)
        scanner->delimiter = find_delimiter (start, scanner->end, &is_whole);
      is_row = scan_row (scanner, self->offsets, n_columns, &failure);
      if ((is_whole && scanner->in < scanner->end) || self->is_at_end)
        {
          if (failure != NULL)
            g_propagate_error (error, g_steal_pointer (&failure));
          return is_row && check_text (start, scanner->in - start, self->file, line, error);
        }
      scanner->in = start;
      scanner->line = line;
      if (!read_more (self, error))
        return FALSE;
    }
}

static gboolean
read_headers (SarapCsvReader *self, GError **error)
{
  g_autoptr (GError) failure = NULL;

  do
    if (!read_more (self, error))
      return FALSE;
  while (self->scanner.end - self->scanner.in < 3 && !self->is_at_end);
  if (self->scanner.end - self->scanner.in >= 3 && memcmp (self->scanner.in, "\xef\xbb\xbf", 3) == 0)
    self->scanner.in += 3;
  if (!read_row (self, 0, &failure))
    {
      if (failure != NULL)
        g_propagate_error (error, g_steal_pointer (&failure));
      else
        g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: empty; the first line must name the columns", self->file);
      return FALSE;
    }
  for (guint i = 0; i < self->offsets->len; i++)
    g_ptr_array_add (self->headers, g_strstrip (g_strdup (self->scanner.base + g_array_index (self->offsets, guint32, i))));
  return TRUE;
}

/* A CSV file read row by row, as sarap_csv_parse() would read it whole. @read fills a buffer and
 * tells how much it got: 0 at the end, -1 with an error. Errors as in sarap_csv_parse(). */
SarapCsvReader *
sarap_csv_reader_new (SarapCsvReadFunc read, gpointer data, const char *file, GError **error)
{
  g_autoptr (SarapCsvReader) self = g_new0 (SarapCsvReader, 1);

  self->read = read;
  self->data = data;
  self->file = g_strdup (file ? file : "CSV");
  self->scanner = (Scanner){ .file = self->file, .line = 1 };
  self->block = g_byte_array_new ();
  self->row = g_byte_array_new ();
  self->offsets = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->cells = g_ptr_array_new ();
  self->headers = g_ptr_array_new_with_free_func (g_free);
  return read_headers (self, error) ? g_steal_pointer (&self) : NULL;
}

void
sarap_csv_reader_free (SarapCsvReader *self)
{
  g_free (self->file);
  g_byte_array_unref (self->block);
  g_byte_array_unref (self->row);
  g_array_unref (self->offsets);
  g_ptr_array_unref (self->cells);
  g_ptr_array_unref (self->headers);
  g_free (self);
}

guint
sarap_csv_reader_get_n_columns (const SarapCsvReader *self)
{
  return self->headers->len;
}

const char *
sarap_csv_reader_peek_header (const SarapCsvReader *self, guint column)
{
  g_return_val_if_fail (column < self->headers->len, "");
  return g_ptr_array_index (self->headers, column);
}

/* The cells of the next row, as many as there are headers, until the next call. NULL at the end,
 * and with an error. */
const char *const *
sarap_csv_reader_next (SarapCsvReader *self, GError **error)
{
  if (!read_row (self, self->headers->len, error))
    return NULL;
  self->n_cells += self->headers->len;
  if (self->n_cells > MAX_CELLS && !refuse_size (self->file, MAX_CELLS, "cells", error))
    return NULL;
  g_ptr_array_set_size (self->cells, (int) self->headers->len);
  for (guint i = 0; i < self->headers->len; i++)
    self->cells->pdata[i] = self->scanner.base + g_array_index (self->offsets, guint32, i);
  return (const char *const *) self->cells->pdata;
}

/* Appends @value, quoted when it must be; the caller puts the commas and line ends. The value
 * stays as it is: an export that a spreadsheet opens defuses formulas itself. */
void
sarap_csv_append_field (GString *line, const char *value)
{
  if (strpbrk (value, ",;\t|\"\r\n") == NULL && *value != ' ' && !g_str_has_suffix (value, " "))
    {
      g_string_append (line, value);
      return;
    }
  g_string_append_c (line, '"');
  for (const char *at = value; *at != '\0'; at++)
    {
      if (*at == '"')
        g_string_append_c (line, '"');
      g_string_append_c (line, *at);
    }
  g_string_append_c (line, '"');
}

/* A decimal number and nothing else: what a table may hold as a number. */
gboolean
sarap_csv_is_number (const char *text)
{
  char *end;

  g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && strpbrk (text, "nNxX") == NULL;
}

/* For files that a spreadsheet opens: text that it would run as a formula gets an apostrophe
 * before it; numbers stay as they are. */
void
sarap_csv_append_guarded_field (GString *line, const char *value)
{
  g_autofree char *guarded = NULL;

  if (*value != '\0' && strchr ("=+-@\t\r\n|", *value) != NULL && !sarap_csv_is_number (value))
    guarded = g_strconcat ("'", value, NULL);
  sarap_csv_append_field (line, guarded ? guarded : value);
}
