#pragma once

#include "app/report/sarap-figures.h"
#include "app/store/sarap-store-received.h"

G_BEGIN_DECLS

/* Audit scores of single submissions, for lists. The scoring of each version of a form is read
 * once; a submission of a form without scoring costs a look-up. */

typedef struct _SarapSubmissionScores SarapSubmissionScores;

SarapSubmissionScores *sarap_submission_scores_new (SarapStore *store);
void sarap_submission_scores_free (SarapSubmissionScores *self);
/* FALSE, and nothing set, when the submission has no score. */
gboolean sarap_submission_scores_find (SarapSubmissionScores *self, SarapSubmission *submission, double *score, SarapGrade *grade);

G_END_DECLS
