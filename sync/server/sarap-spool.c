#include "sync/server/sarap-spool.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <unistd.h>

#define IN_MEMORY (64 * 1024)

struct _SarapSpool
{
  SarapMedia *media;
  char *name;
  char *filename; /* or NULL */
  GByteArray *head;
  char *temporary; /* NULL while in memory, and once kept */
  int descriptor;
  EVP_MD_CTX *digest;
  char *sha256; /* NULL until closed */
  gint64 size;
};

static EVP_MD_CTX *
digest_new (void)
{
  EVP_MD_CTX *digest = EVP_MD_CTX_new ();

  if (digest == NULL || EVP_DigestInit_ex (digest, EVP_sha256 (), NULL) != 1)
    g_error ("SHA-256 is not to be had");
  return digest;
}

static char *
digest_finish (EVP_MD_CTX *digest)
{
  guint8 hash[32];
  char *hex = g_malloc (2 * sizeof hash + 1);

  EVP_DigestFinal_ex (digest, hash, NULL);
  return sodium_bin2hex (hex, 2 * sizeof hash + 1, hash, sizeof hash);
}

/* 64 lower-case hex digits. */
char *
sarap_sha256 (GBytes *bytes)
{
  EVP_MD_CTX *digest = digest_new ();
  char *hex;

  EVP_DigestUpdate (digest, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  hex = digest_finish (digest);
  EVP_MD_CTX_free (digest);
  return hex;
}

/* @media must outlive it. @filename may be NULL. */
SarapSpool *
sarap_spool_new (SarapMedia *media, const char *name, const char *filename)
{
  SarapSpool *self = g_new0 (SarapSpool, 1);

  self->media = media;
  self->name = g_strdup (name);
  self->filename = g_strdup (filename);
  self->head = g_byte_array_new ();
  self->descriptor = -1;
  self->digest = digest_new ();
  return self;
}

static void
close_descriptor (SarapSpool *self)
{
  if (self->descriptor >= 0)
    close (self->descriptor);
  self->descriptor = -1;
}

/* What was not kept is removed. */
void
sarap_spool_free (SarapSpool *self)
{
  if (self->temporary != NULL)
    g_unlink (self->temporary);
  close_descriptor (self);
  g_free (self->temporary);
  g_free (self->name);
  g_free (self->filename);
  g_byte_array_unref (self->head);
  EVP_MD_CTX_free (self->digest);
  g_free (self->sha256);
  g_free (self);
}

static gboolean
write_all (SarapSpool *self, const guint8 *bytes, gsize length, GError **error)
{
  while (length > 0)
    {
      gssize n = write (self->descriptor, bytes, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", self->temporary, g_strerror (errno));
          return FALSE;
        }
      bytes += n;
      length -= (gsize) n;
    }
  return TRUE;
}

static gboolean
spill (SarapSpool *self, GError **error)
{
  self->descriptor = sarap_media_create_temporary (self->media, &self->temporary, error);
  if (self->descriptor < 0 || !write_all (self, self->head->data, self->head->len, error))
    return FALSE;
  g_byte_array_unref (self->head); /* emptied, it would keep its memory */
  self->head = g_byte_array_new ();
  return TRUE;
}

/* What is held in memory. */
gsize
sarap_spool_get_held (SarapSpool *self)
{
  return self->head->len;
}

/* Out of memory into its temporary file; does nothing when it lies there. */
gboolean
sarap_spool_put_down (SarapSpool *self, GError **error)
{
  return self->descriptor >= 0 || spill (self, error);
}

gboolean
sarap_spool_write (SarapSpool *self, const guint8 *bytes, gsize length, GError **error)
{
  EVP_DigestUpdate (self->digest, bytes, length);
  self->size += (gint64) length;
  if (self->descriptor < 0 && self->head->len + length <= IN_MEMORY)
    {
      g_byte_array_append (self->head, bytes, (guint) length);
      return TRUE;
    }
  return (self->descriptor >= 0 || spill (self, error)) && write_all (self, bytes, length, error);
}

/* Everything came. The file is closed too: a submission may have a thousand of them. */
void
sarap_spool_close (SarapSpool *self)
{
  close_descriptor (self);
  self->sha256 = digest_finish (self->digest);
}

/* Moves it to the media folder; durable after sarap_media_sync(). May run in another thread. */
gboolean
sarap_spool_keep (SarapSpool *self, GError **error)
{
  gboolean ok;

  if (self->temporary == NULL)
    ok = spill (self, error);
  else
    {
      self->descriptor = open (self->temporary, O_RDONLY | O_CLOEXEC);
      ok = self->descriptor >= 0;
      if (!ok)
        g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", self->temporary, g_strerror (errno));
    }
  ok = ok && sarap_media_keep (self->media, self->temporary, self->descriptor, self->sha256, error);
  close_descriptor (self);
  if (!ok)
    return FALSE;
  g_clear_pointer (&self->temporary, g_free);
  return TRUE;
}

const char *
sarap_spool_get_name (SarapSpool *self)
{
  return self->name;
}

const char *
sarap_spool_get_filename (SarapSpool *self)
{
  return self->filename;
}

const char *
sarap_spool_get_sha256 (SarapSpool *self)
{
  return self->sha256;
}

gint64
sarap_spool_get_size (SarapSpool *self)
{
  return self->size;
}

/* All of them durable, or FALSE. */
gboolean
sarap_spools_keep (GPtrArray *spools, SarapMedia *media, GError **error)
{
  for (guint i = 0; i < spools->len; i++)
    if (!sarap_spool_keep (g_ptr_array_index (spools, i), error))
      return FALSE;
  return spools->len == 0 || sarap_media_sync (media, error);
}
