#include "app/store/sarap-custody-check.h"

#include <string.h>

#include "app/base/sarap-file.h"
#include "app/store/sarap-custody-private.h"
#include "app/store/sarap-media.h"
#include "app/store/sarap-record-keys.h"
#include "app/store/sarap-space.h"
#include "app/store/sarap-store-private.h"
#include "app/vault/sarap-custody.h"

/*  1. The chain is read from its beginning; a broken entry is told and the next one is held against what it says itself
 *     of the entry before, so that one fault is told once.
 *  2. What an entry names is compared with the rows and files as they are now, sealed bytes by their hash and, where
 *     somebody here may read them, their content too.
 *  3. What is there and no entry names, is told from the record's side. */

typedef struct
{
  SarapStore *store;
  SarapDatabase *db;
  SarapCustodyReport *report;
  GHashTable *finalized; /* instanceIDs */
  GHashTable *sent;
  GHashTable *earlier;
  gboolean is_earlier_known;
  gint64 entry; /* being checked */
  const char *record;
} Check;

void
sarap_custody_fault_free (SarapCustodyFault *self)
{
  g_free (self->record);
  g_free (self->subject);
  g_free (self);
}

void
sarap_custody_report_free (SarapCustodyReport *self)
{
  g_ptr_array_unref (self->faults);
  g_free (self);
}

static void
tell_of (Check *self, const char *subject, const char *what)
{
  SarapCustodyFault *fault = g_new0 (SarapCustodyFault, 1);

  fault->entry = self->entry;
  fault->record = g_strdup (self->record ? self->record : "");
  fault->subject = g_strdup (subject ? subject : "");
  fault->what = what;
  g_ptr_array_add (self->report->faults, fault);
}

static void
tell (Check *self, const char *what)
{
  tell_of (self, NULL, what);
}

static void
expect (Check *self, const char *found, const char *signed_value, const char *subject, const char *what)
{
  if (g_strcmp0 (found, signed_value) != 0)
    tell_of (self, subject, what);
}

static char *
dup_hash (GBytes *bytes)
{
  return bytes != NULL ? sarap_custody_dup_hash (bytes) : NULL;
}

/* --- a finalized record ---------------------------------------------------------------------------- */

static void
check_stored_file (Check *self, const char *name, const char *file)
{
  g_autofree char *path = sarap_media_dup_path (self->store, file);
  g_autofree char *hash = sarap_file_hash (path, G_CHECKSUM_SHA256, NULL);

  if (hash == NULL)
    tell_of (self, name, "the attachment's file is missing");
  else
    expect (self, hash, file, name, "the attachment's file holds other bytes");
}

/* @row: NULL when the table has none of that name. */
static void
check_file (Check *self, JsonObject *signed_file, const SarapCustodyFile *row, const char *salt)
{
  const char *name = sarap_json_peek_string (signed_file, "name");
  const char *file = sarap_json_peek_string (signed_file, "file");
  g_autofree char *commitment = NULL;

  if (row == NULL)
    {
      tell_of (self, name, "the attachment is missing");
      return;
    }
  expect (self, row->file, file, name, "the attachment names another file");
  expect (self, row->sealed, sarap_json_peek_string (signed_file, "sealed"), name, "the attachment's hash was changed");
  if (row->size != sarap_json_peek_int (signed_file, "size", -1))
    tell_of (self, name, "the attachment's size was changed");
  check_stored_file (self, name, file);
  if (salt == NULL || row->content == NULL)
    return;
  commitment = sarap_custody_dup_commitment (salt, name, row->content);
  expect (self, commitment, sarap_json_peek_string (signed_file, "content"), name, "the attachment is not what was attached");
}

static void
check_files (Check *self, JsonObject *manifest, gint64 number, const char *salt)
{
  g_autoptr (GPtrArray) rows = sarap_custody_list_files (self->db, number, NULL);
  JsonArray *files = sarap_json_peek_array (manifest, "files");
  guint n = files ? json_array_get_length (files) : 0;

  if (rows == NULL)
    {
      tell (self, "its attachments cannot be read");
      return;
    }
  for (guint i = 0; i < n; i++)
    {
      JsonObject *signed_file = sarap_json_peek_element (files, i);
      SarapCustodyFile *row = NULL;

      for (guint k = 0; k < rows->len && row == NULL; k++)
        if (g_strcmp0 (((SarapCustodyFile *) g_ptr_array_index (rows, k))->name, sarap_json_peek_string (signed_file, "name")) == 0)
          row = g_ptr_array_index (rows, k);
      check_file (self, signed_file, row, salt);
      if (row != NULL)
        row->is_known = TRUE;
    }
  for (guint k = 0; k < rows->len; k++)
    if (!((SarapCustodyFile *) g_ptr_array_index (rows, k))->is_known)
      tell_of (self, ((SarapCustodyFile *) g_ptr_array_index (rows, k))->name, "the attachment was added afterwards");
}

static void
check_keys (Check *self, JsonObject *manifest, gint64 number)
{
  JsonObject *keys = sarap_json_peek_object (manifest, "keys");
  g_autoptr (GList) names = keys ? json_object_get_members (keys) : NULL;
  g_autoptr (GHashTable) rows = sarap_custody_list_keys (self->db, number, NULL);

  for (GList *link = names; link != NULL && rows != NULL; link = link->next)
    expect (self, g_hash_table_lookup (rows, link->data), sarap_json_peek_string (keys, link->data), link->data, "the project's key to it was changed or is missing");
}

static void
check_form (Check *self, JsonObject *manifest, const SarapCustodyRecord *row)
{
  JsonObject *form = sarap_json_peek_object (manifest, "form");

  if (form == NULL || g_strcmp0 (sarap_json_peek_string (form, "id"), row->form_id) != 0 || g_strcmp0 (sarap_json_peek_string (form, "version"), row->form_version) != 0 || g_strcmp0 (sarap_json_peek_string (form, "hash"), row->form_hash) != 0)
    tell_of (self, row->form_id, "the record stands under another form");
}

/* Whoever may read the record compares what is in it. @key: NULL when nobody here may. */
static void
check_content (Check *self, JsonObject *manifest, const SarapCustodyRecord *row, SarapSecret *key)
{
  g_autoptr (GBytes) xml = key && row->sealed ? sarap_custody_dup_xml (self->db, row->number) : NULL;
  g_autofree char *hash = dup_hash (xml);

  if (key == NULL)
    self->report->n_unread++;
  else if (row->sealed != NULL)
    expect (self, hash, sarap_json_peek_string (manifest, "answers"), NULL, "the answers are not those that were finalized");
}

static void
check_rows (Check *self, JsonObject *manifest, const SarapCustodyRecord *row)
{
  g_autoptr (SarapSecret) key = sarap_record_keys_ref (self->db, row->number, NULL);
  char *salt = key ? sarap_custody_dup_salt (key) : NULL;
  SarapMoment moment;

  sarap_custody_read_moment (manifest, "moment", &moment);
  if (row->finalized_at != moment.wall)
    tell (self, "the record's time was changed");
  check_form (self, manifest, row);
  expect (self, row->name, sarap_json_peek_string (manifest, "name"), NULL, "the record's name was changed");
  if (row->sealed == NULL)
    tell (self, "the answers are missing");
  else
    {
      expect (self, row->sealed, sarap_json_peek_string (manifest, "sealed"), NULL, "the sealed answers were changed");
      expect (self, row->sha256, sarap_json_peek_string (manifest, "answers"), NULL, "the hash of the answers was changed");
    }
  check_content (self, manifest, row, key);
  check_keys (self, manifest, row->number);
  check_files (self, manifest, row->number, salt);
  sarap_secret_wipe_text (salt);
}

static void
check_finalized (Check *self, JsonObject *manifest, const char *id)
{
  g_autoptr (SarapCustodyRecord) row = sarap_custody_find_record (self->db, id, NULL);

  if (!g_hash_table_add (self->finalized, g_strdup (id)))
    tell (self, "the record was finalized before");
  if (row == NULL)
    tell (self, "the record is missing");
  else if (row->state != SARAP_RECORD_FINALIZED && row->state != SARAP_RECORD_SENT)
    tell (self, "the record's state was changed");
  if (row != NULL)
    check_rows (self, manifest, row);
}

/* --- a sent record --------------------------------------------------------------------------------- */

/* The server's statement stands in the manifest, and its hash of the answers must be ours. */
static void
check_statement (Check *self, JsonObject *manifest, const SarapCustodyRecord *row)
{
  const char *text = sarap_json_peek_string (manifest, "statement");
  const char *key = sarap_json_peek_string (manifest, "server_key");
  const char *signature = sarap_json_peek_string (manifest, "server_signature");
  g_autoptr (SarapStatement) statement = NULL;

  if (text == NULL)
    {
      self->report->n_unsigned++;
      return;
    }
  statement = sarap_statement_new_signed (text, key, signature);
  if (statement == NULL)
    tell (self, "the server's signature does not belong to its receipt");
  else if (g_strcmp0 (statement->instance, self->record) != 0)
    tell (self, "the server's receipt is for another record");
  else
    expect (self, statement->answers, row->sha256, NULL, "the server's receipt is for other answers");
}

static void
check_sent (Check *self, JsonObject *manifest, const char *id)
{
  g_autoptr (SarapCustodyRecord) row = sarap_custody_find_record (self->db, id, NULL);

  if (!g_hash_table_add (self->sent, g_strdup (id)))
    tell (self, "the record was sent before");
  if (row == NULL)
    {
      tell (self, "the record is missing");
      return;
    }
  if (row->state != SARAP_RECORD_SENT)
    tell (self, "the record's state was changed");
  expect (self, row->receipt, sarap_json_peek_string (manifest, "receipt"), NULL, "the receipt was changed");
  check_statement (self, manifest, row);
}

/* --- the chain ------------------------------------------------------------------------------------- */

static void
take_earlier (Check *self, JsonObject *manifest)
{
  JsonArray *earlier = sarap_json_peek_array (manifest, "earlier");

  for (guint i = 0; earlier != NULL && i < json_array_get_length (earlier); i++)
    g_hash_table_add (self->earlier, g_strdup (json_array_get_string_element (earlier, i)));
}

static void
check_entry (Check *self, const SarapCustodyEntry *entry, JsonObject *manifest)
{
  if (g_str_equal (entry->event, "began"))
    take_earlier (self, manifest);
  else if (g_str_equal (entry->event, "finalized"))
    check_finalized (self, manifest, entry->record);
  else if (g_str_equal (entry->event, "sent"))
    check_sent (self, manifest, entry->record);
  else
    tell (self, "the entry is of a kind that this program does not know");
}

/* A broken entry still says which record it was for: nothing more is told of that one. */
static void
skip_entry (Check *self, const SarapCustodyEntry *entry)
{
  self->is_earlier_known &= !g_str_equal (entry->event, "began");
  g_hash_table_add (g_str_equal (entry->event, "sent") ? self->sent : self->finalized, g_strdup (entry->record));
}

static void
tell_missing (Check *self, gint64 first, gint64 last)
{
  g_autofree char *range = g_strdup_printf ("%" G_GINT64_FORMAT "–%" G_GINT64_FORMAT, first, last);

  self->entry = first;
  self->record = NULL;
  tell_of (self, first < last ? range : NULL, first < last ? "entries are missing" : "the entry is missing");
}

/* @previous: head of the entry before, NULL when that one is no help. Returns: (transfer full) the head of this one, or
 * NULL when it is broken */
static char *
check_link (Check *self, const SarapCustodyEntry *entry, const char *device, const char *previous)
{
  g_autoptr (JsonNode) manifest = NULL;
  const char *fault;

  self->entry = entry->sequence;
  self->record = entry->record;
  manifest = sarap_custody_check_entry (entry, device, entry->sequence, previous, &fault);
  if (fault != NULL)
    {
      tell (self, fault);
      skip_entry (self, entry);
      return NULL;
    }
  check_entry (self, entry, sarap_json_peek_root (manifest));
  return g_strdup (entry->head);
}

static void
check_links (Check *self, GPtrArray *entries, const SarapCustodyEnd *end)
{
  g_autofree char *device = sarap_keyring_dup_device_key (sarap_store_get_keyring (self->store));
  g_autofree char *previous = g_strdup (SARAP_CUSTODY_FIRST);
  gint64 next = 1;

  for (guint i = 0; i < entries->len; i++)
    {
      const SarapCustodyEntry *entry = g_ptr_array_index (entries, i);
      char *head;

      if (entry->sequence != next)
        {
          tell_missing (self, next, entry->sequence - 1);
          g_clear_pointer (&previous, g_free);
        }
      head = check_link (self, entry, device, previous);
      g_free (previous);
      previous = head;
      next = entry->sequence + 1;
    }
  self->record = NULL;
  self->entry = end->sequence;
  if (!sarap_custody_end_is_signed (end, device))
    tell (self, "the end of the chain was changed");
  else if (next <= end->sequence)
    tell_missing (self, next, end->sequence);
  else if (next > end->sequence + 1)
    tell (self, "the chain goes on behind its end");
  else if (previous != NULL)
    expect (self, end->head, previous, NULL, "the end of the chain is not its last entry's");
}

/* --- records that no entry names --------------------------------------------------------------------- */

static void
check_named (Check *self, const SarapCustodyRecord *row)
{
  gboolean is_finalized = g_hash_table_contains (self->finalized, row->id);

  self->record = row->id;
  self->report->n_records++;
  if (!is_finalized && g_hash_table_contains (self->earlier, row->id) && !row->has_start)
    {
      self->report->n_earlier++;
      return;
    }
  if (!is_finalized && self->is_earlier_known)
    tell (self, "no entry tells that the record was finalized");
  if (row->state == SARAP_RECORD_SENT && !g_hash_table_contains (self->sent, row->id) && self->is_earlier_known)
    tell (self, "no entry tells that the record was sent");
}

static gboolean
check_forms (Check *self, GError **error)
{
  SarapQuery *query = sarap_database_query (self->db, "custody-forms", error);

  self->entry = 0;
  self->record = NULL;
  while (sarap_query_next (query))
    {
      g_autoptr (GBytes) xml = sarap_query_dup_bytes (query, "xml");
      g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, xml);
      g_autofree char *hash = g_strconcat ("md5:", digest, NULL);

      expect (self, sarap_query_get_text (query, "hash"), hash, sarap_query_get_text (query, "id"), "the questionnaire was changed");
    }
  return sarap_query_finish (query);
}

static gboolean
check_all (SarapDatabase *db, gpointer data, GError **error)
{
  Check *self = data;
  g_autoptr (GPtrArray) entries = sarap_custody_list_entries (db, error);
  g_autoptr (GPtrArray) records = entries ? sarap_custody_list_records (db, error) : NULL;
  g_auto (SarapCustodyEnd) end = { 0 };

  self->db = db;
  while (sarap_database_is_unchecked (db))
    if (!sarap_database_check_next (db, error))
      return FALSE;
  if (records == NULL || !sarap_custody_read_end (db, &end, error))
    return FALSE;
  self->report->n_entries = entries->len;
  check_links (self, entries, &end);
  self->entry = 0;
  for (guint i = 0; i < records->len; i++)
    check_named (self, g_ptr_array_index (records, i));
  if (!sarap_ballast_is_blank (sarap_store_get_folder (self->store)))
    expect (self, "blank", "changed", "ballast", "the disk changed bytes that nobody wrote");
  return check_forms (self, error);
}

static GHashTable *
new_set (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* Reads every entry and every attachment's file; may take a while. Errors are those of the database. Returns:
 * (transfer full) */
SarapCustodyReport *
sarap_store_check_custody (SarapStore *self, GError **error)
{
  g_autoptr (SarapCustodyReport) report = g_new0 (SarapCustodyReport, 1);
  g_autoptr (GHashTable) finalized = new_set ();
  g_autoptr (GHashTable) sent = new_set ();
  g_autoptr (GHashTable) earlier = new_set ();
  Check check = { .store = self, .report = report, .finalized = finalized, .sent = sent, .earlier = earlier, .is_earlier_known = TRUE };

  report->faults = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_custody_fault_free);
  return sarap_store_read (self, check_all, &check, error) ? g_steal_pointer (&report) : NULL;
}
