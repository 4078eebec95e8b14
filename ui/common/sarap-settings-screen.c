#include "ui/common/sarap-settings-screen.h"

#include <glib/gi18n.h>

#include "app/store/sarap-backup.h"
#include "sync/client/sarap-enrolment.h"
#include "ui/common/sarap-enrol-screen.h"
#include "ui/common/sarap-forms-screen.h"
#include "ui/common/sarap-handover-screen.h"
#include "ui/common/sarap-kiosk-settings-screen.h"
#include "ui/common/sarap-lock-settings-screen.h"
#include "ui/common/sarap-pin-screen.h"
#include "ui/common/sarap-rows.h"
#include "ui/common/sarap-tables-screen.h"
#include "ui/common/sarap-words.h"

struct _SarapSettingsScreen
{
  GtkWidget parent_instance;

  SarapContext *context;
  GtkWidget *connection_row;
  GtkWidget *backup_row;
  GtkLabel *text_size;
  gboolean is_administrator; /* the PIN was given on this visit, or there is none */
};

G_DEFINE_FINAL_TYPE (SarapSettingsScreen, sarap_settings_screen, GTK_TYPE_WIDGET)

static GSettings *
get_settings (SarapSettingsScreen *self)
{
  return sarap_context_get_settings (self->context);
}

static GtkWidget *
add_wide_row (GtkWidget *rows, const char *title, GtkWidget *control)
{
  GtkWidget *row = sarap_rows_add (rows, title, NULL, NULL);
  GtkWidget *box = gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (box), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (box), 8);
  gtk_widget_set_halign (control, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), control);
  return row;
}

/* Kept first: the change of language rebuilds every screen, this one included. */
static void
language_cb (const char *code, gpointer data)
{
  g_autoptr (SarapContext) context = g_object_ref (SARAP_SETTINGS_SCREEN (data)->context);

  g_settings_set_string (sarap_context_get_settings (context), "language", code);
  sarap_context_set_language (context, code);
}

static void
theme_cb (const char *theme, gpointer data)
{
  g_settings_set_string (get_settings (data), "theme", theme);
}

static void
keyboard_cb (const char *mode, gpointer data)
{
  g_settings_set_string (get_settings (data), "touch-keyboard", mode);
}

static void
show_text_size (SarapSettingsScreen *self)
{
  g_autofree char *percent = g_strdup_printf (_ ("%d %%"), g_settings_get_int (get_settings (self), "text-size"));

  gtk_label_set_label (self->text_size, percent);
}

static void
change_text_size (SarapSettingsScreen *self, int by)
{
  int size = CLAMP (g_settings_get_int (get_settings (self), "text-size") + by, 80, 200);

  g_settings_set_int (get_settings (self), "text-size", size);
  show_text_size (self);
}

static void
smaller_cb (SarapSettingsScreen *self)
{
  change_text_size (self, -10);
}

static void
larger_cb (SarapSettingsScreen *self)
{
  change_text_size (self, 10);
}

static GtkWidget *
new_step_button (const char *icon, const char *name, GCallback callback, SarapSettingsScreen *self)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
new_text_size (SarapSettingsScreen *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_box_append (GTK_BOX (box), new_step_button ("list-remove-symbolic", _ ("Smaller text"), G_CALLBACK (smaller_cb), self));
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), new_step_button ("list-add-symbolic", _ ("Larger text"), G_CALLBACK (larger_cb), self));
  gtk_label_set_width_chars (GTK_LABEL (label), 6);
  self->text_size = GTK_LABEL (label);
  show_text_size (self);
  return box;
}

static void
add_look (SarapSettingsScreen *self, GtkBox *page)
{
  const char *const languages[] = { "Қазақша", "Русский", "English", NULL };
  const char *const codes[] = { "kk", "ru", "en", NULL };
  const char *const themes[] = { _ ("As the system"), _ ("Light"), _ ("Dark"), _ ("High contrast"), NULL };
  const char *const theme_values[] = { "system", "light", "dark", "contrast", NULL };
  const char *const modes[] = { _ ("On touch"), _ ("Always"), _ ("Never"), NULL };
  const char *const mode_values[] = { "auto", "always", "never", NULL };
  g_autofree char *theme = g_settings_get_string (get_settings (self), "theme");
  g_autofree char *mode = g_settings_get_string (get_settings (self), "touch-keyboard");
  GtkWidget *rows = sarap_rows_new (_ ("Language and look"), page);

  add_wide_row (rows, _ ("Language"), sarap_segments_new (_ ("Language"), languages, codes, sarap_context_get_language (self->context), language_cb, self));
  add_wide_row (rows, _ ("Colours"), sarap_segments_new (_ ("Colours"), themes, theme_values, theme, theme_cb, self));
  add_wide_row (rows, _ ("Size of text"), new_text_size (self));
  add_wide_row (rows, _ ("Keyboard on the screen"), sarap_segments_new (_ ("Keyboard on the screen"), modes, mode_values, mode, keyboard_cb, self));
}

static void
name_changed_cb (GtkEditable *entry, SarapSettingsScreen *self)
{
  const char *name = gtk_editable_get_text (entry);
  g_autoptr (GError) error = NULL;

  if (!sarap_store_set_setting (sarap_context_get_store (self->context), "device.name", *name != '\0' ? name : NULL, &error))
    g_warning ("the device's name was not kept: %s", error->message);
}

static void
add_device (SarapSettingsScreen *self, GtkBox *page)
{
  g_autofree char *name = sarap_store_dup_setting (sarap_context_get_store (self->context), "device.name");
  GtkWidget *rows = sarap_rows_new (_ ("This device"), page);
  GtkWidget *entry = gtk_entry_new ();

  gtk_editable_set_text (GTK_EDITABLE (entry), name != NULL ? name : "");
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _ ("For example: Tablet 7"));
  gtk_entry_set_max_length (GTK_ENTRY (entry), 60);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Name of the device"), -1);
  g_signal_connect_object (entry, "changed", G_CALLBACK (name_changed_cb), self, G_CONNECT_DEFAULT);
  sarap_rows_add (rows, _ ("Name of the device"), NULL, entry);
}

static void
lock_cb (gpointer data)
{
  sarap_lock_settings_open (sarap_window_of (data));
}

static void
add_lock (SarapSettingsScreen *self, GtkBox *page)
{
  GtkWidget *rows = sarap_rows_new (_ ("Protection of the answers"), page);

  sarap_rows_add_link (rows, _ ("PIN for opening Sarap"), _ ("Setting, changing, locking by itself"), lock_cb, self);
}

typedef GtkWidget *(*ScreenFunc) (SarapContext *context);

typedef struct
{
  SarapSettingsScreen *self;
  ScreenFunc make;
  const char *title;
} Room;

static void
enter_room (SarapWindow *window, gpointer data)
{
  Room *room = data;

  room->self->is_administrator = TRUE;
  sarap_window_push (window, room->make (room->self->context), _ (room->title));
}

static void
room_cb (gpointer data)
{
  Room *room = data;
  SarapWindow *window = sarap_window_of (GTK_WIDGET (room->self));

  if (room->self->is_administrator || !sarap_pin_is_set (room->self->context))
    enter_room (window, room);
  else
    sarap_pin_ask (window, SARAP_PIN_ASK, enter_room, room);
}

static void
add_room (SarapSettingsScreen *self, GtkWidget *rows, const char *title, const char *subtitle, ScreenFunc make, GtkWidget **row)
{
  Room *room = g_new (Room, 1);
  GtkWidget *link;

  *room = (Room){ self, make, title };
  link = sarap_rows_add_link (rows, _ (title), subtitle, room_cb, room);
  g_object_set_data_full (G_OBJECT (link), "room", room, g_free);
  if (row != NULL)
    *row = link;
}

static void
pin_changed (SarapWindow *window, gpointer data)
{
  sarap_window_toast (window, _ ("The new PIN is set"), NULL, NULL, NULL);
}

static void
choose_pin (SarapWindow *window, gpointer data)
{
  sarap_pin_ask (window, SARAP_PIN_CHOOSE, pin_changed, NULL);
}

static void
pin_cb (gpointer data)
{
  SarapSettingsScreen *self = data;
  SarapWindow *window = sarap_window_of (GTK_WIDGET (self));

  if (sarap_pin_is_set (self->context))
    sarap_pin_ask (window, SARAP_PIN_ASK, choose_pin, NULL);
  else
    choose_pin (window, NULL);
}

static void
show_connection (SarapSettingsScreen *self)
{
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_load (sarap_context_get_store (self->context));

  if (enrolment == NULL)
    sarap_rows_set_subtitle (self->connection_row, _ ("Not connected"));
  else
    sarap_rows_set_subtitle (self->connection_row, enrolment->name != NULL && *enrolment->name != '\0' ? enrolment->name : enrolment->url);
}

static void
show_backup (SarapSettingsScreen *self)
{
  g_autofree char *folder = g_settings_get_string (get_settings (self), "backup-folder");
  gint64 last = sarap_backup_get_last (sarap_context_get_store (self->context));
  g_autofree char *time = last > 0 ? sarap_words_time (last, sarap_context_get_clock (self->context)) : NULL;
  g_autofree char *words = time ? g_strdup_printf (_ ("To %s; the last one: %s"), folder, time) : g_strdup_printf (_ ("To %s; none was made yet"), folder);

  sarap_rows_set_subtitle (self->backup_row, *folder != '\0' ? words : _ ("None. Choose a folder, best on a card: only the project's key opens what is written there."));
}

static void
backup_folder_cb (const char *path, gpointer data)
{
  g_settings_set_string (get_settings (data), "backup-folder", path);
  show_backup (data);
}

static void
choose_backup_folder (SarapWindow *window, gpointer data)
{
  sarap_window_choose_folder (window, _ ("Folder for backups"), backup_folder_cb, data);
}

static void
backup_cb (gpointer data)
{
  SarapSettingsScreen *self = data;
  SarapWindow *window = sarap_window_of (GTK_WIDGET (self));

  if (self->is_administrator || !sarap_pin_is_set (self->context))
    choose_backup_folder (window, self);
  else
    sarap_pin_ask (window, SARAP_PIN_ASK, choose_backup_folder, self);
}

static void
add_administration (SarapSettingsScreen *self, GtkBox *page)
{
  GtkWidget *rows = sarap_rows_new (_ ("Administrator"), page);

  add_room (self, rows, N_ ("Connection to the server"), "", sarap_enrol_screen_new, &self->connection_row);
  add_room (self, rows, N_ ("Questionnaires"), _ ("Which there are, who is offered which, adding from a file"), sarap_forms_screen_new, NULL);
  add_room (self, rows, N_ ("Tables of the questionnaires"), _ ("Scoring, sections, kinds of violations, waves"), sarap_tables_screen_new, NULL);
  add_room (self, rows, N_ ("Hand-over by USB stick"), _ ("For a centre that is never connected"), sarap_handover_screen_new, NULL);
  add_room (self, rows, N_ ("Kiosk"), _ ("Questionnaire, number of the kiosk, centre"), sarap_kiosk_settings_screen_new, NULL);
  self->backup_row = sarap_rows_add_link (rows, _ ("Daily backup"), "", backup_cb, self);
  sarap_rows_add_link (rows, _ ("Change the administrator's PIN"), NULL, pin_cb, self);
  show_connection (self);
  show_backup (self);
}

static void
sarap_settings_screen_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (sarap_settings_screen_parent_class)->map (widget);
  show_connection (SARAP_SETTINGS_SCREEN (widget));
}

static void
sarap_settings_screen_dispose (GObject *object)
{
  SarapSettingsScreen *self = SARAP_SETTINGS_SCREEN (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_settings_screen_parent_class)->dispose (object);
}

static void
sarap_settings_screen_class_init (SarapSettingsScreenClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_settings_screen_dispose;
  widget_class->map = sarap_settings_screen_map;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
sarap_settings_screen_init (SarapSettingsScreen *self)
{
}

GtkWidget *
sarap_settings_screen_new (SarapContext *context)
{
  SarapSettingsScreen *self = g_object_new (SARAP_TYPE_SETTINGS_SCREEN, NULL);
  GtkBox *page = sarap_rows_new_page (GTK_WIDGET (self), NULL);

  self->context = g_object_ref (context);
  add_look (self, page);
  add_device (self, page);
  add_lock (self, page);
  add_administration (self, page);
  return GTK_WIDGET (self);
}
