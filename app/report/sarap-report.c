#include "app/report/sarap-report.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "app/base/sarap-file.h"
#include "app/base/sarap-problem.h"
#include "app/report/sarap-figures.h"
#include "app/report/sarap-sheet.h"

/* A4 in points. */
#define PAGE_WIDTH 595.28
#define PAGE_HEIGHT 841.89
#define MARGIN 51.0

typedef struct
{
  cairo_t *cr;
  double y; /* next free place below the upper margin */
  guint page;
  char *title;
  SarapChartStyle style;
} Paper;

static gboolean
check_surface (cairo_surface_t *surface, const char *path, GError **error)
{
  if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", path, cairo_status_to_string (cairo_surface_status (surface)));
  return FALSE;
}

static void
end_page (Paper *paper)
{
  g_autofree char *number = g_strdup_printf ("%s · %u", paper->title, ++paper->page);

  sarap_sheet_draw_text (paper->cr, number, MARGIN, PAGE_HEIGHT - MARGIN * 0.8, PAGE_WIDTH - 2 * MARGIN, 0.85, FALSE, paper->style.quiet, &paper->style);
  cairo_show_page (paper->cr);
  paper->y = 0;
}

/* A figure stands on one page: on this one if it fits, else on the next, made smaller if need be. */
static void
place_figure (Paper *paper, const SarapFigure *figure)
{
  double width = PAGE_WIDTH - 2 * MARGIN, room = PAGE_HEIGHT - 2.4 * MARGIN;
  double height = sarap_sheet_draw_figure (figure, NULL, width, &paper->style);
  double scale = MIN (1, room / height);

  if (paper->y > 0 && paper->y + height > room)
    end_page (paper);
  cairo_save (paper->cr);
  cairo_translate (paper->cr, MARGIN, MARGIN + paper->y);
  cairo_scale (paper->cr, scale, scale);
  sarap_sheet_draw_figure (figure, paper->cr, width, &paper->style);
  cairo_restore (paper->cr);
  paper->y += height * scale + 3 * paper->style.text_size;
}

static void
place_text (Paper *paper, const char *text, double scale, gboolean bold)
{
  paper->y += sarap_sheet_draw_text (paper->cr, text, MARGIN, MARGIN + paper->y, PAGE_WIDTH - 2 * MARGIN, scale, bold, paper->style.ink, &paper->style);
  paper->y += paper->style.text_size * 0.6;
}

static gboolean
write_side_files (const SarapFigure *figure, const char *form_id, const char *folder, GError **error)
{
  g_autofree char *png = g_strdup_printf ("%s/%s-%s.png", folder, form_id, figure->id);
  g_autofree char *csv = g_strdup_printf ("%s/%s-%s.csv", folder, form_id, figure->id);
  char *text = sarap_figure_to_csv (figure);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  return sarap_figure_write_png (figure, png, 1000, error) && sarap_file_write (csv, bytes, 0644, error);
}

static gboolean
place_form (Paper *paper, SarapRecordSource *source, const char *form_id, const char *language, const char *folder, GError **error)
{
  g_autoptr (SarapForm) form = sarap_record_source_load_form (source, form_id, NULL, error);
  g_autoptr (GPtrArray) figures = form ? sarap_figures_new (source, form_id, language, error) : NULL;
  g_autofree char *version = NULL, *title = NULL;

  if (figures == NULL)
    return FALSE;
  if (paper->y > 0 && paper->page > 0)
    end_page (paper);
  title = sarap_form_dup_title_part (sarap_form_get_title (form), language);
  place_text (paper, title, 1.2, TRUE);
  version = g_strdup_printf (_ ("Form %s, version %s"), form_id, sarap_form_get_version (form));
  place_text (paper, version, 0.95, FALSE);
  paper->y += paper->style.text_size;
  for (guint i = 0; i < figures->len; i++)
    {
      const SarapFigure *figure = g_ptr_array_index (figures, i);

      place_figure (paper, figure);
      if (!write_side_files (figure, form_id, folder, error))
        return FALSE;
    }
  end_page (paper);
  return TRUE;
}

static void
place_method (Paper *paper)
{
  place_text (paper, _ ("How these figures were made"), 1.3, TRUE);
  place_text (paper, _ ("Every figure is counted from the submissions themselves; rejected submissions are left out and counted. Each figure names its base n. Shares are unweighted and describe those who were asked; differences between waves are in percentage points (pp) and are not tested."), 1, FALSE);
  place_text (paper, _ ("Audit score: each answered item counts with its weight, each section with its weight; “not applicable” leaves the score. A failed critical item caps the visit at 49 and grades it “fail”. Grades: from 85 good, from 70 acceptable, from 50 poor."), 1, FALSE);
  end_page (paper);
}

static gboolean
draw_report (cairo_surface_t *surface, SarapRecordSource *source, const char *const *form_ids, const char *title, const char *language, const char *folder, GError **error)
{
  Paper paper = { .cr = cairo_create (surface), .title = g_strdup (title), .style = sarap_chart_style_light };
  gboolean ok = TRUE;

  paper.style.text_size = 9;
  place_text (&paper, title, 2.2, TRUE);
  for (guint i = 0; ok && form_ids[i] != NULL; i++)
    ok = place_form (&paper, source, form_ids[i], language, folder, error);
  if (ok)
    place_method (&paper);
  cairo_destroy (paper.cr);
  g_free (paper.title);
  return ok;
}

char *
sarap_report_write (SarapRecordSource *source, const char *const *form_ids, const char *title, const char *language, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "report.pdf", NULL);
  g_autofree char *unfinished = g_strconcat (path, ".part", NULL);
  cairo_surface_t *surface;
  gboolean ok;

  if (g_mkdir_with_parents (folder, 0755) != 0)
    {
      if (errno == ENOTDIR || errno == EEXIST)
        g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: not a folder", folder);
      else
        g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", folder, g_strerror (errno));
      return NULL;
    }
  surface = cairo_pdf_surface_create (unfinished, PAGE_WIDTH, PAGE_HEIGHT);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Sarap");
  ok = draw_report (surface, source, form_ids, title, language, folder, error);
  cairo_surface_finish (surface);
  ok = ok && check_surface (surface, path, error);
  cairo_surface_destroy (surface);
  if (ok && g_rename (unfinished, path) == 0)
    return g_steal_pointer (&path);
  if (ok)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path, g_strerror (errno));
  g_unlink (unfinished);
  return NULL;
}
