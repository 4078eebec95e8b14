#pragma once

#include "ui/sarap-window.h"

G_BEGIN_DECLS

/* Questionnaires of the device: which there are, who is offered which, adding from a file. */

#define SARAP_TYPE_FORMS_SCREEN (sarap_forms_screen_get_type ())
G_DECLARE_FINAL_TYPE (SarapFormsScreen, sarap_forms_screen, SARAP, FORMS_SCREEN, GtkWidget)

GtkWidget *sarap_forms_screen_new (SarapContext *context);

G_END_DECLS
