#include "ui/kiosk/sarap-kiosk-attract.h"

#include "app/form/sarap-form.h"
#include "ui/common/sarap-clamp.h"
#include "ui/common/sarap-words.h"

struct _SarapKioskAttract
{
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (SarapKioskAttract, sarap_kiosk_attract, GTK_TYPE_WIDGET)

static guint start_signal;

/* Read by people who have not chosen a language yet: each line is in its own, none is translated. */
static const struct
{
  const char *code;
  const char *name;
  const char *invitation;
} languages[] = {
  { "kk", "Қазақша", "Пікіріңізді айтыңыз" },
  { "ru", "Русский", "Оставьте отзыв" },
  { "en", "English", "Tell us how it was" },
};

static void
start_cb (GtkWidget *button, SarapKioskAttract *self)
{
  g_signal_emit (self, start_signal, 0, g_object_get_data (G_OBJECT (button), "code"));
}

static void
sarap_kiosk_attract_dispose (GObject *object)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (object));

  g_clear_pointer (&child, gtk_widget_unparent);
  G_OBJECT_CLASS (sarap_kiosk_attract_parent_class)->dispose (object);
}

static void
sarap_kiosk_attract_class_init (SarapKioskAttractClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_kiosk_attract_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  start_signal = g_signal_new ("start", SARAP_TYPE_KIOSK_ATTRACT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
sarap_kiosk_attract_init (SarapKioskAttract *self)
{
}

static GtkWidget *
new_button (SarapKioskAttract *self, const char *code, const char *name, const char *invitation)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *first = gtk_label_new (name);
  GtkWidget *second = gtk_label_new (invitation);

  gtk_widget_add_css_class (first, "kiosk-language");
  gtk_box_append (GTK_BOX (box), first);
  gtk_box_append (GTK_BOX (box), second);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "suggested-action");
  gtk_widget_add_css_class (button, "kiosk-start");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, invitation, -1);
  g_object_set_data_full (G_OBJECT (button), "code", g_strdup (code), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (start_cb), self, G_CONNECT_DEFAULT);
  return button;
}

static GtkWidget *
new_smiles (void)
{
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "spacing", 20, "halign", GTK_ALIGN_CENTER, "margin-bottom", 16, NULL);

  for (int i = 5; i >= 1; i--)
    {
      g_autofree char *name = g_strdup_printf ("sarap-face-%d-symbolic", i);
      GtkWidget *image = gtk_image_new_from_icon_name (name);

      gtk_image_set_pixel_size (GTK_IMAGE (image), 88);
      gtk_widget_add_css_class (image, "kiosk-picture");
      gtk_box_append (GTK_BOX (box), image);
    }
  return box;
}

/* What a form with a title in three languages asks needs no heading beside the buttons. */
static gboolean
is_title_in (const char *title, const char *code, char **part)
{
  *part = sarap_form_dup_title_part (title, code);
  return !g_str_equal (*part, title);
}

static void
append_language (SarapKioskAttract *self, GtkBox *box, guint i, const char *title)
{
  g_autofree char *part = NULL;
  gboolean has_part = is_title_in (title, languages[i].code, &part);

  gtk_box_append (box, new_button (self, languages[i].code, languages[i].name, has_part ? part : languages[i].invitation));
}

/* Languages that the form does not speak are not offered; a form without any is offered in all of the application's. */
GtkWidget *
sarap_kiosk_attract_new (SarapForm *form)
{
  SarapKioskAttract *self = g_object_new (SARAP_TYPE_KIOSK_ATTRACT, NULL);
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 24, "valign", GTK_ALIGN_CENTER, "vexpand", TRUE, "margin-start", 32, "margin-end", 32, NULL);
  GtkWidget *title = g_object_new (GTK_TYPE_LABEL, "label", sarap_form_get_title (form), "wrap", TRUE, "justify", GTK_JUSTIFY_CENTER, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, NULL);
  g_autofree char *part = NULL;
  gboolean speaks_any = *sarap_form_get_languages (form) != NULL;

  gtk_widget_add_css_class (title, "kiosk-title");
  gtk_widget_set_visible (title, !is_title_in (sarap_form_get_title (form), "en", &part));
  gtk_box_append (GTK_BOX (box), new_smiles ());
  gtk_box_append (GTK_BOX (box), title);
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    if (!speaks_any || sarap_form_find_language (form, languages[i].code) != NULL)
      append_language (self, GTK_BOX (box), i, sarap_form_get_title (form));
  gtk_widget_set_parent (sarap_clamp_new (box, 760), GTK_WIDGET (self));
  return GTK_WIDGET (self);
}
