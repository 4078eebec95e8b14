#pragma once

#include "app/form/sarap-pages.h"
#include "app/store/sarap-store-records.h"
#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* Filling one interview: pages, progress, jump list, language, review, finalize. A screen for
 * SarapWindow. Signals: "closed" (the draft is saved and left), "finalized". */

#define SARAP_TYPE_FORM_VIEW (sarap_form_view_get_type ())
G_DECLARE_FINAL_TYPE (SarapFormView, sarap_form_view, SARAP, FORM_VIEW, GtkWidget)

GtkWidget *sarap_form_view_new (SarapContext *context, SarapRecorder *recorder);
/* Id of the record that is filled. Returns: (transfer full) */
char *sarap_form_view_dup_record (SarapFormView *self);
void sarap_form_view_go_to (SarapFormView *self, const char *page_key);
gboolean sarap_form_view_is_touched (SarapFormView *self);

/* One page of questions, for screens with a frame of their own (the kiosk). Signal "answered" (ref)
 * when a choice that needs no Next (quick, no-buttons) was made. Enter on its last question
 * activates the action "page.next" of the frame. */
#define SARAP_TYPE_QUESTION_PAGE (sarap_question_page_get_type ())
G_DECLARE_FINAL_TYPE (SarapQuestionPage, sarap_question_page, SARAP, QUESTION_PAGE, GtkWidget)
GtkWidget *sarap_question_page_new (SarapContext *context, SarapRecorder *recorder, const SarapPage *page);
/* Follows the state after each change; answers keep their widgets and focus. */
void sarap_question_page_update (SarapQuestionPage *self, const SarapPage *page);
/* In the middle of the height instead of at the top, for a screen that has little else. */
void sarap_question_page_set_centred (SarapQuestionPage *self);
/* Shows what is missing or wrong on the page and focuses the first; TRUE when nothing is. */
gboolean sarap_question_page_check (SarapQuestionPage *self);
void sarap_question_page_flush (SarapQuestionPage *self);
gboolean sarap_question_page_close_sheet (SarapQuestionPage *self);

G_END_DECLS
