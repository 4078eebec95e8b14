#include "ui/supervisor/sarap-supervisor-home.h"

#include <glib/gi18n.h>

#include "sync/client/sarap-enrolment.h"
#include "ui/common/sarap-clamp.h"
#include "ui/common/sarap-sync-bar.h"
#include "ui/sarap-window.h"
#include "ui/supervisor/sarap-figures-view.h"
#include "ui/supervisor/sarap-received-list.h"
#include "ui/supervisor/sarap-review-screen.h"
#include "ui/supervisor/sarap-sign-in-screen.h"

struct _SarapSupervisorHome
{
  GtkWidget parent_instance;

  SarapContext *context;
  GtkStack *stack;
  GtkWidget *received; /* NULL until signed in */
  GtkLabel *number;
  guint count_source;
};

G_DEFINE_FINAL_TYPE (SarapSupervisorHome, sarap_supervisor_home, GTK_TYPE_WIDGET)

static gboolean
count_cb (gpointer data)
{
  SarapSupervisorHome *self = data;
  const SarapSubmissionFilter filter = { .review_state = SARAP_REVIEW_NONE };
  g_autofree char *text = g_strdup_printf ("%u", sarap_store_count_submissions (sarap_context_get_store (self->context), &filter, NULL));

  self->count_source = 0;
  gtk_label_set_label (self->number, text);
  return G_SOURCE_REMOVE;
}

/* A round brings many submissions in a row: counted once after all of them. */
static void
changed_cb (SarapSupervisorHome *self, SarapStoreTopic topic)
{
  if (topic == SARAP_STORE_TOPIC_RECEIVED && self->count_source == 0 && self->number != NULL)
    self->count_source = g_idle_add (count_cb, self);
}

static void
step_cb (SarapSupervisorHome *self, int step, SarapReviewScreen *screen)
{
  g_autoptr (SarapSubmission) neighbour = sarap_received_list_dup_neighbour (SARAP_RECEIVED_LIST (self->received), sarap_review_screen_get_id (screen), step);

  if (neighbour != NULL)
    sarap_review_screen_show (screen, neighbour);
  else
    sarap_window_toast (sarap_window_of (GTK_WIDGET (screen)), step > 0 ? _ ("This is the last record of the list.") : _ ("This is the first record of the list."), NULL, NULL, NULL);
}

static void
activated_cb (SarapSupervisorHome *self, SarapSubmission *submission)
{
  GtkWidget *screen = sarap_review_screen_new (self->context, submission);

  g_signal_connect_object (screen, "step", G_CALLBACK (step_cb), self, G_CONNECT_SWAPPED);
  sarap_window_push (sarap_window_of (GTK_WIDGET (self)), screen, _ ("Received record"));
}

static void
toggled_cb (SarapSupervisorHome *self, GtkToggleButton *button)
{
  if (gtk_toggle_button_get_active (button))
    gtk_stack_set_visible_child_name (self->stack, g_object_get_data (G_OBJECT (button), "page"));
}

static GtkToggleButton *
add_tab (SarapSupervisorHome *self, GtkBox *tabs, const char *page, const char *label, GtkWidget *top, GtkToggleButton *group)
{
  GtkToggleButton *button = GTK_TOGGLE_BUTTON (gtk_toggle_button_new ());
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  gtk_widget_add_css_class (top, "big-number");
  gtk_widget_set_vexpand (top, TRUE);
  gtk_box_append (GTK_BOX (box), top);
  gtk_box_append (GTK_BOX (box), gtk_label_new (label));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (GTK_WIDGET (button), "tab");
  gtk_toggle_button_set_group (button, group);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data (G_OBJECT (button), "page", (gpointer) page);
  g_signal_connect_object (button, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (tabs, GTK_WIDGET (button));
  return button;
}

static GtkWidget *
new_tabs (SarapSupervisorHome *self)
{
  GtkWidget *tabs = g_object_new (GTK_TYPE_BOX, "spacing", 12, "homogeneous", TRUE, "vexpand", FALSE, NULL);
  GtkToggleButton *first;

  self->number = GTK_LABEL (gtk_label_new (NULL));
  first = add_tab (self, GTK_BOX (tabs), "received", _ ("To review"), GTK_WIDGET (self->number), NULL);
  add_tab (self, GTK_BOX (tabs), "figures", _ ("Indicators"), g_object_new (GTK_TYPE_IMAGE, "icon-name", "sarap-chart-symbolic", "pixel-size", 28, NULL), first);
  gtk_toggle_button_set_active (first, TRUE);
  return tabs;
}

static void
show_work (SarapSupervisorHome *self)
{
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 20, "margin-top", 20, "margin-bottom", 20, "margin-start", 24, "margin-end", 24, NULL);
  GtkWidget *old = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_pointer (&old, gtk_widget_unparent);
  self->stack = GTK_STACK (g_object_new (GTK_TYPE_STACK, "vexpand", TRUE, NULL));
  self->received = sarap_received_list_new (self->context);
  g_signal_connect_object (self->received, "activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  gtk_stack_add_named (self->stack, self->received, "received");
  gtk_stack_add_named (self->stack, sarap_figures_view_new (self->context), "figures");
  gtk_box_append (GTK_BOX (box), sarap_sync_bar_new (self->context));
  gtk_box_append (GTK_BOX (box), new_tabs (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  gtk_widget_set_parent (sarap_clamp_new (box, 1040), GTK_WIDGET (self));
  count_cb (self);
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SarapSupervisorHome *self = SARAP_SUPERVISOR_HOME (widget);

  if (self->received == NULL)
    return;
  gtk_stack_set_visible_child_name (self->stack, "received");
  sarap_received_list_search (SARAP_RECEIVED_LIST (self->received));
}

static void
sarap_supervisor_home_dispose (GObject *object)
{
  SarapSupervisorHome *self = SARAP_SUPERVISOR_HOME (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_handle_id (&self->count_source, g_source_remove);
  self->number = NULL;
  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_supervisor_home_parent_class)->dispose (object);
}

static void
sarap_supervisor_home_class_init (SarapSupervisorHomeClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_supervisor_home_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (class), "screen.search", NULL, search_action);
}

static void
sarap_supervisor_home_init (SarapSupervisorHome *self)
{
}

GtkWidget *
sarap_supervisor_home_new (SarapContext *context)
{
  SarapSupervisorHome *self = g_object_new (SARAP_TYPE_SUPERVISOR_HOME, NULL);
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_load_supervisor (sarap_context_get_store (context));

  self->context = g_object_ref (context);
  g_signal_connect_object (sarap_context_get_store (context), "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  if (enrolment != NULL)
    show_work (self);
  else
    {
      GtkWidget *sign_in = sarap_sign_in_screen_new (context);

      g_signal_connect_object (sign_in, "signed-in", G_CALLBACK (show_work), self, G_CONNECT_SWAPPED);
      gtk_widget_set_parent (sign_in, GTK_WIDGET (self));
    }
  return GTK_WIDGET (self);
}
