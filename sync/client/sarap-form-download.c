#include "sync/client/sarap-form-download.h"

#include <string.h>

#include "app/base/sarap-xml.h"
#include "app/store/sarap-store-forms.h"

/*  1. A new version is stored in one step with all its media, so it becomes current only when whole.
 *  2. Content is believed by its hash: md5 of the form, md5 of each media file. The hash of an entity
 *     list is a mark of its state; the store's settings keep the one that was fetched last.
 *  3. A file that another version already has under the same hash is not fetched again. */

enum
{
  LONGEST_FORM = 64 * 1024 * 1024,
  LONGEST_MEDIA = 512 * 1024 * 1024,
};

/* Where a form came from, as the store keeps it: the base address without the key. */
char *
sarap_form_download_dup_origin (const SarapEnrolment *enrolment)
{
  g_auto (GStrv) parts = g_strsplit (enrolment->url, "/v1/key/", 2);
  const char *rest = parts[1] ? strchr (parts[1], '/') : NULL;

  return g_strconcat (parts[0], rest, NULL);
}

static char *
hash_of (GBytes *bytes)
{
  g_autofree char *md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, bytes);

  return g_strconcat ("md5:", md5, NULL);
}

static gboolean
check_hash (GBytes *bytes, const char *expected, const char *what, GError **error)
{
  g_autofree char *hash = hash_of (bytes);

  if (expected == NULL || !g_str_has_prefix (expected, "md5:") || g_ascii_strcasecmp (hash, expected) == 0)
    return TRUE;
  g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER, "%s came damaged: its hash is not the one that the server lists", what);
  return FALSE;
}

static GBytes *
fetch (SarapFormDownload *self, const char *url, gsize limit, const char *what, GError **error)
{
  g_autofree char *resolved = sarap_http_resolve (self->round->http, url, error);
  g_autoptr (SarapHttpReply) reply = resolved ? sarap_http_download (self->round->http, resolved, limit, error) : NULL;

  if (reply == NULL)
    return NULL;
  if (reply->status != 200)
    {
      sarap_http_reply_check (reply, what, error);
      return NULL;
    }
  return g_bytes_ref (reply->body);
}

/* Id and version that the form itself states; lists have been seen to show another's. */
static gboolean
read_identity (GBytes *xml, char **id, char **version, GError **error)
{
  g_autoptr (xmlDoc) document = sarap_xml_parse (xml, "form", error);
  xmlNode *node = document ? xmlDocGetRootElement (document) : NULL;
  static const char *const path[] = { "head", "model", "instance", NULL };

  if (document == NULL)
    return FALSE;
  for (guint i = 0; node != NULL && i < G_N_ELEMENTS (path); i++)
    node = sarap_xml_first_element (node, path[i]);
  if (node == NULL || sarap_xml_peek_attribute (node, "id") == NULL)
    {
      g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER, "what the server gives for the form is no XForm");
      return FALSE;
    }
  *id = g_strdup (sarap_xml_peek_attribute (node, "id"));
  *version = g_strdup (sarap_xml_peek_attribute (node, "version"));
  if (*version == NULL)
    *version = g_strdup ("");
  return TRUE;
}

static const SarapFormEntry *
find_known (SarapFormDownload *self)
{
  for (guint i = 0; i < self->known->len; i++)
    {
      const SarapFormEntry *entry = g_ptr_array_index (self->known, i);

      if (!g_str_equal (entry->id, self->form_id))
        continue;
      if (self->hash != NULL ? g_strcmp0 (entry->hash, self->hash) == 0 : g_str_equal (entry->version, self->version))
        return entry;
    }
  return NULL;
}

static const SarapFormEntry *
find_current (SarapFormDownload *self)
{
  for (guint i = 0; i < self->known->len; i++)
    {
      const SarapFormEntry *entry = g_ptr_array_index (self->known, i);

      if (entry->is_current && g_str_equal (entry->id, self->form_id))
        return entry;
    }
  return NULL;
}

static char *
make_mark_key (const char *form_id, const char *version, const char *name)
{
  return g_strdup_printf ("sync.entity-list.%s.%s.%s", form_id, version, name);
}

/* Whether the store's copy for @entry is what the manifest lists. */
static gboolean
is_fresh (SarapFormDownload *self, const SarapFormEntry *entry, GHashTable *hashes, const SarapListedMedia *media)
{
  const char *hash = g_hash_table_lookup (hashes, media->name);
  g_autofree char *key = make_mark_key (entry->id, entry->version, media->name);
  g_autofree char *mark = media->is_entity_list ? sarap_store_dup_setting (self->round->store, key) : NULL;

  if (media->is_entity_list)
    return hash != NULL && g_strcmp0 (mark, media->hash) == 0;
  return hash != NULL && g_ascii_strcasecmp (hash, media->hash) == 0;
}

static gboolean
note_mark (SarapFormDownload *self, const char *form_id, const char *version, const SarapListedMedia *media, GError **error)
{
  g_autofree char *key = make_mark_key (form_id, version, media->name);

  return !media->is_entity_list || sarap_store_set_setting (self->round->store, key, media->hash, error);
}

static GBytes *
fetch_media (SarapFormDownload *self, const SarapListedMedia *media, GError **error)
{
  g_autoptr (GBytes) bytes = fetch (self, media->download_url, LONGEST_MEDIA, media->name, error);

  if (bytes == NULL || (!media->is_entity_list && !check_hash (bytes, media->hash, media->name, error)))
    return NULL;
  return g_steal_pointer (&bytes);
}

/* name → GBytes of everything in the manifest, from the version in use where the hash is the same. */
static GHashTable *
collect_media (SarapFormDownload *self, GError **error)
{
  g_autoptr (GHashTable) media = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  const SarapFormEntry *current = find_current (self);
  g_autoptr (GHashTable) hashes = current ? sarap_store_list_form_media (self->round->store, current->id, current->version, NULL) : NULL;

  for (guint i = 0; i < self->media->len; i++)
    {
      const SarapListedMedia *file = g_ptr_array_index (self->media, i);
      g_autoptr (GBytes) bytes = NULL;

      if (hashes != NULL && is_fresh (self, current, hashes, file))
        bytes = sarap_store_dup_form_media (self->round->store, current->id, current->version, file->name, NULL);
      if (bytes == NULL)
        bytes = fetch_media (self, file, error);
      if (bytes == NULL)
        return NULL;
      g_hash_table_replace (media, g_strdup (file->name), g_steal_pointer (&bytes));
    }
  return g_steal_pointer (&media);
}

static gboolean
add_version (SarapFormDownload *self, GError **error)
{
  g_autoptr (GBytes) xml = fetch (self, self->url, LONGEST_FORM, "form", error);
  g_autoptr (GHashTable) media = NULL;
  g_autoptr (SarapProblems) problems = sarap_problems_new (self->form_id);
  g_autofree char *id = NULL, *version = NULL;

  if (xml == NULL || !check_hash (xml, self->hash, "the form", error) || !read_identity (xml, &id, &version, error))
    return FALSE;
  if (!g_str_equal (id, self->form_id))
    {
      g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER, "the server gives the form \"%s\" in its place", id);
      return FALSE;
    }
  media = collect_media (self, error);
  if (media == NULL)
    return FALSE;
  if (!sarap_store_add_form (self->round->store, xml, self->form_id, media, self->origin, problems, NULL, error))
    return FALSE;
  for (guint i = 0; i < self->media->len; i++)
    if (!note_mark (self, id, version, g_ptr_array_index (self->media, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
refresh_media (SarapFormDownload *self, const SarapFormEntry *entry, gboolean *changed, GError **error)
{
  g_autoptr (GHashTable) hashes = sarap_store_list_form_media (self->round->store, entry->id, entry->version, error);

  if (hashes == NULL)
    return FALSE;
  for (guint i = 0; i < self->media->len; i++)
    {
      const SarapListedMedia *media = g_ptr_array_index (self->media, i);
      g_autoptr (GBytes) bytes = NULL;

      if (is_fresh (self, entry, hashes, media))
        continue;
      bytes = fetch_media (self, media, error);
      if (bytes == NULL || !sarap_store_set_form_media (self->round->store, entry->id, entry->version, media->name, bytes, error) ||
          !note_mark (self, entry->id, entry->version, media, error))
        return FALSE;
      *changed = TRUE;
    }
  return TRUE;
}

/* A version that the device knows but no longer offers comes again like a new one: the server went
 * back to it. @changed: set when the store has something new, also when a later file failed. */
gboolean
sarap_form_download_run (SarapFormDownload *self, gboolean *changed, GError **error)
{
  const SarapFormEntry *known = find_known (self);

  if (known != NULL && known->is_current)
    return refresh_media (self, known, changed, error);
  *changed = add_version (self, error);
  return *changed;
}
