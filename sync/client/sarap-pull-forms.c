#include <string.h>

#include "app/base/sarap-xml.h"
#include "app/store/sarap-store-forms.h"
#include "sync/client/sarap-form-download.h"
#include "sync/client/sarap-sync-round.h"
#include "sync/wire/sarap-form-list.h"

/*  1. An empty list deletes and hides nothing: the key of another project gets one too.
 *  2. Manifests are fetched every round, because media change without the form.
 *  3. A form that vanishes from the list is hidden, never removed; drafts and finalized records go on. */

enum
{
  LONGEST_LIST = 16 * 1024 * 1024,
};

/* Media as the manifest says, (element-type SarapListedMedia); an empty list without a manifest. */
static GPtrArray *
fetch_manifest (SarapSyncRound *round, const SarapListedForm *form, GError **error)
{
  g_autofree char *url = NULL;
  g_autoptr (SarapHttpReply) reply = NULL;

  if (form->manifest_url == NULL)
    return g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_listed_media_free);
  url = sarap_http_resolve (round->http, form->manifest_url, error);
  reply = url ? sarap_http_get (round->http, url, LONGEST_LIST, error) : NULL;
  if (reply == NULL || !sarap_http_reply_check (reply, "list of media", error))
    return NULL;
  return sarap_manifest_parse (reply->body, error);
}

static gboolean
sync_form (SarapSyncRound *round, GPtrArray *known, const SarapListedForm *form, const char *origin, gboolean *changed, GError **error)
{
  g_autoptr (GPtrArray) media = fetch_manifest (round, form, error);
  SarapFormDownload download = { .round = round, .known = known, .origin = origin };

  if (media == NULL)
    return FALSE;
  download.form_id = form->id;
  download.version = form->version;
  download.hash = form->hash;
  download.url = form->download_url;
  download.media = media;
  return sarap_form_download_run (&download, changed, error);
}

static gboolean
is_listed (GPtrArray *forms, const char *id)
{
  for (guint i = 0; i < forms->len; i++)
    if (g_str_equal (((const SarapListedForm *) g_ptr_array_index (forms, i))->id, id))
      return TRUE;
  return FALSE;
}

static gboolean
follow_list (SarapSyncRound *round, GPtrArray *known, GPtrArray *forms, const char *origin, GError **error)
{
  for (guint i = 0; i < known->len; i++)
    {
      const SarapFormEntry *entry = g_ptr_array_index (known, i);
      gboolean hidden = !is_listed (forms, entry->id);

      if (entry->is_current && g_strcmp0 (entry->origin, origin) == 0 && entry->is_hidden != hidden &&
          !sarap_store_set_form_hidden (round->store, entry->id, hidden, error))
        return FALSE;
    }
  return TRUE;
}

static GPtrArray *
fetch_list (SarapSyncRound *round, GError **error)
{
  g_autofree char *url = sarap_sync_dup_url (round, "/formList");
  g_autoptr (SarapHttpReply) reply = sarap_http_get (round->http, url, LONGEST_LIST, error);

  if (reply == NULL || !sarap_http_reply_check (reply, "form list", error))
    return NULL;
  return sarap_form_list_parse (reply->body, error);
}

/* Forms and media down. A form that fails leaves what the device has and does not stop the others;
 * the first such failure is the error. */
gboolean
sarap_sync_pull_forms (SarapSyncRound *round, GError **error)
{
  g_autoptr (GPtrArray) forms = fetch_list (round, error);
  g_autoptr (GPtrArray) known = NULL;
  g_autofree char *origin = sarap_form_download_dup_origin (round->enrolment);
  g_autoptr (GError) first = NULL;

  if (forms == NULL)
    return FALSE;
  known = sarap_store_list_forms (round->store, FALSE, error);
  if (known == NULL)
    return FALSE;
  for (guint i = 0; i < forms->len; i++)
    {
      const SarapListedForm *form = g_ptr_array_index (forms, i);
      g_autoptr (GError) failure = NULL;
      gboolean changed = FALSE;
      gboolean ok = sync_form (round, known, form, origin, &changed, &failure);

      if (changed)
        round->result->n_forms_updated++;
      if (changed || !ok)
        sarap_sync_round_report (round, SARAP_SYNC_STEP_FORMS, i + 1, forms->len, NULL, ok, ok ? form->name : failure->message);
      if (!ok && sarap_sync_is_final (failure))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      if (!ok && first == NULL)
        g_propagate_prefixed_error (&first, g_steal_pointer (&failure), "%s: ", form->name);
    }
  if (forms->len > 0 && !follow_list (round, known, forms, origin, error))
    return FALSE;
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}
