#include "app/store/sarap-record-private.h"

enum
{
  PROP_0,
  PROP_ID,
  PROP_FORM_ID,
  PROP_FORM_VERSION,
  PROP_SUBMITTER,
  PROP_NAME,
  PROP_REGION,
  PROP_CENTRE,
  PROP_RECEIVED_AT,
  PROP_REVIEW_STATE,
  N_PROPS
};

#define FIRST_NUMBER PROP_RECEIVED_AT

static const char *const names[N_PROPS] = { NULL, "id", "form-id", "form-version", "submitter", "name", "region", "centre", "received-at", "review-state" };
static const char *const columns[N_PROPS] = { NULL, "id", "form_id", "form_version", "submitter", "name", "region", "centre", "received_at", "review_state" };

struct _SarapSubmission
{
  GObject parent_instance;
  char *texts[FIRST_NUMBER];
  gint64 numbers[N_PROPS];
};

G_DEFINE_FINAL_TYPE (SarapSubmission, sarap_submission, G_TYPE_OBJECT)

static void
sarap_submission_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SarapSubmission *self = SARAP_SUBMISSION (object);

  if (id < FIRST_NUMBER)
    g_value_set_string (value, self->texts[id]);
  else
    g_value_set_int64 (value, self->numbers[id]);
}

static void
sarap_submission_finalize (GObject *object)
{
  SarapSubmission *self = SARAP_SUBMISSION (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->texts); i++)
    g_free (self->texts[i]);
  G_OBJECT_CLASS (sarap_submission_parent_class)->finalize (object);
}

static void
sarap_submission_class_init (SarapSubmissionClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = sarap_submission_get_property;
  object_class->finalize = sarap_submission_finalize;
  for (guint i = PROP_ID; i < FIRST_NUMBER; i++)
    g_object_class_install_property (object_class, i, g_param_spec_string (names[i], NULL, NULL, NULL, flags));
  for (guint i = FIRST_NUMBER; i < N_PROPS; i++)
    g_object_class_install_property (object_class, i, g_param_spec_int64 (names[i], NULL, NULL, 0, G_MAXINT64, 0, flags));
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
  const char *const texts[] = { NULL, id, form_id, form_version, submitter, name, "", "" };
  SarapSubmission *self = g_object_new (SARAP_TYPE_SUBMISSION, NULL);

  for (guint i = PROP_ID; i < FIRST_NUMBER; i++)
    self->texts[i] = g_strdup (texts[i] ? texts[i] : "");
  self->numbers[PROP_RECEIVED_AT] = received_at;
  self->numbers[PROP_REVIEW_STATE] = review_state;
  return self;
}

SarapSubmission *
sarap_submission_new_from_query (SarapQuery *query)
{
  SarapSubmission *self = g_object_new (SARAP_TYPE_SUBMISSION, NULL);

  for (guint i = PROP_ID; i < FIRST_NUMBER; i++)
    self->texts[i] = sarap_query_dup_text (query, columns[i]);
  for (guint i = FIRST_NUMBER; i < N_PROPS; i++)
    self->numbers[i] = sarap_query_get_int (query, columns[i]);
  return self;
}

gboolean
sarap_submission_is_same (gpointer a, gpointer b)
{
  SarapSubmission *one = a, *other = b;

  for (guint i = PROP_ID; i < FIRST_NUMBER; i++)
    if (g_strcmp0 (one->texts[i], other->texts[i]) != 0)
      return FALSE;
  return memcmp (one->numbers, other->numbers, sizeof one->numbers) == 0;
}

const char *
sarap_submission_get_id (SarapSubmission *self)
{
  return self->texts[PROP_ID];
}

const char *
sarap_submission_get_form_id (SarapSubmission *self)
{
  return self->texts[PROP_FORM_ID];
}

const char *
sarap_submission_get_form_version (SarapSubmission *self)
{
  return self->texts[PROP_FORM_VERSION];
}

const char *
sarap_submission_get_submitter (SarapSubmission *self)
{
  return self->texts[PROP_SUBMITTER];
}

const char *
sarap_submission_get_name (SarapSubmission *self)
{
  return self->texts[PROP_NAME];
}

const char *
sarap_submission_get_region (SarapSubmission *self)
{
  return self->texts[PROP_REGION];
}

const char *
sarap_submission_get_centre (SarapSubmission *self)
{
  return self->texts[PROP_CENTRE];
}

gint64
sarap_submission_get_received_at (SarapSubmission *self)
{
  return self->numbers[PROP_RECEIVED_AT];
}

SarapReviewState
sarap_submission_get_review_state (SarapSubmission *self)
{
  return self->numbers[PROP_REVIEW_STATE];
}
