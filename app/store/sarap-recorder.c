#include "app/store/sarap-store-records.h"

#include "app/store/sarap-answers.h"
#include "app/store/sarap-custody-log.h"
#include "app/store/sarap-draft-guard.h"
#include "app/store/sarap-journal-writer.h"
#include "app/store/sarap-record-keys.h"
#include "app/store/sarap-record-private.h"
#include "app/store/sarap-recorder-private.h"
#include "app/store/sarap-space.h"
#include "app/store/sarap-store-forms-private.h"
#include "app/store/sarap-store-private.h"

/*  1. Each "changed" of the interview is one entry, written in order, answered by one "saved".
 *  2. "saved" of a sequence means that it and everything before it is durable. So after a failed
 *     entry the following ones fail too (the journal is broken), until one has brought the whole state.
 *  3. What the database thread and the recorder share lives in the journal; the recorder itself is only
 *     touched on its own thread. */

#define OPENING_SECONDS 5

typedef struct
{
  SarapRecorderJournal *journal;
  SarapStore *store; /* borrowed: entries are done before the store closes */
  guint64 sequence;
  gint64 now;
  GPtrArray *changes; /* NULL: none */
  gboolean is_whole;  /* changes are the whole state */
  char *name;         /* NULL: as before */
  char *search;
  char *language;
  char *page;
  guint page_number;
  guint n_pages;
  char *audit_line;
  guint audit_place;
  GError *error;
} Entry;

enum
{
  SAVED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SarapRecorder, sarap_recorder, G_TYPE_OBJECT)

static void
journal_unref (SarapRecorderJournal *journal)
{
  if (!g_atomic_ref_count_dec (&journal->references))
    return;
  g_weak_ref_clear (&journal->recorder);
  g_main_context_unref (journal->context);
  g_clear_error (&journal->error);
  g_mutex_clear (&journal->mutex);
  g_free (journal);
}

static SarapRecorderJournal *
journal_new (SarapRecorder *recorder, gint64 record)
{
  SarapRecorderJournal *journal = g_new0 (SarapRecorderJournal, 1);

  g_atomic_ref_count_init (&journal->references);
  g_weak_ref_init (&journal->recorder, recorder);
  g_mutex_init (&journal->mutex);
  journal->context = g_main_context_ref_thread_default ();
  journal->record = record;
  return journal;
}

static GError *
journal_dup_error (SarapRecorderJournal *journal)
{
  GError *error;

  g_mutex_lock (&journal->mutex);
  error = journal->error ? g_error_copy (journal->error) : NULL;
  g_mutex_unlock (&journal->mutex);
  return error;
}

static void
journal_set_error (SarapRecorderJournal *journal, const GError *error)
{
  g_mutex_lock (&journal->mutex);
  g_clear_error (&journal->error);
  journal->error = error ? g_error_copy (error) : NULL;
  g_mutex_unlock (&journal->mutex);
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  journal_unref (entry->journal);
  g_clear_pointer (&entry->changes, g_ptr_array_unref);
  g_clear_error (&entry->error);
  g_free (entry->name);
  g_free (entry->search);
  g_free (entry->language);
  g_free (entry->page);
  g_free (entry->audit_line);
  g_free (entry);
}

static gboolean
touch_record (SarapDatabase *db, Entry *entry, gint64 *revision, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "record-touch", error);
  gboolean touched = FALSE;

  sarap_query_bind_int (query, "record", entry->journal->record);
  sarap_query_bind_int (query, "answers", entry->changes != NULL);
  sarap_query_bind_text (query, "name", entry->name);
  sarap_query_bind_text (query, "search", entry->search);
  sarap_query_bind_text (query, "language", entry->language);
  sarap_query_bind_text (query, "page", entry->page);
  if (entry->page != NULL)
    {
      sarap_query_bind_int (query, "page_number", entry->page_number);
      sarap_query_bind_int (query, "n_pages", entry->n_pages);
    }
  sarap_query_bind_int (query, "now", entry->now);
  while (sarap_query_next (query))
    {
      touched = TRUE;
      *revision = sarap_query_get_int (query, "revision");
    }
  if (!sarap_query_finish (query))
    return FALSE;
  if (!touched)
    g_set_error_literal (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_STATE, "the record is no draft any more");
  return touched;
}

static gboolean
write_audit_line (SarapDatabase *db, Entry *entry, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "audit-add", error);

  sarap_query_bind_int (query, "record", entry->journal->record);
  sarap_query_bind_int (query, "place", entry->audit_place);
  sarap_query_bind_text (query, "line", entry->audit_line);
  return sarap_query_run (query);
}

static gboolean
write_parts (SarapDatabase *db, Entry *entry, GError **error)
{
  gint64 record = entry->journal->record;
  gint64 revision;

  if (!touch_record (db, entry, &revision, error))
    return FALSE;
  sarap_journal_touch (db, record);
  if (entry->audit_line != NULL && !write_audit_line (db, entry, error))
    return FALSE;
  if (entry->changes == NULL)
    return TRUE;
  if (entry->is_whole)
    return sarap_answers_replace (db, record, revision, entry->changes, entry->now, error);
  return sarap_answers_write (db, record, revision, entry->changes, entry->now, error);
}

static gboolean
write_entry (SarapDatabase *db, gpointer data, GError **error)
{
  Entry *entry = data;
  SarapRecorderJournal *journal = entry->journal;

  if (journal->is_broken && !entry->is_whole)
    {
      g_set_error_literal (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_IO, "an answer before this one was not saved");
      return FALSE;
    }
  journal->is_broken = !write_parts (db, entry, error);
  return !journal->is_broken;
}

static gboolean
tell_cb (gpointer data)
{
  Entry *entry = data;
  g_autoptr (SarapRecorder) self = g_weak_ref_get (&entry->journal->recorder);

  if (self == NULL)
    return G_SOURCE_REMOVE;
  if (entry->error != NULL)
    g_signal_emit (self, signals[FAILED], 0, entry->error);
  else
    g_signal_emit (self, signals[SAVED], 0, entry->sequence);
  return G_SOURCE_REMOVE;
}

static void
entry_done (gpointer data, const GError *error)
{
  Entry *entry = data;
  g_autoptr (GSource) source = g_idle_source_new ();

  if (error != NULL)
    entry->journal->is_broken = TRUE;
  if (error != NULL || entry->is_whole)
    journal_set_error (entry->journal, error);
  entry->error = error ? g_error_copy (error) : NULL;
  if (error == NULL && entry->name != NULL)
    sarap_store_emit_changed (entry->store, SARAP_STORE_TOPIC_RECORDS);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_cb, entry, entry_free);
  g_source_attach (source, entry->journal->context);
}

char *
sarap_recorder_dup_search (SarapRecorder *self, const char *name)
{
  const char *const texts[] = { name, sarap_form_get_title (sarap_interview_get_form (self->interview)), NULL };

  return sarap_store_dup_search_key (texts);
}

static Entry *
entry_new (SarapRecorder *self)
{
  Entry *entry = g_new0 (Entry, 1);

  g_atomic_ref_count_inc (&self->journal->references);
  entry->journal = self->journal;
  entry->store = self->store;
  entry->sequence = ++self->sequence;
  entry->now = sarap_clock_get_now (sarap_store_get_clock (self->store));
  return entry;
}

static void
push (SarapRecorder *self, Entry *entry)
{
  sarap_store_push (self->store, write_entry, entry_done, entry);
}

static GPtrArray *
copy_changes (GPtrArray *changes)
{
  GPtrArray *copy = g_ptr_array_new_full (changes->len, (GDestroyNotify) sarap_change_free);

  for (guint i = 0; i < changes->len; i++)
    {
      const SarapChange *change = g_ptr_array_index (changes, i);

      g_ptr_array_add (copy, sarap_change_new (change->kind, change->ref, change->value));
    }
  return copy;
}

/* Instance name, "" when the form has none. Returns: (transfer full) */
char *
sarap_recorder_dup_name (SarapRecorder *self)
{
  char *name = sarap_interview_dup_instance_name (self->interview);

  return name ? name : g_strdup ("");
}

static void
push_changes (SarapRecorder *self, GPtrArray *changes)
{
  g_autoptr (GError) failed = journal_dup_error (self->journal);
  g_autofree char *name = sarap_recorder_dup_name (self);
  Entry *entry = entry_new (self);

  entry->is_whole = failed != NULL;
  entry->changes = failed ? sarap_interview_dup_state (self->interview) : copy_changes (changes);
  if (entry->is_whole || g_strcmp0 (name, self->name) != 0)
    {
      entry->search = sarap_recorder_dup_search (self, name);
      entry->name = g_strdup (name);
      g_free (self->name);
      self->name = g_steal_pointer (&name);
    }
  push (self, entry);
}

static void
changed_cb (SarapInterview *interview, GPtrArray *changes, SarapRecorder *self)
{
  if (!self->is_closed && changes->len > 0)
    push_changes (self, changes);
}

static void
state_changed_cb (SarapInterview *interview, SarapRecorder *self)
{
  const char *language = sarap_interview_get_language (interview);
  Entry *entry;

  if (self->is_closed || g_strcmp0 (language, self->language) == 0)
    return;
  g_free (self->language);
  self->language = g_strdup (language);
  entry = entry_new (self);
  entry->language = g_strdup (language);
  push (self, entry);
}

static void
appended_cb (SarapAuditLog *audit, const char *line, SarapRecorder *self)
{
  Entry *entry;

  if (self->is_closed)
    return;
  entry = entry_new (self);
  entry->audit_line = g_strdup (line);
  entry->audit_place = self->n_audit_lines++;
  push (self, entry);
}

static gboolean
close_key (SarapDatabase *db, gpointer data, GError **error)
{
  sarap_record_keys_close (db, *(gint64 *) data);
  sarap_journal_close (db, *(gint64 *) data);
  return TRUE;
}

static void
key_closed (gpointer data, const GError *error)
{
  g_free (data);
}

static void
end_opening (SarapRecorder *self)
{
  if (self->opening == NULL)
    return;
  g_source_destroy (self->opening);
  g_clear_pointer (&self->opening, g_source_unref);
  sarap_draft_guard_end (self->store);
}

static gboolean
opened_cb (gpointer recorder)
{
  end_opening (recorder);
  return G_SOURCE_REMOVE;
}

/* The next seconds belong to the opening: what shows the draft may crash too. */
static gboolean
begin_opening (SarapRecorder *self, const char *id, GError **error)
{
  if (!sarap_draft_guard_begin (self->store, id, error))
    return FALSE;
  self->opening = g_timeout_source_new_seconds (OPENING_SECONDS);
  g_source_set_callback (self->opening, opened_cb, self, NULL);
  g_source_attach (self->opening, sarap_store_get_context (self->store));
  return TRUE;
}

static void
sarap_recorder_dispose (GObject *object)
{
  SarapRecorder *self = SARAP_RECORDER (object);

  end_opening (self);
  if (self->interview != NULL)
    g_signal_handlers_disconnect_by_data (self->interview, self);
  if (self->audit != NULL)
    g_signal_handlers_disconnect_by_data (self->audit, self);
  if (self->store != NULL && self->journal != NULL)
    sarap_store_push (self->store, close_key, key_closed, g_memdup2 (&self->journal->record, sizeof self->journal->record));
  if (self->store != NULL)
    sarap_store_emit_changed (self->store, SARAP_STORE_TOPIC_RECORDS);
  g_clear_object (&self->audit);
  g_clear_object (&self->interview);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (sarap_recorder_parent_class)->dispose (object);
}

static void
finalize_object (GObject *object)
{
  SarapRecorder *self = SARAP_RECORDER (object);

  g_clear_pointer (&self->journal, journal_unref);
  g_clear_pointer (&self->key, sarap_secret_unref);
  g_free (self->id);
  g_free (self->name);
  g_free (self->language);
  g_free (self->page);
  G_OBJECT_CLASS (sarap_recorder_parent_class)->finalize (object);
}

static void
sarap_recorder_class_init (SarapRecorderClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->dispose = sarap_recorder_dispose;
  object_class->finalize = finalize_object;
  signals[SAVED] = g_signal_new ("saved", SARAP_TYPE_RECORDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
  signals[FAILED] = g_signal_new ("failed", SARAP_TYPE_RECORDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
sarap_recorder_init (SarapRecorder *self)
{
}

typedef struct
{
  SarapStore *store;
  SarapForm *form;
  const char *id;
  const char *owner;
  const char *name;
  const char *search;
  char *language;
  char *page;
  GPtrArray *changes;
  GPtrArray *lines;
  SarapSecret *key;
  gint64 now;
  gint64 record;
  gint64 form_number;
} Start;

static gboolean
name_draft (SarapDatabase *db, Start *start, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "record-touch", error);

  sarap_query_bind_int (query, "record", start->record);
  sarap_query_bind_int (query, "answers", FALSE);
  sarap_query_bind_text (query, "name", start->name);
  sarap_query_bind_text (query, "search", start->search);
  sarap_query_bind_int (query, "now", start->now);
  return sarap_query_run (query);
}

static gboolean
create_draft (SarapDatabase *db, gpointer data, GError **error)
{
  Start *start = data;
  gint64 form = sarap_store_find_form_number (db, start->form, error);
  gboolean is_kiosk = g_strcmp0 (start->owner, "kiosk") == 0;
  SarapQuery *query;

  if (form == 0)
    return FALSE;
  query = sarap_database_query (db, "record-add", error);
  sarap_query_bind_text (query, "id", start->id);
  sarap_query_bind_int (query, "form", form);
  sarap_query_bind_text (query, "owner", start->owner);
  sarap_query_bind_int (query, "is_kept", !is_kiosk);
  sarap_query_bind_text (query, "language", start->language);
  sarap_query_bind_int (query, "now", start->now);
  if (!sarap_query_run (query))
    return FALSE;
  start->record = sarap_database_get_last_row (db);
  if (!sarap_record_keys_begin (db, start->record, is_kiosk ? NULL : "user", error) || !name_draft (db, start, error) || !sarap_custody_log_start (db, start->record, start->now, error))
    return FALSE;
  start->key = sarap_record_keys_ref (db, start->record, error);
  return sarap_answers_write (db, start->record, 1, start->changes, start->now, error);
}

static void
follow (SarapRecorder *self, gint64 record, const char *const *lines)
{
  SarapClock *clock = sarap_store_get_clock (self->store);

  self->journal = journal_new (self, record);
  self->id = g_strdup (sarap_interview_get_instance_id (self->interview));
  self->language = g_strdup (sarap_interview_get_language (self->interview));
  if (sarap_interview_has_audit (self->interview))
    {
      self->audit = lines ? sarap_audit_log_restore (clock, lines) : sarap_audit_log_new (clock);
      self->n_audit_lines = lines ? g_strv_length ((char **) lines) : 0;
      sarap_audit_log_follow (self->audit, self->interview);
      g_signal_connect (self->audit, "appended", G_CALLBACK (appended_cb), self);
      sarap_audit_log_event (self->audit, lines ? "form resume" : "form start");
    }
  g_signal_connect (self->interview, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect (self->interview, "state-changed", G_CALLBACK (state_changed_cb), self);
}

static gboolean
has_space (SarapStore *store, GError **error)
{
  if (sarap_store_get_space (store) != SARAP_SPACE_NONE)
    return TRUE;
  g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_FULL, "%s: the disk is nearly full, so no new interview is begun; those that are open can be finished", sarap_store_get_folder (store));
  return FALSE;
}

/* The interview's form must be in the store (else NOT_FOUND); durable when it returns. FULL: too little room is left for
 * another interview. */
SarapRecorder *
sarap_recorder_new (SarapStore *store, SarapInterview *interview, const char *owner, GError **error)
{
  g_autoptr (SarapRecorder) self = g_object_new (SARAP_TYPE_RECORDER, NULL);
  g_autoptr (GPtrArray) state = sarap_interview_dup_state (interview);
  g_autofree char *search = NULL;
  Start start = { .form = sarap_interview_get_form (interview), .id = sarap_interview_get_instance_id (interview), .owner = owner, .changes = state };
  gboolean ok;

  if (!has_space (store, error))
    return NULL;
  self->store = g_object_ref (store);
  self->interview = g_object_ref (interview);
  self->name = sarap_recorder_dup_name (self);
  search = sarap_recorder_dup_search (self, self->name);
  start.name = self->name;
  start.search = search;
  start.language = (char *) sarap_interview_get_language (interview);
  start.now = sarap_clock_get_now (sarap_store_get_clock (store));
  ok = sarap_store_write (store, SARAP_STORE_TOPIC_RECORDS, create_draft, &start, error);
  self->key = start.key;
  if (!ok)
    return NULL;
  follow (self, start.record, NULL);
  return g_steal_pointer (&self);
}

static gboolean
read_audit_lines (SarapDatabase *db, Start *start, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "audit-list", error);

  sarap_query_bind_int (query, "record", start->record);
  while (sarap_query_next (query))
    g_ptr_array_add (start->lines, sarap_query_dup_text (query, "line"));
  g_ptr_array_add (start->lines, NULL);
  return sarap_query_finish (query);
}

static gboolean
read_draft (SarapDatabase *db, gpointer data, GError **error)
{
  Start *start = data;
  SarapQuery *query = sarap_database_query (db, "record-number", error);
  gboolean is_draft = FALSE;

  sarap_query_bind_text (query, "id", start->id);
  if (sarap_query_next (query))
    {
      start->record = sarap_query_get_int (query, "number");
      start->form_number = sarap_query_get_int (query, "form");
      start->language = sarap_query_dup_text (query, "language");
      start->page = sarap_query_dup_text (query, "page");
      is_draft = sarap_query_get_int (query, "state") == SARAP_RECORD_DRAFT;
    }
  if (!sarap_query_finish (query))
    return FALSE;
  if (start->record == 0)
    return sarap_store_not_found (error, "record", start->id);
  if (!is_draft)
    {
      g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_STATE, "%s is no draft", start->id);
      return FALSE;
    }
  start->key = sarap_record_keys_ref (db, start->record, error);
  if (start->key == NULL)
    return FALSE;
  start->changes = sarap_answers_read (db, start->record, error);
  return start->changes != NULL && read_audit_lines (db, start, error);
}

static SarapInterview *
restore_interview (Start *start, const SarapInterviewSettings *settings, GError **error)
{
  g_autoptr (SarapForm) form = sarap_store_load_form_number (start->store, start->form_number, error);
  g_autoptr (GPtrArray) unfit = NULL;
  SarapInterview *interview;

  if (form == NULL)
    return NULL;
  interview = sarap_interview_restore (form, sarap_store_get_clock (start->store), settings, start->changes, &unfit, error);
  if (interview == NULL)
    return NULL;
  if (unfit != NULL && unfit->len > 0)
    g_warning ("%u answers of draft %s do not fit its form", unfit->len, start->id);
  if (start->language != NULL)
    sarap_interview_set_language (interview, start->language);
  return interview;
}

/* STATE when @id is no draft, CRASHED when opening it crashed the program again and again. */
SarapRecorder *
sarap_recorder_resume (SarapStore *store, const char *id, const SarapInterviewSettings *settings, GError **error)
{
  g_autoptr (SarapRecorder) self = g_object_new (SARAP_TYPE_RECORDER, NULL);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) changes = NULL;
  g_autofree char *language = NULL;
  Start start = { .store = store, .id = id, .lines = lines };
  gboolean ok;

  self->store = g_object_ref (store);
  if (!begin_opening (self, id, error))
    return NULL;
  ok = sarap_store_read (store, read_draft, &start, error);
  self->page = start.page;
  self->key = start.key;
  language = start.language;
  changes = start.changes;
  if (!ok)
    return NULL;
  self->interview = restore_interview (&start, settings, error);
  if (self->interview == NULL)
    return NULL;
  self->name = sarap_recorder_dup_name (self);
  follow (self, start.record, (const char *const *) lines->pdata);
  return g_steal_pointer (&self);
}

SarapInterview *
sarap_recorder_get_interview (SarapRecorder *self)
{
  return self->interview;
}

SarapAuditLog *
sarap_recorder_get_audit_log (SarapRecorder *self)
{
  return self->audit;
}

static gboolean
do_nothing (SarapDatabase *db, gpointer data, GError **error)
{
  return TRUE;
}

/* After a failure the whole state is written once more; FALSE when that fails too. */
gboolean
sarap_recorder_flush (SarapRecorder *self, GError **error)
{
  g_autoptr (GError) failed = NULL;

  if (!sarap_store_read (self->store, do_nothing, NULL, error))
    return FALSE;
  failed = journal_dup_error (self->journal);
  if (failed == NULL)
    return TRUE;
  g_clear_error (&failed);
  push_changes (self, NULL);
  if (!sarap_store_read (self->store, do_nothing, NULL, error))
    return FALSE;
  failed = journal_dup_error (self->journal);
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

void
sarap_recorder_set_page (SarapRecorder *self, const char *page_key, guint number, guint n_pages)
{
  Entry *entry;

  if (self->is_closed || g_strcmp0 (page_key, self->page) == 0)
    return;
  g_free (self->page);
  self->page = g_strdup (page_key);
  entry = entry_new (self);
  entry->page = g_strdup (page_key);
  entry->page_number = number;
  entry->n_pages = n_pages;
  push (self, entry);
}

/* NULL when none was set. Returns: (transfer full) */
char *
sarap_recorder_dup_page (SarapRecorder *self)
{
  return g_strdup (self->page);
}
