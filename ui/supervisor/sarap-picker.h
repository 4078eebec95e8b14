#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A drop-down of strings that stays narrow: a long choice is cut off on the button and whole in
 * the list. @name: for assistive technology. */
GtkDropDown *sarap_picker_new (const char *name);

G_END_DECLS
