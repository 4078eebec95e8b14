#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The sheets of an .xlsx workbook as text, the way a spreadsheet shows plain cells: numbers without
 * needless zeros, TRUE and FALSE, dates as "2026-11-22 00:00:00". Empty cells are left out. */

typedef struct
{
  guint column; /* 0 is A */
  const char *text;
} SarapCell;

typedef struct
{
  guint number;  /* 1-based, as the spreadsheet counts */
  GArray *cells; /* SarapCell by rising column, at least one */
} SarapRow;

typedef struct
{
  char *name;
  GPtrArray *rows; /* SarapRow by rising number; empty rows are left out */
} SarapSheet;

typedef struct _SarapWorkbook SarapWorkbook;

SarapWorkbook *sarap_workbook_read (GBytes *bytes, const char *file, GError **error);
void sarap_workbook_free (SarapWorkbook *self);
guint sarap_workbook_get_n_sheets (SarapWorkbook *self);
const SarapSheet *sarap_workbook_peek_sheet (SarapWorkbook *self, guint index);
const char *sarap_row_peek (const SarapRow *row, guint column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapWorkbook, sarap_workbook_free)

G_END_DECLS
