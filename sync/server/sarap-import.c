#include "sync/server/sarap-import.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/base/sarap-file.h"
#include "app/base/sarap-problem.h"
#include "sync/server/sarap-parcel-reader.h"
#include "sync/server/sarap-parcel-receipt.h"
#include "sync/server/sarap-spool.h"
#include "sync/wire/sarap-handover.h"

#define LARGEST_MANIFEST (4 * 1024 * 1024)
#define LARGEST_XML (16 * 1024 * 1024)
#define DEEPEST 3

/* A stick may hold anything: only plain files are read, never what a link leads to. */
static int
open_plain (const char *path, GError **error)
{
  int descriptor = open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  struct stat status;

  if (descriptor >= 0 && fstat (descriptor, &status) == 0 && S_ISREG (status.st_mode))
    return descriptor;
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING, "%s: %s", path, descriptor < 0 ? g_strerror (errno) : "not a plain file");
  if (descriptor >= 0)
    close (descriptor);
  return -1;
}

static SarapSpool *
copy_file (SarapCentral *central, const char *path, const char *name, GError **error)
{
  g_autoptr (SarapSpool) spool = sarap_spool_new (central->media, name, NULL);
  g_autofree guint8 *buffer = g_malloc (65536);
  int descriptor = open_plain (path, error);
  gssize n = 0;

  if (descriptor < 0)
    return NULL;
  while ((n = read (descriptor, buffer, 65536)) > 0)
    if (!sarap_spool_write (spool, buffer, (gsize) n, error))
      break;
  if (n < 0)
    g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: %s", path, g_strerror (errno));
  close (descriptor);
  if (n != 0)
    return NULL;
  sarap_spool_close (spool);
  return g_steal_pointer (&spool);
}

static GBytes *
read_plain (const char *folder, const char *name, gsize limit, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  int descriptor = open_plain (path, error);

  if (descriptor < 0)
    return NULL;
  close (descriptor);
  return sarap_file_read (path, limit, error);
}

/* The files that the manifest lists, each with the hash and size that it says. */
static GPtrArray *
copy_files (SarapCentral *central, const char *folder, const SarapHandoverManifest *manifest, GError **error)
{
  g_autoptr (GPtrArray) spools = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_spool_free);

  for (guint i = 0; i < manifest->files->len; i++)
    {
      const SarapStoredFile *file = g_ptr_array_index (manifest->files, i);
      g_autofree char *path = g_build_filename (folder, file->name, NULL);
      g_autoptr (SarapSpool) spool = copy_file (central, path, file->name, error);

      if (spool == NULL)
        return NULL;
      if (!g_str_equal (sarap_spool_get_sha256 (spool), file->sha256))
        {
          g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s is damaged: export it from the device again", path);
          return NULL;
        }
      if (!g_str_equal (file->name, SARAP_RECEIPT_XML))
        g_ptr_array_add (spools, g_steal_pointer (&spool));
    }
  return g_steal_pointer (&spools);
}

static SarapParcel *
read_parcel (SarapCentral *central, gint64 project, const char *folder, GPtrArray **spools, GError **error)
{
  g_autoptr (GBytes) text = read_plain (folder, SARAP_HANDOVER_MANIFEST, LARGEST_MANIFEST, error);
  g_autoptr (SarapHandoverManifest) manifest = text ? sarap_handover_manifest_parse (text, error) : NULL;
  g_autoptr (GBytes) xml = manifest ? read_plain (folder, SARAP_RECEIPT_XML, LARGEST_XML, error) : NULL;
  g_autoptr (SarapParcel) parcel = xml ? sarap_parcel_read (central, project, xml, error) : NULL;

  if (parcel == NULL)
    return NULL;
  if (!g_str_equal (parcel->instance_id, manifest->instance_id))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: the manifest is of another record", folder);
      return NULL;
    }
  *spools = copy_files (central, folder, manifest, error);
  if (*spools == NULL || !sarap_parcel_add_spools (parcel, *spools, error))
    return NULL;
  return g_steal_pointer (&parcel);
}

static gboolean
write_receipt (SarapCentral *central, const char *folder, const SarapParcel *parcel, GError **error)
{
  g_autofree char *path = g_build_filename (folder, SARAP_HANDOVER_RECEIPT, NULL);
  g_autoptr (SarapReceipt) receipt = sarap_receipt_from_parcel (central, parcel);
  g_autoptr (GBytes) bytes = sarap_handover_receipt_serialize (receipt, parcel->outcome == SARAP_OUTCOME_CREATED ? SARAP_MESSAGE_STORED : SARAP_MESSAGE_STORED_BEFORE);

  return sarap_file_write (path, bytes, 0644, error);
}

/* The submitter is who the device's folder is called after. */
static char *
dup_submitter (const char *folder)
{
  g_autofree char *above = g_path_get_dirname (folder);
  g_autofree char *name = g_path_get_basename (above);
  const char *device = g_str_has_prefix (name, SARAP_HANDOVER_FOLDER_PREFIX) ? name + strlen (SARAP_HANDOVER_FOLDER_PREFIX) : "";

  return g_utf8_make_valid (device, -1);
}

static void
import_record (SarapCentral *central, gint64 project, const char *folder, SarapImportFunc func, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) spools = NULL, parcels = g_ptr_array_new ();
  g_autoptr (SarapParcel) parcel = read_parcel (central, project, folder, &spools, &error);

  if (parcel == NULL || !sarap_spools_keep (spools, central->media, &error))
    {
      if (!g_str_has_prefix (error->message, folder))
        g_prefix_error (&error, "%s: ", folder);
      func (folder, NULL, error, data);
      return;
    }
  parcel->submitter = dup_submitter (folder);
  g_ptr_array_add (parcels, parcel);
  sarap_central_store_accept (central->store, parcels);
  if (parcel->outcome <= SARAP_OUTCOME_DUPLICATE)
    write_receipt (central, folder, parcel, &error);
  func (folder, parcel, error, data);
}

static gboolean
walk (SarapCentral *central, gint64 project, const char *folder, guint depth, SarapImportFunc func, gpointer data, GError **error)
{
  g_autofree char *manifest = g_build_filename (folder, SARAP_HANDOVER_MANIFEST, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  const char *name;

  if (dir == NULL)
    return FALSE;
  if (g_file_test (manifest, G_FILE_TEST_EXISTS))
    {
      import_record (central, project, folder, func, data);
      return TRUE;
    }
  while (depth < DEEPEST && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK) && !walk (central, project, path, depth + 1, func, data, error))
        return FALSE;
    }
  return TRUE;
}

/* Takes in what a stick holds, by the rules that hold for the network, and leaves a receipt beside
 * each record that is stored. One bad record does not stop the others: @func tells of each. */
gboolean
sarap_import_folder (SarapCentral *central, gint64 project, const char *folder, SarapImportFunc func, gpointer data, GError **error)
{
  return walk (central, project, folder, 0, func, data, error);
}
