#include <glib/gi18n.h>

#include "app/form/sarap-form.h"
#include "app/form/sarap-pages.h"
#include "app/store/sarap-store-forms.h"
#include "app/vault/sarap-pin.h"
#include "sarap-config.h"
#include "tests/support/sarap-ui-fixture.h"
#include "ui/common/sarap-enrol-screen.h"
#include "ui/common/sarap-forms-screen.h"
#include "ui/common/sarap-handover-screen.h"
#include "ui/common/sarap-help-screen.h"
#include "ui/common/sarap-home.h"
#include "ui/common/sarap-kiosk-settings-screen.h"
#include "ui/common/sarap-pin-screen.h"
#include "ui/common/sarap-record-screen.h"
#include "ui/common/sarap-settings-screen.h"
#include "ui/common/sarap-words.h"
#include "ui/form/sarap-choice-button.h"
#include "ui/kiosk/sarap-kiosk-attract.h"
#include "ui/kiosk/sarap-kiosk-screen.h"
#include "ui/sarap-appearance.h"
#include "ui/sarap-role-chooser.h"
#include "ui/sarap-screenshot.h"
#include "ui/sarap-start-screen.h"
#include "ui/staff/sarap-staff-home.h"
#include "ui/supervisor/sarap-received-list.h"
#include "ui/supervisor/sarap-sign-in-screen.h"
#include "ui/supervisor/sarap-supervisor-home.h"
#include "ui/volunteer/sarap-volunteer-home.h"

/* Pictures of every screen, on the stores of the demonstration. Called by make-screenshots beside
 * this file: STORES FOLDER WIDTHxHEIGHT LANGUAGE THEME, where
 * THEME is one of the setting or "large", for large text. The stores are written to. */

#define AUDIT "kz_unknown_customer_audit"
#define PERCEPTION "kz_perception_survey"
#define KIOSK "kz_kiosk5"
#define LARGE_PERCENT 150
#define SETTLE_MILLISECONDS 350
#define COUNTING_MILLISECONDS 2500

typedef struct
{
  const char *stores;
  const char *folder;
  const char *size;
  const char *language;
  const char *theme;
  int width, height;
  guint n_written;

  GSettings *settings;
  SarapStore *store;
  SarapContext *context;
  SarapWindow *window;
} Studio;

typedef struct
{
  const char *ref;
  const char *value;
} Answer;

typedef struct
{
  const char *key; /* of a page, or a ref on it */
  const char *name;
} Page;

static const Answer visit[] = {
  { "/data/visit/region", "ala" },
  { "/data/visit/district", "ala_almaly" },
  { "/data/visit/centre", "ala_almaly_csc1" },
  { "/data/visit2/scenario", "s_address" },
  { "/data/visit2/visit_slot", "lunch" },
  { "/data/visit2/gps", "43.25654 76.92848 786 6.5" },
  { "/data/visit2/arrival_time", "12:40:00.000+05:00" },
  { "/data/sec_b/b_hours_web", "yes" },
  { "/data/sec_b/b_phone", "no" },
  { "/data/sec_b/b_sign", "yes" },
  { "/data/sec_c/c_ramp", "yes" },
  { "/data/sec_d/d_ticket", "yes" },
  { "/data/sec_d/d_ticket_time", "12:45:00.000+05:00" },
  { "/data/sec_d/d_waiting", "14" },
  { "/data/sec_j/j_seen", "yes" },
  { "/data/sec_j/j_where", "street hall" },
  { "/data/sec_m/m_overall", "3" },
};
static const Answer interview[] = {
  { "/data/ident/region", "ala" },
  { "/data/ident/visit_no", "1" },
  { "/data/ident/outcome", "interview" },
  { "/data/main/consent", "yes" },
  { "/data/main/body/sec_a/a_age", "34" },
  { "/data/main/body/sec_c/c_contact", "csc" },
  { "/data/main/body/sec_g/g_recommend", "7" },
};

static const Page visit_pages[] = {
  { "/data/visit/region", "page-field-list" },
  { "/data/visit2/scenario", "page-select" },
  { "/data/visit2/gps", "page-geopoint" },
  { "/data/visit2/arrival_time", "page-time" },
  { "/data/sec_b/b_phone", "page-yes-no" },
  { "/data/sec_d/d_waiting", "page-integer" },
  { "/data/sec_j/j_where", "page-select-several" },
  { "/data/sec_k/k_note", "page-note" },
  { "/data/sec_m/m_front", "page-image" },
  { "/data/sec_m/violation", "page-repeat" },
  { "/data/sec_m/violation[1]/v_type", "page-minimal" },
  { "/data/sec_m/violation[1]/v_photo", "page-image-taken" },
  { "/data/sec_m/m_decl", "page-trigger" },
  { "review", "page-review" },
};
static const Page interview_pages[] = {
  { "/data/ident/q_group", "perception-select" },
  { "/data/main/intro", "perception-intro" },
  { "/data/main/body/sec_a/a_age", "perception-integer" },
  { "/data/main/body/sec_b/b_sectors", "perception-select-several" },
  { "/data/main/body/sec_g/g_services", "perception-scale" },
  { "/data/main/body/sec_g/g_recommend", "perception-range" },
  { "/data/main/body/sec_g/g_open", "perception-long-text" },
};

static void
die (const char *what, const GError *error)
{
  g_printerr ("screenshots: %s: %s\n", what, error != NULL ? error->message : "failed");
  exit (3);
}

static char *
dup_file (Studio *studio, const char *name)
{
  gboolean is_light = g_str_equal (studio->theme, "light");

  return g_strdup_printf ("%s/%s-%s-%s%s%s.png", studio->folder, name, studio->size, studio->language, is_light ? "" : "-", is_light ? "" : studio->theme);
}

static void
shoot (Studio *studio, const char *name)
{
  g_autofree char *file = dup_file (studio, name);
  g_autoptr (GError) error = NULL;

  sarap_ui_spin (SETTLE_MILLISECONDS);
  gtk_widget_queue_draw (GTK_WIDGET (studio->window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (studio->window));
  if (!sarap_screenshot_write (GTK_WINDOW (studio->window), file, &error))
    die (name, error);
  studio->n_written++;
}

static void
shoot_pushed (Studio *studio, GtkWidget *screen, const char *title, const char *name)
{
  sarap_window_push (studio->window, screen, title);
  shoot (studio, name);
  sarap_window_pop (studio->window);
}

static void
open_store (Studio *studio, const char *name, SarapRole role)
{
  g_autofree char *folder = name != NULL ? g_build_filename (studio->stores, name, NULL) : g_dir_make_tmp ("sarap-new-XXXXXX", NULL);
  g_autoptr (SarapClock) clock = sarap_clock_new_from_environment ();
  g_autoptr (GError) error = NULL;

  studio->store = sarap_store_open (folder, clock, TRUE, &error);
  if (studio->store == NULL)
    die (folder, error);
  studio->context = sarap_context_new (studio->store, studio->settings);
  sarap_context_set_role (studio->context, role);
  studio->window = sarap_window_new (NULL, studio->context);
  gtk_window_set_default_size (GTK_WINDOW (studio->window), studio->width, studio->height);
  gtk_window_present (GTK_WINDOW (studio->window));
}

static void
close_store (Studio *studio)
{
  gtk_window_destroy (GTK_WINDOW (studio->window));
  sarap_ui_spin (50);
  sarap_syncer_stop (sarap_context_get_syncer (studio->context));
  g_clear_object (&studio->context);
  sarap_store_close (studio->store);
  g_clear_object (&studio->store);
}

static SarapRecorder *
begin (Studio *studio, const char *form_id, const Answer *answers, gsize n_answers)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapForm) form = sarap_store_load_form (studio->store, form_id, NULL, &error);
  g_autoptr (SarapInterview) filled = NULL;
  SarapRecorder *recorder = NULL;
  SarapInterviewSettings settings;

  sarap_context_get_interview_settings (studio->context, &settings);
  if (form != NULL)
    filled = sarap_interview_new (form, sarap_context_get_clock (studio->context), &settings, &error);
  if (filled != NULL)
    recorder = sarap_recorder_new (studio->store, filled, sarap_role_to_string (sarap_context_get_role (studio->context)), &error);
  if (recorder == NULL)
    die (form_id, error);
  sarap_interview_set_language (filled, studio->language);
  for (gsize i = 0; i < n_answers; i++)
    if (sarap_interview_answer (filled, answers[i].ref, answers[i].value, &error) != SARAP_ANSWER_OK)
      die (answers[i].ref, error);
  sarap_recorder_flush (recorder, NULL);
  return recorder;
}

/* Each questionnaire to those whom it concerns, as an administrator does. */
static void
give_roles (Studio *studio)
{
  static const SarapRole volunteer = SARAP_ROLE_VOLUNTEER, staff = SARAP_ROLE_STAFF, kiosk = SARAP_ROLE_KIOSK;

  sarap_context_set_form_roles (studio->context, AUDIT, &volunteer, 1, NULL);
  sarap_context_set_form_roles (studio->context, PERCEPTION, &staff, 1, NULL);
  sarap_context_set_form_roles (studio->context, KIOSK, &kiosk, 1, NULL);
}

/* Stands for a photograph: the first picture of this series. */
static void
add_photograph (Studio *studio, SarapRecorder *recorder, const char *ref)
{
  g_autofree char *picture = dup_file (studio, "first-language");

  sarap_recorder_attach_file (recorder, ref, picture, NULL);
}

static void
add_violation (Studio *studio, SarapRecorder *recorder)
{
  SarapInterview *filled = sarap_recorder_get_interview (recorder);

  if (sarap_interview_get_n_instances (filled, "/data/sec_m/violation") == 0)
    g_free (sarap_interview_add_instance (filled, "/data/sec_m/violation", NULL));
  sarap_interview_answer (filled, "/data/sec_m/violation[1]/v_type", "V02", NULL);
  sarap_interview_answer (filled, "/data/sec_m/violation[1]/v_sev", "major", NULL);
  sarap_interview_answer (filled, "/data/sec_m/violation[1]/v_text", "Кезекте 47 адам, 12 терезенің үшеуі ғана жұмыс істеді.", NULL);
  add_photograph (studio, recorder, "/data/sec_m/violation[1]/v_photo");
}

/* TRUE when the form has such a page now. */
static gboolean
go_to (SarapRecorder *recorder, GtkWidget *view, const char *key)
{
  g_autoptr (GPtrArray) pages = sarap_pages_new (sarap_recorder_get_interview (recorder));
  int index = sarap_pages_find (pages, key);

  if (index < 0)
    index = sarap_pages_find_ref (pages, key);
  if (index < 0)
    {
      g_printerr ("screenshots: no page %s\n", key);
      return FALSE;
    }
  sarap_form_view_go_to (SARAP_FORM_VIEW (view), ((SarapPage *) g_ptr_array_index (pages, (guint) index))->key);
  return TRUE;
}

static void
shoot_pages (Studio *studio, SarapRecorder *recorder, GtkWidget *view, const Page *pages, gsize n_pages)
{
  for (gsize i = 0; i < n_pages; i++)
    if (go_to (recorder, view, pages[i].key))
      shoot (studio, pages[i].name);
}

static void
shoot_page_with_errors (Studio *studio, SarapRecorder *recorder, GtkWidget *view)
{
  SarapInterview *filled = sarap_recorder_get_interview (recorder);

  sarap_interview_answer (filled, "/data/sec_d/d_waiting", "900", NULL);
  if (!go_to (recorder, view, "/data/sec_d/d_waiting"))
    return;
  gtk_widget_activate_action (view, "page.next", NULL);
  shoot (studio, "page-error");
}

static void
shoot_keyboard (Studio *studio, SarapRecorder *recorder, GtkWidget *view)
{
  GtkWidget *text;

  if (!go_to (recorder, view, "/data/sec_m/violation[1]/v_text"))
    return;
  sarap_ui_spin (SETTLE_MILLISECONDS);
  shoot (studio, "page-text");
  g_settings_set_string (studio->settings, "touch-keyboard", "always");
  text = sarap_ui_find (view, GTK_TYPE_TEXT_VIEW, 0);
  if (text != NULL)
    gtk_widget_grab_focus (text);
  sarap_ui_spin (SETTLE_MILLISECONDS);
  shoot (studio, "page-text-keyboard");
  g_settings_set_string (studio->settings, "touch-keyboard", "never");
}

static void
push_form (Studio *studio, SarapRecorder *recorder, GtkWidget *view)
{
  SarapForm *form = sarap_interview_get_form (sarap_recorder_get_interview (recorder));
  g_autofree char *title = sarap_form_dup_title_part (sarap_form_get_title (form), studio->language);

  sarap_window_push (studio->window, view, title);
}

static void
shoot_visit (Studio *studio)
{
  SarapRecorder *recorder = begin (studio, AUDIT, visit, G_N_ELEMENTS (visit));
  GtkWidget *view;

  add_violation (studio, recorder);
  view = sarap_form_view_new (studio->context, recorder);
  push_form (studio, recorder, view);
  shoot_pages (studio, recorder, view, visit_pages, G_N_ELEMENTS (visit_pages));
  shoot_keyboard (studio, recorder, view);
  shoot_page_with_errors (studio, recorder, view);
  gtk_widget_activate_action (view, "form.jump", NULL);
  shoot (studio, "page-jump-list");
  sarap_window_pop (studio->window);
  g_object_unref (recorder);
}

static void
shoot_interview (Studio *studio)
{
  SarapRecorder *recorder = begin (studio, PERCEPTION, interview, G_N_ELEMENTS (interview));
  GtkWidget *view = sarap_form_view_new (studio->context, recorder);

  push_form (studio, recorder, view);
  shoot_pages (studio, recorder, view, interview_pages, G_N_ELEMENTS (interview_pages));
  gtk_widget_activate_action (view, "form.language", NULL);
  shoot (studio, "perception-languages");
  sarap_window_pop (studio->window);
  g_object_unref (recorder);
}

static void
shoot_record (Studio *studio, SarapRecordState state, const char *name)
{
  const SarapRecordFilter filter = { .owner = "volunteer", .state = state };
  g_autoptr (GPtrArray) records = sarap_store_list_records (studio->store, &filter, 0, 1, NULL);

  if (records == NULL || records->len == 0)
    return;
  sarap_record_screen_open (studio->window, g_ptr_array_index (records, 0));
  shoot (studio, name);
  sarap_window_pop (studio->window);
}

static void
shoot_new_device (Studio *studio)
{
  open_store (studio, NULL, SARAP_ROLE_NONE);
  sarap_window_set_root (studio->window, sarap_start_screen_new (studio->context, TRUE), "Sarap");
  shoot (studio, "first-language");
  sarap_window_set_root (studio->window, sarap_start_screen_new (studio->context, FALSE), "Sarap");
  shoot (studio, "first-run");
  sarap_window_set_root (studio->window, sarap_volunteer_home_new (studio->context), _ ("My visits"));
  shoot (studio, "volunteer-empty");
  sarap_home_show_section (SARAP_HOME (sarap_window_peek_top (studio->window)), SARAP_HOME_DRAFTS);
  shoot (studio, "volunteer-no-drafts");
  sarap_window_set_root (studio->window, sarap_role_chooser_new (), "Sarap");
  shoot (studio, "role-chooser");
  shoot_pushed (studio, sarap_pin_screen_new (studio->context, SARAP_PIN_CHOOSE), "PIN", "pin-choose");
  shoot_pushed (studio, sarap_enrol_screen_new (studio->context), _ ("Connection to the server"), "enrol-new");
  sarap_window_set_root (studio->window, sarap_supervisor_home_new (studio->context), _ ("Supervision"));
  shoot (studio, "supervisor-sign-in");
  close_store (studio);
}

static void
shoot_rooms (Studio *studio)
{
  g_autofree char *hash = sarap_pin_hash ("2468");

  shoot_pushed (studio, sarap_settings_screen_new (studio->context), _ ("Settings"), "settings");
  shoot_pushed (studio, sarap_enrol_screen_new (studio->context), _ ("Connection to the server"), "enrolment");
  shoot_pushed (studio, sarap_forms_screen_new (studio->context), _ ("Questionnaires"), "questionnaires");
  shoot_pushed (studio, sarap_handover_screen_new (studio->context), _ ("Hand-over by USB stick"), "hand-over");
  shoot_pushed (studio, sarap_kiosk_settings_screen_new (studio->context), _ ("Kiosk"), "kiosk-settings");
  shoot_pushed (studio, sarap_help_screen_new (studio->context), _ ("Help"), "help");
  shoot_pushed (studio, sarap_about_screen_new (studio->context), _ ("About Sarap"), "about");
  sarap_store_set_setting (studio->store, "pin.hash", hash, NULL);
  shoot_pushed (studio, sarap_pin_screen_new (studio->context, SARAP_PIN_ASK), "PIN", "pin-ask");
}

static void
shoot_home (Studio *studio, GtkWidget *home, const char *title, const char *name)
{
  static const char *const sections[] = { "to-do", "drafts", "ready", "sent" };

  sarap_window_set_root (studio->window, home, title);
  for (int i = 0; i < (int) G_N_ELEMENTS (sections); i++)
    {
      g_autofree char *full = g_strdup_printf ("%s-%s", name, sections[i]);

      sarap_home_show_section (SARAP_HOME (home), (SarapHomeSection) i);
      shoot (studio, full);
    }
}

static void
shoot_volunteer (Studio *studio)
{
  open_store (studio, "volunteer", SARAP_ROLE_VOLUNTEER);
  give_roles (studio);
  g_object_unref (begin (studio, AUDIT, visit, 9));
  g_object_unref (begin (studio, AUDIT, visit, 3));
  shoot_home (studio, sarap_volunteer_home_new (studio->context), _ ("My visits"), "volunteer");
  shoot_record (studio, SARAP_RECORD_SENT, "record-sent");
  shoot_record (studio, SARAP_RECORD_FINALIZED, "record-ready");
  shoot_visit (studio);
  shoot_rooms (studio);
  close_store (studio);
}

static void
shoot_staff (Studio *studio)
{
  open_store (studio, "staff", SARAP_ROLE_STAFF);
  give_roles (studio);
  shoot_home (studio, sarap_staff_home_new (studio->context), _ ("My interviews"), "staff");
  shoot_interview (studio);
  close_store (studio);
}

static void
choose_first (Studio *studio)
{
  GtkWidget *choice = sarap_ui_find (GTK_WIDGET (studio->window), SARAP_TYPE_CHOICE_BUTTON, 0);

  if (choice != NULL)
    gtk_widget_activate_action (choice, "choice.select", NULL);
  sarap_ui_spin (700);
}

static void
shoot_kiosk (Studio *studio)
{
  open_store (studio, "kiosk", SARAP_ROLE_KIOSK);
  g_settings_set_int (studio->settings, "kiosk-filter-seconds", 0);
  sarap_window_set_kiosk (studio->window, TRUE);
  sarap_window_set_root (studio->window, sarap_kiosk_screen_new (studio->context, KIOSK), "");
  shoot (studio, "kiosk-attract");
  g_signal_emit_by_name (sarap_ui_find (GTK_WIDGET (studio->window), SARAP_TYPE_KIOSK_ATTRACT, 0), "start", studio->language);
  shoot (studio, "kiosk-smileys");
  choose_first (studio);
  shoot (studio, "kiosk-second");
  choose_first (studio);
  choose_first (studio);
  shoot (studio, "kiosk-fourth");
  choose_first (studio);
  shoot (studio, "kiosk-fifth");
  g_settings_set_int (studio->settings, "kiosk-idle-seconds", 1);
  sarap_ui_spin (1200);
  shoot (studio, "kiosk-warning");
  g_settings_set_int (studio->settings, "kiosk-idle-seconds", 60);
  sarap_ui_spin (400);
  choose_first (studio);
  shoot (studio, "kiosk-thanks");
  sarap_window_set_kiosk (studio->window, FALSE);
  close_store (studio);
}

static GtkWidget *
find_figures_tab (GtkWidget *home)
{
  for (guint i = 0;; i++)
    {
      GtkWidget *tab = sarap_ui_find (home, GTK_TYPE_TOGGLE_BUTTON, i);

      if (tab == NULL || g_strcmp0 (g_object_get_data (G_OBJECT (tab), "page"), "figures") == 0)
        return tab;
    }
}

static GtkWidget *
find_mapped (GtkWidget *widget, GType type)
{
  for (guint i = 0;; i++)
    {
      GtkWidget *found = sarap_ui_find (widget, type, i);

      if (found == NULL || gtk_widget_get_mapped (found))
        return found;
    }
}

static void
shoot_figures (Studio *studio, GtkWidget *home)
{
  static const char *const names[] = { "supervisor-figures", "supervisor-figures-second", "supervisor-figures-third" };
  GtkWidget *tab = find_figures_tab (home);
  GtkWidget *forms;
  GtkAdjustment *position;

  if (tab == NULL)
    return;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (tab), TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      forms = find_mapped (home, GTK_TYPE_DROP_DOWN);
      if (forms != NULL)
        gtk_drop_down_set_selected (GTK_DROP_DOWN (forms), i);
      sarap_ui_spin (COUNTING_MILLISECONDS);
      shoot (studio, names[i]);
    }
  position = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (find_mapped (home, GTK_TYPE_SCROLLED_WINDOW)));
  gtk_adjustment_set_value (position, gtk_adjustment_get_upper (position));
  shoot (studio, "supervisor-figures-end");
}

static void
shoot_supervisor (Studio *studio)
{
  const SarapSubmissionFilter filter = { .form_id = AUDIT };
  g_autoptr (GPtrArray) submissions = NULL;
  GtkWidget *home;

  open_store (studio, "supervisor", SARAP_ROLE_SUPERVISOR);
  home = sarap_supervisor_home_new (studio->context);
  sarap_window_set_root (studio->window, home, _ ("Supervision"));
  shoot (studio, "supervisor-received");
  submissions = sarap_store_list_submissions (studio->store, &filter, 0, 1, NULL);
  if (submissions != NULL && submissions->len > 0)
    {
      g_signal_emit_by_name (sarap_ui_find (home, SARAP_TYPE_RECEIVED_LIST, 0), "activated", g_ptr_array_index (submissions, 0));
      shoot (studio, "supervisor-record");
      sarap_window_pop (studio->window);
    }
  shoot_figures (studio, home);
  shoot_pushed (studio, sarap_sign_in_screen_new (studio->context), _ ("Sign in"), "supervisor-sign-in-again");
  close_store (studio);
}

int
main (int argc, char **argv)
{
  g_autoptr (SarapAppearance) appearance = NULL;
  Studio studio = { 0 };

  if (argc != 6 || sscanf (argv[3], "%dx%d", &studio.width, &studio.height) != 2)
    {
      g_printerr ("usage: screenshots STORES FOLDER WIDTHxHEIGHT LANGUAGE THEME\n");
      return 2;
    }
  bindtextdomain (GETTEXT_PACKAGE, SARAP_BUILD_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  gtk_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()), "/org/sarap/Sarap/icons");
  studio.stores = argv[1];
  studio.folder = argv[2];
  studio.size = argv[3];
  studio.language = argv[4];
  studio.theme = argv[5];
  studio.settings = g_settings_new (SARAP_APPLICATION_ID);
  g_settings_set_string (studio.settings, "language", studio.language);
  if (g_str_equal (studio.theme, "large"))
    g_settings_set_int (studio.settings, "text-size", LARGE_PERCENT);
  g_settings_set_string (studio.settings, "theme", g_str_equal (studio.theme, "large") ? "light" : studio.theme);
  g_settings_set_string (studio.settings, "touch-keyboard", "never");
  appearance = sarap_appearance_new (gdk_display_get_default (), studio.settings);
  shoot_new_device (&studio);
  shoot_volunteer (&studio);
  shoot_staff (&studio);
  shoot_kiosk (&studio);
  shoot_supervisor (&studio);
  g_print ("%u pictures %s %s %s\n", studio.n_written, studio.size, studio.language, studio.theme);
  g_object_unref (studio.settings);
  return 0;
}
