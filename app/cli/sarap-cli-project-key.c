#include "app/cli/sarap-cli.h"

#include <glib/gi18n.h>

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

/* project-key FILE: the private half into FILE (for its owner alone), the public one into FILE.pub; prints what the pair
 * is called. */
int
sarap_cli_project_key (int argc, char **argv)
{
  const GOptionEntry options[] = { { NULL } };
  g_autoptr (GError) error = NULL;

  if (!sarap_cli_parse (&argc, &argv, options, "FILE", 1))
    return SARAP_STATUS_BAD_USAGE;
  return make (argv[1], &error) ? SARAP_STATUS_DONE : sarap_cli_fail (argv[0], error);
}
