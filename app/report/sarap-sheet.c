#include "app/report/sarap-sheet.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <pango/pangocairo.h>

#define PNG_MARGIN 24

double
sarap_sheet_draw_text (cairo_t *cr, const char *text, double x, double y, double width, double scale, gboolean bold, guint32 colour, const SarapChartStyle *style)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Noto Sans, Sans");
  PangoRectangle extents;

  pango_font_description_set_absolute_size (font, style->text_size * scale * PANGO_SCALE);
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, width * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_extents (layout, NULL, &extents);
  cairo_set_source_rgb (cr, (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0, (colour & 255) / 255.0);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
  return (double) extents.height / PANGO_SCALE;
}

static double
draw_line (cairo_t *cr, const char *text, double y, double width, const SarapChartStyle *style)
{
  return text && *text ? sarap_sheet_draw_text (cr, text, 0, y, width, 0.9, FALSE, style->quiet, style) : 0;
}

static double
draw_figure (const SarapFigure *figure, cairo_t *cr, double width, const SarapChartStyle *style)
{
  double gap = style->text_size;
  double y = sarap_sheet_draw_text (cr, figure->title, 0, 0, width, 1.3, TRUE, style->ink, style) + gap / 2;

  if (figure->question != NULL)
    y += sarap_sheet_draw_text (cr, figure->question, 0, y, width, 1, FALSE, style->quiet, style) + gap / 2;
  if (figure->chart != SARAP_CHART_NONE)
    {
      cairo_save (cr);
      cairo_translate (cr, 0, y + gap / 2);
      y += sarap_figure_draw_chart (figure, cr, width, 0, style) + gap;
      cairo_restore (cr);
    }
  cairo_save (cr);
  cairo_translate (cr, 0, y);
  y += sarap_figure_draw_table (figure, cr, width, style) + gap / 2;
  cairo_restore (cr);
  y += draw_line (cr, figure->base, y, width, style);
  y += draw_line (cr, figure->weighting, y, width, style);
  for (guint i = 0; i < figure->notes->len; i++)
    y += draw_line (cr, g_ptr_array_index (figure->notes, i), y, width, style);
  return y;
}

double
sarap_sheet_draw_figure (const SarapFigure *figure, cairo_t *cr, double width, const SarapChartStyle *style)
{
  cairo_surface_t *surface;
  cairo_t *measure;
  double height;

  if (cr != NULL)
    return draw_figure (figure, cr, width, style);
  surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  measure = cairo_create (surface);
  height = draw_figure (figure, measure, width, style);
  cairo_destroy (measure);
  cairo_surface_destroy (surface);
  return height;
}

/* The figure on a white ground, @width pixels wide and as high as it needs. */
gboolean
sarap_figure_write_png (const SarapFigure *self, const char *path, int width, GError **error)
{
  const SarapChartStyle *style = &sarap_chart_style_light;
  double height = sarap_sheet_draw_figure (self, NULL, width - 2 * PNG_MARGIN, style) + 2 * PNG_MARGIN;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, (int) height);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_translate (cr, PNG_MARGIN, PNG_MARGIN);
  sarap_sheet_draw_figure (self, cr, width - 2 * PNG_MARGIN, style);
  cairo_destroy (cr);
  status = cairo_surface_write_to_png (surface, path);
  cairo_surface_destroy (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_unlink (path);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", path, cairo_status_to_string (status));
  return FALSE;
}
