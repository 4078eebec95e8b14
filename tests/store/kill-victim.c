#include <stdio.h>
#include <stdlib.h>

#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-visit.h"

/* Fills one visit after another until it is killed. Each line tells what is durable by then:
 *   start ID · ack REF VALUE (VALUE only grows) · page KEY · final ID */

#define N_ANSWERS 12

static const char *const refs[] = { "/data/name", "/data/age", "/data/remark", "/data/violation[1]/kind" };

static void
flush (SarapRecorder *recorder)
{
  g_autoptr (GError) error = NULL;

  sarap_recorder_flush (recorder, &error);
  g_assert_no_error (error);
}

static void
fill_visit (SarapStore *store, GRand *chance)
{
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (store, "volunteer");
  SarapInterview *interview = sarap_recorder_get_interview (recorder);
  g_autofree char *ref = sarap_interview_add_instance (interview, "/data/violation", NULL);

  printf ("start %s\n", sarap_interview_get_instance_id (interview));
  fflush (stdout);
  for (guint i = 1; i <= N_ANSWERS; i++)
    {
      const char *question = refs[i < G_N_ELEMENTS (refs) ? i - 1 : (guint) g_rand_int_range (chance, 0, G_N_ELEMENTS (refs))];
      g_autofree char *value = g_strdup_printf ("%u", i);

      sarap_visit_answer (recorder, question, value);
      sarap_recorder_set_page (recorder, question, i, N_ANSWERS);
      flush (recorder);
      printf ("ack %s %s\npage %s\n", question, value, question);
      fflush (stdout);
    }
  if (g_rand_boolean (chance) && sarap_recorder_finalize (recorder, NULL))
    printf ("final %s\n", sarap_interview_get_instance_id (interview));
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  g_autoptr (SarapStore) store = sarap_temporary_open (argv[1]);
  g_autoptr (GRand) chance = g_rand_new_with_seed (atoi (argv[2]));

  sarap_visit_add_form (store);
  for (;;)
    fill_visit (store, chance);
}
