#include "ui/common/sarap-pin-offer.h"

#include <glib/gi18n.h>

#include "app/store/sarap-store-records.h"
#include "ui/common/sarap-pin-screen.h"

#define DECLINED_KEY "lock.offered"

struct _SarapPinOffer
{
  GtkWidget parent_instance;

  GtkWidget *box;

  SarapContext *context;
};

G_DEFINE_FINAL_TYPE (SarapPinOffer, sarap_pin_offer, GTK_TYPE_WIDGET)

static void
pin_set (SarapWindow *window, gpointer data)
{
  sarap_window_toast (window, _ ("The new PIN is set"), NULL, NULL, NULL);
}

static void
choose_cb (SarapPinOffer *self)
{
  sarap_pin_ask (sarap_window_of (GTK_WIDGET (self)), SARAP_PIN_CHOOSE_OPENING, pin_set, NULL);
}

static void
decline_cb (SarapPinOffer *self)
{
  g_autoptr (GError) error = NULL;

  if (!sarap_store_set_setting (sarap_context_get_store (self->context), DECLINED_KEY, "1", &error))
    g_warning ("that no PIN is wanted was not kept: %s", error->message);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static gboolean
is_wanted (SarapPinOffer *self)
{
  const SarapRecordFilter all = { .state = -1 };
  SarapStore *store = sarap_context_get_store (self->context);
  g_autofree char *declined = sarap_store_dup_setting (store, DECLINED_KEY);

  return declined == NULL && !sarap_keyring_has_pin (sarap_store_get_keyring (store)) && sarap_store_count_records (store, &all, NULL) == 0;
}

static void
sarap_pin_offer_dispose (GObject *object)
{
  SarapPinOffer *self = SARAP_PIN_OFFER (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_pin_offer_parent_class)->dispose (object);
}

static void
sarap_pin_offer_class_init (SarapPinOfferClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_pin_offer_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static GtkWidget *
new_label (const char *text, const char *style)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0, "wrap", TRUE, NULL);

  gtk_widget_add_css_class (label, style);
  return label;
}

static void
append_button (SarapPinOffer *self, const char *label, const char *style, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  if (style != NULL)
    gtk_widget_add_css_class (button, style);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->box), button);
}

static void
sarap_pin_offer_init (SarapPinOffer *self)
{
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_set_css_classes (self->box, (const char *[]){ "card", "padded", NULL });
  gtk_box_append (GTK_BOX (texts), new_label (_ ("Protect the answers with a PIN?"), "headline"));
  gtk_box_append (GTK_BOX (texts), new_label (_ ("Without it, whoever takes this device can read your drafts. You can also set it later in the settings."), "quiet"));
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (self->box), texts);
  append_button (self, _ ("Not now"), "flat", G_CALLBACK (decline_cb));
  append_button (self, _ ("Choose a PIN"), NULL, G_CALLBACK (choose_cb));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
sarap_pin_offer_new (SarapContext *context)
{
  SarapPinOffer *self = g_object_new (SARAP_TYPE_PIN_OFFER, NULL);

  self->context = g_object_ref (context);
  sarap_pin_offer_update (self);
  return GTK_WIDGET (self);
}

void
sarap_pin_offer_update (SarapPinOffer *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), is_wanted (self));
}
