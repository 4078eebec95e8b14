#include "sync/server/sarap-admin-private.h"

#include <glib/gi18n.h>

#include "app/base/sarap-file.h"
#include "app/vault/sarap-pin.h"
#include "app/vault/sarap-statement.h"
#include "sync/server/sarap-app-users.h"
#include "sync/server/sarap-enrol.h"

/* What --public-url or --ca says now, else what was said before. */
static char *
dup_remembered (SarapAdmin *self, const char *name, const char *given)
{
  if (given != NULL)
    return g_strdup (given);
  return sarap_central_store_dup_setting (self->central->store, name);
}

char *
sarap_admin_dup_ca (SarapAdmin *self, GError **error)
{
  g_autofree char *path = sarap_admin_resolve (self, self->ca);
  g_autoptr (GBytes) bytes = NULL;

  if (path == NULL)
    return sarap_central_store_dup_setting (self->central->store, "ca");
  bytes = sarap_file_read (path, 64 * 1024, error);
  return bytes ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : NULL;
}

static char *
dup_project_name (SarapAdmin *self)
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
give_enrolment (SarapAdmin *self, const SarapEnrolment *enrolment)
{
  g_autofree char *text = sarap_enrolment_to_text (enrolment);
  g_autofree char *file = sarap_admin_resolve (self, self->enrolment), *qr = sarap_admin_resolve (self, self->qr);
  g_autofree char *drawing = sarap_enrol_draw_qr (text, NULL);
  g_autoptr (GError) error = NULL;

  g_string_append_printf (self->out, "%s\n", text);
  if (drawing != NULL)
    g_string_append (self->err, drawing);
  g_string_append_printf (self->err, _ ("Scan the code on the device, or give it the file. It opens the project “%s” for %s.\n"), enrolment->name, enrolment->username);
  if ((file != NULL && !sarap_enrol_write_file (text, file, &error)) || (qr != NULL && !sarap_enrol_write_qr (text, qr, &error)))
    return sarap_admin_complain_of (self, error);
  return SARAP_ADMIN_DONE;
}

static int
begin_enrolment (SarapAdmin *self, SarapEnrolment *enrolment, const char *username)
{
  g_autoptr (GError) error = NULL;

  enrolment->url = dup_remembered (self, "public-url", self->public_url);
  enrolment->ca = sarap_admin_dup_ca (self, &error);
  enrolment->server_key = self->central->signing_key ? sarap_server_key_dup_public (self->central->signing_key) : NULL;
  enrolment->name = dup_project_name (self);
  enrolment->username = g_strdup (username);
  enrolment->project_id = self->project;
  if (error != NULL)
    return sarap_admin_complain_of (self, error);
  if (enrolment->url == NULL)
    return sarap_admin_complain (self, SARAP_ADMIN_BAD_USAGE, _ ("say how devices reach the server: --public-url https://HOST"));
  return sarap_admin_add_keys (self, enrolment);
}

/* Completes and gives the enrolment of a device. */
static int
give_key (SarapAdmin *self, SarapEnrolment *enrolment, const char *key)
{
  g_autofree char *base = g_steal_pointer (&enrolment->url);

  enrolment->url = g_strdup_printf ("%s/v1/key/%s/projects/%" G_GINT64_FORMAT, base, key, self->project);
  return give_enrolment (self, enrolment);
}

int
sarap_admin_add_app_user (SarapAdmin *self, char **words)
{
  g_autoptr (SarapEnrolment) enrolment = g_new0 (SarapEnrolment, 1);
  g_autofree char *key = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!sarap_admin_has_project (self))
    return SARAP_ADMIN_BAD_USAGE;
  status = begin_enrolment (self, enrolment, words[0]);
  if (status != SARAP_ADMIN_DONE)
    return status;
  if (sarap_app_users_add (self->central, self->project, words[0], &key, &error) == 0)
    return sarap_admin_complain_of (self, error);
  return give_key (self, enrolment, key);
}

int
sarap_admin_list_app_users (SarapAdmin *self, char **words)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GPtrArray) users = NULL;
  g_autoptr (GError) error = NULL;

  if (!sarap_admin_has_project (self))
    return SARAP_ADMIN_BAD_USAGE;
  users = sarap_central_store_list_app_users (self->central->store, self->project, &error);
  if (users == NULL)
    return sarap_admin_complain_of (self, error);
  sarap_app_users_build (builder, users);
  return sarap_admin_print (self, builder);
}

int
sarap_admin_revoke_app_user (SarapAdmin *self, char **words)
{
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (!sarap_admin_has_project (self) || !sarap_admin_read_id (self, words[0], &id))
    return SARAP_ADMIN_BAD_USAGE;
  if (!sarap_central_store_revoke_app_user (self->central->store, self->project, id, sarap_central_get_now (self->central), &error))
    return sarap_admin_complain_of (self, error);
  g_string_append (self->err, _ ("The device can neither send nor fetch any more. What it has not sent stays on it.\n"));
  return SARAP_ADMIN_DONE;
}

static char *
dup_app_user_name (SarapAdmin *self, gint64 id)
{
  g_autoptr (GPtrArray) users = sarap_central_store_list_app_users (self->central->store, self->project, NULL);

  for (guint i = 0; users != NULL && i < users->len; i++)
    {
      const SarapAppUser *user = g_ptr_array_index (users, i);

      if (user->id == id)
        return g_strdup (user->name);
    }
  return g_strdup ("");
}

int
sarap_admin_replace_key (SarapAdmin *self, char **words)
{
  g_autoptr (SarapEnrolment) enrolment = g_new0 (SarapEnrolment, 1);
  g_autofree char *key = NULL, *name = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;
  int status;

  if (!sarap_admin_has_project (self) || !sarap_admin_read_id (self, words[0], &id))
    return SARAP_ADMIN_BAD_USAGE;
  name = dup_app_user_name (self, id);
  status = begin_enrolment (self, enrolment, name);
  if (status != SARAP_ADMIN_DONE)
    return status;
  key = sarap_app_users_replace_key (self->central, self->project, id, &error);
  return key ? give_key (self, enrolment, key) : sarap_admin_complain_of (self, error);
}

int
sarap_admin_add_supervisor (SarapAdmin *self, char **words)
{
  g_autoptr (SarapEnrolment) enrolment = g_new0 (SarapEnrolment, 1);
  g_autofree char *path = sarap_admin_resolve (self, self->password_file), *lower = g_utf8_strdown (words[0], -1);
  g_autofree char *password = NULL, *hash = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!sarap_admin_has_project (self))
    return SARAP_ADMIN_BAD_USAGE;
  if (path == NULL)
    return sarap_admin_complain (self, SARAP_ADMIN_BAD_USAGE, _ ("give the password in a file: --password-file FILE"));
  password = sarap_file_read_secret (path, &error);
  if (password == NULL)
    return sarap_admin_complain_of (self, error);
  if (g_utf8_strlen (password, -1) < 10)
    return sarap_admin_complain (self, SARAP_ADMIN_BAD_INPUT, _ ("the password must have 10 characters or more"));
  status = begin_enrolment (self, enrolment, lower);
  if (status != SARAP_ADMIN_DONE)
    return status;
  hash = sarap_pin_hash (password);
  if (hash == NULL)
    return sarap_admin_complain (self, SARAP_ADMIN_MACHINE, _ ("there is no memory to hash the password"));
  if (!sarap_central_store_set_supervisor (self->central->store, lower, hash, self->project, self->is_administrator, sarap_central_get_now (self->central), &error))
    return sarap_admin_complain_of (self, error);
  enrolment->is_supervisor = TRUE;
  return give_enrolment (self, enrolment);
}
