#include "app/store/sarap-journal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "app/base/sarap-file.h"
#include "app/store/sarap-store-private.h"

/*  1. Layout: magic; one slot of SLOT bytes for each key that is taken away again; head; entries. Integers are
 *     little-endian.
 *  2. Head: length (4 bytes), GVariant, BLAKE2b of magic, length and GVariant. Entry: length (4), kind (1), GVariant,
 *     BLAKE2b of the checksum before it, length, kind and GVariant: an entry that was changed, cut, moved or left out
 *     ends the reading. Everything before it counts.
 *  3. A slot: length (2 bytes), sealed key, zeros, and in its last bytes BLAKE2b of all that. Zeros only: empty. Slots
 *     stand at fixed places, so that a key can be overwritten without touching what follows.
 *  4. A file gets its name when it is complete and synced, and bytes are only ever added behind. */

#define MAGIC "SARAP-J1"
#define MAGIC_SIZE 8
#define SLOT 256
#define SLOT_SUM 16
#define SUM 32
#define FIRST_SUM MAGIC "////////////////////////" /* before the head */
#define HEAD_AT (MAGIC_SIZE + SARAP_JOURNAL_N_SLOTS * SLOT)
#define HEAD_TYPE "(sssssssxa(say))"

static const struct
{
  SarapJournalKind kind;
  const char *type;
} kinds[] = {
  { SARAP_JOURNAL_ANSWER, "(xxixayay)" },
  { SARAP_JOURNAL_FOLD, "a(xx)" },
  { SARAP_JOURNAL_AUDIT, "(xay)" },
  { SARAP_JOURNAL_FILES, "a(ssayx)" },
  { SARAP_JOURNAL_XML, "(say)" },
  { SARAP_JOURNAL_RECORD, "(ixmaymaymaymsxxxx)" },
};

/* Takes a floating @value. */
SarapJournalEntry *
sarap_journal_entry_new (SarapJournalKind kind, GVariant *value)
{
  SarapJournalEntry *self = g_new (SarapJournalEntry, 1);

  *self = (SarapJournalEntry){ kind, g_variant_ref_sink (value) };
  return self;
}

void
sarap_journal_entry_free (SarapJournalEntry *self)
{
  g_variant_unref (self->value);
  g_free (self);
}

static const char *
find_type (guint8 kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].kind == kind)
      return kinds[i].type;
  return NULL;
}

static gboolean
fail_errno (const char *path, GError **error)
{
  int number = errno;

  g_set_error (error, SARAP_STORE_ERROR, number == ENOSPC || number == EDQUOT ? SARAP_STORE_ERROR_FULL : SARAP_STORE_ERROR_IO, "%s: %s", path, g_strerror (number));
  return FALSE;
}

/* Where the second copy of record @id stands. An id is whatever a form says, so the name is its hash. */
char *
sarap_journal_dup_path (const char *store_folder, const char *id)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, id, -1);
  g_autofree char *name = g_strdup_printf ("%.32s.journal", hash);

  return g_build_filename (store_folder, "journal", name, NULL);
}

/* --- bytes --------------------------------------------------------------------------------------- */

static GVariant *
to_little_endian (GVariant *value)
{
  return G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (value) : g_variant_byteswap (value);
}

static void
append_size (GByteArray *bytes, guint32 size)
{
  guint32 little = GUINT32_TO_LE (size);

  g_byte_array_append (bytes, (const guint8 *) &little, sizeof little);
}

static void
append_value (GByteArray *bytes, GVariant *value)
{
  g_autoptr (GVariant) little = to_little_endian (value);

  g_byte_array_append (bytes, g_variant_get_data (little), g_variant_get_size (little));
}

/* Of @chain (NULL: none) and @bytes; @sum may be @chain. */
static void
add_up (const guint8 *chain, const guint8 *bytes, gsize size, guint8 sum[SUM])
{
  crypto_generichash_state state;

  crypto_generichash_init (&state, NULL, 0, SUM);
  if (chain != NULL)
    crypto_generichash_update (&state, chain, SUM);
  crypto_generichash_update (&state, bytes, size);
  crypto_generichash_final (&state, sum, SUM);
}

static void
append_entry (GByteArray *bytes, const SarapJournalEntry *entry, guint8 chain[SUM])
{
  guint start = bytes->len;
  guint8 kind = entry->kind;

  append_size (bytes, g_variant_get_size (entry->value));
  g_byte_array_append (bytes, &kind, 1);
  append_value (bytes, entry->value);
  add_up (chain, bytes->data + start, bytes->len - start, chain);
  g_byte_array_append (bytes, chain, SUM);
}

static void
fill_slot (guint8 slot[SLOT], GBytes *sealed)
{
  gsize size = sealed ? g_bytes_get_size (sealed) : 0;

  memset (slot, 0, SLOT);
  if (size == 0)
    return;
  g_assert (size <= SLOT - SLOT_SUM - 2);
  slot[0] = size & 0xff;
  slot[1] = size >> 8;
  memcpy (slot + 2, g_bytes_get_data (sealed, NULL), size);
  crypto_generichash (slot + SLOT - SLOT_SUM, SLOT_SUM, slot, SLOT - SLOT_SUM, NULL, 0);
}

static GVariant *
pack_head (const SarapJournalHead *head)
{
  GVariantBuilder keys;
  GHashTableIter iter;
  gpointer fingerprint, sealed;

  g_variant_builder_init (&keys, G_VARIANT_TYPE ("a(say)"));
  g_hash_table_iter_init (&iter, head->project_keys);
  while (g_hash_table_iter_next (&iter, &fingerprint, &sealed))
    g_variant_builder_add (&keys, "(s@ay)", fingerprint, g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, sealed, TRUE));
  return g_variant_ref_sink (g_variant_new (HEAD_TYPE, head->id, head->form_id, head->form_version, head->form_hash, head->form_file, head->owner, head->keeper, head->created_at, &keys));
}

static void
append_head (GByteArray *bytes, const SarapJournalHead *head, guint8 chain[SUM])
{
  g_autoptr (GVariant) value = pack_head (head);
  guint8 slot[SLOT];
  guint start;

  g_byte_array_append (bytes, (const guint8 *) MAGIC, MAGIC_SIZE);
  for (guint i = 0; i < SARAP_JOURNAL_N_SLOTS; i++)
    {
      fill_slot (slot, head->slots[i]);
      g_byte_array_append (bytes, slot, SLOT);
    }
  start = bytes->len;
  append_size (bytes, g_variant_get_size (value));
  append_value (bytes, value);
  add_up ((const guint8 *) FIRST_SUM, bytes->data + start, bytes->len - start, chain);
  g_byte_array_append (bytes, chain, SUM);
}

/* --- reading ------------------------------------------------------------------------------------- */

static void
head_clear (SarapJournalHead *head)
{
  g_free (head->id);
  g_free (head->form_id);
  g_free (head->form_version);
  g_free (head->form_hash);
  g_free (head->form_file);
  g_free (head->owner);
  g_free (head->keeper);
  for (guint i = 0; i < SARAP_JOURNAL_N_SLOTS; i++)
    g_clear_pointer (&head->slots[i], g_bytes_unref);
  g_clear_pointer (&head->project_keys, g_hash_table_unref);
}

void
sarap_journal_contents_free (SarapJournalContents *self)
{
  head_clear (&self->head);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_free (self);
}

/* NULL also for an empty slot; @is_damaged tells the difference. */
static GBytes *
read_slot (const guint8 slot[SLOT], gboolean *is_damaged)
{
  guint8 sum[SLOT_SUM];
  gsize size = slot[0] | slot[1] << 8;

  if (sodium_is_zero (slot, SLOT))
    return NULL;
  crypto_generichash (sum, SLOT_SUM, slot, SLOT - SLOT_SUM, NULL, 0);
  if (size > 0 && size <= SLOT - SLOT_SUM - 2 && memcmp (sum, slot + SLOT - SLOT_SUM, SLOT_SUM) == 0)
    return g_bytes_new (slot + 2, size);
  *is_damaged = TRUE;
  return NULL;
}

static GVariant *
read_value (const char *type, const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (type), bytes, FALSE));

  return to_little_endian (value);
}

static GBytes *
take_bytes (GVariant *value)
{
  g_autoptr (GVariant) own = value;

  return g_variant_get_data_as_bytes (own);
}

static void
unpack_head (SarapJournalHead *head, GVariant *value)
{
  g_autoptr (GVariantIter) keys = NULL;
  char *fingerprint;
  GVariant *sealed;

  g_variant_get (value, HEAD_TYPE, &head->id, &head->form_id, &head->form_version, &head->form_hash, &head->form_file, &head->owner, &head->keeper, &head->created_at, &keys);
  head->project_keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  while (g_variant_iter_next (keys, "(s@ay)", &fingerprint, &sealed))
    g_hash_table_insert (head->project_keys, fingerprint, take_bytes (sealed));
}

static guint32
read_size (const guint8 *data)
{
  guint32 little;

  memcpy (&little, data, sizeof little);
  return GUINT32_FROM_LE (little);
}

static gboolean
read_head (SarapJournalContents *self, const guint8 *data, gsize size)
{
  const guint8 *head = data + HEAD_AT;
  g_autoptr (GVariant) value = NULL;
  gsize length;

  if (size < HEAD_AT + 4 + SUM || memcmp (data, MAGIC, MAGIC_SIZE) != 0)
    return FALSE;
  length = read_size (head);
  if (length > size - HEAD_AT - 4 - SUM)
    return FALSE;
  add_up ((const guint8 *) FIRST_SUM, head, 4 + length, self->chain);
  if (memcmp (self->chain, head + 4 + length, SUM) != 0)
    return FALSE;
  value = read_value (HEAD_TYPE, head + 4, length);
  unpack_head (&self->head, value);
  for (guint i = 0; i < SARAP_JOURNAL_N_SLOTS; i++)
    self->head.slots[i] = read_slot (data + MAGIC_SIZE + i * SLOT, &self->has_damaged_slot);
  self->size = HEAD_AT + 4 + length + SUM;
  return TRUE;
}

/* FALSE where the file ends, or does not check any more. */
static gboolean
read_entry (SarapJournalContents *self, const guint8 *data, gsize size)
{
  const guint8 *start = data + self->size;
  gsize left = size - self->size;
  guint8 chain[SUM];
  gsize length;

  if (left < 5 + SUM)
    return FALSE;
  length = read_size (start);
  if (length > left - 5 - SUM || find_type (start[4]) == NULL)
    return FALSE;
  add_up (self->chain, start, 5 + length, chain);
  if (memcmp (chain, start + 5 + length, SUM) != 0)
    return FALSE;
  memcpy (self->chain, chain, SUM);
  {
    g_autoptr (GVariant) value = read_value (find_type (start[4]), start + 5, length);

    g_ptr_array_add (self->entries, sarap_journal_entry_new (start[4], value));
  }
  self->size += 5 + length + SUM;
  return TRUE;
}

/* Errors: CORRUPT when the head does not check (nothing can be had from the file); MISSING and others of
 * sarap_file_read(). Damage further on is told by @file_size. Returns: (transfer full) */
SarapJournalContents *
sarap_journal_read (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = sarap_file_read (path, 0, error);
  g_autoptr (SarapJournalContents) self = g_new0 (SarapJournalContents, 1);
  const guint8 *data;
  gsize size;

  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &size);
  self->file_size = size;
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_journal_entry_free);
  if (!read_head (self, data, size))
    {
      g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_CORRUPT, "%s: the head of this journal is damaged", path);
      return NULL;
    }
  while (read_entry (self, data, size))
    ;
  return g_steal_pointer (&self);
}

/* --- writing ------------------------------------------------------------------------------------- */

static gboolean
write_at (int descriptor, const guint8 *data, gsize size, goffset at, const char *path, GError **error)
{
  while (size > 0)
    {
      gssize n = pwrite (descriptor, data, size, at);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          errno = n < 0 ? errno : EIO;
          return fail_errno (path, error);
        }
      data += n;
      size -= n;
      at += n;
    }
  return TRUE;
}

static gboolean
sync_data (int descriptor, const char *path, GError **error)
{
  return fdatasync (descriptor) == 0 || fail_errno (path, error);
}

static SarapJournal *
journal_new (const char *path, int descriptor, goffset size, const guint8 chain[SUM])
{
  SarapJournal *self = g_new0 (SarapJournal, 1);

  self->path = g_strdup (path);
  self->descriptor = descriptor;
  self->size = size;
  memcpy (self->chain, chain, SUM);
  return self;
}

void
sarap_journal_free (SarapJournal *self)
{
  close (self->descriptor);
  g_free (self->path);
  g_free (self);
}

/* Makes the file with its first @entries (of SarapJournalEntry) in place of whatever stood at @path; durable when it
 * returns. */
SarapJournal *
sarap_journal_create (const char *path, const SarapJournalHead *head, GPtrArray *entries, GError **error)
{
  g_autofree char *temporary = g_strconcat (path, ".new", NULL);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 chain[SUM];
  int descriptor = g_open (temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  if (descriptor < 0)
    {
      fail_errno (temporary, error);
      return NULL;
    }
  append_head (bytes, head, chain);
  for (guint i = 0; i < entries->len; i++)
    append_entry (bytes, g_ptr_array_index (entries, i), chain);
  if (write_at (descriptor, bytes->data, bytes->len, 0, temporary, error) && (sarap_file_publish (temporary, path, error) || sarap_store_take_error (error)))
    return journal_new (path, descriptor, bytes->len, chain);
  close (descriptor);
  g_unlink (temporary);
  return NULL;
}

/* Goes on behind what sarap_journal_read() found good; what does not check is cut off. */
SarapJournal *
sarap_journal_open (const char *path, const SarapJournalContents *contents, GError **error)
{
  int descriptor = g_open (path, O_RDWR | O_CLOEXEC, 0600);

  if (descriptor >= 0 && (contents->size == contents->file_size || ftruncate (descriptor, contents->size) == 0))
    return journal_new (path, descriptor, contents->size, contents->chain);
  fail_errno (path, error);
  if (descriptor >= 0)
    close (descriptor);
  return NULL;
}

/* Durable when it returns TRUE; else nothing of it counts. */
gboolean
sarap_journal_append (SarapJournal *self, GPtrArray *entries, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 chain[SUM];

  memcpy (chain, self->chain, SUM);
  for (guint i = 0; i < entries->len; i++)
    append_entry (bytes, g_ptr_array_index (entries, i), chain);
  if (!write_at (self->descriptor, bytes->data, bytes->len, self->size, self->path, error) || !sync_data (self->descriptor, self->path, error))
    return FALSE;
  self->size += bytes->len;
  memcpy (self->chain, chain, SUM);
  return TRUE;
}

/* Cuts the file back to @size, where an entry ended. The journal is of no use afterwards: open it anew. */
gboolean
sarap_journal_take_back (SarapJournal *self, goffset size)
{
  return ftruncate (self->descriptor, size) == 0 && fdatasync (self->descriptor) == 0;
}

/* @sealed NULL: overwrites the key with zeros. Durable when it returns TRUE. */
gboolean
sarap_journal_set_slot (SarapJournal *self, SarapJournalSlot slot, GBytes *sealed, GError **error)
{
  guint8 bytes[SLOT];

  fill_slot (bytes, sealed);
  return write_at (self->descriptor, bytes, SLOT, MAGIC_SIZE + slot * SLOT, self->path, error) && sync_data (self->descriptor, self->path, error);
}

/* Up to where keys may stand, at least the slots. */
static goffset
find_end_of_keys (const char *path)
{
  g_autoptr (SarapJournalContents) contents = sarap_journal_read (path, NULL);
  g_autoptr (GVariant) head = contents ? pack_head (&contents->head) : NULL;

  return head ? (goffset) (HEAD_AT + 4 + g_variant_get_size (head) + SUM) : HEAD_AT + 4096;
}

/* Overwrites all keys, then removes the file: whatever the disk still has of it opens no more. TRUE also when there is
 * no file. */
gboolean
sarap_journal_shred (const char *path, GError **error)
{
  int descriptor = g_open (path, O_WRONLY | O_CLOEXEC, 0600);
  g_autofree guint8 *zeros = NULL;
  goffset size;
  gboolean ok;

  if (descriptor < 0)
    return errno == ENOENT || fail_errno (path, error);
  size = find_end_of_keys (path);
  zeros = g_malloc0 (size);
  ok = write_at (descriptor, zeros, size, 0, path, error) && sync_data (descriptor, path, error);
  close (descriptor);
  return ok && (g_unlink (path) == 0 || fail_errno (path, error));
}
