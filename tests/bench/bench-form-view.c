#include <stdlib.h>

#include "tests/support/sarap-ui-fixture.h"

/* The audit form on screen: opening it, going from page to page, an answer until it is durable.
 * JSON lines; run under tests/support/with-display. "update" is the time in our code, "frame" until
 * the next frame has been drawn. */

#define FORM "data/questionnaires/audit/form.xlsx"
#define N_OPENINGS 20
#define N_PAGES 60
#define N_ANSWERS 100

static int
compare (gconstpointer a, gconstpointer b)
{
  const double *one = a, *other = b;

  return (*one > *other) - (*one < *other);
}

static void
print_samples (const char *name, GArray *samples)
{
  double *values = (double *) (gpointer) samples->data;

  qsort (values, samples->len, sizeof *values, compare);
  g_print ("{\"bench\": \"%s\", \"n\": %u, \"median_ms\": %.3f, \"p95_ms\": %.3f, \"max_ms\": %.3f}\n", name, samples->len, values[samples->len / 2], values[samples->len * 95 / 100], values[samples->len - 1]);
}

static void
take (GArray *samples, gint64 start)
{
  double milliseconds = (double) (g_get_monotonic_time () - start) / 1000;

  g_array_append_val (samples, milliseconds);
}

static void
bench_open (SarapUiFixture *fixture)
{
  g_autoptr (GArray) update = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) frame = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < N_OPENINGS; i++)
    {
      gint64 start = g_get_monotonic_time ();
      GtkWidget *view = sarap_form_view_new (fixture->context, fixture->recorder);

      gtk_window_set_child (GTK_WINDOW (fixture->window), view);
      take (update, start);
      gtk_test_widget_wait_for_draw (view);
      take (frame, start);
      gtk_window_set_child (GTK_WINDOW (fixture->window), NULL);
      sarap_ui_spin (30);
    }
  print_samples ("form-open-update", update);
  print_samples ("form-open-frame", frame);
}

/* What GTK itself needs to draw the same window again. */
static void
bench_frame (GtkWidget *view)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < N_PAGES; i++)
    {
      gint64 start = g_get_monotonic_time ();

      gtk_widget_queue_resize (view);
      gtk_test_widget_wait_for_draw (view);
      take (samples, start);
    }
  print_samples ("frame-alone", samples);
}

static void
bench_pages (SarapUiFixture *fixture, SarapFormView *view)
{
  g_autoptr (GPtrArray) pages = sarap_pages_new (fixture->interview);
  g_autoptr (GArray) update = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) frame = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < MIN (N_PAGES, pages->len); i++)
    {
      const SarapPage *page = g_ptr_array_index (pages, i);
      gint64 start;

      sarap_recorder_flush (fixture->recorder, NULL);
      start = g_get_monotonic_time ();
      sarap_form_view_go_to (view, page->key);
      take (update, start);
      gtk_test_widget_wait_for_draw (GTK_WIDGET (view));
      take (frame, start);
    }
  print_samples ("page-change-update", update);
  print_samples ("page-change-frame", frame);
}

static void
bench_answers (SarapUiFixture *fixture, SarapFormView *view)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (double));

  sarap_form_view_go_to (view, "/data/visit2/scenario");
  sarap_ui_spin (50);
  for (guint i = 0; i < N_ANSWERS; i++)
    {
      gint64 start = g_get_monotonic_time ();

      sarap_ui_choose (GTK_WIDGET (view), i % 2 == 0 ? "Consultation only" : "Social allowance");
      g_assert_true (sarap_recorder_flush (fixture->recorder, NULL));
      take (samples, start);
      sarap_ui_spin (5);
    }
  print_samples ("answer-to-durable", samples);
}

int
main (int argc, char **argv)
{
  g_autoptr (SarapUiFixture) fixture = NULL;
  SarapFormView *view;

  gtk_init ();
  fixture = sarap_ui_fixture_new (FORM, "en");
  bench_open (fixture);
  view = sarap_ui_fixture_show_form (fixture);
  bench_frame (GTK_WIDGET (view));
  bench_pages (fixture, view);
  bench_answers (fixture, view);
  return 0;
}
