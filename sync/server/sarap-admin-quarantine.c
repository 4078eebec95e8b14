#include "sync/server/sarap-admin-private.h"

#include <glib/gi18n.h>

#include "sync/server/sarap-quarantine.h"

#define ACTOR "administrator" /* who decides, when nobody signed in */

int
sarap_admin_list_quarantine (SarapAdmin *self, char **words)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;

  if (!sarap_admin_has_project (self))
    return SARAP_ADMIN_BAD_USAGE;
  list = sarap_central_store_list_quarantined (self->central->store, self->project, &error);
  if (list == NULL)
    return sarap_admin_complain_of (self, error);
  json_builder_begin_array (builder);
  for (guint i = 0; i < list->len; i++)
    sarap_quarantine_build (builder, g_ptr_array_index (list, i));
  json_builder_end_array (builder);
  return sarap_admin_print (self, builder);
}

/* Its facts on stdout; `export` gives the bytes. */
int
sarap_admin_show_quarantined (SarapAdmin *self, char **words)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (SarapQuarantined) quarantined = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (!sarap_admin_has_project (self) || !sarap_admin_read_id (self, words[0], &id))
    return SARAP_ADMIN_BAD_USAGE;
  quarantined = sarap_central_store_find_quarantined (self->central->store, self->project, id, &error);
  if (error != NULL)
    return sarap_admin_complain_of (self, error);
  if (quarantined == NULL)
    return sarap_admin_complain (self, SARAP_ADMIN_BAD_INPUT, _ ("nothing in quarantine has this number"));
  sarap_quarantine_build (builder, quarantined);
  return sarap_admin_print (self, builder);
}

int
sarap_admin_export_quarantined (SarapAdmin *self, char **words)
{
  g_autofree char *folder = sarap_admin_resolve (self, words[1]);
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (!sarap_admin_has_project (self) || !sarap_admin_read_id (self, words[0], &id))
    return SARAP_ADMIN_BAD_USAGE;
  return sarap_quarantine_export (self->central, self->project, id, folder, &error) ? SARAP_ADMIN_DONE : sarap_admin_complain_of (self, error);
}

int
sarap_admin_accept_quarantined (SarapAdmin *self, char **words)
{
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (!sarap_admin_has_project (self) || !sarap_admin_read_id (self, words[0], &id))
    return SARAP_ADMIN_BAD_USAGE;
  if (!sarap_quarantine_accept (self->central, self->project, id, ACTOR, self->comment ? self->comment : "", &error))
    return sarap_admin_complain_of (self, error);
  return sarap_admin_show_quarantined (self, words);
}

int
sarap_admin_keep_quarantined (SarapAdmin *self, char **words)
{
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (!sarap_admin_has_project (self) || !sarap_admin_read_id (self, words[0], &id))
    return SARAP_ADMIN_BAD_USAGE;
  if (!sarap_central_store_keep_quarantined (self->central->store, self->project, id, ACTOR, self->comment ? self->comment : "", sarap_central_get_now (self->central), &error))
    return sarap_admin_complain_of (self, error);
  return sarap_admin_show_quarantined (self, words);
}
