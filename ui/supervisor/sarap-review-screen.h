#pragma once

#include "app/store/sarap-store-received.h"
#include "ui/sarap-window.h"

G_BEGIN_DECLS

/* One received submission: score, times, place, photos, answers, history; and the decision on it.
 * Signal "step" (int: 1 next, -1 previous). */

#define SARAP_TYPE_REVIEW_SCREEN (sarap_review_screen_get_type ())
G_DECLARE_FINAL_TYPE (SarapReviewScreen, sarap_review_screen, SARAP, REVIEW_SCREEN, GtkWidget)

GtkWidget *sarap_review_screen_new (SarapContext *context, SarapSubmission *submission);
const char *sarap_review_screen_get_id (SarapReviewScreen *self);
void sarap_review_screen_show (SarapReviewScreen *self, SarapSubmission *submission);

G_END_DECLS
