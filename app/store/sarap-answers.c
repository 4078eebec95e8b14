#include "app/store/sarap-answers.h"

#include <string.h>

#include "app/store/sarap-journal-writer.h"
#include "app/store/sarap-record-keys.h"
#include "app/store/sarap-store.h"

/*  1. `answer` folds the changes: one row a node, so that a draft opens in time however often its
 *     answers changed. Read back in the order (revision, place) the rows restore the interview.
 *  2. A repeat instance keeps the place where it was made: its answers always follow it.
 *  3. FORGET stays as a row. The form itself may start with what was forgotten.
 *  4. `answer_history` has every change once and is never rewritten.
 *  5. A change is sealed once; both tables and the journal hold the same bytes: the question's path, a line feed and the value (no line
 *     feed: no value), bound to revision, place and kind. Which questions were answered already tells much, so
 *     `ref` is a tag of the path. */

typedef struct
{
  SarapDatabase *db;
  gint64 record;
  gint64 revision;
  gint64 at;
  SarapSecret *key;
  GError **error;
} Writer;

/* A change ready for its row; the bytes live as long as this. */
typedef struct
{
  GBytes *ref;
  GBytes *sealed;
} Sealed;

static void
sealed_clear (Sealed *self)
{
  g_clear_pointer (&self->ref, g_bytes_unref);
  g_clear_pointer (&self->sealed, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sealed, sealed_clear)

static char *
dup_context (gint64 revision, gint64 place, int kind)
{
  return g_strdup_printf ("sarap/1/record/answer/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "/%d", revision, place, kind);
}

static GBytes *
new_tag (SarapSecret *key, const char *ref)
{
  guint8 *tag = g_malloc (SARAP_SEAL_TAG_SIZE);

  sarap_seal_tag (key, ref, tag);
  return g_bytes_new_take (tag, SARAP_SEAL_TAG_SIZE);
}

static Sealed
seal_change (const Writer *self, const SarapChange *change, guint place)
{
  g_autofree char *context = dup_context (self->revision, place, change->kind);
  g_autofree char *text = change->value ? g_strconcat (change->ref, "\n", change->value, NULL) : g_strdup (change->ref);

  return (Sealed){ new_tag (self->key, change->ref), sarap_seal (self->key, context, text, strlen (text)) };
}

static SarapQuery *
begin (Writer *self, const char *name, const SarapChange *change, guint place, const Sealed *sealed)
{
  SarapQuery *query = sarap_database_query (self->db, name, self->error);

  sarap_query_bind_int (query, "record", self->record);
  sarap_query_bind_bytes (query, "ref", sealed->ref);
  sarap_query_bind_int (query, "kind", change->kind);
  sarap_query_bind_int (query, "revision", self->revision);
  sarap_query_bind_int (query, "place", place);
  sarap_query_bind_bytes (query, "sealed", sealed->sealed);
  return query;
}

static gboolean
is_at_or_below (const char *ref, const char *top)
{
  gsize length = strlen (top);

  return strncmp (ref, top, length) == 0 && (ref[length] == '\0' || ref[length] == '/' || ref[length] == '[');
}

/* Removes the rows of everything at or below @top. */
static gboolean
forget (Writer *self, const char *top)
{
  g_autoptr (GPtrArray) state = sarap_answers_read (self->db, self->record, self->error);

  if (state == NULL)
    return FALSE;
  sarap_journal_touch_folded (self->db, self->record);
  for (guint i = 0; i < state->len; i++)
    {
      const SarapChange *change = g_ptr_array_index (state, i);
      g_autoptr (GBytes) ref = NULL;
      SarapQuery *query;

      if (!is_at_or_below (change->ref, top))
        continue;
      ref = new_tag (self->key, change->ref);
      query = sarap_database_query (self->db, "answer-forget", self->error);
      sarap_query_bind_int (query, "record", self->record);
      sarap_query_bind_bytes (query, "ref", ref);
      if (!sarap_query_run (query))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_change (Writer *self, const SarapChange *change, guint place)
{
  g_auto (Sealed) sealed = seal_change (self, change, place);
  SarapQuery *query = begin (self, "answer-history-add", change, place, &sealed);

  sarap_query_bind_int (query, "at", self->at);
  if (!sarap_query_run (query))
    return FALSE;
  if (change->kind == SARAP_CHANGE_FORGET && !forget (self, change->ref))
    return FALSE;
  return sarap_query_run (begin (self, change->kind == SARAP_CHANGE_REPEAT ? "answer-add" : "answer-put", change, place, &sealed));
}

/* @changes (element-type SarapChange) become revision @revision. Errors: LOCKED. */
gboolean
sarap_answers_write (SarapDatabase *db, gint64 record, gint64 revision, GPtrArray *changes, gint64 at, GError **error)
{
  g_autoptr (SarapSecret) key = sarap_record_keys_ref (db, record, error);
  Writer writer = { db, record, revision, at, key, error };

  if (key == NULL)
    return FALSE;
  sarap_journal_touch (db, record);
  for (guint i = 0; i < changes->len; i++)
    if (!write_change (&writer, g_ptr_array_index (changes, i), i))
      return FALSE;
  return TRUE;
}

/* Takes @state in place of everything that stood there. */
gboolean
sarap_answers_replace (SarapDatabase *db, gint64 record, gint64 revision, GPtrArray *state, gint64 at, GError **error)
{
  return sarap_answers_clear (db, record, error) && sarap_answers_write (db, record, revision, state, at, error);
}

/* The row's change. NULL: its bytes were changed, or belong to another row. */
static SarapChange *
open_row (SarapQuery *query, SarapSecret *key, GError **error)
{
  int kind = sarap_query_get_int (query, "kind");
  g_autofree char *context = dup_context (sarap_query_get_int (query, "revision"), sarap_query_get_int (query, "place"), kind);
  g_autoptr (GBytes) ref = sarap_query_dup_bytes (query, "ref");
  g_autoptr (GBytes) sealed = sarap_query_dup_bytes (query, "sealed");
  g_autoptr (GBytes) plain = sarap_unseal (key, context, sealed, error);
  g_autoptr (GBytes) tag = NULL;
  g_autofree char *text = NULL;
  char *value;

  if (plain == NULL)
    return NULL;
  text = g_strndup (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain));
  value = strchr (text, '\n');
  if (value != NULL)
    *value++ = '\0';
  tag = new_tag (key, text);
  if (g_bytes_equal (tag, ref))
    return sarap_change_new (kind, text, value);
  g_set_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_FORGED, "%s: stands in the row of another question", context);
  return NULL;
}

/* What makes an item of a row. */
typedef gpointer (*TakeFunc) (SarapQuery *query, SarapChange *change);

static gboolean
read_rows (SarapDatabase *db, const char *name, gint64 record, TakeFunc take, GPtrArray *items, GError **error)
{
  g_autoptr (SarapSecret) key = sarap_record_keys_ref (db, record, error);
  g_autoptr (GError) forged = NULL;
  SarapQuery *query;

  if (key == NULL)
    return FALSE;
  query = sarap_database_query (db, name, error);
  sarap_query_bind_int (query, "record", record);
  while (forged == NULL && sarap_query_next (query))
    {
      SarapChange *change = open_row (query, key, &forged);

      if (change != NULL)
        g_ptr_array_add (items, take (query, change));
    }
  if (!sarap_query_finish (query))
    return FALSE;
  if (forged != NULL)
    g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_CORRUPT, "an answer is damaged: %s", forged->message);
  return forged == NULL;
}

static gpointer
take_change (SarapQuery *query, SarapChange *change)
{
  return change;
}

/* Errors: LOCKED; CORRUPT when a row was changed. Returns: (transfer full) (element-type SarapChange) the changes that
 * restore the interview */
GPtrArray *
sarap_answers_read (SarapDatabase *db, gint64 record, GError **error)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_change_free);

  return read_rows (db, "answer-list", record, take_change, changes, error) ? g_steal_pointer (&changes) : NULL;
}

void
sarap_revision_free (SarapRevision *revision)
{
  sarap_change_free (revision->change);
  g_free (revision);
}

static gpointer
take_revision (SarapQuery *query, SarapChange *change)
{
  SarapRevision *revision = g_new0 (SarapRevision, 1);

  revision->revision = sarap_query_get_int (query, "revision");
  revision->at = sarap_query_get_int (query, "at");
  revision->change = change;
  return revision;
}

/* Every change there ever was, in order. Errors as above. Returns: (transfer full) (element-type SarapRevision) */
GPtrArray *
sarap_answers_read_history (SarapDatabase *db, gint64 record, GError **error)
{
  g_autoptr (GPtrArray) revisions = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_revision_free);

  return read_rows (db, "answer-history-list", record, take_revision, revisions, error) ? g_steal_pointer (&revisions) : NULL;
}

/* Removes the folded state; the history stays. */
gboolean
sarap_answers_clear (SarapDatabase *db, gint64 record, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "answer-clear", error);

  sarap_journal_touch_folded (db, record);
  sarap_query_bind_int (query, "record", record);
  return sarap_query_run (query);
}
