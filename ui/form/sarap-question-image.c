#include "ui/form/sarap-question-kinds.h"

#include <glib/gi18n.h>

#include "ui/form/sarap-camera.h"
#include "ui/form/sarap-media-choice.h"
#include "ui/form/sarap-photo.h"
#include "ui/form/sarap-sheet.h"

/* A photograph: taken with the camera or chosen as a file. */

#define PICTURE_HEIGHT 320

#define SARAP_TYPE_IMAGE_QUESTION (sarap_image_question_get_type ())
G_DECLARE_FINAL_TYPE (SarapImageQuestion, sarap_image_question, SARAP, IMAGE_QUESTION, SarapQuestion)

struct _SarapImageQuestion
{
  SarapQuestion parent_instance;

  GtkWidget *picture;
  GtkWidget *status;
  GtkWidget *take;
  GtkWidget *choose;
  GtkWidget *remove;
  SarapSheet *sheet; /* while the camera is open */
  SarapCamera *camera;
  GCancellable *cancellable;
  char *value;
};

G_DEFINE_FINAL_TYPE (SarapImageQuestion, sarap_image_question, SARAP_TYPE_QUESTION)

static const char *const patterns[] = { "*.jpg", "*.jpeg", "*.png", "*.webp", "*.JPG", "*.JPEG", "*.PNG", NULL };

/* Environment first, for tests and kiosk sessions; "" when the device has no camera. */
static char *
dup_camera_source (SarapImageQuestion *self)
{
  const char *source = g_getenv ("SARAP_CAMERA_PIPELINE");
  GSettings *settings = sarap_context_get_settings (sarap_question_get_context (SARAP_QUESTION (self)));
  g_autofree char *chosen = NULL;

  if (source != NULL)
    return g_strdup (source);
  chosen = g_settings_get_string (settings, "camera-pipeline");
  if (chosen[0] != '\0')
    return g_steal_pointer (&chosen);
  return g_strdup (g_file_test ("/dev/video0", G_FILE_TEST_EXISTS) ? "v4l2src device=/dev/video0" : "");
}

static void
show_status (SarapImageQuestion *self, const char *text)
{
  gtk_label_set_label (GTK_LABEL (self->status), text != NULL ? text : "");
  gtk_widget_set_visible (self->status, text != NULL);
}

static char *
read_value (SarapQuestion *question)
{
  return g_strdup (SARAP_IMAGE_QUESTION (question)->value);
}

static void
name_buttons (SarapImageQuestion *self)
{
  SarapQuestion *question = SARAP_QUESTION (self);
  gboolean is_empty = self->value[0] == '\0';

  gtk_button_set_label (GTK_BUTTON (self->take), sarap_question_text (question, is_empty ? N_ ("Take a photo") : N_ ("Take another photo")));
  gtk_button_set_label (GTK_BUTTON (self->choose), sarap_question_text (question, is_empty ? N_ ("Choose a picture") : N_ ("Choose another picture")));
  gtk_button_set_label (GTK_BUTTON (self->remove), sarap_question_text (question, N_ ("Remove")));
  gtk_widget_set_visible (self->remove, !is_empty);
}

static void
show_value (SarapQuestion *question, const char *value)
{
  SarapImageQuestion *self = SARAP_IMAGE_QUESTION (question);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GError) error = NULL;

  g_free (self->value);
  self->value = g_strdup (value);
  if (value[0] != '\0')
    bytes = sarap_recorder_dup_attachment (sarap_question_get_recorder (question), sarap_question_get_ref (question), &error);
  if (bytes != NULL)
    texture = gdk_texture_new_from_bytes (bytes, &error);
  if (error != NULL)
    g_warning ("%s: %s", value, error->message);
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (texture));
  gtk_widget_set_visible (self->picture, texture != NULL);
  show_status (self, value[0] != '\0' && texture == NULL ? sarap_question_text (question, N_ ("The picture cannot be shown.")) : NULL);
  name_buttons (self);
}

static void
set_busy (SarapImageQuestion *self, gboolean is_busy)
{
  gtk_widget_set_sensitive (self->take, !is_busy);
  gtk_widget_set_sensitive (self->choose, !is_busy);
  gtk_widget_set_sensitive (self->remove, !is_busy);
  show_status (self, is_busy ? sarap_question_text (SARAP_QUESTION (self), N_ ("Keeping the picture…")) : NULL);
}

static void
attach (SarapImageQuestion *self, GBytes *bytes)
{
  SarapQuestion *question = SARAP_QUESTION (self);
  g_autoptr (GError) error = NULL;

  if (!sarap_recorder_attach (sarap_question_get_recorder (question), sarap_question_get_ref (question), bytes, "jpg", &error))
    {
      g_warning ("%s", error->message);
      sarap_question_report (question, sarap_question_text (question, N_ ("The picture could not be kept. Is the disk full?")));
      return;
    }
  sarap_question_update (question);
}

static void
prepared_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SarapImageQuestion) self = data;
  SarapQuestion *question = SARAP_QUESTION (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = sarap_photo_prepare_finish (result, &error);

  if (sarap_question_get_recorder (question) == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  set_busy (self, FALSE);
  if (bytes != NULL)
    {
      attach (self, bytes);
      return;
    }
  g_message ("%s", error->message);
  sarap_question_report (question, sarap_question_text (question, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE) ? N_ ("This picture is too large.") : N_ ("This file is no picture that can be read.")));
}

static int
get_max_pixels (SarapImageQuestion *self)
{
  const char *text = sarap_element_get_parameter (sarap_question_get_element (SARAP_QUESTION (self)), "max-pixels");

  return text != NULL ? (int) CLAMP (g_ascii_strtoll (text, NULL, 10), 0, G_MAXINT) : 0;
}

static void
file_cb (const char *path, gpointer data)
{
  SarapImageQuestion *self = data;

  set_busy (self, TRUE);
  sarap_photo_prepare_file_async (path, get_max_pixels (self), self->cancellable, prepared_cb, g_object_ref (self));
}

static void
choose_cb (SarapImageQuestion *self)
{
  sarap_media_choose_file (SARAP_QUESTION (self), patterns, file_cb);
}

static void
remove_cb (SarapImageQuestion *self)
{
  show_value (SARAP_QUESTION (self), "");
  sarap_question_commit (SARAP_QUESTION (self));
  gtk_widget_grab_focus (self->choose);
}

static void
camera_closed_cb (SarapImageQuestion *self)
{
  self->sheet = NULL;
  self->camera = NULL;
}

static void
camera_failed_cb (SarapImageQuestion *self, const char *reason)
{
  g_message ("camera: %s", reason);
  sarap_sheet_close (self->sheet);
  sarap_question_report (SARAP_QUESTION (self), sarap_question_text (SARAP_QUESTION (self), N_ ("The camera does not answer. Choose a picture instead.")));
}

static void
shoot_cb (SarapImageQuestion *self)
{
  g_autoptr (GdkTexture) frame = sarap_camera_dup_frame (self->camera);
  g_autoptr (GBytes) bytes = NULL;

  if (frame == NULL)
    return;
  bytes = gdk_texture_save_to_png_bytes (frame);
  sarap_sheet_close (self->sheet);
  set_busy (self, TRUE);
  sarap_photo_prepare_bytes_async (bytes, get_max_pixels (self), self->cancellable, prepared_cb, g_object_ref (self));
}

static void
take_cb (SarapImageQuestion *self)
{
  SarapQuestion *question = SARAP_QUESTION (self);
  g_autofree char *source = dup_camera_source (self);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 16);
  GtkWidget *camera = sarap_camera_new (source);
  GtkWidget *shoot = gtk_button_new_with_label (sarap_question_text (question, N_ ("Take the photo")));
  g_autoptr (GError) error = NULL;

  self->camera = SARAP_CAMERA (camera);
  gtk_widget_set_vexpand (camera, TRUE);
  gtk_widget_add_css_class (shoot, "suggested-action");
  gtk_box_append (GTK_BOX (box), camera);
  gtk_box_append (GTK_BOX (box), shoot);
  g_signal_connect_object (shoot, "clicked", G_CALLBACK (shoot_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (camera, "failed", G_CALLBACK (camera_failed_cb), self, G_CONNECT_SWAPPED);
  self->sheet = sarap_sheet_open (self->take, sarap_question_peek_name (question), sarap_question_text (question, N_ ("Close")), box);
  g_signal_connect_object (self->sheet, "closed", G_CALLBACK (camera_closed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_grab_focus (shoot);
  if (!sarap_camera_start (self->camera, &error))
    camera_failed_cb (self, error->message);
}

static void
build (SarapQuestion *question)
{
  SarapImageQuestion *self = SARAP_IMAGE_QUESTION (question);
  GtkWidget *buttons = sarap_media_buttons_new ();
  g_autofree char *source = dup_camera_source (self);

  self->picture = gtk_picture_new ();
  gtk_widget_set_size_request (self->picture, -1, PICTURE_HEIGHT);
  gtk_widget_set_halign (self->picture, GTK_ALIGN_START);
  gtk_widget_add_css_class (self->picture, "answer-picture");
  self->status = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, "wrap", TRUE, "xalign", 0.0, NULL);
  gtk_widget_add_css_class (self->status, "question-status");
  self->take = sarap_media_add_button (buttons, G_CALLBACK (take_cb), question);
  self->choose = sarap_media_add_button (buttons, G_CALLBACK (choose_cb), question);
  self->remove = sarap_media_add_button (buttons, G_CALLBACK (remove_cb), question);
  gtk_widget_set_visible (self->take, source[0] != '\0');
  gtk_widget_set_visible (self->choose, source[0] == '\0' || !sarap_element_has_appearance (sarap_question_get_element (question), "new"));
  sarap_question_name_control (question, self->picture, N_ ("picture"));
  sarap_question_set_control (question, self->picture);
  sarap_question_set_control (question, self->status);
  sarap_question_set_control (question, buttons);
}

static void
sarap_image_question_dispose (GObject *object)
{
  g_cancellable_cancel (SARAP_IMAGE_QUESTION (object)->cancellable);
  G_OBJECT_CLASS (sarap_image_question_parent_class)->dispose (object);
}

static void
sarap_image_question_finalize (GObject *object)
{
  SarapImageQuestion *self = SARAP_IMAGE_QUESTION (object);

  g_object_unref (self->cancellable);
  g_free (self->value);
  G_OBJECT_CLASS (sarap_image_question_parent_class)->finalize (object);
}

static void
sarap_image_question_class_init (SarapImageQuestionClass *class)
{
  SarapQuestionClass *question_class = SARAP_QUESTION_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sarap_image_question_dispose;
  G_OBJECT_CLASS (class)->finalize = sarap_image_question_finalize;
  question_class->build = build;
  question_class->show_value = show_value;
  question_class->read_value = read_value;
}

static void
sarap_image_question_init (SarapImageQuestion *self)
{
  self->cancellable = g_cancellable_new ();
  self->value = g_strdup ("");
}
