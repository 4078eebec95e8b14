#include <sqlite3.h>
#include <string.h>

#include "app/store/sarap-answers.h"
#include "app/store/sarap-record-keys.h"
#include "tests/support/sarap-temporary.h"

typedef struct
{
  char *folder;
  char *path;
  SarapDatabase *db;
  gint64 revision;
} Fixture;

static void
execute (const char *path, const char *sql)
{
  sqlite3 *connection;

  g_assert_cmpint (sqlite3_open (path, &connection), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (connection, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (connection);
}

static SarapDatabase *
open_database (Fixture *self)
{
  g_autofree char *folder = g_build_filename (self->folder, "keys", NULL);
  g_autoptr (SarapKeyring) keyring = sarap_keyring_open (folder, NULL);
  g_autoptr (GError) error = NULL;
  int version;
  SarapDatabase *db = sarap_database_open (self->path, keyring, FALSE, &version, &error);

  g_assert_no_error (error);
  return db;
}

static gboolean
begin_key (SarapDatabase *db, gpointer data, GError **error)
{
  return sarap_record_keys_begin (db, 1, "user", error);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = sarap_temporary_new ();
  self->path = g_build_filename (self->folder, "sarap.db", NULL);
  g_object_unref (sarap_temporary_open (self->folder));
  execute (self->path, "INSERT INTO form VALUES (1, 'f', '1', 'F', 'md5:', 'file', 1, 0, 0, ''); "
                       "INSERT INTO record (number, id, form, owner, created_at, updated_at) VALUES (1, 'uuid:1', 1, 'volunteer', 0, 0)");
  self->db = open_database (self);
  g_assert_true (sarap_database_transact (self->db, begin_key, NULL, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_true (sarap_database_close (self->db));
  sarap_temporary_remove (self->folder);
  g_free (self->path);
  g_free (self->folder);
}

/* One revision: lines of "= ref value", "= ref", "+ repeat", "- forgotten". */
static void
put (Fixture *self, const char *script)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_change_free);
  g_auto (GStrv) lines = g_strsplit (script, "\n", -1);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", 3);
      SarapChangeKind kind = *words[0] == '=' ? SARAP_CHANGE_VALUE : *words[0] == '+' ? SARAP_CHANGE_REPEAT
                                                                                      : SARAP_CHANGE_FORGET;

      g_ptr_array_add (changes, sarap_change_new (kind, words[1], words[2]));
    }
  sarap_answers_write (self->db, 1, ++self->revision, changes, 0, &error);
  g_assert_no_error (error);
}

static void
assert_reads (Fixture *self, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = sarap_answers_read (self->db, 1, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < changes->len; i++)
    {
      const SarapChange *change = g_ptr_array_index (changes, i);

      g_string_append_printf (text, "%s%c %s%s%s", i > 0 ? "\n" : "", "=+-"[change->kind], change -> ref, change -> value ? " " : "", change->value ? change->value : "");
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_last_value_stands (Fixture *self, gconstpointer data)
{
  put (self, "= /d/a 1\n= /d/b 2");
  put (self, "= /d/a 3");
  put (self, "= /d/b");
  assert_reads (self, "= /d/a 3\n= /d/b");
}

static void
test_repeat_comes_before_its_answers (Fixture *self, gconstpointer data)
{
  put (self, "+ /d/r[1]\n= /d/r[1]/x 1");
  put (self, "+ /d/r[1]");
  assert_reads (self, "+ /d/r[1]\n= /d/r[1]/x 1");
}

static void
test_forgetting_spares_the_neighbours (Fixture *self, gconstpointer data)
{
  put (self, "+ /d/r[1]\n= /d/r[1]/x 1\n= /d/r[1]/@a 2\n+ /d/r[10]\n= /d/r[10]/x 3\n= /d/ra 4\n= /d/r-a 5");
  put (self, "- /d/r[1]");
  assert_reads (self, "+ /d/r[10]\n= /d/r[10]/x 3\n= /d/ra 4\n= /d/r-a 5\n- /d/r[1]");
  put (self, "- /d/r");
  assert_reads (self, "= /d/ra 4\n= /d/r-a 5\n- /d/r");
}

static void
test_what_follows_forgetting_stands (Fixture *self, gconstpointer data)
{
  put (self, "+ /d/r[1]\n= /d/r[1]/x 1\n+ /d/r[2]\n= /d/r[2]/x 2");
  put (self, "- /d/r[1]\n- /d/r[2]\n+ /d/r[1]\n= /d/r[1]/x 2");
  assert_reads (self, "- /d/r[1]\n- /d/r[2]\n+ /d/r[1]\n= /d/r[1]/x 2");
}

static void
test_whole_state_takes_the_place (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) state = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_change_free);

  put (self, "= /d/a 1\n= /d/b 2");
  g_ptr_array_add (state, sarap_change_new (SARAP_CHANGE_VALUE, "/d/c", "3"));
  g_assert_true (sarap_answers_replace (self->db, 1, 2, state, 0, NULL));
  assert_reads (self, "= /d/c 3");
}

static void
test_history_keeps_every_change (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) history = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  put (self, "= /d/a 1\n= /d/a 2");
  put (self, "- /d/a");
  history = sarap_answers_read_history (self->db, 1, NULL);
  for (guint i = 0; i < history->len; i++)
    {
      const SarapRevision *revision = g_ptr_array_index (history, i);

      g_string_append_printf (text, "%d%c%s%s ", (int) revision->revision, "=+-"[revision->change->kind], revision -> change -> ref, revision -> change -> value ? revision -> change -> value : "");
    }
  g_assert_cmpstr (text->str, ==, "1=/d/a1 1=/d/a2 2-/d/a ");
}

/* Runs @sql on the closed file, then says what reading gives. */
static void
assert_damage_is_seen (Fixture *self, const char *sql)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sarap_database_close (self->db));
  execute (self->path, sql);
  self->db = open_database (self);
  g_assert_null (sarap_answers_read (self->db, 1, &error));
  g_assert_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_CORRUPT);
}

static void
test_exchanged_rows_are_seen (Fixture *self, gconstpointer data)
{
  put (self, "= /d/a 1\n= /d/b 2");
  assert_damage_is_seen (self, "UPDATE answer SET sealed = (SELECT sealed FROM answer_history WHERE place = 1 - answer.place)");
}

static void
test_exchanged_questions_are_seen (Fixture *self, gconstpointer data)
{
  put (self, "= /d/a 1\n= /d/b 2");
  assert_damage_is_seen (self, "UPDATE answer SET ref = x'00' || ref; UPDATE answer SET ref = (SELECT ref FROM answer_history WHERE place = 1 - answer.place)");
}

static void
test_an_older_answer_put_back_is_seen (Fixture *self, gconstpointer data)
{
  put (self, "= /d/a 1");
  put (self, "= /d/a 2");
  assert_damage_is_seen (self, "UPDATE answer SET sealed = (SELECT sealed FROM answer_history WHERE revision = 1)");
}

static void
test_file_holds_no_plain_text (Fixture *self, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  gsize size;

  put (self, "= /data/canary-question canary-answer");
  g_assert_true (sarap_database_close (self->db));
  g_assert_true (g_file_get_contents (self->path, &bytes, &size, NULL));
  g_assert_null (memmem (bytes, size, "canary", 6));
  self->db = open_database (self);
  assert_reads (self, "= /data/canary-question canary-answer");
}

#define ADD(name, func) g_test_add ("/store/answers/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("last-value-stands", test_last_value_stands);
  ADD ("repeat-comes-before-its-answers", test_repeat_comes_before_its_answers);
  ADD ("forgetting-spares-the-neighbours", test_forgetting_spares_the_neighbours);
  ADD ("what-follows-forgetting-stands", test_what_follows_forgetting_stands);
  ADD ("whole-state-takes-the-place", test_whole_state_takes_the_place);
  ADD ("history-keeps-every-change", test_history_keeps_every_change);
  ADD ("exchanged-rows-are-seen", test_exchanged_rows_are_seen);
  ADD ("exchanged-questions-are-seen", test_exchanged_questions_are_seen);
  ADD ("an-older-answer-put-back-is-seen", test_an_older_answer_put_back_is_seen);
  ADD ("file-holds-no-plain-text", test_file_holds_no_plain_text);
  return g_test_run ();
}
