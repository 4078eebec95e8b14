#include <glib/gstdio.h>
#include <signal.h>

#include "app/store/sarap-draft-guard.h"
#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-visit.h"

/* A draft whose opening crashes the program. The crashing is done by a child: this program again. */

#define FOLDER "SARAP_GUARD_FOLDER"
#define DRAFT "SARAP_GUARD_DRAFT"
#define SIGNAL "SARAP_GUARD_SIGNAL"

typedef struct
{
  char *folder;
  char *bad, *good;
} Fixture;

static char *
begin_draft (SarapStore *store)
{
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (store, "volunteer");

  sarap_visit_answer (recorder, "/data/name", "Айжан");
  g_assert_true (sarap_recorder_flush (recorder, NULL));
  return g_strdup (sarap_interview_get_instance_id (sarap_recorder_get_interview (recorder)));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapStore) store = NULL;

  self->folder = sarap_temporary_new ();
  store = sarap_temporary_open (self->folder);
  sarap_visit_add_form (store);
  self->bad = begin_draft (store);
  self->good = begin_draft (store);
  sarap_store_close (store);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  sarap_temporary_remove (self->folder);
  g_free (self->folder);
  g_free (self->bad);
  g_free (self->good);
}

/* Opens the draft that the environment names and dies of the signal that it names. */
static void
crash (void)
{
  g_autoptr (SarapStore) store = NULL;
  g_autoptr (SarapRecorder) recorder = NULL;

  if (g_getenv (FOLDER) == NULL)
    return;
  sarap_draft_guard_watch_crashes ();
  store = sarap_temporary_open (g_getenv (FOLDER));
  recorder = sarap_recorder_resume (store, g_getenv (DRAFT), NULL, NULL);
  if (recorder != NULL)
    raise (atoi (g_getenv (SIGNAL)));
}

static void
crash_child (Fixture *self, const char *id, int number)
{
  g_autofree char *text = g_strdup_printf ("%d", number);

  g_setenv (FOLDER, self->folder, TRUE);
  g_setenv (DRAFT, id, TRUE);
  g_setenv (SIGNAL, text, TRUE);
  g_test_trap_subprocess ("/store/draft-guard/subprocess/crash", 0, 0);
  g_test_trap_assert_failed ();
}

static void
assert_opens (Fixture *self, const char *id, gboolean opens)
{
  g_autoptr (SarapStore) store = sarap_temporary_open (self->folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapRecorder) recorder = sarap_recorder_resume (store, id, NULL, &error);

  if (opens)
    g_assert_no_error (error);
  else
    g_assert_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_CRASHED);
  g_assert_true (sarap_store_is_draft_blocked (store, id) == !opens);
  g_clear_object (&recorder);
  sarap_store_close (store);
}

static void
test_the_third_crash_blocks_the_draft (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapStore) store = NULL;
  g_autoptr (SarapRecorder) recorder = NULL;

  crash_child (self, self->bad, SIGSEGV);
  crash_child (self, self->bad, SIGABRT);
  crash_child (self, self->bad, SIGTRAP);
  assert_opens (self, self->bad, FALSE);
  assert_opens (self, self->good, TRUE);
  assert_opens (self, self->bad, FALSE);

  store = sarap_temporary_open (self->folder);
  g_assert_true (sarap_store_unblock_draft (store, self->bad, NULL));
  recorder = sarap_recorder_resume (store, self->bad, NULL, NULL);
  g_assert_cmpstr (sarap_interview_peek_value (sarap_recorder_get_interview (recorder), "/data/name"), ==, "Айжан");
  g_clear_object (&recorder);
  sarap_store_close (store);
}

static void
test_a_good_opening_forgets_crashes (Fixture *self, gconstpointer data)
{
  crash_child (self, self->bad, SIGSEGV);
  crash_child (self, self->bad, SIGSEGV);
  assert_opens (self, self->bad, TRUE);
  crash_child (self, self->bad, SIGSEGV);
  assert_opens (self, self->bad, TRUE);
}

/* A tablet that loses power again and again says nothing about its draft. */
static void
test_kills_block_nothing (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 4; i++)
    crash_child (self, self->bad, SIGKILL);
  assert_opens (self, self->bad, TRUE);
}

#define ADD(name, func) g_test_add ("/store/draft-guard/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("the-third-crash-blocks-the-draft", test_the_third_crash_blocks_the_draft);
  ADD ("a-good-opening-forgets-crashes", test_a_good_opening_forgets_crashes);
  ADD ("kills-block-nothing", test_kills_block_nothing);
  g_test_add_func ("/store/draft-guard/subprocess/crash", crash);
  return g_test_run ();
}
