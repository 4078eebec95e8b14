#include "app/store/sarap-store-records.h"

#include "app/form/sarap-move.h"
#include "app/store/sarap-answers.h"
#include "app/store/sarap-journal-writer.h"
#include "app/store/sarap-record-private.h"
#include "app/store/sarap-store-forms-private.h"
#include "app/store/sarap-store-private.h"

/*  1. A draft goes on in the version of the form that it was begun with, until somebody moves it.
 *  2. The move is one transaction: form, state and what was set aside. The history keeps every answer there was.
 *  3. What was set aside is never removed, except with the draft. */

typedef struct
{
  SarapStore *store;
  const char *id;
  gint64 record;
  gint64 form;
  gint64 current;
  char *version;
  char *language;
  GPtrArray *changes;
  GPtrArray *aside;
  char *name;
  char *search;
  gint64 now;
} Move;

static void
move_clear (Move *self)
{
  g_free (self->version);
  g_free (self->language);
  g_free (self->name);
  g_free (self->search);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  g_clear_pointer (&self->aside, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Move, move_clear)

static gboolean
find_newer (SarapDatabase *db, gpointer data, GError **error)
{
  Move *move = data;
  SarapQuery *query = sarap_database_query (db, "draft-newer", error);
  gboolean is_draft = FALSE;

  sarap_query_bind_text (query, "id", move->id);
  if (sarap_query_next (query))
    {
      move->record = sarap_query_get_int (query, "number");
      move->form = sarap_query_get_int (query, "form");
      move->current = sarap_query_get_int (query, "current");
      move->version = sarap_query_dup_text (query, "version");
      move->language = sarap_query_dup_text (query, "language");
      is_draft = sarap_query_get_int (query, "state") == SARAP_RECORD_DRAFT;
    }
  if (!sarap_query_finish (query))
    return FALSE;
  if (move->record == 0)
    return sarap_store_not_found (error, "record", move->id);
  if (!is_draft)
    g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_STATE, "%s is no draft", move->id);
  return is_draft;
}

/* Whether the draft @id could go on in a newer version of its form; FALSE also when it is no draft. */
gboolean
sarap_store_has_newer_form (SarapStore *self, const char *id)
{
  g_auto (Move) move = { .store = self, .id = id };

  return sarap_store_read (self, find_newer, &move, NULL) && move.current != 0;
}

static gboolean
read_draft (SarapDatabase *db, gpointer data, GError **error)
{
  Move *move = data;

  if (!find_newer (db, data, error))
    return FALSE;
  if (move->current != 0)
    move->changes = sarap_answers_read (db, move->record, error);
  return move->current == 0 || move->changes != NULL;
}

static gboolean
add_aside (SarapDatabase *db, Move *move, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "aside-count", error);
  gint64 place = 0;

  sarap_query_bind_int (query, "record", move->record);
  if (sarap_query_next (query))
    place = sarap_query_get_int (query, "n");
  if (!sarap_query_finish (query))
    return FALSE;
  for (guint i = 0; i < move->aside->len; i++)
    {
      const SarapAside *aside = g_ptr_array_index (move->aside, i);

      query = sarap_database_query (db, "aside-add", error);
      sarap_query_bind_int (query, "record", move->record);
      sarap_query_bind_int (query, "place", place + i);
      sarap_query_bind_text (query, "version", move->version);
      sarap_query_bind_text (query, "ref", aside->ref);
      sarap_query_bind_text (query, "label", aside->label);
      sarap_query_bind_text (query, "value", aside->value);
      sarap_query_bind_text (query, "text", aside->text);
      sarap_query_bind_int (query, "now", move->now);
      if (!sarap_query_run (query))
        return FALSE;
    }
  return TRUE;
}

static gboolean
touch (SarapDatabase *db, Move *move, gint64 *revision, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "record-touch", error);

  sarap_query_bind_int (query, "record", move->record);
  sarap_query_bind_int (query, "answers", TRUE);
  sarap_query_bind_text (query, "name", move->name);
  sarap_query_bind_text (query, "search", move->search);
  sarap_query_bind_int (query, "now", move->now);
  *revision = 0;
  while (sarap_query_next (query))
    *revision = sarap_query_get_int (query, "revision");
  if (!sarap_query_finish (query))
    return FALSE;
  if (*revision == 0)
    g_set_error_literal (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_STATE, "the record is no draft any more");
  return *revision != 0;
}

static gboolean
write_move (SarapDatabase *db, gpointer data, GError **error)
{
  Move *move = data;
  gint64 revision;
  SarapQuery *query;

  if (!touch (db, move, &revision, error))
    return FALSE;
  query = sarap_database_query (db, "draft-set-form", error);
  sarap_query_bind_int (query, "record", move->record);
  sarap_query_bind_int (query, "form", move->current);
  sarap_journal_touch_anew (db, move->record);
  return sarap_query_run (query) && sarap_answers_replace (db, move->record, revision, move->changes, move->now, error) && add_aside (db, move, error);
}

/* Replaces the state of @move by what the newer version makes of it. */
static gboolean
move_answers (Move *move, const SarapInterviewSettings *settings, GError **error)
{
  SarapClock *clock = sarap_store_get_clock (move->store);
  g_autoptr (SarapForm) form = sarap_store_load_form_number (move->store, move->form, error);
  g_autoptr (SarapForm) current = form ? sarap_store_load_form_number (move->store, move->current, error) : NULL;
  g_autoptr (SarapInterview) old = current ? sarap_interview_restore (form, clock, settings, move->changes, NULL, error) : NULL;
  g_autoptr (SarapInterview) new = NULL;

  if (old != NULL && move->language != NULL)
    sarap_interview_set_language (old, move->language);
  if (old != NULL)
    new = sarap_interview_move (old, current, settings, &move->aside, error);
  if (new == NULL)
    return FALSE;
  g_ptr_array_unref (move->changes);
  move->changes = sarap_interview_dup_state (new);
  move->name = sarap_interview_dup_instance_name (new);
  if (move->name == NULL)
    move->name = g_strdup ("");
  move->search = sarap_store_dup_search_key ((const char *const[]){ move->name, sarap_form_get_title (current), NULL });
  return TRUE;
}

/* Takes the draft @id, which nobody has open, to the newer version of its form; nothing happens when there is none.
 * @n_aside: how many answers it had no place for. STATE when @id is no draft; on any error the draft is as it was. */
gboolean
sarap_store_move_draft (SarapStore *self, const char *id, const SarapInterviewSettings *settings, guint *n_aside, GError **error)
{
  g_auto (Move) move = { .store = self, .id = id, .now = sarap_clock_get_now (sarap_store_get_clock (self)) };

  *n_aside = 0;
  if (!sarap_store_read (self, read_draft, &move, error))
    return FALSE;
  if (move.current == 0)
    return TRUE;
  if (!move_answers (&move, settings, error) || !sarap_store_write (self, SARAP_STORE_TOPIC_RECORDS, write_move, &move, error))
    return FALSE;
  *n_aside = move.aside->len;
  return TRUE;
}

typedef struct
{
  const char *id;
  GPtrArray *aside;
} Listing;

static gboolean
list_aside (SarapDatabase *db, gpointer data, GError **error)
{
  Listing *listing = data;
  SarapQuery *query = sarap_database_query (db, "aside-list", error);

  sarap_query_bind_text (query, "id", listing->id);
  while (sarap_query_next (query))
    if (sarap_query_get_text (query, "text") != NULL)
      g_ptr_array_add (listing->aside, sarap_aside_new (sarap_query_get_text (query, "ref"), sarap_query_get_text (query, "label"), sarap_query_get_text (query, "value"), sarap_query_get_text (query, "text")));
  return sarap_query_finish (query);
}

/* Those of a record that is sealed for others are left out. Returns: (transfer full) (element-type SarapAside) */
GPtrArray *
sarap_store_list_aside (SarapStore *self, const char *id, GError **error)
{
  g_autoptr (GPtrArray) aside = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_aside_free);
  Listing listing = { id, aside };

  return sarap_store_read (self, list_aside, &listing, error) ? g_steal_pointer (&aside) : NULL;
}
