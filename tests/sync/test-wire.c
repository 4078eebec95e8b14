#include <string.h>

#include "app/base/sarap-problem.h"
#include "sync/wire/sarap-file-name.h"
#include "sync/wire/sarap-form-list.h"
#include "sync/wire/sarap-handover.h"
#include "sync/wire/sarap-multipart-writer.h"
#include "sync/wire/sarap-openrosa.h"

#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HASH_B "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"

static GBytes *
bytes_of (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static void
test_list_tolerates_order_and_entities (void)
{
  g_autoptr (GBytes) bytes = bytes_of (
      "<?xml version='1.0'?><o:xforms xmlns:o='http://openrosa.org/xforms/xformsList'>"
      "<o:xform extra='1'><o:downloadUrl>https://h/v1/key/a$b!c/forms/x.xml?a=1&amp;b=2</o:downloadUrl><o:unknown/>"
      "<o:name> Tom &amp; Jerry&#39;s </o:name><o:hash>md5:00</o:hash><o:formID>x</o:formID></o:xform>"
      "<o:xform><o:formID>no address</o:formID></o:xform>"
      "<o:xform><o:formID>y</o:formID><o:version>2</o:version><o:downloadUrl>u</o:downloadUrl><o:manifestUrl>m</o:manifestUrl></o:xform></o:xforms>");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) forms = sarap_form_list_parse (bytes, &error);
  const SarapListedForm *form;

  g_assert_no_error (error);
  g_assert_cmpuint (forms->len, ==, 2);
  form = g_ptr_array_index (forms, 0);
  g_assert_cmpstr (form->id, ==, "x");
  g_assert_cmpstr (form->name, ==, "Tom & Jerry's");
  g_assert_cmpstr (form->version, ==, "");
  g_assert_cmpstr (form->hash, ==, "md5:00");
  g_assert_cmpstr (form->download_url, ==, "https://h/v1/key/a$b!c/forms/x.xml?a=1&b=2");
  g_assert_null (form->manifest_url);
  form = g_ptr_array_index (forms, 1);
  g_assert_cmpstr (form->name, ==, "y");
  g_assert_null (form->hash);
  g_assert_cmpstr (form->manifest_url, ==, "m");
}

static void
test_list_returns_as_written (void)
{
  g_autoptr (GPtrArray) forms = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_listed_form_free);
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GBytes) bytes = NULL;
  SarapListedForm *form = g_new0 (SarapListedForm, 1);
  const SarapListedForm *read;

  form->id = g_strdup ("a&b");
  form->name = g_strdup ("\"<Сұрақ>\"");
  form->version = g_strdup ("[1]");
  form->hash = g_strdup ("md5:1");
  form->download_url = g_strdup ("https://h/?a&b");
  form->manifest_url = g_strdup ("https://h/m");
  g_ptr_array_add (forms, form);
  bytes = sarap_form_list_serialize (forms);
  again = sarap_form_list_parse (bytes, NULL);
  g_assert_cmpuint (again->len, ==, 1);
  read = g_ptr_array_index (again, 0);
  g_assert_cmpstr (read->id, ==, form->id);
  g_assert_cmpstr (read->name, ==, form->name);
  g_assert_cmpstr (read->version, ==, form->version);
  g_assert_cmpstr (read->hash, ==, form->hash);
  g_assert_cmpstr (read->download_url, ==, form->download_url);
  g_assert_cmpstr (read->manifest_url, ==, form->manifest_url);
}

static void
test_manifest_knows_entity_lists (void)
{
  g_autoptr (GBytes) bytes = bytes_of (
      "<manifest xmlns='http://openrosa.org/xforms/xformsManifest'>"
      "<mediaFile><filename>centres.csv</filename><hash>md5:1</hash><downloadUrl>u1</downloadUrl></mediaFile>"
      "<mediaFile type='entityList'><filename>people.csv</filename><hash>md5:2</hash><downloadUrl>u2</downloadUrl><integrityUrl>i</integrityUrl></mediaFile></manifest>");
  g_autoptr (GPtrArray) media = sarap_manifest_parse (bytes, NULL);
  g_autoptr (GBytes) written = sarap_manifest_serialize (media);
  g_autoptr (GPtrArray) again = sarap_manifest_parse (written, NULL);

  g_assert_cmpuint (again->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const SarapListedMedia *file = g_ptr_array_index (again, i);

      g_assert_cmpint (file->is_entity_list, ==, i == 1);
      g_assert_cmpstr (file->name, ==, i == 1 ? "people.csv" : "centres.csv");
      g_assert_cmpstr (file->hash, ==, i == 1 ? "md5:2" : "md5:1");
    }
}

static void
test_hostile_lists_are_errors (void)
{
  static const char *const texts[] = {
    "",
    "<html><body>Please log in</body></html>",
    "{\"message\": \"no\"}",
    "<xforms",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><xforms>&e;</xforms>",
    "<xforms>&undefined;</xforms>",
    "<xforms>\xff\xfe</xforms>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) bytes = bytes_of (texts[i]);
      g_autoptr (GError) list_error = NULL, manifest_error = NULL, answer_error = NULL;

      g_assert_null (sarap_form_list_parse (bytes, &list_error));
      g_assert_cmpint (list_error->domain, ==, SARAP_INPUT_ERROR);
      g_assert_null (sarap_manifest_parse (bytes, &manifest_error));
      g_assert_cmpint (manifest_error->domain, ==, SARAP_INPUT_ERROR);
      g_assert_null (sarap_openrosa_response_parse (bytes, &answer_error));
      g_assert_cmpint (answer_error->domain, ==, SARAP_INPUT_ERROR);
    }
}

static void
test_manifest_refuses_paths (void)
{
  static const char *const names[] = { "../keys/device", "/etc/passwd", "a\\b", "..", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *text = g_strdup_printf ("<manifest><mediaFile><filename>%s</filename><hash>md5:1</hash><downloadUrl>u</downloadUrl></mediaFile></manifest>", names[i]);
      g_autoptr (GBytes) bytes = bytes_of (text);
      g_autoptr (GError) error = NULL;

      g_assert_null (sarap_manifest_parse (bytes, &error));
      g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED);
    }
}

static void
test_answer_of_plain_servers (void)
{
  g_autoptr (GBytes) bytes = bytes_of ("<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\" items=\"0\"><message nature=\"submit_success\"> full submission &lt;ok&gt; </message></OpenRosaResponse>");
  g_autoptr (SarapOpenRosaResponse) answer = sarap_openrosa_response_parse (bytes, NULL);

  g_assert_cmpstr (answer->message, ==, "full submission <ok>");
  g_assert_cmpstr (answer->nature, ==, "submit_success");
  g_assert_null (answer->receipt);
}

static void
test_receipt_returns_as_written (void)
{
  g_autoptr (SarapReceipt) receipt = sarap_receipt_new ("uuid:\"1\"&2");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (SarapOpenRosaResponse) answer = NULL;

  sarap_receipt_add_file (receipt, SARAP_RECEIPT_XML, HASH_A, 12);
  sarap_receipt_add_file (receipt, "сурет & 'x'.jpg", HASH_B, G_MAXUINT32);
  sarap_receipt_add_missing (receipt, "b.jpg");
  bytes = sarap_openrosa_response_serialize ("Thank you & <more>", NULL, receipt);
  answer = sarap_openrosa_response_parse (bytes, NULL);
  g_assert_cmpstr (answer->message, ==, "Thank you & <more>");
  g_assert_cmpstr (answer->nature, ==, "");
  g_assert_cmpstr (answer->receipt->instance_id, ==, "uuid:\"1\"&2");
  g_assert_false (answer->receipt->is_complete);
  g_assert_cmpuint (answer->receipt->files->len, ==, 2);
  g_assert_cmpuint (sarap_receipt_find_file (answer->receipt, "сурет & 'x'.jpg")->size, ==, G_MAXUINT32);
  g_assert_cmpstr (sarap_receipt_find_file (answer->receipt, "сурет & 'x'.jpg")->sha256, ==, "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
  g_assert_null (sarap_receipt_find_file (answer->receipt, "b.jpg"));
  g_assert_cmpstr (g_ptr_array_index (answer->receipt->missing, 0), ==, "b.jpg");
}

/* A receipt that cannot be understood must not pass for "this server gives none". */
static void
test_broken_receipts_are_errors (void)
{
  static const char *const receipts[] = {
    "<receipt xmlns='https://sarap.org/receipt'/>",
    "<receipt xmlns='https://sarap.org/receipt' instanceID='u'><file name='a' size='1'/></receipt>",
    "<receipt xmlns='https://sarap.org/receipt' instanceID='u'><file name='a' sha256='12' size='1'/></receipt>",
    "<receipt xmlns='https://sarap.org/receipt' instanceID='u'><file name='a' sha256='" HASH_A "'/></receipt>",
    "<receipt xmlns='https://sarap.org/receipt' instanceID='u'><file name='a' sha256='" HASH_A "' size='-1'/></receipt>",
    "<receipt xmlns='https://sarap.org/receipt' instanceID='u'><file name='a/b' sha256='" HASH_A "' size='1'/></receipt>",
    "<receipt xmlns='https://sarap.org/receipt' instanceID='u'><file name='a' sha256='" HASH_A "' size='1'/><file name='a' sha256='" HASH_B "' size='1'/></receipt>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (receipts); i++)
    {
      g_autofree char *text = g_strconcat ("<OpenRosaResponse><message>ok</message>", receipts[i], "</OpenRosaResponse>", NULL);
      g_autoptr (GBytes) bytes = bytes_of (text);
      g_autoptr (GError) error = NULL;

      g_assert_null (sarap_openrosa_response_parse (bytes, &error));
      g_assert_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED);
    }
}

static void
test_multipart_is_laid_out_as_collect_does (void)
{
  g_autoptr (SarapMultipartWriter) writer = sarap_multipart_writer_new ();
  g_autoptr (GBytes) xml = bytes_of ("<data/>");
  g_autoptr (GBytes) photo = g_bytes_new_static ("\0\r\n--", 5);
  g_autoptr (GByteArray) whole = g_byte_array_new ();
  g_autofree char *expected = NULL, *boundary = NULL;
  const char *type = sarap_multipart_writer_get_content_type (writer);
  GPtrArray *pieces;
  gsize length, half;

  sarap_multipart_writer_add_file (writer, SARAP_OPENROSA_XML_PART, SARAP_RECEIPT_XML, "text/xml", xml);
  sarap_multipart_writer_add_file (writer, "a\"\r\nb.jpg", "a\"\r\nb.jpg", sarap_content_type_of ("A.JPG"), photo);
  sarap_multipart_writer_add_field (writer, SARAP_OPENROSA_INCOMPLETE_PART, "yes");
  pieces = sarap_multipart_writer_finish (writer, &length);
  for (guint i = 0; i < pieces->len; i++)
    g_byte_array_append (whole, g_bytes_get_data (g_ptr_array_index (pieces, i), NULL), (guint) g_bytes_get_size (g_ptr_array_index (pieces, i)));
  g_assert_cmpuint (whole->len, ==, length);

  g_assert_true (g_str_has_prefix (type, "multipart/form-data; boundary=\"sarap-"));
  boundary = g_strndup (strchr (type, '"') + 1, strlen (strchr (type, '"')) - 2);
  expected = g_strdup_printf ("--%s\r\nContent-Disposition: form-data; name=\"xml_submission_file\"; filename=\"submission.xml\"\r\nContent-Type: text/xml\r\n\r\n<data/>\r\n"
                              "--%s\r\nContent-Disposition: form-data; name=\"a%%22%%0D%%0Ab.jpg\"; filename=\"a%%22%%0D%%0Ab.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n",
                              boundary,
                              boundary);
  half = strlen (expected);
  g_assert_cmpmem (whole->data, half, expected, half);
  g_assert_cmpmem (whole->data + half, 5, "\0\r\n--", 5);
  g_free (expected);
  expected = g_strdup_printf ("\r\n--%s\r\nContent-Disposition: form-data; name=\"*isIncomplete*\"\r\n\r\nyes\r\n--%s--\r\n", boundary, boundary);
  g_assert_cmpmem (whole->data + half + 5, whole->len - half - 5, expected, strlen (expected));
}

static void
test_split_stays_under_the_limit (void)
{
  static const char *const names[] = { "1.jpg", "2.jpg", "3.jpg", "4.jpg" };
  static const guint64 sizes[] = { 400000, 400000, 400000, 2000000 };
  const char *many_names[150];
  guint64 many_sizes[150];
  guint count;

  count = sarap_multipart_count_fitting (2000, names, sizes, 4, 1000000);
  g_assert_cmpuint (count, ==, 2);
  for (guint64 limit = 801000; limit < 806000; limit += 50)
    {
      g_autoptr (SarapMultipartWriter) writer = sarap_multipart_writer_new ();
      g_autofree char *zeros = g_malloc0 (400000);
      gsize length;

      count = sarap_multipart_count_fitting (2000, names, sizes, 3, limit);
      sarap_multipart_writer_add_field (writer, SARAP_OPENROSA_INCOMPLETE_PART, "yes");
      for (guint i = 0; i <= count; i++)
        {
          g_autoptr (GBytes) bytes = g_bytes_new_static (zeros, i == 0 ? 2000 : 400000);

          sarap_multipart_writer_add_file (writer, i == 0 ? SARAP_OPENROSA_XML_PART : names[i - 1], i == 0 ? SARAP_RECEIPT_XML : names[i - 1], "image/jpeg", bytes);
        }
      sarap_multipart_writer_finish (writer, &length);
      g_assert_cmpuint (length, <=, limit);
    }
  g_assert_cmpuint (sarap_multipart_count_fitting (2000, names + 3, sizes + 3, 1, 1000000), ==, 1);
  g_assert_cmpuint (sarap_multipart_count_fitting (2000, names, sizes, 0, 1000000), ==, 0);
  for (guint i = 0; i < 150; i++)
    {
      many_names[i] = "x.jpg";
      many_sizes[i] = 1;
    }
  g_assert_cmpuint (sarap_multipart_count_fitting (2000, many_names, many_sizes, 150, G_MAXUINT64), ==, 100);
}

static void
test_handover_returns_as_written (void)
{
  g_autoptr (SarapHandoverManifest) manifest = sarap_handover_manifest_new ("uuid:1", "audit", "2");
  g_autoptr (SarapReceipt) receipt = sarap_receipt_new ("uuid:1");
  g_autoptr (SarapHandoverManifest) read = NULL;
  g_autoptr (SarapReceipt) taken = NULL;
  g_autoptr (GBytes) bytes = NULL, receipt_bytes = NULL;
  g_autofree char *message = NULL, *folder = sarap_handover_folder_name ("uuid:1b/c:D é");

  sarap_handover_manifest_add_file (manifest, SARAP_RECEIPT_XML, HASH_A, 5);
  bytes = sarap_handover_manifest_serialize (manifest);
  read = sarap_handover_manifest_parse (bytes, NULL);
  g_assert_cmpstr (read->instance_id, ==, "uuid:1");
  g_assert_cmpstr (read->form_id, ==, "audit");
  g_assert_cmpstr (read->version, ==, "2");
  g_assert_cmpstr (((SarapStoredFile *) g_ptr_array_index (read->files, 0))->sha256, ==, HASH_A);

  receipt->is_complete = TRUE;
  sarap_receipt_add_file (receipt, SARAP_RECEIPT_XML, HASH_A, 5);
  sarap_receipt_add_missing (receipt, "b");
  receipt_bytes = sarap_handover_receipt_serialize (receipt, "ok");
  taken = sarap_handover_receipt_parse (receipt_bytes, &message, NULL);
  g_assert_true (taken->is_complete);
  g_assert_cmpstr (message, ==, "ok");
  g_assert_cmpuint (taken->files->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (taken->missing, 0), ==, "b");
  g_assert_cmpstr (folder, ==, "1b_c_D___");
}

static void
test_hostile_handover_is_an_error (void)
{
  static const char *const texts[] = {
    "",
    "[]",
    "null",
    "{\"sarap-handover\": 2, \"sarap-receipt\": 2}",
    "{\"sarap-handover\": {}, \"sarap-receipt\": []}",
    "{\"sarap-handover\": 1, \"sarap-receipt\": 1}",
    "{\"sarap-handover\": 1, \"sarap-receipt\": 1, \"instanceId\": 7, \"formId\": []}",
    "{\"sarap-handover\": 1, \"sarap-receipt\": 1, \"instanceId\": \"u\", \"formId\": \"f\", \"files\": [3]}",
    "{\"sarap-handover\": 1, \"sarap-receipt\": 1, \"instanceId\": \"u\", \"formId\": \"f\", \"files\": [{\"name\": \"../x\", \"sha256\": \"" HASH_A "\", \"size\": 1}]}",
    "{\"sarap-handover\": 1, \"sarap-receipt\": 1, \"instanceId\": \"u\", \"formId\": \"f\", \"files\": [{\"name\": \"x\", \"sha256\": [], \"size\": {}}]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) bytes = bytes_of (texts[i]);
      g_autoptr (GError) manifest_error = NULL, receipt_error = NULL;

      g_assert_null (sarap_handover_manifest_parse (bytes, &manifest_error));
      g_assert_cmpint (manifest_error->domain, ==, SARAP_INPUT_ERROR);
      g_assert_null (sarap_handover_receipt_parse (bytes, NULL, &receipt_error));
      g_assert_cmpint (receipt_error->domain, ==, SARAP_INPUT_ERROR);
    }
}

static void
test_date_is_of_http (void)
{
  g_autofree char *date = sarap_openrosa_date (G_GINT64_CONSTANT (784111777123));

  g_assert_cmpstr (date, ==, "Sun, 06 Nov 1994 08:49:37 GMT");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/wire/list-tolerates-order-and-entities", test_list_tolerates_order_and_entities);
  g_test_add_func ("/sync/wire/list-returns-as-written", test_list_returns_as_written);
  g_test_add_func ("/sync/wire/manifest-knows-entity-lists", test_manifest_knows_entity_lists);
  g_test_add_func ("/sync/wire/manifest-refuses-paths", test_manifest_refuses_paths);
  g_test_add_func ("/sync/wire/hostile-lists-are-errors", test_hostile_lists_are_errors);
  g_test_add_func ("/sync/wire/answer-of-plain-servers", test_answer_of_plain_servers);
  g_test_add_func ("/sync/wire/receipt-returns-as-written", test_receipt_returns_as_written);
  g_test_add_func ("/sync/wire/broken-receipts-are-errors", test_broken_receipts_are_errors);
  g_test_add_func ("/sync/wire/multipart-is-laid-out-as-collect-does", test_multipart_is_laid_out_as_collect_does);
  g_test_add_func ("/sync/wire/split-stays-under-the-limit", test_split_stays_under_the_limit);
  g_test_add_func ("/sync/wire/handover-returns-as-written", test_handover_returns_as_written);
  g_test_add_func ("/sync/wire/hostile-handover-is-an-error", test_hostile_handover_is_an_error);
  g_test_add_func ("/sync/wire/date-is-of-http", test_date_is_of_http);
  return g_test_run ();
}
