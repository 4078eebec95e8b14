#include "ui/form/sarap-question-kinds.h"

#include <glib/gi18n.h>

#include "ui/form/sarap-choice-list.h"
#include "ui/form/sarap-form-text.h"

/* Choices put in order. Nothing is the answer until the person has moved one or said that the
 * order is right. */

#define SARAP_TYPE_RANK_QUESTION (sarap_rank_question_get_type ())
G_DECLARE_FINAL_TYPE (SarapRankQuestion, sarap_rank_question, SARAP, RANK_QUESTION, SarapQuestion)

struct _SarapRankQuestion
{
  SarapQuestion parent_instance;

  GtkWidget *rows;
  GtkWidget *confirm;
  GPtrArray *choices; /* as the form lists them */
  GPtrArray *order;   /* (element-type SarapChoice), not owned: as they stand on the page */
};

G_DEFINE_FINAL_TYPE (SarapRankQuestion, sarap_rank_question, SARAP_TYPE_QUESTION)

static void fill (SarapRankQuestion *self);

static char *
read_value (SarapQuestion *question)
{
  SarapRankQuestion *self = SARAP_RANK_QUESTION (question);
  GString *value = g_string_new (NULL);

  for (guint i = 0; i < self->order->len; i++)
    g_string_append_printf (value, "%s%s", i > 0 ? " " : "", ((const SarapChoice *) g_ptr_array_index (self->order, i))->value);
  return g_string_free (value, FALSE);
}

static GtkWidget *
find_step (SarapRankQuestion *self, guint index, gboolean is_up)
{
  GtkWidget *row = gtk_widget_get_first_child (self->rows);
  GtkWidget *last;

  for (guint i = 0; i < index; i++)
    row = gtk_widget_get_next_sibling (row);
  last = gtk_widget_get_last_child (row);
  return is_up ? gtk_widget_get_prev_sibling (last) : last;
}

static void
move_cb (GtkWidget *button, SarapRankQuestion *self)
{
  int by = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "by"));
  guint from = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "index"));
  guint to = from + by;
  gpointer other = g_ptr_array_index (self->order, to);
  GtkWidget *step;

  g_ptr_array_index (self->order, to) = g_ptr_array_index (self->order, from);
  g_ptr_array_index (self->order, from) = other;
  fill (self);
  step = find_step (self, to, by < 0);
  gtk_widget_grab_focus (gtk_widget_get_sensitive (step) ? step : find_step (self, to, by > 0));
  sarap_question_commit (SARAP_QUESTION (self));
}

static GtkWidget *
new_step (SarapRankQuestion *self, guint index, int by, const char *label)
{
  SarapQuestion *question = SARAP_QUESTION (self);
  GtkWidget *button = gtk_button_new_from_icon_name (by < 0 ? "go-up-symbolic" : "go-down-symbolic");
  g_autofree char *name = g_strdup_printf ("%s: %s", label, sarap_question_text (question, by < 0 ? N_ ("move up") : N_ ("move down")));

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_sensitive (button, by < 0 ? index > 0 : index + 1 < self->order->len);
  g_object_set_data (G_OBJECT (button), "by", GINT_TO_POINTER (by));
  g_object_set_data (G_OBJECT (button), "index", GUINT_TO_POINTER (index));
  g_signal_connect_object (button, "clicked", G_CALLBACK (move_cb), self, 0);
  return button;
}

static void
add_row (SarapRankQuestion *self, guint index)
{
  const SarapChoice *choice = g_ptr_array_index (self->order, index);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *number = g_strdup_printf ("%u", index + 1);
  g_autofree char *plain = sarap_markdown_to_plain (choice->label);
  GtkWidget *position = gtk_label_new (number);
  GtkWidget *label = gtk_label_new (plain);

  gtk_widget_add_css_class (row, "rank-row");
  gtk_widget_add_css_class (position, "rank-position");
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (row), position);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), new_step (self, index, -1, plain));
  gtk_box_append (GTK_BOX (row), new_step (self, index, 1, plain));
  gtk_box_append (GTK_BOX (self->rows), row);
}

static void
fill (SarapRankQuestion *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->rows)) != NULL)
    gtk_box_remove (GTK_BOX (self->rows), child);
  for (guint i = 0; i < self->order->len; i++)
    add_row (self, i);
}

static gboolean
take (SarapRankQuestion *self, const char *value)
{
  for (guint i = 0; i < self->choices->len; i++)
    if (g_str_equal (((const SarapChoice *) g_ptr_array_index (self->choices, i))->value, value))
      {
        if (!g_ptr_array_find (self->order, g_ptr_array_index (self->choices, i), NULL))
          g_ptr_array_add (self->order, g_ptr_array_index (self->choices, i));
        return TRUE;
      }
  return FALSE;
}

/* Choices that the stored order does not name follow it in the form's order. */
static void
show_value (SarapQuestion *question, const char *value)
{
  SarapRankQuestion *self = SARAP_RANK_QUESTION (question);
  g_auto (GStrv) names = g_strsplit (value, " ", -1);

  g_ptr_array_set_size (self->order, 0);
  for (char **name = names; *name != NULL; name++)
    take (self, *name);
  for (guint i = 0; i < self->choices->len; i++)
    take (self, ((const SarapChoice *) g_ptr_array_index (self->choices, i))->value);
  gtk_widget_set_visible (self->confirm, value[0] == '\0');
  fill (self);
}

static void
refresh (SarapQuestion *question)
{
  SarapRankQuestion *self = SARAP_RANK_QUESTION (question);
  SarapInterview *interview = sarap_question_get_interview (question);
  const char *value = sarap_interview_peek_value (interview, sarap_question_get_ref (question));
  g_autoptr (GPtrArray) choices = sarap_interview_dup_choices (interview, sarap_question_get_ref (question));

  gtk_button_set_label (GTK_BUTTON (self->confirm), sarap_question_text (question, N_ ("This order is right")));
  gtk_widget_set_visible (self->confirm, value[0] == '\0');
  if (sarap_choices_are_equal (self->choices, choices))
    return;
  g_ptr_array_set_size (self->order, 0);
  g_clear_pointer (&self->choices, g_ptr_array_unref);
  self->choices = g_steal_pointer (&choices);
  show_value (question, value);
}

static void
build (SarapQuestion *question)
{
  SarapRankQuestion *self = SARAP_RANK_QUESTION (question);

  self->rows = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 8, NULL);
  self->confirm = gtk_button_new_with_label ("");
  gtk_widget_set_halign (self->confirm, GTK_ALIGN_START);
  gtk_widget_add_css_class (self->confirm, "below");
  g_signal_connect_object (self->confirm, "clicked", G_CALLBACK (sarap_question_commit), self, G_CONNECT_SWAPPED);
  sarap_question_name_control (question, self->rows, NULL);
  sarap_question_set_control (question, self->rows);
  sarap_question_set_control (question, self->confirm);
}

static void
sarap_rank_question_finalize (GObject *object)
{
  SarapRankQuestion *self = SARAP_RANK_QUESTION (object);

  g_ptr_array_unref (self->order);
  g_clear_pointer (&self->choices, g_ptr_array_unref);
  G_OBJECT_CLASS (sarap_rank_question_parent_class)->finalize (object);
}

static void
sarap_rank_question_class_init (SarapRankQuestionClass *class)
{
  SarapQuestionClass *question_class = SARAP_QUESTION_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = sarap_rank_question_finalize;
  question_class->build = build;
  question_class->show_value = show_value;
  question_class->read_value = read_value;
  question_class->refresh = refresh;
}

static void
sarap_rank_question_init (SarapRankQuestion *self)
{
  self->order = g_ptr_array_new ();
}
