#include "ui/form/sarap-question-kinds.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/form/sarap-range-scale.h"

/* A slider. Before the first touch it shows no value and stores none. */

#define VERTICAL_HEIGHT 360
#define MAX_TICKS 21

#define SARAP_TYPE_RANGE_QUESTION (sarap_range_question_get_type ())
G_DECLARE_FINAL_TYPE (SarapRangeQuestion, sarap_range_question, SARAP, RANGE_QUESTION, SarapQuestion)

struct _SarapRangeQuestion
{
  SarapQuestion parent_instance;

  GtkWidget *scale;
  GtkWidget *number;
  SarapRangeScale range;
  gboolean is_untouched;
};

G_DEFINE_FINAL_TYPE (SarapRangeQuestion, sarap_range_question, SARAP_TYPE_QUESTION)

static void
show_number (SarapRangeQuestion *self, const char *text)
{
  gtk_label_set_label (GTK_LABEL (self->number), self->is_untouched ? "–" : text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, self->is_untouched ? "" : text, -1);
  if (self->is_untouched)
    gtk_widget_add_css_class (self->scale, "untouched");
  else
    gtk_widget_remove_css_class (self->scale, "untouched");
}

static char *
read_value (SarapQuestion *question)
{
  SarapRangeQuestion *self = SARAP_RANGE_QUESTION (question);

  if (self->is_untouched)
    return g_strdup ("");
  return sarap_range_scale_format (&self->range, gtk_range_get_value (GTK_RANGE (self->scale)));
}

static void changed_cb (SarapRangeQuestion *self);

static void
set_position (SarapRangeQuestion *self, double value)
{
  g_signal_handlers_block_by_func (self->scale, changed_cb, self);
  gtk_range_set_value (GTK_RANGE (self->scale), value);
  g_signal_handlers_unblock_by_func (self->scale, changed_cb, self);
}

static void
touch (SarapRangeQuestion *self)
{
  g_autofree char *text = NULL;

  self->is_untouched = FALSE;
  text = read_value (SARAP_QUESTION (self));
  set_position (self, g_ascii_strtod (text, NULL));
  show_number (self, text);
  sarap_question_touch (SARAP_QUESTION (self));
}

static void
changed_cb (SarapRangeQuestion *self)
{
  touch (self);
}

/* A tap exactly where the hidden knob stands changes no value, but is an answer all the same. */
static void
released_cb (SarapRangeQuestion *self)
{
  if (self->is_untouched)
    touch (self);
  sarap_question_flush (SARAP_QUESTION (self));
}

static void
show_value (SarapQuestion *question, const char *value)
{
  SarapRangeQuestion *self = SARAP_RANGE_QUESTION (question);

  self->is_untouched = value[0] == '\0';
  set_position (self, self->is_untouched ? (self->range.start + self->range.end) / 2 : g_ascii_strtod (value, NULL));
  show_number (self, value);
}

static void
add_ticks (SarapRangeQuestion *self, gboolean is_vertical)
{
  guint n = sarap_range_scale_get_n_steps (&self->range);
  guint every = n < MAX_TICKS ? 1 : (n + MAX_TICKS - 2) / (MAX_TICKS - 1);
  double direction = self->range.end < self->range.start ? -1 : 1;

  for (guint i = 0; i <= n; i += every)
    {
      double value = self->range.start + direction * i * self->range.step;
      g_autofree char *text = sarap_range_scale_format (&self->range, value);

      gtk_scale_add_mark (GTK_SCALE (self->scale), value, is_vertical ? GTK_POS_RIGHT : GTK_POS_BOTTOM, text);
    }
}

static void
watch_release (SarapRangeQuestion *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_object (click, "unpaired-release", G_CALLBACK (released_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (click, "released", G_CALLBACK (released_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (self->scale, GTK_EVENT_CONTROLLER (click));
}

static void
build (SarapQuestion *question)
{
  SarapRangeQuestion *self = SARAP_RANGE_QUESTION (question);
  const SarapElement *element = sarap_question_get_element (question);
  gboolean is_vertical = sarap_element_has_appearance (element, "vertical");
  GtkWidget *box = gtk_box_new (is_vertical ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL, 8);

  self->range = sarap_range_scale_new (element);
  self->scale = gtk_scale_new_with_range (is_vertical ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL, MIN (self->range.start, self->range.end), MAX (self->range.start, self->range.end), self->range.step);
  gtk_scale_set_draw_value (GTK_SCALE (self->scale), FALSE);
  gtk_range_set_inverted (GTK_RANGE (self->scale), is_vertical != (self->range.end < self->range.start));
  gtk_range_set_round_digits (GTK_RANGE (self->scale), -1);
  gtk_scale_set_has_origin (GTK_SCALE (self->scale), FALSE);
  if (!sarap_element_has_appearance (element, "no-ticks"))
    add_ticks (self, is_vertical);
  if (is_vertical)
    gtk_widget_set_size_request (self->scale, -1, VERTICAL_HEIGHT);
  self->number = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->number, "range-number");
  g_signal_connect_object (self->scale, "value-changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  watch_release (self);
  sarap_question_name_control (question, self->scale, NULL);
  gtk_box_append (GTK_BOX (box), self->number);
  gtk_box_append (GTK_BOX (box), self->scale);
  sarap_question_set_control (question, box);
}

static void
sarap_range_question_class_init (SarapRangeQuestionClass *class)
{
  SarapQuestionClass *question_class = SARAP_QUESTION_CLASS (class);

  question_class->build = build;
  question_class->show_value = show_value;
  question_class->read_value = read_value;
  question_class->has_clear = TRUE;
}

static void
sarap_range_question_init (SarapRangeQuestion *self)
{
}
