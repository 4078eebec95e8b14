#include "app/report/sarap-figure.h"

#include <glib/gstdio.h>

static SarapFigure *
new_figure (SarapChartKind kind)
{
  const char *const columns[] = { "2016", "2017", "CHANGES", NULL };
  SarapFigure *figure = sarap_figure_new ("T1", "SHARE", kind, "GROUPS", columns);
  SarapFigureRow *row = sarap_figure_add_row (figure, "ind", "INDIVIDUALS");

  figure->n_chart_columns = kind == SARAP_CHART_SLOPE ? 2 : 1;
  row->cells[0] = (SarapCell){ SARAP_CELL_PERCENT, 40.9 };
  row->cells[1] = (SarapCell){ SARAP_CELL_PERCENT, 18.1 };
  row->cells[2] = (SarapCell){ SARAP_CELL_POINTS, -22.8 };
  row = sarap_figure_add_row (figure, "=evil", "=1+1");
  row->cells[0] = (SarapCell){ SARAP_CELL_PERCENT, 12 };
  row->cells[1] = (SarapCell){ SARAP_CELL_SUPPRESSED, 3 };
  return figure;
}

static void
check_cell (SarapCellKind kind, double number, const char *expected)
{
  SarapCell cell = { kind, number };
  g_autofree char *text = sarap_cell_to_string (&cell);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_cells_read_as_people_write_them (void)
{
  check_cell (SARAP_CELL_PERCENT, 40.9, "40,9%");
  check_cell (SARAP_CELL_PERCENT, 100, "100,0%");
  check_cell (SARAP_CELL_POINTS, -22.8, "−22,8 pp");
  check_cell (SARAP_CELL_POINTS, 4.25, "+4,3 pp");
  check_cell (SARAP_CELL_POINTS, 0.01, "0,0 pp");
  check_cell (SARAP_CELL_COUNT, 1234567, "1\302\240234\302\240567");
  check_cell (SARAP_CELL_COUNT, 718, "718");
  check_cell (SARAP_CELL_NUMBER, 105.57, "105,6");
  check_cell (SARAP_CELL_SUPPRESSED, 4, "‹4›");
  check_cell (SARAP_CELL_BLANK, 4, "");
}

static void
test_csv_is_for_machines (void)
{
  g_autoptr (SarapFigure) figure = new_figure (SARAP_CHART_SLOPE);
  g_autofree char *csv = sarap_figure_to_csv (figure);
  g_auto (GStrv) lines = g_strsplit (csv, "\r\n", -1);

  g_assert_cmpstr (lines[0], ==, "key,GROUPS,2016,2017,CHANGES");
  g_assert_cmpstr (lines[1], ==, "ind,INDIVIDUALS,40.9,18.1,-22.8");
  g_assert_false (g_str_has_prefix (lines[2], "="));
  g_assert_true (g_str_has_suffix (lines[2], ",12,,"));
}

static guint
count_painted (cairo_surface_t *surface)
{
  const guint32 *pixels = (const guint32 *) (void *) cairo_image_surface_get_data (surface);
  guint n = cairo_image_surface_get_width (surface) * cairo_image_surface_get_height (surface), count = 0;

  for (guint i = 0; i < n; i++)
    count += (pixels[i] & 0xffffff) != 0xffffff;
  return count;
}

static void
test_charts_draw_and_answer_a_tap (gconstpointer data)
{
  SarapChartKind kind = GPOINTER_TO_INT (data);
  g_autoptr (SarapFigure) figure = new_figure (kind);
  double height = sarap_figure_measure_chart (figure, 600, &sarap_chart_style_light);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 600, (int) height);
  cairo_t *cr = cairo_create (surface);
  int found = -1;

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  sarap_figure_draw_chart (figure, cr, 600, height, &sarap_chart_style_light);
  cairo_surface_flush (surface);
  g_assert_cmpuint (count_painted (surface), >, 500);
  for (int y = 0; found < 0 && y < height; y++)
    for (int x = 0; found < 0 && x < 600; x += 4)
      found = sarap_figure_pick (figure, 600, height, &sarap_chart_style_light, x, y);
  g_assert_cmpint (found, ==, 0);
  g_assert_cmpint (sarap_figure_pick (figure, 600, height, &sarap_chart_style_light, 5, height + 50), ==, -1);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
test_totals_have_no_bar (void)
{
  g_autoptr (SarapFigure) figure = new_figure (SARAP_CHART_BARS);
  double height = sarap_figure_measure_chart (figure, 600, &sarap_chart_style_light);
  SarapFigureRow *total = sarap_figure_add_row (figure, NULL, "ALL");

  total->is_total = TRUE;
  total->cells[0] = (SarapCell){ SARAP_CELL_PERCENT, 100 };
  g_assert_cmpfloat (sarap_figure_measure_chart (figure, 600, &sarap_chart_style_light), ==, height);
  g_ptr_array_insert (figure->rows, 0, g_ptr_array_steal_index (figure->rows, 2));
  g_assert_cmpint (sarap_figure_pick (figure, 600, height, &sarap_chart_style_light, 200, 1), ==, 1);
}

static void
test_bars_make_room_for_labels_of_two_lines (void)
{
  g_autoptr (SarapFigure) figure = new_figure (SARAP_CHART_BARS);
  double height = sarap_figure_measure_chart (figure, 600, &sarap_chart_style_light);

  sarap_figure_add_row (figure, NULL, "A label so long that it needs two lines");
  g_assert_cmpfloat (sarap_figure_measure_chart (figure, 400, &sarap_chart_style_light), >, height * 3 / 2);
  g_assert_cmpfloat (sarap_figure_measure_chart (figure, 2000, &sarap_chart_style_light), ==, height * 3 / 2);
}

static void
test_png_is_written (void)
{
  g_autoptr (SarapFigure) figure = new_figure (SARAP_CHART_BARS);
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "sarap-figure-test.png", NULL);
  g_autoptr (GError) error = NULL;
  cairo_surface_t *read;

  g_assert_true (sarap_figure_write_png (figure, path, 700, &error));
  read = cairo_image_surface_create_from_png (path);
  g_assert_cmpint (cairo_image_surface_get_width (read), ==, 700);
  cairo_surface_destroy (read);
  g_unlink (path);
  g_assert_false (sarap_figure_write_png (figure, "/nowhere/figure.png", 700, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/figure/cells-read-as-people-write-them", test_cells_read_as_people_write_them);
  g_test_add_func ("/report/figure/csv-is-for-machines", test_csv_is_for_machines);
  g_test_add_data_func ("/report/figure/bars-draw-and-answer-a-tap", GINT_TO_POINTER (SARAP_CHART_BARS), test_charts_draw_and_answer_a_tap);
  g_test_add_data_func ("/report/figure/slopes-draw-and-answer-a-tap", GINT_TO_POINTER (SARAP_CHART_SLOPE), test_charts_draw_and_answer_a_tap);
  g_test_add_func ("/report/figure/totals-have-no-bar", test_totals_have_no_bar);
  g_test_add_func ("/report/figure/bars-make-room-for-labels-of-two-lines", test_bars_make_room_for_labels_of_two_lines);
  g_test_add_func ("/report/figure/png-is-written-or-an-error", test_png_is_written);
  return g_test_run ();
}
