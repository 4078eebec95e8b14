#include "app/store/sarap-space.h"
#include "app/store/sarap-store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/base/sarap-file.h"
#include "app/base/sarap-problem.h"
#include "app/store/sarap-custody-log.h"
#include "app/store/sarap-journal-check.h"
#include "app/store/sarap-journal-forms.h"
#include "app/store/sarap-journal-writer.h"
#include "app/store/sarap-media.h"
#include "app/store/sarap-record-keys.h"
#include "app/store/sarap-schema.h"
#include "app/store/sarap-store-records.h"
#include "app/store/sarap-store-source.h"

/*  1. The database thread alone touches the connection. Work reaches it through `jobs`, first in, first out.
 *  2. Writes that wait next to each other share one commit (at most GROUP), each in a savepoint: one
 *     that fails leaves no trace and does not hurt the others.
 *  3. A job is answered only after the commit that holds it.
 *  4. The file `unclean` stands while the store is open; who finds it checks everything. */

#define IDLE_MICROSECONDS (G_USEC_PER_SEC / 2)
#define GROUP 64

/* The schema whose rows are sealed; the files follow before the next step. */
#define SEALED_ROWS 3

typedef struct
{
  SarapDatabaseFunc func; /* NULL: the last job */
  gpointer data;
  gboolean is_write;
  SarapStoreDoneFunc done; /* NULL: somebody waits */
  gboolean is_finished;
  GError *error;
} Job;

struct _SarapStore
{
  GObject parent_instance;
  char *folder;
  char *media_folder;
  SarapClock *clock;
  SarapKeyring *keyring;
  int lock;
  GThread *thread;
  GThread *opener;
  GMainContext *context;
  GAsyncQueue *jobs;
  GMutex mutex; /* of is_finished, is_closed, topics */
  GCond finished;
  gboolean is_closed;
  guint topics; /* bits of SarapStoreTopic that wait to be told */
  GMutex media_mutex;
  GHashTable *forms; /* of the opener's thread */
  SarapDatabase *database;
  gboolean was_unclean;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_QUARK (sarap - store - error - quark, sarap_store_error)

G_DEFINE_FINAL_TYPE_WITH_CODE (SarapStore, sarap_store, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (SARAP_TYPE_RECORD_SOURCE, sarap_store_source_init))

static void
answer_job (SarapStore *self, Job *job)
{
  if (job->done != NULL)
    {
      job->done (job->data, job->error);
      g_clear_error (&job->error);
      g_free (job);
      return;
    }
  g_mutex_lock (&self->mutex);
  job->is_finished = TRUE;
  g_cond_broadcast (&self->finished);
  g_mutex_unlock (&self->mutex);
}

static void
fail_jobs (GPtrArray *group, const GError *error)
{
  for (guint i = 0; i < group->len; i++)
    {
      Job *job = g_ptr_array_index (group, i);

      if (job->error == NULL)
        job->error = g_error_copy (error);
    }
}

typedef struct
{
  SarapStore *store;
  GPtrArray *jobs;
  Job *next; /* popped, but not part of the group */
} Group;

static gboolean
run_group (SarapDatabase *db, gpointer data, GError **error)
{
  Group *group = data;
  Job *job = g_ptr_array_index (group->jobs, 0);

  for (;;)
    {
      sarap_database_transact (db, job->func, job->data, &job->error);
      if (!sarap_database_in_transaction (db))
        {
          g_propagate_error (error, g_error_copy (job->error));
          return FALSE;
        }
      job = group->jobs->len < GROUP ? g_async_queue_try_pop (group->store->jobs) : NULL;
      if (job == NULL || !job->is_write)
        break;
      g_ptr_array_add (group->jobs, job);
    }
  group->next = job;
  return sarap_journal_flush (db, error);
}

/* Returns: a job that was taken from the queue but not done, or NULL */
static Job *
run_writes (SarapStore *self, Job *first)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  Group group = { self, jobs, NULL };

  g_ptr_array_add (jobs, first);
  sarap_ballast_give_up_if_low (self->folder);
  if (sarap_database_transact (self->database, run_group, &group, &error))
    {
      sarap_journal_committed (self->database);
    }
  else
    {
      sarap_journal_undo (self->database);
      fail_jobs (jobs, error);
    }
  for (guint i = 0; i < jobs->len; i++)
    answer_job (self, g_ptr_array_index (jobs, i));
  return group.next;
}

/* What was not checked at opening is checked while nobody asks for anything. */
static Job *
pop_or_check (SarapStore *self)
{
  Job *job = NULL;

  while (job == NULL && sarap_database_is_unchecked (self->database))
    {
      g_autoptr (GError) error = NULL;

      job = g_async_queue_timeout_pop (self->jobs, IDLE_MICROSECONDS);
      if (job != NULL || sarap_database_check_next (self->database, &error))
        continue;
      g_message ("%s", error->message);
      sarap_store_emit_changed (self, SARAP_STORE_TOPIC_DAMAGED);
    }
  return job ? job : g_async_queue_pop (self->jobs);
}

static gpointer
database_thread (gpointer data)
{
  SarapStore *self = data;
  Job *next = NULL;

  for (;;)
    {
      Job *job = next ? next : pop_or_check (self);

      next = NULL;
      if (job->is_write)
        {
          next = run_writes (self, job);
          continue;
        }
      job->func (self->database, job->data, &job->error);
      if (self->database == NULL)
        {
          answer_job (self, job);
          return NULL;
        }
      answer_job (self, job);
    }
}

static gboolean
enqueue (SarapStore *self, Job *job, GError **error)
{
  gboolean is_closed;

  g_mutex_lock (&self->mutex);
  is_closed = self->is_closed;
  if (!is_closed)
    g_async_queue_push (self->jobs, job);
  g_mutex_unlock (&self->mutex);
  if (is_closed)
    g_set_error_literal (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_IO, "the store is closed");
  return !is_closed;
}

static gboolean
wait_for (SarapStore *self, Job *job, GError **error)
{
  g_mutex_lock (&self->mutex);
  while (!job->is_finished)
    g_cond_wait (&self->finished, &self->mutex);
  g_mutex_unlock (&self->mutex);
  if (job->error == NULL)
    return TRUE;
  g_propagate_error (error, job->error);
  return FALSE;
}

/* Runs @func on the database thread, after everything pushed before, and waits for it. */
gboolean
sarap_store_read (SarapStore *self, SarapDatabaseFunc func, gpointer data, GError **error)
{
  Job job = { .func = func, .data = data };

  return enqueue (self, &job, error) && wait_for (self, &job, error);
}

/* Runs @func as one transaction, waits until it is durable and tells of @topic. */
gboolean
sarap_store_write (SarapStore *self, SarapStoreTopic topic, SarapDatabaseFunc func, gpointer data, GError **error)
{
  Job job = { .func = func, .data = data, .is_write = TRUE };

  if (!enqueue (self, &job, error) || !wait_for (self, &job, error))
    return FALSE;
  sarap_store_emit_changed (self, topic);
  return TRUE;
}

/* Queues @func as one transaction and returns at once. @done is called exactly once and owns @data. */
void
sarap_store_push (SarapStore *self, SarapDatabaseFunc func, SarapStoreDoneFunc done, gpointer data)
{
  g_autoptr (GError) error = NULL;
  Job *job = g_new0 (Job, 1);

  job->func = func;
  job->data = data;
  job->is_write = TRUE;
  job->done = done;
  if (enqueue (self, job, &error))
    return;
  done (data, error);
  g_free (job);
}

static gboolean
tell_cb (gpointer data)
{
  SarapStore *self = g_weak_ref_get (data);
  guint topics;

  if (self == NULL)
    return G_SOURCE_REMOVE;
  g_mutex_lock (&self->mutex);
  topics = self->topics;
  self->topics = 0;
  g_mutex_unlock (&self->mutex);
  for (guint topic = 0; topics >> topic != 0; topic++)
    if (topics >> topic & 1)
      g_signal_emit (self, signals[CHANGED], 0, topic);
  g_object_unref (self);
  return G_SOURCE_REMOVE;
}

static void
weak_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* From any thread. Topics that follow each other quickly are told once. */
void
sarap_store_emit_changed (SarapStore *self, SarapStoreTopic topic)
{
  g_autoptr (GSource) source = NULL;
  gboolean is_waiting;
  GWeakRef *weak;

  g_mutex_lock (&self->mutex);
  is_waiting = self->topics != 0;
  self->topics |= 1u << topic;
  g_mutex_unlock (&self->mutex);
  if (is_waiting)
    return;
  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_cb, weak, weak_free);
  g_source_attach (source, self->context);
}

GMainContext *
sarap_store_get_context (SarapStore *self)
{
  return self->context;
}

/* Loaded forms by a key of sarap-store-forms.c, or NULL on any thread but the opener's: forms are
 * not shared between threads. */
GHashTable *
sarap_store_peek_forms (SarapStore *self)
{
  return g_thread_self () == self->opener ? self->forms : NULL;
}

const char *
sarap_store_get_media_folder (SarapStore *self)
{
  return self->media_folder;
}

/* Held from writing a media file until its row is durable, and while files without rows are
 * removed. */
void
sarap_store_lock_media (SarapStore *self)
{
  sarap_ballast_give_up_if_low (self->folder);
  g_mutex_lock (&self->media_mutex);
}

void
sarap_store_unlock_media (SarapStore *self)
{
  g_mutex_unlock (&self->media_mutex);
}

/* Makes an error of a file one of the store; always FALSE. Input errors stay what they are. */
gboolean
sarap_store_take_error (GError **error)
{
  g_autoptr (GError) own = NULL;

  if (error == NULL || *error == NULL || (*error)->domain != G_IO_ERROR)
    return FALSE;
  own = g_steal_pointer (error);
  g_set_error_literal (error, SARAP_STORE_ERROR, own->code == G_IO_ERROR_NO_SPACE ? SARAP_STORE_ERROR_FULL : SARAP_STORE_ERROR_IO, own->message);
  return FALSE;
}

/* Sets NOT_FOUND; always FALSE. */
gboolean
sarap_store_not_found (GError **error, const char *what, const char *id)
{
  g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_NOT_FOUND, "the store has no %s %s", what, id);
  return FALSE;
}

static gboolean
fail_errno (const char *path, GError **error)
{
  int number = errno;

  g_set_error (error, SARAP_STORE_ERROR, number == ENOSPC ? SARAP_STORE_ERROR_FULL : SARAP_STORE_ERROR_IO, "%s: %s", path, g_strerror (number));
  return FALSE;
}

static gboolean
make_folders (SarapStore *self, GError **error)
{
  const char *const names[] = { "", "journal", "media", "keys" };
  g_autofree char *parent = g_path_get_dirname (self->folder);

  if (!g_file_test (self->folder, G_FILE_TEST_IS_DIR) && g_mkdir_with_parents (self->folder, 0700) != 0)
    return fail_errno (self->folder, error);
  for (guint i = 1; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, names[i], NULL);

      if (g_mkdir (path, 0700) != 0 && errno != EEXIST)
        return fail_errno (path, error);
    }
  if (sarap_file_sync_folder (self->folder, error) && sarap_file_sync_folder (parent, error))
    return TRUE;
  return sarap_store_take_error (error);
}

/* Returns: a descriptor whose closing unlocks the store, -1 with IN_USE when another program has it */
int
sarap_store_lock_folder (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "lock", NULL);
  int lock = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (lock < 0)
    {
      fail_errno (path, error);
      return -1;
    }
  if (flock (lock, LOCK_EX | LOCK_NB) == 0)
    return lock;
  g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_IN_USE, "store in use: another program has %s open", folder);
  close (lock);
  return -1;
}

static gboolean
take_lock (SarapStore *self, GError **error)
{
  self->lock = sarap_store_lock_folder (self->folder, error);
  return self->lock >= 0;
}

static gboolean
set_unclean (SarapStore *self, gboolean unclean, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, "unclean", NULL);
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);

  if (unclean)
    return sarap_file_write (path, empty, 0600, error) || sarap_store_take_error (error);
  g_unlink (path);
  return TRUE;
}

static gboolean
migrate (SarapStore *self, int version, GError **error)
{
  if (!sarap_database_migrate (self->database, version, SEALED_ROWS, error))
    return FALSE;
  if (version <= SEALED_ROWS && !sarap_media_seal_old (self, self->database, error))
    return FALSE;
  sarap_record_keys_close_all (self->database);
  return sarap_database_migrate (self->database, MAX (version, SEALED_ROWS), sarap_schema_get_newest (), error);
}

/* An empty database beside journals would look as if nothing had ever been answered. */
static gboolean
has_no_journals (SarapStore *self, GError **error)
{
  g_autoptr (GPtrArray) paths = sarap_journal_list (self->folder);

  if (paths->len == 0)
    return TRUE;
  g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_CORRUPT, "%s: sarap.db is missing, but there are journals of %u records: sarapctl recover brings them back", self->folder, paths->len);
  return FALSE;
}

static gboolean
begin_custody (SarapDatabase *db, gpointer data, GError **error)
{
  SarapStore *self = data;

  return sarap_custody_log_begin (db, self->keyring, sarap_clock_get_now (self->clock), error);
}

static gboolean
open_database (SarapStore *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, "sarap.db", NULL);
  g_autofree char *mark = g_build_filename (self->folder, "unclean", NULL);
  int version;

  self->was_unclean = g_file_test (mark, G_FILE_TEST_EXISTS);
  if (!g_file_test (path, G_FILE_TEST_EXISTS) && (!has_no_journals (self, error) || !sarap_database_create (path, self->keyring, error)))
    return FALSE;
  self->database = sarap_database_open (path, self->keyring, self->was_unclean, &version, error);
  if (self->database == NULL || !migrate (self, version, error) || !sarap_database_transact (self->database, begin_custody, self, error))
    return FALSE;
  sarap_database_keep_journals (self->database, self->folder);
  return self->was_unclean || set_unclean (self, TRUE, error);
}

static gboolean
exists (SarapStore *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, "sarap.db", NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_NOT_FOUND, "%s: there is no store in this folder", self->folder);
  return FALSE;
}

static void
sarap_store_finalize (GObject *object)
{
  SarapStore *self = SARAP_STORE (object);

  sarap_store_close (self);
  g_clear_object (&self->clock);
  g_clear_object (&self->keyring);
  g_async_queue_unref (self->jobs);
  g_main_context_unref (self->context);
  g_hash_table_unref (self->forms);
  g_mutex_clear (&self->mutex);
  g_mutex_clear (&self->media_mutex);
  g_cond_clear (&self->finished);
  g_free (self->folder);
  g_free (self->media_folder);
  G_OBJECT_CLASS (sarap_store_parent_class)->finalize (object);
}

static void
sarap_store_class_init (SarapStoreClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sarap_store_finalize;
  signals[CHANGED] = g_signal_new ("changed", SARAP_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
sarap_store_init (SarapStore *self)
{
  self->lock = -1;
  self->opener = g_thread_self ();
  self->context = g_main_context_ref_thread_default ();
  self->jobs = g_async_queue_new ();
  self->forms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  g_mutex_init (&self->mutex);
  g_mutex_init (&self->media_mutex);
  g_cond_init (&self->finished);
}

/* A fresh pair; its private half lies beside the store, never in it, and waits there to be taken away. */
static SarapProjectKey *
make_project_key (SarapStore *self, GError **error)
{
  g_autofree char *path = g_strconcat (self->folder, "-project-key", NULL);
  g_autoptr (SarapProjectKey) key = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return sarap_project_key_read (path, error);
  key = sarap_project_key_generate ();
  return sarap_project_key_write (key, TRUE, path, error) ? g_steal_pointer (&key) : NULL;
}

static gboolean
make_keyring (SarapStore *self, const char *folder, SarapProjectKey *project_key, const char *pin, GError **error)
{
  g_autoptr (SarapProjectKey) key = project_key ? sarap_project_key_ref (project_key) : make_project_key (self, error);

  if (key != NULL)
    self->keyring = sarap_keyring_create (folder, pin, key, error);
  return self->keyring != NULL || sarap_store_take_error (error);
}

/* A store whose rows are sealed never gets new keys: the old ones must come back. */
static gboolean
has_sealed_rows (SarapStore *self)
{
  g_autofree char *path = g_build_filename (self->folder, "sarap.db", NULL);

  return sarap_schema_peek_version (path) >= SEALED_ROWS;
}

static gboolean
open_keyring (SarapStore *self, SarapProjectKey *project_key, const char *pin, GError **error)
{
  g_autofree char *folder = g_build_filename (self->folder, "keys", NULL);
  g_autofree char *device = g_build_filename (folder, "device", NULL);
  g_autofree char *user = g_build_filename (folder, "user", NULL);

  if (g_file_test (device, G_FILE_TEST_EXISTS) || g_file_test (user, G_FILE_TEST_EXISTS) || has_sealed_rows (self))
    {
      self->keyring = sarap_keyring_open (folder, error);
      return self->keyring != NULL || sarap_store_take_error (error);
    }
  return make_keyring (self, folder, project_key, pin, error);
}

static gboolean
check_journals (SarapDatabase *db, gpointer data, GError **error)
{
  SarapStore *self = data;

  if (self->was_unclean && !sarap_journal_reconcile (db, self->folder, error))
    return FALSE;
  return sarap_journal_forms_exist (self->folder) || sarap_journal_make_missing (db, error);
}

static SarapStore *
open_store (const char *folder, SarapClock *clock, gboolean create, SarapProjectKey *project_key, const char *pin, GError **error)
{
  g_autoptr (SarapStore) self = g_object_new (SARAP_TYPE_STORE, NULL);

  self->folder = g_canonicalize_filename (folder, NULL);
  self->media_folder = g_build_filename (self->folder, "media", NULL);
  self->clock = g_object_ref (clock);
  if (!(create ? make_folders (self, error) : exists (self, error)))
    return NULL;
  sarap_ballast_give_up_if_low (self->folder);
  if (!take_lock (self, error) || !open_keyring (self, project_key, pin, error) || !open_database (self, error))
    return NULL;
  self->thread = g_thread_new ("sarap-database", database_thread, self);
  if (!sarap_store_write (self, SARAP_STORE_TOPIC_RECORDS, check_journals, self, error) || sarap_store_close_kiosk_visits (self, error) < 0)
    return NULL;
  sarap_ballast_keep (self->folder);
  return g_steal_pointer (&self);
}

/* Opens, locks, checks and migrates; unfinished kiosk visits are closed. With a PIN the keyring is locked: lists
 * show, what is sealed with the user key is LOCKED. NOT_FOUND when there is no store and @create is FALSE. */
SarapStore *
sarap_store_open (const char *folder, SarapClock *clock, gboolean create, GError **error)
{
  return open_store (folder, clock, create, NULL, NULL, error);
}

/* STATE when there is a store already. */
SarapStore *
sarap_store_create (const char *folder, SarapClock *clock, SarapProjectKey *project_key, const char *pin, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "sarap.db", NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return open_store (folder, clock, TRUE, project_key, pin, error);
  g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_STATE, "%s: there is a store already", folder);
  return NULL;
}

static gboolean
close_database (SarapDatabase *db, gpointer data, GError **error)
{
  SarapStore *self = data;

  self->database = NULL;
  if (sarap_database_close (db))
    set_unclean (self, FALSE, NULL);
  return TRUE;
}

void
sarap_store_close (SarapStore *self)
{
  Job job = { .func = close_database, .data = self };
  gboolean was_closed;

  g_mutex_lock (&self->mutex);
  was_closed = self->is_closed;
  self->is_closed = TRUE;
  if (!was_closed && self->thread != NULL)
    g_async_queue_push (self->jobs, &job);
  g_mutex_unlock (&self->mutex);
  if (was_closed)
    return;
  if (self->thread != NULL)
    g_thread_join (self->thread);
  else if (self->database != NULL)
    close_database (self->database, self, NULL);
  g_hash_table_remove_all (self->forms);
  if (self->lock >= 0)
    close (self->lock);
}

const char *
sarap_store_get_folder (SarapStore *self)
{
  return self->folder;
}

SarapClock *
sarap_store_get_clock (SarapStore *self)
{
  return self->clock;
}

SarapKeyring *
sarap_store_get_keyring (SarapStore *self)
{
  return self->keyring;
}

static gboolean
forget_keys (SarapDatabase *db, gpointer data, GError **error)
{
  sarap_record_keys_close_all (db);
  return TRUE;
}

/* Forgets every key but the device's. Recorders that are still open cannot write any more: flush and drop them before. */
void
sarap_store_lock (SarapStore *self)
{
  sarap_keyring_lock (self->keyring);
  sarap_store_read (self, forget_keys, NULL, NULL);
  for (guint topic = SARAP_STORE_TOPIC_RECORDS; topic <= SARAP_STORE_TOPIC_RECEIVED; topic++)
    sarap_store_emit_changed (self, topic);
}

/* Errors: SARAP_STORE_ERROR_LOCKED. Returns: (transfer full) */
SarapSecret *
sarap_store_ref_user_key (SarapStore *self, GError **error)
{
  SarapSecret *key = sarap_keyring_ref_user_key (self->keyring, NULL);

  if (key == NULL)
    g_set_error_literal (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_LOCKED, "locked: the PIN is needed");
  return key;
}

typedef struct
{
  const char *key;
  const char *value;
  char *found;
} Setting;

static gboolean
find_setting (SarapDatabase *db, gpointer data, GError **error)
{
  Setting *setting = data;
  SarapQuery *query = sarap_database_query (db, "setting-find", error);

  sarap_query_bind_text (query, "key", setting->key);
  if (sarap_query_next (query))
    setting->found = sarap_query_dup_text (query, "value");
  return sarap_query_finish (query);
}

char *
sarap_store_dup_setting (SarapStore *self, const char *key)
{
  Setting setting = { .key = key };
  g_autoptr (GError) error = NULL;

  if (!sarap_store_read (self, find_setting, &setting, &error))
    g_warning ("Setting %s cannot be read: %s", key, error->message);
  return setting.found;
}

static gboolean
put_setting (SarapDatabase *db, gpointer data, GError **error)
{
  Setting *setting = data;
  SarapQuery *query = sarap_database_query (db, setting->value ? "setting-put" : "setting-delete", error);

  sarap_query_bind_text (query, "key", setting->key);
  if (setting->value != NULL)
    sarap_query_bind_text (query, "value", setting->value);
  return sarap_query_run (query);
}

gboolean
sarap_store_set_setting (SarapStore *self, const char *key, const char *value, GError **error)
{
  Setting setting = { .key = key, .value = value };

  return sarap_store_write (self, SARAP_STORE_TOPIC_SETTINGS, put_setting, &setting, error);
}

static gboolean
find_or_make_device (SarapDatabase *db, gpointer data, GError **error)
{
  Setting *setting = data;
  g_autofree char *chance = NULL;

  if (!find_setting (db, setting, error) || setting->found != NULL)
    return setting->found != NULL;
  chance = g_uuid_string_random ();
  setting->found = g_strconcat ("sarap:", chance, NULL);
  setting->value = setting->found;
  return put_setting (db, setting, error);
}

char *
sarap_store_dup_device_id (SarapStore *self)
{
  Setting setting = { .key = "device-id" };
  g_autoptr (GError) error = NULL;

  if (!sarap_store_write (self, SARAP_STORE_TOPIC_SETTINGS, find_or_make_device, &setting, &error))
    g_warning ("The device has no name: %s", error->message);
  return setting.found;
}
