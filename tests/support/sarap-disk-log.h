#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* What a program did to a disk, as sarap-disk-shim.c wrote it down, and disks as they may be after a power cut. */

typedef enum
{
  SARAP_DISK_CREATE,
  SARAP_DISK_WRITE,
  SARAP_DISK_TRUNCATE,
  SARAP_DISK_SYNC,
  SARAP_DISK_SYNC_FOLDER,
  SARAP_DISK_RENAME,
  SARAP_DISK_LINK,
  SARAP_DISK_UNLINK,
  SARAP_DISK_MKDIR,
  SARAP_DISK_WORD, /* on descriptor 1 */
} SarapDiskKind;

/* Followed by path, other path (below the root, not terminated) and @size bytes of data. */
typedef struct
{
  uint32_t kind;
  uint32_t path_size;
  uint32_t other_size;
  uint32_t size;
  uint64_t inode;
  uint64_t at;
} SarapDiskEntry;

typedef struct _SarapDiskLog SarapDiskLog;

SarapDiskLog *sarap_disk_log_read (const char *path);
void sarap_disk_log_free (SarapDiskLog *self);
guint sarap_disk_log_get_length (SarapDiskLog *self);
char *sarap_disk_log_dup_words (SarapDiskLog *self, guint n_entries);
void sarap_disk_log_cut (SarapDiskLog *self, guint n_entries, double kept, guint n_lies, GRand *chance, const char *folder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapDiskLog, sarap_disk_log_free)

G_END_DECLS
