#include "ui/form/sarap-question.h"

#include <glib/gi18n.h>

#include "ui/form/sarap-form-text.h"

#define TYPING_PAUSE_MS 200

typedef struct
{
  SarapContext *context;
  SarapRecorder *recorder;
  const SarapElement *element;
  char *ref;
  char *name;  /* label as plain text */
  char *shown; /* what the control says, as stored text */

  GtkWidget *head;
  GtkWidget *label;
  GtkWidget *hint;
  GtkWidget *guidance;
  GtkWidget *guidance_text;
  GtkWidget *media;
  GtkWidget *slot;
  GtkWidget *value;
  GtkWidget *problem;
  GtkWidget *problem_text;
  GtkWidget *clear;

  char *media_name;
  GPtrArray *controls;
  guint typing;
  gboolean is_showing;
  gboolean is_answering;
  gboolean is_revealed; /* rule 3 */
} SarapQuestionPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (SarapQuestion, sarap_question, GTK_TYPE_WIDGET)

enum
{
  PROP_CONTEXT = 1,
  PROP_RECORDER,
  PROP_REF,
  N_PROPERTIES
};

enum
{
  CHOSEN,
  ADVANCE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

typedef struct
{
  GtkWidget *widget; /* weak */
  char *part;
} Control;

static void
control_free (Control *control)
{
  g_clear_weak_pointer (&control->widget);
  g_free (control->part);
  g_free (control);
}

static void
describe_control (SarapQuestion *self, Control *control, const char *problem)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);
  SarapInterview *interview = sarap_question_get_interview (self);
  gboolean is_required = sarap_interview_is_required (interview, priv->ref);
  g_autoptr (GString) name = g_string_new (priv->name);
  const char *description = problem != NULL ? problem : gtk_label_get_text (GTK_LABEL (priv->hint));

  if (control->widget == NULL)
    return;
  if (control->part != NULL)
    g_string_append_printf (name, ", %s", sarap_question_text (self, control->part));
  if (is_required)
    g_string_append_printf (name, ", %s", sarap_question_text (self, N_ ("required")));
  gtk_accessible_update_property (GTK_ACCESSIBLE (control->widget),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name->str,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description,
                                  GTK_ACCESSIBLE_PROPERTY_REQUIRED, is_required,
                                  -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (control->widget),
                               GTK_ACCESSIBLE_STATE_INVALID, problem != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

static void
show_problem (SarapQuestion *self, const char *message)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);

  gtk_widget_set_visible (priv->problem, message != NULL);
  gtk_label_set_label (GTK_LABEL (priv->problem_text), message != NULL ? message : "");
  if (message != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "invalid");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "invalid");
  for (guint i = 0; i < priv->controls->len; i++)
    describe_control (self, g_ptr_array_index (priv->controls, i), message);
}

static SarapAnswerResult
update_problem (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);
  g_autofree char *message = NULL;
  SarapAnswerResult result = sarap_interview_validate (sarap_question_get_interview (self), priv->ref, &message);

  if (result == SARAP_ANSWER_OK || !priv->is_revealed)
    show_problem (self, NULL);
  else if (message != NULL && message[0] != '\0')
    show_problem (self, message);
  else if (result == SARAP_ANSWER_REQUIRED_BUT_EMPTY)
    show_problem (self, sarap_question_text (self, N_ ("An answer is needed here.")));
  else
    show_problem (self, sarap_question_text (self, SARAP_QUESTION_GET_CLASS (self)->invalid_text));
  return result;
}

static void
show_media (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);
  SarapInterview *interview = sarap_question_get_interview (self);
  g_autofree char *name = sarap_interview_dup_label_media (interview, priv->ref, "image");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  if (g_strcmp0 (name, priv->media_name) == 0)
    return;
  sarap_replace_string (&priv->media_name, name);
  if (name != NULL)
    bytes = sarap_form_dup_media (sarap_interview_get_form (interview), name);
  if (bytes != NULL)
    texture = gdk_texture_new_from_bytes (bytes, NULL);
  gtk_picture_set_paintable (GTK_PICTURE (priv->media), GDK_PAINTABLE (texture));
  gtk_widget_set_visible (priv->media, texture != NULL);
}

static void
show_optional_text (GtkWidget *label, GtkWidget *holder, const char *text)
{
  g_autofree char *markup = text != NULL ? sarap_markdown_to_pango (text) : NULL;

  gtk_label_set_markup (GTK_LABEL (label), markup != NULL ? markup : "");
  gtk_widget_set_visible (holder, markup != NULL && markup[0] != '\0');
}

static void
show_texts (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);
  SarapInterview *interview = sarap_question_get_interview (self);
  g_autofree char *label = sarap_interview_dup_label (interview, priv->ref);
  g_autofree char *hint = sarap_interview_dup_hint (interview, priv->ref);
  g_autofree char *guidance = sarap_interview_dup_guidance (interview, priv->ref);
  g_autofree char *converted = sarap_markdown_to_pango (label);
  g_autoptr (GString) markup = g_string_new (converted);

  g_free (priv->name);
  priv->name = sarap_markdown_to_plain (label);
  if (priv->name[0] == '\0')
    sarap_replace_string (&priv->name, sarap_element_get_name (priv->element));
  if (sarap_interview_is_required (interview, priv->ref) && !sarap_interview_is_readonly (interview, priv->ref))
    g_string_append (markup, "\u00a0<b>*</b>");
  gtk_label_set_markup (GTK_LABEL (priv->label), markup->str);
  show_optional_text (priv->hint, priv->hint, hint);
  show_optional_text (priv->guidance_text, priv->guidance, guidance);
  gtk_expander_set_label (GTK_EXPANDER (priv->guidance), sarap_question_text (self, N_ ("How to ask this")));
  gtk_accessible_update_property (GTK_ACCESSIBLE (priv->guidance), GTK_ACCESSIBLE_PROPERTY_LABEL, sarap_question_text (self, N_ ("How to ask this")), -1);
  gtk_button_set_label (GTK_BUTTON (priv->clear), sarap_question_text (self, N_ ("Clear the answer")));
  show_media (self);
}

static gboolean
typing_cb (gpointer data)
{
  SarapQuestion *self = data;
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);

  priv->typing = 0;
  sarap_question_commit (self);
  return G_SOURCE_REMOVE;
}

static void
clear_cb (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);

  priv->is_showing = TRUE;
  SARAP_QUESTION_GET_CLASS (self)->show_value (self, "");
  priv->is_showing = FALSE;
  sarap_question_commit (self);
  sarap_question_focus (self);
}

static void
focus_leave_cb (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);

  if (priv->recorder == NULL)
    return;
  sarap_question_flush (self);
  if (sarap_interview_peek_value (sarap_question_get_interview (self), priv->ref)[0] == '\0')
    return;
  priv->is_revealed = TRUE;
  update_problem (self);
}

static void
entry_activate_cb (SarapQuestion *self)
{
  sarap_question_flush (self);
  g_signal_emit (self, signals[ADVANCE], 0);
}

static GtkWidget *
new_text (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
build_frame (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

  priv->head = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  priv->label = new_text ("question-label");
  priv->hint = new_text ("question-hint");
  priv->guidance_text = new_text ("question-guidance");
  priv->guidance = gtk_expander_new (NULL);
  gtk_expander_set_child (GTK_EXPANDER (priv->guidance), priv->guidance_text);
  priv->media = gtk_picture_new ();
  gtk_widget_add_css_class (priv->media, "question-media");
  gtk_widget_set_visible (priv->media, FALSE);
  gtk_box_append (GTK_BOX (priv->head), priv->label);
  gtk_box_append (GTK_BOX (priv->head), priv->hint);
  gtk_box_append (GTK_BOX (priv->head), priv->guidance);
  gtk_box_append (GTK_BOX (priv->head), priv->media);

  priv->slot = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  priv->value = new_text ("question-value");
  gtk_label_set_selectable (GTK_LABEL (priv->value), FALSE);
  priv->problem = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_add_css_class (priv->problem, "question-problem");
  priv->problem_text = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, "xalign", 0.0, "hexpand", TRUE, NULL);
  gtk_box_append (GTK_BOX (priv->problem), icon);
  gtk_box_append (GTK_BOX (priv->problem), priv->problem_text);
  priv->clear = gtk_button_new_with_label ("");
  gtk_widget_set_halign (priv->clear, GTK_ALIGN_START);
  gtk_widget_add_css_class (priv->clear, "flat");
  gtk_widget_add_css_class (priv->clear, "question-clear");
  g_signal_connect_object (priv->clear, "clicked", G_CALLBACK (clear_cb), self, G_CONNECT_SWAPPED);

  gtk_widget_set_parent (priv->head, GTK_WIDGET (self));
  gtk_widget_set_parent (priv->slot, GTK_WIDGET (self));
  gtk_widget_set_parent (priv->value, GTK_WIDGET (self));
  gtk_widget_set_parent (priv->problem, GTK_WIDGET (self));
  gtk_widget_set_parent (priv->clear, GTK_WIDGET (self));
}

static void
sarap_question_constructed (GObject *object)
{
  SarapQuestion *self = SARAP_QUESTION (object);
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);
  SarapInterview *interview = sarap_question_get_interview (self);
  GtkEventController *focus = gtk_event_controller_focus_new ();

  G_OBJECT_CLASS (sarap_question_parent_class)->constructed (object);
  priv->element = sarap_interview_get_element (interview, priv->ref);
  g_signal_connect_object (focus, "leave", G_CALLBACK (focus_leave_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  build_frame (self);
  SARAP_QUESTION_GET_CLASS (self)->build (self);
  priv->is_revealed = sarap_interview_peek_value (interview, priv->ref)[0] != '\0';
  sarap_question_update (self);
}

static void
sarap_question_set_property (GObject *object, guint property, const GValue *value, GParamSpec *pspec)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (SARAP_QUESTION (object));

  switch (property)
    {
    case PROP_CONTEXT:
      priv->context = g_value_dup_object (value);
      break;
    case PROP_RECORDER:
      priv->recorder = g_value_dup_object (value);
      break;
    case PROP_REF:
      priv->ref = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
sarap_question_dispose (GObject *object)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (SARAP_QUESTION (object));
  GtkWidget *child;

  g_clear_handle_id (&priv->typing, g_source_remove);
  g_clear_object (&priv->recorder);
  g_clear_object (&priv->context);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (sarap_question_parent_class)->dispose (object);
}

static void
sarap_question_finalize (GObject *object)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (SARAP_QUESTION (object));

  g_ptr_array_unref (priv->controls);
  g_free (priv->ref);
  g_free (priv->name);
  g_free (priv->shown);
  g_free (priv->media_name);
  G_OBJECT_CLASS (sarap_question_parent_class)->finalize (object);
}

static void
sarap_question_class_init (SarapQuestionClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = sarap_question_constructed;
  object_class->set_property = sarap_question_set_property;
  object_class->dispose = sarap_question_dispose;
  object_class->finalize = sarap_question_finalize;
  class->invalid_text = N_ ("This answer is not accepted.");

  properties[PROP_CONTEXT] = g_param_spec_object ("context", NULL, NULL, SARAP_TYPE_CONTEXT, flags);
  properties[PROP_RECORDER] = g_param_spec_object ("recorder", NULL, NULL, SARAP_TYPE_RECORDER, flags);
  properties[PROP_REF] = g_param_spec_string ("ref", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  signals[CHOSEN] = g_signal_new ("chosen", SARAP_TYPE_QUESTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ADVANCE] = g_signal_new ("advance", SARAP_TYPE_QUESTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "question");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
sarap_question_init (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);

  priv->controls = g_ptr_array_new_with_free_func ((GDestroyNotify) control_free);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
}

const char *
sarap_question_get_ref (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);

  return priv->ref;
}

static void
update_control (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);
  SarapQuestionClass *class = SARAP_QUESTION_GET_CLASS (self);
  const char *value = sarap_interview_peek_value (sarap_question_get_interview (self), priv->ref);

  if (priv->is_answering)
    return;
  priv->is_showing = TRUE;
  if (class->refresh != NULL)
    class->refresh (self);
  if (priv->typing == 0 && g_strcmp0 (priv->shown, value) != 0)
    {
      sarap_replace_string (&priv->shown, value);
      class->show_value (self, value);
    }
  priv->is_showing = FALSE;
}

/* Follows the interview: texts, readonly, choices, value, problem. */
void
sarap_question_update (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);
  SarapQuestionClass *class = SARAP_QUESTION_GET_CLASS (self);
  SarapInterview *interview = sarap_question_get_interview (self);
  gboolean is_readonly = sarap_interview_is_readonly (interview, priv->ref);
  gboolean has_value = sarap_interview_peek_value (interview, priv->ref)[0] != '\0';

  show_texts (self);
  gtk_widget_set_visible (priv->slot, !is_readonly);
  gtk_widget_set_visible (priv->value, is_readonly && has_value);
  gtk_widget_set_visible (priv->clear, class->has_clear && has_value && !is_readonly);
  if (is_readonly)
    {
      g_autofree char *text = sarap_interview_dup_display_value (interview, priv->ref);

      gtk_label_set_label (GTK_LABEL (priv->value), text);
    }
  else
    update_control (self);
  update_problem (self);
}

/* Stores what was typed and waits. */
void
sarap_question_flush (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);

  if (priv->typing != 0)
    sarap_question_commit (self);
}

/* Stores what waits, then says what is missing or wrong. Returns: TRUE when nothing is. */
gboolean
sarap_question_check (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);

  sarap_question_flush (self);
  priv->is_revealed = TRUE;
  return update_problem (self) == SARAP_ANSWER_OK;
}

static gboolean
has_focus_within (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && gtk_widget_is_ancestor (focus, widget);
}

/* Gives the focus to the control, where it may stand already; FALSE when there is none that takes it. */
gboolean
sarap_question_focus (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);

  GtkWidget *focus;

  if (!gtk_widget_get_visible (priv->slot))
    return FALSE;
  if (!has_focus_within (priv->slot) && !gtk_widget_child_focus (priv->slot, GTK_DIR_TAB_FORWARD))
    return FALSE;
  /* A selected answer would be lost to the next key. */
  focus = gtk_root_get_focus (gtk_widget_get_root (priv->slot));
  if (GTK_IS_TEXT (focus))
    gtk_editable_set_position (GTK_EDITABLE (focus), -1);
  return TRUE;
}

SarapContext *
sarap_question_get_context (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);

  return priv->context;
}

SarapRecorder *
sarap_question_get_recorder (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);

  return priv->recorder;
}

SarapInterview *
sarap_question_get_interview (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);

  return sarap_recorder_get_interview (priv->recorder);
}

const SarapElement *
sarap_question_get_element (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);

  return priv->element;
}

/* @message (an N_() string) in the form's language. */
const char *
sarap_question_text (SarapQuestion *self, const char *message)
{
  return sarap_form_text (sarap_question_get_interview (self), message);
}

/* The label as plain text, never empty. */
const char *
sarap_question_peek_name (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);

  return priv->name;
}

void
sarap_question_set_control (SarapQuestion *self, GtkWidget *control)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);

  gtk_box_append (GTK_BOX (priv->slot), control);
}

/* Label and control side by side: rows of a table. */
void
sarap_question_set_inline (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);

  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  g_object_ref (priv->head);
  g_object_ref (priv->slot);
  gtk_widget_unparent (priv->head);
  gtk_widget_unparent (priv->slot);
  gtk_box_append (GTK_BOX (row), priv->head);
  gtk_box_append (GTK_BOX (row), priv->slot);
  g_object_unref (priv->head);
  g_object_unref (priv->slot);
  gtk_widget_insert_after (row, GTK_WIDGET (self), NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self), "inline");
}

/* Keeps the accessible name, required mark and problem of @control up to date. @part (nullable)
 * is an N_() string that tells it from other controls of the question. */
void
sarap_question_name_control (SarapQuestion *self, GtkWidget *control, const char *part)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);
  Control *entry = g_new0 (Control, 1);

  g_set_weak_pointer (&entry->widget, control);
  entry->part = g_strdup (part);
  g_ptr_array_add (priv->controls, entry);
  if (priv->name != NULL)
    describe_control (self, entry, NULL);
}

/* The person changes the control: stored after a pause. */
void
sarap_question_touch (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);

  if (priv->is_showing)
    return;
  g_clear_handle_id (&priv->typing, g_source_remove);
  priv->typing = g_timeout_add (TYPING_PAUSE_MS, typing_cb, self);
}

/* What the control says becomes the answer now. */
void
sarap_question_commit (SarapQuestion *self)
{
  SarapQuestionPrivate *priv = sarap_question_get_instance_private (self);
  SarapInterview *interview;
  g_autofree char *value = NULL;
  g_autoptr (GError) error = NULL;

  if (priv->is_showing || priv->recorder == NULL)
    return;
  g_clear_handle_id (&priv->typing, g_source_remove);
  interview = sarap_question_get_interview (self);
  value = SARAP_QUESTION_GET_CLASS (self)->read_value (self);
  if (g_strcmp0 (value, priv->shown) == 0)
    return;
  priv->is_answering = TRUE;
  sarap_interview_answer (interview, priv->ref, value, &error);
  priv->is_answering = FALSE;
  /* What the engine made of the text (1. becomes 1) must not come back under the cursor. */
  sarap_replace_string (&priv->shown, sarap_interview_peek_value (interview, priv->ref));
  if (error != NULL)
    {
      g_warning ("%s: %s", priv->ref, error->message);
      sarap_question_report (self, sarap_question_text (self, N_ ("The form has a mistake here; tell its author.")));
      return;
    }
  update_problem (self);
}

/* An entry whose text is the answer or a part of it: typing, Enter. */
void
sarap_question_connect_entry (SarapQuestion *self, GtkWidget *entry)
{
  gtk_widget_add_css_class (entry, "answer");
  g_signal_connect_object (entry, "changed", G_CALLBACK (sarap_question_touch), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (entry, "activate", G_CALLBACK (entry_activate_cb), self, G_CONNECT_SWAPPED);
}

/* Says something that is wrong beyond the form's own rules, until the next update. */
void
sarap_question_report (SarapQuestion *self, const char *message)
{
  show_problem (self, message);
}
