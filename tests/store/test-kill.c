#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-visit.h"

/* safety.md A1 and A7: a program that fills and finalizes is killed at any moment; everything that it
 * told to be durable is there, and its draft is offered where the person was. */

#define N_KILLS 500
#define N_KILLS_LONG 6000
#define N_KILLS_SANITIZED 20
#define N_YOUNG 60
#define LONGEST_LIFE 60 /* ms after the first line */

typedef struct
{
  char *id;
  char *page;
  int newest;          /* the highest value told */
  GHashTable *answers; /* ref → value */
  gboolean is_final;
} Visit;

typedef struct
{
  guint n_acks;
  guint n_lost;
  guint n_elsewhere; /* drafts that open at another question */
  gint64 slowest;    /* start after a kill until the draft is there, µs */
} Result;

static void
visit_free (gpointer data)
{
  Visit *visit = data;

  g_free (visit->id);
  g_free (visit->page);
  g_hash_table_unref (visit->answers);
  g_free (visit);
}

static Visit *
visit_new (const char *id)
{
  Visit *visit = g_new0 (Visit, 1);

  visit->id = g_strdup (id);
  visit->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return visit;
}

static void
take_line (GPtrArray *visits, char *line, Result *result)
{
  g_auto (GStrv) words = g_strsplit (g_strchomp (line), " ", 3);
  Visit *visit = visits->len ? g_ptr_array_index (visits, visits->len - 1) : NULL;

  if (g_str_equal (words[0], "start"))
    g_ptr_array_add (visits, visit_new (words[1]));
  else if (g_str_equal (words[0], "ack"))
    {
      g_hash_table_replace (visit->answers, g_strdup (words[1]), g_strdup (words[2]));
      visit->newest = atoi (words[2]);
      result->n_acks++;
    }
  else if (g_str_equal (words[0], "page"))
    {
      g_free (visit->page);
      visit->page = g_strdup (words[1]);
    }
  else if (g_str_equal (words[0], "final"))
    visit->is_final = TRUE;
}

typedef struct
{
  pid_t victim;
  guint life;
} Killing;

static gpointer
kill_later (gpointer data)
{
  Killing *killing = data;

  g_usleep (killing->life);
  kill (killing->victim, SIGKILL);
  return NULL;
}

static pid_t
start_victim (const char *program, const char *folder, guint seed, FILE **output)
{
  g_autofree char *number = g_strdup_printf ("%u", seed);
  const char *argv[] = { program, folder, number, NULL };
  g_autoptr (GError) error = NULL;
  GPid pid;
  int out;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL, &out, NULL, &error);
  g_assert_no_error (error);
  *output = fdopen (out, "r");
  return pid;
}

/* A line that was cut off by the kill was not told. */
static GPtrArray *
run_victim (const char *program, const char *folder, guint seed, GRand *chance, Result *result)
{
  GPtrArray *visits = g_ptr_array_new_with_free_func (visit_free);
  Killing killing = { .life = g_rand_int_range (chance, 0, LONGEST_LIFE * 1000) };
  GThread *killer = NULL;
  char line[512];
  FILE *output;

  killing.victim = start_victim (program, folder, seed, &output);
  while (fgets (line, sizeof line, output) != NULL)
    {
      if (killer == NULL)
        killer = g_thread_new ("killer", kill_later, &killing);
      if (g_str_has_suffix (line, "\n"))
        take_line (visits, line, result);
    }
  fclose (output);
  if (killer != NULL)
    g_thread_join (killer);
  g_assert_cmpint (waitpid (killing.victim, NULL, 0), ==, killing.victim);
  return visits;
}

/* At the page that was told, or at one that an answer after the last told one belongs to. */
static gboolean
is_at_page (SarapRecorder *recorder, const Visit *visit)
{
  g_autofree char *page = sarap_recorder_dup_page (recorder);

  if (visit->page == NULL || g_strcmp0 (page, visit->page) == 0)
    return TRUE;
  return page != NULL && atoi (sarap_interview_peek_value (sarap_recorder_get_interview (recorder), page)) > visit->newest;
}

static void
check_draft (SarapStore *store, const Visit *visit, Result *result)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapRecorder) recorder = sarap_recorder_resume (store, visit->id, NULL, &error);
  GHashTableIter iter;
  gpointer ref, value;

  g_assert_no_error (error);
  result->slowest = MAX (result->slowest, g_get_monotonic_time () - start);
  g_hash_table_iter_init (&iter, visit->answers);
  while (g_hash_table_iter_next (&iter, &ref, &value))
    if (atoi (sarap_interview_peek_value (sarap_recorder_get_interview (recorder), ref)) < atoi (value))
      result->n_lost++;
  if (!is_at_page (recorder, visit))
    result->n_elsewhere++;
}

static void
check_final (SarapStore *store, const Visit *visit, Result *result)
{
  g_autoptr (GBytes) xml = sarap_store_dup_record_xml (store, visit->id, NULL);
  g_autofree char *text = g_strndup (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml));
  GHashTableIter iter;
  gpointer ref, value;

  g_hash_table_iter_init (&iter, visit->answers);
  while (g_hash_table_iter_next (&iter, &ref, &value))
    {
      const char *name = strrchr (ref, '/') + 1;
      g_autofree char *element = g_strdup_printf ("<%s>%s</%s>", name, (const char *) value, name);

      if (strstr (text, element) == NULL)
        result->n_lost++;
    }
}

static void
check_visits (const char *folder, GPtrArray *visits, Result *result)
{
  g_autoptr (SarapStore) store = sarap_temporary_open (folder);

  for (guint i = 0; i < visits->len; i++)
    {
      const Visit *visit = g_ptr_array_index (visits, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (SarapRecord) record = sarap_store_find_record (store, visit->id, &error);

      g_assert_no_error (error);
      if (visit->is_final && sarap_record_get_state (record) != SARAP_RECORD_FINALIZED)
        result->n_lost++;
      if (sarap_record_get_state (record) == SARAP_RECORD_FINALIZED)
        check_final (store, visit, result);
      else
        check_draft (store, visit, result);
    }
}

static void
print_figure (const char *id, gint64 value, gint64 target)
{
  g_test_message ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s", id, value, target, value <= target ? "PASS" : "FAIL");
}

static void
test_killed_at_any_moment (gconstpointer program)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autoptr (GRand) chance = g_rand_new_with_seed (g_test_rand_int ());
  guint n_kills = g_getenv ("SARAP_SANITIZED") ? N_KILLS_SANITIZED : g_getenv ("SARAP_LONG") ? N_KILLS_LONG
                                                                                             : N_KILLS;
  Result result = { 0 };

  for (guint i = 0; i < n_kills; i++)
    {
      g_autoptr (GPtrArray) visits = run_victim (program, folder, i, chance, &result);

      check_visits (folder, visits, &result);
    }
  g_test_message ("%u kills, %u acknowledged answers", n_kills, result.n_acks);
  print_figure ("A1", result.n_lost, 0);
  print_figure ("A7", result.slowest / 1000, 2000);
  g_assert_cmpuint (result.n_acks, >, n_kills);
  g_assert_cmpuint (result.n_lost, ==, 0);
  g_assert_cmpuint (result.n_elsewhere, ==, 0);
  g_assert_cmpint (result.slowest, <, 2 * G_USEC_PER_SEC);
  sarap_temporary_remove (folder);
}

/* The store itself is being made when the kill comes: what is left opens. */
static void
test_killed_while_the_store_is_made (gconstpointer program)
{
  for (guint i = 0; i < N_YOUNG; i++)
    {
      g_autofree char *folder = sarap_temporary_new ();
      g_autoptr (SarapStore) store = NULL;
      Killing killing = { .life = g_test_rand_int_range (0, 25000) };
      FILE *output;

      killing.victim = start_victim (program, folder, i, &output);
      kill_later (&killing);
      g_assert_cmpint (waitpid (killing.victim, NULL, 0), ==, killing.victim);
      fclose (output);
      store = sarap_temporary_open (folder);
      sarap_visit_add_form (store);
      g_free (sarap_visit_finish (store, "after"));
      g_clear_object (&store);
      sarap_temporary_remove (folder);
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_path_get_dirname (argv[0]);
  g_autofree char *program = g_build_filename (folder, "kill-victim", NULL);

  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/store/kill/killed-at-any-moment", program, test_killed_at_any_moment);
  g_test_add_data_func ("/store/kill/killed-while-the-store-is-made", program, test_killed_while_the_store_is_made);
  return g_test_run ();
}
