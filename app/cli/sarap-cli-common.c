#include "app/cli/sarap-cli.h"

#include <glib/gi18n.h>

#include "app/form/xpath/sarap-xpath.h"
#include "app/report/sarap-export.h"
#include "app/store/sarap-store-forms.h"

/* Trouble of the machine, or of a store that must be mended elsewhere, is 3; what the person can
 * mend in the command or its input is 1. */
int
sarap_cli_status_of (const GError *error)
{
  if (error->domain == SARAP_STORE_ERROR)
    return error->code == SARAP_STORE_ERROR_NOT_FOUND || error->code == SARAP_STORE_ERROR_STATE || error->code == SARAP_STORE_ERROR_LOCKED ? SARAP_STATUS_BAD_INPUT : SARAP_STATUS_MACHINE;
  if (error->domain == G_FILE_ERROR)
    return error->code == G_FILE_ERROR_NOENT ? SARAP_STATUS_BAD_INPUT : SARAP_STATUS_MACHINE;
  if (error->domain == G_IO_ERROR)
    return error->code == G_IO_ERROR_NOT_FOUND ? SARAP_STATUS_BAD_INPUT : SARAP_STATUS_MACHINE;
  if (error->domain == SARAP_EXPORT_ERROR)
    return error->code == SARAP_EXPORT_ERROR_WRITE ? SARAP_STATUS_MACHINE : SARAP_STATUS_BAD_INPUT;
  return SARAP_STATUS_BAD_INPUT;
}

int
sarap_cli_fail (const char *command, const GError *error)
{
  g_printerr ("sarapctl %s: %s\n", command, error->message);
  return sarap_cli_status_of (error);
}

gboolean
sarap_cli_parse (int *argc, char ***argv, const GOptionEntry *options, const char *usage, int n_arguments)
{
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_autoptr (GError) error = NULL;
  const char *command = (*argv)[0];

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    g_printerr ("sarapctl %s: %s\n", command, error->message);
  else if (*argc - 1 != n_arguments)
    g_printerr (_ ("usage: sarapctl %s %s\n"), command, usage);
  return error == NULL && *argc - 1 == n_arguments;
}

void
sarap_cli_print_problems (SarapProblems *problems)
{
  for (guint i = 0; i < sarap_problems_get_length (problems); i++)
    {
      const SarapProblem *problem = sarap_problems_peek (problems, i);
      g_autofree char *text = sarap_problem_to_string (problem);

      g_printerr ("%s: %s\n", problem->severity == SARAP_PROBLEM_ERROR ? _ ("error") : _ ("warning"), text);
    }
}

char *
sarap_cli_add_form (const char *command, SarapStore *store, const char *file, const char *media, int *status)
{
  g_autoptr (SarapProblems) problems = sarap_problems_new (file);
  g_autoptr (GError) error = NULL;
  char *form_id = NULL;
  gboolean ok = sarap_store_add_form_file (store, file, media, problems, &form_id, &error);

  sarap_cli_print_problems (problems);
  if (!ok)
    *status = sarap_cli_fail (command, error);
  return form_id;
}

static char *
dup_word (JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  if (JSON_NODE_HOLDS_NULL (node))
    return g_strdup ("");
  if (type == G_TYPE_STRING)
    return json_node_dup_string (node);
  if (type == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (node) ? "true" : "false");
  return type == G_TYPE_INT64 ? g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node)) : sarap_xpath_format_number (json_node_get_double (node));
}

/* The text of an answer: of a value, or of a list of chosen values. @node NULL: "". Returns: (transfer full), or NULL
 * when it is neither */
char *
sarap_cli_dup_answer (JsonNode *node, GError **error)
{
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array ? json_array_get_length (array) : 0;
  g_autoptr (GString) words = g_string_new (NULL);
  gboolean is_plain = node == NULL || !JSON_NODE_HOLDS_OBJECT (node);

  for (guint i = 0; is_plain && i < n; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      g_autofree char *word = JSON_NODE_HOLDS_VALUE (element) ? dup_word (element) : NULL;

      is_plain = word != NULL;
      g_string_append_printf (words, "%s%s", i ? " " : "", word ? word : "");
    }
  if (!is_plain)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "an answer is a text, a number, true, false, null or a list of choices");
      return NULL;
    }
  return array || node == NULL ? g_strdup (words->str) : dup_word (node);
}

static gboolean
is_text (JsonNode *node)
{
  return json_node_get_value_type (node) == G_TYPE_STRING;
}

static gboolean
is_integer (JsonNode *node)
{
  return json_node_get_value_type (node) == G_TYPE_INT64;
}

static gboolean
is_object (JsonNode *node)
{
  return JSON_NODE_HOLDS_OBJECT (node);
}

/* The members of @request that these lists (up to NULL) name are of their kind, null or left out. */
gboolean
sarap_cli_check_members (JsonObject *request, const char *const *texts, const char *const *numbers, const char *const *objects, GError **error)
{
  const struct
  {
    const char *const *names;
    gboolean (*is_kind) (JsonNode *node);
    const char *kind;
  } kinds[] = { { texts, is_text, "a text" }, { numbers, is_integer, "a whole number" }, { objects, is_object, "an object" } };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (const char *const *name = kinds[i].names; *name != NULL; name++)
      {
        JsonNode *node = json_object_get_member (request, *name);

        if (node == NULL || JSON_NODE_HOLDS_NULL (node) || kinds[i].is_kind (node))
          continue;
        g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "\"%s\" must be %s", *name, kinds[i].kind);
        return FALSE;
      }
  return TRUE;
}
