#include "ui/sarap-window.h"

#include <glib/gi18n.h>

#include "ui/common/sarap-dialog.h"
#include "ui/common/sarap-file-chooser.h"
#include "ui/common/sarap-help-screen.h"
#include "ui/common/sarap-keyboard.h"
#include "ui/common/sarap-settings-screen.h"

/* Rules of the stack:
 *  1. The screen on top is the visible child; `entries` holds all of them, the root first.
 *  2. A popped screen stays in the GtkStack until its fade ends, so that it does not vanish; it
 *     is insensitive from the start and nothing asks it for anything.
 *  3. In a kiosk a popped screen is destroyed at once: nothing of a visitor stays. */

#define TOAST_SECONDS 6
#define TOAST_CHARACTERS 48 /* a longer message wraps */

typedef struct
{
  GtkWidget *screen;
  char *title;
  GtkWidget *focus; /* where the focus was when another screen came on top; weak */
} Entry;

struct _SarapWindow
{
  GtkApplicationWindow parent_instance;

  GtkWidget *content;
  GtkWidget *header;
  GtkWidget *title;
  GtkWidget *back;
  GtkWidget *menu;
  GtkStack *screens;
  GtkRevealer *toast;
  GtkLabel *toast_message;
  GtkWidget *toast_action;
  SarapKeyboard *keyboard;

  SarapContext *context;
  GPtrArray *entries;
  GPtrArray *leaving;
  GCallback toast_callback;
  gpointer toast_data;
  guint toast_source;
  gboolean is_kiosk;
  gboolean is_locked;
  GtkWidget *unready; /* screen that stayed when the window was to be closed: only compared */
};

G_DEFINE_FINAL_TYPE (SarapWindow, sarap_window, GTK_TYPE_APPLICATION_WINDOW)

static void
entry_free (Entry *entry)
{
  g_clear_weak_pointer (&entry->focus);
  g_free (entry->title);
  g_free (entry);
}

static Entry *
peek_top (SarapWindow *self)
{
  return self->entries->len > 0 ? g_ptr_array_index (self->entries, self->entries->len - 1) : NULL;
}

static void
name_button (GtkWidget *button, const char *name)
{
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
append_menu_item (GtkWidget *box, const char *label, const char *action)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_label_set_xalign (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button))), 0);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_add_css_class (button, "flat");
  gtk_box_append (GTK_BOX (box), button);
}

static void
close_popover_cb (GtkWidget *button, GtkPopover *popover)
{
  gtk_popover_popdown (popover);
}

/* Only what has a PIN can be locked; one may have been set since the menu was made. */
static void
show_lock_cb (GtkWidget *item, GtkWidget *popover)
{
  SarapWindow *window = sarap_window_of (popover);

  gtk_widget_set_visible (item, sarap_keyring_has_pin (sarap_store_get_keyring (sarap_context_get_store (window->context))));
}

static GtkWidget *
new_menu (SarapWindow *self)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  if (sarap_context_get_role (self->context) != SARAP_ROLE_NONE)
    append_menu_item (box, _ ("Change role"), "app.change-role");
  append_menu_item (box, _ ("Lock now"), "app.lock");
  g_signal_connect_object (popover, "map", G_CALLBACK (show_lock_cb), gtk_widget_get_last_child (box), G_CONNECT_SWAPPED);
  append_menu_item (box, _ ("Settings"), "go.settings");
  append_menu_item (box, _ ("Help"), "go.help");
  append_menu_item (box, _ ("About Sarap"), "go.about");
  for (GtkWidget *item = gtk_widget_get_first_child (box); item != NULL; item = gtk_widget_get_next_sibling (item))
    g_signal_connect_object (item, "clicked", G_CALLBACK (close_popover_cb), popover, G_CONNECT_DEFAULT);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_widget_add_css_class (popover, "sarap-menu");
  return popover;
}

static void
retranslate (SarapWindow *self)
{
  name_button (self->back, _ ("Back"));
  name_button (self->menu, _ ("Menu"));
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->menu), new_menu (self));
}

static void
drop_toast (SarapWindow *self)
{
  g_clear_handle_id (&self->toast_source, g_source_remove);
  self->toast_callback = NULL;
  gtk_revealer_set_reveal_child (self->toast, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->toast), FALSE);
}

static gboolean
toast_timeout_cb (gpointer data)
{
  SarapWindow *self = data;

  self->toast_source = 0;
  drop_toast (self);
  return G_SOURCE_REMOVE;
}

static void
toast_action_cb (SarapWindow *self)
{
  void (*callback) (gpointer) = (void (*) (gpointer)) self->toast_callback;

  drop_toast (self);
  if (callback != NULL)
    callback (self->toast_data);
}

static void
remove_leaving (SarapWindow *self)
{
  for (guint i = 0; i < self->leaving->len; i++)
    gtk_stack_remove (self->screens, g_ptr_array_index (self->leaving, i));
  g_ptr_array_set_size (self->leaving, 0);
}

static void
transition_cb (SarapWindow *self)
{
  if (!gtk_stack_get_transition_running (self->screens))
    remove_leaving (self);
}

static gboolean
has_focus_inside (SarapWindow *self, GtkWidget *screen)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self));

  return focus != NULL && gtk_widget_is_ancestor (focus, screen);
}

static void
show_top (SarapWindow *self)
{
  Entry *top = peek_top (self);

  gtk_stack_set_visible_child (self->screens, top->screen);
  gtk_label_set_label (GTK_LABEL (self->title), top->title);
  gtk_window_set_title (GTK_WINDOW (self), top->title);
  gtk_widget_set_visible (self->back, self->entries->len > 1);
  if ((top->focus != NULL && gtk_widget_grab_focus (top->focus)) || has_focus_inside (self, top->screen) || gtk_widget_grab_focus (top->screen))
    return;
  gtk_widget_child_focus (top->screen, GTK_DIR_TAB_FORWARD);
}

static void
add_entry (SarapWindow *self, GtkWidget *screen, const char *title)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->screen = screen;
  entry->title = g_strdup (title);
  g_ptr_array_add (self->entries, entry);
  gtk_stack_add_child (self->screens, screen);
}

static void
leave (SarapWindow *self, GtkWidget *screen)
{
  gtk_widget_set_sensitive (screen, FALSE);
  g_ptr_array_add (self->leaving, screen);
}

/* Without a running fade (no animations, kiosk, window not yet shown) nothing would come to remove them. */
static void
settle (SarapWindow *self)
{
  if (self->is_kiosk || !gtk_stack_get_transition_running (self->screens))
    remove_leaving (self);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SarapWindow *self = SARAP_WINDOW (widget);
  Entry *top = peek_top (self);

  if (self->is_kiosk || top == NULL || gtk_widget_activate_action (top->screen, "screen.close", NULL))
    return;
  if (self->entries->len > 1)
    sarap_window_pop (self);
}

/* Not twice on top of itself. */
static void
go_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SarapWindow *self = SARAP_WINDOW (widget);
  Entry *top = peek_top (self);

  if (self->is_kiosk || self->is_locked || (top != NULL && g_strcmp0 (g_object_get_data (G_OBJECT (top->screen), "go"), name) == 0))
    return;
  if (g_str_equal (name, "go.settings"))
    sarap_window_push (self, sarap_settings_screen_new (self->context), _ ("Settings"));
  else if (g_str_equal (name, "go.help"))
    sarap_window_push (self, sarap_help_screen_new (self->context), _ ("Help"));
  else
    sarap_window_push (self, sarap_about_screen_new (self->context), _ ("About Sarap"));
  g_object_set_data_full (G_OBJECT (peek_top (self)->screen), "go", g_strdup (name), g_free);
}

static gboolean
activate_on_screen (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  SarapWindow *self = SARAP_WINDOW (widget);
  Entry *top = peek_top (self);

  return !self->is_kiosk && !self->is_locked && top != NULL && gtk_widget_activate_action (top->screen, data, NULL);
}

static gboolean
activate_unless_kiosk (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  return !SARAP_WINDOW (widget)->is_kiosk && gtk_widget_activate_action (widget, data, NULL);
}

/* A screen that is still there has something to ask first; whoever closes once more means it. */
static gboolean
stays (SarapWindow *self, GtkWidget *screen)
{
  Entry *top = peek_top (self);
  gboolean is_first = self->unready != screen;

  self->unready = top != NULL && top->screen == screen ? screen : NULL;
  return self->unready != NULL && is_first;
}

static gboolean
sarap_window_close_request (GtkWindow *window)
{
  SarapWindow *self = SARAP_WINDOW (window);
  Entry *top = peek_top (self);
  GtkWidget *screen = top != NULL ? top->screen : NULL;

  if (self->is_kiosk)
    return TRUE;
  if (screen != NULL && gtk_widget_activate_action (screen, "screen.close", NULL) && stays (self, screen))
    return TRUE;
  return GTK_WINDOW_CLASS (sarap_window_parent_class)->close_request (window);
}

static void
sarap_window_dispose (GObject *object)
{
  SarapWindow *self = SARAP_WINDOW (object);

  g_clear_handle_id (&self->toast_source, g_source_remove);
  g_ptr_array_set_size (self->entries, 0);
  g_ptr_array_set_size (self->leaving, 0);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_window_parent_class)->dispose (object);
}

static void
sarap_window_finalize (GObject *object)
{
  SarapWindow *self = SARAP_WINDOW (object);

  g_ptr_array_unref (self->entries);
  g_ptr_array_unref (self->leaving);
  G_OBJECT_CLASS (sarap_window_parent_class)->finalize (object);
}

static void
add_key (GtkShortcutController *keys, const char *trigger, GtkShortcutFunc callback, const char *action)
{
  GtkShortcutAction *shortcut_action = gtk_callback_action_new (callback, (gpointer) action, NULL);

  gtk_shortcut_controller_add_shortcut (keys, gtk_shortcut_new (gtk_shortcut_trigger_parse_string (trigger), shortcut_action));
}

/* In the bubble phase: a popover, a search entry or a question takes Escape first. */
static void
add_keys (SarapWindow *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  GtkShortcutController *keys = GTK_SHORTCUT_CONTROLLER (controller);

  add_key (keys, "Escape|<Alt>Left", activate_unless_kiosk, "go.back");
  add_key (keys, "F1", activate_unless_kiosk, "go.help");
  add_key (keys, "<Control>comma", activate_unless_kiosk, "go.settings");
  add_key (keys, "<Control>q", activate_unless_kiosk, "window.close");
  add_key (keys, "<Control>n", activate_on_screen, "screen.new");
  add_key (keys, "<Control>f", activate_on_screen, "screen.search");
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
sarap_window_class_init (SarapWindowClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->dispose = sarap_window_dispose;
  object_class->finalize = sarap_window_finalize;
  GTK_WINDOW_CLASS (class)->close_request = sarap_window_close_request;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/sarap/Sarap/ui/sarap-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SarapWindow, content);
  gtk_widget_class_bind_template_child (widget_class, SarapWindow, header);
  gtk_widget_class_bind_template_child (widget_class, SarapWindow, title);
  gtk_widget_class_bind_template_child (widget_class, SarapWindow, back);
  gtk_widget_class_bind_template_child (widget_class, SarapWindow, menu);
  gtk_widget_class_bind_template_child (widget_class, SarapWindow, screens);
  gtk_widget_class_bind_template_child (widget_class, SarapWindow, toast);
  gtk_widget_class_bind_template_child (widget_class, SarapWindow, toast_message);
  gtk_widget_class_bind_template_child (widget_class, SarapWindow, toast_action);
  gtk_widget_class_install_action (widget_class, "go.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "go.settings", NULL, go_action);
  gtk_widget_class_install_action (widget_class, "go.help", NULL, go_action);
  gtk_widget_class_install_action (widget_class, "go.about", NULL, go_action);
}

static void
sarap_window_init (SarapWindow *self)
{
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  self->leaving = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->screens, "notify::transition-running", G_CALLBACK (transition_cb), self);
  g_signal_connect_swapped (self->toast_action, "clicked", G_CALLBACK (toast_action_cb), self);
  add_keys (self);
}

static void
set_keyboard_mode (SarapWindow *self)
{
  g_autofree char *mode = g_settings_get_string (sarap_context_get_settings (self->context), "touch-keyboard");

  sarap_keyboard_set_mode (self->keyboard, mode);
}

static void
set_keyboard_language (SarapWindow *self)
{
  sarap_keyboard_set_language (self->keyboard, sarap_context_get_language (self->context));
}

static void
add_keyboard (SarapWindow *self)
{
  GtkWidget *keyboard = sarap_keyboard_new ();

  self->keyboard = SARAP_KEYBOARD (keyboard);
  gtk_box_append (GTK_BOX (self->content), keyboard);
  set_keyboard_mode (self);
  set_keyboard_language (self);
  g_signal_connect_object (sarap_context_get_settings (self->context), "changed::touch-keyboard", G_CALLBACK (set_keyboard_mode), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->context, "notify::language", G_CALLBACK (set_keyboard_language), self, G_CONNECT_SWAPPED);
}

SarapWindow *
sarap_window_new (GtkApplication *application, SarapContext *context)
{
  SarapWindow *self = g_object_new (SARAP_TYPE_WINDOW, "application", application, NULL);

  self->context = g_object_ref (context);
  add_keyboard (self);
  retranslate (self);
  return self;
}

SarapContext *
sarap_window_get_context (SarapWindow *self)
{
  return self->context;
}

/* Takes @screen's floating reference. */
void
sarap_window_push (SarapWindow *self, GtkWidget *screen, const char *title)
{
  Entry *top = peek_top (self);

  if (top != NULL && has_focus_inside (self, top->screen))
    g_set_weak_pointer (&top->focus, gtk_root_get_focus (GTK_ROOT (self)));
  add_entry (self, screen, title);
  show_top (self);
  settle (self);
}

/* Does nothing on the root. */
void
sarap_window_pop (SarapWindow *self)
{
  GtkWidget *screen;

  if (self->entries->len < 2)
    return;
  drop_toast (self);
  screen = peek_top (self)->screen;
  g_ptr_array_set_size (self->entries, self->entries->len - 1);
  leave (self, screen);
  show_top (self);
  settle (self);
}

void
sarap_window_pop_screen (SarapWindow *self, GtkWidget *screen)
{
  if (sarap_window_peek_top (self) == screen)
    sarap_window_pop (self);
}

GtkWidget *
sarap_window_peek_top (SarapWindow *self)
{
  Entry *top = peek_top (self);

  return top != NULL ? top->screen : NULL;
}

/* Every screen goes; the words of the header follow the language. */
void
sarap_window_set_root (SarapWindow *self, GtkWidget *screen, const char *title)
{
  drop_toast (self);
  for (guint i = 0; i < self->entries->len; i++)
    leave (self, ((Entry *) g_ptr_array_index (self->entries, i))->screen);
  g_ptr_array_set_size (self->entries, 0);
  retranslate (self);
  add_entry (self, screen, title);
  show_top (self);
  settle (self);
}

void
sarap_window_set_root_at_once (SarapWindow *self, GtkWidget *screen, const char *title)
{
  sarap_window_set_root (self, screen, title);
  remove_leaving (self);
}

void
sarap_window_set_locked (SarapWindow *self, gboolean is_locked)
{
  self->is_locked = is_locked;
  gtk_widget_set_visible (self->menu, !is_locked);
}

GtkWidget *
sarap_window_find_screen (SarapWindow *self, GType type)
{
  for (guint i = self->entries->len; i-- > 0;)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (entry->screen, type))
        return entry->screen;
    }
  return NULL;
}

void
sarap_window_set_title (SarapWindow *self, GtkWidget *screen, const char *title)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);

      if (entry->screen != screen)
        continue;
      g_free (entry->title);
      entry->title = g_strdup (title);
      if (entry == peek_top (self))
        {
          gtk_label_set_label (GTK_LABEL (self->title), title);
          gtk_window_set_title (GTK_WINDOW (self), title);
        }
    }
}

void
sarap_window_set_kiosk (SarapWindow *self, gboolean is_kiosk)
{
  if (self->is_kiosk == is_kiosk)
    return;
  self->is_kiosk = is_kiosk;
  gtk_widget_set_visible (self->header, !is_kiosk);
  if (is_kiosk)
    gtk_window_fullscreen (GTK_WINDOW (self));
  else
    gtk_window_unfullscreen (GTK_WINDOW (self));
}

gboolean
sarap_window_is_kiosk (SarapWindow *self)
{
  return self->is_kiosk;
}

SarapWindow *
sarap_window_of (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return SARAP_IS_WINDOW (root) ? SARAP_WINDOW (root) : NULL;
}

/* @action is called as void (*) (gpointer data). */
void
sarap_window_toast (SarapWindow *self, const char *message, const char *action_label, GCallback action, gpointer data)
{
  gboolean is_long = g_utf8_strlen (message, -1) > TOAST_CHARACTERS;

  drop_toast (self);
  gtk_label_set_label (self->toast_message, message);
  gtk_label_set_wrap (self->toast_message, is_long);
  gtk_label_set_width_chars (self->toast_message, is_long ? TOAST_CHARACTERS : -1);
  gtk_widget_set_visible (self->toast_action, action_label != NULL);
  if (action_label != NULL)
    gtk_button_set_label (GTK_BUTTON (self->toast_action), action_label);
  self->toast_callback = action;
  self->toast_data = data;
  gtk_widget_set_visible (GTK_WIDGET (self->toast), TRUE);
  gtk_revealer_set_reveal_child (self->toast, TRUE);
  self->toast_source = g_timeout_add_seconds (TOAST_SECONDS, toast_timeout_cb, self);
}

void
sarap_window_ask (SarapWindow *self, const char *heading, const char *body, const char *const *buttons, int destructive, SarapDialogFunc callback, gpointer data)
{
  GtkWidget *dialog = sarap_dialog_new (GTK_WINDOW (self), heading, body, buttons, destructive, callback, data);

  gtk_window_present (GTK_WINDOW (dialog));
}

void
sarap_window_choose_file (SarapWindow *self, const char *heading, const char *const *patterns, SarapFileFunc callback, gpointer data)
{
  GtkWidget *chooser = sarap_file_chooser_new (GTK_WINDOW (self), heading, patterns, FALSE, callback, data);

  gtk_window_present (GTK_WINDOW (chooser));
}

void
sarap_window_choose_folder (SarapWindow *self, const char *heading, SarapFileFunc callback, gpointer data)
{
  GtkWidget *chooser = sarap_file_chooser_new (GTK_WINDOW (self), heading, NULL, TRUE, callback, data);

  gtk_window_present (GTK_WINDOW (chooser));
}
