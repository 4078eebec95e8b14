#include "tests/support/sarap-ui-fixture.h"

#include "app/store/sarap-store-forms.h"
#include "tests/support/sarap-temporary.h"
#include "ui/form/sarap-choice-button.h"

static const SarapInterviewSettings no_settings;

SarapUiFixture *
sarap_ui_fixture_new (const char *form, const char *language)
{
  SarapUiFixture *self = g_new0 (SarapUiFixture, 1);
  g_autoptr (GSettings) settings = g_settings_new ("org.sarap.Sarap");
  g_autofree char *path = g_build_filename (g_getenv ("SARAP_SOURCE"), form, NULL);
  g_autoptr (SarapProblems) problems = sarap_problems_new (path);
  g_autoptr (SarapForm) loaded = NULL;
  g_autoptr (GError) error = NULL;

  g_settings_set_string (settings, "language", language);
  self->folder = sarap_temporary_new ();
  self->store = sarap_temporary_open (self->folder);
  self->context = sarap_context_new (self->store, settings);
  sarap_store_add_form_file (self->store, path, NULL, problems, &self->form_id, &error);
  g_assert_no_error (error);
  loaded = sarap_store_load_form (self->store, self->form_id, NULL, &error);
  g_assert_no_error (error);
  self->interview = sarap_interview_new (loaded, sarap_context_get_clock (self->context), &no_settings, &error);
  g_assert_no_error (error);
  sarap_interview_set_language (self->interview, language);
  self->recorder = sarap_recorder_new (self->store, self->interview, "volunteer", &error);
  g_assert_no_error (error);
  self->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->window), 800, 1000);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  gtk_window_present (GTK_WINDOW (self->window));
  return self;
}

static void
empty_window (SarapUiFixture *self)
{
  gtk_window_set_child (GTK_WINDOW (self->window), NULL);
  sarap_ui_spin (20);
}

void
sarap_ui_fixture_free (SarapUiFixture *self)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  sarap_ui_spin (20);
  g_clear_object (&self->recorder);
  g_clear_object (&self->interview);
  g_object_unref (self->context);
  g_object_unref (self->store);
  sarap_temporary_remove (self->folder);
  g_free (self->folder);
  g_free (self->form_id);
  g_free (self);
}

void
sarap_ui_fixture_resume (SarapUiFixture *self)
{
  g_autofree char *id = g_strdup (sarap_interview_get_instance_id (self->interview));
  g_autoptr (GError) error = NULL;

  empty_window (self);
  g_clear_object (&self->recorder);
  g_clear_object (&self->interview);
  self->recorder = sarap_recorder_resume (self->store, id, &no_settings, &error);
  g_assert_no_error (error);
  self->interview = g_object_ref (sarap_recorder_get_interview (self->recorder));
}

SarapQuestionPage *
sarap_ui_fixture_show_page (SarapUiFixture *self, const char *ref)
{
  g_autoptr (GPtrArray) pages = sarap_pages_new (self->interview);
  int index = sarap_pages_find_ref (pages, ref);
  GtkWidget *page;

  g_assert_cmpint (index, >=, 0);
  page = sarap_question_page_new (self->context, self->recorder, g_ptr_array_index (pages, (guint) index));
  gtk_window_set_child (GTK_WINDOW (self->window), page);
  sarap_ui_spin (50);
  return SARAP_QUESTION_PAGE (page);
}

SarapFormView *
sarap_ui_fixture_show_form (SarapUiFixture *self)
{
  GtkWidget *view = sarap_form_view_new (self->context, self->recorder);

  gtk_window_set_child (GTK_WINDOW (self->window), view);
  sarap_ui_spin (50);
  return SARAP_FORM_VIEW (view);
}

void
sarap_ui_spin (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + (gint64) milliseconds * 1000;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

static GtkWidget *
find (GtkWidget *widget, GType type, const char *label, guint *nth)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found;
      gboolean is_it = G_TYPE_CHECK_INSTANCE_TYPE (child, type);

      if (!gtk_widget_get_visible (child))
        continue;
      if (is_it && label != NULL && SARAP_IS_CHOICE_BUTTON (child))
        is_it = g_strcmp0 (sarap_choice_button_get_label (SARAP_CHOICE_BUTTON (child)), label) == 0;
      else if (is_it && label != NULL)
        is_it = g_strcmp0 (gtk_button_get_label (GTK_BUTTON (child)), label) == 0;
      if (is_it && (*nth)-- == 0)
        return child;
      found = find (child, type, label, nth);
      if (found != NULL)
        return found;
    }
  return NULL;
}

GtkWidget *
sarap_ui_find (GtkWidget *widget, GType type, guint nth)
{
  return find (widget, type, NULL, &nth);
}

GtkWidget *
sarap_ui_find_button (GtkWidget *widget, const char *label)
{
  guint nth = 0;

  return find (widget, GTK_TYPE_BUTTON, label, &nth);
}

GtkWidget *
sarap_ui_find_choice (GtkWidget *widget, const char *label)
{
  guint nth = 0;

  return find (widget, SARAP_TYPE_CHOICE_BUTTON, label, &nth);
}

/* As assistive technology does it. */
void
sarap_ui_choose (GtkWidget *widget, const char *label)
{
  GtkWidget *choice = sarap_ui_find_choice (widget, label);

  g_assert_nonnull (choice);
  g_assert_true (gtk_widget_activate_action (choice, "choice.select", NULL));
}

/* Adds to what stands there, as the keyboard does. */
void
sarap_ui_type (GtkWidget *entry, const char *text)
{
  int position = -1;

  g_assert_nonnull (entry);
  gtk_editable_insert_text (GTK_EDITABLE (entry), text, -1, &position);
}
