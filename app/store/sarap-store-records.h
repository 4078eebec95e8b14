#pragma once

#include "app/form/sarap-interview.h"
#include "app/form/sarap-audit-log.h"
#include "app/store/sarap-row.h"
#include "app/store/sarap-store.h"

G_BEGIN_DECLS

/* Records of the device: interviews and visits from draft to sent. */

typedef enum
{
  SARAP_RECORD_DRAFT,
  SARAP_RECORD_FINALIZED, /* immutable; its XML bytes are stored once; waits for the server */
  SARAP_RECORD_SENT,      /* the server's receipt names every hash */
  SARAP_RECORD_ABANDONED, /* an unfinished kiosk visit: counted, never offered */
} SarapRecordState;

typedef enum
{
  SARAP_REVIEW_NONE, /* received, not reviewed */
  SARAP_REVIEW_HAS_ISSUES,
  SARAP_REVIEW_EDITED,
  SARAP_REVIEW_REJECTED,
  SARAP_REVIEW_APPROVED,
} SarapReviewState;

/* The words that servers use: "" for NONE, "hasIssues" … */
const char *sarap_review_state_to_word (SarapReviewState state);
SarapReviewState sarap_review_state_from_word (const char *word);

#define SARAP_TYPE_RECORD (sarap_record_get_type ())
G_DECLARE_FINAL_TYPE (SarapRecord, sarap_record, SARAP, RECORD, SarapRow)

/* One row for lists; a snapshot. Properties of the same names as the getters, readable. */
const char *sarap_record_get_id (SarapRecord *self); /* instanceID, "uuid:…" */
const char *sarap_record_get_form_id (SarapRecord *self);
const char *sarap_record_get_form_version (SarapRecord *self);
const char *sarap_record_get_form_title (SarapRecord *self);
const char *sarap_record_get_name (SarapRecord *self);  /* instance name, or "" */
const char *sarap_record_get_owner (SarapRecord *self); /* "volunteer", "staff", "kiosk": the role that filled it */
SarapRecordState sarap_record_get_state (SarapRecord *self);
gint64 sarap_record_get_created_at (SarapRecord *self); /* ms UTC */
gint64 sarap_record_get_updated_at (SarapRecord *self);
gint64 sarap_record_get_finalized_at (SarapRecord *self);    /* 0 while a draft */
gint64 sarap_record_get_sent_at (SarapRecord *self);         /* 0 until sent */
gint64 sarap_record_get_next_attempt_at (SarapRecord *self); /* 0: at the next round */
guint sarap_record_get_n_attempts (SarapRecord *self);
const char *sarap_record_get_message (SarapRecord *self); /* the server's words at the last attempt, or "" */
int sarap_record_get_failure (SarapRecord *self);         /* of the last attempt, as sarap_store_note_failure() was told; -1: none */
SarapReviewState sarap_record_get_review_state (SarapRecord *self);
const char *sarap_record_get_review_comment (SarapRecord *self); /* newest, or "" */
const char *sarap_record_get_page (SarapRecord *self);           /* key of the page where a draft was left, or "" */
guint sarap_record_get_page_number (SarapRecord *self);          /* from 1, 0: not known */
guint sarap_record_get_n_pages (SarapRecord *self);

typedef struct
{
  const char *form_id; /* NULL: all */
  const char *owner;   /* NULL: all */
  const char *search;  /* part of the name or form title, case folded; NULL: all */
  int state;           /* SarapRecordState, -1: all */
} SarapRecordFilter;

/* Newest first, a page at a time. */
GPtrArray *sarap_store_list_records (SarapStore *self, const SarapRecordFilter *filter, guint offset, guint limit, GError **error);
guint sarap_store_count_records (SarapStore *self, const SarapRecordFilter *filter, GError **error);
/* The same as a model of SarapRecord that loads pages of 100 when asked for and follows "changed". */
GListModel *sarap_record_list_new (SarapStore *store, const SarapRecordFilter *filter);
void sarap_record_list_set_search (GListModel *list, const char *search);
SarapRecord *sarap_store_find_record (SarapStore *self, const char *id, GError **error);
/* The draft of @owner that was changed last; NULL without an error when there is none. */
SarapRecord *sarap_store_find_latest_draft (SarapStore *self, const char *owner, GError **error);

/* Filling. A recorder stands between an interview and the store: each "changed" of the interview
 * goes to the database thread as one transaction, in order.
 * Signals: "saved" (guint64 sequence) in the main context once durable; "failed" (GError). */
#define SARAP_TYPE_RECORDER (sarap_recorder_get_type ())
G_DECLARE_FINAL_TYPE (SarapRecorder, sarap_recorder, SARAP, RECORDER, GObject)

/* Creates the draft's row with the whole first state. */
SarapRecorder *sarap_recorder_new (SarapStore *store, SarapInterview *interview, const char *owner, GError **error);
/* Loads a draft again: the interview at the state that was saved, in the language that was set.
 * The recorder writes the audit events "form start", "form resume" and "form finalize"; the other
 * events and the questions on screen are told to the audit log by whoever shows them. */
SarapRecorder *sarap_recorder_resume (SarapStore *store, const char *id, const SarapInterviewSettings *settings, GError **error);
SarapInterview *sarap_recorder_get_interview (SarapRecorder *self);
SarapAuditLog *sarap_recorder_get_audit_log (SarapRecorder *self); /* NULL when the form asks for none */
/* Waits until everything so far is durable. Call before a question is left. */
gboolean sarap_recorder_flush (SarapRecorder *self, GError **error);
/* Where the person is, to come back to: page @number of @n_pages, from 1. Queued like answers; the language is kept by itself. */
void sarap_recorder_set_page (SarapRecorder *self, const char *page_key, guint number, guint n_pages);
char *sarap_recorder_dup_page (SarapRecorder *self);
/* Copies @source into the store (hash name, synced, then the row) and answers @ref with its new file name. */
gboolean sarap_recorder_attach_file (SarapRecorder *self, const char *ref, const char *source, GError **error);
gboolean sarap_recorder_attach (SarapRecorder *self, const char *ref, GBytes *bytes, const char *extension, GError **error);
gboolean sarap_recorder_drop_attachment (SarapRecorder *self, const char *name, GError **error);
GBytes *sarap_recorder_dup_attachment (SarapRecorder *self, const char *ref, GError **error);
/* Checks, serializes once, stores XML, audit.csv and state in one transaction. */
gboolean sarap_recorder_finalize (SarapRecorder *self, GError **error);
gboolean sarap_recorder_abandon (SarapRecorder *self, GError **error);

/* A newer version of a draft's form. Without a move the draft goes on in the version that it was begun with. */
gboolean sarap_store_has_newer_form (SarapStore *self, const char *id);
gboolean sarap_store_move_draft (SarapStore *self, const char *id, const SarapInterviewSettings *settings, guint *n_aside, GError **error);
/* What a move found no place for (element-type SarapAside, app/form/sarap-move.h), kept for good. */
GPtrArray *sarap_store_list_aside (SarapStore *self, const char *id, GError **error);

/* Drafts only (else STATE); with its attachments. */
gboolean sarap_store_delete_draft (SarapStore *self, const char *id, GError **error);
/* Unfinished kiosk visits become ABANDONED; returns how many, -1 on failure. sarap_store_open() does it. */
int sarap_store_close_kiosk_visits (SarapStore *self, GError **error);

/* Finalized records. */
typedef struct
{
  char *name;   /* as the XML names it */
  char *sha256; /* hex; NULL: sealed for others */
  goffset size;
} SarapAttachment;
void sarap_attachment_free (SarapAttachment *attachment);
GBytes *sarap_store_dup_record_xml (SarapStore *self, const char *id, GError **error); /* of a draft: serialized now */
GBytes *sarap_store_dup_attachment (SarapStore *self, const char *id, const char *name, GError **error);
GPtrArray *sarap_store_list_attachments (SarapStore *self, const char *id, GError **error);

G_END_DECLS
