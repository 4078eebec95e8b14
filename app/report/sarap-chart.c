/* Charts of figures, drawn once with cairo and pango for the screen, PNG and PDF.
 *
 *  1. Units are those of the surface; everything is laid out from the text size. Bars stand at
 *     equal distances; the longest label, of one line or two, says at which.
 *  2. Bars start at zero, always. A suppressed cell has no bar but its ‹n›. Totals have no bar:
 *     beside a sum the parts would be too short to compare; the table tells it.
 *  3. Slopes share one scale from zero and leave their labels the room that these need; labels at the right are pushed apart, never on each other.
 */
#include "app/report/sarap-figure.h"

#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>

const SarapChartStyle sarap_chart_style_light = { 0x1d2730, 0x5a6672, 0xd8dee3, 0x0b6e7f, 0xc4622d, 0xffffff, 13 };
const SarapChartStyle sarap_chart_style_dark = { 0xf2f5f7, 0xaab4bd, 0x46525c, 0x4fb8c9, 0xf09a6a, 0x1f262c, 13 };
const SarapChartStyle sarap_chart_style_contrast = { 0x000000, 0x1d1d1d, 0x000000, 0x00346b, 0x7a0000, 0xffffff, 13 };
const SarapChartStyle sarap_chart_style_contrast_dark = { 0xffffff, 0xe8e8e8, 0xffffff, 0xffe14d, 0x7fe9ff, 0x000000, 13 };

#define LABEL_SHARE 0.38

static void
set_colour (cairo_t *cr, guint32 colour)
{
  cairo_set_source_rgb (cr, (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0, (colour & 255) / 255.0);
}

static PangoLayout *
new_layout (cairo_t *cr, const SarapChartStyle *style, const char *text, gboolean bold)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Noto Sans, Sans");

  pango_font_description_set_absolute_size (font, style->text_size * PANGO_SCALE);
  if (bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_SEMIBOLD);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

/* Text with its middle at @y; @align 0 starts at @x, 1 ends there. With @width above 0 it is cut
 * off after @lines such lines. Returns its width. */
static double
draw_text (cairo_t *cr, const SarapChartStyle *style, guint32 colour, const char *text, gboolean bold, double x, double y, double align, double width, int lines)
{
  g_autoptr (PangoLayout) layout = new_layout (cr, style, text, bold);
  PangoRectangle extents;

  if (width > 0)
    {
      pango_layout_set_width (layout, width * PANGO_SCALE);
      pango_layout_set_height (layout, -lines);
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
      pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
      pango_layout_set_alignment (layout, align > 0 ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    }
  pango_layout_get_extents (layout, NULL, &extents);
  set_colour (cr, colour);
  cairo_move_to (cr, x - align * (width > 0 ? width : (double) extents.width / PANGO_SCALE), y - extents.height / 2.0 / PANGO_SCALE);
  pango_cairo_show_layout (cr, layout);
  return (double) extents.width / PANGO_SCALE;
}

static gboolean
is_drawn (const SarapCell *cell)
{
  return cell->kind != SARAP_CELL_BLANK && cell->kind != SARAP_CELL_SUPPRESSED;
}

static gboolean
has_mark (const SarapFigure *self, const SarapFigureRow *row)
{
  return self->chart == SARAP_CHART_SLOPE || !row->is_total;
}

static double
greatest_value (const SarapFigure *self)
{
  double greatest = 0;

  for (guint r = 0; r < self->rows->len; r++)
    {
      const SarapFigureRow *row = g_ptr_array_index (self->rows, r);

      for (guint c = 0; has_mark (self, row) && c < self->n_chart_columns; c++)
        if (is_drawn (&row->cells[c]))
          greatest = MAX (greatest, row->cells[c].number);
    }
  return greatest > 0 ? greatest : 1;
}

/* A context to measure text on; free with cairo_destroy(). */
static cairo_t *
new_measure (void)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (surface);

  cairo_surface_destroy (surface);
  return cr;
}

static double
measure_text (cairo_t *cr, const SarapChartStyle *style, const char *text, gboolean bold)
{
  g_autoptr (PangoLayout) layout = new_layout (cr, style, text, bold);
  PangoRectangle extents;

  pango_layout_get_extents (layout, NULL, &extents);
  return (double) extents.width / PANGO_SCALE;
}

/* Rule 1: from the middle of a bar to the middle of the next. */
static double
row_height (const SarapFigure *self, double width, const SarapChartStyle *style)
{
  cairo_t *measure = new_measure ();
  gboolean is_one_line = TRUE;

  for (guint r = 0; is_one_line && r < self->rows->len; r++)
    {
      const SarapFigureRow *row = g_ptr_array_index (self->rows, r);

      is_one_line = !has_mark (self, row) || measure_text (measure, style, row->label, FALSE) <= width * LABEL_SHARE;
    }
  cairo_destroy (measure);
  return style->text_size * (is_one_line ? 2.3 : 3.3);
}

static void
draw_bars (const SarapFigure *self, cairo_t *cr, double width, const SarapChartStyle *style)
{
  double label_width = width * LABEL_SHARE;
  double left = label_width + style->text_size;
  double full = width - left - style->text_size * 5;
  double greatest = greatest_value (self);
  double step = row_height (self, width, style);
  double y = step / 2;

  for (guint r = 0; r < self->rows->len; r++)
    {
      const SarapFigureRow *row = g_ptr_array_index (self->rows, r);
      double length = is_drawn (&row->cells[0]) ? full * MAX (0, row->cells[0].number) / greatest : 0;
      double thickness = style->text_size * 1.15;
      g_autofree char *value = sarap_cell_to_string (&row->cells[0]);

      if (!has_mark (self, row))
        continue;
      draw_text (cr, style, style->ink, row->label, FALSE, label_width, y, 1, label_width, 2);
      set_colour (cr, style->accent);
      cairo_rectangle (cr, left, y - thickness / 2, length, thickness);
      cairo_fill (cr);
      draw_text (cr, style, style->ink, value, TRUE, left + length + style->text_size * 0.5, y, 0, 0, 1);
      y += step;
    }
  set_colour (cr, style->line);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, left, 0);
  cairo_line_to (cr, left, y - step / 2);
  cairo_stroke (cr);
}

typedef struct
{
  guint row;
  double y;
} EndLabel;

static int
compare_labels (gconstpointer a, gconstpointer b)
{
  double difference = ((const EndLabel *) a)->y - ((const EndLabel *) b)->y;

  return difference < 0 ? -1 : difference > 0;
}

/* Rule 3: labels in order of height, each at least a line below the one above. */
static void
spread_labels (GArray *labels, double gap, double bottom)
{
  g_array_sort (labels, compare_labels);
  for (guint i = 1; i < labels->len; i++)
    {
      EndLabel *above = &g_array_index (labels, EndLabel, i - 1), *here = &g_array_index (labels, EndLabel, i);

      here->y = MAX (here->y, above->y + gap);
    }
  for (guint i = labels->len; i > 0; i--)
    {
      EndLabel *here = &g_array_index (labels, EndLabel, i - 1);

      here->y = MIN (here->y, bottom - (labels->len - i) * gap);
    }
}

static double
slope_height (const SarapFigure *self, const SarapChartStyle *style)
{
  return style->text_size * MAX (20, 2 * self->rows->len + 6);
}

/* Rule 3: where the last column stands. */
static double
slope_right (const SarapFigure *self, double width, const SarapChartStyle *style)
{
  cairo_t *measure = new_measure ();
  double longest = 0;

  for (guint r = 0; r < self->rows->len; r++)
    {
      const SarapFigureRow *row = g_ptr_array_index (self->rows, r);

      longest = MAX (longest, measure_text (measure, style, row->label, row->is_total));
    }
  cairo_destroy (measure);
  return CLAMP (width - longest - style->text_size * 6, width * 0.3, width * 0.5);
}

static double
slope_x (const SarapFigure *self, guint column, double right, const SarapChartStyle *style)
{
  double left = style->text_size * 5;

  return self->n_chart_columns < 2 ? left : left + (right - left) * column / (self->n_chart_columns - 1);
}

static double
slope_y (double number, double greatest, double height, const SarapChartStyle *style)
{
  double top = style->text_size * 3, bottom = height - style->text_size * 1.5;

  return bottom - (bottom - top) * number / greatest;
}

static void
draw_slope_line (const SarapFigure *self, const SarapFigureRow *row, cairo_t *cr, double right, double height, double greatest, const SarapChartStyle *style)
{
  gboolean started = FALSE;

  set_colour (cr, row->is_total ? style->second : style->accent);
  cairo_set_line_width (cr, row->is_total ? 3 : 2);
  for (guint c = 0; c < self->n_chart_columns; c++)
    {
      double x = slope_x (self, c, right, style);
      double y = slope_y (row->cells[c].number, greatest, height, style);

      if (!is_drawn (&row->cells[c]))
        continue;
      if (started)
        cairo_line_to (cr, x, y);
      else
        cairo_move_to (cr, x, y);
      started = TRUE;
    }
  cairo_stroke (cr);
  for (guint c = 0; c < self->n_chart_columns; c++)
    if (is_drawn (&row->cells[c]))
      {
        cairo_arc (cr, slope_x (self, c, right, style), slope_y (row->cells[c].number, greatest, height, style), style->text_size * 0.3, 0, 2 * G_PI);
        cairo_fill (cr);
      }
}

/* Values at the first column and "value  label" at the last. */
static void
draw_slope_labels (const SarapFigure *self, cairo_t *cr, double width, double right, double height, double greatest, const SarapChartStyle *style, gboolean at_end)
{
  g_autoptr (GArray) labels = g_array_new (FALSE, FALSE, sizeof (EndLabel));
  guint column = at_end ? self->n_chart_columns - 1 : 0;
  double x = slope_x (self, column, right, style) + (at_end ? 1 : -1) * style->text_size * 0.8;

  for (guint r = 0; r < self->rows->len; r++)
    {
      const SarapFigureRow *row = g_ptr_array_index (self->rows, r);
      EndLabel label = { r, slope_y (row->cells[column].number, greatest, height, style) };

      if (is_drawn (&row->cells[column]))
        g_array_append_val (labels, label);
    }
  spread_labels (labels, style->text_size * 1.5, height - style->text_size);
  for (guint i = 0; i < labels->len; i++)
    {
      const EndLabel *label = &g_array_index (labels, EndLabel, i);
      const SarapFigureRow *row = g_ptr_array_index (self->rows, label->row);
      g_autofree char *value = sarap_cell_to_string (&row->cells[column]);
      double used = draw_text (cr, style, style->ink, value, TRUE, x, label->y, at_end ? 0 : 1, 0, 1);

      if (at_end)
        draw_text (cr, style, row->is_total ? style->second : style->ink, row->label, row->is_total, x + used + style->text_size * 0.6, label->y, 0, width - x - used - style->text_size, 1);
    }
}

static void
draw_slope (const SarapFigure *self, cairo_t *cr, double width, double height, const SarapChartStyle *style)
{
  double greatest = greatest_value (self);
  double right = slope_right (self, width, style);

  for (guint c = 0; c < self->n_chart_columns; c++)
    {
      double x = slope_x (self, c, right, style);

      draw_text (cr, style, style->quiet, self->columns[c], TRUE, x, style->text_size, 0.5, 0, 1);
      set_colour (cr, style->line);
      cairo_set_line_width (cr, 1);
      cairo_move_to (cr, x, style->text_size * 2);
      cairo_line_to (cr, x, height - style->text_size * 1.5);
      cairo_stroke (cr);
    }
  for (guint r = 0; r < self->rows->len; r++)
    draw_slope_line (self, g_ptr_array_index (self->rows, r), cr, right, height, greatest, style);
  draw_slope_labels (self, cr, width, right, height, greatest, style, FALSE);
  draw_slope_labels (self, cr, width, right, height, greatest, style, TRUE);
}

static guint
count_bars (const SarapFigure *self)
{
  guint count = 0;

  for (guint r = 0; r < self->rows->len; r++)
    count += has_mark (self, g_ptr_array_index (self->rows, r));
  return count;
}

/* Height of the chart at @width; 0 for a figure without one. */
double
sarap_figure_measure_chart (const SarapFigure *self, double width, const SarapChartStyle *style)
{
  if (self->rows->len == 0 || self->chart == SARAP_CHART_NONE)
    return 0;
  return self->chart == SARAP_CHART_BARS ? row_height (self, width, style) * count_bars (self) : slope_height (self, style);
}

double
sarap_figure_draw_chart (const SarapFigure *self, cairo_t *cr, double width, double height, const SarapChartStyle *style)
{
  double needed = sarap_figure_measure_chart (self, width, style);

  if (needed <= 0)
    return 0;
  if (self->chart == SARAP_CHART_BARS)
    draw_bars (self, cr, width, style);
  else
    draw_slope (self, cr, width, MAX (height, needed), style);
  return MAX (height, needed);
}

/* Index of the row that has the bar at @place, counted from the top; -1 for none. */
static int
pick_bar (const SarapFigure *self, double place)
{
  for (guint r = 0; place >= 0 && r < self->rows->len; r++)
    if (has_mark (self, g_ptr_array_index (self->rows, r)) && --place < 0)
      return (int) r;
  return -1;
}

int
sarap_figure_pick (const SarapFigure *self, double width, double height, const SarapChartStyle *style, double x, double y)
{
  double greatest = greatest_value (self), nearest = style->text_size * 2, right;
  int found = -1;

  if (self->chart == SARAP_CHART_BARS)
    return pick_bar (self, y / row_height (self, width, style));
  if (self->chart != SARAP_CHART_SLOPE)
    return -1;
  height = MAX (height, slope_height (self, style));
  right = slope_right (self, width, style);
  for (guint r = 0; r < self->rows->len; r++)
    for (guint c = 0; c < self->n_chart_columns; c++)
      {
        const SarapFigureRow *row = g_ptr_array_index (self->rows, r);
        double distance = hypot (x - slope_x (self, c, right, style), y - slope_y (row->cells[c].number, greatest, height, style));

        if (!is_drawn (&row->cells[c]) || distance >= nearest)
          continue;
        nearest = distance;
        found = r;
      }
  return found;
}

static double
measure_or_draw (cairo_t *cr, cairo_t *measure, const SarapChartStyle *style, guint32 colour, const char *text, gboolean bold, double x, double y, double width, gboolean at_right)
{
  g_autoptr (PangoLayout) layout = new_layout (measure, style, text, bold);
  PangoRectangle extents;

  pango_layout_set_width (layout, width * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_alignment (layout, at_right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  pango_layout_get_extents (layout, NULL, &extents);
  if (cr != NULL)
    {
      set_colour (cr, colour);
      cairo_move_to (cr, x, y);
      pango_cairo_show_layout (cr, layout);
    }
  return (double) extents.height / PANGO_SCALE;
}

/* @row NULL: the headings, a little smaller so that long words fit their column. */
static double
draw_table_row (const SarapFigure *self, cairo_t *cr, cairo_t *measure, double width, double y, const SarapChartStyle *style, const SarapFigureRow *row)
{
  double number_width = MIN (style->text_size * 10, width * 0.68 / MAX (1, self->n_columns));
  double label_width = width - number_width * self->n_columns - style->text_size;
  double pad = style->text_size * 0.4;
  gboolean bold = row == NULL || row->is_total;
  guint32 colour = row ? style->ink : style->quiet;
  SarapChartStyle text_style = *style;
  double height;

  if (row == NULL)
    text_style.text_size *= 0.8;
  height = measure_or_draw (cr, measure, &text_style, colour, row ? row->label : self->row_title, bold, 0, y + pad, label_width, FALSE);
  for (guint c = 0; c < self->n_columns; c++)
    {
      g_autofree char *value = row ? sarap_cell_to_string (&row->cells[c]) : g_strdup (self->columns[c]);
      double x = width - number_width * (self->n_columns - c);

      height = MAX (height, measure_or_draw (cr, measure, &text_style, colour, value, bold, x, y + pad, number_width - pad, TRUE));
    }
  height += 2 * pad;
  if (cr != NULL)
    {
      set_colour (cr, row ? style->line : style->quiet);
      cairo_set_line_width (cr, 1);
      cairo_move_to (cr, 0, y + height);
      cairo_line_to (cr, width, y + height);
      cairo_stroke (cr);
    }
  return height;
}

double
sarap_figure_draw_table (const SarapFigure *self, cairo_t *cr, double width, const SarapChartStyle *style)
{
  cairo_t *measure = cr ? cairo_reference (cr) : new_measure ();
  double y = draw_table_row (self, cr, measure, width, 0, style, NULL);

  for (guint r = 0; r < self->rows->len; r++)
    y += draw_table_row (self, cr, measure, width, y, style, g_ptr_array_index (self->rows, r));
  cairo_destroy (measure);
  return y;
}
