#include "ui/common/sarap-text-prompt.h"

#include "ui/common/sarap-clamp.h"

struct _SarapTextPrompt
{
  GtkWidget parent_instance;

  GtkWidget *clamp;
  GtkWidget *entry;
  GtkWidget *go;
};

G_DEFINE_FINAL_TYPE (SarapTextPrompt, sarap_text_prompt, GTK_TYPE_WIDGET)

enum
{
  GIVEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static char *
dup_text (SarapTextPrompt *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));
}

static void
changed_cb (SarapTextPrompt *self)
{
  g_autofree char *text = dup_text (self);

  gtk_widget_set_sensitive (self->go, text[0] != '\0');
}

static void
go_cb (SarapTextPrompt *self)
{
  g_autofree char *text = dup_text (self);

  if (text[0] != '\0')
    g_signal_emit (self, signals[GIVEN], 0, text);
}

static void
sarap_text_prompt_dispose (GObject *object)
{
  g_clear_pointer (&SARAP_TEXT_PROMPT (object)->clamp, gtk_widget_unparent);
  G_OBJECT_CLASS (sarap_text_prompt_parent_class)->dispose (object);
}

static gboolean
sarap_text_prompt_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (SARAP_TEXT_PROMPT (widget)->entry);
}

static void
sarap_text_prompt_class_init (SarapTextPromptClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_text_prompt_dispose;
  widget_class->grab_focus = sarap_text_prompt_grab_focus;
  signals[GIVEN] = g_signal_new ("given", SARAP_TYPE_TEXT_PROMPT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
sarap_text_prompt_init (SarapTextPrompt *self)
{
}

GtkWidget *
sarap_text_prompt_new (const char *question, const char *explanation, const char *button)
{
  SarapTextPrompt *self = g_object_new (SARAP_TYPE_TEXT_PROMPT, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *heading = g_object_new (GTK_TYPE_LABEL, "label", question, "wrap", TRUE, "xalign", 0.0, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, NULL);
  GtkWidget *body = g_object_new (GTK_TYPE_LABEL, "label", explanation, "wrap", TRUE, "xalign", 0.0, NULL);

  gtk_widget_add_css_class (heading, "heading");
  gtk_widget_add_css_class (body, "quiet");
  self->entry = gtk_entry_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, question, GTK_ACCESSIBLE_PROPERTY_REQUIRED, TRUE, -1);
  self->go = gtk_button_new_with_label (button);
  gtk_widget_add_css_class (self->go, "suggested-action");
  gtk_widget_add_css_class (self->go, "primary");
  gtk_widget_set_halign (self->go, GTK_ALIGN_END);
  g_signal_connect_object (self->entry, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "activate", G_CALLBACK (go_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->go, "clicked", G_CALLBACK (go_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self);
  gtk_widget_add_css_class (box, "text-prompt");
  gtk_box_append (GTK_BOX (box), heading);
  gtk_box_append (GTK_BOX (box), body);
  gtk_box_append (GTK_BOX (box), self->entry);
  gtk_box_append (GTK_BOX (box), self->go);
  self->clamp = sarap_clamp_new (box, 560);
  gtk_widget_set_parent (self->clamp, GTK_WIDGET (self));
  return GTK_WIDGET (self);
}
