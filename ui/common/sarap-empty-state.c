#include "ui/common/sarap-empty-state.h"

/* Says why nothing is here and what to do. @button (nullable): does it. */
GtkWidget *
sarap_empty_state_new (const char *icon_name, const char *heading, const char *text, GtkWidget *button)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *image = gtk_image_new_from_icon_name (icon_name);
  GtkWidget *title = g_object_new (GTK_TYPE_LABEL, "label", heading, "wrap", TRUE, "justify", GTK_JUSTIFY_CENTER, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, NULL);
  GtkWidget *line = g_object_new (GTK_TYPE_LABEL, "label", text, "wrap", TRUE, "justify", GTK_JUSTIFY_CENTER, "max-width-chars", 44, NULL);

  gtk_widget_add_css_class (image, "quiet");
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_add_css_class (line, "quiet");
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), line);
  if (button != NULL)
    {
      gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
      gtk_widget_set_margin_top (button, 12);
      gtk_box_append (GTK_BOX (box), button);
    }
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_vexpand (box, TRUE);
  gtk_widget_add_css_class (box, "empty-state");
  return box;
}
