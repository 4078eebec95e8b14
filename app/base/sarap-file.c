#include "app/base/sarap-file.h"

#include "app/base/sarap-problem.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 65536
#define MAX_SECRET 65536

/* The file's own fault (not there, a folder) is an input error, everything else the machine's. */
static void
set_errno (GError **error, int number, const char *what, const char *path)
{
  if ((number == ENOENT || number == ENOTDIR) && strcmp (what, "create") == 0)
    g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING, "%s: the folder it should go to is not there", path);
  else if (number == ENOENT || number == ENOTDIR)
    g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING, "%s: no such file", path);
  else if (number == EISDIR)
    g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: a folder, not a file", path);
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "%s: cannot %s: %s", path, what, g_strerror (number));
}

static gboolean
write_all (int descriptor, const char *data, gsize size, const char *path, GError **error)
{
  while (size > 0)
    {
      gssize n = write (descriptor, data, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          set_errno (error, n < 0 ? errno : EIO, "write", path);
          return FALSE;
        }
      data += n;
      size -= n;
    }
  return TRUE;
}

static gboolean
fill (int descriptor, GBytes *bytes, int mode, const char *path, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  if (fchmod (descriptor, mode) != 0)
    {
      set_errno (error, errno, "set the mode", path);
      return FALSE;
    }
  return write_all (descriptor, data, size, path, error);
}

/* A terminal, a pipe, /dev/null: renaming a file onto its name would destroy it. */
static gboolean
is_stream (const char *path)
{
  struct stat status;

  return stat (path, &status) == 0 && !S_ISREG (status.st_mode) && !S_ISDIR (status.st_mode);
}

static gboolean
write_into (const char *path, GBytes *bytes, GError **error)
{
  int descriptor = open (path, O_WRONLY | O_CLOEXEC);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  gboolean ok;

  if (descriptor < 0)
    {
      set_errno (error, errno, "open", path);
      return FALSE;
    }
  ok = write_all (descriptor, data, size, path, error);
  close (descriptor);
  return ok;
}

/* Replaces @path as a whole or leaves it alone; what is no file (a pipe, a device) is written into.
 * @mode is set exactly, whatever the umask. When it returns TRUE, the file is there after a power
 * cut. Errors: G_IO_ERROR; SARAP_INPUT_ERROR_MISSING when there is no such folder. */
gboolean
sarap_file_write (const char *path, GBytes *bytes, int mode, GError **error)
{
  g_autofree char *temporary = NULL;
  int descriptor;
  gboolean is_filled;

  if (is_stream (path))
    return write_into (path, bytes, error);
  temporary = g_strconcat (path, ".XXXXXX", NULL);
  descriptor = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);
  if (descriptor < 0)
    {
      set_errno (error, errno, "create", path);
      return FALSE;
    }
  is_filled = fill (descriptor, bytes, mode, path, error);
  if (close (descriptor) != 0 && is_filled)
    {
      set_errno (error, errno, "close", path);
      is_filled = FALSE;
    }
  if (is_filled)
    return sarap_file_publish (temporary, path, error);
  g_unlink (temporary);
  return FALSE;
}

static gboolean
sync_path (const char *path, int flags, GError **error)
{
  int descriptor = open (path, flags | O_RDONLY | O_CLOEXEC);
  int number;

  if (descriptor < 0)
    {
      set_errno (error, errno, "open", path);
      return FALSE;
    }
  number = fsync (descriptor) == 0 ? 0 : errno;
  close (descriptor);
  if (number == 0)
    return TRUE;
  set_errno (error, number, "sync", path);
  return FALSE;
}

/* Makes a complete file visible under its name for good: @temporary, of the same folder, is synced
 * and renamed, and the folder synced. On failure @temporary is removed. */
gboolean
sarap_file_publish (const char *temporary, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (!sync_path (temporary, 0, error))
    {
      g_unlink (temporary);
      return FALSE;
    }
  if (is_stream (path) || g_rename (temporary, path) != 0)
    {
      set_errno (error, is_stream (path) ? EEXIST : errno, "rename to", path);
      g_unlink (temporary);
      return FALSE;
    }
  return sarap_file_sync_folder (folder, error);
}

gboolean
sarap_file_sync_folder (const char *folder, GError **error)
{
  return sync_path (folder, O_DIRECTORY, error);
}

static GBytes *
read_descriptor (int descriptor, gsize limit, const char *path, GError **error)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();
  guint8 block[BLOCK];

  for (;;)
    {
      gssize n = read (descriptor, block, sizeof block);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          set_errno (error, errno, "read", path);
          return NULL;
        }
      if (n == 0)
        return g_byte_array_free_to_bytes (g_steal_pointer (&all));
      if (all->len + (gsize) n > limit)
        {
          g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT, "%s: larger than %" G_GSIZE_FORMAT " bytes", path, limit);
          return NULL;
        }
      g_byte_array_append (all, block, n);
    }
}

/* @limit: bytes, at most 2 GB; 0 is that maximum. A file that is not there is
 * SARAP_INPUT_ERROR_MISSING, a larger one SARAP_INPUT_ERROR_LIMIT, else G_IO_ERROR. */
GBytes *
sarap_file_read (const char *path, gsize limit, GError **error)
{
  int descriptor = open (path, O_RDONLY | O_CLOEXEC);
  GBytes *bytes;

  if (descriptor < 0)
    {
      set_errno (error, errno, "open", path);
      return NULL;
    }
  bytes = read_descriptor (descriptor, limit == 0 ? G_MAXINT : MIN (limit, G_MAXINT), path, error);
  close (descriptor);
  return bytes;
}

/* Lower-case hexadecimal digest of the file's bytes, read in blocks. Returns: (transfer full) */
char *
sarap_file_hash (const char *path, GChecksumType type, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (type);
  int descriptor = open (path, O_RDONLY | O_CLOEXEC);
  guint8 block[BLOCK];
  gssize n;

  if (descriptor < 0)
    {
      set_errno (error, errno, "open", path);
      return NULL;
    }
  while ((n = read (descriptor, block, sizeof block)) > 0 || (n < 0 && errno == EINTR))
    if (n > 0)
      g_checksum_update (checksum, block, n);
  if (n < 0)
    set_errno (error, errno, "read", path);
  close (descriptor);
  return n < 0 ? NULL : g_strdup (g_checksum_get_string (checksum));
}

static gboolean
check_private (int descriptor, const char *path, GError **error)
{
  struct stat status;

  if (fstat (descriptor, &status) != 0)
    {
      set_errno (error, errno, "look at", path);
      return FALSE;
    }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) == 0)
    return TRUE;
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: others may read this secret; run chmod 600 on it", path);
  return FALSE;
}

/* At most 64 KB of text. Returns: (transfer full); wipe it after use. */
char *
sarap_file_read_secret (const char *path, GError **error)
{
  int descriptor = open (path, O_RDONLY | O_CLOEXEC);
  g_autoptr (GBytes) bytes = NULL;
  gsize size;
  char *secret;

  if (descriptor < 0)
    {
      set_errno (error, errno, "open", path);
      return NULL;
    }
  if (check_private (descriptor, path, error))
    bytes = read_descriptor (descriptor, MAX_SECRET, path, error);
  close (descriptor);
  if (bytes == NULL)
    return NULL;
  size = g_bytes_get_size (bytes);
  secret = g_strndup (size ? g_bytes_get_data (bytes, NULL) : "", size);
  if (g_str_has_suffix (secret, "\n"))
    secret[strlen (secret) - 1] = '\0';
  if (g_str_has_suffix (secret, "\r"))
    secret[strlen (secret) - 1] = '\0';
  return secret;
}
