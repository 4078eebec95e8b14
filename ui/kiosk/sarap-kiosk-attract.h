#pragma once

#include "app/form/sarap-form.h"
#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* What invites a visitor: one large button for each language. Signal "start" (string code). */

#define SARAP_TYPE_KIOSK_ATTRACT (sarap_kiosk_attract_get_type ())
G_DECLARE_FINAL_TYPE (SarapKioskAttract, sarap_kiosk_attract, SARAP, KIOSK_ATTRACT, GtkWidget)

GtkWidget *sarap_kiosk_attract_new (SarapForm *form);

G_END_DECLS
