#include "ui/form/sarap-sheet.h"

#define HOST_CLASS "sheet-host"

struct _SarapSheet
{
  GtkWidget parent_instance;

  GtkWidget *backdrop;
  GtkWidget *panel;
  GtkWidget *title;
  GtkWidget *close;
  GtkWidget *host;     /* weak */
  GtkWidget *returned; /* weak: gets the focus back */
};

G_DEFINE_FINAL_TYPE (SarapSheet, sarap_sheet, GTK_TYPE_WIDGET)

enum
{
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
cover (GtkWidget *host, gboolean is_covered)
{
  GtkWidget *child = gtk_overlay_get_child (GTK_OVERLAY (host));

  gtk_widget_set_can_focus (child, !is_covered);
  gtk_widget_set_can_target (child, !is_covered);
  gtk_accessible_update_state (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_STATE_HIDDEN, is_covered, -1);
}

static void
close_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sarap_sheet_close (SARAP_SHEET (widget));
}

static void
backdrop_cb (GtkGestureClick *gesture, int n_press, double x, double y, SarapSheet *self)
{
  sarap_sheet_close (self);
}

static void
sarap_sheet_dispose (GObject *object)
{
  SarapSheet *self = SARAP_SHEET (object);

  g_clear_weak_pointer (&self->host);
  g_clear_weak_pointer (&self->returned);
  g_clear_pointer (&self->backdrop, gtk_widget_unparent);
  g_clear_pointer (&self->panel, gtk_widget_unparent);
  G_OBJECT_CLASS (sarap_sheet_parent_class)->dispose (object);
}

static void
sarap_sheet_class_init (SarapSheetClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_sheet_dispose;
  signals[CLOSED] = g_signal_new ("closed", SARAP_TYPE_SHEET, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_install_action (widget_class, "sheet.close", NULL, close_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "sheet.close", NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "sheet");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_DIALOG);
}

static void
sarap_sheet_init (SarapSheet *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->backdrop = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_widget_add_css_class (self->backdrop, "sheet-backdrop");
  g_signal_connect_object (click, "released", G_CALLBACK (backdrop_cb), self, 0);
  gtk_widget_add_controller (self->backdrop, GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_parent (self->backdrop, GTK_WIDGET (self));

  self->title = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, "wrap", TRUE, "xalign", 0.0, "hexpand", TRUE, NULL);
  gtk_widget_add_css_class (self->title, "sheet-title");
  self->close = gtk_button_new_from_icon_name ("window-close-symbolic");
  gtk_widget_add_css_class (self->close, "flat");
  gtk_widget_set_valign (self->close, GTK_ALIGN_START);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->close), "sheet.close");
  gtk_box_append (GTK_BOX (head), self->title);
  gtk_box_append (GTK_BOX (head), self->close);

  self->panel = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->panel, "sheet-panel");
  gtk_widget_set_halign (self->panel, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->panel, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (self->panel), head);
  gtk_widget_set_parent (self->panel, GTK_WIDGET (self));
}

GtkWidget *
sarap_sheet_host_new (GtkWidget *child)
{
  GtkWidget *host = gtk_overlay_new ();

  gtk_widget_add_css_class (host, HOST_CLASS);
  gtk_overlay_set_child (GTK_OVERLAY (host), child);
  return host;
}

static GtkWidget *
find_host (GtkWidget *widget)
{
  while (widget != NULL && !gtk_widget_has_css_class (widget, HOST_CLASS))
    widget = gtk_widget_get_parent (widget);
  return widget;
}

/* Opens over the innermost host around @near, which gets the focus back on closing. Returns:
 * (transfer none): the sheet goes when it is closed. */
SarapSheet *
sarap_sheet_open (GtkWidget *near, const char *title, const char *close_name, GtkWidget *content)
{
  SarapSheet *self = g_object_new (SARAP_TYPE_SHEET, NULL);
  GtkWidget *host = find_host (near);

  g_set_weak_pointer (&self->host, host);
  g_set_weak_pointer (&self->returned, near);
  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_widget_set_tooltip_text (self->close, close_name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->close), GTK_ACCESSIBLE_PROPERTY_LABEL, close_name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_widget_set_vexpand (content, TRUE);
  gtk_box_append (GTK_BOX (self->panel), content);
  cover (host, TRUE);
  gtk_overlay_add_overlay (GTK_OVERLAY (host), GTK_WIDGET (self));
  gtk_widget_child_focus (content, GTK_DIR_TAB_FORWARD);
  return self;
}

void
sarap_sheet_close (SarapSheet *self)
{
  g_autoptr (SarapSheet) alive = g_object_ref (self);
  GtkWidget *host = self->host;

  if (host == NULL)
    return;
  g_clear_weak_pointer (&self->host);
  cover (host, FALSE);
  gtk_overlay_remove_overlay (GTK_OVERLAY (host), GTK_WIDGET (self));
  if (self->returned != NULL)
    gtk_widget_grab_focus (self->returned);
  g_signal_emit (self, signals[CLOSED], 0);
}

gboolean
sarap_sheet_host_close (GtkWidget *host)
{
  for (GtkWidget *child = gtk_widget_get_last_child (host); child != NULL; child = gtk_widget_get_prev_sibling (child))
    if (SARAP_IS_SHEET (child))
      {
        sarap_sheet_close (SARAP_SHEET (child));
        return TRUE;
      }
  return FALSE;
}
