#pragma once

#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* Offers a PIN on a device that holds no record yet, and shows nothing once one is set or it was declined. */

#define SARAP_TYPE_PIN_OFFER (sarap_pin_offer_get_type ())
G_DECLARE_FINAL_TYPE (SarapPinOffer, sarap_pin_offer, SARAP, PIN_OFFER, GtkWidget)

GtkWidget *sarap_pin_offer_new (SarapContext *context);
/* Looks again. */
void sarap_pin_offer_update (SarapPinOffer *self);

G_END_DECLS
