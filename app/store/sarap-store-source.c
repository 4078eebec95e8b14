#include "app/store/sarap-store-source.h"

#include "app/store/sarap-store-forms.h"
#include "app/store/sarap-store-private.h"
#include "app/store/sarap-store-received.h"
#include "app/vault/sarap-sensitive.h"

/* Rows read at a time; the callback runs on the caller's thread, without the database. */
#define BATCH 50

typedef struct
{
  char *id;
  char *form_version;
  char *submitter;
  SarapReviewState review_state;
  gint64 at;
  GBytes *xml;
} Row;

static void
row_free (gpointer data)
{
  Row *row = data;

  g_free (row->id);
  g_free (row->form_version);
  g_free (row->submitter);
  g_clear_pointer (&row->xml, g_bytes_unref);
  g_free (row);
}

typedef struct
{
  const char *form_id;
  gint64 at;
  char *id;
  GPtrArray *rows;
} Batch;

static gboolean
read_batch (SarapDatabase *db, gpointer data, GError **error)
{
  Batch *batch = data;
  SarapQuery *query = sarap_database_query (db, "source-list", error);

  sarap_query_bind_text (query, "form_id", batch->form_id);
  sarap_query_bind_int (query, "at", batch->at);
  sarap_query_bind_text (query, "id", batch->id);
  sarap_query_bind_int (query, "limit", BATCH);
  while (sarap_query_next (query))
    {
      Row *row = g_new0 (Row, 1);

      row->id = sarap_query_dup_text (query, "id");
      row->form_version = sarap_query_dup_text (query, "form_version");
      row->submitter = sarap_query_dup_text (query, "submitter");
      row->review_state = sarap_query_get_int (query, "review_state");
      row->at = sarap_query_get_int (query, "at");
      row->xml = sarap_query_dup_bytes (query, "xml");
      g_ptr_array_add (batch->rows, row);
    }
  return sarap_query_finish (query);
}

/* Sensitive answers are blank for whoever has no private half of their key. */
static gboolean
tell (SarapStore *self, Batch *batch, SarapSourceFunc func, gpointer data)
{
  g_autoptr (GPtrArray) keys = sarap_keyring_list_project_keys (sarap_store_get_keyring (self));

  for (guint i = 0; i < batch->rows->len; i++)
    {
      Row *row = g_ptr_array_index (batch->rows, i);
      g_autoptr (GBytes) xml = row->xml ? sarap_sensitive_open (row->xml, keys, TRUE) : NULL;
      SarapSourceRecord record = { row->id, row->form_version, row->submitter, sarap_review_state_to_word (row->review_state), row->at, xml };

      if (xml != NULL && !func (&record, data))
        return FALSE;
      batch->at = row->at;
      g_free (batch->id);
      batch->id = g_strdup (row->id);
    }
  return TRUE;
}

static gboolean
foreach_record (SarapRecordSource *source, const char *form_id, SarapSourceFunc func, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (row_free);
  Batch batch = { form_id, G_MININT64, g_strdup (""), rows };
  gboolean ok;

  while ((ok = sarap_store_read (SARAP_STORE (source), read_batch, &batch, error)))
    {
      guint n = rows->len;

      if (!tell (SARAP_STORE (source), &batch, func, data) || n < BATCH)
        break;
      g_ptr_array_set_size (rows, 0);
    }
  g_free (batch.id);
  return ok;
}

static SarapForm *
load_form (SarapRecordSource *source, const char *form_id, const char *version, GError **error)
{
  return sarap_store_load_form (SARAP_STORE (source), form_id, version, error);
}

static GBytes *
dup_media (SarapRecordSource *source, const char *form_id, const char *version, const char *name, GError **error)
{
  return sarap_store_dup_form_media (SARAP_STORE (source), form_id, version, name, error);
}

static gboolean
is_received (SarapStore *self, const char *id)
{
  g_autoptr (SarapSubmission) submission = sarap_store_find_submission (self, id, NULL);

  return submission != NULL;
}

static char **
list_attachments (SarapRecordSource *source, const char *id, GError **error)
{
  SarapStore *self = SARAP_STORE (source);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (is_received (self, id))
    return sarap_store_list_submission_attachments (self, id, error);
  found = sarap_store_list_attachments (self, id, error);
  if (found == NULL)
    return NULL;
  for (guint i = 0; i < found->len; i++)
    g_strv_builder_add (names, ((SarapAttachment *) g_ptr_array_index (found, i))->name);
  return g_strv_builder_end (names);
}

static GBytes *
dup_attachment (SarapRecordSource *source, const char *id, const char *name, GError **error)
{
  SarapStore *self = SARAP_STORE (source);

  if (is_received (self, id))
    return sarap_store_dup_submission_attachment (self, id, name, error);
  return sarap_store_dup_attachment (self, id, name, error);
}

void
sarap_store_source_init (SarapRecordSourceInterface *iface)
{
  iface->foreach = foreach_record;
  iface->load_form = load_form;
  iface->dup_media = dup_media;
  iface->list_attachments = list_attachments;
  iface->dup_attachment = dup_attachment;
}
