#include "ui/kiosk/sarap-kiosk-screen.h"

#include <glib/gi18n.h>

#include "app/store/sarap-store-forms.h"
#include "ui/common/sarap-empty-state.h"
#include "ui/common/sarap-pin-screen.h"
#include "ui/kiosk/sarap-kiosk-attract.h"
#include "ui/kiosk/sarap-kiosk-visit.h"

/*  1. One of three things is shown: the invitation, a visit, the thanks. What is left is destroyed,
 *     so nothing of a visitor can be brought back; the clipboard is emptied with it.
 *  2. Any touch or key puts the idle time to nought. After kiosk-idle-seconds the warning covers
 *     the visit, after kiosk-warning-seconds more the visit is abandoned.
 *  3. After a finished visit the invitation takes no touch until kiosk-filter-seconds have passed. */

#define TICK_MILLISECONDS 200
#define CORNER 96

struct _SarapKioskScreen
{
  GtkWidget parent_instance;

  GtkWidget *overlay;
  GtkWidget *shown; /* invitation, visit or thanks */
  GtkWidget *warning;
  GtkLabel *countdown;
  GtkButton *stay;
  GtkWidget *pin; /* on top of this screen; weak */

  SarapContext *context;
  SarapForm *form;
  char *home_language;  /* of the invitation */
  gint64 last_activity; /* monotonic, µs */
  gint64 last_finish;   /* monotonic, µs; 0 when there was none */
  guint tick_source;
  guint step_source; /* leaves the thanks, or wakes the invitation */
  GtkEventController *watcher;
};

G_DEFINE_FINAL_TYPE (SarapKioskScreen, sarap_kiosk_screen, GTK_TYPE_WIDGET)

static void invite (SarapKioskScreen *self);

static int
get_seconds (SarapKioskScreen *self, const char *key)
{
  return g_settings_get_int (sarap_context_get_settings (self->context), key);
}

static void
show (SarapKioskScreen *self, GtkWidget *widget)
{
  g_clear_handle_id (&self->step_source, g_source_remove);
  gtk_widget_set_visible (self->warning, FALSE);
  gtk_overlay_set_child (GTK_OVERLAY (self->overlay), widget);
  self->shown = widget;
  if (gtk_widget_get_root (widget) != NULL)
    gtk_widget_child_focus (widget, GTK_DIR_TAB_FORWARD);
}

static void
empty_clipboards (SarapKioskScreen *self)
{
  GdkDisplay *display = gtk_widget_get_display (GTK_WIDGET (self));

  gdk_clipboard_set_content (gdk_display_get_clipboard (display), NULL);
  gdk_clipboard_set_content (gdk_display_get_primary_clipboard (display), NULL);
}

static void
end_visit (SarapKioskScreen *self)
{
  if (SARAP_IS_KIOSK_VISIT (self->shown))
    sarap_kiosk_visit_abandon (SARAP_KIOSK_VISIT (self->shown));
  empty_clipboards (self);
  g_clear_handle_id (&self->tick_source, g_source_remove);
  sarap_context_set_language (self->context, self->home_language);
}

static gboolean
invite_cb (gpointer data)
{
  SarapKioskScreen *self = data;

  self->step_source = 0;
  invite (self);
  return G_SOURCE_REMOVE;
}

static void
thank (SarapKioskScreen *self)
{
  GtkWidget *thanks = sarap_empty_state_new ("sarap-face-5-symbolic", _ ("Thank you!"), _ ("Your answers help to make the service better."), NULL);

  gtk_widget_add_css_class (thanks, "kiosk-thanks");
  self->last_finish = g_get_monotonic_time ();
  show (self, thanks);
  end_visit (self);
  sarap_syncer_start (sarap_context_get_syncer (self->context), FALSE);
  self->step_source = g_timeout_add_seconds (get_seconds (self, "kiosk-thanks-seconds"), invite_cb, self);
}

/* Comes from inside the visit, which must not be destroyed under its own feet. */
static gboolean
thank_cb (gpointer data)
{
  SarapKioskScreen *self = data;

  self->step_source = 0;
  thank (self);
  return G_SOURCE_REMOVE;
}

static void
finished_cb (SarapKioskScreen *self)
{
  g_clear_handle_id (&self->step_source, g_source_remove);
  self->step_source = g_idle_add (thank_cb, self);
}

static void
failed_cb (SarapKioskScreen *self)
{
  g_clear_handle_id (&self->step_source, g_source_remove);
  self->step_source = g_idle_add (invite_cb, self);
}

static void
warn (SarapKioskScreen *self, int seconds)
{
  g_autofree char *words = g_strdup_printf (ngettext ("Starting over in %d second", "Starting over in %d seconds", seconds), seconds);

  gtk_label_set_label (self->countdown, words);
  if (gtk_widget_get_visible (self->warning))
    return;
  gtk_button_set_label (self->stay, _ ("I am still here"));
  gtk_widget_set_visible (self->warning, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->stay));
}

static void
stay_cb (SarapKioskScreen *self)
{
  self->last_activity = g_get_monotonic_time ();
  gtk_widget_set_visible (self->warning, FALSE);
  gtk_widget_child_focus (self->shown, GTK_DIR_TAB_FORWARD);
}

static gboolean
tick_cb (gpointer data)
{
  SarapKioskScreen *self = data;
  double idle = (g_get_monotonic_time () - self->last_activity) / (double) G_USEC_PER_SEC;
  int limit = get_seconds (self, "kiosk-idle-seconds");
  int left = limit + get_seconds (self, "kiosk-warning-seconds") - (int) idle;

  if (idle >= limit && self->pin != NULL)
    {
      sarap_window_pop_screen (sarap_window_of (self->pin), self->pin);
      g_clear_weak_pointer (&self->pin);
    }
  if (left <= 0)
    {
      self->tick_source = 0;
      invite (self);
      return G_SOURCE_REMOVE;
    }
  if (idle >= limit)
    warn (self, left);
  else if (gtk_widget_get_visible (self->warning))
    stay_cb (self);
  return G_SOURCE_CONTINUE;
}

static void
watch_idle (SarapKioskScreen *self)
{
  self->last_activity = g_get_monotonic_time ();
  if (self->tick_source == 0)
    self->tick_source = g_timeout_add (TICK_MILLISECONDS, tick_cb, self);
}

static gboolean
event_cb (GtkEventControllerLegacy *controller, GdkEvent *event, SarapKioskScreen *self)
{
  GdkEventType type = gdk_event_get_event_type (event);

  if (type == GDK_BUTTON_PRESS || type == GDK_KEY_PRESS || type == GDK_TOUCH_BEGIN || type == GDK_SCROLL)
    self->last_activity = g_get_monotonic_time ();
  return GDK_EVENT_PROPAGATE;
}

static gboolean
is_filtered (SarapKioskScreen *self)
{
  gint64 filter = get_seconds (self, "kiosk-filter-seconds") * G_USEC_PER_SEC;

  return self->last_finish != 0 && g_get_monotonic_time () - self->last_finish < filter;
}

static void
start_cb (SarapKioskScreen *self, const char *code)
{
  g_autoptr (GError) error = NULL;
  GtkWidget *visit;

  if (is_filtered (self))
    return;
  sarap_context_set_language (self->context, code);
  visit = sarap_kiosk_visit_new (self->context, self->form, &error);
  if (visit == NULL)
    {
      g_warning ("no visit could begin: %s", error->message);
      sarap_context_set_language (self->context, self->home_language);
      return;
    }
  g_signal_connect_object (visit, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (visit, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  show (self, visit);
  watch_idle (self);
}

static gboolean
wake_cb (gpointer data)
{
  SarapKioskScreen *self = data;

  if (is_filtered (self))
    return G_SOURCE_CONTINUE;
  self->step_source = 0;
  gtk_widget_set_sensitive (self->shown, TRUE);
  return G_SOURCE_REMOVE;
}

static void
invite (SarapKioskScreen *self)
{
  GtkWidget *attract;

  end_visit (self);
  if (self->form == NULL)
    {
      show (self, sarap_empty_state_new ("sarap-kiosk-symbolic", _ ("No questionnaire was chosen for this kiosk"), _ ("An administrator chooses it in the settings."), NULL));
      return;
    }
  attract = sarap_kiosk_attract_new (self->form);
  g_signal_connect_object (attract, "start", G_CALLBACK (start_cb), self, G_CONNECT_SWAPPED);
  show (self, attract);
  if (is_filtered (self))
    {
      gtk_widget_set_sensitive (attract, FALSE);
      self->step_source = g_timeout_add (TICK_MILLISECONDS, wake_cb, self);
    }
}

static void
leave (SarapWindow *window, gpointer data)
{
  g_autoptr (SarapContext) context = g_object_ref (SARAP_KIOSK_SCREEN (data)->context);

  end_visit (data);
  sarap_context_set_role (context, SARAP_ROLE_NONE);
}

/* Without a PIN anybody could choose one here and walk out. */
static void
ask_to_leave (SarapKioskScreen *self)
{
  SarapWindow *window = sarap_window_of (GTK_WIDGET (self));

  if (self->pin != NULL || window == NULL)
    return;
  if (!sarap_pin_is_set (self->context))
    {
      sarap_window_toast (window, _ ("No PIN was set on this device. Start Sarap without the kiosk and choose one."), NULL, NULL, NULL);
      return;
    }
  g_set_weak_pointer (&self->pin, sarap_pin_ask (window, SARAP_PIN_ASK, leave, self));
  watch_idle (self);
}

static void
long_press_cb (SarapKioskScreen *self, double x, double y)
{
  if (x > gtk_widget_get_width (GTK_WIDGET (self)) - CORNER && y < CORNER)
    ask_to_leave (self);
}

static gboolean
leave_key_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  ask_to_leave (SARAP_KIOSK_SCREEN (widget));
  return TRUE;
}

static void
add_exits (SarapKioskScreen *self)
{
  GtkGesture *press = gtk_gesture_long_press_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkShortcutTrigger *trigger = gtk_keyval_trigger_new (GDK_KEY_q, GDK_CONTROL_MASK | GDK_ALT_MASK);

  gtk_gesture_long_press_set_delay_factor (GTK_GESTURE_LONG_PRESS (press), 2);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (press), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (press, "pressed", G_CALLBACK (long_press_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (press));
  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (keys), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys), gtk_shortcut_new (trigger, gtk_callback_action_new (leave_key_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

/* On the window, so that the PIN on top of this screen counts as activity too. */
static void
sarap_kiosk_screen_root (GtkWidget *widget)
{
  SarapKioskScreen *self = SARAP_KIOSK_SCREEN (widget);

  GTK_WIDGET_CLASS (sarap_kiosk_screen_parent_class)->root (widget);
  self->watcher = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_propagation_phase (self->watcher, GTK_PHASE_CAPTURE);
  g_signal_connect_object (self->watcher, "event", G_CALLBACK (event_cb), self, G_CONNECT_DEFAULT);
  gtk_widget_add_controller (GTK_WIDGET (gtk_widget_get_root (widget)), self->watcher);
}

static void
sarap_kiosk_screen_unroot (GtkWidget *widget)
{
  SarapKioskScreen *self = SARAP_KIOSK_SCREEN (widget);

  gtk_widget_remove_controller (GTK_WIDGET (gtk_widget_get_root (widget)), self->watcher);
  self->watcher = NULL;
  GTK_WIDGET_CLASS (sarap_kiosk_screen_parent_class)->unroot (widget);
}

static void
sarap_kiosk_screen_dispose (GObject *object)
{
  SarapKioskScreen *self = SARAP_KIOSK_SCREEN (object);

  g_clear_handle_id (&self->tick_source, g_source_remove);
  g_clear_handle_id (&self->step_source, g_source_remove);
  g_clear_weak_pointer (&self->pin);
  g_clear_pointer (&self->overlay, gtk_widget_unparent);
  g_clear_object (&self->form);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_kiosk_screen_parent_class)->dispose (object);
}

static void
sarap_kiosk_screen_finalize (GObject *object)
{
  g_free (SARAP_KIOSK_SCREEN (object)->home_language);
  G_OBJECT_CLASS (sarap_kiosk_screen_parent_class)->finalize (object);
}

static void
sarap_kiosk_screen_class_init (SarapKioskScreenClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_kiosk_screen_dispose;
  G_OBJECT_CLASS (class)->finalize = sarap_kiosk_screen_finalize;
  widget_class->root = sarap_kiosk_screen_root;
  widget_class->unroot = sarap_kiosk_screen_unroot;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
sarap_kiosk_screen_init (SarapKioskScreen *self)
{
  GtkWidget *stay = gtk_button_new ();
  GtkWidget *box;

  self->overlay = gtk_overlay_new ();
  gtk_widget_set_parent (self->overlay, GTK_WIDGET (self));
  self->warning = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->warning, "kiosk-veil");
  box = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 24, "halign", GTK_ALIGN_CENTER, "valign", GTK_ALIGN_CENTER, "vexpand", TRUE, NULL);
  gtk_widget_add_css_class (box, "kiosk-warning");
  self->countdown = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "justify", GTK_JUSTIFY_CENTER, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->countdown), "kiosk-title");
  self->stay = GTK_BUTTON (stay);
  gtk_widget_add_css_class (stay, "suggested-action");
  gtk_widget_add_css_class (stay, "primary");
  g_signal_connect_swapped (stay, "clicked", G_CALLBACK (stay_cb), self);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->countdown));
  gtk_box_append (GTK_BOX (box), stay);
  gtk_box_append (GTK_BOX (self->warning), box);
  gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), self->warning);
  add_exits (self);
}

static SarapForm *
load_form (SarapKioskScreen *self, const char *form_id)
{
  g_autofree char *chosen = form_id != NULL ? g_strdup (form_id) : sarap_kiosk_find_form (self->context);
  g_autoptr (GError) error = NULL;
  SarapForm *form = chosen != NULL ? sarap_store_load_form (sarap_context_get_store (self->context), chosen, NULL, &error) : NULL;

  if (error != NULL)
    g_warning ("kiosk form %s: %s", chosen, error->message);
  return form;
}

/* @form_id (nullable): instead of what sarap_kiosk_find_form() finds. */
GtkWidget *
sarap_kiosk_screen_new (SarapContext *context, const char *form_id)
{
  SarapKioskScreen *self = g_object_new (SARAP_TYPE_KIOSK_SCREEN, NULL);

  self->context = g_object_ref (context);
  self->home_language = g_strdup (sarap_context_get_language (context));
  self->form = load_form (self, form_id);
  invite (self);
  return GTK_WIDGET (self);
}

/* The form of the setting "kiosk-form", else the only one that kiosks are offered. Returns:
 * (transfer full) (nullable): its id; NULL when an administrator must choose first. */
char *
sarap_kiosk_find_form (SarapContext *context)
{
  g_autofree char *chosen = g_settings_get_string (sarap_context_get_settings (context), "kiosk-form");
  g_autoptr (GPtrArray) forms = sarap_store_list_forms (sarap_context_get_store (context), TRUE, NULL);
  const char *found = NULL;

  if (*chosen != '\0')
    return g_steal_pointer (&chosen);
  for (guint i = 0; forms != NULL && i < forms->len; i++)
    {
      const SarapFormEntry *form = g_ptr_array_index (forms, i);

      if (!sarap_context_offers_form (context, form->id, SARAP_ROLE_KIOSK))
        continue;
      if (found != NULL)
        return NULL;
      found = form->id;
    }
  return g_strdup (found);
}
