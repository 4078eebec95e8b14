#include "ui/form/sarap-form-view.h"

#include "ui/common/sarap-clamp.h"
#include "ui/form/sarap-question.h"
#include "ui/form/sarap-sheet.h"

#define TEXT_WIDTH 760
#define CENTRED_WIDTH 1040

struct _SarapQuestionPage
{
  GtkWidget parent_instance;

  GtkWidget *host;
  GtkWidget *box;
  GPtrArray *questions; /* (element-type SarapQuestion), in the order of the page */
  SarapContext *context;
  SarapRecorder *recorder;
};

G_DEFINE_FINAL_TYPE (SarapQuestionPage, sarap_question_page, GTK_TYPE_WIDGET)

enum
{
  ANSWERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
chosen_cb (SarapQuestionPage *self, SarapQuestion *question)
{
  g_signal_emit (self, signals[ANSWERED], 0, sarap_question_get_ref (question));
}

/* Enter goes to the next question of the page, from the last one to the next page. */
static void
advance_cb (SarapQuestionPage *self, SarapQuestion *question)
{
  guint index;

  if (g_ptr_array_find (self->questions, question, &index))
    for (guint i = index + 1; i < self->questions->len; i++)
      if (sarap_question_focus (g_ptr_array_index (self->questions, i)))
        return;
  gtk_widget_activate_action (GTK_WIDGET (self), "page.next", NULL);
}

static void
enter_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  GtkWidget *question = focus != NULL ? gtk_widget_get_ancestor (focus, SARAP_TYPE_QUESTION) : NULL;

  if (question != NULL)
    advance_cb (SARAP_QUESTION_PAGE (widget), SARAP_QUESTION (question));
}

static gboolean
sarap_question_page_grab_focus (GtkWidget *widget)
{
  SarapQuestionPage *self = SARAP_QUESTION_PAGE (widget);

  for (guint i = 0; i < self->questions->len; i++)
    if (sarap_question_focus (g_ptr_array_index (self->questions, i)))
      return TRUE;
  return FALSE;
}

static void
sarap_question_page_dispose (GObject *object)
{
  SarapQuestionPage *self = SARAP_QUESTION_PAGE (object);

  g_ptr_array_set_size (self->questions, 0);
  g_clear_pointer (&self->host, gtk_widget_unparent);
  g_clear_object (&self->recorder);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_question_page_parent_class)->dispose (object);
}

static void
sarap_question_page_finalize (GObject *object)
{
  g_ptr_array_unref (SARAP_QUESTION_PAGE (object)->questions);
  G_OBJECT_CLASS (sarap_question_page_parent_class)->finalize (object);
}

static void
sarap_question_page_class_init (SarapQuestionPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_question_page_dispose;
  G_OBJECT_CLASS (class)->finalize = sarap_question_page_finalize;
  widget_class->grab_focus = sarap_question_page_grab_focus;
  signals[ANSWERED] = g_signal_new ("answered", SARAP_TYPE_QUESTION_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_install_action (widget_class, "page.enter", NULL, enter_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "questionpage");
}

static void
sarap_question_page_init (SarapQuestionPage *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *clamp;

  self->questions = g_ptr_array_new_with_free_func (g_object_unref);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->box, "questions");
  clamp = sarap_clamp_new (self->box, TEXT_WIDTH);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), clamp);
  gtk_widget_set_focusable (scroller, FALSE);
  self->host = sarap_sheet_host_new (scroller);
  gtk_widget_set_parent (self->host, GTK_WIDGET (self));
}

static SarapQuestion *
find_question (GPtrArray *questions, const char *ref)
{
  for (guint i = 0; i < questions->len; i++)
    if (g_str_equal (sarap_question_get_ref (g_ptr_array_index (questions, i)), ref))
      return g_ptr_array_index (questions, i);
  return NULL;
}

static SarapQuestion *
make_question (SarapQuestionPage *self, const char *ref)
{
  SarapQuestion *question = sarap_question_new (self->context, self->recorder, ref);

  g_signal_connect_object (question, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (question, "advance", G_CALLBACK (advance_cb), self, G_CONNECT_SWAPPED);
  return question;
}

GtkWidget *
sarap_question_page_new (SarapContext *context, SarapRecorder *recorder, const SarapPage *page)
{
  SarapQuestionPage *self = g_object_new (SARAP_TYPE_QUESTION_PAGE, NULL);

  self->context = g_object_ref (context);
  self->recorder = g_object_ref (recorder);
  sarap_question_page_update (self, page);
  return GTK_WIDGET (self);
}

/* Questions that are still there keep their widgets; new ones come in, irrelevant ones go. */
void
sarap_question_page_update (SarapQuestionPage *self, const SarapPage *page)
{
  g_autoptr (GPtrArray) before = g_steal_pointer (&self->questions);
  GtkWidget *previous = NULL;

  self->questions = g_ptr_array_new_with_free_func (g_object_unref);
  for (char **ref = page->refs; *ref != NULL; ref++)
    {
      SarapQuestion *question = find_question (before, *ref);

      if (question != NULL)
        {
          sarap_question_update (question);
          gtk_box_reorder_child_after (GTK_BOX (self->box), GTK_WIDGET (question), previous);
        }
      else
        {
          question = make_question (self, *ref);
          gtk_box_insert_child_after (GTK_BOX (self->box), GTK_WIDGET (question), previous);
        }
      g_ptr_array_add (self->questions, g_object_ref (question));
      previous = GTK_WIDGET (question);
    }
  for (guint i = 0; i < before->len; i++)
    if (find_question (self->questions, sarap_question_get_ref (g_ptr_array_index (before, i))) == NULL)
      gtk_box_remove (GTK_BOX (self->box), g_ptr_array_index (before, i));
}

gboolean
sarap_question_page_check (SarapQuestionPage *self)
{
  SarapQuestion *first = NULL;

  for (guint i = 0; i < self->questions->len; i++)
    if (!sarap_question_check (g_ptr_array_index (self->questions, i)) && first == NULL)
      first = g_ptr_array_index (self->questions, i);
  if (first == NULL)
    return TRUE;
  sarap_question_focus (first);
  return FALSE;
}

/* What was typed becomes an answer now, right or wrong. */
void
sarap_question_page_flush (SarapQuestionPage *self)
{
  for (guint i = 0; i < self->questions->len; i++)
    sarap_question_flush (g_ptr_array_index (self->questions, i));
}

/* Closes what lies over the questions. Returns: FALSE when nothing did. */
gboolean
sarap_question_page_close_sheet (SarapQuestionPage *self)
{
  return sarap_sheet_host_close (self->host);
}

void
sarap_question_page_set_centred (SarapQuestionPage *self)
{
  gtk_widget_set_valign (self->box, GTK_ALIGN_CENTER);
  g_object_set (gtk_widget_get_parent (self->box), "maximum-width", CENTRED_WIDTH, NULL);
}
