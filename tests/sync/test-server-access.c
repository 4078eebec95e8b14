#include <string.h>

#include "sarap-config.h"
#include "sync/server/sarap-routes.h"
#include "sync/server/sarap-secret.h"
#include "sync/server/sarap-throttle.h"
#include "sync/server/sqlite/sarap-central-sqlite.h"
#include "sync/wire/sarap-enrolment-text.h"
#include "tests/support/sarap-figure.h"
#include "tests/sync/server-client.h"

#define DEVICE "/v1/key/{key}/projects/{project}"
#define PROJECT "/v1/projects/{project}"
#define FORM "/v1/projects/{project}/forms/{form}"
#define SUBMISSION FORM "/submissions/{instance}"

/* What who may call it gets. A route that is not here fails the test. */
static const struct
{
  const char *route;
  guint status;
  const char *body;
} expected[] = {
  { "GET " DEVICE "/formList", 200, NULL },
  { "GET " DEVICE "/forms/{form}.xml", 200, NULL },
  { "GET " DEVICE "/forms/{form}/manifest", 200, NULL },
  { "GET " DEVICE "/forms/{form}/attachments/{name}", 200, NULL },
  { "HEAD " DEVICE "/submission", 204, NULL },
  { "POST " DEVICE "/submission", 415, NULL },
  { "GET " DEVICE "/reviews", 200, NULL },
  { "POST /v1/sessions", 400, "{}" },
  { "DELETE /v1/sessions/current", 200, NULL },
  { "GET /v1/projects", 200, NULL },
  { "GET /v1/projects/{project}/feed", 200, NULL },
  { "GET /v1/projects/{project}/forms", 200, NULL },
  { "GET /v1/projects/{project}/forms/{form}.xml", 200, NULL },
  { "GET " FORM, 200, NULL },
  { "PATCH " FORM, 400, "{}" },
  { "GET " FORM "/attachments", 200, NULL },
  { "GET " FORM "/attachments/{name}", 200, NULL },
  { "GET " FORM "/submissions.csv", 200, NULL },
  { "GET " FORM "/submissions", 200, NULL },
  { "GET " SUBMISSION ".xml", 200, NULL },
  { "GET " SUBMISSION, 200, NULL },
  { "PATCH " SUBMISSION, 400, "{}" },
  { "GET " SUBMISSION "/attachments", 200, NULL },
  { "GET " SUBMISSION "/attachments/{name}", 404, NULL },
  { "GET " SUBMISSION "/comments", 200, NULL },
  { "POST " SUBMISSION "/comments", 400, "{}" },
  { "GET " SUBMISSION "/audits", 200, NULL },
  { "GET " PROJECT "/app-users", 200, NULL },
  { "POST " PROJECT "/app-users", 400, "{}" },
  { "DELETE " PROJECT "/app-users/{id}", 404, NULL },
  { "POST " PROJECT "/app-users/{id}/key", 404, NULL },
  { "GET " PROJECT "/quarantine", 200, NULL },
  { "GET " PROJECT "/quarantine/{id}.xml", 404, NULL },
  { "GET " PROJECT "/quarantine/{id}", 404, NULL },
  { "GET " PROJECT "/quarantine/{id}/attachments/{name}", 404, NULL },
  { "POST " PROJECT "/quarantine/{id}/decision", 400, "{}" },
};

static Client *client;
static guint n_cells, n_wrong_cells; /* of role × route */
static char *key, *other_key, *other_token, *administrator_token, *revoked_key, *replaced_key;

static char *
key_of (const char *enrolment_text)
{
  g_autoptr (SarapEnrolment) enrolment = sarap_enrolment_parse (enrolment_text, NULL);
  g_auto (GStrv) steps = g_strsplit (enrolment->url, "/", -1);

  return g_strdup (steps[5]);
}

static char *
sign_in (const char *email)
{
  g_autofree char *json = g_strdup_printf ("{\"email\": \"%s\", \"password\": \"" PASSWORD "\"}", email);
  g_auto (Reply) reply = client_call (client, "POST", "/v1/sessions", json);
  g_autoptr (JsonNode) root = reply_json (&reply);

  assert_status (&reply, 200);
  return g_strdup (json_object_get_string_member (json_node_get_object (root), "token"));
}

static char *
fill_in (const char *pattern, const char *device_key)
{
  GString *path = g_string_new (pattern);

  g_string_replace (path, "{key}", device_key, 0);
  g_string_replace (path, "{project}", "1", 0);
  g_string_replace (path, "{form}", "visit", 0);
  g_string_replace (path, "{instance}", "uuid:access", 0);
  g_string_replace (path, "{name}", "centres.csv", 0);
  g_string_replace (path, "{id}", "4711", 0);
  return g_string_free (path, FALSE);
}

static guint
call_as (const SarapRoute *route, const char *device_key, const char *token, const char *body)
{
  g_autofree char *path = fill_in (route->pattern, device_key);
  char *own = client->token;
  g_auto (Reply) reply = { 0 };

  client->token = (char *) token;
  reply = client_call (client, route->method, path, body);
  client->token = own;
  return reply.status;
}

static void
check_cell (const SarapRoute *route, const char *role, guint status, guint wanted)
{
  n_cells++;
  if (status == wanted)
    return;
  n_wrong_cells++;
  g_test_message ("%s %s as %s: %u, not %u", route->method, route->pattern, role, status, wanted);
}

static void
check_device_route (const SarapRoute *route, guint status, const char *body)
{
  g_autofree char *unknown = sarap_secret_make ();

  check_cell (route, "stranger with a malformed key", call_as (route, "x", NULL, body), 401);
  check_cell (route, "stranger with a key", call_as (route, unknown, NULL, body), 403);
  check_cell (route, "supervisor without a key", call_as (route, unknown, client->token, body), 403);
  check_cell (route, "app user of another project", call_as (route, other_key, NULL, body), 403);
  check_cell (route, "app user who was revoked", call_as (route, revoked_key, NULL, body), 403);
  check_cell (route, "app user with a replaced key", call_as (route, replaced_key, NULL, body), 403);
  check_cell (route, "app user", call_as (route, key, NULL, body), status);
}

static void
check_supervisor_route (const SarapRoute *route, guint status, const char *body)
{
  gboolean is_sign_out = route->access == SARAP_ACCESS_SUPERVISOR && g_str_equal (route->method, "DELETE");
  g_autofree char *unknown = sarap_secret_make (), *passing_administrator = is_sign_out ? sign_in ("admin@example.org") : NULL;

  check_cell (route, "stranger", call_as (route, "", NULL, body), 401);
  check_cell (route, "stranger with a token", call_as (route, "", unknown, body), 401);
  check_cell (route, "stranger with a malformed token", call_as (route, "", "' OR 1=1 --", body), 401);
  check_cell (route, "app user", call_as (route, "", key, body), 401);
  if (route->access != SARAP_ACCESS_SUPERVISOR)
    check_cell (route, "administrator of another project", call_as (route, "", other_token, body), 403);
  check_cell (route, "administrator", call_as (route, "", is_sign_out ? passing_administrator : administrator_token, body), status);
  if (route->access == SARAP_ACCESS_ADMINISTRATOR)
    check_cell (route, "supervisor", call_as (route, "", client->token, body), 403);
  else if (g_str_equal (route->method, "DELETE"))
    {
      g_autofree char *passing = sign_in ("boss@example.org");

      check_cell (route, "supervisor", call_as (route, "", passing, body), status);
      check_cell (route, "supervisor who signed out", call_as (route, "", passing, body), 401);
    }
  else
    check_cell (route, "supervisor", call_as (route, "", client->token, body), status);
}

/* Not read from the routes: whoever opens a door there must say so here. */
static SarapAccess
wanted_access (const char *route)
{
  if (g_str_equal (route, "POST /v1/sessions"))
    return SARAP_ACCESS_ANYONE;
  if (strstr (route, "{key}") != NULL)
    return SARAP_ACCESS_APP_USER;
  if (g_str_equal (route, "PATCH " FORM) || g_str_has_suffix (route, "/decision") || (strstr (route, "/app-users") != NULL && !g_str_has_prefix (route, "GET ")))
    return SARAP_ACCESS_ADMINISTRATOR;
  return strstr (route, "{project}") != NULL ? SARAP_ACCESS_ASSIGNED : SARAP_ACCESS_SUPERVISOR;
}

static void
test_every_role_and_route (void)
{
  guint n;
  const SarapRoute *routes = sarap_routes_peek (&n);

  g_assert_cmpuint (n, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s %s", routes[i].method, routes[i].pattern);

      g_assert_cmpstr (name, ==, expected[i].route);
      g_assert_cmpint (routes[i].access, ==, wanted_access (name));
      if (routes[i].access == SARAP_ACCESS_APP_USER)
        check_device_route (&routes[i], expected[i].status, expected[i].body);
      else if (routes[i].access != SARAP_ACCESS_ANYONE)
        check_supervisor_route (&routes[i], expected[i].status, expected[i].body);
      else
        check_cell (&routes[i], "stranger", call_as (&routes[i], "", NULL, expected[i].body), expected[i].status);
    }
  g_test_message ("%u cells", n_cells);
  sarap_figure_at_most ("C6", n_wrong_cells, 0);
}

static void
test_unknown_paths_and_methods (void)
{
  static const struct
  {
    const char *method, *path;
    guint status;
  } calls[] = {
    { "GET", "/v1/nothing", 404 },
    { "GET", "/v1/projects/0/forms", 404 },
    { "GET", "/v1/projects/x/forms", 404 },
    { "PUT", "/v1/projects", 405 },
    { "GET", "/v1/sessions", 405 },
    { "GET", "/v1/projects/1/forms/visit/submissions/..%2f..%2f..%2fetc%2fpasswd.xml", 404 },
    { "GET", "/v1/projects/1/forms/visit/attachments/..%2fcentral.db", 404 },
    { "GET", "/v1/projects/1/forms/visit/attachments/%00", 404 },
    { "GET", "/v1/projects/1/forms/'%20OR%201=1%20--/submissions.csv", 404 },
    { "GET", "/", 404 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_auto (Reply) reply = client_call (client, calls[i].method, calls[i].path, NULL);

      if (reply.status != calls[i].status && reply.status != 400)
        g_error ("%s %s: %u, not %u", calls[i].method, calls[i].path, reply.status, calls[i].status);
    }
}

static void
test_injection_finds_nothing (void)
{
  static const char *const filters[] = { "region=' OR '1'='1", "submitter=1 OR 1=1", "reviewState='; DROP TABLE submission; --", "centre=%" };

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_auto (GStrv) pair = g_strsplit (filters[i], "=", 2);
      g_autofree char *value = g_uri_escape_string (pair[1], NULL, FALSE);
      g_autofree char *path = g_strdup_printf ("/v1/projects/1/forms/visit/submissions?%s=%s", pair[0], value);
      g_auto (Reply) reply = client_call (client, "GET", path, NULL);

      assert_status (&reply, 200);
      g_assert_cmpstr (reply.body, ==, "[]");
    }
  g_assert_cmpint (count_rows (client, "visit"), >, 0);
}

static guint
try_password (const char *email, const char *password)
{
  g_autofree char *json = g_strdup_printf ("{\"email\": \"%s\", \"password\": \"%s\"}", email, password);
  g_auto (Reply) reply = client_call (client, "POST", "/v1/sessions", json);

  return reply.status;
}

/* Processor time of the server so far, in ticks: the work that an answer takes, whatever else the machine does. */
static gint64
read_work (void)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", sarap_test_server_get_pid (client->server)), *text = NULL;
  g_auto (GStrv) fields = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  fields = g_strsplit (strrchr (text, ')') + 2, " ", 0);
  return g_ascii_strtoll (fields[11], NULL, 10) + g_ascii_strtoll (fields[12], NULL, 10);
}

/* Known and unknown accounts alike: the tries, and the time they take. */
static void
test_sign_in_is_throttled (void)
{
  gint64 known = 0, unknown = 0, began;
  double gap;

  g_assert_cmpuint (try_password ("first@example.org", "wrong"), ==, 401); /* makes the hash that unknown accounts are tried against */
  for (guint i = 0; i < SARAP_THROTTLE_TRIES; i++)
    {
      began = read_work ();
      g_assert_cmpuint (try_password ("victim@example.org", "wrong"), ==, 401);
      known += read_work () - began;
      began = read_work ();
      g_assert_cmpuint (try_password ("nobody@example.org", "wrong"), ==, 401);
      unknown += read_work () - began;
    }
  g_assert_cmpuint (try_password ("victim@example.org", PASSWORD), ==, 429);
  g_assert_cmpuint (try_password ("VICTIM@example.org", PASSWORD), ==, 429);
  g_assert_cmpuint (try_password ("nobody@example.org", PASSWORD), ==, 429);
  g_assert_cmpuint (try_password ("boss@example.org", PASSWORD), ==, 200);
  g_test_message ("known %" G_GINT64_FORMAT " ticks, unknown %" G_GINT64_FORMAT " ticks", known, unknown);
  gap = 100.0 * (double) ABS (known - unknown) / (double) unknown;
  sarap_figure_print ("C7", gap, 5);
  g_assert_cmpfloat (gap, <, 20); /* caches are shared with what else runs */
}

static void
test_throttle_forgets_after_its_period (void)
{
  g_autoptr (SarapThrottle) throttle = sarap_throttle_new ();

  for (guint i = 0; i < SARAP_THROTTLE_TRIES; i++)
    g_assert_true (sarap_throttle_try (throttle, "a", 1000));
  g_assert_false (sarap_throttle_try (throttle, "a", 1000 + SARAP_THROTTLE_PERIOD - 1));
  g_assert_true (sarap_throttle_try (throttle, "a", 1000 + SARAP_THROTTLE_PERIOD));
}

/* Whoever makes up names locks out nobody else. */
static void
test_made_up_accounts_lock_out_nobody (void)
{
  g_autoptr (SarapThrottle) throttle = sarap_throttle_new ();

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *name = g_strdup_printf ("nobody-%u@example.org", i);

      sarap_throttle_try (throttle, name, 1000);
    }
  g_assert_true (sarap_throttle_try (throttle, "boss@example.org", 1000));
}

static void
test_sessions_expire (void)
{
  g_autofree char *path = g_build_filename (sarap_test_server_get_folder (client->server), "own.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SarapCentralStore) store = sarap_central_sqlite_open (path, &error);
  g_autoptr (SarapSupervisor) early = NULL, late = NULL;
  gint64 project;

  g_assert_no_error (error);
  project = sarap_central_store_add_project (store, "P", 1, &error);
  g_assert_true (sarap_central_store_set_supervisor (store, "a@b", "hash", project, FALSE, 1, &error));
  g_assert_true (sarap_central_store_add_session (store, "token", 1, 1000, 2000, &error));
  early = sarap_central_store_find_session (store, "token", 1999, &error);
  late = sarap_central_store_find_session (store, "token", 2000, &error);
  g_assert_no_error (error);
  g_assert_nonnull (early);
  g_assert_null (late);
}

/* nginx lets one try to sign in pass a second, once a burst of them is used up. */
static Reply
call_sessions (const char *body)
{
  Reply reply = client_call (client, "POST", "/v1/sessions", body);

  for (guint i = 0; i < 20 && reply.status == 429; i++)
    {
      reply_clear (&reply);
      g_usleep (G_USEC_PER_SEC / 2);
      reply = client_call (client, "POST", "/v1/sessions", body);
    }
  return reply;
}

/* The parser would go down the stack with each bracket. */
static void
test_deep_json_is_refused (void)
{
  g_autofree char *deep = g_strnfill (60000, '[');
  g_autofree char *hidden = g_strconcat ("{\"a\": '\"', \"b\":", deep, NULL), *told = g_strconcat ("#\"\n", deep, NULL);
  g_autofree char *text = g_strdup_printf ("{\"email\": \"%.*s\", \"password\": \"x\"}", 1000, deep);
  const char *bodies[] = { deep, hidden, told };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_auto (Reply) reply = call_sessions (bodies[i]);

      assert_status (&reply, 400);
    }
  {
    g_auto (Reply) reply = call_sessions (text);

    assert_status (&reply, 401);
  }
}

static void
assert_absent (const char *file, const char *secret)
{
  g_autofree char *path = g_build_filename (sarap_test_server_get_folder (client->server), file, NULL);
  g_autofree char *text = NULL;
  gsize length;

  if (g_file_get_contents (path, &text, &length, NULL) && memmem (text, length, secret, strlen (secret)) != NULL)
    g_error ("%s holds a secret", file);
}

static void
test_no_secret_in_logs_or_store (void)
{
  static const char *const files[] = { "access.log", "nginx.log", "server.log", "central.db", "central.db-wal" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      assert_absent (files[i], key);
      assert_absent (files[i], client->token);
      assert_absent (files[i], PASSWORD);
    }
}

static int
run_program (const char *line)
{
  g_auto (GStrv) words = NULL;
  int status;

  g_assert_true (g_shell_parse_argv (line, NULL, &words, NULL));
  g_assert_true (g_spawn_sync (NULL, words, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status, NULL));
  return status;
}

static void
test_site_is_sound (void)
{
  const char *folder = sarap_test_server_get_folder (client->server), *url = sarap_test_server_get_url (client->server);
  g_autofree char *check = g_strdup_printf ("nginx -t -q -p %s -e %s/check.log -c %s/nginx.conf", folder, folder, folder);
  const char *port = strrchr (url, ':') + 1;
  g_autofree char *old = g_strdup_printf ("sh -c 'openssl s_client -connect 127.0.0.1:%s -tls1_1 -cipher DEFAULT@SECLEVEL=0 </dev/null | grep -q \"BEGIN CERTIFICATE\"'", port);
  g_autofree char *new = g_strdup_printf ("sh -c 'openssl s_client -connect 127.0.0.1:%s -tls1_2 </dev/null | grep -q \"BEGIN CERTIFICATE\"'", port);
  g_autofree char *clear = g_strconcat ("http", url + strlen ("https"), "/v1/projects", NULL), *secure = g_strconcat (url, "/v1/projects", NULL);
  g_autoptr (SoupMessage) plain = soup_message_new ("GET", clear), message = soup_message_new ("GET", secure);
  g_auto (Reply) refused = client_send (client, plain), reply = client_send (client, message);
  g_autofree char *large = g_strnfill (70000, ' ');
  g_auto (Reply) too_large = client_call (client, "POST", "/v1/sessions", large);

  g_assert_cmpint (run_program (check), ==, 0);
  g_assert_cmpint (run_program (old), !=, 0);
  g_assert_cmpint (run_program (new), ==, 0);
  assert_status (&refused, 400);
  assert_status (&reply, 401);
  assert_status (&too_large, 413);
  g_assert_nonnull (soup_message_headers_get_one (soup_message_get_response_headers (message), "Strict-Transport-Security"));
}

int
main (int argc, char **argv)
{
  g_autofree char *boss = NULL, *chief = NULL, *revoked = NULL, *replaced = NULL, *victim = NULL, *device = NULL, *xml = visit_xml ("uuid:access", "<region>akm</region>");
  g_auto (Reply) reply = { 0 };
  gint64 other;
  int status;

  g_test_init (&argc, &argv, NULL);
  client = client_new ();
  other = sarap_test_server_add_project (client->server, "Another");
  boss = sarap_test_server_add_administrator (client->server, other, "other@example.org", PASSWORD);
  chief = sarap_test_server_add_administrator (client->server, 1, "admin@example.org", PASSWORD);
  victim = sarap_test_server_add_supervisor (client->server, other, "victim@example.org", PASSWORD);
  device = sarap_test_server_add_app_user (client->server, other, "Other");
  other_key = key_of (device);
  other_token = sign_in ("other@example.org");
  administrator_token = sign_in ("admin@example.org");
  revoked = sarap_test_server_add_app_user (client->server, 1, "Revoked");
  replaced = sarap_test_server_add_app_user (client->server, 1, "Replaced");
  revoked_key = key_of (revoked);
  replaced_key = key_of (replaced);
  g_free (sarap_test_server_admin (client->server, NULL, "app-user", "revoke", "--project", "1", "3", NULL));
  g_free (sarap_test_server_admin (client->server, NULL, "app-user", "key", "--project", "1", "4", NULL));
  key = g_strndup (strstr (client->device_url, "/key/") + 5, SARAP_SECRET_LENGTH);
  reply = client_post (client, xml, NULL);
  assert_status (&reply, 201);

  g_test_add_func ("/server/access/every-role-and-route", test_every_role_and_route);
  g_test_add_func ("/server/access/unknown-paths-and-methods", test_unknown_paths_and_methods);
  g_test_add_func ("/server/access/injection-finds-nothing", test_injection_finds_nothing);
  g_test_add_func ("/server/access/sign-in-is-throttled", test_sign_in_is_throttled);
  g_test_add_func ("/server/access/throttle-forgets-after-its-period", test_throttle_forgets_after_its_period);
  g_test_add_func ("/server/access/made-up-accounts-lock-out-nobody", test_made_up_accounts_lock_out_nobody);
  g_test_add_func ("/server/access/sessions-expire", test_sessions_expire);
  g_test_add_func ("/server/access/deep-json-is-refused", test_deep_json_is_refused);
  g_test_add_func ("/server/access/site-is-sound", test_site_is_sound);
  g_test_add_func ("/server/access/no-secret-in-logs-or-store", test_no_secret_in_logs_or_store);
  status = g_test_run ();
  client_free (client);
  g_free (key);
  g_free (other_key);
  g_free (other_token);
  g_free (administrator_token);
  g_free (revoked_key);
  g_free (replaced_key);
  return status;
}
