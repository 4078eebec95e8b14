#include "sync/server/sarap-media.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "app/base/sarap-file.h"

struct _SarapMedia
{
  char *media;
  char *incoming;
};

static gboolean
set_error (GError **error, const char *path)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path, g_strerror (errno));
  return FALSE;
}

/* What a killed server left half received was never acknowledged. */
static void
empty_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
}

/* Makes and empties nothing. */
SarapMedia *
sarap_media_open_reader (const char *folder, GError **error)
{
  SarapMedia *self = g_new0 (SarapMedia, 1);

  self->media = g_build_filename (folder, "media", NULL);
  self->incoming = g_build_filename (folder, "incoming", NULL);
  return self;
}

/* @folder: the folder of the database. */
SarapMedia *
sarap_media_open (const char *folder, GError **error)
{
  g_autoptr (SarapMedia) self = sarap_media_open_reader (folder, error);

  if (g_mkdir_with_parents (self->media, 0700) != 0)
    {
      set_error (error, self->media);
      return NULL;
    }
  if (g_mkdir_with_parents (self->incoming, 0700) != 0)
    {
      set_error (error, self->incoming);
      return NULL;
    }
  empty_folder (self->incoming);
  return sarap_file_sync_folder (folder, error) ? g_steal_pointer (&self) : NULL;
}

void
sarap_media_free (SarapMedia *self)
{
  g_free (self->media);
  g_free (self->incoming);
  g_free (self);
}

char *
sarap_media_dup_path (SarapMedia *self, const char *sha256)
{
  return g_build_filename (self->media, sha256, NULL);
}

/* The content without copying it into memory. */
GBytes *
sarap_media_map (SarapMedia *self, const char *sha256, GError **error)
{
  g_autofree char *path = sarap_media_dup_path (self, sha256);
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);

  return file ? g_mapped_file_get_bytes (file) : NULL;
}

/* Returns: a descriptor for writing, -1 on error. */
int
sarap_media_create_temporary (SarapMedia *self, char **path, GError **error)
{
  g_autofree char *template = g_build_filename (self->incoming, "part-XXXXXX", NULL);
  int descriptor = g_mkstemp_full (template, O_RDWR | O_CLOEXEC, 0600);

  if (descriptor < 0)
    set_error (error, template);
  else
    *path = g_steal_pointer (&template);
  return descriptor;
}

/* Makes @temporary the file of that hash. Durable once sarap_media_sync() returned as well. */
gboolean
sarap_media_keep (SarapMedia *self, const char *temporary, int descriptor, const char *sha256, GError **error)
{
  g_autofree char *path = sarap_media_dup_path (self, sha256);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_unlink (temporary) == 0 || set_error (error, temporary);
  if (fsync (descriptor) != 0 || g_rename (temporary, path) != 0)
    return set_error (error, path);
  return TRUE;
}

gboolean
sarap_media_sync (SarapMedia *self, GError **error)
{
  return sarap_file_sync_folder (self->media, error);
}
