#include "app/cli/sarap-cli.h"

#include <glib/gi18n.h>

#include "app/vault/sarap-passphrase.h"

#define USAGE "set|remove|duress|no-duress|recover|status --store DIR [--new-passphrase-file FILE] [--project-key FILE]"

typedef struct
{
  SarapStore *store;
  SarapKeyring *keyring;
  const char *new_file;
  const char *key;
} Wish;

/* Asked twice at a terminal. */
static char *
ask_twice (GError **error)
{
  char *first = sarap_passphrase_ask (_ ("New passphrase"), error);
  char *second = first != NULL ? sarap_passphrase_ask (_ ("Once more"), error) : NULL;
  gboolean is_same = second != NULL && g_str_equal (first, second) && *first != '\0';

  if (first == NULL && error != NULL && *error == NULL)
    g_set_error_literal (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING, "no terminal: give --new-passphrase-file FILE");
  else if (second != NULL && !is_same)
    g_set_error_literal (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "empty, or not the same twice");
  sarap_secret_wipe_text (second);
  if (is_same)
    return first;
  sarap_secret_wipe_text (first);
  return NULL;
}

static char *
get_new (const Wish *wish, GError **error)
{
  return wish->new_file != NULL ? sarap_passphrase_read (wish->new_file, error) : ask_twice (error);
}

typedef gboolean (*SetFunc) (SarapKeyring *keyring, const char *pin, GError **error);

static gboolean
set_new (const Wish *wish, SetFunc set, GError **error)
{
  char *passphrase = sarap_cli_unlock (wish->store, FALSE, error) ? get_new (wish, error) : NULL;
  gboolean ok = passphrase != NULL && set (wish->keyring, passphrase, error);

  sarap_secret_wipe_text (passphrase);
  return ok;
}

static gboolean
set_pin (const Wish *wish, GError **error)
{
  return set_new (wish, sarap_keyring_set_pin, error);
}

static gboolean
set_duress (const Wish *wish, GError **error)
{
  return set_new (wish, sarap_keyring_set_duress_pin, error);
}

static gboolean
remove_pin (const Wish *wish, GError **error)
{
  return sarap_cli_unlock (wish->store, FALSE, error) && sarap_keyring_set_pin (wish->keyring, NULL, error);
}

static gboolean
remove_duress (const Wish *wish, GError **error)
{
  return sarap_cli_unlock (wish->store, FALSE, error) && sarap_keyring_set_duress_pin (wish->keyring, NULL, error);
}

static gboolean
recover (const Wish *wish, GError **error)
{
  g_autoptr (SarapProjectKey) key = NULL;
  char *passphrase;
  gboolean ok;

  if (wish->key == NULL)
    {
      g_set_error_literal (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING, "give the private half of a project key: --project-key FILE");
      return FALSE;
    }
  key = sarap_project_key_read (wish->key, error);
  passphrase = key != NULL ? get_new (wish, error) : NULL;
  ok = passphrase != NULL && sarap_keyring_recover (wish->keyring, key, passphrase, error);
  sarap_secret_wipe_text (passphrase);
  return ok;
}

static gboolean
tell (const Wish *wish, GError **error)
{
  g_print ("pin\t%s\nwait\t%u\n", sarap_keyring_has_pin (wish->keyring) ? "yes" : "no", sarap_keyring_get_wait (wish->keyring));
  return TRUE;
}

static const struct
{
  const char *name;
  gboolean (*run) (const Wish *wish, GError **error);
} actions[] = {
  { "set", set_pin },
  { "remove", remove_pin },
  { "duress", set_duress },
  { "no-duress", remove_duress },
  { "recover", recover },
  { "status", tell },
};

/* pin ACTION --store DIR: the PIN itself as for every command; a new one from --new-passphrase-file or the terminal. */
int
sarap_cli_pin (int argc, char **argv)
{
  g_autofree char *folder = NULL, *new_file = NULL, *key = NULL;
  const GOptionEntry options[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &folder, NULL, "DIR" },
    { "new-passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &new_file, NULL, "FILE" },
    { "project-key", 0, 0, G_OPTION_ARG_FILENAME, &key, NULL, "FILE" },
    { NULL },
  };
  g_autoptr (SarapStore) store = NULL;
  g_autoptr (GError) error = NULL;
  guint i = 0;
  int status;

  if (!sarap_cli_parse (&argc, &argv, options, USAGE, 1))
    return SARAP_STATUS_BAD_USAGE;
  while (i < G_N_ELEMENTS (actions) && !g_str_equal (argv[1], actions[i].name))
    i++;
  if (i == G_N_ELEMENTS (actions))
    {
      g_printerr (_ ("usage: sarapctl %s %s\n"), argv[0], USAGE);
      return SARAP_STATUS_BAD_USAGE;
    }
  store = sarap_cli_open_locked_store (argv[0], folder, &status);
  if (store == NULL)
    return status;
  if (actions[i].run (&(Wish){ store, sarap_store_get_keyring (store), new_file, key }, &error))
    return SARAP_STATUS_DONE;
  return sarap_cli_fail (argv[0], error);
}
