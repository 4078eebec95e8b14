#pragma once

#include "app/report/sarap-audit-score.h"
#include "app/store/sarap-store-received.h"
#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* A received submission in the list: name, questionnaire, who sent it and when, review. */

#define SARAP_TYPE_RECEIVED_ROW (sarap_received_row_get_type ())
G_DECLARE_FINAL_TYPE (SarapReceivedRow, sarap_received_row, SARAP, RECEIVED_ROW, GtkWidget)

GtkWidget *sarap_received_row_new (SarapContext *context);
/* After the submission; a grade of SARAP_GRADE_NONE hides the score. */
void sarap_received_row_set_score (SarapReceivedRow *self, double score, SarapGrade grade);
void sarap_received_row_set_submission (SarapReceivedRow *self, SarapSubmission *submission, const char *title, const char *form_title);
GtkWidget *sarap_review_badge_new (SarapReviewState state);

G_END_DECLS
