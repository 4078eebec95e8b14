#include <gtk/gtk.h>

#include <glib/gstdio.h>

#include "app/store/sarap-store-forms.h"
#include "app/store/sarap-store-received.h"
#include "app/vault/sarap-sensitive.h"
#include "sync/client/sarap-enrolment.h"
#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-ui-fixture.h"
#include "ui/sarap-window.h"
#include "ui/supervisor/sarap-figures-view.h"
#include "ui/supervisor/sarap-received-list.h"
#include "ui/supervisor/sarap-review-screen.h"
#include "ui/supervisor/sarap-supervisor-home.h"

/* A supervisor's screens over a store that has received three visits. */

typedef struct
{
  char *folder;
  SarapStore *store;
  GSettings *settings;
  SarapContext *context;
  SarapForm *form;
  SarapWindow *window;
} Desk;

static void
answer (SarapInterview *interview, const char *question, const char *value)
{
  const SarapElement *element = sarap_form_find_question (sarap_interview_get_form (interview), question);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (element);
  sarap_interview_answer (interview, sarap_element_get_path (element), value, &error);
  g_assert_no_error (error);
}

static void
receive (Desk *desk, const char *id, guint64 sequence, const char *region, SarapReviewState state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapInterview) interview = sarap_interview_new (desk->form, sarap_store_get_clock (desk->store), NULL, &error);
  g_autoptr (SarapSubmission) submission = sarap_submission_new (id, sarap_form_get_id (desk->form), sarap_form_get_version (desk->form), "anna", id, 1000, state);
  g_autoptr (GBytes) xml = NULL;

  g_assert_no_error (error);
  answer (interview, "region", region);
  answer (interview, "b_open", "yes");
  xml = sarap_interview_serialize (interview);
  sarap_store_put_submission (desk->store, submission, sequence, xml, &error);
  g_assert_no_error (error);
}

static void
sign_in (Desk *desk)
{
  SarapEnrolment enrolment = { .name = (char *) "Project", .url = (char *) "https://localhost:1", .username = (char *) "boss@example.org", .password = (char *) "token", .is_supervisor = TRUE, .project_id = 1 };
  g_autoptr (GError) error = NULL;

  sarap_enrolment_save (&enrolment, desk->store, &error);
  g_assert_no_error (error);
}

static void
add_form (Desk *desk)
{
  g_autofree char *path = g_build_filename (g_getenv ("SARAP_SOURCE"), "data", "questionnaires", "audit", "form.xlsx", NULL);
  g_autoptr (SarapProblems) problems = sarap_problems_new (path);
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  sarap_store_add_form_file (desk->store, path, NULL, problems, &id, &error);
  g_assert_no_error (error);
  desk->form = sarap_store_load_form (desk->store, id, NULL, &error);
  g_assert_no_error (error);
}

static void
set_up (Desk *desk, gconstpointer data)
{
  desk->folder = sarap_temporary_new ();
  desk->store = sarap_temporary_open (desk->folder);
  desk->settings = g_settings_new ("org.sarap.Sarap");
  g_settings_set_string (desk->settings, "language", "en");
  desk->context = sarap_context_new (desk->store, desk->settings);
  add_form (desk);
  receive (desk, "first", 1, "akm", SARAP_REVIEW_NONE);
  receive (desk, "second", 2, "akm", SARAP_REVIEW_APPROVED);
  receive (desk, "third", 3, "ala", SARAP_REVIEW_NONE);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  desk->window = sarap_window_new (NULL, desk->context);
  gtk_window_set_default_size (GTK_WINDOW (desk->window), 1000, 900);
  gtk_window_present (GTK_WINDOW (desk->window));
}

static void
tear_down (Desk *desk, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (desk->window));
  sarap_ui_spin (20);
  g_object_unref (desk->form);
  g_object_unref (desk->context);
  g_object_unref (desk->settings);
  g_object_unref (desk->store);
  sarap_temporary_remove (desk->folder);
  g_free (desk->folder);
}

static GtkWidget *
show (Desk *desk, GtkWidget *screen)
{
  sarap_window_set_root (desk->window, screen, "Screen");
  sarap_ui_spin (100);
  return screen;
}

static gboolean
says (GtkWidget *widget, const char *text)
{
  GtkWidget *label;

  for (guint i = 0; (label = sarap_ui_find (widget, GTK_TYPE_LABEL, i)) != NULL; i++)
    if (g_str_equal (gtk_label_get_label (GTK_LABEL (label)), text))
      return TRUE;
  return FALSE;
}

static void
press (GtkWidget *widget, const char *label)
{
  GtkWidget *button = sarap_ui_find_button (widget, label);

  g_assert_nonnull (button);
  g_assert_true (gtk_widget_activate (button));
  sarap_ui_spin (350);
}

static guint
count_shown (GtkWidget *list)
{
  GtkWidget *view = sarap_ui_find (list, GTK_TYPE_LIST_VIEW, 0);

  return view != NULL ? g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (view)))) : 0;
}

/* @nth: of the filters that can be seen. */
static void
choose (GtkWidget *list, guint nth, const char *label)
{
  GtkDropDown *filter = GTK_DROP_DOWN (sarap_ui_find (list, GTK_TYPE_DROP_DOWN, nth));
  GListModel *model = gtk_drop_down_get_model (filter);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    if (g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (model), i), label))
      {
        gtk_drop_down_set_selected (filter, i);
        return;
      }
  g_error ("no choice %s", label);
}

static void
test_signing_in_comes_first (Desk *desk, gconstpointer data)
{
  GtkWidget *home = show (desk, sarap_supervisor_home_new (desk->context));

  g_assert_nonnull (sarap_ui_find_button (home, "Sign in"));
  g_assert_null (sarap_ui_find (home, SARAP_TYPE_RECEIVED_LIST, 0));
  sign_in (desk);
  home = show (desk, sarap_supervisor_home_new (desk->context));
  g_assert_null (sarap_ui_find_button (home, "Sign in"));
  g_assert_nonnull (sarap_ui_find (home, SARAP_TYPE_RECEIVED_LIST, 0));
  g_assert_true (says (home, "2")); /* to review */
}

static void
test_filters_narrow (Desk *desk, gconstpointer data)
{
  GtkWidget *list = show (desk, sarap_received_list_new (desk->context));

  g_assert_cmpuint (count_shown (list), ==, 3);
  choose (list, 1, "Akmola");
  g_assert_cmpuint (count_shown (list), ==, 2);
  choose (list, 3, "Approved");
  g_assert_cmpuint (count_shown (list), ==, 1);
  choose (list, 1, "All regions");
  g_assert_cmpuint (count_shown (list), ==, 1);
  choose (list, 3, "Rejected");
  g_assert_true (says (list, "Nothing found"));
}

static guint
count_badges (GtkWidget *widget, const char *text, const char *style)
{
  GtkWidget *label;
  guint n = 0;

  for (guint i = 0; (label = sarap_ui_find (widget, GTK_TYPE_LABEL, i)) != NULL; i++)
    n += g_str_equal (gtk_label_get_label (GTK_LABEL (label)), text) && gtk_widget_has_css_class (label, "badge") && gtk_widget_has_css_class (label, style);
  return n;
}

static void
test_rows_tell_name_and_decision (Desk *desk, gconstpointer data)
{
  GtkWidget *list = show (desk, sarap_received_list_new (desk->context));

  g_assert_true (says (list, "first"));
  g_assert_cmpuint (count_badges (list, "Approved", "good"), ==, 1);
  g_assert_cmpuint (count_badges (list, "Not yet reviewed", "plain"), ==, 2);
  g_assert_cmpuint (count_badges (list, "100,0 of 100", "good"), ==, 3);
}

static void
test_rows_tell_the_score (Desk *desk, gconstpointer data)
{
  GtkWidget *list = show (desk, sarap_received_list_new (desk->context));

  g_assert_true (says (list, "100,0 of 100")); /* one item answered, and well */
}

static void
test_new_senders_join_and_choices_stay (Desk *desk, gconstpointer data)
{
  GtkWidget *list = show (desk, sarap_received_list_new (desk->context));

  choose (list, 1, "Akmola");
  receive (desk, "fourth", 4, "akm", SARAP_REVIEW_NONE);
  sarap_ui_spin (1500);
  g_assert_cmpuint (count_shown (list), ==, 3);
}

static SarapReviewState
get_state (Desk *desk, const char *id)
{
  g_autoptr (SarapSubmission) submission = sarap_store_find_submission (desk->store, id, NULL);

  return sarap_submission_get_review_state (submission);
}

static GtkWidget *
show_review (Desk *desk, const char *id)
{
  g_autoptr (SarapSubmission) submission = sarap_store_find_submission (desk->store, id, NULL);

  return show (desk, sarap_review_screen_new (desk->context, submission));
}

/* In a window of its own above the first one. */
static void
press_anywhere (const char *label)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
      GtkWidget *button = sarap_ui_find_button (window, label);

      if (button == NULL)
        continue;
      gtk_widget_activate (button);
      sarap_ui_spin (350);
      return;
    }
  g_error ("no button %s", label);
}

/* Takes @name in the file chooser that is open. */
static void
take_file (const char *name)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
      GtkWidget *view = g_str_equal (G_OBJECT_TYPE_NAME (window), "SarapFileChooser") ? sarap_ui_find (window, GTK_TYPE_LIST_VIEW, 0) : NULL;
      GListModel *files = view ? G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (view))) : NULL;

      for (guint j = 0; files != NULL && j < g_list_model_get_n_items (files); j++)
        {
          g_autoptr (GFileInfo) info = g_list_model_get_item (files, j);

          if (!g_str_equal (g_file_info_get_name (info), name))
            continue;
          g_signal_emit_by_name (view, "activate", j);
          sarap_ui_spin (350);
          return;
        }
    }
  g_error ("no file %s", name);
}

/* A record whose answer to b_open is sealed to @key. */
static void
receive_sealed (Desk *desk, const char *id, SarapProjectKey *key)
{
  const char *const paths[] = { "/data/sec_b/b_open", NULL };
  g_autoptr (SarapInterview) interview = sarap_interview_new (desk->form, sarap_store_get_clock (desk->store), NULL, NULL);
  g_autoptr (SarapSubmission) submission = sarap_submission_new (id, sarap_form_get_id (desk->form), sarap_form_get_version (desk->form), "anna", id, 1000, SARAP_REVIEW_NONE);
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autoptr (GBytes) plain = NULL, xml = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (keys, key);
  answer (interview, "region", "akm");
  answer (interview, "b_open", "yes");
  plain = sarap_interview_serialize (interview);
  xml = sarap_sensitive_seal (plain, paths, keys, &error);
  g_assert_no_error (error);
  g_assert_true (sarap_store_put_submission (desk->store, submission, 9, xml, NULL));
}

static void
test_the_private_key_opens_sealed_answers (Desk *desk, gconstpointer data)
{
  g_autoptr (SarapProjectKey) key = sarap_project_key_generate ();
  g_autofree char *path = g_build_filename (g_get_home_dir (), "boss.key", NULL);
  GtkWidget *screen;

  receive_sealed (desk, "sealed", key);
  g_assert_true (sarap_project_key_write (key, TRUE, path, NULL));
  screen = show_review (desk, "sealed");
  g_assert_true (says (screen, "Some answers are sealed"));
  g_assert_true (says (screen, "Sealed: only the project's key opens it"));
  press (screen, "Open…");
  take_file ("boss.key");
  g_assert_false (says (screen, "Some answers are sealed"));
  g_assert_false (says (screen, "Sealed: only the project's key opens it"));
  g_unlink (path);
}

static void
test_reject_wants_a_comment (Desk *desk, gconstpointer data)
{
  GtkWidget *screen = show_review (desk, "first");
  g_autoptr (GPtrArray) decisions = NULL;

  press (screen, "Reject");
  g_assert_cmpint (get_state (desk, "first"), ==, SARAP_REVIEW_NONE);
  g_assert_true (says (screen, "Say in the comment what is wrong: it is all the other person sees."));
  decisions = sarap_store_list_undelivered_decisions (desk->store, NULL);
  g_assert_cmpuint (decisions->len, ==, 0);
}

static void
test_decision_is_queued_and_shown (Desk *desk, gconstpointer data)
{
  g_autoptr (GPtrArray) decisions = NULL;
  g_autoptr (GPtrArray) reviews = NULL;
  GtkWidget *screen;

  sign_in (desk);
  screen = show_review (desk, "first");
  sarap_ui_type (sarap_ui_find (screen, GTK_TYPE_ENTRY, 0), "The photo is missing");
  press (screen, "Reject");
  g_assert_cmpint (get_state (desk, "first"), ==, SARAP_REVIEW_REJECTED);
  g_assert_true (says (screen, "Rejected"));
  g_assert_true (says (screen, "The photo is missing"));
  decisions = sarap_store_list_undelivered_decisions (desk->store, NULL);
  g_assert_cmpuint (decisions->len, ==, 1);
  g_assert_cmpstr (((SarapDecision *) g_ptr_array_index (decisions, 0))->comment, ==, "The photo is missing");
  reviews = sarap_store_list_reviews (desk->store, "first", NULL);
  g_assert_cmpstr (((SarapReview *) g_ptr_array_index (reviews, 0))->actor, ==, "boss@example.org");
}

static void
test_figures_appear (Desk *desk, gconstpointer data)
{
  GtkWidget *view = show (desk, sarap_figures_view_new (desk->context));

  for (int i = 0; i < 100 && !says (view, "Visits and violations"); i++)
    sarap_ui_spin (50);
  g_assert_true (says (view, "Visits and violations"));
  g_assert_true (says (view, "n = 3 visits"));
  g_assert_true (says (view, "Violations by kind"));
}

static void
test_report_in_another_language (Desk *desk, gconstpointer data)
{
  GtkWidget *view = show (desk, sarap_figures_view_new (desk->context));
  g_autofree char *name = g_strdup_printf ("sarap-%s-kk", sarap_form_get_id (desk->form));
  g_autofree char *path = g_build_filename (g_get_home_dir (), name, "report.pdf", NULL);

  for (int i = 0; i < 100 && !says (view, "Visits and violations"); i++)
    sarap_ui_spin (50);
  press (view, "Save report");
  press_anywhere ("Қазақша");
  press_anywhere ("Use this folder");
  for (int i = 0; i < 200 && !gtk_widget_get_sensitive (GTK_WIDGET (desk->window)); i++)
    sarap_ui_spin (50);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  g_assert_cmpstr (g_getenv ("LANGUAGE"), ==, "en");
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (desk->window)));
}

#define ADD(name, func) g_test_add ("/ui/supervisor/" name, Desk, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  ADD ("signing-in-comes-first", test_signing_in_comes_first);
  ADD ("filters-narrow-the-list", test_filters_narrow);
  ADD ("/ui/supervisor/rows-tell-name-and-decision", test_rows_tell_name_and_decision);
  ADD ("rows-tell-the-score", test_rows_tell_the_score);
  ADD ("new-records-join-and-choices-stay", test_new_senders_join_and_choices_stay);
  ADD ("the-private-key-opens-sealed-answers", test_the_private_key_opens_sealed_answers);
  ADD ("reject-wants-a-comment", test_reject_wants_a_comment);
  ADD ("a-decision-is-queued-and-shown", test_decision_is_queued_and_shown);
  ADD ("figures-appear", test_figures_appear);
  ADD ("a-report-is-saved-in-another-language", test_report_in_another_language);
  return g_test_run ();
}
