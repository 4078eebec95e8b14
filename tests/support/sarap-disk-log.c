#include "tests/support/sarap-disk-log.h"

#include <glib/gstdio.h>
#include <string.h>

/*  1. A sync of a file makes what was written to it before durable; a sync of a folder the names in it, whoever holds them.
 *  2. Of the rest each sector is kept or lost by chance, and of changed names a prefix: file systems keep their order.
 *  3. A file is known by its inode, whose number may come again: a creation begins a new one. */

#define SECTOR 512

typedef struct
{
  SarapDiskEntry head;
  char *path;
  char *other;
  const guint8 *data;
} Entry;

struct _SarapDiskLog
{
  char *bytes;
  GArray *entries;
};

typedef struct
{
  GByteArray *content;
  GArray *waiting; /* indices of entries */
} File;

typedef struct
{
  SarapDiskLog *log;
  double kept;
  GRand *chance;
  GPtrArray *all;     /* File */
  GHashTable *inodes; /* number → File */
  GPtrArray *created; /* entry index → File, for CREATE */
  GArray *names;      /* Name */
  GHashTable *tree;   /* path → File; NULL value: a folder */
} Disk;

typedef struct
{
  guint entry;
  gboolean is_durable;
} Name;

static void
entry_clear (gpointer data)
{
  Entry *entry = data;

  g_free (entry->path);
  g_free (entry->other);
}

SarapDiskLog *
sarap_disk_log_read (const char *path)
{
  SarapDiskLog *self = g_new0 (SarapDiskLog, 1);
  gsize size, at = 0;

  self->entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  g_array_set_clear_func (self->entries, entry_clear);
  g_assert_true (g_file_get_contents (path, &self->bytes, &size, NULL));
  while (at + sizeof (SarapDiskEntry) <= size)
    {
      Entry entry;

      memcpy (&entry.head, self->bytes + at, sizeof entry.head);
      at += sizeof entry.head;
      entry.path = g_strndup (self->bytes + at, entry.head.path_size);
      at += entry.head.path_size;
      entry.other = g_strndup (self->bytes + at, entry.head.other_size);
      at += entry.head.other_size;
      entry.data = (const guint8 *) self->bytes + at;
      at += entry.head.size;
      g_array_append_val (self->entries, entry);
    }
  return self;
}

void
sarap_disk_log_free (SarapDiskLog *self)
{
  g_array_unref (self->entries);
  g_free (self->bytes);
  g_free (self);
}

guint
sarap_disk_log_get_length (SarapDiskLog *self)
{
  return self->entries->len;
}

static const Entry *
peek (SarapDiskLog *self, guint i)
{
  return &g_array_index (self->entries, Entry, i);
}

/* What the program had told by then. Returns: (transfer full) */
char *
sarap_disk_log_dup_words (SarapDiskLog *self, guint n_entries)
{
  GString *words = g_string_new (NULL);

  for (guint i = 0; i < n_entries; i++)
    if (peek (self, i)->head.kind == SARAP_DISK_WORD)
      g_string_append_len (words, (const char *) peek (self, i)->data, peek (self, i)->head.size);
  return g_string_free (words, FALSE);
}

static void
file_free (gpointer data)
{
  File *file = data;

  g_byte_array_unref (file->content);
  g_array_unref (file->waiting);
  g_free (file);
}

static void
write_part (File *file, guint64 at, const guint8 *data, gsize size)
{
  guint old = file->content->len;

  if (at + size > old)
    {
      g_byte_array_set_size (file->content, at + size);
      memset (file->content->data + old, 0, at + size - old);
    }
  memcpy (file->content->data + at, data, size);
}

static void
set_size (File *file, guint64 size)
{
  guint old = file->content->len;

  g_byte_array_set_size (file->content, size);
  if (size > old)
    memset (file->content->data + old, 0, size - old);
}

static gboolean
is_kept (Disk *disk, double kept)
{
  return kept >= 1 || (kept > 0 && g_rand_double (disk->chance) < kept);
}

/* Writes @entry, of each sector as chance wills. */
static void
apply (Disk *disk, File *file, const Entry *entry, double kept)
{
  guint64 at = entry->head.at, end = at + entry->head.size;

  if (entry->head.kind == SARAP_DISK_TRUNCATE)
    {
      if (is_kept (disk, kept))
        set_size (file, at);
      return;
    }
  while (at < end)
    {
      guint64 next = MIN (end, (at / SECTOR + 1) * SECTOR);

      if (is_kept (disk, kept))
        write_part (file, at, entry->data + (at - entry->head.at), next - at);
      at = next;
    }
}

static void
settle (Disk *disk, File *file, double kept)
{
  for (guint i = 0; i < file->waiting->len; i++)
    apply (disk, file, peek (disk->log, g_array_index (file->waiting, guint, i)), kept);
  g_array_set_size (file->waiting, 0);
}

static gboolean
is_in (const char *path, const char *folder)
{
  g_autofree char *parent = g_path_get_dirname (path);

  return g_str_equal (parent, folder) || (*folder == '\0' && g_str_equal (parent, "/"));
}

static void
settle_names (Disk *disk, const char *folder)
{
  for (guint i = 0; i < disk->names->len; i++)
    {
      Name *name = &g_array_index (disk->names, Name, i);
      const Entry *entry = peek (disk->log, name->entry);

      if (is_in (entry->head.other_size ? entry->other : entry->path, folder))
        name->is_durable = TRUE;
    }
}

static File *
find_file (Disk *disk, guint64 inode)
{
  File *file = g_hash_table_lookup (disk->inodes, &inode);

  g_assert_nonnull (file);
  return file;
}

static void
create (Disk *disk, guint i)
{
  File *file = g_new0 (File, 1);

  file->content = g_byte_array_new ();
  file->waiting = g_array_new (FALSE, FALSE, sizeof (guint));
  g_ptr_array_add (disk->all, file);
  g_hash_table_replace (disk->inodes, g_memdup2 (&peek (disk->log, i)->head.inode, 8), file);
  g_ptr_array_index (disk->created, i) = file;
}

static void
take_entry (Disk *disk, guint i, gboolean is_true)
{
  const Entry *entry = peek (disk->log, i);
  Name name = { i, FALSE };

  switch ((SarapDiskKind) entry->head.kind)
    {
    case SARAP_DISK_WRITE:
    case SARAP_DISK_TRUNCATE:
      g_array_append_val (find_file (disk, entry->head.inode)->waiting, i);
      break;
    case SARAP_DISK_SYNC:
      if (is_true)
        settle (disk, find_file (disk, entry->head.inode), 1);
      break;
    case SARAP_DISK_SYNC_FOLDER:
      if (is_true)
        settle_names (disk, entry->path);
      break;
    case SARAP_DISK_CREATE:
      create (disk, i);
      g_array_append_val (disk->names, name);
      break;
    case SARAP_DISK_RENAME:
    case SARAP_DISK_LINK:
    case SARAP_DISK_UNLINK:
    case SARAP_DISK_MKDIR:
      g_array_append_val (disk->names, name);
      break;
    case SARAP_DISK_WORD:
      break;
    }
}

static char **
dup_paths (GHashTable *tree, guint *n)
{
  char **paths = (char **) g_hash_table_get_keys_as_array (tree, n);

  for (guint i = 0; i < *n; i++)
    paths[i] = g_strdup (paths[i]);
  return paths;
}

/* With all that lies below it. */
static void
move (Disk *disk, const char *from, const char *to)
{
  g_autofree char *below = g_strconcat (from, "/", NULL);
  guint n_paths;
  g_auto (GStrv) paths = dup_paths (disk->tree, &n_paths);

  for (guint i = 0; i < n_paths; i++)
    {
      const char *path = paths[i];
      File *file = g_hash_table_lookup (disk->tree, path);

      if (!g_str_equal (path, from) && !g_str_has_prefix (path, below))
        continue;
      g_hash_table_replace (disk->tree, g_strconcat (to, path + strlen (from), NULL), file);
      g_hash_table_remove (disk->tree, path);
    }
}

static void
rename_entry (Disk *disk, const Entry *entry)
{
  File *file = NULL;

  if (!g_hash_table_lookup_extended (disk->tree, entry->path, NULL, (gpointer *) &file))
    return;
  if (entry->head.kind == SARAP_DISK_LINK)
    g_hash_table_replace (disk->tree, g_strdup (entry->other), file);
  else
    move (disk, entry->path, entry->other);
}

static void
make_tree (Disk *disk)
{
  guint n_waiting = 0, n_kept;

  for (guint i = 0; i < disk->names->len; i++)
    n_waiting += !g_array_index (disk->names, Name, i).is_durable;
  n_kept = disk->kept >= 1 ? n_waiting : disk->kept <= 0 ? 0
                                                         : (guint) g_rand_int_range (disk->chance, 0, n_waiting + 1);
  for (guint i = 0; i < disk->names->len; i++)
    {
      const Name *name = &g_array_index (disk->names, Name, i);
      const Entry *entry = peek (disk->log, name->entry);

      if (!name->is_durable && n_kept == 0)
        continue;
      n_kept -= !name->is_durable;
      if (entry->head.kind == SARAP_DISK_CREATE || entry->head.kind == SARAP_DISK_MKDIR)
        g_hash_table_replace (disk->tree, g_strdup (entry->path), g_ptr_array_index (disk->created, name->entry));
      else if (entry->head.kind == SARAP_DISK_UNLINK)
        g_hash_table_remove (disk->tree, entry->path);
      else
        rename_entry (disk, entry);
    }
}

static gboolean
make_parents (Disk *disk, const char *folder, const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *place = g_strconcat (folder, parent, NULL);

  if (g_str_equal (parent, "/"))
    return TRUE;
  if (!g_hash_table_contains (disk->tree, parent) || g_hash_table_lookup (disk->tree, parent) != NULL)
    return FALSE;
  return make_parents (disk, folder, parent) && (g_mkdir (place, 0700) == 0 || g_file_test (place, G_FILE_TEST_IS_DIR));
}

static void
write_out (Disk *disk, const char *folder)
{
  GHashTableIter iter;
  gpointer path, value;

  g_hash_table_iter_init (&iter, disk->tree);
  while (g_hash_table_iter_next (&iter, &path, &value))
    {
      g_autofree char *place = g_strconcat (folder, path, NULL);
      File *file = value;

      if (!make_parents (disk, folder, path))
        continue;
      if (file == NULL)
        g_mkdir (place, 0700);
      else
        {
          settle (disk, file, disk->kept);
          g_assert_true (g_file_set_contents_full (place, (const char *) file->content->data, file->content->len, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
        }
    }
}

static guint
count_syncs (SarapDiskLog *self, guint n_entries)
{
  guint n = 0;

  for (guint i = 0; i < n_entries; i++)
    n += peek (self, i)->head.kind == SARAP_DISK_SYNC || peek (self, i)->head.kind == SARAP_DISK_SYNC_FOLDER;
  return n;
}

/* The power went after @n_entries: lays into the empty @folder what the disk holds then. @kept: how much of what was
 * not synced; @n_lies: so many of the last syncs did nothing. */
void
sarap_disk_log_cut (SarapDiskLog *self, guint n_entries, double kept, guint n_lies, GRand *chance, const char *folder)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (file_free);
  g_autoptr (GHashTable) inodes = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GHashTable) tree = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) names = g_array_new (FALSE, FALSE, sizeof (Name));
  g_autoptr (GPtrArray) created = g_ptr_array_new ();
  Disk disk = { self, kept, chance, all, inodes, created, names, tree };
  guint n_true = count_syncs (self, n_entries);

  n_true -= MIN (n_true, n_lies);
  g_ptr_array_set_size (created, self->entries->len);
  for (guint i = 0; i < n_entries; i++)
    {
      take_entry (&disk, i, n_true > 0);
      if (n_true > 0 && (peek (self, i)->head.kind == SARAP_DISK_SYNC || peek (self, i)->head.kind == SARAP_DISK_SYNC_FOLDER))
        n_true--;
    }
  make_tree (&disk);
  write_out (&disk, folder);
}
