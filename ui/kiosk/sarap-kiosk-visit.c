#include "ui/kiosk/sarap-kiosk-visit.h"

#include <glib/gi18n.h>

#include "app/form/sarap-pages.h"
#include "ui/form/sarap-form-devices.h"
#include "ui/form/sarap-form-view.h"

/* How long the chosen answer is seen before the next question comes. */
#define ADVANCE_MILLISECONDS 300

struct _SarapKioskVisit
{
  GtkWidget parent_instance;

  GtkWidget *frame;
  GtkWidget *place; /* holds the page */
  GtkWidget *dots;
  GtkWidget *back;
  GtkWidget *next;

  SarapContext *context;
  SarapRecorder *recorder;   /* NULL when the visit is over */
  SarapFormDevices *devices; /* asks for places only: nobody here could agree to be recorded */
  GPtrArray *pages;
  int current;
  SarapQuestionPage *page;
  guint advance_source;
};

G_DEFINE_FINAL_TYPE (SarapKioskVisit, sarap_kiosk_visit, GTK_TYPE_WIDGET)

enum
{
  FINISHED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void go_to (SarapKioskVisit *self, int index);

static const SarapPage *
peek_page (SarapKioskVisit *self, int index)
{
  return index >= 0 && index < (int) self->pages->len ? g_ptr_array_index (self->pages, index) : NULL;
}

static gboolean
is_question_page (const SarapPage *page)
{
  return page != NULL && page->kind == SARAP_PAGE_QUESTIONS;
}

/* The nearest page with questions from @index on, in steps of @step; -1 at the end. */
static int
find_question_page (SarapKioskVisit *self, int index, int step)
{
  for (; peek_page (self, index) != NULL; index += step)
    if (is_question_page (peek_page (self, index)))
      return index;
  return -1;
}

static void
update_dots (SarapKioskVisit *self)
{
  guint n = 0;
  guint place = 0;
  GtkWidget *dot;
  g_autofree char *words = NULL;

  while ((dot = gtk_widget_get_first_child (self->dots)) != NULL)
    gtk_box_remove (GTK_BOX (self->dots), dot);
  for (int i = 0; i < (int) self->pages->len; i++)
    {
      if (!is_question_page (peek_page (self, i)))
        continue;
      n++;
      dot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
      gtk_widget_add_css_class (dot, "dot");
      if (i < self->current)
        gtk_widget_add_css_class (dot, "past");
      if (i == self->current)
        {
          gtk_widget_add_css_class (dot, "now");
          place = n;
        }
      gtk_box_append (GTK_BOX (self->dots), dot);
    }
  words = g_strdup_printf (_ ("Question %u of %u"), place, n);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->dots), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

/* A question that offers a choice named "skip" needs no button for it. */
static gboolean
offers_skipping (SarapInterview *interview, const char *ref)
{
  g_autoptr (GPtrArray) choices = sarap_interview_dup_choices (interview, ref);

  for (guint i = 0; choices != NULL && i < choices->len; i++)
    if (g_str_equal (((SarapChoice *) g_ptr_array_index (choices, i))->value, "skip"))
      return TRUE;
  return FALSE;
}

/* "Skip" where nothing is required and nothing was said; "Next" once everything was; neither while
 * a required answer is missing, or where skipping is one of the choices. */
static void
update_buttons (SarapKioskVisit *self)
{
  SarapInterview *interview = sarap_recorder_get_interview (self->recorder);
  const SarapPage *page = peek_page (self, self->current);
  gboolean is_answered = TRUE;
  gboolean is_missing = FALSE;

  for (guint i = 0; page->refs[i] != NULL; i++)
    if (*sarap_interview_peek_value (interview, page->refs[i]) == '\0')
      {
        is_answered = FALSE;
        is_missing |= sarap_interview_is_required (interview, page->refs[i]) || offers_skipping (interview, page->refs[i]);
      }
  gtk_button_set_label (GTK_BUTTON (self->next), is_answered ? _ ("Next") : _ ("Skip"));
  gtk_widget_set_opacity (self->next, is_missing ? 0 : 1);
  gtk_widget_set_sensitive (self->next, !is_missing);
  gtk_widget_set_opacity (self->back, find_question_page (self, self->current - 1, -1) >= 0 ? 1 : 0);
  gtk_widget_set_sensitive (self->back, find_question_page (self, self->current - 1, -1) >= 0);
}

static void
fail (SarapKioskVisit *self, const GError *error)
{
  g_warning ("a kiosk visit ended: %s", error->message);
  sarap_kiosk_visit_abandon (self);
  g_signal_emit (self, signals[FAILED], 0);
}

static void
go_to_first_violation (SarapKioskVisit *self)
{
  g_autoptr (GPtrArray) violations = sarap_interview_dup_violations (sarap_recorder_get_interview (self->recorder));
  const SarapViolation *first = violations != NULL && violations->len > 0 ? g_ptr_array_index (violations, 0) : NULL;
  int index = first != NULL ? sarap_pages_find_ref (self->pages, first->ref) : -1;

  if (index >= 0)
    {
      go_to (self, index);
      sarap_question_page_check (self->page);
    }
}

static void
finish (SarapKioskVisit *self)
{
  g_autoptr (GError) error = NULL;

  sarap_form_devices_finish (self->devices, NULL);
  if (sarap_recorder_finalize (self->recorder, &error))
    {
      g_clear_object (&self->recorder);
      g_signal_emit (self, signals[FINISHED], 0);
    }
  else if (g_error_matches (error, SARAP_INTERVIEW_ERROR, SARAP_INTERVIEW_ERROR_INVALID))
    go_to_first_violation (self);
  else
    fail (self, error);
}

static void
go_on (SarapKioskVisit *self)
{
  g_autoptr (GError) error = NULL;
  int index;

  g_clear_handle_id (&self->advance_source, g_source_remove);
  if (self->recorder == NULL || !sarap_question_page_check (self->page))
    return;
  if (!sarap_recorder_flush (self->recorder, &error))
    {
      fail (self, error);
      return;
    }
  index = find_question_page (self, self->current + 1, 1);
  if (index >= 0)
    go_to (self, index);
  else
    finish (self);
}

static void
go_back (SarapKioskVisit *self)
{
  int index = find_question_page (self, self->current - 1, -1);

  g_clear_handle_id (&self->advance_source, g_source_remove);
  if (self->recorder != NULL && index >= 0)
    go_to (self, index);
}

static gboolean
advance_cb (gpointer data)
{
  SarapKioskVisit *self = data;

  self->advance_source = 0;
  go_on (self);
  return G_SOURCE_REMOVE;
}

static void
answered_cb (SarapKioskVisit *self)
{
  g_clear_handle_id (&self->advance_source, g_source_remove);
  self->advance_source = g_timeout_add (ADVANCE_MILLISECONDS, advance_cb, self);
}

static void
go_to (SarapKioskVisit *self, int index)
{
  const SarapPage *page = peek_page (self, index);
  GtkWidget *widget;

  self->current = index;
  sarap_recorder_set_page (self->recorder, page->key, (guint) index + 1, self->pages->len);
  widget = sarap_question_page_new (self->context, self->recorder, page);
  g_signal_connect_object (widget, "answered", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_vexpand (widget, TRUE);
  if (self->page != NULL)
    gtk_box_remove (GTK_BOX (self->place), GTK_WIDGET (self->page));
  gtk_box_append (GTK_BOX (self->place), widget);
  self->page = SARAP_QUESTION_PAGE (widget);
  sarap_question_page_set_centred (self->page);
  update_dots (self);
  update_buttons (self);
}

static void
state_changed_cb (SarapKioskVisit *self)
{
  g_autofree char *key = NULL;
  int index;

  if (self->recorder == NULL || self->page == NULL)
    return;
  key = g_strdup (peek_page (self, self->current)->key);
  g_ptr_array_unref (self->pages);
  self->pages = sarap_pages_new (sarap_recorder_get_interview (self->recorder));
  index = sarap_pages_find (self->pages, key);
  if (index >= 0)
    self->current = index;
  else
    self->current = MAX (0, find_question_page (self, MIN (self->current, (int) self->pages->len - 1), -1));
  if (is_question_page (peek_page (self, self->current)))
    {
      sarap_question_page_update (self->page, peek_page (self, self->current));
      update_dots (self);
      update_buttons (self);
    }
}

static void
sarap_kiosk_visit_dispose (GObject *object)
{
  SarapKioskVisit *self = SARAP_KIOSK_VISIT (object);

  g_clear_handle_id (&self->advance_source, g_source_remove);
  g_clear_object (&self->devices);
  sarap_kiosk_visit_abandon (self);
  g_clear_pointer (&self->frame, gtk_widget_unparent);
  g_clear_pointer (&self->pages, g_ptr_array_unref);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_kiosk_visit_parent_class)->dispose (object);
}

static void
sarap_kiosk_visit_class_init (SarapKioskVisitClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_kiosk_visit_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  signals[FINISHED] = g_signal_new ("finished", SARAP_TYPE_KIOSK_VISIT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", SARAP_TYPE_KIOSK_VISIT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *
new_button (SarapKioskVisit *self, const char *label, void (*callback) (SarapKioskVisit *))
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_add_css_class (button, "primary");
  g_signal_connect_object (button, "clicked", G_CALLBACK (callback), self, G_CONNECT_SWAPPED);
  return button;
}

static void
sarap_kiosk_visit_init (SarapKioskVisit *self)
{
  GtkWidget *bar = gtk_center_box_new ();

  self->frame = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 24, "margin-top", 32, "margin-bottom", 32, "margin-start", 32, "margin-end", 32, NULL);
  self->dots = g_object_new (GTK_TYPE_BOX, "spacing", 12, "halign", GTK_ALIGN_CENTER, "valign", GTK_ALIGN_CENTER, "accessible-role", GTK_ACCESSIBLE_ROLE_IMG, NULL);
  self->place = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "vexpand", TRUE, NULL);
  gtk_widget_add_css_class (self->place, "kiosk-place");
  self->back = new_button (self, _ ("Back"), go_back);
  gtk_widget_add_css_class (self->back, "flat");
  self->next = new_button (self, _ ("Next"), go_on);
  gtk_center_box_set_start_widget (GTK_CENTER_BOX (bar), self->back);
  gtk_center_box_set_center_widget (GTK_CENTER_BOX (bar), self->dots);
  gtk_center_box_set_end_widget (GTK_CENTER_BOX (bar), self->next);
  gtk_box_append (GTK_BOX (self->frame), self->place);
  gtk_box_append (GTK_BOX (self->frame), bar);
  gtk_widget_set_parent (self->frame, GTK_WIDGET (self));
}

static gboolean
answer_hidden (SarapKioskVisit *self, SarapInterview *interview, const char *name, const char *key, GError **error)
{
  g_autofree char *value = g_settings_get_string (sarap_context_get_settings (self->context), key);
  g_autofree char *root = sarap_node_dup_path (sarap_interview_peek_root (interview), FALSE);
  g_autofree char *ref = g_strdup_printf ("%s/%s", root, name);

  if (*value == '\0' || sarap_node_find_child (sarap_interview_peek_root (interview), sarap_node_intern (name)) == NULL)
    return TRUE;
  sarap_interview_answer (interview, ref, value, error);
  return *error == NULL;
}

static SarapRecorder *
begin (SarapKioskVisit *self, SarapForm *form, GError **error)
{
  g_autoptr (SarapInterview) interview = NULL;
  SarapInterviewSettings settings;

  sarap_context_get_interview_settings (self->context, &settings);
  interview = sarap_interview_new (form, sarap_context_get_clock (self->context), &settings, error);
  if (interview == NULL || !answer_hidden (self, interview, "kiosk_id", "kiosk-id", error) || !answer_hidden (self, interview, "centre", "kiosk-centre", error))
    return NULL;
  sarap_interview_set_language (interview, sarap_context_get_language (self->context));
  return sarap_recorder_new (sarap_context_get_store (self->context), interview, sarap_role_to_string (SARAP_ROLE_KIOSK), error);
}

/* Begins a record in the language of the context, with the hidden questions that the kiosk
 * answers itself. Returns: (transfer floating), NULL with @error set. */
GtkWidget *
sarap_kiosk_visit_new (SarapContext *context, SarapForm *form, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  SarapKioskVisit *self = g_object_new (SARAP_TYPE_KIOSK_VISIT, NULL);
  int first = -1;

  self->context = g_object_ref (context);
  self->recorder = begin (self, form, &local_error);
  if (self->recorder != NULL)
    {
      self->pages = sarap_pages_new (sarap_recorder_get_interview (self->recorder));
      first = find_question_page (self, 0, 1);
      if (first < 0)
        g_set_error (&local_error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_UNSUPPORTED, "form %s asks nothing", sarap_form_get_id (form));
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      g_object_unref (g_object_ref_sink (self));
      return NULL;
    }
  g_signal_connect_object (sarap_recorder_get_interview (self->recorder), "state-changed", G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);
  self->devices = sarap_form_devices_new (context, self->recorder, FALSE);
  go_to (self, first);
  return GTK_WIDGET (self);
}

/* An unfinished visit is kept for counting and never offered again. Also done when the widget goes. */
void
sarap_kiosk_visit_abandon (SarapKioskVisit *self)
{
  g_autoptr (SarapRecorder) recorder = g_steal_pointer (&self->recorder);
  g_autoptr (GError) error = NULL;

  if (recorder != NULL && !sarap_recorder_abandon (recorder, &error))
    g_warning ("a kiosk visit was not closed: %s", error->message);
}
