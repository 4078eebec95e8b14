#include <gdk-pixbuf/gdk-pixbuf.h>
#include <qrencode.h>
#include <string.h>

#include "app/base/sarap-problem.h"
#include "sync/client/sarap-enrolment.h"
#include "sync/wire/sarap-form-list.h"
#include "tests/support/sarap-temporary.h"
#include "tests/sync/sync-support.h"

#define LIST "<xforms xmlns=\"http://openrosa.org/xforms/xformsList\"><xform><formID>a</formID><name>Audit</name><downloadUrl>u</downloadUrl></xform>" \
             "<xform><formID>b</formID><name>Perception</name><downloadUrl>u</downloadUrl></xform></xforms>"

static void
put_list (Device *device, const char *type, const char *text)
{
  g_autoptr (GBytes) bytes = support_bytes (text);

  sarap_fault_server_put (device->server, "/base/formList", type, bytes);
}

static void
assert_check_fails (Device *device, int code)
{
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_load (device->store);
  g_autoptr (GError) error = NULL;

  g_assert_false (sarap_enrolment_check (enrolment, NULL, NULL, &error));
  g_assert_error (error, SARAP_SYNC_ERROR, code);
  g_test_message ("%s", error->message);
}

static void
test_check_says_what_it_found (void)
{
  g_autoptr (Device) device = device_new ();
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_load (device->store);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) titles = NULL;

  put_list (device, "text/xml", LIST);
  sarap_enrolment_check (enrolment, &titles, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_strv_equal ((const char *const *) titles, (const char *const[]){ "Audit", "Perception", NULL }));
  put_list (device, "text/xml", "<xforms xmlns=\"http://openrosa.org/xforms/xformsList\"/>");
  assert_check_fails (device, SARAP_SYNC_ERROR_DENIED);
  put_list (device, "text/html", "<html>Sign in</html>");
  assert_check_fails (device, SARAP_SYNC_ERROR_PORTAL);
  put_list (device, "text/xml", "<something/>");
  assert_check_fails (device, SARAP_SYNC_ERROR_PORTAL);
  sarap_fault_server_put (device->server, "/base/formList", NULL, NULL);
  assert_check_fails (device, SARAP_SYNC_ERROR_DENIED);
}

static void
test_own_authority_alone_counts (void)
{
  g_autoptr (Device) device = device_new ();
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_load (device->store);
  g_autoptr (SarapTestCa) foreign = sarap_test_ca_new ();
  g_autoptr (GError) error = NULL;

  put_list (device, "text/xml", LIST);
  g_free (enrolment->ca);
  enrolment->ca = g_strdup (sarap_test_ca_get_pem (foreign));
  g_assert_false (sarap_enrolment_check (enrolment, NULL, NULL, &error));
  g_assert_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_CERTIFICATE);
  g_clear_error (&error);
  g_clear_pointer (&enrolment->ca, g_free);
  g_assert_false (sarap_enrolment_check (enrolment, NULL, NULL, &error));
  g_assert_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_CERTIFICATE);
}

/* A server that speaks only what @option says ("-tls1_1"); @words: what it printed. */
static void
assert_old_protocol_is_refused (Device *device, const char *option)
{
  g_autofree char *file = g_build_filename (device->folder, "old.pem", NULL);
  g_autofree char *pem = sarap_test_ca_issue (device->ca, "127.0.0.1", -3600, 3600);
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_load (device->store);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL, *rest = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (file, pem, -1, NULL));
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE | G_SUBPROCESS_FLAGS_STDIN_PIPE, &error, "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", file, "-key", file, "-cipher", "ALL:@SECLEVEL=0", "-naccept", "1", option, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  do
    {
      g_free (line);
      line = g_data_input_stream_read_line (output, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (line);
    }
  while (!g_str_has_prefix (line, "ACCEPT "));

  g_free (enrolment->url);
  enrolment->url = g_strdup_printf ("https://%s/base", line + strlen ("ACCEPT "));
  enrolment->password = g_strdup ("canary");
  g_assert_false (sarap_enrolment_check (enrolment, NULL, NULL, &error));
  g_assert_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_CERTIFICATE);
  g_subprocess_force_exit (process);
  rest = g_data_input_stream_read_upto (output, "", 0, NULL, NULL, NULL);
  g_test_message ("%s: %s; %s", option, error->message, rest);
  g_assert_true (rest == NULL || strstr (rest, "base") == NULL);
}

static void
test_old_protocols_are_refused (void)
{
  g_autoptr (Device) device = device_new ();

  assert_old_protocol_is_refused (device, "-tls1");
  assert_old_protocol_is_refused (device, "-tls1_1");
}

/* However the address came into the store: a file that somebody edited. */
static void
test_open_connection_is_refused (void)
{
  g_autoptr (Device) device = device_new ();
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_load (device->store);
  g_autoptr (GError) error = NULL;

  sarap_fault_server_set_fault (device->server, NULL, NULL);
  g_free (enrolment->url);
  enrolment->url = g_strdup_printf ("http://127.0.0.1:%u/base", sarap_fault_server_get_port (device->server));
  g_assert_false (sarap_enrolment_check (enrolment, NULL, NULL, &error));
  g_assert_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_CERTIFICATE);
  g_assert_nonnull (strstr (error->message, "https://"));
}

static gboolean
keep_authorization (SarapFaultServer *server, SoupServerMessage *message, const char *path, guint n, gpointer data)
{
  const char *value = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Authorization");

  g_free (*(char **) data);
  *(char **) data = g_strdup (value);
  return FALSE;
}

static void
test_password_goes_at_once (void)
{
  g_autoptr (Device) device = device_new ();
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_load (device->store);
  g_autofree char *seen = NULL;

  put_list (device, "text/xml", LIST);
  enrolment->username = g_strdup ("Әсел");
  enrolment->password = g_strdup ("pa:ss");
  sarap_fault_server_set_fault (device->server, keep_authorization, &seen);
  g_assert_true (sarap_enrolment_check (enrolment, NULL, NULL, NULL));
  g_assert_cmpstr (seen, ==, "Basic 05jRgdC10Ls6cGE6c3M=");
}

static void
test_both_enrolments_live_in_one_store (void)
{
  g_autoptr (Device) device = device_new ();
  g_autoptr (SarapEnrolment) boss = sarap_enrolment_parse ("{\"sarap\": 1, \"url\": \"https://h\", \"role\": \"supervisor\", \"project\": 4}", NULL);
  g_autoptr (SarapEnrolment) own = NULL, supervisor = NULL;

  g_assert_null (sarap_enrolment_load_supervisor (device->store));
  g_assert_true (sarap_enrolment_save (boss, device->store, NULL));
  own = sarap_enrolment_load (device->store);
  supervisor = sarap_enrolment_load_supervisor (device->store);
  g_assert_false (own->is_supervisor);
  g_assert_true (supervisor->is_supervisor);
  g_assert_cmpint (supervisor->project_id, ==, 4);
}

static void
test_another_server_starts_afresh (void)
{
  g_autoptr (Device) device = device_new ();
  g_autofree char *sequence = NULL;

  g_assert_true (sarap_store_set_setting (device->store, "sync.reviews-sequence", "9", NULL));
  device_enrol (device, "127.0.0.1");
  sequence = sarap_store_dup_setting (device->store, "sync.reviews-sequence");
  g_assert_cmpstr (sequence, ==, "9");
  device_enrol (device, "localhost");
  g_assert_null (sarap_store_dup_setting (device->store, "sync.reviews-sequence"));
}

/* A picture as a camera or the server gives it. */
static void
draw_qr (const char *file, const char *text)
{
  QRcode *code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_L);
  int scale = 6, margin = 4 * scale, size = code->width * scale + 2 * margin;
  g_autoptr (GdkPixbuf) picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, TRUE, 8, size, size);
  g_autoptr (GError) error = NULL;

  gdk_pixbuf_fill (picture, 0xffffff00);
  for (int y = 0; y < code->width; y++)
    for (int x = 0; x < code->width; x++)
      if (code->data[y * code->width + x] & 1)
        {
          g_autoptr (GdkPixbuf) dot = gdk_pixbuf_new_subpixbuf (picture, margin + x * scale, margin + y * scale, scale, scale);

          gdk_pixbuf_fill (dot, 0x000000ff);
        }
  gdk_pixbuf_save (picture, file, "png", &error, NULL);
  g_assert_no_error (error);
  QRcode_free (code);
}

static void
test_qr_code_is_read (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autofree char *file = g_build_filename (folder, "code.png", NULL);
  g_autofree char *text = g_strdup_printf ("{\"sarap\": 1, \"name\": \"Аудит\", \"url\": \"https://data.example/v1/key/%s/projects/1\"}", "a$b!cdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk");
  g_autofree char *read = NULL;
  g_autoptr (GError) error = NULL;

  draw_qr (file, text);
  read = sarap_enrolment_read_qr (file, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read, ==, text);
  sarap_temporary_remove (folder);
}

static void
test_other_pictures_are_errors (void)
{
  g_autofree char *folder = sarap_temporary_new ();
  g_autofree char *empty = g_build_filename (folder, "empty.png", NULL);
  g_autofree char *text = g_build_filename (folder, "text.png", NULL);
  g_autoptr (GdkPixbuf) picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 300, 200);
  g_autoptr (GError) error = NULL;

  gdk_pixbuf_fill (picture, 0x808080ff);
  g_assert_true (gdk_pixbuf_save (picture, empty, "png", NULL, NULL));
  g_assert_null (sarap_enrolment_read_qr (empty, &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (text, "no picture", -1, NULL));
  g_assert_null (sarap_enrolment_read_qr (text, &error));
  g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_null (sarap_enrolment_read_qr ("/nowhere/code.png", &error));
  g_assert_nonnull (error);
  sarap_temporary_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/enrolment/check-says-what-it-found", test_check_says_what_it_found);
  g_test_add_func ("/sync/enrolment/own-authority-alone-counts", test_own_authority_alone_counts);
  g_test_add_func ("/sync/enrolment/old-protocols-are-refused", test_old_protocols_are_refused);
  g_test_add_func ("/sync/enrolment/open-connection-is-refused", test_open_connection_is_refused);
  g_test_add_func ("/sync/enrolment/password-goes-at-once", test_password_goes_at_once);
  g_test_add_func ("/sync/enrolment/both-enrolments-live-in-one-store", test_both_enrolments_live_in_one_store);
  g_test_add_func ("/sync/enrolment/another-server-starts-afresh", test_another_server_starts_afresh);
  g_test_add_func ("/sync/enrolment/qr-code-is-read", test_qr_code_is_read);
  g_test_add_func ("/sync/enrolment/other-pictures-are-errors", test_other_pictures_are_errors);
  return g_test_run ();
}
