#include "ui/common/sarap-pin-screen.h"

#include <glib/gi18n.h>

#include "app/vault/sarap-pin.h"
#include "ui/common/sarap-clamp.h"

/*  1. The hash of the administrator's PIN is the store's setting "pin.hash"; the PIN that opens the store is the
 *     keyring's. The digits are wiped as soon as they were used.
 *  2. Wrong tries are counted in the store, so that leaving the screen or the program does not
 *     start the count again: after five, each further try must wait. */

#define HASH_KEY "pin.hash"
#define FAILURES_KEY "pin.failures"
#define LOCKED_UNTIL_KEY "pin.locked-until"
#define FREE_TRIES 5
#define WAIT_SECONDS 30
#define MIN_DIGITS 4
#define MAX_DIGITS 64 /* a passphrase that was set elsewhere can be typed, too */
#define MAX_DOTS 12

struct _SarapPinScreen
{
  GtkWidget parent_instance;

  GtkWidget *clamp;
  GtkLabel *prompt;
  GtkLabel *message;
  GtkLabel *dots;
  GtkGrid *pad;
  GtkWidget *go;
  GtkWidget *cancel;

  SarapContext *context;
  SarapPinPurpose purpose;
  SarapProjectKey *key; /* that recovers, or NULL */
  guint wait_source;
  gboolean is_choosing;
  gboolean is_busy;
  char digits[MAX_DIGITS + 1];
  char first[MAX_DIGITS + 1]; /* choosing: what was given the first time, else empty */
};

G_DEFINE_FINAL_TYPE (SarapPinScreen, sarap_pin_screen, GTK_TYPE_WIDGET)

enum
{
  ACCEPTED,
  CANCELLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
wipe (char *digits)
{
  explicit_bzero (digits, MAX_DIGITS + 1);
}

static void
wipe_and_free (gpointer pin)
{
  explicit_bzero (pin, strlen (pin));
  g_free (pin);
}

static void
show_digits (SarapPinScreen *self)
{
  gsize n = strlen (self->digits);
  g_autoptr (GString) dots = g_string_new (NULL);
  g_autofree char *name = g_strdup_printf (ngettext ("%u digit given", "%u digits given", n), (guint) n);

  for (gsize i = 0; i < CLAMP (n, MIN_DIGITS, MAX_DOTS); i++)
    g_string_append (dots, i < n ? "●" : "○");
  gtk_label_set_label (self->dots, dots->str);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->dots), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_sensitive (self->go, n >= MIN_DIGITS && !self->is_busy);
}

static void
start_over (SarapPinScreen *self, const char *message)
{
  wipe (self->digits);
  gtk_label_set_label (self->message, message);
  show_digits (self);
}

static gint64
get_number (SarapPinScreen *self, const char *key)
{
  g_autofree char *text = sarap_store_dup_setting (sarap_context_get_store (self->context), key);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static void
set_number (SarapPinScreen *self, const char *key, gint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  g_autoptr (GError) error = NULL;

  if (!sarap_store_set_setting (sarap_context_get_store (self->context), key, text, &error))
    g_warning ("%s was not kept: %s", key, error->message);
}

static gboolean
is_locked (SarapPinScreen *self)
{
  gint64 left = get_number (self, LOCKED_UNTIL_KEY) - sarap_clock_get_now (sarap_context_get_clock (self->context));
  int seconds = (left + 999) / 1000;
  g_autofree char *message = NULL;

  if (left <= 0 || left > WAIT_SECONDS * 1000)
    return FALSE;
  message = g_strdup_printf (ngettext ("Too many wrong tries. Wait %d second.", "Too many wrong tries. Wait %d seconds.", seconds), seconds);
  start_over (self, message);
  return TRUE;
}

static void
note_failure (SarapPinScreen *self)
{
  gint64 n = get_number (self, FAILURES_KEY) + 1;

  set_number (self, FAILURES_KEY, n);
  if (n >= FREE_TRIES)
    set_number (self, LOCKED_UNTIL_KEY, sarap_clock_get_now (sarap_context_get_clock (self->context)) + WAIT_SECONDS * 1000);
  start_over (self, _ ("That is not the PIN."));
}

static SarapKeyring *
get_keyring (SarapPinScreen *self)
{
  return sarap_store_get_keyring (sarap_context_get_store (self->context));
}

/* Counts the seconds down in words. */
static gboolean
wait_cb (gpointer data)
{
  SarapPinScreen *self = data;
  int seconds = sarap_keyring_get_wait (get_keyring (self));
  g_autofree char *message = g_strdup_printf (ngettext ("Too many wrong tries. Wait %d second.", "Too many wrong tries. Wait %d seconds.", seconds), seconds);

  gtk_widget_set_sensitive (GTK_WIDGET (self->pad), seconds == 0);
  if (seconds > 0)
    {
      start_over (self, message);
      return G_SOURCE_CONTINUE;
    }
  start_over (self, "");
  self->wait_source = 0;
  return G_SOURCE_REMOVE;
}

static void
begin_wait (SarapPinScreen *self)
{
  if (self->purpose == SARAP_PIN_OPEN && self->wait_source == 0 && sarap_keyring_get_wait (get_keyring (self)) > 0 && wait_cb (self) == G_SOURCE_CONTINUE)
    self->wait_source = g_timeout_add (500, wait_cb, self);
}

static void
keyring_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  SarapPinScreen *self = source;
  SarapKeyring *keyring = get_keyring (self);
  GError *error = NULL;
  gboolean ok;

  if (self->purpose == SARAP_PIN_OPEN)
    ok = sarap_keyring_unlock (keyring, data, &error);
  else if (self->purpose == SARAP_PIN_CHOOSE_OPENING)
    ok = sarap_keyring_set_pin (keyring, data, &error);
  else if (self->purpose == SARAP_PIN_CHOOSE_DURESS)
    ok = sarap_keyring_set_duress_pin (keyring, data, &error);
  else
    ok = sarap_keyring_recover (keyring, self->key, data, &error);
  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static const char *
explain (SarapPinScreen *self, const GError *error)
{
  gboolean is_wrong = g_error_matches (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_WRONG_PIN);

  if (is_wrong && self->purpose == SARAP_PIN_OPEN)
    return _ ("That is not the PIN.");
  if (is_wrong)
    return _ ("The second PIN must be another one than the first.");
  if (self->purpose == SARAP_PIN_RECOVER && g_error_matches (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_LOCKED))
    return _ ("This device was never given this project key.");
  return _ ("The PIN could not be kept. Try again.");
}

static void
keyring_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SarapPinScreen *self = SARAP_PIN_SCREEN (source);
  g_autoptr (GError) error = NULL;
  gboolean ok = g_task_propagate_boolean (G_TASK (result), &error);

  self->is_busy = FALSE;
  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  if (error != NULL && error->domain != SARAP_VAULT_ERROR)
    g_warning ("PIN: %s", error->message);
  start_over (self, ok ? "" : explain (self, error));
  if (ok)
    g_signal_emit (self, signals[ACCEPTED], 0);
  else
    begin_wait (self);
}

static void
verify_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  SarapPinScreen *self = source;
  g_autofree char *hash = sarap_store_dup_setting (sarap_context_get_store (self->context), HASH_KEY);

  g_task_return_boolean (task, hash != NULL && sarap_pin_verify (hash, data));
}

static void
verified_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SarapPinScreen *self = SARAP_PIN_SCREEN (source);

  self->is_busy = FALSE;
  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    {
      note_failure (self);
      return;
    }
  set_number (self, FAILURES_KEY, 0);
  start_over (self, "");
  g_signal_emit (self, signals[ACCEPTED], 0);
}

static void
choose_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  SarapPinScreen *self = source;
  g_autofree char *hash = sarap_pin_hash (data);
  g_autoptr (GError) error = NULL;

  if (hash == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "no memory to hash the PIN");
  else if (!sarap_store_set_setting (sarap_context_get_store (self->context), HASH_KEY, hash, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SarapPinScreen *self = SARAP_PIN_SCREEN (source);
  g_autoptr (GError) error = NULL;

  self->is_busy = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_warning ("the PIN was not kept: %s", error->message);
      start_over (self, _ ("The PIN could not be kept. Try again."));
      return;
    }
  start_over (self, "");
  if (gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    g_signal_emit (self, signals[ACCEPTED], 0);
}

static void
run (SarapPinScreen *self, GTaskThreadFunc thread, GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, NULL);

  self->is_busy = TRUE;
  gtk_widget_set_sensitive (self->go, FALSE);
  g_task_set_task_data (task, g_strdup (self->digits), wipe_and_free);
  g_task_run_in_thread (task, thread);
}

static void
take_choice (SarapPinScreen *self)
{
  if (*self->first == '\0')
    {
      memcpy (self->first, self->digits, sizeof self->first);
      gtk_label_set_label (self->prompt, _ ("Repeat the PIN"));
      start_over (self, "");
    }
  else if (strcmp (self->first, self->digits) != 0)
    {
      wipe (self->first);
      gtk_label_set_label (self->prompt, _ ("Choose a PIN"));
      start_over (self, _ ("The two were not the same. Begin again."));
    }
  else
    {
      wipe (self->first);
      if (self->purpose == SARAP_PIN_ASK || self->purpose == SARAP_PIN_CHOOSE)
        run (self, choose_thread, chosen_cb);
      else
        run (self, keyring_thread, keyring_cb);
    }
}

static void
go_cb (SarapPinScreen *self)
{
  if (self->is_busy || strlen (self->digits) < MIN_DIGITS)
    return;
  if (self->is_choosing)
    take_choice (self);
  else if (self->purpose == SARAP_PIN_OPEN)
    run (self, keyring_thread, keyring_cb);
  else if (!is_locked (self))
    run (self, verify_thread, verified_cb);
}

static void
cancel_cb (SarapPinScreen *self)
{
  g_signal_emit (self, signals[CANCELLED], 0);
}

static void
erase (SarapPinScreen *self)
{
  gsize n = strlen (self->digits);

  if (n > 0)
    self->digits[n - 1] = '\0';
  show_digits (self);
}

static void
add_digit (SarapPinScreen *self, char digit)
{
  gsize n = strlen (self->digits);

  if (self->is_busy || n >= MAX_DIGITS || self->wait_source != 0)
    return;
  self->digits[n] = digit;
  gtk_label_set_label (self->message, "");
  show_digits (self);
}

static void
pad_cb (GtkWidget *button, SarapPinScreen *self)
{
  add_digit (self, GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "digit")));
}

/* Typing works wherever the focus is: Enter means "continue", not the digit that has the focus. */
static gboolean
key_cb (SarapPinScreen *self, guint key)
{
  guint32 character = gdk_keyval_to_unicode (key);

  if ((character >= '0' && character <= '9') || (self->purpose == SARAP_PIN_OPEN && character > ' ' && character < 0x7f))
    add_digit (self, character);
  else if (key == GDK_KEY_BackSpace)
    erase (self);
  else if ((key == GDK_KEY_Return || key == GDK_KEY_KP_Enter) && !gtk_widget_has_focus (self->cancel))
    go_cb (self);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
sarap_pin_screen_dispose (GObject *object)
{
  SarapPinScreen *self = SARAP_PIN_SCREEN (object);

  wipe (self->digits);
  wipe (self->first);
  g_clear_handle_id (&self->wait_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), SARAP_TYPE_PIN_SCREEN);
  G_OBJECT_CLASS (sarap_pin_screen_parent_class)->dispose (object);
}

static void
sarap_pin_screen_finalize (GObject *object)
{
  /* Not earlier: a worker thread may still ask for the store. */
  g_clear_object (&SARAP_PIN_SCREEN (object)->context);
  g_clear_pointer (&SARAP_PIN_SCREEN (object)->key, sarap_project_key_unref);
  G_OBJECT_CLASS (sarap_pin_screen_parent_class)->finalize (object);
}

static void
sarap_pin_screen_class_init (SarapPinScreenClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_pin_screen_dispose;
  G_OBJECT_CLASS (class)->finalize = sarap_pin_screen_finalize;
  g_type_ensure (SARAP_TYPE_CLAMP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/sarap/Sarap/ui/common/sarap-pin-screen.ui");
  gtk_widget_class_bind_template_child (widget_class, SarapPinScreen, clamp);
  gtk_widget_class_bind_template_child (widget_class, SarapPinScreen, prompt);
  gtk_widget_class_bind_template_child (widget_class, SarapPinScreen, message);
  gtk_widget_class_bind_template_child (widget_class, SarapPinScreen, dots);
  gtk_widget_class_bind_template_child (widget_class, SarapPinScreen, pad);
  gtk_widget_class_bind_template_child (widget_class, SarapPinScreen, go);
  gtk_widget_class_bind_template_child (widget_class, SarapPinScreen, cancel);
  signals[ACCEPTED] = g_signal_new ("accepted", SARAP_TYPE_PIN_SCREEN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CANCELLED] = g_signal_new ("cancelled", SARAP_TYPE_PIN_SCREEN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
fill_pad (SarapPinScreen *self)
{
  GtkWidget *eraser = gtk_button_new_from_icon_name ("edit-clear-symbolic");

  for (int i = 1; i <= 10; i++)
    {
      const char text[] = { '0' + i % 10, '\0' };
      GtkWidget *button = gtk_button_new_with_label (text);

      g_object_set_data (G_OBJECT (button), "digit", GINT_TO_POINTER (text[0]));
      gtk_widget_add_css_class (button, "pin-key");
      g_signal_connect (button, "clicked", G_CALLBACK (pad_cb), self);
      gtk_grid_attach (self->pad, button, i == 10 ? 1 : (i - 1) % 3, i == 10 ? 3 : (i - 1) / 3, 1, 1);
    }
  gtk_widget_set_tooltip_text (eraser, _ ("Erase the last digit"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (eraser), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Erase the last digit"), -1);
  gtk_widget_add_css_class (eraser, "flat");
  g_signal_connect_swapped (eraser, "clicked", G_CALLBACK (erase), self);
  gtk_grid_attach (self->pad, eraser, 2, 3, 1, 1);
}

static void
sarap_pin_screen_init (SarapPinScreen *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  fill_pad (self);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect_swapped (self->go, "clicked", G_CALLBACK (go_cb), self);
  g_signal_connect_swapped (self->cancel, "clicked", G_CALLBACK (cancel_cb), self);
}

GtkWidget *
sarap_pin_screen_new (SarapContext *context, SarapPinPurpose purpose)
{
  SarapPinScreen *self = g_object_new (SARAP_TYPE_PIN_SCREEN, NULL);
  gboolean is_opening = purpose != SARAP_PIN_ASK && purpose != SARAP_PIN_CHOOSE;
  const char *hint = "";

  self->context = g_object_ref (context);
  self->purpose = purpose;
  self->is_choosing = is_opening ? purpose != SARAP_PIN_OPEN : purpose == SARAP_PIN_CHOOSE || !sarap_pin_is_set (context);
  gtk_label_set_label (self->prompt, self->is_choosing ? _ ("Choose a PIN") : _ ("PIN"));
  if (self->is_choosing)
    hint = is_opening ? _ ("4 digits or more. The drafts on this device open with it.") : _ ("4 to 12 digits. It protects the supervisor's work and the settings of this device.");
  start_over (self, hint);
  begin_wait (self);
  return GTK_WIDGET (self);
}

void
sarap_pin_screen_set_way_out (SarapPinScreen *self, const char *label)
{
  gtk_button_set_label (GTK_BUTTON (self->cancel), label);
}

gboolean
sarap_pin_is_set (SarapContext *context)
{
  g_autofree char *hash = sarap_store_dup_setting (sarap_context_get_store (context), HASH_KEY);

  return hash != NULL;
}

typedef struct
{
  SarapPinFunc accepted;
  gpointer data;
} Wish;

static void
wish_accepted_cb (GtkWidget *screen, Wish *wish)
{
  SarapWindow *window = sarap_window_of (screen);
  Wish granted = *wish;

  sarap_window_pop_screen (window, screen);
  granted.accepted (window, granted.data);
}

static void
wish_cancelled_cb (GtkWidget *screen)
{
  sarap_window_pop_screen (sarap_window_of (screen), screen);
}

static GtkWidget *
push (SarapWindow *window, GtkWidget *screen, SarapPinFunc accepted, gpointer data)
{
  Wish *wish = g_new (Wish, 1);

  *wish = (Wish){ accepted, data };
  g_signal_connect_data (screen, "accepted", G_CALLBACK (wish_accepted_cb), wish, (GClosureNotify) (void (*) (void)) g_free, 0);
  g_signal_connect (screen, "cancelled", G_CALLBACK (wish_cancelled_cb), NULL);
  sarap_window_push (window, screen, _ ("PIN"));
  return screen;
}

/* Returns: (transfer none): the screen, for whoever wants to take it away again. */
GtkWidget *
sarap_pin_ask (SarapWindow *window, SarapPinPurpose purpose, SarapPinFunc accepted, gpointer data)
{
  return push (window, sarap_pin_screen_new (sarap_window_get_context (window), purpose), accepted, data);
}

/* Has a new PIN chosen with which @key, a private half, lets the store open again. */
GtkWidget *
sarap_pin_recover (SarapWindow *window, SarapProjectKey *key, SarapPinFunc accepted, gpointer data)
{
  GtkWidget *screen = sarap_pin_screen_new (sarap_window_get_context (window), SARAP_PIN_RECOVER);

  SARAP_PIN_SCREEN (screen)->key = sarap_project_key_ref (key);
  return push (window, screen, accepted, data);
}
