#include "tests/support/sarap-many-records.h"

#include <sodium.h>

#include "app/store/sarap-record-keys.h"
#include "app/store/sarap-store-private.h"

typedef struct
{
  guint n;
  SarapRecordState state;
} Many;

static gboolean
add_row (SarapDatabase *db, guint i, GError **error)
{
  g_autofree char *id = g_strdup_printf ("uuid:%u", i);
  SarapQuery *query = sarap_database_query (db, "record-add", error);

  sarap_query_bind_text (query, "id", id);
  sarap_query_bind_int (query, "form", 1);
  sarap_query_bind_text (query, "owner", "volunteer");
  sarap_query_bind_int (query, "is_kept", TRUE);
  sarap_query_bind_text (query, "language", NULL);
  sarap_query_bind_int (query, "now", i);
  return sarap_query_run (query);
}

static gboolean
name_row (SarapDatabase *db, gint64 record, guint i, GError **error)
{
  g_autofree char *name = g_strdup_printf ("Name %u", i);
  g_autofree char *search = g_strdup_printf ("name %u", i);
  SarapQuery *query = sarap_database_query (db, "record-touch", error);

  sarap_query_bind_int (query, "record", record);
  sarap_query_bind_int (query, "answers", FALSE);
  sarap_query_bind_text (query, "name", name);
  sarap_query_bind_text (query, "search", search);
  sarap_query_bind_int (query, "now", i);
  return sarap_query_run (query);
}

static gboolean
finalize_row (SarapDatabase *db, gint64 record, guint i, GError **error)
{
  guint8 chance[2000];
  g_autofree char *name = g_strdup_printf ("Name %u", i);
  g_autofree char *search = g_strdup_printf ("name %u", i);
  g_autoptr (GBytes) xml = NULL;
  SarapQuery *query;

  randombytes_buf (chance, sizeof chance);
  xml = g_bytes_new (chance, sizeof chance);
  query = sarap_database_query (db, "record-xml-add", error);
  sarap_query_bind_int (query, "record", record);
  sarap_query_bind_text (query, "sha256", "chance");
  sarap_query_bind_bytes (query, "xml", xml);
  if (!sarap_query_run (query))
    return FALSE;
  query = sarap_database_query (db, "record-finalize", error);
  sarap_query_bind_int (query, "record", record);
  sarap_query_bind_text (query, "name", name);
  sarap_query_bind_text (query, "search", search);
  sarap_query_bind_int (query, "now", i);
  return sarap_query_run (query) && sarap_record_keys_finalize (db, record, error);
}

static gboolean
add_many (SarapDatabase *db, gpointer data, GError **error)
{
  const Many *many = data;

  for (guint i = 1; i <= many->n; i++)
    {
      gint64 record;

      if (!add_row (db, i, error))
        return FALSE;
      record = sarap_database_get_last_row (db);
      if (!sarap_record_keys_begin (db, record, "user", error) || !name_row (db, record, i, error))
        return FALSE;
      if (many->state == SARAP_RECORD_FINALIZED && !finalize_row (db, record, i, error))
        return FALSE;
      sarap_record_keys_close (db, record);
    }
  return TRUE;
}

/* Records of the store's first form, "Name 1" to "Name @n", with the ids uuid:1…, begun at that millisecond: drafts
 * without answers, or finalized ones with 2,000 bytes of chance. */
void
sarap_many_records_add (SarapStore *store, guint n, SarapRecordState state)
{
  Many many = { n, state };
  g_autoptr (GError) error = NULL;

  sarap_store_write (store, SARAP_STORE_TOPIC_RECORDS, add_many, &many, &error);
  g_assert_no_error (error);
}
