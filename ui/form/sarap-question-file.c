#include "ui/form/sarap-question-kinds.h"

#include <glib/gi18n.h>

#include "ui/form/sarap-media-choice.h"

/* Sound, film or any file, chosen from the disk. */

#define SARAP_TYPE_FILE_QUESTION (sarap_file_question_get_type ())
G_DECLARE_FINAL_TYPE (SarapFileQuestion, sarap_file_question, SARAP, FILE_QUESTION, SarapQuestion)

struct _SarapFileQuestion
{
  SarapQuestion parent_instance;

  GtkWidget *name;
  GtkWidget *choose;
  GtkWidget *remove;
  char *value;
};

G_DEFINE_FINAL_TYPE (SarapFileQuestion, sarap_file_question, SARAP_TYPE_QUESTION)

static const char *const sound_patterns[] = { "*.ogg", "*.opus", "*.oga", "*.mp3", "*.m4a", "*.wav", "*.amr", "*.flac", NULL };
static const char *const film_patterns[] = { "*.mp4", "*.webm", "*.mkv", "*.ogv", "*.mov", "*.3gp", "*.avi", NULL };

static char *
read_value (SarapQuestion *question)
{
  return g_strdup (SARAP_FILE_QUESTION (question)->value);
}

static void
refresh (SarapQuestion *question)
{
  SarapFileQuestion *self = SARAP_FILE_QUESTION (question);
  gboolean is_empty = self->value[0] == '\0';

  gtk_button_set_label (GTK_BUTTON (self->choose), sarap_question_text (question, is_empty ? N_ ("Choose a file") : N_ ("Choose another file")));
  gtk_button_set_label (GTK_BUTTON (self->remove), sarap_question_text (question, N_ ("Remove")));
  gtk_widget_set_visible (self->remove, !is_empty);
  gtk_label_set_label (GTK_LABEL (self->name), self->value);
  gtk_widget_set_visible (self->name, !is_empty);
}

static void
show_value (SarapQuestion *question, const char *value)
{
  SarapFileQuestion *self = SARAP_FILE_QUESTION (question);

  g_free (self->value);
  self->value = g_strdup (value);
  refresh (question);
}

static void
file_cb (const char *path, gpointer data)
{
  SarapQuestion *question = data;
  g_autoptr (GError) error = NULL;

  if (sarap_recorder_attach_file (sarap_question_get_recorder (question), sarap_question_get_ref (question), path, &error))
    {
      sarap_question_update (question);
      return;
    }
  g_warning ("%s", error->message);
  sarap_question_report (question, sarap_question_text (question, N_ ("The file could not be kept.")));
}

static void
choose_cb (SarapFileQuestion *self)
{
  SarapQuestion *question = SARAP_QUESTION (self);
  SarapQuestionKind kind = sarap_element_get_question_kind (sarap_question_get_element (question));

  sarap_media_choose_file (question, kind == SARAP_QUESTION_AUDIO ? sound_patterns : kind == SARAP_QUESTION_VIDEO ? film_patterns
                                                                                                                  : NULL,
                           file_cb);
}

static void
remove_cb (SarapFileQuestion *self)
{
  show_value (SARAP_QUESTION (self), "");
  sarap_question_commit (SARAP_QUESTION (self));
  gtk_widget_grab_focus (self->choose);
}

static void
build (SarapQuestion *question)
{
  SarapFileQuestion *self = SARAP_FILE_QUESTION (question);
  GtkWidget *buttons = sarap_media_buttons_new ();

  self->name = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class (self->name, "question-status");
  self->choose = sarap_media_add_button (buttons, G_CALLBACK (choose_cb), question);
  self->remove = sarap_media_add_button (buttons, G_CALLBACK (remove_cb), question);
  sarap_question_set_control (question, self->name);
  sarap_question_set_control (question, buttons);
}

static void
sarap_file_question_finalize (GObject *object)
{
  g_free (SARAP_FILE_QUESTION (object)->value);
  G_OBJECT_CLASS (sarap_file_question_parent_class)->finalize (object);
}

static void
sarap_file_question_class_init (SarapFileQuestionClass *class)
{
  SarapQuestionClass *question_class = SARAP_QUESTION_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = sarap_file_question_finalize;
  question_class->build = build;
  question_class->show_value = show_value;
  question_class->read_value = read_value;
  question_class->refresh = refresh;
}

static void
sarap_file_question_init (SarapFileQuestion *self)
{
  self->value = g_strdup ("");
}
