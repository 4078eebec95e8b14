#include "app/store/sarap-custody-private.h"

void
sarap_custody_record_free (SarapCustodyRecord *self)
{
  g_free (self->id);
  g_free (self->form_id);
  g_free (self->form_version);
  g_free (self->form_hash);
  g_free (self->name);
  g_free (self->sha256);
  g_free (self->sealed);
  g_free (self->receipt);
  g_free (self);
}

static void
file_free (gpointer data)
{
  SarapCustodyFile *self = data;

  g_free (self->name);
  g_free (self->file);
  g_free (self->content);
  g_free (self->sealed);
  g_free (self);
}

void
sarap_custody_end_clear (SarapCustodyEnd *self)
{
  g_free (self->head);
  g_clear_pointer (&self->signature, g_bytes_unref);
}

static char *
dup_hash (SarapQuery *query, const char *column)
{
  g_autoptr (GBytes) bytes = sarap_query_dup_bytes (query, column);

  return bytes != NULL ? sarap_custody_dup_hash (bytes) : NULL;
}

static GBytes *
dup_blob (SarapQuery *query, const char *column)
{
  GBytes *bytes = sarap_query_dup_bytes (query, column);

  return bytes != NULL ? bytes : g_bytes_new (NULL, 0);
}

/* Returns: (element-type SarapCustodyEntry) */
GPtrArray *
sarap_custody_list_entries (SarapDatabase *db, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_custody_entry_free);
  SarapQuery *query = sarap_database_query (db, "custody-list", error);

  while (sarap_query_next (query))
    {
      SarapCustodyEntry *entry = g_new0 (SarapCustodyEntry, 1);

      entry->sequence = sarap_query_get_int (query, "sequence");
      entry->record = sarap_query_dup_text (query, "record");
      entry->event = sarap_query_dup_text (query, "event");
      entry->manifest = dup_blob (query, "manifest");
      entry->signature = dup_blob (query, "signature");
      entry->head = sarap_query_dup_text (query, "head");
      g_ptr_array_add (entries, entry);
    }
  return sarap_query_finish (query) ? g_steal_pointer (&entries) : NULL;
}

/* Number, id, state and beginning of all that are finalized. Returns: (element-type SarapCustodyRecord) */
GPtrArray *
sarap_custody_list_records (SarapDatabase *db, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_custody_record_free);
  SarapQuery *query = sarap_database_query (db, "custody-record-ids", error);

  while (sarap_query_next (query))
    {
      SarapCustodyRecord *record = g_new0 (SarapCustodyRecord, 1);

      record->number = sarap_query_get_int (query, "number");
      record->id = sarap_query_dup_text (query, "id");
      record->state = (SarapRecordState) sarap_query_get_int (query, "state");
      record->has_start = sarap_query_get_int (query, "has_start") != 0;
      g_ptr_array_add (records, record);
    }
  return sarap_query_finish (query) ? g_steal_pointer (&records) : NULL;
}

/* NULL without error: there is none. */
SarapCustodyRecord *
sarap_custody_find_record (SarapDatabase *db, const char *id, GError **error)
{
  g_autoptr (SarapCustodyRecord) record = NULL;
  SarapQuery *query = sarap_database_query (db, "custody-record", error);

  sarap_query_bind_text (query, "id", id);
  if (sarap_query_next (query))
    {
      record = g_new0 (SarapCustodyRecord, 1);
      record->number = sarap_query_get_int (query, "number");
      record->id = g_strdup (id);
      record->state = (SarapRecordState) sarap_query_get_int (query, "state");
      record->finalized_at = sarap_query_get_int (query, "finalized_at");
      record->form_id = sarap_query_dup_text (query, "form_id");
      record->form_version = sarap_query_dup_text (query, "form_version");
      record->form_hash = sarap_query_dup_text (query, "form_hash");
      record->name = dup_hash (query, "name");
      record->sha256 = sarap_query_dup_text (query, "sha256");
      record->sealed = dup_hash (query, "sealed");
      record->receipt = dup_hash (query, "receipt");
    }
  return sarap_query_finish (query) ? g_steal_pointer (&record) : NULL;
}

/* Returns: (element-type SarapCustodyFile) */
GPtrArray *
sarap_custody_list_files (SarapDatabase *db, gint64 record, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (file_free);
  SarapQuery *query = sarap_database_query (db, "custody-files", error);

  sarap_query_bind_int (query, "record", record);
  while (sarap_query_next (query))
    {
      SarapCustodyFile *file = g_new0 (SarapCustodyFile, 1);

      file->name = sarap_query_dup_text (query, "name");
      file->file = sarap_query_dup_text (query, "file");
      file->content = sarap_query_dup_text (query, "content");
      file->sealed = dup_hash (query, "sealed");
      file->size = sarap_query_get_int (query, "size");
      g_ptr_array_add (files, file);
    }
  return sarap_query_finish (query) ? g_steal_pointer (&files) : NULL;
}

/* Returns: holder → hash of the sealed key */
GHashTable *
sarap_custody_list_keys (SarapDatabase *db, gint64 record, GError **error)
{
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  SarapQuery *query = sarap_database_query (db, "record-key-list", error);

  sarap_query_bind_int (query, "record", record);
  while (sarap_query_next (query))
    g_hash_table_insert (keys, sarap_query_dup_text (query, "holder"), dup_hash (query, "sealed"));
  return sarap_query_finish (query) ? g_steal_pointer (&keys) : NULL;
}

/* NULL when it does not open. */
GBytes *
sarap_custody_dup_xml (SarapDatabase *db, gint64 record)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) xml = NULL;
  SarapQuery *query = sarap_database_query (db, "record-xml-read", &error);

  sarap_query_bind_int (query, "record", record);
  if (sarap_query_next (query))
    xml = sarap_query_dup_bytes (query, "xml");
  return sarap_query_finish (query) ? g_steal_pointer (&xml) : NULL;
}

/* @end: zeros when the table is empty. */
gboolean
sarap_custody_read_end (SarapDatabase *db, SarapCustodyEnd *end, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "custody-end", error);

  if (sarap_query_next (query))
    {
      end->sequence = sarap_query_get_int (query, "sequence");
      end->head = sarap_query_dup_text (query, "head");
      end->signature = dup_blob (query, "signature");
    }
  return sarap_query_finish (query);
}

gboolean
sarap_custody_end_is_signed (const SarapCustodyEnd *end, const char *device)
{
  g_autoptr (GBytes) text = end->head ? sarap_custody_dup_end_text (end->sequence, end->head) : NULL;

  return text != NULL && sarap_custody_is_signed (device, SARAP_CUSTODY_END, text, end->signature);
}
