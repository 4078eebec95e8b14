#pragma once

#include "sync/server/sarap-central-types.h"

G_BEGIN_DECLS

/* The central store. Calls block, may come from any thread, and are durable when they return.
 * Lists come oldest first unless said otherwise. What is not found is NULL without an error. */

#define SARAP_TYPE_CENTRAL_STORE (sarap_central_store_get_type ())
G_DECLARE_INTERFACE (SarapCentralStore, sarap_central_store, SARAP, CENTRAL_STORE, GObject)

struct _SarapCentralStoreInterface
{
  GTypeInterface parent_interface;

  gboolean (*set_setting) (SarapCentralStore *self, const char *name, const char *value, GError **error);
  char *(*dup_setting) (SarapCentralStore *self, const char *name);
  gint64 (*add_project) (SarapCentralStore *self, const char *name, gint64 now, GError **error);
  GPtrArray *(*list_projects) (SarapCentralStore *self, gint64 supervisor, GError **error);
  gboolean (*has_project) (SarapCentralStore *self, gint64 project);
  gboolean (*add_project_keys) (SarapCentralStore *self, gint64 project, const char *use_key, const char *spare_key, gint64 now, GError **error);
  SarapProjectKeys *(*find_project_keys) (SarapCentralStore *self, gint64 project, GError **error);
  gboolean (*ask_for_proof) (SarapCentralStore *self, gint64 project, const char *use_proof, const char *spare_proof, GError **error);
  gboolean (*note_proof) (SarapCentralStore *self, gint64 project, gint64 now, GError **error);
  gboolean (*add_form) (SarapCentralStore *self, SarapCentralForm *form, GPtrArray *media, gint64 now, GError **error);
  GPtrArray *(*list_forms) (SarapCentralStore *self, gint64 project, GError **error);
  SarapCentralForm *(*find_form) (SarapCentralStore *self, gint64 project, const char *xml_form_id, const char *version, GError **error);
  GPtrArray *(*list_media) (SarapCentralStore *self, gint64 form_row, GError **error);
  gboolean (*set_form_state) (SarapCentralStore *self, gint64 project, const char *xml_form_id, const char *state, GError **error);
  gint64 (*add_app_user) (SarapCentralStore *self, gint64 project, const char *name, const char *key_hash, gint64 now, GError **error);
  SarapAppUser *(*find_app_user) (SarapCentralStore *self, const char *key_hash, GError **error);
  GPtrArray *(*list_app_users) (SarapCentralStore *self, gint64 project, GError **error);
  gboolean (*revoke_app_user) (SarapCentralStore *self, gint64 project, gint64 app_user, gint64 now, GError **error);
  gboolean (*replace_key) (SarapCentralStore *self, gint64 project, gint64 app_user, const char *key_hash, gint64 now, GError **error);
  gboolean (*set_supervisor) (SarapCentralStore *self, const char *email, const char *password_hash, gint64 project, gboolean is_administrator, gint64 now, GError **error);
  SarapSupervisor *(*find_supervisor) (SarapCentralStore *self, const char *email, GError **error);
  SarapProjectRole (*get_role) (SarapCentralStore *self, gint64 supervisor, gint64 project);
  gboolean (*add_session) (SarapCentralStore *self, const char *token_hash, gint64 supervisor, gint64 now, gint64 expires_at, GError **error);
  SarapSupervisor *(*find_session) (SarapCentralStore *self, const char *token_hash, gint64 now, GError **error);
  gboolean (*remove_session) (SarapCentralStore *self, const char *token_hash, GError **error);
  void (*accept) (SarapCentralStore *self, GPtrArray *parcels);
  GPtrArray *(*list_feed) (SarapCentralStore *self, gint64 project, gint64 since, gint64 limit, GError **error);
  GPtrArray *(*list_submissions) (SarapCentralStore *self, const SarapCentralFilter *filter, GError **error);
  SarapCentralSubmission *(*find_submission) (SarapCentralStore *self, gint64 project, const char *xml_form_id, const char *instance_id, GError **error);
  GBytes *(*dup_xml) (SarapCentralStore *self, gint64 submission_row, GError **error);
  GPtrArray *(*list_files) (SarapCentralStore *self, gint64 submission_row, GError **error);
  gboolean (*add_review) (SarapCentralStore *self, gint64 submission_row, const char *state, const char *comment, const char *actor, gint64 now, GError **error);
  gboolean (*add_comment) (SarapCentralStore *self, gint64 submission_row, const char *body, const char *actor, gint64 now, GError **error);
  GPtrArray *(*list_events) (SarapCentralStore *self, gint64 submission_row, GError **error);
  GPtrArray *(*list_reviews) (SarapCentralStore *self, gint64 app_user, gint64 since, gint64 limit, GError **error);
  GPtrArray *(*list_records) (SarapCentralStore *self, gint64 project, const char *xml_form_id, gint64 after, gint64 limit, GError **error);
  gint64 (*count_quarantined) (SarapCentralStore *self, gint64 project);
  GPtrArray *(*list_quarantined) (SarapCentralStore *self, gint64 project, GError **error);
  SarapQuarantined *(*find_quarantined) (SarapCentralStore *self, gint64 project, gint64 id, GError **error);
  gboolean (*keep_quarantined) (SarapCentralStore *self, gint64 project, gint64 id, const char *actor, const char *comment, gint64 now, GError **error);
  gboolean (*accept_quarantined) (SarapCentralStore *self, gint64 id, SarapParcel *parcel, const char *actor, const char *comment, gint64 now, GError **error);
};

gboolean sarap_central_store_set_setting (SarapCentralStore *self, const char *name, const char *value, GError **error);
char *sarap_central_store_dup_setting (SarapCentralStore *self, const char *name);
gint64 sarap_central_store_add_project (SarapCentralStore *self, const char *name, gint64 now, GError **error);
GPtrArray *sarap_central_store_list_projects (SarapCentralStore *self, gint64 supervisor, GError **error);
gboolean sarap_central_store_has_project (SarapCentralStore *self, gint64 project);
gboolean sarap_central_store_add_project_keys (SarapCentralStore *self, gint64 project, const char *use_key, const char *spare_key, gint64 now, GError **error);
SarapProjectKeys *sarap_central_store_find_project_keys (SarapCentralStore *self, gint64 project, GError **error);
gboolean sarap_central_store_ask_for_proof (SarapCentralStore *self, gint64 project, const char *use_proof, const char *spare_proof, GError **error);
gboolean sarap_central_store_note_proof (SarapCentralStore *self, gint64 project, gint64 now, GError **error);
gboolean sarap_central_store_add_form (SarapCentralStore *self, SarapCentralForm *form, GPtrArray *media, gint64 now, GError **error);
GPtrArray *sarap_central_store_list_forms (SarapCentralStore *self, gint64 project, GError **error);
SarapCentralForm *sarap_central_store_find_form (SarapCentralStore *self, gint64 project, const char *xml_form_id, const char *version, GError **error);
GPtrArray *sarap_central_store_list_media (SarapCentralStore *self, gint64 form_row, GError **error);
gboolean sarap_central_store_set_form_state (SarapCentralStore *self, gint64 project, const char *xml_form_id, const char *state, GError **error);
gint64 sarap_central_store_add_app_user (SarapCentralStore *self, gint64 project, const char *name, const char *key_hash, gint64 now, GError **error);
SarapAppUser *sarap_central_store_find_app_user (SarapCentralStore *self, const char *key_hash, GError **error);
GPtrArray *sarap_central_store_list_app_users (SarapCentralStore *self, gint64 project, GError **error);
gboolean sarap_central_store_revoke_app_user (SarapCentralStore *self, gint64 project, gint64 app_user, gint64 now, GError **error);
gboolean sarap_central_store_replace_key (SarapCentralStore *self, gint64 project, gint64 app_user, const char *key_hash, gint64 now, GError **error);
gboolean sarap_central_store_set_supervisor (SarapCentralStore *self, const char *email, const char *password_hash, gint64 project, gboolean is_administrator, gint64 now, GError **error);
SarapSupervisor *sarap_central_store_find_supervisor (SarapCentralStore *self, const char *email, GError **error);
SarapProjectRole sarap_central_store_get_role (SarapCentralStore *self, gint64 supervisor, gint64 project);
gboolean sarap_central_store_add_session (SarapCentralStore *self, const char *token_hash, gint64 supervisor, gint64 now, gint64 expires_at, GError **error);
SarapSupervisor *sarap_central_store_find_session (SarapCentralStore *self, const char *token_hash, gint64 now, GError **error);
gboolean sarap_central_store_remove_session (SarapCentralStore *self, const char *token_hash, GError **error);
void sarap_central_store_accept (SarapCentralStore *self, GPtrArray *parcels);
GPtrArray *sarap_central_store_list_feed (SarapCentralStore *self, gint64 project, gint64 since, gint64 limit, GError **error);
GPtrArray *sarap_central_store_list_submissions (SarapCentralStore *self, const SarapCentralFilter *filter, GError **error);
SarapCentralSubmission *sarap_central_store_find_submission (SarapCentralStore *self, gint64 project, const char *xml_form_id, const char *instance_id, GError **error);
GBytes *sarap_central_store_dup_xml (SarapCentralStore *self, gint64 submission_row, GError **error);
GPtrArray *sarap_central_store_list_files (SarapCentralStore *self, gint64 submission_row, GError **error);
gboolean sarap_central_store_add_review (SarapCentralStore *self, gint64 submission_row, const char *state, const char *comment, const char *actor, gint64 now, GError **error);
gboolean sarap_central_store_add_comment (SarapCentralStore *self, gint64 submission_row, const char *body, const char *actor, gint64 now, GError **error);
GPtrArray *sarap_central_store_list_events (SarapCentralStore *self, gint64 submission_row, GError **error);
GPtrArray *sarap_central_store_list_reviews (SarapCentralStore *self, gint64 app_user, gint64 since, gint64 limit, GError **error);
GPtrArray *sarap_central_store_list_records (SarapCentralStore *self, gint64 project, const char *xml_form_id, gint64 after, gint64 limit, GError **error);
gint64 sarap_central_store_count_quarantined (SarapCentralStore *self, gint64 project);
GPtrArray *sarap_central_store_list_quarantined (SarapCentralStore *self, gint64 project, GError **error);
SarapQuarantined *sarap_central_store_find_quarantined (SarapCentralStore *self, gint64 project, gint64 id, GError **error);
gboolean sarap_central_store_keep_quarantined (SarapCentralStore *self, gint64 project, gint64 id, const char *actor, const char *comment, gint64 now, GError **error);
gboolean sarap_central_store_accept_quarantined (SarapCentralStore *self, gint64 id, SarapParcel *parcel, const char *actor, const char *comment, gint64 now, GError **error);

G_END_DECLS
