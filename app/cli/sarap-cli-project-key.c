#include "app/cli/sarap-cli.h"

#include <string.h>

#include "app/base/sarap-file.h"
#include "app/store/sarap-project-keys.h"

#define LONGEST_DRILL 65536

static gboolean
make (const char *path, GError **error)
{
  g_autofree char *public_path = g_strconcat (path, ".pub", NULL);
  g_autoptr (SarapProjectKey) key = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (public_path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: there is a key already, and records may be sealed to it", path);
      return FALSE;
    }
  key = sarap_project_key_generate ();
  if (!sarap_project_key_write (key, TRUE, path, error) || !sarap_project_key_write (key, FALSE, public_path, error))
    return FALSE;
  g_print ("%s\n", sarap_project_key_peek_fingerprint (key));
  return TRUE;
}

/* The words that @key reads in the lines of a drill. */
static gboolean
answer (SarapProjectKey *key, const char *file, GError **error)
{
  g_autoptr (GBytes) bytes = sarap_file_read (file, LONGEST_DRILL, error);
  g_autofree char *text = bytes ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : NULL;
  g_auto (GStrv) lines = g_strsplit (text ? text : "", "\n", -1);
  g_autofree char *begin = g_strconcat (sarap_project_key_peek_fingerprint (key), " ", NULL);

  for (char **line = lines; bytes != NULL && *line != NULL; line++)
    {
      gsize size;
      guint8 *data = g_str_has_prefix (*line, begin) ? g_base64_decode (*line + strlen (begin), &size) : NULL;
      g_autoptr (GBytes) sealed = data ? g_bytes_new_take (data, size) : NULL;
      g_autoptr (GBytes) word = sealed ? sarap_project_key_unseal (key, SARAP_DRILL_CONTEXT, sealed, error) : NULL;

      if (word != NULL)
        g_print ("%.*s\n", (int) g_bytes_get_size (word), (const char *) g_bytes_get_data (word, NULL));
      if (sealed != NULL)
        return word != NULL;
    }
  if (bytes != NULL)
    g_set_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_LOCKED, "%s: nothing in it is sealed to project key %s", file, sarap_project_key_peek_fingerprint (key));
  return FALSE;
}

/* Writes the private half in @file, "NAME.sealed", as NAME. */
static gboolean
open_sealed (SarapProjectKey *key, const char *file, GError **error)
{
  g_autoptr (SarapProjectKey) opened = sarap_project_key_open_sealed (file, key, error);
  g_autofree char *path = g_str_has_suffix (file, ".sealed") ? g_strndup (file, strlen (file) - strlen (".sealed")) : g_strconcat (file, ".key", NULL);

  if (opened == NULL)
    return FALSE;
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: there is a file already", path);
      return FALSE;
    }
  g_print ("%s\n", path);
  return sarap_project_key_write (opened, TRUE, path, error);
}

/* project-key FILE: the private half into FILE (for its owner alone), the public one into FILE.pub; prints what the pair
 * is called. --answer DRILL: prints the word in DRILL that the private half in FILE reads. --open SEALED: writes the
 * private half that a device sealed to it when it joined the project. */
int
sarap_cli_project_key (int argc, char **argv)
{
  g_autofree char *drill = NULL, *sealed = NULL;
  const GOptionEntry options[] = {
    { "answer", 0, 0, G_OPTION_ARG_FILENAME, &drill, NULL, "DRILL" },
    { "open", 0, 0, G_OPTION_ARG_FILENAME, &sealed, NULL, "SEALED" },
    { NULL }
  };
  g_autoptr (SarapProjectKey) key = NULL;
  g_autoptr (GError) error = NULL;
  gboolean ok;

  if (!sarap_cli_parse (&argc, &argv, options, "FILE [--answer DRILL | --open SEALED]", 1))
    return SARAP_STATUS_BAD_USAGE;
  if (drill == NULL && sealed == NULL)
    return make (argv[1], &error) ? SARAP_STATUS_DONE : sarap_cli_fail (argv[0], error);
  key = sarap_project_key_read (argv[1], &error);
  ok = key != NULL && (drill ? answer (key, drill, &error) : open_sealed (key, sealed, &error));
  return ok ? SARAP_STATUS_DONE : sarap_cli_fail (argv[0], error);
}
