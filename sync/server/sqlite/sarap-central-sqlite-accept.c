#include "sync/server/sqlite/sarap-central-sqlite-private.h"

/*  1. A parcel stands whole in the database or not at all: each has its savepoint in the batch's
 *     transaction, and no outcome but FAILED is told before that is committed.
 *  2. The first bytes under an instanceID, and the first under a file's name, stay for ever.
 *     Others are kept in quarantine until a person decides; accepted, they are a newer version of that
 *     record under a name of the server's own ("uuid:…#12"), and their sender may send them again.
 *  3. Files arrive over several parcels; each that adds one moves the submission to the end of
 *     the feed.
 *  4. Edits of one record stand in one line: no record is replaced twice, none by a circle.
 *  5. A closed form takes no new submission. Files of one that came before still find their place.
 */

typedef struct
{
  gint64 row;
  gint64 form;
  gboolean is_complete;
  char *xml_form_id;
  char *sha256;
  char *superseded_by;
} Known;

static void
known_clear (Known *known)
{
  g_free (known->xml_form_id);
  g_free (known->sha256);
  g_free (known->superseded_by);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Known, known_clear)

/* FALSE on error; row 0 when there is none. */
static gboolean
find_known (SarapCentralSqlite *self, gint64 project, const char *instance_id, Known *known, GError **error)
{
  sqlite3_stmt *statement = sarap_sqlite_start (self->writer, "submission-find", "i:project", project, "s:instance_id", instance_id, NULL);
  g_autoptr (GError) failure = NULL;

  if (sarap_sqlite_next (self->writer, statement, &failure))
    {
      known->row = sqlite3_column_int64 (statement, 0);
      known->form = sqlite3_column_int64 (statement, 1);
      known->xml_form_id = sarap_sqlite_dup_text (statement, 2);
      known->sha256 = sarap_sqlite_dup_text (statement, 3);
      known->is_complete = sqlite3_column_int (statement, 4);
      known->superseded_by = sarap_sqlite_dup_text (statement, 5);
    }
  sqlite3_reset (statement);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
expect_files (SarapCentralSqlite *self, gint64 row, SarapParcel *parcel, GError **error)
{
  gboolean ok = TRUE;

  for (guint i = 0; ok && i < parcel->expected->len; i++)
    ok = sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "file-expect", "i:submission", row, "s:name", g_ptr_array_index (parcel->expected, i), NULL), error);
  return ok;
}

/* Rule 2: an answer of FALSE without @error is a conflict, told in the parcel. */
static gboolean
put_file (SarapCentralSqlite *self, gint64 row, SarapParcel *parcel, const SarapCentralFile *file, gboolean *is_new, GError **error)
{
  sqlite3_stmt *statement = sarap_sqlite_start (self->writer, "file-get", "i:submission", row, "s:name", file->name, NULL);
  g_autofree char *sha256 = NULL;
  g_autoptr (GError) failure = NULL;

  if (sarap_sqlite_next (self->writer, statement, &failure))
    sha256 = sarap_sqlite_dup_text (statement, 0);
  sqlite3_reset (statement);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (g_strcmp0 (sha256, file->sha256) == 0)
    return TRUE;
  if (sha256 != NULL)
    {
      parcel->outcome = SARAP_OUTCOME_CONFLICT;
      parcel->message = g_strdup_printf ("the file %s is stored with other content than %.8s", file->name, file->sha256);
      return FALSE;
    }
  *is_new = TRUE;
  return sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "file-put", "i:submission", row, "s:name", file->name, "s:sha256", file->sha256, "i:size", file->size, NULL), error);
}

static gboolean
put_files (SarapCentralSqlite *self, gint64 row, SarapParcel *parcel, gboolean *is_new, GError **error)
{
  for (guint i = 0; i < parcel->files->len; i++)
    if (!put_file (self, row, parcel, g_ptr_array_index (parcel->files, i), is_new, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_stored (SarapCentralSqlite *self, gint64 row, SarapParcel *parcel, gboolean *is_complete, GError **error)
{
  sqlite3_stmt *statement = sarap_sqlite_start (self->writer, "file-list", "i:submission", row, NULL);
  g_autoptr (GError) failure = NULL;

  g_ptr_array_set_size (parcel->stored, 0);
  *is_complete = TRUE;
  while (sarap_sqlite_next (self->writer, statement, &failure))
    {
      const char *sha256 = (const char *) sqlite3_column_text (statement, 1);

      g_ptr_array_add (parcel->stored, sarap_central_file_new ((const char *) sqlite3_column_text (statement, 0), sha256, sqlite3_column_int64 (statement, 2)));
      *is_complete &= sha256 != NULL;
    }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
touch (SarapCentralSqlite *self, gint64 row, gboolean is_complete, gint64 now, GError **error)
{
  gint64 sequence = sarap_central_sqlite_next_sequence (self, error);

  return sequence != 0 &&
         sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "submission-touch", "i:submission", row, "i:is_complete", (gint64) is_complete, "i:sequence", sequence, "i:now", now, NULL), error);
}

/* The first column of the one row, as text; NULL when there is none. */
static char *
dup_found (SarapCentralSqlite *self, sqlite3_stmt *statement)
{
  char *text = NULL;

  if (sarap_sqlite_next (self->writer, statement, NULL))
    text = sarap_sqlite_dup_text (statement, 0);
  sqlite3_reset (statement);
  return text;
}

/* What came before and replaces this instance. */
static char *
dup_heir (SarapCentralSqlite *self, gint64 project, const char *instance_id)
{
  return dup_found (self, sarap_sqlite_start (self->writer, "submission-find-heir", "i:project", project, "s:instance_id", instance_id, NULL));
}

static gboolean
is_circle (SarapCentralSqlite *self, const SarapParcel *parcel, const char *heir)
{
  g_autofree char *found = heir ? dup_found (self, sarap_sqlite_start (self->writer, "submission-is-line", "i:project", parcel->project, "s:heir", heir, "s:instance_id", parcel->deprecated_id, NULL)) : NULL;

  return found != NULL;
}

/* What this parcel replaces, if it is there: it leaves lists and counts. @heir: what replaces the parcel
 * itself, or NULL. Rule 4. */
static gboolean
supersede (SarapCentralSqlite *self, SarapParcel *parcel, const char *heir, GError **error)
{
  g_auto (Known) old = { 0 };
  g_autofree char *other = NULL;
  gint64 sequence;

  if (!find_known (self, parcel->project, parcel->deprecated_id, &old, error))
    return FALSE;
  if (old.row == 0)
    other = dup_heir (self, parcel->project, parcel->deprecated_id);
  if (other != NULL || old.superseded_by != NULL || (old.row != 0 && !g_str_equal (old.xml_form_id, parcel->xml_form_id)) || is_circle (self, parcel, heir))
    {
      parcel->outcome = SARAP_OUTCOME_CONFLICT;
      parcel->message = g_strdup_printf ("%s was edited since", parcel->deprecated_id);
      return FALSE;
    }
  if (old.row == 0)
    return TRUE;
  sequence = sarap_central_sqlite_next_sequence (self, error);
  return sequence != 0 &&
         sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "submission-supersede", "i:submission", old.row, "s:superseded_by", parcel->instance_id, "i:sequence", sequence, "i:now", parcel->received_at, NULL), error);
}

/* Files that an edit keeps by name come along from what it replaces. */
static gboolean
carry_files (SarapCentralSqlite *self, gint64 row, SarapParcel *parcel, GError **error)
{
  return sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "file-carry", "i:submission", row, "i:project", parcel->project, "s:deprecated_id", parcel->deprecated_id, NULL), error);
}

static gboolean
brings_everything (const SarapParcel *parcel)
{
  for (guint i = 0; i < parcel->expected->len; i++)
    {
      const char *name = g_ptr_array_index (parcel->expected, i);
      gboolean found = FALSE;

      for (guint k = 0; k < parcel->files->len && !found; k++)
        found = g_str_equal (((SarapCentralFile *) g_ptr_array_index (parcel->files, k))->name, name);
      if (!found)
        return FALSE;
    }
  return TRUE;
}

/* Rule 5. */
static gboolean
is_open (SarapCentralSqlite *self, SarapParcel *parcel)
{
  g_autofree char *state = dup_found (self, sarap_sqlite_start (self->writer, "form-state", "i:form", parcel->form->row, NULL));

  if (parcel->is_decided || g_strcmp0 (state, "closed") != 0)
    return TRUE;
  parcel->outcome = SARAP_OUTCOME_CLOSED;
  parcel->message = g_strdup_printf ("the form %s is closed and takes no more submissions; keep the record", parcel->xml_form_id);
  return FALSE;
}

static gboolean
create (SarapCentralSqlite *self, SarapParcel *parcel, GError **error)
{
  g_autofree char *heir = dup_heir (self, parcel->project, parcel->instance_id);
  gboolean is_edit = parcel->deprecated_id != NULL, is_whole = brings_everything (parcel), is_new, is_complete;
  gint64 sequence, row;

  if (!is_open (self, parcel) || (is_edit && !supersede (self, parcel, heir, error)))
    return FALSE;
  sequence = sarap_central_sqlite_next_sequence (self, error);
  if (sequence == 0 ||
      !sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "submission-add", "i:project", parcel->project, "i:form", parcel->form->row, "s:xml_form_id", parcel->form->xml_form_id, "s:version", parcel->form->version, "s:instance_id", parcel->instance_id, "s:deprecated_id", parcel->deprecated_id, "s:superseded_by", heir, "s:instance_name", parcel->instance_name, "s:region", parcel->region, "s:centre", parcel->centre, "i:app_user", parcel->app_user, "s:submitter", parcel->submitter, "b:xml", parcel->xml, "s:sha256", parcel->sha256, "i:is_complete", (gint64) is_whole, "s:review_state", is_edit ? "edited" : NULL, "i:sequence", sequence, "i:now", parcel->received_at, NULL), error))
    return FALSE;
  row = parcel->row = sarap_sqlite_get_last_id (self->writer);

  if (!expect_files (self, row, parcel, error) ||
      !put_files (self, row, parcel, &is_new, error) ||
      (is_edit && !carry_files (self, row, parcel, error)) ||
      !read_stored (self, row, parcel, &is_complete, error))
    return FALSE;
  parcel->outcome = SARAP_OUTCOME_CREATED;
  return is_complete == is_whole || touch (self, row, is_complete, parcel->received_at, error);
}

static gboolean
merge (SarapCentralSqlite *self, SarapParcel *parcel, const Known *known, GError **error)
{
  gboolean is_new = FALSE, is_complete;

  if (!g_str_equal (known->sha256, parcel->sha256) || !g_str_equal (known->xml_form_id, parcel->xml_form_id))
    {
      parcel->outcome = SARAP_OUTCOME_CONFLICT;
      parcel->message = g_strdup_printf ("%s is stored with other content", parcel->instance_id);
      return FALSE;
    }
  if (!put_files (self, known->row, parcel, &is_new, error) || !read_stored (self, known->row, parcel, &is_complete, error))
    return FALSE;
  parcel->row = known->row;
  parcel->outcome = is_new ? SARAP_OUTCOME_CREATED : SARAP_OUTCOME_DUPLICATE;
  return !is_new || touch (self, known->row, is_complete, parcel->received_at, error);
}

static gboolean
quarantine (SarapCentralSqlite *self, SarapParcel *parcel, const char *reason, GError **error)
{
  sqlite3_stmt *statement;
  gint64 row = 0;

  if (!sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "quarantine-add", "i:project", parcel->project, "i:app_user", parcel->app_user, "s:submitter", parcel->submitter, "s:instance_id", parcel->instance_id, "s:reason", reason, "b:xml", parcel->xml, "s:sha256", parcel->sha256, "i:now", parcel->received_at, NULL), error))
    return FALSE;
  statement = sarap_sqlite_start (self->writer, "quarantine-find", "i:project", parcel->project, "s:instance_id", parcel->instance_id, "s:reason", reason, "s:sha256", parcel->sha256, NULL);
  if (!sarap_sqlite_next (self->writer, statement, error))
    return FALSE;
  row = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);

  for (guint i = 0; i < parcel->files->len; i++)
    {
      const SarapCentralFile *file = g_ptr_array_index (parcel->files, i);

      if (!sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "quarantine-add-file", "i:quarantine", row, "s:name", file->name, "s:sha256", file->sha256, "i:size", file->size, NULL), error))
        return FALSE;
    }
  return TRUE;
}

/* Undoes what the parcel did so far; its verdict counts no more. */
static gboolean
begin_again (SarapCentralSqlite *self, SarapParcel *parcel, GError **error)
{
  g_clear_pointer (&parcel->message, g_free);
  return sarap_sqlite_run (self->writer, "ROLLBACK TO parcel", error);
}

/* Rule 2: what a person accepted of these very bytes. FALSE without @error: nothing. */
static gboolean
merge_with_accepted (SarapCentralSqlite *self, SarapParcel *parcel, GError **error)
{
  g_autofree char *row = dup_found (self, sarap_sqlite_start (self->writer, "quarantine-accepted", "i:project", parcel->project, "s:instance_id", parcel->instance_id, "s:sha256", parcel->sha256, NULL));
  Known accepted = { .xml_form_id = parcel->xml_form_id, .sha256 = parcel->sha256 };

  if (row == NULL)
    return FALSE;
  accepted.row = g_ascii_strtoll (row, NULL, 10);
  return begin_again (self, parcel, error) && merge (self, parcel, &accepted, error);
}

static gboolean
place (SarapCentralSqlite *self, SarapParcel *parcel, GError **error)
{
  g_auto (Known) known = { 0 };
  g_autoptr (GError) failure = NULL;

  if (parcel->unplaced != NULL)
    {
      parcel->outcome = SARAP_OUTCOME_UNPLACED;
      parcel->message = g_strdup (parcel->unplaced);
      return FALSE;
    }
  if (!find_known (self, parcel->project, parcel->instance_id, &known, error))
    return FALSE;
  if (known.row == 0)
    return create (self, parcel, error);
  if (merge (self, parcel, &known, &failure))
    return TRUE;
  if (failure == NULL)
    return merge_with_accepted (self, parcel, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static void
fail (SarapParcel *parcel, const GError *failure)
{
  parcel->outcome = SARAP_OUTCOME_FAILED;
  g_free (parcel->message);
  parcel->message = g_strdup (failure ? failure->message : "the database failed");
}

static void
accept_one (SarapCentralSqlite *self, SarapParcel *parcel)
{
  g_autoptr (GError) failure = NULL;

  if (!sarap_sqlite_run (self->writer, "SAVEPOINT parcel", &failure))
    {
      fail (parcel, failure);
      return;
    }
  if (place (self, parcel, &failure))
    {
      if (!sarap_sqlite_run (self->writer, "RELEASE parcel", &failure))
        fail (parcel, failure);
      return;
    }
  if (!sarap_sqlite_run (self->writer, "ROLLBACK TO parcel", failure ? NULL : &failure) || failure != NULL ||
      (parcel->outcome != SARAP_OUTCOME_CLOSED && !quarantine (self, parcel, parcel->message, &failure)))
    {
      fail (parcel, failure);
      sarap_sqlite_run (self->writer, "ROLLBACK TO parcel", NULL);
    }
  sarap_sqlite_run (self->writer, "RELEASE parcel", NULL);
}

static void
accept_parcels (SarapCentralStore *store, GPtrArray *parcels)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  g_autoptr (GError) failure = NULL;
  gboolean ok = sarap_central_sqlite_begin (self, &failure);

  if (ok)
    {
      for (guint i = 0; i < parcels->len; i++)
        accept_one (self, g_ptr_array_index (parcels, i));
      ok = sarap_central_sqlite_end (self, TRUE, &failure);
    }
  for (guint i = 0; !ok && i < parcels->len; i++)
    fail (g_ptr_array_index (parcels, i), failure);
}

/* Rule 2: places what a person took out of quarantine row @id. */
static gboolean
place_decided (SarapCentralSqlite *self, gint64 id, SarapParcel *parcel, GError **error)
{
  g_auto (Known) known = { 0 };
  g_autoptr (GError) failure = NULL;
  g_autofree char *replaced = NULL, *waiting = dup_found (self, sarap_sqlite_start (self->writer, "quarantine-waiting", "i:project", parcel->project, "i:id", id, NULL));

  if (waiting == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "nothing of that number waits in quarantine");
      return FALSE;
    }
  if (!find_known (self, parcel->project, parcel->instance_id, &known, error))
    return FALSE;
  if (known.row != 0 && merge (self, parcel, &known, &failure))
    return TRUE;
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (known.row != 0)
    {
      char *own = g_strdup_printf ("%s#%" G_GINT64_FORMAT, parcel->instance_id, id);

      if (!begin_again (self, parcel, error))
        return FALSE;
      replaced = g_str_equal (known.xml_form_id, parcel->xml_form_id) ? g_steal_pointer (&parcel->instance_id) : NULL;
      g_free (parcel->instance_id);
      parcel->instance_id = own;
    }
  else
    replaced = g_strdup (parcel->deprecated_id);
  g_free (parcel->deprecated_id);
  parcel->deprecated_id = replaced ? dup_found (self, sarap_sqlite_start (self->writer, "submission-head", "i:project", parcel->project, "s:instance_id", replaced, NULL)) : NULL;
  return create (self, parcel, error);
}

static gboolean
accept_quarantined (SarapCentralStore *store, gint64 id, SarapParcel *parcel, const char *actor, const char *comment, gint64 now, GError **error)
{
  SarapCentralSqlite *self = SARAP_CENTRAL_SQLITE (store);
  g_autoptr (GError) failure = NULL;
  gboolean ok;

  if (!sarap_central_sqlite_begin (self, error))
    return FALSE;
  ok = sarap_sqlite_run (self->writer, "SAVEPOINT parcel", &failure) && place_decided (self, id, parcel, &failure) &&
       sarap_sqlite_finish (self->writer, sarap_sqlite_start (self->writer, "quarantine-decide", "i:project", parcel->project, "i:id", id, "s:decision", "accepted", "s:actor", actor, "s:comment", comment, "i:now", now, "i:submission", parcel->row, NULL), &failure);
  if (!ok && failure == NULL)
    g_set_error_literal (&failure, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, parcel->message);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return sarap_central_sqlite_end (self, ok, error);
}

void
sarap_central_sqlite_implement_accept (SarapCentralStoreInterface *iface)
{
  iface->accept = accept_parcels;
  iface->accept_quarantined = accept_quarantined;
}
