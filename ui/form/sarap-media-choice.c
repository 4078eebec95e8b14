#include "ui/form/sarap-media-choice.h"

#include <glib/gi18n.h>

#include "ui/form/sarap-wrap-layout.h"

#define REQUEST_KEY "sarap-media-request"

/* The question may be gone (a kiosk that was reset) before the person has chosen. The window keeps
 * the request until the next one. */
typedef struct
{
  GWeakRef question;
  SarapFileFunc callback;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_weak_ref_clear (&request->question);
  g_free (request);
}

static void
chosen_cb (const char *path, gpointer data)
{
  Request *request = data;
  g_autoptr (SarapQuestion) question = g_weak_ref_get (&request->question);

  if (question != NULL && sarap_question_get_recorder (question) != NULL)
    request->callback (path, question);
}

GtkWidget *
sarap_media_buttons_new (void)
{
  return g_object_new (GTK_TYPE_BOX, "layout-manager", sarap_wrap_layout_new (12), NULL);
}

/* @clicked: void (*) (SarapQuestion *). Returns: (transfer none): a button whose label is set later. */
GtkWidget *
sarap_media_add_button (GtkWidget *buttons, GCallback clicked, SarapQuestion *question)
{
  GtkWidget *button = gtk_button_new_with_label ("");

  gtk_widget_add_css_class (button, "media");
  g_signal_connect_object (button, "clicked", clicked, question, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (buttons), button);
  return button;
}

/* @callback gets the question as its data, if it still exists then. */
void
sarap_media_choose_file (SarapQuestion *question, const char *const *patterns, SarapFileFunc callback)
{
  SarapWindow *window = sarap_window_of (GTK_WIDGET (question));
  Request *request = g_new0 (Request, 1);

  g_return_if_fail (window != NULL);
  g_weak_ref_init (&request->question, question);
  request->callback = callback;
  g_object_set_data_full (G_OBJECT (window), REQUEST_KEY, request, request_free);
  sarap_window_choose_file (window, sarap_question_peek_name (question), patterns, chosen_cb, request);
}
