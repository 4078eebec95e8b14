#include "ui/common/sarap-record-row.h"

#include <glib/gi18n.h>

#include "app/form/sarap-form.h"
#include "ui/common/sarap-words.h"

struct _SarapRecordRow
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkLabel *words;
  GtkLabel *badge;
  GtkWidget *delete;

  SarapContext *context;
  SarapRecord *record;
};

G_DEFINE_FINAL_TYPE (SarapRecordRow, sarap_record_row, GTK_TYPE_WIDGET)

static guint delete_signal;

static void
set_badge (SarapRecordRow *self, const char *text, const char *style)
{
  const char *const classes[] = { "badge", style, NULL };

  gtk_widget_set_visible (GTK_WIDGET (self->badge), text != NULL);
  if (text == NULL)
    return;
  gtk_label_set_label (self->badge, text);
  gtk_widget_set_css_classes (GTK_WIDGET (self->badge), (const char **) classes);
}

static void
set_words (SarapRecordRow *self, const char *words)
{
  gtk_widget_set_visible (GTK_WIDGET (self->words), words != NULL && *words != '\0');
  gtk_label_set_label (self->words, words != NULL ? words : "");
}

static char *
dup_age (SarapRecordRow *self, gint64 time)
{
  return sarap_words_age (time, sarap_clock_get_now (sarap_context_get_clock (self->context)));
}

static void
set_subtitle (SarapRecordRow *self, const char *when)
{
  g_autofree char *form = sarap_form_dup_title_part (sarap_record_get_form_title (self->record), sarap_context_get_language (self->context));
  g_autofree char *text = NULL;

  if (*sarap_record_get_name (self->record) == '\0')
    text = g_strdup (when);
  else
    text = g_strdup_printf ("%s · %s", when, form);
  gtk_label_set_label (self->subtitle, text);
}

static void
show_draft (SarapRecordRow *self)
{
  g_autofree char *place = sarap_record_dup_place (self->record, self->context);
  g_autofree char *age = dup_age (self, sarap_record_get_updated_at (self->record));
  /* Translators: %s is "5 minutes ago". */
  g_autofree char *when = g_strdup_printf (_ ("changed %s"), age);

  gtk_image_set_from_icon_name (self->icon, "sarap-draft-symbolic");
  set_subtitle (self, when);
  set_words (self, place);
  set_badge (self, NULL, NULL);
}

static void
show_ready (SarapRecordRow *self)
{
  guint n_attempts = sarap_record_get_n_attempts (self->record);
  gint64 next = sarap_record_get_next_attempt_at (self->record);
  g_autofree char *until = sarap_words_until (next, sarap_clock_get_now (sarap_context_get_clock (self->context)));
  g_autofree char *age = dup_age (self, sarap_record_get_finalized_at (self->record));
  g_autofree char *when = g_strdup_printf (_ ("finished %s"), age);
  g_autofree char *words = NULL;

  gtk_image_set_from_icon_name (self->icon, "sarap-ready-symbolic");
  set_subtitle (self, when);
  if (n_attempts == 0)
    {
      set_words (self, NULL);
      set_badge (self, _ ("Waiting"), "accent");
      return;
    }
  /* Translators: why it failed, a sentence; then "in 5 minutes" or "now". */
  words = g_strdup_printf (_ ("%s Next try: %s."), sarap_words_sync_error (sarap_record_get_failure (self->record)), until);
  set_words (self, words);
  set_badge (self, _ ("Not sent yet"), "warn");
}

/* Most have no name any more, only the project can read it: the minute tells them apart. */
static void
show_sent (SarapRecordRow *self)
{
  SarapReviewState state = sarap_record_get_review_state (self->record);
  g_autofree char *age = dup_age (self, sarap_record_get_sent_at (self->record));
  g_autofree char *sent = g_strdup_printf (_ ("sent %s"), age);
  g_autofree char *time = sarap_words_time (sarap_record_get_finalized_at (self->record), sarap_context_get_clock (self->context));
  g_autofree char *finished = g_strdup_printf (_ ("finished %s"), time);
  g_autofree char *when = g_strdup_printf ("%s · %s", finished, sent);

  gtk_image_set_from_icon_name (self->icon, "sarap-sent-symbolic");
  set_subtitle (self, when);
  set_words (self, sarap_record_get_review_comment (self->record));
  set_badge (self, sarap_words_review (state), sarap_words_review_style (state));
}

static void
update (SarapRecordRow *self)
{
  SarapRecordState state = sarap_record_get_state (self->record);
  g_autofree char *title = sarap_record_dup_title (self->record, self->context);

  gtk_label_set_label (self->title, title);
  gtk_widget_set_visible (self->delete, state == SARAP_RECORD_DRAFT);
  if (state == SARAP_RECORD_DRAFT)
    show_draft (self);
  else if (state == SARAP_RECORD_FINALIZED)
    show_ready (self);
  else
    show_sent (self);
}

static void
delete_cb (SarapRecordRow *self)
{
  g_signal_emit (self, delete_signal, 0);
}

static void
sarap_record_row_dispose (GObject *object)
{
  SarapRecordRow *self = SARAP_RECORD_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SARAP_TYPE_RECORD_ROW);
  g_clear_object (&self->record);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_record_row_parent_class)->dispose (object);
}

static void
sarap_record_row_class_init (SarapRecordRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_record_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/sarap/Sarap/ui/common/sarap-record-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SarapRecordRow, box);
  gtk_widget_class_bind_template_child (widget_class, SarapRecordRow, icon);
  gtk_widget_class_bind_template_child (widget_class, SarapRecordRow, title);
  gtk_widget_class_bind_template_child (widget_class, SarapRecordRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, SarapRecordRow, words);
  gtk_widget_class_bind_template_child (widget_class, SarapRecordRow, badge);
  gtk_widget_class_bind_template_child (widget_class, SarapRecordRow, delete);
  delete_signal = g_signal_new ("delete", SARAP_TYPE_RECORD_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sarap_record_row_init (SarapRecordRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_tooltip_text (self->delete, _ ("Delete this draft"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->delete), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Delete this draft"), -1);
  g_signal_connect_swapped (self->delete, "clicked", G_CALLBACK (delete_cb), self);
}

GtkWidget *
sarap_record_row_new (SarapContext *context)
{
  SarapRecordRow *self = g_object_new (SARAP_TYPE_RECORD_ROW, NULL);

  self->context = g_object_ref (context);
  return GTK_WIDGET (self);
}

void
sarap_record_row_set_record (SarapRecordRow *self, SarapRecord *record)
{
  g_set_object (&self->record, record);
  if (record != NULL)
    update (self);
}

SarapRecord *
sarap_record_row_get_record (SarapRecordRow *self)
{
  return self->record;
}

/* What a record is called wherever it is shown. */
char *
sarap_record_dup_title (SarapRecord *record, SarapContext *context)
{
  return sarap_context_dup_title (context, sarap_record_get_form_id (record), sarap_record_get_form_version (record), sarap_record_get_form_title (record), sarap_record_get_name (record));
}

/* Where a draft was left: "At: Queue and waiting, 7 of 23", or NULL when it was never opened at a page. */
char *
sarap_record_dup_place (SarapRecord *record, SarapContext *context)
{
  const char *page = sarap_record_get_page (record);
  guint number = sarap_record_get_page_number (record);
  guint n_pages = sarap_record_get_n_pages (record);
  g_autofree char *place = NULL;

  if (number == 0)
    return NULL;
  if (number == n_pages)
    return g_strdup_printf (_ ("At: %s, %u of %u"), _ ("Review and finalize"), number, n_pages);
  place = sarap_context_dup_place (context, sarap_record_get_form_id (record), sarap_record_get_form_version (record), page);
  if (place == NULL)
    return g_strdup_printf (_ ("At: page %u of %u"), number, n_pages);
  /* Translators: where a draft was left: "At: Queue and waiting, 7 of 23". */
  return g_strdup_printf (_ ("At: %s, %u of %u"), place, number, n_pages);
}
