#include "app/store/sarap-backup-private.h"

#include <stdlib.h>
#include <string.h>

#include "app/base/sarap-problem.h"

/* POSIX.1-1988 ustar, as much of it as files with short names need. */

typedef struct
{
  char name[100];
  char mode[8];
  char owner[8];
  char group[8];
  char size[12];
  char modified[12];
  char checksum[8];
  char type;
  char link[100];
  char magic[8];
  char rest[247];
} Header;

G_STATIC_ASSERT (sizeof (Header) == SARAP_TAR_BLOCK);

static guint
add_up (const Header *header)
{
  Header copy = *header;
  const guint8 *bytes = (const guint8 *) &copy;
  guint sum = 0;

  memset (copy.checksum, ' ', sizeof copy.checksum);
  for (guint i = 0; i < sizeof copy; i++)
    sum += bytes[i];
  return sum;
}

gboolean
sarap_tar_write_header (GOutputStream *out, const char *name, goffset size, GError **error)
{
  Header header = { .mode = "0000600", .owner = "0000000", .group = "0000000", .modified = "00000000000", .type = '0', .magic = "ustar\00000" };

  if (strlen (name) >= sizeof header.name || size >= G_GINT64_CONSTANT (1) << 33)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s: too large for a backup", name);
      return FALSE;
    }
  g_strlcpy (header.name, name, sizeof header.name);
  g_snprintf (header.size, sizeof header.size, "%011" G_GINT64_MODIFIER "o", (guint64) size);
  g_snprintf (header.checksum, sizeof header.checksum, "%06o", add_up (&header));
  header.checksum[7] = ' ';
  return g_output_stream_write_all (out, &header, sizeof header, NULL, NULL, error);
}

static gsize
get_padding (goffset size)
{
  return (SARAP_TAR_BLOCK - size % SARAP_TAR_BLOCK) % SARAP_TAR_BLOCK;
}

/* After a file of @size bytes. */
gboolean
sarap_tar_write_padding (GOutputStream *out, goffset size, GError **error)
{
  static const char zeros[SARAP_TAR_BLOCK];

  return g_output_stream_write_all (out, zeros, get_padding (size), NULL, NULL, error);
}

gboolean
sarap_tar_write_end (GOutputStream *out, GError **error)
{
  static const char zeros[2 * SARAP_TAR_BLOCK];

  return g_output_stream_write_all (out, zeros, sizeof zeros, NULL, NULL, error);
}

static gboolean
set_malformed (GError **error)
{
  g_set_error_literal (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "no archive of a store");
  return FALSE;
}

static gboolean
read_block (GInputStream *in, gpointer block, gsize size, GError **error)
{
  gsize n;

  return g_input_stream_read_all (in, block, size, &n, NULL, error) && (n == size || set_malformed (error));
}

/* *@name is NULL at the end of the archive, whose second empty block is read then. */
gboolean
sarap_tar_read_header (GInputStream *in, char **name, goffset *size, GError **error)
{
  static const Header empty;
  Header header;
  char digits[sizeof header.size + 1] = "";

  *name = NULL;
  if (!read_block (in, &header, sizeof header, error))
    return FALSE;
  if (memcmp (&header, &empty, sizeof header) == 0)
    return read_block (in, &header, sizeof header, error) && (memcmp (&header, &empty, sizeof header) == 0 || set_malformed (error));
  memcpy (digits, header.size, sizeof header.size);
  if (header.type != '0' || memchr (header.name, '\0', sizeof header.name) == NULL || strtoul (header.checksum, NULL, 8) != add_up (&header))
    return set_malformed (error);
  *size = g_ascii_strtoull (digits, NULL, 8);
  *name = g_strdup (header.name);
  return TRUE;
}

gboolean
sarap_tar_read_padding (GInputStream *in, goffset size, GError **error)
{
  char block[SARAP_TAR_BLOCK];

  return read_block (in, block, get_padding (size), error);
}
