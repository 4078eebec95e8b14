#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Touch keyboard inside the application (Kazakh, Russian, English, numeric). Sits at the bottom
 * of a window, is revealed while an editable widget of that window has the focus, and types into
 * it; the screen above scrolls so that the widget stays in sight. */

#define SARAP_TYPE_KEYBOARD (sarap_keyboard_get_type ())
G_DECLARE_FINAL_TYPE (SarapKeyboard, sarap_keyboard, SARAP, KEYBOARD, GtkWidget)

GtkWidget *sarap_keyboard_new (void);
void sarap_keyboard_set_language (SarapKeyboard *self, const char *code);
/* "auto": shown when the last focus came by touch; "always"; "never". */
void sarap_keyboard_set_mode (SarapKeyboard *self, const char *mode);

G_END_DECLS
