#include <glib/gstdio.h>
#include <string.h>

#include "app/store/sarap-custody-check.h"
#include "app/store/sarap-space.h"
#include "app/store/sarap-store-forms.h"
#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-visit.h"

/* What a store does while its disk fills. The disk is a test's own: bytes free and in all. */

#define MB ((guint64) 1000 * 1000)

static guint64 disk_free, disk_total;

static gboolean
probe (const char *folder, guint64 *n_free, guint64 *n_total)
{
  *n_free = disk_free;
  *n_total = disk_total;
  return TRUE;
}

typedef struct
{
  char *folder;
  char *ballast;
  SarapStore *store;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  disk_total = 1000 * MB;
  disk_free = 500 * MB;
  sarap_space_set_probe (probe);
  self->folder = sarap_temporary_new ();
  self->ballast = g_build_filename (self->folder, "ballast", NULL);
  self->store = sarap_temporary_open (self->folder);
  sarap_visit_add_form (self->store);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  sarap_store_close (self->store);
  g_object_unref (self->store);
  sarap_temporary_remove (self->folder);
  sarap_space_set_probe (NULL);
  g_free (self->folder);
  g_free (self->ballast);
}

static void
test_limits_are_told (Fixture *self, gconstpointer data)
{
  static const struct
  {
    guint64 n_free, n_total;
    SarapSpace space;
  } cases[] = {
    { 200 * MB, 1000 * MB, SARAP_SPACE_ENOUGH },
    { 200 * MB - 1, 1000 * MB, SARAP_SPACE_LOW },
    { 50 * MB, 1000 * MB, SARAP_SPACE_LOW },
    { 50 * MB - 1, 1000 * MB, SARAP_SPACE_NONE },
    { 16 * MB, 64 * MB, SARAP_SPACE_ENOUGH },
    { 8 * MB, 64 * MB, SARAP_SPACE_LOW },
    { 8 * MB - 1, 64 * MB, SARAP_SPACE_NONE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      disk_free = cases[i].n_free;
      disk_total = cases[i].n_total;
      g_assert_cmpint (sarap_store_get_space (self->store), ==, cases[i].space);
    }
}

static SarapRecorder *
begin (Fixture *self, GError **error)
{
  g_autoptr (SarapForm) form = sarap_store_load_form (self->store, "visit", NULL, NULL);
  g_autoptr (SarapInterview) interview = sarap_interview_new (form, sarap_store_get_clock (self->store), NULL, NULL);

  return sarap_recorder_new (self->store, interview, "volunteer", error);
}

/* The ballast makes room for the rest of the interview that is open; another one is not begun. */
static void
test_the_open_interview_finishes (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL, full = NULL;
  g_autoptr (SarapRecorder) recorder = begin (self, &error);
  GStatBuf status;

  g_assert_no_error (error);
  g_assert_cmpint (g_stat (self->ballast, &status), ==, 0);
  g_assert_cmpint (status.st_size, ==, 4 * MB);
  disk_free = 40 * MB;
  g_assert_null (begin (self, &full));
  g_assert_error (full, SARAP_STORE_ERROR, SARAP_STORE_ERROR_FULL);
  g_assert_true (g_file_test (self->ballast, G_FILE_TEST_EXISTS));
  disk_free = 1000;
  sarap_visit_answer (recorder, "/data/name", "Айжан");
  g_assert_true (sarap_recorder_flush (recorder, NULL));
  g_assert_false (g_file_test (self->ballast, G_FILE_TEST_EXISTS));
  sarap_recorder_finalize (recorder, &error);
  g_assert_no_error (error);
}

static void
reopen (Fixture *self)
{
  sarap_store_close (self->store);
  g_object_unref (self->store);
  self->store = sarap_temporary_open (self->folder);
}

static void
test_ballast_comes_back_with_room (Fixture *self, gconstpointer data)
{
  g_unlink (self->ballast);
  disk_free = 100 * MB;
  reopen (self);
  g_assert_false (g_file_test (self->ballast, G_FILE_TEST_EXISTS));
  disk_free = 300 * MB;
  reopen (self);
  g_assert_true (g_file_test (self->ballast, G_FILE_TEST_EXISTS));
}

static void
test_a_changed_ballast_is_told (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapCustodyReport) before = sarap_store_check_custody (self->store, NULL), after = NULL;
  FILE *file = g_fopen (self->ballast, "r+");

  g_assert_cmpuint (before->faults->len, ==, 0);
  g_assert_cmpint (fseek (file, 12345, SEEK_SET), ==, 0);
  fputc (1, file);
  fclose (file);
  after = sarap_store_check_custody (self->store, NULL);
  g_assert_cmpuint (after->faults->len, ==, 1);
  g_assert_cmpstr (((SarapCustodyFault *) g_ptr_array_index (after->faults, 0))->subject, ==, "ballast");
}

#define ADD(name, func) g_test_add ("/store/space/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("limits-are-told", test_limits_are_told);
  ADD ("the-open-interview-finishes", test_the_open_interview_finishes);
  ADD ("ballast-comes-back-with-room", test_ballast_comes_back_with_room);
  ADD ("a-changed-ballast-is-told", test_a_changed_ballast_is_told);
  return g_test_run ();
}
