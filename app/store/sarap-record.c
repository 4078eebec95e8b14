#include "app/store/sarap-record-private.h"

enum
{
  COLUMN_ID,
  COLUMN_FORM_ID,
  COLUMN_FORM_VERSION,
  COLUMN_FORM_TITLE,
  COLUMN_NAME,
  COLUMN_OWNER,
  COLUMN_MESSAGE,
  COLUMN_REVIEW_COMMENT,
  COLUMN_PAGE,
  COLUMN_STATE,
  COLUMN_CREATED_AT,
  COLUMN_UPDATED_AT,
  COLUMN_FINALIZED_AT,
  COLUMN_SENT_AT,
  COLUMN_NEXT_ATTEMPT_AT,
  COLUMN_N_ATTEMPTS,
  COLUMN_REVIEW_STATE,
  COLUMN_PAGE_NUMBER,
  COLUMN_N_PAGES,
  COLUMN_FAILURE,
};

#define FIRST_NUMBER COLUMN_STATE

static const char *const columns[] = {
  "id",
  "form_id",
  "form_version",
  "form_title",
  "name",
  "owner",
  "message",
  "review_comment",
  "page",
  "state",
  "created_at",
  "updated_at",
  "finalized_at",
  "sent_at",
  "next_attempt_at",
  "n_attempts",
  "review_state",
  "page_number",
  "n_pages",
  "failure",
};

static const char *const review_words[] = {
  [SARAP_REVIEW_NONE] = "",
  [SARAP_REVIEW_HAS_ISSUES] = "hasIssues",
  [SARAP_REVIEW_EDITED] = "edited",
  [SARAP_REVIEW_REJECTED] = "rejected",
  [SARAP_REVIEW_APPROVED] = "approved",
};

struct _SarapRecord
{
  SarapRow parent_instance;
};

G_DEFINE_FINAL_TYPE (SarapRecord, sarap_record, SARAP_TYPE_ROW)

static void
sarap_record_class_init (SarapRecordClass *class)
{
  sarap_row_class_install_columns (SARAP_ROW_CLASS (class), columns, FIRST_NUMBER, G_N_ELEMENTS (columns));
}

static void
sarap_record_init (SarapRecord *self)
{
}

const char *
sarap_record_get_id (SarapRecord *self)
{
  return sarap_row_get_text (self, COLUMN_ID);
}

const char *
sarap_record_get_form_id (SarapRecord *self)
{
  return sarap_row_get_text (self, COLUMN_FORM_ID);
}

const char *
sarap_record_get_form_version (SarapRecord *self)
{
  return sarap_row_get_text (self, COLUMN_FORM_VERSION);
}

const char *
sarap_record_get_form_title (SarapRecord *self)
{
  return sarap_row_get_text (self, COLUMN_FORM_TITLE);
}

const char *
sarap_record_get_name (SarapRecord *self)
{
  return sarap_row_get_text (self, COLUMN_NAME);
}

const char *
sarap_record_get_owner (SarapRecord *self)
{
  return sarap_row_get_text (self, COLUMN_OWNER);
}

SarapRecordState
sarap_record_get_state (SarapRecord *self)
{
  return sarap_row_get_number (self, COLUMN_STATE);
}

gint64
sarap_record_get_created_at (SarapRecord *self)
{
  return sarap_row_get_number (self, COLUMN_CREATED_AT);
}

gint64
sarap_record_get_updated_at (SarapRecord *self)
{
  return sarap_row_get_number (self, COLUMN_UPDATED_AT);
}

gint64
sarap_record_get_finalized_at (SarapRecord *self)
{
  return sarap_row_get_number (self, COLUMN_FINALIZED_AT);
}

gint64
sarap_record_get_sent_at (SarapRecord *self)
{
  return sarap_row_get_number (self, COLUMN_SENT_AT);
}

gint64
sarap_record_get_next_attempt_at (SarapRecord *self)
{
  return sarap_row_get_number (self, COLUMN_NEXT_ATTEMPT_AT);
}

guint
sarap_record_get_n_attempts (SarapRecord *self)
{
  return sarap_row_get_number (self, COLUMN_N_ATTEMPTS);
}

const char *
sarap_record_get_message (SarapRecord *self)
{
  return sarap_row_get_text (self, COLUMN_MESSAGE);
}

SarapReviewState
sarap_record_get_review_state (SarapRecord *self)
{
  return sarap_row_get_number (self, COLUMN_REVIEW_STATE);
}

const char *
sarap_record_get_review_comment (SarapRecord *self)
{
  return sarap_row_get_text (self, COLUMN_REVIEW_COMMENT);
}

const char *
sarap_review_state_to_word (SarapReviewState state)
{
  return review_words[state];
}

/* @word NULL or unknown: NONE. */
SarapReviewState
sarap_review_state_from_word (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (review_words); i++)
    if (g_strcmp0 (word, review_words[i]) == 0)
      return i;
  return SARAP_REVIEW_NONE;
}

const char *
sarap_record_get_page (SarapRecord *self)
{
  return sarap_row_get_text (self, COLUMN_PAGE);
}

guint
sarap_record_get_page_number (SarapRecord *self)
{
  return sarap_row_get_number (self, COLUMN_PAGE_NUMBER);
}

guint
sarap_record_get_n_pages (SarapRecord *self)
{
  return sarap_row_get_number (self, COLUMN_N_PAGES);
}

int
sarap_record_get_failure (SarapRecord *self)
{
  return sarap_row_get_number (self, COLUMN_FAILURE);
}
