#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Children in rows at their natural width, as many in a row as fit. */

#define SARAP_TYPE_WRAP_LAYOUT (sarap_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (SarapWrapLayout, sarap_wrap_layout, SARAP, WRAP_LAYOUT, GtkLayoutManager)

GtkLayoutManager *sarap_wrap_layout_new (int spacing);

G_END_DECLS
