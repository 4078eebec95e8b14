#include "app/store/sarap-media.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "app/base/sarap-file.h"
#include "app/store/sarap-store-private.h"

char *
sarap_media_dup_path (SarapStore *store, const char *sha256)
{
  return g_build_filename (sarap_store_get_media_folder (store), sha256, NULL);
}

/* Returns: (transfer full) the name of the file, which is synced; it may have been there already */
char *
sarap_media_write (SarapStore *store, GBytes *bytes, GError **error)
{
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autofree char *path = sarap_media_dup_path (store, sha256);

  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !sarap_file_write (path, bytes, 0600, error))
    {
      sarap_store_take_error (error);
      return NULL;
    }
  return g_steal_pointer (&sha256);
}

static gboolean
copy_stream (GInputStream *from, int to, GChecksum *checksum, goffset *size, GError **error)
{
  g_autoptr (GOutputStream) out = g_unix_output_stream_new (to, FALSE);
  guint8 block[65536];
  gssize n;

  *size = 0;
  while ((n = g_input_stream_read (from, block, sizeof block, NULL, error)) > 0)
    {
      g_checksum_update (checksum, block, n);
      *size += n;
      if (!g_output_stream_write_all (out, block, n, NULL, NULL, error))
        return FALSE;
    }
  return n == 0;
}

/* The same from a file, which may be large; its bytes are read once. */
char *
sarap_media_copy (SarapStore *store, const char *source, goffset *size, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (source);
  g_autoptr (GFileInputStream) from = g_file_read (file, NULL, error);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *temporary = sarap_media_dup_path (store, "new.XXXXXX");
  g_autofree char *path = NULL;
  gboolean copied;
  int descriptor;

  if (from == NULL)
    return NULL;
  descriptor = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);
  if (descriptor < 0)
    {
      g_set_error (error, SARAP_STORE_ERROR, errno == ENOSPC ? SARAP_STORE_ERROR_FULL : SARAP_STORE_ERROR_IO, "%s: %s", temporary, g_strerror (errno));
      return NULL;
    }
  copied = copy_stream (G_INPUT_STREAM (from), descriptor, checksum, size, error);
  close (descriptor);
  path = sarap_media_dup_path (store, g_checksum_get_string (checksum));
  if (copied && sarap_file_publish (temporary, path, error))
    return g_strdup (g_checksum_get_string (checksum));
  g_unlink (temporary);
  sarap_store_take_error (error);
  return NULL;
}

GBytes *
sarap_media_read (SarapStore *store, const char *sha256, GError **error)
{
  g_autofree char *path = sarap_media_dup_path (store, sha256);
  GBytes *bytes = sarap_file_read (path, 0, error);

  if (bytes == NULL)
    sarap_store_take_error (error);
  return bytes;
}

typedef struct
{
  SarapStore *store;
  GPtrArray *hashes;
} Forget;

static gboolean
remove_unused (SarapDatabase *db, gpointer data, GError **error)
{
  Forget *forget = data;

  for (guint i = 0; i < forget->hashes->len; i++)
    {
      const char *sha256 = g_ptr_array_index (forget->hashes, i);
      g_autofree char *path = sarap_media_dup_path (forget->store, sha256);
      SarapQuery *query = sarap_database_query (db, "media-is-used", error);
      gboolean is_used;

      sarap_query_bind_text (query, "sha256", sha256);
      is_used = !sarap_query_next (query) || sarap_query_get_int (query, "is_used");
      if (!sarap_query_finish (query))
        return FALSE;
      if (!is_used)
        g_unlink (path);
    }
  return TRUE;
}

/* Removes the files of @hashes (element-type utf8) that no row names any more. Call with the media
 * lock held, after the rows are gone for good. */
gboolean
sarap_media_forget (SarapStore *store, GPtrArray *hashes, GError **error)
{
  Forget forget = { store, hashes };

  return hashes->len == 0 || sarap_store_read (store, remove_unused, &forget, error);
}
