#include <string.h>

#include "app/base/sarap-csv.h"
#include "app/store/sarap-store-forms.h"
#include "tests/support/sarap-temporary.h"
#include "tests/support/sarap-ui-fixture.h"
#include "ui/common/sarap-text-prompt.h"
#include "ui/sarap-filling.h"

/* A form that asks for everything a device can give, filled in the window: places from a receiver, a recording, the
 * columns of the audit log. */

#define FORM "tests/data/forms/devices.xml"

typedef struct
{
  char *folder;
  SarapStore *store;
  SarapContext *context;
  SarapWindow *window;
  GSocketService *gpsd;
} Desk;

static gboolean
gpsd_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  static const char *const lines[] = {
    "{\"class\":\"VERSION\",\"release\":\"3.22\",\"rev\":\"3.22\",\"proto_major\":3,\"proto_minor\":14}\r\n",
    "{\"class\":\"TPV\",\"device\":\"/dev/gps0\",\"mode\":3,\"lat\":51.1,\"lon\":71.4,\"altHAE\":347.5,\"eph\":48.0}\r\n",
    "{\"class\":\"TPV\",\"device\":\"/dev/gps0\",\"mode\":3,\"lat\":51.1605227,\"lon\":71.4703558,\"altHAE\":347.5,\"eph\":4.0}\r\n",
  };
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  for (guint i = 0; i < 60; i++)
    {
      const char *line = lines[MIN (i, G_N_ELEMENTS (lines) - 1)];

      if (!g_output_stream_write_all (out, line, strlen (line), NULL, NULL, NULL))
        break;
      g_usleep (50 * 1000);
    }
  return TRUE;
}

static void
serve_places (Desk *desk)
{
  g_autofree char *address = NULL;

  desk->gpsd = g_threaded_socket_service_new (4);
  address = g_strdup_printf ("127.0.0.1:%u", g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (desk->gpsd), NULL, NULL));
  g_signal_connect (desk->gpsd, "run", G_CALLBACK (gpsd_cb), NULL);
  g_setenv ("SARAP_GPSD", address, TRUE);
}

static void
set_up (Desk *desk, gconstpointer data)
{
  g_autoptr (GSettings) settings = g_settings_new ("org.sarap.Sarap");
  g_autofree char *path = g_build_filename (g_getenv ("SARAP_SOURCE"), FORM, NULL);
  g_autoptr (SarapProblems) problems = sarap_problems_new (path);
  g_autoptr (GError) error = NULL;

  g_settings_set_string (settings, "language", "en");
  desk->folder = sarap_temporary_new ();
  desk->store = sarap_temporary_open (desk->folder);
  sarap_store_add_form_file (desk->store, path, NULL, problems, NULL, &error);
  g_assert_no_error (error);
  desk->context = sarap_context_new (desk->store, settings);
  sarap_context_set_role (desk->context, SARAP_ROLE_VOLUNTEER);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  desk->window = sarap_window_new (NULL, desk->context);
  gtk_window_present (GTK_WINDOW (desk->window));
  g_setenv ("SARAP_GPSD", "127.0.0.1:1", TRUE);
  g_setenv ("SARAP_MICROPHONE_PIPELINE", "audiotestsrc is-live=true", TRUE);
}

static void
tear_down (Desk *desk, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (desk->window));
  sarap_ui_spin (50);
  g_object_unref (desk->context);
  g_object_unref (desk->store);
  if (desk->gpsd != NULL)
    g_socket_service_stop (desk->gpsd);
  g_clear_object (&desk->gpsd);
  sarap_temporary_remove (desk->folder);
  g_free (desk->folder);
}

static SarapRecord *
find_draft (Desk *desk)
{
  g_autoptr (GError) error = NULL;
  SarapRecord *record = sarap_store_find_latest_draft (desk->store, "volunteer", &error);

  g_assert_no_error (error);
  return record;
}

/* Answers the question that comes before the form. */
static GtkWidget *
say_name (Desk *desk, const char *name)
{
  GtkWidget *prompt = sarap_window_peek_top (desk->window);

  sarap_ui_spin (50);
  g_assert_true (SARAP_IS_TEXT_PROMPT (prompt));
  g_assert_false (gtk_widget_get_sensitive (sarap_ui_find_button (prompt, "Go on")));
  gtk_editable_set_text (GTK_EDITABLE (sarap_ui_find (prompt, GTK_TYPE_ENTRY, 0)), name);
  g_signal_emit_by_name (sarap_ui_find_button (prompt, "Go on"), "clicked");
  sarap_ui_spin (50);
  g_assert_true (SARAP_IS_FORM_VIEW (sarap_window_peek_top (desk->window)));
  return sarap_window_peek_top (desk->window);
}

static GtkWidget *
start (Desk *desk, const char *name)
{
  g_assert_true (sarap_filling_start (desk->window, "devices"));
  return say_name (desk, name);
}

static GtkWidget *
resume (Desk *desk, const char *name)
{
  g_autoptr (SarapRecord) draft = find_draft (desk);

  g_assert_true (sarap_filling_resume (desk->window, sarap_record_get_id (draft)));
  return say_name (desk, name);
}

static void
act (GtkWidget *view, const char *action)
{
  g_assert_true (gtk_widget_activate_action (view, action, NULL));
  sarap_ui_spin (50);
}

static void
type_name (GtkWidget *view, const char *name)
{
  sarap_form_view_go_to (SARAP_FORM_VIEW (view), "/data/name");
  sarap_ui_spin (30);
  sarap_ui_type (sarap_ui_find (view, GTK_TYPE_ENTRY, 0), name);
}

/* Returns: what @xml has between the tags of @name. */
static char *
dup_answer (Desk *desk, const char *id, const char *name)
{
  g_autoptr (GBytes) xml = sarap_store_dup_record_xml (desk->store, id, NULL);
  g_autofree char *text = g_strndup (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml));
  g_autofree char *open = g_strdup_printf ("<%s>", name);
  const char *found = strstr (text, open);

  return found ? g_strndup (found + strlen (open), strcspn (found + strlen (open), "<")) : g_strdup ("");
}

static void
test_places (Desk *desk, gconstpointer data)
{
  g_autoptr (SarapRecord) draft = NULL;
  g_autofree char *place = NULL;
  g_autofree char *hall = NULL;
  GtkWidget *view;

  serve_places (desk);
  view = start (desk, "Aru");
  sarap_ui_spin (600);
  type_name (view, "North");
  act (view, "page.next");
  draft = find_draft (desk);
  for (guint i = 0; i < 30 && (hall == NULL || *hall == '\0'); i++)
    {
      g_free (hall);
      sarap_ui_spin (100);
      hall = dup_answer (desk, sarap_record_get_id (draft), "hall");
    }
  place = dup_answer (desk, sarap_record_get_id (draft), "place");
  g_assert_cmpstr (place, ==, "51.1605227 71.4703558 347.5 4.0");
  g_assert_cmpstr (hall, ==, place);
}

static guint
count_text (GBytes *bytes, const char *text)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  guint n = 0;

  for (gsize i = 0; i + strlen (text) <= size; i++)
    n += memcmp (data + i, text, strlen (text)) == 0;
  return n;
}

static GBytes *
dup_recording (Desk *desk, const char *id)
{
  g_autofree char *name = dup_answer (desk, id, "sound");
  g_autoptr (GPtrArray) attachments = sarap_store_list_attachments (desk->store, id, NULL);

  g_assert_true (g_str_has_suffix (name, ".ogg"));
  g_assert_cmpuint (attachments->len, ==, 1);
  return sarap_store_dup_attachment (desk->store, id, name, NULL);
}

static void
test_recording (Desk *desk, gconstpointer data)
{
  g_autoptr (SarapRecord) draft = NULL;
  g_autoptr (GBytes) first = NULL;
  g_autoptr (GBytes) second = NULL;
  GtkWidget *view = start (desk, "Aru");

  g_assert_nonnull (sarap_ui_find_button (view, "Stop recording"));
  type_name (view, "North");
  sarap_ui_spin (700);
  act (view, "screen.close");
  draft = find_draft (desk);
  first = dup_recording (desk, sarap_record_get_id (draft));
  g_assert_cmpint (memcmp (g_bytes_get_data (first, NULL), "OggS", 4), ==, 0);
  g_assert_cmpuint (count_text (first, "OpusHead"), ==, 1);
  g_assert_cmpuint (g_bytes_get_size (first), >, 600);

  view = resume (desk, "Aru");
  sarap_ui_spin (400);
  g_signal_emit_by_name (sarap_ui_find_button (view, "Stop recording"), "clicked");
  sarap_ui_spin (50);
  g_assert_null (sarap_ui_find_button (view, "Stop recording"));
  second = dup_recording (desk, sarap_record_get_id (draft));
  g_assert_cmpuint (count_text (second, "OpusHead"), ==, 2);
  g_assert_cmpint (memcmp (g_bytes_get_data (second, NULL), g_bytes_get_data (first, NULL), g_bytes_get_size (first)), ==, 0);
}

static void
test_no_microphone (Desk *desk, gconstpointer data)
{
  g_autoptr (SarapRecord) draft = NULL;
  g_autofree char *sound = NULL;
  GtkWidget *view;

  g_setenv ("SARAP_MICROPHONE_PIPELINE", "filesrc location=/nowhere", TRUE);
  view = start (desk, "Aru");
  sarap_ui_spin (200);
  g_assert_null (sarap_ui_find_button (view, "Stop recording"));
  type_name (view, "North");
  act (view, "screen.close");
  draft = find_draft (desk);
  sound = dup_answer (desk, sarap_record_get_id (draft), "sound");
  g_assert_cmpstr (sound, ==, "");
}

/* The column @name of the first row of @event. */
static const char *
peek_column (SarapCsv *csv, const char *event, const char *name)
{
  for (guint i = 0; i < sarap_csv_get_n_rows (csv); i++)
    if (g_str_equal (sarap_csv_peek (csv, i, "event"), event))
      return sarap_csv_peek (csv, i, name);
  return NULL;
}

static void
give_reason (GtkWidget *view, const char *reason)
{
  GtkWidget *prompt = sarap_ui_find (view, SARAP_TYPE_TEXT_PROMPT, 0);

  g_assert_nonnull (prompt);
  gtk_editable_set_text (GTK_EDITABLE (sarap_ui_find (prompt, GTK_TYPE_ENTRY, 0)), reason);
  g_signal_emit_by_name (sarap_ui_find (prompt, GTK_TYPE_ENTRY, 0), "activate");
  sarap_ui_spin (100);
}

static void
test_audit_log (Desk *desk, gconstpointer data)
{
  g_autoptr (SarapRecord) draft = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (SarapCsv) csv = NULL;
  GtkWidget *view;

  serve_places (desk);
  view = start (desk, "Aru, S.");
  sarap_ui_spin (500);
  type_name (view, "North");
  act (view, "screen.close");
  draft = find_draft (desk);
  view = resume (desk, "Dana");
  type_name (view, "South");
  act (view, "page.next");
  act (view, "form.finalize");
  g_assert_true (sarap_window_peek_top (desk->window) == view);
  give_reason (view, "misheard");
  g_assert_false (sarap_window_peek_top (desk->window) == view);
  bytes = sarap_store_dup_attachment (desk->store, sarap_record_get_id (draft), "audit.csv", NULL);
  g_assert_nonnull (bytes);
  g_assert_true (g_str_has_prefix (g_bytes_get_data (bytes, NULL), "event,node,start,end,latitude,longitude,accuracy,old-value,new-value,user,change-reason\n"));
  csv = sarap_csv_parse (bytes, "audit.csv", NULL);
  g_assert_cmpstr (peek_column (csv, "form start", "user"), ==, "Aru, S.");
  g_assert_cmpstr (peek_column (csv, "question", "node"), ==, "/data/name");
  g_assert_cmpstr (peek_column (csv, "question", "old-value"), ==, "");
  g_assert_cmpstr (peek_column (csv, "question", "new-value"), ==, "North");
  g_assert_true (g_str_has_prefix (peek_column (csv, "form exit", "latitude"), "51.1"));
  g_assert_cmpstr (peek_column (csv, "form resume", "user"), ==, "Dana");
  g_assert_cmpstr (peek_column (csv, "change reason", "change-reason"), ==, "misheard");
  g_assert_cmpstr (peek_column (csv, "form finalize", "user"), ==, "Dana");
}

static void
test_closing_waits_for_the_reason (Desk *desk, gconstpointer data)
{
  GtkWidget *view = start (desk, "Aru");

  type_name (view, "North");
  act (view, "screen.close");
  view = resume (desk, "Aru");
  type_name (view, "South");
  gtk_window_close (GTK_WINDOW (desk->window));
  sarap_ui_spin (50);
  g_assert_true (gtk_widget_get_mapped (view));
  give_reason (view, "misheard");
  g_assert_false (sarap_window_peek_top (desk->window) == view);
}

static void
test_a_window_that_goes_keeps_the_recording (Desk *desk, gconstpointer data)
{
  g_autoptr (SarapRecord) draft = NULL;
  g_autoptr (GBytes) recording = NULL;
  GtkWidget *view = start (desk, "Aru");

  type_name (view, "North");
  sarap_ui_spin (700);
  sarap_window_pop (desk->window);
  sarap_ui_spin (50);
  draft = find_draft (desk);
  recording = dup_recording (desk, sarap_record_get_id (draft));
  g_assert_cmpuint (count_text (recording, "OpusHead"), ==, 1);
}

static void
test_no_name (Desk *desk, gconstpointer data)
{
  g_assert_true (sarap_filling_start (desk->window, "devices"));
  sarap_ui_spin (50);
  sarap_window_pop (desk->window);
  sarap_ui_spin (50);
  g_assert_null (find_draft (desk));
}

static void
add (const char *path, void (*test) (Desk *desk, gconstpointer data))
{
  g_test_add (path, Desk, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  add ("/ui/devices/places-that-the-form-asks-for", test_places);
  add ("/ui/devices/a-recording-goes-on-with-the-draft", test_recording);
  add ("/ui/devices/no-microphone-is-no-recording", test_no_microphone);
  add ("/ui/devices/audit-log-with-all-its-columns", test_audit_log);
  add ("/ui/devices/closing-waits-for-the-reason", test_closing_waits_for_the_reason);
  add ("/ui/devices/a-window-that-goes-keeps-the-recording", test_a_window_that_goes_keeps_the_recording);
  add ("/ui/devices/without-a-name-nothing-begins", test_no_name);
  return g_test_run ();
}
