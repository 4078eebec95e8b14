#include "app/cli/sarap-cli.h"

#include "app/base/sarap-json.h"
#include "app/store/sarap-store-received.h"

#define PAGE 500

#define RECEIVED "received" /* by a supervisor; the others are states of the device's own records */

static const char *const states[] = { "draft", "finalized", "sent", "abandoned" };

static void
add_record (JsonBuilder *builder, SarapRecord *record)
{
  json_builder_begin_object (builder);
  sarap_json_build_string (builder, "id", sarap_record_get_id (record));
  sarap_json_build_string (builder, "form", sarap_record_get_form_id (record));
  sarap_json_build_string (builder, "state", states[sarap_record_get_state (record)]);
  sarap_json_build_string (builder, "version", sarap_record_get_form_version (record));
  sarap_json_build_string (builder, "title", sarap_record_get_form_title (record));
  sarap_json_build_string (builder, "name", sarap_record_get_name (record));
  sarap_json_build_string (builder, "owner", sarap_record_get_owner (record));
  sarap_json_build_time (builder, "createdAt", sarap_record_get_created_at (record));
  sarap_json_build_time (builder, "updatedAt", sarap_record_get_updated_at (record));
  sarap_json_build_time (builder, "finalizedAt", sarap_record_get_finalized_at (record));
  sarap_json_build_time (builder, "sentAt", sarap_record_get_sent_at (record));
  sarap_json_build_int (builder, "attempts", sarap_record_get_n_attempts (record));
  sarap_json_build_string (builder, "message", sarap_record_get_message (record));
  sarap_json_build_string (builder, "reviewState", sarap_review_state_to_word (sarap_record_get_review_state (record)));
  sarap_json_build_string (builder, "reviewComment", sarap_record_get_review_comment (record));
  json_builder_end_object (builder);
}

static void
add_submission (JsonBuilder *builder, SarapSubmission *submission)
{
  json_builder_begin_object (builder);
  sarap_json_build_string (builder, "id", sarap_submission_get_id (submission));
  sarap_json_build_string (builder, "form", sarap_submission_get_form_id (submission));
  sarap_json_build_string (builder, "state", RECEIVED);
  sarap_json_build_string (builder, "version", sarap_submission_get_form_version (submission));
  sarap_json_build_string (builder, "name", sarap_submission_get_name (submission));
  sarap_json_build_string (builder, "submitter", sarap_submission_get_submitter (submission));
  sarap_json_build_time (builder, "receivedAt", sarap_submission_get_received_at (submission));
  sarap_json_build_string (builder, "reviewState", sarap_review_state_to_word (sarap_submission_get_review_state (submission)));
  json_builder_end_object (builder);
}

static void
print_json (JsonBuilder *builder)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = NULL;

  json_generator_set_root (generator, root);
  text = json_generator_to_data (generator, NULL);
  g_print ("%s\n", text);
}

static void
print_line (SarapRecord *record)
{
  g_print ("%s\t%s\t%s\t%s\n", sarap_record_get_id (record), sarap_record_get_form_id (record), states[sarap_record_get_state (record)], sarap_record_get_name (record));
}

static gboolean
list_records (SarapStore *store, JsonBuilder *builder, GError **error)
{
  for (guint offset = 0;; offset += PAGE)
    {
      g_autoptr (GPtrArray) records = sarap_store_list_records (store, NULL, offset, PAGE, error);

      if (records == NULL)
        return FALSE;
      for (guint i = 0; i < records->len; i++)
        {
          if (builder != NULL)
            add_record (builder, g_ptr_array_index (records, i));
          else
            print_line (g_ptr_array_index (records, i));
        }
      if (records->len < PAGE)
        return TRUE;
    }
}

static gboolean
list_submissions (SarapStore *store, JsonBuilder *builder, GError **error)
{
  const SarapSubmissionFilter all = { .review_state = -1 };

  for (guint offset = 0;; offset += PAGE)
    {
      g_autoptr (GPtrArray) submissions = sarap_store_list_submissions (store, &all, offset, PAGE, error);

      if (submissions == NULL)
        return FALSE;
      for (guint i = 0; i < submissions->len; i++)
        {
          SarapSubmission *submission = g_ptr_array_index (submissions, i);

          if (builder != NULL)
            add_submission (builder, submission);
          else
            g_print ("%s\t%s\t%s\t%s\n", sarap_submission_get_id (submission), sarap_submission_get_form_id (submission), RECEIVED, sarap_submission_get_name (submission));
        }
      if (submissions->len < PAGE)
        return TRUE;
    }
}

/* list --store DIR [--json] [--project-key FILE]: the device's own records, then those that a supervisor received, each newest first;
 * without --json a line of id, form, state, name each. */
int
sarap_cli_list (int argc, char **argv)
{
  g_autofree char *folder = NULL;
  g_auto (GStrv) keys = NULL;
  gboolean as_json = FALSE;
  const GOptionEntry options[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &folder, NULL, "DIR" },
    { "project-key", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &keys, NULL, "FILE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, NULL, NULL },
    { NULL },
  };
  g_autoptr (SarapStore) store = NULL;
  g_autoptr (JsonBuilder) builder = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!sarap_cli_parse (&argc, &argv, options, "--store DIR [--json] [--project-key FILE]", 0))
    return SARAP_STATUS_BAD_USAGE;
  store = sarap_cli_open_store_with_keys (argv[0], folder, FALSE, keys, &status);
  if (store == NULL)
    return status;
  if (as_json)
    builder = json_builder_begin_array (json_builder_new ());
  if (!list_records (store, builder, &error) || !list_submissions (store, builder, &error))
    return sarap_cli_fail (argv[0], error);
  if (as_json)
    print_json (json_builder_end_array (builder));
  return SARAP_STATUS_DONE;
}
