#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/support/sarap-disk-log.h"

/* Preloaded (LD_PRELOAD) it stands between a program with its libraries (SQLite among them) and the disk. Only what lies below
 * SARAP_DISK_ROOT counts.
 *   SARAP_DISK_LOG=FILE     every change, sync and word on descriptor 1 is written down in order (sarap-disk-log.h)
 *   SARAP_DISK_FAULT=N:KIND the N-th operation fails: "eio"; "short" (half is written); "enospc" (also all that follow
 *                           which need room)
 *   SARAP_DISK_FIRED=FILE   appears when the fault came
 * Syncs are written down and not done: nobody cuts the power of this machine. */

#define N_DESCRIPTORS 4096

static pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static char *paths[N_DESCRIPTORS]; /* of open descriptors below the root */
static const char *root;
static int log_descriptor = -1;
static long fault_at;
static char fault_kind; /* the second letter */
static long n_operations;

__attribute__ ((constructor)) static void
begin (void)
{
  const char *fault = getenv ("SARAP_DISK_FAULT");
  const char *path = getenv ("SARAP_DISK_LOG");

  root = getenv ("SARAP_DISK_ROOT");
  if (path != NULL)
    log_descriptor = syscall (SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fault != NULL)
    {
      fault_at = atol (fault);
      fault_kind = strchr (fault, ':')[2];
    }
}

static int
is_ours (const char *path)
{
  return root != NULL && path != NULL && strncmp (path, root, strlen (root)) == 0;
}

static void
note (SarapDiskKind kind, ino_t inode, off_t at, const char *path, const char *other, const void *data, size_t size)
{
  SarapDiskEntry entry = { .kind = kind, .inode = inode, .at = at, .size = size, .path_size = path ? strlen (path + strlen (root)) : 0, .other_size = other ? strlen (other + strlen (root)) : 0 };
  int number = errno;

  if (log_descriptor < 0)
    return;
  syscall (SYS_write, log_descriptor, &entry, sizeof entry);
  if (entry.path_size)
    syscall (SYS_write, log_descriptor, path + strlen (root), (size_t) entry.path_size);
  if (entry.other_size)
    syscall (SYS_write, log_descriptor, other + strlen (root), (size_t) entry.other_size);
  if (size > 0)
    syscall (SYS_write, log_descriptor, data, size);
  errno = number;
}

static void
tell_fired (void)
{
  const char *path = getenv ("SARAP_DISK_FIRED");
  int descriptor = path ? syscall (SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;

  if (descriptor >= 0)
    syscall (SYS_close, descriptor);
}

/* Whether this operation fails; errno is set. */
static int
fails (int needs_room)
{
  n_operations++;
  if (fault_at == 0 || n_operations < fault_at || (n_operations > fault_at && fault_kind != 'n'))
    return 0;
  tell_fired ();
  errno = fault_kind == 'n' ? ENOSPC : EIO;
  return fault_kind != 'n' || needs_room;
}

static const char *
path_of (int descriptor)
{
  return descriptor >= 0 && descriptor < N_DESCRIPTORS ? paths[descriptor] : NULL;
}

static ino_t
inode_of (int descriptor)
{
  struct stat status;

  return fstat (descriptor, &status) == 0 ? status.st_ino : 0;
}

static int
open_any (const char *path, int flags, mode_t mode)
{
  int is_new = (flags & O_CREAT) && access (path, F_OK) != 0;
  int descriptor;

  if (!is_ours (path))
    return syscall (SYS_openat, AT_FDCWD, path, flags, mode);
  pthread_mutex_lock (&mutex);
  descriptor = is_new && fails (1) ? -1 : (int) syscall (SYS_openat, AT_FDCWD, path, flags, mode);
  if (descriptor >= 0 && descriptor < N_DESCRIPTORS)
    {
      free (paths[descriptor]);
      paths[descriptor] = strdup (path);
      if (is_new)
        note (SARAP_DISK_CREATE, inode_of (descriptor), 0, path, NULL, NULL, 0);
      else if (flags & O_TRUNC)
        note (SARAP_DISK_TRUNCATE, inode_of (descriptor), 0, NULL, NULL, NULL, 0);
    }
  pthread_mutex_unlock (&mutex);
  return descriptor;
}

static mode_t
get_mode (int flags, va_list arguments)
{
  return flags & (O_CREAT | O_TMPFILE) ? va_arg (arguments, mode_t) : 0;
}

int open (const char *path, int flags, ...);
int open64 (const char *path, int flags, ...);
int __open_2 (const char *path, int flags);
int __open64_2 (const char *path, int flags);

int
open (const char *path, int flags, ...)
{
  va_list arguments;
  mode_t mode;

  va_start (arguments, flags);
  mode = get_mode (flags, arguments);
  va_end (arguments);
  return open_any (path, flags, mode);
}

int
open64 (const char *path, int flags, ...)
{
  va_list arguments;
  mode_t mode;

  va_start (arguments, flags);
  mode = get_mode (flags, arguments);
  va_end (arguments);
  return open_any (path, flags | O_LARGEFILE, mode);
}

int
__open_2 (const char *path, int flags)
{
  return open_any (path, flags, 0);
}

int
__open64_2 (const char *path, int flags)
{
  return open_any (path, flags, 0);
}

int
close (int descriptor)
{
  pthread_mutex_lock (&mutex);
  if (path_of (descriptor) != NULL)
    {
      free (paths[descriptor]);
      paths[descriptor] = NULL;
    }
  pthread_mutex_unlock (&mutex);
  return syscall (SYS_close, descriptor);
}

/* @at: -1 where the descriptor stands. */
static ssize_t
write_any (int descriptor, const void *data, size_t size, off_t at)
{
  const char *path = path_of (descriptor);
  off_t place = at;
  ssize_t n;
  int is_short;

  if (path == NULL && descriptor != 1)
    return at < 0 ? syscall (SYS_write, descriptor, data, size) : syscall (SYS_pwrite64, descriptor, data, size, at);
  pthread_mutex_lock (&mutex);
  if (path != NULL && fails (1))
    {
      is_short = fault_kind == 'h' && size > 1;
      size = is_short ? size / 2 : 0;
    }
  else
    is_short = -1;
  if (path != NULL && at < 0)
    place = fcntl (descriptor, F_GETFL) & O_APPEND ? lseek (descriptor, 0, SEEK_END) : lseek (descriptor, 0, SEEK_CUR);
  if (is_short == 0)
    n = -1;
  else
    n = at < 0 ? syscall (SYS_write, descriptor, data, size) : syscall (SYS_pwrite64, descriptor, data, size, at);
  if (n > 0)
    note (path ? SARAP_DISK_WRITE : SARAP_DISK_WORD, path ? inode_of (descriptor) : 0, place, NULL, NULL, data, n);
  pthread_mutex_unlock (&mutex);
  return n;
}

ssize_t
write (int descriptor, const void *data, size_t size)
{
  return write_any (descriptor, data, size, -1);
}

ssize_t
pwrite (int descriptor, const void *data, size_t size, off_t at)
{
  return write_any (descriptor, data, size, at);
}

ssize_t
pwrite64 (int descriptor, const void *data, size_t size, off_t at)
{
  return write_any (descriptor, data, size, at);
}

static int
sync_any (int descriptor, long call)
{
  const char *path = path_of (descriptor);
  struct stat status;
  int result;

  if (path == NULL)
    return syscall (call, descriptor);
  pthread_mutex_lock (&mutex);
  result = fails (0) ? -1 : fstat (descriptor, &status);
  if (result == 0)
    note (S_ISDIR (status.st_mode) ? SARAP_DISK_SYNC_FOLDER : SARAP_DISK_SYNC, status.st_ino, 0, S_ISDIR (status.st_mode) ? path : NULL, NULL, NULL, 0);
  pthread_mutex_unlock (&mutex);
  return result;
}

int
fsync (int descriptor)
{
  return sync_any (descriptor, SYS_fsync);
}

int
fdatasync (int descriptor)
{
  return sync_any (descriptor, SYS_fdatasync);
}

static int
truncate_any (int descriptor, off_t size)
{
  int result;

  if (path_of (descriptor) == NULL)
    return syscall (SYS_ftruncate, descriptor, size);
  pthread_mutex_lock (&mutex);
  result = fails (0) ? -1 : (int) syscall (SYS_ftruncate, descriptor, size);
  if (result == 0)
    note (SARAP_DISK_TRUNCATE, inode_of (descriptor), size, NULL, NULL, NULL, 0);
  pthread_mutex_unlock (&mutex);
  return result;
}

int
ftruncate (int descriptor, off_t size)
{
  return truncate_any (descriptor, size);
}

int
ftruncate64 (int descriptor, off_t size)
{
  return truncate_any (descriptor, size);
}

/* Names: @call did it or failed. */
static int
name_any (SarapDiskKind kind, int needs_room, long call, const char *path, const char *other, mode_t mode)
{
  int result;

  pthread_mutex_lock (&mutex);
  if (is_ours (path) && fails (needs_room))
    result = -1;
  else
    result = other ? syscall (call, path, other) : syscall (call, path, mode);
  if (result == 0 && is_ours (path))
    note (kind, 0, 0, path, other, NULL, 0);
  pthread_mutex_unlock (&mutex);
  return result;
}

int
rename (const char *path, const char *other)
{
  return name_any (SARAP_DISK_RENAME, 0, SYS_rename, path, other, 0);
}

int
link (const char *path, const char *other)
{
  return name_any (SARAP_DISK_LINK, 1, SYS_link, path, other, 0);
}

int
unlink (const char *path)
{
  return name_any (SARAP_DISK_UNLINK, 0, SYS_unlink, path, NULL, 0);
}

int
rmdir (const char *path)
{
  return name_any (SARAP_DISK_UNLINK, 0, SYS_rmdir, path, NULL, 0);
}

int
mkdir (const char *path, mode_t mode)
{
  return name_any (SARAP_DISK_MKDIR, 1, SYS_mkdir, path, NULL, mode);
}
