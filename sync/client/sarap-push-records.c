#include <string.h>

#include "app/base/sarap-file.h"
#include "app/vault/sarap-clock-evidence.h"
#include "sync/client/sarap-back-off.h"
#include "sync/client/sarap-receipt-check.h"
#include "sync/client/sarap-sync-round.h"
#include "sync/wire/sarap-multipart-writer.h"
#include "sync/wire/sarap-openrosa.h"
#include "sync/wire/sarap-receipt-statement.h"

/*  1. The bytes of the XML are those of the store, on every attempt.
 *  2. A record is sent only when each POST was answered 201 or 202 with an OpenRosaResponse and the
 *     last one's receipt names every hash. A server that never gave a receipt is believed without; one
 *     that gave one once must always give one.
 *  3. What one record meets never stops the others, but three cut connections in a row do, and a
 *     refused certificate at once. */

#define RECEIPTS_KEY "sync.server-gives-receipts"

enum
{
  MOST_CUTS = 3,
};

typedef struct
{
  SarapSyncRound *round;
  char *url;
  guint64 limit;
  guint n_cuts; /* in a row */
} Outbox;

typedef struct
{
  Outbox *outbox;
  const char *id;
  GBytes *xml;
  GPtrArray *attachments; /* all of the record */
  SarapOpenRosaResponse *answer;
  GBytes *answer_bytes;
  SarapReceiptProof proof;
  char *statement;   /* what the server signed; NULL: not checked */
  guint retry_after; /* seconds that the server asks for */
  gboolean is_refused;
} Upload;

static void
upload_clear (Upload *upload)
{
  g_clear_pointer (&upload->xml, g_bytes_unref);
  g_clear_pointer (&upload->attachments, g_ptr_array_unref);
  g_clear_pointer (&upload->answer, sarap_openrosa_response_free);
  g_clear_pointer (&upload->answer_bytes, g_bytes_unref);
  g_clear_pointer (&upload->statement, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Upload, upload_clear)

/* Asks where submissions go and how long they may be: 204, or nothing is sent at all. */
static gboolean
knock (Outbox *outbox, GError **error)
{
  SarapHttp *http = outbox->round->http;
  g_autofree char *url = sarap_sync_dup_url (outbox->round, "/submission");
  g_autoptr (SarapHttpReply) reply = sarap_http_head (http, url, error);

  if (reply == NULL)
    return FALSE;
  if (reply->status != 204)
    {
      g_autofree char *words = sarap_http_reply_dup_words (reply);
      int code = SARAP_SYNC_ERROR_PORTAL;

      if (reply->status == 401 || reply->status == 403)
        code = SARAP_SYNC_ERROR_DENIED;
      else if (reply->status >= 400 && reply->status != 511)
        code = SARAP_SYNC_ERROR_SERVER;
      g_set_error (error, SARAP_SYNC_ERROR, code, code == SARAP_SYNC_ERROR_PORTAL ? "something else answers instead of the server (%s); the network may want a sign-in first" : "the server takes no submissions: %s", words);
      return FALSE;
    }
  outbox->limit = reply->accepted_length > 0 ? reply->accepted_length : SARAP_OPENROSA_DEFAULT_LENGTH;
  if (reply->location != NULL && sarap_http_is_same_host (http, reply->location))
    outbox->url = sarap_http_resolve (http, reply->location, error);
  else
    outbox->url = g_steal_pointer (&url);
  return outbox->url != NULL;
}

static GBytes *
read_attachment (Upload *upload, const SarapAttachment *attachment, GError **error)
{
  g_autoptr (GError) own = NULL;
  GBytes *bytes = sarap_store_dup_attachment (upload->outbox->round->store, upload->id, attachment->name, &own);

  if (bytes == NULL)
    g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER, "the attachment %s is damaged on this device: %s", attachment->name, own->message);
  return bytes;
}

static SarapHttpReply *
post (Upload *upload, GPtrArray *files, guint from, guint count, gboolean is_last, gsize *length, GError **error)
{
  g_autoptr (SarapMultipartWriter) writer = sarap_multipart_writer_new ();
  GPtrArray *pieces;
  SarapMoment asked;

  sarap_multipart_writer_add_file (writer, SARAP_OPENROSA_XML_PART, SARAP_RECEIPT_XML, "text/xml", upload->xml);
  for (guint i = from; i < from + count; i++)
    {
      const SarapAttachment *attachment = g_ptr_array_index (files, i);
      g_autoptr (GBytes) content = read_attachment (upload, attachment, error);

      if (content == NULL)
        return NULL;
      sarap_multipart_writer_add_file (writer, attachment->name, attachment->name, sarap_content_type_of (attachment->name), content);
    }
  if (!is_last)
    sarap_multipart_writer_add_field (writer, SARAP_OPENROSA_INCOMPLETE_PART, "yes");
  pieces = sarap_multipart_writer_finish (writer, length);
  sarap_moment_take (&asked, 0);
  upload->proof.asked = asked.monotonic;
  return sarap_http_post (upload->outbox->round->http, upload->outbox->url, sarap_multipart_writer_get_content_type (writer), pieces, *length, error);
}

/* 201 or 202 with an OpenRosaResponse; all else leaves the record unsent. */
static gboolean
take_answer (Upload *upload, const SarapHttpReply *reply, GError **error)
{
  g_autofree char *words = NULL;

  if (reply->status == 201 || reply->status == 202)
    {
      g_clear_pointer (&upload->answer, sarap_openrosa_response_free);
      g_clear_pointer (&upload->answer_bytes, g_bytes_unref);
      upload->answer = sarap_openrosa_response_parse (reply->body, error);
      upload->answer_bytes = g_bytes_ref (reply->body);
      if (upload->answer == NULL)
        g_prefix_error (error, "the server's answer is not understood: ");
      return upload->answer != NULL;
    }

  words = sarap_http_reply_dup_words (reply);
  upload->retry_after = reply->retry_after;
  upload->is_refused = reply->status >= 400 && reply->status < 500 && reply->status != 408 && reply->status != 423 && reply->status != 429;
  if (reply->status < 400)
    g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_PORTAL, "something else answered instead of the server: %s", words);
  else
    g_set_error_literal (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER, words);
  return FALSE;
}

static guint
count_fitting (Upload *upload, GPtrArray *files, guint from)
{
  guint n = files->len - from;
  g_autofree const char **names = g_new (const char *, n);
  g_autofree guint64 *sizes = g_new (guint64, n);

  for (guint i = 0; i < n; i++)
    {
      const SarapAttachment *attachment = g_ptr_array_index (files, from + i);

      names[i] = attachment->name;
      sizes[i] = (guint64) attachment->size;
    }
  return sarap_multipart_count_fitting (g_bytes_get_size (upload->xml), names, sizes, n, upload->outbox->limit);
}

/* One POST, again when the server finds it too long and it can be split, and once when two copies met
 * (409). @count: in: files that fit; out: files that went. */
static gboolean
post_until_taken (Upload *upload, GPtrArray *files, guint from, guint *count, GError **error)
{
  gboolean has_met = FALSE;

  for (;;)
    {
      gsize length = 0;
      g_autoptr (SarapHttpReply) reply = post (upload, files, from, *count, from + *count == files->len, &length, error);

      if (reply == NULL)
        return FALSE;
      if (reply->status == 413 && *count > 1)
        {
          upload->outbox->limit = length / 2;
          *count = MIN (count_fitting (upload, files, from), *count - 1);
        }
      else if (reply->status == 409 && !has_met)
        has_met = TRUE;
      else
        return take_answer (upload, reply, error);
    }
}

/* Sends @files (element-type SarapAttachment) with the XML in as few POSTs as the limit allows; an
 * empty list still sends the XML. */
static gboolean
send_files (Upload *upload, GPtrArray *files, GError **error)
{
  SarapStore *store = upload->outbox->round->store;
  guint from = 0;

  do
    {
      guint count = count_fitting (upload, files, from);

      if (!post_until_taken (upload, files, from, &count, error))
        return FALSE;
      for (guint i = from; i < from + count; i++)
        {
          const SarapAttachment *attachment = g_ptr_array_index (files, i);

          if (!sarap_store_note_part (store, upload->id, attachment->name, error))
            return FALSE;
        }
      from += count;
    }
  while (from < files->len);
  return TRUE;
}

/* The attachments whose names are in @names, or with @is_among FALSE the others. */
static GPtrArray *
select_files (GPtrArray *attachments, const char *const *names, gboolean is_among)
{
  GPtrArray *files = g_ptr_array_new ();

  for (guint i = 0; i < attachments->len; i++)
    {
      SarapAttachment *attachment = g_ptr_array_index (attachments, i);

      if (g_strv_contains (names, attachment->name) == is_among)
        g_ptr_array_add (files, attachment);
    }
  return files;
}

static gboolean
must_have_receipt (SarapStore *store)
{
  g_autofree char *seen = sarap_store_dup_setting (store, RECEIPTS_KEY);

  return seen != NULL;
}

/* A server whose key the enrolment gave must sign; of any other the receipt is taken as it is. */
static gboolean
check_signature (Upload *upload, const SarapReceipt *receipt, GError **error)
{
  const char *key = upload->outbox->round->enrolment->server_key;
  g_autoptr (SarapStatement) expected = sarap_receipt_to_statement (receipt);
  g_autoptr (SarapStatement) found = NULL;

  if (key == NULL)
    return TRUE;
  g_free (upload->statement);
  upload->statement = sarap_statement_to_text (expected);
  found = receipt->signature ? sarap_statement_new_signed (upload->statement, key, receipt->signature) : NULL;
  upload->proof.statement = upload->statement;
  upload->proof.server_key = key;
  upload->proof.signature = receipt->signature;
  upload->proof.server_time = receipt->time;
  if (found == NULL)
    g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER, "the receipt is not signed by the server that this device was enrolled with");
  return found != NULL;
}

/* Reads the receipt of the last answer. Returns: names that the server lacks, or NULL with an error */
static GPtrArray *
find_lacking (Upload *upload, GError **error)
{
  SarapStore *store = upload->outbox->round->store;
  const SarapReceipt *receipt = upload->answer->receipt;

  if (receipt == NULL && must_have_receipt (store))
    {
      g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER, "the server gave no receipt, but it always did");
      return NULL;
    }
  if (receipt == NULL)
    return g_ptr_array_new ();
  if (!check_signature (upload, receipt, error))
    return NULL;
  if (!must_have_receipt (store) && !sarap_store_set_setting (store, RECEIPTS_KEY, "1", error))
    return NULL;
  return sarap_receipt_find_lacking (receipt, upload->id, upload->xml, upload->attachments, error);
}

static gboolean
send_record (Upload *upload, GError **error)
{
  SarapStore *store = upload->outbox->round->store;
  g_auto (GStrv) parts = NULL;
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (GPtrArray) lacking = NULL;

  upload->xml = sarap_store_dup_record_xml (store, upload->id, error);
  if (upload->xml == NULL || !sarap_store_note_attempt (store, upload->id, error))
    return FALSE;
  upload->attachments = sarap_store_list_attachments (store, upload->id, error);
  if (upload->attachments == NULL)
    return FALSE;
  parts = sarap_store_list_parts (store, upload->id, error);
  if (parts == NULL)
    return FALSE;

  files = select_files (upload->attachments, (const char *const *) parts, FALSE);
  if (!send_files (upload, files, error))
    return FALSE;
  lacking = find_lacking (upload, error);
  if (lacking != NULL && lacking->len > 0)
    {
      g_ptr_array_add (lacking, NULL);
      g_ptr_array_unref (files);
      files = select_files (upload->attachments, (const char *const *) lacking->pdata, TRUE);
      g_clear_pointer (&lacking, g_ptr_array_unref);
      if (!send_files (upload, files, error))
        return FALSE;
      lacking = find_lacking (upload, error);
    }
  if (lacking == NULL)
    return FALSE;
  if (lacking->len > 0)
    {
      g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER, "the server did not keep %u attachments, among them %s", lacking->len, (const char *) g_ptr_array_index (lacking, 0));
      return FALSE;
    }
  return sarap_store_note_sent (store, upload->id, upload->answer->receipt ? upload->answer_bytes : NULL, &upload->proof, upload->answer->message, error);
}

static gboolean
note_failure (Outbox *outbox, SarapRecord *record, const Upload *upload, const GError *failure, GError **error)
{
  SarapStore *store = outbox->round->store;
  SarapBackOff kind = upload->is_refused ? SARAP_BACK_OFF_REFUSED : SARAP_BACK_OFF_TROUBLE;
  gint64 delay = sarap_back_off_delay (kind, sarap_record_get_n_attempts (record) + 1);
  gint64 asked = MIN ((gint64) upload->retry_after, 24 * 3600) * 1000;

  return sarap_store_note_failure (store, upload->id, failure->domain == SARAP_SYNC_ERROR ? failure->code : SARAP_SYNC_ERROR_SERVER, failure->message, sarap_clock_get_now (sarap_store_get_clock (store)) + MAX (delay, asked), error);
}

/* Returns: FALSE when the round must end */
static gboolean
try_record (Outbox *outbox, SarapRecord *record, guint done, guint total, GError **error)
{
  SarapSyncRound *round = outbox->round;
  g_auto (Upload) upload = { .outbox = outbox, .id = sarap_record_get_id (record) };
  g_autoptr (GError) failure = NULL;

  if (send_record (&upload, &failure))
    {
      outbox->n_cuts = 0;
      round->result->n_sent++;
      sarap_sync_round_report (round, SARAP_SYNC_STEP_RECORDS, done, total, upload.id, TRUE, upload.answer->message);
      return TRUE;
    }
  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  round->result->n_failed++;
  sarap_sync_round_report (round, SARAP_SYNC_STEP_RECORDS, done, total, upload.id, FALSE, failure->message);
  if (!note_failure (outbox, record, &upload, failure, error))
    return FALSE;
  outbox->n_cuts = g_error_matches (failure, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_OFFLINE) ? outbox->n_cuts + 1 : 0;
  if (g_error_matches (failure, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_CERTIFICATE) || outbox->n_cuts >= MOST_CUTS)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  return TRUE;
}

/* Finalized records up. What happens to each is noted in the store; an error means that the server
 * cannot be used at all, or that the store failed. */
gboolean
sarap_sync_push_records (SarapSyncRound *round, GError **error)
{
  gint64 now = sarap_clock_get_now (sarap_store_get_clock (round->store));
  g_autoptr (GPtrArray) records = sarap_store_list_due (round->store, round->force ? G_MAXINT64 : now, error);
  Outbox outbox = { .round = round };
  g_autofree char *url = NULL;

  if (records == NULL)
    return FALSE;
  if (records->len == 0)
    return TRUE;
  if (!knock (&outbox, error))
    return FALSE;
  url = outbox.url;
  for (guint i = 0; i < records->len; i++)
    if (!try_record (&outbox, g_ptr_array_index (records, i), i + 1, records->len, error))
      return FALSE;
  return TRUE;
}
