#include "ui/form/sarap-form-view.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/common/sarap-text-prompt.h"
#include "ui/form/sarap-choice-list.h"
#include "ui/form/sarap-form-devices.h"
#include "ui/form/sarap-form-text.h"
#include "ui/form/sarap-jump-list.h"
#include "ui/form/sarap-removed-instance.h"
#include "ui/form/sarap-repeat-page.h"
#include "ui/form/sarap-review-page.h"
#include "ui/form/sarap-sheet.h"
#include "ui/sarap-window.h"

/*  1. `pages` is made anew from the interview when its state has changed, before the next frame;
 *     `key` names the page on screen. When that page is gone, the nearest one before it is shown.
 *  2. A page is left only after what was typed on it is an answer, and that answer is durable.
 *  3. Forward goes only from a page on which nothing is missing or wrong; back and jumps always.
 *  4. Where the form wants reasons, a draft that was opened again and changed is neither left nor finalized before
 *     the person has said why. */

#define SLIDE_MS 180
#define SWIPE_VELOCITY 600

struct _SarapFormView
{
  GtkWidget parent_instance;

  GtkWidget *host;
  GtkWidget *title;
  GtkWidget *saved;
  GtkWidget *recording;
  GtkWidget *language;
  GtkWidget *jump;
  GtkWidget *progress;
  GtkWidget *position;
  GtkWidget *stack;
  GtkWidget *back;
  GtkWidget *next;
  SarapSheet *sheet; /* jump list or languages, while open */

  SarapContext *context;
  SarapRecorder *recorder;
  SarapInterview *interview;
  SarapFormDevices *devices;
  GPtrArray *pages;
  char *key;
  guint index;
  guint sync_source;
  guint n_unsaved;
  SarapRemovedInstance *removed;
  gboolean is_over;    /* left or finalized */
  gboolean is_touched; /* something was answered here, or an instance added */
  gboolean is_edit;    /* of a draft that had been left */
  const char *wish;    /* action that waits for the reason */
};

G_DEFINE_FINAL_TYPE (SarapFormView, sarap_form_view, GTK_TYPE_WIDGET)

enum
{
  CLOSED,
  FINALIZED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void show_page (SarapFormView *self, guint index, const char *event);

static const SarapPage *
peek_page (SarapFormView *self)
{
  return g_ptr_array_index (self->pages, self->index);
}

static GtkWidget *
peek_shown (SarapFormView *self)
{
  return gtk_stack_get_visible_child (GTK_STACK (self->stack));
}

static void
toast (SarapFormView *self, const char *message)
{
  SarapWindow *window = sarap_window_of (GTK_WIDGET (self));

  if (window != NULL)
    sarap_window_toast (window, message, NULL, NULL, NULL);
}

static void
log_event (SarapFormView *self, const char *event)
{
  SarapAuditLog *log = sarap_recorder_get_audit_log (self->recorder);

  if (log != NULL)
    sarap_audit_log_event (log, event);
}

static void
log_page (SarapFormView *self, const SarapPage *page)
{
  SarapAuditLog *log = sarap_recorder_get_audit_log (self->recorder);
  const char *const repeat[] = { page->path, NULL };

  if (log == NULL)
    return;
  if (page->kind == SARAP_PAGE_QUESTIONS)
    sarap_audit_log_show (log, page->refs[1] == NULL ? "question" : "group questions", (const char *const *) page->refs);
  else
    sarap_audit_log_show (log, "add repeat", page->kind == SARAP_PAGE_REPEAT ? repeat : NULL);
  if (page->kind == SARAP_PAGE_REVIEW)
    sarap_audit_log_event (log, "end screen");
}

/* Rule 2. FALSE (and the person told) when the disk does not take it. */
static gboolean
make_durable (SarapFormView *self)
{
  GtkWidget *page = peek_shown (self);
  g_autoptr (GError) error = NULL;

  if (SARAP_IS_QUESTION_PAGE (page))
    sarap_question_page_flush (SARAP_QUESTION_PAGE (page));
  if (sarap_recorder_flush (self->recorder, &error))
    return TRUE;
  g_warning ("%s", error->message);
  toast (self, _ ("The answers could not be saved. Is the disk full?"));
  return FALSE;
}

static void
show_saved (SarapFormView *self, const char *text, const char *css_class)
{
  const char *const classes[] = { "saved", css_class, NULL };

  gtk_label_set_label (GTK_LABEL (self->saved), text);
  gtk_widget_set_css_classes (self->saved, (const char **) classes);
}

static void
show_position (SarapFormView *self)
{
  const SarapPage *page = peek_page (self);
  g_autofree char *position = g_strdup_printf (_ ("%u of %u"), self->index + 1, self->pages->len);
  g_autofree char *title = sarap_markdown_to_plain (page->title != NULL ? page->title : "");
  g_autofree char *upper = NULL;
  double fraction = self->pages->len > 1 ? (double) self->index / (self->pages->len - 1) : 1;
  char code[4];

  if (page->kind == SARAP_PAGE_REVIEW)
    gtk_label_set_label (GTK_LABEL (self->title), sarap_form_text (self->interview, N_ ("Review and finalize")));
  else
    gtk_label_set_label (GTK_LABEL (self->title), title[0] != '\0' ? title : sarap_form_get_title (sarap_interview_get_form (self->interview)));
  gtk_label_set_label (GTK_LABEL (self->position), position);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), fraction);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Progress"), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, position, -1);
  gtk_widget_set_sensitive (self->back, self->index > 0);
  gtk_widget_set_visible (self->next, page->kind != SARAP_PAGE_REVIEW);
  sarap_language_code (sarap_interview_get_language (self->interview), code);
  upper = g_ascii_strup (code, -1);
  gtk_button_set_label (GTK_BUTTON (self->language), upper[0] != '\0' ? upper : sarap_interview_get_language (self->interview));
}

/* Rule 1. */
static guint
find_shown (SarapFormView *self, GPtrArray *pages)
{
  int index = self->key != NULL ? sarap_pages_find (pages, self->key) : 0;
  const SarapPage *before = self->pages != NULL ? peek_page (self) : NULL;

  for (char **ref = before != NULL ? before->refs : NULL; index < 0 && ref != NULL && *ref != NULL; ref++)
    index = sarap_pages_find_ref (pages, *ref);
  for (guint i = self->index; index < 0 && i-- > 0;)
    index = sarap_pages_find (pages, ((const SarapPage *) g_ptr_array_index (self->pages, i))->key);
  return MAX (index, 0);
}

static void
update_shown (SarapFormView *self)
{
  GtkWidget *page = peek_shown (self);

  if (SARAP_IS_QUESTION_PAGE (page))
    sarap_question_page_update (SARAP_QUESTION_PAGE (page), peek_page (self));
  else if (SARAP_IS_REPEAT_PAGE (page))
    sarap_repeat_page_update (SARAP_REPEAT_PAGE (page));
  else if (SARAP_IS_REVIEW_PAGE (page))
    sarap_review_page_update (SARAP_REVIEW_PAGE (page));
  show_position (self);
}

static void
sync_pages (SarapFormView *self)
{
  g_autoptr (GPtrArray) before = NULL;
  GPtrArray *pages;
  guint index;

  if (self->sync_source == 0)
    return;
  g_clear_handle_id (&self->sync_source, g_source_remove);
  pages = sarap_pages_new (self->interview);
  index = find_shown (self, pages);
  before = g_steal_pointer (&self->pages);
  self->pages = pages;
  self->index = index;
  if (((const SarapPage *) g_ptr_array_index (pages, index))->kind == ((const SarapPage *) g_ptr_array_index (before, MIN (index, before->len - 1)))->kind && g_strcmp0 (peek_page (self)->key, self->key) == 0)
    {
      update_shown (self);
      return;
    }
  show_page (self, index, NULL);
}

static gboolean
sync_cb (gpointer data)
{
  SarapFormView *self = data;

  sync_pages (self);
  return G_SOURCE_REMOVE;
}

static void
state_changed_cb (SarapFormView *self)
{
  if (self->sync_source == 0 && !self->is_over)
    self->sync_source = g_idle_add_full (GTK_PRIORITY_RESIZE - 1, sync_cb, self, NULL);
}

/* Not what the form calculates for itself. */
static gboolean
is_by_person (SarapFormView *self, const SarapChange *change)
{
  const SarapElement *element = sarap_interview_get_element (self->interview, change->ref);

  if (change->kind != SARAP_CHANGE_VALUE)
    return TRUE;
  return element != NULL && sarap_element_get_kind (element) == SARAP_ELEMENT_QUESTION && !sarap_interview_is_readonly (self->interview, change->ref);
}

static void
changed_cb (SarapFormView *self, GPtrArray *changes)
{
  for (guint i = 0; i < changes->len && !self->is_touched; i++)
    self->is_touched = is_by_person (self, g_ptr_array_index (changes, i));
  if (changes->len == 0)
    return;
  self->n_unsaved++;
  show_saved (self, _ ("Saving…"), "waiting");
}

static void
saved_cb (SarapFormView *self, guint64 sequence)
{
  if (self->n_unsaved > 0)
    self->n_unsaved--;
  if (self->n_unsaved == 0)
    show_saved (self, _ ("Saved"), "done");
}

static void
failed_cb (SarapFormView *self, GError *error)
{
  g_warning ("%s", error->message);
  show_saved (self, _ ("Not saved"), "failed");
}

static void
added_cb (SarapFormView *self, const char *instance)
{
  g_autofree char *prefix = g_strconcat (instance, "/", NULL);

  sync_pages (self);
  for (guint i = 0; i < self->pages->len; i++)
    if (g_str_has_prefix (((const SarapPage *) g_ptr_array_index (self->pages, i))->key, prefix))
      {
        show_page (self, i, NULL);
        return;
      }
}

static void
undo_cb (gpointer data)
{
  SarapFormView *self = data;
  g_autoptr (SarapRemovedInstance) removed = g_steal_pointer (&self->removed);
  g_autofree char *ref = removed != NULL ? sarap_removed_instance_restore (removed, NULL) : NULL;

  sync_pages (self);
}

static void
remove_cb (SarapFormView *self, const char *instance)
{
  SarapWindow *window = sarap_window_of (GTK_WIDGET (self));
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->removed, sarap_removed_instance_free);
  self->removed = sarap_removed_instance_take (self->interview, instance, &error);
  if (self->removed == NULL)
    {
      g_warning ("%s", error->message);
      return;
    }
  sync_pages (self);
  if (window != NULL)
    sarap_window_toast (window, _ ("Removed"), _ ("Undo"), G_CALLBACK (undo_cb), self);
}

static void
problem_cb (SarapFormView *self, const char *ref)
{
  int index = sarap_pages_find_ref (self->pages, ref);

  if (index < 0)
    return;
  show_page (self, (guint) index, "jump");
  if (SARAP_IS_QUESTION_PAGE (peek_shown (self)))
    sarap_question_page_check (SARAP_QUESTION_PAGE (peek_shown (self)));
}

static void
sheet_closed_cb (SarapFormView *self)
{
  self->sheet = NULL;
}

static void
open_sheet (SarapFormView *self, GtkWidget *near, const char *title, GtkWidget *content)
{
  self->sheet = sarap_sheet_open (near, title, _ ("Close"), content);
  g_signal_connect_object (self->sheet, "closed", G_CALLBACK (sheet_closed_cb), self, G_CONNECT_SWAPPED);
}

static void
reason_cb (SarapFormView *self, const char *reason)
{
  sarap_audit_log_reason (sarap_recorder_get_audit_log (self->recorder), reason);
  self->is_edit = FALSE;
  sarap_sheet_close (self->sheet);
  gtk_widget_activate_action (GTK_WIDGET (self), self->wish, NULL);
}

/* Rule 4. @wish: the action that goes on when there is a reason. */
static gboolean
ask_for_reason (SarapFormView *self, GtkWidget *near, const char *wish)
{
  GtkWidget *prompt;

  if (!self->is_edit || !self->is_touched || sarap_recorder_get_audit_log (self->recorder) == NULL || !(sarap_form_get_audit_columns (sarap_interview_get_form (self->interview)) & SARAP_AUDIT_REASON))
    return FALSE;
  if (self->sheet != NULL)
    sarap_sheet_close (self->sheet);
  self->wish = wish;
  prompt = sarap_text_prompt_new (_ ("Why was it changed?"), _ ("The answers had been left before. The reason is kept in the log of times."), _ ("Save"));
  g_signal_connect_object (prompt, "given", G_CALLBACK (reason_cb), self, G_CONNECT_SWAPPED);
  open_sheet (self, near, _ ("Reason for the change"), prompt);
  return TRUE;
}

static gboolean
finish_devices (SarapFormView *self)
{
  g_autoptr (GError) error = NULL;

  if (sarap_form_devices_finish (self->devices, &error))
    return TRUE;
  g_warning ("%s", error->message);
  toast (self, _ ("The recording could not be saved. Is the disk full?"));
  return FALSE;
}

static void
finalize_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SarapFormView *self = SARAP_FORM_VIEW (widget);
  g_autoptr (GError) error = NULL;

  if (self->is_over || !make_durable (self) || ask_for_reason (self, self->jump, "form.finalize") || !finish_devices (self))
    return;
  if (!sarap_recorder_finalize (self->recorder, &error))
    {
      g_warning ("%s", error->message);
      toast (self, _ ("It could not be finalized."));
      update_shown (self);
      return;
    }
  self->is_over = TRUE;
  g_signal_emit (self, signals[FINALIZED], 0);
}

static void
finalize_cb (SarapFormView *self)
{
  finalize_action (GTK_WIDGET (self), NULL, NULL);
}

/* A choice that needs no Next: the page goes on by itself, once the tap has been seen. */
static gboolean
go_on_cb (gpointer data)
{
  SarapFormView *self = data;

  if (!self->is_over)
    gtk_widget_activate_action (GTK_WIDGET (self), "page.next", NULL);
  return G_SOURCE_REMOVE;
}

static void
answered_cb (SarapFormView *self, const char *ref)
{
  if (peek_page (self)->refs[1] == NULL)
    g_timeout_add_full (G_PRIORITY_DEFAULT, 150, go_on_cb, g_object_ref (self), g_object_unref);
}

static GtkWidget *
new_review_page (SarapFormView *self)
{
  g_autoptr (GPtrArray) aside = sarap_store_list_aside (sarap_context_get_store (self->context), sarap_interview_get_instance_id (self->interview), NULL);

  return sarap_review_page_new (self->interview, aside);
}

static GtkWidget *
new_page (SarapFormView *self, const SarapPage *page)
{
  GtkWidget *widget;

  if (page->kind == SARAP_PAGE_REVIEW)
    {
      widget = new_review_page (self);
      g_signal_connect_object (widget, "go-to", G_CALLBACK (problem_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (widget, "finalize", G_CALLBACK (finalize_cb), self, G_CONNECT_SWAPPED);
      return widget;
    }
  if (page->kind == SARAP_PAGE_REPEAT)
    {
      widget = sarap_repeat_page_new (self->interview, page->path);
      g_signal_connect_object (widget, "added", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (widget, "edit", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (widget, "remove", G_CALLBACK (remove_cb), self, G_CONNECT_SWAPPED);
      return widget;
    }
  widget = sarap_question_page_new (self->context, self->recorder, page);
  g_signal_connect_object (widget, "answered", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  return widget;
}

static void
remove_gone (SarapFormView *self)
{
  GtkWidget *next;

  for (GtkWidget *child = gtk_widget_get_first_child (self->stack); child != NULL; child = next)
    {
      next = gtk_widget_get_next_sibling (child);
      if (child != peek_shown (self))
        gtk_stack_remove (GTK_STACK (self->stack), child);
    }
}

static void
transition_cb (SarapFormView *self)
{
  if (!gtk_stack_get_transition_running (GTK_STACK (self->stack)))
    remove_gone (self);
}

static void
put_page (SarapFormView *self, GtkWidget *widget, gboolean is_forward)
{
  GtkWidget *before = peek_shown (self);
  gboolean had_focus = before != NULL && gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL;

  gtk_stack_add_child (GTK_STACK (self->stack), widget);
  gtk_stack_set_transition_type (GTK_STACK (self->stack), before == NULL ? GTK_STACK_TRANSITION_TYPE_NONE : is_forward ? GTK_STACK_TRANSITION_TYPE_SLIDE_LEFT
                                                                                                                       : GTK_STACK_TRANSITION_TYPE_SLIDE_RIGHT);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), widget);
  if (before != NULL)
    gtk_widget_set_can_focus (before, FALSE);
  if (!gtk_stack_get_transition_running (GTK_STACK (self->stack)))
    remove_gone (self);
  if (had_focus || before == NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self));
}

/* @event: what the audit log calls the way here; NULL for the next or previous page. */
static void
show_page (SarapFormView *self, guint index, const char *event)
{
  const SarapPage *page = g_ptr_array_index (self->pages, index);
  gboolean is_forward = index >= self->index;

  if (self->sheet != NULL)
    sarap_sheet_close (self->sheet);
  self->index = index;
  sarap_replace_string (&self->key, page->key);
  if (event != NULL)
    log_event (self, event);
  log_page (self, page);
  sarap_recorder_set_page (self->recorder, page->key, index + 1, self->pages->len);
  put_page (self, new_page (self, page), is_forward);
  show_position (self);
}

static void
next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SarapFormView *self = SARAP_FORM_VIEW (widget);
  GtkWidget *page = peek_shown (self);

  if (self->is_over || !make_durable (self))
    return;
  sync_pages (self);
  page = peek_shown (self);
  if (SARAP_IS_QUESTION_PAGE (page) && !sarap_question_page_check (SARAP_QUESTION_PAGE (page)))
    return;
  if (self->index + 1 < self->pages->len)
    show_page (self, self->index + 1, NULL);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SarapFormView *self = SARAP_FORM_VIEW (widget);

  if (self->is_over || !make_durable (self))
    return;
  sync_pages (self);
  if (self->index > 0)
    show_page (self, self->index - 1, NULL);
}

static void
close_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SarapFormView *self = SARAP_FORM_VIEW (widget);
  SarapAuditLog *log = sarap_recorder_get_audit_log (self->recorder);

  if (self->is_over || !make_durable (self) || ask_for_reason (self, self->jump, "screen.close") || !finish_devices (self))
    return;
  if (log != NULL)
    {
      sarap_audit_log_show (log, "question", NULL);
      sarap_audit_log_event (log, "form save");
      sarap_audit_log_event (log, "form exit");
    }
  if (!make_durable (self))
    return;
  self->is_over = TRUE;
  g_signal_emit (self, signals[CLOSED], 0);
}

static void
jump_cb (SarapFormView *self, const char *key, const char *ref)
{
  int index = sarap_pages_find (self->pages, key);

  sarap_sheet_close (self->sheet);
  if (index >= 0 && (guint) index != self->index)
    show_page (self, (guint) index, "jump");
}

static void
jump_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SarapFormView *self = SARAP_FORM_VIEW (widget);
  GtkWidget *list;

  if (self->sheet != NULL || !make_durable (self))
    return;
  sync_pages (self);
  if (SARAP_IS_QUESTION_PAGE (peek_shown (self)))
    sarap_question_page_close_sheet (SARAP_QUESTION_PAGE (peek_shown (self)));
  list = sarap_jump_list_new (self->interview, self->pages, self->key);
  g_signal_connect_object (list, "chosen", G_CALLBACK (jump_cb), self, G_CONNECT_SWAPPED);
  open_sheet (self, self->jump, _ ("All questions"), list);
}

static void
language_cb (SarapFormView *self, const char *language)
{
  sarap_sheet_close (self->sheet);
  make_durable (self);
  sarap_interview_set_language (self->interview, language);
}

static void
stop_recording_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SarapFormView *self = SARAP_FORM_VIEW (widget);

  sarap_form_devices_stop_recording (self->devices);
  toast (self, _ ("The recording has ended. What was recorded stays with the interview."));
}

static void
no_microphone_cb (SarapFormView *self)
{
  toast (self, _ ("There is no microphone. The interview is not recorded."));
}

/* Each language called by itself, as far as we know it. */
static const char *
name_language (const char *language)
{
  char code[4];

  sarap_language_code (language, code);
  if (g_str_equal (code, "kk"))
    return "Қазақша";
  if (g_str_equal (code, "ru"))
    return "Русский";
  return g_str_equal (code, "en") ? "English" : language;
}

static GPtrArray *
list_languages (SarapFormView *self)
{
  const char *const *languages = sarap_form_get_languages (sarap_interview_get_form (self->interview));
  GPtrArray *choices = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_choice_free);

  for (; *languages != NULL; languages++)
    {
      SarapChoice *choice = g_new0 (SarapChoice, 1);

      choice->value = g_strdup (*languages);
      choice->label = g_strdup (name_language (*languages));
      g_ptr_array_add (choices, choice);
    }
  return choices;
}

static void
language_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SarapFormView *self = SARAP_FORM_VIEW (widget);
  g_autoptr (GPtrArray) choices = list_languages (self);
  GtkWidget *list;

  if (self->sheet != NULL)
    return;
  list = sarap_choice_list_new (FALSE, _ ("Search"), _ ("Nothing found"));
  sarap_choice_list_prefer_rows (SARAP_CHOICE_LIST (list));
  sarap_choice_list_set_choices (SARAP_CHOICE_LIST (list), choices);
  sarap_choice_list_set_current (SARAP_CHOICE_LIST (list), sarap_interview_get_language (self->interview));
  g_signal_connect_object (list, "chosen", G_CALLBACK (language_cb), self, G_CONNECT_SWAPPED);
  open_sheet (self, self->language, _ ("Language of the questions"), list);
}

static void
swipe_cb (GtkGestureSwipe *gesture, double velocity_x, double velocity_y, SarapFormView *self)
{
  if (ABS (velocity_x) < SWIPE_VELOCITY || ABS (velocity_x) < 2 * ABS (velocity_y))
    return;
  gtk_widget_activate_action (GTK_WIDGET (self), velocity_x < 0 ? "page.next" : "page.back", NULL);
}

static void
add_shortcut (GtkEventController *controller, guint key, GdkModifierType modifiers, const char *action)
{
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_keyval_trigger_new (key, modifiers), gtk_named_action_new (action));

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
}

/* Before the widgets on the page: a scrolled page would take Page Down for itself. */
static void
add_keys (SarapFormView *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  add_shortcut (controller, GDK_KEY_Left, GDK_ALT_MASK, "page.back");
  add_shortcut (controller, GDK_KEY_Right, GDK_ALT_MASK, "page.next");
  add_shortcut (controller, GDK_KEY_Page_Up, 0, "page.back");
  add_shortcut (controller, GDK_KEY_Page_Down, 0, "page.next");
  add_shortcut (controller, GDK_KEY_j, GDK_CONTROL_MASK, "form.jump");
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static GtkWidget *
new_icon_button (const char *icon, const char *name, const char *action)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_add_css_class (button, "flat");
  return button;
}

static GtkWidget *
new_top (SarapFormView *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *leave = gtk_button_new_with_label (_ ("Save and leave"));

  self->jump = new_icon_button ("view-list-symbolic", _ ("All questions"), "form.jump");
  self->title = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, "xalign", 0.0, "hexpand", TRUE, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, "lines", 2, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  gtk_widget_add_css_class (self->title, "form-title");
  self->saved = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, NULL);
  gtk_widget_add_css_class (self->saved, "saved");
  self->recording = gtk_button_new_with_label (_ ("Stop recording"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->recording), "form.stop-recording");
  gtk_widget_add_css_class (self->recording, "recording");
  self->language = gtk_button_new_with_label ("");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->language), "form.language");
  gtk_widget_set_tooltip_text (self->language, _ ("Language of the questions"));
  gtk_widget_add_css_class (self->language, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (leave), "screen.close");
  gtk_widget_add_css_class (leave, "flat");
  gtk_widget_add_css_class (bar, "form-top");
  gtk_box_append (GTK_BOX (bar), self->title);
  gtk_box_append (GTK_BOX (bar), self->saved);
  gtk_box_append (GTK_BOX (bar), self->recording);
  gtk_box_append (GTK_BOX (bar), self->language);
  gtk_box_append (GTK_BOX (bar), self->jump);
  gtk_box_append (GTK_BOX (bar), leave);
  gtk_box_append (GTK_BOX (bar), new_icon_button ("system-lock-screen-symbolic", _ ("Hide at once"), "app.hide"));
  return bar;
}

static GtkWidget *
new_bottom (SarapFormView *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->back = gtk_button_new_with_label (_ ("Back"));
  self->next = gtk_button_new_with_label (_ ("Next"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->back), "page.back");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->next), "page.next");
  gtk_widget_add_css_class (self->back, "primary");
  gtk_widget_add_css_class (self->next, "primary");
  gtk_widget_add_css_class (self->next, "suggested-action");
  gtk_widget_add_css_class (bar, "form-bottom");
  self->position = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->position, "form-position");
  gtk_widget_set_hexpand (self->position, TRUE);
  gtk_box_append (GTK_BOX (bar), self->back);
  gtk_box_append (GTK_BOX (bar), self->position);
  gtk_box_append (GTK_BOX (bar), self->next);
  return bar;
}

static void
sarap_form_view_dispose (GObject *object)
{
  SarapFormView *self = SARAP_FORM_VIEW (object);

  self->is_over = TRUE;
  if (self->devices != NULL)
    sarap_form_devices_finish (self->devices, NULL);
  g_clear_object (&self->devices);
  g_clear_handle_id (&self->sync_source, g_source_remove);
  g_clear_pointer (&self->removed, sarap_removed_instance_free);
  g_clear_pointer (&self->host, gtk_widget_unparent);
  g_clear_pointer (&self->pages, g_ptr_array_unref);
  g_clear_object (&self->interview);
  g_clear_object (&self->recorder);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (sarap_form_view_parent_class)->dispose (object);
}

static void
sarap_form_view_finalize (GObject *object)
{
  g_free (SARAP_FORM_VIEW (object)->key);
  G_OBJECT_CLASS (sarap_form_view_parent_class)->finalize (object);
}

/* A page without anything to answer leaves the way on. */
static gboolean
sarap_form_view_grab_focus (GtkWidget *widget)
{
  SarapFormView *self = SARAP_FORM_VIEW (widget);
  GtkWidget *page = peek_shown (self);

  if (gtk_widget_grab_focus (page))
    return TRUE;
  return gtk_widget_get_visible (self->next) ? gtk_widget_grab_focus (self->next) : gtk_widget_child_focus (page, GTK_DIR_TAB_FORWARD);
}

static void
sarap_form_view_class_init (SarapFormViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_form_view_dispose;
  G_OBJECT_CLASS (class)->finalize = sarap_form_view_finalize;
  widget_class->grab_focus = sarap_form_view_grab_focus;
  signals[CLOSED] = g_signal_new ("closed", SARAP_TYPE_FORM_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FINALIZED] = g_signal_new ("finalized", SARAP_TYPE_FORM_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_install_action (widget_class, "page.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "page.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "screen.close", NULL, close_action);
  gtk_widget_class_install_action (widget_class, "form.finalize", NULL, finalize_action);
  gtk_widget_class_install_action (widget_class, "form.stop-recording", NULL, stop_recording_action);
  gtk_widget_class_install_action (widget_class, "form.jump", NULL, jump_action);
  gtk_widget_class_install_action (widget_class, "form.language", NULL, language_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "formview");
}

static void
sarap_form_view_init (SarapFormView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkGesture *swipe = gtk_gesture_swipe_new ();

  self->progress = gtk_progress_bar_new ();
  self->stack = gtk_stack_new ();
  gtk_stack_set_transition_duration (GTK_STACK (self->stack), SLIDE_MS);
  gtk_widget_set_vexpand (self->stack, TRUE);
  g_signal_connect_object (self->stack, "notify::transition-running", G_CALLBACK (transition_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (swipe, "swipe", G_CALLBACK (swipe_cb), self, 0);
  gtk_widget_add_controller (self->stack, GTK_EVENT_CONTROLLER (swipe));
  gtk_box_append (GTK_BOX (box), new_top (self));
  gtk_box_append (GTK_BOX (box), self->progress);
  gtk_box_append (GTK_BOX (box), self->stack);
  gtk_box_append (GTK_BOX (box), new_bottom (self));
  self->host = sarap_sheet_host_new (box);
  gtk_widget_set_parent (self->host, GTK_WIDGET (self));
  add_keys (self);
}

/* A draft comes back at its page and in its language; a new interview begins in the application's. */
static void
start (SarapFormView *self)
{
  g_autofree char *key = sarap_recorder_dup_page (self->recorder);
  int index;

  if (key == NULL || key[0] == '\0')
    sarap_interview_set_language (self->interview, sarap_context_get_language (self->context));
  self->is_edit = key != NULL && key[0] != '\0';
  self->pages = sarap_pages_new (self->interview);
  index = key != NULL ? sarap_pages_find (self->pages, key) : 0;
  show_page (self, MAX (index, 0), NULL);
}

GtkWidget *
sarap_form_view_new (SarapContext *context, SarapRecorder *recorder)
{
  SarapFormView *self = g_object_new (SARAP_TYPE_FORM_VIEW, NULL);

  self->context = g_object_ref (context);
  self->recorder = g_object_ref (recorder);
  self->interview = g_object_ref (sarap_recorder_get_interview (recorder));
  gtk_widget_set_visible (self->language, g_strv_length ((char **) sarap_form_get_languages (sarap_interview_get_form (self->interview))) > 1);
  start (self);
  self->devices = sarap_form_devices_new (context, recorder, TRUE);
  g_object_bind_property (self->devices, "recording", self->recording, "visible", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (self->devices, "no-microphone", G_CALLBACK (no_microphone_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->interview, "state-changed", G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->interview, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (recorder, "saved", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (recorder, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

char *
sarap_form_view_dup_record (SarapFormView *self)
{
  return g_strdup (sarap_interview_get_instance_id (self->interview));
}

/* Nothing happens when there is no such page now, or when it is shown already. */
void
sarap_form_view_go_to (SarapFormView *self, const char *page_key)
{
  int index;

  if (!make_durable (self))
    return;
  sync_pages (self);
  index = sarap_pages_find (self->pages, page_key);
  if (index >= 0 && (guint) index != self->index)
    show_page (self, (guint) index, "jump");
}

/* Whether anything was answered since this view was made. */
gboolean
sarap_form_view_is_touched (SarapFormView *self)
{
  return self->is_touched;
}
