#include "app/store/sarap-record-private.h"

/* Texts first, then numbers: the names of the properties; those of the columns have _ for -. */
enum
{
  PROP_0,
  PROP_ID,
  PROP_FORM_ID,
  PROP_FORM_VERSION,
  PROP_FORM_TITLE,
  PROP_NAME,
  PROP_OWNER,
  PROP_MESSAGE,
  PROP_REVIEW_COMMENT,
  PROP_PAGE,
  PROP_STATE,
  PROP_CREATED_AT,
  PROP_UPDATED_AT,
  PROP_FINALIZED_AT,
  PROP_SENT_AT,
  PROP_NEXT_ATTEMPT_AT,
  PROP_N_ATTEMPTS,
  PROP_REVIEW_STATE,
  PROP_PAGE_NUMBER,
  PROP_N_PAGES,
  PROP_FAILURE,
  N_PROPS
};

#define FIRST_NUMBER PROP_STATE

static const char *const names[N_PROPS] = {
  NULL,
  "id",
  "form-id",
  "form-version",
  "form-title",
  "name",
  "owner",
  "message",
  "review-comment",
  "page",
  "state",
  "created-at",
  "updated-at",
  "finalized-at",
  "sent-at",
  "next-attempt-at",
  "n-attempts",
  "review-state",
  "page-number",
  "n-pages",
  "failure",
};

static const char *const columns[N_PROPS] = {
  NULL,
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
  GObject parent_instance;
  char *texts[FIRST_NUMBER];
  gint64 numbers[N_PROPS];
};

G_DEFINE_FINAL_TYPE (SarapRecord, sarap_record, G_TYPE_OBJECT)

static void
sarap_record_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SarapRecord *self = SARAP_RECORD (object);

  if (id < FIRST_NUMBER)
    g_value_set_string (value, self->texts[id]);
  else
    g_value_set_int64 (value, self->numbers[id]);
}

static void
sarap_record_finalize (GObject *object)
{
  SarapRecord *self = SARAP_RECORD (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->texts); i++)
    g_free (self->texts[i]);
  G_OBJECT_CLASS (sarap_record_parent_class)->finalize (object);
}

static void
sarap_record_class_init (SarapRecordClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = sarap_record_get_property;
  object_class->finalize = sarap_record_finalize;
  for (guint i = PROP_ID; i < FIRST_NUMBER; i++)
    g_object_class_install_property (object_class, i, g_param_spec_string (names[i], NULL, NULL, NULL, flags));
  for (guint i = FIRST_NUMBER; i < N_PROPS; i++)
    g_object_class_install_property (object_class, i, g_param_spec_int64 (names[i], NULL, NULL, -1, G_MAXINT64, 0, flags));
}

static void
sarap_record_init (SarapRecord *self)
{
}

SarapRecord *
sarap_record_new_from_query (SarapQuery *query)
{
  SarapRecord *self = g_object_new (SARAP_TYPE_RECORD, NULL);

  for (guint i = PROP_ID; i < FIRST_NUMBER; i++)
    self->texts[i] = sarap_query_dup_text (query, columns[i]);
  for (guint i = FIRST_NUMBER; i < N_PROPS; i++)
    self->numbers[i] = sarap_query_get_int (query, columns[i]);
  return self;
}

gboolean
sarap_record_is_same (gpointer a, gpointer b)
{
  SarapRecord *one = a, *other = b;

  for (guint i = PROP_ID; i < FIRST_NUMBER; i++)
    if (g_strcmp0 (one->texts[i], other->texts[i]) != 0)
      return FALSE;
  return memcmp (one->numbers, other->numbers, sizeof one->numbers) == 0;
}

const char *
sarap_record_get_id (SarapRecord *self)
{
  return self->texts[PROP_ID];
}

const char *
sarap_record_get_form_id (SarapRecord *self)
{
  return self->texts[PROP_FORM_ID];
}

const char *
sarap_record_get_form_version (SarapRecord *self)
{
  return self->texts[PROP_FORM_VERSION];
}

const char *
sarap_record_get_form_title (SarapRecord *self)
{
  return self->texts[PROP_FORM_TITLE];
}

const char *
sarap_record_get_name (SarapRecord *self)
{
  return self->texts[PROP_NAME];
}

const char *
sarap_record_get_owner (SarapRecord *self)
{
  return self->texts[PROP_OWNER];
}

SarapRecordState
sarap_record_get_state (SarapRecord *self)
{
  return self->numbers[PROP_STATE];
}

gint64
sarap_record_get_created_at (SarapRecord *self)
{
  return self->numbers[PROP_CREATED_AT];
}

gint64
sarap_record_get_updated_at (SarapRecord *self)
{
  return self->numbers[PROP_UPDATED_AT];
}

gint64
sarap_record_get_finalized_at (SarapRecord *self)
{
  return self->numbers[PROP_FINALIZED_AT];
}

gint64
sarap_record_get_sent_at (SarapRecord *self)
{
  return self->numbers[PROP_SENT_AT];
}

gint64
sarap_record_get_next_attempt_at (SarapRecord *self)
{
  return self->numbers[PROP_NEXT_ATTEMPT_AT];
}

guint
sarap_record_get_n_attempts (SarapRecord *self)
{
  return self->numbers[PROP_N_ATTEMPTS];
}

const char *
sarap_record_get_message (SarapRecord *self)
{
  return self->texts[PROP_MESSAGE];
}

SarapReviewState
sarap_record_get_review_state (SarapRecord *self)
{
  return self->numbers[PROP_REVIEW_STATE];
}

const char *
sarap_record_get_review_comment (SarapRecord *self)
{
  return self->texts[PROP_REVIEW_COMMENT];
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
  return self->texts[PROP_PAGE];
}

guint
sarap_record_get_page_number (SarapRecord *self)
{
  return (guint) self->numbers[PROP_PAGE_NUMBER];
}

guint
sarap_record_get_n_pages (SarapRecord *self)
{
  return (guint) self->numbers[PROP_N_PAGES];
}

int
sarap_record_get_failure (SarapRecord *self)
{
  return (int) self->numbers[PROP_FAILURE];
}
