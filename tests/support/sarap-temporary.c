#include "tests/support/sarap-temporary.h"

#include <glib/gstdio.h>

#include "app/store/sarap-store-records.h"

/* Returns: (transfer full) the path of a new empty folder */
char *
sarap_temporary_new (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("sarap-test-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

/* With everything in it, and the project key that a new store leaves beside its folder. */
void
sarap_temporary_remove (const char *folder)
{
  g_autofree char *project_key = g_strconcat (folder, "-project-key", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        sarap_temporary_remove (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
  g_unlink (project_key);
}

/* Opens or makes the store in @folder with the system's clock. */
SarapStore *
sarap_temporary_open (const char *folder)
{
  g_autoptr (SarapClock) clock = sarap_clock_new_system ();
  g_autoptr (GError) error = NULL;
  SarapStore *store = sarap_store_open (folder, clock, TRUE, &error);

  g_assert_no_error (error);
  return store;
}

/* Also of a sent record: opens the private half of the project key that lies beside the store. Returns: (transfer full) */
GBytes *
sarap_temporary_dup_record_xml (SarapStore *store, const char *id)
{
  g_autofree char *path = g_strconcat (sarap_store_get_folder (store), "-project-key", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapProjectKey) key = sarap_project_key_read (path, &error);
  GBytes *xml;

  g_assert_no_error (error);
  sarap_keyring_open_project_key (sarap_store_get_keyring (store), key);
  xml = sarap_store_dup_record_xml (store, id, &error);
  g_assert_no_error (error);
  return xml;
}
