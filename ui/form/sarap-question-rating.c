#include "ui/form/sarap-question-kinds.h"

#include <glib/gi18n.h>

#include "ui/form/sarap-choice-button.h"
#include "ui/form/sarap-range-scale.h"
#include "ui/form/sarap-wrap-layout.h"

/* A range as stars. */

#define MAX_STARS 20

#define SARAP_TYPE_RATING_QUESTION (sarap_rating_question_get_type ())
G_DECLARE_FINAL_TYPE (SarapRatingQuestion, sarap_rating_question, SARAP, RATING_QUESTION, SarapQuestion)

struct _SarapRatingQuestion
{
  SarapQuestion parent_instance;

  GPtrArray *stars;
  char *value;
};

G_DEFINE_FINAL_TYPE (SarapRatingQuestion, sarap_rating_question, SARAP_TYPE_QUESTION)

static char *
read_value (SarapQuestion *question)
{
  return g_strdup (SARAP_RATING_QUESTION (question)->value);
}

static void
show_value (SarapQuestion *question, const char *value)
{
  SarapRatingQuestion *self = SARAP_RATING_QUESTION (question);
  gboolean is_filled = value[0] != '\0';

  g_free (self->value);
  self->value = g_strdup (value);
  for (guint i = 0; i < self->stars->len; i++)
    {
      SarapChoiceButton *star = g_ptr_array_index (self->stars, i);
      gboolean is_chosen = g_str_equal (sarap_choice_button_get_value (star), value);

      sarap_choice_button_set_checked (star, is_chosen);
      sarap_choice_button_set_icon_name (star, is_filled ? "starred-symbolic" : "non-starred-symbolic");
      if (is_chosen)
        is_filled = FALSE;
    }
}

static void
selected_cb (SarapRatingQuestion *self, SarapChoiceButton *star)
{
  show_value (SARAP_QUESTION (self), sarap_choice_button_get_value (star));
  sarap_question_commit (SARAP_QUESTION (self));
}

static void
build (SarapQuestion *question)
{
  SarapRatingQuestion *self = SARAP_RATING_QUESTION (question);
  SarapRangeScale range = sarap_range_scale_new (sarap_question_get_element (question));
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_RADIO_GROUP, "layout-manager", sarap_wrap_layout_new (4), NULL);
  guint n = MIN (sarap_range_scale_get_n_steps (&range), MAX_STARS - 1);
  double direction = range.end < range.start ? -1 : 1;

  for (guint i = 0; i <= n; i++)
    {
      GtkWidget *star = sarap_choice_button_new (GTK_ACCESSIBLE_ROLE_RADIO, SARAP_CHOICE_TILE);
      g_autofree char *value = sarap_range_scale_format (&range, range.start + direction * i * range.step);

      gtk_widget_add_css_class (star, "star");
      sarap_choice_button_set_value (SARAP_CHOICE_BUTTON (star), value);
      sarap_choice_button_set_label (SARAP_CHOICE_BUTTON (star), value);
      g_signal_connect_object (star, "selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (box), star);
      g_ptr_array_add (self->stars, star);
    }
  self->value = g_strdup ("");
  sarap_question_name_control (question, box, NULL);
  sarap_question_set_control (question, box);
}

static void
sarap_rating_question_finalize (GObject *object)
{
  SarapRatingQuestion *self = SARAP_RATING_QUESTION (object);

  g_ptr_array_unref (self->stars);
  g_free (self->value);
  G_OBJECT_CLASS (sarap_rating_question_parent_class)->finalize (object);
}

static void
sarap_rating_question_class_init (SarapRatingQuestionClass *class)
{
  SarapQuestionClass *question_class = SARAP_QUESTION_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = sarap_rating_question_finalize;
  question_class->build = build;
  question_class->show_value = show_value;
  question_class->read_value = read_value;
  question_class->has_clear = TRUE;
}

static void
sarap_rating_question_init (SarapRatingQuestion *self)
{
  self->stars = g_ptr_array_new ();
}
