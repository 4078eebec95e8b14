#include "app/store/sarap-store-forms.h"

#include <stdio.h>
#include <string.h>

#include "app/base/sarap-file.h"
#include "app/report/sarap-tables.h"
#include "app/store/sarap-entities.h"
#include "app/store/sarap-journal-writer.h"
#include "app/store/sarap-list-cache.h"
#include "app/store/sarap-media.h"
#include "app/store/sarap-store-forms-private.h"
#include "app/store/sarap-store-private.h"

/* Loaded forms kept: those of a project, not every state that their lists ever had. */
#define MAX_LOADED 8

typedef struct
{
  char *name;
  char *sha256;
  char *md5;
  gint64 size;
} Media;

static void
media_free (gpointer data)
{
  Media *media = data;

  g_free (media->name);
  g_free (media->sha256);
  g_free (media->md5);
  g_free (media);
}

void
sarap_form_entry_free (SarapFormEntry *entry)
{
  g_free (entry->id);
  g_free (entry->version);
  g_free (entry->title);
  g_free (entry->hash);
  g_free (entry->origin);
  g_free (entry);
}

typedef struct
{
  gboolean current_only;
  GPtrArray *entries;
} Listing;

static gboolean
list_forms (SarapDatabase *db, gpointer data, GError **error)
{
  Listing *listing = data;
  SarapQuery *query = sarap_database_query (db, "form-list", error);

  sarap_query_bind_int (query, "current_only", listing->current_only);
  while (sarap_query_next (query))
    {
      SarapFormEntry *entry = g_new0 (SarapFormEntry, 1);

      entry->id = sarap_query_dup_text (query, "id");
      entry->version = sarap_query_dup_text (query, "version");
      entry->title = sarap_query_dup_text (query, "title");
      entry->hash = sarap_query_dup_text (query, "hash");
      entry->origin = sarap_query_dup_text (query, "origin");
      entry->is_current = sarap_query_get_int (query, "is_current");
      entry->is_hidden = sarap_query_get_int (query, "is_hidden");
      entry->added_at = sarap_query_get_int (query, "added_at");
      g_ptr_array_add (listing->entries, entry);
    }
  return sarap_query_finish (query);
}

/* By title, newest version first. Returns: (transfer full) (element-type SarapFormEntry) */
GPtrArray *
sarap_store_list_forms (SarapStore *self, gboolean current_only, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_form_entry_free);
  Listing listing = { current_only, entries };

  return sarap_store_read (self, list_forms, &listing, error) ? g_steal_pointer (&entries) : NULL;
}

typedef struct
{
  SarapForm *form;
  const char *origin;
  gint64 now;
  GPtrArray *media;
  GHashTable *files; /* name → GBytes */
} Addition;

static gboolean
put_media (SarapDatabase *db, gint64 form, const Media *media, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "form-media-put", error);

  sarap_journal_touch_forms (db);
  sarap_query_bind_int (query, "form", form);
  sarap_query_bind_text (query, "name", media->name);
  sarap_query_bind_text (query, "sha256", media->sha256);
  sarap_query_bind_text (query, "md5", media->md5);
  sarap_query_bind_int (query, "size", media->size);
  return sarap_query_run (query);
}

/* A list that comes may know what was done to it here. */
static gboolean
catch_up (SarapDatabase *db, const char *name, GBytes *bytes, GError **error)
{
  g_autofree char *list = sarap_entities_dup_list (name);

  return list == NULL || sarap_entities_catch_up (db, list, bytes, error);
}

static gboolean
make_current (SarapDatabase *db, const char *id, gint64 number, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "form-make-current", error);

  sarap_journal_touch_forms (db);
  sarap_query_bind_text (query, "id", id);
  sarap_query_bind_int (query, "number", number);
  return sarap_query_run (query);
}

static gboolean
add_form (SarapDatabase *db, gpointer data, GError **error)
{
  Addition *addition = data;
  SarapQuery *query = sarap_database_query (db, "form-add", error);
  gint64 number = 0;

  sarap_query_bind_text (query, "id", sarap_form_get_id (addition->form));
  sarap_query_bind_text (query, "version", sarap_form_get_version (addition->form));
  sarap_query_bind_text (query, "title", sarap_form_get_title (addition->form));
  sarap_query_bind_text (query, "hash", sarap_form_get_hash (addition->form));
  sarap_query_bind_text (query, "origin", addition->origin);
  sarap_query_bind_int (query, "now", addition->now);
  sarap_query_bind_bytes (query, "xml", sarap_form_peek_xml (addition->form));
  while (sarap_query_next (query))
    number = sarap_query_get_int (query, "number");
  if (!sarap_query_finish (query) || !make_current (db, sarap_form_get_id (addition->form), number, error))
    return FALSE;
  for (guint i = 0; i < addition->media->len; i++)
    {
      const Media *media = g_ptr_array_index (addition->media, i);

      if (!put_media (db, number, media, error) || !catch_up (db, media->name, g_hash_table_lookup (addition->files, media->name), error))
        return FALSE;
    }
  return TRUE;
}

static Media *
write_media (SarapStore *self, const char *name, GBytes *bytes, GError **error)
{
  g_autofree char *sha256 = sarap_media_write (self, bytes, error);
  g_autofree char *md5 = NULL;
  Media *media;

  if (sha256 == NULL)
    return NULL;
  md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, bytes);
  media = g_new0 (Media, 1);
  media->name = g_strdup (name);
  media->sha256 = g_steal_pointer (&sha256);
  media->md5 = g_strconcat ("md5:", md5, NULL);
  media->size = g_bytes_get_size (bytes);
  return media;
}

static gboolean
store_form (SarapStore *self, SarapForm *form, GHashTable *media, const char *origin, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (media_free);
  Addition addition = { form, origin, sarap_clock_get_now (sarap_store_get_clock (self)), files, media };
  GHashTableIter iter;
  gpointer name, bytes;

  g_hash_table_iter_init (&iter, media);
  while (g_hash_table_iter_next (&iter, &name, &bytes))
    {
      Media *file = write_media (self, name, bytes, error);

      if (file == NULL)
        return FALSE;
      g_ptr_array_add (files, file);
    }
  return sarap_store_write (self, SARAP_STORE_TOPIC_FORMS, add_form, &addition, error);
}

static GBytes *
look_up_media (const char *name, gpointer data)
{
  GBytes *bytes = g_hash_table_lookup (data, name);

  return bytes ? g_bytes_ref (bytes) : NULL;
}

gboolean
sarap_store_add_form (SarapStore *self, GBytes *xml, const char *file, GHashTable *media, const char *origin, SarapProblems *problems, char **form_id, GError **error)
{
  g_autoptr (GHashTable) table = media ? g_hash_table_ref (media) : g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (SarapListLibrary) lists = sarap_list_cache_new (NULL);
  const SarapFormMedia sources = { look_up_media, NULL, g_hash_table_ref (table), (GDestroyNotify) g_hash_table_unref, lists };
  g_autoptr (SarapForm) form = sarap_form_load_with (xml, file, &sources, problems, error);
  gboolean ok;

  if (form == NULL)
    return FALSE;
  sarap_store_lock_media (self);
  ok = store_form (self, form, table, origin, error);
  sarap_store_unlock_media (self);
  if (ok && form_id != NULL)
    *form_id = g_strdup (sarap_form_get_id (form));
  return ok;
}

static gboolean
take_file (GHashTable *media, const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GBytes *bytes;

  if (strchr (name, '/') != NULL || g_hash_table_contains (media, name) || !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  bytes = sarap_file_read (path, 0, error);
  if (bytes != NULL)
    g_hash_table_insert (media, g_strdup (name), bytes);
  return bytes != NULL;
}

static GHashTable *
read_media_folder (SarapForm *form, const char *folder, GError **error)
{
  g_autoptr (GHashTable) media = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  const char *const *names = sarap_form_get_media_names (form);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  const char *name;

  if (dir == NULL)
    return NULL;
  for (guint i = 0; names[i] != NULL; i++)
    if (!take_file (media, folder, names[i], error))
      return NULL;
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".csv") && !take_file (media, folder, name, error))
      return NULL;
  return g_steal_pointer (&media);
}

/* The one file in @folder whose name ends in @suffix; NULL when there is none, or more. Returns: (transfer full) */
static char *
find_only (const char *folder, const char *suffix)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *found = NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, suffix) && *name != '.')
      {
        if (found != NULL)
          return NULL;
        found = g_build_filename (folder, name, NULL);
      }
  return g_steal_pointer (&found);
}

char *
sarap_store_find_form_file (const char *path, GError **error)
{
  g_autofree char *usual = g_build_filename (path, "form.xlsx", NULL);
  char *found;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return g_strdup (path);
  if (g_file_test (usual, G_FILE_TEST_IS_REGULAR))
    return g_steal_pointer (&usual);
  found = find_only (path, ".xlsx");
  if (found == NULL)
    found = find_only (path, ".xml");
  if (found == NULL)
    g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING, "%s: a folder with one questionnaire holds form.xlsx, or one .xlsx or .xml file", path);
  return found;
}

gboolean
sarap_store_add_form_file (SarapStore *self, const char *path, const char *media_folder, SarapProblems *problems, char **form_id, GError **error)
{
  g_autofree char *file = sarap_store_find_form_file (path, error);
  g_autofree char *folder = NULL;
  g_autoptr (SarapListLibrary) lists = sarap_list_cache_new (NULL);
  g_autoptr (SarapForm) form = NULL;
  g_autoptr (GHashTable) media = NULL;
  gboolean ok;

  if (file == NULL)
    return FALSE;
  folder = media_folder ? g_strdup (media_folder) : g_path_get_dirname (file);
  form = sarap_form_load_file_with (file, folder, lists, problems, error);
  if (form == NULL)
    return FALSE;
  media = read_media_folder (form, folder, error);
  if (media == NULL || !sarap_tables_check_folder (form, folder, error))
    return FALSE;
  sarap_store_lock_media (self);
  ok = store_form (self, form, media, "file", error);
  sarap_store_unlock_media (self);
  if (ok && form_id != NULL)
    *form_id = g_strdup (sarap_form_get_id (form));
  return ok;
}

typedef struct
{
  const char *id;
  const char *version;
  gint64 number; /* when not 0: instead of id and version */
  const char *name;
  const Media *media;
  GBytes *bytes; /* of media */
  gboolean is_hidden;
  char *sha256;
  char *key; /* of the cache: number and the hashes of all media */
  GBytes *xml;
  GHashTable *hashes;
} Call;

static gboolean
find_form (SarapDatabase *db, Call *call, GError **error)
{
  SarapQuery *query;

  if (call->number != 0)
    return TRUE;
  query = sarap_database_query (db, "form-find", error);
  sarap_query_bind_text (query, "id", call->id);
  sarap_query_bind_text (query, "version", call->version);
  if (sarap_query_next (query))
    call->number = sarap_query_get_int (query, "number");
  if (!sarap_query_finish (query))
    return FALSE;
  return call->number != 0 || sarap_store_not_found (error, "form", call->id);
}

static gboolean
look_up_file (SarapDatabase *db, Call *call, const char *name, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "form-media-find", error);

  sarap_query_bind_int (query, "form", call->number);
  sarap_query_bind_text (query, "name", name);
  if (sarap_query_next (query))
    call->sha256 = sarap_query_dup_text (query, "sha256");
  return sarap_query_finish (query);
}

static gboolean
set_media (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;

  if (!find_form (db, call, error) || !look_up_file (db, call, call->media->name, error))
    return FALSE;
  return put_media (db, call->number, call->media, error) && catch_up (db, call->media->name, call->bytes, error);
}

/* The file that another one took the place of; an older version of the form may still use it. */
static void
forget_replaced (SarapStore *self, char *sha256)
{
  g_autoptr (GPtrArray) hashes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  if (sha256 != NULL)
    g_ptr_array_add (hashes, sha256);
  if (!sarap_media_forget (self, hashes, &error))
    g_warning ("A replaced file stays in the store: %s", error->message);
}

gboolean
sarap_store_set_form_media (SarapStore *self, const char *form_id, const char *version, const char *name, GBytes *bytes, GError **error)
{
  Call call = { .id = form_id, .version = version };
  Media *media;
  gboolean ok = FALSE;

  sarap_store_lock_media (self);
  media = write_media (self, name, bytes, error);
  if (media != NULL)
    {
      call.media = media;
      call.bytes = bytes;
      ok = sarap_store_write (self, SARAP_STORE_TOPIC_FORMS, set_media, &call, error);
      forget_replaced (self, call.sha256);
      media_free (media);
    }
  sarap_store_unlock_media (self);
  return ok;
}

static gboolean
find_media (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;

  if (!find_form (db, call, error) || !look_up_file (db, call, call->name, error))
    return FALSE;
  return call->sha256 != NULL || sarap_store_not_found (error, "file of a form called", call->name);
}

GBytes *
sarap_store_dup_form_media (SarapStore *self, const char *form_id, const char *version, const char *name, GError **error)
{
  Call call = { .id = form_id, .version = version, .name = name };
  g_autofree char *sha256 = NULL;

  if (!sarap_store_read (self, find_media, &call, error))
    return NULL;
  sha256 = call.sha256;
  return sarap_media_read (self, sha256, error);
}

static gboolean
list_media (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query;

  if (!find_form (db, call, error))
    return FALSE;
  query = sarap_database_query (db, "form-media-list", error);
  sarap_query_bind_int (query, "form", call->number);
  while (sarap_query_next (query))
    g_hash_table_insert (call->hashes, sarap_query_dup_text (query, "name"), sarap_query_dup_text (query, "md5"));
  return sarap_query_finish (query);
}

/* Returns: (transfer full) (element-type utf8 utf8) */
GHashTable *
sarap_store_list_form_media (SarapStore *self, const char *form_id, const char *version, GError **error)
{
  g_autoptr (GHashTable) hashes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Call call = { .id = form_id, .version = version, .hashes = hashes };

  return sarap_store_read (self, list_media, &call, error) ? g_steal_pointer (&hashes) : NULL;
}

static gboolean
set_hidden (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query = sarap_database_query (db, "form-set-hidden", error);

  sarap_journal_touch_forms (db);
  sarap_query_bind_text (query, "id", call->id);
  sarap_query_bind_int (query, "is_hidden", call->is_hidden);
  return sarap_query_run (query);
}

gboolean
sarap_store_set_form_hidden (SarapStore *self, const char *form_id, gboolean hidden, GError **error)
{
  Call call = { .id = form_id, .is_hidden = hidden };

  return sarap_store_write (self, SARAP_STORE_TOPIC_FORMS, set_hidden, &call, error);
}

/* Number of the row of @form, whichever store it was loaded from; 0 with @error when it is not there. */
gint64
sarap_store_find_form_number (SarapDatabase *db, SarapForm *form, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "form-find-hash", error);
  gint64 number = 0;

  sarap_query_bind_text (query, "id", sarap_form_get_id (form));
  sarap_query_bind_text (query, "version", sarap_form_get_version (form));
  sarap_query_bind_text (query, "hash", sarap_form_get_hash (form));
  if (sarap_query_next (query))
    number = sarap_query_get_int (query, "number");
  if (sarap_query_finish (query) && number == 0)
    sarap_store_not_found (error, "form", sarap_form_get_id (form));
  return number;
}

static gboolean
read_form (SarapDatabase *db, gpointer data, GError **error)
{
  Call *call = data;
  SarapQuery *query;

  if (!find_form (db, call, error))
    return FALSE;
  query = sarap_database_query (db, "form-read", error);
  sarap_query_bind_int (query, "number", call->number);
  if (sarap_query_next (query))
    {
      call->xml = sarap_query_dup_bytes (query, "xml");
      call->key = sarap_query_dup_text (query, "key");
    }
  if (!sarap_query_finish (query))
    return FALSE;
  return call->xml != NULL || sarap_store_not_found (error, "form", call->id ? call->id : "of that number");
}

/* Where a form of the store reads its lists: from the files that came with it, laid over with what this device did
 * to entities. */
typedef struct
{
  GWeakRef store;
  gint64 number;
  char *device;
  gboolean sends_branches; /* the form asks its lists for __branchId */
} Source;

static void
source_free (gpointer data)
{
  Source *source = data;

  g_weak_ref_clear (&source->store);
  g_free (source->device);
  g_free (source);
}

static Source *
source_new (SarapStore *store, gint64 number, GBytes *xml)
{
  Source *source = g_new0 (Source, 1);

  g_weak_ref_init (&source->store, store);
  source->number = number;
  source->device = sarap_keyring_dup_device_key (sarap_store_get_keyring (store));
  source->sends_branches = g_strstr_len (g_bytes_get_data (xml, NULL), (gssize) g_bytes_get_size (xml), "__branchId") != NULL;
  return source;
}

typedef struct
{
  const Source *source;
  const char *list;
  GBytes *file;
  gboolean is_local;
  GBytes *result;
} Overlay;

static gboolean
look_for_entities (SarapDatabase *db, gpointer data, GError **error)
{
  Overlay *overlay = data;

  return sarap_entities_are_local (db, overlay->list, &overlay->is_local, error);
}

/* Whether the list's first line names the column that entity lists have. */
static gboolean
has_versions (SarapStore *store, const char *sha256)
{
  g_autofree char *path = sarap_media_dup_path (store, sha256);
  char start[4096];
  FILE *file = fopen (path, "rbe");
  gsize length = file ? fread (start, 1, sizeof start, file) : 0;
  const char *end = memchr (start, '\n', length);

  if (file != NULL)
    fclose (file);
  return g_strstr_len (start, end ? end - start : (gssize) length, "__version") != NULL;
}

static gboolean
is_laid_over (SarapStore *store, const Source *source, const char *name, const char *sha256)
{
  g_autofree char *list = sarap_entities_dup_list (name);
  Overlay overlay = { .list = list };

  if (list == NULL || !sarap_store_read (store, look_for_entities, &overlay, NULL))
    return FALSE;
  return overlay.is_local || (source->sends_branches && has_versions (store, sha256));
}

static gboolean
lay_over (SarapDatabase *db, gpointer data, GError **error)
{
  Overlay *overlay = data;

  overlay->result = sarap_entities_lay_over (db, overlay->list, overlay->file, overlay->source->device, error);
  return overlay->result != NULL;
}

static char *
find_sha256 (SarapStore *store, const Source *source, const char *name)
{
  Call call = { .number = source->number, .name = name };

  return store != NULL && sarap_store_read (store, find_media, &call, NULL) ? call.sha256 : NULL;
}

/* The name of a medium's file is its hash. A list that is laid over has no file: it is read as bytes. */
static char *
find_source (const char *name, char **sha256, gpointer data)
{
  Source *source = data;
  g_autoptr (SarapStore) store = g_weak_ref_get (&source->store);
  g_autofree char *found = find_sha256 (store, source, name);

  if (found == NULL || is_laid_over (store, source, name, found))
    return NULL;
  *sha256 = g_steal_pointer (&found);
  return sarap_media_dup_path (store, *sha256);
}

static GBytes *
read_source (const char *name, gpointer data)
{
  Source *source = data;
  g_autoptr (SarapStore) store = g_weak_ref_get (&source->store);
  g_autofree char *sha256 = find_sha256 (store, source, name);
  g_autoptr (GBytes) file = sha256 ? sarap_media_read (store, sha256, NULL) : NULL;
  g_autofree char *list = sarap_entities_dup_list (name);
  g_autoptr (GError) error = NULL;
  Overlay overlay = { source, list, file, FALSE, NULL };

  if (file == NULL || !is_laid_over (store, source, name, sha256))
    return g_steal_pointer (&file);
  if (sarap_store_read (store, lay_over, &overlay, &error))
    return overlay.result;
  g_warning ("%s is shown without what was done to it here: %s", name, error->message);
  return g_steal_pointer (&file);
}

static SarapForm *
load (SarapStore *self, Call *call, GError **error)
{
  GHashTable *cache = sarap_store_peek_forms (self);
  g_autoptr (GBytes) xml = NULL;
  g_autofree char *key = NULL;
  g_autoptr (SarapProblems) problems = sarap_problems_new (NULL);
  g_autoptr (SarapListLibrary) lists = sarap_list_cache_new (NULL);
  SarapFormMedia media = { read_source, find_source, NULL, source_free, lists };
  SarapForm *form;

  if (!sarap_store_read (self, read_form, call, error))
    return NULL;
  xml = call->xml;
  key = call->key;
  form = cache ? g_hash_table_lookup (cache, key) : NULL;
  if (form != NULL)
    return g_object_ref (form);
  media.data = source_new (self, call->number, xml);
  form = sarap_form_load_with (xml, call->id, &media, problems, error);
  if (form == NULL || cache == NULL)
    return form;
  if (g_hash_table_size (cache) == MAX_LOADED)
    g_hash_table_remove_all (cache);
  g_hash_table_insert (cache, g_steal_pointer (&key), g_object_ref (form));
  return form;
}

SarapForm *
sarap_store_load_form (SarapStore *self, const char *form_id, const char *version, GError **error)
{
  Call call = { .id = form_id, .version = version };

  return load (self, &call, error);
}

SarapForm *
sarap_store_load_form_number (SarapStore *self, gint64 number, GError **error)
{
  Call call = { .number = number };

  return load (self, &call, error);
}
