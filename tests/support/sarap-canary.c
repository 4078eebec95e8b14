#include "tests/support/sarap-canary.h"

#include <string.h>

static guint
count_in (const char *path, const char *bytes, gsize size, const char *const *words)
{
  guint n = 0;

  for (guint i = 0; words[i] != NULL; i++)
    if (memmem (bytes, size, words[i], strlen (words[i])) != NULL)
      {
        g_test_message ("%s holds %s", path, words[i]);
        n++;
      }
  return n;
}

/* How often one of @words stands in a file below @folder, in its bytes or in its name. */
guint
sarap_canary_count (const char *folder, const char *const *words)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *bytes = NULL;
      gsize size;

      n += count_in (path, name, strlen (name), words);
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        n += sarap_canary_count (path, words);
      else if (g_file_get_contents (path, &bytes, &size, NULL))
        n += count_in (path, bytes, size, words);
    }
  return n;
}
