#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Gives its one child at most "maximum-width" pixels, in the middle: lines stay readable on a wide screen. */

#define SARAP_TYPE_CLAMP (sarap_clamp_get_type ())
G_DECLARE_FINAL_TYPE (SarapClamp, sarap_clamp, SARAP, CLAMP, GtkWidget)

GtkWidget *sarap_clamp_new (GtkWidget *child, int maximum_width);

G_END_DECLS
