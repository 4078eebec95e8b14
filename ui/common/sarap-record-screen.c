#include "ui/common/sarap-record-screen.h"

#include <glib/gi18n.h>

#include "app/form/sarap-form.h"
#include "app/form/sarap-move.h"
#include "app/store/sarap-store-forms.h"
#include "app/store/sarap-store-outbox.h"
#include "app/vault/sarap-sensitive.h"
#include "ui/common/sarap-answer-rows.h"
#include "ui/common/sarap-record-row.h"
#include "ui/common/sarap-rows.h"
#include "ui/common/sarap-words.h"

struct _SarapRecordScreen
{
  GtkWidget parent_instance;

  SarapContext *context;
  SarapRecord *record;
};

G_DEFINE_FINAL_TYPE (SarapRecordScreen, sarap_record_screen, GTK_TYPE_WIDGET)

static void
sarap_record_screen_dispose (GObject *object)
{
  SarapRecordScreen *self = SARAP_RECORD_SCREEN (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->record);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_record_screen_parent_class)->dispose (object);
}

static void
sarap_record_screen_class_init (SarapRecordScreenClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_record_screen_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
sarap_record_screen_init (SarapRecordScreen *self)
{
}

static void
add_time (SarapRecordScreen *self, GtkWidget *rows, const char *title, gint64 time)
{
  g_autofree char *words = NULL;

  if (time == 0)
    return;
  words = sarap_words_time (time, sarap_context_get_clock (self->context));
  sarap_rows_add (rows, words, title, NULL);
}

static GtkWidget *
new_badge (SarapReviewState state)
{
  GtkWidget *badge = gtk_label_new (sarap_words_review (state));

  gtk_widget_add_css_class (badge, "badge");
  gtk_widget_add_css_class (badge, sarap_words_review_style (state));
  return badge;
}

static void
add_attempts (SarapRecordScreen *self, GtkWidget *rows)
{
  guint n = sarap_record_get_n_attempts (self->record);
  const char *message = sarap_record_get_message (self->record);
  g_autofree char *attempts = g_strdup_printf (ngettext ("%u attempt", "%u attempts", n), n);
  g_autofree char *until = sarap_words_until (sarap_record_get_next_attempt_at (self->record), sarap_clock_get_now (sarap_context_get_clock (self->context)));
  g_autofree char *words = sarap_words_server (message);
  g_autofree char *next = NULL;
  int failure = sarap_record_get_failure (self->record);

  if (failure >= 0)
    sarap_rows_add (rows, sarap_words_sync_error (failure), _ ("Not sent yet"), NULL);
  if (*message != '\0' && (failure < 0 || failure == SARAP_SYNC_ERROR_SERVER || failure == SARAP_SYNC_ERROR_DENIED))
    sarap_rows_add (rows, words, _ ("The server's words"), NULL);
  if (sarap_record_get_state (self->record) != SARAP_RECORD_FINALIZED)
    return;
  /* Translators: "3 attempts", then "in 5 minutes" or "now". */
  next = g_strdup_printf (_ ("%s; the next is due %s, as soon as there is a network"), attempts, until);
  sarap_rows_add (rows, n > 0 ? next : _ ("Finished. It is sent as soon as there is a network."), _ ("Sending"), NULL);
}

static void
add_state (SarapRecordScreen *self, GtkBox *page)
{
  g_autofree char *form = sarap_form_dup_title_part (sarap_record_get_form_title (self->record), sarap_context_get_language (self->context));
  g_autofree char *name = sarap_record_dup_title (self->record, self->context);
  GtkWidget *rows = sarap_rows_new (_ ("Where it stands"), page);

  sarap_rows_add (rows, name, g_str_equal (name, form) ? _ ("Questionnaire") : form, NULL);
  add_time (self, rows, _ ("Begun"), sarap_record_get_created_at (self->record));
  add_time (self, rows, _ ("Finished"), sarap_record_get_finalized_at (self->record));
  add_time (self, rows, _ ("Received by the server"), sarap_record_get_sent_at (self->record));
  add_attempts (self, rows);
  sarap_rows_add (rows, sarap_record_get_id (self->record), _ ("Number of the record"), NULL);
}

static void
add_reviews (SarapRecordScreen *self, GtkBox *page)
{
  g_autoptr (GPtrArray) reviews = sarap_store_list_reviews (sarap_context_get_store (self->context), sarap_record_get_id (self->record), NULL);
  GtkWidget *rows;

  if (sarap_record_get_state (self->record) != SARAP_RECORD_SENT)
    return;
  rows = sarap_rows_new (_ ("Decisions of the supervisor"), page);
  for (guint i = reviews != NULL ? reviews->len : 0; i > 0; i--)
    {
      const SarapReview *review = g_ptr_array_index (reviews, i - 1);
      g_autofree char *time = sarap_words_time (review->at, sarap_context_get_clock (self->context));
      g_autofree char *who = review->actor != NULL && *review->actor != '\0' ? g_strdup_printf ("%s · %s", review->actor, time) : g_strdup (time);
      const char *comment = review->comment != NULL && *review->comment != '\0' ? review->comment : sarap_words_review (review->state);

      sarap_rows_add (rows, comment, who, new_badge (review->state));
    }
  if (reviews == NULL || reviews->len == 0)
    sarap_rows_add (rows, sarap_words_review (SARAP_REVIEW_NONE), _ ("The decision comes with a later synchronising."), NULL);
}

static void
add_attachments (SarapRecordScreen *self, GtkBox *page)
{
  g_autoptr (GPtrArray) attachments = sarap_store_list_attachments (sarap_context_get_store (self->context), sarap_record_get_id (self->record), NULL);
  GtkWidget *rows;

  if (attachments == NULL || attachments->len == 0)
    return;
  rows = sarap_rows_new (_ ("Attachments"), page);
  for (guint i = 0; i < attachments->len; i++)
    {
      const SarapAttachment *attachment = g_ptr_array_index (attachments, i);
      g_autofree char *name = sarap_words_attachment (attachment->name);
      g_autofree char *size = sarap_words_size (attachment->size);

      sarap_rows_add (rows, name, size, NULL);
    }
}

static SarapInterview *
load_interview (SarapRecordScreen *self, GError **error)
{
  SarapStore *store = sarap_context_get_store (self->context);
  g_autoptr (SarapForm) form = sarap_store_load_form (store, sarap_record_get_form_id (self->record), sarap_record_get_form_version (self->record), error);
  g_autoptr (GBytes) stored = form != NULL ? sarap_store_dup_record_xml (store, sarap_record_get_id (self->record), error) : NULL;
  g_autoptr (GPtrArray) keys = sarap_keyring_list_project_keys (sarap_store_get_keyring (store));
  g_autoptr (GBytes) xml = stored != NULL ? sarap_sensitive_open (stored, keys, FALSE) : NULL;
  SarapInterviewSettings settings;
  SarapInterview *interview;

  if (xml == NULL)
    return NULL;
  sarap_context_get_interview_settings (self->context, &settings);
  interview = sarap_interview_new_from_xml (form, sarap_context_get_clock (self->context), &settings, xml, error);
  if (interview != NULL)
    sarap_interview_set_language (interview, sarap_context_get_language (self->context));
  return interview;
}

/* With the labels of the version that it was filled with, in the language of the application. */
static void
add_answers (SarapRecordScreen *self, GtkBox *page)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapInterview) interview = load_interview (self, &error);
  const char *why = NULL;

  if (interview != NULL)
    {
      sarap_answer_rows_add (interview, page);
      return;
    }
  if (g_error_matches (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_LOCKED))
    why = _ ("They are sealed for the project: this device cannot open them any more.");
  sarap_rows_add (sarap_rows_new (_ ("Answers"), page), _ ("The answers cannot be shown"), why != NULL ? why : error->message, NULL);
}

static void
add_aside (SarapRecordScreen *self, GtkBox *page)
{
  g_autoptr (GPtrArray) aside = sarap_store_list_aside (sarap_context_get_store (self->context), sarap_record_get_id (self->record), NULL);
  GtkWidget *rows;

  if (aside == NULL || aside->len == 0)
    return;
  rows = sarap_rows_new (_ ("Answers that the new form has no place for"), page);
  for (guint i = 0; i < aside->len; i++)
    {
      const SarapAside *answer = g_ptr_array_index (aside, i);

      sarap_rows_add (rows, answer->text, answer->label, NULL);
    }
}

/* @record is a snapshot: the screen shows how things stood when it was opened. */
GtkWidget *
sarap_record_screen_new (SarapContext *context, SarapRecord *record)
{
  SarapRecordScreen *self = g_object_new (SARAP_TYPE_RECORD_SCREEN, NULL);
  GtkBox *page = sarap_rows_new_page (GTK_WIDGET (self), _ ("Record"));

  self->context = g_object_ref (context);
  self->record = g_object_ref (record);
  add_state (self, page);
  add_reviews (self, page);
  add_attachments (self, page);
  add_answers (self, page);
  add_aside (self, page);
  return GTK_WIDGET (self);
}

void
sarap_record_screen_open (SarapWindow *window, SarapRecord *record)
{
  sarap_window_push (window, sarap_record_screen_new (sarap_window_get_context (window), record), _ ("Record"));
}
