#include "ui/supervisor/sarap-sign-in-screen.h"

#include <glib/gi18n.h>

#include "app/base/sarap-file.h"
#include "ui/common/sarap-rows.h"
#include "ui/common/sarap-words.h"
#include "ui/sarap-window.h"

#define MAX_CERTIFICATE (256 * 1024)

struct _SarapSignInScreen
{
  GtkWidget parent_instance;

  GtkEditable *address;
  GtkEditable *name;
  GtkEditable *password;
  GtkWidget *authority;
  GtkLabel *words;
  GtkWidget *button;

  SarapContext *context;
  char *ca; /* PEM of an own authority, or NULL */
};

G_DEFINE_FINAL_TYPE (SarapSignInScreen, sarap_sign_in_screen, GTK_TYPE_WIDGET)

static guint signed_in_signal;

typedef struct
{
  SarapStore *store;
  char *url, *ca, *name, *password;
} Attempt;

static void
attempt_free (gpointer data)
{
  Attempt *attempt = data;

  g_object_unref (attempt->store);
  g_free (attempt->url);
  g_free (attempt->ca);
  g_free (attempt->name);
  g_free (attempt->password);
  g_free (attempt);
}

static void
sign_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Attempt *attempt = data;
  GError *error = NULL;

  if (sarap_supervisor_sign_in (attempt->store, attempt->url, attempt->ca, attempt->name, attempt->password, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
say (SarapSignInScreen *self, const char *words)
{
  gtk_label_set_label (self->words, words);
  gtk_widget_set_visible (GTK_WIDGET (self->words), *words != '\0');
}

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SarapSignInScreen *self = SARAP_SIGN_IN_SCREEN (source);
  g_autoptr (GError) error = NULL;
  gboolean ok = g_task_propagate_boolean (G_TASK (result), &error);

  if (self->context == NULL)
    return;
  gtk_widget_set_sensitive (self->button, TRUE);
  if (!ok)
    {
      g_autofree char *words = sarap_words_connecting (error);

      say (self, words);
      return;
    }
  gtk_editable_set_text (self->password, "");
  sarap_syncer_reload_enrolment (sarap_context_get_syncer (self->context));
  sarap_syncer_start (sarap_context_get_syncer (self->context), TRUE);
  g_signal_emit (self, signed_in_signal, 0);
}

static void
sign_in_cb (SarapSignInScreen *self)
{
  Attempt *attempt = g_new0 (Attempt, 1);
  g_autoptr (GTask) task = g_task_new (self, NULL, signed_in_cb, NULL);

  attempt->store = g_object_ref (sarap_context_get_store (self->context));
  attempt->url = g_strstrip (g_strdup (gtk_editable_get_text (self->address)));
  attempt->ca = g_strdup (self->ca);
  attempt->name = g_strdup (gtk_editable_get_text (self->name));
  attempt->password = g_strdup (gtk_editable_get_text (self->password));
  say (self, _ ("Asking the server…"));
  gtk_widget_set_sensitive (self->button, FALSE);
  g_task_set_task_data (task, attempt, attempt_free);
  g_task_run_in_thread (task, sign_in_thread);
}

static void
authority_chosen_cb (const char *path, gpointer data)
{
  SarapSignInScreen *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = sarap_file_read (path, MAX_CERTIFICATE, &error);

  if (bytes == NULL)
    {
      say (self, error->message);
      return;
    }
  g_free (self->ca);
  self->ca = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  gtk_button_set_label (GTK_BUTTON (self->authority), path);
}

static void
authority_cb (SarapSignInScreen *self)
{
  static const char *const patterns[] = { "*.pem", "*.crt", NULL };

  sarap_window_choose_file (sarap_window_of (GTK_WIDGET (self)), _ ("Certificate of the server's authority"), patterns, authority_chosen_cb, self);
}

static GtkEditable *
add_entry (GtkBox *page, GType type, const char *label)
{
  GtkWidget *title = g_object_new (GTK_TYPE_LABEL, "label", label, "xalign", 0.0, NULL);
  GtkWidget *entry = g_object_new (type, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_box_append (page, title);
  gtk_box_append (page, entry);
  return GTK_EDITABLE (entry);
}

static void
sarap_sign_in_screen_dispose (GObject *object)
{
  SarapSignInScreen *self = SARAP_SIGN_IN_SCREEN (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_pointer (&self->ca, g_free);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_sign_in_screen_parent_class)->dispose (object);
}

static void
sarap_sign_in_screen_class_init (SarapSignInScreenClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_sign_in_screen_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  signed_in_signal = g_signal_new ("signed-in", SARAP_TYPE_SIGN_IN_SCREEN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sarap_sign_in_screen_init (SarapSignInScreen *self)
{
}

GtkWidget *
sarap_sign_in_screen_new (SarapContext *context)
{
  SarapSignInScreen *self = g_object_new (SARAP_TYPE_SIGN_IN_SCREEN, NULL);
  GtkBox *page = sarap_rows_new_page (GTK_WIDGET (self), NULL);
  GtkWidget *heading = g_object_new (GTK_TYPE_LABEL, "label", _ ("Sign in at the server"), "xalign", 0.0, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, NULL);

  self->context = g_object_ref (context);
  gtk_widget_add_css_class (heading, "heading");
  gtk_box_append (page, heading);
  self->address = add_entry (page, GTK_TYPE_ENTRY, _ ("Address of the server, https://…"));
  self->name = add_entry (page, GTK_TYPE_ENTRY, _ ("Name (e-mail)"));
  self->password = add_entry (page, GTK_TYPE_PASSWORD_ENTRY, _ ("Password"));
  self->authority = gtk_button_new_with_label (_ ("The server has a certificate of its own…"));
  g_signal_connect_object (self->authority, "clicked", G_CALLBACK (authority_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (page, self->authority);
  self->words = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "xalign", 0.0, "visible", FALSE, NULL);
  gtk_box_append (page, GTK_WIDGET (self->words));
  self->button = gtk_button_new_with_label (_ ("Sign in"));
  gtk_widget_add_css_class (self->button, "suggested-action");
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (sign_in_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (page, self->button);
  return GTK_WIDGET (self);
}
