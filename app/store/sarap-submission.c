#include "app/store/sarap-record-private.h"

enum
{
  COLUMN_ID,
  COLUMN_FORM_ID,
  COLUMN_FORM_VERSION,
  COLUMN_SUBMITTER,
  COLUMN_NAME,
  COLUMN_REGION,
  COLUMN_CENTRE,
  COLUMN_RECEIVED_AT,
  COLUMN_REVIEW_STATE,
};

#define FIRST_NUMBER COLUMN_RECEIVED_AT

static const char *const columns[] = { "id", "form_id", "form_version", "submitter", "name", "region", "centre", "received_at", "review_state" };

struct _SarapSubmission
{
  SarapRow parent_instance;
};

G_DEFINE_FINAL_TYPE (SarapSubmission, sarap_submission, SARAP_TYPE_ROW)

static void
sarap_submission_class_init (SarapSubmissionClass *class)
{
  sarap_row_class_install_columns (SARAP_ROW_CLASS (class), columns, FIRST_NUMBER, G_N_ELEMENTS (columns));
}

static void
sarap_submission_init (SarapSubmission *self)
{
}

/* What the server says of a submission; region and centre come from its XML when it is put into the
 * store. NULL texts count as "". */
SarapSubmission *
sarap_submission_new (const char *id, const char *form_id, const char *form_version, const char *submitter, const char *name, gint64 received_at, SarapReviewState review_state)
{
  const char *const texts[] = { id, form_id, form_version, submitter, name, "", "" };
  SarapSubmission *self = g_object_new (SARAP_TYPE_SUBMISSION, NULL);

  for (guint i = 0; i < FIRST_NUMBER; i++)
    sarap_row_set_text (self, i, texts[i] ? texts[i] : "");
  sarap_row_set_number (self, COLUMN_RECEIVED_AT, received_at);
  sarap_row_set_number (self, COLUMN_REVIEW_STATE, review_state);
  return self;
}

const char *
sarap_submission_get_id (SarapSubmission *self)
{
  return sarap_row_get_text (self, COLUMN_ID);
}

const char *
sarap_submission_get_form_id (SarapSubmission *self)
{
  return sarap_row_get_text (self, COLUMN_FORM_ID);
}

const char *
sarap_submission_get_form_version (SarapSubmission *self)
{
  return sarap_row_get_text (self, COLUMN_FORM_VERSION);
}

const char *
sarap_submission_get_submitter (SarapSubmission *self)
{
  return sarap_row_get_text (self, COLUMN_SUBMITTER);
}

const char *
sarap_submission_get_name (SarapSubmission *self)
{
  return sarap_row_get_text (self, COLUMN_NAME);
}

const char *
sarap_submission_get_region (SarapSubmission *self)
{
  return sarap_row_get_text (self, COLUMN_REGION);
}

const char *
sarap_submission_get_centre (SarapSubmission *self)
{
  return sarap_row_get_text (self, COLUMN_CENTRE);
}

gint64
sarap_submission_get_received_at (SarapSubmission *self)
{
  return sarap_row_get_number (self, COLUMN_RECEIVED_AT);
}

SarapReviewState
sarap_submission_get_review_state (SarapSubmission *self)
{
  return sarap_row_get_number (self, COLUMN_REVIEW_STATE);
}
