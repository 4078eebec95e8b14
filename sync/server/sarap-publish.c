#include "sync/server/sarap-publish.h"

#include "app/base/sarap-file.h"
#include "app/form/sarap-form.h"
#include "sync/server/sarap-form-facts.h"
#include "sync/server/sarap-spool.h"

#define LARGEST_MEDIA (256 * 1024 * 1024)

/* Tables of a form that no question names: the scores of an audit, the waves of a survey. */
static const char *const side_tables[] = { "roles.csv", "scoring.csv", "sections.csv", "violations.csv", "waves.csv" };

static gboolean
attach (SarapCentral *central, const char *folder, const char *name, GPtrArray *media, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (SarapSpool) spool = NULL;
  g_autoptr (GBytes) bytes = NULL;
  SarapCentralFile *file;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  bytes = sarap_file_read (path, LARGEST_MEDIA, error);
  if (bytes == NULL)
    return FALSE;
  spool = sarap_spool_new (central->media, name, NULL);
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
  for (guint i = 0; i < G_N_ELEMENTS (side_tables); i++)
    if (!g_strv_contains (names, side_tables[i]) && !attach (central, folder, side_tables[i], media, error))
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
  if (!attach_all (central, folder, sarap_form_get_media_names (read), media, problems, error) ||
      !sarap_central_store_add_form (central->store, form, media, sarap_central_get_now (central), error))
    return NULL;
  return g_steal_pointer (&form);
}
