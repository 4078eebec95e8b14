#include "sync/server/sarap-routes.h"

#include <string.h>

#include "sync/server/sarap-handlers.h"

#define DEVICE "/v1/key/{key}/projects/{project}"
#define PROJECT "/v1/projects/{project}"
#define FORM PROJECT "/forms/{form}"
#define APP_USERS PROJECT "/app-users"
#define QUARANTINE PROJECT "/quarantine"
#define SUBMISSION FORM "/submissions/{instance}"

/* Every door of the server, and who may open it. The first line that fits counts. */
static const SarapRoute routes[] = {
  { "GET", DEVICE "/formList", SARAP_ACCESS_APP_USER, sarap_handle_form_list },
  { "GET", DEVICE "/forms/{form}.xml", SARAP_ACCESS_APP_USER, sarap_handle_form },
  { "GET", DEVICE "/forms/{form}/manifest", SARAP_ACCESS_APP_USER, sarap_handle_manifest },
  { "GET", DEVICE "/forms/{form}/attachments/{name}", SARAP_ACCESS_APP_USER, sarap_handle_form_attachment },
  { "HEAD", DEVICE "/submission", SARAP_ACCESS_APP_USER, sarap_handle_submission_head },
  { "POST", DEVICE "/submission", SARAP_ACCESS_APP_USER, sarap_handle_submission },
  { "GET", DEVICE "/reviews", SARAP_ACCESS_APP_USER, sarap_handle_device_reviews },

  { "POST", "/v1/sessions", SARAP_ACCESS_ANYONE, sarap_handle_sign_in },
  { "DELETE", "/v1/sessions/current", SARAP_ACCESS_SUPERVISOR, sarap_handle_sign_out },
  { "GET", "/v1/projects", SARAP_ACCESS_SUPERVISOR, sarap_handle_projects },

  { "GET", PROJECT "/feed", SARAP_ACCESS_ASSIGNED, sarap_handle_feed },
  { "GET", PROJECT "/forms", SARAP_ACCESS_ASSIGNED, sarap_handle_forms },
  { "GET", PROJECT "/forms/{form}.xml", SARAP_ACCESS_ASSIGNED, sarap_handle_form },
  { "GET", FORM, SARAP_ACCESS_ASSIGNED, sarap_handle_form_facts },
  { "PATCH", FORM, SARAP_ACCESS_ADMINISTRATOR, sarap_handle_form_state },
  { "GET", FORM "/attachments", SARAP_ACCESS_ASSIGNED, sarap_handle_form_attachments },
  { "GET", FORM "/attachments/{name}", SARAP_ACCESS_ASSIGNED, sarap_handle_form_attachment },
  { "GET", FORM "/submissions.csv", SARAP_ACCESS_ASSIGNED, sarap_handle_submissions_csv },
  { "GET", FORM "/submissions", SARAP_ACCESS_ASSIGNED, sarap_handle_submissions },
  { "GET", SUBMISSION ".xml", SARAP_ACCESS_ASSIGNED, sarap_handle_submission_xml },
  { "GET", SUBMISSION, SARAP_ACCESS_ASSIGNED, sarap_handle_one_submission },
  { "PATCH", SUBMISSION, SARAP_ACCESS_ASSIGNED, sarap_handle_review },
  { "GET", SUBMISSION "/attachments", SARAP_ACCESS_ASSIGNED, sarap_handle_submission_attachments },
  { "GET", SUBMISSION "/attachments/{name}", SARAP_ACCESS_ASSIGNED, sarap_handle_submission_attachment },
  { "GET", SUBMISSION "/comments", SARAP_ACCESS_ASSIGNED, sarap_handle_comments },
  { "POST", SUBMISSION "/comments", SARAP_ACCESS_ASSIGNED, sarap_handle_comment },
  { "GET", SUBMISSION "/audits", SARAP_ACCESS_ASSIGNED, sarap_handle_audits },

  { "GET", APP_USERS, SARAP_ACCESS_ASSIGNED, sarap_handle_app_users },
  { "POST", APP_USERS, SARAP_ACCESS_ADMINISTRATOR, sarap_handle_new_app_user },
  { "DELETE", APP_USERS "/{id}", SARAP_ACCESS_ADMINISTRATOR, sarap_handle_revocation },
  { "POST", APP_USERS "/{id}/key", SARAP_ACCESS_ADMINISTRATOR, sarap_handle_new_key },
  { "GET", QUARANTINE, SARAP_ACCESS_ASSIGNED, sarap_handle_quarantine },
  { "GET", QUARANTINE "/{id}.xml", SARAP_ACCESS_ASSIGNED, sarap_handle_quarantined_xml },
  { "GET", QUARANTINE "/{id}", SARAP_ACCESS_ASSIGNED, sarap_handle_quarantined },
  { "GET", QUARANTINE "/{id}/attachments/{name}", SARAP_ACCESS_ASSIGNED, sarap_handle_quarantined_attachment },
  { "POST", QUARANTINE "/{id}/decision", SARAP_ACCESS_ADMINISTRATOR, sarap_handle_quarantine_decision },
};

/* What the path gave for {key} … {id}. */
typedef struct
{
  char *values[6];
  gint64 project;
} Match;

static const char *const parameters[] = { "{key}", "{project}", "{form}", "{instance}", "{name}", "{id}" };

static void
match_clear (Match *match)
{
  for (guint i = 0; i < G_N_ELEMENTS (match->values); i++)
    g_clear_pointer (&match->values[i], g_free);
}

/* One step against one of the pattern: literal, or a parameter with an ending. */
static gboolean
match_step (const char *pattern, gsize pattern_length, const char *step, gsize length, Match *match)
{
  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      gsize name_length = strlen (parameters[i]), ending;

      if (pattern_length < name_length || strncmp (pattern, parameters[i], name_length) != 0)
        continue;
      ending = pattern_length - name_length;
      if (length <= ending || strncmp (step + length - ending, pattern + name_length, ending) != 0)
        return FALSE;
      match->values[i] = g_uri_unescape_segment (step, step + length - ending, NULL);
      return match->values[i] != NULL && g_utf8_validate (match->values[i], -1, NULL);
    }
  return pattern_length == length && strncmp (pattern, step, length) == 0;
}

static gboolean
match_path (const char *pattern, const char *path, Match *match)
{
  while (*pattern == '/' && *path == '/')
    {
      gsize pattern_length = strcspn (++pattern, "/"), length = strcspn (++path, "/");

      if (!match_step (pattern, pattern_length, path, length, match))
        return FALSE;
      pattern += pattern_length;
      path += length;
    }
  return *pattern == '\0' && *path == '\0' &&
         (match->values[1] == NULL || g_ascii_string_to_signed (match->values[1], 10, 1, G_MAXINT64, &match->project, NULL));
}

const SarapRoute *
sarap_routes_peek (guint *n)
{
  *n = G_N_ELEMENTS (routes);
  return routes;
}

static void
take_values (SarapRequest *request, Match *match)
{
  request->project = match->project;
  request->key = g_steal_pointer (&match->values[0]);
  request->form = g_steal_pointer (&match->values[2]);
  request->instance = g_steal_pointer (&match->values[3]);
  request->name = g_steal_pointer (&match->values[4]);
  request->id = g_steal_pointer (&match->values[5]);
}

/* The route of @path (still percent-encoded), with what the path names put into @request; HEAD
 * finds GET's where there is none of its own. NULL with @is_path_known: only other methods. */
const SarapRoute *
sarap_routes_find (const char *method, const char *path, SarapRequest *request, gboolean *is_path_known)
{
  const SarapRoute *body_less = NULL;

  *is_path_known = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      Match match = { 0 };
      gboolean fits = match_path (routes[i].pattern, path, &match);
      gboolean is_method = g_str_equal (routes[i].method, method);

      *is_path_known |= fits;
      if (fits && !is_method && g_str_equal (method, "HEAD") && g_str_equal (routes[i].method, "GET") && body_less == NULL)
        body_less = &routes[i];
      if (fits && (is_method || body_less == &routes[i]))
        take_values (request, &match);
      match_clear (&match);
      if (fits && is_method)
        return &routes[i];
    }
  return body_less;
}
