#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/support/sarap-many-records.h"
#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-visit.h"

/* usage: bench-store [FOLDER]: JSON lines; the folder's disk is what is measured. */

#define N_SAMPLES 300
#define N_RECORDS 100000
#define ANSWER_TARGET 2.0 /* ms, where the disk itself asks for less than 1 */
#define OPEN_TARGET 300.0
#define PAGE 100

static guint n_syncs;

/* In the place of libc's, to count them. */
int
fsync (int descriptor)
{
  n_syncs++;
  return syscall (SYS_fsync, descriptor);
}

int
fdatasync (int descriptor)
{
  n_syncs++;
  return syscall (SYS_fdatasync, descriptor);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const double *one = a, *other = b;

  return (*one > *other) - (*one < *other);
}

static double
print_samples (const char *name, double *samples, guint n)
{
  qsort (samples, n, sizeof *samples, compare);
  g_print ("{\"bench\": \"%s\", \"n\": %u, \"median_ms\": %.3f, \"p95_ms\": %.3f, \"max_ms\": %.3f}\n", name, n, samples[n / 2], samples[n * 95 / 100], samples[n - 1]);
  return samples[n / 2];
}

static void
print_figure (const char *name, double value, double target)
{
  g_print ("%s %.3f %.3f %s\n", name, value, target, value <= target ? "PASS" : "FAIL");
}

static double
since (gint64 start)
{
  return (g_get_monotonic_time () - start) / 1000.0;
}

/* What the disk itself asks for one durable block. */
static double
bench_sync (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "block", NULL);
  int descriptor = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  double samples[N_SAMPLES];
  char block[4096] = { 1 };

  for (guint i = 0; i < N_SAMPLES; i++)
    {
      gint64 start = g_get_monotonic_time ();

      g_assert_cmpint (write (descriptor, block, sizeof block), ==, sizeof block);
      g_assert_cmpint (fsync (descriptor), ==, 0);
      samples[i] = since (start);
    }
  close (descriptor);
  return print_samples ("bare-fsync-4096", samples, N_SAMPLES);
}

/* @bare: ms of one sync. */
static void
bench_answers (SarapStore *store, double bare)
{
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (store, "volunteer");
  double samples[N_SAMPLES], median;

  g_assert_true (sarap_recorder_flush (recorder, NULL));
  n_syncs = 0;
  for (guint i = 0; i < N_SAMPLES; i++)
    {
      g_autofree char *value = g_strdup_printf ("%u", i % 100);
      gint64 start = g_get_monotonic_time ();

      sarap_visit_answer (recorder, "/data/age", value);
      g_assert_true (sarap_recorder_flush (recorder, NULL));
      samples[i] = since (start);
    }
  g_print ("{\"bench\": \"answer-syncs\", \"each\": %.2f}\n", (double) n_syncs / N_SAMPLES);
  median = print_samples ("answer-durable", samples, N_SAMPLES);
  if (bare < 1)
    print_figure ("answer-durable-ms", median, ANSWER_TARGET);
}

static void
bench_finalize (SarapStore *store)
{
  double samples[50];

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      gint64 start = g_get_monotonic_time ();

      g_free (sarap_visit_finish (store, "Айжан"));
      samples[i] = since (start);
    }
  print_samples ("visit-begun-answered-finalized", samples, G_N_ELEMENTS (samples));
}

static void
insert_records (const char *folder)
{
  g_autoptr (SarapStore) store = sarap_temporary_open (folder);

  sarap_many_records_add (store, N_RECORDS, SARAP_RECORD_FINALIZED);
}

static void
bench_open (const char *folder)
{
  double samples[20];

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr (SarapStore) store = sarap_temporary_open (folder);

      samples[i] = since (start);
    }
  print_figure ("open-100000-ms", print_samples ("open-100000", samples, G_N_ELEMENTS (samples)), OPEN_TARGET);
}

static void
bench_list (SarapStore *store)
{
  g_autoptr (GListModel) list = NULL;
  double samples[N_RECORDS / PAGE];
  gint64 start = g_get_monotonic_time ();

  list = sarap_record_list_new (store, NULL);
  g_print ("{\"bench\": \"list-100000-made\", \"ms\": %.3f, \"items\": %u}\n", since (start), g_list_model_get_n_items (list));
  for (guint i = 0; i < N_RECORDS / PAGE; i++)
    {
      start = g_get_monotonic_time ();
      g_object_unref (g_list_model_get_item (list, i * PAGE));
      samples[i] = since (start);
    }
  print_samples ("list-100000-page", samples, N_RECORDS / PAGE);
  start = g_get_monotonic_time ();
  sarap_record_list_set_search (list, "name 99");
  g_object_unref (g_list_model_get_item (list, 0));
  g_print ("{\"bench\": \"list-100000-search\", \"ms\": %.3f, \"items\": %u}\n", since (start), g_list_model_get_n_items (list));
}

int
main (int argc, char **argv)
{
  g_autofree char *parent = argc > 1 ? g_strdup (argv[1]) : sarap_temporary_new ();
  g_autofree char *folder = g_build_filename (parent, "bench-store", NULL);
  g_autoptr (SarapStore) store = sarap_temporary_open (folder);

  sarap_visit_add_form (store);
  bench_answers (store, bench_sync (folder));
  bench_finalize (store);
  g_clear_object (&store);
  insert_records (folder);
  bench_open (folder);
  store = sarap_temporary_open (folder);
  bench_list (store);
  g_clear_object (&store);
  sarap_temporary_remove (argc > 1 ? folder : parent);
  return 0;
}
