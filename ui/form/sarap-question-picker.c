#include "ui/form/sarap-question-kinds.h"

#include <glib/gi18n.h>

#include "ui/form/sarap-choice-list.h"
#include "ui/form/sarap-sheet.h"

/* Selects with many choices: a button that opens them in a sheet (minimal), or the list with its
 * search on the page itself (autocomplete, search, long lists). */

#define LIST_HEIGHT 420

#define SARAP_TYPE_PICKER_QUESTION (sarap_picker_question_get_type ())
G_DECLARE_FINAL_TYPE (SarapPickerQuestion, sarap_picker_question, SARAP, PICKER_QUESTION, SarapQuestion)

struct _SarapPickerQuestion
{
  SarapQuestion parent_instance;

  GtkWidget *button; /* minimal */
  GtkWidget *text;
  SarapSheet *sheet; /* while it is open */
  GtkWidget *list;   /* on the page, or in the open sheet */
  GPtrArray *choices;
  char *value;
  gboolean is_multiple;
  gboolean is_quick;
};

G_DEFINE_FINAL_TYPE (SarapPickerQuestion, sarap_picker_question, SARAP_TYPE_QUESTION)

static void
show_choice (SarapPickerQuestion *self)
{
  SarapQuestion *question = SARAP_QUESTION (self);
  g_autofree char *text = sarap_interview_dup_display_value (sarap_question_get_interview (question), sarap_question_get_ref (question));
  gboolean is_empty = self->value == NULL || self->value[0] == '\0';

  if (self->button == NULL)
    return;
  gtk_label_set_label (GTK_LABEL (self->text), is_empty ? sarap_question_text (question, N_ ("Choose…")) : text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, is_empty ? "" : text, -1);
  if (is_empty)
    gtk_widget_add_css_class (self->button, "empty");
  else
    gtk_widget_remove_css_class (self->button, "empty");
}

static void
show_value (SarapQuestion *question, const char *value)
{
  SarapPickerQuestion *self = SARAP_PICKER_QUESTION (question);

  g_free (self->value);
  self->value = g_strdup (value);
  if (self->list != NULL)
    sarap_choice_list_set_value (SARAP_CHOICE_LIST (self->list), value);
  show_choice (self);
}

static char *
read_value (SarapQuestion *question)
{
  SarapPickerQuestion *self = SARAP_PICKER_QUESTION (question);

  return g_strdup (self->value != NULL ? self->value : "");
}

static void
chosen_cb (SarapPickerQuestion *self)
{
  g_free (self->value);
  self->value = sarap_choice_list_dup_value (SARAP_CHOICE_LIST (self->list));
  sarap_question_commit (SARAP_QUESTION (self));
  show_choice (self);
  if (self->is_multiple)
    return;
  if (self->sheet != NULL)
    sarap_sheet_close (self->sheet);
  if (self->is_quick)
    g_signal_emit_by_name (self, "chosen");
}

static GtkWidget *
new_list (SarapPickerQuestion *self)
{
  SarapQuestion *question = SARAP_QUESTION (self);
  GtkWidget *list = sarap_choice_list_new (self->is_multiple, sarap_question_text (question, N_ ("Search")), sarap_question_text (question, N_ ("Nothing found")));

  g_signal_connect_object (list, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  return list;
}

static void
closed_cb (SarapPickerQuestion *self)
{
  self->sheet = NULL;
  self->list = NULL;
}

static void
done_cb (SarapPickerQuestion *self)
{
  sarap_sheet_close (self->sheet);
}

static void
open_cb (SarapPickerQuestion *self)
{
  SarapQuestion *question = SARAP_QUESTION (self);
  g_autoptr (GPtrArray) choices = sarap_interview_dup_choices (sarap_question_get_interview (question), sarap_question_get_ref (question));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  if (self->sheet != NULL)
    return;
  self->list = new_list (self);
  sarap_choice_list_prefer_rows (SARAP_CHOICE_LIST (self->list));
  sarap_choice_list_set_choices (SARAP_CHOICE_LIST (self->list), choices);
  sarap_choice_list_set_value (SARAP_CHOICE_LIST (self->list), self->value != NULL ? self->value : "");
  gtk_widget_set_vexpand (self->list, TRUE);
  gtk_box_append (GTK_BOX (box), self->list);
  if (self->is_multiple)
    {
      GtkWidget *done = gtk_button_new_with_label (sarap_question_text (question, N_ ("Done")));

      gtk_widget_add_css_class (done, "suggested-action");
      g_signal_connect_object (done, "clicked", G_CALLBACK (done_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (box), done);
    }
  self->sheet = sarap_sheet_open (self->button, sarap_question_peek_name (question), sarap_question_text (question, N_ ("Close")), box);
  g_signal_connect_object (self->sheet, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
}

/* Choices behind a button are looked up when it is pressed. */
static void
refresh (SarapQuestion *question)
{
  SarapPickerQuestion *self = SARAP_PICKER_QUESTION (question);
  g_autoptr (GPtrArray) choices = NULL;

  show_choice (self);
  if (self->button != NULL)
    return;
  choices = sarap_interview_dup_choices (sarap_question_get_interview (question), sarap_question_get_ref (question));
  if (sarap_choices_are_equal (self->choices, choices))
    return;
  g_clear_pointer (&self->choices, g_ptr_array_unref);
  self->choices = g_steal_pointer (&choices);
  sarap_choice_list_set_choices (SARAP_CHOICE_LIST (self->list), self->choices);
  sarap_choice_list_set_value (SARAP_CHOICE_LIST (self->list), self->value != NULL ? self->value : "");
}

static void
build_button (SarapPickerQuestion *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *arrow = gtk_image_new_from_icon_name ("pan-down-symbolic");

  self->text = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->text), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->text), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (self->text), 0);
  gtk_widget_set_hexpand (self->text, TRUE);
  gtk_box_append (GTK_BOX (box), self->text);
  gtk_box_append (GTK_BOX (box), arrow);
  self->button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (self->button), box);
  gtk_widget_add_css_class (self->button, "picker");
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (open_cb), self, G_CONNECT_SWAPPED);
  sarap_question_name_control (SARAP_QUESTION (self), self->button, NULL);
  sarap_question_set_control (SARAP_QUESTION (self), self->button);
}

static void
build (SarapQuestion *question)
{
  SarapPickerQuestion *self = SARAP_PICKER_QUESTION (question);
  const SarapElement *element = sarap_question_get_element (question);

  self->is_multiple = sarap_element_get_question_kind (element) == SARAP_QUESTION_SELECT_MULTIPLE;
  self->is_quick = !self->is_multiple && sarap_element_has_appearance (element, "quick");
  if (sarap_element_has_appearance (element, "minimal"))
    {
      build_button (self);
      return;
    }
  self->list = new_list (self);
  gtk_widget_set_size_request (self->list, -1, LIST_HEIGHT);
  gtk_widget_add_css_class (self->list, "on-page");
  sarap_question_name_control (question, self->list, NULL);
  sarap_question_set_control (question, self->list);
}

static void
sarap_picker_question_finalize (GObject *object)
{
  SarapPickerQuestion *self = SARAP_PICKER_QUESTION (object);

  g_clear_pointer (&self->choices, g_ptr_array_unref);
  g_free (self->value);
  G_OBJECT_CLASS (sarap_picker_question_parent_class)->finalize (object);
}

static void
sarap_picker_question_class_init (SarapPickerQuestionClass *class)
{
  SarapQuestionClass *question_class = SARAP_QUESTION_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = sarap_picker_question_finalize;
  question_class->build = build;
  question_class->show_value = show_value;
  question_class->read_value = read_value;
  question_class->refresh = refresh;
  question_class->has_clear = TRUE;
}

static void
sarap_picker_question_init (SarapPickerQuestion *self)
{
}
