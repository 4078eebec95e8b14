#include "ui/sarap-start-screen.h"

#include <glib/gi18n.h>

#include "app/store/sarap-store-forms.h"
#include "sarap-config.h"
#include "ui/common/sarap-clamp.h"
#include "ui/common/sarap-enrol-screen.h"
#include "ui/common/sarap-tile.h"
#include "ui/sarap-window.h"

struct _SarapStartScreen
{
  GtkWidget parent_instance;

  SarapContext *context;
  GtkWidget *tiles;
  GtkSpinner *spinner;
};

G_DEFINE_FINAL_TYPE (SarapStartScreen, sarap_start_screen, GTK_TYPE_WIDGET)

enum
{
  LANGUAGE,
  BEGIN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const struct
{
  const char *code;
  const char *name;
} languages[] = { { "kk", "Қазақша" }, { "ru", "Русский" }, { "en", "English" } };

static const struct
{
  const char *folder;
  SarapRole role;
} bundled[] = { { "audit", SARAP_ROLE_VOLUNTEER }, { "perception", SARAP_ROLE_STAFF }, { "kiosk", SARAP_ROLE_KIOSK } };

static void
language_cb (GtkWidget *button, SarapStartScreen *self)
{
  g_signal_emit (self, signals[LANGUAGE], 0, g_object_get_data (G_OBJECT (button), "code"));
}

static void
begin_cb (SarapStartScreen *self)
{
  g_signal_emit (self, signals[BEGIN], 0);
}

static void
enrol_cb (SarapStartScreen *self)
{
  GtkWidget *screen = sarap_enrol_screen_new (self->context);

  g_signal_connect_object (screen, "enrolled", G_CALLBACK (begin_cb), self, G_CONNECT_SWAPPED);
  sarap_window_push (sarap_window_of (GTK_WIDGET (self)), screen, _ ("Connection to the server"));
}

static char *
find_questionnaire (const char *folder)
{
  g_autofree char *installed = g_build_filename (SARAP_DATA_DIR, "questionnaires", folder, "form.xlsx", NULL);

  if (g_file_test (installed, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&installed);
  return g_build_filename (SARAP_SOURCE_DATA_DIR, "questionnaires", folder, "form.xlsx", NULL);
}

static gboolean
add_bundled (SarapContext *context, const char *folder, SarapRole role, GError **error)
{
  g_autofree char *file = find_questionnaire (folder);
  g_autofree char *form_id = NULL;
  g_autoptr (SarapProblems) problems = sarap_problems_new (file);

  return sarap_store_add_form_file (sarap_context_get_store (context), file, NULL, problems, &form_id, error) && sarap_context_set_form_roles (context, form_id, &role, 1, error);
}

static void
demonstration_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bundled); i++)
    if (!add_bundled (data, bundled[i].folder, bundled[i].role, &error))
      {
        g_task_return_error (task, error);
        return;
      }
  g_task_return_boolean (task, TRUE);
}

static void
demonstrated_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SarapStartScreen *self = SARAP_START_SCREEN (source);
  SarapWindow *window = sarap_window_of (GTK_WIDGET (self));
  g_autoptr (GError) error = NULL;
  const char *const buttons[] = { _ ("Close"), NULL };

  if (window == NULL)
    return;
  gtk_spinner_stop (self->spinner);
  gtk_widget_set_sensitive (self->tiles, TRUE);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    begin_cb (self);
  else
    sarap_window_ask (window, _ ("The questionnaires could not be added"), error->message, buttons, -1, NULL, NULL);
}

static void
demonstrate_cb (SarapStartScreen *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, demonstrated_cb, NULL);

  gtk_widget_set_sensitive (self->tiles, FALSE);
  gtk_spinner_start (self->spinner);
  g_task_set_task_data (task, g_object_ref (self->context), g_object_unref);
  g_task_run_in_thread (task, demonstration_thread);
}

static void
sarap_start_screen_dispose (GObject *object)
{
  SarapStartScreen *self = SARAP_START_SCREEN (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_start_screen_parent_class)->dispose (object);
}

static void
sarap_start_screen_class_init (SarapStartScreenClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_start_screen_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  signals[LANGUAGE] = g_signal_new ("language", SARAP_TYPE_START_SCREEN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[BEGIN] = g_signal_new ("begin", SARAP_TYPE_START_SCREEN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sarap_start_screen_init (SarapStartScreen *self)
{
}

static GtkBox *
new_frame (SarapStartScreen *self, const char *heading)
{
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 20, "valign", GTK_ALIGN_CENTER, "vexpand", TRUE, "margin-start", 24, "margin-end", 24, NULL);
  GtkWidget *icon = gtk_image_new_from_icon_name (SARAP_APPLICATION_ID);
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", heading, "wrap", TRUE, "justify", GTK_JUSTIFY_CENTER, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, NULL);

  gtk_image_set_pixel_size (GTK_IMAGE (icon), 112);
  gtk_widget_add_css_class (label, "page-title");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_set_parent (sarap_clamp_new (box, 840), GTK_WIDGET (self));
  return GTK_BOX (box);
}

static void
add_languages (SarapStartScreen *self)
{
  GtkBox *box = new_frame (self, "Тілді таңдаңыз · Выберите язык · Choose a language");

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      GtkWidget *button = gtk_button_new_with_label (languages[i].name);

      g_object_set_data_full (G_OBJECT (button), "code", g_strdup (languages[i].code), g_free);
      gtk_widget_add_css_class (button, "primary");
      gtk_widget_set_size_request (button, 360, -1);
      gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
      g_signal_connect_object (button, "clicked", G_CALLBACK (language_cb), self, G_CONNECT_DEFAULT);
      gtk_box_append (box, button);
    }
}

static void
add_tile (SarapStartScreen *self, const char *icon, const char *heading, const char *text, GCallback callback)
{
  GtkWidget *tile = sarap_tile_new (icon, heading, text);

  g_signal_connect_object (tile, "clicked", callback, self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->tiles), tile);
}

static void
add_beginnings (SarapStartScreen *self)
{
  GtkBox *box = new_frame (self, _ ("Where do the questionnaires come from?"));

  self->tiles = g_object_new (GTK_TYPE_BOX, "spacing", 16, "homogeneous", TRUE, NULL);
  add_tile (self, "network-server-symbolic", _ ("From a server"), _ ("Connect this device with a QR code, a file or an address"), G_CALLBACK (enrol_cb));
  add_tile (self, "sarap-visit-symbolic", _ ("Demonstration"), _ ("Try the three questionnaires that come with Sarap"), G_CALLBACK (demonstrate_cb));
  add_tile (self, "folder-documents-symbolic", _ ("Later"), _ ("An administrator adds them in the settings"), G_CALLBACK (begin_cb));
  gtk_box_append (box, self->tiles);
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  gtk_box_append (box, GTK_WIDGET (self->spinner));
}

/* One question at a time: @ask_language, or where the questionnaires come from. */
GtkWidget *
sarap_start_screen_new (SarapContext *context, gboolean ask_language)
{
  SarapStartScreen *self = g_object_new (SARAP_TYPE_START_SCREEN, NULL);

  self->context = g_object_ref (context);
  if (ask_language)
    add_languages (self);
  else
    add_beginnings (self);
  return GTK_WIDGET (self);
}
