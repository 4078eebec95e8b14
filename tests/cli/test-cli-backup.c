#include <glib/gstdio.h>
#include <string.h>

#include "app/base/sarap-file.h"
#include "app/store/sarap-backup.h"
#include "tests/support/sarap-command.h"
#include "tests/support/sarap-figure.h"
#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-visit.h"

/* safety.md A12: a store, its backup, and a fresh machine that has nothing but the project's key. */

#define N_VISITS 5
#define N_FLIPS 50
#define N_FLIPS_LONG 1000

typedef struct
{
  char *folder;
  char *store;
  char *key; /* private half */
  char *to;  /* where backups go */
  char *output;
  char *errors;
} Fixture;

#define SARAPCTL(self, ...) sarap_command_run (&(self)->output, &(self)->errors, g_getenv ("SARAPCTL"), __VA_ARGS__, NULL)

static void
fill (Fixture *self)
{
  g_autoptr (SarapStore) store = sarap_temporary_open (self->store);
  g_autoptr (SarapRecorder) draft = NULL;
  g_autofree guint8 *photo = g_malloc0 (200000);
  g_autoptr (GBytes) bytes = g_bytes_new_static (photo, 200000);

  sarap_visit_add_form (store);
  for (guint i = 0; i < N_VISITS; i++)
    g_free (sarap_visit_finish (store, "Visit of the drill"));
  draft = sarap_visit_begin (store, "volunteer");
  sarap_visit_answer (draft, "/data/remark", "half an answer");
  g_assert_true (sarap_recorder_attach (draft, "/data/photo", bytes, "jpg", NULL));
  g_assert_true (sarap_recorder_flush (draft, NULL));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = sarap_temporary_new ();
  self->store = g_build_filename (self->folder, "store", NULL);
  self->key = g_strconcat (self->store, "-project-key", NULL);
  self->to = g_build_filename (self->folder, "card", NULL);
  g_mkdir (self->to, 0700);
  fill (self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  sarap_temporary_remove (self->folder);
  g_free (self->folder);
  g_free (self->store);
  g_free (self->key);
  g_free (self->to);
  g_free (self->output);
  g_free (self->errors);
}

static char *
back_up (Fixture *self)
{
  g_assert_cmpint (SARAPCTL (self, "backup", "--store", self->store, "--to", self->to), ==, 0);
  return g_strdup (g_strchomp (self->output));
}

/* As sha256sum tells the files of a closed store. */
static char *
dup_hashes (const char *folder)
{
  g_autofree char *output = NULL;

  g_assert_cmpint (sarap_command_run (&output, NULL, "/bin/sh", "-c", "cd \"$1\" && find sarap.db journal keys media -type f | LC_ALL=C sort | xargs sha256sum", "sh", folder, NULL), ==, 0);
  return g_steal_pointer (&output);
}

static void
test_restored_store_is_the_same (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = back_up (self), *fresh = g_build_filename (self->folder, "fresh", NULL);
  g_autofree char *before = dup_hashes (self->store), *list = NULL, *after = NULL, *told = NULL;

  g_assert_cmpint (SARAPCTL (self, "list", "--store", self->store, "--json"), ==, 0);
  list = g_strdup (self->output);
  g_assert_cmpint (SARAPCTL (self, "restore", backup, "--project-key", self->key, "--store", fresh), ==, 0);
  told = g_strdup (self->output);
  after = dup_hashes (fresh);
  sarap_figure_at_most ("A12", strcmp (before, after) != 0, 0);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpstr (told, ==, after);
  g_assert_cmpint (SARAPCTL (self, "list", "--store", fresh, "--json"), ==, 0);
  g_assert_cmpstr (self->output, ==, list);
}

static void
test_pin_is_set_anew (Fixture *self, gconstpointer data)
{
  g_autofree char *fresh = g_build_filename (self->folder, "fresh", NULL), *pin = g_build_filename (self->folder, "pin", NULL), *backup = NULL;
  g_autoptr (SarapStore) store = sarap_temporary_open (self->store);

  g_assert_true (sarap_keyring_set_pin (sarap_store_get_keyring (store), "forgotten", NULL));
  g_clear_object (&store);
  backup = back_up (self); /* without the PIN */
  g_assert_true (g_file_set_contents_full (pin, "new one\n", -1, 0, 0600, NULL));
  g_assert_cmpint (SARAPCTL (self, "restore", backup, "--project-key", self->key, "--store", fresh, "--new-passphrase-file", pin), ==, 0);
  store = sarap_temporary_open (fresh);
  g_assert_true (sarap_keyring_is_locked (sarap_store_get_keyring (store)));
  g_assert_true (sarap_keyring_unlock (sarap_store_get_keyring (store), "new one", NULL));
}

/* Nothing of a refused try stays. */
static void
assert_refused (Fixture *self, const char *backup, const char *key, const char *word)
{
  g_autofree char *fresh = g_build_filename (self->folder, "fresh", NULL);
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_assert_cmpint (SARAPCTL (self, "restore", backup, "--project-key", key, "--store", fresh), ==, 1);
  if (strstr (self->errors, word) == NULL)
    g_error ("no \"%s\" in: %s", word, self->errors);
  g_assert_nonnull (strstr (self->errors, backup));
  dir = g_dir_open (self->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_false (g_str_has_prefix (name, "fresh"));
}

static void
test_other_keys_are_refused (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = back_up (self), *other = g_build_filename (self->folder, "other", NULL), *public_half = g_build_filename (self->folder, "public", NULL);
  g_autoptr (SarapProjectKey) pair = sarap_project_key_generate ();
  g_autoptr (SarapProjectKey) own = sarap_project_key_read (self->key, NULL);

  g_assert_true (sarap_project_key_write (pair, TRUE, other, NULL));
  g_assert_true (sarap_project_key_write (own, FALSE, public_half, NULL));
  assert_refused (self, backup, other, sarap_project_key_peek_fingerprint (own));
  assert_refused (self, backup, public_half, "not open");
}

static void
test_second_key_opens_too (Fixture *self, gconstpointer data)
{
  g_autofree char *fresh = g_build_filename (self->folder, "fresh", NULL), *private_half = g_build_filename (self->folder, "second", NULL), *public_half = g_build_filename (self->folder, "second.pub", NULL);
  g_autoptr (SarapProjectKey) pair = sarap_project_key_generate ();
  g_autofree char *backup = NULL;

  g_assert_true (sarap_project_key_write (pair, TRUE, private_half, NULL));
  g_assert_true (sarap_project_key_write (pair, FALSE, public_half, NULL));
  g_assert_cmpint (SARAPCTL (self, "backup", "--store", self->store, "--to", self->to, "--project-key", public_half), ==, 0);
  backup = g_strdup (g_strchomp (self->output));
  g_assert_cmpint (SARAPCTL (self, "restore", backup, "--project-key", private_half, "--store", fresh), ==, 0);
}

static void
test_damage_is_told_with_its_place (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = back_up (self), *damaged = g_build_filename (self->folder, "damaged", NULL), *bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (backup, &bytes, &size, NULL));
  g_assert_true (g_file_set_contents (damaged, bytes, size / 2, NULL));
  assert_refused (self, damaged, self->key, "before byte");
  g_assert_true (g_file_set_contents (damaged, bytes, 40, NULL));
  assert_refused (self, damaged, self->key, "no backup");
  bytes[size / 2] ^= 1;
  g_assert_true (g_file_set_contents (damaged, bytes, size, NULL));
  assert_refused (self, damaged, self->key, ", in media/");
  g_assert_true (g_file_set_contents (damaged, "", 0, NULL));
  assert_refused (self, damaged, self->key, "no backup");
}

static gboolean
restores (Fixture *self, const char *backup, SarapProjectKey *key)
{
  g_autofree char *fresh = g_build_filename (self->folder, "fresh", NULL);
  g_autofree char *hashes = sarap_backup_restore (backup, key, fresh, NULL);

  return hashes != NULL;
}

static void
test_every_flip_and_cut_is_refused (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = back_up (self), *damaged = g_build_filename (self->folder, "damaged", NULL), *bytes = NULL;
  g_autoptr (SarapProjectKey) key = sarap_project_key_read (self->key, NULL);
  guint n = g_getenv ("SARAP_LONG") ? N_FLIPS_LONG : N_FLIPS, n_accepted = 0;
  gsize size;

  g_assert_true (g_file_get_contents (backup, &bytes, &size, NULL));
  for (guint i = 0; i < n; i++)
    {
      gsize at = i < 20 ? (gsize) i * 10 : (gsize) g_test_rand_int_range (0, size);

      bytes[at] ^= 1 << i % 8;
      g_assert_true (g_file_set_contents (damaged, bytes, size, NULL));
      n_accepted += restores (self, damaged, key);
      bytes[at] ^= 1 << i % 8;
      g_assert_true (g_file_set_contents (damaged, bytes, at, NULL));
      n_accepted += restores (self, damaged, key);
    }
  sarap_figure_at_most ("A12-damage", n_accepted, 0);
}

static void
test_nothing_is_overwritten (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = back_up (self), *before = dup_hashes (self->store), *after = NULL;

  g_assert_cmpint (SARAPCTL (self, "restore", backup, "--project-key", self->key, "--store", self->store), ==, 1);
  g_assert_nonnull (strstr (self->errors, "something already"));
  after = dup_hashes (self->store);
  g_assert_cmpstr (before, ==, after);
}

static void
test_the_newest_are_kept (Fixture *self, gconstpointer data)
{
  g_autofree char *first = back_up (self), *unfinished = g_strconcat (first, ".part", NULL), *stranger = g_build_filename (self->to, "sarap-00000000-000001-2026-01-01.sarap-backup", NULL), *last = NULL;

  g_assert_true (g_file_set_contents (unfinished, "half", -1, NULL));
  g_assert_true (g_file_set_contents (stranger, "of another tablet", -1, NULL));
  for (guint i = 0; i < 3; i++)
    {
      /* the clock jumps back a year each time */
      g_autofree char *now = g_strdup_printf ("%d-01-01T00:00:00Z", 2025 - i);

      g_setenv ("SARAP_NOW", now, TRUE);
      g_assert_cmpint (SARAPCTL (self, "backup", "--store", self->store, "--to", self->to, "--keep", "2"), ==, 0);
      g_free (last);
      last = g_strdup (g_strchomp (self->output));
      g_assert_true (g_file_test (last, G_FILE_TEST_EXISTS));
      g_unsetenv ("SARAP_NOW");
    }
  g_assert_false (g_file_test (first, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (unfinished, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (stranger, G_FILE_TEST_EXISTS));
  g_assert_cmpint (SARAPCTL (self, "backup", "--store", self->store, "--to", "/nowhere/card"), !=, 0);
}

static void
test_open_store_backs_itself_up (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapStore) store = sarap_temporary_open (self->store);
  g_autoptr (SarapProjectKey) key = sarap_project_key_read (self->key, NULL);
  g_autofree char *fresh = g_build_filename (self->folder, "fresh", NULL), *id = sarap_visit_finish (store, "while it is open"), *backup = NULL, *hashes = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (SARAPCTL (self, "backup", "--store", self->store, "--to", self->to), ==, 3);
  backup = sarap_backup_make (store, self->to, NULL, 0, &error);
  g_assert_no_error (error);
  g_free (sarap_visit_finish (store, "after it"));
  hashes = sarap_backup_restore (backup, key, fresh, &error);
  g_assert_no_error (error);
  g_assert_cmpint (SARAPCTL (self, "show", id, "--store", fresh), ==, 0);
  g_assert_nonnull (strstr (self->output, "while it is open"));
}

#define ADD(name, test) g_test_add ("/cli/backup/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("restored-store-is-the-same", test_restored_store_is_the_same);
  ADD ("pin-is-set-anew", test_pin_is_set_anew);
  ADD ("other-keys-are-refused", test_other_keys_are_refused);
  ADD ("second-key-opens-too", test_second_key_opens_too);
  ADD ("damage-is-told-with-its-place", test_damage_is_told_with_its_place);
  ADD ("every-flip-and-cut-is-refused", test_every_flip_and_cut_is_refused);
  ADD ("nothing-is-overwritten", test_nothing_is_overwritten);
  ADD ("the-newest-are-kept", test_the_newest_are_kept);
  ADD ("open-store-backs-itself-up", test_open_store_backs_itself_up);
  return g_test_run ();
}
