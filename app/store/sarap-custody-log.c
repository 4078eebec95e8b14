#include "app/store/sarap-custody-log.h"

#include <string.h>

#include "app/store/sarap-record-keys.h"
#include "app/vault/sarap-custody.h"

typedef struct
{
  gint64 sequence;
  char *head;
} End;

static void
end_clear (End *end)
{
  g_free (end->head);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (End, end_clear)

static gboolean
read_end (SarapDatabase *db, End *end, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "custody-end", error);

  if (sarap_query_next (query))
    {
      end->sequence = sarap_query_get_int (query, "sequence");
      end->head = sarap_query_dup_text (query, "head");
    }
  if (!sarap_query_finish (query))
    return FALSE;
  if (end->head == NULL)
    end->head = g_strdup (SARAP_CUSTODY_FIRST);
  return TRUE;
}

static gboolean
put_entry (SarapDatabase *db, const SarapCustodyEntry *entry, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "custody-add", error);

  sarap_query_bind_int (query, "sequence", entry->sequence);
  sarap_query_bind_text (query, "record", entry->record);
  sarap_query_bind_text (query, "event", entry->event);
  sarap_query_bind_bytes (query, "manifest", entry->manifest);
  sarap_query_bind_bytes (query, "signature", entry->signature);
  sarap_query_bind_text (query, "head", entry->head);
  return sarap_query_run (query);
}

static gboolean
put_end (SarapDatabase *db, SarapKeyring *keyring, const SarapCustodyEntry *entry, GError **error)
{
  g_autoptr (GBytes) text = sarap_custody_dup_end_text (entry->sequence, entry->head);
  g_autoptr (GBytes) signature = sarap_custody_sign (keyring, SARAP_CUSTODY_END, text);
  SarapQuery *query = sarap_database_query (db, "custody-end-put", error);

  sarap_query_bind_int (query, "sequence", entry->sequence);
  sarap_query_bind_text (query, "head", entry->head);
  sarap_query_bind_bytes (query, "signature", signature);
  return sarap_query_run (query);
}

static JsonBuilder *
begin_manifest (void)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  return builder;
}

/* @builder: an object that is open still; what every manifest has is added here. @id: NULL for the first. */
static gboolean
append (SarapDatabase *db, SarapKeyring *keyring, const char *event, const char *id, gint64 now, JsonBuilder *builder, GError **error)
{
  g_auto (End) end = { 0 };
  g_autoptr (SarapCustodyEntry) entry = g_new0 (SarapCustodyEntry, 1);
  g_autofree char *device = sarap_keyring_dup_device_key (keyring);
  SarapMoment moment;

  if (!read_end (db, &end, error))
    return FALSE;
  sarap_moment_take (&moment, now);
  sarap_json_build_string (builder, "event", event);
  sarap_json_build_string (builder, "instance", id);
  sarap_json_build_string (builder, "device", device);
  sarap_json_build_string (builder, "previous", end.head);
  sarap_json_build_int (builder, "sequence", end.sequence + 1);
  sarap_custody_build_moment (builder, "moment", &moment);
  json_builder_end_object (builder);
  entry->sequence = end.sequence + 1;
  entry->record = g_strdup (id ? id : "");
  entry->event = g_strdup (event);
  entry->manifest = sarap_json_build_canonical (builder);
  entry->signature = sarap_custody_sign (keyring, SARAP_CUSTODY_ENTRY, entry->manifest);
  entry->head = sarap_custody_dup_head (end.head, entry->manifest, entry->signature);
  return put_entry (db, entry, error) && put_end (db, keyring, entry, error);
}

/* Writes the first entry of a chain that has none; it names the records that were finalized before there was a chain. */
gboolean
sarap_custody_log_begin (SarapDatabase *db, SarapKeyring *keyring, gint64 now, GError **error)
{
  g_auto (End) end = { 0 };
  g_autoptr (JsonBuilder) builder = NULL;
  SarapQuery *query;

  if (!read_end (db, &end, error))
    return FALSE;
  if (end.sequence > 0)
    return TRUE;
  builder = begin_manifest ();
  json_builder_set_member_name (builder, "earlier");
  json_builder_begin_array (builder);
  query = sarap_database_query (db, "custody-record-ids", error);
  while (sarap_query_next (query))
    json_builder_add_string_value (builder, sarap_query_get_text (query, "id"));
  if (!sarap_query_finish (query))
    return FALSE;
  json_builder_end_array (builder);
  return append (db, keyring, "began", NULL, now, builder, error);
}

/* Of a new draft: what its manifest will say of its beginning. */
gboolean
sarap_custody_log_start (SarapDatabase *db, gint64 record, gint64 now, GError **error)
{
  g_auto (End) end = { 0 };
  SarapQuery *query;
  SarapMoment moment;

  if (!read_end (db, &end, error))
    return FALSE;
  sarap_moment_take (&moment, now);
  query = sarap_database_query (db, "record-start-add", error);
  sarap_query_bind_int (query, "record", record);
  sarap_query_bind_int (query, "sequence", end.sequence);
  sarap_query_bind_int (query, "wall", moment.wall);
  sarap_query_bind_int (query, "monotonic", moment.monotonic);
  sarap_query_bind_text (query, "boot", moment.boot);
  return sarap_query_run (query);
}

static void
build_hash (JsonBuilder *builder, const char *name, SarapQuery *query, const char *column)
{
  g_autoptr (GBytes) bytes = sarap_query_dup_bytes (query, column);
  g_autofree char *hash = bytes ? sarap_custody_dup_hash (bytes) : NULL;

  sarap_json_build_nullable (builder, name, hash);
}

static gboolean
build_start (SarapDatabase *db, JsonBuilder *builder, gint64 record, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "record-start-read", error);

  sarap_query_bind_int (query, "record", record);
  if (sarap_query_next (query))
    {
      SarapMoment moment = { .wall = sarap_query_get_int (query, "wall"), .monotonic = sarap_query_get_int (query, "monotonic") };

      g_strlcpy (moment.boot, sarap_query_get_text (query, "boot"), sizeof moment.boot);
      sarap_custody_build_moment (builder, "started", &moment);
      sarap_json_build_int (builder, "started_after", sarap_query_get_int (query, "sequence"));
    }
  return sarap_query_finish (query);
}

static gboolean
build_files (SarapDatabase *db, JsonBuilder *builder, gint64 record, const char *salt, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "custody-files", error);

  sarap_query_bind_int (query, "record", record);
  json_builder_set_member_name (builder, "files");
  json_builder_begin_array (builder);
  while (sarap_query_next (query))
    {
      const char *name = sarap_query_get_text (query, "name");
      const char *content = sarap_query_get_text (query, "content");
      g_autofree char *commitment = sarap_custody_dup_commitment (salt, name, content ? content : "");

      json_builder_begin_object (builder);
      sarap_json_build_string (builder, "name", name);
      sarap_json_build_string (builder, "content", commitment);
      build_hash (builder, "sealed", query, "sealed");
      sarap_json_build_string (builder, "file", sarap_query_get_text (query, "file"));
      sarap_json_build_int (builder, "size", sarap_query_get_int (query, "size"));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  return sarap_query_finish (query);
}

/* The project's ways to read the record; those of the device come and go. */
static gboolean
build_keys (SarapDatabase *db, JsonBuilder *builder, gint64 record, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "record-key-list", error);

  sarap_query_bind_int (query, "record", record);
  json_builder_set_member_name (builder, "keys");
  json_builder_begin_object (builder);
  while (sarap_query_next (query))
    if (!g_str_equal (sarap_query_get_text (query, "holder"), "user") && !g_str_equal (sarap_query_get_text (query, "holder"), "sync"))
      build_hash (builder, sarap_query_get_text (query, "holder"), query, "sealed");
  json_builder_end_object (builder);
  return sarap_query_finish (query);
}

static gboolean
build_record (SarapDatabase *db, JsonBuilder *builder, const char *id, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "custody-record", error);

  sarap_query_bind_text (query, "id", id);
  if (sarap_query_next (query))
    {
      json_builder_set_member_name (builder, "form");
      json_builder_begin_object (builder);
      sarap_json_build_string (builder, "id", sarap_query_get_text (query, "form_id"));
      sarap_json_build_string (builder, "version", sarap_query_get_text (query, "form_version"));
      sarap_json_build_string (builder, "hash", sarap_query_get_text (query, "form_hash"));
      json_builder_end_object (builder);
      sarap_json_build_string (builder, "answers", sarap_query_get_text (query, "sha256"));
      build_hash (builder, "sealed", query, "sealed");
      build_hash (builder, "name", query, "name");
    }
  return sarap_query_finish (query);
}

static char *
dup_id (SarapDatabase *db, gint64 record, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "record-id", error);
  char *id = NULL;

  sarap_query_bind_int (query, "record", record);
  if (sarap_query_next (query))
    id = sarap_query_dup_text (query, "id");
  sarap_query_finish (query);
  return id;
}

/* @record: finalized in this transaction, at @now, all of its rows written, its key still open. */
gboolean
sarap_custody_log_finalize (SarapDatabase *db, SarapKeyring *keyring, gint64 record, gint64 now, GError **error)
{
  g_autoptr (SarapSecret) key = sarap_record_keys_ref (db, record, error);
  g_autofree char *id = key ? dup_id (db, record, error) : NULL;
  g_autoptr (JsonBuilder) builder = begin_manifest ();
  char *salt;
  gboolean ok;

  if (id == NULL)
    return FALSE;
  salt = sarap_custody_dup_salt (key);
  ok = build_start (db, builder, record, error) && build_files (db, builder, record, salt, error) &&
       build_keys (db, builder, record, error) && build_record (db, builder, id, error) &&
       append (db, keyring, "finalized", id, now, builder, error);
  sarap_secret_wipe_text (salt);
  return ok;
}

/* @receipt, @proof: NULL from a server that gives none. */
gboolean
sarap_custody_log_send (SarapDatabase *db, SarapKeyring *keyring, const char *id, GBytes *receipt, const SarapReceiptProof *proof, gint64 now, GError **error)
{
  g_autofree char *hash = receipt ? sarap_custody_dup_hash (receipt) : NULL;
  g_autoptr (JsonBuilder) builder = begin_manifest ();

  sarap_json_build_nullable (builder, "receipt", hash);
  if (proof != NULL && proof->statement != NULL)
    {
      sarap_json_build_string (builder, "statement", proof->statement);
      sarap_json_build_string (builder, "server_signature", proof->signature);
      sarap_json_build_string (builder, "server_key", proof->server_key);
      sarap_json_build_int (builder, "server_time", proof->server_time);
      sarap_json_build_int (builder, "asked", proof->asked);
    }
  return append (db, keyring, "sent", id, now, builder, error);
}
