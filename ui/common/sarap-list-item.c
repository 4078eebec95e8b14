#include "ui/common/sarap-list-item.h"

/* Names the focusable row that GtkListView puts around the item's child, for those who hear the
 * list; GTK has gtk_list_item_set_accessible_label() since 4.12 only. Call while bound. */
void
sarap_list_item_set_name (GtkListItem *item, const char *name)
{
  GtkWidget *row = gtk_widget_get_parent (gtk_list_item_get_child (item));

  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}
