#include "ui/common/sarap-dialog.h"

typedef struct
{
  SarapDialogFunc callback;
  gpointer data;
  int answer;
} Question;

static void
destroy_cb (GtkWidget *dialog, Question *question)
{
  if (question->callback != NULL)
    question->callback (question->answer, question->data);
}

static void
button_cb (GtkWidget *button, Question *question)
{
  question->answer = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "index"));
  gtk_window_destroy (GTK_WINDOW (gtk_widget_get_root (button)));
}

static gboolean
escape_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  gtk_window_close (GTK_WINDOW (widget));
  return TRUE;
}

static void
close_on_escape (GtkWidget *dialog)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys), gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_callback_action_new (escape_cb, NULL, NULL)));
  gtk_widget_add_controller (dialog, keys);
}

static GtkWidget *
new_label (const char *text, const char *css_class, GtkAccessibleRole role)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "wrap", TRUE, "xalign", 0.0, "max-width-chars", 50, "accessible-role", role, NULL);

  gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
new_buttons (const char *const *names, int destructive, Question *question, GtkWidget **last)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_box_set_homogeneous (GTK_BOX (box), TRUE);
  for (int i = 0; names[i] != NULL; i++)
    {
      GtkWidget *button = gtk_button_new_with_label (names[i]);

      g_object_set_data (G_OBJECT (button), "index", GINT_TO_POINTER (i));
      if (i == destructive)
        gtk_widget_add_css_class (button, "destructive-action");
      else if (names[i + 1] == NULL)
        gtk_widget_add_css_class (button, "suggested-action");
      g_signal_connect (button, "clicked", G_CALLBACK (button_cb), question);
      gtk_box_append (GTK_BOX (box), button);
      *last = button;
    }
  return box;
}

/* A modal window over @parent. The last button is the one that Enter presses, unless a button is
 * @destructive: then none is, and the first has the focus. @callback comes once, after the window is gone. */
GtkWidget *
sarap_dialog_new (GtkWindow *parent, const char *heading, const char *body, const char *const *buttons, int destructive, SarapDialogFunc callback, gpointer data)
{
  GtkWidget *dialog = g_object_new (GTK_TYPE_WINDOW, "transient-for", parent, "modal", TRUE, "resizable", FALSE, "decorated", FALSE, "title", heading, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT_DIALOG, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  Question *question = g_new0 (Question, 1);
  GtkWidget *last = NULL;
  GtkWidget *row;

  *question = (Question){ callback, data, -1 };
  g_signal_connect_data (dialog, "destroy", G_CALLBACK (destroy_cb), question, (GClosureNotify) (void (*) (void)) g_free, 0);
  gtk_widget_add_css_class (dialog, "sarap-dialog");
  gtk_box_append (GTK_BOX (box), new_label (heading, "heading", GTK_ACCESSIBLE_ROLE_HEADING));
  if (body != NULL)
    gtk_box_append (GTK_BOX (box), new_label (body, "body", GTK_ACCESSIBLE_ROLE_LABEL));
  row = new_buttons (buttons, destructive, question, &last);
  gtk_box_append (GTK_BOX (box), row);
  gtk_window_set_child (GTK_WINDOW (dialog), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (dialog), GTK_ACCESSIBLE_PROPERTY_LABEL, heading, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, body != NULL ? body : "", -1);
  close_on_escape (dialog);
  gtk_widget_grab_focus (destructive < 0 ? last : gtk_widget_get_first_child (row));
  return dialog;
}
