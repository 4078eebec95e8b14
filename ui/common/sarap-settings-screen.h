#pragma once

#include "ui/sarap-window.h"

G_BEGIN_DECLS

/* Settings that anybody may change, and behind the PIN those of the administrator. */

#define SARAP_TYPE_SETTINGS_SCREEN (sarap_settings_screen_get_type ())
G_DECLARE_FINAL_TYPE (SarapSettingsScreen, sarap_settings_screen, SARAP, SETTINGS_SCREEN, GtkWidget)

GtkWidget *sarap_settings_screen_new (SarapContext *context);

G_END_DECLS
