#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/store/sarap-store-forms.h"
#include "app/store/sarap-store-outbox.h"
#include "app/store/sarap-store-records.h"

/* disk-victim STORE SEED N: makes or opens a store, holds N visits and ends. Each line tells what is durable by then:
 *   start ID · ack REF NUMBER (only grows) · photo NAME LETTER SIZE · final ID · sent ID · going ID (a draft is about to be deleted)
 * What fails ends the program with status 3 and is not told. */

#define N_ANSWERS 6

static const char *const refs[] = { "/data/name", "/data/age", "/data/remark" };

static void tell (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Not through stdio, whose writes inside libc nobody sees. */
static void
tell (const char *format, ...)
{
  g_autofree char *line = NULL;
  va_list arguments;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (write (STDOUT_FILENO, line, strlen (line)) < 0)
    _exit (4);
}

static gboolean
attach_photo (SarapRecorder *recorder, guint number, GError **error)
{
  gsize size = 3000 + number * 700;
  char letter = 'a' + number % 26;
  guint8 *bytes = g_malloc (size);
  g_autoptr (GBytes) photo = g_bytes_new_take (memset (bytes, letter, size), size);

  if (!sarap_recorder_attach (recorder, "/data/photo", photo, "jpg", error) || !sarap_recorder_flush (recorder, error))
    return FALSE;
  tell ("photo %s %c %u\n", sarap_interview_peek_value (sarap_recorder_get_interview (recorder), "/data/photo"), letter, (guint) size);
  return TRUE;
}

static gboolean
give_answers (SarapRecorder *recorder, GRand *chance, GError **error)
{
  for (guint i = 1; i <= N_ANSWERS; i++)
    {
      const char *ref = refs[i <= G_N_ELEMENTS (refs) ? i - 1 : (guint) g_rand_int_range (chance, 0, G_N_ELEMENTS (refs))];
      g_autofree char *value = g_strdup_printf ("%u", i);

      if (sarap_interview_answer (sarap_recorder_get_interview (recorder), ref, value, error) != SARAP_ANSWER_OK || !sarap_recorder_flush (recorder, error))
        return FALSE;
      tell ("ack %s %s\n", ref, value);
    }
  return TRUE;
}

static gboolean
end_visit (SarapStore *store, SarapRecorder *recorder, const char *id, GRand *chance, GError **error)
{
  int fate = g_rand_int_range (chance, 0, 4);

  if (fate == 0)
    return TRUE;
  if (fate == 1)
    {
      tell ("going %s\n", id);
      return sarap_store_delete_draft (store, id, error);
    }
  if (!sarap_recorder_finalize (recorder, error))
    return FALSE;
  tell ("final %s\n", id);
  if (fate == 2)
    return TRUE;
  if (!sarap_store_note_attempt (store, id, error) || !sarap_store_note_sent (store, id, NULL, NULL, "", error))
    return FALSE;
  tell ("sent %s\n", id);
  return TRUE;
}

static gboolean
hold_visit (SarapStore *store, guint number, GRand *chance, GError **error)
{
  g_autoptr (SarapForm) form = sarap_store_load_form (store, "visit", NULL, error);
  g_autoptr (SarapInterview) interview = form ? sarap_interview_new (form, sarap_store_get_clock (store), NULL, error) : NULL;
  g_autoptr (SarapRecorder) recorder = interview ? sarap_recorder_new (store, interview, "volunteer", error) : NULL;

  if (recorder == NULL)
    return FALSE;
  tell ("start %s\n", sarap_interview_get_instance_id (interview));
  return give_answers (recorder, chance, error) && attach_photo (recorder, number, error) && end_visit (store, recorder, sarap_interview_get_instance_id (interview), chance, error);
}

static gboolean
run (const char *folder, guint seed, guint n, GError **error)
{
  g_autoptr (SarapClock) clock = sarap_clock_new_system ();
  g_autoptr (GRand) chance = g_rand_new_with_seed (seed);
  g_autoptr (SarapStore) store = sarap_store_open (folder, clock, TRUE, error);
  g_autofree char *path = g_build_filename (SARAP_TEST_FOLDER, "data", "forms", "visit.xml", NULL);
  g_autoptr (SarapProblems) problems = sarap_problems_new (path);
  g_autofree char *id = NULL;

  if (store == NULL || !sarap_store_add_form_file (store, path, NULL, problems, &id, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!hold_visit (store, i, chance, error))
      return FALSE;
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc == 4 && run (argv[1], atoi (argv[2]), atoi (argv[3]), &error))
    return 0;
  g_printerr ("%s\n", error ? error->message : "usage: disk-victim STORE SEED N");
  return 3;
}
