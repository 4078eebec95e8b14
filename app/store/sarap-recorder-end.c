#include "app/store/sarap-answers.h"
#include "app/store/sarap-custody-log.h"
#include "app/store/sarap-entities.h"
#include "app/store/sarap-journal-writer.h"
#include "app/store/sarap-media.h"
#include "app/store/sarap-record-keys.h"
#include "app/store/sarap-recorder-private.h"
#include "app/store/sarap-store-private.h"
#include "app/vault/sarap-odk-encryption.h"
#include "app/vault/sarap-sensitive.h"

#define AUDIT_NAME "audit.csv"

typedef struct
{
  gint64 record;
  const char *name;
  SarapSealedFile sealed;
} File;

static void
file_clear (gpointer data)
{
  File *file = data;

  g_free ((char *) file->name);
  sarap_sealed_file_clear (&file->sealed);
}

static gboolean
put_attachment (SarapDatabase *db, gpointer data, GError **error)
{
  File *file = data;
  SarapQuery *query = sarap_database_query (db, "attachment-put", error);

  sarap_journal_touch (db, file->record);
  sarap_query_bind_int (query, "record", file->record);
  sarap_query_bind_text (query, "name", file->name);
  sarap_query_bind_text (query, "sha256", file->sealed.sha256);
  sarap_query_bind_text (query, "content", file->sealed.content);
  sarap_query_bind_int (query, "size", file->sealed.size);
  return sarap_query_run (query);
}

/* A name that tells nothing of when or where it was made. */
static char *
new_file_name (const char *extension)
{
  g_autofree char *uuid = g_uuid_string_random ();
  GString *name = g_string_new_len (uuid, 8);

  g_string_append_len (name, uuid + 9, 4);
  g_string_append_len (name, uuid + 14, 4);
  if (extension != NULL && *extension != '\0')
    g_string_append_c (name, '.');
  for (guint i = 0; extension != NULL && extension[i] != '\0' && i < 8; i++)
    if (g_ascii_isalnum (extension[i]))
      g_string_append_c (name, g_ascii_tolower (extension[i]));
  return g_string_free (name, FALSE);
}

static gboolean
answer_file (SarapRecorder *self, const char *ref, const File *file, GError **error)
{
  g_autoptr (GError) own = NULL;

  sarap_interview_answer (self->interview, ref, file->name, &own);
  if (own == NULL && g_strcmp0 (sarap_interview_peek_value (self->interview, ref), file->name) != 0)
    g_set_error (&own, SARAP_STORE_ERROR, SARAP_STORE_ERROR_NOT_FOUND, "%s takes no file", ref);
  if (own == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&own));
  return FALSE;
}

static gboolean
seal_file (SarapRecorder *self, File *file, GInputStream *from, GError **error)
{
  g_autofree char *context = sarap_media_dup_record_context (file->name);

  return sarap_media_seal (self->store, self->key, context, from, &file->sealed, error);
}

/* The file comes first, then its row, then the answer that names it, which is queued like any other. */
static gboolean
attach_stream (SarapRecorder *self, const char *ref, GInputStream *from, const char *extension, GError **error)
{
  g_autofree char *name = new_file_name (extension);
  File file = { .record = self->journal->record, .name = name };
  gboolean ok;

  sarap_store_lock_media (self->store);
  ok = seal_file (self, &file, from, error) && sarap_store_write (self->store, SARAP_STORE_TOPIC_RECORDS, put_attachment, &file, error);
  sarap_store_unlock_media (self->store);
  sarap_sealed_file_clear (&file.sealed);
  return ok && answer_file (self, ref, &file, error);
}

gboolean
sarap_recorder_attach_file (SarapRecorder *self, const char *ref, const char *source, GError **error)
{
  const char *dot = strrchr (source, '.');
  g_autoptr (GFile) file = g_file_new_for_path (source);
  g_autoptr (GFileInputStream) from = g_file_read (file, NULL, error);

  return from != NULL && attach_stream (self, ref, G_INPUT_STREAM (from), dot && strchr (dot, '/') == NULL ? dot + 1 : NULL, error);
}

gboolean
sarap_recorder_attach (SarapRecorder *self, const char *ref, GBytes *bytes, const char *extension, GError **error)
{
  g_autoptr (GInputStream) from = g_memory_input_stream_new_from_bytes (bytes);

  return attach_stream (self, ref, from, extension, error);
}

static gboolean
find_attachment (SarapDatabase *db, gpointer data, GError **error)
{
  File *file = data;
  SarapQuery *query = sarap_database_query (db, "attachment-find", error);

  sarap_query_bind_int (query, "record", file->record);
  sarap_query_bind_text (query, "name", file->name);
  if (sarap_query_next (query))
    file->sealed.sha256 = sarap_query_dup_text (query, "sha256");
  return sarap_query_finish (query);
}

/* @what: that names it to people. Returns: (transfer full) */
static GBytes *
dup_named_attachment (SarapRecorder *self, const char *name, const char *what, GError **error)
{
  File file = { .record = self->journal->record, .name = name };
  g_autofree char *context = NULL;
  GBytes *bytes = NULL;

  if (!sarap_store_read (self->store, find_attachment, &file, error))
    return NULL;
  if (file.sealed.sha256 == NULL)
    {
      sarap_store_not_found (error, "attachment for", what);
      return NULL;
    }
  context = sarap_media_dup_record_context (file.name);
  bytes = sarap_media_unseal (self->store, self->key, context, file.sealed.sha256, error);
  sarap_sealed_file_clear (&file.sealed);
  return bytes;
}

/* Bytes of the file that answers @ref; NOT_FOUND when it is not answered. Returns: (transfer full) */
GBytes *
sarap_recorder_dup_attachment (SarapRecorder *self, const char *ref, GError **error)
{
  return dup_named_attachment (self, sarap_interview_peek_value (self->interview, ref), ref, error);
}

static gboolean
delete_attachment (SarapDatabase *db, gpointer data, GError **error)
{
  const File *file = data;
  SarapQuery *query;

  if (!find_attachment (db, data, error))
    return FALSE;
  sarap_journal_touch (db, file->record);
  query = sarap_database_query (db, "attachment-delete", error);
  sarap_query_bind_int (query, "record", file->record);
  sarap_query_bind_text (query, "name", file->name);
  return sarap_query_run (query);
}

/* The file @name, which no answer names any more, once that is durable. */
gboolean
sarap_recorder_drop_attachment (SarapRecorder *self, const char *name, GError **error)
{
  File file = { .record = self->journal->record, .name = name };
  g_autoptr (GPtrArray) hashes = g_ptr_array_new_with_free_func (g_free);
  gboolean ok;

  if (!sarap_recorder_flush (self, error))
    return FALSE;
  sarap_store_lock_media (self->store);
  ok = sarap_store_write (self->store, SARAP_STORE_TOPIC_RECORDS, delete_attachment, &file, error);
  if (file.sealed.sha256 != NULL)
    g_ptr_array_add (hashes, g_strdup (file.sealed.sha256));
  ok = ok && sarap_media_forget (self->store, hashes, error);
  sarap_store_unlock_media (self->store);
  sarap_sealed_file_clear (&file.sealed);
  return ok;
}

typedef struct
{
  SarapRecorder *recorder;
  GBytes *xml;
  char *sha256;
  char *name;
  char *search;
  char **attachments;  /* that stay as they are */
  GArray *added;       /* File: the audit log, or everything of an encrypted submission */
  GPtrArray *dropped;  /* hashes */
  GPtrArray *entities; /* (element-type SarapEntityChange) */
  gboolean is_encrypted;
  gboolean is_sealed; /* some of its answers are for the project alone */
  gint64 now;
} End;

static gboolean
find_dropped (SarapDatabase *db, End *end, GPtrArray *names, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "attachment-list", error);
  guint n_kept = 0;

  sarap_query_bind_int (query, "record", end->recorder->journal->record);
  while (sarap_query_next (query))
    {
      const char *name = sarap_query_get_text (query, "name");

      if (g_strv_contains ((const char *const *) end->attachments, name))
        {
          n_kept++;
          continue;
        }
      g_ptr_array_add (names, g_strdup (name));
      g_ptr_array_add (end->dropped, sarap_query_dup_text (query, "sha256"));
    }
  if (!sarap_query_finish (query))
    return FALSE;
  if (n_kept == g_strv_length (end->attachments))
    return TRUE;
  g_set_error_literal (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_NOT_FOUND, "an answer names a file that is not in the store");
  return FALSE;
}

static gboolean
settle_attachments (SarapDatabase *db, End *end, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  if (!find_dropped (db, end, names, error))
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    {
      SarapQuery *query = sarap_database_query (db, "attachment-delete", error);

      sarap_query_bind_int (query, "record", end->recorder->journal->record);
      sarap_query_bind_text (query, "name", g_ptr_array_index (names, i));
      if (!sarap_query_run (query))
        return FALSE;
    }
  for (guint i = 0; i < end->added->len; i++)
    if (!put_attachment (db, &g_array_index (end->added, File, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
write_xml (SarapDatabase *db, End *end, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "record-xml-add", error);

  sarap_query_bind_int (query, "record", end->recorder->journal->record);
  sarap_query_bind_text (query, "sha256", end->sha256);
  sarap_query_bind_bytes (query, "xml", end->xml);
  return sarap_query_run (query);
}

static gboolean
clear_rows (SarapDatabase *db, const char *name, gint64 record, GError **error)
{
  SarapQuery *query = sarap_database_query (db, name, error);

  sarap_query_bind_int (query, "record", record);
  return sarap_query_run (query);
}

/* Of an encrypted submission, and of sealed answers, nothing stays that another key opens: neither history nor journal. */
static gboolean
clear_working_rows (SarapDatabase *db, const End *end, gint64 record, GError **error)
{
  if (end->is_encrypted || end->is_sealed)
    {
      if (!clear_rows (db, "answer-history-clear", record, error))
        return FALSE;
      sarap_journal_touch_anew (db, record);
    }
  return clear_rows (db, "audit-clear", record, error) && sarap_answers_clear (db, record, error);
}

static gboolean
finalize_record (SarapDatabase *db, gpointer data, GError **error)
{
  End *end = data;
  gint64 record = end->recorder->journal->record;
  SarapQuery *query;

  if (!settle_attachments (db, end, error) || !write_xml (db, end, error) || !clear_working_rows (db, end, record, error) || !sarap_entities_apply (db, end->entities, error))
    return FALSE;
  query = sarap_database_query (db, "record-finalize", error);
  sarap_query_bind_int (query, "record", record);
  sarap_query_bind_text (query, "name", end->name);
  sarap_query_bind_text (query, "search", end->search);
  sarap_query_bind_int (query, "now", end->now);
  if (sarap_query_run_counting (query) > 0)
    return sarap_custody_log_finalize (db, sarap_store_get_keyring (end->recorder->store), record, end->now, error) && sarap_record_keys_finalize (db, record, error);
  if (*error == NULL)
    g_set_error_literal (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_STATE, "the record is no draft any more");
  return FALSE;
}

static gboolean
add_file (SarapRecorder *self, End *end, const char *name, GBytes *bytes, GError **error)
{
  g_autoptr (GInputStream) from = g_memory_input_stream_new_from_bytes (bytes);
  File file = { .record = self->journal->record, .name = g_strdup (name) };
  gboolean ok = seal_file (self, &file, from, error);

  g_array_append_val (end->added, file);
  return ok;
}

static gboolean
write_audit_file (SarapRecorder *self, End *end, GError **error)
{
  g_autoptr (GBytes) csv = self->audit ? sarap_audit_log_dup_csv (self->audit) : NULL;

  return csv == NULL || add_file (self, end, AUDIT_NAME, csv, error);
}

static gboolean
encrypt_file (SarapRecorder *self, End *end, SarapOdkEncryption *encryption, const char *name, GBytes *plain, GError **error)
{
  g_autofree char *encrypted_name = g_strconcat (name, ".enc", NULL);
  g_autoptr (GBytes) encrypted = plain ? sarap_odk_encryption_add (encryption, name, plain, error) : NULL;

  return encrypted != NULL && add_file (self, end, encrypted_name, encrypted, error);
}

static gboolean
encrypt_attachments (SarapRecorder *self, End *end, SarapOdkEncryption *encryption, GError **error)
{
  g_autoptr (GBytes) csv = self->audit ? sarap_audit_log_dup_csv (self->audit) : NULL;

  for (char **name = end->attachments; *name != NULL; name++)
    {
      g_autoptr (GBytes) plain = dup_named_attachment (self, *name, *name, error);

      if (!encrypt_file (self, end, encryption, *name, plain, error))
        return FALSE;
    }
  return csv == NULL || encrypt_file (self, end, encryption, AUDIT_NAME, csv, error);
}

/* The envelope takes the place of the answers, encrypted files that of the attachments. */
static gboolean
encrypt_submission (SarapRecorder *self, End *end, GError **error)
{
  SarapForm *form = sarap_interview_get_form (self->interview);
  g_autoptr (SarapOdkEncryption) encryption = sarap_odk_encryption_new (sarap_form_get_submission_key (form), sarap_form_get_id (form), sarap_form_get_version (form), self->id, error);
  g_autoptr (GBytes) encrypted = NULL;
  GBytes *envelope;

  if (encryption == NULL || !encrypt_attachments (self, end, encryption, error))
    return FALSE;
  envelope = sarap_odk_encryption_finish (encryption, end->xml, &encrypted, error);
  if (envelope == NULL)
    return FALSE;
  g_bytes_unref (end->xml);
  end->xml = envelope;
  g_clear_pointer (&end->attachments, g_strfreev);
  end->attachments = g_new0 (char *, 1);
  return add_file (self, end, SARAP_ODK_ENCRYPTED_XML, encrypted, error);
}

static gboolean
seal_sensitive (SarapRecorder *self, End *end, GError **error)
{
  g_auto (GStrv) paths = sarap_form_dup_sensitive_paths (sarap_interview_get_form (self->interview));
  g_autoptr (GPtrArray) keys = NULL;
  GBytes *sealed;

  if (*paths == NULL)
    return TRUE;
  keys = sarap_keyring_list_project_keys (sarap_store_get_keyring (self->store));
  sealed = sarap_sensitive_seal (end->xml, (const char *const *) paths, keys, error);
  if (sealed == NULL)
    return FALSE;
  g_bytes_unref (end->xml);
  end->xml = sealed;
  end->is_sealed = TRUE;
  return TRUE;
}

/* Files without a row, when it failed; those whose rows are gone, when it is done. */
static void
forget_files (SarapRecorder *self, End *end, gboolean is_done)
{
  for (guint i = 0; !is_done && i < end->added->len; i++)
    if (g_array_index (end->added, File, i).sealed.sha256 != NULL)
      g_ptr_array_add (end->dropped, g_strdup (g_array_index (end->added, File, i).sealed.sha256));
  if (!sarap_media_forget (self->store, end->dropped, NULL))
    g_warning ("Files that %s no longer uses stay in the store", self->id);
}

static gboolean
store_final (SarapRecorder *self, End *end, GError **error)
{
  gboolean ok;

  sarap_store_lock_media (self->store);
  ok = end->is_encrypted ? encrypt_submission (self, end, error) : seal_sensitive (self, end, error) && write_audit_file (self, end, error);
  if (ok)
    {
      end->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, end->xml);
      ok = sarap_store_write (self->store, SARAP_STORE_TOPIC_RECORDS, finalize_record, end, error);
    }
  forget_files (self, end, ok);
  sarap_store_unlock_media (self->store);
  return ok;
}

static void
end_clear (End *end)
{
  g_clear_pointer (&end->xml, g_bytes_unref);
  g_clear_pointer (&end->added, g_array_unref);
  g_clear_pointer (&end->dropped, g_ptr_array_unref);
  g_clear_pointer (&end->entities, g_ptr_array_unref);
  g_strfreev (end->attachments);
  g_free (end->sha256);
  g_free (end->name);
  g_free (end->search);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (End, end_clear)

/* Errors: SARAP_INTERVIEW_ERROR_INVALID while violations stand (the draft goes on), SARAP_VAULT_ERROR_MALFORMED when
 * the form asks for encryption with what is no key, or what the disk says. Afterwards the recorder records no more. */
gboolean
sarap_recorder_finalize (SarapRecorder *self, GError **error)
{
  g_auto (End) end = { .recorder = self };

  end.xml = sarap_interview_finalize (self->interview, error);
  if (end.xml == NULL)
    return FALSE;
  if (self->audit != NULL)
    sarap_audit_log_event (self->audit, "form finalize");
  if (!sarap_recorder_flush (self, error))
    return FALSE;
  end.is_encrypted = sarap_form_get_submission_key (sarap_interview_get_form (self->interview)) != NULL;
  end.entities = end.is_encrypted ? g_ptr_array_new () : sarap_interview_dup_entity_changes (self->interview); /* a server that reads nothing makes none */
  end.dropped = g_ptr_array_new_with_free_func (g_free);
  end.added = g_array_new (FALSE, FALSE, sizeof (File));
  g_array_set_clear_func (end.added, file_clear);
  end.name = sarap_recorder_dup_name (self);
  end.search = sarap_recorder_dup_search (self, end.name);
  end.attachments = sarap_interview_dup_attachment_names (self->interview);
  end.now = sarap_clock_get_now (sarap_store_get_clock (self->store));
  self->is_closed = store_final (self, &end, error);
  return self->is_closed;
}

static gboolean
abandon_record (SarapDatabase *db, gpointer data, GError **error)
{
  SarapRecorder *self = data;
  SarapQuery *query = sarap_database_query (db, "record-abandon", error);

  sarap_journal_touch (db, self->journal->record);
  sarap_query_bind_int (query, "record", self->journal->record);
  sarap_query_bind_int (query, "now", sarap_clock_get_now (sarap_store_get_clock (self->store)));
  return sarap_query_run (query);
}

/* Closes a visit that will not be finished: counted, never offered again. */
gboolean
sarap_recorder_abandon (SarapRecorder *self, GError **error)
{
  self->is_closed = sarap_store_write (self->store, SARAP_STORE_TOPIC_RECORDS, abandon_record, self, error);
  return self->is_closed;
}
