#include "app/store/sarap-backup.h"
#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-visit.h"

/* Backups that the application makes by itself. */

#define DAY (24 * 3600 * G_GINT64_CONSTANT (1000))

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_one_a_day_and_the_newest_stay (void)
{
  g_autofree char *folder = sarap_temporary_new (), *to = sarap_temporary_new ();
  g_autoptr (SarapClock) clock = sarap_clock_new_at (G_GINT64_CONSTANT (1500000000000), NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapStore) store = sarap_store_open (folder, clock, TRUE, &error);
  static const struct
  {
    gint64 step;
    guint n_files;
  } steps[] = { { 0, 1 }, { DAY - 60000, 1 }, { 60000, 2 }, { DAY, 3 }, { DAY, 3 }, { -10 * DAY, 3 } };

  g_assert_no_error (error);
  sarap_visit_add_form (store);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      sarap_clock_advance (clock, steps[i].step);
      g_assert_true (sarap_backup_make_when_due (store, to, DAY, 3, &error));
      g_assert_cmpuint (count_files (to), ==, steps[i].n_files);
    }
  sarap_store_close (store);
  sarap_temporary_remove (to);
  sarap_temporary_remove (folder);
}

/* A card that is not there is an error, and tried again the next time. */
static void
test_a_missing_card_is_told (void)
{
  g_autofree char *folder = sarap_temporary_new (), *to = g_build_filename (folder, "card", NULL);
  g_autoptr (SarapStore) store = sarap_temporary_open (folder);
  g_autoptr (GError) error = NULL;

  g_assert_false (sarap_backup_make_when_due (store, to, DAY, 3, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (sarap_backup_get_last (store), ==, 0);
  sarap_store_close (store);
  sarap_temporary_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/backup-due/one-a-day-and-the-newest-stay", test_one_a_day_and_the_newest_stay);
  g_test_add_func ("/store/backup-due/a-missing-card-is-told", test_a_missing_card_is_told);
  return g_test_run ();
}
