#include "app/store/sarap-media.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "app/base/sarap-file.h"
#include "app/store/sarap-record-keys.h"
#include "app/store/sarap-store-private.h"
#include "app/vault/sarap-seal-stream.h"

char *
sarap_media_dup_path (SarapStore *store, const char *sha256)
{
  return g_build_filename (sarap_store_get_media_folder (store), sha256, NULL);
}

/* For media of forms. Returns: (transfer full) the name of the file, which is synced; it may have been there already */
char *
sarap_media_write (SarapStore *store, GBytes *bytes, GError **error)
{
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autofree char *path = sarap_media_dup_path (store, sha256);

  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !sarap_file_write (path, bytes, 0600, error))
    {
      sarap_store_take_error (error);
      return NULL;
    }
  return g_steal_pointer (&sha256);
}

GBytes *
sarap_media_read (SarapStore *store, const char *sha256, GError **error)
{
  g_autofree char *path = sarap_media_dup_path (store, sha256);
  GBytes *bytes = sarap_file_read (path, 0, error);

  if (bytes == NULL)
    sarap_store_take_error (error);
  return bytes;
}

void
sarap_sealed_file_clear (SarapSealedFile *self)
{
  g_clear_pointer (&self->sha256, g_free);
  g_clear_pointer (&self->content, g_free);
}

/* Where a record's file belongs; its key is the record's. */
char *
sarap_media_dup_record_context (const char *name)
{
  return g_strconcat ("sarap/1/record/file/", name, NULL);
}

/* Where a received file belongs; its key is the user's. */
char *
sarap_media_dup_submission_context (const char *id, const char *name)
{
  return g_strconcat ("sarap/1/submission/file/", id, "/", name, NULL);
}

static gboolean
seal_stream (GInputStream *from, GOutputStream *to, SarapSealedFile *file, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 block[65536];
  gssize n;

  file->size = 0;
  while ((n = g_input_stream_read (from, block, sizeof block, NULL, error)) > 0)
    {
      g_checksum_update (checksum, block, n);
      file->size += n;
      if (!g_output_stream_write_all (to, block, n, NULL, NULL, error))
        return FALSE;
    }
  if (n < 0 || !g_output_stream_close (to, NULL, error))
    return FALSE;
  file->content = g_strdup (g_checksum_get_string (checksum));
  return TRUE;
}

static gboolean
seal_into (const char *temporary, int descriptor, SarapSecret *key, const char *context, GInputStream *from, SarapSealedFile *file, GError **error)
{
  g_autoptr (GOutputStream) out = g_unix_output_stream_new (descriptor, TRUE);
  g_autoptr (GOutputStream) writer = sarap_seal_writer_new (key, context, out);

  if (!seal_stream (from, writer, file, error))
    return FALSE;
  file->sha256 = sarap_file_hash (temporary, G_CHECKSUM_SHA256, error);
  return file->sha256 != NULL;
}

/* Reads @from, which may be large, once; no byte of it reaches the disk in clear. The file is synced when this
 * returns TRUE; @file is then to be cleared by sarap_sealed_file_clear(). */
gboolean
sarap_media_seal (SarapStore *store, SarapSecret *key, const char *context, GInputStream *from, SarapSealedFile *file, GError **error)
{
  g_autofree char *temporary = sarap_media_dup_path (store, "new.XXXXXX");
  g_autofree char *path = NULL;
  int descriptor = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);

  *file = (SarapSealedFile){ NULL, NULL, 0 };
  if (descriptor < 0)
    {
      g_set_error (error, SARAP_STORE_ERROR, errno == ENOSPC ? SARAP_STORE_ERROR_FULL : SARAP_STORE_ERROR_IO, "%s: %s", temporary, g_strerror (errno));
      return FALSE;
    }
  if (seal_into (temporary, descriptor, key, context, from, file, error))
    {
      path = sarap_media_dup_path (store, file->sha256);
      if (sarap_file_publish (temporary, path, error))
        return TRUE;
    }
  g_unlink (temporary);
  sarap_sealed_file_clear (file);
  return sarap_store_take_error (error);
}

/* Errors: CORRUPT when the file was changed. Returns: (transfer full) what was sealed */
GBytes *
sarap_media_unseal (SarapStore *store, SarapSecret *key, const char *context, const char *sha256, GError **error)
{
  g_autofree char *path = sarap_media_dup_path (store, sha256);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) base = g_file_read (file, NULL, error);
  g_autoptr (GOutputStream) plain = g_memory_output_stream_new_resizable ();
  g_autoptr (GInputStream) reader = NULL;
  g_autoptr (GError) own = NULL;

  if (base == NULL)
    {
      sarap_store_take_error (error);
      return NULL;
    }
  reader = sarap_seal_reader_new (key, context, G_INPUT_STREAM (base));
  if (g_output_stream_splice (plain, reader, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, &own) >= 0)
    return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (plain));
  if (own->domain == SARAP_VAULT_ERROR)
    g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_CORRUPT, "%s: %s", path, own->message);
  else
    g_propagate_error (error, g_steal_pointer (&own));
  sarap_store_take_error (error);
  return NULL;
}

typedef struct
{
  SarapStore *store;
  GPtrArray *hashes;
} Forget;

static gboolean
remove_unused (SarapDatabase *db, gpointer data, GError **error)
{
  Forget *forget = data;

  for (guint i = 0; i < forget->hashes->len; i++)
    {
      const char *sha256 = g_ptr_array_index (forget->hashes, i);
      g_autofree char *path = sarap_media_dup_path (forget->store, sha256);
      SarapQuery *query = sarap_database_query (db, "media-is-used", error);
      gboolean is_used;

      sarap_query_bind_text (query, "sha256", sha256);
      is_used = !sarap_query_next (query) || sarap_query_get_int (query, "is_used");
      if (!sarap_query_finish (query))
        return FALSE;
      if (!is_used)
        g_unlink (path);
    }
  return TRUE;
}

/* Removes the files of @hashes (element-type utf8) that no row names any more. Call with the media
 * lock held, after the rows are gone for good. */
gboolean
sarap_media_forget (SarapStore *store, GPtrArray *hashes, GError **error)
{
  Forget forget = { store, hashes };

  return hashes->len == 0 || sarap_store_read (store, remove_unused, &forget, error);
}

/* --- files from before they were sealed ---------------------------------------------------------- */

typedef struct
{
  gint64 record; /* 0: of a submission */
  char *id;
  char *name;
  char *sha256;
} OldFile;

static void
old_file_free (gpointer data)
{
  OldFile *old = data;

  g_free (old->id);
  g_free (old->name);
  g_free (old->sha256);
  g_free (old);
}

static gboolean
list_old (SarapDatabase *db, const char *name, gboolean is_record, GPtrArray *files, GError **error)
{
  SarapQuery *query = sarap_database_query (db, name, error);

  while (sarap_query_next (query))
    {
      OldFile *old = g_new0 (OldFile, 1);

      old->record = is_record ? sarap_query_get_int (query, "record") : 0;
      old->id = sarap_query_dup_text (query, "id");
      old->name = sarap_query_dup_text (query, "name");
      old->sha256 = sarap_query_dup_text (query, "sha256");
      g_ptr_array_add (files, old);
    }
  return sarap_query_finish (query);
}

static gboolean
point_to (SarapDatabase *db, const OldFile *old, const SarapSealedFile *file, GError **error)
{
  SarapQuery *query = sarap_database_query (db, old->record != 0 ? "attachment-set-file" : "submission-attachment-put", error);

  if (old->record != 0)
    {
      sarap_query_bind_int (query, "record", old->record);
      sarap_query_bind_text (query, "content", file->content);
    }
  else
    sarap_query_bind_text (query, "id", old->id);
  sarap_query_bind_text (query, "name", old->name);
  sarap_query_bind_text (query, "sha256", file->sha256);
  sarap_query_bind_int (query, "size", file->size);
  return sarap_query_run (query);
}

typedef struct
{
  SarapStore *store;
  const OldFile *old;
} Sealing;

static gboolean
seal_old (SarapDatabase *db, gpointer data, GError **error)
{
  Sealing *sealing = data;
  const OldFile *old = sealing->old;
  g_autofree char *path = sarap_media_dup_path (sealing->store, old->sha256);
  g_autofree char *context = old->record != 0 ? sarap_media_dup_record_context (old->name) : sarap_media_dup_submission_context (old->id, old->name);
  g_autoptr (SarapSecret) key = old->record != 0 ? sarap_record_keys_ref (db, old->record, error) : sarap_keyring_ref_user_key (sarap_store_get_keyring (sealing->store), error);
  g_autoptr (GFile) from = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = key ? g_file_read (from, NULL, error) : NULL;
  SarapSealedFile file;
  gboolean ok;

  if (stream == NULL || !sarap_media_seal (sealing->store, key, context, G_INPUT_STREAM (stream), &file, error))
    return sarap_store_take_error (error);
  ok = point_to (db, old, &file, error);
  sarap_sealed_file_clear (&file);
  return ok;
}

/* Between schema 3 and 4: seals attachments that were written in clear, removes the clear files, and leaves nothing
 * of the clear rows in the database. Can be begun again after a kill at any moment. Files that are missing stay missing. */
gboolean
sarap_media_seal_old (SarapStore *store, SarapDatabase *db, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (old_file_free);
  g_autoptr (GPtrArray) hashes = g_ptr_array_new ();
  Forget forget = { store, hashes };

  if (!list_old (db, "attachment-list-old", TRUE, files, error) || !list_old (db, "submission-attachment-list-old", FALSE, files, error))
    return FALSE;
  for (guint i = 0; i < files->len; i++)
    {
      Sealing sealing = { store, g_ptr_array_index (files, i) };
      g_autofree char *path = sarap_media_dup_path (store, sealing.old->sha256);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        g_warning ("%s: the file %s is missing", sealing.old->id, sealing.old->name);
      else if (!sarap_database_transact (db, seal_old, &sealing, error))
        return FALSE;
      g_ptr_array_add (hashes, sealing.old->sha256);
    }
  return remove_unused (db, &forget, error) && sarap_database_scrub (db, error);
}
