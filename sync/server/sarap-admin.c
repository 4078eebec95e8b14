#include "sync/server/sarap-admin-private.h"

#include <glib/gi18n.h>

#include "app/base/sarap-problem.h"
#include "sync/server/sarap-import.h"
#include "sync/server/sarap-publish.h"
#include "app/base/sarap-json.h"

int
sarap_admin_complain (SarapAdmin *self, int status, const char *message)
{
  g_string_append_printf (self->err, "sarap-server: %s\n", message);
  return status;
}

/* What a person can mend is bad input; else the machine failed. */
int
sarap_admin_complain_of (SarapAdmin *self, const GError *error)
{
  gboolean is_input = error->domain == SARAP_INPUT_ERROR ||
                      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
                      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS) ||
                      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE) ||
                      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT) ||
                      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
                      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);

  return sarap_admin_complain (self, is_input ? SARAP_ADMIN_BAD_INPUT : SARAP_ADMIN_MACHINE, error->message);
}

char *
sarap_admin_resolve (SarapAdmin *self, const char *path)
{
  return path ? g_canonicalize_filename (path, self->folder) : NULL;
}

gboolean
sarap_admin_has_project (SarapAdmin *self)
{
  if (self->project > 0 && sarap_central_store_has_project (self->central->store, self->project))
    return TRUE;
  g_string_append (self->err, self->project > 0 ? _ ("sarap-server: there is no such project\n") : _ ("sarap-server: say which project: --project N\n"));
  return FALSE;
}

/* @word as a number of 1 or more. */
gboolean
sarap_admin_read_id (SarapAdmin *self, const char *word, gint64 *id)
{
  if (g_ascii_string_to_signed (word, 10, 1, G_MAXINT64, id, NULL))
    return TRUE;
  sarap_admin_complain (self, SARAP_ADMIN_BAD_USAGE, _ ("give the number that the list shows"));
  return FALSE;
}

/* The JSON on stdout. */
int
sarap_admin_print (SarapAdmin *self, JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, TRUE);

  g_string_append_printf (self->out, "%s\n", text);
  return SARAP_ADMIN_DONE;
}

static int
add_project (SarapAdmin *self, char **words)
{
  g_autoptr (GError) error = NULL;
  gint64 id = sarap_central_store_add_project (self->central->store, words[0], sarap_central_get_now (self->central), &error);

  if (id == 0)
    return sarap_admin_complain_of (self, error);
  g_string_append_printf (self->out, "%" G_GINT64_FORMAT "\n", id);
  return SARAP_ADMIN_DONE;
}

static void
print_problems (SarapAdmin *self, SarapProblems *problems)
{
  for (guint i = 0; i < sarap_problems_get_length (problems); i++)
    {
      g_autofree char *line = sarap_problem_to_string (sarap_problems_peek (problems, i));

      g_string_append_printf (self->err, "%s\n", line);
    }
}

static int
add_form (SarapAdmin *self, char **words)
{
  g_autofree char *file = sarap_admin_resolve (self, words[0]), *media = sarap_admin_resolve (self, self->media);
  g_autofree char *base = g_path_get_basename (words[0]);
  g_autoptr (SarapProblems) problems = sarap_problems_new (base);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapCentralForm) form = NULL;

  if (!sarap_admin_has_project (self))
    return SARAP_ADMIN_BAD_USAGE;
  form = sarap_publish_form (self->central, self->project, file, media, problems, &error);
  print_problems (self, problems);
  if (form == NULL)
    return sarap_admin_complain_of (self, error);
  g_string_append_printf (self->out, "%s %s\n", form->xml_form_id, form->version);
  return SARAP_ADMIN_DONE;
}

static int
replace_table (SarapAdmin *self, char **words)
{
  g_autofree char *file = sarap_admin_resolve (self, words[1]);
  g_autoptr (GError) error = NULL;

  if (!sarap_admin_has_project (self))
    return SARAP_ADMIN_BAD_USAGE;
  if (!sarap_publish_table (self->central, self->project, words[0], file, &error))
    return sarap_admin_complain_of (self, error);
  return SARAP_ADMIN_DONE;
}

typedef struct
{
  SarapAdmin *admin;
  guint n_stored, n_known, n_refused;
} Import;

static void
imported_cb (const char *folder, const SarapParcel *parcel, const GError *error, gpointer data)
{
  static const char *const outcomes[] = { "stored", "known", "conflict", "unplaced", "closed", "failed" };
  Import *import = data;
  SarapAdmin *self = import->admin;

  if (error != NULL)
    g_string_append_printf (self->err, "%s\n", error->message);
  if (parcel == NULL)
    {
      import->n_refused++;
      return;
    }
  g_string_append_printf (self->out, "%s %s\n", parcel->instance_id, outcomes[parcel->outcome]);
  if (parcel->message != NULL)
    g_string_append_printf (self->err, "%s: %s\n", folder, parcel->message);
  import->n_stored += parcel->outcome == SARAP_OUTCOME_CREATED;
  import->n_known += parcel->outcome == SARAP_OUTCOME_DUPLICATE;
  import->n_refused += parcel->outcome > SARAP_OUTCOME_DUPLICATE;
}

static int
import (SarapAdmin *self, char **words)
{
  g_autofree char *folder = sarap_admin_resolve (self, words[0]);
  Import import = { .admin = self };
  g_autoptr (GError) error = NULL;

  if (!sarap_admin_has_project (self))
    return SARAP_ADMIN_BAD_USAGE;
  if (!sarap_import_folder (self->central, self->project, folder, imported_cb, &import, &error))
    return sarap_admin_complain_of (self, error);
  g_string_append_printf (self->err, _ ("stored: %u, known before: %u, refused: %u\n"), import.n_stored, import.n_known, import.n_refused);
  return import.n_refused > 0 ? SARAP_ADMIN_BAD_INPUT : SARAP_ADMIN_DONE;
}

static int
set_form_state (SarapAdmin *self, char **words)
{
  g_autoptr (GError) error = NULL;

  if (!sarap_admin_has_project (self))
    return SARAP_ADMIN_BAD_USAGE;
  if (!sarap_form_state_is_known (words[1]))
    return sarap_admin_complain (self, SARAP_ADMIN_BAD_USAGE, _ ("the state of a form is open, closing or closed"));
  if (!sarap_central_store_set_form_state (self->central->store, self->project, words[0], words[1], &error))
    return sarap_admin_complain_of (self, error);
  return SARAP_ADMIN_DONE;
}

static void
put_forms (SarapAdmin *self, JsonBuilder *builder, gint64 project)
{
  g_autoptr (GPtrArray) forms = sarap_central_store_list_forms (self->central->store, project, NULL);

  json_builder_set_member_name (builder, "forms");
  json_builder_begin_array (builder);
  for (guint i = 0; forms != NULL && i < forms->len; i++)
    {
      const SarapCentralForm *form = g_ptr_array_index (forms, i);

      json_builder_begin_object (builder);
      sarap_json_build_nullable (builder, "xmlFormId", form->xml_form_id);
      sarap_json_build_nullable (builder, "version", form->version);
      sarap_json_build_nullable (builder, "state", form->state);
      sarap_json_build_int (builder, "submissions", form->n_submissions);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static int
list (SarapAdmin *self, char **words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) projects = sarap_central_store_list_projects (self->central->store, 0, &error);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (projects == NULL)
    return sarap_admin_complain_of (self, error);
  json_builder_begin_array (builder);
  for (guint i = 0; i < projects->len; i++)
    {
      const SarapCentralProject *project = g_ptr_array_index (projects, i);

      json_builder_begin_object (builder);
      sarap_json_build_int (builder, "id", project->id);
      sarap_json_build_nullable (builder, "name", project->name);
      put_forms (self, builder, project->id);
      sarap_json_build_int (builder, "quarantined", sarap_central_store_count_quarantined (self->central->store, project->id));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  return sarap_admin_print (self, builder);
}

static int
remember (SarapAdmin *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ca = self->ca ? sarap_admin_dup_ca (self, &error) : NULL;

  if (error != NULL)
    return sarap_admin_complain_of (self, error);
  if (self->public_url != NULL && !g_str_has_prefix (self->public_url, "https://"))
    return sarap_admin_complain (self, SARAP_ADMIN_BAD_USAGE, _ ("the public URL must begin with https://"));
  if ((self->public_url != NULL && !sarap_central_store_set_setting (self->central->store, "public-url", self->public_url, &error)) ||
      (ca != NULL && !sarap_central_store_set_setting (self->central->store, "ca", ca, &error)))
    return sarap_admin_complain_of (self, error);
  return SARAP_ADMIN_DONE;
}

/* Every command, with what follows its words. */
static const struct
{
  const char *noun, *verb; /* NULL: none */
  int n_words;
  const char *usage;
  int (*run) (SarapAdmin *self, char **words);
} commands[] = {
  { "project", "add", 1, "NAME", add_project },
  { "project", "keys", 1, "FOLDER", sarap_admin_make_keys },
  { "project", "drill", 0, "", sarap_admin_drill },
  { "project", "live", 2, "WORD WORD", sarap_admin_go_live },
  { "form", "add", 1, "FILE [--media DIR]", add_form },
  { "form", "table", 2, "FORM scoring.csv|sections.csv|violations.csv|waves.csv", replace_table },
  { "form", "state", 2, "FORM open|closing|closed", set_form_state },
  { "app-user", "add", 1, "NAME [--enrolment FILE] [--qr FILE.png]", sarap_admin_add_app_user },
  { "app-user", "list", 0, "", sarap_admin_list_app_users },
  { "app-user", "revoke", 1, "NUMBER", sarap_admin_revoke_app_user },
  { "app-user", "key", 1, "NUMBER [--enrolment FILE] [--qr FILE.png]", sarap_admin_replace_key },
  { "supervisor", "add", 1, "EMAIL --password-file FILE [--administrator]", sarap_admin_add_supervisor },
  { "quarantine", "list", 0, "", sarap_admin_list_quarantine },
  { "quarantine", "show", 1, "NUMBER", sarap_admin_show_quarantined },
  { "quarantine", "export", 2, "NUMBER FOLDER", sarap_admin_export_quarantined },
  { "quarantine", "accept", 1, "NUMBER [--comment TEXT]", sarap_admin_accept_quarantined },
  { "quarantine", "keep", 1, "NUMBER [--comment TEXT]", sarap_admin_keep_quarantined },
  { "import", NULL, 1, "FOLDER", import },
  { "list", NULL, 0, "", list },
};

static int
print_usage (SarapAdmin *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (self->err, "sarap-server --database sqlite:PATH admin %s%s%s %s\n", commands[i].noun, commands[i].verb ? " " : "", commands[i].verb ? commands[i].verb : "", commands[i].usage);
  g_string_append (self->err, _ ("All but “project add” and “list” want --project N.\n"));
  return SARAP_ADMIN_BAD_USAGE;
}

static int
dispatch (SarapAdmin *self)
{
  int n = self->words ? (int) g_strv_length (self->words) : 0;
  int status = remember (self);

  if (status != SARAP_ADMIN_DONE)
    return status;
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      int n_named = commands[i].verb ? 2 : 1;

      if (n == n_named + commands[i].n_words && g_str_equal (self->words[0], commands[i].noun) &&
          (commands[i].verb == NULL || g_str_equal (self->words[1], commands[i].verb)))
        return commands[i].run (self, self->words + n_named);
    }
  return print_usage (self);
}

/* @arguments: what followed `admin`, options among them. @folder: where relative names start. Returns: the exit
 * status; machine words in @out, human ones in @err. */
int
sarap_admin_run (SarapCentral *central, char **arguments, const char *folder, GString *out, GString *err)
{
  SarapAdmin self = { .central = central, .folder = folder, .out = out, .err = err };
  const GOptionEntry entries[] = {
    { "project", 0, 0, G_OPTION_ARG_INT64, &self.project, NULL, NULL },
    { "administrator", 0, 0, G_OPTION_ARG_NONE, &self.is_administrator, NULL, NULL },
    { "comment", 0, 0, G_OPTION_ARG_STRING, &self.comment, NULL, NULL },
    { "media", 0, 0, G_OPTION_ARG_FILENAME, &self.media, NULL, NULL },
    { "enrolment", 0, 0, G_OPTION_ARG_FILENAME, &self.enrolment, NULL, NULL },
    { "qr", 0, 0, G_OPTION_ARG_FILENAME, &self.qr, NULL, NULL },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &self.password_file, NULL, NULL },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &self.ca, NULL, NULL },
    { "public-url", 0, 0, G_OPTION_ARG_STRING, &self.public_url, NULL, NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &self.words, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) line = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_strv_builder_add (builder, "sarap-server");
  g_strv_builder_addv (builder, (const char **) arguments);
  line = g_strv_builder_end (builder);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, NULL);
  status = g_option_context_parse_strv (context, &line, &error) ? dispatch (&self) : sarap_admin_complain (&self, SARAP_ADMIN_BAD_USAGE, error->message);

  g_free (self.comment);
  g_free (self.media);
  g_free (self.enrolment);
  g_free (self.qr);
  g_free (self.password_file);
  g_free (self.ca);
  g_free (self.public_url);
  g_strfreev (self.words);
  return status;
}
