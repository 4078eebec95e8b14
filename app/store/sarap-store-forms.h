#pragma once

#include "app/form/sarap-form.h"
#include "app/store/sarap-store.h"

G_BEGIN_DECLS

/* Forms of the device with their media. Every version that a record was filled with stays. */

typedef struct
{
  char *id;
  char *version;
  char *title;
  char *hash;          /* "md5:…" */
  char *origin;        /* "file", or the server's base URL */
  gboolean is_current; /* newest of its id: the one that is offered for new interviews */
  gboolean is_hidden;  /* vanished from the server's list: drafts go on, no new interviews */
  gint64 added_at;     /* ms UTC */
} SarapFormEntry;

void sarap_form_entry_free (SarapFormEntry *entry);
GPtrArray *sarap_store_list_forms (SarapStore *self, gboolean current_only, GError **error);
/* @path: XForm XML or .xlsx, or a folder with one of them; media beside it or in @media_folder (NULL: the file's
 * folder), only files that the form names and the side tables (*.csv) of the folder, which must fit the form. */
gboolean sarap_store_add_form_file (SarapStore *self, const char *path, const char *media_folder, SarapProblems *problems, char **form_id, GError **error);
/* @path itself, or the file of the questionnaire in that folder. Returns: (transfer full), or NULL with SARAP_INPUT_ERROR */
char *sarap_store_find_form_file (const char *path, GError **error);
/* @media: name → GBytes. The same id and version with other bytes replaces nothing that a record uses: it is kept beside it by hash. */
gboolean sarap_store_add_form (SarapStore *self, GBytes *xml, const char *file, GHashTable *media, const char *origin, SarapProblems *problems, char **form_id, GError **error);
gboolean sarap_store_set_form_media (SarapStore *self, const char *form_id, const char *version, const char *name, GBytes *bytes, GError **error);
GBytes *sarap_store_dup_form_media (SarapStore *self, const char *form_id, const char *version, const char *name, GError **error);
/* name → "md5:…" of each media file. */
GHashTable *sarap_store_list_form_media (SarapStore *self, const char *form_id, const char *version, GError **error);
gboolean sarap_store_set_form_hidden (SarapStore *self, const char *form_id, gboolean hidden, GError **error);
/* @version NULL: the current one. Reads its media from the store while that is open. On the thread that
 * opened the store it is loaded once and shared; on any other thread each call loads its own. */
SarapForm *sarap_store_load_form (SarapStore *self, const char *form_id, const char *version, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapFormEntry, sarap_form_entry_free)

G_END_DECLS
