#include "ui/form/sarap-review-page.h"

#include <glib/gi18n.h>

#include "app/form/sarap-pages.h"
#include "ui/common/sarap-clamp.h"
#include "ui/form/sarap-form-text.h"

#define PAGE_WIDTH 760

struct _SarapReviewPage
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkWidget *heading;
  GtkWidget *count;
  GtkWidget *problems;
  GtkWidget *finalize;
  GtkWidget *explanation;
  GtkWidget *aside;
  SarapInterview *interview;
};

G_DEFINE_FINAL_TYPE (SarapReviewPage, sarap_review_page, GTK_TYPE_WIDGET)

enum
{
  GO_TO,
  FINALIZE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *text (SarapReviewPage *self, const char *message) G_GNUC_FORMAT (2);

static const char *
text (SarapReviewPage *self, const char *message)
{
  return sarap_form_text (self->interview, message);
}

static gboolean
is_asked (SarapReviewPage *self, const char *ref)
{
  const SarapElement *element = sarap_interview_get_element (self->interview, ref);

  return element != NULL && sarap_element_get_question_kind (element) != SARAP_QUESTION_NOTE && !sarap_element_has_appearance (element, "label") && !sarap_interview_is_readonly (self->interview, ref);
}

static void
count_answers (SarapReviewPage *self, guint *n_answered, guint *n_asked)
{
  g_autoptr (GPtrArray) pages = sarap_pages_new (self->interview);

  *n_answered = 0;
  *n_asked = 0;
  for (guint i = 0; i < pages->len; i++)
    {
      const SarapPage *page = g_ptr_array_index (pages, i);

      for (char **ref = page->refs; ref != NULL && *ref != NULL; ref++)
        if (is_asked (self, *ref))
          {
            *n_asked += 1;
            *n_answered += sarap_interview_peek_value (self->interview, *ref)[0] != '\0';
          }
    }
}

static void
problem_cb (GtkWidget *button, SarapReviewPage *self)
{
  g_signal_emit (self, signals[GO_TO], 0, g_object_get_data (G_OBJECT (button), "ref"));
}

static void
finalize_cb (SarapReviewPage *self)
{
  g_signal_emit (self, signals[FINALIZE], 0);
}

static GtkWidget *
new_text (const char *string, const char *css_class)
{
  GtkWidget *label = gtk_label_new (string);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static const char *
peek_message (SarapReviewPage *self, const SarapViolation *violation)
{
  if (violation->message != NULL && violation->message[0] != '\0')
    return violation->message;
  return text (self, violation->result == SARAP_ANSWER_REQUIRED_BUT_EMPTY ? N_ ("An answer is needed here.") : N_ ("This answer is not accepted."));
}

static void
append_problem (SarapReviewPage *self, const SarapViolation *violation)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *label = sarap_interview_dup_label (self->interview, violation->ref);
  g_autofree char *plain = sarap_markdown_to_plain (label);
  g_autofree char *name = g_strdup_printf ("%s: %s", plain, peek_message (self, violation));

  gtk_box_append (GTK_BOX (box), new_text (plain, "problem-question"));
  gtk_box_append (GTK_BOX (box), new_text (peek_message (self, violation), "problem-message"));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "problem");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), "ref", g_strdup (violation->ref), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (problem_cb), self, 0);
  gtk_box_append (GTK_BOX (self->problems), button);
}

static gboolean
sarap_review_page_grab_focus (GtkWidget *widget)
{
  SarapReviewPage *self = SARAP_REVIEW_PAGE (widget);
  GtkWidget *problem = gtk_widget_get_first_child (self->problems);

  return gtk_widget_grab_focus (problem != NULL ? problem : self->finalize);
}

static void
sarap_review_page_dispose (GObject *object)
{
  SarapReviewPage *self = SARAP_REVIEW_PAGE (object);

  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_object (&self->interview);
  G_OBJECT_CLASS (sarap_review_page_parent_class)->dispose (object);
}

static void
sarap_review_page_class_init (SarapReviewPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_review_page_dispose;
  widget_class->grab_focus = sarap_review_page_grab_focus;
  signals[GO_TO] = g_signal_new ("go-to", SARAP_TYPE_REVIEW_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[FINALIZE] = g_signal_new ("finalize", SARAP_TYPE_REVIEW_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "reviewpage");
}

static void
sarap_review_page_init (SarapReviewPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 16);

  gtk_widget_add_css_class (box, "questions");
  self->heading = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, "wrap", TRUE, "xalign", 0.0, NULL);
  gtk_widget_add_css_class (self->heading, "question-label");
  self->count = new_text (NULL, "review-count");
  self->problems = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  self->explanation = new_text (NULL, "quiet");
  self->finalize = gtk_button_new_with_label ("");
  gtk_widget_add_css_class (self->finalize, "suggested-action");
  gtk_widget_add_css_class (self->finalize, "primary");
  gtk_widget_set_halign (self->finalize, GTK_ALIGN_START);
  g_signal_connect_object (self->finalize, "clicked", G_CALLBACK (finalize_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), self->heading);
  gtk_box_append (GTK_BOX (box), self->count);
  gtk_box_append (GTK_BOX (box), self->problems);
  gtk_box_append (GTK_BOX (box), self->explanation);
  gtk_box_append (GTK_BOX (box), self->finalize);
  self->aside = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_box_append (GTK_BOX (box), self->aside);
  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), sarap_clamp_new (box, PAGE_WIDTH));
  gtk_widget_set_focusable (self->scroller, FALSE);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

static void
add_aside (SarapReviewPage *self, GPtrArray *aside)
{
  GtkWidget *heading = new_text (text (self, N_ ("Answers that the new form has no place for")), "review-count");

  gtk_box_append (GTK_BOX (self->aside), heading);
  for (guint i = 0; i < aside->len; i++)
    {
      const SarapAside *answer = g_ptr_array_index (aside, i);
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
      g_autofree char *label = sarap_markdown_to_plain (answer->label);

      gtk_box_append (GTK_BOX (box), new_text (label, "quiet"));
      gtk_box_append (GTK_BOX (box), new_text (answer->text, "problem-question"));
      gtk_box_append (GTK_BOX (self->aside), box);
    }
}

GtkWidget *
sarap_review_page_new (SarapInterview *interview, GPtrArray *aside)
{
  SarapReviewPage *self = g_object_new (SARAP_TYPE_REVIEW_PAGE, NULL);

  self->interview = g_object_ref (interview);
  if (aside != NULL && aside->len > 0)
    add_aside (self, aside);
  sarap_review_page_update (self);
  return GTK_WIDGET (self);
}

void
sarap_review_page_update (SarapReviewPage *self)
{
  g_autoptr (GPtrArray) violations = sarap_interview_dup_violations (self->interview);
  g_autofree char *count = NULL;
  guint n_answered;
  guint n_asked;
  GtkWidget *child;

  count_answers (self, &n_answered, &n_asked);
  count = g_strdup_printf (text (self, N_ ("Answered: %u of %u questions")), n_answered, n_asked);
  while ((child = gtk_widget_get_first_child (self->problems)) != NULL)
    gtk_box_remove (GTK_BOX (self->problems), child);
  for (guint i = 0; i < violations->len; i++)
    append_problem (self, g_ptr_array_index (violations, i));
  gtk_label_set_label (GTK_LABEL (self->heading), violations->len > 0 ? text (self, N_ ("Some answers need your attention")) : text (self, N_ ("Everything is in order")));
  gtk_label_set_label (GTK_LABEL (self->count), count);
  gtk_label_set_label (GTK_LABEL (self->explanation), violations->len > 0 ? text (self, N_ ("Touch a question to go to it. It can be finalized when all of them are in order.")) : text (self, N_ ("After finalizing, the answers cannot be changed any more. They are sent as soon as there is a network.")));
  gtk_button_set_label (GTK_BUTTON (self->finalize), text (self, N_ ("Finalize")));
  gtk_widget_set_sensitive (self->finalize, violations->len == 0);
}
