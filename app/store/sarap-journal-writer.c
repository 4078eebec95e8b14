#include "app/store/sarap-journal-writer.h"

#include <glib/gstdio.h>

#include "app/store/sarap-journal-forms.h"
#include "app/store/sarap-journal.h"
#include "app/store/sarap-store-private.h"
#include "app/store/sarap-store-records.h"

/*  1. Whoever changes rows of a record touches it. Before the commit, what stands in those rows and not yet in the
 *     journal is added to it, the same sealed bytes, and synced; when that fails, so does the transaction. So nothing
 *     is told as saved that stands in one place only.
 *  2. A commit that fails takes its entries back. Where even that fails, the journal is made anew at the next touch.
 *  3. A record without a journal (from an older program, or its journal was damaged) gets a whole one when it is
 *     touched: the journal is a function of the rows.
 *  4. Finalizing: the outbox's key comes with the entries, the person's is overwritten after the commit. Deleting: the
 *     keys here go before the rows; a journal that is whole and has no row was lost by the disk, not deleted. After the
 *     receipt the journal goes too. What a kill leaves undone of this, the next start does (sarap-recover.c). */

typedef struct
{
  SarapJournal *file;
  goffset committed; /* 0: made in this transaction */
  gint64 revision;   /* newest that stands in the file */
  gint64 audit_place;
  GVariant *record;
  GVariant *files;
  gboolean has_xml;
  gboolean is_final;
} Open;

struct _SarapJournalWriter
{
  SarapDatabase *database;
  char *folder;
  GHashTable *open;     /* record → Open */
  GHashTable *touched;  /* records of this transaction → whether what stands must be told anew */
  GHashTable *spoiled;  /* records whose journals are made anew */
  GHashTable *released; /* ids of records that were sent in this transaction */
  SarapJournalForms *forms;
  gboolean are_forms_touched;
};

static void
open_free (gpointer data)
{
  Open *open = data;

  g_clear_pointer (&open->file, sarap_journal_free);
  g_clear_pointer (&open->record, g_variant_unref);
  g_clear_pointer (&open->files, g_variant_unref);
  g_free (open);
}

static gpointer
new_number (gint64 number)
{
  return g_memdup2 (&number, sizeof number);
}

static GHashTable *
new_table (GDestroyNotify free_value)
{
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, free_value);
}

SarapJournalWriter *
sarap_journal_writer_new (SarapDatabase *db, const char *store_folder)
{
  SarapJournalWriter *self = g_new0 (SarapJournalWriter, 1);

  self->database = db;
  self->folder = g_strdup (store_folder);
  self->open = new_table (open_free);
  self->touched = new_table (NULL);
  self->spoiled = new_table (NULL);
  self->released = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->forms = sarap_journal_forms_new (db, store_folder);
  return self;
}

void
sarap_journal_writer_free (SarapJournalWriter *self)
{
  g_hash_table_unref (self->open);
  g_hash_table_unref (self->touched);
  g_hash_table_unref (self->spoiled);
  g_hash_table_unref (self->released);
  sarap_journal_forms_free (self->forms);
  g_free (self->folder);
  g_free (self);
}

/* --- what stands in the rows --------------------------------------------------------------------- */

static GVariant *
pack_bytes (SarapQuery *query, const char *column)
{
  g_autoptr (GBytes) bytes = sarap_query_dup_bytes (query, column);

  if (bytes == NULL)
    bytes = g_bytes_new (NULL, 0);
  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
}

/* Of a column that may be NULL. */
static GVariant *
pack_optional (SarapQuery *query, const char *column)
{
  g_autoptr (GBytes) bytes = sarap_query_dup_bytes (query, column);

  return g_variant_new_maybe (G_VARIANT_TYPE_BYTESTRING, bytes ? g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE) : NULL);
}

typedef struct
{
  SarapJournalHead head; /* borrows nothing */
  gint64 form;
  gint64 revision;
  SarapRecordState state;
  GVariant *record;
} Row;

static void
row_clear (Row *row)
{
  g_free (row->head.id);
  g_free (row->head.form_id);
  g_free (row->head.form_version);
  g_free (row->head.form_hash);
  g_free (row->head.form_file);
  g_free (row->head.owner);
  g_free (row->head.keeper);
  for (guint i = 0; i < SARAP_JOURNAL_N_SLOTS; i++)
    g_clear_pointer (&row->head.slots[i], g_bytes_unref);
  g_clear_pointer (&row->head.project_keys, g_hash_table_unref);
  g_clear_pointer (&row->record, g_variant_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Row, row_clear)

static void
take_row (SarapQuery *query, Row *row)
{
  row->head.id = sarap_query_dup_text (query, "id");
  row->head.form_id = sarap_query_dup_text (query, "form_id");
  row->head.form_version = sarap_query_dup_text (query, "form_version");
  row->head.form_hash = sarap_query_dup_text (query, "form_hash");
  row->head.owner = sarap_query_dup_text (query, "owner");
  row->head.keeper = sarap_query_dup_text (query, "keeper");
  row->head.created_at = sarap_query_get_int (query, "created_at");
  row->form = sarap_query_get_int (query, "form");
  row->revision = sarap_query_get_int (query, "revision");
  row->state = sarap_query_get_int (query, "state");
  row->record = g_variant_ref_sink (g_variant_new ("(ix@may@may@maymsxxxx)", (int) row->state, row->revision, pack_optional (query, "name"), pack_optional (query, "search"), pack_optional (query, "page"), sarap_query_get_text (query, "language"), sarap_query_get_int (query, "page_number"), sarap_query_get_int (query, "n_pages"), sarap_query_get_int (query, "updated_at"), sarap_query_get_int (query, "finalized_at")));
}

/* @row stays empty when there is no such record. */
static gboolean
read_row (SarapDatabase *db, gint64 record, Row *row, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "journal-record", error);

  sarap_query_bind_int (query, "record", record);
  if (sarap_query_next (query))
    take_row (query, row);
  return sarap_query_finish (query);
}

static gboolean
read_keys (SarapDatabase *db, gint64 record, SarapJournalHead *head, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "record-key-list", error);

  head->project_keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  sarap_query_bind_int (query, "record", record);
  while (sarap_query_next (query))
    {
      const char *holder = sarap_query_get_text (query, "holder");
      GBytes *sealed = sarap_query_dup_bytes (query, "sealed");

      if (g_str_equal (holder, "user"))
        head->slots[SARAP_JOURNAL_USER] = sealed;
      else if (g_str_equal (holder, "sync"))
        head->slots[SARAP_JOURNAL_SYNC] = sealed;
      else
        g_hash_table_insert (head->project_keys, g_strdup (holder), sealed);
    }
  return sarap_query_finish (query);
}

static void
add_entry (GPtrArray *entries, SarapJournalKind kind, GVariant *value)
{
  g_ptr_array_add (entries, sarap_journal_entry_new (kind, value));
}

static gboolean
add_answers (SarapDatabase *db, gint64 record, gint64 after, GPtrArray *entries, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "journal-answers", error);

  sarap_query_bind_int (query, "record", record);
  sarap_query_bind_int (query, "after", after);
  while (sarap_query_next (query))
    add_entry (entries, SARAP_JOURNAL_ANSWER, g_variant_new ("(xxix@ay@ay)", sarap_query_get_int (query, "revision"), sarap_query_get_int (query, "place"), (int) sarap_query_get_int (query, "kind"), sarap_query_get_int (query, "at"), pack_bytes (query, "ref"), pack_bytes (query, "sealed")));
  return sarap_query_finish (query);
}

static gboolean
add_fold (SarapDatabase *db, gint64 record, GPtrArray *entries, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "answer-list", error);
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(xx)"));
  sarap_query_bind_int (query, "record", record);
  while (sarap_query_next (query))
    g_variant_builder_add (&rows, "(xx)", sarap_query_get_int (query, "revision"), sarap_query_get_int (query, "place"));
  add_entry (entries, SARAP_JOURNAL_FOLD, g_variant_builder_end (&rows));
  return sarap_query_finish (query);
}

static gboolean
add_audit (SarapDatabase *db, gint64 record, gint64 after, GPtrArray *entries, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "journal-audit", error);

  sarap_query_bind_int (query, "record", record);
  sarap_query_bind_int (query, "after", after);
  while (sarap_query_next (query))
    add_entry (entries, SARAP_JOURNAL_AUDIT, g_variant_new ("(x@ay)", sarap_query_get_int (query, "place"), pack_bytes (query, "line")));
  return sarap_query_finish (query);
}

/* NULL: failed. */
static GVariant *
pack_files (SarapDatabase *db, gint64 record, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "journal-files", error);
  g_autoptr (GVariant) files = NULL;
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(ssayx)"));
  sarap_query_bind_int (query, "record", record);
  while (sarap_query_next (query))
    g_variant_builder_add (&rows, "(ss@ayx)", sarap_query_get_text (query, "name"), sarap_query_get_text (query, "sha256"), pack_bytes (query, "content"), sarap_query_get_int (query, "size"));
  files = g_variant_ref_sink (g_variant_builder_end (&rows));
  return sarap_query_finish (query) ? g_steal_pointer (&files) : NULL;
}

static gboolean
add_xml (SarapDatabase *db, gint64 record, GPtrArray *entries, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "journal-xml", error);

  sarap_query_bind_int (query, "record", record);
  if (sarap_query_next (query))
    add_entry (entries, SARAP_JOURNAL_XML, g_variant_new ("(s@ay)", sarap_query_get_text (query, "sha256"), pack_bytes (query, "xml")));
  return sarap_query_finish (query);
}

/* What @open does not have yet; the record's own entry comes last. */
static gboolean
add_news (SarapDatabase *db, gint64 record, const Row *row, const Open *open, gboolean is_folded, GPtrArray *entries, GError **error)
{
  g_autoptr (GVariant) files = pack_files (db, record, error);

  if (files == NULL || !add_answers (db, record, open->revision, entries, error) || (is_folded && !add_fold (db, record, entries, error)))
    return FALSE;
  if (!add_audit (db, record, open->audit_place, entries, error))
    return FALSE;
  if (open->files ? !g_variant_equal (files, open->files) : g_variant_n_children (files) > 0)
    add_entry (entries, SARAP_JOURNAL_FILES, files);
  if (row->state == SARAP_RECORD_FINALIZED && !open->has_xml && !add_xml (db, record, entries, error))
    return FALSE;
  if (open->record == NULL || !g_variant_equal (row->record, open->record))
    add_entry (entries, SARAP_JOURNAL_RECORD, row->record);
  return TRUE;
}

/* --- what stands in the file ---------------------------------------------------------------------- */

static void
replace_value (GVariant **old, GVariant *value)
{
  g_clear_pointer (old, g_variant_unref);
  *old = g_variant_ref (value);
}

static void
note_entry (Open *open, const SarapJournalEntry *entry)
{
  gint64 number = 0;

  switch (entry->kind)
    {
    case SARAP_JOURNAL_ANSWER:
      g_variant_get_child (entry->value, 0, "x", &number);
      open->revision = MAX (open->revision, number);
      return;
    case SARAP_JOURNAL_AUDIT:
      g_variant_get_child (entry->value, 0, "x", &number);
      open->audit_place = MAX (open->audit_place, number);
      return;
    case SARAP_JOURNAL_FILES:
      replace_value (&open->files, entry->value);
      return;
    case SARAP_JOURNAL_XML:
      open->has_xml = TRUE;
      return;
    case SARAP_JOURNAL_RECORD:
      replace_value (&open->record, entry->value);
      return;
    case SARAP_JOURNAL_FOLD:
    default:
      return;
    }
}

static void
note_entries (Open *open, GPtrArray *entries)
{
  for (guint i = 0; i < entries->len; i++)
    note_entry (open, g_ptr_array_index (entries, i));
}

static Open *
open_new (SarapJournalWriter *self, gint64 record)
{
  Open *open = g_new0 (Open, 1);

  open->audit_place = -1;
  g_hash_table_insert (self->open, new_number (record), open);
  return open;
}

/* The journal of an earlier run. NULL: there is none that can be gone on with. */
static Open *
find_file (SarapJournalWriter *self, gint64 record, const Row *row)
{
  g_autofree char *path = sarap_journal_dup_path (self->folder, row->head.id);
  g_autoptr (SarapJournalContents) contents = NULL;
  SarapJournal *file;
  Open *open;

  if (g_hash_table_contains (self->spoiled, &record) || !g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  contents = sarap_journal_read (path, NULL);
  if (contents == NULL || contents->has_damaged_slot || contents->size != contents->file_size || !g_str_equal (contents->head.id, row->head.id))
    return NULL;
  file = sarap_journal_open (path, contents, NULL);
  if (file == NULL)
    return NULL;
  open = open_new (self, record);
  open->file = file;
  open->committed = contents->size;
  note_entries (open, contents->entries);
  return open;
}

static Open *
make_file (SarapJournalWriter *self, gint64 record, Row *row, GError **error)
{
  g_autofree char *path = sarap_journal_dup_path (self->folder, row->head.id);
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_journal_entry_free);
  Open *open = open_new (self, record);

  row->head.form_file = sarap_journal_forms_dup_file (self->forms, row->form, error);
  if (row->head.form_file != NULL && read_keys (self->database, record, &row->head, error) && add_news (self->database, record, row, open, TRUE, entries, error))
    open->file = sarap_journal_create (path, &row->head, entries, error);
  if (open->file == NULL)
    {
      g_hash_table_remove (self->open, &record);
      return NULL;
    }
  g_hash_table_remove (self->spoiled, &record);
  note_entries (open, entries);
  return open;
}

static gboolean
set_sync_key (SarapJournalWriter *self, gint64 record, Row *row, Open *open, GError **error)
{
  return read_keys (self->database, record, &row->head, error) && sarap_journal_set_slot (open->file, SARAP_JOURNAL_SYNC, row->head.slots[SARAP_JOURNAL_SYNC], error);
}

static gboolean
go_on (SarapJournalWriter *self, gint64 record, Row *row, Open *open, gboolean is_folded, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_journal_entry_free);

  if (!add_news (self->database, record, row, open, is_folded, entries, error))
    return FALSE;
  if (entries->len == 0)
    return TRUE;
  if (row->state == SARAP_RECORD_FINALIZED && !set_sync_key (self, record, row, open, error))
    return FALSE;
  if (!sarap_journal_append (open->file, entries, error))
    return FALSE;
  note_entries (open, entries);
  return TRUE;
}

static gboolean
flush_record (SarapJournalWriter *self, gint64 record, gboolean is_folded, GError **error)
{
  g_auto (Row) row = { 0 };
  Open *open;

  if (!read_row (self->database, record, &row, error))
    return FALSE;
  if (row.head.id == NULL || row.state == SARAP_RECORD_SENT)
    return TRUE;
  open = g_hash_table_lookup (self->open, &record);
  if (open == NULL)
    open = find_file (self, record, &row);
  if (open == NULL)
    open = make_file (self, record, &row, error);
  else if (!go_on (self, record, &row, open, is_folded, error))
    return FALSE;
  if (open != NULL)
    open->is_final = row.state == SARAP_RECORD_FINALIZED;
  return open != NULL;
}

/* --- doors ---------------------------------------------------------------------------------------- */

static void
touch (SarapDatabase *db, gint64 record, gboolean is_folded)
{
  SarapJournalWriter *self = sarap_database_peek_journals (db);

  if (self != NULL && (is_folded || !g_hash_table_contains (self->touched, &record)))
    g_hash_table_replace (self->touched, new_number (record), GINT_TO_POINTER (is_folded));
}

void
sarap_journal_touch (SarapDatabase *db, gint64 record)
{
  touch (db, record, FALSE);
}

/* Rows of `answer` were removed: adding up the changes does not give them any more. */
void
sarap_journal_touch_folded (SarapDatabase *db, gint64 record)
{
  touch (db, record, TRUE);
}

/* The journal is not to be gone on with. */
void
sarap_journal_touch_anew (SarapDatabase *db, gint64 record)
{
  SarapJournalWriter *self = sarap_database_peek_journals (db);

  if (self == NULL)
    return;
  g_hash_table_remove (self->open, &record);
  g_hash_table_add (self->spoiled, new_number (record));
  touch (db, record, TRUE);
}

void
sarap_journal_touch_forms (SarapDatabase *db)
{
  SarapJournalWriter *self = sarap_database_peek_journals (db);

  if (self != NULL)
    self->are_forms_touched = TRUE;
}

/* The record with @id is about to be deleted: its keys here go first. */
gboolean
sarap_journal_delete (SarapDatabase *db, const char *id, GError **error)
{
  SarapJournalWriter *self = sarap_database_peek_journals (db);
  g_autofree char *path = self ? sarap_journal_dup_path (self->folder, id) : NULL;

  return self == NULL || sarap_journal_shred (path, error);
}

/* The receipt of the record with @id stands in this transaction: its journal goes with the commit. */
void
sarap_journal_release (SarapDatabase *db, const char *id)
{
  SarapJournalWriter *self = sarap_database_peek_journals (db);

  if (self != NULL)
    g_hash_table_add (self->released, g_strdup (id));
}

/* Nobody fills @record any more. */
void
sarap_journal_close (SarapDatabase *db, gint64 record)
{
  SarapJournalWriter *self = sarap_database_peek_journals (db);

  if (self != NULL)
    g_hash_table_remove (self->open, &record);
}

/* Before the commit. */
gboolean
sarap_journal_flush (SarapDatabase *db, GError **error)
{
  SarapJournalWriter *self = sarap_database_peek_journals (db);
  GHashTableIter iter;
  gpointer record, is_folded;

  if (self == NULL)
    return TRUE;
  if (self->are_forms_touched && !sarap_journal_forms_write (self->forms, error))
    return FALSE;
  g_hash_table_iter_init (&iter, self->touched);
  while (g_hash_table_iter_next (&iter, &record, &is_folded))
    if (!flush_record (self, *(gint64 *) record, GPOINTER_TO_INT (is_folded), error))
      return FALSE;
  return TRUE;
}

static void
settle_record (SarapJournalWriter *self, gint64 record)
{
  Open *open = g_hash_table_lookup (self->open, &record);
  g_autoptr (GError) error = NULL;

  if (open == NULL)
    return;
  open->committed = open->file->size;
  if (!open->is_final)
    return;
  if (!sarap_journal_set_slot (open->file, SARAP_JOURNAL_USER, NULL, &error))
    g_warning ("A key of a finalized record stays until the next start: %s", error->message);
  g_hash_table_remove (self->open, &record);
}

static void
forget_transaction (SarapJournalWriter *self)
{
  g_hash_table_remove_all (self->touched);
  g_hash_table_remove_all (self->released);
  self->are_forms_touched = FALSE;
}

void
sarap_journal_committed (SarapDatabase *db)
{
  SarapJournalWriter *self = sarap_database_peek_journals (db);
  GHashTableIter iter;
  gpointer key;

  if (self == NULL)
    return;
  g_hash_table_iter_init (&iter, self->touched);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    settle_record (self, *(gint64 *) key);
  g_hash_table_iter_init (&iter, self->released);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      g_autofree char *path = sarap_journal_dup_path (self->folder, key);
      g_autoptr (GError) error = NULL;

      if (!sarap_journal_shred (path, &error))
        g_warning ("The journal of a sent record stays until the next start: %s", error->message);
    }
  forget_transaction (self);
}

static void
undo_record (SarapJournalWriter *self, gint64 record)
{
  Open *open = g_hash_table_lookup (self->open, &record);
  gboolean ok;

  if (open == NULL)
    return;
  ok = open->committed > 0 ? sarap_journal_take_back (open->file, open->committed) : g_unlink (open->file->path) == 0;
  if (!ok)
    g_hash_table_add (self->spoiled, new_number (record));
  g_hash_table_remove (self->open, &record);
}

/* The transaction failed. */
void
sarap_journal_undo (SarapDatabase *db)
{
  SarapJournalWriter *self = sarap_database_peek_journals (db);
  GHashTableIter iter;
  gpointer record;

  if (self == NULL)
    return;
  g_hash_table_iter_init (&iter, self->touched);
  while (g_hash_table_iter_next (&iter, &record, NULL))
    undo_record (self, *(gint64 *) record);
  if (self->are_forms_touched)
    sarap_journal_forms_forget (self->forms);
  forget_transaction (self);
}
