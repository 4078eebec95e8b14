#include "app/store/sarap-backup.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>
#include <string.h>

#include "app/base/sarap-file.h"
#include "app/store/sarap-backup-private.h"
#include "app/store/sarap-store-private.h"
#include "app/vault/sarap-seal-stream.h"

/*  1. The copy is made on the database thread, so nothing is written meanwhile, and the log was emptied before.
 *  2. The database's bytes come through its own connection: opening and closing the file a second time would give up
 *     SQLite's lock on it (POSIX locks belong to the process).
 *  3. A backup has its name once it is complete and synced; older ones go after that. They are counted, not dated:
 *     a clock that jumps makes no new backup the oldest. */

#define LAST_SETTING "backup.last-at"
#define PART_SUFFIX ".part"
#define BLOCK 65536

typedef struct
{
  char *name;
  char *path; /* NULL: the database, through its connection */
  char *sha256;
  goffset size;
} Part;

typedef struct
{
  SarapStore *store;
  GString *lines;
  SarapSecret *key;
  GPtrArray *parts;
  const char *temporary;
} Backup;

typedef gboolean (*BlockFunc) (const void *block, gsize size, gpointer data, GError **error);

const char *const sarap_backup_folders[4] = { "journal", "keys", "media", NULL };

char *
sarap_backup_dup_context (const char *lines, gsize size)
{
  g_autofree char *hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) lines, size);

  return g_strconcat ("sarap/1/backup/", hash, NULL);
}

/* The form of sha256sum. */
void
sarap_backup_add_hash (GString *hashes, const char *sha256, const char *name)
{
  g_string_append_printf (hashes, "%s  %s\n", sha256, name);
}

static void
part_free (gpointer data)
{
  Part *part = data;

  g_free (part->name);
  g_free (part->path);
  g_free (part->sha256);
  g_free (part);
}

static void
add_part (GPtrArray *parts, char *name, char *path)
{
  Part *part = g_new0 (Part, 1);

  part->name = name;
  part->path = path;
  g_ptr_array_add (parts, part);
}

static int
compare_parts (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const Part *const *) a)->name, (*(const Part *const *) b)->name);
}

static gboolean
list_folder (SarapStore *store, const char *folder, GPtrArray *parts, GError **error)
{
  g_autofree char *path = g_build_filename (sarap_store_get_folder (store), folder, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, error);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_file_test (file, G_FILE_TEST_IS_REGULAR))
        add_part (parts, g_build_filename (folder, name, NULL), g_steal_pointer (&file));
    }
  return dir != NULL;
}

static gboolean
read_database (SarapDatabase *db, BlockFunc func, gpointer data, GError **error)
{
  guint8 block[BLOCK];
  goffset size = sarap_database_get_size (db);

  for (goffset at = 0; at < size; at += BLOCK)
    {
      gsize n = MIN (size - at, BLOCK);

      if (!sarap_database_read_block (db, at, block, n, error) || !func (block, n, data, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_part (SarapDatabase *db, const Part *part, BlockFunc func, gpointer data, GError **error)
{
  g_autoptr (GFile) file = part->path ? g_file_new_for_path (part->path) : NULL;
  g_autoptr (GFileInputStream) in = file ? g_file_read (file, NULL, error) : NULL;
  guint8 block[BLOCK];
  gssize n;

  if (file == NULL)
    return read_database (db, func, data, error);
  if (in == NULL)
    return FALSE;
  while ((n = g_input_stream_read (G_INPUT_STREAM (in), block, sizeof block, NULL, error)) > 0)
    if (!func (block, n, data, error))
      return FALSE;
  return n == 0;
}

typedef struct
{
  GChecksum *checksum;
  goffset size;
  GOutputStream *out; /* NULL: only count */
} Copy;

static gboolean
copy_block (const void *block, gsize size, gpointer data, GError **error)
{
  Copy *copy = data;

  g_checksum_update (copy->checksum, block, size);
  copy->size += size;
  return copy->out == NULL || g_output_stream_write_all (copy->out, block, size, NULL, NULL, error);
}

static gboolean
hash_part (SarapDatabase *db, Part *part, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  Copy copy = { checksum, 0, NULL };

  if (!read_part (db, part, copy_block, &copy, error))
    return FALSE;
  part->sha256 = g_strdup (g_checksum_get_string (checksum));
  part->size = copy.size;
  return TRUE;
}

static gboolean
write_part (SarapDatabase *db, const Part *part, GOutputStream *out, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  Copy copy = { checksum, 0, out };

  if (!sarap_tar_write_header (out, part->name, part->size, error) || !read_part (db, part, copy_block, &copy, error))
    return FALSE;
  if (strcmp (g_checksum_get_string (checksum), part->sha256) == 0)
    return sarap_tar_write_padding (out, part->size, error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s changed while it was copied", part->name);
  return FALSE;
}

static gboolean
write_hashes (GPtrArray *parts, GOutputStream *out, GError **error)
{
  g_autoptr (GString) hashes = g_string_new (NULL);

  for (guint i = 0; i < parts->len; i++)
    {
      const Part *part = g_ptr_array_index (parts, i);

      sarap_backup_add_hash (hashes, part->sha256, part->name);
    }
  return sarap_tar_write_header (out, SARAP_BACKUP_HASHES, hashes->len, error) &&
         g_output_stream_write_all (out, hashes->str, hashes->len, NULL, NULL, error) &&
         sarap_tar_write_padding (out, hashes->len, error);
}

static gboolean
list_parts (Backup *self, SarapDatabase *db, GError **error)
{
  add_part (self->parts, g_strdup (SARAP_BACKUP_DATABASE), NULL);
  for (guint i = 0; sarap_backup_folders[i] != NULL; i++)
    if (!list_folder (self->store, sarap_backup_folders[i], self->parts, error))
      return FALSE;
  g_ptr_array_sort (self->parts, compare_parts);
  for (guint i = 0; i < self->parts->len; i++)
    if (!hash_part (db, g_ptr_array_index (self->parts, i), error))
      return FALSE;
  return TRUE;
}

static GOutputStream *
begin_file (Backup *self, GError **error)
{
  int descriptor = g_open (self->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  g_autofree char *context = sarap_backup_dup_context (self->lines->str, self->lines->len);
  g_autoptr (GOutputStream) out = descriptor < 0 ? NULL : g_unix_output_stream_new (descriptor, TRUE);
  int number = errno;

  if (out == NULL)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "%s: cannot be written: %s", self->temporary, g_strerror (number));
  if (out == NULL || !g_output_stream_write_all (out, self->lines->str, self->lines->len, NULL, NULL, error))
    return NULL;
  return sarap_seal_writer_new (self->key, context, out);
}

static gboolean
copy_store (SarapDatabase *db, gpointer data, GError **error)
{
  Backup *self = data;
  g_autoptr (GOutputStream) out = NULL;

  if (!sarap_database_settle (db, error) || !list_parts (self, db, error))
    return FALSE;
  out = begin_file (self, error);
  if (out == NULL || !write_hashes (self->parts, out, error))
    return FALSE;
  for (guint i = 0; i < self->parts->len; i++)
    if (!write_part (db, g_ptr_array_index (self->parts, i), out, error))
      return FALSE;
  return sarap_tar_write_end (out, error) && g_output_stream_close (out, NULL, error);
}

static void
add_line (GString *lines, SarapProjectKey *pair, SarapSecret *key)
{
  g_autoptr (GBytes) sealed = sarap_project_key_seal_secret (pair, SARAP_BACKUP_KEY_CONTEXT, key);
  g_autofree char *text = g_base64_encode (g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));

  g_string_append_printf (lines, "key %s %s\n", sarap_project_key_peek_fingerprint (pair), text);
}

/* NULL when there is nobody who could open the backup. */
static GString *
new_lines (SarapStore *store, SarapProjectKey *project_key, SarapSecret *key, GError **error)
{
  g_autoptr (GPtrArray) pairs = sarap_keyring_list_project_keys (sarap_store_get_keyring (store));
  GString *lines = g_string_new (SARAP_BACKUP_MAGIC "\n");
  gboolean is_known = project_key == NULL;

  for (guint i = 0; i < pairs->len; i++)
    {
      add_line (lines, g_ptr_array_index (pairs, i), key);
      is_known = is_known || strcmp (sarap_project_key_peek_fingerprint (project_key), sarap_project_key_peek_fingerprint (g_ptr_array_index (pairs, i))) == 0;
    }
  if (!is_known)
    add_line (lines, project_key, key);
  if (pairs->len > 0 || project_key != NULL)
    return g_string_append_c (lines, '\n');
  g_set_error_literal (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_STATE, "the store has no project key, so nobody could open the backup: give one");
  g_string_free (lines, TRUE);
  return NULL;
}

static char *
dup_prefix (SarapStore *store)
{
  g_autofree char *device = sarap_keyring_dup_device_key (sarap_store_get_keyring (store));

  return g_strdup_printf ("sarap-%.8s-", device);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Names of the backups of this device in @folder, oldest first; what an earlier try left unfinished goes. */
static GPtrArray *
list_backups (const char *folder, const char *prefix, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (dir == NULL)
    return NULL;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (!g_str_has_prefix (name, prefix))
        continue;
      if (g_str_has_suffix (name, SARAP_BACKUP_SUFFIX))
        g_ptr_array_add (names, g_strdup (name));
      else if (g_str_has_suffix (name, PART_SUFFIX))
        g_unlink (path);
    }
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

static char *
dup_next_path (SarapStore *store, const char *folder, const char *prefix, GPtrArray *names)
{
  const char *newest = names->len ? g_ptr_array_index (names, names->len - 1) : NULL;
  guint64 number = newest ? g_ascii_strtoull (newest + strlen (prefix), NULL, 10) + 1 : 1;
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (sarap_clock_get_now (sarap_store_get_clock (store)) / 1000);
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d");
  g_autofree char *name = g_strdup_printf ("%s%06" G_GUINT64_FORMAT "-%s" SARAP_BACKUP_SUFFIX, prefix, number, date);

  return g_build_filename (folder, name, NULL);
}

static void
remove_old (const char *folder, GPtrArray *names, guint n_kept)
{
  for (guint i = 0; i + n_kept < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, g_ptr_array_index (names, i), NULL);

      if (g_unlink (path) != 0)
        g_warning ("%s: cannot be removed: %s", path, g_strerror (errno));
    }
}

static gboolean
write_backup (Backup *self, const char *path, GError **error)
{
  gboolean ok;

  sarap_store_lock_media (self->store);
  ok = sarap_store_read (self->store, copy_store, self, error);
  sarap_store_unlock_media (self->store);
  if (ok)
    return sarap_file_publish (self->temporary, path, error) || sarap_store_take_error (error);
  g_unlink (self->temporary);
  return sarap_store_take_error (error);
}

/* Writes a new file into @folder, sealed to the project keys of the store and to @project_key (or NULL), and removes
 * all but the newest @keep of this device (0: none is removed). Needs no PIN; other writes wait until it ends.
 * Errors: STATE without any project key; FULL, IO. Returns: (transfer full) the path of the new file */
char *
sarap_backup_make (SarapStore *store, const char *folder, SarapProjectKey *project_key, guint keep, GError **error)
{
  g_autoptr (SarapSecret) key = sarap_secret_new_random ();
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (part_free);
  g_autofree char *prefix = dup_prefix (store), *path = NULL, *temporary = NULL;
  g_autoptr (GPtrArray) names = NULL;
  Backup self = { store, NULL, key, parts, NULL };
  gboolean ok;

  self.lines = new_lines (store, project_key, key, error);
  if (self.lines == NULL)
    return NULL;
  names = list_backups (folder, prefix, error);
  path = names ? dup_next_path (store, folder, prefix, names) : NULL;
  temporary = g_strconcat (path ? path : "", PART_SUFFIX, NULL);
  self.temporary = temporary;
  ok = names != NULL && write_backup (&self, path, error);
  g_string_free (self.lines, TRUE);
  if (ok && keep > 0)
    remove_old (folder, names, keep - 1);
  return ok ? g_steal_pointer (&path) : NULL;
}

/* When sarap_backup_make_when_due() made the last one, ms UTC; 0: never. */
gint64
sarap_backup_get_last (SarapStore *store)
{
  g_autofree char *text = sarap_store_dup_setting (store, LAST_SETTING);

  return text ? g_ascii_strtoll (text, NULL, 10) : 0;
}

/* Makes a backup when the last one is @every ms old, or comes from the future: a clock was set back. Any thread.
 * TRUE: there is one that is younger now. */
gboolean
sarap_backup_make_when_due (SarapStore *store, const char *folder, gint64 every, guint keep, GError **error)
{
  gint64 now = sarap_clock_get_now (sarap_store_get_clock (store)), last = sarap_backup_get_last (store);
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, now), *path = NULL;

  if (last > 0 && last <= now && now - last < every)
    return TRUE;
  path = sarap_backup_make (store, folder, NULL, keep, error);
  return path != NULL && sarap_store_set_setting (store, LAST_SETTING, text, error);
}
