#include "ui/supervisor/sarap-received-list.h"

#include <glib/gi18n.h>

#include "app/form/sarap-form.h"
#include "app/store/sarap-store-forms.h"
#include "ui/common/sarap-empty-state.h"
#include "ui/common/sarap-list-item.h"
#include "ui/common/sarap-words.h"
#include "ui/supervisor/sarap-picker.h"
#include "ui/supervisor/sarap-received-row.h"
#include "ui/supervisor/sarap-submission-scores.h"

typedef enum
{
  FILTER_FORM,
  FILTER_REGION,
  FILTER_CENTRE,
  FILTER_SUBMITTER,
  FILTER_REVIEW,
  N_FILTERS,
} Filter;

struct _SarapReceivedList
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkEditable *search;
  GtkStack *stack;
  GtkListView *list;
  GtkDropDown *filters[N_FILTERS];
  GPtrArray *values[N_FILTERS]; /* what the entries of a filter stand for; NULL is all */

  SarapContext *context;
  SarapSubmissionScores *scores;
  GHashTable *titles; /* form id → title in the language */
  GListModel *submissions;
  char *kept; /* choice of the filter that is being filled */
  gboolean is_filling;
  guint refill_source;
};

G_DEFINE_FINAL_TYPE (SarapReceivedList, sarap_received_list, GTK_TYPE_WIDGET)

static guint activated_signal;

static const char *
chosen (SarapReceivedList *self, Filter filter)
{
  guint selected = gtk_drop_down_get_selected (self->filters[filter]);

  return selected < self->values[filter]->len ? g_ptr_array_index (self->values[filter], selected) : NULL;
}

static void
update_page (SarapReceivedList *self)
{
  SarapSubmissionFilter everything = { .review_state = -1 };
  gboolean is_empty = g_list_model_get_n_items (self->submissions) == 0;
  gboolean has_any = !is_empty || sarap_store_count_submissions (sarap_context_get_store (self->context), &everything, NULL) > 0;

  gtk_stack_set_visible_child_name (self->stack, !is_empty ? "list" : has_any ? "nothing"
                                                                              : "empty");
}

static void
apply_filter (SarapReceivedList *self)
{
  const char *text = gtk_editable_get_text (self->search);
  const char *review = chosen (self, FILTER_REVIEW);
  SarapSubmissionFilter filter = {
    .form_id = chosen (self, FILTER_FORM),
    .region = chosen (self, FILTER_REGION),
    .centre = chosen (self, FILTER_CENTRE),
    .submitter = chosen (self, FILTER_SUBMITTER),
    .search = *text != '\0' ? text : NULL,
    .review_state = review != NULL ? atoi (review) : -1,
  };

  if (self->is_filling)
    return;
  sarap_submission_list_set_filter (self->submissions, &filter);
  update_page (self);
}

static void
add_value (SarapReceivedList *self, Filter filter, GtkStringList *labels, const char *value, const char *label)
{
  g_ptr_array_add (self->values[filter], g_strdup (value));
  gtk_string_list_append (labels, label);
}

static GtkStringList *
begin_filter (SarapReceivedList *self, Filter filter, const char *all)
{
  GtkStringList *labels = gtk_string_list_new (NULL);

  g_free (self->kept);
  self->kept = g_strdup (chosen (self, filter));
  g_ptr_array_set_size (self->values[filter], 0);
  add_value (self, filter, labels, NULL, all);
  return labels;
}

static void
end_filter (SarapReceivedList *self, Filter filter, GtkStringList *labels)
{
  gtk_drop_down_set_model (self->filters[filter], G_LIST_MODEL (labels));
  gtk_widget_set_visible (GTK_WIDGET (self->filters[filter]), self->values[filter]->len > 1);
  g_object_unref (labels);
  for (guint i = 1; self->kept != NULL && i < self->values[filter]->len; i++)
    if (g_str_equal (g_ptr_array_index (self->values[filter], i), self->kept))
      gtk_drop_down_set_selected (self->filters[filter], i);
}

static void
fill_forms (SarapReceivedList *self)
{
  g_autoptr (GPtrArray) forms = sarap_store_list_forms (sarap_context_get_store (self->context), TRUE, NULL);
  GtkStringList *labels = begin_filter (self, FILTER_FORM, _ ("All questionnaires"));

  for (guint i = 0; forms != NULL && i < forms->len; i++)
    {
      const SarapFormEntry *entry = g_ptr_array_index (forms, i);
      char *title = sarap_form_dup_title_part (entry->title, sarap_context_get_language (self->context));

      add_value (self, FILTER_FORM, labels, entry->id, title);
      g_hash_table_replace (self->titles, g_strdup (entry->id), title);
    }
  end_filter (self, FILTER_FORM, labels);
}

/* The choices of the question that a filter is about, of the chosen form or the first that has it. */
static GPtrArray *
dup_choices (SarapReceivedList *self, const char *question)
{
  const char *form_id = chosen (self, FILTER_FORM);

  for (guint i = 1; i < self->values[FILTER_FORM]->len; i++)
    {
      const char *id = g_ptr_array_index (self->values[FILTER_FORM], i);
      g_autoptr (SarapForm) form = form_id == NULL || g_str_equal (id, form_id) ? sarap_store_load_form (sarap_context_get_store (self->context), id, NULL, NULL) : NULL;
      const SarapElement *element = form ? sarap_form_find_question (form, question) : NULL;

      if (element != NULL)
        return sarap_form_dup_choices (form, element, sarap_context_get_language (self->context));
    }
  return g_ptr_array_new ();
}

static gboolean
is_in_use (SarapReceivedList *self, SarapSubmissionFilter *filter)
{
  return sarap_store_count_submissions (sarap_context_get_store (self->context), filter, NULL) > 0;
}

static void
fill_regions (SarapReceivedList *self)
{
  g_autoptr (GPtrArray) choices = dup_choices (self, "region");
  GtkStringList *labels = begin_filter (self, FILTER_REGION, _ ("All regions"));

  for (guint i = 0; i < choices->len; i++)
    {
      const SarapChoice *choice = g_ptr_array_index (choices, i);

      add_value (self, FILTER_REGION, labels, choice->value, choice->label);
    }
  end_filter (self, FILTER_REGION, labels);
}

/* Centres are many: only those of the chosen region that sent something. */
static void
fill_centres (SarapReceivedList *self)
{
  const char *region = chosen (self, FILTER_REGION);
  g_autoptr (GPtrArray) choices = region ? dup_choices (self, "centre") : g_ptr_array_new ();
  GtkStringList *labels = begin_filter (self, FILTER_CENTRE, _ ("All centres"));

  for (guint i = 0; i < choices->len; i++)
    {
      const SarapChoice *choice = g_ptr_array_index (choices, i);
      SarapSubmissionFilter filter = { .region = region, .centre = choice->value, .review_state = -1 };

      if (is_in_use (self, &filter))
        add_value (self, FILTER_CENTRE, labels, choice->value, choice->label);
    }
  end_filter (self, FILTER_CENTRE, labels);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_utf8_collate (*(const char *const *) a, *(const char *const *) b);
}

static void
fill_submitters (SarapReceivedList *self)
{
  g_autoptr (GPtrArray) names = sarap_store_list_submitters (sarap_context_get_store (self->context), NULL);
  GtkStringList *labels = begin_filter (self, FILTER_SUBMITTER, _ ("Everyone"));

  if (names != NULL)
    g_ptr_array_sort (names, compare_names);
  for (guint i = 0; names != NULL && i < names->len; i++)
    add_value (self, FILTER_SUBMITTER, labels, g_ptr_array_index (names, i), g_ptr_array_index (names, i));
  end_filter (self, FILTER_SUBMITTER, labels);
}

static void
fill_reviews (SarapReceivedList *self)
{
  static const SarapReviewState states[] = { SARAP_REVIEW_NONE, SARAP_REVIEW_APPROVED, SARAP_REVIEW_HAS_ISSUES, SARAP_REVIEW_REJECTED };
  GtkStringList *labels = begin_filter (self, FILTER_REVIEW, _ ("Any decision"));

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autofree char *value = g_strdup_printf ("%d", states[i]);

      add_value (self, FILTER_REVIEW, labels, value, sarap_words_review (states[i]));
    }
  end_filter (self, FILTER_REVIEW, labels);
}

static void
selected_cb (SarapReceivedList *self, GParamSpec *pspec, GtkDropDown *filter)
{
  if (self->is_filling)
    return;
  if (filter == self->filters[FILTER_FORM] || filter == self->filters[FILTER_REGION])
    {
      self->is_filling = TRUE;
      if (filter == self->filters[FILTER_FORM])
        fill_regions (self);
      fill_centres (self);
      self->is_filling = FALSE;
    }
  apply_filter (self);
}

static const char *
title_of (SarapReceivedList *self, SarapSubmission *submission)
{
  const char *title = g_hash_table_lookup (self->titles, sarap_submission_get_form_id (submission));

  return title ? title : sarap_submission_get_form_id (submission);
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *item, SarapReceivedList *self)
{
  gtk_list_item_set_child (item, sarap_received_row_new (self->context));
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *item, SarapReceivedList *self)
{
  SarapSubmission *submission = gtk_list_item_get_item (item);
  const char *form_title = title_of (self, submission);
  g_autofree char *title = sarap_context_dup_title (self->context, sarap_submission_get_form_id (submission), sarap_submission_get_form_version (submission), form_title, sarap_submission_get_name (submission));
  SarapReceivedRow *row = SARAP_RECEIVED_ROW (gtk_list_item_get_child (item));
  SarapGrade grade = SARAP_GRADE_NONE;
  double score = 0;

  sarap_received_row_set_submission (row, submission, title, form_title);
  sarap_submission_scores_find (self->scores, submission, &score, &grade);
  sarap_received_row_set_score (row, score, grade);
  sarap_list_item_set_name (item, title);
}

static void
activate_cb (SarapReceivedList *self, guint position)
{
  g_autoptr (SarapSubmission) submission = g_list_model_get_item (self->submissions, position);

  g_signal_emit (self, activated_signal, 0, submission);
}

static GtkWidget *
new_filters (SarapReceivedList *self)
{
  const char *const names[N_FILTERS] = { _ ("Questionnaire"), _ ("Region"), _ ("Centre"), _ ("Sent by"), _ ("Decision") };
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "spacing", 8, "homogeneous", TRUE, NULL);

  for (int i = 0; i < N_FILTERS; i++)
    {
      self->filters[i] = sarap_picker_new (names[i]);
      self->values[i] = g_ptr_array_new_with_free_func (g_free);
      g_signal_connect_object (self->filters[i], "notify::selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->filters[i]));
    }
  return box;
}

static GtkWidget *
new_list (SarapReceivedList *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scroller = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER, "vexpand", TRUE, "focusable", FALSE, NULL);

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, G_CONNECT_DEFAULT);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_DEFAULT);
  self->list = GTK_LIST_VIEW (gtk_list_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (self->submissions))), factory));
  gtk_list_view_set_single_click_activate (self->list, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Received records"), -1);
  g_signal_connect_object (self->list, "activate", G_CALLBACK (activate_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_css_class (scroller, "records");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->list));
  return scroller;
}

static void
sarap_received_list_dispose (GObject *object)
{
  SarapReceivedList *self = SARAP_RECEIVED_LIST (object);

  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  self->list = NULL;
  g_clear_handle_id (&self->refill_source, g_source_remove);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->kept, g_free);
  for (int i = 0; i < N_FILTERS; i++)
    g_clear_pointer (&self->values[i], g_ptr_array_unref);
  g_clear_pointer (&self->titles, g_hash_table_unref);
  g_clear_pointer (&self->scores, sarap_submission_scores_free);
  g_clear_object (&self->submissions);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_received_list_parent_class)->dispose (object);
}

static void
sarap_received_list_class_init (SarapReceivedListClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sarap_received_list_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  activated_signal = g_signal_new ("activated", SARAP_TYPE_RECEIVED_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, SARAP_TYPE_SUBMISSION);
}

static void
sarap_received_list_init (SarapReceivedList *self)
{
  self->titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

static void
fill_all (SarapReceivedList *self)
{
  self->is_filling = TRUE;
  fill_forms (self);
  fill_regions (self);
  fill_centres (self);
  fill_submitters (self);
  fill_reviews (self);
  self->is_filling = FALSE;
}

static gboolean
refill_cb (gpointer data)
{
  SarapReceivedList *self = data;

  self->refill_source = 0;
  fill_all (self);
  apply_filter (self);
  return G_SOURCE_REMOVE;
}

/* New forms and new senders; a round brings many at once. */
static void
changed_cb (SarapReceivedList *self, SarapStoreTopic topic)
{
  if (topic == SARAP_STORE_TOPIC_FORMS)
    {
      sarap_submission_scores_free (self->scores);
      self->scores = sarap_submission_scores_new (sarap_context_get_store (self->context));
    }
  if ((topic == SARAP_STORE_TOPIC_FORMS || topic == SARAP_STORE_TOPIC_RECEIVED) && self->refill_source == 0)
    self->refill_source = g_timeout_add_seconds (1, refill_cb, self);
}

GtkWidget *
sarap_received_list_new (SarapContext *context)
{
  SarapReceivedList *self = g_object_new (SARAP_TYPE_RECEIVED_LIST, NULL);
  const SarapSubmissionFilter everything = { .review_state = -1 };

  self->context = g_object_ref (context);
  self->scores = sarap_submission_scores_new (sarap_context_get_store (context));
  self->submissions = sarap_submission_list_new (sarap_context_get_store (context), &everything);
  self->search = GTK_EDITABLE (g_object_new (GTK_TYPE_SEARCH_ENTRY, "placeholder-text", _ ("Search by name"), NULL));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Search by name"), -1);
  g_signal_connect_object (self->search, "search-changed", G_CALLBACK (apply_filter), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->search));
  gtk_box_append (GTK_BOX (self->box), new_filters (self));
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, new_list (self), "list");
  gtk_stack_add_named (self->stack, sarap_empty_state_new ("sarap-sent-symbolic", _ ("Nothing received yet"), _ ("Submissions of the project come here with the next synchronising, to be read and decided on, also without a network."), NULL), "empty");
  gtk_stack_add_named (self->stack, sarap_empty_state_new ("system-search-symbolic", _ ("Nothing found"), _ ("No submission fits all filters."), NULL), "nothing");
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->stack));
  fill_all (self);
  g_signal_connect_object (self->submissions, "items-changed", G_CALLBACK (update_page), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (sarap_context_get_store (context), "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  update_page (self);
  return GTK_WIDGET (self);
}

void
sarap_received_list_search (SarapReceivedList *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

SarapSubmission *
sarap_received_list_dup_neighbour (SarapReceivedList *self, const char *id, int step)
{
  guint n = g_list_model_get_n_items (self->submissions);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SarapSubmission) submission = g_list_model_get_item (self->submissions, i);

      if (g_str_equal (sarap_submission_get_id (submission), id))
        return (step < 0 && i == 0) ? NULL : g_list_model_get_item (self->submissions, i + step);
    }
  return NULL;
}
