#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Colours and size of text as the settings "theme" and "text-size" ask. */

#define SARAP_TYPE_APPEARANCE (sarap_appearance_get_type ())
G_DECLARE_FINAL_TYPE (SarapAppearance, sarap_appearance, SARAP, APPEARANCE, GObject)

SarapAppearance *sarap_appearance_new (GdkDisplay *display, GSettings *settings);
void sarap_appearance_get_series (GtkSettings *gtk, gboolean *is_dark, gboolean *is_contrast);

G_END_DECLS
