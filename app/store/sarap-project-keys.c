#include "app/store/sarap-project-keys.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/base/sarap-file.h"
#include "app/store/sarap-journal-writer.h"
#include "app/store/sarap-record-keys.h"
#include "app/store/sarap-store-private.h"
#include "app/store/sarap-store-records.h"

/*  1. From the moment when a store takes a project's keys, records are sealed to them; those that can be read here are
 *     sealed to them as well, before anything else changes.
 *  2. A store that had no project made a pair for itself, its private half beside the folder. When no record is left that
 *     only this pair opens, it is given up: its private half is sealed to the project (FOLDER-project-key.sealed, for
 *     backups made before) and removed. */

#define SEALED_CONTEXT "sarap/1/given up"
#define LONGEST_SEALED 4096

typedef struct
{
  GPtrArray *keys;
  SarapProjectKey *own; /* the pair that the store made for itself, or NULL */
  gboolean is_left;     /* a record that only @own opens */
} Taking;

typedef struct
{
  gint64 number;
  gboolean is_sent;
} Missing;

static GArray *
list_missing (SarapDatabase *db, SarapProjectKey *key, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "record-key-missing", error);
  g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (Missing));

  sarap_query_bind_text (query, "holder", sarap_project_key_peek_fingerprint (key));
  while (sarap_query_next (query))
    {
      Missing missing = { sarap_query_get_int (query, "number"), sarap_query_get_int (query, "state") == SARAP_RECORD_SENT };

      g_array_append_val (records, missing);
    }
  return sarap_query_finish (query) ? g_steal_pointer (&records) : NULL;
}

static gboolean
seal_records (SarapDatabase *db, SarapProjectKey *key, GError **error)
{
  g_autoptr (GArray) records = list_missing (db, key, error);

  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const Missing *missing = &g_array_index (records, Missing, i);
      gboolean is_shared = FALSE;

      if (!sarap_record_keys_share (db, missing->number, key, &is_shared, error))
        return FALSE;
      if (is_shared && !missing->is_sent)
        sarap_journal_touch_anew (db, missing->number);
    }
  return records != NULL;
}

static gboolean
count_left (SarapDatabase *db, Taking *taking, SarapProjectKey *key, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "record-key-left", error);

  sarap_query_bind_text (query, "old", sarap_project_key_peek_fingerprint (taking->own));
  sarap_query_bind_text (query, "new", sarap_project_key_peek_fingerprint (key));
  if (sarap_query_next (query))
    taking->is_left = taking->is_left || sarap_query_get_int (query, "n") > 0;
  return sarap_query_finish (query);
}

static gboolean
take (SarapDatabase *db, gpointer data, GError **error)
{
  Taking *taking = data;

  for (guint i = 0; i < taking->keys->len; i++)
    {
      SarapProjectKey *key = g_ptr_array_index (taking->keys, i);

      if (!seal_records (db, key, error) || (taking->own != NULL && !count_left (db, taking, key, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_sealed (const char *path, SarapProjectKey *own, GPtrArray *keys, GError **error)
{
  g_autofree char *sealed_path = g_strconcat (path, ".sealed", NULL);
  GString *lines = g_string_new (NULL);
  g_autoptr (GBytes) file = NULL;
  char *text = sarap_project_key_to_private_text (own);

  for (guint i = 0; i < keys->len; i++)
    {
      SarapProjectKey *key = g_ptr_array_index (keys, i);
      g_autoptr (GBytes) sealed = sarap_project_key_seal (key, SEALED_CONTEXT, text, strlen (text));
      g_autofree char *base64 = g_base64_encode (g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));

      g_string_append_printf (lines, "%s %s\n", sarap_project_key_peek_fingerprint (key), base64);
    }
  sarap_secret_wipe_text (text);
  file = g_string_free_to_bytes (lines);
  return sarap_file_write (sealed_path, file, 0600, error);
}

/* The private half leaves the disk as far as a file system allows. */
static gboolean
remove_private (const char *path, GError **error)
{
  g_autofree char *zeros = g_malloc0 (LONGEST_SEALED);
  g_autofree char *folder = g_path_get_dirname (path);
  FILE *file = g_fopen (path, "r+e");
  gboolean ok = file != NULL && fwrite (zeros, LONGEST_SEALED, 1, file) == 1 && fflush (file) == 0 && fsync (fileno (file)) == 0;

  if (file != NULL)
    fclose (file);
  if (ok && g_unlink (path) == 0)
    return sarap_file_sync_folder (folder, error);
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path, g_strerror (errno));
  return FALSE;
}

static gboolean
add_keys (SarapKeyring *keyring, GPtrArray *keys, GError **error)
{
  for (guint i = 0; i < keys->len; i++)
    {
      g_autoptr (GError) own = NULL;

      if (sarap_keyring_add_project_key (keyring, g_ptr_array_index (keys, i), &own))
        continue;
      if (g_error_matches (own, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_LOCKED))
        g_set_error_literal (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_LOCKED, "locked: the PIN is needed to take over the keys of the project");
      else
        g_propagate_error (error, g_steal_pointer (&own));
      return sarap_store_take_error (error);
    }
  return TRUE;
}

static gboolean
is_among (GPtrArray *keys, SarapProjectKey *key)
{
  for (guint i = 0; i < keys->len; i++)
    if (g_str_equal (sarap_project_key_peek_fingerprint (g_ptr_array_index (keys, i)), sarap_project_key_peek_fingerprint (key)))
      return TRUE;
  return FALSE;
}

/* @keys: (element-type SarapProjectKey) public halves. Again with the same ones: nothing happens.
 * Errors: LOCKED; those of the disk, after which the same call goes on. */
gboolean
sarap_store_take_project_keys (SarapStore *self, GPtrArray *keys, GError **error)
{
  SarapKeyring *keyring = sarap_store_get_keyring (self);
  g_autofree char *path = g_strconcat (sarap_store_get_folder (self), "-project-key", NULL);
  g_autoptr (SarapProjectKey) own = g_file_test (path, G_FILE_TEST_EXISTS) ? sarap_project_key_read (path, NULL) : NULL;
  Taking taking = { .keys = keys };

  if (keys->len == 0)
    return TRUE;
  if (!add_keys (keyring, keys, error))
    return FALSE;
  if (own != NULL && !is_among (keys, own) && sarap_keyring_open_project_key (keyring, own))
    taking.own = own;
  if (!sarap_store_write (self, SARAP_STORE_TOPIC_RECORDS, take, &taking, error))
    return FALSE;
  if (taking.own == NULL || taking.is_left)
    return TRUE;
  return (write_sealed (path, own, keys, error) && sarap_keyring_drop_project_key (keyring, own, error) && remove_private (path, error)) || sarap_store_take_error (error);
}

static SarapProjectKey *
unseal_line (const char *base64, SarapProjectKey *key, GError **error)
{
  gsize size;
  guint8 *bytes = g_base64_decode (base64, &size);
  g_autoptr (GBytes) sealed = g_bytes_new_take (bytes, size);
  g_autoptr (GBytes) plain = sarap_project_key_unseal (key, SEALED_CONTEXT, sealed, error);
  char *text = plain ? g_strndup (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain)) : NULL;
  SarapProjectKey *opened = text ? sarap_project_key_new_from_text (text, error) : NULL;

  sarap_secret_wipe_text (text);
  return opened;
}

/* The pair in @path, a FOLDER-project-key.sealed; @key: a private half of the project that took it over.
 * Errors: SARAP_VAULT_ERROR_LOCKED when it was sealed to others, FORGED. Returns: (transfer full) */
SarapProjectKey *
sarap_project_key_open_sealed (const char *path, SarapProjectKey *key, GError **error)
{
  g_autoptr (GBytes) bytes = sarap_file_read (path, LONGEST_SEALED, error);
  g_autofree char *text = bytes ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : NULL;
  g_auto (GStrv) lines = g_strsplit (text ? text : "", "\n", -1);
  g_autofree char *begin = g_strconcat (sarap_project_key_peek_fingerprint (key), " ", NULL);

  if (bytes == NULL)
    return NULL;
  for (char **line = lines; *line != NULL; line++)
    if (g_str_has_prefix (*line, begin))
      return unseal_line (*line + strlen (begin), key, error);
  g_set_error (error, SARAP_VAULT_ERROR, SARAP_VAULT_ERROR_LOCKED, "%s: nothing in it is sealed to project key %s", path, sarap_project_key_peek_fingerprint (key));
  return NULL;
}
