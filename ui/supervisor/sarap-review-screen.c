#include "ui/supervisor/sarap-review-screen.h"

#include <glib/gi18n.h>
#include <math.h>

#include "app/base/sarap-csv.h"
#include "app/base/sarap-file.h"
#include "app/form/sarap-form.h"
#include "app/report/sarap-figures.h"
#include "app/store/sarap-store-forms.h"
#include "app/vault/sarap-sensitive.h"
#include "sync/client/sarap-enrolment.h"
#include "ui/common/sarap-answer-rows.h"
#include "ui/common/sarap-rows.h"
#include "ui/common/sarap-words.h"
#include "ui/supervisor/sarap-received-row.h"

#define EARTH_RADIUS 6371008.8 /* metres, mean radius (IUGG) */
#define PHOTO_HEIGHT 240
#define LONGEST_KEY 4096

struct _SarapReviewScreen
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkWidget *answers; /* a page of rows, made anew for each submission */
  GtkEditable *comment;
  GtkWidget *needs_comment;

  SarapContext *context;
  SarapSubmission *submission;
  SarapInterview *interview; /* NULL when it cannot be read */
  GBytes *xml;               /* as it came */
  GBytes *opened;            /* with the sealed answers that can be read here */
};

G_DEFINE_FINAL_TYPE (SarapReviewScreen, sarap_review_screen, GTK_TYPE_WIDGET)

static guint step_signal;

static SarapStore *
store_of (SarapReviewScreen *self)
{
  return sarap_context_get_store (self->context);
}

/* Answer of the question @name outside repeats, or of what the form itself notes at its top
 * ("start", "end"); or "". */
static const char *
answer (SarapReviewScreen *self, const char *name)
{
  SarapForm *form = self->interview ? sarap_interview_get_form (self->interview) : NULL;
  const SarapElement *element = form ? sarap_form_find_question (form, name) : NULL;
  g_autofree char *path = NULL;

  if (form != NULL && element == NULL)
    path = g_strdup_printf ("/%s/%s", sarap_interview_peek_root (self->interview)->name, name);
  if (path != NULL)
    return sarap_interview_peek_value (self->interview, path);
  return element ? sarap_interview_peek_value (self->interview, sarap_element_get_path (element)) : "";
}

static gint64
time_of (const char *text)
{
  g_autoptr (GDateTime) time = *text != '\0' ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  return time ? g_date_time_to_unix (time) * 1000 : 0;
}

static void
add_time (SarapReviewScreen *self, GtkWidget *rows, const char *title, gint64 time)
{
  g_autofree char *words = NULL;

  if (time == 0)
    return;
  words = sarap_words_time (time, sarap_context_get_clock (self->context));
  sarap_rows_add (rows, words, title, NULL);
}

static void
add_facts (SarapReviewScreen *self, GtkBox *page)
{
  GtkWidget *rows = sarap_rows_new (_ ("Received record"), page);
  g_autofree char *name = sarap_context_dup_title (self->context, sarap_submission_get_form_id (self->submission), sarap_submission_get_form_version (self->submission), sarap_submission_get_form_id (self->submission), sarap_submission_get_name (self->submission));
  g_autofree char *title = self->interview ? sarap_form_dup_title_part (sarap_form_get_title (sarap_interview_get_form (self->interview)), sarap_context_get_language (self->context)) : NULL;
  gint64 start = time_of (answer (self, "start")), end = time_of (answer (self, "end"));

  sarap_rows_add (rows, name, title, sarap_review_badge_new (sarap_submission_get_review_state (self->submission)));
  sarap_rows_add (rows, sarap_submission_get_submitter (self->submission), _ ("Sent by"), NULL);
  add_time (self, rows, _ ("Begun"), start);
  add_time (self, rows, _ ("Finished"), end);
  if (start > 0 && end >= start)
    {
      guint minutes = (guint) ((end - start + 30000) / 60000);
      g_autofree char *duration = g_strdup_printf (ngettext ("%u minute", "%u minutes", minutes), minutes);

      sarap_rows_add (rows, duration, _ ("Time it took"), NULL);
    }
  add_time (self, rows, _ ("Received by the server"), sarap_submission_get_received_at (self->submission));
}

static const char *
answer_of_item (const char *item, gpointer data)
{
  return answer (data, item);
}

static void
add_score (SarapReviewScreen *self, GtkBox *page)
{
  g_autoptr (SarapScoring) scoring = sarap_figures_load_scoring (SARAP_RECORD_SOURCE (store_of (self)), sarap_submission_get_form_id (self->submission), sarap_submission_get_form_version (self->submission), NULL);
  g_auto (SarapAuditScore) score = { 0 };
  const char *const grades[] = { "", _ ("fail"), _ ("poor"), _ ("acceptable"), _ ("good") };
  g_autofree char *number = NULL, *whole = NULL;
  GtkWidget *rows, *badge;

  if (scoring == NULL || self->interview == NULL)
    return;
  sarap_scoring_score (scoring, answer_of_item, self, &score);
  if (score.grade == SARAP_GRADE_NONE)
    return;
  rows = sarap_rows_new (_ ("Audit score"), page);
  number = sarap_cell_to_string (&(SarapCell){ SARAP_CELL_NUMBER, score.score });
  whole = g_strdup_printf (_ ("%s of 100"), number);
  badge = gtk_label_new (grades[score.grade]);
  gtk_widget_add_css_class (badge, "badge");
  gtk_widget_add_css_class (badge, sarap_grade_passes (score.grade) ? "good" : "bad");
  sarap_rows_add (rows, whole, score.has_critical_failure ? _ ("A critical item failed: the visit cannot score above 49.") : NULL, badge);
  for (guint i = 0; i < sarap_scoring_get_n_sections (scoring); i++)
    {
      g_autofree char *title = sarap_scoring_dup_section_title (scoring, i, sarap_context_get_language (self->context));
      g_autofree char *points = isnan (score.sections[i]) ? NULL : g_strdup_printf ("%.0f", score.sections[i]);
      GtkWidget *bar;

      if (points == NULL)
        continue;
      bar = g_object_new (GTK_TYPE_LEVEL_BAR, "min-value", 0.0, "max-value", 100.0, "value", score.sections[i], "width-request", 160, NULL);
      gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
      sarap_rows_add (rows, title, points, bar);
    }
}

static double
metres_between (double latitude_a, double longitude_a, double latitude_b, double longitude_b)
{
  double radian = G_PI / 180;
  double a = pow (sin ((latitude_b - latitude_a) * radian / 2), 2) +
             cos (latitude_a * radian) * cos (latitude_b * radian) * pow (sin ((longitude_b - longitude_a) * radian / 2), 2);

  return 2 * EARTH_RADIUS * asin (MIN (1, sqrt (a)));
}

/* Distance from the point of the register that the record names, or -1. */
static double
distance_from_register (SarapReviewScreen *self, double latitude, double longitude)
{
  const char *const tables[][2] = { { "centres.csv", "centre" }, { "psu.csv", "psu" } };

  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    {
      g_autoptr (GBytes) bytes = sarap_form_dup_media (sarap_interview_get_form (self->interview), tables[t][0]);
      g_autoptr (SarapCsv) csv = bytes ? sarap_csv_parse (bytes, tables[t][0], NULL) : NULL;

      for (guint row = 0; csv != NULL && row < sarap_csv_get_n_rows (csv); row++)
        {
          const char *lat = sarap_csv_peek (csv, row, "lat"), *lon = sarap_csv_peek (csv, row, "lon");

          if (lat != NULL && lon != NULL && g_strcmp0 (sarap_csv_peek (csv, row, "name"), answer (self, tables[t][1])) == 0)
            return metres_between (latitude, longitude, g_ascii_strtod (lat, NULL), g_ascii_strtod (lon, NULL));
        }
    }
  return -1;
}

static void
add_place (SarapReviewScreen *self, GtkBox *page)
{
  const char *text = answer (self, "gps");
  g_auto (GStrv) parts = g_strsplit (text, " ", -1);
  g_autofree char *place = NULL, *words = NULL;
  double distance;

  if (g_strv_length (parts) < 2)
    return;
  place = g_strdup_printf ("%s, %s", parts[0], parts[1]);
  distance = distance_from_register (self, g_ascii_strtod (parts[0], NULL), g_ascii_strtod (parts[1], NULL));
  if (distance >= 0)
    /* Translators: accuracy and distance in metres. */
    words = g_strdup_printf (_ ("accuracy %s m · %.0f m from the registered place"), g_strv_length (parts) > 3 ? parts[3] : "?", distance);
  else
    words = g_strdup_printf (_ ("accuracy %s m"), g_strv_length (parts) > 3 ? parts[3] : "?");
  sarap_rows_add (sarap_rows_new (_ ("Place"), page), place, words, NULL);
}

static void
photo_cb (SarapReviewScreen *self, GtkWidget *button)
{
  GdkPaintable *paintable = g_object_get_data (G_OBJECT (button), "paintable");
  const char *name = g_object_get_data (G_OBJECT (button), "name");
  GtkWidget *picture = gtk_picture_new_for_paintable (paintable);

  gtk_picture_set_alternative_text (GTK_PICTURE (picture), name);
  sarap_window_push (sarap_window_of (GTK_WIDGET (self)), picture, name);
}

static void
add_photo (SarapReviewScreen *self, GtkWidget *flow, const char *name, GdkTexture *texture)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *picture = gtk_picture_new_for_paintable (GDK_PAINTABLE (texture));

  gtk_widget_set_size_request (picture, -1, PHOTO_HEIGHT);
  gtk_picture_set_alternative_text (GTK_PICTURE (picture), name);
  gtk_button_set_child (GTK_BUTTON (button), picture);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), "paintable", g_object_ref (texture), g_object_unref);
  g_object_set_data_full (G_OBJECT (button), "name", g_strdup (name), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (photo_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (flow), button);
}

static void
add_photos (SarapReviewScreen *self, GtkBox *page)
{
  const char *id = sarap_submission_get_id (self->submission);
  g_auto (GStrv) names = sarap_store_list_submission_attachments (store_of (self), id, NULL);
  GtkWidget *flow = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *scroller = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "vscrollbar-policy", GTK_POLICY_NEVER, "focusable", FALSE, "child", flow, NULL);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autoptr (GBytes) bytes = sarap_store_dup_submission_attachment (store_of (self), id, names[i], NULL);
      g_autoptr (GdkTexture) texture = bytes ? gdk_texture_new_from_bytes (bytes, NULL) : NULL;

      if (texture != NULL)
        add_photo (self, flow, names[i], texture);
    }
  if (gtk_widget_get_first_child (flow) != NULL)
    gtk_box_append (page, scroller);
  else
    g_object_unref (g_object_ref_sink (scroller));
}

static void
add_history (SarapReviewScreen *self, GtkBox *page)
{
  g_autoptr (GPtrArray) reviews = sarap_store_list_reviews (store_of (self), sarap_submission_get_id (self->submission), NULL);
  GtkWidget *rows;

  if (reviews == NULL || reviews->len == 0)
    return;
  rows = sarap_rows_new (_ ("Decisions"), page);
  for (guint i = reviews->len; i > 0; i--)
    {
      const SarapReview *review = g_ptr_array_index (reviews, i - 1);
      g_autofree char *time = sarap_words_time (review->at, sarap_context_get_clock (self->context));
      g_autofree char *who = review->actor && *review->actor ? g_strdup_printf ("%s · %s", review->actor, time) : g_strdup (time);

      sarap_rows_add (rows, review->comment && *review->comment ? review->comment : sarap_words_review (review->state), who, sarap_review_badge_new (review->state));
    }
}

static void
load_interview (SarapReviewScreen *self, GError **error)
{
  g_autoptr (SarapForm) form = sarap_store_load_form (store_of (self), sarap_submission_get_form_id (self->submission), sarap_submission_get_form_version (self->submission), error);
  g_autoptr (GPtrArray) keys = sarap_keyring_list_project_keys (sarap_store_get_keyring (store_of (self)));
  SarapInterviewSettings settings;

  g_clear_object (&self->interview);
  g_clear_pointer (&self->xml, g_bytes_unref);
  g_clear_pointer (&self->opened, g_bytes_unref);
  self->xml = form ? sarap_store_dup_submission_xml (store_of (self), sarap_submission_get_id (self->submission), error) : NULL;
  if (self->xml == NULL)
    return;
  self->opened = sarap_sensitive_open (self->xml, keys, FALSE);
  sarap_context_get_interview_settings (self->context, &settings);
  self->interview = sarap_interview_new_from_xml (form, sarap_context_get_clock (self->context), &settings, self->opened, error);
  if (self->interview != NULL)
    sarap_interview_set_language (self->interview, sarap_context_get_language (self->context));
}

static void fill (SarapReviewScreen *self);

/* A key's file, or a picture of its code. */
static SarapProjectKey *
read_key (const char *path, GError **error)
{
  g_autofree char *lower = g_utf8_strdown (path, -1);
  gboolean is_picture = g_str_has_suffix (lower, ".png") || g_str_has_suffix (lower, ".jpg") || g_str_has_suffix (lower, ".jpeg");
  g_autoptr (GBytes) bytes = is_picture ? NULL : sarap_file_read (path, LONGEST_KEY, error);
  char *text = is_picture ? sarap_enrolment_read_qr (path, error) : NULL;
  SarapProjectKey *key;

  if (bytes != NULL)
    text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  key = text ? sarap_project_key_new_from_text (text, error) : NULL;
  sarap_secret_wipe_text (text);
  return key;
}

/* The private half stays in memory until the application is locked or closed. */
static void
key_cb (const char *path, gpointer data)
{
  SarapReviewScreen *self = data;
  SarapKeyring *keyring = sarap_store_get_keyring (store_of (self));
  SarapWindow *window = sarap_window_of (GTK_WIDGET (self));
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapProjectKey) key = read_key (path, &error);

  if (key == NULL)
    sarap_window_toast (window, error->message, NULL, NULL, NULL);
  else if (!sarap_project_key_is_private (key) || self->xml == NULL || !sarap_sensitive_names_key (self->xml, key))
    sarap_window_toast (window, _ ("This key does not open these answers."), NULL, NULL, NULL);
  else if (!sarap_keyring_add_project_key (keyring, key, &error))
    sarap_window_toast (window, error->message, NULL, NULL, NULL);
  else
    {
      sarap_keyring_open_project_key (keyring, key);
      fill (self);
    }
}

static void
ask_for_key_cb (SarapReviewScreen *self)
{
  const char *const patterns[] = { "*.key", "*-project-key", "*.png", "*.jpg", "*.jpeg", NULL };

  sarap_window_choose_file (sarap_window_of (GTK_WIDGET (self)), _ ("Key of the project"), patterns, key_cb, self);
}

static void
add_sealed (SarapReviewScreen *self, GtkBox *page)
{
  GtkWidget *rows, *button;

  if (self->opened == NULL || !sarap_sensitive_has_sealed (self->opened))
    return;
  rows = sarap_rows_new (_ ("Sealed answers"), page);
  button = gtk_button_new_with_label (_ ("Open…"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", G_CALLBACK (ask_for_key_cb), self, G_CONNECT_SWAPPED);
  sarap_rows_add (rows, _ ("Some answers are sealed"), _ ("Open them with the project's private key: its file, or a picture of its code."), button);
}

/* A holder for the page of rows, which wants a parent with a bin layout. */
#define SARAP_TYPE_REVIEW_PAGE (sarap_review_page_holder_get_type ())
G_DECLARE_FINAL_TYPE (SarapReviewPageHolder, sarap_review_page_holder, SARAP, REVIEW_PAGE_HOLDER, GtkWidget)
struct _SarapReviewPageHolder
{
  GtkWidget parent_instance;
};
G_DEFINE_FINAL_TYPE (SarapReviewPageHolder, sarap_review_page_holder, GTK_TYPE_WIDGET)

static void
sarap_review_page_holder_dispose (GObject *object)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (object));

  g_clear_pointer (&child, gtk_widget_unparent);
  G_OBJECT_CLASS (sarap_review_page_holder_parent_class)->dispose (object);
}

static void
sarap_review_page_holder_class_init (SarapReviewPageHolderClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_review_page_holder_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
sarap_review_page_holder_init (SarapReviewPageHolder *self)
{
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
}

static void
fill (SarapReviewScreen *self)
{
  g_autoptr (GError) error = NULL;
  GtkWidget *holder = g_object_new (SARAP_TYPE_REVIEW_PAGE, NULL);
  GtkBox *page = sarap_rows_new_page (holder, _ ("Record"));

  load_interview (self, &error);
  add_facts (self, page);
  add_history (self, page);
  add_score (self, page);
  if (self->interview != NULL)
    add_place (self, page);
  add_photos (self, page);
  add_sealed (self, page);
  if (self->interview != NULL)
    sarap_answer_rows_add (self->interview, page);
  else
    sarap_rows_add (sarap_rows_new (_ ("Answers"), page), _ ("The answers cannot be shown"), error ? error->message : NULL, NULL);
  if (self->answers != NULL)
    gtk_box_remove (GTK_BOX (self->box), self->answers);
  self->answers = holder;
  gtk_box_prepend (GTK_BOX (self->box), holder);
}

static void
decide (SarapReviewScreen *self, SarapReviewState state)
{
  const char *comment = gtk_editable_get_text (self->comment);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapSubmission) decided = NULL;
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_load_supervisor (store_of (self));
  const char *actor = enrolment != NULL && enrolment->username != NULL ? enrolment->username : "";

  if (state != SARAP_REVIEW_APPROVED && *comment == '\0')
    {
      gtk_widget_set_visible (self->needs_comment, TRUE);
      gtk_widget_grab_focus (GTK_WIDGET (self->comment));
      return;
    }
  if (!sarap_store_decide (store_of (self), sarap_submission_get_id (self->submission), state, comment, actor, &error))
    {
      sarap_window_toast (sarap_window_of (GTK_WIDGET (self)), error->message, NULL, NULL, NULL);
      return;
    }
  sarap_window_toast (sarap_window_of (GTK_WIDGET (self)), _ ("Decided. It goes to the server with the next synchronising."), NULL, NULL, NULL);
  sarap_syncer_start (sarap_context_get_syncer (self->context), FALSE);
  decided = sarap_store_find_submission (store_of (self), sarap_submission_get_id (self->submission), NULL);
  if (decided != NULL)
    sarap_review_screen_show (self, decided);
}

static void
approve_cb (SarapReviewScreen *self)
{
  decide (self, SARAP_REVIEW_APPROVED);
}

static void
issues_cb (SarapReviewScreen *self)
{
  decide (self, SARAP_REVIEW_HAS_ISSUES);
}

static void
reject_cb (SarapReviewScreen *self)
{
  decide (self, SARAP_REVIEW_REJECTED);
}

static void
previous_cb (SarapReviewScreen *self)
{
  g_signal_emit (self, step_signal, 0, -1);
}

static void
next_cb (SarapReviewScreen *self)
{
  g_signal_emit (self, step_signal, 0, 1);
}

static void
add_button (SarapReviewScreen *self, GtkWidget *box, const char *icon, const char *label, const char *style, GCallback callback)
{
  GtkWidget *button = icon ? gtk_button_new_from_icon_name (icon) : gtk_button_new_with_label (label);

  if (style != NULL)
    gtk_widget_add_css_class (button, style);
  gtk_widget_set_hexpand (button, icon == NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), button);
}

static GtkWidget *
new_review_bar (SarapReviewScreen *self)
{
  GtkWidget *bar = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 8, "margin-start", 20, "margin-end", 20, "margin-top", 12, "margin-bottom", 12, NULL);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->comment = GTK_EDITABLE (g_object_new (GTK_TYPE_ENTRY, "placeholder-text", _ ("Comment for the person who sent it"), "max-length", 2000, NULL));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->comment), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Comment for the person who sent it"), -1);
  self->needs_comment = g_object_new (GTK_TYPE_LABEL, "label", _ ("Say in the comment what is wrong: it is all the other person sees."), "xalign", 0.0, "wrap", TRUE, "visible", FALSE, NULL);
  gtk_widget_add_css_class (self->needs_comment, "error");
  add_button (self, buttons, "go-previous-symbolic", _ ("Previous record"), NULL, G_CALLBACK (previous_cb));
  add_button (self, buttons, NULL, _ ("Reject"), "destructive-action", G_CALLBACK (reject_cb));
  add_button (self, buttons, NULL, _ ("Has issues"), NULL, G_CALLBACK (issues_cb));
  add_button (self, buttons, NULL, _ ("Approve"), "suggested-action", G_CALLBACK (approve_cb));
  add_button (self, buttons, "go-next-symbolic", _ ("Next record"), NULL, G_CALLBACK (next_cb));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->comment));
  gtk_box_append (GTK_BOX (bar), self->needs_comment);
  gtk_box_append (GTK_BOX (bar), buttons);
  return bar;
}

static void
sarap_review_screen_dispose (GObject *object)
{
  SarapReviewScreen *self = SARAP_REVIEW_SCREEN (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->interview);
  g_clear_pointer (&self->xml, g_bytes_unref);
  g_clear_pointer (&self->opened, g_bytes_unref);
  g_clear_object (&self->submission);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_review_screen_parent_class)->dispose (object);
}

static void
sarap_review_screen_class_init (SarapReviewScreenClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_review_screen_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  step_signal = g_signal_new ("step", SARAP_TYPE_REVIEW_SCREEN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
sarap_review_screen_init (SarapReviewScreen *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
sarap_review_screen_new (SarapContext *context, SarapSubmission *submission)
{
  SarapReviewScreen *self = g_object_new (SARAP_TYPE_REVIEW_SCREEN, NULL);

  self->context = g_object_ref (context);
  gtk_box_append (GTK_BOX (self->box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (self->box), new_review_bar (self));
  sarap_review_screen_show (self, submission);
  return GTK_WIDGET (self);
}

const char *
sarap_review_screen_get_id (SarapReviewScreen *self)
{
  return sarap_submission_get_id (self->submission);
}

void
sarap_review_screen_show (SarapReviewScreen *self, SarapSubmission *submission)
{
  g_set_object (&self->submission, submission);
  gtk_editable_set_text (self->comment, "");
  gtk_widget_set_visible (self->needs_comment, FALSE);
  fill (self);
}
