#include "sync/wire/sarap-enrolment-text.h"

#include <gio/gio.h>
#include <string.h>

#include "app/base/sarap-problem.h"
#include "app/base/sarap-json.h"

enum
{
  LONGEST_TEXT = 64 * 1024,
  PROJECT_KEY_BYTES = 32, /* X25519 */
  SERVER_KEY_DIGITS = 64, /* Ed25519 */
};

/* Every text of an enrolment: what is not listed here is neither copied nor freed. */
static const gsize texts[] = {
  G_STRUCT_OFFSET (SarapEnrolment, name), G_STRUCT_OFFSET (SarapEnrolment, url), G_STRUCT_OFFSET (SarapEnrolment, ca),
  G_STRUCT_OFFSET (SarapEnrolment, project_key), G_STRUCT_OFFSET (SarapEnrolment, spare_key), G_STRUCT_OFFSET (SarapEnrolment, server_key),
  G_STRUCT_OFFSET (SarapEnrolment, username), G_STRUCT_OFFSET (SarapEnrolment, password)
};

void
sarap_enrolment_free (SarapEnrolment *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (G_STRUCT_MEMBER (char *, self, texts[i]));
  g_free (self);
}

SarapEnrolment *
sarap_enrolment_copy (const SarapEnrolment *self)
{
  SarapEnrolment *copy = g_new (SarapEnrolment, 1);

  *copy = *self;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    G_STRUCT_MEMBER (char *, copy, texts[i]) = g_strdup (G_STRUCT_MEMBER (char *, self, texts[i]));
  return copy;
}

/* A JSON null counts as absent; another type than a string is refused, as it is no enrolment of ours. */
static gboolean
take_string (JsonObject *object, const char *name, char **value, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (sarap_json_peek_string (object, name) == NULL)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "enrolment: \"%s\" is not a text", name);
      return FALSE;
    }
  *value = g_strstrip (g_strdup (sarap_json_peek_string (object, name)));
  if (**value == '\0')
    g_clear_pointer (value, g_free);
  return TRUE;
}

/* The path goes on as written: keys hold "$" and "!", which may or may not come percent-encoded. */
static char *
normalize_url (const char *text, GError **error)
{
  g_autofree char *url = strstr (text, "://") ? g_strdup (text) : g_strconcat ("https://", text, NULL);
  g_autoptr (GUri) uri = NULL;
  const char *path;

  for (const char *c = url; *c != '\0'; c++)
    if ((guchar) *c <= 0x20 || *c == '"' || *c == '<' || *c == '>' || *c == '\\')
      {
        g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "this is no server address and no enrolment text");
        return NULL;
      }
  uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "this is no server address and no enrolment text");
  else if (!g_str_equal (g_uri_get_scheme (uri), "https"))
    g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_UNSUPPORTED, "the server's address must begin with https:// – nothing is sent over an open connection");
  else if (g_uri_get_userinfo (uri) != NULL)
    g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_UNSUPPORTED, "the server's address must not hold a name or password; they are asked for separately");
  else if (g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "the server's address must end with its path");
  else
    {
      g_autofree char *base = g_uri_to_string (uri);

      for (path = base + strlen (base); path > base && path[-1] == '/'; path--)
        ;
      base[path - base] = '\0';
      if (g_str_has_suffix (base, "/formList"))
        base[strlen (base) - strlen ("/formList")] = '\0';
      return g_steal_pointer (&base);
    }
  return NULL;
}

static gboolean
check_key (const char *name, const char *text, GError **error)
{
  gsize length = 0;
  g_autofree guchar *key = text ? g_base64_decode (text, &length) : NULL;

  if (text == NULL || length == PROJECT_KEY_BYTES)
    return TRUE;
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "enrolment: \"%s\" is not a public key of %d bytes in base64", name, PROJECT_KEY_BYTES);
  return FALSE;
}

static gboolean
check (SarapEnrolment *self, GError **error)
{
  g_autofree char *url = NULL;

  if (self->url == NULL)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "enrolment: the server's address (\"url\") is missing");
      return FALSE;
    }
  url = normalize_url (self->url, error);
  if (url == NULL)
    return FALSE;
  g_free (self->url);
  self->url = g_steal_pointer (&url);

  if (self->ca != NULL)
    {
      g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_pem (self->ca, -1, NULL);

      if (certificate == NULL)
        {
          g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "enrolment: \"ca\" is not a certificate in PEM");
          return FALSE;
        }
    }
  if (!check_key ("project_key", self->project_key, error) || !check_key ("spare_key", self->spare_key, error))
    return FALSE;
  if (self->server_key != NULL && (strlen (self->server_key) != SERVER_KEY_DIGITS || strspn (self->server_key, "0123456789abcdef") != SERVER_KEY_DIGITS))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "enrolment: \"server_key\" is not a public key of %d hexadecimal digits", SERVER_KEY_DIGITS);
      return FALSE;
    }
  return TRUE;
}

static gboolean
take_object (SarapEnrolment *self, JsonObject *object, GError **error)
{
  g_autofree char *role = NULL;
  gint64 version = sarap_json_peek_int (object, "sarap", 0);

  if (version != 1)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_UNSUPPORTED, version > 1 ? "this enrolment was made for a newer Sarap: update the application" : "this text is not an enrolment of Sarap (\"sarap\": 1 is missing)");
      return FALSE;
    }
  if (!take_string (object, "name", &self->name, error) || !take_string (object, "url", &self->url, error) ||
      !take_string (object, "ca", &self->ca, error) || !take_string (object, "project_key", &self->project_key, error) ||
      !take_string (object, "spare_key", &self->spare_key, error) ||
      !take_string (object, "server_key", &self->server_key, error) ||
      !take_string (object, "username", &self->username, error) || !take_string (object, "password", &self->password, error) ||
      !take_string (object, "role", &role, error))
    return FALSE;
  self->is_supervisor = g_strcmp0 (role, "supervisor") == 0;
  self->project_id = sarap_json_peek_int (object, "project", 0);
  return check (self, error);
}

/* @text: the JSON of the header, or an address alone (https:// is put before a bare host).
 * Returns: (transfer full) or NULL with SARAP_INPUT_ERROR, its message fit for people */
SarapEnrolment *
sarap_enrolment_parse (const char *text, GError **error)
{
  g_autoptr (SarapEnrolment) self = g_new0 (SarapEnrolment, 1);
  g_autofree char *trimmed = NULL;

  if (strlen (text) > LONGEST_TEXT || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_LIMIT, "this text is no enrolment: it is too long or not UTF-8");
      return NULL;
    }
  trimmed = g_strstrip (g_strdup (text));
  if (*trimmed == '{')
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (trimmed, strlen (trimmed));
      g_autoptr (JsonNode) root = sarap_json_parse (bytes, "enrolment", NULL);

      if (root == NULL || sarap_json_peek_root (root) == NULL)
        {
          g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "the enrolment is damaged: it is not complete JSON");
          return NULL;
        }
      if (!take_object (self, sarap_json_peek_root (root), error))
        return NULL;
    }
  else
    {
      self->url = g_strdup (trimmed);
      if (!check (self, error))
        return NULL;
    }
  if (self->name == NULL)
    {
      g_autoptr (GUri) uri = g_uri_parse (self->url, G_URI_FLAGS_ENCODED, NULL);

      self->name = g_strdup (g_uri_get_host (uri));
    }
  return g_steal_pointer (&self);
}

/* One line of JSON, password included when set: the server's enrolments have none. */
char *
sarap_enrolment_to_text (const SarapEnrolment *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GBytes) bytes = NULL;

  json_builder_begin_object (builder);
  sarap_json_build_int (builder, "sarap", 1);
  sarap_json_build_string (builder, "name", self->name);
  sarap_json_build_string (builder, "url", self->url);
  sarap_json_build_string (builder, "ca", self->ca);
  sarap_json_build_string (builder, "project_key", self->project_key);
  sarap_json_build_string (builder, "spare_key", self->spare_key);
  sarap_json_build_string (builder, "server_key", self->server_key);
  sarap_json_build_string (builder, "username", self->username);
  sarap_json_build_string (builder, "password", self->password);
  if (self->is_supervisor)
    sarap_json_build_string (builder, "role", "supervisor");
  if (self->project_id != 0)
    sarap_json_build_int (builder, "project", self->project_id);
  bytes = sarap_json_build_finish (builder, FALSE);
  return g_strdup (g_bytes_get_data (bytes, NULL));
}
