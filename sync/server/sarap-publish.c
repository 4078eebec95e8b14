#include "sync/server/sarap-publish.h"

#include "app/base/sarap-file.h"
#include "app/form/sarap-form.h"
#include "app/report/sarap-tables.h"
#include "sync/server/sarap-central-source.h"
#include "sync/server/sarap-form-facts.h"
#include "sync/server/sarap-spool.h"

#define LARGEST_MEDIA (256 * 1024 * 1024)

static gboolean
attach_bytes (SarapCentral *central, const char *name, GBytes *bytes, GPtrArray *media, GError **error)
{
  g_autoptr (SarapSpool) spool = sarap_spool_new (central->media, name, NULL);
  SarapCentralFile *file;

  if (!sarap_spool_write (spool, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error))
    return FALSE;
  sarap_spool_close (spool);
  if (!sarap_spool_keep (spool, error))
    return FALSE;
  file = sarap_central_file_new (name, sarap_spool_get_sha256 (spool), sarap_spool_get_size (spool));
  file->md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, bytes);
  g_ptr_array_add (media, file);
  return TRUE;
}

static gboolean
attach (SarapCentral *central, const char *folder, const char *name, GPtrArray *media, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GBytes) bytes = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  bytes = sarap_file_read (path, LARGEST_MEDIA, error);
  return bytes != NULL && attach_bytes (central, name, bytes, media, error);
}

/* A table that no question names, such as the scores of an audit or the waves of a survey. */
static gboolean
attach_table (SarapCentral *central, const char *folder, const char *const *names, const char *table, GPtrArray *media, GError **error)
{
  return g_strv_contains (names, table) || attach (central, folder, table, media, error);
}

static gboolean
attach_all (SarapCentral *central, const char *folder, const char *const *names, GPtrArray *media, SarapProblems *problems, GError **error)
{
  for (const char *const *name = names; *name != NULL; name++)
    {
      guint n = media->len;

      if (!attach (central, folder, *name, media, error))
        return FALSE;
      if (media->len == n)
        sarap_problems_add (problems, SARAP_PROBLEM_WARNING, NULL, 0, NULL, "the form names %s, which is not in %s", *name, folder);
    }
  for (const char *const *table = sarap_tables_get_names (); *table != NULL; table++)
    if (!attach_table (central, folder, names, *table, media, error))
      return FALSE;
  if (!attach_table (central, folder, names, "roles.csv", media, error))
    return FALSE;
  return media->len == 0 || sarap_media_sync (central->media, error);
}

/* Reads a form (XForm XML or .xlsx) with its media, which lie in @media_folder or, when NULL, beside
 * it, and offers it to the project's devices. */
SarapCentralForm *
sarap_publish_form (SarapCentral *central, gint64 project, const char *file, const char *media_folder, SarapProblems *problems, GError **error)
{
  g_autofree char *beside = g_path_get_dirname (file);
  g_autofree char *name = g_path_get_basename (file);
  const char *folder = media_folder ? media_folder : beside;
  g_autoptr (GPtrArray) media = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_central_file_free);
  g_autoptr (SarapForm) read = sarap_form_load_file (file, folder, problems, error);
  g_autoptr (SarapCentralForm) form = read ? sarap_form_facts_read (sarap_form_peek_xml (read), name, error) : NULL;

  if (form == NULL)
    return NULL;
  form->project = project;
  if (!sarap_tables_check_folder (read, folder, error) ||
      !attach_all (central, folder, sarap_form_get_media_names (read), media, problems, error) ||
      !sarap_central_store_add_form (central->store, form, media, sarap_central_get_now (central), error))
    return NULL;
  return g_steal_pointer (&form);
}

static void
drop_named (GPtrArray *media, const char *name)
{
  for (guint i = media->len; i > 0; i--)
    if (g_str_equal (((const SarapCentralFile *) g_ptr_array_index (media, i - 1))->name, name))
      g_ptr_array_remove_index (media, i - 1);
}

/* Puts @file, which is called like one of sarap_tables_get_names(), into the newest version of the form; older
 * versions keep theirs. Devices fetch it with their next round. */
gboolean
sarap_publish_table (SarapCentral *central, gint64 project, const char *form_id, const char *file, GError **error)
{
  g_autofree char *name = g_path_get_basename (file);
  g_autoptr (SarapRecordSource) source = sarap_central_source_new (central, project);
  g_autoptr (SarapCentralForm) form = NULL;
  g_autoptr (GPtrArray) media = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (!g_strv_contains (sarap_tables_get_names (), name))
    {
      g_autofree char *names = g_strjoinv (", ", (char **) sarap_tables_get_names ());

      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_UNSUPPORTED, "%s: a table is called one of %s", name, names);
      return FALSE;
    }
  bytes = sarap_file_read (file, LARGEST_MEDIA, error);
  if (bytes == NULL || !sarap_tables_check (source, form_id, name, bytes, error))
    return FALSE;
  form = sarap_central_store_find_form (central->store, project, form_id, NULL, error);
  media = form ? sarap_central_store_list_media (central->store, form->row, error) : NULL;
  if (media == NULL)
    return FALSE;
  drop_named (media, name);
  return attach_bytes (central, name, bytes, media, error) && sarap_media_sync (central->media, error) &&
         sarap_central_store_add_form (central->store, form, media, sarap_central_get_now (central), error);
}
