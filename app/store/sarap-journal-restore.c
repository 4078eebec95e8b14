#include "app/store/sarap-journal-restore.h"

#include "app/store/sarap-journal-forms.h"
#include "app/store/sarap-store-records.h"

/*  1. Nothing is opened: the sealed bytes go back as they are. So it needs no PIN.
 *  2. The newest entry of the record's row tells its state; without one (the file was cut early) it is a draft.
 *  3. A record that is there is replaced whole, under its number; keys that only its rows still have are kept. */

typedef struct
{
  gint64 number; /* 0: there is none */
  GHashTable *keys;
} Old;

static void
old_clear (Old *old)
{
  g_clear_pointer (&old->keys, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Old, old_clear)

/* The last value of @kind, or NULL. */
static GVariant *
find_last (const SarapJournalContents *contents, SarapJournalKind kind)
{
  for (guint i = contents->entries->len; i > 0; i--)
    {
      const SarapJournalEntry *entry = g_ptr_array_index (contents->entries, i - 1);

      if (entry->kind == kind)
        return entry->value;
    }
  return NULL;
}

SarapJournalReach
sarap_journal_contents_get_reach (const SarapJournalContents *self)
{
  SarapJournalReach reach = { .state = -1 };
  GVariant *record = find_last (self, SARAP_JOURNAL_RECORD);
  gint64 revision;

  if (record != NULL)
    g_variant_get_child (record, 0, "i", &reach.state);
  if (record != NULL)
    g_variant_get_child (record, 1, "x", &reach.revision);
  for (guint i = 0; i < self->entries->len; i++)
    {
      const SarapJournalEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->kind != SARAP_JOURNAL_ANSWER)
        continue;
      g_variant_get_child (entry->value, 0, "x", &revision);
      reach.revision = MAX (reach.revision, revision);
      reach.n_answers++;
    }
  return reach;
}

static GBytes *
unpack_bytes (GVariant *value)
{
  g_autoptr (GVariant) own = value;

  return own ? g_variant_get_data_as_bytes (own) : NULL;
}

static gboolean
put_key (SarapDatabase *db, gint64 record, const char *holder, GBytes *sealed, GError **error)
{
  SarapQuery *query;

  if (sealed == NULL)
    return TRUE;
  query = sarap_database_query (db, "record-key-add", error);
  sarap_query_bind_int (query, "record", record);
  sarap_query_bind_text (query, "holder", holder);
  sarap_query_bind_bytes (query, "sealed", sealed);
  return sarap_query_run (query);
}

static gboolean
put_keys (SarapDatabase *db, gint64 record, GHashTable *keys, GError **error)
{
  GHashTableIter iter;
  gpointer holder, sealed;

  g_hash_table_iter_init (&iter, keys);
  while (g_hash_table_iter_next (&iter, &holder, &sealed))
    if (!put_key (db, record, holder, sealed, error))
      return FALSE;
  return TRUE;
}

/* A draft is the person's, a finalized record the outbox's. */
static gboolean
put_all_keys (SarapDatabase *db, gint64 record, const SarapJournalHead *head, Old *old, int state, GError **error)
{
  gboolean is_final = state == SARAP_RECORD_FINALIZED;
  const char *holder = is_final ? "sync" : "user";

  if (old->keys != NULL)
    g_hash_table_remove (old->keys, is_final ? "user" : "sync");
  if (old->keys != NULL && !put_keys (db, record, old->keys, error))
    return FALSE;
  return put_key (db, record, holder, head->slots[is_final ? SARAP_JOURNAL_SYNC : SARAP_JOURNAL_USER], error) && put_keys (db, record, head->project_keys, error);
}

static gboolean
put_answer (SarapDatabase *db, gint64 record, GVariant *value, GError **error)
{
  g_autoptr (GBytes) ref = unpack_bytes (g_variant_get_child_value (value, 4));
  g_autoptr (GBytes) sealed = unpack_bytes (g_variant_get_child_value (value, 5));
  gint64 revision, place, at;
  const char *put;
  int kind;

  g_variant_get (value, "(xxixayay)", &revision, &place, &kind, &at, NULL, NULL);
  put = kind == SARAP_CHANGE_REPEAT ? "answer-add" : "answer-put";
  for (guint i = 0; i < 2; i++)
    {
      SarapQuery *query = sarap_database_query (db, i == 0 ? "restore-history-add" : put, error);

      sarap_query_bind_int (query, "record", record);
      sarap_query_bind_int (query, "revision", revision);
      sarap_query_bind_int (query, "place", place);
      sarap_query_bind_int (query, "kind", kind);
      sarap_query_bind_bytes (query, "ref", ref);
      sarap_query_bind_bytes (query, "sealed", sealed);
      if (i == 0)
        sarap_query_bind_int (query, "at", at);
      if (!sarap_query_run (query))
        return FALSE;
    }
  return TRUE;
}

static gboolean
put_fold (SarapDatabase *db, gint64 record, GVariant *value, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "answer-clear", error);
  GVariantIter iter;
  gint64 revision, place;

  sarap_query_bind_int (query, "record", record);
  if (!sarap_query_run (query))
    return FALSE;
  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "(xx)", &revision, &place))
    {
      query = sarap_database_query (db, "restore-fold-add", error);
      sarap_query_bind_int (query, "record", record);
      sarap_query_bind_int (query, "revision", revision);
      sarap_query_bind_int (query, "place", place);
      if (!sarap_query_run (query))
        return FALSE;
    }
  return TRUE;
}

static gboolean
put_audit (SarapDatabase *db, gint64 record, GVariant *value, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "restore-audit-add", error);
  g_autoptr (GBytes) line = unpack_bytes (g_variant_get_child_value (value, 1));
  gint64 place;

  g_variant_get_child (value, 0, "x", &place);
  sarap_query_bind_int (query, "record", record);
  sarap_query_bind_int (query, "place", place);
  sarap_query_bind_bytes (query, "line", line);
  return sarap_query_run (query);
}

static gboolean
put_files (SarapDatabase *db, gint64 record, GVariant *files, GError **error)
{
  g_autoptr (GVariantIter) iter = files ? g_variant_iter_new (files) : NULL;
  const char *name, *sha256;
  GVariant *content;
  gint64 size;

  while (iter != NULL && g_variant_iter_next (iter, "(&s&s@ayx)", &name, &sha256, &content, &size))
    {
      SarapQuery *query = sarap_database_query (db, "restore-file-add", error);
      g_autoptr (GBytes) bytes = unpack_bytes (content);

      sarap_query_bind_int (query, "record", record);
      sarap_query_bind_text (query, "name", name);
      sarap_query_bind_text (query, "sha256", sha256);
      sarap_query_bind_bytes (query, "content", bytes);
      sarap_query_bind_int (query, "size", size);
      if (!sarap_query_run (query))
        return FALSE;
    }
  return TRUE;
}

static gboolean
put_xml (SarapDatabase *db, gint64 record, GVariant *value, GError **error)
{
  SarapQuery *query;
  g_autoptr (GBytes) xml = NULL;
  const char *sha256;

  if (value == NULL)
    {
      g_set_error_literal (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_CORRUPT, "a finalized record's journal has no XML");
      return FALSE;
    }
  xml = unpack_bytes (g_variant_get_child_value (value, 1));
  g_variant_get_child (value, 0, "&s", &sha256);
  query = sarap_database_query (db, "restore-xml-add", error);
  sarap_query_bind_int (query, "record", record);
  sarap_query_bind_text (query, "sha256", sha256);
  sarap_query_bind_bytes (query, "xml", xml);
  return sarap_query_run (query);
}

static gboolean
put_entries (SarapDatabase *db, gint64 record, const SarapJournalContents *contents, int state, GError **error)
{
  for (guint i = 0; i < contents->entries->len; i++)
    {
      const SarapJournalEntry *entry = g_ptr_array_index (contents->entries, i);
      gboolean is_working = state != SARAP_RECORD_FINALIZED;

      if (entry->kind == SARAP_JOURNAL_ANSWER && !put_answer (db, record, entry->value, error))
        return FALSE;
      if (entry->kind == SARAP_JOURNAL_FOLD && !put_fold (db, record, entry->value, error))
        return FALSE;
      if (entry->kind == SARAP_JOURNAL_AUDIT && is_working && !put_audit (db, record, entry->value, error))
        return FALSE;
    }
  return put_files (db, record, find_last (contents, SARAP_JOURNAL_FILES), error);
}

static void
bind_optional (SarapQuery *query, const char *parameter, GVariant *row, guint column, GBytes **bytes)
{
  g_autoptr (GVariant) value = row ? g_variant_get_child_value (row, column) : NULL;

  *bytes = value ? unpack_bytes (g_variant_get_maybe (value)) : NULL;
  sarap_query_bind_bytes (query, parameter, *bytes);
}

static gboolean
put_row (SarapDatabase *db, gint64 form, const SarapJournalContents *contents, const SarapJournalReach *reach, gint64 *record, GError **error)
{
  const SarapJournalHead *head = &contents->head;
  GVariant *row = find_last (contents, SARAP_JOURNAL_RECORD);
  SarapQuery *query = sarap_database_query (db, "restore-record-add", error);
  const char *const sealed[] = { "name", "search", "page" };
  GBytes *bytes[G_N_ELEMENTS (sealed)];
  const char *language = NULL;
  gint64 page_number = 0, n_pages = 0, updated_at = head->created_at;
  gboolean ok;

  if (row != NULL)
    g_variant_get (row, "(ixmaymaymaym&sxxxx)", NULL, NULL, NULL, NULL, NULL, &language, &page_number, &n_pages, &updated_at, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sealed); i++)
    bind_optional (query, sealed[i], row, 2 + i, &bytes[i]);
  if (*record != 0)
    sarap_query_bind_int (query, "number", *record);
  sarap_query_bind_text (query, "id", head->id);
  sarap_query_bind_int (query, "form", form);
  sarap_query_bind_text (query, "owner", head->owner);
  sarap_query_bind_text (query, "keeper", head->keeper);
  sarap_query_bind_text (query, "language", language);
  sarap_query_bind_int (query, "revision", reach->revision);
  sarap_query_bind_int (query, "created_at", head->created_at);
  sarap_query_bind_int (query, "updated_at", updated_at);
  sarap_query_bind_int (query, "page_number", page_number);
  sarap_query_bind_int (query, "n_pages", n_pages);
  ok = sarap_query_run (query);
  for (guint i = 0; i < G_N_ELEMENTS (sealed); i++)
    g_clear_pointer (&bytes[i], g_bytes_unref);
  if (*record == 0)
    *record = sarap_database_get_last_row (db);
  return ok;
}

static gboolean
put_state (SarapDatabase *db, gint64 record, const SarapJournalContents *contents, int state, GError **error)
{
  GVariant *row = find_last (contents, SARAP_JOURNAL_RECORD);
  SarapQuery *query;
  gint64 finalized_at = 0;

  if (state <= SARAP_RECORD_DRAFT)
    return TRUE;
  if (state == SARAP_RECORD_FINALIZED)
    {
      query = sarap_database_query (db, "answer-clear", error);
      sarap_query_bind_int (query, "record", record);
      if (!sarap_query_run (query) || !put_xml (db, record, find_last (contents, SARAP_JOURNAL_XML), error))
        return FALSE;
    }
  g_variant_get_child (row, 9, "x", &finalized_at);
  query = sarap_database_query (db, "restore-record-state", error);
  sarap_query_bind_int (query, "record", record);
  sarap_query_bind_int (query, "state", state);
  sarap_query_bind_int (query, "finalized_at", finalized_at);
  return sarap_query_run (query);
}

/* Takes the old row away, but not its number and keys. */
static gboolean
take_old (SarapDatabase *db, const char *id, Old *old, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "record-number", error);

  sarap_query_bind_text (query, "id", id);
  if (sarap_query_next (query))
    old->number = sarap_query_get_int (query, "number");
  if (!sarap_query_finish (query) || old->number == 0)
    return old->number == 0 && (error == NULL || *error == NULL);
  old->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  query = sarap_database_query (db, "record-key-list", error);
  sarap_query_bind_int (query, "record", old->number);
  while (sarap_query_next (query))
    g_hash_table_insert (old->keys, sarap_query_dup_text (query, "holder"), sarap_query_dup_bytes (query, "sealed"));
  if (!sarap_query_finish (query))
    return FALSE;
  query = sarap_database_query (db, "record-delete", error);
  sarap_query_bind_int (query, "number", old->number);
  return sarap_query_run (query);
}

/* Puts the record of @contents in place of what the database has of it, which must be nothing or a draft. Its form is
 * brought back too. @number: of a new row; 0: the next free one. */
gboolean
sarap_journal_restore (SarapDatabase *db, const char *store_folder, const SarapJournalContents *contents, gint64 number, GError **error)
{
  const SarapJournalHead *head = &contents->head;
  SarapJournalReach reach = sarap_journal_contents_get_reach (contents);
  gint64 form = sarap_journal_forms_restore_one (db, store_folder, head->form_id, head->form_version, head->form_hash, head->form_file, error);
  g_auto (Old) old = { 0 };
  gint64 record;

  if (form == 0 || !take_old (db, head->id, &old, error))
    return FALSE;
  record = old.number ? old.number : number;
  if (!put_row (db, form, contents, &reach, &record, error) || !put_all_keys (db, record, head, &old, reach.state, error))
    return FALSE;
  return put_entries (db, record, contents, reach.state, error) && put_state (db, record, contents, reach.state, error);
}
