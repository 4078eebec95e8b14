#include "app/cli/sarap-cli.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "app/base/sarap-json.h"
#include "app/form/sarap-interview-private.h"
#include "app/store/sarap-list-cache.h"

/* sarapctl engine: the form engine over JSON lines.
 *
 *  1. One request and one reply a line; several sessions, each an interview of its form.
 *  2. References in replies are those that requests may use.
 *  3. Times are those of the work itself, without JSON.
 */

typedef struct
{
  SarapForm *form;
  SarapInterview *interview;
  SarapClock *clock;
} Session;

typedef struct
{
  GHashTable *sessions; /* s → Session */
  SarapListLibrary *lists;
} Engine;

typedef struct
{
  GHashTable *texts; /* name → GBytes */
  char *folder;
} Media;

static void
session_free (gpointer data)
{
  Session *session = data;

  g_clear_object (&session->interview);
  g_clear_object (&session->form);
  g_clear_object (&session->clock);
  g_free (session);
}

static void
media_free (gpointer data)
{
  Media *media = data;

  g_hash_table_unref (media->texts);
  g_free (media->folder);
  g_free (media);
}

static char *
find_media_path (const char *name, char **sha256, gpointer data)
{
  const Media *media = data;

  if (media->folder == NULL || strchr (name, '/') != NULL || g_hash_table_contains (media->texts, name))
    return NULL;
  return g_build_filename (media->folder, name, NULL);
}

static GBytes *
find_media (const char *name, gpointer data)
{
  const Media *media = data;
  GBytes *bytes = g_hash_table_lookup (media->texts, name);
  g_autofree char *path = find_media_path (name, NULL, data);
  char *contents;
  gsize length;

  if (bytes != NULL)
    return g_bytes_ref (bytes);
  return path && g_file_get_contents (path, &contents, &length, NULL) ? g_bytes_new_take (contents, length) : NULL;
}

static Media *
read_media (JsonObject *request)
{
  Media *media = g_new0 (Media, 1);
  JsonObject *resources = json_object_has_member (request, "resources") ? json_object_get_object_member (request, "resources") : NULL;
  JsonObjectIter iter;
  const char *uri;
  JsonNode *node;

  media->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  media->folder = g_strdup (json_object_get_string_member_with_default (request, "resourceDir", NULL));
  if (resources == NULL)
    return media;
  json_object_iter_init (&iter, resources);
  while (json_object_iter_next (&iter, &uri, &node))
    {
      const char *slash = strrchr (uri, '/');
      const char *text = json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;

      if (text != NULL)
        g_hash_table_replace (media->texts, g_strdup (slash ? slash + 1 : uri), g_bytes_new (text, strlen (text)));
    }
  return media;
}

static void
add_languages (JsonObject *reply, SarapForm *form)
{
  JsonArray *languages = json_array_new ();

  for (const char *const *name = sarap_form_get_languages (form); *name != NULL; name++)
    json_array_add_string_element (languages, *name);
  json_object_set_array_member (reply, "languages", languages);
}

static double
milliseconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1000;
}

static GBytes *
read_form (JsonObject *request, GError **error)
{
  const char *text = json_object_get_string_member_with_default (request, "form", NULL);
  const char *path = json_object_get_string_member_with_default (request, "formPath", NULL);
  char *contents;
  gsize length;

  if (text != NULL)
    return g_bytes_new (text, strlen (text));
  if (path == NULL)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MISSING, "load needs form or formPath");
      return NULL;
    }
  return g_file_get_contents (path, &contents, &length, error) ? g_bytes_new_take (contents, length) : NULL;
}

static const char *
find_property (JsonObject *properties, const char *const *names)
{
  for (; properties != NULL && *names != NULL; names++)
    if (json_object_has_member (properties, *names))
      return json_object_get_string_member_with_default (properties, *names, NULL);
  return NULL;
}

static void
read_settings (JsonObject *request, SarapInterviewSettings *settings)
{
  JsonObject *properties = json_object_has_member (request, "preloadProperties") ? json_object_get_object_member (request, "preloadProperties") : NULL;

  settings->device_id = find_property (properties, (const char *const[]){ "deviceID", "deviceid", NULL });
  settings->username = find_property (properties, (const char *const[]){ "username", NULL });
  settings->phone_number = find_property (properties, (const char *const[]){ "phoneNumber", "phonenumber", NULL });
  settings->email = find_property (properties, (const char *const[]){ "email", NULL });
}

static gboolean
start_interview (Session *session, JsonObject *request, GError **error)
{
  SarapInterviewSettings settings = { NULL };
  const char *edited = json_object_get_string_member_with_default (request, "editInstance", NULL);
  g_autoptr (GBytes) xml = edited ? g_bytes_new (edited, strlen (edited)) : NULL;

  read_settings (request, &settings);
  if (xml != NULL)
    session->interview = sarap_interview_new_edit (session->form, session->clock, &settings, xml, error);
  else
    session->interview = sarap_interview_new (session->form, session->clock, &settings, error);
  return session->interview != NULL;
}

static gboolean
run_load (Engine *engine, gint64 s, JsonObject *request, JsonObject *reply, GError **error)
{
  g_autoptr (GBytes) bytes = read_form (request, error);
  g_autoptr (SarapClock) clock = sarap_clock_new_from_environment ();
  const char *zone = json_object_get_string_member_with_default (request, "tz", NULL);
  gint64 start = g_get_monotonic_time ();
  SarapFormMedia media = { find_media, find_media_path, NULL, media_free, engine->lists };
  Session *session;

  g_hash_table_remove (engine->sessions, &s);
  if (bytes == NULL)
    return FALSE;
  if (zone != NULL && !sarap_clock_set_zone (clock, zone))
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "unknown time zone %s", zone);
      return FALSE;
    }
  session = g_new0 (Session, 1);
  g_hash_table_insert (engine->sessions, g_memdup2 (&s, sizeof s), session);
  session->clock = g_steal_pointer (&clock);
  media.data = read_media (request);
  session->form = sarap_form_load_with (bytes, "form.xml", &media, NULL, error);
  json_object_set_double_member (reply, "parse_ms", milliseconds_since (start));
  start = g_get_monotonic_time ();
  if (session->form == NULL || !start_interview (session, request, error))
    {
      g_hash_table_remove (engine->sessions, &s);
      return FALSE;
    }
  json_object_set_double_member (reply, "init_ms", milliseconds_since (start));
  add_languages (reply, session->form);
  return TRUE;
}

static const char *
result_name (SarapAnswerResult result)
{
  static const char *const names[] = { "OK", "REQUIRED_BUT_EMPTY", "CONSTRAINT_VIOLATED" };

  return names[result];
}

static gboolean
run_answer (Session *session, JsonObject *request, JsonObject *reply, GError **error)
{
  const char *ref = json_object_get_string_member_with_default (request, "ref", "");
  g_autofree char *value = sarap_cli_dup_answer (json_object_get_member (request, "value"), error);
  g_autoptr (GError) failure = NULL;
  gint64 start = g_get_monotonic_time ();
  SarapAnswerResult result;

  if (value == NULL)
    return FALSE;
  result = sarap_interview_answer (session->interview, ref, value, &failure);
  json_object_set_double_member (reply, "answer_ms", milliseconds_since (start));
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  json_object_set_string_member (reply, "result", result_name (result));
  return TRUE;
}

/* The repeat of "/data/rep[3]" or "/data/rep". */
static char *
dup_range_path (const char *ref)
{
  gsize length = strlen (ref);
  const char *open = length > 0 && ref[length - 1] == ']' ? strrchr (ref, '[') : NULL;

  return open ? g_strndup (ref, (gsize) (open - ref)) : g_strdup (ref);
}

static gboolean
run_create_repeat (Session *session, JsonObject *request, JsonObject *reply, GError **error)
{
  g_autofree char *path = dup_range_path (json_object_get_string_member_with_default (request, "ref", ""));
  gint64 start = g_get_monotonic_time ();
  g_autofree char *ref = sarap_interview_add_instance (session->interview, path, error);

  if (ref == NULL)
    return FALSE;
  json_object_set_double_member (reply, "answer_ms", milliseconds_since (start));
  json_object_set_string_member (reply, "ref", ref);
  return TRUE;
}

static void
add_text (JsonObject *object, const char *name, char *text)
{
  if (text != NULL && *text != '\0')
    json_object_set_string_member (object, name, text);
  g_free (text);
}

static JsonArray *
new_choices (SarapInterview *interview, const char *ref)
{
  g_autoptr (GPtrArray) choices = sarap_interview_dup_choices (interview, ref);
  JsonArray *array = json_array_sized_new (choices->len);

  for (guint i = 0; i < choices->len; i++)
    {
      const SarapChoice *choice = g_ptr_array_index (choices, i);
      JsonArray *pair = json_array_sized_new (2);

      json_array_add_string_element (pair, choice->value);
      json_array_add_string_element (pair, choice->label);
      json_array_add_array_element (array, pair);
    }
  return array;
}

static const char *
type_name (SarapDataType type)
{
  static const char *const names[] = { "string", "int", "decimal", "boolean", "date", "time", "dateTime", "geopoint", "geotrace", "geoshape", "binary", "barcode" };

  return names[type];
}

static void
add_leaf (JsonObject *object, SarapInterview *interview, SarapCell *cell, const char *ref)
{
  g_autofree char *message = NULL;
  SarapAnswerResult result = sarap_interview_validate_cell (interview, cell, &message, NULL);
  const SarapElement *element = cell->bind->element;

  json_object_set_string_member (object, "v", sarap_node_peek_text (cell->node));
  if (cell->typed != NULL)
    json_object_set_string_member (object, "typed", cell->typed);
  json_object_set_string_member (object, "t", type_name (cell->bind->type));
  json_object_set_boolean_member (object, "req", sarap_interview_cell_is_required (interview, cell));
  json_object_set_boolean_member (object, "con", result != SARAP_ANSWER_CONSTRAINT_VIOLATED);
  json_object_set_boolean_member (object, "reqOk", result != SARAP_ANSWER_REQUIRED_BUT_EMPTY);
  add_text (object, "msg", g_strdup (message));
  if (element != NULL && element->is_select)
    json_object_set_array_member (object, "choices", new_choices (interview, ref));
}

typedef struct
{
  SarapInterview *interview;
  JsonObject *nodes;
} StateWriter;

static void
add_node_cb (SarapCell *cell, gpointer data)
{
  const StateWriter *writer = data;
  g_autofree char *ref = sarap_cell_dup_ref (cell);
  JsonObject *object = json_object_new ();

  json_object_set_boolean_member (object, "rel", cell->node->is_relevant);
  json_object_set_boolean_member (object, "ro", sarap_interview_cell_is_readonly (writer->interview, cell));
  if (cell->node->is_relevant && cell->bind->is_leaf)
    add_leaf (object, writer->interview, cell, ref);
  if (cell->bind->element != NULL && cell->node->is_relevant)
    {
      add_text (object, "label", sarap_interview_dup_label (writer->interview, ref));
      add_text (object, "hint", sarap_interview_dup_hint (writer->interview, ref));
    }
  json_object_set_object_member (writer->nodes, ref, object);
}

static gboolean
run_state (Session *session, JsonObject *request, JsonObject *reply, GError **error)
{
  StateWriter writer = { session->interview, json_object_new () };

  sarap_frame_foreach (session->interview->root, add_node_cb, &writer);
  json_object_set_object_member (reply, "nodes", writer.nodes);
  return TRUE;
}

/* The reference of @request when there is such a node. */
static const char *
find_ref (Session *session, JsonObject *request, GError **error)
{
  const char *ref = json_object_get_string_member_with_default (request, "ref", "");

  if (sarap_interview_find_cell (session->interview, ref) != NULL)
    return ref;
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "there is no node \"%s\"", ref);
  return NULL;
}

static gboolean
run_choices (Session *session, JsonObject *request, JsonObject *reply, GError **error)
{
  const char *ref = find_ref (session, request, error);

  if (ref != NULL)
    json_object_set_array_member (reply, "choices", new_choices (session->interview, ref));
  return ref != NULL;
}

static gboolean
run_value (Session *session, JsonObject *request, JsonObject *reply, GError **error)
{
  const char *ref = find_ref (session, request, error);

  if (ref != NULL)
    json_object_set_string_member (reply, "value", sarap_node_peek_text (sarap_interview_find_cell (session->interview, ref)->node));
  return ref != NULL;
}

static gboolean
run_serialize (Session *session, JsonObject *request, JsonObject *reply, GError **error)
{
  g_autoptr (GBytes) xml = sarap_interview_serialize (session->interview);
  g_autofree char *text = g_strndup (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml));

  json_object_set_string_member (reply, "xml", text);
  return TRUE;
}

static gboolean
run_eval (Session *session, JsonObject *request, JsonObject *reply, GError **error)
{
  const char *expression = json_object_get_string_member_with_default (request, "expr", "");
  g_autofree char *value = sarap_interview_evaluate (session->interview, expression, json_object_get_string_member_with_default (request, "context", NULL), error);

  if (value == NULL)
    return FALSE;
  json_object_set_string_member (reply, "value", value);
  return TRUE;
}

static gboolean
run_finalize (Session *session, JsonObject *request, JsonObject *reply, GError **error)
{
  g_autoptr (GPtrArray) violations = sarap_interview_dup_violations (session->interview);
  g_autoptr (GBytes) xml = violations->len == 0 ? sarap_interview_finalize (session->interview, error) : NULL;
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < violations->len; i++)
    {
      const SarapViolation *violation = g_ptr_array_index (violations, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "ref", violation->ref);
      json_object_set_string_member (object, "result", result_name (violation->result));
      add_text (object, "msg", g_strdup (violation->message));
      json_array_add_object_element (array, object);
    }
  json_object_set_array_member (reply, "violations", array);
  return violations->len > 0 || xml != NULL;
}

static gboolean
run_remove_repeat (Session *session, JsonObject *request, JsonObject *reply, GError **error)
{
  return sarap_interview_remove_instance (session->interview, json_object_get_string_member_with_default (request, "ref", ""), error);
}

static gboolean
run_set_language (Session *session, JsonObject *request, JsonObject *reply, GError **error)
{
  const char *language = json_object_get_string_member_with_default (request, "lang", "");

  if (sarap_interview_set_language (session->interview, language))
    return TRUE;
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "the form has no language \"%s\"", language);
  return FALSE;
}

static Session *
session_like (const Session *from)
{
  Session *session = g_new0 (Session, 1);

  session->form = g_object_ref (from->form);
  session->clock = g_object_ref (from->clock);
  return session;
}

/* newInstance and reload: a session of the same form at @to, which may be the same number. A
 * reloaded one speaks the language of the other. */
static gboolean
run_again (Engine *engine, const Session *from, JsonObject *request, gboolean keeps_answers, GError **error)
{
  gint64 to = json_object_get_int_member_with_default (request, "to", 0);
  Session *session = session_like (from);
  g_autoptr (GBytes) xml = keeps_answers ? sarap_interview_serialize (from->interview) : NULL;

  if (xml != NULL)
    session->interview = sarap_interview_new_from_xml (session->form, session->clock, NULL, xml, error);
  else
    session->interview = sarap_interview_new (session->form, session->clock, NULL, error);
  if (session->interview == NULL)
    {
      session_free (session);
      return FALSE;
    }
  if (keeps_answers && sarap_interview_get_language (from->interview) != NULL)
    sarap_interview_set_language (session->interview, sarap_interview_get_language (from->interview));
  g_hash_table_replace (engine->sessions, g_memdup2 (&to, sizeof to), session);
  return TRUE;
}

typedef gboolean (*CommandFunc) (Session *session, JsonObject *request, JsonObject *reply, GError **error);

static const struct
{
  const char *name;
  CommandFunc run;
} commands[] = {
  { "answer", run_answer },
  { "createRepeat", run_create_repeat },
  { "removeRepeat", run_remove_repeat },
  { "setLanguage", run_set_language },
  { "state", run_state },
  { "choices", run_choices },
  { "value", run_value },
  { "serialize", run_serialize },
  { "eval", run_eval },
  { "finalize", run_finalize },
};

static gboolean
run_rss (JsonObject *reply)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  json_object_set_int_member (reply, "hwm_kb", usage.ru_maxrss);
  return TRUE;
}

static gboolean
dispatch (Engine *engine, JsonObject *request, JsonObject *reply, GError **error)
{
  static const char *const texts[] = { "cmd", "ref", "form", "formPath", "resourceDir", "tz", "editInstance", "lang", "expr", "context", NULL };
  static const char *const numbers[] = { "s", "to", NULL };
  static const char *const objects[] = { "resources", "preloadProperties", NULL };
  const char *name;
  Session *session;
  gint64 s;

  if (!sarap_cli_check_members (request, texts, numbers, objects, error))
    return FALSE;
  name = json_object_get_string_member_with_default (request, "cmd", "");
  s = json_object_get_int_member_with_default (request, "s", 0);
  if (strcmp (name, "rss") == 0)
    return run_rss (reply);
  if (strcmp (name, "load") == 0)
    return run_load (engine, s, request, reply, error);
  session = g_hash_table_lookup (engine->sessions, &s);
  if (session == NULL)
    {
      g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "session %" G_GINT64_FORMAT " has no form", s);
      return FALSE;
    }
  if (strcmp (name, "newInstance") == 0 || strcmp (name, "reload") == 0)
    return run_again (engine, session, request, strcmp (name, "reload") == 0, error);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, name) == 0)
      return commands[i].run (session, request, reply, error);
  g_set_error (error, SARAP_INPUT_ERROR, SARAP_INPUT_ERROR_MALFORMED, "unknown command \"%s\"", name);
  return FALSE;
}

static void
reply_to (Engine *engine, const char *line, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (line, length);
  g_autoptr (JsonObject) reply = json_object_new ();
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) request = sarap_json_parse (bytes, "request", &error);
  JsonObject *object = request ? sarap_json_peek_root (request) : NULL;
  g_autofree char *text = NULL;
  gboolean done = object != NULL && dispatch (engine, object, reply, &error);

  json_object_set_boolean_member (reply, "ok", done);
  if (!done)
    json_object_set_string_member (reply, "error", error ? error->message : "a request is a JSON object");
  json_node_set_object (root, reply);
  text = sarap_json_print (root, FALSE);
  puts (text);
  fflush (stdout);
}

int
sarap_cli_engine (int argc, char **argv)
{
  Engine engine = { NULL };
  char *line = NULL;
  size_t size = 0;
  ssize_t length;

  if (argc != 1)
    {
      g_printerr ("usage: sarapctl engine < REQUESTS\n");
      return SARAP_STATUS_BAD_USAGE;
    }
  engine.sessions = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, session_free);
  engine.lists = sarap_list_cache_new (NULL);
  while ((length = getline (&line, &size, stdin)) > 0)
    reply_to (&engine, line, (gsize) length);
  free (line);
  g_hash_table_unref (engine.sessions);
  g_object_unref (engine.lists);
  return SARAP_STATUS_DONE;
}
