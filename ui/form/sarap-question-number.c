#include "ui/form/sarap-question-kinds.h"

#include <glib/gi18n.h>
#include <string.h>

/* Whole and decimal numbers. People may type a decimal comma and spaces between thousands;
 * stored is what ODK stores: digits, sign, point. */

#define SARAP_TYPE_NUMBER_QUESTION (sarap_number_question_get_type ())
G_DECLARE_FINAL_TYPE (SarapNumberQuestion, sarap_number_question, SARAP, NUMBER_QUESTION, SarapQuestion)

struct _SarapNumberQuestion
{
  SarapQuestion parent_instance;

  GtkWidget *entry;
  gboolean is_grouped;
};

G_DEFINE_FINAL_TYPE (SarapNumberQuestion, sarap_number_question, SARAP_TYPE_QUESTION)

/* "12 500,5" → "12500.5". Other text stays as typed: the engine says that it is no number. */
static char *
normalize (const char *text, gboolean is_decimal)
{
  GString *number = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c) || c == 0x202F)
        continue;
      if (c == 0x2212)
        c = '-';
      g_string_append_unichar (number, is_decimal && c == ',' ? '.' : c);
    }
  return g_string_free (number, FALSE);
}

/* "1234567.5" → "1 234 567.5" with spaces that do not break. */
static char *
group_thousands (const char *number)
{
  GString *text = g_string_new (NULL);
  const char *digits = number + (number[0] == '-');
  gsize n = strspn (digits, "0123456789");

  g_string_append_len (text, number, digits - number);
  for (gsize i = 0; i < n; i++)
    {
      if (i > 0 && (n - i) % 3 == 0)
        g_string_append (text, "\u00a0");
      g_string_append_c (text, digits[i]);
    }
  g_string_append (text, digits + n);
  return g_string_free (text, FALSE);
}

static void
show_value (SarapQuestion *question, const char *value)
{
  SarapNumberQuestion *self = SARAP_NUMBER_QUESTION (question);
  g_autofree char *grouped = self->is_grouped ? group_thousands (value) : NULL;

  gtk_editable_set_text (GTK_EDITABLE (self->entry), grouped != NULL ? grouped : value);
}

static char *
read_value (SarapQuestion *question)
{
  SarapNumberQuestion *self = SARAP_NUMBER_QUESTION (question);
  gboolean is_decimal = sarap_element_get_question_kind (sarap_question_get_element (question)) == SARAP_QUESTION_DECIMAL;

  return normalize (gtk_editable_get_text (GTK_EDITABLE (self->entry)), is_decimal);
}

static void
regroup_cb (SarapNumberQuestion *self)
{
  g_autofree char *value = read_value (SARAP_QUESTION (self));
  g_autofree char *grouped = group_thousands (value);

  gtk_editable_set_text (GTK_EDITABLE (self->entry), grouped);
}

static void
step (SarapNumberQuestion *self, int by)
{
  g_autofree char *value = read_value (SARAP_QUESTION (self));
  g_autofree char *next = g_strdup_printf ("%" G_GINT64_FORMAT, MAX (0, g_ascii_strtoll (value, NULL, 10) + by));

  gtk_editable_set_text (GTK_EDITABLE (self->entry), next);
  sarap_question_commit (SARAP_QUESTION (self));
}

static void
less_cb (SarapNumberQuestion *self)
{
  step (self, -1);
}

static void
more_cb (SarapNumberQuestion *self)
{
  step (self, 1);
}

static void
append_step (SarapNumberQuestion *self, GtkWidget *box, const char *icon, const char *name, GCallback callback)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "counter");
  sarap_question_name_control (SARAP_QUESTION (self), button, name);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), button);
}

static void
build (SarapQuestion *question)
{
  SarapNumberQuestion *self = SARAP_NUMBER_QUESTION (question);
  const SarapElement *element = sarap_question_get_element (question);
  gboolean is_whole = sarap_element_get_question_kind (element) == SARAP_QUESTION_INTEGER;
  gboolean is_counter = sarap_element_has_appearance (element, "counter");
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->entry = gtk_entry_new ();
  self->is_grouped = sarap_element_has_appearance (element, "thousands-sep");
  gtk_entry_set_input_purpose (GTK_ENTRY (self->entry), is_whole ? GTK_INPUT_PURPOSE_DIGITS : GTK_INPUT_PURPOSE_NUMBER);
  gtk_entry_set_alignment (GTK_ENTRY (self->entry), is_counter ? 0.5 : 0);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), 16);
  gtk_widget_add_css_class (self->entry, "number");
  sarap_question_connect_entry (question, self->entry);
  sarap_question_name_control (question, self->entry, NULL);
  if (self->is_grouped)
    {
      GtkEventController *focus = gtk_event_controller_focus_new ();

      g_signal_connect_object (focus, "leave", G_CALLBACK (regroup_cb), self, G_CONNECT_SWAPPED);
      gtk_widget_add_controller (self->entry, focus);
    }
  if (is_counter)
    append_step (self, box, "list-remove-symbolic", N_ ("one less"), G_CALLBACK (less_cb));
  gtk_box_append (GTK_BOX (box), self->entry);
  if (is_counter)
    append_step (self, box, "list-add-symbolic", N_ ("one more"), G_CALLBACK (more_cb));
  sarap_question_set_control (question, box);
}

static void
sarap_number_question_class_init (SarapNumberQuestionClass *class)
{
  SarapQuestionClass *question_class = SARAP_QUESTION_CLASS (class);

  question_class->build = build;
  question_class->show_value = show_value;
  question_class->read_value = read_value;
  question_class->invalid_text = N_ ("Type a number.");
}

static void
sarap_number_question_init (SarapNumberQuestion *self)
{
}
