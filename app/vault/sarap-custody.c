#include "app/vault/sarap-custody.h"

#include <string.h>

/*  1. A manifest is canonical JSON with "event", "sequence" (from 1, no gaps), "previous" (head of the entry before),
 *     "device" (public key) and "moment"; the rest says what was.
 *  2. The device signs (purpose, line feed, manifest) by Ed25519.
 *  3. head = SHA-256 (previous head | manifest | signature): whoever knows a head knows all that went before.
 *  4. A file's content is named by SHA-256 (salt | name | hash): who holds a file and not the record's key cannot
 *     tell from the chain that it was attached. */

void
sarap_custody_entry_free (SarapCustodyEntry *self)
{
  g_free (self->record);
  g_free (self->event);
  g_clear_pointer (&self->manifest, g_bytes_unref);
  g_clear_pointer (&self->signature, g_bytes_unref);
  g_free (self->head);
  g_free (self);
}

static GBytes *
dup_signed_text (const char *purpose, GBytes *text)
{
  GByteArray *all = g_byte_array_new ();

  g_byte_array_append (all, (const guint8 *) purpose, strlen (purpose));
  g_byte_array_append (all, (const guint8 *) "\n", 1);
  g_byte_array_append (all, g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  return g_byte_array_free_to_bytes (all);
}

/* By the device's key. Returns: (transfer full) */
GBytes *
sarap_custody_sign (SarapKeyring *keyring, const char *purpose, GBytes *text)
{
  g_autoptr (GBytes) all = dup_signed_text (purpose, text);
  guint8 signature[SARAP_SIGNATURE_SIZE];

  sarap_keyring_sign (keyring, all, signature);
  return g_bytes_new (signature, sizeof signature);
}

/* @key: public, hexadecimal. */
gboolean
sarap_custody_is_signed (const char *key, const char *purpose, GBytes *text, GBytes *signature)
{
  g_autoptr (GBytes) all = dup_signed_text (purpose, text);

  return g_bytes_get_size (signature) == SARAP_SIGNATURE_SIZE && sarap_signature_verify (key, all, g_bytes_get_data (signature, NULL));
}

char *
sarap_custody_dup_head (const char *previous, GBytes *manifest, GBytes *signature)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (checksum, (const guchar *) previous, strlen (previous));
  g_checksum_update (checksum, g_bytes_get_data (manifest, NULL), g_bytes_get_size (manifest));
  g_checksum_update (checksum, g_bytes_get_data (signature, NULL), g_bytes_get_size (signature));
  return g_strdup (g_checksum_get_string (checksum));
}

/* Signed by itself, so that entries cut off at the end are missed. */
GBytes *
sarap_custody_dup_end_text (gint64 sequence, const char *head)
{
  char *text = g_strdup_printf ("%" G_GINT64_FORMAT " %s", sequence, head);

  return g_bytes_new_take (text, strlen (text));
}

char *
sarap_custody_dup_hash (GBytes *bytes)
{
  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
}

/* @content: SHA-256 of what was attached as @name, hexadecimal. */
char *
sarap_custody_dup_commitment (const char *salt, const char *name, const char *content)
{
  g_autofree char *text = g_strjoin ("\n", salt, name, content, NULL);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

char *
sarap_custody_dup_salt (SarapSecret *record_key)
{
  g_autoptr (SarapSecret) salt = sarap_secret_new_derived (record_key, "custody");

  return sarap_secret_to_text (salt);
}

void
sarap_custody_build_moment (JsonBuilder *builder, const char *name, const SarapMoment *moment)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  sarap_json_build_string (builder, "boot", moment->boot);
  sarap_json_build_int (builder, "monotonic", moment->monotonic);
  sarap_json_build_int (builder, "wall", moment->wall);
  json_builder_end_object (builder);
}

gboolean
sarap_custody_read_moment (JsonObject *manifest, const char *name, SarapMoment *moment)
{
  JsonObject *object = sarap_json_peek_object (manifest, name);
  const char *boot = object ? sarap_json_peek_string (object, "boot") : NULL;

  memset (moment, 0, sizeof *moment);
  if (boot == NULL)
    return FALSE;
  g_strlcpy (moment->boot, boot, sizeof moment->boot);
  moment->monotonic = sarap_json_peek_int (object, "monotonic", 0);
  moment->wall = sarap_json_peek_int (object, "wall", 0);
  return TRUE;
}

static JsonNode *
parse_canonical (GBytes *manifest)
{
  g_autoptr (JsonNode) root = sarap_json_parse (manifest, "manifest", NULL);
  g_autoptr (GBytes) again = root != NULL && sarap_json_peek_root (root) != NULL ? sarap_json_to_canonical (root) : NULL;

  return again != NULL && g_bytes_equal (again, manifest) ? g_steal_pointer (&root) : NULL;
}

static const char *
find_fault (const SarapCustodyEntry *entry, JsonObject *manifest, const char *device_key, gint64 sequence, const char *previous)
{
  const char *instance = sarap_json_peek_string (manifest, "instance");
  const char *claimed = sarap_json_peek_string (manifest, "previous");
  g_autofree char *head = NULL;

  if (claimed == NULL || strlen (claimed) != SARAP_CUSTODY_HEAD_SIZE || (previous != NULL && strcmp (claimed, previous) != 0))
    return "it does not follow the entry before it";
  head = sarap_custody_dup_head (claimed, entry->manifest, entry->signature);
  if (g_strcmp0 (sarap_json_peek_string (manifest, "device"), device_key) != 0)
    return "another device signed it";
  if (sarap_json_peek_int (manifest, "sequence", 0) != sequence)
    return "it stands in another place than it was signed for";
  if (g_strcmp0 (sarap_json_peek_string (manifest, "event"), entry->event) != 0 || g_strcmp0 (instance ? instance : "", entry->record) != 0)
    return "its columns say something else than its manifest";
  return g_strcmp0 (head, entry->head) == 0 ? NULL : "its head is not that of its manifest";
}

/* Checks one entry against the device's key and its place. @previous: head of the entry before; NULL when that one is
 * missing or broken. @fault: (out) a sentence for people, NULL when there is
 * none. Returns: (transfer full) (nullable) the manifest, also of an entry at a wrong place; NULL when nothing of it
 * can be believed. */
JsonNode *
sarap_custody_check_entry (const SarapCustodyEntry *entry, const char *device_key, gint64 sequence, const char *previous, const char **fault)
{
  g_autoptr (JsonNode) root = NULL;

  *fault = "its signature is not the device's: the manifest or the signature was changed";
  if (!sarap_custody_is_signed (device_key, SARAP_CUSTODY_ENTRY, entry->manifest, entry->signature))
    return NULL;
  *fault = "its manifest is not canonical JSON";
  root = parse_canonical (entry->manifest);
  if (root == NULL)
    return NULL;
  *fault = find_fault (entry, sarap_json_peek_root (root), device_key, sequence, previous);
  return g_steal_pointer (&root);
}
