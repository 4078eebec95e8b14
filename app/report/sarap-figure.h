#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* A figure of a report: a table, how to draw it, and what a reader must know to trust it. The
 * same figure is shown on screen, drawn into PNG and PDF, and written as CSV. */

typedef enum
{
  SARAP_CHART_NONE,
  SARAP_CHART_BARS,  /* first number column by row, sorted as the rows are */
  SARAP_CHART_SLOPE, /* two or more number columns by row: one line a row */
} SarapChartKind;

typedef enum
{
  SARAP_CELL_BLANK,
  SARAP_CELL_COUNT,      /* whole number */
  SARAP_CELL_PERCENT,    /* 0…100 */
  SARAP_CELL_POINTS,     /* difference of two percentages, in percentage points, with its sign */
  SARAP_CELL_NUMBER,     /* one decimal */
  SARAP_CELL_SUPPRESSED, /* too few records to show; number is n */
} SarapCellKind;

typedef struct
{
  SarapCellKind kind;
  double number;
} SarapCell;

typedef struct
{
  char *label;
  char *key; /* value that the label stands for, for CSV; or NULL */
  SarapCell *cells;
  gboolean is_total;
} SarapFigureRow;

typedef struct
{
  char *id; /* "T1", "violations-by-kind": file names */
  char *title;
  char *question; /* wording that was asked, or NULL */
  char *base;     /* "n = 718 visits" */
  char *weighting;
  GPtrArray *notes; /* further lines */
  SarapChartKind chart;
  char *row_title;
  char **columns; /* headings of the number columns, NULL-terminated */
  guint n_columns;
  guint n_chart_columns; /* SLOPE: how many leading columns are drawn */
  GPtrArray *rows;       /* (element-type SarapFigureRow) */
} SarapFigure;

SarapFigure *sarap_figure_new (const char *id, const char *title, SarapChartKind chart, const char *row_title, const char *const *columns);
void sarap_figure_free (SarapFigure *self);
SarapFigureRow *sarap_figure_add_row (SarapFigure *self, const char *key, const char *label);
void sarap_figure_add_note (SarapFigure *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* "40,9%", "-22,8 pp", "1 234": as people read it. Returns: (transfer full) */
char *sarap_cell_to_string (const SarapCell *cell);
/* Values with a point and without units, text guarded against formulas. */
char *sarap_figure_to_csv (const SarapFigure *self);

/* Colours as 0xRRGGBB. */
typedef struct
{
  guint32 ink, quiet, line, accent, second, paper;
  double text_size; /* of labels, in the unit of the surface */
} SarapChartStyle;

extern const SarapChartStyle sarap_chart_style_light;
extern const SarapChartStyle sarap_chart_style_dark;
extern const SarapChartStyle sarap_chart_style_contrast;
extern const SarapChartStyle sarap_chart_style_contrast_dark;

/* Draws chart and axis into 0,0–width,height. Returns the height that was used. */
double sarap_figure_draw_chart (const SarapFigure *self, cairo_t *cr, double width, double height, const SarapChartStyle *style);
double sarap_figure_measure_chart (const SarapFigure *self, double width, const SarapChartStyle *style);
/* Index of the row whose mark lies at @x, @y of a chart of this size; -1 for none. */
int sarap_figure_pick (const SarapFigure *self, double width, double height, const SarapChartStyle *style, double x, double y);
/* Draws the table; returns the height that was used. With @cr NULL it only measures. */
double sarap_figure_draw_table (const SarapFigure *self, cairo_t *cr, double width, const SarapChartStyle *style);
gboolean sarap_figure_write_png (const SarapFigure *self, const char *path, int width, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapFigure, sarap_figure_free)

G_END_DECLS
