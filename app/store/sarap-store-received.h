#pragma once

#include "app/store/sarap-store-outbox.h"

G_BEGIN_DECLS

/* A supervisor's copy of the project's submissions, so that review and indicators work offline.
 * sync/client fills it; decisions made here wait until the next round. */

#define SARAP_TYPE_SUBMISSION (sarap_submission_get_type ())
G_DECLARE_FINAL_TYPE (SarapSubmission, sarap_submission, SARAP, SUBMISSION, SarapRow)

SarapSubmission *sarap_submission_new (const char *id, const char *form_id, const char *form_version, const char *submitter, const char *name, gint64 received_at, SarapReviewState review_state);
const char *sarap_submission_get_id (SarapSubmission *self);
const char *sarap_submission_get_form_id (SarapSubmission *self);
const char *sarap_submission_get_form_version (SarapSubmission *self);
const char *sarap_submission_get_submitter (SarapSubmission *self); /* app user's name */
const char *sarap_submission_get_name (SarapSubmission *self);
const char *sarap_submission_get_region (SarapSubmission *self); /* answer of the question "region", or "" */
const char *sarap_submission_get_centre (SarapSubmission *self); /* answer of "centre" (audit) or "psu" (survey), or "" */
gint64 sarap_submission_get_received_at (SarapSubmission *self); /* ms UTC */
SarapReviewState sarap_submission_get_review_state (SarapSubmission *self);

/* @sequence: place in the server's feed; the highest one is where the next round goes on. @xml NULL: only
 * what stands around the XML changed. A decision made here that the server does not know yet stands. */
gboolean sarap_store_put_submission (SarapStore *self, SarapSubmission *submission, guint64 sequence, GBytes *xml, GError **error);
gboolean sarap_store_put_submission_attachment (SarapStore *self, const char *id, const char *name, GBytes *bytes, GError **error);
guint64 sarap_store_get_feed_sequence (SarapStore *self);

typedef struct
{
  const char *form_id;
  const char *region;
  const char *centre;
  const char *submitter;
  const char *search;
  int review_state; /* SarapReviewState, -1: all */
} SarapSubmissionFilter;

GPtrArray *sarap_store_list_submissions (SarapStore *self, const SarapSubmissionFilter *filter, guint offset, guint limit, GError **error);
guint sarap_store_count_submissions (SarapStore *self, const SarapSubmissionFilter *filter, GError **error);
/* Names of those who sent something. (element-type utf8) */
GPtrArray *sarap_store_list_submitters (SarapStore *self, GError **error);
GListModel *sarap_submission_list_new (SarapStore *store, const SarapSubmissionFilter *filter);
void sarap_submission_list_set_filter (GListModel *list, const SarapSubmissionFilter *filter);
SarapSubmission *sarap_store_find_submission (SarapStore *self, const char *id, GError **error);
GBytes *sarap_store_dup_submission_xml (SarapStore *self, const char *id, GError **error);
GBytes *sarap_store_dup_submission_attachment (SarapStore *self, const char *id, const char *name, GError **error);
char **sarap_store_list_submission_attachments (SarapStore *self, const char *id, GError **error);

/* A decision: changes the copy at once, is queued for the server, kept as history. */
gboolean sarap_store_decide (SarapStore *self, const char *id, SarapReviewState state, const char *comment, const char *actor, GError **error);
typedef struct
{
  guint64 number;
  char *id;
  SarapReviewState state;
  char *comment;
  gint64 at;
} SarapDecision;
void sarap_decision_free (SarapDecision *decision);
GPtrArray *sarap_store_list_undelivered_decisions (SarapStore *self, GError **error);
gboolean sarap_store_note_decision_delivered (SarapStore *self, guint64 number, GError **error);

G_END_DECLS
