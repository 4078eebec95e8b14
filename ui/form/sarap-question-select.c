#include "ui/form/sarap-question-kinds.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/form/sarap-choice-button.h"
#include "ui/form/sarap-choice-list.h"
#include "ui/form/sarap-form-text.h"
#include "ui/form/sarap-wrap-layout.h"

/* Selects whose choices all stand on the page. */

#define MAX_COLUMNS 10

typedef enum
{
  LAYOUT_ROWS,
  LAYOUT_GRID,   /* columns, columns-n */
  LAYOUT_PACK,   /* columns-pack */
  LAYOUT_TILES,  /* no-buttons */
  LAYOUT_FACES,  /* no-buttons, values 1 to 5 */
  LAYOUT_SCALE,  /* likert, list */
  LAYOUT_MARKS,  /* list-nolabel */
  LAYOUT_LABELS, /* label: the head of a table, nothing to answer */
} Layout;

#define SARAP_TYPE_SELECT_QUESTION (sarap_select_question_get_type ())
G_DECLARE_FINAL_TYPE (SarapSelectQuestion, sarap_select_question, SARAP, SELECT_QUESTION, SarapQuestion)

struct _SarapSelectQuestion
{
  SarapQuestion parent_instance;

  GtkWidget *holder;
  GPtrArray *buttons;
  GPtrArray *choices; /* what the buttons were made for */
  Layout layout;
  guint n_columns;
  gboolean is_multiple;
  gboolean is_quick;
};

G_DEFINE_FINAL_TYPE (SarapSelectQuestion, sarap_select_question, SARAP_TYPE_QUESTION)

static gboolean
are_faces (GPtrArray *choices)
{
  for (guint i = 0; i < choices->len; i++)
    {
      const SarapChoice *choice = g_ptr_array_index (choices, i);

      if (strlen (choice->value) != 1 || choice->value[0] < '1' || choice->value[0] > '5')
        return FALSE;
    }
  return choices->len > 1;
}

/* n of "columns-n", 0 without one. */
static guint
find_columns (const SarapElement *element)
{
  g_auto (GStrv) words = g_strsplit (sarap_element_get_appearance (element), " ", -1);

  for (char **word = words; *word != NULL; word++)
    if (g_str_has_prefix (*word, "columns-") && g_ascii_isdigit ((*word)[8]))
      return CLAMP (g_ascii_strtoull (*word + 8, NULL, 10), 1, MAX_COLUMNS);
  return 0;
}

static Layout
find_layout (SarapSelectQuestion *self, GPtrArray *choices)
{
  const SarapElement *element = sarap_question_get_element (SARAP_QUESTION (self));

  if (sarap_element_has_appearance (element, "no-buttons"))
    return are_faces (choices) ? LAYOUT_FACES : LAYOUT_TILES;
  if (sarap_element_has_appearance (element, "likert") || sarap_element_has_appearance (element, "list"))
    return LAYOUT_SCALE;
  if (sarap_element_has_appearance (element, "list-nolabel"))
    return LAYOUT_MARKS;
  if (sarap_element_has_appearance (element, "label"))
    return LAYOUT_LABELS;
  if (sarap_element_has_appearance (element, "columns-pack"))
    return LAYOUT_PACK;
  if (sarap_element_has_appearance (element, "columns") || self->n_columns > 0)
    return LAYOUT_GRID;
  return LAYOUT_ROWS;
}

static SarapChoiceShape
find_shape (Layout layout)
{
  if (layout == LAYOUT_TILES || layout == LAYOUT_FACES)
    return SARAP_CHOICE_TILE;
  return layout == LAYOUT_SCALE || layout == LAYOUT_MARKS ? SARAP_CHOICE_COLUMN : SARAP_CHOICE_ROW;
}

static void
selected_cb (SarapSelectQuestion *self, SarapChoiceButton *button)
{
  if (self->is_multiple)
    sarap_choice_button_set_checked (button, !sarap_choice_button_get_checked (button));
  else
    for (guint i = 0; i < self->buttons->len; i++)
      sarap_choice_button_set_checked (g_ptr_array_index (self->buttons, i), g_ptr_array_index (self->buttons, i) == button);
  sarap_question_commit (SARAP_QUESTION (self));
  if (self->is_quick)
    g_signal_emit_by_name (self, "chosen");
}

static GtkWidget *
new_holder (SarapSelectQuestion *self)
{
  GtkWidget *holder;
  GtkAccessibleRole role = self->is_multiple ? GTK_ACCESSIBLE_ROLE_GROUP : GTK_ACCESSIBLE_ROLE_RADIO_GROUP;

  if (self->layout == LAYOUT_GRID || self->layout == LAYOUT_TILES)
    holder = g_object_new (GTK_TYPE_GRID, "accessible-role", role, "column-homogeneous", TRUE, "row-spacing", 12, "column-spacing", 12, NULL);
  else if (self->layout == LAYOUT_PACK)
    holder = g_object_new (GTK_TYPE_BOX, "accessible-role", role, "layout-manager", sarap_wrap_layout_new (12), NULL);
  else if (self->layout == LAYOUT_ROWS)
    holder = g_object_new (GTK_TYPE_BOX, "accessible-role", role, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 8, NULL);
  else
    holder = g_object_new (GTK_TYPE_BOX, "accessible-role", role, "homogeneous", TRUE, "spacing", self->layout == LAYOUT_FACES ? 12 : 4, NULL);
  gtk_widget_add_css_class (holder, "choices");
  return holder;
}

/* Without a number the labels' length decides; never so many that words must be cut at 800 pixels. */
static guint
count_columns (SarapSelectQuestion *self, GPtrArray *choices)
{
  glong longest = 1;

  if (self->n_columns > 0)
    return self->n_columns;
  for (guint i = 0; i < choices->len; i++)
    longest = MAX (longest, g_utf8_strlen (((const SarapChoice *) g_ptr_array_index (choices, i))->label, -1));
  return CLAMP (54 / longest, 1, MIN (4, choices->len));
}

static void
show_picture (SarapSelectQuestion *self, SarapChoiceButton *button, const char *image)
{
  SarapForm *form = sarap_interview_get_form (sarap_question_get_interview (SARAP_QUESTION (self)));
  g_autoptr (GBytes) bytes = image != NULL ? sarap_form_dup_media (form, image) : NULL;
  g_autoptr (GdkTexture) texture = bytes != NULL ? gdk_texture_new_from_bytes (bytes, NULL) : NULL;

  if (texture != NULL)
    sarap_choice_button_set_paintable (button, GDK_PAINTABLE (texture));
}

static void
add_label (SarapSelectQuestion *self, const SarapChoice *choice)
{
  GtkWidget *label = gtk_label_new (NULL);
  g_autofree char *markup = sarap_markdown_to_pango (choice->label);

  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (label, "choice-heading");
  gtk_box_append (GTK_BOX (self->holder), label);
}

static void
add_button (SarapSelectQuestion *self, const SarapChoice *choice, guint index, guint n_columns)
{
  GtkAccessibleRole role = self->is_multiple ? GTK_ACCESSIBLE_ROLE_CHECKBOX : GTK_ACCESSIBLE_ROLE_RADIO;
  GtkWidget *widget = sarap_choice_button_new (role, find_shape (self->layout));
  SarapChoiceButton *button = SARAP_CHOICE_BUTTON (widget);

  sarap_choice_button_set_value (button, choice->value);
  sarap_choice_button_set_label (button, choice->label);
  sarap_choice_button_set_label_visible (button, self->layout != LAYOUT_MARKS);
  show_picture (self, button, choice->image);
  if (self->layout == LAYOUT_FACES)
    {
      g_autofree char *icon = g_strdup_printf ("sarap-face-%s-symbolic", choice->value);
      g_autofree char *css_class = g_strdup_printf ("face-%s", choice->value);

      sarap_choice_button_set_icon_name (button, icon);
      gtk_widget_add_css_class (widget, css_class);
    }
  g_signal_connect_object (widget, "selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->buttons, widget);
  if (GTK_IS_GRID (self->holder))
    gtk_grid_attach (GTK_GRID (self->holder), widget, (int) (index % n_columns), (int) (index / n_columns), 1, 1);
  else
    gtk_box_append (GTK_BOX (self->holder), widget);
}

static void
fill (SarapSelectQuestion *self)
{
  guint n_columns = count_columns (self, self->choices);
  GtkWidget *parent = NULL;

  g_ptr_array_set_size (self->buttons, 0);
  if (self->holder != NULL)
    {
      parent = gtk_widget_get_parent (self->holder);
      gtk_box_remove (GTK_BOX (parent), self->holder);
    }
  self->layout = find_layout (self, self->choices);
  self->holder = new_holder (self);
  for (guint i = 0; i < self->choices->len; i++)
    if (self->layout == LAYOUT_LABELS)
      add_label (self, g_ptr_array_index (self->choices, i));
    else
      add_button (self, g_ptr_array_index (self->choices, i), i, n_columns);
  if (self->layout != LAYOUT_LABELS)
    sarap_question_name_control (SARAP_QUESTION (self), self->holder, NULL);
  sarap_question_set_control (SARAP_QUESTION (self), self->holder);
}

static void
show_value (SarapQuestion *question, const char *value)
{
  SarapSelectQuestion *self = SARAP_SELECT_QUESTION (question);
  g_auto (GStrv) names = g_strsplit (value, " ", -1);

  for (guint i = 0; i < self->buttons->len; i++)
    {
      SarapChoiceButton *button = g_ptr_array_index (self->buttons, i);

      sarap_choice_button_set_checked (button, g_strv_contains ((const char *const *) names, sarap_choice_button_get_value (button)));
    }
}

static char *
read_value (SarapQuestion *question)
{
  SarapSelectQuestion *self = SARAP_SELECT_QUESTION (question);
  GString *value = g_string_new (NULL);

  for (guint i = 0; i < self->buttons->len; i++)
    if (sarap_choice_button_get_checked (g_ptr_array_index (self->buttons, i)))
      g_string_append_printf (value, "%s%s", value->len > 0 ? " " : "", sarap_choice_button_get_value (g_ptr_array_index (self->buttons, i)));
  return g_string_free (value, FALSE);
}

/* New labels only (another language) keep the buttons, and with them the focus. */
static gboolean
relabel (SarapSelectQuestion *self, GPtrArray *choices)
{
  if (self->layout == LAYOUT_LABELS || self->choices == NULL || self->choices->len != choices->len)
    return FALSE;
  for (guint i = 0; i < choices->len; i++)
    {
      const SarapChoice *old = g_ptr_array_index (self->choices, i);
      const SarapChoice *new = g_ptr_array_index (choices, i);

      if (!g_str_equal (old->value, new->value) || g_strcmp0 (old->image, new->image) != 0)
        return FALSE;
    }
  for (guint i = 0; i < choices->len; i++)
    sarap_choice_button_set_label (g_ptr_array_index (self->buttons, i), ((const SarapChoice *) g_ptr_array_index (choices, i))->label);
  return TRUE;
}

static void
refresh (SarapQuestion *question)
{
  SarapSelectQuestion *self = SARAP_SELECT_QUESTION (question);
  SarapInterview *interview = sarap_question_get_interview (question);
  g_autoptr (GPtrArray) choices = sarap_interview_dup_choices (interview, sarap_question_get_ref (question));
  gboolean is_relabelled;

  if (sarap_choices_are_equal (self->choices, choices))
    return;
  is_relabelled = relabel (self, choices);
  g_clear_pointer (&self->choices, g_ptr_array_unref);
  self->choices = g_steal_pointer (&choices);
  if (is_relabelled)
    return;
  fill (self);
  show_value (question, sarap_interview_peek_value (interview, sarap_question_get_ref (question)));
}

static void
build (SarapQuestion *question)
{
  SarapSelectQuestion *self = SARAP_SELECT_QUESTION (question);
  const SarapElement *element = sarap_question_get_element (question);

  self->is_multiple = sarap_element_get_question_kind (element) == SARAP_QUESTION_SELECT_MULTIPLE;
  self->is_quick = !self->is_multiple && (sarap_element_has_appearance (element, "quick") || sarap_element_has_appearance (element, "no-buttons"));
  self->n_columns = find_columns (element);
  if (sarap_element_has_appearance (element, "label") || sarap_element_has_appearance (element, "list-nolabel"))
    sarap_question_set_inline (question);
}

static void
sarap_select_question_finalize (GObject *object)
{
  SarapSelectQuestion *self = SARAP_SELECT_QUESTION (object);

  g_ptr_array_unref (self->buttons);
  g_clear_pointer (&self->choices, g_ptr_array_unref);
  G_OBJECT_CLASS (sarap_select_question_parent_class)->finalize (object);
}

static void
sarap_select_question_class_init (SarapSelectQuestionClass *class)
{
  SarapQuestionClass *question_class = SARAP_QUESTION_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = sarap_select_question_finalize;
  question_class->build = build;
  question_class->show_value = show_value;
  question_class->read_value = read_value;
  question_class->refresh = refresh;
  question_class->has_clear = TRUE;
}

static void
sarap_select_question_init (SarapSelectQuestion *self)
{
  self->buttons = g_ptr_array_new ();
}
