#pragma once

#include "sync/server/sarap-request.h"

G_BEGIN_DECLS

/* What each route does. */

void sarap_handle_form_list (SarapRequest *request);
void sarap_handle_manifest (SarapRequest *request);
void sarap_handle_form_attachment (SarapRequest *request);
void sarap_handle_submission_head (SarapRequest *request);
void sarap_handle_submission (SarapRequest *request);
void sarap_handle_broken_upload (SarapRequest *request, const GError *error);
void sarap_handle_device_reviews (SarapRequest *request);

void sarap_handle_sign_in (SarapRequest *request);
void sarap_handle_sign_out (SarapRequest *request);

void sarap_handle_projects (SarapRequest *request);
void sarap_handle_forms (SarapRequest *request);
void sarap_handle_form (SarapRequest *request);
void sarap_handle_form_facts (SarapRequest *request);
void sarap_handle_form_state (SarapRequest *request);
void sarap_handle_form_attachments (SarapRequest *request);
void sarap_handle_feed (SarapRequest *request);
void sarap_handle_submissions (SarapRequest *request);
void sarap_handle_submissions_csv (SarapRequest *request);
void sarap_handle_one_submission (SarapRequest *request);
void sarap_handle_submission_xml (SarapRequest *request);
void sarap_handle_submission_attachments (SarapRequest *request);
void sarap_handle_submission_attachment (SarapRequest *request);
void sarap_handle_review (SarapRequest *request);
void sarap_handle_comments (SarapRequest *request);
void sarap_handle_comment (SarapRequest *request);
void sarap_handle_audits (SarapRequest *request);

void sarap_handle_app_users (SarapRequest *request);
void sarap_handle_new_app_user (SarapRequest *request);
void sarap_handle_revocation (SarapRequest *request);
void sarap_handle_new_key (SarapRequest *request);

void sarap_handle_quarantine (SarapRequest *request);
void sarap_handle_quarantined (SarapRequest *request);
void sarap_handle_quarantined_xml (SarapRequest *request);
void sarap_handle_quarantined_attachment (SarapRequest *request);
void sarap_handle_quarantine_decision (SarapRequest *request);

G_END_DECLS
