#include "ui/common/sarap-handover-screen.h"

#include <glib/gi18n.h>

#include "app/store/sarap-store-records.h"
#include "ui/common/sarap-rows.h"

typedef gboolean (*HandoverFunc) (SarapStore *store, const char *folder, guint *n, GError **error);

struct _SarapHandoverScreen
{
  GtkWidget parent_instance;

  SarapContext *context;
  GtkWidget *export;
  GtkWidget *receipts;
  GtkLabel *result;
  GtkSpinner *spinner;
};

G_DEFINE_FINAL_TYPE (SarapHandoverScreen, sarap_handover_screen, GTK_TYPE_WIDGET)

typedef struct
{
  SarapStore *store;
  char *folder;
  HandoverFunc work;
  guint n;
} Job;

static void
job_free (Job *job)
{
  g_object_unref (job->store);
  g_free (job->folder);
  g_free (job);
}

static void
job_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;

  if (job->work (job->store, job->folder, &job->n, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
show_result (SarapHandoverScreen *self, const char *words, const char *style)
{
  const char *const classes[] = { "notice", style, NULL };

  gtk_label_set_label (self->result, words);
  gtk_widget_set_css_classes (GTK_WIDGET (self->result), (const char **) classes);
  gtk_widget_set_visible (GTK_WIDGET (self->result), TRUE);
}

static char *
dup_done_words (const Job *job)
{
  if (job->work == sarap_handover_export)
    return g_strdup_printf (ngettext ("%u record is on the stick. Remove it safely and bring it to the server.", "%u records are on the stick. Remove it safely and bring it to the server.", job->n), job->n);
  return g_strdup_printf (ngettext ("%u receipt was taken in.", "%u receipts were taken in.", job->n), job->n);
}

static void
job_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SarapHandoverScreen *self = SARAP_HANDOVER_SCREEN (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  gtk_spinner_stop (self->spinner);
  gtk_widget_set_sensitive (self->export, TRUE);
  gtk_widget_set_sensitive (self->receipts, TRUE);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    words = dup_done_words (g_task_get_task_data (G_TASK (result)));
  show_result (self, error != NULL ? error->message : words, error != NULL ? "bad" : "good");
}

static void
run (SarapHandoverScreen *self, const char *folder, HandoverFunc work)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, job_cb, NULL);
  Job *job = g_new0 (Job, 1);

  *job = (Job){ g_object_ref (sarap_context_get_store (self->context)), g_strdup (folder), work };
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  gtk_spinner_start (self->spinner);
  gtk_widget_set_sensitive (self->export, FALSE);
  gtk_widget_set_sensitive (self->receipts, FALSE);
  g_task_run_in_thread (task, job_thread);
}

static void
export_folder_cb (const char *folder, gpointer data)
{
  run (data, folder, sarap_handover_export);
}

static void
receipts_folder_cb (const char *folder, gpointer data)
{
  run (data, folder, sarap_handover_take_receipts);
}

static void
export_cb (SarapHandoverScreen *self)
{
  sarap_window_choose_folder (sarap_window_of (GTK_WIDGET (self)), _ ("Where to write the finished records"), export_folder_cb, self);
}

static void
receipts_cb (SarapHandoverScreen *self)
{
  sarap_window_choose_folder (sarap_window_of (GTK_WIDGET (self)), _ ("Where the receipts are"), receipts_folder_cb, self);
}

static void
sarap_handover_screen_dispose (GObject *object)
{
  SarapHandoverScreen *self = SARAP_HANDOVER_SCREEN (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_handover_screen_parent_class)->dispose (object);
}

static void
sarap_handover_screen_class_init (SarapHandoverScreenClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_handover_screen_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static GtkWidget *
new_button (SarapHandoverScreen *self, const char *label, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  return button;
}

static void
sarap_handover_screen_init (SarapHandoverScreen *self)
{
  GtkBox *page = sarap_rows_new_page (GTK_WIDGET (self), NULL);
  GtkWidget *rows = sarap_rows_new (_ ("Carry records to the server by hand"), page);

  self->export = new_button (self, _ ("Export"), G_CALLBACK (export_cb));
  gtk_widget_add_css_class (self->export, "suggested-action");
  sarap_rows_add (rows, _ ("1. Finished records to the stick"), _ ("They stay on this device until the receipt is back."), self->export);
  self->receipts = new_button (self, _ ("Take in"), G_CALLBACK (receipts_cb));
  sarap_rows_add (rows, _ ("2. Receipts from the stick"), _ ("The server writes them when it has taken the records in."), self->receipts);
  self->result = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, "visible", FALSE, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, NULL);
  gtk_box_append (page, GTK_WIDGET (self->result));
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  gtk_box_append (page, GTK_WIDGET (self->spinner));
}

GtkWidget *
sarap_handover_screen_new (SarapContext *context)
{
  SarapHandoverScreen *self = g_object_new (SARAP_TYPE_HANDOVER_SCREEN, NULL);

  self->context = g_object_ref (context);
  return GTK_WIDGET (self);
}
