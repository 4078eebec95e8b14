#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One choice as a large row or tile to tap. Signal "selected" (the person chose it; the owner
 * decides what is checked then). Action "choice.select", seen by assistive technology. */

#define SARAP_TYPE_CHOICE_BUTTON (sarap_choice_button_get_type ())
G_DECLARE_FINAL_TYPE (SarapChoiceButton, sarap_choice_button, SARAP, CHOICE_BUTTON, GtkWidget)

typedef enum
{
  SARAP_CHOICE_ROW,    /* mark, then label */
  SARAP_CHOICE_COLUMN, /* label above, mark below: scales and tables */
  SARAP_CHOICE_TILE,   /* no mark: picture or face, then label */
} SarapChoiceShape;

/* @role: GTK_ACCESSIBLE_ROLE_RADIO or GTK_ACCESSIBLE_ROLE_CHECKBOX. */
GtkWidget *sarap_choice_button_new (GtkAccessibleRole role, SarapChoiceShape shape);
void sarap_choice_button_set_label (SarapChoiceButton *self, const char *label);
const char *sarap_choice_button_get_label (SarapChoiceButton *self);
void sarap_choice_button_set_label_visible (SarapChoiceButton *self, gboolean is_visible);
void sarap_choice_button_set_icon_name (SarapChoiceButton *self, const char *icon_name);
void sarap_choice_button_set_paintable (SarapChoiceButton *self, GdkPaintable *paintable);
void sarap_choice_button_set_value (SarapChoiceButton *self, const char *value);
const char *sarap_choice_button_get_value (SarapChoiceButton *self);
void sarap_choice_button_set_checked (SarapChoiceButton *self, gboolean is_checked);
gboolean sarap_choice_button_get_checked (SarapChoiceButton *self);

G_END_DECLS
