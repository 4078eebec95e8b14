#include "ui/sarap-lock.h"

#include <glib/gi18n.h>
#include <time.h>

#include "app/store/sarap-store-records.h"
#include "sync/client/sarap-enrolment.h"
#include "ui/common/sarap-empty-state.h"
#include "ui/common/sarap-pin-screen.h"
#include "ui/form/sarap-form-view.h"

/*  1. Before the keys are wiped, the open interview is saved and given up, and every screen and dialog is destroyed:
 *     nothing of a record stays in memory.
 *  2. The draft that was open is taken up again, at its page, only by the user key that wrote it: under a duress PIN
 *     nothing speaks of it.
 *  3. Time without a touch is counted while the machine sleeps, too. */

#define ESCAPES 3
#define ESCAPES_MS 1500
#define CHECK_SECONDS 5

struct _SarapLock
{
  GObject parent_instance;

  SarapWindow *window; /* weak */
  SarapContext *context;
  gboolean is_closed;
  gint64 last_touch;
  gint64 escapes[ESCAPES]; /* when, ms; the newest last */
  guint check_source;
  char *draft; /* id of the record that was open, or NULL */
  char *user;  /* who had it open */
};

G_DEFINE_FINAL_TYPE (SarapLock, sarap_lock, G_TYPE_OBJECT)

static guint opened_signal;

static gint64
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_BOOTTIME, &time);
  return (gint64) time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static SarapKeyring *
get_keyring (SarapLock *self)
{
  return sarap_store_get_keyring (sarap_context_get_store (self->context));
}

/* --- closing ----------------------------------------------------------------------------------- */

/* A visit without an answer leaves nothing behind. */
static gboolean
is_kept (SarapLock *self, const char *id)
{
  g_autoptr (SarapRecord) record = sarap_store_find_record (sarap_context_get_store (self->context), id, NULL);

  return record != NULL;
}

static void
close_interview (SarapLock *self)
{
  GtkWidget *view = sarap_window_find_screen (self->window, SARAP_TYPE_FORM_VIEW);

  g_clear_pointer (&self->draft, g_free);
  g_clear_pointer (&self->user, g_free);
  if (view == NULL)
    return;
  self->draft = sarap_form_view_dup_record (SARAP_FORM_VIEW (view));
  self->user = sarap_keyring_dup_user_id (get_keyring (self));
  gtk_widget_activate_action (view, "screen.close", NULL);
  if (!is_kept (self, self->draft))
    g_clear_pointer (&self->draft, g_free);
}

static void
close_dialogs (SarapLock *self)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = g_list_model_get_n_items (windows); i-- > 0;)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (gtk_window_get_transient_for (window) == GTK_WINDOW (self->window))
        gtk_window_destroy (window);
    }
}

static void
set_root (SarapLock *self, GtkWidget *screen)
{
  close_dialogs (self);
  sarap_window_set_root_at_once (self->window, screen, "Sarap");
  sarap_window_set_locked (self->window, TRUE);
  self->is_closed = TRUE;
}

static void
lock_keys (SarapLock *self)
{
  if (sarap_keyring_has_pin (get_keyring (self)))
    sarap_store_lock (sarap_context_get_store (self->context));
}

/* --- opening ----------------------------------------------------------------------------------- */

static void
open_window (SarapLock *self)
{
  self->is_closed = FALSE;
  self->last_touch = now ();
  sarap_window_set_locked (self->window, FALSE);
  g_signal_emit (self, opened_signal, 0);
}

static void
recovered (SarapWindow *window, gpointer data)
{
  open_window (data);
}

static void
complain (SarapLock *self, const char *message)
{
  const char *const buttons[] = { _ ("Close"), NULL };

  sarap_window_ask (self->window, _ ("This is no key of this project"), message, buttons, -1, NULL, NULL);
}

static SarapProjectKey *
read_key (const char *path, GError **error)
{
  SarapProjectKey *key = sarap_project_key_read (path, NULL);
  char *text = key == NULL ? sarap_enrolment_read_qr (path, error) : NULL;

  if (text != NULL)
    key = sarap_project_key_new_from_text (text, error);
  sarap_secret_wipe_text (text);
  return key;
}

static void
key_chosen_cb (const char *path, gpointer data)
{
  SarapLock *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapProjectKey) key = read_key (path, &error);

  if (key == NULL || !sarap_project_key_is_private (key))
    {
      complain (self, error != NULL ? error->message : _ ("The private half is needed: the administrator's file or the page of paper."));
      return;
    }
  sarap_pin_recover (self->window, key, recovered, self);
}

static void
forgotten_answered (int button, gpointer data)
{
  const char *const patterns[] = { "*", NULL };
  SarapLock *self = data;

  if (button == 1)
    sarap_window_choose_file (self->window, _ ("Project key: a file, or a picture of its QR code"), patterns, key_chosen_cb, self);
}

static void
forgotten_cb (SarapLock *self)
{
  const char *const buttons[] = { _ ("Close"), _ ("I have the project key"), NULL };

  sarap_window_ask (self->window, _ ("Forgotten PIN: ask your supervisor"), _ ("With the project key your supervisor opens the answers again, and you choose a new PIN. Nothing is lost."), buttons, -1, forgotten_answered, self);
}

static GtkWidget *
new_unlock_screen (SarapLock *self)
{
  GtkWidget *screen = sarap_pin_screen_new (self->context, SARAP_PIN_OPEN);

  sarap_pin_screen_set_way_out (SARAP_PIN_SCREEN (screen), _ ("Forgotten PIN?"));
  g_signal_connect_object (screen, "accepted", G_CALLBACK (open_window), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (screen, "cancelled", G_CALLBACK (forgotten_cb), self, G_CONNECT_SWAPPED);
  return screen;
}

/* The unlock screen; the keys are locked already. */
void
sarap_lock_ask (SarapLock *self)
{
  set_root (self, new_unlock_screen (self));
}

/* Without a PIN nothing could be locked. */
void
sarap_lock_now (SarapLock *self)
{
  if (self->window == NULL || self->is_closed || !sarap_keyring_has_pin (get_keyring (self)))
    return;
  close_interview (self);
  sarap_lock_ask (self);
  lock_keys (self);
}

static void
wake_cb (SarapLock *self)
{
  if (sarap_keyring_is_locked (get_keyring (self)))
    sarap_lock_ask (self);
  else
    open_window (self);
}

static GtkWidget *
new_neutral_screen (SarapLock *self)
{
  g_autoptr (GDateTime) time = g_date_time_new_now_local ();
  g_autofree char *clock = g_date_time_format (time, "%H:%M");
  g_autofree char *date = g_date_time_format (time, "%x");
  GtkWidget *button = gtk_button_new_with_label (_ ("Continue"));

  g_signal_connect_object (button, "clicked", G_CALLBACK (wake_cb), self, G_CONNECT_SWAPPED);
  return sarap_empty_state_new ("preferences-system-time-symbolic", clock, date, button);
}

/* The quick exit. */
void
sarap_lock_hide (SarapLock *self)
{
  if (self->window == NULL || self->is_closed || sarap_window_is_kiosk (self->window))
    return;
  close_interview (self);
  set_root (self, new_neutral_screen (self));
  lock_keys (self);
}

gboolean
sarap_lock_is_closed (SarapLock *self)
{
  return self->is_closed;
}

/* The record that was open when the window was locked, for the one who had it open. Returns: (transfer full) or NULL */
char *
sarap_lock_steal_draft (SarapLock *self)
{
  g_autofree char *user = sarap_keyring_dup_user_id (get_keyring (self));
  g_autofree char *draft = g_steal_pointer (&self->draft);

  return g_strcmp0 (user, self->user) == 0 ? g_steal_pointer (&draft) : NULL;
}

/* --- touches ----------------------------------------------------------------------------------- */

static gboolean
check_cb (gpointer data)
{
  SarapLock *self = data;
  int minutes = g_settings_get_int (sarap_context_get_settings (self->context), "lock-minutes");

  if (minutes > 0 && self->window != NULL && !sarap_window_is_kiosk (self->window) && now () - self->last_touch >= minutes * G_GINT64_CONSTANT (60000))
    sarap_lock_now (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
event_cb (SarapLock *self, GdkEvent *event)
{
  self->last_touch = now ();
  return GDK_EVENT_PROPAGATE;
}

static gboolean
key_cb (SarapLock *self, guint key)
{
  if (key != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  for (guint i = 1; i < ESCAPES; i++)
    self->escapes[i - 1] = self->escapes[i];
  self->escapes[ESCAPES - 1] = now ();
  if (self->escapes[0] == 0 || self->escapes[ESCAPES - 1] - self->escapes[0] > ESCAPES_MS || self->is_closed)
    return GDK_EVENT_PROPAGATE;
  sarap_lock_hide (self);
  return GDK_EVENT_STOP;
}

static void
watch (SarapLock *self)
{
  GtkEventController *events = gtk_event_controller_legacy_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (events, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->window), events);
  gtk_widget_add_controller (GTK_WIDGET (self->window), keys);
  self->check_source = g_timeout_add_seconds (CHECK_SECONDS, check_cb, self);
}

static void
sarap_lock_finalize (GObject *object)
{
  SarapLock *self = SARAP_LOCK (object);

  g_clear_handle_id (&self->check_source, g_source_remove);
  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->context);
  g_free (self->draft);
  g_free (self->user);
  G_OBJECT_CLASS (sarap_lock_parent_class)->finalize (object);
}

static void
sarap_lock_class_init (SarapLockClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sarap_lock_finalize;
  opened_signal = g_signal_new ("opened", SARAP_TYPE_LOCK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sarap_lock_init (SarapLock *self)
{
  self->last_touch = now ();
}

SarapLock *
sarap_lock_new (SarapWindow *window)
{
  SarapLock *self = g_object_new (SARAP_TYPE_LOCK, NULL);

  g_set_weak_pointer (&self->window, window);
  self->context = g_object_ref (sarap_window_get_context (window));
  watch (self);
  return self;
}
