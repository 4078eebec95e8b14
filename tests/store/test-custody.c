#include <glib/gstdio.h>
#include <sqlite3.h>

#include "app/store/sarap-custody-check.h"
#include "app/store/sarap-store-outbox.h"
#include "app/vault/sarap-custody.h"
#include "app/vault/sarap-statement.h"
#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-visit.h"

/* A store with sent and unsent records is tampered with behind the program's back, once a round, and each time
 * `sarap_store_check_custody` must name the entry or the record. */

enum
{
  N_RECORDS = 8,
  N_SENT = 5,
  N_TAMPERINGS = 50, /* one twentieth; SARAP_LONG: all */
  N_TAMPERINGS_LONG = 1000,
};

typedef struct
{
  char *folder; /* of the store that is never changed */
  char *work;   /* parent of its copies */
  char *copy;
  sqlite3 *connection;
  GRand *chance;
  char *record; /* where the fault must be told, or NULL */
  gint64 entry; /* or here, 0: nowhere */
  char *subject;
} Fixture;

static char *
fill (SarapStore *store, guint number)
{
  g_autoptr (SarapRecorder) recorder = sarap_visit_begin (store, "volunteer");
  g_autofree char *name = g_strdup_printf ("Name %u", number);
  g_autofree char *text = g_strdup_printf ("photo %u", number);
  g_autoptr (GBytes) photo = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  sarap_visit_answer (recorder, "/data/name", name);
  sarap_recorder_attach (recorder, "/data/photo", photo, "jpg", &error);
  g_assert_no_error (error);
  sarap_recorder_finalize (recorder, &error);
  g_assert_no_error (error);
  return g_strdup (sarap_interview_get_instance_id (sarap_recorder_get_interview (recorder)));
}

static void
send (SarapStore *store, const char *id, const char *seed)
{
  g_autoptr (GBytes) xml = sarap_store_dup_record_xml (store, id, NULL);
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, xml);
  g_autoptr (SarapStatement) statement = sarap_statement_new (id, sarap_clock_get_now (sarap_store_get_clock (store)), NULL, TRUE);
  g_autofree char *text = NULL, *signature = NULL, *key = sarap_server_key_dup_public (seed);
  g_autoptr (GBytes) receipt = g_bytes_new (id, strlen (id));
  g_autoptr (GError) error = NULL;
  SarapReceiptProof proof = { .server_key = key };

  sarap_statement_add_file (statement, SARAP_STATEMENT_ANSWERS, hash, g_bytes_get_size (xml));
  proof.statement = text = sarap_statement_to_text (statement);
  proof.signature = signature = sarap_server_key_sign (seed, text);
  proof.server_time = statement->time;
  sarap_store_note_sent (store, id, receipt, &proof, "thanks", &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *seed = sarap_server_key_generate ();
  SarapStore *store;

  self->chance = g_rand_new_with_seed (4);
  self->work = sarap_temporary_new ();
  self->folder = g_build_filename (self->work, "store", NULL);
  self->copy = g_build_filename (self->work, "copy", NULL);
  store = sarap_temporary_open (self->folder);
  sarap_visit_add_form (store);
  for (guint i = 0; i < N_RECORDS; i++)
    {
      g_autofree char *id = fill (store, i);

      if (i < N_SENT)
        send (store, id, seed);
    }
  g_object_unref (store);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  sarap_temporary_remove (self->work);
  g_rand_free (self->chance);
  g_free (self->folder);
  g_free (self->copy);
  g_free (self->work);
}

static SarapCustodyReport *
check (const char *folder, gboolean with_key)
{
  g_autoptr (SarapStore) store = sarap_temporary_open (folder);
  g_autofree char *path = g_strconcat (folder, "-project-key", NULL);
  g_autoptr (SarapProjectKey) key = with_key ? sarap_project_key_read (path, NULL) : NULL;
  g_autoptr (GError) error = NULL;
  SarapCustodyReport *report;

  if (key != NULL)
    sarap_keyring_open_project_key (sarap_store_get_keyring (store), key);
  report = sarap_store_check_custody (store, &error);
  g_assert_no_error (error);
  return report;
}

static void
test_honest_store (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapCustodyReport) shut = check (self->folder, FALSE);
  g_autoptr (SarapCustodyReport) open = check (self->folder, TRUE);

  g_assert_cmpuint (shut->faults->len, ==, 0);
  g_assert_cmpuint (shut->n_entries, ==, 1 + N_RECORDS + N_SENT);
  g_assert_cmpuint (shut->n_records, ==, N_RECORDS);
  g_assert_cmpuint (shut->n_unread, ==, N_SENT);
  g_assert_cmpuint (shut->n_unsigned, ==, 0);
  g_assert_cmpuint (open->faults->len, ==, 0);
  g_assert_cmpuint (open->n_unread, ==, 0);
}

/* --- tampering ------------------------------------------------------------------------------------- */

static void
run (Fixture *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
run (Fixture *self, const char *format, ...)
{
  g_autofree char *sql = NULL;
  char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  sql = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  sqlite3_exec (self->connection, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
}

static char *
ask (Fixture *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static char *
ask (Fixture *self, const char *format, ...)
{
  g_autofree char *sql = NULL;
  sqlite3_stmt *statement;
  char *answer = NULL;
  va_list arguments;

  va_start (arguments, format);
  sql = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_assert_cmpint (sqlite3_prepare_v2 (self->connection, sql, -1, &statement, NULL), ==, SQLITE_OK);
  if (sqlite3_step (statement) == SQLITE_ROW)
    answer = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  return answer;
}

/* Changes one byte of @column where @place holds. */
static void
flip (Fixture *self, const char *table, const char *column, const char *place)
{
  g_autofree char *hex = ask (self, "SELECT hex (%s) FROM %s WHERE %s", column, table, place);
  guint at = g_rand_int_range (self->chance, 0, strlen (hex) / 2) * 2 + 1;

  hex[at] = hex[at] == '0' ? '1' : '0';
  run (self, "UPDATE %s SET %s = x'%s' WHERE %s", table, column, hex, place);
}

static char *
in_media (Fixture *self, const char *sha256)
{
  return g_build_filename (self->copy, "media", sha256, NULL);
}

/* A finalized record; the fault must be told of it. Returns: its number */
static gint64
choose_record (Fixture *self, gboolean is_sent)
{
  gint64 number = g_rand_int_range (self->chance, 1, (is_sent ? N_SENT : N_RECORDS) + 1);

  self->record = ask (self, "SELECT id FROM record WHERE number = %" G_GINT64_FORMAT, number);
  return number;
}

static char *
choose_record_place (Fixture *self, const char *column, gboolean is_sent)
{
  return g_strdup_printf ("%s = %" G_GINT64_FORMAT, column, choose_record (self, is_sent));
}

static char *
choose_entry (Fixture *self)
{
  self->entry = g_rand_int_range (self->chance, 1, 1 + N_RECORDS + N_SENT + 1);
  return g_strdup_printf ("sequence = %" G_GINT64_FORMAT, self->entry);
}

static void
flip_entry (Fixture *self, const char *column)
{
  g_autofree char *place = choose_entry (self);

  flip (self, "custody", column, place);
}

static void
flip_record (Fixture *self, const char *table, const char *key, const char *column, gboolean is_sent)
{
  g_autofree char *place = choose_record_place (self, key, is_sent);

  flip (self, table, column, place);
}

static void
change_manifest (Fixture *self)
{
  flip_entry (self, "manifest");
}

static void
change_signature (Fixture *self)
{
  flip_entry (self, "signature");
}

static void
change_head (Fixture *self)
{
  g_autofree char *place = choose_entry (self);

  run (self, "UPDATE custody SET head = replace (head, substr (head, 5, 1), 'x') WHERE %s", place);
}

static void
change_columns (Fixture *self)
{
  g_autofree char *place = choose_entry (self);

  if (g_rand_boolean (self->chance))
    run (self, "UPDATE custody SET record = 'uuid:another' WHERE %s", place);
  else
    run (self, "UPDATE custody SET event = iif (event = 'sent', 'finalized', 'sent') WHERE %s", place);
}

static void
delete_entry (Fixture *self)
{
  g_autofree char *place = choose_entry (self);

  run (self, "DELETE FROM custody WHERE %s", place);
}

static void
cut_chain (Fixture *self)
{
  self->entry = g_rand_int_range (self->chance, 1, 1 + N_RECORDS + N_SENT + 1);
  run (self, "DELETE FROM custody WHERE sequence >= %" G_GINT64_FORMAT, self->entry);
}

static void
exchange_entries (Fixture *self)
{
  gint64 other = g_rand_int_range (self->chance, 1, N_RECORDS + N_SENT);

  self->entry = g_rand_int_range (self->chance, other + 1, 1 + N_RECORDS + N_SENT + 1);
  run (self, "UPDATE custody SET sequence = -1 WHERE sequence = %" G_GINT64_FORMAT, self->entry);
  run (self, "UPDATE custody SET sequence = %" G_GINT64_FORMAT " WHERE sequence = %" G_GINT64_FORMAT, self->entry, other);
  run (self, "UPDATE custody SET sequence = %" G_GINT64_FORMAT " WHERE sequence = -1", other);
}

static void
replay_entry (Fixture *self)
{
  self->entry = 1 + N_RECORDS + N_SENT + 1;
  run (self, "INSERT INTO custody SELECT %" G_GINT64_FORMAT ", record, event, manifest, signature, head FROM custody WHERE sequence = %d", self->entry, g_rand_int_range (self->chance, 1, N_RECORDS));
}

static void
put_blob (Fixture *self, const char *column, GBytes *bytes, const char *place)
{
  gsize size = g_bytes_get_size (bytes);
  const guint8 *data = g_bytes_get_data (bytes, NULL);
  g_autoptr (GString) hex = g_string_new (NULL);

  for (gsize i = 0; i < size; i++)
    g_string_append_printf (hex, "%02x", data[i]);
  run (self, "UPDATE custody SET %s = x'%s' WHERE %s", column, hex->str, place);
}

/* Signed as it should be, by a device that is not this one. */
static void
forge_entry (Fixture *self)
{
  g_autofree char *place = choose_entry (self);
  g_autofree char *text = ask (self, "SELECT CAST (manifest AS TEXT) FROM custody WHERE %s", place);
  g_autofree char *keys = g_build_filename (self->work, "other", "keys", NULL);
  g_autofree char *parent = g_path_get_dirname (keys);
  g_autoptr (SarapKeyring) other = NULL;
  g_autoptr (GBytes) manifest = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) signature = NULL;

  g_mkdir_with_parents (parent, 0700);
  other = sarap_keyring_create (keys, NULL, NULL, NULL);
  g_assert_nonnull (other);
  signature = sarap_custody_sign (other, SARAP_CUSTODY_ENTRY, manifest);
  put_blob (self, "signature", signature, place);
  sarap_temporary_remove (parent);
}

static void
change_end (Fixture *self)
{
  self->entry = 1 + N_RECORDS + N_SENT;
  if (g_rand_boolean (self->chance))
    flip (self, "custody_end", "signature", "1");
  else
    run (self, "UPDATE custody_end SET head = (SELECT head FROM custody WHERE sequence = 2)");
}

static void
change_receipt (Fixture *self)
{
  flip_record (self, "receipt", "record", "receipt", TRUE);
}

static void
change_answers (Fixture *self)
{
  flip_record (self, "record_xml", "record", "xml", FALSE);
}

static void
change_answers_hash (Fixture *self)
{
  g_autofree char *place = choose_record_place (self, "record", FALSE);

  run (self, "UPDATE record_xml SET sha256 = '%064d' WHERE %s", 7, place);
}

static void
delete_answers (Fixture *self)
{
  g_autofree char *place = choose_record_place (self, "record", FALSE);

  run (self, "DELETE FROM record_xml WHERE %s", place);
}

static void
delete_record (Fixture *self)
{
  g_autofree char *place = choose_record_place (self, "number", FALSE);

  run (self, "DELETE FROM record WHERE %s", place);
}

static void
change_time (Fixture *self)
{
  g_autofree char *place = choose_record_place (self, "number", FALSE);

  run (self, "UPDATE record SET finalized_at = finalized_at - 86400000 WHERE %s", place);
}

static void
change_state (Fixture *self)
{
  g_autofree char *place = choose_record_place (self, "number", FALSE);

  run (self, "UPDATE record SET state = iif (state = 1, 2, 1) WHERE %s", place);
}

static void
change_name (Fixture *self)
{
  flip_record (self, "record", "number", "name", FALSE);
}

static void
change_key (Fixture *self)
{
  g_autofree char *record = choose_record_place (self, "record", FALSE);
  g_autofree char *place = g_strconcat (record, " AND holder NOT IN ('user', 'sync')", NULL);

  flip (self, "record_key", "sealed", place);
}

static void
change_form (Fixture *self)
{
  self->subject = g_strdup ("visit");
  flip (self, "form", "xml", "1");
}

static void
change_content (Fixture *self)
{
  flip_record (self, "attachment", "record", "content", FALSE);
}

static void
delete_attachment (Fixture *self)
{
  g_autofree char *place = choose_record_place (self, "record", FALSE);

  run (self, "DELETE FROM attachment WHERE %s", place);
}

static void
exchange_attachments (Fixture *self)
{
  gint64 number = choose_record (self, FALSE);
  gint64 other = number % N_RECORDS + 1;

  run (self, "UPDATE attachment SET sha256 = (SELECT sha256 FROM attachment WHERE record = %" G_GINT64_FORMAT ") WHERE record = %" G_GINT64_FORMAT, other, number);
}

static char *
choose_file (Fixture *self, gint64 *number)
{
  g_autofree char *sha256 = NULL;

  *number = choose_record (self, FALSE);
  sha256 = ask (self, "SELECT sha256 FROM attachment WHERE record = %" G_GINT64_FORMAT, *number);
  return in_media (self, sha256);
}

static void
exchange_files (Fixture *self)
{
  gint64 number;
  g_autofree char *file = choose_file (self, &number);
  g_autofree char *sha256 = ask (self, "SELECT sha256 FROM attachment WHERE record = %" G_GINT64_FORMAT, number % N_RECORDS + 1);
  g_autofree char *other = in_media (self, sha256);
  g_autofree char *aside = in_media (self, "aside");

  g_assert_cmpint (g_rename (file, aside) | g_rename (other, file) | g_rename (aside, other), ==, 0);
}

static void
change_file (Fixture *self)
{
  gint64 number;
  g_autofree char *path = choose_file (self, &number);
  g_autofree char *text = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &text, &size, NULL));
  text[g_rand_int_range (self->chance, 0, size)] ^= 4;
  g_assert_true (g_file_set_contents (path, text, size, NULL));
}

static void
delete_file (Fixture *self)
{
  gint64 number;
  g_autofree char *path = choose_file (self, &number);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void (*const tamperings[]) (Fixture *self) = {
  change_manifest,
  change_signature,
  change_head,
  change_columns,
  delete_entry,
  cut_chain,
  exchange_entries,
  replay_entry,
  forge_entry,
  change_end,
  change_receipt,
  change_answers,
  change_answers_hash,
  delete_answers,
  delete_record,
  change_time,
  change_state,
  change_name,
  change_key,
  change_form,
  change_content,
  delete_attachment,
  exchange_attachments,
  exchange_files,
  change_file,
  delete_file,
};

static void
drop_triggers (Fixture *self)
{
  g_autofree char *sql = ask (self, "SELECT group_concat ('DROP TRIGGER ' || name, ';') FROM sqlite_master WHERE type = 'trigger'");

  run (self, "PRAGMA foreign_keys = OFF; %s", sql);
}

static gboolean
is_located (Fixture *self, SarapCustodyReport *report)
{
  for (guint i = 0; i < report->faults->len; i++)
    {
      const SarapCustodyFault *fault = g_ptr_array_index (report->faults, i);

      if ((self->entry != 0 && fault->entry == self->entry) || (self->record != NULL && g_str_equal (fault->record, self->record)) || (self->subject != NULL && g_str_equal (fault->subject, self->subject)))
        return TRUE;
    }
  return FALSE;
}

static gboolean
tamper_once (Fixture *self, guint kind, gboolean with_key)
{
  const char *copy[] = { "cp", "-a", self->folder, self->copy, NULL };
  g_autofree char *database = g_build_filename (self->copy, "sarap.db", NULL);
  g_autofree char *key = g_strconcat (self->folder, "-project-key", NULL);
  g_autofree char *key_copy = g_strconcat (self->copy, "-project-key", NULL);
  const char *copy_key[] = { "cp", key, key_copy, NULL };
  g_autoptr (SarapCustodyReport) report = NULL;
  gboolean is_found;

  g_assert_true (g_spawn_sync (NULL, (char **) copy, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  g_assert_true (g_spawn_sync (NULL, (char **) copy_key, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  g_assert_cmpint (sqlite3_open (database, &self->connection), ==, SQLITE_OK);
  drop_triggers (self);
  tamperings[kind](self);
  sqlite3_close (self->connection);
  report = check (self->copy, with_key);
  is_found = is_located (self, report);
  if (!is_found)
    g_test_message ("kind %u, entry %" G_GINT64_FORMAT ", record %s: %u faults told, none there", kind, self->entry, self->record, report->faults->len);
  sarap_temporary_remove (self->copy);
  g_clear_pointer (&self->record, g_free);
  g_clear_pointer (&self->subject, g_free);
  self->entry = 0;
  return is_found;
}

static void
test_tampering_is_located (Fixture *self, gconstpointer data)
{
  guint n = g_getenv ("SARAP_LONG") ? N_TAMPERINGS_LONG : N_TAMPERINGS;
  guint n_located = 0;

  for (guint i = 0; i < n; i++)
    n_located += tamper_once (self, i % G_N_ELEMENTS (tamperings), i / G_N_ELEMENTS (tamperings) % 2 == 1);
  g_test_message ("C16 %u %u %s", n_located, n, n_located == n ? "PASS" : "FAIL");
  g_assert_cmpuint (n_located, ==, n);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/store/custody/honest-store-has-no-fault", Fixture, NULL, set_up, test_honest_store, tear_down);
  g_test_add ("/store/custody/tampering-is-located", Fixture, NULL, set_up, test_tampering_is_located, tear_down);
  return g_test_run ();
}
