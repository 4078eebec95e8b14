#include "app/store/sarap-answers.h"

/*  1. `answer` folds the changes: one row a node, so that a draft opens in time however often its
 *     answers changed. Read back in the order (revision, place) the rows restore the interview.
 *  2. A repeat instance keeps the place where it was made: its answers always follow it.
 *  3. FORGET stays as a row. The form itself may start with what was forgotten.
 *  4. `answer_history` has every change once and is never rewritten. */

typedef struct
{
  SarapDatabase *db;
  gint64 record;
  gint64 revision;
  gint64 at;
  GError **error;
} Writer;

static SarapQuery *
begin (Writer *self, const char *name, const SarapChange *change)
{
  SarapQuery *query = sarap_database_query (self->db, name, self->error);

  sarap_query_bind_int (query, "record", self->record);
  sarap_query_bind_text (query, "ref", change->ref);
  return query;
}

static gboolean
write_history (Writer *self, const SarapChange *change, guint place)
{
  SarapQuery *query = begin (self, "answer-history-add", change);

  sarap_query_bind_int (query, "revision", self->revision);
  sarap_query_bind_int (query, "place", place);
  sarap_query_bind_int (query, "kind", change->kind);
  sarap_query_bind_text (query, "value", change->value);
  sarap_query_bind_int (query, "at", self->at);
  return sarap_query_run (query);
}

static gboolean
write_state (Writer *self, const SarapChange *change, guint place)
{
  SarapQuery *query;

  if (change->kind == SARAP_CHANGE_FORGET && !sarap_query_run (begin (self, "answer-forget", change)))
    return FALSE;
  query = begin (self, change->kind == SARAP_CHANGE_REPEAT ? "answer-add" : "answer-put", change);
  sarap_query_bind_int (query, "revision", self->revision);
  sarap_query_bind_int (query, "place", place);
  sarap_query_bind_int (query, "kind", change->kind);
  sarap_query_bind_text (query, "value", change->value);
  return sarap_query_run (query);
}

/* @changes (element-type SarapChange) become revision @revision. */
gboolean
sarap_answers_write (SarapDatabase *db, gint64 record, gint64 revision, GPtrArray *changes, gint64 at, GError **error)
{
  Writer writer = { db, record, revision, at, error };

  for (guint i = 0; i < changes->len; i++)
    {
      const SarapChange *change = g_ptr_array_index (changes, i);

      if (!write_history (&writer, change, i) || !write_state (&writer, change, i))
        return FALSE;
    }
  return TRUE;
}

/* Takes @state in place of everything that stood there. */
gboolean
sarap_answers_replace (SarapDatabase *db, gint64 record, gint64 revision, GPtrArray *state, gint64 at, GError **error)
{
  return sarap_answers_clear (db, record, error) && sarap_answers_write (db, record, revision, state, at, error);
}

/* Returns: (transfer full) (element-type SarapChange) the changes that restore the interview */
GPtrArray *
sarap_answers_read (SarapDatabase *db, gint64 record, GError **error)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_change_free);
  SarapQuery *query = sarap_database_query (db, "answer-list", error);

  sarap_query_bind_int (query, "record", record);
  while (sarap_query_next (query))
    g_ptr_array_add (changes, sarap_change_new (sarap_query_get_int (query, "kind"), sarap_query_get_text (query, "ref"), sarap_query_get_text (query, "value")));
  return sarap_query_finish (query) ? g_steal_pointer (&changes) : NULL;
}

/* Removes the folded state; the history stays. */
gboolean
sarap_answers_clear (SarapDatabase *db, gint64 record, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "answer-clear", error);

  sarap_query_bind_int (query, "record", record);
  return sarap_query_run (query);
}
