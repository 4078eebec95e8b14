#include "app/store/sarap-journal-forms.h"

#include <string.h>

#include "app/base/sarap-file.h"
#include "app/store/sarap-store-private.h"

/* The file is a SHA-256 (32 bytes) and a GVariant, written as a whole at each change. */

#define FORMS_TYPE "a(xsssssbbxsa(sssx))" /* number, id, version, title, hash, origin, is current, is hidden, added at, file; media: name, sha256, md5, size */
#define MAX_FILE (64 * 1024 * 1024)
#define SUM 32

struct _SarapJournalForms
{
  SarapDatabase *database;
  char *folder;
  GHashTable *files; /* form → sha256; a form's XML never changes */
};

SarapJournalForms *
sarap_journal_forms_new (SarapDatabase *db, const char *store_folder)
{
  SarapJournalForms *self = g_new0 (SarapJournalForms, 1);

  self->database = db;
  self->folder = g_strdup (store_folder);
  self->files = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  return self;
}

void
sarap_journal_forms_free (SarapJournalForms *self)
{
  g_hash_table_unref (self->files);
  g_free (self->folder);
  g_free (self);
}

/* A transaction was undone: numbers may come to mean other forms. */
void
sarap_journal_forms_forget (SarapJournalForms *self)
{
  g_hash_table_remove_all (self->files);
}

static char *
dup_list_path (const char *folder)
{
  return g_build_filename (folder, "journal", "forms", NULL);
}

static char *
dup_form_path (const char *folder, const char *file)
{
  g_autofree char *name = g_strconcat (file, ".xml", NULL);

  return g_build_filename (folder, "media", name, NULL);
}

static GBytes *
read_xml (SarapDatabase *db, gint64 form, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "form-read", error);
  GBytes *xml = NULL;

  sarap_query_bind_int (query, "number", form);
  if (sarap_query_next (query))
    xml = sarap_query_dup_bytes (query, "xml");
  if (sarap_query_finish (query) && xml == NULL)
    sarap_store_not_found (error, "form", "of that number");
  return xml;
}

/* Makes sure that the form's XML stands in a file, too. Returns: (transfer full) the file's name without suffix */
char *
sarap_journal_forms_dup_file (SarapJournalForms *self, gint64 form, GError **error)
{
  const char *known = g_hash_table_lookup (self->files, &form);
  g_autoptr (GBytes) xml = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *path = NULL;

  if (known != NULL)
    return g_strdup (known);
  xml = read_xml (self->database, form, error);
  if (xml == NULL)
    return NULL;
  hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, xml);
  path = dup_form_path (self->folder, hash);
  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !sarap_file_write (path, xml, 0600, error))
    {
      sarap_store_take_error (error);
      return NULL;
    }
  g_hash_table_insert (self->files, g_memdup2 (&form, sizeof form), g_strdup (hash));
  return g_steal_pointer (&hash);
}

static GVariant *
pack_media (SarapDatabase *db, gint64 form, GError **error)
{
  SarapQuery *query = sarap_database_query (db, "journal-form-media", error);
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(sssx)"));
  sarap_query_bind_int (query, "form", form);
  while (sarap_query_next (query))
    g_variant_builder_add (&rows, "(sssx)", sarap_query_get_text (query, "name"), sarap_query_get_text (query, "sha256"), sarap_query_get_text (query, "md5"), sarap_query_get_int (query, "size"));
  if (sarap_query_finish (query))
    return g_variant_builder_end (&rows);
  g_variant_builder_clear (&rows);
  return NULL;
}

static gboolean
add_form (SarapJournalForms *self, SarapQuery *query, GVariantBuilder *forms, GError **error)
{
  gint64 form = sarap_query_get_int (query, "number");
  g_autofree char *file = sarap_journal_forms_dup_file (self, form, error);
  GVariant *media = file ? pack_media (self->database, form, error) : NULL;

  if (media == NULL)
    return FALSE;
  g_variant_builder_add (forms, "(xsssssbbxs@a(sssx))", form, sarap_query_get_text (query, "id"), sarap_query_get_text (query, "version"), sarap_query_get_text (query, "title"), sarap_query_get_text (query, "hash"), sarap_query_get_text (query, "origin"), sarap_query_get_int (query, "is_current") != 0, sarap_query_get_int (query, "is_hidden") != 0, sarap_query_get_int (query, "added_at"), file, media);
  return TRUE;
}

static GVariant *
pack_forms (SarapJournalForms *self, GError **error)
{
  SarapQuery *query = sarap_database_query (self->database, "journal-forms", error);
  g_autoptr (GVariant) value = NULL;
  GVariantBuilder forms;
  gboolean ok = TRUE;

  g_variant_builder_init (&forms, G_VARIANT_TYPE (FORMS_TYPE));
  while (ok && sarap_query_next (query))
    ok = add_form (self, query, &forms, error);
  value = g_variant_ref_sink (g_variant_builder_end (&forms));
  return sarap_query_finish (query) && ok ? g_steal_pointer (&value) : NULL;
}

/* Durable when it returns TRUE. */
gboolean
sarap_journal_forms_write (SarapJournalForms *self, GError **error)
{
  g_autoptr (GVariant) forms = pack_forms (self, error);
  g_autofree char *path = dup_list_path (self->folder);
  g_autoptr (GVariant) little = NULL;
  g_autoptr (GByteArray) all = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = SUM;
  guint8 sum[SUM];

  if (forms == NULL)
    return FALSE;
  little = G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (forms) : g_variant_byteswap (forms);
  g_checksum_update (checksum, g_variant_get_data (little), g_variant_get_size (little));
  g_checksum_get_digest (checksum, sum, &length);
  all = g_byte_array_append (g_byte_array_new (), sum, SUM);
  g_byte_array_append (all, g_variant_get_data (little), g_variant_get_size (little));
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&all));
  return sarap_file_write (path, bytes, 0600, error) || sarap_store_take_error (error);
}

/* --- back ----------------------------------------------------------------------------------------- */

gboolean
sarap_journal_forms_exist (const char *store_folder)
{
  g_autofree char *path = dup_list_path (store_folder);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static GVariant *
read_list (const char *folder, GError **error)
{
  g_autofree char *path = dup_list_path (folder);
  g_autoptr (GBytes) all = sarap_file_read (path, MAX_FILE, error);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = SUM;
  guint8 sum[SUM] = { 0 };

  if (all == NULL)
    return NULL;
  if (g_bytes_get_size (all) >= SUM)
    {
      bytes = g_bytes_new ((const guint8 *) g_bytes_get_data (all, NULL) + SUM, g_bytes_get_size (all) - SUM);
      g_checksum_update (checksum, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      g_checksum_get_digest (checksum, sum, &length);
    }
  if (bytes == NULL || memcmp (sum, g_bytes_get_data (all, NULL), SUM) != 0)
    {
      g_set_error (error, SARAP_STORE_ERROR, SARAP_STORE_ERROR_CORRUPT, "%s: the list of forms is damaged", path);
      return NULL;
    }
  value = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (FORMS_TYPE), bytes, FALSE));
  return G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_steal_pointer (&value) : g_variant_byteswap (value);
}

typedef struct
{
  gint64 number; /* 0: any */
  const char *id;
  const char *version;
  const char *title;
  const char *hash;
  const char *origin;
  const char *file;
  gboolean is_current;
  gboolean is_hidden;
  gint64 added_at;
} Form;

/* Number of the form that is there then; 0: failed. */
static gint64
put_form (SarapDatabase *db, const char *folder, const Form *form, GError **error)
{
  g_autofree char *path = dup_form_path (folder, form->file);
  g_autoptr (GBytes) xml = NULL;
  SarapQuery *query = sarap_database_query (db, "form-find-hash", error);
  gint64 number = 0;

  sarap_query_bind_text (query, "id", form->id);
  sarap_query_bind_text (query, "version", form->version);
  sarap_query_bind_text (query, "hash", form->hash);
  if (sarap_query_next (query))
    number = sarap_query_get_int (query, "number");
  if (!sarap_query_finish (query) || number != 0)
    return number;
  xml = sarap_file_read (path, 0, error);
  if (xml == NULL)
    return 0;
  query = sarap_database_query (db, "restore-form-add", error);
  sarap_query_bind_int (query, "wanted", form->number);
  sarap_query_bind_text (query, "id", form->id);
  sarap_query_bind_text (query, "version", form->version);
  sarap_query_bind_text (query, "title", form->title);
  sarap_query_bind_text (query, "hash", form->hash);
  sarap_query_bind_text (query, "origin", form->origin);
  sarap_query_bind_int (query, "is_current", form->is_current);
  sarap_query_bind_int (query, "is_hidden", form->is_hidden);
  sarap_query_bind_int (query, "now", form->added_at);
  sarap_query_bind_bytes (query, "xml", xml);
  return sarap_query_run (query) ? sarap_database_get_last_row (db) : 0;
}

static gboolean
put_media (SarapDatabase *db, gint64 form, GVariantIter *media, GError **error)
{
  const char *name, *sha256, *md5;
  gint64 size;

  while (g_variant_iter_next (media, "(&s&s&sx)", &name, &sha256, &md5, &size))
    {
      SarapQuery *query = sarap_database_query (db, "form-media-put", error);

      sarap_query_bind_int (query, "form", form);
      sarap_query_bind_text (query, "name", name);
      sarap_query_bind_text (query, "sha256", sha256);
      sarap_query_bind_text (query, "md5", md5);
      sarap_query_bind_int (query, "size", size);
      if (!sarap_query_run (query))
        return FALSE;
    }
  return TRUE;
}

/* Brings back the forms that @db does not have. Returns: how many there are in the list, -1 on failure */
int
sarap_journal_forms_restore (SarapDatabase *db, const char *store_folder, GError **error)
{
  g_autoptr (GVariant) list = read_list (store_folder, error);
  g_autoptr (GVariantIter) iter = list ? g_variant_iter_new (list) : NULL;
  GVariantIter *media;
  Form form;
  int n = 0;

  if (list == NULL)
    return -1;
  while (g_variant_iter_next (iter, "(x&s&s&s&s&sbbx&sa(sssx))", &form.number, &form.id, &form.version, &form.title, &form.hash, &form.origin, &form.is_current, &form.is_hidden, &form.added_at, &form.file, &media))
    {
      g_autoptr (GVariantIter) own = media;
      gint64 number = put_form (db, store_folder, &form, error);

      if (number == 0 || !put_media (db, number, own, error))
        return -1;
      n++;
    }
  return n;
}

/* The form that a journal names, from its file alone. Returns: its number, 0 on failure */
gint64
sarap_journal_forms_restore_one (SarapDatabase *db, const char *store_folder, const char *id, const char *version, const char *hash, const char *file, GError **error)
{
  const Form form = { 0, id, version, id, hash, "file", file, TRUE, FALSE, 0 };

  return put_form (db, store_folder, &form, error);
}
