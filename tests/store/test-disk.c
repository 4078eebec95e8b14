#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/store/disk-check.h"
#include "tests/support/sarap-disk-log.h"
#include "tests/support/sarap-figure.h"
#include "tests/support/sarap-temporary.h"

/* safety.md A2, A4, A5 and A6: the power goes, the disk fails, memory is short, the disk is full. What the program told
 * to be durable is there afterwards, and it never ends by a crash (short of memory it may end). */

#define N_VISITS 6
#define N_CUTS 5000
#define N_CUTS_LONG 100000
#define CUTS_PER_LOG 500
#define FAULT_STEP 20
#define N_ALLOCATIONS 100
#define N_ALLOCATIONS_LONG 2000

static const char *victim;
static const char *support; /* folder of the shims */

typedef struct
{
  char *folder; /* in memory where there is such a place: nobody cuts this machine's power */
  char *store;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_strdup ("/dev/shm/sarap-test-XXXXXX");
  if (g_mkdtemp (self->folder) == NULL)
    {
      g_free (self->folder);
      self->folder = sarap_temporary_new ();
    }
  self->store = g_build_filename (self->folder, "store", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  sarap_temporary_remove (self->folder);
  g_free (self->folder);
  g_free (self->store);
}

static char **
add_shim (char **environment, const char *name)
{
  g_autofree char *path = g_build_filename (support, name, NULL);
  const char *others = g_environ_getenv (environment, "LD_PRELOAD");
  g_autofree char *all = others ? g_strconcat (path, ":", others, NULL) : g_strdup (path);

  if (g_getenv ("SARAP_SANITIZED") != NULL)
    {
      g_autofree char *options = g_strconcat (g_getenv ("ASAN_OPTIONS"), ":verify_asan_link_order=0", NULL);

      environment = g_environ_setenv (environment, "ASAN_OPTIONS", options, TRUE);
    }
  return g_environ_setenv (environment, "LD_PRELOAD", all, TRUE);
}

/* Takes @environment. Returns: (transfer full) what it told */
static char *
run_victim (Fixture *self, guint seed, char **environment, char **errors, int *status)
{
  g_autofree char *number = g_strdup_printf ("%u", seed), *count = g_strdup_printf ("%u", N_VISITS);
  const char *argv[] = { victim, self->store, number, count, NULL };
  g_autoptr (GError) error = NULL;
  char *output = NULL;

  g_spawn_sync (NULL, (char **) argv, environment, errors ? 0 : G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &output, errors, status, &error);
  g_assert_no_error (error);
  g_strfreev (environment);
  return output;
}

static void
start_anew (Fixture *self)
{
  sarap_temporary_remove (self->folder);
  g_assert_cmpint (g_mkdir (self->folder, 0700), ==, 0);
}

static gboolean
is_long (void)
{
  return g_getenv ("SARAP_LONG") != NULL;
}

/* --- the power goes --------------------------------------------------------------------------------- */

static SarapDiskLog *
record (Fixture *self, guint seed)
{
  g_autofree char *path = g_strconcat (self->folder, ".log", NULL), *words = NULL;
  char **environment = g_environ_setenv (add_shim (g_get_environ (), "libsarap-disk-shim.so"), "SARAP_DISK_ROOT", self->folder, TRUE);
  SarapDiskLog *log;
  int status;

  start_anew (self);
  environment = g_environ_setenv (environment, "SARAP_DISK_LOG", path, TRUE);
  words = run_victim (self, seed, environment, NULL, &status);
  g_assert_cmpint (status, ==, 0);
  g_assert_nonnull (strstr (words, "photo "));
  log = sarap_disk_log_read (path);
  g_unlink (path);
  g_assert_cmpuint (sarap_disk_log_get_length (log), >, 300);
  return log;
}

static void
cut (Fixture *self, SarapDiskLog *log, guint n, double kept, GRand *chance, DiskCheck *check)
{
  g_autofree char *words = sarap_disk_log_dup_words (log, n);

  start_anew (self);
  sarap_disk_log_cut (log, n, kept, 0, chance, self->folder);
  disk_check (self->store, words, check);
}

static void
test_power_cuts (Fixture *self, gconstpointer data)
{
  g_autoptr (GRand) chance = g_rand_new_with_seed (g_test_rand_int ());
  guint n_cuts = is_long () ? N_CUTS_LONG : g_getenv ("SARAP_SANITIZED") ? N_CUTS / 50
                                                                         : N_CUTS;
  DiskCheck check = { 0 };

  for (guint i = 0; i < n_cuts; i += CUTS_PER_LOG)
    {
      g_autoptr (SarapDiskLog) log = record (self, i);

      for (guint j = 0; j < CUTS_PER_LOG; j++)
        cut (self, log, g_rand_int_range (chance, 0, sarap_disk_log_get_length (log) + 1), j % 4 == 0 ? 0.0 : j % 4 == 1 ? 1.0
                                                                                                                         : 0.5,
             chance, &check);
    }
  g_test_message ("%u power cuts, %u answers and files told", n_cuts, check.n_told);
  sarap_figure_at_most ("A2-lost", check.n_lost, 0);
  sarap_figure_at_most ("A2-corrupt", check.n_corrupt, 0);
}

/* --- the disk fails --------------------------------------------------------------------------------- */

typedef struct
{
  guint n_runs;
  guint n_crashes;
  DiskCheck check;
} Faults;

/* FALSE: the program ended before its @n-th operation. */
static gboolean
run_with_fault (Fixture *self, guint n, const char *kind, Faults *faults)
{
  g_autofree char *fired = g_strconcat (self->folder, ".fired", NULL), *fault = g_strdup_printf ("%u:%s", n, kind), *words = NULL;
  char **environment = g_environ_setenv (add_shim (g_get_environ (), "libsarap-disk-shim.so"), "SARAP_DISK_ROOT", self->folder, TRUE);
  gboolean has_fired;
  int status;

  start_anew (self);
  environment = g_environ_setenv (environment, "SARAP_DISK_FAULT", fault, TRUE);
  environment = g_environ_setenv (environment, "SARAP_DISK_FIRED", fired, TRUE);
  words = run_victim (self, 1, environment, NULL, &status);
  has_fired = g_unlink (fired) == 0;
  faults->n_runs++;
  if (!WIFEXITED (status))
    {
      g_test_message ("%s: signal %d", fault, WTERMSIG (status));
      faults->n_crashes++;
    }
  disk_check (self->store, words, &faults->check);
  return has_fired;
}

static void
test_failing_disk (Fixture *self, gconstpointer kind)
{
  guint step = is_long () ? 1 : FAULT_STEP * (g_getenv ("SARAP_SANITIZED") ? 5 : 1);
  Faults faults = { 0 };

  for (guint n = 1 + (is_long () ? 0 : (guint) g_test_rand_int_range (0, step)); run_with_fault (self, n, kind, &faults); n += step)
    ;
  g_test_message ("%s at %u places", (const char *) kind, faults.n_runs);
  g_assert_cmpuint (faults.n_runs, >, 5);
  sarap_figure_at_most ("A4-crashes", faults.n_crashes, 0);
  sarap_figure_at_most ("A4-false-saved", faults.check.n_lost + faults.check.n_corrupt, 0);
}

/* --- memory is short -------------------------------------------------------------------------------- */

static guint
count_allocations (Fixture *self)
{
  char **environment = g_environ_setenv (add_shim (g_get_environ (), "libsarap-memory-shim.so"), "SARAP_MEMORY_COUNT", "1", TRUE);
  g_autofree char *errors = NULL, *words = NULL;
  int status;

  start_anew (self);
  words = run_victim (self, 1, environment, &errors, &status);
  g_assert_cmpint (status, ==, 0);
  return atoi (errors);
}

static void
test_short_of_memory (Fixture *self, gconstpointer data)
{
  guint n, n_samples = is_long () ? N_ALLOCATIONS_LONG : N_ALLOCATIONS;
  DiskCheck check = { 0 };

  if (g_getenv ("SARAP_SANITIZED") != NULL)
    {
      g_test_skip ("the sanitizer allocates itself");
      return;
    }
  n = count_allocations (self);
  g_assert_cmpuint (n, >, 5000);
  for (guint i = 0; i < n_samples; i++)
    {
      g_autofree char *fault = g_strdup_printf ("%d", g_test_rand_int_range (1, n)), *words = NULL;
      char **environment = g_environ_setenv (add_shim (g_get_environ (), "libsarap-memory-shim.so"), "SARAP_MEMORY_FAULT", fault, TRUE);
      int status;

      start_anew (self);
      words = run_victim (self, 1, environment, NULL, &status);
      disk_check (self->store, words, &check);
    }
  g_test_message ("%u of %u allocations failed, %u answers and files told", n_samples, n, check.n_told);
  sarap_figure_at_most ("A5", check.n_lost + check.n_corrupt, 0);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_path_get_dirname (argv[0]);
  g_autofree char *program = g_build_filename (folder, "disk-victim", NULL);
  g_autofree char *shims = g_build_filename (folder, "..", "support", NULL);

  victim = program;
  support = shims;
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL); /* what a cut left half removed is told as a warning */
  g_test_add ("/store/disk/power-cuts", Fixture, NULL, set_up, test_power_cuts, tear_down);
  g_test_add ("/store/disk/input-output-errors", Fixture, "eio", set_up, test_failing_disk, tear_down);
  g_test_add ("/store/disk/short-writes", Fixture, "short", set_up, test_failing_disk, tear_down);
  g_test_add ("/store/disk/full", Fixture, "enospc", set_up, test_failing_disk, tear_down);
  g_test_add ("/store/disk/short-of-memory", Fixture, NULL, set_up, test_short_of_memory, tear_down);
  return g_test_run ();
}
