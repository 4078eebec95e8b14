#include "app/cli/sarap-cli.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/store/sarap-store-forms.h"
#include "app/store/sarap-store-records.h"

#define MAX_INSTANCES 10000

typedef struct
{
  SarapRecorder *recorder;
  SarapInterview *interview;
  const char *media;   /* folder of files that answers name, or NULL */
  const char *answers; /* path of the file of answers */
  gboolean prints_acks;
} Filling;

static gboolean
add_instances (SarapInterview *interview, const char *path, guint n, GError **error)
{
  while (sarap_interview_get_n_instances (interview, path) < n)
    {
      g_autofree char *ref = sarap_interview_add_instance (interview, path, error);

      if (ref == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Makes the repeat instances that @ref names: "/data/rep[3]/x" needs three. */
static gboolean
make_way (SarapInterview *interview, const char *ref, GError **error)
{
  for (const char *bracket = strchr (ref, '['); bracket != NULL; bracket = strchr (bracket + 1, '['))
    {
      g_autofree char *path = g_strndup (ref, bracket - ref);
      gsize n_digits = strspn (bracket + 1, "0123456789");
      guint64 n = g_ascii_strtoull (bracket + 1, NULL, 10);

      if (n_digits == 0 || bracket[1 + n_digits] != ']' || n == 0 || n > MAX_INSTANCES)
        {
          g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "write the number of the repeat as [1] to [%d]", MAX_INSTANCES);
          return FALSE;
        }
      if (!add_instances (interview, path, n, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
takes_file (SarapInterview *interview, const char *ref)
{
  const SarapElement *element = sarap_interview_get_element (interview, ref);
  SarapQuestionKind kind;

  if (element == NULL || sarap_element_get_kind (element) != SARAP_ELEMENT_QUESTION)
    return FALSE;
  kind = sarap_element_get_question_kind (element);
  return kind == SARAP_QUESTION_IMAGE || kind == SARAP_QUESTION_AUDIO || kind == SARAP_QUESTION_VIDEO || kind == SARAP_QUESTION_FILE;
}

/* A file is looked for in the media folder, then beside the answers. */
static char *
find_file (const Filling *filling, const char *name)
{
  g_autofree char *folder = g_path_get_dirname (filling->answers);
  g_autofree char *beside = g_build_filename (folder, name, NULL);
  g_autofree char *path = filling->media ? g_build_filename (filling->media, name, NULL) : NULL;

  return path && g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer (&path) : g_steal_pointer (&beside);
}

static gboolean
give_answer (const Filling *filling, const char *ref, const char *value, GError **error)
{
  g_autoptr (GError) own = NULL;
  SarapAnswerResult result;

  if (value != NULL && *value != '\0' && takes_file (filling->interview, ref))
    {
      g_autofree char *file = find_file (filling, value);

      return sarap_recorder_attach_file (filling->recorder, ref, file, error);
    }
  result = sarap_interview_answer (filling->interview, ref, value, &own);
  if (own != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&own));
      return FALSE;
    }
  if (result != SARAP_ANSWER_OK)
    g_printerr (_ ("%s: the answer is kept, but not valid\n"), ref);
  return TRUE;
}

static gboolean
take_answers (const Filling *filling, JsonObject *answers, GError **error)
{
  JsonObjectIter iter;
  const char *ref;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, answers);
  while (json_object_iter_next_ordered (&iter, &ref, &node))
    {
      g_autofree char *value = sarap_cli_dup_answer (node, error);

      if (value == NULL || !make_way (filling->interview, ref, error) || !give_answer (filling, ref, value, error))
        {
          if (!g_str_has_prefix ((*error)->message, ref))
            g_prefix_error (error, "%s: ", ref);
          return FALSE;
        }
      if (!filling->prints_acks)
        continue;
      if (!sarap_recorder_flush (filling->recorder, error))
        return FALSE;
      printf ("ack %s\n", ref);
      fflush (stdout);
    }
  return sarap_recorder_flush (filling->recorder, error);
}

static void
print_violations (SarapInterview *interview)
{
  g_autoptr (GPtrArray) violations = sarap_interview_dup_violations (interview);

  for (guint i = 0; i < violations->len; i++)
    {
      const SarapViolation *violation = g_ptr_array_index (violations, i);
      const char *what = violation->result == SARAP_ANSWER_REQUIRED_BUT_EMPTY ? _ ("required, but empty") : _ ("not valid");

      g_printerr ("%s: %s\n", violation->ref, violation->message ? violation->message : what);
    }
}

static JsonObject *
read_answers (const char *path, JsonParser *parser, GError **error)
{
  if (!json_parser_load_from_file (parser, path, error))
    return NULL;
  if (json_parser_get_root (parser) != NULL && JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return json_node_get_object (json_parser_get_root (parser));
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "%s: write one object {\"/data/question\": \"answer\", …}", path);
  return NULL;
}

static gboolean
hold (SarapStore *store, const char *form_id, const char *role, gboolean as_draft, Filling *filling, JsonObject *answers, GError **error)
{
  g_autoptr (SarapForm) form = sarap_store_load_form (store, form_id, NULL, error);
  g_autofree char *device = sarap_store_dup_device_id (store);
  SarapInterviewSettings settings = { .device_id = device };
  g_autoptr (SarapInterview) interview = form ? sarap_interview_new (form, sarap_store_get_clock (store), &settings, error) : NULL;
  g_autoptr (SarapRecorder) recorder = interview ? sarap_recorder_new (store, interview, role, error) : NULL;

  if (recorder == NULL)
    return FALSE;
  filling->recorder = recorder;
  filling->interview = interview;
  if (!take_answers (filling, answers, error))
    return FALSE;
  if (!as_draft && !sarap_recorder_finalize (recorder, error))
    {
      if (g_error_matches (*error, SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_INVALID))
        print_violations (interview);
      return FALSE;
    }
  printf ("%s\n", sarap_interview_get_instance_id (interview));
  return TRUE;
}

/* fill FORM ANSWERS.json --store DIR [--media DIR] [--draft] [--acks] [--role ROLE] [--project-key FILE.pub]: prints the
 * instance id at the end. What could not be finalized stays as a draft. */
int
sarap_cli_fill (int argc, char **argv)
{
  g_autofree char *folder = NULL, *media = NULL, *role = NULL, *form_id = NULL;
  g_auto (GStrv) keys = NULL;
  gboolean as_draft = FALSE, prints_acks = FALSE;
  const GOptionEntry options[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &folder, NULL, "DIR" },
    { "media", 0, 0, G_OPTION_ARG_FILENAME, &media, NULL, "DIR" },
    { "project-key", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &keys, NULL, "FILE.pub" },
    { "draft", 0, 0, G_OPTION_ARG_NONE, &as_draft, NULL, NULL },
    { "acks", 0, 0, G_OPTION_ARG_NONE, &prints_acks, NULL, NULL },
    { "role", 0, 0, G_OPTION_ARG_STRING, &role, NULL, "volunteer|staff|kiosk" },
    { NULL },
  };
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (SarapStore) store = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *answers;
  Filling filling = { 0 };
  int status;

  if (!sarap_cli_parse (&argc, &argv, options, "FORM ANSWERS.json --store DIR [--media DIR] [--draft] [--acks] [--role ROLE] [--project-key FILE.pub]", 2))
    return SARAP_STATUS_BAD_USAGE;
  answers = read_answers (argv[2], parser, &error);
  if (answers == NULL)
    return sarap_cli_fail (argv[0], error);
  store = sarap_cli_open_store_with_keys (argv[0], folder, TRUE, keys, &status);
  if (store == NULL)
    return status;
  form_id = sarap_cli_add_form (argv[0], store, argv[1], media, &status);
  if (form_id == NULL)
    return status;
  filling = (Filling){ .media = media, .answers = argv[2], .prints_acks = prints_acks };
  if (hold (store, form_id, role ? role : "volunteer", as_draft, &filling, answers, &error))
    return SARAP_STATUS_DONE;
  return sarap_cli_fail (argv[0], error);
}
