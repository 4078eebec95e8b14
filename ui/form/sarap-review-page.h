#pragma once

#include "app/form/sarap-move.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The last page: how much is answered, what stands in the way, finalize. Signals: "go-to" (const
 * char *ref of the question with a problem), "finalize". */

#define SARAP_TYPE_REVIEW_PAGE (sarap_review_page_get_type ())
G_DECLARE_FINAL_TYPE (SarapReviewPage, sarap_review_page, SARAP, REVIEW_PAGE, GtkWidget)

/* @aside (nullable) (element-type SarapAside): answers that this version of the form has no place for. */
GtkWidget *sarap_review_page_new (SarapInterview *interview, GPtrArray *aside);
void sarap_review_page_update (SarapReviewPage *self);

G_END_DECLS
