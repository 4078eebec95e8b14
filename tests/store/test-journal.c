#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/store/sarap-journal.h"
#include "app/store/sarap-store.h"
#include "tests/support/sarap-temporary.h"

#define N_ENTRIES 4
#define SLOTS_AT 8
#define SLOTS_SIZE 512

typedef struct
{
  char *folder;
  char *path;
  char *bytes;
  gsize size;
  gsize ends[N_ENTRIES + 1]; /* where the head and each entry end */
} Fixture;

static GPtrArray *
new_entries (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_journal_entry_free);
}

static SarapJournal *
make_journal (Fixture *self, SarapJournalHead *head)
{
  g_autoptr (GPtrArray) none = new_entries ();
  g_autoptr (GError) error = NULL;
  SarapJournal *journal = sarap_journal_create (self->path, head, none, &error);

  g_assert_no_error (error);
  return journal;
}

static void
add_answer (SarapJournal *journal, gint64 revision)
{
  g_autoptr (GPtrArray) entries = new_entries ();
  g_autofree char *sealed = g_strdup_printf ("sealed %d", (int) revision);
  GVariant *value = g_variant_new ("(xxix@ay@ay)", revision, (gint64) 0, 0, (gint64) 1000, g_variant_new_bytestring ("tag"), g_variant_new_bytestring (sealed));
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (entries, sarap_journal_entry_new (SARAP_JOURNAL_ANSWER, value));
  sarap_journal_append (journal, entries, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_bytes_unref);
  g_autoptr (GBytes) user = g_bytes_new_static ("the user's key", 14);
  SarapJournalHead head = { .created_at = 5, .slots = { user, NULL }, .project_keys = keys };
  g_autoptr (SarapJournal) journal = NULL;

  head.id = (char *) "uuid:1";
  head.form_id = (char *) "visit";
  head.form_version = (char *) "1";
  head.form_hash = (char *) "md5:0";
  head.form_file = (char *) "00ff";
  head.owner = (char *) "volunteer";
  head.keeper = (char *) "keeper";
  self->folder = sarap_temporary_new ();
  self->path = g_build_filename (self->folder, "small.journal", NULL);
  g_hash_table_insert (keys, (char *) "0123456789abcdef", g_bytes_new_static ("project", 7));
  journal = make_journal (self, &head);
  self->ends[0] = journal->size;
  for (guint i = 1; i <= N_ENTRIES; i++)
    {
      add_answer (journal, i);
      self->ends[i] = journal->size;
    }
  g_assert_true (g_file_get_contents (self->path, &self->bytes, &self->size, NULL));
  g_assert_cmpuint (self->size, ==, self->ends[N_ENTRIES]);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  sarap_temporary_remove (self->folder);
  g_free (self->folder);
  g_free (self->path);
  g_free (self->bytes);
}

static SarapJournalContents *
read_bytes (Fixture *self, const char *bytes, gsize size, GError **error)
{
  g_assert_true (g_file_set_contents (self->path, bytes, size, NULL));
  return sarap_journal_read (self->path, error);
}

static void
assert_answers (SarapJournalContents *contents, guint n)
{
  g_assert_cmpuint (contents->entries->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      const SarapJournalEntry *entry = g_ptr_array_index (contents->entries, i);
      g_autofree char *expected = g_strdup_printf ("sealed %u", i + 1);
      const char *sealed;

      g_variant_get_child (entry->value, 5, "^&ay", &sealed);
      g_assert_cmpstr (sealed, ==, expected);
    }
}

static void
test_whole_file_comes_back (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapJournalContents) contents = sarap_journal_read (self->path, NULL);

  g_assert_nonnull (contents);
  g_assert_cmpstr (contents->head.id, ==, "uuid:1");
  g_assert_cmpstr (contents->head.form_file, ==, "00ff");
  g_assert_cmpstr (contents->head.keeper, ==, "keeper");
  g_assert_cmpint (contents->head.created_at, ==, 5);
  g_assert_cmpmem (g_bytes_get_data (contents->head.slots[SARAP_JOURNAL_USER], NULL), 14, "the user's key", 14);
  g_assert_null (contents->head.slots[SARAP_JOURNAL_SYNC]);
  g_assert_true (g_hash_table_contains (contents->head.project_keys, "0123456789abcdef"));
  g_assert_cmpint (contents->size, ==, contents->file_size);
  assert_answers (contents, N_ENTRIES);
}

/* Everything before the cut counts, nothing after it. */
static void
test_cut_at_every_byte (Fixture *self, gconstpointer data)
{
  for (gsize size = 0; size < self->size; size++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SarapJournalContents) contents = read_bytes (self, self->bytes, size, &error);
      guint n = 0;

      if (size < self->ends[0])
        {
          g_assert_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_CORRUPT);
          continue;
        }
      g_assert_no_error (error);
      while (n < N_ENTRIES && self->ends[n + 1] <= size)
        n++;
      assert_answers (contents, n);
      g_assert_cmpint (contents->size, ==, self->ends[n]);
      g_assert_cmpint (contents->file_size, ==, size);
    }
}

static void
check_flip (Fixture *self, const char *bytes, gsize at)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapJournalContents) contents = read_bytes (self, bytes, self->size, &error);
  guint n = 0;

  if (at >= SLOTS_AT && at < SLOTS_AT + SLOTS_SIZE)
    {
      g_assert_no_error (error);
      g_assert_true (contents->has_damaged_slot);
      g_assert_null (contents->head.slots[at < SLOTS_AT + SLOTS_SIZE / 2 ? SARAP_JOURNAL_USER : SARAP_JOURNAL_SYNC]);
      assert_answers (contents, N_ENTRIES);
      return;
    }
  if (at < self->ends[0])
    {
      g_assert_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_CORRUPT);
      return;
    }
  while (self->ends[n + 1] <= at)
    n++;
  assert_answers (contents, n);
  g_assert_cmpint (contents->size, ==, self->ends[n]);
}

static void
test_flip_of_every_byte_is_found (Fixture *self, gconstpointer data)
{
  g_autofree char *bytes = g_memdup2 (self->bytes, self->size);

  for (gsize at = 0; at < self->size; at++)
    {
      const char flips[] = { 0x01, (char) 0x80, (char) 0xff };

      for (guint i = 0; i < G_N_ELEMENTS (flips); i++)
        {
          bytes[at] ^= flips[i];
          check_flip (self, bytes, at);
          bytes[at] ^= flips[i];
        }
    }
}

static void
test_torn_end_is_cut_off_and_gone_on (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapJournalContents) torn = read_bytes (self, self->bytes, self->size - 3, NULL);
  g_autoptr (SarapJournal) journal = sarap_journal_open (self->path, torn, NULL);
  g_autoptr (SarapJournalContents) contents = NULL;

  g_assert_nonnull (journal);
  add_answer (journal, N_ENTRIES);
  contents = sarap_journal_read (self->path, NULL);
  g_assert_cmpint (contents->size, ==, contents->file_size);
  assert_answers (contents, N_ENTRIES);
}

static gboolean
file_has (Fixture *self, const char *text)
{
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (self->path, &bytes, &size, NULL));
  return memmem (bytes, size, text, strlen (text)) != NULL;
}

static void
test_key_is_overwritten_in_its_place (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapJournalContents) before = sarap_journal_read (self->path, NULL);
  g_autoptr (SarapJournal) journal = sarap_journal_open (self->path, before, NULL);
  g_autoptr (SarapJournalContents) after = NULL;

  g_assert_true (file_has (self, "the user's key"));
  g_assert_true (sarap_journal_set_slot (journal, SARAP_JOURNAL_USER, NULL, NULL));
  g_assert_false (file_has (self, "the user's key"));
  after = sarap_journal_read (self->path, NULL);
  g_assert_null (after->head.slots[SARAP_JOURNAL_USER]);
  g_assert_false (after->has_damaged_slot);
  assert_answers (after, N_ENTRIES);
}

static void
test_shredded_bytes_hold_no_key (Fixture *self, gconstpointer data)
{
  g_autofree char *other = g_strconcat (self->path, ".link", NULL);

  g_assert_cmpint (link (self->path, other), ==, 0);
  g_assert_true (sarap_journal_shred (self->path, NULL));
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
  g_free (self->path);
  self->path = g_steal_pointer (&other);
  g_assert_false (file_has (self, "the user's key"));
  g_assert_false (file_has (self, "project"));
  g_assert_null (sarap_journal_read (self->path, NULL));
}

#define ADD(name, test) g_test_add ("/store/journal/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("whole-file-comes-back", test_whole_file_comes_back);
  ADD ("cut-at-every-byte", test_cut_at_every_byte);
  ADD ("flip-of-every-byte-is-found", test_flip_of_every_byte_is_found);
  ADD ("torn-end-is-cut-off-and-gone-on", test_torn_end_is_cut_off_and_gone_on);
  ADD ("key-is-overwritten-in-its-place", test_key_is_overwritten_in_its_place);
  ADD ("shredded-bytes-hold-no-key", test_shredded_bytes_hold_no_key);
  return g_test_run ();
}
