#include "ui/common/sarap-home.h"

#include <glib/gi18n.h>

#include "app/store/sarap-store-records.h"
#include "ui/common/sarap-clamp.h"
#include "ui/common/sarap-form-offers.h"
#include "ui/common/sarap-pin-offer.h"
#include "ui/common/sarap-record-screen.h"
#include "ui/common/sarap-record-section.h"
#include "ui/common/sarap-resume-card.h"
#include "ui/common/sarap-space-notice.h"
#include "ui/common/sarap-sync-bar.h"
#include "ui/sarap-filling.h"

#define N_SECTIONS 4

struct _SarapHome
{
  GtkWidget parent_instance;

  GtkWidget *clamp;
  GtkBox *box;
  GtkBox *tabs;
  GtkStack *sections;

  SarapContext *context;
  SarapHomeWords words;         /* borrowed: the catalogue keeps its strings */
  GtkWidget *pages[N_SECTIONS]; /* NULL until it is shown first: the start waits for none of the lists */
  GtkWidget *card;
  GtkWidget *offers;
  GtkWidget *pin_offer;
  char *hidden; /* id of a draft that waits to be deleted */
  GtkToggleButton *buttons[N_SECTIONS];
  GtkLabel *numbers[N_SECTIONS]; /* NULL for the first */
  guint count_source;
};

G_DEFINE_FINAL_TYPE (SarapHome, sarap_home, GTK_TYPE_WIDGET)

static const char *const headings[N_SECTIONS] = { N_ ("To do"), N_ ("Drafts"), N_ ("Ready to send"), N_ ("Sent") };
static const SarapRecordState states[N_SECTIONS] = { 0, SARAP_RECORD_DRAFT, SARAP_RECORD_FINALIZED, SARAP_RECORD_SENT };

static void
update_number (SarapHome *self, int section)
{
  SarapRecordFilter filter = { .owner = sarap_role_to_string (self->words.role), .state = states[section] };
  guint n = sarap_store_count_records (sarap_context_get_store (self->context), &filter, NULL);
  g_autofree char *number = g_strdup_printf ("%u", n);
  g_autofree char *name = g_strdup_printf ("%s: %u", _ (headings[section]), n);

  gtk_label_set_label (self->numbers[section], number);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->buttons[section]), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
update (SarapHome *self)
{
  for (int i = SARAP_HOME_DRAFTS; i < N_SECTIONS; i++)
    update_number (self, i);
  sarap_resume_card_update (SARAP_RESUME_CARD (self->card), self->hidden);
  sarap_pin_offer_update (SARAP_PIN_OFFER (self->pin_offer));
}

static gboolean
count_cb (gpointer data)
{
  SarapHome *self = data;

  self->count_source = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

/* A round with the server changes many records in a row: counted once after all of them. */
static void
changed_cb (SarapHome *self, SarapStoreTopic topic)
{
  if (topic == SARAP_STORE_TOPIC_RECORDS && self->count_source == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->count_source = g_timeout_add (100, count_cb, self);
}

static void
activated_cb (SarapHome *self, SarapRecord *record)
{
  SarapWindow *window = sarap_window_of (GTK_WIDGET (self));

  if (sarap_record_get_state (record) != SARAP_RECORD_DRAFT)
    {
      sarap_record_screen_open (window, record);
      return;
    }
  sarap_resume_card_take_up (SARAP_RESUME_CARD (self->card), sarap_record_get_id (record));
  sarap_filling_resume (window, sarap_record_get_id (record));
}

static void
hidden_cb (SarapHome *self, const char *id)
{
  g_free (self->hidden);
  self->hidden = g_strdup (id);
  update (self);
}

static GtkWidget *
new_records (SarapHome *self, SarapHomeSection section)
{
  const char *const icons[N_SECTIONS] = { NULL, "sarap-draft-symbolic", "sarap-ready-symbolic", "sarap-sent-symbolic" };
  const char *const nothing[N_SECTIONS] = { NULL, self->words.no_drafts, self->words.no_ready, self->words.no_sent };
  const char *const explanations[N_SECTIONS] = {
    NULL,
    _ ("What you leave unfinished waits here. Each answer is kept at once."),
       _ ("Finished records wait here until there is a network."),
          _ ("Here you see what the server has received and what your supervisor decided."),
       };
  GtkWidget *page = sarap_record_section_new (self->context, sarap_role_to_string (self->words.role), states[section]);

  sarap_record_section_set_empty (SARAP_RECORD_SECTION (page), icons[section], nothing[section], explanations[section]);
  g_signal_connect_object (page, "activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "hidden", G_CALLBACK (hidden_cb), self, G_CONNECT_SWAPPED);
  return page;
}

static void
start_cb (SarapHome *self, const char *form_id)
{
  sarap_filling_start (sarap_window_of (GTK_WIDGET (self)), form_id);
}

static void
card_cb (SarapHome *self)
{
  sarap_form_offers_set_second (SARAP_FORM_OFFERS (self->offers), gtk_widget_get_visible (self->card));
}

static GtkWidget *
new_to_do (SarapHome *self)
{
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 20);

  self->card = sarap_resume_card_new (self->context, sarap_role_to_string (self->words.role));
  self->offers = sarap_form_offers_new (self->context, self->words.role, self->words.start);
  self->pin_offer = sarap_pin_offer_new (self->context);
  gtk_widget_set_vexpand (self->offers, TRUE);
  g_signal_connect_object (self->card, "resume", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->card, "notify::visible", G_CALLBACK (card_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->offers, "start", G_CALLBACK (start_cb), self, G_CONNECT_SWAPPED);
  card_cb (self);
  gtk_box_append (GTK_BOX (page), self->card);
  gtk_box_append (GTK_BOX (page), self->offers);
  gtk_box_append (GTK_BOX (page), self->pin_offer);
  return page;
}

static void
toggled_cb (GtkToggleButton *button, SarapHome *self)
{
  int section = 0;

  if (!gtk_toggle_button_get_active (button))
    return;
  if (gtk_widget_get_focus_child (GTK_WIDGET (self->sections)) != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (button));
  while (self->buttons[section] != button)
    section++;
  if (self->pages[section] == NULL)
    {
      self->pages[section] = section == SARAP_HOME_TO_DO ? new_to_do (self) : new_records (self, section);
      gtk_stack_add_child (self->sections, self->pages[section]);
    }
  gtk_stack_set_visible_child (self->sections, self->pages[section]);
}

static GtkWidget *
new_tab (SarapHome *self, int section)
{
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *top = section == SARAP_HOME_TO_DO ? gtk_image_new_from_icon_name ("list-add-symbolic") : gtk_label_new ("0");

  if (section == SARAP_HOME_TO_DO)
    gtk_image_set_pixel_size (GTK_IMAGE (top), 28);
  else
    self->numbers[section] = GTK_LABEL (top);
  gtk_widget_add_css_class (top, "big-number");
  gtk_box_append (GTK_BOX (box), top);
  gtk_box_append (GTK_BOX (box), g_object_new (GTK_TYPE_LABEL, "label", _ (headings[section]), "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, "justify", GTK_JUSTIFY_CENTER, NULL));
  gtk_widget_set_vexpand (top, TRUE);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "tab");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (headings[section]), -1);
  self->buttons[section] = GTK_TOGGLE_BUTTON (button);
  g_signal_connect (button, "toggled", G_CALLBACK (toggled_cb), self);
  if (section > 0)
    gtk_toggle_button_set_group (self->buttons[section], self->buttons[0]);
  return button;
}

static void
new_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SarapHome *self = SARAP_HOME (widget);

  sarap_home_show_section (self, SARAP_HOME_TO_DO);
  sarap_form_offers_start_first (SARAP_FORM_OFFERS (self->offers));
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SarapHome *self = SARAP_HOME (widget);

  if (gtk_stack_get_visible_child (self->sections) == self->pages[SARAP_HOME_TO_DO])
    sarap_home_show_section (self, SARAP_HOME_DRAFTS);
  sarap_record_section_search (SARAP_RECORD_SECTION (gtk_stack_get_visible_child (self->sections)));
}

static void
sarap_home_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (sarap_home_parent_class)->map (widget);
  update (SARAP_HOME (widget));
}

static gboolean
sarap_home_grab_focus (GtkWidget *widget)
{
  SarapHome *self = SARAP_HOME (widget);

  return gtk_widget_get_mapped (self->card) && gtk_widget_grab_focus (self->card);
}

static void
sarap_home_dispose (GObject *object)
{
  SarapHome *self = SARAP_HOME (object);

  g_clear_handle_id (&self->count_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), SARAP_TYPE_HOME);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_home_parent_class)->dispose (object);
}

static void
sarap_home_finalize (GObject *object)
{
  g_free (SARAP_HOME (object)->hidden);
  G_OBJECT_CLASS (sarap_home_parent_class)->finalize (object);
}

static void
sarap_home_class_init (SarapHomeClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_home_dispose;
  G_OBJECT_CLASS (class)->finalize = sarap_home_finalize;
  widget_class->map = sarap_home_map;
  widget_class->grab_focus = sarap_home_grab_focus;
  g_type_ensure (SARAP_TYPE_CLAMP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/sarap/Sarap/ui/common/sarap-home.ui");
  gtk_widget_class_bind_template_child (widget_class, SarapHome, clamp);
  gtk_widget_class_bind_template_child (widget_class, SarapHome, box);
  gtk_widget_class_bind_template_child (widget_class, SarapHome, tabs);
  gtk_widget_class_bind_template_child (widget_class, SarapHome, sections);
  gtk_widget_class_install_action (widget_class, "screen.new", NULL, new_action);
  gtk_widget_class_install_action (widget_class, "screen.search", NULL, search_action);
}

static void
sarap_home_init (SarapHome *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Shows what the device holds for @words->role; the words are translated already. */
GtkWidget *
sarap_home_new (SarapContext *context, const SarapHomeWords *words)
{
  SarapHome *self = g_object_new (SARAP_TYPE_HOME, NULL);

  self->context = g_object_ref (context);
  self->words = *words;
  gtk_box_prepend (self->box, sarap_space_notice_new (context));
  gtk_box_prepend (self->box, sarap_sync_bar_new (context));
  for (int i = 0; i < N_SECTIONS; i++)
    gtk_box_append (self->tabs, new_tab (self, i));
  gtk_toggle_button_set_active (self->buttons[SARAP_HOME_TO_DO], TRUE);
  g_signal_connect_object (sarap_context_get_store (context), "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

void
sarap_home_show_section (SarapHome *self, SarapHomeSection section)
{
  gtk_toggle_button_set_active (self->buttons[section], TRUE);
}
