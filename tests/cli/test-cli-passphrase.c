#include <glib/gstdio.h>
#include <sys/wait.h>

#include "tests/support/sarap-figure.h"
#include "tests/support/sarap-temporary.h"

#define FORM SARAP_TEST_FOLDER "/data/forms/visit.xml"

typedef struct
{
  char *folder;
  char *output, *errors; /* of the last run */
} Fixture;

static void
write_file (Fixture *self, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* Runs sarapctl in the fixture's folder with the words of @line and gives its status. */
static int
run (Fixture *self, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  int status;

  g_ptr_array_add (argv, (char *) g_getenv ("SARAPCTL"));
  for (guint i = 0; i <= g_strv_length (words); i++)
    g_ptr_array_add (argv, words[i]);
  g_clear_pointer (&self->output, g_free);
  g_clear_pointer (&self->errors, g_free);
  g_spawn_sync (self->folder, (char **) argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &self->output, &self->errors, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = sarap_temporary_new ();
  write_file (self, "answers.json", "{\"/data/name\": \"Ақ\", \"/data/age\": 33}");
  write_file (self, "pin", "2468\n");
  write_file (self, "other", "1357\n");
  write_file (self, "wrong", "0000\n");
  write_file (self, "empty", "\n");
  g_assert_cmpint (run (self, "project-key key"), ==, 0);
  g_assert_cmpint (run (self, "fill " FORM " answers.json --store s --draft --project-key key.pub --passphrase-file pin"), ==, 0);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  sarap_temporary_remove (self->folder);
  g_free (self->folder);
  g_free (self->output);
  g_free (self->errors);
}

static void
test_a_new_store_takes_the_passphrase_as_pin (Fixture *self, gconstpointer data)
{
  g_autofree char *beside = g_build_filename (self->folder, "s-project-key", NULL);

  g_assert_false (g_file_test (beside, G_FILE_TEST_EXISTS));
  g_assert_cmpint (run (self, "list --store s"), ==, 1);
  g_assert_nonnull (strstr (self->errors, "--passphrase-file"));
  g_assert_cmpint (run (self, "--passphrase-file pin list --store s"), ==, 0);
  g_assert_nonnull (strstr (self->output, "Ақ"));
  g_assert_cmpint (run (self, "list --store s --passphrase-file=pin"), ==, 0);
  g_assert_cmpint (run (self, "list --store s --passphrase-file"), ==, 2);
  g_assert_cmpint (run (self, "list --store s --passphrase-file empty"), ==, 1);
  g_assert_cmpint (run (self, "list --store s --passphrase-file missing"), ==, 1);
}

static void
test_the_environment_names_the_file (Fixture *self, gconstpointer data)
{
  g_setenv ("SARAP_PASSPHRASE_FILE", "pin", TRUE);
  g_assert_cmpint (run (self, "list --store s"), ==, 0);
  g_unsetenv ("SARAP_PASSPHRASE_FILE");
  g_assert_cmpint (run (self, "list --store s"), ==, 1);
}

static void
test_wrong_ones_must_wait (Fixture *self, gconstpointer data)
{
  gint64 begin = g_get_monotonic_time ();
  double shortest;

  for (int i = 0; i < 5; i++)
    {
      g_assert_cmpint (run (self, "list --store s --passphrase-file wrong"), ==, 1);
      g_assert_nonnull (strstr (self->errors, "wrong passphrase"));
    }
  shortest = (g_get_monotonic_time () - begin) / 5000.0;
  g_assert_nonnull (strstr (self->errors, " seconds"));
  g_assert_cmpint (run (self, "list --store s --passphrase-file pin"), ==, 1);
  g_assert_nonnull (strstr (self->errors, "try again in "));
  g_test_message ("C3 %.0f ms a try, five free, 15 s after %.0f %s", shortest, 250.0, shortest >= 250 ? "PASS" : "FAIL");
  g_assert_cmpfloat (shortest, >=, 250);
}

static void
test_a_forgotten_pin_is_replaced_with_the_project_key (Fixture *self, gconstpointer data)
{
  for (int i = 0; i < 5; i++)
    run (self, "list --store s --passphrase-file wrong");
  g_assert_cmpint (run (self, "pin recover --store s --new-passphrase-file other"), ==, 1);
  g_assert_cmpint (run (self, "pin recover --store s --project-key key.pub --new-passphrase-file other"), ==, 1);
  g_assert_cmpint (run (self, "pin recover --store s --project-key key --new-passphrase-file other"), ==, 0);
  g_assert_cmpint (run (self, "list --store s --passphrase-file other"), ==, 0);
  g_assert_nonnull (strstr (self->output, "\tdraft\t"));
}

static void
test_pins_are_changed_and_removed (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (run (self, "pin set --store s --passphrase-file wrong --new-passphrase-file other"), ==, 1);
  g_assert_cmpint (run (self, "pin set --store s --passphrase-file pin --new-passphrase-file other"), ==, 0);
  g_assert_cmpint (run (self, "list --store s --passphrase-file pin"), ==, 1);
  g_assert_cmpint (run (self, "pin remove --store s --passphrase-file other"), ==, 0);
  g_assert_cmpint (run (self, "pin status --store s"), ==, 0);
  g_assert_cmpstr (self->output, ==, "pin\tno\nwait\t0\n");
  g_assert_cmpint (run (self, "list --store s"), ==, 0);
  g_assert_cmpint (run (self, "pin lose --store s"), ==, 2);
}

static void
test_the_duress_pin_shows_an_empty_store (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (run (self, "pin duress --store s --passphrase-file pin --new-passphrase-file pin"), ==, 1);
  g_assert_cmpint (run (self, "pin duress --store s --passphrase-file pin --new-passphrase-file other"), ==, 0);
  g_assert_cmpint (run (self, "list --store s --passphrase-file other"), ==, 0);
  g_assert_cmpstr (self->output, ==, "");
  g_assert_cmpint (run (self, "list --store s --passphrase-file pin"), ==, 1);
  g_assert_cmpint (run (self, "pin recover --store s --project-key key --new-passphrase-file pin"), ==, 0);
  g_assert_cmpint (run (self, "list --store s --passphrase-file pin"), ==, 0);
  g_assert_nonnull (strstr (self->output, "\tdraft\t"));
}

static void
test_the_project_key_reads_without_the_pin (Fixture *self, gconstpointer data)
{
  g_autofree char *id = NULL;
  g_autofree char *line = NULL;

  g_assert_cmpint (run (self, "list --store s --project-key key"), ==, 0);
  id = g_strndup (self->output, strcspn (self->output, "\t"));
  line = g_strdup_printf ("show %s --store s --project-key key", id);
  g_assert_cmpint (run (self, line), ==, 0);
  g_assert_nonnull (strstr (self->output, "/data/name\tАқ\n"));
  g_assert_cmpint (run (self, "list --store s --project-key key.pub"), ==, 1);
}

/* What the server asks of whoever holds the private halves. */
static void
test_a_drill_is_answered_with_the_private_half (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "key.pub", NULL);
  g_autoptr (SarapProjectKey) key = sarap_project_key_read (path, NULL);
  g_autoptr (GBytes) sealed = sarap_project_key_seal (key, SARAP_DRILL_CONTEXT, "the-word", 8);
  g_autofree char *base64 = g_base64_encode (g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  g_autofree char *line = g_strdup_printf ("0123456789abcdef AAAA\n%s %s\n", sarap_project_key_peek_fingerprint (key), base64);

  write_file (self, "drill", line);
  g_assert_cmpint (run (self, "project-key key --answer drill"), ==, 0);
  g_assert_cmpstr (self->output, ==, "the-word\n");
  g_assert_cmpint (run (self, "project-key key.pub --answer drill"), ==, 1);
  g_assert_cmpint (run (self, "project-key stranger"), ==, 0);
  g_assert_cmpint (run (self, "project-key stranger --answer drill"), ==, 1);
  g_assert_cmpstr (self->output, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/cli/passphrase/a-new-store-takes-the-passphrase-as-pin", Fixture, NULL, set_up, test_a_new_store_takes_the_passphrase_as_pin, tear_down);
  g_test_add ("/cli/passphrase/the-environment-names-the-file", Fixture, NULL, set_up, test_the_environment_names_the_file, tear_down);
  g_test_add ("/cli/passphrase/wrong-ones-must-wait", Fixture, NULL, set_up, test_wrong_ones_must_wait, tear_down);
  g_test_add ("/cli/passphrase/a-forgotten-pin-is-replaced-with-the-project-key", Fixture, NULL, set_up, test_a_forgotten_pin_is_replaced_with_the_project_key, tear_down);
  g_test_add ("/cli/passphrase/pins-are-changed-and-removed", Fixture, NULL, set_up, test_pins_are_changed_and_removed, tear_down);
  g_test_add ("/cli/passphrase/the-duress-pin-shows-an-empty-store", Fixture, NULL, set_up, test_the_duress_pin_shows_an_empty_store, tear_down);
  g_test_add ("/cli/passphrase/the-project-key-reads-without-the-pin", Fixture, NULL, set_up, test_the_project_key_reads_without_the_pin, tear_down);
  g_test_add ("/cli/passphrase/a-drill-is-answered-with-the-private-half", Fixture, NULL, set_up, test_a_drill_is_answered_with_the_private_half, tear_down);
  return g_test_run ();
}
