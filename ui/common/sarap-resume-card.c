#include "ui/common/sarap-resume-card.h"

#include <glib/gi18n.h>

#include "app/store/sarap-draft-guard.h"
#include "ui/common/sarap-record-row.h"
#include "ui/common/sarap-words.h"

struct _SarapResumeCard
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel *title;
  GtkLabel *place;
  GtkWidget *resume;

  SarapContext *context;
  char *owner;
  SarapRecord *record; /* what is offered, or NULL */
};

G_DEFINE_FINAL_TYPE (SarapResumeCard, sarap_resume_card, GTK_TYPE_WIDGET)

static guint resume_signal;

/* The store's setting with the id of the draft that this role put aside. */
static char *
dup_key (SarapResumeCard *self)
{
  return g_strconcat ("draft.put-aside.", self->owner, NULL);
}

static gboolean
is_put_aside (SarapResumeCard *self, const char *id)
{
  g_autofree char *key = dup_key (self);
  g_autofree char *aside = sarap_store_dup_setting (sarap_context_get_store (self->context), key);

  return g_strcmp0 (aside, id) == 0;
}

static void
put_aside (SarapResumeCard *self, const char *id)
{
  g_autofree char *key = dup_key (self);
  g_autoptr (GError) error = NULL;

  if (!sarap_store_set_setting (sarap_context_get_store (self->context), key, id, &error))
    g_warning ("what was put aside was not kept: %s", error->message);
}

static void
show (SarapResumeCard *self)
{
  g_autofree char *title = sarap_record_dup_title (self->record, self->context);
  g_autofree char *place = sarap_record_dup_place (self->record, self->context);
  g_autofree char *age = sarap_words_age (sarap_record_get_updated_at (self->record), sarap_clock_get_now (sarap_context_get_clock (self->context)));
  g_autofree char *when = g_strdup_printf (_ ("changed %s"), age);
  g_autofree char *words = place != NULL ? g_strdup_printf ("%s · %s", place, when) : g_strdup (when);

  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->place, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->resume), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Continue"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, title, -1);
}

static void
resume_cb (SarapResumeCard *self)
{
  g_autoptr (SarapRecord) record = g_object_ref (self->record);

  g_signal_emit (self, resume_signal, 0, record);
}

static void
dismiss_cb (SarapResumeCard *self)
{
  put_aside (self, sarap_record_get_id (self->record));
  sarap_resume_card_update (self, NULL);
}

static gboolean
sarap_resume_card_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (SARAP_RESUME_CARD (widget)->resume);
}

static void
sarap_resume_card_dispose (GObject *object)
{
  SarapResumeCard *self = SARAP_RESUME_CARD (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->record);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_resume_card_parent_class)->dispose (object);
}

static void
sarap_resume_card_finalize (GObject *object)
{
  g_free (SARAP_RESUME_CARD (object)->owner);
  G_OBJECT_CLASS (sarap_resume_card_parent_class)->finalize (object);
}

static void
sarap_resume_card_class_init (SarapResumeCardClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_resume_card_dispose;
  G_OBJECT_CLASS (class)->finalize = sarap_resume_card_finalize;
  widget_class->grab_focus = sarap_resume_card_grab_focus;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  resume_signal = g_signal_new ("resume", SARAP_TYPE_RESUME_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, SARAP_TYPE_RECORD);
}

static GtkLabel *
append_label (GtkWidget *box, const char *text, const char *const *classes)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0, "wrap", TRUE, "lines", 4, "ellipsize", PANGO_ELLIPSIZE_END, NULL);

  gtk_widget_set_css_classes (label, (const char **) classes);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static GtkWidget *
append_button (SarapResumeCard *self, const char *label, const char *style, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_add_css_class (button, style);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->box), button);
  return button;
}

static void
sarap_resume_card_init (SarapResumeCard *self)
{
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_set_css_classes (self->box, (const char *[]){ "card", "padded", "resume", NULL });
  append_label (texts, _ ("Go on where you left"), (const char *[]){ "heading", NULL });
  self->title = append_label (texts, NULL, (const char *[]){ "headline", NULL });
  self->place = append_label (texts, NULL, (const char *[]){ "quiet", "small", NULL });
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (self->box), texts);
  append_button (self, _ ("Not now"), "flat", G_CALLBACK (dismiss_cb));
  self->resume = append_button (self, _ ("Continue"), "suggested-action", G_CALLBACK (resume_cb));
  gtk_widget_add_css_class (self->resume, "primary");
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

/* @owner: as sarap_role_to_string() writes it. */
GtkWidget *
sarap_resume_card_new (SarapContext *context, const char *owner)
{
  SarapResumeCard *self = g_object_new (SARAP_TYPE_RESUME_CARD, "visible", FALSE, NULL);

  self->context = g_object_ref (context);
  self->owner = g_strdup (owner);
  sarap_resume_card_update (self, NULL);
  return GTK_WIDGET (self);
}

void
sarap_resume_card_update (SarapResumeCard *self, const char *except)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapRecord) record = sarap_store_find_latest_draft (sarap_context_get_store (self->context), self->owner, &error);

  if (error != NULL)
    g_warning ("the last draft was not found: %s", error->message);
  if (record != NULL && (g_strcmp0 (sarap_record_get_id (record), except) == 0 || is_put_aside (self, sarap_record_get_id (record)) || sarap_store_is_draft_blocked (sarap_context_get_store (self->context), sarap_record_get_id (record))))
    g_clear_object (&record);
  g_set_object (&self->record, record);
  if (record != NULL)
    show (self);
  gtk_widget_set_visible (GTK_WIDGET (self), record != NULL);
}

void
sarap_resume_card_take_up (SarapResumeCard *self, const char *id)
{
  if (is_put_aside (self, id))
    put_aside (self, NULL);
}
