#include <string.h>

#include "app/store/sarap-store-forms.h"
#include "app/store/sarap-store-received.h"
#include "sync/client/sarap-enrolment.h"
#include "sync/client/sarap-form-download.h"
#include "sync/client/sarap-sync-round.h"
#include "app/base/sarap-json.h"

enum
{
  LONGEST_ANSWER = 64 * 1024 * 1024,
};

/* "/v1/projects/N" and the rest; each element of @rest is percent-encoded, NULL ends. */
static char *
project_url (SarapSyncRound *round, const char *first, ...)
{
  GString *path = g_string_new (NULL);
  va_list rest;

  g_string_append_printf (path, "/v1/projects/%" G_GINT64_FORMAT, round->enrolment->project_id);
  va_start (rest, first);
  for (const char *part = first; part != NULL; part = va_arg (rest, const char *))
    {
      g_autofree char *escaped = g_uri_escape_string (part, NULL, FALSE);

      g_string_append_printf (path, "/%s", escaped);
    }
  va_end (rest);
  g_string_prepend (path, round->enrolment->url);
  return g_string_free (path, FALSE);
}

/* @url is taken. Returns: (transfer full) the JSON, or NULL */
static JsonNode *
get_json (SarapHttp *http, char *url, const char *what, GError **error)
{
  g_autofree char *owned = url;
  g_autoptr (SarapHttpReply) reply = sarap_http_get (http, owned, LONGEST_ANSWER, error);

  if (reply == NULL || !sarap_http_reply_check (reply, what, error))
    return NULL;
  return sarap_json_parse (reply->body, what, error);
}

static JsonArray *
take_array (JsonNode *root, const char *what, GError **error)
{
  if (JSON_NODE_HOLDS_ARRAY (root))
    return json_node_get_array (root);
  g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_SERVER, "%s: not a list", what);
  return NULL;
}

/* Decisions of one record go in their order: when one fails, the later ones of that record wait. */
static gboolean
deliver (SarapSyncRound *round, const SarapDecision *decision, GError **error)
{
  g_autoptr (SarapSubmission) submission = sarap_store_find_submission (round->store, decision->id, error);
  g_autofree char *url = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GBytes) json = NULL;
  g_autoptr (SarapHttpReply) reply = NULL;
  const char *state = decision->state != SARAP_REVIEW_NONE ? sarap_review_state_to_word (decision->state) : NULL;

  if (submission == NULL)
    return FALSE;
  url = project_url (round, "forms", sarap_submission_get_form_id (submission), "submissions", decision->id, NULL);
  json_builder_begin_object (builder);
  sarap_json_build_nullable (builder, "reviewState", state);
  sarap_json_build_string (builder, "comment", decision->comment);
  json = sarap_json_build_finish (builder, FALSE);
  reply = sarap_http_send_json (round->http, "PATCH", url, json, error);
  if (reply == NULL || !sarap_http_reply_check (reply, "decision", error))
    return FALSE;
  return sarap_store_note_decision_delivered (round->store, decision->number, error);
}

/* Decisions up, oldest first. One that the server does not take waits and does not stop the others. */
gboolean
sarap_sync_push_decisions (SarapSyncRound *round, GError **error)
{
  g_autoptr (GPtrArray) decisions = sarap_store_list_undelivered_decisions (round->store, error);
  g_autoptr (GHashTable) waiting = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) first = NULL;

  if (decisions == NULL)
    return FALSE;
  for (guint i = 0; i < decisions->len; i++)
    {
      const SarapDecision *decision = g_ptr_array_index (decisions, i);
      g_autoptr (GError) failure = NULL;

      if (g_hash_table_contains (waiting, decision->id))
        continue;
      if (deliver (round, decision, &failure))
        {
          round->result->n_decisions++;
          sarap_sync_round_report (round, SARAP_SYNC_STEP_REVIEWS, i + 1, decisions->len, decision->id, TRUE, NULL);
          continue;
        }
      sarap_sync_round_report (round, SARAP_SYNC_STEP_REVIEWS, i + 1, decisions->len, decision->id, FALSE, failure->message);
      g_hash_table_add (waiting, decision->id);
      if (sarap_sync_is_final (failure))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      if (first == NULL)
        first = g_steal_pointer (&failure);
    }
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

static GPtrArray *
list_media (SarapSyncRound *round, const char *form_id, GError **error)
{
  g_autoptr (JsonNode) root = get_json (round->http, project_url (round, "forms", form_id, "attachments", NULL), "list of media", error);
  JsonArray *array = root ? take_array (root, "list of media", error) : NULL;
  g_autoptr (GPtrArray) media = g_ptr_array_new_with_free_func ((GDestroyNotify) sarap_listed_media_free);

  if (array == NULL)
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = sarap_json_peek_element (array, i);
      const char *name = object ? sarap_json_peek_string (object, "name") : NULL;
      const char *hash = object ? sarap_json_peek_string (object, "hash") : NULL;
      SarapListedMedia *file;

      if (name == NULL || hash == NULL || !sarap_json_peek_boolean (object, "exists"))
        continue;
      file = g_new0 (SarapListedMedia, 1);
      file->name = g_strdup (name);
      file->hash = g_str_has_prefix (hash, "md5:") ? g_strdup (hash) : g_strconcat ("md5:", hash, NULL);
      file->download_url = project_url (round, "forms", form_id, "attachments", name, NULL);
      g_ptr_array_add (media, file);
    }
  return g_steal_pointer (&media);
}

static gboolean
sync_form (SarapSyncRound *round, GPtrArray *known, JsonObject *form, const char *origin, GError **error)
{
  const char *id = sarap_json_peek_string (form, "xmlFormId");
  const char *version = sarap_json_peek_string (form, "version");
  const char *hash = sarap_json_peek_string (form, "hash");
  g_autofree char *file = id ? g_strconcat (id, ".xml", NULL) : NULL;
  g_autofree char *url = id ? project_url (round, "forms", file, NULL) : NULL;
  g_autofree char *md5 = hash && !g_str_has_prefix (hash, "md5:") ? g_strconcat ("md5:", hash, NULL) : g_strdup (hash);
  g_autoptr (GPtrArray) media = NULL;
  SarapFormDownload download = { .round = round, .known = known, .origin = origin, .form_id = id, .version = version ? version : "", .hash = md5, .url = url };
  gboolean changed = FALSE, ok;

  if (id == NULL || hash == NULL)
    return TRUE;
  media = list_media (round, id, error);
  if (media == NULL)
    return FALSE;
  download.media = media;
  ok = sarap_form_download_run (&download, &changed, error);
  if (changed)
    {
      round->result->n_forms_updated++;
      sarap_sync_round_report (round, SARAP_SYNC_STEP_FORMS, 1, 1, NULL, TRUE, id);
    }
  return ok;
}

/* The project's forms with their media down: labels of what was received, tables of indicators. */
gboolean
sarap_sync_pull_project_forms (SarapSyncRound *round, GError **error)
{
  g_autoptr (JsonNode) root = get_json (round->http, project_url (round, "forms", NULL), "forms", error);
  JsonArray *forms = root ? take_array (root, "forms", error) : NULL;
  g_autoptr (GPtrArray) known = forms ? sarap_store_list_forms (round->store, FALSE, error) : NULL;
  g_autofree char *origin = sarap_form_download_dup_origin (round->enrolment);
  g_autoptr (GError) first = NULL;

  if (known == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (forms); i++)
    {
      JsonObject *form = sarap_json_peek_element (forms, i);
      g_autoptr (GError) failure = NULL;

      if (form == NULL || sync_form (round, known, form, origin, &failure))
        continue;
      if (sarap_sync_is_final (failure))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      if (first == NULL)
        first = g_steal_pointer (&failure);
    }
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

static gboolean
choose_project (SarapEnrolment *enrolment, SarapHttp *http, gint64 wanted, GError **error)
{
  g_autoptr (JsonNode) root = get_json (http, g_strconcat (enrolment->url, "/v1/projects", NULL), "projects", error);
  JsonArray *projects = root ? take_array (root, "projects", error) : NULL;

  if (projects == NULL)
    return FALSE;
  enrolment->project_id = 0;
  for (guint i = 0; i < json_array_get_length (projects); i++)
    {
      JsonObject *project = sarap_json_peek_element (projects, i);
      gint64 id = project ? sarap_json_peek_int (project, "id", 0) : 0;
      const char *name = project ? sarap_json_peek_string (project, "name") : NULL;

      if (id > 0 && (enrolment->project_id == 0 || id == wanted))
        {
          enrolment->project_id = id;
          g_free (enrolment->name);
          enrolment->name = g_strdup (name ? name : "");
        }
    }
  if (enrolment->project_id > 0)
    return TRUE;
  g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_DENIED, "this account has no project on the server");
  return FALSE;
}

static char *
request_token (SarapHttp *http, const SarapEnrolment *enrolment, const char *password, GError **error)
{
  g_autofree char *url = g_strconcat (enrolment->url, "/v1/sessions", NULL);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GBytes) json = NULL;
  g_autoptr (SarapHttpReply) reply = NULL;
  g_autoptr (JsonNode) root = NULL;
  const char *token = NULL;

  json_builder_begin_object (builder);
  sarap_json_build_string (builder, "email", enrolment->username);
  sarap_json_build_string (builder, "password", password);
  json = sarap_json_build_finish (builder, FALSE);
  reply = sarap_http_send_json (http, "POST", url, json, error);
  if (reply == NULL)
    return NULL;
  if (reply->status != 200)
    {
      g_autofree char *words = sarap_http_reply_dup_words (reply);

      g_set_error (error, SARAP_SYNC_ERROR, reply->status == 401 ? SARAP_SYNC_ERROR_DENIED : SARAP_SYNC_ERROR_SERVER, "signing in failed: %s", words);
      return NULL;
    }
  root = sarap_json_parse (reply->body, "session", error);
  if (root != NULL && sarap_json_peek_root (root) != NULL)
    token = sarap_json_peek_string (sarap_json_peek_root (root), "token");
  if (root != NULL && token == NULL)
    g_set_error (error, SARAP_SYNC_ERROR, SARAP_SYNC_ERROR_PORTAL, "something else answers instead of the server");
  return g_strdup (token);
}

/* @url: the server's address, or a whole supervisor's enrolment text; @ca as in SarapEnrolment, or
 * NULL; @before: (nullable): the session until now, whose project is kept. The password is not kept; the
 * session's token is. Blocking; nothing is stored. Returns: (transfer full) */
SarapEnrolment *
sarap_supervisor_open_session (const SarapEnrolment *before, const char *url, const char *ca, const char *name, const char *password, SarapClock *clock, GError **error)
{
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_parse (url, error);
  g_autoptr (SarapHttp) visitor = NULL;
  g_autoptr (SarapHttp) http = NULL;
  gint64 wanted;

  if (enrolment == NULL)
    return NULL;
  wanted = before != NULL && g_str_equal (before->url, enrolment->url) ? before->project_id : enrolment->project_id;
  enrolment->is_supervisor = TRUE;
  g_free (enrolment->username);
  enrolment->username = g_strdup (name);
  g_clear_pointer (&enrolment->password, g_free);
  if (ca != NULL)
    {
      g_free (enrolment->ca);
      enrolment->ca = g_strdup (ca);
    }

  visitor = sarap_http_new (enrolment, clock, NULL, error);
  enrolment->password = visitor ? request_token (visitor, enrolment, password, error) : NULL;
  http = enrolment->password ? sarap_http_new (enrolment, clock, NULL, error) : NULL;
  return http != NULL && choose_project (enrolment, http, wanted, error) ? g_steal_pointer (&enrolment) : NULL;
}

/* The same, kept in the store. */
gboolean
sarap_supervisor_sign_in (SarapStore *store, const char *url, const char *ca, const char *name, const char *password, GError **error)
{
  g_autoptr (SarapEnrolment) before = sarap_enrolment_load_supervisor (store);
  g_autoptr (SarapEnrolment) enrolment = sarap_supervisor_open_session (before, url, ca, name, password, sarap_store_get_clock (store), error);

  return enrolment != NULL && sarap_enrolment_save (enrolment, store, error);
}
