#include "app/cli/sarap-cli.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/vault/sarap-passphrase.h"

static const char *passphrase_file;

#define OPTION "--passphrase-file"

gboolean
sarap_cli_take_passphrase_file (int *argc, char **argv)
{
  int n = 1;

  for (int i = 1; i < *argc; i++)
    {
      if (g_str_has_prefix (argv[i], OPTION "="))
        passphrase_file = argv[i] + strlen (OPTION "=");
      else if (g_str_equal (argv[i], OPTION))
        passphrase_file = i + 1 < *argc ? argv[++i] : "";
      else
        argv[n++] = argv[i];
    }
  argv[n] = NULL;
  *argc = n;
  return passphrase_file == NULL || *passphrase_file != '\0';
}

static gboolean
has_folder (const char *command, const char *folder, int *status)
{
  if (folder != NULL)
    return TRUE;
  g_printerr (_ ("sarapctl %s: say which store: --store DIR\n"), command);
  *status = SARAP_STATUS_BAD_USAGE;
  return FALSE;
}

/* The PIN of a store with one. @may_stay_locked: without a passphrase it stays closed, and so does what is sealed with
 * it. */
gboolean
sarap_cli_unlock (SarapStore *store, gboolean may_stay_locked, GError **error)
{
  SarapKeyring *keyring = sarap_store_get_keyring (store);
  g_autoptr (GError) own = NULL;
  char *passphrase;
  gboolean ok;

  if (!sarap_keyring_is_locked (keyring))
    return TRUE;
  passphrase = sarap_passphrase_get (passphrase_file, may_stay_locked ? NULL : _ ("Passphrase"), &own);
  if (passphrase == NULL && own == NULL && may_stay_locked)
    return TRUE;
  if (passphrase == NULL && own == NULL)
    g_set_error (&own, SARAP_STORE_ERROR, SARAP_STORE_ERROR_LOCKED, "the store has a PIN: give it with %s FILE or " SARAP_PASSPHRASE_VARIABLE, OPTION);
  ok = passphrase != NULL && sarap_passphrase_unlock (keyring, passphrase, &own);
  sarap_secret_wipe_text (passphrase);
  if (own != NULL)
    g_propagate_error (error, g_steal_pointer (&own));
  return ok;
}

static gboolean
open_key (SarapKeyring *keyring, const char *path, GError **error)
{
  g_autoptr (SarapProjectKey) key = sarap_project_key_read (path, error);

  if (key == NULL)
    return FALSE;
  if (!sarap_project_key_is_private (key))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: this is the public half; the private half opens records", path);
      return FALSE;
    }
  if (!sarap_keyring_open_project_key (keyring, key))
    g_printerr (_ ("%s: nothing in this store was sealed to this key\n"), path);
  return TRUE;
}

static gboolean
add_key (SarapKeyring *keyring, const char *path, GError **error)
{
  g_autoptr (SarapProjectKey) key = sarap_project_key_read (path, error);

  return key != NULL && sarap_keyring_add_project_key (keyring, key, error);
}

static gboolean
is_store (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "sarap.db", NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* A new store: sealed to the first of @keys, its PIN the passphrase when one was named. */
static SarapStore *
make_store (const char *folder, SarapClock *clock, char **keys, GError **error)
{
  g_autoptr (SarapProjectKey) key = NULL;
  g_autoptr (GError) own = NULL;
  SarapStore *store;
  char *passphrase;

  if (keys != NULL && keys[0] != NULL && (key = sarap_project_key_read (keys[0], error)) == NULL)
    return NULL;
  passphrase = sarap_passphrase_get (passphrase_file, NULL, &own);
  if (own != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&own));
      return NULL;
    }
  store = sarap_store_create (folder, clock, key, passphrase, error);
  sarap_secret_wipe_text (passphrase);
  return store;
}

static gboolean
take_keys (SarapStore *store, gboolean create, char **keys, GError **error)
{
  SarapKeyring *keyring = sarap_store_get_keyring (store);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    if (!(create ? add_key (keyring, keys[i], error) : open_key (keyring, keys[i], error)))
      return FALSE;
  return TRUE;
}

SarapStore *
sarap_cli_open_store_with_keys (const char *command, const char *folder, gboolean create, char **keys, int *status)
{
  g_autoptr (SarapClock) clock = sarap_clock_new_from_environment ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapStore) store = NULL;
  gboolean may_stay_locked = !create && keys != NULL;

  if (!has_folder (command, folder, status))
    return NULL;
  store = create && !is_store (folder) ? make_store (folder, clock, keys, &error) : sarap_store_open (folder, clock, create, &error);
  if (store != NULL && sarap_cli_unlock (store, may_stay_locked, &error) && take_keys (store, create, keys, &error))
    return g_steal_pointer (&store);
  *status = sarap_cli_fail (command, error);
  return NULL;
}

/* @folder NULL: the option was left out. Returns: (transfer full), or NULL with @status set */
SarapStore *
sarap_cli_open_store (const char *command, const char *folder, gboolean create, int *status)
{
  return sarap_cli_open_store_with_keys (command, folder, create, NULL, status);
}

SarapStore *
sarap_cli_open_locked_store (const char *command, const char *folder, int *status)
{
  g_autoptr (SarapClock) clock = sarap_clock_new_from_environment ();
  g_autoptr (GError) error = NULL;
  SarapStore *store;

  if (!has_folder (command, folder, status))
    return NULL;
  store = sarap_store_open (folder, clock, FALSE, &error);
  if (store == NULL)
    *status = sarap_cli_fail (command, error);
  return store;
}
