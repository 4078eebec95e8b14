#include "sync/wire/sarap-enrolment-text.h"
#include "sync/wire/sarap-form-list.h"
#include "sync/wire/sarap-handover.h"
#include "tests/fuzz/fuzz-target.h"

/* What a server, a stick or a QR code says: receipts above all. What was accepted is written and read
 * back as the same. */

static void
check_same (const SarapReceipt *a, const SarapReceipt *b)
{
  g_assert_nonnull (b);
  g_assert_cmpstr (a->instance_id, ==, b->instance_id);
  g_assert_cmpint (a->is_complete, ==, b->is_complete);
  g_assert_cmpuint (a->files->len, ==, b->files->len);
  g_assert_cmpuint (a->missing->len, ==, b->missing->len);
}

static void
read_answer (GBytes *bytes)
{
  g_autoptr (SarapOpenRosaResponse) response = sarap_openrosa_response_parse (bytes, NULL);
  g_autoptr (SarapOpenRosaResponse) again = NULL;
  g_autoptr (GBytes) written = NULL;

  if (response == NULL || response->receipt == NULL)
    return;
  written = sarap_openrosa_response_serialize (response->message, response->nature, response->receipt);
  again = sarap_openrosa_response_parse (written, NULL);
  g_assert_nonnull (again);
  check_same (response->receipt, again->receipt);
}

static void
read_handover (GBytes *bytes)
{
  g_autofree char *message = NULL;
  g_autoptr (SarapHandoverManifest) manifest = sarap_handover_manifest_parse (bytes, NULL);
  g_autoptr (SarapReceipt) receipt = sarap_handover_receipt_parse (bytes, &message, NULL);
  g_autoptr (SarapReceipt) again = NULL;
  g_autoptr (GBytes) written = NULL;

  if (manifest != NULL)
    g_free (sarap_handover_folder_name (manifest->instance_id));
  if (receipt == NULL)
    return;
  written = sarap_handover_receipt_serialize (receipt, message);
  again = sarap_handover_receipt_parse (written, NULL, NULL);
  check_same (receipt, again);
}

static void
read_others (const char *text, GBytes *bytes)
{
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_parse (text, NULL);
  g_autoptr (GPtrArray) forms = sarap_form_list_parse (bytes, NULL);
  g_autoptr (GPtrArray) media = sarap_manifest_parse (bytes, NULL);
  G_GNUC_UNUSED g_autoptr (GBytes) written = forms ? sarap_form_list_serialize (forms) : NULL;
  G_GNUC_UNUSED g_autofree char *enrolled = enrolment ? sarap_enrolment_to_text (enrolment) : NULL;

  if (media != NULL)
    g_bytes_unref (sarap_manifest_serialize (media));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autofree char *text = g_strndup ((const char *) data, size);

  read_others (text, bytes);
  read_answer (bytes);
  read_handover (bytes);
  return 0;
}
