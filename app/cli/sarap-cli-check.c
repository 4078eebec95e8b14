#include "app/cli/sarap-cli.h"

#include "app/form/sarap-form.h"
#include "app/store/sarap-list-cache.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

static void
add_text (JsonBuilder *builder, const char *name, const char *value)
{
  if (value == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_problem (JsonBuilder *builder, const SarapProblem *problem)
{
  json_builder_begin_object (builder);
  add_text (builder, "severity", problem->severity == SARAP_PROBLEM_ERROR ? "error" : "warning");
  add_text (builder, "file", problem->file);
  add_text (builder, "sheet", problem->sheet);
  if (problem->row != 0)
    {
      json_builder_set_member_name (builder, problem->sheet ? "row" : "line");
      json_builder_add_int_value (builder, problem->row);
    }
  add_text (builder, "column", problem->column);
  add_text (builder, "message", problem->message);
  json_builder_end_object (builder);
}

/* {"ok", "id", "version", "title", "problems": [{"severity", "file", "sheet", "row" | "line",
 * "column", "message"}]}; what is not known is left out. */
static void
print_json (SarapForm *form, SarapProblems *problems)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "ok");
  json_builder_add_boolean_value (builder, form != NULL && !sarap_problems_has_errors (problems));
  if (form != NULL)
    {
      add_text (builder, "id", sarap_form_get_id (form));
      add_text (builder, "version", sarap_form_get_version (form));
      add_text (builder, "title", sarap_form_get_title (form));
    }
  json_builder_set_member_name (builder, "problems");
  json_builder_begin_array (builder);
  for (guint i = 0; i < sarap_problems_get_length (problems); i++)
    add_problem (builder, sarap_problems_peek (problems, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  g_print ("%s\n", text);
}

/* Messages of readers begin with the place, "FILE, line N: what" or "PATH: what"; a problem has its
 * place apart. */
static void
add_error (SarapProblems *problems, const char *path, const GError *error)
{
  g_autofree char *name = g_path_get_basename (path);
  const char *message = error->message;
  guint64 line = 0;

  if (g_str_has_prefix (message, path))
    message += strlen (path);
  else if (g_str_has_prefix (message, name))
    message += strlen (name);
  if (g_str_has_prefix (message, ", line "))
    line = g_ascii_strtoull (message + strlen (", line "), (char **) &message, 10);
  if (g_str_has_prefix (message, ": "))
    message += strlen (": ");
  sarap_problems_add (problems, SARAP_PROBLEM_ERROR, NULL, line, NULL, "%s", message);
}

static void
count_problems (SarapProblems *problems, guint *n_errors, guint *n_warnings)
{
  *n_errors = *n_warnings = 0;
  for (guint i = 0; i < sarap_problems_get_length (problems); i++)
    if (sarap_problems_peek (problems, i)->severity == SARAP_PROBLEM_ERROR)
      (*n_errors)++;
    else
      (*n_warnings)++;
}

static void
print_text (const char *path, SarapProblems *problems)
{
  guint n_errors, n_warnings;

  count_problems (problems, &n_errors, &n_warnings);
  sarap_cli_print_problems (problems);
  g_printerr (_("%s: errors: %u, warnings: %u\n"), path, n_errors, n_warnings);
}

/* check FORM [--media DIR] [--json] */
int
sarap_cli_check (int argc, char **argv)
{
  g_autofree char *media = NULL;
  gboolean is_json = FALSE;
  const GOptionEntry options[] = {
    { "media", 0, 0, G_OPTION_ARG_FILENAME, &media, "where the form's files are", "DIR" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, "print the findings as JSON", NULL },
    { NULL },
  };
  g_autoptr (SarapListLibrary) lists = sarap_list_cache_new (NULL);
  g_autoptr (SarapProblems) problems = NULL;
  g_autoptr (SarapForm) form = NULL;
  g_autoptr (GError) error = NULL;
  int status = SARAP_STATUS_DONE;

  if (!sarap_cli_parse (&argc, &argv, options, "FORM [--media DIR] [--json]", 1))
    return SARAP_STATUS_BAD_USAGE;
  problems = sarap_problems_new (argv[1]);
  form = sarap_form_load_file_with (argv[1], media, lists, problems, &error);
  if (form == NULL || sarap_problems_has_errors (problems))
    status = error ? sarap_cli_status_of (error) : SARAP_STATUS_BAD_INPUT;
  if (form == NULL && !sarap_problems_has_errors (problems))
    add_error (problems, argv[1], error);
  if (is_json)
    print_json (form, problems);
  else
    print_text (argv[1], problems);
  return status;
}
