#include "sync/server/sarap-report-command.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "app/base/sarap-problem.h"
#include "app/report/sarap-report.h"
#include "sync/server/sarap-central-source.h"

enum
{
  STATUS_DONE,
  STATUS_BAD_INPUT,
  STATUS_BAD_USAGE,
  STATUS_MACHINE,
};

typedef struct
{
  gint64 project; /* 0: the first */
  char **forms;   /* NULL: all of the project */
  char *out;
  char *language; /* NULL: that of the process */
} Options;

static gboolean
parse (Options *options, char **arguments, GError **error)
{
  const GOptionEntry entries[] = {
    { "project", 0, 0, G_OPTION_ARG_INT64, &options->project, NULL, NULL },
    { "form", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->forms, NULL, NULL },
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &options->out, NULL, NULL },
    { "lang", 0, 0, G_OPTION_ARG_STRING, &options->language, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) line = NULL;

  g_strv_builder_add (builder, "report");
  g_strv_builder_addv (builder, (const char **) arguments);
  line = g_strv_builder_end (builder);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse_strv (context, &line, error);
}

static void
clear (Options *options)
{
  g_strfreev (options->forms);
  g_free (options->out);
  g_free (options->language);
}

/* gettext follows LANGUAGE in every locale but plain C. */
static void
speak (const char *language)
{
  if (language == NULL)
    return;
  g_setenv ("LANGUAGE", language, TRUE);
  if (g_str_equal (setlocale (LC_MESSAGES, NULL), "C"))
    setlocale (LC_ALL, "C.UTF-8");
}

static int
complain (const GError *error)
{
  gboolean is_input = error->domain == SARAP_INPUT_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);

  g_printerr ("sarap-server: %s\n", error->message);
  return is_input ? STATUS_BAD_INPUT : STATUS_MACHINE;
}

static const SarapCentralProject *
choose_project (GPtrArray *projects, gint64 id)
{
  for (guint i = 0; i < projects->len; i++)
    {
      const SarapCentralProject *project = g_ptr_array_index (projects, i);

      if (id == 0 || project->id == id)
        return project;
    }
  return NULL;
}

static char **
list_forms (SarapCentral *central, gint64 project, GError **error)
{
  g_autoptr (GPtrArray) forms = sarap_central_store_list_forms (central->store, project, error);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; forms != NULL && i < forms->len; i++)
    g_strv_builder_add (builder, ((SarapCentralForm *) g_ptr_array_index (forms, i))->xml_form_id);
  return forms ? g_strv_builder_end (builder) : NULL;
}

static int
write_report (SarapCentral *central, Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) projects = sarap_central_store_list_projects (central->store, 0, &error);
  const SarapCentralProject *project = projects ? choose_project (projects, options->project) : NULL;
  g_autoptr (SarapRecordSource) source = NULL;
  g_autofree char *path = NULL;

  if (error == NULL && project == NULL)
    {
      g_printerr (_ ("sarap-server: there is no such project\n"));
      return STATUS_BAD_INPUT;
    }
  if (error == NULL && options->forms == NULL)
    options->forms = list_forms (central, project->id, &error);
  if (error != NULL)
    return complain (error);
  source = sarap_central_source_new (central, project->id);
  path = sarap_report_write (source, (const char *const *) options->forms, project->name, options->language, options->out, &error);
  if (path == NULL)
    return complain (error);
  g_print ("%s\n", path);
  return STATUS_DONE;
}

/* `sarap-server report --out FOLDER [--form ID]… [--project N] [--lang CODE]`; also while a server has the database. */
int
sarap_report_command_run (const char *database, char **arguments)
{
  Options options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapCentral) central = NULL;
  int status = STATUS_BAD_USAGE;

  if (!parse (&options, arguments, &error))
    g_printerr ("sarap-server: %s\n", error->message);
  else if (options.out == NULL)
    g_printerr (_ ("sarap-server: say where the report goes: --out FOLDER\n"));
  else
    {
      speak (options.language);
      central = sarap_central_open_reader (database, &error);
      status = central ? write_report (central, &options) : complain (error);
    }
  clear (&options);
  return status;
}
