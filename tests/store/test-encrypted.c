#include <string.h>

#include "app/report/sarap-record-source.h"
#include "app/store/sarap-custody-check.h"
#include "app/store/sarap-journal.h"
#include "app/store/sarap-store-forms.h"
#include "app/vault/sarap-odk-encryption.h"
#include "tests/support/sarap-odk-decryption.h"
#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-visit.h"

typedef struct
{
  char *folder;
  SarapStore *store;
  EVP_PKEY *key;
} Fixture;

/* The form of visits with @new instead of @old. */
static void
add_changed_form (Fixture *self, const char *old, const char *new)
{
  g_autofree char *path = g_build_filename (SARAP_TEST_FOLDER, "data", "forms", "visit.xml", NULL);
  g_autofree char *changed = g_build_filename (self->folder, "visit.xml", NULL);
  g_autofree char *text = NULL, *id = NULL;
  g_autoptr (SarapProblems) problems = sarap_problems_new (changed);
  g_autoptr (GString) form = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  form = g_string_new (text);
  g_assert_cmpuint (g_string_replace (form, old, new, 1), ==, 1);
  g_assert_true (g_file_set_contents (changed, form->str, -1, NULL));
  sarap_store_add_form_file (self->store, changed, NULL, problems, &id, &error);
  g_assert_no_error (error);
}

/* Asking for encryption with @public_key. */
static void
add_form (Fixture *self, const char *public_key)
{
  g_autofree char *element = g_strdup_printf ("<submission base64RsaPublicKey=\"%s\"/><itext>", public_key);

  add_changed_form (self, "<itext>", element);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = sarap_temporary_new ();
  self->store = sarap_temporary_open (self->folder);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->store);
  sarap_temporary_remove (self->folder);
  g_clear_pointer (&self->key, EVP_PKEY_free);
  g_free (self->folder);
}

static SarapRecorder *
fill (Fixture *self)
{
  SarapRecorder *recorder = sarap_visit_begin (self->store, "volunteer");
  g_autoptr (GBytes) photo = g_bytes_new_static ("PHOTO", 5);
  g_autoptr (GError) error = NULL;

  sarap_visit_answer (recorder, "/data/name", "Айжан");
  sarap_recorder_attach (recorder, "/data/photo", photo, "jpg", &error);
  g_assert_no_error (error);
  g_assert_true (sarap_recorder_flush (recorder, NULL));
  return recorder;
}

static GHashTable *
read_files (Fixture *self, const char *id)
{
  g_autoptr (GPtrArray) attachments = sarap_store_list_attachments (self->store, id, NULL);
  GHashTable *files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);

  for (guint i = 0; i < attachments->len; i++)
    {
      SarapAttachment *attachment = g_ptr_array_index (attachments, i);

      g_assert_true (g_str_has_suffix (attachment->name, ".enc"));
      g_hash_table_insert (files, g_strdup (attachment->name), sarap_store_dup_attachment (self->store, id, attachment->name, NULL));
    }
  return files;
}

static void
test_finalized_for_its_key_alone (Fixture *self, gconstpointer data)
{
  g_autofree char *public_key = NULL, *photo = NULL, *before = NULL;
  g_autoptr (SarapRecorder) recorder = NULL;
  g_autoptr (GHashTable) files = NULL, plain = NULL;
  g_autoptr (GBytes) envelope = NULL;
  g_autoptr (SarapCustodyReport) report = NULL;
  g_autoptr (GError) error = NULL;
  const char *id;
  GBytes *xml;

  self->key = sarap_odk_key_new (&public_key);
  add_form (self, public_key);
  recorder = fill (self);
  id = sarap_interview_get_instance_id (sarap_recorder_get_interview (recorder));
  photo = g_strdup (sarap_interview_peek_value (sarap_recorder_get_interview (recorder), "/data/photo"));
  sarap_recorder_finalize (recorder, &error);
  g_assert_no_error (error);

  envelope = sarap_store_dup_record_xml (self->store, id, NULL);
  files = read_files (self, id);
  g_assert_cmpuint (g_hash_table_size (files), ==, 2);
  g_assert_null (memmem (g_bytes_get_data (envelope, NULL), g_bytes_get_size (envelope), "Айжан", strlen ("Айжан")));
  plain = sarap_odk_decrypt (self->key, envelope, files, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (g_hash_table_lookup (plain, photo), NULL), g_bytes_get_size (g_hash_table_lookup (plain, photo)), "PHOTO", 5);
  xml = g_hash_table_lookup (plain, "submission.xml");
  before = g_strndup (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml));
  g_assert_nonnull (strstr (before, "<name>Айжан</name>"));
  g_assert_nonnull (strstr (before, id));
  report = sarap_store_check_custody (self->store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->faults->len, ==, 0);
}

static guint
count_media (Fixture *self)
{
  g_autofree char *path = g_build_filename (self->folder, "media", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (!g_str_has_suffix (name, ".xml")) /* the form's own bytes */
      n++;
  return n;
}

static void
test_never_in_clear (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapRecorder) recorder = NULL;
  g_autoptr (SarapRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  const char *id;

  add_form (self, "AAAA");
  recorder = fill (self);
  id = sarap_interview_get_instance_id (sarap_recorder_get_interview (recorder));
  g_assert_false (sarap_recorder_finalize (recorder, &error));
  g_assert_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_MALFORMED);
  record = sarap_store_find_record (self->store, id, NULL);
  g_assert_cmpint (sarap_record_get_state (record), ==, SARAP_RECORD_DRAFT);
  g_assert_cmpuint (count_media (self), ==, 1);
}

static gboolean
take_name_cb (const SarapSourceRecord *record, gpointer data)
{
  const char *xml = g_bytes_get_data (record->xml, NULL);
  const char *name = strstr (xml, "<name");

  *(char **) data = g_strndup (name, strcspn (name, "\n") > 40 ? 40 : strcspn (name, "\n"));
  return TRUE;
}

/* What a report would read of the name. */
static char *
reported_name (Fixture *self)
{
  char *name = NULL;

  g_assert_true (sarap_record_source_foreach (SARAP_RECORD_SOURCE (self->store), "visit", take_name_cb, &name, NULL));
  return name;
}

static guint
count_journal_answers (Fixture *self, const char *id)
{
  g_autofree char *path = sarap_journal_dup_path (self->folder, id);
  g_autoptr (SarapJournalContents) contents = sarap_journal_read (path, NULL);
  guint n = 0;

  g_assert_nonnull (contents);
  for (guint i = 0; i < contents->entries->len; i++)
    n += ((SarapJournalEntry *) g_ptr_array_index (contents->entries, i))->kind == SARAP_JOURNAL_ANSWER;
  return n;
}

/* On this device nobody reads the answer any more, neither in the submission nor in its journal; the project does. */
static void
test_sensitive_answers_are_for_the_project (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_strconcat (self->folder, "-project-key", NULL), *id = NULL, *before = NULL, *after = NULL;
  g_autoptr (SarapProjectKey) key = sarap_project_key_read (path, NULL);
  g_autoptr (SarapRecorder) recorder = NULL;
  g_autoptr (GBytes) xml = NULL;
  g_autoptr (SarapCustodyReport) report = NULL;
  g_autoptr (GError) error = NULL;

  add_changed_form (self, "<bind nodeset=\"/data/name\"", "<bind xmlns:s=\"https://sarap.org/xforms\" s:sensitive=\"true()\" nodeset=\"/data/name\"");
  recorder = fill (self);
  id = g_strdup (sarap_interview_get_instance_id (sarap_recorder_get_interview (recorder)));
  g_assert_cmpuint (count_journal_answers (self, id), >, 0);
  sarap_recorder_finalize (recorder, &error);
  g_assert_no_error (error);

  xml = sarap_store_dup_record_xml (self->store, id, &error);
  g_assert_no_error (error);
  g_assert_nonnull (memmem (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml), "<name>sarap-sealed-1:", 21));
  g_assert_nonnull (memmem (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml), "<total>0</total>", 16));
  g_assert_cmpuint (count_journal_answers (self, id), ==, 0);
  before = reported_name (self);
  g_assert_true (g_str_has_prefix (before, "<name/>"));
  g_assert_true (sarap_keyring_open_project_key (sarap_store_get_keyring (self->store), key));
  after = reported_name (self);
  g_assert_true (g_str_has_prefix (after, "<name>Айжан</name>"));
  report = sarap_store_check_custody (self->store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->faults->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/store/encrypted/finalized-for-its-key-alone", Fixture, NULL, set_up, test_finalized_for_its_key_alone, tear_down);
  g_test_add ("/store/encrypted/never-in-clear", Fixture, NULL, set_up, test_never_in_clear, tear_down);
  g_test_add ("/store/encrypted/sensitive-answers-are-for-the-project", Fixture, NULL, set_up, test_sensitive_answers_are_for_the_project, tear_down);
  return g_test_run ();
}
