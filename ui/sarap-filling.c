#include "ui/sarap-filling.h"

#include <glib/gi18n.h>

#include "app/form/sarap-form.h"
#include "app/store/sarap-draft-guard.h"
#include "app/store/sarap-store-forms.h"
#include "app/store/sarap-store-records.h"
#include "ui/common/sarap-text-prompt.h"
#include "ui/common/sarap-words.h"
#include "ui/form/sarap-form-view.h"

/* The last button is the one that Enter takes. */
enum
{
  OLD_VERSION,
  NEW_VERSION
};

static void
complain (SarapWindow *window, const char *heading, const GError *error)
{
  const char *const buttons[] = { _ ("Close"), NULL };
  gboolean is_full = g_error_matches (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_FULL);

  sarap_window_ask (window, heading, is_full ? _ ("There is no room left on this device. Interviews that are open can be finished; nothing new can be begun.") : error->message, buttons, -1, NULL, NULL);
}

static void
closed_cb (GtkWidget *view)
{
  SarapWindow *window = sarap_window_of (view);

  if (window == NULL)
    return;
  sarap_window_pop_screen (window, view);
  sarap_window_toast (window, _ ("Kept as a draft"), NULL, NULL, NULL);
}

/* One that was opened and left without an answer was only looked at. */
static void
new_closed_cb (GtkWidget *view, const char *record_id)
{
  SarapWindow *window = sarap_window_of (view);
  g_autoptr (GError) error = NULL;

  if (window == NULL || sarap_form_view_is_touched (SARAP_FORM_VIEW (view)))
    {
      closed_cb (view);
      return;
    }
  if (!sarap_store_delete_draft (sarap_context_get_store (sarap_window_get_context (window)), record_id, &error))
    g_warning ("the empty draft was not deleted: %s", error->message);
  sarap_window_pop_screen (window, view);
}

static void
finalized_cb (GtkWidget *view)
{
  SarapWindow *window = sarap_window_of (view);

  if (window == NULL)
    return;
  sarap_window_pop_screen (window, view);
  sarap_window_toast (window, _ ("Finished. It is sent as soon as there is a network."), NULL, NULL, NULL);
  sarap_syncer_start (sarap_context_get_syncer (sarap_window_get_context (window)), FALSE);
}

static GtkWidget *
show (SarapWindow *window, SarapRecorder *recorder)
{
  SarapContext *context = sarap_window_get_context (window);
  SarapForm *form = sarap_interview_get_form (sarap_recorder_get_interview (recorder));
  g_autofree char *title = sarap_form_dup_title_part (sarap_form_get_title (form), sarap_context_get_language (context));
  GtkWidget *view = sarap_form_view_new (context, recorder);

  g_signal_connect (view, "finalized", G_CALLBACK (finalized_cb), NULL);
  sarap_window_push (window, view, title);
  return view;
}

static void
free_id (gpointer id, GClosure *closure)
{
  g_free (id);
}

/* @interviewer: what the person has said when the form asks, else NULL. */
static gboolean
start_as (SarapWindow *window, const char *form_id, const char *interviewer)
{
  SarapContext *context = sarap_window_get_context (window);
  SarapStore *store = sarap_context_get_store (context);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapForm) form = sarap_store_load_form (store, form_id, NULL, &error);
  g_autoptr (SarapInterview) interview = NULL;
  g_autoptr (SarapRecorder) recorder = NULL;
  SarapInterviewSettings settings;

  sarap_context_get_interview_settings (context, &settings);
  settings.interviewer = interviewer;
  if (form != NULL)
    interview = sarap_interview_new (form, sarap_context_get_clock (context), &settings, &error);
  if (interview != NULL)
    recorder = sarap_recorder_new (store, interview, sarap_role_to_string (sarap_context_get_role (context)), &error);
  if (recorder == NULL)
    complain (window, _ ("This form cannot be opened"), error);
  else
    g_signal_connect_data (show (window, recorder), "closed", G_CALLBACK (new_closed_cb), g_strdup (sarap_interview_get_instance_id (interview)), free_id, 0);
  return recorder != NULL;
}

static gboolean resume_as (SarapWindow *window, const char *record_id, const char *interviewer);

typedef struct
{
  SarapWindow *window;
  char *record_id;
  char *interviewer;
} Blocked;

static void
blocked_cb (int button, gpointer data)
{
  Blocked *blocked = data;
  g_autoptr (GError) error = NULL;

  if (button == 1 && !sarap_store_unblock_draft (sarap_context_get_store (sarap_window_get_context (blocked->window)), blocked->record_id, &error))
    complain (blocked->window, _ ("This draft cannot be opened"), error);
  else if (button == 1)
    resume_as (blocked->window, blocked->record_id, blocked->interviewer);
  g_object_unref (blocked->window);
  g_free (blocked->record_id);
  g_free (blocked->interviewer);
  g_free (blocked);
}

static void
tell_blocked (SarapWindow *window, const char *record_id, const char *interviewer)
{
  const char *const buttons[] = { _ ("Leave it"), _ ("Try again"), NULL };
  Blocked *blocked = g_new (Blocked, 1);

  *blocked = (Blocked){ g_object_ref (window), g_strdup (record_id), g_strdup (interviewer) };
  sarap_window_ask (window, _ ("This draft cannot be opened"), _ ("Sarap crashed three times while opening it. All its answers are kept. Tell your supervisor, or try once more."), buttons, -1, blocked_cb, blocked);
}

static gboolean
resume_as (SarapWindow *window, const char *record_id, const char *interviewer)
{
  SarapContext *context = sarap_window_get_context (window);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapRecorder) recorder = NULL;
  SarapInterviewSettings settings;

  sarap_context_get_interview_settings (context, &settings);
  settings.interviewer = interviewer;
  recorder = sarap_recorder_resume (sarap_context_get_store (context), record_id, &settings, &error);
  if (g_error_matches (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_CRASHED))
    tell_blocked (window, record_id, interviewer);
  else if (recorder == NULL)
    complain (window, _ ("This draft cannot be opened"), error);
  else
    g_signal_connect (show (window, recorder), "closed", G_CALLBACK (closed_cb), NULL);
  return recorder != NULL;
}

typedef gboolean (*Opener) (SarapWindow *window, const char *id, const char *interviewer);

typedef struct
{
  Opener open;
  char *id; /* of the form or of the draft */
} Wish;

static void
wish_free (gpointer data, GClosure *closure)
{
  Wish *wish = data;

  g_free (wish->id);
  g_free (wish);
}

static void
named_cb (GtkWidget *prompt, const char *name, Wish *wish)
{
  SarapWindow *window = sarap_window_of (prompt);
  Opener open = wish->open;
  g_autofree char *id = g_strdup (wish->id);
  g_autofree char *interviewer = g_strdup (name);

  sarap_window_pop_screen (window, prompt);
  open (window, id, interviewer);
}

/* Opens @id, after the person has said who it is where the audit log of @form asks for that (odk:identify-user). Going
 * back instead opens nothing. */
static gboolean
open_by_name (SarapWindow *window, SarapForm *form, const char *id, Opener open)
{
  GtkWidget *prompt;
  Wish *wish;

  if (form == NULL || !(sarap_form_get_audit_columns (form) & SARAP_AUDIT_USER))
    return open (window, id, NULL);
  wish = g_new (Wish, 1);
  *wish = (Wish){ open, g_strdup (id) };
  prompt = sarap_text_prompt_new (_ ("Who fills this in?"), _ ("This form keeps the name in its log of times."), _ ("Go on"));
  g_signal_connect_data (prompt, "given", G_CALLBACK (named_cb), wish, wish_free, 0);
  sarap_window_push (window, prompt, sarap_form_get_title (form));
  gtk_widget_grab_focus (prompt);
  return TRUE;
}

/* A new interview with the current version of the form, owned by the role that is at work.
 * Returns: FALSE when it cannot be opened; the person has been told why. */
gboolean
sarap_filling_start (SarapWindow *window, const char *form_id)
{
  g_autoptr (SarapForm) form = sarap_store_load_form (sarap_context_get_store (sarap_window_get_context (window)), form_id, NULL, NULL);

  return open_by_name (window, form, form_id, start_as);
}

static gboolean
resume (SarapWindow *window, const char *record_id)
{
  SarapStore *store = sarap_context_get_store (sarap_window_get_context (window));
  g_autoptr (SarapRecord) record = sarap_store_find_record (store, record_id, NULL);
  g_autoptr (SarapForm) form = record ? sarap_store_load_form (store, sarap_record_get_form_id (record), sarap_record_get_form_version (record), NULL) : NULL;

  return open_by_name (window, form, record_id, resume_as);
}

static void
move (SarapWindow *window, const char *record_id)
{
  SarapContext *context = sarap_window_get_context (window);
  g_autoptr (GError) error = NULL;
  SarapInterviewSettings settings;
  guint n_aside;

  sarap_context_get_interview_settings (context, &settings);
  if (!sarap_store_move_draft (sarap_context_get_store (context), record_id, &settings, &n_aside, &error))
    {
      g_warning ("%s", error->message);
      sarap_window_toast (window, _ ("The new version cannot take this draft. It stays with the old one."), NULL, NULL, NULL);
    }
  else if (n_aside > 0)
    {
      g_autofree char *message = g_strdup_printf (ngettext ("%u answer has no place in the new form. It is kept and shown on the last page.", "%u answers have no place in the new form. They are kept and shown on the last page.", n_aside), n_aside);

      sarap_window_toast (window, message, NULL, NULL, NULL);
    }
}

typedef struct
{
  GWeakRef window;
  char *record_id;
} Choice;

/* Leaving the question leaves the draft as it is and closed. */
static void
chosen_cb (int button, gpointer data)
{
  Choice *choice = data;
  g_autoptr (SarapWindow) window = g_weak_ref_get (&choice->window);

  if (window != NULL && button == NEW_VERSION)
    move (window, choice->record_id);
  if (window != NULL && button >= 0)
    resume (window, choice->record_id);
  g_weak_ref_clear (&choice->window);
  g_free (choice->record_id);
  g_free (choice);
}

static void
ask_for_version (SarapWindow *window, const char *record_id)
{
  const char *const buttons[] = { [OLD_VERSION] = _ ("Keep the old one"), [NEW_VERSION] = _ ("Use the new version"), NULL };
  Choice *choice = g_new0 (Choice, 1);

  g_weak_ref_init (&choice->window, window);
  choice->record_id = g_strdup (record_id);
  sarap_window_ask (window, _ ("This form has a new version"), _ ("The answers of this draft go over to it. What it has no place for is kept beside the record."), buttons, -1, chosen_cb, choice);
}

/* A draft, at the page where it was left and in its language; when its form has a newer version, the person is asked
 * first. Returns: as sarap_filling_start(). */
gboolean
sarap_filling_resume (SarapWindow *window, const char *record_id)
{
  if (!sarap_store_has_newer_form (sarap_context_get_store (sarap_window_get_context (window)), record_id))
    return resume (window, record_id);
  ask_for_version (window, record_id);
  return TRUE;
}
