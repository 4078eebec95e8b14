#include "app/store/sarap-backup.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/base/sarap-file.h"
#include "app/base/sarap-problem.h"
#include "app/store/sarap-backup-private.h"
#include "app/vault/sarap-seal-stream.h"

/*  1. Whoever knows a public half can write a backup: names in it are as hostile as any file from outside.
 *  2. The store appears under its name when every file is there, synced, and has the hash that the list names. */

#define BLOCK 65536
#define MAX_HASHES (64 * 1024 * 1024)

typedef struct
{
  const char *path;
  GFileInputStream *file;
  GInputStream *lines_reader; /* buffers @file */
  GInputStream *in;           /* what is inside */
  char *folder;               /* temporary */
  char *place;                /* which part is being read */
  GString *hashes;            /* of what was read */
} Restore;

static void
restore_clear (Restore *self)
{
  g_clear_object (&self->in);
  g_clear_object (&self->lines_reader);
  g_clear_object (&self->file);
  g_free (self->folder);
  g_free (self->place);
  g_string_free (self->hashes, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Restore, restore_clear)

static void
set_place (Restore *self, const char *place)
{
  g_free (self->place);
  self->place = g_strdup (place);
}

static gboolean
set_no_backup (Restore *self, GError **error)
{
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: no backup of a store", self->path);
  return FALSE;
}

/* Up to and with the empty line. */
static GString *
read_lines (Restore *self, GError **error)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  while (!g_str_has_suffix (lines->str, "\n\n") && lines->len < SARAP_BACKUP_LINES)
    {
      int byte = g_buffered_input_stream_read_byte (G_BUFFERED_INPUT_STREAM (self->lines_reader), NULL, error);

      if (byte <= 0)
        break;
      g_string_append_c (lines, byte);
    }
  if (g_str_has_prefix (lines->str, SARAP_BACKUP_MAGIC "\n") && g_str_has_suffix (lines->str, "\n\n"))
    return g_steal_pointer (&lines);
  if (error == NULL || *error == NULL)
    set_no_backup (self, error);
  return NULL;
}

static SarapSecret *
unseal_line (Restore *self, SarapProjectKey *key, const char *text, GError **error)
{
  gsize size = 0;
  guint8 *bytes = g_base64_decode (text, &size);
  g_autoptr (GBytes) sealed = g_bytes_new_take (bytes, size);
  SarapSecret *secret = sarap_project_key_unseal_secret (key, SARAP_BACKUP_KEY_CONTEXT, sealed, error);

  if (secret == NULL)
    g_prefix_error (error, "%s: in its first lines: ", self->path);
  return secret;
}

static SarapSecret *
find_secret (Restore *self, const char *lines, SarapProjectKey *key, GError **error)
{
  g_auto (GStrv) split = g_strsplit (lines, "\n", -1);
  g_autoptr (GString) others = g_string_new (NULL);

  for (guint i = 1; split[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (split[i], " ", 4);

      if (g_strv_length (words) != 3 || !g_str_equal (words[0], "key"))
        continue;
      if (g_str_equal (words[1], sarap_project_key_peek_fingerprint (key)))
        return unseal_line (self, key, words[2], error);
      g_string_append_printf (others, "%s%s", others->len ? ", " : "", words[1]);
    }
  g_set_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_LOCKED, "%s: sealed to project key %s; the key given is %s", self->path, others->str, sarap_project_key_peek_fingerprint (key));
  return NULL;
}

static gboolean
begin (Restore *self, SarapProjectKey *key, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (self->path);
  g_autoptr (GString) lines = NULL;
  g_autoptr (SarapSecret) secret = NULL;
  g_autofree char *context = NULL;

  self->file = g_file_read (file, NULL, error);
  if (self->file == NULL)
    return FALSE;
  self->lines_reader = g_buffered_input_stream_new (G_INPUT_STREAM (self->file));
  lines = read_lines (self, error);
  secret = lines ? find_secret (self, lines->str, key, error) : NULL;
  if (secret == NULL)
    return FALSE;
  context = sarap_backup_dup_context (lines->str, lines->len);
  self->in = sarap_seal_reader_new (secret, context, self->lines_reader);
  return TRUE;
}

/* A name of a file of a store, and nothing that leads elsewhere. */
static gboolean
is_own_name (const char *name)
{
  const char *slash = strchr (name, '/');
  g_autofree char *folder = slash ? g_strndup (name, slash - name) : NULL;

  if (slash == NULL)
    return g_str_equal (name, SARAP_BACKUP_DATABASE);
  return g_strv_contains (sarap_backup_folders, folder) && slash[1] != '\0' && strchr (slash + 1, '/') == NULL && !g_str_equal (slash + 1, ".") && !g_str_equal (slash + 1, "..");
}

static gboolean
copy_bytes (Restore *self, goffset size, GOutputStream *out, GChecksum *checksum, GError **error)
{
  guint8 block[BLOCK];

  while (size > 0)
    {
      gsize n;

      if (!g_input_stream_read_all (self->in, block, MIN (size, BLOCK), &n, NULL, error))
        return FALSE;
      if (n == 0)
        return set_no_backup (self, error);
      g_checksum_update (checksum, block, n);
      if (!g_output_stream_write_all (out, block, n, NULL, NULL, error))
        return FALSE;
      size -= n;
    }
  return TRUE;
}

static gboolean
fail_errno (const char *path, GError **error)
{
  int number = errno;

  g_set_error (error, SARAP_STORE_ERROR, number == ENOSPC ? SARAP_STORE_ERROR_FULL : SARAP_STORE_ERROR_IO, "%s: %s", path, g_strerror (number));
  return FALSE;
}

static gboolean
restore_file (Restore *self, const char *name, goffset size, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  int descriptor = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  g_autoptr (GOutputStream) out = NULL;

  if (descriptor < 0)
    return fail_errno (path, error);
  out = g_unix_output_stream_new (descriptor, TRUE);
  if (!copy_bytes (self, size, out, checksum, error))
    return FALSE;
  if (fsync (descriptor) != 0)
    return fail_errno (path, error);
  sarap_backup_add_hash (self->hashes, g_checksum_get_string (checksum), name);
  return sarap_tar_read_padding (self->in, size, error);
}

/* Returns: (transfer full) the list that the archive begins with */
static char *
read_hashes (Restore *self, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *list = NULL;
  goffset size;
  gsize n;

  set_place (self, SARAP_BACKUP_HASHES);
  if (!sarap_tar_read_header (self->in, &name, &size, error))
    return NULL;
  if (g_strcmp0 (name, SARAP_BACKUP_HASHES) != 0 || size > MAX_HASHES)
    {
      set_no_backup (self, error);
      return NULL;
    }
  list = g_malloc0 (size + 1);
  if (!g_input_stream_read_all (self->in, list, size, &n, NULL, error) || !sarap_tar_read_padding (self->in, size, error))
    return NULL;
  return g_steal_pointer (&list);
}

/* The sealed stream ends where the file ends. */
static gboolean
check_end (Restore *self, GError **error)
{
  guint8 byte;
  gssize n = g_input_stream_read (self->in, &byte, 1, NULL, error);

  if (n == 0)
    n = g_input_stream_read (self->lines_reader, &byte, 1, NULL, error);
  return n == 0 || (n > 0 && set_no_backup (self, error));
}

static gboolean
restore_files (Restore *self, GError **error)
{
  g_autofree char *expected = read_hashes (self, error);

  if (expected == NULL)
    return FALSE;
  for (;;)
    {
      g_autofree char *name = NULL;
      goffset size;

      if (!sarap_tar_read_header (self->in, &name, &size, error))
        return FALSE;
      if (name == NULL)
        break;
      set_place (self, name);
      if (!is_own_name (name))
        return set_no_backup (self, error);
      if (!restore_file (self, name, size, error))
        return FALSE;
    }
  set_place (self, "its end");
  if (!check_end (self, error))
    return FALSE;
  if (strcmp (expected, self->hashes->str) == 0)
    return TRUE;
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: the files in it are not those of its list of hashes", self->path);
  return FALSE;
}

static void
add_place (Restore *self, GError **error)
{
  if (error != NULL && g_error_matches (*error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_FORGED))
    g_prefix_error (error, "%s: before byte %" G_GOFFSET_FORMAT ", in %s: ", self->path, g_seekable_tell (G_SEEKABLE (self->file)), self->place ? self->place : "its first lines");
}

static gboolean
make_folders (Restore *self, GError **error)
{
  if (g_mkdtemp_full (self->folder, 0700) == NULL)
    return fail_errno (self->folder, error);
  for (guint i = 0; sarap_backup_folders[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (self->folder, sarap_backup_folders[i], NULL);

      if (g_mkdir (path, 0700) != 0)
        return fail_errno (path, error);
    }
  return TRUE;
}

static gboolean
publish (Restore *self, const char *folder, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (folder);

  for (guint i = 0; sarap_backup_folders[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (self->folder, sarap_backup_folders[i], NULL);

      if (!sarap_file_sync_folder (path, error))
        return FALSE;
    }
  if (!sarap_file_sync_folder (self->folder, error))
    return FALSE;
  /* fails when there is anything in a folder of that name */
  return g_rename (self->folder, folder) == 0 ? sarap_file_sync_folder (parent, error) : fail_errno (folder, error);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_unlink (path) != 0)
        remove_folder (path);
    }
  g_rmdir (folder);
}

static gboolean
is_free (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  return dir ? g_dir_read_name (dir) == NULL : !g_file_test (folder, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK);
}

/* Makes a store in @folder, missing or empty, of the backup at @path; @key is a private half. Nothing stays of a
 * failed try. Errors: STATE when something is in @folder; LOCKED with another key; FORGED and SARAP_INPUT_ERROR with
 * the place of the damage. Returns: (transfer full) the list of hashes, as sha256sum writes it */
char *
sarap_backup_restore (const char *path, SarapProjectKey *key, const char *folder, GError **error)
{
  g_auto (Restore) self = { .path = path, .hashes = g_string_new (NULL) };
  g_autofree char *target = g_canonicalize_filename (folder, NULL);

  if (!is_free (target))
    {
      g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_STATE, "%s: there is something already; a backup is restored into a new folder", target);
      return NULL;
    }
  if (!begin (&self, key, error))
    return NULL;
  self.folder = g_strconcat (target, ".restoring-XXXXXX", NULL);
  if (make_folders (&self, error) && restore_files (&self, error) && publish (&self, target, error))
    return g_strdup (self.hashes->str);
  add_place (&self, error);
  remove_folder (self.folder);
  return NULL;
}
