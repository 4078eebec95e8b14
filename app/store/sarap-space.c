#include "app/store/sarap-space.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app/store/sarap-store-private.h"

#define MB ((guint64) 1000 * 1000)
#define LOW (200 * MB)
#define NONE (50 * MB)
#define SMALL_DISK (100 * MB) /* where those figures are most of the disk, a quarter and an eighth of it stand for them */
#define BALLAST (4 * MB)

static gboolean
probe_disk (const char *folder, guint64 *n_free, guint64 *n_total)
{
  struct statvfs disk;

  if (statvfs (folder, &disk) != 0)
    return FALSE;
  *n_free = (guint64) disk.f_bavail * disk.f_frsize;
  *n_total = (guint64) disk.f_blocks * disk.f_frsize;
  return TRUE;
}

static SarapSpaceProbe used_probe = probe_disk;

void
sarap_space_set_probe (SarapSpaceProbe probe)
{
  used_probe = probe ? probe : probe_disk;
}

/* A disk that cannot be asked counts as having room: what is written there tells. */
SarapSpace
sarap_space_look (const char *folder)
{
  guint64 n_free, n_total;
  gboolean is_small;

  if (!used_probe (folder, &n_free, &n_total))
    return SARAP_SPACE_ENOUGH;
  is_small = n_total < SMALL_DISK;
  if (n_free < (is_small ? n_total / 8 : NONE))
    return SARAP_SPACE_NONE;
  return n_free < (is_small ? n_total / 4 : LOW) ? SARAP_SPACE_LOW : SARAP_SPACE_ENOUGH;
}

/* Any thread. */
SarapSpace
sarap_store_get_space (SarapStore *store)
{
  return sarap_space_look (sarap_store_get_folder (store));
}

static char *
dup_ballast_path (const char *folder)
{
  return g_build_filename (folder, "ballast", NULL);
}

static gboolean
fill_ballast (const char *path, goffset size)
{
  int descriptor = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  gboolean ok;

  if (descriptor < 0)
    return FALSE;
  ok = posix_fallocate (descriptor, 0, size) == 0 && fsync (descriptor) == 0;
  close (descriptor);
  if (!ok)
    g_unlink (path);
  return ok;
}

/* Makes the ballast where it is missing and there is room: a sixteenth of a small disk, a fixed size on others. */
void
sarap_ballast_keep (const char *folder)
{
  g_autofree char *path = dup_ballast_path (folder);
  guint64 n_free, n_total;

  if (g_file_test (path, G_FILE_TEST_EXISTS) || sarap_space_look (folder) != SARAP_SPACE_ENOUGH || !used_probe (folder, &n_free, &n_total))
    return;
  if (!fill_ballast (path, MIN (BALLAST, n_total / 16)))
    g_warning ("%s cannot be made", path);
}

/* Before something is written: the last bytes are the open interview's. */
void
sarap_ballast_give_up_if_low (const char *folder)
{
  g_autofree char *path = NULL;
  guint64 n_free, n_total;

  if (!used_probe (folder, &n_free, &n_total) || n_free >= MIN (BALLAST, n_total / 16))
    return;
  path = dup_ballast_path (folder);
  if (g_unlink (path) == 0)
    g_message ("The disk is full: the bytes kept for the open interview are given up");
}

/* FALSE: the disk changed bytes that nobody wrote. */
gboolean
sarap_ballast_is_blank (const char *folder)
{
  g_autofree char *path = dup_ballast_path (folder);
  g_autofree char *bytes = NULL;
  gsize size;

  if (!g_file_get_contents (path, &bytes, &size, NULL))
    return TRUE;
  return size == 0 || (bytes[0] == 0 && memcmp (bytes, bytes + 1, size - 1) == 0);
}
