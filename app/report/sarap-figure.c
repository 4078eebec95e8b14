#include "app/report/sarap-figure.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "app/base/sarap-csv.h"

/* No-break space between thousands, as kk and ru write it. */
#define THOUSANDS "\302\240"
#define MINUS "\342\210\222"

static void
row_free (gpointer data)
{
  SarapFigureRow *row = data;

  g_free (row->label);
  g_free (row->key);
  g_free (row->cells);
  g_free (row);
}

/* @columns: headings of the number columns, NULL-terminated. */
SarapFigure *
sarap_figure_new (const char *id, const char *title, SarapChartKind chart, const char *row_title, const char *const *columns)
{
  SarapFigure *self = g_new0 (SarapFigure, 1);

  self->id = g_strdup (id);
  self->title = g_strdup (title);
  self->chart = chart;
  self->row_title = g_strdup (row_title);
  self->columns = g_strdupv ((char **) columns);
  self->n_columns = g_strv_length (self->columns);
  self->n_chart_columns = chart == SARAP_CHART_BARS ? 1 : self->n_columns;
  self->notes = g_ptr_array_new_with_free_func (g_free);
  self->rows = g_ptr_array_new_with_free_func (row_free);
  return self;
}

void
sarap_figure_free (SarapFigure *self)
{
  g_free (self->id);
  g_free (self->title);
  g_free (self->question);
  g_free (self->base);
  g_free (self->weighting);
  g_free (self->row_title);
  g_strfreev (self->columns);
  g_ptr_array_unref (self->notes);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

/* Returns: (transfer none) the new row with blank cells */
SarapFigureRow *
sarap_figure_add_row (SarapFigure *self, const char *key, const char *label)
{
  SarapFigureRow *row = g_new0 (SarapFigureRow, 1);

  row->key = g_strdup (key);
  row->label = g_strdup (label);
  row->cells = g_new0 (SarapCell, self->n_columns);
  g_ptr_array_add (self->rows, row);
  return row;
}

void
sarap_figure_add_note (SarapFigure *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (self->notes, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static char *
group_thousands (double number)
{
  g_autofree char *digits = g_strdup_printf ("%.0f", fabs (number));
  gsize length = strlen (digits);
  g_autoptr (GString) text = g_string_new (number < 0 ? MINUS : NULL);

  for (gsize i = 0; i < length; i++)
    {
      if (i > 0 && (length - i) % 3 == 0)
        g_string_append (text, THOUSANDS);
      g_string_append_c (text, digits[i]);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* One decimal with a comma; halves away from zero on the decimal text. */
static char *
format_decimal (double number, const char *plus)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  double rounded = round (fabs (number) * 10) / 10;
  const char *sign = rounded == 0 ? "" : number < 0 ? MINUS
                                                    : plus;
  char *point;

  g_ascii_formatd (text, sizeof text, "%.1f", rounded);
  point = strchr (text, '.');
  if (point != NULL)
    *point = ',';
  return g_strconcat (sign, text, NULL);
}

char *
sarap_cell_to_string (const SarapCell *cell)
{
  g_autofree char *number = NULL;

  switch (cell->kind)
    {
    case SARAP_CELL_COUNT:
      return group_thousands (cell->number);
    case SARAP_CELL_PERCENT:
      number = format_decimal (cell->number, "");
      return g_strconcat (number, "%", NULL);
    case SARAP_CELL_POINTS:
      number = format_decimal (cell->number, "+");
      /* Translators: percentage points, as after a number. */
      return g_strconcat (number, " ", _ ("pp"), NULL);
    case SARAP_CELL_NUMBER:
      return format_decimal (cell->number, "");
    case SARAP_CELL_SUPPRESSED:
      return g_strdup_printf ("‹%.0f›", cell->number);
    case SARAP_CELL_BLANK:
    default:
      return g_strdup ("");
    }
}

char *
sarap_figure_to_csv (const SarapFigure *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  sarap_csv_append_guarded_field (text, "key");
  g_string_append_c (text, ',');
  sarap_csv_append_guarded_field (text, self->row_title);
  for (guint i = 0; i < self->n_columns; i++)
    {
      g_string_append_c (text, ',');
      sarap_csv_append_guarded_field (text, self->columns[i]);
    }
  g_string_append (text, "\r\n");
  for (guint r = 0; r < self->rows->len; r++)
    {
      const SarapFigureRow *row = g_ptr_array_index (self->rows, r);

      sarap_csv_append_guarded_field (text, row->key ? row->key : "");
      g_string_append_c (text, ',');
      sarap_csv_append_guarded_field (text, row->label);
      for (guint i = 0; i < self->n_columns; i++)
        {
          g_string_append_c (text, ',');
          if (row->cells[i].kind != SARAP_CELL_BLANK && row->cells[i].kind != SARAP_CELL_SUPPRESSED)
            g_string_append (text, g_ascii_formatd (number, sizeof number, "%.15g", row->cells[i].number));
        }
      g_string_append (text, "\r\n");
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
