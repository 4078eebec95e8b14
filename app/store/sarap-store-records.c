#include "app/store/sarap-store-records.h"

#include "app/store/sarap-answers.h"
#include "app/store/sarap-journal-writer.h"
#include "app/store/sarap-media.h"
#include "app/store/sarap-paged-list.h"
#include "app/store/sarap-record-keys.h"
#include "app/store/sarap-record-private.h"
#include "app/store/sarap-store-forms-private.h"
#include "app/store/sarap-store-private.h"

/* What a search compares: @texts (NULL-terminated) in one line, normalized and case folded. */
char *
sarap_store_dup_search_key (const char *const *texts)
{
  g_autofree char *line = g_strjoinv (" ", (char **) texts);
  g_autofree char *valid = g_utf8_make_valid (line, -1);
  g_autofree char *normal = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL_COMPOSE);

  return g_utf8_casefold (normal, -1);
}

typedef struct
{
  const SarapRecordFilter *filter;
  guint offset;
  guint limit;
  GPtrArray *records;
  guint n;
} Listing;

static SarapQuery *
begin_listing (SarapDatabase *db, const char *name, const SarapRecordFilter *filter, GError **error)
{
  const char *texts[] = { filter->search, NULL };
  g_autofree char *search = sarap_store_dup_search_key (texts);
  SarapQuery *query = sarap_database_query (db, name, error);

  sarap_query_bind_text (query, "form_id", filter->form_id);
  sarap_query_bind_text (query, "owner", filter->owner);
  sarap_query_bind_text (query, "search", *search != '\0' ? search : NULL);
  sarap_query_bind_int (query, "state", filter->state);
  return query;
}

static gboolean
list_records (SarapDatabase *db, gpointer data, GError **error)
{
  Listing *listing = data;
  SarapQuery *query = begin_listing (db, "record-list", listing->filter, error);

  sarap_query_bind_int (query, "limit", listing->limit);
  sarap_query_bind_int (query, "offset", listing->offset);
  while (sarap_query_next (query))
    g_ptr_array_add (listing->records, sarap_row_new_from_query (SARAP_TYPE_RECORD, query));
  return sarap_query_finish (query);
}

/* @filter NULL: all. Returns: (transfer full) (element-type SarapRecord) */
GPtrArray *
sarap_store_list_records (SarapStore *self, const SarapRecordFilter *filter, guint offset, guint limit, GError **error)
{
  const SarapRecordFilter all = { .state = -1 };
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);
  Listing listing = { filter ? filter : &all, offset, limit, records, 0 };

  return sarap_store_read (self, list_records, &listing, error) ? g_steal_pointer (&records) : NULL;
}

static gboolean
count_records (SarapDatabase *db, gpointer data, GError **error)
{
  Listing *listing = data;
  SarapQuery *query = begin_listing (db, "record-count", listing->filter, error);

  if (sarap_query_next (query))
    listing->n = sarap_query_get_int (query, "n");
  return sarap_query_finish (query);
}

guint
sarap_store_count_records (SarapStore *self, const SarapRecordFilter *filter, GError **error)
{
  const SarapRecordFilter all = { .state = -1 };
  Listing listing = { .filter = filter ? filter : &all };

  return sarap_store_read (self, count_records, &listing, error) ? listing.n : 0;
}

static gpointer
filter_new (const SarapRecordFilter *filter)
{
  SarapRecordFilter *copy = g_new0 (SarapRecordFilter, 1);

  copy->state = filter ? filter->state : -1;
  copy->form_id = filter ? g_strdup (filter->form_id) : NULL;
  copy->owner = filter ? g_strdup (filter->owner) : NULL;
  copy->search = filter ? g_strdup (filter->search) : NULL;
  return copy;
}

static void
filter_free (gpointer data)
{
  SarapRecordFilter *filter = data;

  g_free ((char *) filter->form_id);
  g_free ((char *) filter->owner);
  g_free ((char *) filter->search);
  g_free (filter);
}

static guint
count_rows (SarapStore *store, gconstpointer filter, GError **error)
{
  return sarap_store_count_records (store, filter, error);
}

static GPtrArray *
read_rows (SarapStore *store, gconstpointer filter, guint offset, guint limit, GError **error)
{
  return sarap_store_list_records (store, filter, offset, limit, error);
}

GListModel *
sarap_record_list_new (SarapStore *store, const SarapRecordFilter *filter)
{
  static SarapPagedRows rows = { 0, SARAP_STORE_TOPIC_RECORDS, count_rows, read_rows };

  rows.item_type = SARAP_TYPE_RECORD;
  return sarap_paged_list_new (store, &rows, filter_new (filter), filter_free);
}

void
sarap_record_list_set_search (GListModel *list, const char *search)
{
  SarapRecordFilter filter = *(SarapRecordFilter *) sarap_paged_list_get_filter (SARAP_PAGED_LIST (list));

  filter.search = search;
  sarap_paged_list_set_filter (SARAP_PAGED_LIST (list), filter_new (&filter));
}

typedef struct
{
  SarapStore *store;
  const char *id;
  SarapRecord *record;
  gint64 number;
  gint64 form;
  SarapRecordState state;
  const char *name;
  char *sha256;
  SarapSecret *key;
  GBytes *xml;
  GPtrArray *items;
  guint n;
} Call;

static gboolean
find_record (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "record-find", error);

  sarap_query_bind_text (query, "id", call->id);
  if (sarap_query_next (query))
    call->record = sarap_row_new_from_query (SARAP_TYPE_RECORD, query);
  return sarap_query_finish (query);
}

/* Returns: (transfer full), or NULL with NOT_FOUND */
SarapRecord *
sarap_store_find_record (SarapStore *self, const char *id, GError **error)
{
  Call call = { .id = id };

  if (!sarap_store_read (self, find_record, &call, error))
    return NULL;
  if (call.record == NULL)
    sarap_store_not_found (error, "record", id);
  return call.record;
}

static gboolean
find_latest_draft (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  g_autofree char *id = NULL;
  SarapQuery *query = sarap_database_query (db, "record-latest-draft", error);

  sarap_query_bind_text (query, "owner", call->name);
  if (sarap_query_next (query))
    id = sarap_query_dup_text (query, "id");
  if (!sarap_query_finish (query))
    return FALSE;
  call->id = id;
  return id == NULL || find_record (db, call, error);
}

/* Returns: (transfer full) (nullable) */
SarapRecord *
sarap_store_find_latest_draft (SarapStore *self, const char *owner, GError **error)
{
  Call call = { .name = owner };

  return sarap_store_read (self, find_latest_draft, &call, error) ? call.record : NULL;
}

static gboolean
find_number (SarapDatabase *db, Call *call, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "record-number", error);

  sarap_query_bind_text (query, "id", call->id);
  if (sarap_query_next (query))
    {
      call->number = sarap_query_get_int (query, "number");
      call->form = sarap_query_get_int (query, "form");
      call->state = sarap_query_get_int (query, "state");
    }
  if (!sarap_query_finish (query))
    return FALSE;
  return call->number != 0 || sarap_store_not_found (error, "record", call->id);
}

static gboolean
delete_draft (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query;

  if (!find_number (db, call, error))
    return FALSE;
  if (call->state != SARAP_RECORD_DRAFT)
    {
      g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_STATE, "%s is no draft", call->id);
      return FALSE;
    }
  query = sarap_database_query (db, "attachment-list", error);
  sarap_query_bind_int (query, "record", call->number);
  while (sarap_query_next (query))
    g_ptr_array_add (call->items, sarap_query_dup_text (query, "sha256"));
  if (!sarap_query_finish (query) || !sarap_journal_delete (db, call->id, error))
    return FALSE;
  sarap_journal_close (db, call->number);
  query = sarap_database_query (db, "record-delete", error);
  sarap_query_bind_int (query, "number", call->number);
  return sarap_query_run (query);
}

static gboolean
empty_log (SarapDatabase *db, gpointer data, GError **error)
{
  return sarap_database_empty_log (db, error);
}

/* Its keys go first, here and in the journal; the log is emptied, so that no older page of them stays behind. */
gboolean
sarap_store_delete_draft (SarapStore *self, const char *id, GError **error)
{
  g_autoptr (GPtrArray) hashes = g_ptr_array_new_with_free_func (g_free);
  Call call = { .id = id, .items = hashes };
  gboolean ok;

  sarap_store_lock_media (self);
  ok = sarap_store_write (self, SARAP_STORE_TOPIC_RECORDS, delete_draft, &call, error) && sarap_media_forget (self, hashes, error) && sarap_store_read (self, empty_log, NULL, error);
  sarap_store_unlock_media (self);
  return ok;
}

static gboolean
close_kiosk_visits (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "record-close-kiosk", error);

  sarap_query_bind_int (query, "now", sarap_clock_get_now (sarap_store_get_clock (call->store)));
  while (sarap_query_next (query))
    {
      sarap_journal_touch (db, sarap_query_get_int (query, "number"));
      call->n++;
    }
  return sarap_query_finish (query);
}

int
sarap_store_close_kiosk_visits (SarapStore *self, GError **error)
{
  Call call = { .store = self };

  return sarap_store_write (self, SARAP_STORE_TOPIC_RECORDS, close_kiosk_visits, &call, error) ? (int) call.n : -1;
}

void
sarap_attachment_free (SarapAttachment *attachment)
{
  g_free (attachment->name);
  g_free (attachment->sha256);
  g_free (attachment);
}

static gboolean
list_attachments (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query;

  if (!find_number (db, call, error))
    return FALSE;
  query = sarap_database_query (db, "attachment-list", error);
  sarap_query_bind_int (query, "record", call->number);
  while (sarap_query_next (query))
    {
      SarapAttachment *attachment = g_new0 (SarapAttachment, 1);

      attachment->name = sarap_query_dup_text (query, "name");
      attachment->sha256 = sarap_query_dup_text (query, "content");
      attachment->size = sarap_query_get_int (query, "size");
      g_ptr_array_add (call->items, attachment);
    }
  return sarap_query_finish (query);
}

/* By name. Returns: (transfer full) (element-type SarapAttachment) */
GPtrArray *
sarap_store_list_attachments (SarapStore *self, const char *id, GError **error)
{
  g_autoptr (GPtrArray) attachments = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_attachment_free);
  Call call = { .store = self, .id = id, .items = attachments };

  return sarap_store_read (self, list_attachments, &call, error) ? g_steal_pointer (&attachments) : NULL;
}

static gboolean
find_attachment (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query;

  if (!find_number (db, call, error))
    return FALSE;
  query = sarap_database_query (db, "attachment-find", error);
  sarap_query_bind_int (query, "record", call->number);
  sarap_query_bind_text (query, "name", call->name);
  if (sarap_query_next (query))
    call->sha256 = sarap_query_dup_text (query, "sha256");
  if (!sarap_query_finish (query))
    return FALSE;
  if (call->sha256 == NULL)
    return sarap_store_not_found (error, "attachment", call->name);
  call->key = sarap_record_keys_ref (db, call->number, error);
  return call->key != NULL;
}

/* The file called @name of record @id. Errors: NOT_FOUND, LOCKED, CORRUPT. Returns: (transfer full) */
GBytes *
sarap_store_dup_attachment (SarapStore *self, const char *id, const char *name, GError **error)
{
  Call call = { .id = id, .name = name };
  g_autofree char *context = sarap_media_dup_record_context (name);
  GBytes *bytes = NULL;

  if (sarap_store_read (self, find_attachment, &call, error))
    bytes = sarap_media_unseal (self, call.key, context, call.sha256, error);
  g_clear_pointer (&call.key, sarap_secret_unref);
  g_free (call.sha256);
  return bytes;
}

static gboolean
read_content (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query;

  if (!find_number (db, call, error))
    return FALSE;
  if (call->state == SARAP_RECORD_ABANDONED)
    {
      g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_STATE, "%s is an abandoned kiosk visit: it is counted, not read", call->id);
      return FALSE;
    }
  if (call->state == SARAP_RECORD_DRAFT)
    {
      call->items = sarap_answers_read (db, call->number, error);
      return call->items != NULL;
    }
  query = sarap_database_query (db, "record-xml-read", error);
  sarap_query_bind_int (query, "record", call->number);
  if (sarap_query_next (query))
    call->xml = sarap_query_dup_bytes (query, "xml");
  return sarap_query_finish (query);
}

/* A finalized record's exact bytes. STATE for an abandoned one. Returns: (transfer full) */
GBytes *
sarap_store_dup_record_xml (SarapStore *self, const char *id, GError **error)
{
  Call call = { .id = id };
  g_autoptr (GPtrArray) state = NULL;
  g_autoptr (SarapForm) form = NULL;
  g_autoptr (SarapInterview) interview = NULL;

  if (!sarap_store_read (self, read_content, &call, error))
    return NULL;
  if (call.xml != NULL)
    return call.xml;
  state = call.items;
  form = sarap_store_load_form_number (self, call.form, error);
  if (form == NULL)
    return NULL;
  interview = sarap_interview_restore (form, sarap_store_get_clock (self), NULL, state, NULL, error);
  return interview ? sarap_interview_serialize (interview) : NULL;
}
