#pragma once

#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* Sign in at a server as a supervisor. Signal "signed-in". */

#define SARAP_TYPE_SIGN_IN_SCREEN (sarap_sign_in_screen_get_type ())
G_DECLARE_FINAL_TYPE (SarapSignInScreen, sarap_sign_in_screen, SARAP, SIGN_IN_SCREEN, GtkWidget)

GtkWidget *sarap_sign_in_screen_new (SarapContext *context);

G_END_DECLS
