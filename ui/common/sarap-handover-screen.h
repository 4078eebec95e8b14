#pragma once

#include "ui/sarap-window.h"

G_BEGIN_DECLS

/* Finished records to a USB stick, and receipts back from it. */

#define SARAP_TYPE_HANDOVER_SCREEN (sarap_handover_screen_get_type ())
G_DECLARE_FINAL_TYPE (SarapHandoverScreen, sarap_handover_screen, SARAP, HANDOVER_SCREEN, GtkWidget)

GtkWidget *sarap_handover_screen_new (SarapContext *context);

G_END_DECLS
