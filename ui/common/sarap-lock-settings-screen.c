#include "ui/common/sarap-lock-settings-screen.h"

#include <glib/gi18n.h>

#include "ui/common/sarap-pin-screen.h"
#include "ui/common/sarap-rows.h"

struct _SarapLockSettingsScreen
{
  GtkWidget parent_instance;

  SarapContext *context;
};

G_DEFINE_FINAL_TYPE (SarapLockSettingsScreen, sarap_lock_settings_screen, GTK_TYPE_WIDGET)

static SarapKeyring *
get_keyring (SarapContext *context)
{
  return sarap_store_get_keyring (sarap_context_get_store (context));
}

static void fill (SarapLockSettingsScreen *self);

/* The rows as the new state has them. */
static void
refresh (SarapWindow *window)
{
  GtkWidget *top = sarap_window_peek_top (window);

  if (SARAP_IS_LOCK_SETTINGS_SCREEN (top))
    fill (SARAP_LOCK_SETTINGS_SCREEN (top));
}

static void
pin_set (SarapWindow *window, gpointer data)
{
  refresh (window);
  sarap_window_toast (window, _ ("The new PIN is set"), NULL, NULL, NULL);
}

static void
set_cb (gpointer data)
{
  sarap_pin_ask (sarap_window_of (data), SARAP_PIN_CHOOSE_OPENING, pin_set, NULL);
}

static void
duress_set (SarapWindow *window, gpointer data)
{
  sarap_window_toast (window, _ ("Done"), NULL, NULL, NULL);
}

static void
duress_cb (gpointer data)
{
  sarap_pin_ask (sarap_window_of (data), SARAP_PIN_CHOOSE_DURESS, duress_set, NULL);
}

static void
complain (SarapWindow *window, const GError *error)
{
  const char *const buttons[] = { _ ("Close"), NULL };

  sarap_window_ask (window, _ ("The PIN could not be kept. Try again."), error->message, buttons, -1, NULL, NULL);
}

static void
no_duress_cb (gpointer data)
{
  SarapLockSettingsScreen *self = data;
  SarapWindow *window = sarap_window_of (data);
  g_autoptr (GError) error = NULL;

  if (sarap_keyring_set_duress_pin (get_keyring (self->context), NULL, &error))
    duress_set (window, NULL);
  else
    complain (window, error);
}

static void
remove_answered (int button, gpointer data)
{
  g_autoptr (SarapLockSettingsScreen) self = data;
  SarapWindow *window = sarap_window_of (GTK_WIDGET (self));
  g_autoptr (GError) error = NULL;

  if (button != 1 || window == NULL)
    return;
  if (!sarap_keyring_set_pin (get_keyring (self->context), NULL, &error))
    complain (window, error);
  refresh (window);
}

static void
remove_cb (gpointer data)
{
  const char *const buttons[] = { _ ("Cancel"), _ ("Remove the PIN"), NULL };

  sarap_window_ask (sarap_window_of (data), _ ("Remove the PIN?"), _ ("Whoever takes this device can then read the drafts on it."), buttons, 1, remove_answered, g_object_ref (data));
}

static void
minutes_cb (const char *minutes, gpointer data)
{
  SarapLockSettingsScreen *self = data;

  g_settings_set_int (sarap_context_get_settings (self->context), "lock-minutes", atoi (minutes));
}

static void
add_minutes (SarapLockSettingsScreen *self, GtkWidget *rows)
{
  const char *const labels[] = { _ ("1 minute"), _ ("5 minutes"), _ ("15 minutes"), _ ("Never"), NULL };
  const char *const values[] = { "1", "5", "15", "0", NULL };
  g_autofree char *now = g_strdup_printf ("%d", g_settings_get_int (sarap_context_get_settings (self->context), "lock-minutes"));
  const char *name = _ ("Lock when nobody touches the device for");
  GtkWidget *row = sarap_rows_add (rows, name, NULL, NULL);
  GtkWidget *box = gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row));
  GtkWidget *segments = sarap_segments_new (name, labels, values, now, minutes_cb, self);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (box), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (box), 8);
  gtk_widget_set_halign (segments, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), segments);
}

/* Whether a second PIN is set is never shown: nobody can tell, and nobody can be made to. */
static void
add_duress (SarapLockSettingsScreen *self, GtkBox *page)
{
  GtkWidget *rows = sarap_rows_new (_ ("If somebody forces you"), page);

  sarap_rows_add (rows, _ ("A second PIN opens Sarap without your drafts"),
                           _ ("From then on they cannot be opened here, as if there were none. Finished records are sent all the same, and your supervisor brings the drafts back with the project key. A new first PIN removes the second."), NULL);
  sarap_rows_add_link (rows, _ ("Set a second PIN"), NULL, duress_cb, self);
  sarap_rows_add_link (rows, _ ("No second PIN"), NULL, no_duress_cb, self);
}

static void
lock_cb (gpointer data)
{
  gtk_widget_activate_action (data, "app.lock", NULL);
}

static void
fill (SarapLockSettingsScreen *self)
{
  GtkWidget *old = gtk_widget_get_first_child (GTK_WIDGET (self));
  gboolean has_pin = sarap_keyring_has_pin (get_keyring (self->context));
  GtkBox *page;
  GtkWidget *rows;

  g_clear_pointer (&old, gtk_widget_unparent);
  page = sarap_rows_new_page (GTK_WIDGET (self), NULL);
  rows = sarap_rows_new (_ ("PIN for opening Sarap"), page);
  if (!has_pin)
    {
      sarap_rows_add_link (rows, _ ("Set a PIN"), _ ("Drafts are sealed with it. If it is forgotten, your supervisor can help with the project key."), set_cb, self);
      return;
    }
  sarap_rows_add_link (rows, _ ("Lock now"), NULL, lock_cb, self);
  sarap_rows_add_link (rows, _ ("Change the PIN"), NULL, set_cb, self);
  sarap_rows_add_link (rows, _ ("Remove the PIN"), NULL, remove_cb, self);
  add_minutes (self, rows);
  add_duress (self, page);
}

static void
sarap_lock_settings_screen_dispose (GObject *object)
{
  SarapLockSettingsScreen *self = SARAP_LOCK_SETTINGS_SCREEN (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_lock_settings_screen_parent_class)->dispose (object);
}

static void
sarap_lock_settings_screen_class_init (SarapLockSettingsScreenClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_lock_settings_screen_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
sarap_lock_settings_screen_init (SarapLockSettingsScreen *self)
{
}

GtkWidget *
sarap_lock_settings_screen_new (SarapContext *context)
{
  SarapLockSettingsScreen *self = g_object_new (SARAP_TYPE_LOCK_SETTINGS_SCREEN, NULL);

  self->context = g_object_ref (context);
  fill (self);
  return GTK_WIDGET (self);
}

static void
enter (SarapWindow *window, gpointer data)
{
  sarap_window_push (window, sarap_lock_settings_screen_new (sarap_window_get_context (window)), _ ("Locking"));
}

/* Behind the PIN, when there is one. */
void
sarap_lock_settings_open (SarapWindow *window)
{
  if (sarap_keyring_has_pin (get_keyring (sarap_window_get_context (window))))
    sarap_pin_ask (window, SARAP_PIN_OPEN, enter, NULL);
  else
    enter (window, NULL);
}
