#include "app/report/sarap-certificate-sheet.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <qrencode.h>
#include <string.h>

#include "app/report/sarap-sheet.h"

/* Points; A4. */
#define PAGE_WIDTH 595.0
#define PAGE_HEIGHT 842.0
#define MARGIN 50.0
#define LABELS 130.0
#define CODE 110.0
#define GAP 6.0

static void
draw_code (cairo_t *cr, const char *text, double x, double y)
{
  QRcode *code = QRcode_encodeData ((int) strlen (text), (const unsigned char *) text, 0, QR_ECLEVEL_M);
  double dot = code ? CODE / code->width : 0;

  for (int i = 0; code != NULL && i < code->width * code->width; i++)
    if (code->data[i] & 1)
      cairo_rectangle (cr, x + i % code->width * dot, y + i / code->width * dot, dot, dot);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_fill (cr);
  if (code != NULL)
    QRcode_free (code);
}

static void
draw (cairo_t *cr, const char *title, const char *verdict, const char *const *rows, const char *code)
{
  const SarapChartStyle *style = &sarap_chart_style_light;
  double width = PAGE_WIDTH - 2 * MARGIN - CODE - 3 * GAP;
  double y = MARGIN;

  draw_code (cr, code, PAGE_WIDTH - MARGIN - CODE, MARGIN);
  y += sarap_sheet_draw_text (cr, title, MARGIN, y, width, 1.6, TRUE, style->ink, style) + 2 * GAP;
  y += sarap_sheet_draw_text (cr, verdict, MARGIN, y, width, 1, TRUE, style->ink, style);
  y = MAX (y, MARGIN + CODE) + 3 * GAP;
  width = PAGE_WIDTH - 2 * MARGIN - LABELS - 2 * GAP;
  for (; rows[0] != NULL && rows[1] != NULL; rows += 2)
    {
      double label, value;

      if (y > PAGE_HEIGHT - 2 * MARGIN)
        {
          cairo_show_page (cr);
          y = MARGIN;
        }
      label = sarap_sheet_draw_text (cr, rows[0], MARGIN, y, LABELS, 0.8, FALSE, style->quiet, style);
      value = sarap_sheet_draw_text (cr, rows[1], MARGIN + LABELS + 2 * GAP, y, width, 0.8, FALSE, style->ink, style);
      y += MAX (label, value) + GAP;
    }
}

/* @rows: name, value, name, value, … NULL. @code: what the code says. Nothing half written stays at @path. */
gboolean
sarap_certificate_sheet_write (const char *path, const char *title, const char *verdict, const char *const *rows, const char *code, GError **error)
{
  g_autofree char *unfinished = g_strconcat (path, ".part", NULL);
  cairo_surface_t *surface = cairo_pdf_surface_create (unfinished, PAGE_WIDTH, PAGE_HEIGHT);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Sarap");
  draw (cr, title, verdict, rows, code);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status == CAIRO_STATUS_SUCCESS && g_rename (unfinished, path) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, status == CAIRO_STATUS_SUCCESS ? g_io_error_from_errno (errno) : G_IO_ERROR_FAILED, "%s: cannot be written: %s", path, status == CAIRO_STATUS_SUCCESS ? g_strerror (errno) : cairo_status_to_string (status));
  g_unlink (unfinished);
  return FALSE;
}
