#include "sync/server/sarap-central-store.h"

G_DEFINE_INTERFACE (SarapCentralStore, sarap_central_store, G_TYPE_OBJECT)

static void
sarap_central_store_default_init (SarapCentralStoreInterface *iface)
{
}

gboolean
sarap_central_store_set_setting (SarapCentralStore *self, const char *name, const char *value, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->set_setting (self, name, value, error);
}

char *
sarap_central_store_dup_setting (SarapCentralStore *self, const char *name)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->dup_setting (self, name);
}

/* Returns: its number, 0 on error. */
gint64
sarap_central_store_add_project (SarapCentralStore *self, const char *name, gint64 now, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->add_project (self, name, now, error);
}

/* Those of a supervisor; 0: all. (element-type SarapCentralProject) */
GPtrArray *
sarap_central_store_list_projects (SarapCentralStore *self, gint64 supervisor, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->list_projects (self, supervisor, error);
}

gboolean
sarap_central_store_has_project (SarapCentralStore *self, gint64 project)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->has_project (self, project);
}

/* Public halves, base64. They count from now on instead of earlier ones. */
gboolean
sarap_central_store_add_project_keys (SarapCentralStore *self, gint64 project, const char *use_key, const char *spare_key, gint64 now, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->add_project_keys (self, project, use_key, spare_key, now, error);
}

SarapProjectKeys *
sarap_central_store_find_project_keys (SarapCentralStore *self, gint64 project, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->find_project_keys (self, project, error);
}

/* Hashes of the words that must come back. G_IO_ERROR_NOT_FOUND: the project has no keys. */
gboolean
sarap_central_store_ask_for_proof (SarapCentralStore *self, gint64 project, const char *use_proof, const char *spare_proof, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->ask_for_proof (self, project, use_proof, spare_proof, error);
}

/* The words came back. */
gboolean
sarap_central_store_note_proof (SarapCentralStore *self, gint64 project, gint64 now, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->note_proof (self, project, now, error);
}

/* @media: SarapCentralFile with md5, their bytes already in the media folder. The same id and version with
 * other bytes is G_IO_ERROR_EXISTS; with the same bytes only the media are replaced. */
gboolean
sarap_central_store_add_form (SarapCentralStore *self, SarapCentralForm *form, GPtrArray *media, gint64 now, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->add_form (self, form, media, now, error);
}

/* The newest version of each form, without its XML. (element-type SarapCentralForm) */
GPtrArray *
sarap_central_store_list_forms (SarapCentralStore *self, gint64 project, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->list_forms (self, project, error);
}

/* @version NULL: the newest. The XML is there. */
SarapCentralForm *
sarap_central_store_find_form (SarapCentralStore *self, gint64 project, const char *xml_form_id, const char *version, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->find_form (self, project, xml_form_id, version, error);
}

/* By name. (element-type SarapCentralFile) */
GPtrArray *
sarap_central_store_list_media (SarapCentralStore *self, gint64 form_row, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->list_media (self, form_row, error);
}

/* Of all its versions, those to come too: "open", "closing" (takes submissions, is not offered), "closed".
 * G_IO_ERROR_NOT_FOUND: no such form. */
gboolean
sarap_central_store_set_form_state (SarapCentralStore *self, gint64 project, const char *xml_form_id, const char *state, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->set_form_state (self, project, xml_form_id, state, error);
}

/* Returns: its number, 0 on error. */
gint64
sarap_central_store_add_app_user (SarapCentralStore *self, gint64 project, const char *name, const char *key_hash, gint64 now, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->add_app_user (self, project, name, key_hash, now, error);
}

SarapAppUser *
sarap_central_store_find_app_user (SarapCentralStore *self, const char *key_hash, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->find_app_user (self, key_hash, error);
}

/* (element-type SarapAppUser) */
GPtrArray *
sarap_central_store_list_app_users (SarapCentralStore *self, gint64 project, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->list_app_users (self, project, error);
}

/* What it sent stays. G_IO_ERROR_NOT_FOUND. */
gboolean
sarap_central_store_revoke_app_user (SarapCentralStore *self, gint64 project, gint64 app_user, gint64 now, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->revoke_app_user (self, project, app_user, now, error);
}

/* Another key for the same app user, revoked or not; the old one is remembered as replaced. G_IO_ERROR_NOT_FOUND. */
gboolean
sarap_central_store_replace_key (SarapCentralStore *self, gint64 project, gint64 app_user, const char *key_hash, gint64 now, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->replace_key (self, project, app_user, key_hash, now, error);
}

/* Makes the account or changes its password, and assigns it to the project in the role that is said now. */
gboolean
sarap_central_store_set_supervisor (SarapCentralStore *self, const char *email, const char *password_hash, gint64 project, gboolean is_administrator, gint64 now, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->set_supervisor (self, email, password_hash, project, is_administrator, now, error);
}

SarapSupervisor *
sarap_central_store_find_supervisor (SarapCentralStore *self, const char *email, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->find_supervisor (self, email, error);
}

SarapProjectRole
sarap_central_store_get_role (SarapCentralStore *self, gint64 supervisor, gint64 project)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->get_role (self, supervisor, project);
}

gboolean
sarap_central_store_add_session (SarapCentralStore *self, const char *token_hash, gint64 supervisor, gint64 now, gint64 expires_at, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->add_session (self, token_hash, supervisor, now, expires_at, error);
}

/* Only one that has not expired at @now. */
SarapSupervisor *
sarap_central_store_find_session (SarapCentralStore *self, const char *token_hash, gint64 now, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->find_session (self, token_hash, now, error);
}

gboolean
sarap_central_store_remove_session (SarapCentralStore *self, const char *token_hash, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->remove_session (self, token_hash, error);
}

/* All parcels (element-type SarapParcel) in one transaction, each whole or not at all; says in each what became
 * of it. Their files must be durable before. */
void
sarap_central_store_accept (SarapCentralStore *self, GPtrArray *parcels)
{
  SARAP_CENTRAL_STORE_GET_IFACE (self)->accept (self, parcels);
}

/* New or changed after @since, in the order of change. (element-type SarapCentralSubmission) */
GPtrArray *
sarap_central_store_list_feed (SarapCentralStore *self, gint64 project, gint64 since, gint64 limit, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->list_feed (self, project, since, limit, error);
}

/* Newest first, without those that were replaced. (element-type SarapCentralSubmission) */
GPtrArray *
sarap_central_store_list_submissions (SarapCentralStore *self, const SarapCentralFilter *filter, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->list_submissions (self, filter, error);
}

SarapCentralSubmission *
sarap_central_store_find_submission (SarapCentralStore *self, gint64 project, const char *xml_form_id, const char *instance_id, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->find_submission (self, project, xml_form_id, instance_id, error);
}

GBytes *
sarap_central_store_dup_xml (SarapCentralStore *self, gint64 submission_row, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->dup_xml (self, submission_row, error);
}

/* By name, missing ones with sha256 NULL. (element-type SarapCentralFile) */
GPtrArray *
sarap_central_store_list_files (SarapCentralStore *self, gint64 submission_row, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->list_files (self, submission_row, error);
}

/* @state NULL: received. Kept as history; the submission moves to the end of the feed. */
gboolean
sarap_central_store_add_review (SarapCentralStore *self, gint64 submission_row, const char *state, const char *comment, const char *actor, gint64 now, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->add_review (self, submission_row, state, comment, actor, now, error);
}

gboolean
sarap_central_store_add_comment (SarapCentralStore *self, gint64 submission_row, const char *body, const char *actor, gint64 now, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->add_comment (self, submission_row, body, actor, now, error);
}

/* (element-type SarapCentralEvent) */
GPtrArray *
sarap_central_store_list_events (SarapCentralStore *self, gint64 submission_row, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->list_events (self, submission_row, error);
}

/* Reviews after event @since of what this app user sent. (element-type SarapCentralEvent) */
GPtrArray *
sarap_central_store_list_reviews (SarapCentralStore *self, gint64 app_user, gint64 since, gint64 limit, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->list_reviews (self, app_user, since, limit, error);
}

/* A page of what was not replaced: rows after @after. (element-type SarapCentralSubmission) */
GPtrArray *
sarap_central_store_list_records (SarapCentralStore *self, gint64 project, const char *xml_form_id, gint64 after, gint64 limit, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->list_records (self, project, xml_form_id, after, limit, error);
}

/* Those that wait for a decision. */
gint64
sarap_central_store_count_quarantined (SarapCentralStore *self, gint64 project)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->count_quarantined (self, project);
}

/* (element-type SarapQuarantined) */
GPtrArray *
sarap_central_store_list_quarantined (SarapCentralStore *self, gint64 project, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->list_quarantined (self, project, error);
}

/* With its bytes and files. */
SarapQuarantined *
sarap_central_store_find_quarantined (SarapCentralStore *self, gint64 project, gint64 id, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->find_quarantined (self, project, id, error);
}

/* Seen, and left where it is; not for what was accepted. G_IO_ERROR_NOT_FOUND. */
gboolean
sarap_central_store_keep_quarantined (SarapCentralStore *self, gint64 project, gint64 id, const char *actor, const char *comment, gint64 now, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->keep_quarantined (self, project, id, actor, comment, now, error);
}

/* Gives what lies in quarantine its place: as the newest version of its record when the name is taken. @parcel:
 * read from its bytes. G_IO_ERROR_INVALID_ARGUMENT: it has no place. */
gboolean
sarap_central_store_accept_quarantined (SarapCentralStore *self, gint64 id, SarapParcel *parcel, const char *actor, const char *comment, gint64 now, GError **error)
{
  return SARAP_CENTRAL_STORE_GET_IFACE (self)->accept_quarantined (self, id, parcel, actor, comment, now, error);
}
