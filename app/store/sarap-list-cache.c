#include "app/store/sarap-list-cache.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/base/sarap-file.h"
#include "app/base/sarap-problem.h"
#include "app/store/sarap-list-private.h"
#include "app/store/sarap-store.h"

/* Large lists as files of one folder, shared by all programs of the user.
 *
 *  1. HASH.list holds the list whose CSV file has that SHA-256. It is built under a temporary name,
 *     synced and renamed: two programs at once, or a power cut, do no harm.
 *  2. NAME.stamp holds the hash of a file that need not be read again: NAME stands for its path,
 *     size and times. Times that are too fresh to tell a later change are not trusted.
 *  3. A damaged list is thrown away and built again.
 *  4. After each building, what was not used longest goes until the folder is small enough; what
 *     is in use stays readable for those who have it open. */

#define MAX_BYTES (G_GINT64_CONSTANT (1024) * 1024 * 1024)
#define TEMPORARY_LIFE (60 * 60)       /* seconds */
#define STAMP_LIFE (90 * 24 * 60 * 60) /* seconds */
#define TOUCH_AFTER (24 * 60 * 60)     /* seconds */
#define FRESH 100000000                /* nanoseconds */

struct _SarapListCache
{
  GObject parent_instance;
  char *folder;
};

static void library_init (SarapListLibraryInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SarapListCache, sarap_list_cache, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (SARAP_TYPE_LIST_LIBRARY, library_init))

/* The CSV file that a list comes from. */
typedef struct
{
  char *name;
  char *path;    /* or NULL: */
  GBytes *bytes; /* not kept when there is a path */
} Source;

static void
source_free (gpointer data)
{
  Source *source = data;

  g_free (source->name);
  g_free (source->path);
  g_clear_pointer (&source->bytes, g_bytes_unref);
  g_free (source);
}

static gint64
nanoseconds (const struct timespec *time)
{
  return (gint64) time->tv_sec * G_GINT64_CONSTANT (1000000000) + time->tv_nsec;
}

/* Rule 2. NULL when the file is too fresh. */
static char *
dup_stamp_path (SarapListCache *self, const char *path, const struct stat *status)
{
  gint64 changed = MAX (nanoseconds (&status->st_mtim), nanoseconds (&status->st_ctim));
  g_autofree char *text = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *name = NULL;

  if (changed > g_get_real_time () * 1000 - FRESH)
    return NULL;
  text = g_strdup_printf ("%ju %ju %jd %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s", (uintmax_t) status->st_dev, (uintmax_t) status->st_ino, (intmax_t) status->st_size,
                          nanoseconds (&status->st_mtim), nanoseconds (&status->st_ctim), path);
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  name = g_strdup_printf ("%.32s.stamp", hash);
  return g_build_filename (self->folder, name, NULL);
}

static char *
read_stamp (const char *path)
{
  g_autofree char *text = NULL;
  gsize length;

  if (path == NULL || !g_file_get_contents (path, &text, &length, NULL) || length != 64 || strspn (text, "0123456789abcdef") != 64)
    return NULL;
  return g_steal_pointer (&text);
}

static void
write_stamp (const char *path, const char *sha256)
{
  g_autoptr (GBytes) bytes = g_bytes_new (sha256, strlen (sha256));
  g_autoptr (GError) error = NULL;

  if (!sarap_file_write (path, bytes, 0600, &error))
    g_info ("%s", error->message);
}

static char *
hash_bytes (SarapListBytes *bytes, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *buffer = g_malloc (1 << 18);
  gssize n;

  while ((n = sarap_list_bytes_read (buffer, 1 << 18, bytes, error)) > 0)
    g_checksum_update (checksum, (const guchar *) buffer, n);
  return n < 0 ? NULL : g_strdup (g_checksum_get_string (checksum));
}

/* Rule 4 */
typedef struct
{
  char *path;
  gint64 used;
  gint64 size;
} Kept;

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  g_free (kept->path);
  g_free (kept);
}

static int
compare_kept (gconstpointer a, gconstpointer b)
{
  const Kept *left = *(Kept *const *) a, *right = *(Kept *const *) b;

  return left->used > right->used ? -1 : left->used < right->used;
}

static void
look_at_file (GPtrArray *lists, char *path, gint64 now)
{
  g_autofree char *own = path;
  GStatBuf status;
  gint64 age;
  Kept *kept;

  if (g_stat (path, &status) != 0 || !S_ISREG (status.st_mode))
    return;
  age = now - status.st_mtime;
  if (g_str_has_suffix (path, ".list"))
    {
      kept = g_new0 (Kept, 1);
      kept->path = g_steal_pointer (&own);
      kept->used = status.st_mtime;
      kept->size = status.st_size;
      g_ptr_array_add (lists, kept);
    }
  else if (age > (g_str_has_suffix (path, ".stamp") ? STAMP_LIFE : TEMPORARY_LIFE))
    g_unlink (path);
}

static void
tidy (SarapListCache *self, const char *in_use)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func (kept_free);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC, sum = 0;
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    look_at_file (lists, g_build_filename (self->folder, name, NULL), now);
  g_ptr_array_sort (lists, compare_kept);
  for (guint i = 0; i < lists->len; i++)
    {
      const Kept *kept = g_ptr_array_index (lists, i);

      sum += kept->size;
      if (sum > MAX_BYTES && strcmp (kept->path, in_use) != 0)
        g_unlink (kept->path);
    }
}

static gboolean
build (SarapListCache *self, SarapListBytes *bytes, const char *name, const char *path, GError **error)
{
  g_autofree char *temporary = g_build_filename (self->folder, "new.XXXXXX", NULL);
  int descriptor;

  if (g_mkdir_with_parents (self->folder, 0700) != 0 || (descriptor = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0600)) < 0)
    {
      g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_IO, "%s: %s", self->folder, g_strerror (errno));
      return FALSE;
    }
  close (descriptor);
  if (!sarap_list_build (temporary, bytes, name, error))
    {
      g_unlink (temporary);
      return FALSE;
    }
  if (!sarap_file_publish (temporary, path, error))
    return FALSE;
  tidy (self, path);
  return TRUE;
}

/* The bytes of @source. Close the descriptor. */
static gboolean
open_source (const Source *source, SarapListBytes *bytes, struct stat *status, GError **error)
{
  *bytes = (SarapListBytes){ -1, NULL, 0 };
  if (source->path == NULL)
    {
      bytes->at = g_bytes_get_data (source->bytes, &bytes->left);
      return TRUE;
    }
  bytes->descriptor = open (source->path, O_RDONLY | O_CLOEXEC);
  if (bytes->descriptor >= 0 && fstat (bytes->descriptor, status) == 0)
    return TRUE;
  g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_IO, "%s: %s", source->path, g_strerror (errno));
  return FALSE;
}

static gboolean
rewind_source (const Source *source, SarapListBytes *bytes, GError **error)
{
  if (source->path == NULL)
    {
      bytes->at = g_bytes_get_data (source->bytes, &bytes->left);
      return TRUE;
    }
  if (lseek (bytes->descriptor, 0, SEEK_SET) == 0)
    return TRUE;
  g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_IO, "%s: %s", source->path, g_strerror (errno));
  return FALSE;
}

/* Whether the file is still the one that was hashed. */
static gboolean
check_unchanged (const Source *source, const SarapListBytes *bytes, const struct stat *before, GError **error)
{
  struct stat after;

  if (source->path == NULL || (fstat (bytes->descriptor, &after) == 0 && after.st_size == before->st_size && nanoseconds (&after.st_mtim) == nanoseconds (&before->st_mtim) && nanoseconds (&after.st_ctim) == nanoseconds (&before->st_ctim)))
    return TRUE;
  g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_IO, "%s: changed while it was read", source->path);
  return FALSE;
}

typedef struct
{
  SarapListCache *cache;
  Source *source;
} Repair;

static void
repair_free (gpointer data)
{
  Repair *repair = data;

  g_object_unref (repair->cache);
  source_free (repair->source);
  g_free (repair);
}

/* @path is that of a list whose file must be the same as when it was opened. */
static gboolean
repair_cb (const char *path, gpointer data, GError **error)
{
  const Repair *repair = data;
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *sha256 = NULL;
  SarapListBytes bytes;
  struct stat status;
  gboolean done = FALSE;

  if (!open_source (repair->source, &bytes, &status, error))
    return FALSE;
  sha256 = hash_bytes (&bytes, error);
  if (sha256 != NULL && !g_str_has_prefix (name, sha256))
    g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_IO, "%s: not the file any more that was opened", repair->source->name);
  else if (sha256 != NULL)
    done = rewind_source (repair->source, &bytes, error) && build (repair->cache, &bytes, repair->source->name, path, error);
  if (bytes.descriptor >= 0)
    close (bytes.descriptor);
  return done;
}

static void
touch (const char *path)
{
  GStatBuf status;

  if (g_stat (path, &status) == 0 && g_get_real_time () / G_USEC_PER_SEC - status.st_mtime > TOUCH_AFTER)
    utimensat (AT_FDCWD, path, NULL, 0);
}

static SarapListDatabase *
try_open (const char *path)
{
  g_autoptr (GError) error = NULL;
  SarapListDatabase *list = g_file_test (path, G_FILE_TEST_EXISTS) ? sarap_list_database_open (path, &error) : NULL;

  if (list != NULL)
    touch (path);
  else if (error != NULL)
    g_info ("%s; it is made anew", error->message);
  return list;
}

static char *
dup_list_path (SarapListCache *self, const char *sha256)
{
  g_autofree char *name = g_strconcat (sha256, ".list", NULL);

  return g_build_filename (self->folder, name, NULL);
}

/* @sha256 is found when it is not known. */
static SarapListDatabase *
open_or_build (SarapListCache *self, const Source *source, SarapListBytes *bytes, const struct stat *status, char **sha256, GError **error)
{
  g_autofree char *path = NULL;
  SarapListDatabase *list;

  if (*sha256 == NULL)
    {
      *sha256 = hash_bytes (bytes, error);
      if (*sha256 == NULL || !rewind_source (source, bytes, error))
        return NULL;
    }
  path = dup_list_path (self, *sha256);
  list = try_open (path);
  if (list != NULL)
    return list;
  if (!build (self, bytes, source->name, path, error))
    return NULL;
  if (check_unchanged (source, bytes, status, error))
    return sarap_list_database_open (path, error);
  g_unlink (path);
  return NULL;
}

static SarapListDatabase *
open_source_list (SarapListCache *self, const Source *source, const char *known, GError **error)
{
  SarapListBytes bytes;
  struct stat status = { 0 };
  g_autofree char *stamp = NULL;
  g_autofree char *stamped = NULL;
  g_autofree char *sha256 = g_strdup (known);
  SarapListDatabase *list = NULL;

  if (open_source (source, &bytes, &status, error))
    {
      if (source->path != NULL && known == NULL)
        stamp = dup_stamp_path (self, source->path, &status);
      stamped = read_stamp (stamp);
      if (sha256 == NULL)
        sha256 = g_strdup (stamped);
      list = open_or_build (self, source, &bytes, &status, &sha256, error);
    }
  if (bytes.descriptor >= 0)
    close (bytes.descriptor);
  if (list != NULL && stamp != NULL && stamped == NULL)
    write_stamp (stamp, sha256);
  return list;
}

static SarapList *
open_list (SarapListLibrary *library, const SarapListFile *file, GError **error)
{
  SarapListCache *self = SARAP_LIST_CACHE (library);
  Source *source = g_new0 (Source, 1);
  SarapListDatabase *list;
  Repair *repair;

  source->name = g_strdup (file->name);
  source->path = g_strdup (file->path);
  source->bytes = file->path == NULL ? g_bytes_ref (file->bytes) : NULL;
  list = open_source_list (self, source, file->sha256, error);
  if (list == NULL || source->path == NULL)
    {
      source_free (source);
      return list ? SARAP_LIST (list) : NULL;
    }
  repair = g_new0 (Repair, 1);
  repair->cache = g_object_ref (self);
  repair->source = source;
  sarap_list_database_set_repair (list, repair_cb, repair, repair_free);
  return SARAP_LIST (list);
}

static void
library_init (SarapListLibraryInterface *interface)
{
  interface->open = open_list;
}

static void
sarap_list_cache_finalize (GObject *object)
{
  g_free (SARAP_LIST_CACHE (object)->folder);
  G_OBJECT_CLASS (sarap_list_cache_parent_class)->finalize (object);
}

static void
sarap_list_cache_class_init (SarapListCacheClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sarap_list_cache_finalize;
}

static void
sarap_list_cache_init (SarapListCache *self)
{
}

/* @folder NULL: lists of the user, $XDG_CACHE_HOME/sarap/lists. It is made when it is needed.
 * Returns: (transfer full) */
SarapListLibrary *
sarap_list_cache_new (const char *folder)
{
  SarapListCache *self = g_object_new (SARAP_TYPE_LIST_CACHE, NULL);

  self->folder = folder ? g_strdup (folder) : g_build_filename (g_get_user_cache_dir (), "sarap", "lists", NULL);
  return SARAP_LIST_LIBRARY (self);
}
