#include "ui/common/sarap-kiosk-settings-screen.h"

#include <glib/gi18n.h>

#include "app/form/sarap-form.h"
#include "app/store/sarap-store-forms.h"
#include "ui/common/sarap-rows.h"
#include "ui/common/sarap-words.h"

struct _SarapKioskSettingsScreen
{
  GtkWidget parent_instance;

  SarapContext *context;
};

G_DEFINE_FINAL_TYPE (SarapKioskSettingsScreen, sarap_kiosk_settings_screen, GTK_TYPE_WIDGET)

static void
add_entry (SarapKioskSettingsScreen *self, GtkWidget *rows, const char *title, const char *subtitle, const char *key)
{
  GtkWidget *entry = gtk_entry_new ();

  g_settings_bind (sarap_context_get_settings (self->context), key, entry, "text", G_SETTINGS_BIND_DEFAULT);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  sarap_rows_add (rows, title, subtitle, entry);
}

static void
form_cb (GtkCheckButton *check, SarapKioskSettingsScreen *self)
{
  if (gtk_check_button_get_active (check))
    g_settings_set_string (sarap_context_get_settings (self->context), "kiosk-form", g_object_get_data (G_OBJECT (check), "form-id"));
}

static void
add_forms (SarapKioskSettingsScreen *self, GtkBox *page)
{
  g_autoptr (GPtrArray) forms = sarap_store_list_forms (sarap_context_get_store (self->context), TRUE, NULL);
  g_autofree char *chosen = g_settings_get_string (sarap_context_get_settings (self->context), "kiosk-form");
  GtkWidget *rows = sarap_rows_new (_ ("Questionnaire for visitors"), page);
  GtkCheckButton *first = NULL;

  for (guint i = 0; forms != NULL && i < forms->len; i++)
    {
      const SarapFormEntry *form = g_ptr_array_index (forms, i);
      g_autofree char *title = sarap_form_dup_title_part (form->title, sarap_context_get_language (self->context));
      GtkWidget *check = g_object_new (GTK_TYPE_CHECK_BUTTON, "accessible-role", GTK_ACCESSIBLE_ROLE_RADIO, "active", g_str_equal (form->id, chosen), NULL);

      gtk_check_button_set_group (GTK_CHECK_BUTTON (check), first);
      if (first == NULL)
        first = GTK_CHECK_BUTTON (check);
      g_object_set_data_full (G_OBJECT (check), "form-id", g_strdup (form->id), g_free);
      gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
      g_signal_connect_object (check, "toggled", G_CALLBACK (form_cb), self, G_CONNECT_DEFAULT);
      sarap_rows_add (rows, title, form->id, check);
    }
  if (forms == NULL || forms->len == 0)
    sarap_rows_add (rows, _ ("No questionnaires yet"), NULL, NULL);
}

static void
sarap_kiosk_settings_screen_dispose (GObject *object)
{
  SarapKioskSettingsScreen *self = SARAP_KIOSK_SETTINGS_SCREEN (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_kiosk_settings_screen_parent_class)->dispose (object);
}

static void
sarap_kiosk_settings_screen_class_init (SarapKioskSettingsScreenClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_kiosk_settings_screen_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
sarap_kiosk_settings_screen_init (SarapKioskSettingsScreen *self)
{
}

GtkWidget *
sarap_kiosk_settings_screen_new (SarapContext *context)
{
  SarapKioskSettingsScreen *self = g_object_new (SARAP_TYPE_KIOSK_SETTINGS_SCREEN, NULL);
  GtkBox *page = sarap_rows_new_page (GTK_WIDGET (self), NULL);
  GtkWidget *rows;

  self->context = g_object_ref (context);
  add_forms (self, page);
  rows = sarap_rows_new (_ ("This kiosk"), page);
  add_entry (self, rows, _ ("Number of the kiosk"), _ ("Answers the hidden question kiosk_id"), "kiosk-id");
  add_entry (self, rows, _ ("Centre"), _ ("Answers the hidden question centre"), "kiosk-centre");
  return GTK_WIDGET (self);
}
