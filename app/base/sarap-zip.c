#include "app/base/sarap-zip.h"

#include "app/base/sarap-file.h"
#include "app/base/sarap-problem.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

/* Limits (safety.md C14). Declared sizes are checked when the archive is opened, real ones while
 * reading, because a declared size may lie. Entries under 1 MB cannot hurt, whatever their ratio. */
#define MAX_INFLATED (200u * 1024 * 1024)
#define MAX_RATIO 100
#define MIN_RATIO_SIZE (1024 * 1024)
#define MAX_ENTRIES 1000
#define MAX_ARCHIVE (200u * 1024 * 1024)

struct _SarapZip
{
  char *file;
  GBytes *bytes;
  zip_t *archive;
};

static gboolean
fail (GError **error, SarapInputError code, const char *file, const char *format, ...) G_GNUC_PRINTF (4, 5);

static gboolean
fail (GError **error, SarapInputError code, const char *file, const char *format, ...)
{
  va_list arguments;
  g_autofree char *message = NULL;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, SARAP_INPUT_ERROR, code, "%s: %s", file, message);
  return FALSE;
}

static gboolean
is_safe_name (const char *name)
{
  g_auto (GStrv) parts = NULL;

  if (*name == '\0' || *name == '/' || strchr (name, '\\') != NULL || !g_utf8_validate (name, -1, NULL))
    return FALSE;
  parts = g_strsplit (name, "/", -1);
  return !g_strv_contains ((const char *const *) parts, "..");
}

static gboolean
check_entry (SarapZip *self, guint index, guint64 *total, GError **error)
{
  zip_stat_t status;
  const guint needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;

  if (zip_stat_index (self->archive, index, 0, &status) != 0 || (status.valid & needed) != needed)
    return fail (error, SARAP_INPUT_ERROR_MALFORMED, self->file, "entry %u of the archive is damaged", index + 1);
  if (!is_safe_name (status.name))
    return fail (error, SARAP_INPUT_ERROR_MALFORMED, self->file, "entry %u of the archive has a path that leads outside", index + 1);
  if ((status.valid & ZIP_STAT_ENCRYPTION_METHOD) && status.encryption_method != ZIP_EM_NONE)
    return fail (error, SARAP_INPUT_ERROR_UNSUPPORTED, self->file, "encrypted; save it without a password");
  if (status.size >= MIN_RATIO_SIZE && (status.size - 1) / MAX_RATIO >= status.comp_size)
    return fail (error, SARAP_INPUT_ERROR_LIMIT, self->file, "%s inflates to more than %d times its size", status.name, MAX_RATIO);
  if (status.size > MAX_INFLATED || (*total += status.size) > MAX_INFLATED)
    return fail (error, SARAP_INPUT_ERROR_LIMIT, self->file, "inflates to more than 200 MB");
  return TRUE;
}

static gboolean
check_entries (SarapZip *self, GError **error)
{
  gint64 n = zip_get_num_entries (self->archive, 0);
  guint64 total = 0;

  if (n > MAX_ENTRIES)
    return fail (error, SARAP_INPUT_ERROR_LIMIT, self->file, "more than %d entries in the archive", MAX_ENTRIES);
  for (gint64 i = 0; i < n; i++)
    if (!check_entry (self, i, &total, error))
      return FALSE;
  return TRUE;
}

/* Errors: SARAP_INPUT_ERROR, or G_IO_ERROR when the file cannot be read. */
SarapZip *
sarap_zip_open (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = sarap_file_read (path, MAX_ARCHIVE, error);
  g_autofree char *file = g_path_get_basename (path);

  return bytes == NULL ? NULL : sarap_zip_open_bytes (bytes, file, error);
}

SarapZip *
sarap_zip_open_bytes (GBytes *bytes, const char *file, GError **error)
{
  g_autoptr (SarapZip) self = g_new0 (SarapZip, 1);
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  zip_error_t cause;
  zip_source_t *source;

  self->file = g_strdup (file ? file : "archive");
  self->bytes = g_bytes_ref (bytes);
  zip_error_init (&cause);
  /* libzip takes nothing for an archive without entries */
  source = size > 0 ? zip_source_buffer_create (data, size, 0, &cause) : NULL;
  self->archive = source ? zip_open_from_source (source, ZIP_RDONLY, &cause) : NULL;
  if (self->archive == NULL)
    {
      fail (error, SARAP_INPUT_ERROR_MALFORMED, self->file, "not a zip archive (%s)", zip_error_strerror (&cause));
      zip_source_free (source);
    }
  zip_error_fini (&cause);
  if (self->archive == NULL || !check_entries (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
sarap_zip_close (SarapZip *self)
{
  if (self == NULL)
    return;
  if (self->archive != NULL)
    zip_discard (self->archive);
  g_bytes_unref (self->bytes);
  g_free (self->file);
  g_free (self);
}

gboolean
sarap_zip_has (SarapZip *self, const char *name)
{
  return zip_name_locate (self->archive, name, 0) >= 0;
}

/* Names in the archive's order, folders end with `/`. Returns: (transfer full) */
char **
sarap_zip_list (SarapZip *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  gint64 n = zip_get_num_entries (self->archive, 0);

  for (gint64 i = 0; i < n; i++)
    g_strv_builder_add (names, zip_get_name (self->archive, i, 0));
  return g_strv_builder_end (names);
}

/* @size: as declared, which the limits were checked against. */
static GBytes *
read_entry (SarapZip *self, zip_file_t *entry, const char *name, guint64 size, GError **error)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();
  guint8 block[65536];
  gint64 n;

  while ((n = zip_fread (entry, block, sizeof block)) > 0 && all->len + (guint64) n <= size)
    g_byte_array_append (all, block, n);
  if (n == 0 && all->len == size)
    return g_byte_array_free_to_bytes (g_steal_pointer (&all));
  fail (error, SARAP_INPUT_ERROR_MALFORMED, self->file, "%s is damaged (%s)", name, n < 0 ? zip_file_strerror (entry) : "its size is not as declared");
  return NULL;
}

/* An entry that is not there is SARAP_INPUT_ERROR_MISSING. Returns: (transfer full) */
GBytes *
sarap_zip_read (SarapZip *self, const char *name, GError **error)
{
  zip_file_t *entry;
  zip_stat_t status;
  GBytes *bytes;

  if (zip_stat (self->archive, name, 0, &status) != 0)
    {
      fail (error, SARAP_INPUT_ERROR_MISSING, self->file, "no %s in the archive", name);
      return NULL;
    }
  entry = zip_fopen (self->archive, name, 0);
  if (entry == NULL)
    {
      fail (error, SARAP_INPUT_ERROR_MALFORMED, self->file, "%s cannot be read (%s)", name, zip_strerror (self->archive));
      return NULL;
    }
  bytes = read_entry (self, entry, name, status.size, error);
  zip_fclose (entry);
  return bytes;
}

static gboolean
add_all (zip_t *archive, const char *const *names, GBytes *const *contents, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      gsize size;
      const void *data = g_bytes_get_data (contents[i], &size);
      zip_source_t *source = zip_source_buffer (archive, data, size, 0);

      if (source == NULL)
        return FALSE;
      if (zip_file_add (archive, names[i], source, ZIP_FL_ENC_UTF_8) < 0)
        {
          zip_source_free (source);
          return FALSE;
        }
    }
  return TRUE;
}

/* Mode 0600. Errors: G_IO_ERROR; @path is then as it was. */
gboolean
sarap_zip_write (const char *path, const char *const *names, GBytes *const *contents, gsize n, GError **error)
{
  g_autofree char *temporary = g_strconcat (path, ".XXXXXX", NULL);
  int descriptor = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0600);
  int code = 0;
  zip_t *archive;

  if (descriptor < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: cannot create: %s", path, g_strerror (errno));
      return FALSE;
    }
  close (descriptor);
  archive = zip_open (temporary, ZIP_CREATE | ZIP_TRUNCATE, &code);
  if (archive != NULL && add_all (archive, names, contents, n) && zip_close (archive) == 0)
    return sarap_file_publish (temporary, path, error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: cannot write: %s", path, archive ? zip_strerror (archive) : "no archive");
  if (archive != NULL)
    zip_discard (archive);
  g_unlink (temporary);
  return FALSE;
}
