#pragma once

#include "ui/sarap-window.h"

G_BEGIN_DECLS

/* How a device comes to know its server: a picture of a QR code, a file, or typed. What was given
 * is checked with the server and shown in words before it is kept. Signal "enrolled". */

#define SARAP_TYPE_ENROL_SCREEN (sarap_enrol_screen_get_type ())
G_DECLARE_FINAL_TYPE (SarapEnrolScreen, sarap_enrol_screen, SARAP, ENROL_SCREEN, GtkWidget)

GtkWidget *sarap_enrol_screen_new (SarapContext *context);

G_END_DECLS
