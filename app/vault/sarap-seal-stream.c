#include "app/vault/sarap-seal-stream.h"

#include <sodium.h>
#include <string.h>

/*  1. libsodium's secretstream (XChaCha20-Poly1305): a header, then chunks of 64 KB, each with its tag.
 *  2. The context is authenticated with the first chunk, so a file moved to another place does not open.
 *  3. The last chunk says that it is the last: a file cut anywhere does not open to its end.
 *  4. A reader gives no byte before its whole chunk was authenticated. */

#define CHUNK 65536
#define SEALED_CHUNK (CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES)

typedef crypto_secretstream_xchacha20poly1305_state State;

struct _SarapSealWriter
{
  GFilterOutputStream parent_instance;
  State *state;
  guint8 header[crypto_secretstream_xchacha20poly1305_HEADERBYTES];
  char *context; /* NULL once the header and the first chunk are written */
  guint8 *chunk;
  gsize filled;
};

struct _SarapSealReader
{
  GFilterInputStream parent_instance;
  State *state;
  SarapSecret *key;
  char *context; /* NULL after the first chunk */
  guint8 *sealed;
  guint8 *chunk;
  gsize filled;
  gsize given;
  gboolean is_begun;
  gboolean is_at_end;
};

G_DEFINE_TYPE (SarapSealWriter, sarap_seal_writer, G_TYPE_FILTER_OUTPUT_STREAM)
G_DEFINE_TYPE (SarapSealReader, sarap_seal_reader, G_TYPE_FILTER_INPUT_STREAM)

/* --- writer ------------------------------------------------------------------------------------ */

static gboolean
write_chunk (SarapSealWriter *self, guint8 tag, GCancellable *cancellable, GError **error)
{
  GOutputStream *base = g_filter_output_stream_get_base_stream (G_FILTER_OUTPUT_STREAM (self));
  g_autofree guint8 *sealed = g_malloc (SEALED_CHUNK);
  unsigned long long size;

  if (self->context != NULL && !g_output_stream_write_all (base, self->header, sizeof self->header, NULL, cancellable, error))
    return FALSE;
  crypto_secretstream_xchacha20poly1305_push (self->state, sealed, &size, self->chunk, self->filled, (const guint8 *) self->context, self->context ? strlen (self->context) : 0, tag);
  self->filled = 0;
  g_clear_pointer (&self->context, g_free);
  return g_output_stream_write_all (base, sealed, size, NULL, cancellable, error);
}

static gssize
sarap_seal_writer_write (GOutputStream *stream, const void *data, gsize size, GCancellable *cancellable, GError **error)
{
  SarapSealWriter *self = SARAP_SEAL_WRITER (stream);
  gsize part;

  if (self->filled == CHUNK && !write_chunk (self, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE, cancellable, error))
    return -1;
  part = MIN (size, CHUNK - self->filled);
  memcpy (self->chunk + self->filled, data, part);
  self->filled += part;
  return part;
}

static gboolean
sarap_seal_writer_close (GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  SarapSealWriter *self = SARAP_SEAL_WRITER (stream);

  return write_chunk (self, crypto_secretstream_xchacha20poly1305_TAG_FINAL, cancellable, error) &&
         G_OUTPUT_STREAM_CLASS (sarap_seal_writer_parent_class)->close_fn (stream, cancellable, error);
}

static void
sarap_seal_writer_finalize (GObject *object)
{
  SarapSealWriter *self = SARAP_SEAL_WRITER (object);

  G_OBJECT_CLASS (sarap_seal_writer_parent_class)->finalize (object);
  sodium_free (self->state);
  sodium_memzero (self->chunk, CHUNK);
  g_free (self->chunk);
  g_free (self->context);
}

static void
sarap_seal_writer_class_init (SarapSealWriterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sarap_seal_writer_finalize;
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = sarap_seal_writer_write;
  G_OUTPUT_STREAM_CLASS (klass)->close_fn = sarap_seal_writer_close;
}

static void
sarap_seal_writer_init (SarapSealWriter *self)
{
  if (sodium_init () < 0)
    g_error ("libsodium finds no source of chance");
  self->state = sodium_malloc (sizeof *self->state);
  self->chunk = g_malloc (CHUNK);
}

/* What is written is complete once this is closed without an error, which closes @base too. Returns: (transfer full) */
GOutputStream *
sarap_seal_writer_new (SarapSecret *key, const char *context, GOutputStream *base)
{
  SarapSealWriter *self = g_object_new (SARAP_TYPE_SEAL_WRITER, "base-stream", base, NULL);

  self->context = g_strdup (context);
  crypto_secretstream_xchacha20poly1305_init_push (self->state, self->header, sarap_secret_peek (key));
  return G_OUTPUT_STREAM (self);
}

/* --- reader ------------------------------------------------------------------------------------ */

static gboolean
set_cut (GError **error)
{
  g_set_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_FORGED, "sealed file: changed, cut, or sealed for another place");
  return FALSE;
}

static gboolean
begin (SarapSealReader *self, GInputStream *base, GCancellable *cancellable, GError **error)
{
  guint8 header[crypto_secretstream_xchacha20poly1305_HEADERBYTES];
  gsize size;

  if (!g_input_stream_read_all (base, header, sizeof header, &size, cancellable, error))
    return FALSE;
  if (size != sizeof header || crypto_secretstream_xchacha20poly1305_init_pull (self->state, header, sarap_secret_peek (self->key)) != 0)
    return set_cut (error);
  self->is_begun = TRUE;
  return TRUE;
}

static gboolean
read_chunk (SarapSealReader *self, GCancellable *cancellable, GError **error)
{
  GInputStream *base = g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (self));
  unsigned long long filled;
  guint8 tag;
  gsize size;

  if (!self->is_begun && !begin (self, base, cancellable, error))
    return FALSE;
  if (!g_input_stream_read_all (base, self->sealed, SEALED_CHUNK, &size, cancellable, error))
    return FALSE;
  if (crypto_secretstream_xchacha20poly1305_pull (self->state, self->chunk, &filled, &tag, self->sealed, size, (const guint8 *) self->context, self->context ? strlen (self->context) : 0) != 0)
    return set_cut (error);
  g_clear_pointer (&self->context, g_free);
  self->is_at_end = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  self->filled = filled;
  self->given = 0;
  return TRUE;
}

static gssize
sarap_seal_reader_read (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  SarapSealReader *self = SARAP_SEAL_READER (stream);
  gsize part;

  if (self->given == self->filled && !self->is_at_end && !read_chunk (self, cancellable, error))
    return -1;
  part = MIN (count, self->filled - self->given);
  memcpy (buffer, self->chunk + self->given, part);
  self->given += part;
  return part;
}

static void
sarap_seal_reader_finalize (GObject *object)
{
  SarapSealReader *self = SARAP_SEAL_READER (object);

  sodium_free (self->state);
  sarap_secret_unref (self->key);
  sodium_memzero (self->chunk, CHUNK);
  g_free (self->chunk);
  g_free (self->sealed);
  g_free (self->context);
  G_OBJECT_CLASS (sarap_seal_reader_parent_class)->finalize (object);
}

static void
sarap_seal_reader_class_init (SarapSealReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sarap_seal_reader_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = sarap_seal_reader_read;
}

static void
sarap_seal_reader_init (SarapSealReader *self)
{
  if (sodium_init () < 0)
    g_error ("libsodium finds no source of chance");
  self->state = sodium_malloc (sizeof *self->state);
  self->chunk = g_malloc (CHUNK);
  self->sealed = g_malloc (SEALED_CHUNK);
}

/* The end of the stream is the end of what was written; errors of reading: FORGED, those of @base. Returns: (transfer full) */
GInputStream *
sarap_seal_reader_new (SarapSecret *key, const char *context, GInputStream *base)
{
  SarapSealReader *self = g_object_new (SARAP_TYPE_SEAL_READER, "base-stream", base, NULL);

  self->key = sarap_secret_ref (key);
  self->context = g_strdup (context);
  return G_INPUT_STREAM (self);
}
