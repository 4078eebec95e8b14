#include "ui/common/sarap-rows.h"

#include "ui/common/sarap-clamp.h"

typedef struct
{
  SarapRowFunc activated;
  gpointer data;
} Link;

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row)
{
  Link *link = g_object_get_data (G_OBJECT (row), "link");

  if (link != NULL)
    link->activated (link->data);
}

/* Appends heading and list to @parent. Returns: (transfer none): the list, for sarap_rows_add(). */
GtkWidget *
sarap_rows_new (const char *heading, GtkBox *parent)
{
  GtkWidget *list = gtk_list_box_new ();

  if (heading != NULL)
    {
      GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", heading, "xalign", 0.0, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, NULL);

      gtk_widget_add_css_class (label, "heading");
      gtk_widget_add_css_class (label, "group-heading");
      gtk_box_append (parent, label);
    }
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed");
  if (heading != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, heading, -1);
  g_signal_connect (list, "row-activated", G_CALLBACK (row_activated_cb), NULL);
  gtk_box_append (parent, list);
  return list;
}

static GtkWidget *
new_texts (const char *title, const char *subtitle)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *first = g_object_new (GTK_TYPE_LABEL, "label", title, "xalign", 0.0, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);
  GtkWidget *second = g_object_new (GTK_TYPE_LABEL, "label", subtitle != NULL ? subtitle : "", "xalign", 0.0, "wrap", TRUE, "visible", subtitle != NULL, "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);

  gtk_widget_add_css_class (second, "quiet");
  gtk_widget_add_css_class (second, "small");
  gtk_box_append (GTK_BOX (box), first);
  gtk_box_append (GTK_BOX (box), second);
  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  return box;
}

/* A row that only shows: not focusable itself. @suffix (nullable) stands at its end. */
GtkWidget *
sarap_rows_add (GtkWidget *rows, const char *title, const char *subtitle, GtkWidget *suffix)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  GtkWidget *texts = new_texts (title, subtitle);

  gtk_box_append (GTK_BOX (box), texts);
  if (suffix != NULL)
    {
      gtk_widget_set_valign (suffix, GTK_ALIGN_CENTER);
      gtk_box_append (GTK_BOX (box), suffix);
    }
  gtk_widget_add_css_class (box, "row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  g_object_set_data (G_OBJECT (row), "subtitle", gtk_widget_get_last_child (texts));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtitle != NULL ? subtitle : "", -1);
  gtk_list_box_append (GTK_LIST_BOX (rows), row);
  return row;
}

/* A row that leads somewhere when it is pressed. */
GtkWidget *
sarap_rows_add_link (GtkWidget *rows, const char *title, const char *subtitle, SarapRowFunc activated, gpointer data)
{
  GtkWidget *chevron = gtk_image_new_from_icon_name ("go-next-symbolic");
  GtkWidget *row = sarap_rows_add (rows, title, subtitle, chevron);
  Link *link = g_new (Link, 1);

  *link = (Link){ activated, data };
  g_object_set_data_full (G_OBJECT (row), "link", link, g_free);
  gtk_widget_add_css_class (chevron, "quiet");
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_focusable (row, TRUE);
  return row;
}

void
sarap_rows_set_subtitle (GtkWidget *row, const char *subtitle)
{
  GtkLabel *label = g_object_get_data (G_OBJECT (row), "subtitle");

  gtk_label_set_label (label, subtitle != NULL ? subtitle : "");
  gtk_widget_set_visible (GTK_WIDGET (label), subtitle != NULL && *subtitle != '\0');
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtitle != NULL ? subtitle : "", -1);
}

typedef struct
{
  SarapSegmentFunc chosen;
  gpointer data;
} Segments;

static void
segment_cb (GtkToggleButton *button, Segments *segments)
{
  if (gtk_toggle_button_get_active (button))
    segments->chosen (g_object_get_data (G_OBJECT (button), "value"), segments->data);
}

/* A few choices side by side, one of them pressed. @name says what is chosen, for those who hear
 * it; @labels and @values run in parallel, NULL-terminated. @chosen does not come for @current. */
GtkWidget *
sarap_segments_new (const char *name, const char *const *labels, const char *const *values, const char *current, SarapSegmentFunc chosen, gpointer data)
{
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_HORIZONTAL, "accessible-role", GTK_ACCESSIBLE_ROLE_RADIO_GROUP, NULL);
  Segments *segments = g_new (Segments, 1);
  GtkToggleButton *first = NULL;

  *segments = (Segments){ chosen, data };
  g_object_set_data_full (G_OBJECT (box), "segments", segments, g_free);
  for (guint i = 0; labels[i] != NULL; i++)
    {
      GtkWidget *button = g_object_new (GTK_TYPE_TOGGLE_BUTTON, "label", labels[i], "accessible-role", GTK_ACCESSIBLE_ROLE_RADIO, NULL);

      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), first);
      if (first == NULL)
        first = GTK_TOGGLE_BUTTON (button);
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), g_strcmp0 (values[i], current) == 0);
      g_object_set_data_full (G_OBJECT (button), "value", g_strdup (values[i]), g_free);
      g_signal_connect (button, "toggled", G_CALLBACK (segment_cb), segments);
      gtk_box_append (GTK_BOX (box), button);
    }
  gtk_widget_add_css_class (box, "linked");
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return box;
}

/* @parent needs a GtkBinLayout and unparents its child when it is disposed of. @name: of a page that
 * is only read: it takes the focus itself, to be scrolled by key; else NULL. */
GtkBox *
sarap_rows_new_page (GtkWidget *parent, const char *name)
{
  GtkWidget *scroller = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER, "focusable", name != NULL, NULL);
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 12, "margin-top", 24, "margin-bottom", 32, "margin-start", 24, "margin-end", 24, NULL);

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), sarap_clamp_new (box, 800));
  if (name != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (scroller), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_parent (scroller, parent);
  return GTK_BOX (box);
}
