#include "app/store/sarap-record-keys.h"

#include <string.h>

#include "app/store/sarap-store.h"

/*  1. Every record has a key of its own. Whatever tells something of the record is sealed with it: answers with the
 *     names of their questions, history, audit log, name, XML, attachments.
 *  2. Who may read a record is told by the rows of `record_key`, each the record's key under another one:
 *     "user" while it is a draft, "sync" from finalizing to the receipt, and every project key for good.
 *  3. A kiosk visit has no "user" row: its key is known while the visit goes on, and then only to the project.
 *  4. Deleting a record deletes these rows first of all; what else may remain of it on the disk opens no more.
 *  5. Received submissions and decisions are sealed with the user key itself, settings with the sync key. Where rows
 *     must be found by such a text, a tag (a keyed hash) stands beside it.
 *  6. A sealed value is bound to its place: `sealed` and `opened` of one value name the same column and row. */

struct _SarapRecordKeys
{
  SarapKeyring *keyring;
  SarapDatabase *database;
  GHashTable *open; /* record → SarapSecret, of records that are being filled */
};

#define RECORD_CONTEXT "sarap/1/record/"
#define KEY_CONTEXT "sarap/1/record key/"
#define OWN_CONTEXT "sarap/1/"

static SarapRecordKeys *
get_keys (SarapDatabase *db)
{
  return sarap_database_peek_keys (db);
}

static void
open_record (SarapRecordKeys *self, gint64 record, SarapSecret *key)
{
  gint64 *number = g_new (gint64, 1);

  *number = record;
  g_hash_table_replace (self->open, number, sarap_secret_ref (key));
}

static gboolean
add_row (SarapDatabase *db, gint64 record, const char *holder, GBytes *sealed, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "record-key-add", error);

  sarap_query_bind_int (query, "record", record);
  sarap_query_bind_text (query, "holder", holder);
  sarap_query_bind_bytes (query, "sealed", sealed);
  return sarap_query_run (query);
}

static gboolean
delete_row (SarapDatabase *db, gint64 record, const char *holder, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "record-key-delete", error);

  sarap_query_bind_int (query, "record", record);
  sarap_query_bind_text (query, "holder", holder);
  return sarap_query_run (query);
}

/* Returns: (transfer full), or NULL when there is no such record */
static char *
dup_context (SarapDatabase *db, gint64 record, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "record-id", error);
  char *context = NULL;

  sarap_query_bind_int (query, "record", record);
  if (sarap_query_next (query))
    context = g_strconcat (KEY_CONTEXT, sarap_query_get_text (query, "id"), NULL);
  sarap_query_finish (query);
  return context;
}

static gboolean
add_project_rows (SarapDatabase *db, gint64 record, const char *context, SarapSecret *key, GError **error)
{
  g_autoptr (GPtrArray) pairs = sarap_keyring_list_project_keys (get_keys (db)->keyring);

  for (guint i = 0; i < pairs->len; i++)
    {
      SarapProjectKey *pair = g_ptr_array_index (pairs, i);
      g_autoptr (GBytes) sealed = sarap_project_key_seal_secret (pair, context, key);

      if (!add_row (db, record, sarap_project_key_peek_fingerprint (pair), sealed, error))
        return FALSE;
    }
  return TRUE;
}

/* The key called "user" or "sync". NULL without @error: @holder names another one. */
static SarapSecret *
ref_own_key (SarapRecordKeys *self, const char *holder, GError **error)
{
  if (g_str_equal (holder, "user"))
    return sarap_keyring_ref_user_key (self->keyring, error);
  return g_str_equal (holder, "sync") ? sarap_keyring_ref_sync_key (self->keyring) : NULL;
}

static gboolean
add_secret_row (SarapDatabase *db, gint64 record, const char *holder, const char *context, SarapSecret *key, GError **error)
{
  g_autoptr (SarapSecret) own = ref_own_key (get_keys (db), holder, error);
  g_autoptr (GBytes) sealed = own ? sarap_seal_secret (own, context, key) : NULL;

  return sealed != NULL && add_row (db, record, holder, sealed, error);
}

/* Makes the key of a new record. @holder: who reads it beside the project, "user" or "sync"; NULL: nobody, as at a
 * kiosk. */
gboolean
sarap_record_keys_begin (SarapDatabase *db, gint64 record, const char *holder, GError **error)
{
  g_autoptr (SarapSecret) key = sarap_secret_new_random ();
  g_autofree char *context = dup_context (db, record, error);

  if (context == NULL || (holder != NULL && !add_secret_row (db, record, holder, context, key, error)))
    return FALSE;
  if (!add_project_rows (db, record, context, key, error))
    return FALSE;
  open_record (get_keys (db), record, key);
  return TRUE;
}

/* The key in @sealed, when the keyring holds what opens it. */
static SarapSecret *
unseal_row (SarapRecordKeys *self, const char *holder, const char *context, GBytes *sealed, GError **error)
{
  g_autoptr (SarapSecret) own = ref_own_key (self, holder, NULL);
  g_autoptr (GPtrArray) pairs = NULL;

  if (own != NULL)
    return sarap_unseal_secret (own, context, sealed, error);
  pairs = sarap_keyring_list_project_keys (self->keyring);
  for (guint i = 0; i < pairs->len; i++)
    {
      SarapProjectKey *pair = g_ptr_array_index (pairs, i);

      if (sarap_project_key_is_private (pair) && g_str_equal (sarap_project_key_peek_fingerprint (pair), holder))
        return sarap_project_key_unseal_secret (pair, context, sealed, error);
    }
  return NULL;
}

static SarapSecret *
find_key (SarapDatabase *db, gint64 record, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "record-key-list", error);
  SarapSecret *key = NULL;

  sarap_query_bind_int (query, "record", record);
  while (key == NULL && sarap_query_next (query))
    {
      g_autofree char *context = g_strconcat (KEY_CONTEXT, sarap_query_get_text (query, "id"), NULL);
      g_autoptr (GBytes) sealed = sarap_query_dup_bytes (query, "sealed");

      key = unseal_row (get_keys (db), sarap_query_get_text (query, "holder"), context, sealed, NULL);
    }
  if (sarap_query_finish (query) || key == NULL)
    return key;
  sarap_secret_unref (key);
  return NULL;
}

/* Errors: SARAP_STORE_ERROR_LOCKED when nobody who is here may read the record. Returns: (transfer full) */
SarapSecret *
sarap_record_keys_ref (SarapDatabase *db, gint64 record, GError **error)
{
  SarapSecret *key = g_hash_table_lookup (get_keys (db)->open, &record);
  g_autoptr (GError) own = NULL;

  if (key != NULL)
    return sarap_secret_ref (key);
  key = find_key (db, record, &own);
  if (own != NULL)
    g_propagate_error (error, g_steal_pointer (&own));
  else if (key == NULL)
    g_set_error_literal (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_LOCKED, "sealed: the PIN, or the private half of a project key, is needed to read it");
  return key;
}

/* @key reads the record too. @is_shared: FALSE when nobody who is here can read it. */
gboolean
sarap_record_keys_share (SarapDatabase *db, gint64 record, SarapProjectKey *key, gboolean *is_shared, GError **error)
{
  g_autoptr (GError) own = NULL;
  g_autoptr (SarapSecret) secret = sarap_record_keys_ref (db, record, &own);
  g_autofree char *context = NULL;
  g_autoptr (GBytes) sealed = NULL;

  *is_shared = secret != NULL;
  if (secret == NULL && g_error_matches (own, SARAP_STORE_ERROR, SARAP_STORE_ERROR_LOCKED))
    return TRUE;
  if (secret == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&own));
      return FALSE;
    }
  context = dup_context (db, record, error);
  sealed = context ? sarap_project_key_seal_secret (key, context, secret) : NULL;
  return sealed != NULL && add_row (db, record, sarap_project_key_peek_fingerprint (key), sealed, error);
}

/* From here the record is the project's, and the outbox's until the receipt. */
gboolean
sarap_record_keys_finalize (SarapDatabase *db, gint64 record, GError **error)
{
  g_autoptr (SarapSecret) key = sarap_record_keys_ref (db, record, error);
  g_autofree char *context = key ? dup_context (db, record, error) : NULL;

  return context != NULL && add_secret_row (db, record, "sync", context, key, error) && delete_row (db, record, "user", error);
}

/* The receipt is here: only the project reads the record from now on. */
gboolean
sarap_record_keys_release (SarapDatabase *db, gint64 record, GError **error)
{
  sarap_record_keys_close (db, record);
  return delete_row (db, record, "sync", error);
}

void
sarap_record_keys_close (SarapDatabase *db, gint64 record)
{
  g_hash_table_remove (get_keys (db)->open, &record);
}

/* The store is locked: forget the keys of all records. */
void
sarap_record_keys_close_all (SarapDatabase *db)
{
  g_hash_table_remove_all (get_keys (db)->open);
}

/* --- SQL functions ----------------------------------------------------------------------------- */

typedef enum
{
  KEY_RECORD,
  KEY_USER,
  KEY_SYNC,
} KeyKind;

static void
result_error (sqlite3_context *call, const GError *error)
{
  gboolean is_locked = g_error_matches (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_LOCKED) || g_error_matches (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_LOCKED);

  sqlite3_result_error (call, error->message, -1);
  sqlite3_result_error_code (call, is_locked ? SQLITE_AUTH : SQLITE_CORRUPT);
}

static SarapSecret *
ref_key (SarapRecordKeys *self, KeyKind kind, sqlite3_value *record, GError **error)
{
  if (kind == KEY_RECORD)
    return sarap_record_keys_ref (self->database, sqlite3_value_int64 (record), error);
  return kind == KEY_USER ? sarap_keyring_ref_user_key (self->keyring, error) : sarap_keyring_ref_sync_key (self->keyring);
}

typedef struct
{
  SarapRecordKeys *keys;
  KeyKind kind;
  gboolean is_strict; /* an error, not NULL, when it cannot be opened */
} Function;

/* The last two arguments are the place and the value; a record's number stands before them. */
static char *
dup_place (const Function *function, sqlite3_value **arguments)
{
  const char *place = (const char *) sqlite3_value_text (arguments[function->kind == KEY_RECORD ? 1 : 0]);

  return g_strconcat (function->kind == KEY_RECORD ? RECORD_CONTEXT : OWN_CONTEXT, place ? place : "", NULL);
}

static sqlite3_value *
get_value (const Function *function, sqlite3_value **arguments)
{
  return arguments[function->kind == KEY_RECORD ? 2 : 1];
}

static void
seal_function (sqlite3_context *call, int n, sqlite3_value **arguments)
{
  const Function *function = sqlite3_user_data (call);
  sqlite3_value *value = get_value (function, arguments);
  g_autofree char *place = NULL;
  g_autoptr (SarapSecret) key = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) sealed = NULL;
  const void *data;

  if (sqlite3_value_type (value) == SQLITE_NULL)
    return;
  key = ref_key (function->keys, function->kind, arguments[0], &error);
  if (key == NULL)
    {
      result_error (call, error);
      return;
    }
  place = dup_place (function, arguments);
  data = sqlite3_value_blob (value);
  sealed = sarap_seal (key, place, data, sqlite3_value_bytes (value));
  sqlite3_result_blob64 (call, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed), SQLITE_TRANSIENT);
}

static GBytes *
open_value (const Function *function, sqlite3_value **arguments, GError **error)
{
  sqlite3_value *value = get_value (function, arguments);
  g_autoptr (SarapSecret) key = ref_key (function->keys, function->kind, arguments[0], error);
  g_autofree char *place = dup_place (function, arguments);
  g_autoptr (GBytes) sealed = NULL;
  const void *data = sqlite3_value_blob (value);

  if (key == NULL)
    return NULL;
  sealed = g_bytes_new_static (data, sqlite3_value_bytes (value));
  return sarap_unseal (key, place, sealed, error);
}

/* Gives text; whoever wants bytes casts it. */
static void
open_function (sqlite3_context *call, int n, sqlite3_value **arguments)
{
  const Function *function = sqlite3_user_data (call);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) plain = NULL;

  if (sqlite3_value_type (get_value (function, arguments)) == SQLITE_NULL)
    return;
  plain = open_value (function, arguments, &error);
  if (plain != NULL)
    sqlite3_result_text64 (call, g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), SQLITE_TRANSIENT, SQLITE_UTF8);
  else if (function->is_strict)
    result_error (call, error);
}

static void
tag_function (sqlite3_context *call, int n, sqlite3_value **arguments)
{
  const Function *function = sqlite3_user_data (call);
  const char *text = (const char *) sqlite3_value_text (arguments[n - 1]);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapSecret) key = text ? ref_key (function->keys, function->kind, arguments[0], &error) : NULL;
  guint8 tag[SARAP_SEAL_TAG_SIZE];

  if (key != NULL)
    {
      sarap_seal_tag (key, text, tag);
      sqlite3_result_blob (call, tag, sizeof tag, SQLITE_TRANSIENT);
    }
  else if (error != NULL)
    result_error (call, error);
}

static void
user_id_function (sqlite3_context *call, int n, sqlite3_value **arguments)
{
  const Function *function = sqlite3_user_data (call);

  sqlite3_result_text (call, sarap_keyring_dup_user_id (function->keys->keyring), -1, g_free);
}

/* Makes the key of a record that a step of the schema finds: (record, holder). */
static void
begin_function (sqlite3_context *call, int n, sqlite3_value **arguments)
{
  const Function *function = sqlite3_user_data (call);
  g_autoptr (GError) error = NULL;

  if (!sarap_record_keys_begin (function->keys->database, sqlite3_value_int64 (arguments[0]), (const char *) sqlite3_value_text (arguments[1]), &error))
    result_error (call, error);
}

static void
add_function (SarapRecordKeys *self, sqlite3 *connection, const char *name, int n, KeyKind kind, gboolean is_strict, void (*body) (sqlite3_context *, int, sqlite3_value **))
{
  Function *function = g_new (Function, 1);

  *function = (Function){ self, kind, is_strict };
  if (sqlite3_create_function_v2 (connection, name, n, SQLITE_UTF8 | SQLITE_DIRECTONLY, function, body, NULL, NULL, g_free) != SQLITE_OK)
    g_error ("SQLite takes no function %s", name);
}

/* Gives @connection the functions that seal and open:
 *   record_sealed (record, place, value), record_opened; record_shown gives NULL where record_opened fails
 *   user_sealed (place, value), user_opened, user_shown, user_tag (text), user_id ()
 *   sync_sealed (place, value), sync_opened
 *   record_tag (record, text), record_begin (record, holder)
 * NULL stays NULL. Errors come as SARAP_STORE_ERROR_LOCKED or CORRUPT. */
SarapRecordKeys *
sarap_record_keys_new (SarapDatabase *db, sqlite3 *connection, SarapKeyring *keyring)
{
  SarapRecordKeys *self = g_new0 (SarapRecordKeys, 1);

  self->database = db;
  self->keyring = g_object_ref (keyring);
  self->open = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) sarap_secret_unref);
  add_function (self, connection, "record_sealed", 3, KEY_RECORD, TRUE, seal_function);
  add_function (self, connection, "record_opened", 3, KEY_RECORD, TRUE, open_function);
  add_function (self, connection, "record_shown", 3, KEY_RECORD, FALSE, open_function);
  add_function (self, connection, "record_tag", 2, KEY_RECORD, TRUE, tag_function);
  add_function (self, connection, "record_begin", 2, KEY_RECORD, TRUE, begin_function);
  add_function (self, connection, "user_sealed", 2, KEY_USER, TRUE, seal_function);
  add_function (self, connection, "user_opened", 2, KEY_USER, TRUE, open_function);
  add_function (self, connection, "user_shown", 2, KEY_USER, FALSE, open_function);
  add_function (self, connection, "user_tag", 1, KEY_USER, TRUE, tag_function);
  add_function (self, connection, "user_id", 0, KEY_USER, TRUE, user_id_function);
  add_function (self, connection, "sync_sealed", 2, KEY_SYNC, TRUE, seal_function);
  add_function (self, connection, "sync_opened", 2, KEY_SYNC, TRUE, open_function);
  return self;
}

void
sarap_record_keys_free (SarapRecordKeys *self)
{
  g_hash_table_unref (self->open);
  g_object_unref (self->keyring);
  g_free (self);
}
