#pragma once

#include "ui/sarap-window.h"

G_BEGIN_DECLS

/* The terminal in the hall: invites, asks, thanks, and begins anew by itself. Left only with the PIN:
 * Ctrl+Alt+Q, or a long press on the upper right corner. */

#define SARAP_TYPE_KIOSK_SCREEN (sarap_kiosk_screen_get_type ())
G_DECLARE_FINAL_TYPE (SarapKioskScreen, sarap_kiosk_screen, SARAP, KIOSK_SCREEN, GtkWidget)

GtkWidget *sarap_kiosk_screen_new (SarapContext *context, const char *form_id);
char *sarap_kiosk_find_form (SarapContext *context);

G_END_DECLS
