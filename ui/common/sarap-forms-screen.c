#include "ui/common/sarap-forms-screen.h"

#include <glib/gi18n.h>

#include "app/form/sarap-form.h"
#include "app/store/sarap-store-forms.h"
#include "ui/common/sarap-empty-state.h"
#include "ui/common/sarap-rows.h"
#include "ui/common/sarap-words.h"

struct _SarapFormsScreen
{
  GtkWidget parent_instance;

  SarapContext *context;
  GtkBox *page;
  GtkBox *forms;    /* made anew when the store changes */
  GtkBox *problems; /* of the file that was added last */
  GtkSpinner *spinner;
  GtkWidget *add;
};

G_DEFINE_FINAL_TYPE (SarapFormsScreen, sarap_forms_screen, GTK_TYPE_WIDGET)

static const struct
{
  SarapRole role;
  const char *label;
} offers[] = { { SARAP_ROLE_VOLUNTEER, N_ ("Volunteers") }, { SARAP_ROLE_STAFF, N_ ("Survey staff") }, { SARAP_ROLE_KIOSK, N_ ("Kiosk") } };

static void
clear (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

static void
offered_cb (GtkCheckButton *toggled, SarapFormsScreen *self)
{
  GtkWidget *box = gtk_widget_get_parent (GTK_WIDGET (toggled));
  const char *form_id = g_object_get_data (G_OBJECT (box), "form-id");
  SarapRole roles[G_N_ELEMENTS (offers)];
  gsize n = 0;
  guint i = 0;
  g_autoptr (GError) error = NULL;

  for (GtkWidget *check = gtk_widget_get_first_child (box); check != NULL; check = gtk_widget_get_next_sibling (check), i++)
    if (gtk_check_button_get_active (GTK_CHECK_BUTTON (check)))
      roles[n++] = offers[i].role;
  if (!sarap_context_set_form_roles (self->context, form_id, roles, n, &error))
    g_warning ("who is offered %s was not kept: %s", form_id, error->message);
}

static GtkWidget *
new_offer_checks (SarapFormsScreen *self, const SarapFormEntry *form)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  g_object_set_data_full (G_OBJECT (box), "form-id", g_strdup (form->id), g_free);
  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    {
      GtkWidget *check = gtk_check_button_new_with_label (_ (offers[i].label));

      gtk_check_button_set_active (GTK_CHECK_BUTTON (check), sarap_context_offers_form (self->context, form->id, offers[i].role));
      g_signal_connect_object (check, "toggled", G_CALLBACK (offered_cb), self, G_CONNECT_DEFAULT);
      gtk_box_append (GTK_BOX (box), check);
    }
  return box;
}

static void
add_form (SarapFormsScreen *self, GtkWidget *rows, const SarapFormEntry *form)
{
  g_autofree char *title = sarap_form_dup_title_part (form->title, sarap_context_get_language (self->context));
  const char *origin = g_str_equal (form->origin, "file") ? _ ("added from a file") : form->origin;
  g_autofree char *subtitle = g_strdup_printf ("%s · %s · %s", form->id, form->version, origin);
  GtkWidget *row = sarap_rows_add (rows, title, subtitle, NULL);
  GtkWidget *box = gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (box), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (box), 4);
  if (form->is_hidden)
    sarap_rows_set_subtitle (row, _ ("The server no longer offers it: drafts go on, no new ones begin"));
  else
    gtk_box_append (GTK_BOX (box), new_offer_checks (self, form));
}

static void
update (SarapFormsScreen *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) forms = sarap_store_list_forms (sarap_context_get_store (self->context), TRUE, &error);
  GtkWidget *rows;

  clear (self->forms);
  if (forms == NULL || forms->len == 0)
    {
      gtk_box_append (self->forms, sarap_empty_state_new ("folder-documents-symbolic", _ ("No questionnaires yet"), error != NULL ? error->message : _ ("Add one from a file, or connect to a server."), NULL));
      return;
    }
  rows = sarap_rows_new (_ ("On this device, and who is offered them"), self->forms);
  for (guint i = 0; i < forms->len; i++)
    add_form (self, rows, g_ptr_array_index (forms, i));
}

static void
changed_cb (SarapFormsScreen *self, SarapStoreTopic topic)
{
  if (topic == SARAP_STORE_TOPIC_FORMS)
    update (self);
}

typedef struct
{
  SarapStore *store;
  char *path;
  SarapProblems *problems;
} Adding;

static void
adding_free (Adding *adding)
{
  g_object_unref (adding->store);
  g_free (adding->path);
  sarap_problems_unref (adding->problems);
  g_free (adding);
}

static void
add_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Adding *adding = data;
  GError *error = NULL;

  if (sarap_store_add_form_file (adding->store, adding->path, NULL, adding->problems, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static char *
dup_place (const SarapProblem *problem)
{
  g_autoptr (GString) place = g_string_new (problem->severity == SARAP_PROBLEM_ERROR ? _ ("Error") : _ ("Warning"));

  if (problem->file != NULL)
    g_string_append_printf (place, " · %s", problem->file);
  if (problem->sheet != NULL)
    g_string_append_printf (place, _ (" · sheet %s"), problem->sheet);
  if (problem->row > 0)
    g_string_append_printf (place, _ (" · row %u"), problem->row);
  if (problem->column != NULL)
    g_string_append_printf (place, _ (" · column %s"), problem->column);
  return g_string_free (g_steal_pointer (&place), FALSE);
}

static void
show_problems (SarapFormsScreen *self, SarapProblems *problems, const GError *error)
{
  guint n = sarap_problems_get_length (problems);
  GtkWidget *rows;

  clear (self->problems);
  if (n == 0 && error == NULL)
    return;
  rows = sarap_rows_new (error != NULL ? _ ("The file was not added") : _ ("Added, with warnings"), self->problems);
  for (guint i = 0; i < n; i++)
    {
      const SarapProblem *problem = sarap_problems_peek (problems, i);
      g_autofree char *place = dup_place (problem);

      sarap_rows_add (rows, problem->message, place, NULL);
    }
  if (n == 0)
    sarap_rows_add (rows, error->message, NULL, NULL);
}

static void
added_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SarapFormsScreen *self = SARAP_FORMS_SCREEN (source);
  Adding *adding = g_task_get_task_data (G_TASK (result));
  SarapWindow *window = sarap_window_of (GTK_WIDGET (self));
  g_autoptr (GError) error = NULL;
  gboolean is_added = g_task_propagate_boolean (G_TASK (result), &error);

  if (window == NULL)
    return;
  gtk_spinner_stop (self->spinner);
  gtk_widget_set_sensitive (self->add, TRUE);
  show_problems (self, adding->problems, error);
  if (is_added)
    sarap_window_toast (window, _ ("The questionnaire was added"), NULL, NULL, NULL);
}

static void
file_cb (const char *path, gpointer data)
{
  SarapFormsScreen *self = data;
  g_autoptr (GTask) task = g_task_new (self, NULL, added_cb, NULL);
  g_autofree char *name = g_path_get_basename (path);
  Adding *adding = g_new (Adding, 1);

  *adding = (Adding){ g_object_ref (sarap_context_get_store (self->context)), g_strdup (path), sarap_problems_new (name) };
  g_task_set_task_data (task, adding, (GDestroyNotify) adding_free);
  gtk_spinner_start (self->spinner);
  gtk_widget_set_sensitive (self->add, FALSE);
  g_task_run_in_thread (task, add_thread);
}

static void
add_cb (SarapFormsScreen *self)
{
  const char *const patterns[] = { "*.xlsx", "*.xml", NULL };

  sarap_window_choose_file (sarap_window_of (GTK_WIDGET (self)), _ ("XLSForm (.xlsx) or XForm (.xml)"), patterns, file_cb, self);
}

static void
sarap_forms_screen_dispose (GObject *object)
{
  SarapFormsScreen *self = SARAP_FORMS_SCREEN (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_forms_screen_parent_class)->dispose (object);
}

static void
sarap_forms_screen_class_init (SarapFormsScreenClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_forms_screen_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static GtkBox *
append_box (GtkBox *page)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_box_append (page, box);
  return GTK_BOX (box);
}

static void
sarap_forms_screen_init (SarapFormsScreen *self)
{
  GtkWidget *bottom = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->page = sarap_rows_new_page (GTK_WIDGET (self), NULL);
  self->problems = append_box (self->page);
  self->forms = append_box (self->page);
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  self->add = gtk_button_new_with_label (_ ("Add from a file"));
  gtk_widget_add_css_class (self->add, "suggested-action");
  gtk_widget_set_halign (bottom, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (bottom), GTK_WIDGET (self->spinner));
  gtk_box_append (GTK_BOX (bottom), self->add);
  gtk_box_append (self->page, bottom);
  g_signal_connect_swapped (self->add, "clicked", G_CALLBACK (add_cb), self);
}

GtkWidget *
sarap_forms_screen_new (SarapContext *context)
{
  SarapFormsScreen *self = g_object_new (SARAP_TYPE_FORMS_SCREEN, NULL);

  self->context = g_object_ref (context);
  g_signal_connect_object (sarap_context_get_store (context), "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
