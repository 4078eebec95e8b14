#pragma once

#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* The forms that are offered to a role, each with a button that starts an interview.
 * Signal "start" (string form id). */

#define SARAP_TYPE_FORM_OFFERS (sarap_form_offers_get_type ())
G_DECLARE_FINAL_TYPE (SarapFormOffers, sarap_form_offers, SARAP, FORM_OFFERS, GtkWidget)

GtkWidget *sarap_form_offers_new (SarapContext *context, SarapRole role, const char *start_label);
void sarap_form_offers_start_first (SarapFormOffers *self);
void sarap_form_offers_set_second (SarapFormOffers *self, gboolean is_second);

G_END_DECLS
