#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Large lists, kept by somebody else: app/form asks for what it needs, app/store implements it.
 *
 *  1. A list is the rows of a CSV file, all with the same columns. It never changes.
 *  2. Rows count from 0. A cell is never NULL.
 *  3. A list is used by one thread at a time. */

#define SARAP_LIST_MAX_ROWS 5000000

#define SARAP_TYPE_LIST (sarap_list_get_type ())
G_DECLARE_INTERFACE (SarapList, sarap_list, SARAP, LIST, GObject)

struct _SarapListInterface
{
  GTypeInterface parent;

  guint32 (*get_n_rows) (SarapList *self);
  const char *const *(*get_columns) (SarapList *self); /* NULL-terminated */
  /* The cells of a row one after the other, each ended by NUL; until the next call. */
  const char *(*peek_row) (SarapList *self, guint32 row, gsize *size);
  /* Whether a cell of the column can be read as a date. */
  gboolean (*has_dates) (SarapList *self, guint column);
  /* How many rows find() may give, cheaper than asking for them. */
  guint32 (*estimate) (SarapList *self, guint column, guint32 hash);
  /* Appends the rows (guint32) whose cell has that sarap_list_hash_text(), ascending. */
  void (*find) (SarapList *self, guint column, guint32 hash, GArray *rows);
};

/* What equality compares: texts that mean the same whole number have the same hash. */
guint32 sarap_list_hash_text (const char *text);
guint32 sarap_list_hash_number (double whole);
gboolean sarap_list_text_is_date (const char *text);

void sarap_list_set_too_long (const char *name, GError **error);

/* A CSV file: @path, or @bytes when it stands in no file of its own. */
typedef struct
{
  const char *name; /* for messages */
  const char *path;
  const char *sha256; /* of the contents, hex, when it is known already */
  GBytes *bytes;
} SarapListFile;

#define SARAP_TYPE_LIST_LIBRARY (sarap_list_library_get_type ())
G_DECLARE_INTERFACE (SarapListLibrary, sarap_list_library, SARAP, LIST_LIBRARY, GObject)

struct _SarapListLibraryInterface
{
  GTypeInterface parent;

  /* Returns: (transfer full): NULL with @error: SARAP_INPUT_ERROR when the file is wrong, any
   * other when the library cannot work, and the list must be kept in memory. */
  SarapList *(*open) (SarapListLibrary *self, const SarapListFile *file, GError **error);
};

SarapList *sarap_list_library_open (SarapListLibrary *self, const SarapListFile *file, GError **error);

G_END_DECLS
