#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A CSV file in memory: RFC 4180 with the delimiters that ODK tools accept (comma, semicolon,
 * tab, bar; found from the header line), UTF-8 with or without byte order mark. */

typedef struct _SarapCsv SarapCsv;

SarapCsv *sarap_csv_parse (GBytes *bytes, const char *file, GError **error);
void sarap_csv_free (SarapCsv *self);
guint sarap_csv_get_n_columns (const SarapCsv *self);
guint sarap_csv_get_n_rows (const SarapCsv *self);
const char *sarap_csv_peek_header (const SarapCsv *self, guint column);
int sarap_csv_find_column (const SarapCsv *self, const char *header);
const char *sarap_csv_peek_cell (const SarapCsv *self, guint row, guint column);
const char *sarap_csv_peek (const SarapCsv *self, guint row, const char *header);

/* The same file row by row. */
typedef struct _SarapCsvReader SarapCsvReader;
typedef gssize (*SarapCsvReadFunc) (char *buffer, gsize size, gpointer data, GError **error);
SarapCsvReader *sarap_csv_reader_new (SarapCsvReadFunc read, gpointer data, const char *file, GError **error);
void sarap_csv_reader_free (SarapCsvReader *self);
guint sarap_csv_reader_get_n_columns (const SarapCsvReader *self);
const char *sarap_csv_reader_peek_header (const SarapCsvReader *self, guint column);
const char *const *sarap_csv_reader_next (SarapCsvReader *self, GError **error);

void sarap_csv_append_field (GString *line, const char *value);
void sarap_csv_append_guarded_field (GString *line, const char *value);
gboolean sarap_csv_is_number (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapCsv, sarap_csv_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapCsvReader, sarap_csv_reader_free)

G_END_DECLS
