#include "ui/form/sarap-choice-button.h"

#include "ui/form/sarap-form-text.h"

struct _SarapChoiceButton
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkWidget *mark;
  GtkWidget *picture;
  GtkWidget *icon;
  GtkWidget *label;
  char *text;
  char *value;
  SarapChoiceShape shape;
  gboolean is_checked;
};

G_DEFINE_FINAL_TYPE (SarapChoiceButton, sarap_choice_button, GTK_TYPE_WIDGET)

enum
{
  SELECTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
is_radio (SarapChoiceButton *self)
{
  return gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (self)) == GTK_ACCESSIBLE_ROLE_RADIO;
}

static void
select_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[SELECTED], 0);
}

/* Enter chooses; where there is nothing more to choose it goes on to what follows. */
static gboolean
enter_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  SarapChoiceButton *self = SARAP_CHOICE_BUTTON (widget);

  if (!is_radio (self) || self->is_checked)
    return gtk_widget_activate_action (widget, "page.enter", NULL);
  g_signal_emit (self, signals[SELECTED], 0);
  return TRUE;
}

static void
released_cb (GtkGestureClick *gesture, int n_press, double x, double y, SarapChoiceButton *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_unset_state_flags (widget, GTK_STATE_FLAG_ACTIVE);
  if (!gtk_widget_contains (widget, x, y))
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_grab_focus (widget);
  g_signal_emit (self, signals[SELECTED], 0);
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, SarapChoiceButton *self)
{
  gtk_widget_set_state_flags (GTK_WIDGET (self), GTK_STATE_FLAG_ACTIVE, FALSE);
}

static void
cancel_cb (GtkGesture *gesture, GdkEventSequence *sequence, SarapChoiceButton *self)
{
  gtk_widget_unset_state_flags (GTK_WIDGET (self), GTK_STATE_FLAG_ACTIVE);
}

static void
sarap_choice_button_dispose (GObject *object)
{
  SarapChoiceButton *self = SARAP_CHOICE_BUTTON (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (sarap_choice_button_parent_class)->dispose (object);
}

static void
sarap_choice_button_finalize (GObject *object)
{
  SarapChoiceButton *self = SARAP_CHOICE_BUTTON (object);

  g_free (self->text);
  g_free (self->value);
  G_OBJECT_CLASS (sarap_choice_button_parent_class)->finalize (object);
}

static void
sarap_choice_button_class_init (SarapChoiceButtonClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  const guint enter_keys[] = { GDK_KEY_Return, GDK_KEY_KP_Enter, GDK_KEY_ISO_Enter };

  object_class->dispose = sarap_choice_button_dispose;
  object_class->finalize = sarap_choice_button_finalize;
  signals[SELECTED] = g_signal_new ("selected", SARAP_TYPE_CHOICE_BUTTON, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "choice.select", NULL, select_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_space, 0, "choice.select", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Space, 0, "choice.select", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (enter_keys); i++)
    gtk_widget_class_add_binding (widget_class, enter_keys[i], 0, enter_cb, NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "choice");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_RADIO);
}

static GtkWidget *
new_decoration (GType type, const char *css_class)
{
  GtkWidget *widget = g_object_new (type, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_widget_add_css_class (widget, css_class);
  gtk_widget_set_halign (widget, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  return widget;
}

static void
sarap_choice_button_init (SarapChoiceButton *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  self->mark = new_decoration (GTK_TYPE_IMAGE, "mark");
  self->picture = new_decoration (GTK_TYPE_PICTURE, "choice-picture");
  self->icon = new_decoration (GTK_TYPE_IMAGE, "choice-icon");
  self->label = new_decoration (GTK_TYPE_LABEL, "choice-label");
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_visible (self->picture, FALSE);
  gtk_widget_set_visible (self->icon, FALSE);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), self, 0);
  g_signal_connect_object (click, "released", G_CALLBACK (released_cb), self, 0);
  g_signal_connect_object (click, "cancel", G_CALLBACK (cancel_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

static void
build (SarapChoiceButton *self, SarapChoiceShape shape)
{
  GtkWidget *order[] = { self->mark, self->icon, self->picture, self->label };

  self->shape = shape;
  if (shape == SARAP_CHOICE_ROW)
    {
      gtk_label_set_xalign (GTK_LABEL (self->label), 0);
      gtk_widget_set_hexpand (self->label, TRUE);
      gtk_widget_set_halign (self->label, GTK_ALIGN_FILL);
    }
  else
    {
      gtk_orientable_set_orientation (GTK_ORIENTABLE (self->box), GTK_ORIENTATION_VERTICAL);
      gtk_label_set_justify (GTK_LABEL (self->label), GTK_JUSTIFY_CENTER);
      gtk_widget_set_valign (self->box, GTK_ALIGN_CENTER);
    }
  if (shape == SARAP_CHOICE_COLUMN)
    {
      order[0] = self->icon;
      order[1] = self->picture;
      order[2] = self->label;
      order[3] = self->mark;
    }
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    gtk_box_append (GTK_BOX (self->box), order[i]);
  gtk_widget_set_visible (self->mark, shape != SARAP_CHOICE_TILE);
  gtk_widget_add_css_class (GTK_WIDGET (self), shape == SARAP_CHOICE_ROW ? "row" : shape == SARAP_CHOICE_COLUMN ? "column"
                                                                                                                : "tile");
  gtk_widget_add_css_class (self->mark, is_radio (self) ? "radio" : "check");
  if (!is_radio (self))
    gtk_image_set_from_icon_name (GTK_IMAGE (self->mark), "sarap-check-symbolic");
}

GtkWidget *
sarap_choice_button_new (GtkAccessibleRole role, SarapChoiceShape shape)
{
  SarapChoiceButton *self = g_object_new (SARAP_TYPE_CHOICE_BUTTON, "accessible-role", role, NULL);

  build (self, shape);
  sarap_choice_button_set_checked (self, FALSE);
  return GTK_WIDGET (self);
}

/* @label: Markdown, as labels of forms are. */
void
sarap_choice_button_set_label (SarapChoiceButton *self, const char *label)
{
  g_autofree char *markup = sarap_markdown_to_pango (label);

  g_free (self->text);
  self->text = sarap_markdown_to_plain (label);
  gtk_label_set_markup (GTK_LABEL (self->label), markup);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->text, -1);
}

const char *
sarap_choice_button_get_label (SarapChoiceButton *self)
{
  return self->text;
}

/* The accessible name stays. */
void
sarap_choice_button_set_label_visible (SarapChoiceButton *self, gboolean is_visible)
{
  gtk_widget_set_visible (self->label, is_visible);
}

void
sarap_choice_button_set_icon_name (SarapChoiceButton *self, const char *icon_name)
{
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), icon_name);
  gtk_widget_set_visible (self->icon, icon_name != NULL);
  if (self->shape == SARAP_CHOICE_TILE) /* faces stay in one line whatever their words need */
    gtk_widget_set_valign (self->box, icon_name != NULL ? GTK_ALIGN_START : GTK_ALIGN_CENTER);
}

void
sarap_choice_button_set_paintable (SarapChoiceButton *self, GdkPaintable *paintable)
{
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), paintable);
  gtk_widget_set_visible (self->picture, paintable != NULL);
}

void
sarap_choice_button_set_value (SarapChoiceButton *self, const char *value)
{
  sarap_replace_string (&self->value, value);
}

const char *
sarap_choice_button_get_value (SarapChoiceButton *self)
{
  return self->value;
}

void
sarap_choice_button_set_checked (SarapChoiceButton *self, gboolean is_checked)
{
  self->is_checked = is_checked;
  if (is_checked)
    gtk_widget_set_state_flags (GTK_WIDGET (self), GTK_STATE_FLAG_CHECKED, FALSE);
  else
    gtk_widget_unset_state_flags (GTK_WIDGET (self), GTK_STATE_FLAG_CHECKED);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_CHECKED, is_checked ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE, -1);
}

gboolean
sarap_choice_button_get_checked (SarapChoiceButton *self)
{
  return self->is_checked;
}
