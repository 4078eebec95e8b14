#include "ui/supervisor/sarap-figures-view.h"

#include <glib/gi18n.h>

#include "app/base/sarap-language.h"
#include "app/form/sarap-form.h"
#include "app/report/sarap-figures.h"
#include "app/report/sarap-report.h"
#include "app/store/sarap-store-forms.h"
#include "ui/common/sarap-chart.h"
#include "ui/common/sarap-empty-state.h"
#include "ui/common/sarap-words.h"
#include "ui/sarap-window.h"
#include "ui/supervisor/sarap-picker.h"

struct _SarapFiguresView
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkDropDown *forms;
  GtkWidget *save;
  GtkStack *stack;
  GtkBox *page;

  SarapContext *context;
  GPtrArray *ids; /* of the forms in the drop-down */
  GPtrArray *figures;
  GCancellable *cancellable;
  const char *report_language; /* code of the report that is being saved */
};

G_DEFINE_FINAL_TYPE (SarapFiguresView, sarap_figures_view, GTK_TYPE_WIDGET)

typedef struct
{
  SarapStore *store;
  GStrv forms;
  char *language;
  char *folder; /* of a report; NULL: figures of the first form */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->store);
  g_strfreev (job->forms);
  g_free (job->language);
  g_free (job->folder);
  g_free (job);
}

static void
work (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  gpointer result;

  if (job->folder == NULL)
    result = sarap_figures_new (SARAP_RECORD_SOURCE (job->store), job->forms[0], job->language, &error);
  else
    result = sarap_report_write (SARAP_RECORD_SOURCE (job->store), (const char *const *) job->forms, _ ("Audit and survey report"), job->language, job->folder, &error);
  if (result != NULL)
    g_task_return_pointer (task, result, job->folder ? g_free : (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static const char *
chosen_form (SarapFiguresView *self)
{
  guint selected = gtk_drop_down_get_selected (self->forms);

  return selected < self->ids->len ? g_ptr_array_index (self->ids, selected) : NULL;
}

static void
start (SarapFiguresView *self, const char *language, const char *folder, GAsyncReadyCallback done, gpointer data)
{
  const char *const forms[] = { chosen_form (self), NULL };
  Job *job = g_new0 (Job, 1);
  GTask *task;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  job->store = g_object_ref (sarap_context_get_store (self->context));
  job->forms = g_strdupv ((char **) forms);
  job->language = g_strdup (language);
  job->folder = g_strdup (folder);
  task = g_task_new (self, self->cancellable, done, data);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, work);
  g_object_unref (task);
}

static void
add_text (GtkBox *card, const char *text, const char *first, const char *second)
{
  GtkWidget *label;

  if (text == NULL || *text == '\0')
    return;
  label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0, "wrap", TRUE, NULL);
  gtk_widget_add_css_class (label, first);
  if (second != NULL)
    gtk_widget_add_css_class (label, second);
  gtk_box_append (card, label);
}

static void
add_figure (SarapFiguresView *self, const SarapFigure *figure)
{
  GtkBox *card = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));

  gtk_widget_add_css_class (GTK_WIDGET (card), "card");
  gtk_widget_add_css_class (GTK_WIDGET (card), "padded");
  add_text (card, figure->title, "heading", NULL);
  add_text (card, figure->question, "quiet", NULL);
  if (figure->chart != SARAP_CHART_NONE)
    gtk_box_append (card, sarap_chart_new (figure));
  gtk_box_append (card, sarap_chart_new_table (figure));
  add_text (card, figure->base, "quiet", "small");
  add_text (card, figure->weighting, "quiet", "small");
  for (guint i = 0; i < figure->notes->len; i++)
    add_text (card, g_ptr_array_index (figure->notes, i), "quiet", "small");
  gtk_box_append (self->page, GTK_WIDGET (card));
}

static void
clear_page (SarapFiguresView *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->page))) != NULL)
    gtk_box_remove (self->page, child);
  g_clear_pointer (&self->figures, g_ptr_array_unref);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SarapFiguresView *self = SARAP_FIGURES_VIEW (source);
  g_autoptr (GError) error = NULL;
  GPtrArray *figures = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->box == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  clear_page (self);
  self->figures = figures;
  for (guint i = 0; figures != NULL && i < figures->len; i++)
    add_figure (self, g_ptr_array_index (figures, i));
  if (figures == NULL)
    gtk_box_append (self->page, sarap_empty_state_new ("dialog-warning-symbolic", _ ("The indicators cannot be counted"), error->message, NULL));
  gtk_stack_set_visible_child_name (self->stack, "figures");
  gtk_widget_set_sensitive (self->save, figures != NULL);
}

static void
count (SarapFiguresView *self)
{
  if (chosen_form (self) == NULL)
    {
      gtk_stack_set_visible_child_name (self->stack, "empty");
      return;
    }
  gtk_stack_set_visible_child_name (self->stack, "counting");
  gtk_widget_set_sensitive (self->save, FALSE);
  start (self, sarap_context_get_language (self->context), NULL, counted_cb, NULL);
}

/* The words of a report come from gettext, whose language is that of the whole program: it is
 * another one only while the window can neither be used nor opens anything new. */
static void
begin_writing (SarapFiguresView *self)
{
  gtk_stack_set_visible_child_name (self->stack, "counting");
  gtk_widget_set_sensitive (GTK_WIDGET (sarap_window_of (GTK_WIDGET (self))), FALSE);
  sarap_language_set (self->report_language);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SarapFiguresView *self = SARAP_FIGURES_VIEW (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_task_propagate_pointer (G_TASK (result), &error);
  SarapWindow *window = sarap_window_of (GTK_WIDGET (self));
  g_autofree char *message = NULL;

  sarap_language_set (data);
  g_free (data);
  if (window == NULL)
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (window), TRUE);
  gtk_stack_set_visible_child_name (self->stack, "figures");
  message = path ? g_strdup_printf (_ ("Report saved: %s"), path) : NULL;
  sarap_window_toast (window, message ? message : error->message, NULL, NULL, NULL);
}

static void
folder_cb (const char *path, gpointer data)
{
  SarapFiguresView *self = data;
  g_autofree char *name = g_strdup_printf ("sarap-%s-%s", chosen_form (self), self->report_language);
  g_autofree char *folder = g_build_filename (path, name, NULL);

  begin_writing (self);
  start (self, self->report_language, folder, saved_cb, g_strdup (sarap_context_get_language (self->context)));
}

static void
language_cb (int button, gpointer data)
{
  static const char *const codes[] = { "en", "ru", "kk" };
  SarapFiguresView *self = data;

  if (button < 0 || self->box == NULL)
    return;
  self->report_language = codes[button];
  sarap_window_choose_folder (sarap_window_of (GTK_WIDGET (self)), _ ("Where should the report go?"), folder_cb, self);
}

static void
save_cb (SarapFiguresView *self)
{
  const char *const languages[] = { "English", "Русский", "Қазақша", NULL };

  sarap_window_ask (sarap_window_of (GTK_WIDGET (self)), _ ("Language of the report"), _ ("A PDF with pictures (PNG) and tables (CSV) beside it."), languages, -1, language_cb, self);
}

static void
fill_forms (SarapFiguresView *self)
{
  g_autoptr (GPtrArray) forms = sarap_store_list_forms (sarap_context_get_store (self->context), TRUE, NULL);
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

  for (guint i = 0; forms != NULL && i < forms->len; i++)
    {
      const SarapFormEntry *entry = g_ptr_array_index (forms, i);
      g_autofree char *title = sarap_form_dup_title_part (entry->title, sarap_context_get_language (self->context));

      g_ptr_array_add (self->ids, g_strdup (entry->id));
      gtk_string_list_append (labels, title);
    }
  gtk_drop_down_set_model (self->forms, G_LIST_MODEL (labels));
}

static GtkWidget *
new_counting (void)
{
  GtkWidget *spinner = g_object_new (GTK_TYPE_SPINNER, "spinning", TRUE, "halign", GTK_ALIGN_CENTER, "valign", GTK_ALIGN_CENTER, "width-request", 48, "height-request", 48, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Counting"), -1);
  return spinner;
}

static void
sarap_figures_view_dispose (GObject *object)
{
  SarapFiguresView *self = SARAP_FIGURES_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->figures, g_ptr_array_unref);
  g_clear_pointer (&self->ids, g_ptr_array_unref);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_figures_view_parent_class)->dispose (object);
}

static void
sarap_figures_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (sarap_figures_view_parent_class)->map (widget);
  count (SARAP_FIGURES_VIEW (widget));
}

static void
sarap_figures_view_class_init (SarapFiguresViewClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_figures_view_dispose;
  GTK_WIDGET_CLASS (class)->map = sarap_figures_view_map;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
sarap_figures_view_init (SarapFiguresView *self)
{
  self->ids = g_ptr_array_new_with_free_func (g_free);
}

/* Counts anew each time it comes to sight. */
GtkWidget *
sarap_figures_view_new (SarapContext *context)
{
  SarapFiguresView *self = g_object_new (SARAP_TYPE_FIGURES_VIEW, NULL);
  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *scroller = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER, "vexpand", TRUE, "focusable", FALSE, NULL);

  self->context = g_object_ref (context);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->forms = sarap_picker_new (_ ("Questionnaire"));
  gtk_widget_set_hexpand (GTK_WIDGET (self->forms), TRUE);
  self->save = gtk_button_new_with_label (_ ("Save report"));
  gtk_widget_add_css_class (self->save, "suggested-action");
  g_signal_connect_object (self->save, "clicked", G_CALLBACK (save_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (top), GTK_WIDGET (self->forms));
  gtk_box_append (GTK_BOX (top), self->save);
  gtk_box_append (GTK_BOX (self->box), top);
  self->page = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 16));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->page));
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, new_counting (), "counting");
  gtk_stack_add_named (self->stack, scroller, "figures");
  gtk_stack_add_named (self->stack, sarap_empty_state_new ("sarap-sent-symbolic", _ ("No questionnaire yet"), _ ("Questionnaires of the project come with the next synchronising."), NULL), "empty");
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->stack));
  fill_forms (self);
  g_signal_connect_object (self->forms, "notify::selected", G_CALLBACK (count), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
