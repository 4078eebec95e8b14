#include "ui/common/sarap-enrol-screen.h"

#include <glib/gi18n.h>

#include "app/base/sarap-file.h"
#include "app/form/sarap-form.h"
#include "sync/client/sarap-enrolment.h"
#include "ui/common/sarap-clamp.h"
#include "ui/common/sarap-words.h"

#define MAX_FILE (256 * 1024)

struct _SarapEnrolScreen
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkLabel *now;
  GtkWidget *from_picture;
  GtkWidget *from_file;
  GtkEditable *address;
  GtkEditable *name;
  GtkEditable *password;
  GtkLabel *words;
  GtkSpinner *spinner;
  GtkWidget *check;
  GtkWidget *save;

  SarapContext *context;
  SarapEnrolment *enrolment; /* what is being checked, or was found good */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (SarapEnrolScreen, sarap_enrol_screen, GTK_TYPE_WIDGET)

static guint enrolled_signal;

static void
say (SarapEnrolScreen *self, const char *words, const char *style)
{
  const char *const classes[] = { "notice", style, NULL };

  gtk_label_set_label (self->words, words);
  gtk_widget_set_css_classes (GTK_WIDGET (self->words), (const char **) classes);
  gtk_widget_set_visible (GTK_WIDGET (self->words), *words != '\0');
}

static void
say_failure (SarapEnrolScreen *self, const GError *error)
{
  g_autofree char *words = sarap_words_connecting (error);

  say (self, words, "bad");
}

/* The path holds the key of the device: not for everyone who looks at the screen. */
static char *
dup_host (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);

  return g_strdup (uri != NULL && g_uri_get_host (uri) != NULL ? g_uri_get_host (uri) : "");
}

static void
show_now (SarapEnrolScreen *self)
{
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_load (sarap_context_get_store (self->context));
  g_autofree char *words = NULL;

  if (enrolment == NULL)
    words = g_strdup (_ ("This device is not connected to a server. It works all the same: everything is kept here."));
  else
    {
      g_autofree char *host = dup_host (enrolment->url);

      words = g_strdup_printf (_ ("Connected to “%s” at %s."), enrolment->name != NULL ? enrolment->name : "", host);
    }
  gtk_label_set_label (self->now, words);
}

static void
set_busy (SarapEnrolScreen *self, gboolean is_busy)
{
  gtk_spinner_set_spinning (self->spinner, is_busy);
  gtk_widget_set_sensitive (self->check, !is_busy && *gtk_editable_get_text (self->address) != '\0');
  gtk_widget_set_sensitive (self->from_picture, !is_busy);
  gtk_widget_set_sensitive (self->from_file, !is_busy);
}

typedef struct
{
  SarapEnrolment *enrolment;
  SarapStore *store;
} Attempt;

static void
attempt_free (Attempt *attempt)
{
  sarap_enrolment_free (attempt->enrolment);
  g_object_unref (attempt->store);
  g_free (attempt);
}

static void
check_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Attempt *attempt = data;
  char **titles = NULL;
  GError *error = NULL;

  if (sarap_enrolment_check (attempt->enrolment, &titles, cancellable, &error))
    g_task_return_pointer (task, titles, (GDestroyNotify) g_strfreev);
  else
    g_task_return_error (task, error);
}

/* A supervisor is checked by signing in, which keeps the session too. */
static void
sign_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Attempt *attempt = data;
  const SarapEnrolment *enrolment = attempt->enrolment;
  GError *error = NULL;

  if (sarap_supervisor_sign_in (attempt->store, enrolment->url, enrolment->ca, enrolment->username, enrolment->password, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
add_line (GString *text, const char *label, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append_printf (text, "%s: %s", label, value);
}

/* What the enrolment leads to, for a person to agree to. */
static char *
dup_found (SarapEnrolScreen *self, char **titles)
{
  g_autoptr (GString) text = g_string_new (NULL), names = g_string_new (NULL);
  g_autofree char *host = dup_host (self->enrolment->url);

  for (char **title = titles; *title != NULL; title++)
    {
      g_autofree char *part = sarap_form_dup_title_part (*title, sarap_context_get_language (self->context));

      g_string_append_printf (names, "%s%s", names->len > 0 ? " · " : "", part);
    }
  add_line (text, _ ("Project"), self->enrolment->name);
  add_line (text, _ ("Issued to"), self->enrolment->username);
  add_line (text, _ ("Server"), host);
  add_line (text, _ ("Questionnaires"), names->str);
  return g_strdup (text->str);
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SarapEnrolScreen *self = SARAP_ENROL_SCREEN (source);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) titles = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  set_busy (self, FALSE);
  gtk_widget_set_visible (self->check, error != NULL);
  gtk_widget_set_visible (self->save, error == NULL);
  if (error != NULL)
    say_failure (self, error);
  else
    {
      g_autofree char *words = dup_found (self, titles);

      say (self, words, "good");
      gtk_widget_grab_focus (self->save);
    }
}

static void
finish (SarapEnrolScreen *self)
{
  SarapWindow *window = sarap_window_of (GTK_WIDGET (self));
  SarapSyncer *syncer = sarap_context_get_syncer (self->context);
  g_autoptr (SarapEnrolScreen) until_the_end = g_object_ref (self);

  sarap_syncer_reload_enrolment (syncer);
  sarap_syncer_start (syncer, TRUE);
  sarap_window_pop_screen (window, GTK_WIDGET (self));
  sarap_window_toast (window, _ ("Connected. The questionnaires are on their way."), NULL, NULL, NULL);
  g_signal_emit (self, enrolled_signal, 0);
}

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SarapEnrolScreen *self = SARAP_ENROL_SCREEN (source);
  g_autoptr (GError) error = NULL;
  gboolean is_signed_in = g_task_propagate_boolean (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  set_busy (self, FALSE);
  if (is_signed_in)
    finish (self);
  else
    say_failure (self, error);
}

/* The text goes into the entry, so that "Check" takes it up again with the password. */
static void
ask_for_password (SarapEnrolScreen *self, const char *text)
{
  gtk_editable_set_text (self->address, text);
  say (self, _ ("This is a supervisor's connection: give your name and password, then check."), "warn");
  gtk_widget_grab_focus (GTK_WIDGET (self->name));
}

static void
run (SarapEnrolScreen *self, GTaskThreadFunc thread, GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = NULL;
  Attempt *attempt = g_new (Attempt, 1);

  *attempt = (Attempt){ sarap_enrolment_copy (self->enrolment), g_object_ref (sarap_context_get_store (self->context)) };
  set_busy (self, TRUE);
  say (self, _ ("Asking the server…"), "plain");
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, callback, NULL);
  g_task_set_task_data (task, attempt, (GDestroyNotify) attempt_free);
  g_task_run_in_thread (task, thread);
}

static void
take_entry (GtkEditable *entry, char **value)
{
  const char *text = gtk_editable_get_text (entry);

  if (*text == '\0')
    return;
  g_free (*value);
  *value = g_strdup (text);
}

/* @text: QR code, file or typed address, hostile until parsed. */
static void
check_text (SarapEnrolScreen *self, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->enrolment, sarap_enrolment_free);
  gtk_widget_set_visible (self->save, FALSE);
  gtk_widget_set_visible (self->check, TRUE);
  self->enrolment = sarap_enrolment_parse (text, &error);
  if (self->enrolment == NULL)
    {
      say_failure (self, error);
      return;
    }
  take_entry (self->name, &self->enrolment->username);
  take_entry (self->password, &self->enrolment->password);
  if (!self->enrolment->is_supervisor)
    run (self, check_thread, checked_cb);
  else if (self->enrolment->username != NULL && self->enrolment->password != NULL)
    run (self, sign_in_thread, signed_in_cb);
  else
    ask_for_password (self, text);
}

static void
picture_cb (const char *path, gpointer data)
{
  SarapEnrolScreen *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = sarap_enrolment_read_qr (path, &error);

  if (text == NULL)
    say_failure (self, error);
  else
    check_text (self, text);
}

static void
from_picture_cb (SarapEnrolScreen *self)
{
  const char *const patterns[] = { "*.png", "*.jpg", "*.jpeg", NULL };

  sarap_window_choose_file (sarap_window_of (GTK_WIDGET (self)), _ ("Picture of the QR code"), patterns, picture_cb, self);
}

static void
file_cb (const char *path, gpointer data)
{
  SarapEnrolScreen *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = sarap_file_read (path, MAX_FILE, &error);
  g_autofree char *text = NULL;

  if (bytes == NULL)
    {
      say_failure (self, error);
      return;
    }
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  check_text (self, text);
}

static void
from_file_cb (SarapEnrolScreen *self)
{
  const char *const patterns[] = { "*.sarap", "*.json", "*.txt", NULL };

  sarap_window_choose_file (sarap_window_of (GTK_WIDGET (self)), _ ("File for the connection"), patterns, file_cb, self);
}

static void
check_cb (SarapEnrolScreen *self)
{
  const char *address = gtk_editable_get_text (self->address);

  if (*address != '\0')
    check_text (self, address);
}

static void
edited_cb (SarapEnrolScreen *self)
{
  g_clear_pointer (&self->enrolment, sarap_enrolment_free);
  gtk_widget_set_visible (self->save, FALSE);
  gtk_widget_set_visible (self->check, TRUE);
  gtk_widget_set_sensitive (self->check, *gtk_editable_get_text (self->address) != '\0');
}

static void
save_cb (SarapEnrolScreen *self)
{
  g_autoptr (GError) error = NULL;

  if (sarap_enrolment_save (self->enrolment, sarap_context_get_store (self->context), &error))
    finish (self);
  else
    say_failure (self, error);
}

static void
sarap_enrol_screen_dispose (GObject *object)
{
  SarapEnrolScreen *self = SARAP_ENROL_SCREEN (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->enrolment, sarap_enrolment_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), SARAP_TYPE_ENROL_SCREEN);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_enrol_screen_parent_class)->dispose (object);
}

static void
sarap_enrol_screen_class_init (SarapEnrolScreenClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_enrol_screen_dispose;
  g_type_ensure (SARAP_TYPE_CLAMP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/sarap/Sarap/ui/common/sarap-enrol-screen.ui");
  gtk_widget_class_bind_template_child (widget_class, SarapEnrolScreen, scroller);
  gtk_widget_class_bind_template_child (widget_class, SarapEnrolScreen, now);
  gtk_widget_class_bind_template_child (widget_class, SarapEnrolScreen, from_picture);
  gtk_widget_class_bind_template_child (widget_class, SarapEnrolScreen, from_file);
  gtk_widget_class_bind_template_child (widget_class, SarapEnrolScreen, address);
  gtk_widget_class_bind_template_child (widget_class, SarapEnrolScreen, name);
  gtk_widget_class_bind_template_child (widget_class, SarapEnrolScreen, password);
  gtk_widget_class_bind_template_child (widget_class, SarapEnrolScreen, words);
  gtk_widget_class_bind_template_child (widget_class, SarapEnrolScreen, spinner);
  gtk_widget_class_bind_template_child (widget_class, SarapEnrolScreen, check);
  gtk_widget_class_bind_template_child (widget_class, SarapEnrolScreen, save);
  enrolled_signal = g_signal_new ("enrolled", SARAP_TYPE_ENROL_SCREEN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sarap_enrol_screen_init (SarapEnrolScreen *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->from_picture, "clicked", G_CALLBACK (from_picture_cb), self);
  g_signal_connect_swapped (self->from_file, "clicked", G_CALLBACK (from_file_cb), self);
  g_signal_connect_swapped (self->address, "changed", G_CALLBACK (edited_cb), self);
  g_signal_connect_swapped (self->address, "activate", G_CALLBACK (check_cb), self);
  g_signal_connect_swapped (self->name, "changed", G_CALLBACK (edited_cb), self);
  g_signal_connect_swapped (self->password, "changed", G_CALLBACK (edited_cb), self);
  g_signal_connect_swapped (self->check, "clicked", G_CALLBACK (check_cb), self);
  g_signal_connect_swapped (self->save, "clicked", G_CALLBACK (save_cb), self);
}

GtkWidget *
sarap_enrol_screen_new (SarapContext *context)
{
  SarapEnrolScreen *self = g_object_new (SARAP_TYPE_ENROL_SCREEN, NULL);

  self->context = g_object_ref (context);
  show_now (self);
  return GTK_WIDGET (self);
}
