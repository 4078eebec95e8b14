#include "app/store/sarap-journal-check.h"

#include <string.h>

#include "app/store/sarap-journal-restore.h"
#include "app/store/sarap-journal-writer.h"
#include "app/store/sarap-store-records.h"

/* What a kill, or a disk that forgot synced bytes, can leave between a record's rows and its journal:
 *   journal ahead of the rows    the disk lost commits: the journal's answers are taken over
 *   rows ahead of the journal    the disk lost the journal's end: it is made anew
 *   finalized, with a user key   the kill came before the key was overwritten: it is now
 *   sent, with a journal         the kill came before the journal was removed: it is now */

typedef struct
{
  gint64 number; /* 0: the database has no such record */
  int state;
  gint64 revision;
} Row;

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Returns: (transfer full) the paths of all journals */
GPtrArray *
sarap_journal_list (const char *store_folder)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folder = g_build_filename (store_folder, "journal", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".journal"))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (paths, compare_paths);
  return paths;
}

static gboolean
find_row (SarapDatabase *db, const char *id, Row *row, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "journal-find", error);

  sarap_query_bind_text (query, "id", id);
  if (sarap_query_next (query))
    *row = (Row){ sarap_query_get_int (query, "number"), sarap_query_get_int (query, "state"), sarap_query_get_int (query, "revision") };
  return sarap_query_finish (query);
}

typedef struct
{
  const char *folder;
  const SarapJournalContents *contents;
} Restoring;

static gboolean
restore (SarapDatabase *db, gpointer data, GError **error)
{
  Restoring *restoring = data;

  return sarap_journal_restore (db, restoring->folder, restoring->contents, 0, error);
}

/* A record that cannot be taken over stays in its journal and does not hinder the others. */
static gboolean
take_over (SarapDatabase *db, const char *folder, const SarapJournalContents *contents)
{
  Restoring restoring = { folder, contents };
  g_autoptr (GError) error = NULL;

  if (sarap_database_transact (db, restore, &restoring, &error))
    g_message ("Answers that the database had lost were taken from the journal of %s", contents->head.id);
  else
    g_warning ("The journal of %s cannot be taken over: %s", contents->head.id, error->message);
  return error == NULL || sarap_database_in_transaction (db);
}

static gboolean
reconcile (SarapDatabase *db, const char *folder, const SarapJournalContents *contents, const Row *row)
{
  SarapJournalReach reach = sarap_journal_contents_get_reach (contents);
  gboolean is_damaged = contents->size != contents->file_size || contents->has_damaged_slot;
  gboolean is_ahead = reach.revision > row->revision || reach.state > row->state;

  if (row->number == 0)
    return reach.state < 0 || take_over (db, folder, contents);
  if (row->state == SARAP_RECORD_SENT)
    sarap_journal_release (db, contents->head.id);
  else if (row->state == SARAP_RECORD_DRAFT && is_ahead)
    return take_over (db, folder, contents);
  else if (is_damaged || reach.revision != row->revision || reach.state != row->state)
    sarap_journal_touch_anew (db, row->number);
  else if (row->state == SARAP_RECORD_FINALIZED && contents->head.slots[SARAP_JOURNAL_USER] != NULL)
    sarap_journal_touch (db, row->number);
  return TRUE;
}

/* After an unclean end, in a transaction. */
gboolean
sarap_journal_reconcile (SarapDatabase *db, const char *store_folder, GError **error)
{
  g_autoptr (GPtrArray) paths = sarap_journal_list (store_folder);

  for (guint i = 0; i < paths->len; i++)
    {
      const char *path = g_ptr_array_index (paths, i);
      g_autoptr (GError) damage = NULL;
      g_autoptr (SarapJournalContents) contents = sarap_journal_read (path, &damage);
      Row row = { 0 };

      if (contents == NULL)
        {
          g_warning ("%s", damage->message);
          continue;
        }
      if (!find_row (db, contents->head.id, &row, error) || !reconcile (db, store_folder, contents, &row))
        return FALSE;
    }
  return TRUE;
}

/* For a store of an older program, in a transaction: records get journals. */
gboolean
sarap_journal_make_missing (SarapDatabase *db, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "record-list-waiting", error);

  sarap_journal_touch_forms (db);
  while (sarap_query_next (query))
    sarap_journal_touch (db, sarap_query_get_int (query, "number"));
  return sarap_query_finish (query);
}
