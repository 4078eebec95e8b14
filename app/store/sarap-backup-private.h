#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*  1. A backup begins with lines of text: BACKUP_MAGIC, one "key FINGERPRINT BASE64" for each project key, an empty
 *     line. BASE64 is a key of this backup alone, sealed to that project key.
 *  2. What follows is sealed with that key (sarap-seal-stream.h); the hash of the lines is part of the context, so
 *     they cannot be changed either.
 *  3. Inside is a tar archive (POSIX ustar): "hashes", a list as sha256sum writes it, then the files that it names, in
 *     its order. */

#define SARAP_BACKUP_MAGIC "sarap-backup-1"
#define SARAP_BACKUP_KEY_CONTEXT "sarap/1/backup key"
#define SARAP_BACKUP_SUFFIX ".sarap-backup"
#define SARAP_BACKUP_HASHES "hashes"
#define SARAP_BACKUP_DATABASE "sarap.db"
#define SARAP_BACKUP_LINES 16384 /* bytes, at most */

extern const char *const sarap_backup_folders[4]; /* of a store, NULL-terminated */

char *sarap_backup_dup_context (const char *lines, gsize size);
void sarap_backup_add_hash (GString *hashes, const char *sha256, const char *name);

#define SARAP_TAR_BLOCK 512
gboolean sarap_tar_write_header (GOutputStream *out, const char *name, goffset size, GError **error);
gboolean sarap_tar_write_padding (GOutputStream *out, goffset size, GError **error);
gboolean sarap_tar_write_end (GOutputStream *out, GError **error);
gboolean sarap_tar_read_header (GInputStream *in, char **name, goffset *size, GError **error);
gboolean sarap_tar_read_padding (GInputStream *in, goffset size, GError **error);

G_END_DECLS
