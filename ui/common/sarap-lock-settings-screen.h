#pragma once

#include "ui/sarap-window.h"

G_BEGIN_DECLS

/* The PIN that opens Sarap: set, change, remove; locking by itself; a second PIN for when one is forced. Opened only
 * after the PIN, when there is one. */

#define SARAP_TYPE_LOCK_SETTINGS_SCREEN (sarap_lock_settings_screen_get_type ())
G_DECLARE_FINAL_TYPE (SarapLockSettingsScreen, sarap_lock_settings_screen, SARAP, LOCK_SETTINGS_SCREEN, GtkWidget)

GtkWidget *sarap_lock_settings_screen_new (SarapContext *context);
void sarap_lock_settings_open (SarapWindow *window);

G_END_DECLS
