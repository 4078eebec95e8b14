#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <sys/wait.h>

#include "app/base/sarap-zip.h"
#include "app/store/sarap-store-received.h"
#include "tests/support/sarap-temporary.h"

#define FORM SARAP_TEST_FOLDER "/data/forms/visit.xml"

typedef struct
{
  char *folder;
  char *store;
  char *answers;
  char *output; /* of the last run */
  char *errors;
} Fixture;

static void
write_answers (Fixture *self, const char *json)
{
  g_assert_true (g_file_set_contents (self->answers, json, -1, NULL));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *picture = NULL;

  self->folder = sarap_temporary_new ();
  self->store = g_build_filename (self->folder, "store", NULL);
  self->answers = g_build_filename (self->folder, "answers.json", NULL);
  picture = g_build_filename (self->folder, "p.png", NULL);
  g_assert_true (g_file_set_contents (picture, "picture", -1, NULL));
  write_answers (self, "{\"/data/name\": \"=Ақ\", \"/data/age\": 33, \"/data/violation[2]/kind\": \"late\", \"/data/photo\": \"p.png\"}");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  sarap_temporary_remove (self->folder);
  g_free (self->folder);
  g_free (self->store);
  g_free (self->answers);
  g_free (self->output);
  g_free (self->errors);
}

/* Runs sarapctl with the arguments up to NULL and gives its status. */
static int
run (Fixture *self, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  va_list arguments;
  int status;

  g_ptr_array_add (argv, (char *) g_getenv ("SARAPCTL"));
  va_start (arguments, self);
  do
    g_ptr_array_add (argv, va_arg (arguments, char *));
  while (g_ptr_array_index (argv, argv->len - 1) != NULL);
  va_end (arguments);
  g_clear_pointer (&self->output, g_free);
  g_clear_pointer (&self->errors, g_free);
  g_spawn_sync (NULL, (char **) argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &self->output, &self->errors, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static char *
fill (Fixture *self)
{
  g_assert_cmpint (run (self, "fill", FORM, self->answers, "--store", self->store, NULL), ==, 0);
  return g_strdup (g_strchomp (self->output));
}

static void
test_fill_acknowledges_each_answer (Fixture *self, gconstpointer data)
{
  g_auto (GStrv) lines = NULL;

  g_assert_cmpint (run (self, "fill", FORM, self->answers, "--store", self->store, "--acks", NULL), ==, 0);
  lines = g_strsplit (self->output, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 6);
  g_assert_cmpstr (lines[0], ==, "ack /data/name");
  g_assert_cmpstr (lines[2], ==, "ack /data/violation[2]/kind");
  g_assert_cmpstr (lines[3], ==, "ack /data/photo");
  g_assert_true (g_str_has_prefix (lines[4], "uuid:"));
}

static JsonObject *
get_record (JsonParser *parser, const char *text, guint index)
{
  g_assert_true (json_parser_load_from_data (parser, text, -1, NULL));
  return json_array_get_object_element (json_node_get_array (json_parser_get_root (parser)), index);
}

static void
test_list_names_records_and_states (Fixture *self, gconstpointer data)
{
  g_autofree char *id = fill (self);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *record;

  g_assert_cmpint (run (self, "fill", FORM, self->answers, "--store", self->store, "--draft", NULL), ==, 0);
  g_assert_cmpint (run (self, "list", "--store", self->store, "--json", NULL), ==, 0);
  record = get_record (parser, self->output, 0);
  g_assert_cmpstr (json_object_get_string_member (record, "state"), ==, "draft");
  record = get_record (parser, self->output, 1);
  g_assert_cmpstr (json_object_get_string_member (record, "id"), ==, id);
  g_assert_cmpstr (json_object_get_string_member (record, "form"), ==, "visit");
  g_assert_cmpstr (json_object_get_string_member (record, "state"), ==, "finalized");
  g_assert_cmpstr (json_object_get_string_member (record, "name"), ==, "Visit =Ақ");
}

static void
test_show_prints_the_xml (Fixture *self, gconstpointer data)
{
  g_autofree char *id = fill (self);

  g_assert_cmpint (run (self, "show", id, "--store", self->store, "--xml", NULL), ==, 0);
  g_assert_nonnull (strstr (self->output, "<violation><kind/></violation><violation><kind>late</kind></violation>"));
  g_assert_nonnull (strstr (self->output, id));
  g_assert_cmpint (run (self, "show", id, "--store", self->store, NULL), ==, 0);
  g_assert_nonnull (strstr (self->output, "/data/violation[2]/kind\tlate\n"));
  g_assert_cmpint (run (self, "show", "uuid:none", "--store", self->store, NULL), ==, 1);
}

static void
test_invalid_answers_stay_a_draft (Fixture *self, gconstpointer data)
{
  write_answers (self, "{\"/data/age\": 150}");
  g_assert_cmpint (run (self, "fill", FORM, self->answers, "--store", self->store, NULL), ==, 1);
  g_assert_cmpstr (self->output, ==, "");
  g_assert_nonnull (strstr (self->errors, "/data/name"));
  g_assert_nonnull (strstr (self->errors, "/data/age"));
  g_assert_cmpint (run (self, "list", "--store", self->store, NULL), ==, 0);
  g_assert_nonnull (strstr (self->output, "\tvisit\tdraft\t"));
}

static void
test_bad_input_is_1_and_bad_usage_2 (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (run (self, "list", "--store", self->store, NULL), ==, 1);
  g_assert_false (g_file_test (self->store, G_FILE_TEST_EXISTS));
  g_assert_cmpint (run (self, "list", NULL), ==, 2);
  g_assert_cmpint (run (self, "list", "--no-such-option", NULL), ==, 2);
  g_assert_cmpint (run (self, "no-such-command", NULL), ==, 2);
  write_answers (self, "[]");
  g_assert_cmpint (run (self, "fill", FORM, self->answers, "--store", self->store, NULL), ==, 1);
  write_answers (self, "{\"/data/unknown\": 1}");
  g_assert_cmpint (run (self, "fill", FORM, self->answers, "--store", self->store, NULL), ==, 1);
  g_assert_nonnull (strstr (self->errors, "/data/unknown"));
}

static void
test_failed_add_leaves_no_store (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (run (self, "add", self->answers, "--store", self->store, NULL), ==, 1);
  g_assert_false (g_file_test (self->store, G_FILE_TEST_EXISTS));
  g_assert_cmpint (run (self, "add", FORM, "--store", self->store, NULL), ==, 0);
  g_assert_cmpint (run (self, "add", self->answers, "--store", self->store, NULL), ==, 1);
}

static void
test_list_marks_what_was_received (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapStore) store = sarap_temporary_open (self->store);
  g_autoptr (SarapSubmission) submission = sarap_submission_new ("uuid:s1", "visit", "1", "Aigerim", "Visit of Ақ", 1000, SARAP_REVIEW_APPROVED);
  g_autoptr (GBytes) xml = g_bytes_new_static ("<data id=\"visit\"/>", 18);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonObject *record;

  sarap_store_put_submission (store, submission, 1, xml, &error);
  g_assert_no_error (error);
  sarap_store_close (store);
  g_assert_cmpint (run (self, "list", "--store", self->store, NULL), ==, 0);
  g_assert_cmpstr (self->output, ==, "uuid:s1\tvisit\treceived\tVisit of Ақ\n");
  g_assert_cmpint (run (self, "list", "--store", self->store, "--json", NULL), ==, 0);
  record = get_record (parser, self->output, 0);
  g_assert_cmpstr (json_object_get_string_member (record, "state"), ==, "received");
  g_assert_cmpstr (json_object_get_string_member (record, "submitter"), ==, "Aigerim");
  g_assert_cmpstr (json_object_get_string_member (record, "reviewState"), ==, "approved");
}

static void
test_wrong_repeat_numbers_are_refused (Fixture *self, gconstpointer data)
{
  static const char *const numbers[] = { "0", "-1", "99999999999999999999", "10001", "2x", "", "position()" };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"/data/violation[%s]/kind\": \"late\"}", numbers[i]);

      write_answers (self, json);
      g_assert_cmpint (run (self, "fill", FORM, self->answers, "--store", self->store, NULL), ==, 1);
      g_assert_nonnull (strstr (self->errors, "/data/violation["));
    }
  write_answers (self, "{\"/data/name\": {\"a\": 1}}");
  g_assert_cmpint (run (self, "fill", FORM, self->answers, "--store", self->store, NULL), ==, 1);
}

static void
test_usage_is_told (Fixture *self, gconstpointer data)
{
  static const char *const commands[] = { "add", "check", "convert", "export", "fill", "list", "report", "review", "show", "simulate" };

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_assert_cmpint (run (self, commands[i], NULL), ==, 2);
      g_assert_nonnull (strstr (self->errors, commands[i]));
      g_assert_cmpstr (self->output, ==, "");
    }
  g_assert_cmpint (run (self, "report", "--store", self->store, "--form", "visit", "--out", self->folder, "--lang", "de", NULL), ==, 2);
  g_assert_nonnull (strstr (self->errors, "en|ru|kk"));
}

static void
test_letters_do_not_depend_on_the_locale (Fixture *self, gconstpointer data)
{
  g_autofree char *id = NULL, *missing = g_build_filename (self->folder, "жоқ.xlsx", NULL);

  g_setenv ("LC_ALL", "C", TRUE);
  id = fill (self);
  g_assert_cmpint (run (self, "list", "--store", self->store, "--json", NULL), ==, 0);
  g_assert_nonnull (strstr (self->output, "Visit =Ақ"));
  g_assert_cmpint (run (self, "check", missing, NULL), ==, 1);
  g_assert_nonnull (strstr (self->errors, "жоқ.xlsx: no such file"));
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
}

static void
test_check_names_the_place_once (Fixture *self, gconstpointer data)
{
  g_autofree char *form = g_build_filename (self->folder, "broken.xml", NULL), *workbook = g_build_filename (self->folder, "text.xlsx", NULL);
  g_autofree char *no_media = g_build_filename (self->folder, "none", NULL);

  g_assert_true (g_file_set_contents (form, "<a>\n<b", -1, NULL));
  g_assert_cmpint (run (self, "check", form, NULL), ==, 1);
  g_assert_true (g_str_has_prefix (self->errors, "error: broken.xml, line 2: "));
  g_assert_null (strstr (strstr (self->errors, "line 2: "), "broken.xml, "));
  g_assert_true (g_file_set_contents (workbook, "type,name\n", -1, NULL));
  g_assert_cmpint (run (self, "check", workbook, NULL), ==, 1);
  g_assert_nonnull (strstr (self->errors, "not an .xlsx workbook"));
  g_assert_cmpint (run (self, "check", FORM, "--media", no_media, NULL), ==, 1);
}

static void
test_store_is_for_its_owner_alone (Fixture *self, gconstpointer data)
{
  g_autofree char *database = g_build_filename (self->store, "sarap.db", NULL), *id = NULL;
  GStatBuf status;

  g_assert_cmpint (g_mkdir (self->store, 0755), ==, 0);
  id = fill (self);
  g_assert_cmpint (g_stat (database, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

static void
test_store_in_use_is_3 (Fixture *self, gconstpointer data)
{
  g_autoptr (SarapStore) store = sarap_temporary_open (self->store);

  g_assert_cmpint (run (self, "list", "--store", self->store, NULL), ==, 3);
  g_assert_nonnull (strstr (self->errors, "store in use"));
}

static char *export(Fixture *self, const char *format)
{
  g_autofree char *name = g_strconcat ("out.", format, NULL);
  char *path = g_build_filename (self->folder, name, NULL);

  g_assert_cmpint (run (self, "export", "--store", self->store, "--form", "visit", "--format", format, path, NULL), ==, 0);
  return path;
}

static void
test_csv_has_a_table_for_each_repeat (Fixture *self, gconstpointer data)
{
  g_autofree char *id = fill (self);
  g_autofree char *path = export(self, "csv");
  g_autofree char *beside = g_build_filename (self->folder, "out-violation.csv", NULL);
  g_autofree char *own = NULL, *repeat = NULL, *expected = NULL;

  g_assert_true (g_file_get_contents (path, &own, NULL, NULL));
  g_assert_true (g_file_get_contents (beside, &repeat, NULL, NULL));
  g_assert_true (g_str_has_prefix (own, "\xef\xbb\xbfKEY,SubmissionDate,Submitter,ReviewState,FormVersion,name,age,remark,photo,total,meta-instanceID,meta-instanceName\r\n"));
  g_assert_nonnull (strstr (own, ",volunteer,,1,'=Ақ,33,,"));
  expected = g_strdup_printf ("\xef\xbb\xbfKEY,PARENT_KEY,kind\r\n%s/violation[1],%s,\r\n%s/violation[2],%s,late\r\n", id, id, id, id);
  g_assert_cmpstr (repeat, ==, expected);
}

static void
test_json_nests_repeats (Fixture *self, gconstpointer data)
{
  g_autofree char *id = fill (self);
  g_autofree char *path = export(self, "json");
  g_autofree char *text = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *record, *answers, *second;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  record = get_record (parser, text, 0);
  answers = json_object_get_object_member (record, "answers");
  g_assert_cmpstr (json_object_get_string_member (record, "id"), ==, id);
  g_assert_cmpint (json_object_get_int_member (answers, "age"), ==, 33);
  g_assert_true (json_node_get_value_type (json_object_get_member (answers, "total")) == G_TYPE_INT64);
  g_assert_cmpint (json_object_get_int_member (answers, "total"), ==, 2);
  g_assert_true (json_object_get_null_member (answers, "remark"));
  second = json_array_get_object_element (json_object_get_array_member (answers, "violation"), 1);
  g_assert_cmpstr (json_object_get_string_member (second, "kind"), ==, "late");
}

static void
test_xlsx_keeps_numbers_and_texts (Fixture *self, gconstpointer data)
{
  g_autofree char *id = fill (self);
  g_autofree char *path = export(self, "xlsx");
  g_autoptr (SarapZip) workbook = sarap_zip_open (path, NULL);
  g_autoptr (GBytes) sheet = sarap_zip_read (workbook, "xl/worksheets/sheet1.xml", NULL);
  g_autofree char *text = g_strndup (g_bytes_get_data (sheet, NULL), g_bytes_get_size (sheet));

  g_assert_nonnull (strstr (text, id));
  g_assert_nonnull (strstr (text, "<v>33</v>"));
  g_assert_nonnull (strstr (text, "<t>=Ақ</t>"));
  g_assert_null (strstr (text, "<f>"));
  g_assert_true (sarap_zip_has (workbook, "xl/worksheets/sheet2.xml"));
}

static void
test_zip_holds_tables_xml_and_files (Fixture *self, gconstpointer data)
{
  g_autofree char *id = fill (self);
  g_autofree char *path = export(self, "zip");
  g_autoptr (SarapZip) archive = sarap_zip_open (path, NULL);
  g_auto (GStrv) names = sarap_zip_list (archive);
  g_autofree char *xml = g_strdup_printf ("records/uuid_%s/submission.xml", id + 5);

  g_assert_cmpuint (g_strv_length (names), ==, 4);
  g_assert_true (sarap_zip_has (archive, "visit.csv"));
  g_assert_true (sarap_zip_has (archive, "violation.csv"));
  g_assert_true (sarap_zip_has (archive, xml));
  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_has_suffix (names[i], ".png"))
      {
        g_autoptr (GBytes) picture = sarap_zip_read (archive, names[i], NULL);

        g_assert_cmpmem (g_bytes_get_data (picture, NULL), g_bytes_get_size (picture), "picture", 7);
        return;
      }
  g_assert_not_reached ();
}

static void
test_form_without_a_place_has_no_geojson (Fixture *self, gconstpointer data)
{
  g_autofree char *id = fill (self);
  g_autofree char *path = g_build_filename (self->folder, "out.geojson", NULL);

  g_assert_cmpint (run (self, "export", "--store", self->store, "--form", "visit", "--format", "geojson", path, NULL), ==, 1);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_recover_brings_the_store_back (Fixture *self, gconstpointer data)
{
  g_autofree char *id = fill (self);
  g_autofree char *database = g_build_filename (self->store, "sarap.db", NULL);
  g_autofree char *before = NULL;

  g_assert_cmpint (run (self, "show", id, "--store", self->store, "--xml", NULL), ==, 0);
  before = g_steal_pointer (&self->output);
  g_assert_cmpint (g_unlink (database), ==, 0);
  g_assert_cmpint (run (self, "list", "--store", self->store, NULL), !=, 0);
  g_assert_cmpint (run (self, "recover", "--store", self->store, NULL), ==, 0);
  g_assert_nonnull (strstr (self->errors, "1 records"));
  g_assert_cmpint (run (self, "show", id, "--store", self->store, "--xml", NULL), ==, 0);
  g_assert_cmpstr (self->output, ==, before);
  g_assert_cmpint (run (self, "recover", "--store", self->folder, NULL), ==, 1);
}

/* A questionnaire comes with its tables, which are checked before anything is made. */
static void
test_folder_is_added_when_its_tables_fit (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (self->folder, "questionnaire", NULL);
  g_autofree char *form = g_build_filename (folder, "any.xml", NULL), *waves = g_build_filename (folder, "waves.csv", NULL);
  g_autofree char *text = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (run (self, "add", folder, "--store", self->store, NULL), ==, 1);
  g_assert_true (g_file_get_contents (FORM, &text, NULL, NULL));
  g_assert_true (g_file_set_contents (form, text, -1, NULL));
  g_assert_true (g_file_set_contents (waves, "name,from,to\nfirst,2016-01-01,2016-02-31\n", -1, NULL));
  g_assert_cmpint (run (self, "add", folder, "--store", self->store, NULL), ==, 1);
  g_assert_nonnull (strstr (self->errors, "waves.csv, line 2, column to"));
  g_assert_false (g_file_test (self->store, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_set_contents (waves, "name,from,to\nfirst,2016-01-01,2016-02-28\n", -1, NULL));
  g_assert_cmpint (run (self, "add", folder, "--store", self->store, NULL), ==, 0);
}

#define ADD(name, func) g_test_add ("/cli/store/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("fill-acknowledges-each-answer", test_fill_acknowledges_each_answer);
  ADD ("list-names-records-and-states", test_list_names_records_and_states);
  ADD ("show-prints-the-xml", test_show_prints_the_xml);
  ADD ("recover-brings-the-store-back", test_recover_brings_the_store_back);
  ADD ("invalid-answers-stay-a-draft", test_invalid_answers_stay_a_draft);
  ADD ("bad-input-is-1-and-bad-usage-2", test_bad_input_is_1_and_bad_usage_2);
  ADD ("failed-add-leaves-no-store", test_failed_add_leaves_no_store);
  ADD ("folder-is-added-when-its-tables-fit", test_folder_is_added_when_its_tables_fit);
  ADD ("list-marks-what-was-received", test_list_marks_what_was_received);
  ADD ("wrong-repeat-numbers-are-refused", test_wrong_repeat_numbers_are_refused);
  ADD ("usage-is-told", test_usage_is_told);
  ADD ("letters-do-not-depend-on-the-locale", test_letters_do_not_depend_on_the_locale);
  ADD ("check-names-the-place-once", test_check_names_the_place_once);
  ADD ("store-is-for-its-owner-alone", test_store_is_for_its_owner_alone);
  ADD ("store-in-use-is-3", test_store_in_use_is_3);
  ADD ("csv-has-a-table-for-each-repeat", test_csv_has_a_table_for_each_repeat);
  ADD ("json-nests-repeats", test_json_nests_repeats);
  ADD ("xlsx-keeps-numbers-and-texts", test_xlsx_keeps_numbers_and_texts);
  ADD ("zip-holds-tables-xml-and-files", test_zip_holds_tables_xml_and_files);
  ADD ("form-without-a-place-has-no-geojson", test_form_without_a_place_has_no_geojson);
  return g_test_run ();
}
