#include <stdlib.h>

#include "app/store/sarap-store-forms.h"
#include "tests/support/sarap-ui-fixture.h"
#include "tests/support/sarap-many-records.h"
#include "tests/support/sarap-temporary.h"
#include "ui/common/sarap-home.h"
#include "ui/sarap-application.h"
#include "ui/sarap-renderer.h"
#include "ui/sarap-window.h"
#include "ui/volunteer/sarap-volunteer-home.h"

/* The application from the start of its process until its first screen has been drawn, and scrolling
 * through 10,000 finished records. JSON lines; run under tests/support/with-display. The program
 * starts itself as the application, which differs from ui/main.c only in leaving after that frame. */

#define STARTED "SARAP_BENCH_STARTED"
#define N_RECORDS 10000
#define N_STARTS 12
#define N_STEPS 200

static int
compare (gconstpointer a, gconstpointer b)
{
  const double *one = a, *other = b;

  return (*one > *other) - (*one < *other);
}

static void
print_samples (const char *name, double *samples, guint n)
{
  qsort (samples, n, sizeof *samples, compare);
  g_print ("{\"bench\": \"%s\", \"n\": %u, \"min_ms\": %.3f, \"median_ms\": %.3f, \"p95_ms\": %.3f, \"max_ms\": %.3f}\n", name, n, samples[0], samples[n / 2], samples[n * 95 / 100], samples[n - 1]);
}

static double
since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1000;
}

static void
painted_cb (GdkFrameClock *clock, GtkWidget *window)
{
  GApplication *application = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (window)));

  if (!gtk_widget_get_mapped (window) || application == NULL)
    return;
  g_print ("%.3f\n", since (g_ascii_strtoll (g_getenv (STARTED), NULL, 10)));
  g_signal_handlers_disconnect_by_func (clock, painted_cb, window);
  g_application_quit (application);
}

static void
realized_cb (GtkWidget *window)
{
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (painted_cb), window);
}

static void
window_added_cb (GtkApplication *application, GtkWindow *window)
{
  g_signal_connect (window, "realize", G_CALLBACK (realized_cb), NULL);
}

static int
run_application (int argc, char **argv)
{
  g_autoptr (SarapApplication) application = NULL;

  sarap_renderer_choose ();
  application = sarap_application_new ();
  g_signal_connect (application, "window-added", G_CALLBACK (window_added_cb), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}

static double
start_once (const char *program, const char *folder)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_monotonic_time ());
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_setenv (launcher, STARTED, now, TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, program, "--store", folder, "--role", "volunteer", "--language", "kk", "--size", "1280x800", NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error));
  g_assert_true (g_subprocess_get_successful (process));
  return g_ascii_strtod (output, NULL);
}

static void
bench_start (const char *name, const char *program, const char *folder)
{
  double samples[N_STARTS];

  for (guint i = 0; i < N_STARTS; i++)
    samples[i] = start_once (program, folder);
  print_samples (name, samples, N_STARTS);
}

static void
add_form (const char *folder)
{
  g_autofree char *path = g_build_filename (g_getenv ("SARAP_SOURCE"), "data", "questionnaires", "audit", "form.xlsx", NULL);
  g_autoptr (SarapProblems) problems = sarap_problems_new (path);
  g_autoptr (SarapStore) store = sarap_temporary_open (folder);
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  sarap_store_add_form_file (store, path, NULL, problems, &id, &error);
  g_assert_no_error (error);
  sarap_store_close (store);
}

static void
add_records (const char *folder)
{
  g_autoptr (SarapStore) store = sarap_temporary_open (folder);

  sarap_many_records_add (store, N_RECORDS, SARAP_RECORD_FINALIZED);
}

static GtkAdjustment *
find_scrolling (GtkWidget *home)
{
  GtkWidget *list = sarap_ui_find (home, GTK_TYPE_LIST_VIEW, 0);

  for (guint i = 1; list != NULL && !gtk_widget_get_mapped (list); i++)
    list = sarap_ui_find (home, GTK_TYPE_LIST_VIEW, i);
  g_assert_nonnull (list);
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list));
}

/* A page a frame down from the top, then anywhere. */
static void
bench_scrolling (GtkWidget *home)
{
  GtkAdjustment *position = find_scrolling (home);
  double steps[N_STEPS];
  double jumps[N_STEPS];
  gint64 start;

  for (guint i = 0; i < 2 * N_STEPS; i++)
    {
      double page = gtk_adjustment_get_page_size (position);
      double jump = (i * 7919 % 1000) / 1000.0 * (gtk_adjustment_get_upper (position) - page);

      start = g_get_monotonic_time ();
      gtk_adjustment_set_value (position, i < N_STEPS ? i * page : jump);
      gtk_test_widget_wait_for_draw (home);
      *(i < N_STEPS ? &steps[i] : &jumps[i - N_STEPS]) = since (start);
    }
  print_samples ("scroll-10000-page-frame", steps, N_STEPS);
  print_samples ("scroll-10000-jump-frame", jumps, N_STEPS);
}

static void
show_records (const char *folder)
{
  g_autoptr (GSettings) settings = g_settings_new ("org.sarap.Sarap");
  g_autoptr (SarapStore) store = sarap_temporary_open (folder);
  g_autoptr (SarapContext) context = sarap_context_new (store, settings);
  SarapWindow *window = sarap_window_new (NULL, context);
  GtkWidget *home = sarap_volunteer_home_new (context);
  gint64 start;

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 800);
  sarap_window_set_root (window, home, "");
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (home);
  start = g_get_monotonic_time ();
  sarap_home_show_section (SARAP_HOME (home), SARAP_HOME_READY);
  gtk_test_widget_wait_for_draw (home);
  g_print ("{\"bench\": \"show-10000-frame\", \"ms\": %.3f}\n", since (start));
  bench_scrolling (home);
  gtk_window_destroy (GTK_WINDOW (window));
  sarap_ui_spin (20);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = NULL;

  if (g_getenv (STARTED) != NULL)
    return run_application (argc, argv);
  folder = sarap_temporary_new ();
  add_form (folder);
  bench_start ("start-to-first-frame", argv[0], folder);
  add_records (folder);
  bench_start ("start-to-first-frame-10000", argv[0], folder);
  gtk_init ();
  show_records (folder);
  sarap_temporary_remove (folder);
  return 0;
}
