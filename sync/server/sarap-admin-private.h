#pragma once

#include <json-glib/json-glib.h>

#include "sync/server/sarap-admin.h"
#include "sync/wire/sarap-enrolment-text.h"

G_BEGIN_DECLS

/* One `sarap-server admin …`: what it was asked, and where its words go. */

/* Exit statuses. */
enum
{
  SARAP_ADMIN_DONE,
  SARAP_ADMIN_BAD_INPUT,
  SARAP_ADMIN_BAD_USAGE,
  SARAP_ADMIN_MACHINE,
};

typedef struct
{
  SarapCentral *central;
  const char *folder; /* that relative file names start from */
  GString *out, *err;

  gint64 project;
  gboolean is_administrator;
  char *comment;
  char *media, *enrolment, *qr, *password_file, *ca, *public_url;
  char **words;
} SarapAdmin;

int sarap_admin_complain (SarapAdmin *self, int status, const char *message);
int sarap_admin_complain_of (SarapAdmin *self, const GError *error);
int sarap_admin_print (SarapAdmin *self, JsonBuilder *builder);
char *sarap_admin_resolve (SarapAdmin *self, const char *path);
gboolean sarap_admin_has_project (SarapAdmin *self);
gboolean sarap_admin_read_id (SarapAdmin *self, const char *word, gint64 *id);
char *sarap_admin_dup_ca (SarapAdmin *self, GError **error);

int sarap_admin_make_keys (SarapAdmin *self, char **words);
int sarap_admin_drill (SarapAdmin *self, char **words);
int sarap_admin_go_live (SarapAdmin *self, char **words);
int sarap_admin_add_keys (SarapAdmin *self, SarapEnrolment *enrolment);

int sarap_admin_add_app_user (SarapAdmin *self, char **words);
int sarap_admin_list_app_users (SarapAdmin *self, char **words);
int sarap_admin_revoke_app_user (SarapAdmin *self, char **words);
int sarap_admin_replace_key (SarapAdmin *self, char **words);
int sarap_admin_add_supervisor (SarapAdmin *self, char **words);

int sarap_admin_list_quarantine (SarapAdmin *self, char **words);
int sarap_admin_show_quarantined (SarapAdmin *self, char **words);
int sarap_admin_export_quarantined (SarapAdmin *self, char **words);
int sarap_admin_accept_quarantined (SarapAdmin *self, char **words);
int sarap_admin_keep_quarantined (SarapAdmin *self, char **words);

G_END_DECLS
