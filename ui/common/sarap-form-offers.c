#include "ui/common/sarap-form-offers.h"

#include <glib/gi18n.h>

#include "app/form/sarap-form.h"
#include "app/store/sarap-store-forms.h"
#include "ui/common/sarap-empty-state.h"
#include "ui/common/sarap-words.h"

struct _SarapFormOffers
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  SarapContext *context;
  SarapRole role;
  char *start_label;
  GPtrArray *form_ids; /* in the order of the cards */
  char *shown;         /* what the cards say, NULL before the first */
  gboolean is_second;
};

G_DEFINE_FINAL_TYPE (SarapFormOffers, sarap_form_offers, GTK_TYPE_WIDGET)

static guint start_signal;

static void
start_cb (GtkWidget *button, SarapFormOffers *self)
{
  g_signal_emit (self, start_signal, 0, g_object_get_data (G_OBJECT (button), "form-id"));
}

static GtkWidget *
new_start_button (SarapFormOffers *self, const SarapFormEntry *form, gboolean is_first)
{
  GtkWidget *button = gtk_button_new_with_label (self->start_label);
  g_autofree char *title = sarap_form_dup_title_part (form->title, sarap_context_get_language (self->context));

  if (is_first)
    {
      gtk_widget_add_css_class (button, "primary");
      gtk_widget_add_css_class (button, "suggested-action");
    }
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, self->start_label, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, title, -1);
  g_object_set_data_full (G_OBJECT (button), "form-id", g_strdup (form->id), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (start_cb), self, G_CONNECT_DEFAULT);
  return button;
}

static GtkWidget *
new_card (SarapFormOffers *self, const SarapFormEntry *form, gboolean is_first)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 20);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  g_autofree char *words = sarap_form_dup_title_part (form->title, sarap_context_get_language (self->context));
  GtkWidget *title = g_object_new (GTK_TYPE_LABEL, "label", words, "wrap", TRUE, "xalign", 0.0, NULL);
  g_autofree char *version = *form->version != '\0' ? g_strdup_printf (_ ("Version %s"), form->version) : NULL;

  gtk_widget_add_css_class (title, "heading");
  gtk_box_append (GTK_BOX (texts), title);
  if (version != NULL)
    {
      GtkWidget *line = g_object_new (GTK_TYPE_LABEL, "label", version, "xalign", 0.0, NULL);

      gtk_widget_add_css_class (line, "quiet");
      gtk_widget_add_css_class (line, "small");
      gtk_box_append (GTK_BOX (texts), line);
    }
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (card), texts);
  gtk_box_append (GTK_BOX (card), new_start_button (self, form, is_first));
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "padded");
  return card;
}

static GtkWidget *
new_nothing (void)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Open settings"));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "go.settings");
  gtk_widget_add_css_class (button, "suggested-action");
  return sarap_empty_state_new ("folder-documents-symbolic", _ ("No questionnaires yet"), _ ("They come with the first synchronising, or an administrator adds them from a file."), button);
}

static GPtrArray *
list_offers (SarapFormOffers *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) forms = sarap_store_list_forms (sarap_context_get_store (self->context), TRUE, &error);
  GPtrArray *offers = g_ptr_array_new ();

  if (forms == NULL)
    {
      g_warning ("forms were not listed: %s", error->message);
      return offers;
    }
  g_ptr_array_set_free_func (offers, (GDestroyNotify) sarap_form_entry_free);
  g_ptr_array_set_free_func (forms, NULL);
  for (guint i = 0; i < forms->len; i++)
    {
      SarapFormEntry *form = g_ptr_array_index (forms, i);

      if (!form->is_hidden && sarap_context_offers_form (self->context, form->id, self->role))
        g_ptr_array_add (offers, form);
      else
        sarap_form_entry_free (form);
    }
  return offers;
}

static char *
dup_words (GPtrArray *offers)
{
  g_autoptr (GString) words = g_string_new (NULL);

  for (guint i = 0; i < offers->len; i++)
    {
      const SarapFormEntry *form = g_ptr_array_index (offers, i);

      g_string_append_printf (words, "%s\n%s\n%s\n", form->id, form->version, form->title);
    }
  return g_string_free (g_steal_pointer (&words), FALSE);
}

/* Cards that say the same stay: a round with the server changes settings, and a button that is
 * replaced while it is pressed does nothing. */
static void
update (SarapFormOffers *self)
{
  g_autoptr (GPtrArray) offers = list_offers (self);
  g_autofree char *words = dup_words (offers);
  GtkWidget *box;

  if (g_strcmp0 (words, self->shown) == 0)
    return;
  g_free (self->shown);
  self->shown = g_steal_pointer (&words);
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  g_ptr_array_set_size (self->form_ids, 0);
  for (guint i = 0; i < offers->len; i++)
    {
      const SarapFormEntry *form = g_ptr_array_index (offers, i);

      g_ptr_array_add (self->form_ids, g_strdup (form->id));
      gtk_box_append (GTK_BOX (box), new_card (self, form, i == 0 && !self->is_second));
    }
  if (offers->len == 0)
    gtk_box_append (GTK_BOX (box), new_nothing ());
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), box);
}

static void
changed_cb (SarapFormOffers *self, SarapStoreTopic topic)
{
  if (topic == SARAP_STORE_TOPIC_FORMS || topic == SARAP_STORE_TOPIC_SETTINGS)
    update (self);
}

static void
sarap_form_offers_dispose (GObject *object)
{
  SarapFormOffers *self = SARAP_FORM_OFFERS (object);

  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_form_offers_parent_class)->dispose (object);
}

static void
sarap_form_offers_finalize (GObject *object)
{
  SarapFormOffers *self = SARAP_FORM_OFFERS (object);

  g_free (self->start_label);
  g_free (self->shown);
  g_ptr_array_unref (self->form_ids);
  G_OBJECT_CLASS (sarap_form_offers_parent_class)->finalize (object);
}

static void
sarap_form_offers_class_init (SarapFormOffersClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_form_offers_dispose;
  G_OBJECT_CLASS (class)->finalize = sarap_form_offers_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  start_signal = g_signal_new ("start", SARAP_TYPE_FORM_OFFERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
sarap_form_offers_init (SarapFormOffers *self)
{
  self->form_ids = g_ptr_array_new_with_free_func (g_free);
  self->scroller = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER, "focusable", FALSE, NULL);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

/* @start_label: "Start visit" */
GtkWidget *
sarap_form_offers_new (SarapContext *context, SarapRole role, const char *start_label)
{
  SarapFormOffers *self = g_object_new (SARAP_TYPE_FORM_OFFERS, NULL);

  self->context = g_object_ref (context);
  self->role = role;
  self->start_label = g_strdup (start_label);
  g_signal_connect_object (sarap_context_get_store (context), "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

/* Starts the only form there is; with several, leads to the first. */
void
sarap_form_offers_start_first (SarapFormOffers *self)
{
  if (self->form_ids->len == 1)
    g_signal_emit (self, start_signal, 0, g_ptr_array_index (self->form_ids, 0));
  else
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

/* @is_second: something else on the screen is suggested, so no form is. */
void
sarap_form_offers_set_second (SarapFormOffers *self, gboolean is_second)
{
  if (self->is_second == is_second)
    return;
  self->is_second = is_second;
  g_clear_pointer (&self->shown, g_free);
  update (self);
}
