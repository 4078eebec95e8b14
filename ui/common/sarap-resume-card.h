#pragma once

#include "app/store/sarap-store-records.h"
#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* Offers the draft that a person of one role was at last, and shows nothing while there is none or
 * it was put aside. Signal "resume" (SarapRecord). */

#define SARAP_TYPE_RESUME_CARD (sarap_resume_card_get_type ())
G_DECLARE_FINAL_TYPE (SarapResumeCard, sarap_resume_card, SARAP, RESUME_CARD, GtkWidget)

GtkWidget *sarap_resume_card_new (SarapContext *context, const char *owner);
/* Looks again. @except: id of a draft that is not offered now, or NULL. */
void sarap_resume_card_update (SarapResumeCard *self, const char *except);
/* From now on @id is offered again when it is the last. */
void sarap_resume_card_take_up (SarapResumeCard *self, const char *id);

G_END_DECLS
