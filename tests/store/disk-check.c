#include "tests/store/disk-check.h"

#include <stdlib.h>
#include <string.h>

#include "app/store/sarap-store-records.h"

typedef struct
{
  char *id;
  GHashTable *answers; /* ref → number as text */
  char *photo;         /* name, or NULL */
  char letter;
  gsize size;
  gboolean is_final;
  gboolean is_going;
} Visit;

static void
visit_free (gpointer data)
{
  Visit *visit = data;

  g_free (visit->id);
  g_free (visit->photo);
  g_hash_table_unref (visit->answers);
  g_free (visit);
}

static Visit *
visit_new (const char *id)
{
  Visit *visit = g_new0 (Visit, 1);

  visit->id = g_strdup (id);
  visit->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return visit;
}

static void
take_line (GPtrArray *visits, char **words, DiskCheck *check)
{
  Visit *visit = visits->len ? g_ptr_array_index (visits, visits->len - 1) : NULL;

  if (g_str_equal (words[0], "start"))
    g_ptr_array_add (visits, visit_new (words[1]));
  else if (g_str_equal (words[0], "final"))
    visit->is_final = TRUE;
  else if (g_str_equal (words[0], "going"))
    visit->is_going = TRUE;
  else if (g_str_equal (words[0], "ack"))
    {
      g_hash_table_replace (visit->answers, g_strdup (words[1]), g_strdup (words[2]));
      check->n_told++;
    }
  else if (g_str_equal (words[0], "photo"))
    {
      visit->photo = g_strdup (words[1]);
      visit->letter = words[2][0];
      visit->size = atoi (words[3]);
      check->n_told++;
    }
}

/* A line that was cut off was not told. */
static GPtrArray *
parse_words (const char *text, DiskCheck *check)
{
  GPtrArray *visits = g_ptr_array_new_with_free_func (visit_free);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", -1);

      take_line (visits, words, check);
    }
  return visits;
}

static gboolean
is_photo (const Visit *visit, GBytes *bytes)
{
  gsize size = 0;
  const char *data = bytes ? g_bytes_get_data (bytes, &size) : NULL;

  for (gsize i = 0; i < size; i++)
    if (data[i] != visit->letter)
      return FALSE;
  return size == visit->size;
}

static int
read_number (SarapRecorder *recorder, const char *xml, const char *ref)
{
  g_autofree char *element = g_strdup_printf ("<%s>", strrchr (ref, '/') + 1);
  const char *place = xml ? strstr (xml, element) : NULL;

  if (recorder != NULL)
    return atoi (sarap_interview_peek_value (sarap_recorder_get_interview (recorder), ref));
  return place ? atoi (place + strlen (element)) : 0;
}

static void
check_answers (const Visit *visit, SarapRecorder *recorder, const char *xml, DiskCheck *check)
{
  GHashTableIter iter;
  gpointer ref, value;

  g_hash_table_iter_init (&iter, visit->answers);
  while (g_hash_table_iter_next (&iter, &ref, &value))
    if (read_number (recorder, xml, ref) < atoi (value))
      check->n_lost++;
}

static void
check_draft (SarapStore *store, const Visit *visit, DiskCheck *check)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapRecorder) recorder = sarap_recorder_resume (store, visit->id, NULL, &error);
  g_autoptr (GBytes) photo = NULL;

  if (recorder == NULL)
    {
      g_test_message ("%s: %s", visit->id, error->message);
      check->n_corrupt++;
      return;
    }
  check_answers (visit, recorder, NULL, check);
  photo = visit->photo ? sarap_recorder_dup_attachment (recorder, "/data/photo", NULL) : NULL;
  if (visit->photo != NULL && !is_photo (visit, photo))
    check->n_lost++;
}

static void
check_final (SarapStore *store, const Visit *visit, DiskCheck *check)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) xml = sarap_store_dup_record_xml (store, visit->id, &error);
  g_autoptr (GBytes) photo = NULL;
  g_autofree char *text = NULL;

  if (xml == NULL)
    {
      g_test_message ("%s: %s", visit->id, error->message);
      check->n_corrupt++;
      return;
    }
  text = g_strndup (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml));
  check_answers (visit, NULL, text, check);
  photo = visit->photo ? sarap_store_dup_attachment (store, visit->id, visit->photo, NULL) : NULL;
  if (visit->photo != NULL && !is_photo (visit, photo))
    check->n_lost++;
}

static void
check_visit (SarapStore *store, const Visit *visit, DiskCheck *check)
{
  g_autoptr (SarapRecord) record = sarap_store_find_record (store, visit->id, NULL);
  SarapRecordState state = record ? sarap_record_get_state (record) : SARAP_RECORD_DRAFT;

  if (visit->is_going)
    return;
  if (record == NULL || (visit->is_final && state == SARAP_RECORD_DRAFT))
    {
      g_test_message ("%s: %s", visit->id, record ? "a draft again" : "not there");
      check->n_lost++;
    }
  else if (state == SARAP_RECORD_DRAFT)
    check_draft (store, visit, check);
  else
    check_final (store, visit, check);
}

/* Opens the store in @folder, made new when the disk holds none, and compares it with what was told. */
void
disk_check (const char *folder, const char *words, DiskCheck *check)
{
  g_autoptr (GPtrArray) visits = parse_words (words, check);
  g_autoptr (SarapClock) clock = sarap_clock_new_system ();
  g_autofree char *key_path = g_strconcat (folder, "-project-key", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapStore) store = sarap_store_open (folder, clock, TRUE, &error);
  g_autoptr (SarapProjectKey) key = store ? sarap_project_key_read (key_path, &error) : NULL;

  if (error != NULL)
    {
      g_test_message ("%s", error->message);
      check->n_corrupt++;
      return;
    }
  sarap_keyring_open_project_key (sarap_store_get_keyring (store), key);
  for (guint i = 0; i < visits->len; i++)
    check_visit (store, g_ptr_array_index (visits, i), check);
}
