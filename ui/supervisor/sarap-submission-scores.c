#include "ui/supervisor/sarap-submission-scores.h"

#include "app/store/sarap-store-forms.h"

struct _SarapSubmissionScores
{
  SarapStore *store;
  GHashTable *scorings; /* "id version" → SarapScoring, NULL when the form has none */
};

static void
scoring_free (gpointer data)
{
  if (data != NULL)
    sarap_scoring_free (data);
}

SarapSubmissionScores *
sarap_submission_scores_new (SarapStore *store)
{
  SarapSubmissionScores *self = g_new0 (SarapSubmissionScores, 1);

  self->store = g_object_ref (store);
  self->scorings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, scoring_free);
  return self;
}

void
sarap_submission_scores_free (SarapSubmissionScores *self)
{
  g_object_unref (self->store);
  g_hash_table_unref (self->scorings);
  g_free (self);
}

static SarapScoring *
find_scoring (SarapSubmissionScores *self, SarapSubmission *submission)
{
  const char *id = sarap_submission_get_form_id (submission), *version = sarap_submission_get_form_version (submission);
  g_autofree char *key = g_strdup_printf ("%s %s", id, version);
  gpointer scoring;

  if (g_hash_table_lookup_extended (self->scorings, key, NULL, &scoring))
    return scoring;
  scoring = sarap_figures_load_scoring (SARAP_RECORD_SOURCE (self->store), id, version, NULL);
  g_hash_table_insert (self->scorings, g_steal_pointer (&key), scoring);
  return scoring;
}

static const char *
peek_answer (const char *item, gpointer data)
{
  return sarap_dataset_peek (data, 0, item);
}

/* Returns: (transfer full): of the one record, or NULL when it cannot be read. */
static SarapDataset *
load_answers (SarapSubmissionScores *self, SarapSubmission *submission)
{
  const char *id = sarap_submission_get_id (submission), *version = sarap_submission_get_form_version (submission);
  g_autoptr (SarapForm) form = sarap_store_load_form (self->store, sarap_submission_get_form_id (submission), version, NULL);
  g_autoptr (GBytes) xml = form ? sarap_store_dup_submission_xml (self->store, id, NULL) : NULL;
  g_autoptr (SarapDataset) answers = xml ? sarap_dataset_new (form) : NULL;
  const SarapSourceRecord record = { id, version, "", "", 0, xml };

  return answers != NULL && sarap_dataset_add (answers, &record, NULL) ? g_steal_pointer (&answers) : NULL;
}

gboolean
sarap_submission_scores_find (SarapSubmissionScores *self, SarapSubmission *submission, double *score, SarapGrade *grade)
{
  SarapScoring *scoring = find_scoring (self, submission);
  g_autoptr (SarapDataset) answers = scoring ? load_answers (self, submission) : NULL;
  g_auto (SarapAuditScore) result = { 0 };

  if (answers == NULL)
    return FALSE;
  sarap_scoring_score (scoring, peek_answer, answers, &result);
  if (result.grade == SARAP_GRADE_NONE)
    return FALSE;
  *score = result.score;
  *grade = result.grade;
  return TRUE;
}
