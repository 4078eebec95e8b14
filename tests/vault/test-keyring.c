#include "app/vault/sarap-keyring.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("sarap-keys-XXXXXX", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  GDir *dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_dir_close (dir);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static SarapKeyring *
open_again (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  SarapKeyring *keyring = sarap_keyring_open (fixture->folder, &error);

  g_assert_no_error (error);
  return keyring;
}

static void
assert_unlock (SarapKeyring *keyring, const char *pin, int code)
{
  g_autoptr (GError) error = NULL;

  if (code < 0)
    {
      g_assert_true (sarap_keyring_unlock (keyring, pin, &error));
      g_assert_no_error (error);
      return;
    }
  g_assert_false (sarap_keyring_unlock (keyring, pin, &error));
  g_assert_error (error, SARAP_VAULT_ERROR, code);
}

static void
test_pin_opens_the_same_key (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SarapKeyring) made = sarap_keyring_create (fixture->folder, "482913", NULL, NULL);
  g_autoptr (SarapSecret) key = sarap_keyring_ref_user_key (made, NULL);
  g_autoptr (SarapKeyring) opened = open_again (fixture);
  g_autoptr (SarapSecret) again = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (sarap_keyring_is_locked (opened));
  g_assert_null (sarap_keyring_ref_user_key (opened, &error));
  g_assert_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_LOCKED);
  assert_unlock (opened, "482914", SARAP_VAULT_ERROR_WRONG_PIN);
  assert_unlock (opened, "482913", -1);
  again = sarap_keyring_ref_user_key (opened, NULL);
  g_assert_true (sarap_secret_equal (key, again));
  sarap_keyring_lock (opened);
  g_assert_true (sarap_keyring_is_locked (opened));
}

static void
test_without_pin_it_opens_by_itself (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SarapKeyring) made = sarap_keyring_create (fixture->folder, NULL, NULL, NULL);
  g_autoptr (SarapKeyring) opened = open_again (fixture);

  g_assert_false (sarap_keyring_has_pin (opened));
  g_assert_false (sarap_keyring_is_locked (opened));
}

static void
test_new_pin_keeps_the_key (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SarapKeyring) made = sarap_keyring_create (fixture->folder, "1111", NULL, NULL);
  g_autoptr (SarapSecret) key = sarap_keyring_ref_user_key (made, NULL);
  g_autoptr (SarapKeyring) opened = NULL;
  g_autoptr (SarapSecret) again = NULL;

  g_assert_true (sarap_keyring_set_pin (made, "2222", NULL));
  opened = open_again (fixture);
  assert_unlock (opened, "1111", SARAP_VAULT_ERROR_WRONG_PIN);
  assert_unlock (opened, "2222", -1);
  again = sarap_keyring_ref_user_key (opened, NULL);
  g_assert_true (sarap_secret_equal (key, again));
}

static void
test_sixth_wrong_pin_waits (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SarapKeyring) made = sarap_keyring_create (fixture->folder, "1111", NULL, NULL);
  g_autoptr (SarapKeyring) opened = open_again (fixture);
  g_autoptr (SarapKeyring) after_restart = NULL;

  for (int i = 0; i < 5; i++)
    {
      g_assert_cmpuint (sarap_keyring_get_wait (opened), ==, 0);
      assert_unlock (opened, "0000", SARAP_VAULT_ERROR_WRONG_PIN);
    }
  assert_unlock (opened, "1111", SARAP_VAULT_ERROR_WAIT);
  after_restart = open_again (fixture);
  g_assert_cmpuint (sarap_keyring_get_wait (after_restart), >=, 10);
  g_assert_cmpuint (sarap_keyring_get_wait (after_restart), <=, 15);
  assert_unlock (after_restart, "1111", SARAP_VAULT_ERROR_WAIT);
}

/* What the file says of another start of the machine does not shorten the wait, nor does a deadline far off lengthen it. */
static void
test_wait_begins_again_after_boot (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SarapKeyring) made = sarap_keyring_create (fixture->folder, "1111", NULL, NULL);
  g_autofree char *tries = g_build_filename (fixture->folder, "tries", NULL);

  g_assert_true (g_file_set_contents (tries, "[tries]\nwrong=7\nboot=another\nuntil=1\n", -1, NULL));
  g_assert_cmpuint (sarap_keyring_get_wait (made), ==, 60);
  g_assert_true (g_file_set_contents (tries, "[tries]\nwrong=100\nboot=another\nuntil=1\n", -1, NULL));
  g_assert_cmpuint (sarap_keyring_get_wait (made), ==, 3600);
  g_assert_true (g_file_set_contents (tries, "damaged", -1, NULL));
  g_assert_cmpuint (sarap_keyring_get_wait (made), ==, 3600);
}

static void
test_duress_pin_hides_and_escrow_brings_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SarapProjectKey) project = sarap_project_key_generate ();
  g_autoptr (SarapKeyring) made = sarap_keyring_create (fixture->folder, "1111", NULL, NULL);
  g_autoptr (SarapSecret) key = sarap_keyring_ref_user_key (made, NULL);
  g_autofree char *id = sarap_keyring_dup_user_id (made);
  g_autoptr (SarapKeyring) opened = NULL;
  g_autoptr (SarapKeyring) decoy = NULL;
  g_autoptr (SarapSecret) other = NULL;
  g_autoptr (SarapSecret) back = NULL;
  g_autofree char *decoy_id = NULL;
  g_autofree char *back_id = NULL;

  g_assert_true (sarap_keyring_add_project_key (made, project, NULL));
  g_assert_true (sarap_keyring_set_duress_pin (made, "9999", NULL));
  opened = open_again (fixture);
  assert_unlock (opened, "9999", -1);
  other = sarap_keyring_ref_user_key (opened, NULL);
  decoy_id = sarap_keyring_dup_user_id (opened);
  g_assert_false (sarap_secret_equal (key, other));
  g_assert_cmpstr (decoy_id, !=, id);

  decoy = open_again (fixture);
  assert_unlock (decoy, "1111", SARAP_VAULT_ERROR_WRONG_PIN);
  assert_unlock (decoy, "9999", -1);
  g_assert_true (sarap_keyring_recover (decoy, project, "3333", NULL));
  back = sarap_keyring_ref_user_key (decoy, NULL);
  back_id = sarap_keyring_dup_user_id (decoy);
  g_assert_true (sarap_secret_equal (key, back));
  g_assert_cmpstr (back_id, ==, id);
}

static void
test_another_project_key_recovers_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SarapProjectKey) project = sarap_project_key_generate ();
  g_autoptr (SarapProjectKey) stranger = sarap_project_key_generate ();
  g_autoptr (SarapKeyring) made = sarap_keyring_create (fixture->folder, "1111", NULL, NULL);
  g_autoptr (SarapKeyring) opened = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (sarap_keyring_add_project_key (made, project, NULL));
  opened = open_again (fixture);
  g_assert_false (sarap_keyring_recover (opened, stranger, "2222", &error));
  g_assert_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_LOCKED);
  g_assert_true (sarap_keyring_is_locked (opened));
}

/* A store opens on a disk that is full. */
static void
test_opening_writes_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SarapProjectKey) project = sarap_project_key_generate ();
  g_autoptr (SarapKeyring) made = sarap_keyring_create (fixture->folder, NULL, project, NULL);
  g_autofree char *path = g_build_filename (fixture->folder, "escrow", NULL);
  g_autoptr (SarapKeyring) opened = NULL;
  GStatBuf before, after;

  g_assert_cmpint (g_stat (path, &before), ==, 0);
  opened = sarap_keyring_open (fixture->folder, NULL);
  g_assert_false (sarap_keyring_is_locked (opened));
  g_assert_cmpint (g_stat (path, &after), ==, 0);
  g_assert_cmpuint (before.st_ino, ==, after.st_ino);
}

static void
test_project_keys_stay_and_lock_closes_them (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SarapProjectKey) project = sarap_project_key_generate ();
  g_autoptr (SarapKeyring) made = sarap_keyring_create (fixture->folder, NULL, NULL, NULL);
  g_autoptr (SarapKeyring) opened = NULL;
  g_autoptr (GPtrArray) keys = NULL;
  g_autoptr (GPtrArray) open_keys = NULL;
  g_autoptr (GPtrArray) closed_keys = NULL;

  g_assert_true (sarap_keyring_add_project_key (made, project, NULL));
  opened = open_again (fixture);
  keys = sarap_keyring_list_project_keys (opened);
  g_assert_cmpuint (keys->len, ==, 1);
  g_assert_false (sarap_project_key_is_private (keys->pdata[0]));
  sarap_keyring_open_project_key (opened, project);
  open_keys = sarap_keyring_list_project_keys (opened);
  g_assert_true (sarap_project_key_is_private (open_keys->pdata[0]));
  sarap_keyring_lock (opened);
  closed_keys = sarap_keyring_list_project_keys (opened);
  g_assert_false (sarap_project_key_is_private (closed_keys->pdata[0]));
}

static void
test_device_signs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SarapKeyring) made = sarap_keyring_create (fixture->folder, NULL, NULL, NULL);
  g_autoptr (GBytes) message = g_bytes_new_static ("manifest", 8);
  g_autoptr (GBytes) other = g_bytes_new_static ("manifesT", 8);
  g_autofree char *device = sarap_keyring_dup_device_key (made);
  guint8 signature[SARAP_SIGNATURE_SIZE];

  sarap_keyring_sign (made, message, signature);
  g_assert_true (sarap_signature_verify (device, message, signature));
  g_assert_false (sarap_signature_verify (device, other, signature));
  g_assert_false (sarap_signature_verify ("00", message, signature));
}

static void
test_files_are_private_and_damage_is_said (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "device", "user", "escrow" };
  g_autoptr (SarapKeyring) made = sarap_keyring_create (fixture->folder, "1111", NULL, NULL);
  g_autofree char *user = g_build_filename (fixture->folder, "user", NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, names[i], NULL);
      GStatBuf status;

      g_assert_cmpint (g_stat (path, &status), ==, 0);
      g_assert_cmpint (status.st_mode & 0777, ==, 0600);
    }
  g_assert_true (g_file_set_contents (user, "[key]\nid=a\n", -1, NULL));
  g_assert_null (sarap_keyring_open (fixture->folder, &error));
  g_assert_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_MALFORMED);
}

#define ADD(name, function) g_test_add ("/vault/keyring/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("pin-opens-the-same-key", test_pin_opens_the_same_key);
  ADD ("without-pin-it-opens-by-itself", test_without_pin_it_opens_by_itself);
  ADD ("new-pin-keeps-the-key", test_new_pin_keeps_the_key);
  ADD ("sixth-wrong-pin-waits", test_sixth_wrong_pin_waits);
  ADD ("wait-begins-again-after-boot", test_wait_begins_again_after_boot);
  ADD ("duress-pin-hides-and-escrow-brings-back", test_duress_pin_hides_and_escrow_brings_back);
  ADD ("another-project-key-recovers-nothing", test_another_project_key_recovers_nothing);
  ADD ("opening-writes-nothing", test_opening_writes_nothing);
  ADD ("project-keys-stay-and-lock-closes-them", test_project_keys_stay_and_lock_closes_them);
  ADD ("device-signs", test_device_signs);
  ADD ("files-are-private-and-damage-is-said", test_files_are_private_and_damage_is_said);
  return g_test_run ();
}
