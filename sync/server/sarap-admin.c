#include "sync/server/sarap-admin.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "app/base/sarap-file.h"
#include "app/base/sarap-problem.h"
#include "app/vault/sarap-pin.h"
#include "sync/server/sarap-enrol.h"
#include "sync/server/sarap-import.h"
#include "sync/server/sarap-publish.h"
#include "sync/server/sarap-secret.h"

enum
{
  STATUS_DONE,
  STATUS_BAD_INPUT,
  STATUS_BAD_USAGE,
  STATUS_MACHINE,
};

typedef struct
{
  SarapCentral *central;
  const char *folder; /* that relative file names start from */
  GString *out, *err;

  gint64 project;
  char *media, *enrolment, *qr, *password_file, *ca, *public_url;
  char **words;
} Admin;

static int
complain (Admin *self, int status, const char *message)
{
  g_string_append_printf (self->err, "sarap-server: %s\n", message);
  return status;
}

/* What a person can mend is bad input; else the machine failed. */
static int
complain_of (Admin *self, const GError *error)
{
  gboolean is_input = error->domain == SARAP_INPUT_ERROR ||
                      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
                      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS) ||
                      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE) ||
                      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
                      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);

  return complain (self, is_input ? STATUS_BAD_INPUT : STATUS_MACHINE, error->message);
}

static char *
resolve (Admin *self, const char *path)
{
  return path ? g_canonicalize_filename (path, self->folder) : NULL;
}

static gboolean
has_project (Admin *self)
{
  if (self->project > 0 && sarap_central_store_has_project (self->central->store, self->project))
    return TRUE;
  g_string_append (self->err, self->project > 0 ? _ ("sarap-server: there is no such project\n") : _ ("sarap-server: say which project: --project N\n"));
  return FALSE;
}

static int
add_project (Admin *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  gint64 id = sarap_central_store_add_project (self->central->store, name, sarap_central_get_now (self->central), &error);

  if (id == 0)
    return complain_of (self, error);
  g_string_append_printf (self->out, "%" G_GINT64_FORMAT "\n", id);
  return STATUS_DONE;
}

static void
print_problems (Admin *self, SarapProblems *problems)
{
  for (guint i = 0; i < sarap_problems_get_length (problems); i++)
    {
      g_autofree char *line = sarap_problem_to_string (sarap_problems_peek (problems, i));

      g_string_append_printf (self->err, "%s\n", line);
    }
}

static int
add_form (Admin *self, const char *name)
{
  g_autofree char *file = resolve (self, name), *media = resolve (self, self->media);
  g_autofree char *base = g_path_get_basename (name);
  g_autoptr (SarapProblems) problems = sarap_problems_new (base);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapCentralForm) form = NULL;

  if (!has_project (self))
    return STATUS_BAD_USAGE;
  form = sarap_publish_form (self->central, self->project, file, media, problems, &error);
  print_problems (self, problems);
  if (form == NULL)
    return complain_of (self, error);
  g_string_append_printf (self->out, "%s %s\n", form->xml_form_id, form->version);
  return STATUS_DONE;
}

/* What --public-url or --ca says now, else what was said before. */
static char *
dup_remembered (Admin *self, const char *name, const char *given)
{
  if (given != NULL)
    return g_strdup (given);
  return sarap_central_store_dup_setting (self->central->store, name);
}

static char *
dup_ca (Admin *self, GError **error)
{
  g_autofree char *path = resolve (self, self->ca);
  g_autoptr (GBytes) bytes = NULL;

  if (path == NULL)
    return sarap_central_store_dup_setting (self->central->store, "ca");
  bytes = sarap_file_read (path, 64 * 1024, error);
  return bytes ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : NULL;
}

static char *
dup_project_name (Admin *self)
{
  g_autoptr (GPtrArray) projects = sarap_central_store_list_projects (self->central->store, 0, NULL);

  for (guint i = 0; projects != NULL && i < projects->len; i++)
    {
      const SarapCentralProject *project = g_ptr_array_index (projects, i);

      if (project->id == self->project)
        return g_strdup (project->name);
    }
  return g_strdup ("");
}

/* The enrolment on stdout, in the files that were asked for, and for the eye. */
static int
give_enrolment (Admin *self, const SarapEnrolment *enrolment)
{
  g_autofree char *text = sarap_enrolment_to_text (enrolment);
  g_autofree char *file = resolve (self, self->enrolment), *qr = resolve (self, self->qr);
  g_autofree char *drawing = sarap_enrol_draw_qr (text, NULL);
  g_autoptr (GError) error = NULL;

  g_string_append_printf (self->out, "%s\n", text);
  if (drawing != NULL)
    g_string_append (self->err, drawing);
  g_string_append_printf (self->err, _ ("Scan the code on the device, or give it the file. It opens the project “%s” for %s.\n"), enrolment->name, enrolment->username);
  if ((file != NULL && !sarap_enrol_write_file (text, file, &error)) || (qr != NULL && !sarap_enrol_write_qr (text, qr, &error)))
    return complain_of (self, error);
  return STATUS_DONE;
}

static int
begin_enrolment (Admin *self, SarapEnrolment *enrolment, const char *username)
{
  g_autoptr (GError) error = NULL;

  enrolment->url = dup_remembered (self, "public-url", self->public_url);
  enrolment->ca = dup_ca (self, &error);
  enrolment->name = dup_project_name (self);
  enrolment->username = g_strdup (username);
  enrolment->project_id = self->project;
  if (error != NULL)
    return complain_of (self, error);
  if (enrolment->url == NULL)
    return complain (self, STATUS_BAD_USAGE, _ ("say how devices reach the server: --public-url https://HOST"));
  return STATUS_DONE;
}

static int
add_app_user (Admin *self, const char *name)
{
  g_autoptr (SarapEnrolment) enrolment = g_new0 (SarapEnrolment, 1);
  g_autofree char *key = sarap_secret_new (), *hash = sarap_secret_hash (key), *base = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!has_project (self))
    return STATUS_BAD_USAGE;
  status = begin_enrolment (self, enrolment, name);
  if (status != STATUS_DONE)
    return status;
  if (sarap_central_store_add_app_user (self->central->store, self->project, name, hash, sarap_central_get_now (self->central), &error) == 0)
    return complain_of (self, error);
  base = g_steal_pointer (&enrolment->url);
  enrolment->url = g_strdup_printf ("%s/v1/key/%s/projects/%" G_GINT64_FORMAT, base, key, self->project);
  return give_enrolment (self, enrolment);
}

static int
add_supervisor (Admin *self, const char *email)
{
  g_autoptr (SarapEnrolment) enrolment = g_new0 (SarapEnrolment, 1);
  g_autofree char *path = resolve (self, self->password_file), *lower = g_utf8_strdown (email, -1);
  g_autofree char *password = NULL, *hash = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!has_project (self))
    return STATUS_BAD_USAGE;
  if (path == NULL)
    return complain (self, STATUS_BAD_USAGE, _ ("give the password in a file: --password-file FILE"));
  password = sarap_file_read_secret (path, &error);
  if (password == NULL)
    return complain_of (self, error);
  if (g_utf8_strlen (password, -1) < 10)
    return complain (self, STATUS_BAD_INPUT, _ ("the password must have 10 characters or more"));
  status = begin_enrolment (self, enrolment, lower);
  if (status != STATUS_DONE)
    return status;
  hash = sarap_pin_hash (password);
  if (hash == NULL)
    return complain (self, STATUS_MACHINE, _ ("there is no memory to hash the password"));
  if (!sarap_central_store_set_supervisor (self->central->store, lower, hash, self->project, sarap_central_get_now (self->central), &error))
    return complain_of (self, error);
  enrolment->is_supervisor = TRUE;
  return give_enrolment (self, enrolment);
}

typedef struct
{
  Admin *admin;
  guint n_stored, n_known, n_refused;
} Import;

static void
imported_cb (const char *folder, const SarapParcel *parcel, const GError *error, gpointer data)
{
  static const char *const outcomes[] = { "stored", "known", "conflict", "unplaced", "failed" };
  Import *import = data;
  Admin *self = import->admin;

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
import (Admin *self, const char *name)
{
  g_autofree char *folder = resolve (self, name);
  Import import = { .admin = self };
  g_autoptr (GError) error = NULL;

  if (!has_project (self))
    return STATUS_BAD_USAGE;
  if (!sarap_import_folder (self->central, self->project, folder, imported_cb, &import, &error))
    return complain_of (self, error);
  g_string_append_printf (self->err, _ ("stored: %u, known before: %u, refused: %u\n"), import.n_stored, import.n_known, import.n_refused);
  return import.n_refused > 0 ? STATUS_BAD_INPUT : STATUS_DONE;
}

static void
put_forms (Admin *self, JsonBuilder *builder, gint64 project)
{
  g_autoptr (GPtrArray) forms = sarap_central_store_list_forms (self->central->store, project, NULL);

  json_builder_set_member_name (builder, "forms");
  json_builder_begin_array (builder);
  for (guint i = 0; forms != NULL && i < forms->len; i++)
    {
      const SarapCentralForm *form = g_ptr_array_index (forms, i);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "xmlFormId");
      json_builder_add_string_value (builder, form->xml_form_id);
      json_builder_set_member_name (builder, "version");
      json_builder_add_string_value (builder, form->version);
      json_builder_set_member_name (builder, "submissions");
      json_builder_add_int_value (builder, form->n_submissions);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static int
list (Admin *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) projects = sarap_central_store_list_projects (self->central->store, 0, &error);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  if (projects == NULL)
    return complain_of (self, error);
  json_builder_begin_array (builder);
  for (guint i = 0; i < projects->len; i++)
    {
      const SarapCentralProject *project = g_ptr_array_index (projects, i);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "id");
      json_builder_add_int_value (builder, project->id);
      json_builder_set_member_name (builder, "name");
      json_builder_add_string_value (builder, project->name);
      put_forms (self, builder, project->id);
      json_builder_set_member_name (builder, "quarantined");
      json_builder_add_int_value (builder, sarap_central_store_count_quarantined (self->central->store, project->id));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  g_string_append_printf (self->out, "%s\n", text);
  return STATUS_DONE;
}

static int
remember (Admin *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ca = self->ca ? dup_ca (self, &error) : NULL;

  if (error != NULL)
    return complain_of (self, error);
  if (self->public_url != NULL && !g_str_has_prefix (self->public_url, "https://"))
    return complain (self, STATUS_BAD_USAGE, _ ("the public URL must begin with https://"));
  if ((self->public_url != NULL && !sarap_central_store_set_setting (self->central->store, "public-url", self->public_url, &error)) ||
      (ca != NULL && !sarap_central_store_set_setting (self->central->store, "ca", ca, &error)))
    return complain_of (self, error);
  return STATUS_DONE;
}

static int
dispatch (Admin *self)
{
  guint n = self->words ? g_strv_length (self->words) : 0;
  const char *noun = n > 0 ? self->words[0] : "", *verb = n > 1 ? self->words[1] : "";
  gboolean is_addition = n == 3 && g_str_equal (verb, "add");
  int status = remember (self);

  if (status != STATUS_DONE)
    return status;
  if (is_addition && g_str_equal (noun, "project"))
    return add_project (self, self->words[2]);
  if (is_addition && g_str_equal (noun, "form"))
    return add_form (self, self->words[2]);
  if (is_addition && g_str_equal (noun, "app-user"))
    return add_app_user (self, self->words[2]);
  if (is_addition && g_str_equal (noun, "supervisor"))
    return add_supervisor (self, self->words[2]);
  if (n == 2 && g_str_equal (noun, "import"))
    return import (self, verb);
  if (n == 1 && g_str_equal (noun, "list"))
    return list (self);
  return complain (self, STATUS_BAD_USAGE, _ ("admin project add NAME | form add FILE | app-user add NAME | supervisor add EMAIL | import FOLDER | list"));
}

/* @arguments: what followed `admin`, options among them. @folder: where relative names start. Returns: the exit
 * status; machine words in @out, human ones in @err. */
int
sarap_admin_run (SarapCentral *central, char **arguments, const char *folder, GString *out, GString *err)
{
  Admin self = { .central = central, .folder = folder, .out = out, .err = err };
  const GOptionEntry entries[] = {
    { "project", 0, 0, G_OPTION_ARG_INT64, &self.project, NULL, NULL },
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
  status = g_option_context_parse_strv (context, &line, &error) ? dispatch (&self) : complain (&self, STATUS_BAD_USAGE, error->message);

  g_free (self.media);
  g_free (self.enrolment);
  g_free (self.qr);
  g_free (self.password_file);
  g_free (self.ca);
  g_free (self.public_url);
  g_strfreev (self.words);
  return status;
}
