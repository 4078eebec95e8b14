#pragma once

#include "ui/sarap-window.h"

G_BEGIN_DECLS

/* What the kiosk asks, and which kiosk of which centre it is. */

#define SARAP_TYPE_KIOSK_SETTINGS_SCREEN (sarap_kiosk_settings_screen_get_type ())
G_DECLARE_FINAL_TYPE (SarapKioskSettingsScreen, sarap_kiosk_settings_screen, SARAP, KIOSK_SETTINGS_SCREEN, GtkWidget)

GtkWidget *sarap_kiosk_settings_screen_new (SarapContext *context);

G_END_DECLS
