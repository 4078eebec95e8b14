#include <gtk/gtk.h>

#include "app/base/sarap-problem.h"
#include "app/form/sarap-form.h"
#include "app/store/sarap-store-forms.h"
#include "app/store/sarap-store-records.h"
#include "app/vault/sarap-pin.h"
#include "sync/client/sarap-sync.h"
#include "tests/support/sarap-temporary.h"
#include "ui/common/sarap-home.h"
#include "ui/common/sarap-pin-screen.h"
#include "ui/common/sarap-words.h"
#include "ui/form/sarap-choice-button.h"
#include "ui/kiosk/sarap-kiosk-attract.h"
#include "ui/kiosk/sarap-kiosk-screen.h"
#include "ui/kiosk/sarap-kiosk-visit.h"
#include "ui/sarap-filling.h"
#include "ui/sarap-window.h"

/* The window and the screens around the questions, driven as assistive technology drives them. */

typedef struct
{
  char *folder;
  SarapStore *store;
  GSettings *settings;
  SarapContext *context;
  SarapWindow *window;
} Shell;

static void
set_up (Shell *shell, gconstpointer data)
{
  shell->folder = sarap_temporary_new ();
  shell->store = sarap_temporary_open (shell->folder);
  shell->settings = g_settings_new ("org.sarap.Sarap");
  g_settings_set_string (shell->settings, "language", "en");
  shell->context = sarap_context_new (shell->store, shell->settings);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  shell->window = sarap_window_new (NULL, shell->context);
  gtk_window_present (GTK_WINDOW (shell->window));
}

static void
spin (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + (gint64) milliseconds * 1000;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

static void
tear_down (Shell *shell, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (shell->window));
  spin (20);
  g_object_unref (shell->context);
  g_object_unref (shell->settings);
  g_object_unref (shell->store);
  sarap_temporary_remove (shell->folder);
  g_free (shell->folder);
}

typedef gboolean (*MatchFunc) (GtkWidget *widget, const char *text);

static GtkWidget *
find (GtkWidget *widget, MatchFunc matches, const char *text)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = NULL;

      if (!gtk_widget_get_mapped (child))
        continue;
      found = matches (child, text) ? child : find (child, matches, text);
      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
is_label (GtkWidget *widget, const char *text)
{
  return GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_label (GTK_LABEL (widget)), text);
}

static gboolean
is_label_start (GtkWidget *widget, const char *text)
{
  return GTK_IS_LABEL (widget) && g_str_has_prefix (gtk_label_get_label (GTK_LABEL (widget)), text);
}

static gboolean
is_button (GtkWidget *widget, const char *text)
{
  return GTK_IS_BUTTON (widget) && (g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), text) == 0 || g_strcmp0 (gtk_widget_get_tooltip_text (widget), text) == 0 || find (widget, is_label, text) != NULL);
}

static gboolean
is_choice (GtkWidget *widget, const char *text)
{
  return SARAP_IS_CHOICE_BUTTON (widget) && g_strcmp0 (sarap_choice_button_get_label (SARAP_CHOICE_BUTTON (widget)), text) == 0;
}

static gboolean
is_wait (GtkWidget *widget, const char *text)
{
  return GTK_IS_LABEL (widget) && g_str_has_prefix (gtk_label_get_label (GTK_LABEL (widget)), "Too many wrong tries.");
}

static gboolean
is_type (GtkWidget *widget, const char *text)
{
  return g_str_equal (G_OBJECT_TYPE_NAME (widget), text);
}

static gboolean
sees (Shell *shell, MatchFunc matches, const char *text)
{
  return find (GTK_WIDGET (shell->window), matches, text) != NULL;
}

/* Waits for what another thread does first. */
static gboolean
comes (Shell *shell, MatchFunc matches, const char *text)
{
  for (int i = 0; i < 100 && !sees (shell, matches, text); i++)
    spin (50);
  return sees (shell, matches, text);
}

static void
press (Shell *shell, const char *text)
{
  GtkWidget *button = find (GTK_WIDGET (shell->window), is_button, text);

  g_assert_nonnull (button);
  g_assert_true (gtk_widget_activate (button));
  spin (350);
}

static char *
add_form (Shell *shell, const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("SARAP_SOURCE"), "data", "questionnaires", name, "form.xlsx", NULL);
  g_autoptr (SarapProblems) problems = sarap_problems_new (path);
  g_autoptr (GError) error = NULL;
  char *id = NULL;

  sarap_store_add_form_file (shell->store, path, NULL, problems, &id, &error);
  g_assert_no_error (error);
  return id;
}

static void
add_form_text (Shell *shell, const char *xml)
{
  g_autofree char *path = g_build_filename (shell->folder, "form.xml", NULL);
  g_autoptr (SarapProblems) problems = sarap_problems_new (path);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, xml, -1, &error);
  g_assert_no_error (error);
  sarap_store_add_form_file (shell->store, path, NULL, problems, NULL, &error);
  g_assert_no_error (error);
}

static char *
add_draft (Shell *shell, const char *form_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapForm) form = sarap_store_load_form (shell->store, form_id, NULL, &error);
  SarapInterviewSettings settings = { .device_id = "sarap:test" };
  g_autoptr (SarapInterview) interview = sarap_interview_new (form, sarap_context_get_clock (shell->context), &settings, &error);
  g_autoptr (SarapRecorder) recorder = sarap_recorder_new (shell->store, interview, "volunteer", &error);

  g_assert_no_error (error);
  sarap_recorder_flush (recorder, &error);
  g_assert_no_error (error);
  return g_strdup (sarap_interview_get_instance_id (interview));
}

static guint
count (Shell *shell, const char *owner, SarapRecordState state)
{
  SarapRecordFilter filter = { .owner = owner, .state = state };

  return sarap_store_count_records (shell->store, &filter, NULL);
}

static void
test_back (Shell *shell, gconstpointer data)
{
  GtkWidget *first = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *button = gtk_button_new_with_label ("second of the first screen");
  GtkWidget *second = gtk_button_new_with_label ("second screen");

  gtk_box_append (GTK_BOX (first), gtk_button_new_with_label ("first"));
  gtk_box_append (GTK_BOX (first), button);
  sarap_window_set_root (shell->window, first, "First");
  spin (50);
  gtk_widget_grab_focus (button);
  sarap_window_push (shell->window, second, "Second");
  spin (50);
  g_assert_true (sarap_window_peek_top (shell->window) == second);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (shell->window)), ==, "Second");
  press (shell, "Back");
  g_assert_true (sarap_window_peek_top (shell->window) == first);
  g_assert_true (gtk_widget_has_focus (button));
  gtk_widget_activate_action (GTK_WIDGET (shell->window), "go.back", NULL);
  g_assert_true (sarap_window_peek_top (shell->window) == first);
}

static void
must_not_happen (gpointer data)
{
  g_assert_not_reached ();
}

static void
test_toast (Shell *shell, gconstpointer data)
{
  sarap_window_set_root (shell->window, gtk_label_new ("root"), "Root");
  sarap_window_push (shell->window, gtk_label_new ("top"), "Top");
  sarap_window_toast (shell->window, "Gone", "Undo", G_CALLBACK (must_not_happen), NULL);
  spin (50);
  g_assert_true (sees (shell, is_button, "Undo"));
  sarap_window_pop (shell->window);
  spin (50);
  g_assert_false (sees (shell, is_button, "Undo"));
}

static void
test_words (void)
{
  static const struct
  {
    gint64 seconds;
    const char *words;
  } ages[] = { { -5, "just now" }, { 59, "just now" }, { 60, "1 minute ago" }, { 7 * 60 + 59, "7 minutes ago" }, { 3600, "1 hour ago" }, { 86399, "23 hours ago" }, { 3 * 86400, "3 days ago" } };

  for (guint i = 0; i < G_N_ELEMENTS (ages); i++)
    {
      g_autofree char *words = sarap_words_age (0, ages[i].seconds * 1000);

      g_assert_cmpstr (words, ==, ages[i].words);
    }
}

/* The log's words follow only where the sentence leaves open what is wrong. */
static void
test_connecting_words (void)
{
  g_autoptr (GError) certificate = g_error_new_literal (SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_CERTIFICATE, "unknown authority");
  g_autoptr (GError) input = g_error_new_literal (SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "url is missing");
  g_autofree char *first = sarap_words_connecting (certificate), *second = sarap_words_connecting (input);

  g_assert_cmpstr (first, ==, "The server's certificate is not trusted. Nothing was sent.");
  g_assert_cmpstr (second, ==, "This cannot be used to connect.\nurl is missing");
}

static void
test_title (void)
{
  g_autofree char *kazakh = sarap_form_dup_title_part ("Served? / Обслужили? / Қызмет?", "kk");
  g_autofree char *other = sarap_form_dup_title_part ("Either / or", "kk");

  g_assert_cmpstr (kazakh, ==, "Қызмет?");
  g_assert_cmpstr (other, ==, "Either / or");
}

static GtkWidget *
show_home (Shell *shell)
{
  static const SarapHomeWords words = { SARAP_ROLE_VOLUNTEER, "Start visit", "No drafts", "Nothing ready", "Nothing sent" };
  GtkWidget *home = sarap_home_new (shell->context, &words);

  sarap_window_set_root (shell->window, home, "My visits");
  spin (100);
  return home;
}

static void
test_home (Shell *shell, gconstpointer data)
{
  g_autofree char *form_id = add_form (shell, "audit");
  g_autofree char *one = add_draft (shell, form_id);
  g_autofree char *other = add_draft (shell, form_id);
  GtkWidget *home;

  home = show_home (shell);
  g_assert_true (sees (shell, is_button, "Start visit"));
  gtk_test_accessible_assert_property (find (home, is_button, "Drafts"), GTK_ACCESSIBLE_PROPERTY_LABEL, "Drafts: 2");
  gtk_test_accessible_assert_property (find (home, is_button, "Sent"), GTK_ACCESSIBLE_PROPERTY_LABEL, "Sent: 0");
  sarap_home_show_section (SARAP_HOME (home), SARAP_HOME_SENT);
  spin (50);
  g_assert_true (sees (shell, is_label, "Nothing sent"));
}

/* Beside the forms, never before them; until somebody says no, or there is a record. */
static void
test_pin_offer (Shell *shell, gconstpointer data)
{
  g_autofree char *form_id = add_form (shell, "audit");

  show_home (shell);
  g_assert_true (sees (shell, is_button, "Choose a PIN"));
  g_assert_true (sees (shell, is_button, "Start visit"));
  gtk_widget_activate (find (GTK_WIDGET (shell->window), is_button, "Not now"));
  spin (400);
  g_assert_false (sees (shell, is_button, "Choose a PIN"));
  show_home (shell);
  g_assert_false (sees (shell, is_button, "Choose a PIN"));
}

static void
test_no_pin_offer_beside_records (Shell *shell, gconstpointer data)
{
  g_autofree char *form_id = add_form (shell, "audit");
  g_autofree char *draft = NULL;

  show_home (shell);
  g_assert_true (sees (shell, is_button, "Choose a PIN"));
  draft = add_draft (shell, form_id);
  spin (300);
  g_assert_false (sees (shell, is_button, "Choose a PIN"));
}

static guint
count_all (GtkWidget *widget, MatchFunc matches, const char *text)
{
  guint n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += matches (child, text) ? 1 : count_all (child, matches, text);
  return n;
}

static gboolean
is_suggested (GtkWidget *widget, const char *text)
{
  return is_button (widget, text) && gtk_widget_has_css_class (widget, "suggested-action");
}

/* Each form says whom it is for (roles.csv), until an administrator of the device says otherwise. */
static void
test_form_offers (Shell *shell, gconstpointer data)
{
  g_autofree char *kiosk = add_form (shell, "kiosk");
  g_autofree char *audit = NULL, *perception = NULL, *only = NULL;
  const SarapRole volunteer = SARAP_ROLE_VOLUNTEER, staff = SARAP_ROLE_STAFF;
  GtkWidget *home = show_home (shell);

  g_assert_true (sees (shell, is_label, "No questionnaires yet"));
  audit = add_form (shell, "audit");
  perception = add_form (shell, "perception");
  spin (100);
  g_assert_cmpuint (count_all (home, is_button, "Start visit"), ==, 1);
  g_assert_true (sarap_context_set_form_roles (shell->context, perception, &volunteer, 1, NULL));
  spin (100);
  g_assert_cmpuint (count_all (home, is_button, "Start visit"), ==, 2);
  g_assert_cmpuint (count_all (home, is_suggested, "Start visit"), ==, 1);
  g_assert_true (sarap_context_set_form_roles (shell->context, audit, &staff, 1, NULL));
  g_assert_true (sarap_context_set_form_roles (shell->context, perception, &staff, 1, NULL));
  spin (100);
  g_assert_true (sees (shell, is_label, "No questionnaires yet"));
  only = sarap_kiosk_find_form (shell->context);
  g_assert_cmpstr (only, ==, kiosk);
}

static void
test_draft_row (Shell *shell, gconstpointer data)
{
  g_autofree char *form_id = add_form (shell, "audit");
  g_autoptr (SarapForm) form = sarap_store_load_form (shell->store, form_id, NULL, NULL);
  SarapInterviewSettings settings = { .device_id = "sarap:test" };
  g_autoptr (SarapInterview) interview = sarap_interview_new (form, sarap_store_get_clock (shell->store), &settings, NULL);
  g_autoptr (SarapRecorder) recorder = sarap_recorder_new (shell->store, interview, "volunteer", NULL);

  sarap_interview_answer (interview, "/data/visit/region", "akm", NULL);
  sarap_interview_answer (interview, "/data/visit/district", "akm_kokshetau", NULL);
  sarap_interview_answer (interview, "/data/visit/centre", "akm_kokshetau_csc1", NULL);
  sarap_recorder_set_page (recorder, "/data/sec_d/d_ticket_time", 7, 23);
  g_assert_true (sarap_recorder_flush (recorder, NULL));
  sarap_home_show_section (SARAP_HOME (show_home (shell)), SARAP_HOME_DRAFTS);
  spin (100);
  g_assert_true (sees (shell, is_label, "At: 3. Queue, 7 of 23"));
  g_assert_true (sees (shell, is_label_start, "Public service centre No. 1 "));
}

static gboolean
is_resume (GtkWidget *widget, const char *text)
{
  return is_type (widget, "SarapResumeCard");
}

/* What was put aside stays in the list, and is offered again after it was opened there. */
static void
test_resume (Shell *shell, gconstpointer data)
{
  g_autofree char *form_id = add_form (shell, "audit");
  g_autofree char *draft = add_draft (shell, form_id);
  GtkWidget *home = show_home (shell);

  g_assert_true (sees (shell, is_label, "Go on where you left"));
  g_assert_cmpuint (count_all (home, is_suggested, "Start visit"), ==, 0);
  g_assert_cmpuint (count_all (home, is_suggested, "Continue"), ==, 1);
  g_assert_true (gtk_widget_has_focus (find (home, is_button, "Continue")));
  press (shell, "Not now");
  g_assert_false (sees (shell, is_resume, NULL));
  g_assert_cmpuint (count_all (home, is_suggested, "Start visit"), ==, 1);
  g_assert_cmpuint (count (shell, "volunteer", SARAP_RECORD_DRAFT), ==, 1);
  home = show_home (shell);
  g_assert_false (sees (shell, is_resume, NULL));

  sarap_home_show_section (SARAP_HOME (home), SARAP_HOME_DRAFTS);
  spin (50);
  g_assert_true (gtk_widget_activate_action (find (home, is_type, "GtkListView"), "list.activate-item", "u", 0));
  spin (100);
  press (shell, "Save and leave");
  sarap_home_show_section (SARAP_HOME (home), SARAP_HOME_TO_DO);
  spin (150);
  g_assert_true (sees (shell, is_resume, NULL));
}

/* While it can be taken back, and afterwards. */
static void
test_resume_deleted (Shell *shell, gconstpointer data)
{
  g_autofree char *form_id = add_form (shell, "audit");
  g_autofree char *draft = add_draft (shell, form_id);
  GtkWidget *home = show_home (shell);

  sarap_home_show_section (SARAP_HOME (home), SARAP_HOME_DRAFTS);
  spin (50);
  press (shell, "Delete this draft");
  sarap_home_show_section (SARAP_HOME (home), SARAP_HOME_TO_DO);
  spin (50);
  g_assert_false (sees (shell, is_resume, NULL));
  press (shell, "Undo");
  g_assert_true (sees (shell, is_resume, NULL));
}

/* Another role's draft is not offered here. */
static void
test_resume_owner (Shell *shell, gconstpointer data)
{
  static const SarapHomeWords words = { SARAP_ROLE_STAFF, "Start interview", "No drafts", "Nothing ready", "Nothing sent" };
  g_autofree char *form_id = add_form (shell, "perception");
  g_autofree char *draft = add_draft (shell, form_id);

  sarap_window_set_root (shell->window, sarap_home_new (shell->context, &words), "My interviews");
  spin (100);
  g_assert_true (sees (shell, is_button, "Start interview"));
  g_assert_false (sees (shell, is_resume, NULL));
}

static void
choose (Shell *shell, const char *label)
{
  GtkWidget *choice = find (GTK_WIDGET (shell->window), is_choice, label);

  g_assert_nonnull (choice);
  g_assert_true (gtk_widget_activate_action (choice, "choice.select", NULL));
  spin (600);
}

static void
start_visit (Shell *shell)
{
  sarap_context_set_role (shell->context, SARAP_ROLE_VOLUNTEER);
  show_home (shell);
  press (shell, "Start visit");
  g_assert_cmpuint (count (shell, "volunteer", SARAP_RECORD_DRAFT), ==, 1);
}

static void
test_untouched_draft (Shell *shell, gconstpointer data)
{
  g_autofree char *form_id = add_form (shell, "audit");

  start_visit (shell);
  press (shell, "Save and leave");
  g_assert_cmpuint (count (shell, "volunteer", SARAP_RECORD_DRAFT), ==, 0);
  g_assert_true (sees (shell, is_button, "Start visit"));
}

static void
test_touched_draft (Shell *shell, gconstpointer data)
{
  static const char form[] = "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:head><h:title>Note first</h:title><model>"
                             "<instance><data id=\"note\"><note/><yes/></data></instance>"
                             "<bind nodeset=\"/data/note\" readonly=\"true()\"/></model></h:head>"
                             "<h:body><input ref=\"/data/note\"><label>Please read this.</label></input>"
                             "<select1 ref=\"/data/yes\" appearance=\"quick\"><label>Well?</label><item><label>Fine</label><value>1</value></item></select1></h:body></h:html>";

  add_form_text (shell, form);
  start_visit (shell);
  g_assert_true (gtk_widget_has_focus (find (GTK_WIDGET (shell->window), is_button, "Next")));
  press (shell, "Next");
  choose (shell, "Fine");
  for (int i = 0; i < 2; i++)
    gtk_widget_activate_action (find (GTK_WIDGET (shell->window), is_type, "SarapFormView"), "page.back", NULL);
  spin (50);
  g_assert_true (gtk_widget_has_focus (find (GTK_WIDGET (shell->window), is_button, "Next")));
  press (shell, "Save and leave");
  g_assert_cmpuint (count (shell, "volunteer", SARAP_RECORD_DRAFT), ==, 1);
}

static void
test_delete (Shell *shell, gconstpointer data)
{
  g_autofree char *form_id = add_form (shell, "kiosk");
  g_autofree char *draft = add_draft (shell, form_id);
  GtkWidget *home = show_home (shell);

  sarap_home_show_section (SARAP_HOME (home), SARAP_HOME_DRAFTS);
  spin (50);
  press (shell, "Delete this draft");
  g_assert_true (sees (shell, is_label, "No drafts"));
  g_assert_cmpuint (count (shell, "volunteer", SARAP_RECORD_DRAFT), ==, 1);
  press (shell, "Undo");
  g_assert_true (sees (shell, is_button, "Delete this draft"));

  press (shell, "Delete this draft");
  sarap_window_set_root (shell->window, gtk_label_new ("elsewhere"), "");
  spin (50);
  g_assert_cmpuint (count (shell, "volunteer", SARAP_RECORD_DRAFT), ==, 0);
}

static void
note_accepted (SarapWindow *window, gpointer data)
{
  *(gboolean *) data = TRUE;
}

static void
give_pin (Shell *shell, const char *digits)
{
  for (; *digits != '\0'; digits++)
    {
      const char digit[] = { *digits, '\0' };

      gtk_widget_activate (find (GTK_WIDGET (shell->window), is_button, digit));
    }
  spin (20);
  press (shell, "Continue");
}

static void
test_pin (Shell *shell, gconstpointer data)
{
  g_autofree char *hash = NULL;
  gboolean is_accepted = FALSE;

  sarap_window_set_root (shell->window, gtk_label_new ("root"), "");
  sarap_pin_ask (shell->window, SARAP_PIN_ASK, note_accepted, &is_accepted);
  spin (50);
  g_assert_true (sees (shell, is_label, "Choose a PIN"));
  give_pin (shell, "2468");
  give_pin (shell, "2469");
  g_assert_true (comes (shell, is_label, "The two were not the same. Begin again."));
  give_pin (shell, "2468");
  give_pin (shell, "2468");
  g_assert_true (comes (shell, is_label, "root"));
  g_assert_true (is_accepted);
  hash = sarap_store_dup_setting (shell->store, "pin.hash");
  g_assert_true (sarap_pin_verify (hash, "2468"));
}

static void
test_wrong_pin (Shell *shell, gconstpointer data)
{
  g_autofree char *hash = sarap_pin_hash ("2468");
  gboolean is_accepted = FALSE;

  g_assert_true (sarap_store_set_setting (shell->store, "pin.hash", hash, NULL));
  sarap_window_set_root (shell->window, gtk_label_new ("root"), "");
  for (int i = 0; i < 5; i++)
    {
      GtkWidget *screen = sarap_pin_ask (shell->window, SARAP_PIN_ASK, note_accepted, &is_accepted);

      spin (50);
      give_pin (shell, "1357");
      g_assert_true (comes (shell, is_label, "That is not the PIN."));
      sarap_window_pop_screen (shell->window, screen);
    }
  sarap_pin_ask (shell->window, SARAP_PIN_ASK, note_accepted, &is_accepted);
  spin (50);
  give_pin (shell, "2468");
  g_assert_true (comes (shell, is_wait, NULL));
  spin (1000);
  g_assert_false (is_accepted);
}

static GtkWidget *
show_kiosk (Shell *shell)
{
  g_autofree char *form_id = add_form (shell, "kiosk");
  GtkWidget *kiosk = sarap_kiosk_screen_new (shell->context, form_id);

  g_settings_set_string (shell->settings, "kiosk-id", "K-7");
  g_settings_set_int (shell->settings, "kiosk-thanks-seconds", 1);
  g_settings_set_int (shell->settings, "kiosk-idle-seconds", 60);
  g_settings_set_int (shell->settings, "kiosk-filter-seconds", 0);
  sarap_context_set_role (shell->context, SARAP_ROLE_KIOSK);
  sarap_window_set_kiosk (shell->window, TRUE);
  sarap_window_set_root (shell->window, kiosk, "");
  spin (100);
  return kiosk;
}

static char *
dup_only_xml (Shell *shell, SarapRecordState state)
{
  SarapRecordFilter filter = { .owner = "kiosk", .state = state };
  g_autoptr (GPtrArray) records = sarap_store_list_records (shell->store, &filter, 0, 10, NULL);
  g_autoptr (GBytes) xml = NULL;

  g_assert_cmpuint (records->len, ==, 1);
  xml = sarap_store_dup_record_xml (shell->store, sarap_record_get_id (g_ptr_array_index (records, 0)), NULL);
  return g_strndup (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml));
}

#define VERSION(version, nodes, body) "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml'><h:head><h:title>Visit</h:title><model><instance>" \
                                      "<data id='v' version='" version "'>" nodes "<meta><instanceID/></meta></data></instance></model></h:head><h:body>" body "</h:body></h:html>"

static void
add_version (Shell *shell, const char *xml)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (xml, strlen (xml));
  g_autoptr (GError) error = NULL;

  sarap_store_add_form (shell->store, bytes, "v.xml", NULL, "file", NULL, NULL, &error);
  g_assert_no_error (error);
}

/* A draft of version 1 with one answer; then version 2 comes, which has no place for it. Returns: (transfer full) its id */
static char *
leave_outdated_draft (Shell *shell)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapForm) form = NULL;
  g_autoptr (SarapInterview) interview = NULL;
  g_autoptr (SarapRecorder) recorder = NULL;

  add_version (shell, VERSION ("1", "<old/>", "<input ref='/data/old'><label>Colour of the door</label></input>"));
  form = sarap_store_load_form (shell->store, "v", NULL, &error);
  interview = sarap_interview_new (form, sarap_context_get_clock (shell->context), NULL, &error);
  recorder = sarap_recorder_new (shell->store, interview, "volunteer", &error);
  sarap_interview_answer (interview, "/data/old", "green", &error);
  g_assert_no_error (error);
  add_version (shell, VERSION ("2", "<new/>", "<input ref='/data/new'><label>Height of the door</label></input>"));
  return g_strdup (sarap_interview_get_instance_id (interview));
}

static void
press_in_dialog (const char *text)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();
  GtkWidget *button = NULL;

  for (GList *window = windows; window != NULL && button == NULL; window = window->next)
    if (gtk_widget_has_css_class (window->data, "sarap-dialog"))
      button = find (window->data, is_button, text);
  g_assert_nonnull (button);
  g_assert_true (gtk_widget_activate (button));
  spin (350);
}

static void
test_a_draft_goes_over_to_the_new_version (Shell *shell, gconstpointer data)
{
  g_autofree char *id = leave_outdated_draft (shell);

  g_assert_true (sarap_filling_resume (shell->window, id));
  spin (100);
  g_assert_false (sees (shell, is_type, "SarapFormView"));
  press_in_dialog ("Use the new version");
  g_assert_true (sees (shell, is_label, "Height of the door"));
  press (shell, "Next");
  g_assert_true (sees (shell, is_label, "Answers that the new form has no place for"));
  g_assert_true (sees (shell, is_label, "Colour of the door"));
  g_assert_true (sees (shell, is_label, "green"));
}

static void
test_a_draft_may_stay_with_the_old_version (Shell *shell, gconstpointer data)
{
  g_autofree char *id = leave_outdated_draft (shell);

  sarap_filling_resume (shell->window, id);
  spin (100);
  press_in_dialog ("Keep the old one");
  g_assert_true (sees (shell, is_label, "Colour of the door"));
}

static void
test_kiosk_visit (Shell *shell, gconstpointer data)
{
  g_autofree char *xml = NULL;

  show_kiosk (shell);
  press (shell, "English");
  choose (shell, "Very good");
  press (shell, "Skip");
  choose (shell, "Bad");
  press (shell, "Skip");
  choose (shell, "No");
  g_assert_true (sees (shell, is_label, "Thank you!"));
  xml = dup_only_xml (shell, SARAP_RECORD_FINALIZED);
  g_assert_nonnull (strstr (xml, "<kiosk_id>K-7</kiosk_id>"));
  g_assert_nonnull (strstr (xml, "<k2/>"));
  g_assert_null (strstr (xml, "<k3/>"));
  g_assert_true (comes (shell, is_type, "SarapKioskAttract"));
}

static void
test_kiosk_idle (Shell *shell, gconstpointer data)
{
  GtkWidget *visit;

  show_kiosk (shell);
  g_settings_set_int (shell->settings, "kiosk-idle-seconds", 1);
  g_settings_set_int (shell->settings, "kiosk-warning-seconds", 2);
  press (shell, "Қазақша");
  g_assert_cmpstr (sarap_context_get_language (shell->context), ==, "kk");
  visit = find (GTK_WIDGET (shell->window), is_type, "SarapKioskVisit");
  g_assert_nonnull (visit);
  g_object_add_weak_pointer (G_OBJECT (visit), (gpointer *) &visit);
  spin (1300);
  g_assert_cmpuint (count (shell, "kiosk", SARAP_RECORD_DRAFT), ==, 1);
  spin (2200);
  g_assert_null (visit);
  g_assert_true (sees (shell, is_type, "SarapKioskAttract"));
  g_assert_cmpstr (sarap_context_get_language (shell->context), ==, "en");
  g_assert_cmpuint (count (shell, "kiosk", SARAP_RECORD_DRAFT), ==, 0);
  g_assert_cmpuint (count (shell, "kiosk", SARAP_RECORD_ABANDONED), ==, 1);
}

static void
test_kiosk_filter (Shell *shell, gconstpointer data)
{
  show_kiosk (shell);
  press (shell, "English");
  choose (shell, "Very good");
  g_settings_set_int (shell->settings, "kiosk-filter-seconds", 3);
  for (int i = 0; i < 4; i++)
    press (shell, "Skip");
  g_assert_cmpuint (count (shell, "kiosk", SARAP_RECORD_FINALIZED), ==, 1);
  g_assert_true (comes (shell, is_type, "SarapKioskAttract"));
  gtk_widget_activate (find (GTK_WIDGET (shell->window), is_button, "English"));
  spin (100);
  g_assert_true (sees (shell, is_type, "SarapKioskAttract"));
  spin (3000);
  press (shell, "English");
  g_assert_false (sees (shell, is_type, "SarapKioskAttract"));
}

static void
test_kiosk_stays (Shell *shell, gconstpointer data)
{
  GtkWidget *kiosk = show_kiosk (shell);

  gtk_widget_activate_action (GTK_WIDGET (shell->window), "go.back", NULL);
  gtk_widget_activate_action (GTK_WIDGET (shell->window), "go.settings", NULL);
  gtk_window_close (GTK_WINDOW (shell->window));
  spin (100);
  g_assert_true (sarap_window_peek_top (shell->window) == kiosk);
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (shell->window)));
}

static void
add (const char *path, void (*test) (Shell *shell, gconstpointer data))
{
  g_test_add (path, Shell, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/words/ages", test_words);
  g_test_add_func ("/ui/words/connecting-tells-what-to-do", test_connecting_words);
  g_test_add_func ("/ui/words/title-in-one-language", test_title);
  add ("/ui/window/back-gives-the-focus-back", test_back);
  add ("/ui/window/undo-goes-with-its-screen", test_toast);
  add ("/ui/home/counts-and-empty-sections", test_home);
  add ("/ui/home/offers-a-pin-until-it-is-declined", test_pin_offer);
  add ("/ui/home/offers-no-pin-beside-records", test_no_pin_offer_beside_records);
  add ("/ui/home/offers-only-what-the-role-gets", test_form_offers);
  add ("/ui/home/draft-names-its-page", test_draft_row);
  add ("/ui/home/offers-the-last-draft", test_resume);
  add ("/ui/home/offers-no-deleted-draft", test_resume_deleted);
  add ("/ui/home/offers-no-draft-of-another-role", test_resume_owner);
  add ("/ui/home/untouched-draft-does-not-stay", test_untouched_draft);
  add ("/ui/form/note-leaves-the-focus-to-the-way-on", test_touched_draft);
  add ("/ui/home/deleted-draft-comes-back", test_delete);
  add ("/ui/pin/is-chosen-twice", test_pin);
  add ("/ui/pin/wrong-tries-must-wait", test_wrong_pin);
  add ("/ui/drafts/a-draft-goes-over-to-the-new-version", test_a_draft_goes_over_to_the_new_version);
  add ("/ui/drafts/a-draft-may-stay-with-the-old-version", test_a_draft_may_stay_with_the_old_version);
  add ("/ui/kiosk/five-taps-are-one-record", test_kiosk_visit);
  add ("/ui/kiosk/idle-visit-is-abandoned", test_kiosk_idle);
  add ("/ui/kiosk/second-vote-must-wait", test_kiosk_filter);
  add ("/ui/kiosk/no-way-out-without-pin", test_kiosk_stays);
  return g_test_run ();
}
