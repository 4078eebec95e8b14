#include "sync/wire/sarap-enrolment-text.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "app/base/sarap-problem.h"

enum
{
  LONGEST_TEXT = 64 * 1024,
  PROJECT_KEY_BYTES = 32, /* X25519 */
};

void
sarap_enrolment_free (SarapEnrolment *self)
{
  g_free (self->name);
  g_free (self->url);
  g_free (self->ca);
  g_free (self->project_key);
  g_free (self->username);
  g_free (self->password);
  g_free (self);
}

/* A JSON null counts as absent; another type than a string is refused, as it is no enrolment of ours. */
static gboolean
take_string (JsonObject *object, const char *name, char **value, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "enrolment: \"%s\" is not a text", name);
      return FALSE;
    }
  *value = g_strstrip (json_node_dup_string (node));
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
  if (self->project_key != NULL)
    {
      gsize length = 0;
      g_autofree guchar *key = g_base64_decode (self->project_key, &length);

      if (length != PROJECT_KEY_BYTES)
        {
          g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "enrolment: \"project_key\" is not a public key of %d bytes in base64", PROJECT_KEY_BYTES);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
take_object (SarapEnrolment *self, JsonObject *object, GError **error)
{
  g_autofree char *role = NULL;
  gint64 version = json_object_get_int_member_with_default (object, "sarap", 0);

  if (version != 1)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_UNSUPPORTED, version > 1 ? "this enrolment was made for a newer Sarap: update the application" : "this text is not an enrolment of Sarap (\"sarap\": 1 is missing)");
      return FALSE;
    }
  if (!take_string (object, "name", &self->name, error) || !take_string (object, "url", &self->url, error) ||
      !take_string (object, "ca", &self->ca, error) || !take_string (object, "project_key", &self->project_key, error) ||
      !take_string (object, "username", &self->username, error) || !take_string (object, "password", &self->password, error) ||
      !take_string (object, "role", &role, error))
    return FALSE;
  self->is_supervisor = g_strcmp0 (role, "supervisor") == 0;
  self->project_id = json_object_get_int_member_with_default (object, "project", 0);
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
      g_autoptr (JsonParser) parser = json_parser_new_immutable ();

      if (!json_parser_load_from_data (parser, trimmed, -1, NULL) || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
        {
          g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "the enrolment is damaged: it is not complete JSON");
          return NULL;
        }
      if (!take_object (self, json_node_get_object (json_parser_get_root (parser)), error))
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

static void
build_string (JsonBuilder *builder, const char *name, const char *value)
{
  if (value == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

/* One line of JSON, password included when set: the server's enrolments have none. */
char *
sarap_enrolment_to_text (const SarapEnrolment *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "sarap");
  json_builder_add_int_value (builder, 1);
  build_string (builder, "name", self->name);
  build_string (builder, "url", self->url);
  build_string (builder, "ca", self->ca);
  build_string (builder, "project_key", self->project_key);
  build_string (builder, "username", self->username);
  build_string (builder, "password", self->password);
  if (self->is_supervisor)
    build_string (builder, "role", "supervisor");
  if (self->project_id != 0)
    {
      json_builder_set_member_name (builder, "project");
      json_builder_add_int_value (builder, self->project_id);
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}
