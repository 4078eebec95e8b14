#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/base/sarap-file.h"
#include "sync/wire/sarap-handover.h"
#include "tests/sync/server-client.h"

static Client *client;

static void
put (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
list_file (SarapHandoverManifest *manifest, const char *name, const char *content)
{
  g_autofree char *hash = sha256_of (content);

  sarap_handover_manifest_add_file (manifest, name, hash, strlen (content));
}

/* A record on a stick, as a device writes it. @photo NULL: none. Returns: its folder */
static char *
hand_over (const char *stick, const char *id, const char *xml, const char *photo)
{
  g_autofree char *name = sarap_handover_folder_name (id);
  char *folder = g_build_filename (sarap_test_server_get_folder (client->server), stick, "sarap-tablet", name, NULL);
  g_autoptr (SarapHandoverManifest) manifest = sarap_handover_manifest_new (id, "visit", "v[1] $%");
  g_autofree char *path = g_build_filename (folder, SARAP_HANDOVER_MANIFEST, NULL);
  g_autoptr (GBytes) bytes = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  put (folder, "submission.xml", xml);
  list_file (manifest, "submission.xml", xml);
  if (photo != NULL)
    {
      put (folder, "p.jpg", photo);
      list_file (manifest, "p.jpg", photo);
    }
  bytes = sarap_handover_manifest_serialize (manifest);
  g_assert_true (sarap_file_write (path, bytes, 0644, NULL));
  return folder;
}

static char *
import (const char *stick, int wanted)
{
  g_autofree char *folder = g_build_filename (sarap_test_server_get_folder (client->server), stick, NULL);
  int status;
  char *out = sarap_test_server_admin (client->server, &status, "import", "--project", "1", folder, NULL);

  g_assert_cmpint (status, ==, wanted);
  return out;
}

static SarapReceipt *
read_receipt (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, SARAP_HANDOVER_RECEIPT, NULL);
  g_autoptr (GBytes) bytes = sarap_file_read (path, 100000, NULL);
  g_autofree char *message = NULL;

  return bytes ? sarap_handover_receipt_parse (bytes, &message, NULL) : NULL;
}

static void
test_import_is_exactly_once (void)
{
  g_autofree char *xml = visit_xml ("uuid:i1", "<photo>p.jpg</photo>");
  g_autofree char *folder = hand_over ("once", "uuid:i1", xml, "PPP");
  gint64 rows = count_rows (client, "visit");
  g_autofree char *first = import ("once", 0), *second = import ("once", 0);
  g_autoptr (SarapReceipt) receipt = read_receipt (folder);
  g_auto (Reply) posted = client_post (client, xml, "p.jpg", "PPP", NULL);
  g_auto (Reply) stored = client_call (client, "GET", "/v1/projects/1/forms/visit/submissions/uuid:i1.xml", NULL);

  g_assert_cmpstr (first, ==, "uuid:i1 stored");
  g_assert_cmpstr (second, ==, "uuid:i1 known");
  g_assert_cmpint (count_rows (client, "visit"), ==, rows + 1);
  g_assert_nonnull (receipt);
  g_assert_true (receipt->is_complete);
  g_assert_nonnull (sarap_receipt_find_file (receipt, "p.jpg"));
  assert_status (&posted, 202);
  g_assert_cmpstr (stored.body, ==, xml);
}

static void
test_damaged_file_is_refused (void)
{
  g_autofree char *xml = visit_xml ("uuid:i2", "<photo>p.jpg</photo>"), *good_xml = visit_xml ("uuid:i3", "");
  g_autofree char *folder = hand_over ("damaged", "uuid:i2", xml, "PPP");
  g_autofree char *good = hand_over ("damaged", "uuid:i3", good_xml, NULL);
  g_autofree char *out = NULL;

  put (folder, "p.jpg", "PPQ");
  out = import ("damaged", 1);
  g_assert_cmpstr (out, ==, "uuid:i3 stored");
  g_assert_null (read_receipt (folder));
}

static void
test_conflict_has_no_receipt (void)
{
  g_autofree char *xml = visit_xml ("uuid:i4", "<note>1</note>"), *other = visit_xml ("uuid:i4", "<note>2</note>");
  g_autofree char *folder = hand_over ("conflict", "uuid:i4", other, NULL);
  g_auto (Reply) posted = client_post (client, xml, NULL);
  g_autofree char *out = import ("conflict", 1);

  assert_status (&posted, 201);
  g_assert_cmpstr (out, ==, "uuid:i4 conflict");
  g_assert_null (read_receipt (folder));
}

static void
test_links_are_not_followed (void)
{
  g_autofree char *xml = visit_xml ("uuid:i5", "<photo>p.jpg</photo>");
  g_autofree char *folder = hand_over ("links", "uuid:i5", xml, "PPP");
  g_autofree char *secret = g_build_filename (sarap_test_server_get_folder (client->server), "links", "secret", NULL);
  g_autofree char *photo = g_build_filename (folder, "p.jpg", NULL);
  g_autofree char *out = NULL;

  g_assert_true (g_file_set_contents (secret, "PPP", -1, NULL));
  g_unlink (photo);
  g_assert_cmpint (symlink (secret, photo), ==, 0);
  out = import ("links", 1);
  g_assert_cmpstr (out, ==, "");
}

static void
test_administration_says_what_is_wrong (void)
{
  int status;

  g_free (sarap_test_server_admin (client->server, &status, "project", NULL));
  g_assert_cmpint (status, ==, 2);
  g_free (sarap_test_server_admin (client->server, &status, "form", "add", "--project", "77", "x.xml", NULL));
  g_assert_cmpint (status, ==, 2);
  g_free (sarap_test_server_admin (client->server, &status, "form", "add", "--project", "1", "/nowhere/x.xml", NULL));
  g_assert_cmpint (status, ==, 1);
  g_free (sarap_test_server_admin (client->server, &status, "form", "add", "--project", "1", "/dev/null", NULL));
  g_assert_cmpint (status, ==, 1);
  g_free (sarap_test_server_admin (client->server, &status, "--no-such-option", "list", NULL));
  g_assert_cmpint (status, ==, 2);
}

/* The same version with other content is refused; with the same content it is no second one. */
static void
test_versions_do_not_change (void)
{
  g_autofree char *form = NULL, *path = g_build_filename (sarap_test_server_get_folder (client->server), "changed.xml", NULL);
  g_autoptr (GString) changed = NULL;
  int status;

  g_free (sarap_test_server_admin (client->server, &status, "form", "add", "--project", "1", SARAP_VISIT_FORM, NULL));
  g_assert_cmpint (status, ==, 0);
  g_assert_true (g_file_get_contents (SARAP_VISIT_FORM, &form, NULL, NULL));
  changed = g_string_new (form);
  g_string_replace (changed, "<label>Note</label>", "<label>Remark</label>", 0);
  g_string_replace (changed, "jr://file-csv/centres.csv", "jr://file-csv/centres2.csv", 0);
  g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));
  put (sarap_test_server_get_folder (client->server), "centres2.csv", "name,label\nc1,C\n");
  g_free (sarap_test_server_admin (client->server, &status, "form", "add", "--project", "1", path, NULL));
  g_assert_cmpint (status, ==, 1);
}

static int
replace_table (const char *form, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (sarap_test_server_get_folder (client->server), name, NULL);
  int status;

  put (sarap_test_server_get_folder (client->server), name, text);
  g_free (sarap_test_server_admin (client->server, &status, "form", "table", "--project", "1", form, path, NULL));
  return status;
}

/* A table that reports could not read never reaches a device. */
static void
test_tables_are_replaced_when_they_fit (void)
{
  g_auto (Reply) before = client_call (client, "GET", "forms/visit/manifest", NULL);

  g_assert_cmpint (replace_table ("visit", "waves.csv", "name,from,to\nfirst,2016-01-01,2016-02-31\n"), ==, 1);
  g_assert_cmpint (replace_table ("visit", "centres.csv", "name,label\n"), ==, 1);
  g_assert_cmpint (replace_table ("none", "waves.csv", "name,from,to\n"), ==, 1);
  {
    g_auto (Reply) same = client_call (client, "GET", "forms/visit/manifest", NULL);

    g_assert_cmpstr (same.body, ==, before.body);
  }
  g_assert_cmpint (replace_table ("visit", "waves.csv", "name,from,to\nfirst,2016-01-01,2016-02-28\n"), ==, 0);
  {
    g_auto (Reply) waves = client_call (client, "GET", "forms/visit/attachments/waves.csv", NULL);
    g_auto (Reply) centres = client_call (client, "GET", "forms/visit/attachments/centres.csv", NULL);

    g_assert_cmpstr (waves.body, ==, "name,from,to\nfirst,2016-01-01,2016-02-28\n");
    g_assert_true (g_str_has_prefix (centres.body, "name,label\n"));
  }
}

/* The tables beside a form are checked with it. */
static void
test_form_with_unfit_table_is_refused (void)
{
  g_autofree char *folder = g_build_filename (sarap_test_server_get_folder (client->server), "unfit", NULL);
  int status;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  put (folder, "centres.csv", "name,label\nc1,C\n");
  put (folder, "scoring.csv", "item,section,weight,good\nnothing,a,1,yes\n");
  put (folder, "sections.csv", "section,section_weight\na,100\n");
  g_free (sarap_test_server_admin (client->server, &status, "form", "add", "--project", "1", SARAP_VISIT_FORM, "--media", folder, NULL));
  g_assert_cmpint (status, ==, 1);
}

static void
test_enrolment_is_written (void)
{
  g_autofree char *file = g_build_filename (sarap_test_server_get_folder (client->server), "new.sarap", NULL);
  g_autofree char *qr = g_build_filename (sarap_test_server_get_folder (client->server), "new.png", NULL);
  g_autofree char *out = sarap_test_server_admin (client->server, NULL, "app-user", "add", "--project", "1", "Жанна", "--enrolment", file, "--qr", qr, NULL);
  g_autofree char *text = NULL, *png = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  g_assert_cmpstr (g_strchomp (text), ==, out);
  g_assert_nonnull (strstr (text, "BEGIN CERTIFICATE"));
  g_assert_nonnull (strstr (text, "Жанна"));
  g_assert_true (g_file_get_contents (qr, &png, &length, NULL));
  g_assert_cmpint (memcmp (png, "\x89PNG", 4), ==, 0);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  client = client_new ();
  g_test_add_func ("/server/import/is-exactly-once", test_import_is_exactly_once);
  g_test_add_func ("/server/import/damaged-file-is-refused", test_damaged_file_is_refused);
  g_test_add_func ("/server/import/conflict-has-no-receipt", test_conflict_has_no_receipt);
  g_test_add_func ("/server/import/links-are-not-followed", test_links_are_not_followed);
  g_test_add_func ("/server/admin/says-what-is-wrong", test_administration_says_what_is_wrong);
  g_test_add_func ("/server/admin/versions-do-not-change", test_versions_do_not_change);
  g_test_add_func ("/server/admin/tables-are-replaced-when-they-fit", test_tables_are_replaced_when_they_fit);
  g_test_add_func ("/server/admin/form-with-unfit-table-is-refused", test_form_with_unfit_table_is_refused);
  g_test_add_func ("/server/admin/enrolment-is-written", test_enrolment_is_written);
  status = g_test_run ();
  client_free (client);
  return status;
}
