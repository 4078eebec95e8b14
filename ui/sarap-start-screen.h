#pragma once

#include "ui/sarap-context.h"

G_BEGIN_DECLS

/* The first minutes of a device: language, then where the questionnaires come from.
 * Signals: "language" (string code), "begin". */

#define SARAP_TYPE_START_SCREEN (sarap_start_screen_get_type ())
G_DECLARE_FINAL_TYPE (SarapStartScreen, sarap_start_screen, SARAP, START_SCREEN, GtkWidget)

GtkWidget *sarap_start_screen_new (SarapContext *context, gboolean ask_language);

G_END_DECLS
