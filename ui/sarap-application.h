#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SARAP_TYPE_APPLICATION (sarap_application_get_type ())
G_DECLARE_FINAL_TYPE (SarapApplication, sarap_application, SARAP, APPLICATION, GtkApplication)

SarapApplication *sarap_application_new (void);
int sarap_application_get_status (SarapApplication *self);

G_END_DECLS
