#include "ui/sarap-application.h"

#include <glib/gi18n.h>

#include "app/store/sarap-backup.h"
#include "app/store/sarap-store-forms.h"
#include "app/store/sarap-store-records.h"
#include "sarap-config.h"
#include "ui/common/sarap-dialog.h"
#include "ui/common/sarap-pin-screen.h"
#include "ui/common/sarap-settings-screen.h"
#include "ui/kiosk/sarap-kiosk-screen.h"
#include "ui/sarap-appearance.h"
#include "ui/sarap-filling.h"
#include "ui/sarap-lock.h"
#include "ui/sarap-role-chooser.h"
#include "ui/sarap-screenshot.h"
#include "ui/sarap-start-screen.h"
#include "ui/staff/sarap-staff-home.h"
#include "ui/supervisor/sarap-supervisor-home.h"
#include "ui/volunteer/sarap-volunteer-home.h"

#define STATUS_BAD_USAGE 2
#define STATUS_MACHINE_FAILED 3
/* So long after its first frame a window at rest has been drawn, fades included. */
#define SETTLE_MICROSECONDS 1200000

#define BACKUP_LOOK_SECONDS 300
#define BACKUP_EVERY (24 * 3600 * G_GINT64_CONSTANT (1000))
#define BACKUPS_KEPT 14

struct _SarapApplication
{
  GtkApplication parent_instance;

  char *store_folder;
  char *form_id;
  char *language;
  char *screenshot;
  gint64 first_frame; /* µs of the frame clock; 0: none yet */
  SarapRole start_role;
  int width, height; /* 0: as the window was left */
  int status;

  SarapStore *store;
  SarapContext *context;
  SarapAppearance *appearance;
  SarapWindow *window;
  SarapLock *lock;
  gboolean has_begun; /* the first role was taken up */
  guint backup_timer;
  gboolean is_backing_up;
};

G_DEFINE_FINAL_TYPE (SarapApplication, sarap_application, GTK_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "kiosk", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Run as a kiosk for visitors"), NULL },
    { "store", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Folder that keeps everything"), N_ ("DIR") },
      { "form", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Open a new interview with this form"), N_ ("ID") },
        { "role", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("volunteer, staff or supervisor"), N_ ("ROLE") },
          { "language", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("en, ru or kk"), N_ ("CODE") },
            { "size", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Size of the window"), N_ ("WIDTHxHEIGHT") },
              { "screenshot", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Write a picture of the window to FILE and leave"), N_ ("FILE") },
                { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and leave"), NULL },
                  { NULL } };

static void
fail (SarapApplication *self, const char *message)
{
  g_printerr ("sarap: %s\n", message);
  self->status = STATUS_MACHINE_FAILED;
}

static gboolean
take_size (SarapApplication *self, const char *size)
{
  return size == NULL || (sscanf (size, "%dx%d", &self->width, &self->height) == 2 && self->width > 0 && self->height > 0);
}

static int
bad_usage (const char *option, const char *value)
{
  g_printerr (_ ("sarap: --%s does not take “%s”; see sarap --help\n"), option, value);
  return STATUS_BAD_USAGE;
}

static int
take_options (SarapApplication *self, GVariantDict *dict)
{
  g_autofree char *role = NULL;
  g_autofree char *size = NULL;

  g_variant_dict_lookup (dict, "store", "^ay", &self->store_folder);
  g_variant_dict_lookup (dict, "form", "s", &self->form_id);
  g_variant_dict_lookup (dict, "language", "s", &self->language);
  g_variant_dict_lookup (dict, "screenshot", "^ay", &self->screenshot);
  g_variant_dict_lookup (dict, "role", "s", &role);
  g_variant_dict_lookup (dict, "size", "s", &size);
  if (role != NULL && sarap_role_from_string (role) == SARAP_ROLE_NONE)
    return bad_usage ("role", role);
  if (self->language != NULL && !g_strv_contains ((const char *const[]){ "en", "ru", "kk", NULL }, self->language))
    return bad_usage ("language", self->language);
  if (!take_size (self, size))
    return bad_usage ("size", size);
  if (self->store_folder != NULL || self->screenshot != NULL)
    g_application_set_flags (G_APPLICATION (self), G_APPLICATION_NON_UNIQUE);
  self->start_role = g_variant_dict_contains (dict, "kiosk") ? SARAP_ROLE_KIOSK : sarap_role_from_string (role);
  return -1;
}

/* A second start brings the first window forward, unless it is about another store. */
static int
sarap_application_handle_local_options (GApplication *application, GVariantDict *dict)
{
  if (g_variant_dict_contains (dict, "version"))
    {
      g_print ("sarap %s\n", SARAP_VERSION);
      return 0;
    }
  return take_options (SARAP_APPLICATION (application), dict);
}

static gboolean
has_schema (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = source != NULL ? g_settings_schema_source_lookup (source, SARAP_APPLICATION_ID, TRUE) : NULL;

  return schema != NULL;
}

static char *
dup_store_folder (SarapApplication *self)
{
  if (self->store_folder != NULL)
    return g_strdup (self->store_folder);
  return g_build_filename (g_get_user_data_dir (), "sarap", "store", NULL);
}

/* What a person can do about it; the store's own words follow for whoever helps. */
static const char *
explain_store_error (const GError *error)
{
  if (g_error_matches (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_IN_USE))
    return _ ("Sarap is already open with this store. Close the other window first.");
  if (g_error_matches (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_NEWER))
    return _ ("The store was written by a newer Sarap. Update Sarap on this device.");
  if (g_error_matches (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_CORRUPT))
    return _ ("The store is damaged. Nothing was changed. Ask your supervisor to run “sarapctl recover”.");
  if (g_error_matches (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_FULL))
    return _ ("The disk is full. Make room and start Sarap again.");
  return _ ("The store cannot be read or written.");
}

static void
show_store_error (SarapApplication *self, const GError *error)
{
  const char *words = explain_store_error (error);
  g_autofree char *body = g_strdup_printf ("%s\n\n%s", words, error->message);
  const char *const buttons[] = { _ ("Close"), NULL };
  GtkWidget *dialog;

  fail (self, body);
  if (self->screenshot != NULL)
    return;
  dialog = sarap_dialog_new (NULL, _ ("Sarap cannot start"), body, buttons, -1, NULL, NULL);
  gtk_window_set_application (GTK_WINDOW (dialog), GTK_APPLICATION (self));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
backup_thread (GTask *task, gpointer source, gpointer folder, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (!sarap_backup_make_when_due (source, folder, BACKUP_EVERY, BACKUPS_KEPT, &error))
    g_message ("no backup was made: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

static void
backed_up_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SarapApplication) self = data;

  self->is_backing_up = FALSE;
}

/* The timer of the system cannot: the application has the store. */
static gboolean
backup_cb (gpointer data)
{
  SarapApplication *self = data;
  g_autofree char *folder = g_settings_get_string (sarap_context_get_settings (self->context), "backup-folder");
  g_autoptr (GTask) task = NULL;

  if (*folder == '\0' || self->is_backing_up)
    return G_SOURCE_CONTINUE;
  self->is_backing_up = TRUE;
  task = g_task_new (self->store, NULL, backed_up_cb, g_object_ref (self));
  g_task_set_task_data (task, g_steal_pointer (&folder), g_free);
  g_task_run_in_thread (task, backup_thread);
  return G_SOURCE_CONTINUE;
}

/* The check that goes on after the start found something. */
static void
store_changed_cb (SarapStore *store, guint topic, SarapApplication *self)
{
  const char *const buttons[] = { _ ("Close"), NULL };

  if (topic == SARAP_STORE_TOPIC_DAMAGED && self->window != NULL)
    sarap_window_ask (self->window, _ ("The store is damaged"), _ ("Begin nothing new. Ask your supervisor to run “sarapctl recover”: every answer has a second copy."), buttons, -1, NULL, NULL);
}

static const char *
get_home_title (SarapRole role)
{
  switch (role)
    {
    case SARAP_ROLE_VOLUNTEER:
      return _ ("My visits");
    case SARAP_ROLE_STAFF:
      return _ ("My interviews");
    case SARAP_ROLE_SUPERVISOR:
      return _ ("Supervision");
    case SARAP_ROLE_KIOSK:
    case SARAP_ROLE_NONE:
    default:
      return "Sarap";
    }
}

static void show_home (SarapApplication *self);

static gboolean
needs_language (SarapApplication *self)
{
  g_autofree char *language = g_settings_get_string (sarap_context_get_settings (self->context), "language");

  return self->language == NULL && *language == '\0';
}

static gboolean
is_new_device (SarapApplication *self)
{
  g_autoptr (GPtrArray) forms = sarap_store_list_forms (self->store, FALSE, NULL);

  return needs_language (self) || ((forms == NULL || forms->len == 0) && !sarap_syncer_is_enrolled (sarap_context_get_syncer (self->context)));
}

static void
enter_role (SarapWindow *window, gpointer data)
{
  sarap_context_set_role (sarap_window_get_context (window), GPOINTER_TO_INT (data));
}

/* A supervisor sees what others wrote, and a kiosk takes the screen away: both behind the PIN. */
static void
role_chosen_cb (SarapApplication *self, int role)
{
  if (role == SARAP_ROLE_SUPERVISOR || role == SARAP_ROLE_KIOSK)
    sarap_pin_ask (self->window, SARAP_PIN_ASK, enter_role, GINT_TO_POINTER (role));
  else
    sarap_context_set_role (self->context, role);
}

static GtkWidget *
new_chooser (SarapApplication *self)
{
  GtkWidget *chooser = sarap_role_chooser_new ();

  g_signal_connect_object (chooser, "chosen", G_CALLBACK (role_chosen_cb), self, G_CONNECT_SWAPPED);
  return chooser;
}

static void
first_language_cb (SarapApplication *self, const char *code)
{
  g_settings_set_string (sarap_context_get_settings (self->context), "language", code);
  sarap_context_set_language (self->context, code);
  show_home (self);
}

static void
begin_cb (SarapApplication *self)
{
  sarap_window_set_root (self->window, new_chooser (self), "Sarap");
}

static GtkWidget *
new_start (SarapApplication *self)
{
  GtkWidget *start = sarap_start_screen_new (self->context, needs_language (self));

  g_signal_connect_object (start, "language", G_CALLBACK (first_language_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (start, "begin", G_CALLBACK (begin_cb), self, G_CONNECT_SWAPPED);
  return start;
}

static GtkWidget *
new_home (SarapApplication *self)
{
  switch (sarap_context_get_role (self->context))
    {
    case SARAP_ROLE_VOLUNTEER:
      return sarap_volunteer_home_new (self->context);
    case SARAP_ROLE_STAFF:
      return sarap_staff_home_new (self->context);
    case SARAP_ROLE_KIOSK:
      return sarap_kiosk_screen_new (self->context, self->form_id);
    case SARAP_ROLE_SUPERVISOR:
      return sarap_supervisor_home_new (self->context);
    case SARAP_ROLE_NONE:
    default:
      return is_new_device (self) ? new_start (self) : new_chooser (self);
    }
}

static void
show_home (SarapApplication *self)
{
  SarapRole role = sarap_context_get_role (self->context);

  sarap_window_set_kiosk (self->window, role == SARAP_ROLE_KIOSK);
  sarap_window_set_root (self->window, new_home (self), get_home_title (role));
}

static void
role_changed_cb (SarapApplication *self)
{
  SarapRole role = sarap_context_get_role (self->context);
  GSettings *settings = sarap_context_get_settings (self->context);

  if (role == SARAP_ROLE_VOLUNTEER || role == SARAP_ROLE_STAFF)
    g_settings_set_string (settings, "role", sarap_role_to_string (role));
  show_home (self);
}

/* A kiosk puts its own words into the language of each visitor. */
static void
language_changed_cb (SarapApplication *self)
{
  gboolean was_in_settings = SARAP_IS_SETTINGS_SCREEN (sarap_window_peek_top (self->window));

  if (sarap_lock_is_closed (self->lock) || sarap_context_get_role (self->context) == SARAP_ROLE_KIOSK || SARAP_IS_START_SCREEN (sarap_window_peek_top (self->window)))
    return;
  show_home (self);
  if (was_in_settings)
    gtk_widget_activate_action (GTK_WIDGET (self->window), "go.settings", NULL);
}

static void
change_role_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  SarapApplication *self = data;

  g_settings_reset (sarap_context_get_settings (self->context), "role");
  sarap_context_set_role (self->context, SARAP_ROLE_NONE);
}

/* A drawing that is asked for empties the last one, so the picture is taken when a frame is complete. The time
 * counts from the first frame, however long a busy machine lets it wait. */
static void
frame_drawn_cb (GdkFrameClock *frames, SarapApplication *self)
{
  g_autoptr (GError) error = NULL;
  gint64 now = gdk_frame_clock_get_frame_time (frames);

  if (self->first_frame == 0)
    self->first_frame = now;
  if (now - self->first_frame < SETTLE_MICROSECONDS)
    return;
  g_signal_handlers_disconnect_by_func (frames, frame_drawn_cb, self);
  if (!sarap_screenshot_write (GTK_WINDOW (self->window), self->screenshot, &error))
    fail (self, error->message);
  g_application_quit (G_APPLICATION (self));
}

static gboolean
next_frame_cb (GtkWidget *window, GdkFrameClock *frames, gpointer data)
{
  if (!g_signal_handler_find (frames, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, frame_drawn_cb, NULL))
    g_signal_connect_object (frames, "after-paint", G_CALLBACK (frame_drawn_cb), data, 0);
  return G_SOURCE_CONTINUE;
}

/* A kiosk without a form, and perhaps without a PIN to leave it, could never be set up. */
static gboolean
can_be_kiosk (SarapApplication *self)
{
  g_autofree char *form_id = self->form_id != NULL ? g_strdup (self->form_id) : sarap_kiosk_find_form (self->context);

  return form_id != NULL;
}

/* The role that was asked for; else the one of the last time, which is never one behind a PIN. */
static void
begin_role (SarapApplication *self)
{
  g_autofree char *last = g_settings_get_string (sarap_context_get_settings (self->context), "role");
  SarapRole role = self->start_role;

  if (role == SARAP_ROLE_NONE && !is_new_device (self))
    role = sarap_role_from_string (last);
  if (role == SARAP_ROLE_KIOSK && !can_be_kiosk (self))
    role = SARAP_ROLE_NONE;
  if (role == SARAP_ROLE_NONE || (role == SARAP_ROLE_SUPERVISOR && self->screenshot == NULL))
    show_home (self);
  if (role == SARAP_ROLE_SUPERVISOR && self->screenshot == NULL)
    role_chosen_cb (self, role);
  else
    sarap_context_set_role (self->context, role);
  if (self->form_id != NULL && (role == SARAP_ROLE_VOLUNTEER || role == SARAP_ROLE_STAFF))
    sarap_filling_start (self->window, self->form_id);
}

static void
opened_cb (SarapApplication *self)
{
  g_autofree char *draft = sarap_lock_steal_draft (self->lock);

  if (self->has_begun)
    show_home (self);
  else
    begin_role (self);
  self->has_begun = TRUE;
  if (draft != NULL)
    sarap_filling_resume (self->window, draft);
}

static void
lock_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  sarap_lock_now (SARAP_APPLICATION (data)->lock);
}

static void
hide_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  sarap_lock_hide (SARAP_APPLICATION (data)->lock);
}

/* A kiosk writes what it cannot read: it needs no PIN. */
static void
begin (SarapApplication *self)
{
  if (sarap_keyring_is_locked (sarap_store_get_keyring (self->store)) && self->start_role != SARAP_ROLE_KIOSK)
    sarap_lock_ask (self->lock);
  else
    opened_cb (self);
}

static void
size_window (SarapApplication *self, GSettings *settings)
{
  if (self->width > 0)
    {
      gtk_window_set_default_size (GTK_WINDOW (self->window), self->width, self->height);
      return;
    }
  g_settings_bind (settings, "window-width", self->window, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-height", self->window, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-maximized", self->window, "maximized", G_SETTINGS_BIND_DEFAULT);
}

static void
open_window (SarapApplication *self, GSettings *settings)
{
  self->window = sarap_window_new (GTK_APPLICATION (self), self->context);
  size_window (self, settings);
  g_signal_connect_object (self->context, "notify::role", G_CALLBACK (role_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->context, "notify::language", G_CALLBACK (language_changed_cb), self, G_CONNECT_SWAPPED);
  self->lock = sarap_lock_new (self->window);
  g_signal_connect_object (self->lock, "opened", G_CALLBACK (opened_cb), self, G_CONNECT_SWAPPED);
  begin (self);
  gtk_window_present (GTK_WINDOW (self->window));
  if (self->screenshot != NULL)
    gtk_widget_add_tick_callback (GTK_WIDGET (self->window), next_frame_cb, self, NULL);
}

static void
sarap_application_activate (GApplication *application)
{
  SarapApplication *self = SARAP_APPLICATION (application);
  g_autofree char *folder = dup_store_folder (self);
  g_autoptr (GSettings) settings = NULL;
  g_autoptr (SarapClock) clock = sarap_clock_new_from_environment ();
  g_autoptr (GError) error = NULL;

  if (self->window != NULL)
    {
      gtk_window_present (GTK_WINDOW (self->window));
      return;
    }
  if (!has_schema ())
    {
      fail (self, _ ("the settings schema org.sarap.Sarap is not installed. Install Sarap, or set GSETTINGS_SCHEMA_DIR to the folder with gschemas.compiled."));
      return;
    }
  settings = g_settings_new (SARAP_APPLICATION_ID);
  self->appearance = sarap_appearance_new (gdk_display_get_default (), settings);
  self->store = sarap_store_open (folder, clock, TRUE, &error);
  if (self->store == NULL)
    {
      show_store_error (self, error);
      return;
    }
  if (sarap_store_close_kiosk_visits (self->store, &error) < 0)
    g_warning ("unfinished kiosk visits were not closed: %s", error->message);
  self->context = sarap_context_new (self->store, settings);
  g_signal_connect_object (self->store, "changed", G_CALLBACK (store_changed_cb), self, 0);
  self->backup_timer = g_timeout_add_seconds (BACKUP_LOOK_SECONDS, backup_cb, self);
  if (self->language != NULL)
    sarap_context_set_language (self->context, self->language);
  open_window (self, settings);
}

static void
sarap_application_shutdown (GApplication *application)
{
  SarapApplication *self = SARAP_APPLICATION (application);

  g_clear_handle_id (&self->backup_timer, g_source_remove);
  if (self->context != NULL)
    sarap_syncer_stop (sarap_context_get_syncer (self->context));
  g_clear_object (&self->lock);
  g_clear_object (&self->context);
  if (self->store != NULL)
    sarap_store_close (self->store);
  g_clear_object (&self->store);
  g_clear_object (&self->appearance);
  G_APPLICATION_CLASS (sarap_application_parent_class)->shutdown (application);
}

static void
sarap_application_finalize (GObject *object)
{
  SarapApplication *self = SARAP_APPLICATION (object);

  g_free (self->store_folder);
  g_free (self->form_id);
  g_free (self->language);
  g_free (self->screenshot);
  G_OBJECT_CLASS (sarap_application_parent_class)->finalize (object);
}

static void
sarap_application_class_init (SarapApplicationClass *class)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = sarap_application_finalize;
  application_class->handle_local_options = sarap_application_handle_local_options;
  application_class->activate = sarap_application_activate;
  application_class->shutdown = sarap_application_shutdown;
}

static void
sarap_application_init (SarapApplication *self)
{
  static const GActionEntry actions[] = {
    { .name = "change-role", .activate = change_role_action },
    { .name = "lock", .activate = lock_action },
    { .name = "hide", .activate = hide_action },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
}

SarapApplication *
sarap_application_new (void)
{
  return g_object_new (SARAP_TYPE_APPLICATION, "application-id", SARAP_APPLICATION_ID, "resource-base-path", "/org/sarap/Sarap", NULL);
}

/* Exit status of contracts that GApplication does not know: 3 when the machine failed. */
int
sarap_application_get_status (SarapApplication *self)
{
  return self->status;
}
